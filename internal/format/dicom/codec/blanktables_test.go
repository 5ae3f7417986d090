package codec_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"slices"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
	"sinso.dev/sinso/internal/format/dicom/codec/jpeg"
)

// TestBlankKeepsOffsetTablesRight blanks frames of objects with every kind of table, and
// with fragments that are no frames.
func TestBlankKeepsOffsetTablesRight(t *testing.T) {
	t.Parallel()
	s := shaped(1, 8, 8, false, "MONOCHROME2")
	var streams [][]byte
	for seed := range uint64(3) {
		b, err := jpeg.EncodeBaseline(jpeg.Image{Rows: s.Rows, Columns: s.Columns, Samples: 1, Precision: 8, Pixels: drawn(s, seed).Data}, 90)
		if err != nil {
			t.Fatal(err)
		}
		if len(b)%2 == 0 { // so that each is padded
			b = slices.Insert(b, 2, 0xFF, 0xFE, 0, 3, 7)
		}
		streams = append(streams, append(b, 0))
	}
	split := [][]byte{nil, streams[0][:50], streams[0][50:], streams[1], streams[2]}
	u64 := func(values ...int) []byte {
		var out []byte
		for _, v := range values {
			out = binary.LittleEndian.AppendUint64(out, uint64(v))
		}
		return out
	}
	offsets := []int{0, 16 + len(streams[0]), 24 + len(streams[0]) + len(streams[1])}
	basic := fragmentedTree(s, streams...)
	basic.Find(0x7FE00010).Fragments = slices.Clone(split)
	for _, at := range offsets {
		fragments := basic.Find(0x7FE00010).Fragments
		fragments[0] = binary.LittleEndian.AppendUint32(fragments[0], uint32(at))
	}
	extended := fragmentedTree(s, streams...)
	extended.Find(0x7FE00010).Fragments = split
	extended.Set(dicom.DataElement{Tag: 0x7FE00001, VR: "OV", Value: u64(offsets...)})
	extended.Set(dicom.DataElement{Tag: 0x7FE00002, VR: "OV", Value: u64(len(streams[0])-1, len(streams[1])-1, len(streams[2])-1)})
	extended.Set(dicom.DataElement{Tag: 0x7FE00003, VR: "UV", Value: u64(len(streams[0]) + len(streams[1]) + len(streams[2]) - 3)})
	for name, ds := range map[string]dicom.Dataset{"none": fragmentedTree(s, streams...), "basic": basic, "extended": extended} {
		b := encoded(t, codec.JPEGBaseline, ds)
		boxes := []image.Rectangle{image.Rect(0, 0, 9, 9)}
		checkFrames(t, name, b, []int{1}, boxes, []int64{0}, 7)
		got, tags := blankedTree(t, b, map[int][]image.Rectangle{1: boxes})
		pixels := got.Find(0x7FE00010)
		at, total := 0, 0
		var wantBasic []byte
		var wantOffsets, wantSizes []int
		for i, fragment := range pixels.Fragments[1:] {
			wantBasic = binary.LittleEndian.AppendUint32(wantBasic, uint32(at))
			wantOffsets = append(wantOffsets, at)
			size := bytes.LastIndex(fragment, []byte{0xFF, 0xD9}) + 2
			wantSizes = append(wantSizes, size)
			at += 8 + len(fragment)
			total += size
			if len(fragment)%2 == 1 || i != 1 && !bytes.Equal(fragment, streams[i]) {
				t.Errorf("%s: fragment %d is odd or has other bytes", name, i)
			}
		}
		if name != "extended" {
			if !bytes.Equal(pixels.Fragments[0], wantBasic) || !slices.Equal(tags, []dicom.Tag{0x7FE00010}) {
				t.Errorf("%s: the table is %x, want %x; replaced %v", name, pixels.Fragments[0], wantBasic, tags)
			}
			continue
		}
		if !slices.Equal(tags, []dicom.Tag{0x7FE00001, 0x7FE00002, 0x7FE00003, 0x7FE00010}) || len(pixels.Fragments[0]) != 0 {
			t.Errorf("replaced %v, and a basic table of %d bytes", tags, len(pixels.Fragments[0]))
		}
		for tag, want := range map[dicom.Tag][]byte{0x7FE00001: u64(wantOffsets...), 0x7FE00002: u64(wantSizes...), 0x7FE00003: u64(total)} {
			if got := got.Find(tag).Value; !bytes.Equal(got, want) {
				t.Errorf("%v is %x, want %x", tag, got, want)
			}
		}
	}
}
