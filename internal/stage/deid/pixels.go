package deid

import (
	"bytes"
	"encoding/binary"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// pixelReason withholds where pixel data can hold more than the pixels that its
// header tells of: bytes behind them, bits beside them, comments in a compressed
// stream. Nothing of this is decoded.
func pixelReason(file *dicom.File, ds *dicom.Dataset) sinso.Reason {
	if ds.Find(tagFloatPixels) != nil || ds.Find(tagDoublePixels) != nil {
		return ReasonNotImage // parametric maps, not of the classes that pass
	}
	pixels := ds.Find(tagPixelData)
	if pixels.VR != dicom.VROB && pixels.VR != dicom.VROW {
		return ReasonPixelLength
	}
	if pixels.Fragments != nil {
		return compressedReason(file, ds, pixels)
	}
	frames, err := file.Frames()
	if err != nil {
		return ReasonPixelLength
	}
	size := 0
	for _, frame := range frames {
		size += len(frame)
	}
	// One byte of zero makes the length even (PS3.5 §8.1.1).
	if rest := len(pixels.Value) - size; rest < 0 || rest > 1 || rest == 1 && pixels.Value[size] != 0 {
		return ReasonPixelLength
	}
	return bitsReason(file, pixels.Value)
}

// bitsReason looks at the bits of each pixel that are not stored ones. Overlays
// used to be put there (PS3.3 C.9.2, retired). They may be the copies of a sign,
// or a padding value (PS3.3 C.7.5.1.1.2) that needs them.
func bitsReason(file *dicom.File, pixels []byte) sinso.Reason {
	allocated, _ := file.Int(tagBitsAllocated)
	stored, ok := file.Int(tagBitsStored)
	high, highOK := file.Int(tagHighBit)
	switch {
	case !ok || !highOK || high != stored-1 || stored < 1 || stored > allocated:
		return ReasonOverlay
	case stored == allocated:
		return ""
	case allocated != 8 && allocated != 16:
		return ReasonOverlay
	}
	beside := ^uint16(0) << stored
	signed, _ := file.Int(tagPixelRepresentation)
	padding := paddingValues(file)
	if allocated == 8 {
		for _, b := range pixels {
			if v := uint16(b); v&beside != 0 {
				return ReasonOverlay
			}
		}
		return ""
	}
	sign := uint16(1) << (stored - 1)
	four := uint64(beside) * 0x0001_0001_0001_0001 // the same bits of four pixels
	for ; len(pixels) >= 2; pixels = pixels[2:] {
		for len(pixels) >= 8 && binary.LittleEndian.Uint64(pixels)&four == 0 {
			pixels = pixels[8:]
		}
		if len(pixels) < 2 {
			break
		}
		v := binary.LittleEndian.Uint16(pixels)
		if v&beside == 0 || signed == 1 && v&beside == beside && v&sign != 0 || v == padding[0] || v == padding[1] {
			continue
		}
		return ReasonOverlay
	}
	return ""
}

// paddingValues returns Pixel Padding Value and its range limit as 16 bits; zero
// for what is absent.
func paddingValues(file *dicom.File) [2]uint16 {
	var out [2]uint16
	for i, tag := range []dicom.Tag{tagPaddingValue, tagPaddingLimit} {
		if v, ok := file.Int(tag); ok {
			out[i] = uint16(v) //nolint:gosec // two's complement of 16 bits
		}
	}
	return out
}

// compressedReason looks through offset tables and the streams of all frames.
func compressedReason(file *dicom.File, ds *dicom.Dataset, pixels *dicom.DataElement) sinso.Reason {
	frames, err := file.Frames()
	if err != nil || len(pixels.Fragments) < 2 {
		return ReasonPixelLength
	}
	if declared, ok := file.Int(tagFrames); ok && declared != len(frames) {
		return ReasonPixelLength
	}
	if table := len(pixels.Fragments[0]); table != 0 && table != 4*len(frames) {
		return ReasonPixelLength
	}
	for _, tag := range []dicom.Tag{tagExtendedOffsets, tagExtendedLengths} {
		if e := ds.Find(tag); e != nil && len(e.Value) != 8*len(frames) {
			return ReasonPixelLength
		}
	}
	rows, _ := file.Int(tagRows)
	columns, _ := file.Int(tagColumns)
	for _, frame := range frames {
		if !plainStream(frame, rows*columns) {
			return ReasonPixelStream
		}
	}
	return ""
}

// Markers (ISO/IEC 10918-1 Table B.1, 14495-1, 15444-1 Table A.2).
const (
	markerByte    = 0xFF
	jpegStart     = 0xD8
	jpegEnd       = 0xD9
	jpegScan      = 0xDA
	jpegComment   = 0xFE
	jpegApp0      = 0xE0
	jpegApp8      = 0xE8
	jpegApp14     = 0xEE
	jpegApp15     = 0xEF
	j2kStart      = 0x4F
	j2kComment    = 0x64
	j2kTile       = 0x90
	j2kData       = 0x93
	j2kEnd        = 0xD9
	rleHeader     = 64 // bytes, PS3.5 G.3.1
	rleMaxSegment = 15
)

// plainStream reports whether a compressed frame is of a kind that this node can
// walk through, and holds nothing but the picture.
func plainStream(frame []byte, pixels int) bool {
	switch {
	case len(frame) >= 4 && frame[0] == markerByte && frame[1] == jpegStart:
		return plainJPEG(frame[2:])
	case len(frame) >= 4 && frame[0] == markerByte && frame[1] == j2kStart:
		return plainJ2K(frame)
	case len(frame) >= rleHeader:
		return plainRLE(frame, pixels)
	default:
		return false
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

// plainSegment reports whether a JPEG segment holds no text but an encoder's name.
func plainSegment(marker byte, payload []byte) bool {
	switch {
	case marker == jpegComment:
		return encoderText(payload)
	case marker == jpegApp0:
		return bytes.HasPrefix(payload, []byte("JFIF\x00")) && len(payload) == 14 && payload[12] == 0 && payload[13] == 0 // no thumbnail
	case marker == jpegApp8:
		return bytes.HasPrefix(payload, []byte("mrfx")) && len(payload) <= 6 || bytes.HasPrefix(payload, []byte("SPIFF\x00")) && len(payload) <= 30
	case marker == jpegApp14:
		return bytes.HasPrefix(payload, []byte("Adobe")) && len(payload) == 12
	case marker > jpegApp0 && marker <= jpegApp15:
		return false
	default:
		return true
	}
}

// plainJ2K walks a JPEG 2000 codestream: its main header, and each tile-part's.
func plainJ2K(b []byte) bool {
	at, tile, tileEnd := 2, -1, 0
	for at+2 <= len(b) {
		if b[at] != markerByte {
			return false
		}
		marker := b[at+1]
		switch marker {
		case j2kEnd:
			return isPadding(b[at+2:])
		case j2kData:
			if tile < 0 {
				return false
			}
			at, tile = tileEnd, -1
			continue
		}
		if at+4 > len(b) {
			return false
		}
		length := 2 + int(binary.BigEndian.Uint16(b[at+2:]))
		if length < 4 || at+length > len(b) {
			return false
		}
		payload := b[at+4 : at+length]
		switch marker {
		case j2kComment: // two bytes say what the rest is (ISO/IEC 15444-1 A.9.2)
			if len(payload) < 2 || !encoderText(payload[2:]) {
				return false
			}
		case j2kTile:
			var ok bool
			if tileEnd, ok = tilePartEnd(b, at, payload); !ok {
				return false
			}
			tile = at
		}
		at += length
	}
	return false // it has no end
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

// encoders are how libraries name themselves in a comment.
var encoders = [][]byte{
	[]byte("Kakadu-"), []byte("Created by OpenJPEG version "), []byte("Created by GDCM/OpenJPEG version "), []byte("Creator: JasPer Version "),
	[]byte("LEAD Technologies"), []byte("CREATOR: gd-jpeg"), []byte("Aware, Inc."),
}

// encoderText reports whether a comment is an encoder's name: short, and begun as
// a known one.
func encoderText(text []byte) bool {
	const longest = 48 // bytes: a name and a version
	for _, name := range encoders {
		if bytes.HasPrefix(text, name) && len(text) <= longest && !bytes.ContainsAny(text[len(name):], "^@=") {
			return true
		}
	}
	return false
}

// plainRLE walks the segments of an RLE frame (PS3.5 G.4, G.5): each must end
// where its plane of bytes is full.
func plainRLE(frame []byte, pixels int) bool {
	count := binary.LittleEndian.Uint32(frame)
	if count == 0 || count > rleMaxSegment || pixels <= 0 {
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
