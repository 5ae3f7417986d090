package deface

import (
	"math"
	"math/rand/v2"
)

// stuff is what a place of a drawn body is made of.
type stuff int

const (
	nothing stuff = iota
	scalpFat
	muscle
	bone
	cerebrum
	fluid
	cavity // air inside the body
	globe
	enamel
	foam
	shell // of a head holder
	lung
)

// contrast says how bright each stuff is.
type contrast map[stuff]float64

var (
	asCT    = contrast{nothing: -1000, scalpFat: -70, muscle: 50, bone: 900, cerebrum: 35, fluid: 8, cavity: -990, globe: 15, enamel: 2300, foam: -930, shell: 120, lung: -850}
	asT1    = contrast{nothing: 12, scalpFat: 900, muscle: 380, bone: 60, cerebrum: 560, fluid: 150, cavity: 14, globe: 170, enamel: 20, foam: 12, shell: 12, lung: 40}
	asT2    = contrast{nothing: 10, scalpFat: 600, muscle: 200, bone: 50, cerebrum: 420, fluid: 1000, cavity: 12, globe: 1000, enamel: 15, foam: 10, shell: 10, lung: 30}
	asFLAIR = contrast{nothing: 10, scalpFat: 700, muscle: 260, bone: 45, cerebrum: 430, fluid: 70, cavity: 12, globe: 80, enamel: 15, foam: 10, shell: 10, lung: 30}
)

// oval3 reports whether p is in an ellipsoid.
func oval3(p, at, radii vec) bool {
	d := p.sub(at)
	x, y, z := d[0]/radii[0], d[1]/radii[1], d[2]/radii[2]
	return x*x+y*y+z*z < 1
}

// shape is a drawn head: in mm, its origin in the middle of the brain, x to the left,
// y to the back, z up.
type shape struct {
	size   float64 // 1: an adult's
	narrow float64 // breadth, 1: usual
	holder bool
	neck   bool
}

// at says what a head is made of at a place.
func (h shape) at(p vec) stuff {
	p = p.scale(1 / h.size)
	p[0] /= h.narrow
	side := p
	side[0] = math.Abs(p[0])
	if s := h.skull(p, side); s != nothing {
		return s
	}
	if s := faceAt(side); s != nothing {
		return s
	}
	if h.neck && p[2] < -20 && p[2] > -240 {
		d := math.Hypot(p[0], p[1]-22)
		if p[2] > -50 {
			d = math.Inf(1) // the nape alone
		}
		switch {
		case d < 58 && math.Hypot(p[0], p[1]+12) < 8:
			return cavity
		case d < 58 && math.Hypot(p[0], p[1]-32) < 7:
			return fluid
		case d < 58 && math.Hypot(p[0], p[1]-24) < 13:
			return scalpFat // marrow
		case d < 58 && math.Hypot(p[0], p[1]-24) < 16:
			return bone
		case d < 54 || oval3(p, vec{0, 40, -58}, vec{62, 50, 48}):
			return muscle
		case d < 58:
			return scalpFat
		}
	}
	if h.holder {
		switch d := math.Hypot(p[0], p[1]-5); {
		case p[1] > 20 && d > 108 && d < 112:
			return shell
		case p[1] > 20 && d > 92 && d <= 108:
			return foam
		}
	}
	return nothing
}

// skull draws the brain, the bone around it and the scalp.
func (h shape) skull(p, side vec) stuff {
	brain := oval3(p, vec{0, 0, 0}, vec{66, 84, 64}) && (p[2] > -14+0.45*(p[1]+55) || p[2] > -14) ||
		oval3(side, vec{26, 42, -32}, vec{34, 38, 30}) || oval3(side, vec{38, -10, -22}, vec{24, 34, 24})
	switch {
	case brain && oval3(side, vec{9, 2, 6}, vec{6, 32, 9}):
		return fluid
	case brain && !oval3(p, vec{0, 0, 0}, vec{62, 80, 60}) && p[2] > -10:
		return fluid
	case brain:
		return cerebrum
	case oval3(side, vec{26, 42, -32}, vec{40, 45, 36}) || oval3(side, vec{38, -10, -22}, vec{30, 40, 30}):
		if p[2] < -8 {
			return bone
		}
	}
	switch {
	case oval3(p, vec{0, 0, 0}, vec{72, 90, 70}) && p[2] > -21:
		return bone
	case oval3(p, vec{0, 0, 0}, vec{78, 96, 76}) && !oval3(p, vec{0, 0, 0}, vec{72, 90, 70}) && p[2] > -40:
		return scalpFat
	}
	return nothing
}

