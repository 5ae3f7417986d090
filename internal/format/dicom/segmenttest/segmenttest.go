// Package segmenttest draws segmentations (PS3.3 A.51) of the series of tests.
package segmenttest

import (
	"encoding/binary"
	"strconv"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
)

// Outline is a segment: which places of the patient belong to it, in mm.
type Outline struct {
	Label string
	Has   func(x, y, z float64) bool
}

// first is the UID that all others begin with.
const first = "1.2.826.0.1.3680043.8.498.77"

// Draw returns a segmentation of a series as a Part 10 file: one frame for each slice that
// a segment has a voxel in, frames packed without a gap. files are the series' objects, of
// one frame each. edit may change it before it is written.
func Draw(tb testing.TB, files [][]byte, edit func(ds *dicom.Dataset), outlines ...Outline) []byte {
	tb.Helper()
	var ds dicom.Dataset
	var frames []dicom.Dataset
	var bits []bool
	var series *dicom.File
	for n, outline := range outlines {
		for _, raw := range files {
			file, err := dicom.Read(raw)
			if err != nil {
				tb.Fatal(err)
			}
			series = file
			if slice, some := drawn(file, outline); some {
				bits = append(bits, slice...)
				frames = append(frames, frame(file, n+1))
			}
		}
	}
	common(&ds, series, len(frames))
	return finished(tb, &ds, series, frames, outlines, packed(bits), edit)
}

// Cells returns a segmentation of a series whose frames have a cell of 8 or 16 bits for each
// pixel: one frame for each slice, of all outlines, if value makes them numbers (LABELMAP), else
// of the first (FRACTIONAL, of most 200). value is of a place, and of which outlines have it.
func Cells(tb testing.TB, files [][]byte, bits int, labels bool, value func(has []bool) int, edit func(ds *dicom.Dataset), outlines ...Outline) []byte {
	tb.Helper()
	var ds dicom.Dataset
	var frames []dicom.Dataset
	var pixels []byte
	var series *dicom.File
	for _, raw := range files {
		file, err := dicom.Read(raw)
		if err != nil {
			tb.Fatal(err)
		}
		series = file
		frames = append(frames, frame(file, 1))
		drawings := make([][]bool, len(outlines))
		for n := range outlines {
			drawings[n], _ = drawn(file, outlines[n])
		}
		has := make([]bool, len(outlines))
		for i := range drawings[0] {
			for n := range drawings {
				has[n] = drawings[n][i]
			}
			cell := value(has)
			pixels = append(pixels, byte(cell)) //nolint:gosec // the lower half
			if bits > 8 {
				pixels = append(pixels, byte(cell>>8)) //nolint:gosec // the upper
			}
		}
	}
	common(&ds, series, len(frames))
	for tag, value := range map[dicom.Tag]int{0x00280100: bits, 0x00280101: bits, 0x00280102: bits - 1} {
		number(&ds, tag, value)
	}
	ds.SetString(0x00620001, dicom.VRCS, "FRACTIONAL")
	number(&ds, 0x0062000E, 200)
	if labels {
		ds.SetString(0x00080016, dicom.VRUI, "1.2.840.10008.5.1.4.1.1.66.7")
		ds.SetString(0x00620001, dicom.VRCS, "LABELMAP")
	}
	return finished(tb, &ds, series, frames, outlines, pixels, edit)
}

// finished puts in what all have: segments, frames and pixels.
func finished(tb testing.TB, ds *dicom.Dataset, series *dicom.File, frames []dicom.Dataset, outlines []Outline, pixels []byte, edit func(ds *dicom.Dataset)) []byte {
	tb.Helper()
	segments := make([]dicom.Dataset, len(outlines))
	for n, outline := range outlines {
		number(&segments[n], 0x00620004, n+1)
		segments[n].SetString(0x00620005, dicom.VRLO, outline.Label)
		segments[n].SetString(0x00620008, dicom.VRCS, "MANUAL")
	}
	ds.Set(dicom.DataElement{Tag: 0x00620002, VR: dicom.VRSQ, Items: segments})
	ds.Set(dicom.DataElement{Tag: 0x52009229, VR: dicom.VRSQ, Items: []dicom.Dataset{shared(series)}})
	ds.Set(dicom.DataElement{Tag: 0x52009230, VR: dicom.VRSQ, Items: frames})
	ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROB, Value: pixels})
	if edit != nil {
		edit(ds)
	}
	out, err := dicom.Encode(dicom.ExplicitLittleEndian, *ds)
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

