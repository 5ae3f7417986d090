package deid

import (
	"bytes"
	"encoding/binary"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
)

// Markers (ISO/IEC 10918-1 Table B.1, 14495-1, 15444-1 Table A.2).
const (
	markerByte    = 0xFF
	jpegHuffman   = 0xC4
	jpegStart     = 0xD8
	jpegEnd       = 0xD9
	jpegScan      = 0xDA
	jpegQuantise  = 0xDB
	jpegLines     = 0xDC
	jpegRestart   = 0xDD
	jpegComment   = 0xFE
	jpegApp0      = 0xE0
	jpegApp8      = 0xE8
	jpegApp14     = 0xEE
	jlsFrame      = 0xF7
	jlsParameters = 0xF8
	j2kStart      = 0x4F
	j2kLengths    = 0x55 // TLM
	j2kPackets    = 0x58 // PLT
	j2kRegister   = 0x63 // CRG
	j2kComment    = 0x64
	j2kTile       = 0x90
	j2kData       = 0x93
	j2kEnd        = 0xD9
	rleHeader     = 64 // bytes, PS3.5 G.3.1
	rleMaxSegment = 15
)

// plainStream reports whether a compressed frame is of the kind that its transfer syntax
// says, and its markers hold nothing but what a picture needs.
func plainStream(syntax string, frame []byte, shape dicom.Shape) bool {
	begins := func(marker byte) bool { return len(frame) >= 4 && frame[0] == markerByte && frame[1] == marker }
	switch syntax {
	case codec.RLELossless:
		return plainRLE(frame, shape)
	case codec.JPEG2000, codec.JPEG2000Lossless:
		return begins(j2kStart) && plainJ2K(frame)
	default: // JPEG and JPEG-LS, or what nothing here can decode
		return begins(jpegStart) && plainJPEG(frame[2:])
	}
}

// plainJPEG walks a JPEG or JPEG-LS stream from behind its first marker.
func plainJPEG(b []byte) bool {
	for len(b) >= 2 {
		if b[0] != markerByte {
			return false
		}
		marker := b[1]
		if marker == markerByte { // fill bytes may stand before a marker
			b = b[1:]
			continue
		}
		if marker == jpegEnd {
			return isPadding(b[2:])
		}
		if len(b) < 4 {
			return false
		}
		length := 2 + int(binary.BigEndian.Uint16(b[2:]))
		if length < 4 || length > len(b) || !plainSegment(marker, b[4:length]) {
			return false
		}
		b = b[length:]
		if marker == jpegScan {
			b = b[entropyLength(b):]
		}
	}
	return false // it has no end
}

// entropyLength returns how many bytes of coded data stand before the next
// marker. In JPEG 0xFF 0x00 and restart markers belong to the data; in JPEG-LS
// 0xFF and a byte below 0x80 do.
func entropyLength(b []byte) int {
	for i := 0; i+1 < len(b); i++ {
		next := b[i+1]
		if b[i] == markerByte && next >= 0x80 && next != markerByte && (next < 0xD0 || next > 0xD7) {
			return i
		}
	}
	return len(b)
}

// plainSegment reports whether a JPEG segment is one that a decoder needs, of the form
// that it has to have, or holds no text but an encoder's name. Frame and scan headers are
// checked where they are decoded.
func plainSegment(marker byte, payload []byte) bool {
	switch marker {
	case 0xC0, 0xC1, 0xC2, 0xC3, jlsFrame, jpegScan:
		return true
	case jpegHuffman:
		return plainHuffman(payload)
	case jpegQuantise:
		return plainQuantise(payload)
	case jpegRestart:
		return len(payload) <= 4
	case jpegLines:
		return len(payload) == 2
	case jlsParameters:
		return len(payload) == 11 && payload[0] == 1
	case jpegComment:
		return encoderText(payload)
	case jpegApp0:
		return bytes.HasPrefix(payload, []byte("JFIF\x00")) && len(payload) == 14 && payload[12] == 0 && payload[13] == 0 // no thumbnail
	case jpegApp8:
		return bytes.HasPrefix(payload, []byte("mrfx")) && len(payload) <= 6 || bytes.HasPrefix(payload, []byte("SPIFF\x00")) && len(payload) <= 30
	case jpegApp14:
		return bytes.HasPrefix(payload, []byte("Adobe")) && len(payload) == 12
	default:
		return false
	}
}

