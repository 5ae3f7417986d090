package jpeg2000

import (
	"encoding/binary"
	"fmt"
	"slices"

	"sinso.dev/sinso"
)

// codestream is what the headers say, and where the packets are.
type codestream struct {
	sizes
	main   params
	tiles  []tileParts
	packed bool     // packet headers are in the main header
	ppm    [][]byte // by Zppm
	parts  [][]byte // packet headers of the tile-parts to come
}

// tileParts is a tile as its tile-parts say.
type tileParts struct {
	params
	seen   bool
	packed bool     // packet headers are in PPM or PPT
	ppt    [][]byte // by Zppt
	heads  [][]byte // packed packet headers
	bodies [][]byte // packets
}

func corrupt(format string, args ...any) error {
	return fmt.Errorf("jpeg2000: decode: "+format+": %w", append(args, sinso.ErrCorrupt)...)
}

func unsupported(format string, args ...any) error {
	return fmt.Errorf("jpeg2000: decode: "+format+": %w", append(args, sinso.ErrUnsupported)...)
}

// parse reads all headers (T.800 Annex A).
func parse(data []byte) (*codestream, error) {
	h := new(codestream)
	rest := data[2:]
	for {
		mark, segment, after, err := nextSegment(rest)
		if err != nil {
			return nil, err
		}
		if mark == markSOT {
			break
		}
		if err := h.mainSegment(mark, segment); err != nil {
			return nil, err
		}
		rest = after
	}
	if err := h.checkMain(len(data)); err != nil {
		return nil, err
	}
	for len(rest) >= 2 && binary.BigEndian.Uint16(rest) == markSOT {
		after, err := h.tilePart(rest)
		if err != nil {
			return nil, err
		}
		rest = after
	}
	for i := range h.tiles {
		t := &h.tiles[i]
		if !t.seen {
			return nil, corrupt("tile %d of %d is missing", i, len(h.tiles))
		}
		t.heads = append(t.heads, t.ppt...)
	}
	return h, nil
}

// nextSegment takes a marker and what belongs to it, without the length.
func nextSegment(b []byte) (mark int, segment, after []byte, err error) {
	if len(b) < 2 {
		return 0, nil, nil, corrupt("it ends in a header")
	}
	mark = int(binary.BigEndian.Uint16(b))
	if mark>>8 != 0xFF {
		return 0, nil, nil, corrupt("no marker where one must be")
	}
	if mark == markSOD || mark == markEOC || mark == markSOC || mark >= 0xFF30 && mark <= 0xFF3F {
		return mark, nil, b[2:], nil
	}
	if len(b) < 4 {
		return 0, nil, nil, corrupt("it ends in a header")
	}
	length := int(binary.BigEndian.Uint16(b[2:]))
	if length < 2 || length+2 > len(b) {
		return 0, nil, nil, corrupt("marker %04X: %d bytes where %d are left", mark, length, len(b)-2)
	}
	return mark, b[4 : 2+length], b[2+length:], nil
}

// mainSegment takes a segment of the main header.
func (h *codestream) mainSegment(mark int, b []byte) error {
	if mark != markSIZ && h.components == nil {
		return corrupt("marker %04X before SIZ", mark)
	}
	switch mark {
	case markSIZ:
		return h.readSIZ(b)
	case markCAP:
		// Pcap^15 says that Part 15 is needed (T.800 §A.5.2).
		if len(b) >= 4 && binary.BigEndian.Uint32(b)>>(32-15)&1 == 1 {
			return unsupported("high throughput (part 15)")
		}
		return nil
	case markPPM:
		h.packed = true
		return pack(&h.ppm, b)
	case markSOD, markEOC, markSOC, markPPT:
		return corrupt("marker %04X in the main header", mark)
	}
	return h.segment(&h.main, mark, b)
}