// common are the elements at the root, as far as readers ask for them.
func common(ds *dicom.Dataset, series *dicom.File, frames int) {
	for _, tag := range []dicom.Tag{0x00100010, 0x00100020, 0x00100030, 0x00100040, 0x0020000D, 0x00080020, 0x00080030, 0x00080050, 0x00200010, 0x00080090, 0x00200052} {
		if e, ok := series.Find(tag); ok {
			ds.Set(dicom.DataElement{Tag: tag, VR: e.VR(), Value: series.Value(e)})
		}
	}
	ds.SetString(0x00080016, dicom.VRUI, "1.2.840.10008.5.1.4.1.1.66.4")
	ds.SetString(0x00080018, dicom.VRUI, first+".1."+strconv.Itoa(frames))
	ds.SetString(0x0020000E, dicom.VRUI, first+".2")
	ds.SetString(0x00080060, dicom.VRCS, "SEG")
	ds.SetString(0x00080008, dicom.VRCS, "DERIVED", "PRIMARY")
	ds.SetString(0x00080070, dicom.VRLO, "Synthetic")
	ds.SetString(0x00200011, dicom.VRIS, "9")
	ds.SetString(0x00200013, dicom.VRIS, "1")
	ds.SetString(0x00280008, dicom.VRIS, strconv.Itoa(frames))
	ds.SetString(0x00280004, dicom.VRCS, "MONOCHROME2")
	ds.SetString(0x00620001, dicom.VRCS, "BINARY")
	for tag, value := range map[dicom.Tag]int{0x00280002: 1, 0x00280100: 1, 0x00280101: 1, 0x00280102: 0, 0x00280103: 0} {
		number(ds, tag, value)
	}
	for _, tag := range []dicom.Tag{0x00280010, 0x00280011} {
		value, _ := series.Int(tag)
		number(ds, tag, value)
	}
	var reference dicom.Dataset
	reference.SetString(0x0020000E, dicom.VRUI, series.String(0x0020000E))
	ds.Set(dicom.DataElement{Tag: 0x00081115, VR: dicom.VRSQ, Items: []dicom.Dataset{reference}})
}

// shared are the functional groups that all frames have.
func shared(series *dicom.File) (group dicom.Dataset) {
	put(&group, 0x00209116, func(item *dicom.Dataset) { item.SetString(0x00200037, dicom.VRDS, series.Strings(0x00200037)...) })
	put(&group, 0x00289110, func(item *dicom.Dataset) { item.SetString(0x00280030, dicom.VRDS, series.Strings(0x00280030)...) })
	return group
}

// frame are those of a frame in a slice.
func frame(slice *dicom.File, segment int) (group dicom.Dataset) {
	put(&group, 0x00209113, func(item *dicom.Dataset) { item.SetString(0x00200032, dicom.VRDS, slice.Strings(0x00200032)...) })
	put(&group, 0x0062000A, func(item *dicom.Dataset) { number(item, 0x0062000B, segment) })
	return group
}

func put(group *dicom.Dataset, tag dicom.Tag, fill func(*dicom.Dataset)) {
	var item dicom.Dataset
	fill(&item)
	group.Set(dicom.DataElement{Tag: tag, VR: dicom.VRSQ, Items: []dicom.Dataset{item}})
}

func number(ds *dicom.Dataset, tag dicom.Tag, value int) {
	ds.Set(dicom.DataElement{Tag: tag, VR: dicom.VRUS, Value: binary.LittleEndian.AppendUint16(nil, uint16(value))}) //nolint:gosec // a test's
}

// drawn returns which pixels of a slice belong to a segment, and whether any does.
func drawn(slice *dicom.File, outline Outline) (out []bool, some bool) {
	rows, _ := slice.Int(0x00280010)
	columns, _ := slice.Int(0x00280011)
	position, lies, spacing := slice.Floats(0x00200032), slice.Floats(0x00200037), slice.Floats(0x00280030)
	for i := range rows * columns {
		var p [3]float64
		for axis := range 3 {
			p[axis] = position[axis] + float64(i%columns)*spacing[1]*lies[axis] + float64(i/columns)*spacing[0]*lies[3+axis]
		}
		has := outline.Has(p[0], p[1], p[2])
		out, some = append(out, has), some || has
	}
	return out, some
}

// packed writes bits, the lowest of a byte first, to an even number of bytes.
func packed(bits []bool) []byte {
	out := make([]byte, (len(bits)+15)/16*2)
	for i, bit := range bits {
		if bit {
			out[i/8] |= 1 << (i % 8)
		}
	}
	return out
}