// plainHuffman reports whether DHT is a row of tables (ISO/IEC 10918-1 B.2.4.2), each
// with every symbol once.
func plainHuffman(b []byte) bool {
	for len(b) >= 17 {
		n := 0
		for _, count := range b[1:17] {
			n += int(count)
		}
		if b[0]>>4 > 1 || b[0]&15 > 3 || len(b) < 17+n {
			return false
		}
		var seen [256]bool
		for _, symbol := range b[17 : 17+n] {
			if seen[symbol] || b[0]>>4 == 0 && symbol > 16 {
				return false
			}
			seen[symbol] = true
		}
		b = b[17+n:]
	}
	return len(b) == 0
}

// plainQuantise reports whether DQT is a row of tables (ISO/IEC 10918-1 B.2.4.1).
func plainQuantise(b []byte) bool {
	for len(b) > 0 {
		size := 65
		if b[0]>>4 == 1 {
			size = 129
		}
		if b[0]>>4 > 1 || b[0]&15 > 3 || len(b) < size {
			return false
		}
		b = b[size:]
	}
	return true
}

// plainJ2K walks a JPEG 2000 codestream: its main header, and each tile-part's.
func plainJ2K(b []byte) bool {
	w := j2kWalk{b: b, at: 2, tile: -1}
	for w.at+2 <= len(b) {
		if b[w.at] != markerByte {
			return false
		}
		switch marker := b[w.at+1]; marker {
		case j2kEnd:
			return w.tile < 0 && (w.listed == 0 || w.listed == w.tiles) && isPadding(b[w.at+2:])
		case j2kData:
			if w.tile < 0 || w.packets > 0 && w.packets != w.end-w.at-2 {
				return false
			}
			w.at, w.tile, w.packets = w.end, -1, 0
		default:
			if !w.segment(marker) {
				return false
			}
		}
	}
	return false // it has no end
}

// j2kWalk is where a walk through a codestream is.
type j2kWalk struct {
	b         []byte
	at        int
	tile, end int // the tile-part whose header it is in, or -1, and where that ends
	tiles     int // bytes of tile-parts
	listed    int // the same by TLM
	packets   int // bytes of the tile-part's packets, by PLT
}

// segment goes over a marker segment, if it is one that a decoder needs, tells lengths
// that are true, or holds an encoder's name (ISO/IEC 15444-1 Table A.2).
func (w *j2kWalk) segment(marker byte) bool {
	if w.at+4 > len(w.b) {
		return false
	}
	length := 2 + int(binary.BigEndian.Uint16(w.b[w.at+2:]))
	if length < 4 || w.at+length > len(w.b) {
		return false
	}
	payload := w.b[w.at+4 : w.at+length]
	ok := false
	switch marker {
	case 0x50, 0x51, 0x52, 0x53, 0x5C, 0x5D, 0x5E, 0x5F, 0x60, 0x61: // CAP, SIZ, COD, COC, QCD, QCC, RGN, POC, PPM, PPT
		ok = true
	case j2kComment: // two bytes say what the rest is (A.9.2)
		ok = len(payload) >= 2 && encoderText(payload[2:])
	case j2kRegister: // a place of two numbers for each component (A.9.1)
		ok = len(payload) <= 16 && len(payload)%4 == 0
	case j2kLengths:
		ok = w.tileLengths(payload)
	case j2kPackets:
		ok = w.tile >= 0 && w.packetLengths(payload)
	case j2kTile:
		if w.tile < 0 {
			if w.end, ok = tilePartEnd(w.b, w.at, payload); ok {
				w.tile, w.tiles = w.at, w.tiles+w.end-w.at
			}
		}
	}
	w.at += length
	return ok
}