// faceAt draws orbits, nose, jaws, teeth, cheeks and ears, by their distance from the middle plane.
func faceAt(p vec) stuff {
	switch {
	case oval3(p, vec{32, -78, -36}, vec{12, 12, 12}):
		return globe
	case oval3(p, vec{32, -66, -36}, vec{18, 24, 16}):
		return scalpFat
	case oval3(p, vec{0, -70, -55}, vec{12, 32, 16}):
		return cavity
	case oval3(p, vec{28, -58, -66}, vec{13, 16, 13}): // maxillary sinus
		return cavity
	case p[2] < -88 && p[2] > -106 && math.Abs(math.Hypot(p[0]/26, (p[1]+48)/44)-1) < 0.12 && p[1] < -50:
		return enamel
	case oval3(p, vec{0, -46, -98}, vec{22, 36, 16}):
		return muscle // tongue
	case p[2] < -80 && p[2] > -124 && math.Abs(math.Hypot(p[0]/38, (p[1]+38)/54)-1) < 0.14 && p[1] < 0:
		return bone // lower jaw
	case oval3(p, vec{26, -58, -62}, vec{26, 26, 24}):
		return bone // cheek and upper jaw
	case oval3(p, vec{0, -98, -56}, vec{14, 26, 14}) || oval3(p, vec{0, -92, -42}, vec{9, 14, 22}):
		return muscle // nose
	case oval3(p, vec{78, 8, -34}, vec{12, 9, 30}) && !oval3(p, vec{90, 2, -34}, vec{8, 6, 14}):
		return muscle // ear
	case oval3(p, vec{0, -34, -70}, vec{66, 64, 64}) || oval3(p, vec{0, -52, -98}, vec{50, 54, 34}) || oval3(p, vec{0, 0, 0}, vec{72, 90, 70}):
		return muscle
	}
	return nothing
}

// scan is how a drawn body is measured.
type scan struct {
	columns, rows, slices int
	spacing               [2]float64
	row, column, step     vec
	look                  contrast
	noise                 float64
	ct                    bool
	middle                vec           // of the volume, in the body
	turn                  func(vec) vec // from patient coordinates into the body
}

// measure draws the volume.
func (m scan) measure(at func(vec) stuff) Volume {
	v := Volume{Columns: m.columns, Rows: m.rows, Slices: m.slices, Spacing: m.spacing, Row: m.row, Column: m.column, Step: m.step, CT: m.ct}
	half := m.row.scale(m.spacing[0] * float64(m.columns-1) / 2).add(m.column.scale(m.spacing[1] * float64(m.rows-1) / 2)).add(m.step.scale(float64(m.slices-1) / 2))
	v.Origin = m.middle.sub(half)
	random := rand.New(rand.NewPCG(7, 11))
	v.Values = make([]int16, m.columns*m.rows*m.slices)
	i := 0
	for slice := range m.slices {
		for row := range m.rows {
			for column := range m.columns {
				p := v.at(float64(column), float64(row), float64(slice))
				if m.turn != nil {
					p = m.turn(p)
				}
				value := m.look[at(p)]
				if m.ct {
					value += m.noise * random.NormFloat64()
				} else {
					value = math.Hypot(value+m.noise*random.NormFloat64(), m.noise*random.NormFloat64())
				}
				v.Values[i] = int16(value)
				i++
			}
		}
	}
	return v
}

// axial measures in upright sections of a side in mm, from low to high.
func axial(look contrast, side, pixel, low, high, thick float64) scan {
	n := int(side / pixel)
	return scan{
		columns: n, rows: n, slices: int((high-low)/thick) + 1, spacing: [2]float64{pixel, pixel},
		row: vec{1, 0, 0}, column: vec{0, 1, 0}, step: vec{0, 0, thick}, look: look, noise: noiseOf(look), ct: isCT(look), middle: vec{0, 0, (low + high) / 2},
	}
}

func isCT(look contrast) bool { return look[nothing] < -500 }

func noiseOf(look contrast) float64 {
	if isCT(look) {
		return 15
	}
	return 12
}

// headFirst is axial, of a frame that just holds a head.
func headFirst(look contrast, thick float64) scan {
	m := axial(look, 240, 2, -135, 90, thick)
	m.columns = 100
	m.middle[1] = -12
	return m
}

// sagittal and coronal measure across the head, over the same space as axial.
func sagittal(look contrast, pixel, thick float64) scan {
	m := axial(look, 240, pixel, -135, 90, thick)
	m.row, m.column, m.step = vec{0, 1, 0}, vec{0, 0, -1}, vec{thick, 0, 0}
	m.slices, m.rows = int(200/thick), int(226/pixel)
	m.middle[1] = -12
	return m
}

func coronal(look contrast, pixel, thick float64) scan {
	m := axial(look, 200, pixel, -135, 90, thick)
	m.row, m.column, m.step = vec{1, 0, 0}, vec{0, 0, -1}, vec{0, thick, 0}
	m.slices, m.rows = int(240/thick), int(226/pixel)
	m.middle[1] = -12
	return m
}

// tilted leans the slices by an angle about the left-right axis; with a gantry's tilt
// the table still moves along the patient, and the volume is sheared.
func tilted(m scan, degrees float64, gantry bool) scan {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	m.column = vec{0, cos, sin}
	thick := m.step.length()
	m.step = vec{0, -sin, cos}.scale(thick)
	if gantry {
		m.step = vec{0, 0, thick / cos}
	}
	m.rows, m.slices = int(280/m.spacing[1]), int(float64(m.slices)*1.1)
	return m
}

// nodded turns the head itself, about an axis.
func nodded(m scan, axis int, degrees float64) scan {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	a, b := (axis+1)%3, (axis+2)%3
	m.turn = func(p vec) vec {
		q := p
		q[a], q[b] = cos*p[a]-sin*p[b], sin*p[a]+cos*p[b]
		return q
	}
	return m
}
