package deid

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
)

// pixelReason withholds where pixel data can hold more than the pixels that its
// header tells of: bytes behind them, bits beside them, anything in a compressed stream
// that no pixel comes from. The error is the context's.
func pixelReason(ctx context.Context, file *dicom.File, ds *dicom.Dataset) (sinso.Reason, error) {
	if ds.Find(tagFloatPixels) != nil || ds.Find(tagDoublePixels) != nil {
		return ReasonNotImage, nil // parametric maps, not of the classes that pass
	}
	pixels := ds.Find(tagPixelData)
	if pixels.VR != dicom.VROB && pixels.VR != dicom.VROW {
		return ReasonPixelLength, nil
	}
	if pixels.Fragments != nil {
		return compressedReason(ctx, file, ds, pixels)
	}
	frames, err := file.Frames()
	if err != nil {
		return ReasonPixelLength, nil //nolint:nilerr // the reason says it
	}
	size := 0
	for _, frame := range frames {
		size += len(frame)
	}
	// One byte of zero makes the length even (PS3.5 §8.1.1).
	if rest := len(pixels.Value) - size; rest < 0 || rest > 1 || rest == 1 && pixels.Value[size] != 0 {
		return ReasonPixelLength, nil
	}
	return bitsReason(file, pixels.Value), nil
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
	if allocated == 8 {
		for _, b := range pixels {
			if v := uint16(b); v&beside != 0 {
				return ReasonOverlay
			}
		}
		return ""
	}
	signed, _ := file.Int(tagPixelRepresentation)
	odd := besides(pixels, beside, stored, signed == 1)
	if len(odd) == 0 || isPadding16(file, pixels, odd, ^beside) {
		return ""
	}
	return ReasonOverlay
}

// besides returns the values with bits beside the stored ones that are no copies of a
// sign: at most three, which is one more than padding can have.
func besides(pixels []byte, beside uint16, stored int, signed bool) []uint16 {
	var out []uint16
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
		if v&beside == 0 || signed && v&beside == beside && v&sign != 0 || slices.Contains(out, v) {
			continue
		}
		if out = append(out, v); len(out) > 2 {
			break
		}
	}
	return out
}

// isPadding16 reports whether a value with bits beside the stored ones is padding, and no
// picture. It is if its stored bits are those of no other pixel, so that whoever looks at
// these sees it; or if in each row it is at the ends alone, as around a round field of view.
func isPadding16(file *dicom.File, pixels []byte, odd []uint16, stored uint16) bool {
	columns, _ := file.Int(tagColumns)
	samples, _ := file.Int(tagSamples)
	padding, ok := file.Int(tagPaddingValue)
	limit, _ := file.Int(tagPaddingLimit)
	v := odd[0]
	if len(odd) > 1 || !ok || columns < 1 || samples > 1 || v != uint16(padding) && v != uint16(limit) { //nolint:gosec // two's complement of 16 bits
		return false
	}
	alone, around := true, true
	for row := pixels; len(row) >= 2; row = row[min(2*columns, len(row)):] {
		runs, inside := 0, false // of what is no padding
		for at := 0; at+1 < min(2*columns, len(row)); at += 2 {
			pixel := binary.LittleEndian.Uint16(row[at:])
			alone = alone && (pixel == v || pixel&stored != v&stored)
			if pixel != v && !inside {
				runs++
			}
			inside = pixel != v
		}
		if around = around && runs <= 1; !alone && !around {
			return false
		}
	}
	return true
}

// compressedReason looks through offset tables and the streams of all frames, and decodes
// them.
func compressedReason(ctx context.Context, file *dicom.File, ds *dicom.Dataset, pixels *dicom.DataElement) (sinso.Reason, error) {
	frames, err := file.Frames()
	if err != nil || len(pixels.Fragments) < 2 {
		return ReasonPixelLength, nil //nolint:nilerr // the reason says it
	}
	if declared, ok := file.Int(tagFrames); ok && declared != len(frames) {
		return ReasonPixelLength, nil
	}
	shape, err := file.Shape()
	if err != nil || !plainTables(ds, pixels, len(frames)) {
		return ReasonPixelLength, nil //nolint:nilerr // the reason says it
	}
	if int64(len(frames))*int64(shape.Rows)*int64(shape.Columns) > maxPixels {
		return ReasonPixelUnread, nil
	}
	for _, frame := range frames {
		if err := ctx.Err(); err != nil {
			return "", fmt.Errorf("deid: %w", err)
		}
		if !plainStream(file.Syntax().UID, frame, shape) {
			return ReasonPixelStream, nil
		}
		seen, spare, err := codec.Inspect(file.Syntax().UID, frame, shape)
		if err != nil {
			return ReasonPixelUnread, nil //nolint:nilerr // the reason says it
		}
		if spare > maxSpare {
			return ReasonPixelStream, nil
		}
		if shape.Stored == shape.Allocated || seen.Allocated != shape.Allocated {
			continue
		}
		if reason := bitsReason(file, seen.Data); reason != "" {
			return reason, nil
		}
	}
	return "", nil
}

// maxSpare is how many bytes of a frame's coded data nothing needs to be decoded from:
// some encoders leave one at the end of a scan.
const maxSpare = 2

// plainTables reports whether the offset tables say where frames begin, and nothing else.
func plainTables(ds *dicom.Dataset, pixels *dicom.DataElement, frames int) bool {
	starts := map[uint64]bool{}
	end := uint64(0)
	for _, fragment := range pixels.Fragments[1:] {
		starts[end] = true
		end += 8 + uint64(len(fragment))
	}
	increasing := func(table []byte, size int) bool {
		last := uint64(0)
		for n := range frames {
			var offset uint64
			if size == 4 {
				offset = uint64(binary.LittleEndian.Uint32(table[4*n:]))
			} else {
				offset = binary.LittleEndian.Uint64(table[8*n:])
			}
			if !starts[offset] || n > 0 && offset <= last {
				return false
			}
			last = offset
		}
		return true
	}
	if table := pixels.Fragments[0]; len(table) != 0 && (len(table) != 4*frames || !increasing(table, 4)) {
		return false
	}
	if e := ds.Find(tagExtendedOffsets); e != nil && (len(e.Value) != 8*frames || !increasing(e.Value, 8)) {
		return false
	}
	e := ds.Find(tagExtendedLengths)
	if e == nil {
		return true
	}
	if len(e.Value) != 8*frames {
		return false
	}
	for n := range frames {
		if binary.LittleEndian.Uint64(e.Value[8*n:]) > end {
			return false
		}
	}
	return true
}