// tileLengths adds up what TLM tells (A.7.1).
func (w *j2kWalk) tileLengths(payload []byte) bool {
	if len(payload) < 2 {
		return false
	}
	index, size := int(payload[1]>>4&3), 2+2*int(payload[1]>>6&1)
	entries := payload[2:]
	if index > 2 || len(entries)%(index+size) != 0 {
		return false
	}
	for ; len(entries) > 0; entries = entries[index+size:] {
		if size == 2 {
			w.listed += int(binary.BigEndian.Uint16(entries[index:]))
		} else {
			w.listed += int(binary.BigEndian.Uint32(entries[index:]))
		}
	}
	return true
}

// packetLengths adds up what PLT tells: numbers of seven bits a byte (A.7.3).
func (w *j2kWalk) packetLengths(payload []byte) bool {
	n := 0
	for _, b := range payload[min(1, len(payload)):] {
		if n = n<<7 | int(b&0x7F); n > len(w.b) {
			return false
		}
		if b&0x80 == 0 {
			w.packets, n = w.packets+n, 0
		}
	}
	return n == 0
}

// tilePartEnd returns where a tile-part ends whose header is at at. A length of
// zero means: at the end of the codestream (ISO/IEC 15444-1 A.4.2).
func tilePartEnd(b []byte, at int, payload []byte) (int, bool) {
	const tilePayload, minTilePart = 8, 14
	if len(payload) != tilePayload {
		return 0, false
	}
	length := int64(binary.BigEndian.Uint32(payload[2:]))
	if length == 0 {
		end := bytes.LastIndex(b, []byte{markerByte, j2kEnd})
		return end, end > at
	}
	return at + int(length), length >= minTilePart && int64(at)+length <= int64(len(b))
}

// plainRLE walks the segments of an RLE frame (PS3.5 G.4, G.5): there are as many as
// bytes in a pixel, and each must end where its plane of bytes is full.
func plainRLE(frame []byte, shape dicom.Shape) bool {
	if len(frame) < rleHeader {
		return false
	}
	count, pixels := binary.LittleEndian.Uint32(frame), shape.Rows*shape.Columns
	want := shape.Samples * shape.Allocated / 8
	if shape.Allocated == 1 {
		want, pixels = 1, (pixels+7)/8
	}
	if count == 0 || count > rleMaxSegment || int(count) != want {
		return false
	}
	offset := func(i int) int { return int(binary.LittleEndian.Uint32(frame[4+4*i:])) }
	if offset(0) != rleHeader {
		return false
	}
	for i := range int(count) {
		start, end := offset(i), len(frame)
		if i+1 < int(count) {
			end = offset(i + 1)
		}
		if start < rleHeader || start > end || end > len(frame) || !fullPlane(frame[start:end], pixels) {
			return false
		}
	}
	return len(bytes.Trim(frame[4+4*count:rleHeader], "\x00")) == 0
}

// fullPlane reports whether a run-length coded segment is one plane and no more.
func fullPlane(b []byte, pixels int) bool {
	for pixels > 0 && len(b) > 0 {
		n := int8(b[0]) //nolint:gosec // PackBits: the sign says which kind of run
		b = b[1:]
		switch {
		case n >= 0:
			run := int(n) + 1
			if run > len(b) {
				return false
			}
			b, pixels = b[run:], pixels-run
		case n > -128:
			if len(b) == 0 {
				return false
			}
			b, pixels = b[1:], pixels-(1-int(n))
		}
	}
	return pixels == 0 && isPadding(b)
}

// isPadding reports whether what is behind a stream is at most one byte that makes its
// length even: of zero or, as some write, of ones.
func isPadding(b []byte) bool { return len(b) == 0 || len(b) == 1 && (b[0] == 0 || b[0] == markerByte) }
