// Package render turns native (uncompressed) DICOM frames into PNG pictures:
// thumbnails for people to know a study by, not for diagnosis.
package render

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image/png"
	"math"
	"slices"
	"strconv"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// The attributes that say what a frame's bytes mean (PS3.3 C.7.6.3, C.11.1, C.11.2).
const (
	tagSamples     = dicom.Tag(0x00280002)
	tagPhotometric = dicom.Tag(0x00280004)
	tagPlanar      = dicom.Tag(0x00280006)
	tagFrames      = dicom.Tag(0x00280008)
	tagRows        = dicom.Tag(0x00280010)
	tagColumns     = dicom.Tag(0x00280011)
	tagAllocated   = dicom.Tag(0x00280100)
	tagStored      = dicom.Tag(0x00280101)
	tagHigh        = dicom.Tag(0x00280102)
	tagSigned      = dicom.Tag(0x00280103)
	tagCentre      = dicom.Tag(0x00281050)
	tagWidth       = dicom.Tag(0x00281051)
	tagIntercept   = dicom.Tag(0x00281052)
	tagSlope       = dicom.Tag(0x00281053)
	tagPalette     = dicom.Tag(0x00281101) // descriptors of red, green, blue; their data 0x100 further
	tagPixelData   = dicom.Tag(0x7FE00010)
)

const (
	maxPictureSide = 4096    // of what is asked for
	maxFrameBytes  = 1 << 30 // of what is read
)

// Thumbnail draws one frame, from 0, as a PNG whose longer side is at most
// maxSide pixels; it is never enlarged. Values go through the rescale and the
// first window of the header, or are stretched over what the frame holds if it
// has none. Compressed pixel data and what is not drawn here is
// ErrUnsupported, a frame that is not there ErrNotFound, and a header that does
// not fit its pixels ErrCorrupt.
func Thumbnail(f *dicom.File, frame, maxSide int) ([]byte, error) {
	if maxSide < 1 || maxSide > maxPictureSide {
		return nil, fmt.Errorf("render: a side of %d pixels: %w", maxSide, sinso.ErrInvalid)
	}
	elements, err := imageElements(f)
	if err != nil {
		return nil, err
	}
	s, err := sourceOf(f, elements, frame)
	if err != nil {
		return nil, err
	}
	gray, of, err := shadeOf(f, elements, s)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := png.Encode(&out, s.picture(maxSide, gray, of)); err != nil {
		return nil, fmt.Errorf("render: png: %w", err)
	}
	return out.Bytes(), nil
}

// sourceOf finds the bytes of one frame and how to read them.
func sourceOf(f *dicom.File, elements map[dicom.Tag]*dicom.DataElement, frame int) (*source, error) {
	get := func(tag dicom.Tag, otherwise int) int {
		if n, ok := f.Int(tag); ok {
			return n
		}
		return otherwise
	}
	s := &source{
		rows: get(tagRows, 0), columns: get(tagColumns, 0), samples: get(tagSamples, 1),
		allocated: get(tagAllocated, 0), stored: get(tagStored, 0),
		signed: get(tagSigned, 0) == 1, planar: get(tagPlanar, 0) == 1,
		order: binary.LittleEndian,
	}
	s.high = get(tagHigh, s.stored-1)
	pixels, ok := elements[tagPixelData]
	switch {
	case !ok:
		return nil, fmt.Errorf("render: no pixel data: %w", sinso.ErrNotFound)
	case pixels.Fragments != nil:
		return nil, fmt.Errorf("render: compressed pixel data: %w", sinso.ErrUnsupported)
	case s.samples != 1 && s.samples != 3, !slices.Contains([]int{1, 8, 16}, s.allocated):
		return nil, fmt.Errorf("render: %d samples of %d bits: %w", s.samples, s.allocated, sinso.ErrUnsupported)
	case s.rows < 1 || s.columns < 1 || s.rows > math.MaxUint16 || s.columns > math.MaxUint16,
		s.stored < 1 || s.stored > s.allocated || s.high < s.stored-1 || s.high >= s.allocated:
		return nil, fmt.Errorf("render: rows, columns or bits that cannot be: %w", sinso.ErrCorrupt)
	case s.bytes() > maxFrameBytes:
		return nil, fmt.Errorf("render: a frame of %d bytes: %w", s.bytes(), sinso.ErrUnsupported)
	case frame < 0 || frame >= max(1, get(tagFrames, 1)):
		return nil, fmt.Errorf("render: frame %d: %w", frame, sinso.ErrNotFound)
	}
	return s, s.cut(pixels.Value, frame)
}

// cut takes the frame's bytes out of the pixel data.
func (s *source) cut(pixels []byte, frame int) error {
	bits := int64(s.rows) * int64(s.columns) * int64(s.samples) * int64(s.allocated)
	if s.allocated == 1 && frame > 0 && bits%8 != 0 {
		return fmt.Errorf("render: frames of bits that do not begin at a byte: %w", sinso.ErrUnsupported)
	}
	size := s.bytes()
	if int64(frame) > int64(len(pixels))/size || int64(len(pixels))-int64(frame)*size < size {
		return fmt.Errorf("render: %d bytes of pixels do not hold frame %d of %d: %w", len(pixels), frame, size, sinso.ErrCorrupt)
	}
	s.data = pixels[int64(frame)*size:][:size]
	return nil
}

