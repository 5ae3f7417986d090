package codec

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"image"
	"maps"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// Blank returns the elements that replace those of f, in the order of their tags, with
// rectangles of its frames blanked: Pixel Data; the Extended Offset Table, its lengths
// and Encapsulated Pixel Data Value Total Length where f has them; Smallest and Largest
// Image Pixel Value where the blank is beyond them. The transfer syntax stays. f is not
// changed; without a rectangle that is in a frame nothing is returned.
//
// boxes are by frame number from 0, in pixels from the top left, half open; what is
// outside of the frame is ignored, and corners are sorted. A frame without boxes keeps
// its bytes, in one fragment. This is what the Clean Pixel Data Option needs
// (PS3.15 §E.3.1).
//
// The blank is the frame's background, the value shown darkest: of MONOCHROME2 the
// lowest that Bits Stored can say, but Pixel Padding Value if samples are signed and it
// is there; of MONOCHROME1 the highest; 0 of RGB, YBR_RCT and YBR_ICT; 0 with the middle
// of the range twice of YBR_FULL and what shares chrominance; the entry of a palette
// that is darkest.
//
// By transfer syntax:
//   - Native pixel data is changed in its cells, and nowhere else. Two pixels of
//     YBR_FULL_422 share chrominance: one beside a rectangle may lose it.
//   - RLE, JPEG Lossless, JPEG-LS and JPEG 2000 are decoded and encoded without loss,
//     so that every sample outside stays what [DecodeFrame] returns; also where the
//     stream was near-lossless or irreversible, since .81 and .91 allow that. YBR_ICT
//     becomes YBR_RCT if every frame with such a transform is encoded again.
//   - JPEG with loss is blanked by [jpeg.Blank], whole blocks at a time: no pixel that
//     is further from a rectangle than an MCU and one sample of subsampled chrominance
//     changes. Streams lose thumbnails, comments and application data.
//
// Icons (0088,0200), overlays and graphics are other elements, and not looked at.
//
// It is ErrNotFound without pixel data or such a frame; ErrCorrupt if a frame is
// damaged; ErrUnsupported for floating point samples, a Photometric Interpretation that
// is not named above or has no palette, and what a codec cannot write: then f must not
// be shown.
func Blank(f *dicom.File, boxes map[int][]image.Rectangle) ([]dicom.DataElement, error) {
	shape, err := f.Shape()
	if err != nil {
		return nil, err
	}
	if err := check(shape); err != nil {
		return nil, err
	}
	b := blanker{file: f, shape: shape, count: frameCount(f), syntax: f.Syntax().UID}
	if err := b.clip(boxes); err != nil || len(b.boxes) == 0 {
		return nil, err
	}
	e, _ := pixelElement(f)
	if e.Tag != tagPixelData {
		return nil, fmt.Errorf("codec: blank: floating point pixel data: %w", sinso.ErrUnsupported)
	}
	if b.tree, err = f.Tree(); err != nil {
		return nil, err
	}
	if e.Kind == dicom.KindValue {
		err = b.native(e)
	} else {
		err = b.encapsulated()
	}
	if err != nil {
		return nil, err
	}
	b.extremes()
	slices.SortFunc(b.out, func(x, y dicom.DataElement) int { return cmp.Compare(x.Tag, y.Tag) })
	return b.out, nil
}

// blanker is the state of one object.
type blanker struct {
	file   *dicom.File
	tree   dicom.Dataset
	shape  dicom.Shape
	syntax string
	count  int                       // of frames
	boxes  map[int][]image.Rectangle // none empty, none outside

	out         []dicom.DataElement
	values      []int64 // the last blank, of a pixel
	transformed int     // frames of JPEG 2000 with a transform of colours
}

// clip keeps what of the boxes is in the frames.
func (b *blanker) clip(boxes map[int][]image.Rectangle) error {
	frame := image.Rect(0, 0, b.shape.Columns, b.shape.Rows)
	b.boxes = make(map[int][]image.Rectangle, len(boxes))
	for n, all := range boxes {
		if n < 0 || n >= b.count {
			return fmt.Errorf("codec: blank: frame %d of %d: %w", n, b.count, sinso.ErrNotFound)
		}
		for _, box := range all {
			if box = box.Canon().Intersect(frame); !box.Empty() {
				b.boxes[n] = append(b.boxes[n], box)
			}
		}
	}
	return nil
}

