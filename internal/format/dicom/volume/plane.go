package volume

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// The attributes of a plane, and the functional groups that hold them (PS3.3 C.7.6.2,
// C.7.6.16.2).
const (
	tagPosition      dicom.Tag = 0x00200032
	tagOrientation   dicom.Tag = 0x00200037
	tagSpacing       dicom.Tag = 0x00280030
	macroPosition    dicom.Tag = 0x00209113
	macroOrientation dicom.Tag = 0x00209116
	macroMeasures    dicom.Tag = 0x00289110
	macroTransform   dicom.Tag = 0x00289145
)

const maxDecimals = 512 // characters of all values of an attribute that is read here

// plane says how one frame lies.
type plane struct {
	rows, columns         int
	ct                    bool
	position, row, column [3]float64
	spacing               [2]float64 // from column to column, from row to row
}

// plane reads how a frame lies, and checks that it can.
func (o *object) plane(n int) (*plane, error) {
	p := &plane{rows: o.shape.Rows, columns: o.shape.Columns, ct: o.ct}
	position := decimals(o.find(n, macroPosition, tagPosition))
	orientation := decimals(o.find(n, macroOrientation, tagOrientation))
	spacing := decimals(o.find(n, macroMeasures, tagSpacing))
	if len(position) != 3 || len(orientation) != 6 || len(spacing) != 2 {
		return nil, fmt.Errorf("it does not say where it lies: %w", sinso.ErrUnsupported)
	}
	copy(p.position[:], position)
	copy(p.row[:], orientation[:3])
	copy(p.column[:], orientation[3:])
	p.spacing = [2]float64{spacing[1], spacing[0]} // Pixel Spacing begins with the rows' (PS3.3 10.7.1.3)
	for _, v := range p.position {
		if math.Abs(v) > maxDistance {
			return nil, fmt.Errorf("it lies nowhere near: %w", sinso.ErrUnsupported)
		}
	}
	for _, v := range p.spacing {
		if v < minSpacing || v > maxSpacing {
			return nil, fmt.Errorf("its pixels have no spacing that can be: %w", sinso.ErrUnsupported)
		}
	}
	row, column := length(p.row), length(p.column)
	if math.Abs(row-1) > sameCosine || math.Abs(column-1) > sameCosine || math.Abs(dot(p.row, p.column)) > sameCosine {
		return nil, fmt.Errorf("its rows and columns are not at right angles: %w", sinso.ErrUnsupported)
	}
	for axis := range 3 {
		p.row[axis] /= row
		p.column[axis] /= column
	}
	return p, nil
}

// differs says what keeps two planes from being of one block, or "".
func (p *plane) differs(q *plane) string {
	apart := func(a, b [3]float64) bool {
		return math.Abs(a[0]-b[0]) > sameCosine || math.Abs(a[1]-b[1]) > sameCosine || math.Abs(a[2]-b[2]) > sameCosine
	}
	spaced := func(a, b float64) bool { return math.Abs(a-b) > sameCosine*a }
	switch {
	case p.rows != q.rows || p.columns != q.columns:
		return "slices of several sizes"
	case apart(p.row, q.row) || apart(p.column, q.column):
		return "slices of several directions"
	case spaced(p.spacing[0], q.spacing[0]) || spaced(p.spacing[1], q.spacing[1]):
		return "slices of several pixel spacings"
	case p.ct != q.ct:
		return "not all slices are of CT"
	}
	return ""
}

// values returns the rescaled values of a frame (PS3.3 C.11.1), row by row.
func (o *object) values(n int, frame dicom.Frame) ([]int16, error) {
	size, cells := frame.Rows*frame.Columns, frame.Allocated/8
	if frame.Rows != o.shape.Rows || frame.Columns != o.shape.Columns || cells != 1 && cells != 2 || len(frame.Data) < size*cells {
		return nil, fmt.Errorf("its pixels are not of the size it says: %w", sinso.ErrCorrupt)
	}
	table, err := o.table(n, frame.Shape)
	if err != nil {
		return nil, err
	}
	out, last := make([]int16, size), len(table)-1
	if cells == 1 {
		for i, cell := range frame.Data[:size] {
			out[i] = table[int(cell)&last]
		}
		return out, nil
	}
	for i := range out {
		out[i] = table[int(binary.LittleEndian.Uint16(frame.Data[2*i:]))&last]
	}
	return out, nil
}

// table returns what value each cell stands for, without the bits above its highest.
func (o *object) table(n int, s dicom.Shape) ([]int16, error) {
	slope, ok := o.number(n, tagSlope, 1)
	intercept, also := o.number(n, tagIntercept, 0)
	if !ok || !also || slope == 0 {
		return nil, fmt.Errorf("its values cannot be rescaled: %w", sinso.ErrUnsupported)
	}
	if s.Stored < 1 || s.High >= s.Allocated || s.Stored > s.High+1 {
		return nil, fmt.Errorf("its samples have no bits that can be: %w", sinso.ErrCorrupt)
	}
	lowest := math.MinInt16
	if o.ct {
		lowest = huAir
	}
	padding, padded := o.file.Int(tagPadding)
	out := make([]int16, 2<<s.High)
	for cell := range out {
		stored := storedValue(uint32(cell), s)
		out[cell] = int16(max(float64(lowest), min(math.MaxInt16, math.Round(float64(stored)*slope+intercept))))
		if o.ct && padded && uint16(stored) == uint16(padding) { //nolint:gosec // the low bits, whatever sign the padding was written with
			out[cell] = huAir
		}
	}
	return out, nil
}

// storedValue is what the stored bits of a cell say; others are no part of it.
func storedValue(cell uint32, s dicom.Shape) int {
	cell <<= 31 - s.High
	if s.Signed {
		return int(int32(cell) >> (32 - s.Stored)) //nolint:gosec // two's complement
	}
	return int(cell >> (32 - s.Stored))
}

// number reads a number of the rescale; it is what it is without where it is not there.
func (o *object) number(n int, tag dicom.Tag, otherwise float64) (float64, bool) {
	raw := o.find(n, macroTransform, tag)
	if raw == nil {
		return otherwise, true
	}
	values := decimals(raw)
	if len(values) != 1 {
		return 0, false
	}
	return values[0], true
}

// decimals reads a DS value (PS3.5 §6.2); nil if any of it is no finite number.
func decimals(value []byte) []float64 {
	if len(value) > maxDecimals {
		return nil
	}
	fields := strings.Split(strings.Trim(string(value), " \x00"), `\`)
	out := make([]float64, len(fields))
	for i, field := range fields {
		v, err := strconv.ParseFloat(strings.TrimSpace(field), 64)
		if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
			return nil
		}
		out[i] = v
	}
	return out
}