// shadeOf returns how a pixel becomes a colour, by the photometric interpretation
// (PS3.3 C.7.6.3.1.2), and whether all colours are gray.
func shadeOf(f *dicom.File, elements map[dicom.Tag]*dicom.DataElement, s *source) (gray bool, of shade, err error) {
	photometric := f.String(tagPhotometric)
	switch {
	case s.samples == 1 && (photometric == "MONOCHROME1" || photometric == "MONOCHROME2" || photometric == ""):
		return true, grayShade(f, s, photometric == "MONOCHROME1"), nil
	case s.samples == 1 && photometric == "PALETTE COLOR":
		of, err = paletteShade(elements, s)
		return false, of, err
	case s.samples == 3 && photometric == "RGB":
		return false, s.rgb, nil
	case s.samples == 3 && photometric == "YBR_FULL":
		return false, func(pixel int) [3]uint8 { return fromYBR(s.rgb(pixel)) }, nil
	default:
		return false, nil, fmt.Errorf("render: this photometric interpretation with %d samples: %w", s.samples, sinso.ErrUnsupported)
	}
}

func grayShade(f *dicom.File, s *source, invert bool) shade {
	slope, intercept := 1.0, 0.0
	if v, ok := decimal(f, tagSlope); ok && v != 0 {
		slope = v
	}
	if v, ok := decimal(f, tagIntercept); ok {
		intercept = v
	}
	rescale := func(v int) float64 { return slope*float64(v) + intercept }
	centre, hasCentre := decimal(f, tagCentre)
	width, hasWidth := decimal(f, tagWidth)
	w := window{centre, width}
	if !hasCentre || !hasWidth || width < 1 {
		w = s.full(rescale)
	}
	return func(pixel int) [3]uint8 {
		v := w.gray(rescale(s.value(pixel, 0)))
		if invert {
			v = math.MaxUint8 - v
		}
		return [3]uint8{v, v, v}
	}
}

// rgb takes the highest 8 stored bits of each sample.
func (s *source) rgb(pixel int) [3]uint8 {
	var c [3]uint8
	for i := range c {
		v := s.value(pixel, i) & (1<<s.stored - 1)
		if s.stored > 8 {
			v >>= s.stored - 8
		} else {
			v = v * math.MaxUint8 / (1<<s.stored - 1)
		}
		c[i] = uint8(v) //nolint:gosec // 8 bits are left
	}
	return c
}

// fromYBR converts YBR_FULL (PS3.3 C.7.6.3.1.2).
func fromYBR(c [3]uint8) [3]uint8 {
	y, b, r := float64(c[0]), float64(c[1])-128, float64(c[2])-128
	clamp := func(v float64) uint8 { return uint8(min(max(math.Round(v), 0), math.MaxUint8)) }
	return [3]uint8{clamp(y + 1.402*r), clamp(y - 0.344136*b - 0.714136*r), clamp(y + 1.772*b)}
}

// paletteShade reads the three lookup tables (PS3.3 C.7.6.3.1.5).
func paletteShade(elements map[dicom.Tag]*dicom.DataElement, s *source) (shade, error) {
	var tables [3][]uint8
	first := 0
	for i := range tables {
		tag := tagPalette + dicom.Tag(i)
		descriptor, data := elements[tag], elements[tag+0x100]
		if descriptor == nil || data == nil || len(descriptor.Value) < 6 {
			return nil, fmt.Errorf("render: no palette: %w", sinso.ErrCorrupt)
		}
		entries := int(binary.LittleEndian.Uint16(descriptor.Value))
		if entries == 0 {
			entries = 1 << 16
		}
		if first = int(binary.LittleEndian.Uint16(descriptor.Value[2:])); s.signed {
			first = int(int16(first)) //nolint:gosec // the descriptor is signed as the pixels are
		}
		bits := int(binary.LittleEndian.Uint16(descriptor.Value[4:]))
		var err error
		if tables[i], err = lookup(data.Value, entries, bits); err != nil {
			return nil, err
		}
	}
	return func(pixel int) [3]uint8 {
		v := s.value(pixel, 0) - first
		var c [3]uint8
		for i, table := range tables {
			c[i] = table[min(max(v, 0), len(table)-1)]
		}
		return c
	}, nil
}

// lookup returns a table's entries as 8 bits.
func lookup(data []byte, entries, bits int) ([]uint8, error) {
	switch {
	case bits == 16 && len(data) >= 2*entries:
		table := make([]uint8, entries)
		for i := range table {
			table[i] = data[2*i+1]
		}
		return table, nil
	case bits == 8 && len(data) >= 2*entries: // 8 bits in words
		table := make([]uint8, entries)
		for i := range table {
			table[i] = data[2*i]
		}
		return table, nil
	case bits == 8 && len(data) >= entries:
		return data[:entries], nil
	default:
		return nil, fmt.Errorf("render: a palette of %d entries of %d bits in %d bytes: %w", entries, bits, len(data), sinso.ErrCorrupt)
	}
}

// decimal returns the first value of a DS, if it is a finite number.
func decimal(f *dicom.File, tag dicom.Tag) (float64, bool) {
	text, _, _ := strings.Cut(f.String(tag), `\`)
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, false
	}
	return v, true
}

// imageElements returns the elements at the root that pictures are made of.
func imageElements(f *dicom.File) (map[dicom.Tag]*dicom.DataElement, error) {
	tree, err := f.Tree()
	if err != nil {
		return nil, fmt.Errorf("render: %w", err)
	}
	elements := map[dicom.Tag]*dicom.DataElement{}
	for i := range tree.Elements {
		e := &tree.Elements[i]
		if group := e.Tag >> 16; group == 0x0028 || e.Tag == tagPixelData {
			elements[e.Tag] = e
		}
	}
	return elements, nil
}