// native blanks pixel data that is one value.
func (b *blanker) native(e dicom.Element) error {
	data, err := nativeFrame(b.file, e, b.shape, b.count-1) // all are there
	if err != nil {
		return err
	}
	if _, err := fromNative(data, b.shape); err != nil {
		return err
	}
	pixels := *b.tree.Find(tagPixelData)
	pixels.Value = bytes.Clone(pixels.Value)
	for n, boxes := range b.boxes {
		if err := b.paint(pixels.Value, b.shape, n, boxes); err != nil {
			return err
		}
	}
	b.out = append(b.out, pixels)
	return nil
}

// encapsulated blanks pixel data in fragments.
func (b *blanker) encapsulated() error {
	frames, err := encapsulated(b.file, b.count)
	if err != nil {
		return err
	}
	lengths, frames := b.lengths(frames), slices.Clone(frames)
	for _, n := range slices.Sorted(maps.Keys(b.boxes)) {
		data, err := b.frame(frames[n], b.boxes[n])
		if err != nil {
			return fmt.Errorf("codec: blank: frame %d: %w", n, err)
		}
		lengths[n] = uint64(len(data))
		if len(data)%2 == 1 {
			data = append(data, 0)
		}
		frames[n] = data
	}
	if b.shape.Photometric == "YBR_ICT" && b.transformed == b.count {
		b.out = append(b.out, dicom.DataElement{Tag: tagPhotometric, VR: dicom.VRCS, Value: []byte("YBR_RCT ")})
	}
	b.fragments(frames, lengths)
	return nil
}

// lengths returns the length of each frame as the object says it, without the byte
// that makes it even, else as it is.
func (b *blanker) lengths(frames [][]byte) []uint64 {
	said := b.tree.Find(tagExtendedSizes)
	lengths := make([]uint64, len(frames))
	for n, frame := range frames {
		lengths[n] = uint64(len(frame))
		if said != nil && len(said.Value) == 8*len(frames) {
			if v := binary.LittleEndian.Uint64(said.Value[8*n:]); v+1 == lengths[n] {
				lengths[n] = v
			}
		}
	}
	return lengths
}

// fragments puts out the frames, a fragment each, behind a Basic Offset Table; or an
// empty one, with the Extended Offset Table, where the object had that (PS3.3
// C.7.6.3.1.8).
func (b *blanker) fragments(frames [][]byte, lengths []uint64) {
	pixels := (&fragments{all: frames}).element()
	pixels.VR = b.tree.Find(tagPixelData).VR
	if b.tree.Find(tagExtendedTable) != nil {
		pixels.Fragments[0] = nil
		var offsets, sizes []byte
		at := uint64(0)
		for n, frame := range frames {
			offsets = binary.LittleEndian.AppendUint64(offsets, at)
			sizes = binary.LittleEndian.AppendUint64(sizes, lengths[n])
			at += 8 + uint64(len(frame))
		}
		b.out = append(b.out, dicom.DataElement{Tag: tagExtendedTable, VR: dicom.VROV, Value: offsets},
			dicom.DataElement{Tag: tagExtendedSizes, VR: dicom.VROV, Value: sizes})
	}
	if e := b.tree.Find(tagTotalLength); e != nil {
		total := uint64(0)
		for _, length := range lengths {
			total += length
		}
		b.out = append(b.out, dicom.DataElement{Tag: tagTotalLength, VR: e.VR, Value: binary.LittleEndian.AppendUint64(nil, total)})
	}
	b.out = append(b.out, pixels)
}

// extremes puts out Smallest and Largest Image Pixel Value (PS3.3 C.7.6.3) where the
// blank is beyond them. That they may be further apart than they had to is not seen
// without decoding all frames.
func (b *blanker) extremes() {
	if len(b.values) != 1 || b.shape.Allocated > 16 {
		return
	}
	blank := b.values[0]
	for _, tag := range [...]dicom.Tag{tagSmallest, tagLargest} {
		e := b.tree.Find(tag)
		if e == nil || len(e.Value) != 2 {
			continue
		}
		said := int64(binary.LittleEndian.Uint16(e.Value))
		if b.shape.Signed {
			said = int64(int16(said)) //nolint:gosec // two's complement
		}
		if tag == tagSmallest && blank < said || tag == tagLargest && blank > said {
			value := binary.LittleEndian.AppendUint16(nil, uint16(blank)) //nolint:gosec // two's complement
			b.out = append(b.out, dicom.DataElement{Tag: tag, VR: e.VR, Value: value})
		}
	}
}
