package jpeg2000

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"

	"sinso.dev/sinso"
)

// How EncodeLossless codes.
const (
	encodeLevels = 5
	encodeSide   = 6 // logarithm of the side of a code-block
	encodeGuard  = 2 // guard bits; more if an image needs them
	encodePP     = 15
)

// EncodeLossless writes a codestream of one tile, one layer and the reversible
// wavelet in the progression LRCP, for three samples with the reversible transform
// of colours. Of img, MCT and Lossless are not looked at.
//
// It is ErrInvalid if the sizes don't fit the pixels, or a sample its precision.
func EncodeLossless(img Image) ([]byte, error) {
	img.MCT = img.Samples == 3
	return EncodeAsIs(img)
}

// EncodeAsIs does as EncodeLossless, but transforms the colours of three samples only
// if img.MCT says so: what was decoded without a transform is coded without one again.
func EncodeAsIs(img Image) ([]byte, error) {
	if err := img.check(); err != nil {
		return nil, err
	}
	img.MCT = img.MCT && img.Samples == 3
	planes := img.split()
	if img.MCT {
		transformRCT(planes[0], planes[1], planes[2])
	}
	h := headersFor(&img)
	t, err := h.newTile(0, math.MaxInt32)
	if err != nil {
		return nil, err
	}
	encodeBlocks(t, planes)
	if err := h.guard(t); err != nil {
		return nil, err
	}
	out := h.write()
	head := len(out)
	out = append(out, 0xFF, markSOT&0xFF, 0, 10, 0, 0, 0, 0, 0, 0, 0, 1, 0xFF, markSOD&0xFF)
	for _, group := range grouped(t.precincts, t.volumesOf()[0]) {
		for _, p := range group {
			out = writePacket(out, p)
		}
	}
	if len(out)-head > math.MaxUint32 {
		return nil, fmt.Errorf("jpeg2000: encode: more than a tile-part can hold: %w", sinso.ErrUnsupported)
	}
	binary.BigEndian.PutUint32(out[head+6:], uint32(len(out)-head)) //nolint:gosec // checked
	return append(out, 0xFF, markEOC&0xFF), nil
}

// check looks whether sizes and samples fit.
func (m *Image) check() error {
	const mostSide = 1 << 16
	if m.Rows < 1 || m.Columns < 1 || m.Rows > mostSide || m.Columns > mostSide || m.Samples < 1 || m.Samples > maxSamples ||
		m.Precision < 1 || m.Precision > 24 {
		return fmt.Errorf("jpeg2000: encode: %d x %d of %d samples of %d bits: %w", m.Columns, m.Rows, m.Samples, m.Precision, sinso.ErrInvalid)
	}
	if want := m.Rows * m.Columns * m.Samples * sampleBytes(m.Precision); len(m.Pixels) != want {
		return fmt.Errorf("jpeg2000: encode: %d bytes of pixels, want %d: %w", len(m.Pixels), want, sinso.ErrInvalid)
	}
	low, high := int32(0), int32(1)<<m.Precision-1
	if m.Signed {
		low, high = -1<<(m.Precision-1), 1<<(m.Precision-1)-1
	}
	for i := range m.Rows * m.Columns * m.Samples {
		if v := m.at(i); v < low || v > high {
			return fmt.Errorf("jpeg2000: encode: a sample outside its %d bits: %w", m.Precision, sinso.ErrInvalid)
		}
	}
	return nil
}

// at returns the i-th sample.
func (m *Image) at(i int) int32 {
	var v int32
	size := sampleBytes(m.Precision)
	switch b := m.Pixels[i*size:]; size {
	case 1:
		v = int32(b[0])
	case 2:
		v = int32(b[0]) | int32(b[1])<<8
	default:
		return int32(binary.LittleEndian.Uint32(b)) //nolint:gosec // all bits
	}
	if m.Signed {
		v = v << (32 - 8*size) >> (32 - 8*size)
	}
	return v
}

// split returns the samples by component, with the shift of level.
func (m *Image) split() [][]int32 {
	planes := make([][]int32, m.Samples)
	for s := range planes {
		planes[s] = make([]int32, m.Rows*m.Columns)
	}
	shift := int32(1) << (m.Precision - 1)
	if m.Signed {
		shift = 0
	}
	for i := range m.Rows * m.Columns {
		for s := range planes {
			planes[s][i] = m.at(i*m.Samples+s) - shift
		}
	}
	return planes
}

// transformRCT does the reversible transform of colours (T.800 §G.2.1).
func transformRCT(a, b, c []int32) {
	for i := range a {
		red, green, blue := a[i], b[i], c[i]
		a[i], b[i], c[i] = (red+2*green+blue)>>2, blue-green, red-green
	}
}