// segment takes a segment that both headers may have; others are passed over.
func (h *codestream) segment(p *params, mark int, b []byte) error {
	switch mark {
	case markCOD:
		return p.readCOD(b)
	case markCOC:
		return h.readCOC(p, b)
	case markQCD:
		q, err := readQuantisation(b)
		p.qcd = q
		return err
	case markQCC:
		c, b, err := h.componentOf(b)
		if err != nil {
			return err
		}
		p.qcc[c], err = readQuantisation(b)
		return err
	case markRGN:
		return h.readRGN(p, b)
	case markPOC:
		return h.readPOC(p, b)
	}
	return nil
}

// pack keeps a PPM or PPT segment by its index.
func pack(all *[][]byte, b []byte) error {
	if len(b) < 1 {
		return corrupt("empty packed packet headers")
	}
	i := int(b[0])
	if i >= len(*all) {
		*all = append(*all, make([][]byte, i+1-len(*all))...)
	}
	if (*all)[i] != nil {
		return corrupt("packed packet headers %d twice", i)
	}
	(*all)[i] = b[1:]
	return nil
}

// checkMain looks whether the main header is whole.
func (h *codestream) checkMain(size int) error {
	if h.components == nil || h.main.cod == nil || h.main.qcd == nil {
		return corrupt("no SIZ, COD or QCD before the first tile")
	}
	const leastTilePart = 14
	across, down := h.tilesAcross(), h.tilesDown()
	if across > size/leastTilePart || down > size/leastTilePart || across*down > min(65535, size/leastTilePart) {
		return corrupt("%d times %d tiles in %d bytes", across, down, size)
	}
	h.tiles = make([]tileParts, across*down)
	b := slices.Concat(h.ppm...)
	for len(b) > 0 { // T.800 §A.7.4
		n := 0
		if len(b) >= 4 {
			n = int(binary.BigEndian.Uint32(b))
		}
		if n > len(b)-4 {
			return corrupt("packed packet headers are longer than their segments")
		}
		h.parts = append(h.parts, b[4:4+n])
		b = b[4+n:]
	}
	return nil
}

// tilePart takes a tile-part (T.800 §A.4.2) and returns what follows it.
func (h *codestream) tilePart(b []byte) (after []byte, err error) {
	_, sot, rest, err := nextSegment(b)
	if err != nil {
		return nil, err
	}
	if len(sot) != 8 {
		return nil, corrupt("SOT of %d bytes", len(sot))
	}
	index, length := int(binary.BigEndian.Uint16(sot)), uint64(binary.BigEndian.Uint32(sot[2:]))
	if index >= len(h.tiles) {
		return nil, corrupt("tile %d of %d", index, len(h.tiles))
	}
	if length == 0 || length > uint64(len(b)) {
		// Up to the end; or the end is missing, which the packets show.
		length = uint64(len(b))
	}
	if length < 12 {
		return nil, corrupt("tile-part of %d bytes", length)
	}
	t := &h.tiles[index]
	rest = rest[:int(length)-12] //nolint:gosec // at most len(b)
	for first := !t.seen; ; {
		mark, segment, following, err := nextSegment(rest)
		if err != nil {
			return nil, err
		}
		rest = following
		if mark == markSOD {
			break
		}
		if err := h.tileSegment(t, mark, segment, first); err != nil {
			return nil, err
		}
	}
	t.seen = true
	t.bodies = append(t.bodies, rest)
	if h.packed {
		if len(h.parts) == 0 {
			return nil, corrupt("more tile-parts than packed packet headers")
		}
		t.packed, t.heads, h.parts = true, append(t.heads, h.parts[0]), h.parts[1:]
	}
	return b[length:], nil
}

// tileSegment takes a segment of a tile-part's header. Only the first one's may
// change how components are coded.
func (h *codestream) tileSegment(t *tileParts, mark int, b []byte, first bool) error {
	switch mark {
	case markSIZ, markCAP, markPPM, markSOT, markSOC, markEOC:
		return corrupt("marker %04X in the header of a tile-part", mark)
	case markCOD, markCOC, markQCD, markQCC, markRGN:
		if !first {
			return corrupt("marker %04X in a tile-part that is not the first", mark)
		}
	case markPPT:
		t.packed = true
		return pack(&t.ppt, b)
	}
	return h.segment(&t.params, mark, b)
}
