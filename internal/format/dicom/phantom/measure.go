package phantom

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// Measurements are computed from instances; nothing in them is estimated.
type Measurements struct {
	Images            int     // instances given
	LengthMillimetres float64 // from the first to the last slice's centre, along the slices' normal; 0 if the headers do not say
	Mean              float64 // of the middle half of rows and columns, after the rescale
	MeanOf            Reference
	Hounsfield        bool // Mean is in HU; else it has no unit
}

// plane is where one instance lies.
type plane struct {
	file *dicom.File
	ref  Reference
	at   float64 // mm along the normal
}

// Measure measures the instances of one series: their number, the length they
// cover, and the mean value in the middle of the one in the middle. The length
// needs positions and orientation (PS3.3 C.7.6.2.1.1) in at least two instances,
// the mean an uncompressed MONOCHROME2 frame; what cannot be measured stays zero.
func Measure(files []*dicom.File) (Measurements, error) {
	if len(files) == 0 {
		return Measurements{}, fmt.Errorf("phantom: nothing to measure: %w", sinso.ErrInvalid)
	}
	m := Measurements{Images: len(files)}
	planes, located := locate(files)
	if located && len(planes) > 1 {
		slices.SortStableFunc(planes, func(a, b plane) int { return cmp.Compare(a.at, b.at) })
		m.LengthMillimetres = planes[len(planes)-1].at - planes[0].at
	}
	middle := planes[len(planes)/2]
	mean, ok := middleMean(middle.file)
	if !ok {
		return m, nil
	}
	m.Mean, m.MeanOf = mean, middle.ref
	m.Hounsfield = middle.file.String(0x00281054) == "HU" || middle.file.String(0x00080060) == "CT" && middle.file.String(0x00281054) == ""
	return m, nil
}

// locate projects every position on the normal of the first instance. It says no
// if one of them has none.
func locate(files []*dicom.File) ([]plane, bool) {
	planes, located := make([]plane, 0, len(files)), true
	var normal [3]float64
	for i, f := range files {
		p := plane{file: f, ref: referenceTo(f)}
		position, hasPosition := decimals(f, 0x00200032, 3)
		if o, ok := decimals(f, 0x00200037, 6); i == 0 && ok {
			normal = [3]float64{o[1]*o[5] - o[2]*o[4], o[2]*o[3] - o[0]*o[5], o[0]*o[4] - o[1]*o[3]}
		}
		located = located && hasPosition && normal != [3]float64{}
		if located {
			for axis := range normal {
				p.at += normal[axis] * position[axis]
			}
		}
		planes = append(planes, p)
	}
	return planes, located
}

// middleMean returns the mean of the middle half of rows and columns of the
// first frame.
func middleMean(f *dicom.File) (float64, bool) {
	get := func(t dicom.Tag) int { n, _ := f.Int(t); return n }
	rows, columns, allocated, stored := get(0x00280010), get(0x00280011), get(0x00280100), get(0x00280101)
	if f.String(0x00280004) != "MONOCHROME2" || allocated != 16 && allocated != 8 || stored < 1 || stored > allocated || rows < 2 || columns < 2 {
		return 0, false
	}
	frame, order, ok := nativeFrame(f)
	if !ok || len(frame) < rows*columns*allocated/8 {
		return 0, false
	}
	var sum float64
	top, left := rows/4, columns/4
	for row := top; row < top+rows/2; row++ {
		for column := left; column < left+columns/2; column++ {
			i := row*columns + column
			raw := int(frame[i*allocated/8])
			if allocated == 16 {
				raw = int(order.Uint16(frame[2*i:]))
			}
			raw &= 1<<stored - 1
			if get(0x00280103) == 1 && raw>>(stored-1) == 1 {
				raw -= 1 << stored
			}
			sum += float64(raw)
		}
	}
	mean := sum / float64(rows/2*(columns/2))
	slope, intercept := 1.0, 0.0
	if v, ok := decimals(f, 0x00281053, 1); ok {
		slope = v[0]
	}
	if v, ok := decimals(f, 0x00281052, 1); ok {
		intercept = v[0]
	}
	return math.Round((mean*slope+intercept)*100) / 100, true
}

// decimals returns n finite numbers of a DS.
func decimals(f *dicom.File, t dicom.Tag, n int) ([]float64, bool) {
	parts := strings.Split(f.String(t), `\`)
	if len(parts) != n {
		return nil, false
	}
	values := make([]float64, n)
	for i, part := range parts {
		v, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, false
		}
		values[i] = v
	}
	return values, true
}

// nativeFrame returns the first frame of uncompressed pixel data.
func nativeFrame(f *dicom.File) ([]byte, binary.ByteOrder, bool) {
	tree, err := f.Tree()
	if err != nil {
		return nil, nil, false
	}
	for _, e := range tree.Elements {
		if e.Tag == 0x7FE00010 && e.Fragments == nil {
			return e.Value, binary.LittleEndian, true
		}
	}
	return nil, nil, false
}