// headersFor returns the headers of an image.
func headersFor(m *Image) *codestream {
	h := &codestream{tiles: make([]tileParts, 1)}
	h.sizes = sizes{x1: m.Columns, y1: m.Rows, tx: m.Columns, ty: m.Rows}
	for range m.Samples {
		h.components = append(h.components, component{precision: m.Precision, signed: m.Signed, dx: 1, dy: 1})
	}
	c := coding{xcb: encodeSide, ycb: encodeSide, reversible: true}
	c.levels = min(encodeLevels, bits.Len(uint(min(m.Rows, m.Columns)))-1)
	for i := range c.precincts {
		c.precincts[i] = encodePP<<4 | encodePP
	}
	h.main.cod = &c
	h.main.tile.set, h.main.tile.layers, h.main.tile.mct = true, 1, m.MCT
	q := quantisation{guard: encodeGuard, none: true, steps: []quantum{{exponent: m.Precision}}}
	for range c.levels {
		q.steps = append(q.steps, quantum{exponent: m.Precision + 1}, quantum{exponent: m.Precision + 1}, quantum{exponent: m.Precision + 2})
	}
	h.main.qcd = &q
	return h
}

// encodeBlocks decomposes the components and codes their code-blocks.
func encodeBlocks(t *tile, planes [][]int32) {
	workers := workerCount()
	type job struct {
		*block
		band  *band
		plane plane[int32]
	}
	var jobs []job
	for c := range t.parts {
		p := plane[int32]{stride: t.parts[c].x1, cells: planes[c]}
		for r := t.parts[c].levels; r > 0; r-- {
			res := t.parts[c].resolutions[r]
			analyse(p, res.x1, res.y1, workers)
		}
		for _, precinct := range t.precincts {
			if precinct.component != c {
				continue
			}
			precinct.open(&t.parts[c])
			for i := range precinct.bands {
				b := &precinct.bands[i]
				for k := range b.blocks {
					jobs = append(jobs, job{&b.blocks[k], b.band, p})
				}
			}
		}
	}
	parallel(workers, len(jobs), func() func(int) {
		e := new(blockEncoder)
		return func(i int) {
			j := jobs[i]
			at := (j.y0-j.band.y0+j.band.atY)*j.plane.stride + j.x0 - j.band.x0 + j.band.atX
			e.encode(j.block, j.band.orientation, j.plane.cells[at:], j.plane.stride)
		}
	})
}

// guard adds guard bits where the coefficients of a band need them (T.800 §E.1).
func (h *codestream) guard(t *tile) error {
	more := 0
	for _, p := range t.precincts {
		for i := range p.bands {
			for k := range p.bands[i].blocks {
				more = max(more, p.bands[i].blocks[k].planes-p.bands[i].planes)
			}
		}
	}
	const mostGuard = 7
	if h.main.qcd.guard += more; h.main.qcd.guard > mostGuard {
		return fmt.Errorf("jpeg2000: encode: coefficients of too many bits: %w", sinso.ErrUnsupported)
	}
	for c := range t.parts {
		for r := range t.parts[c].resolutions {
			for b := range t.parts[c].resolutions[r].bands {
				t.parts[c].resolutions[r].bands[b].planes += more
			}
		}
	}
	return nil
}

// write returns the main header (T.800 Annex A).
func (h *codestream) write() []byte {
	be := binary.BigEndian
	out := be.AppendUint16(nil, markSOC)
	out = be.AppendUint16(out, markSIZ)
	out = be.AppendUint16(out, uint16(38+3*len(h.components))) //nolint:gosec // at most 50
	out = be.AppendUint16(out, 0)
	for _, v := range []int{h.x1, h.y1, 0, 0, h.tx, h.ty, 0, 0} {
		out = be.AppendUint32(out, uint32(v)) //nolint:gosec // at most 2^16
	}
	out = be.AppendUint16(out, uint16(len(h.components))) //nolint:gosec // at most 4
	for _, c := range h.components {
		depth := byte(c.precision - 1) //nolint:gosec // below 24
		if c.signed {
			depth |= 0x80
		}
		out = append(out, depth, 1, 1)
	}
	mct := byte(0)
	if h.main.tile.mct {
		mct = 1
	}
	out = be.AppendUint16(out, markCOD)
	out = append(out, 0, 12, 0, orderLRCP, 0, 1, mct, byte(h.main.cod.levels), encodeSide-2, encodeSide-2, 0, 1) //nolint:gosec // at most 5
	out = be.AppendUint16(out, markQCD)
	steps := h.main.qcd.steps
	out = append(out, 0, byte(3+len(steps)), byte(h.main.qcd.guard<<5)) //nolint:gosec // at most 19 and 7
	for _, s := range steps {
		out = append(out, byte(s.exponent<<3)) //nolint:gosec // at most 26
	}
	return out
}
