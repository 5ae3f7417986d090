package headphantom

import (
	"math"
	"math/rand/v2"
)

// Scan is how a drawn body is measured. Rows, columns and steps are in patient
// coordinates; the volume's middle is at Middle in the body.
type Scan struct {
	Columns, Rows, Slices int
	Spacing               [2]float64 // mm between columns, between rows
	Row, Column, Step     Place      // directions of a row and a column; mm to the next slice
	Contrast              Contrast
	Noise                 float64 // standard deviation
	Middle                Place
	Turn                  func(Place) Place // from patient coordinates into the body; nil: as they are
}

// Volume is what a scan measures: row by row, slice by slice, in patient coordinates.
type Volume struct {
	Columns, Rows, Slices int
	Spacing               [2]float64 // mm between the centres of two columns, of two rows
	Row, Column           [3]float64 // direction cosines
	Origin                [3]float64 // mm, of the first voxel's centre
	Step                  [3]float64 // mm
	Values                []int16    // HU, or those of an MR
	CT                    bool
}

// Place returns where a voxel is, in patient coordinates.
func (v Volume) Place(column, row, slice int) Place {
	p := Place(v.Origin).add(Place(v.Row).scale(v.Spacing[0] * float64(column)))
	return p.add(Place(v.Column).scale(v.Spacing[1] * float64(row))).add(Place(v.Step).scale(float64(slice)))
}

// In maps patient coordinates into the body.
func (m Scan) In(p Place) Place {
	if m.Turn == nil {
		return p
	}
	return m.Turn(p)
}

// Measure draws the volume of a body, which says what it is made of at a place. The
// same scan of the same body has the same noise.
func (m Scan) Measure(body func(Place) Stuff) Volume {
	v := Volume{Columns: m.Columns, Rows: m.Rows, Slices: m.Slices, Spacing: m.Spacing, Row: m.Row, Column: m.Column, Step: m.Step, CT: m.Contrast.isCT()}
	half := m.Row.scale(m.Spacing[0] * float64(m.Columns-1) / 2).add(m.Column.scale(m.Spacing[1] * float64(m.Rows-1) / 2)).add(m.Step.scale(float64(m.Slices-1) / 2))
	v.Origin = m.Middle.sub(half)
	random := rand.New(rand.NewPCG(7, 11)) //nolint:gosec // a drawing that is the same each time
	v.Values = make([]int16, 0, m.Columns*m.Rows*m.Slices)
	for slice := range m.Slices {
		for row := range m.Rows {
			for column := range m.Columns {
				value := m.Contrast[body(m.In(v.Place(column, row, slice)))] + m.Noise*random.NormFloat64()
				if !v.CT { // the magnitude of a complex value
					value = math.Hypot(value, m.Noise*random.NormFloat64())
				}
				v.Values = append(v.Values, int16(value))
			}
		}
	}
	return v
}

// Axial measures in upright sections of a side in mm, from low to high.
func Axial(c Contrast, side, pixel, low, high, thick float64) Scan {
	n := int(side / pixel)
	return Scan{
		Columns: n, Rows: n, Slices: int((high-low)/thick) + 1, Spacing: [2]float64{pixel, pixel},
		Row: Place{1, 0, 0}, Column: Place{0, 1, 0}, Step: Place{0, 0, thick}, Contrast: c, Noise: c.noise(), Middle: Place{0, 0, (low + high) / 2},
	}
}

// HeadFirst is [Axial], of a frame that just holds a head.
func HeadFirst(c Contrast, thick float64) Scan {
	m := Axial(c, 240, 2, -135, 90, thick)
	m.Columns = 100
	m.Middle[1] = -12
	return m
}

// Sagittal measures from the right to the left, over the same space as [HeadFirst].
func Sagittal(c Contrast, pixel, thick float64) Scan {
	m := Axial(c, 240, pixel, -135, 90, thick)
	m.Row, m.Column, m.Step = Place{0, 1, 0}, Place{0, 0, -1}, Place{thick, 0, 0}
	m.Slices, m.Rows = int(200/thick), int(226/pixel)
	m.Middle[1] = -12
	return m
}

// Coronal measures from the front to the back, over the same space.
func Coronal(c Contrast, pixel, thick float64) Scan {
	m := Axial(c, 200, pixel, -135, 90, thick)
	m.Row, m.Column, m.Step = Place{1, 0, 0}, Place{0, 0, -1}, Place{0, thick, 0}
	m.Slices, m.Rows = int(240/thick), int(226/pixel)
	m.Middle[1] = -12
	return m
}

// Tilted leans the slices by an angle about the left-right axis; with a gantry's tilt
// the table still moves along the patient, and the volume is sheared.
func Tilted(m Scan, degrees float64, gantry bool) Scan {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	m.Column = Place{0, cos, sin}
	thick := m.Step.length()
	m.Step = Place{0, -sin, cos}.scale(thick)
	if gantry {
		m.Step = Place{0, 0, thick / cos}
	}
	m.Rows, m.Slices = int(280/m.Spacing[1]), int(float64(m.Slices)*1.1)
	return m
}

// Nodded turns the head itself, about an axis.
func Nodded(m Scan, axis int, degrees float64) Scan {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	a, b := (axis+1)%3, (axis+2)%3
	m.Turn = func(p Place) Place {
		q := p
		q[a], q[b] = cos*p[a]-sin*p[b], sin*p[a]+cos*p[b]
		return q
	}
	return m
}
