// Package headphantom draws heads, and scans them, for tests: nothing in it is of a
// person, and the program has no use for it.
//
// Places are in mm of a head's own space: its origin in the middle of the brain, x to
// the left, y to the back, z up (LPS, PS3.3 C.7.6.2.1.1).
package headphantom

import "math"

// Stuff is what a place of a drawn body is made of.
type Stuff int

// What bodies are drawn with.
const (
	Nothing Stuff = iota
	Fat
	Muscle
	Bone
	Brain
	Fluid
	Cavity // air inside the body
	Globe  // of the eye
	Enamel
	Foam
	Shell // of a head holder
	Lung
)

// Contrast says how bright each stuff is: in HU, or in the units of an MR, which have
// no name.
type Contrast map[Stuff]float64

// CT is a contrast in HU.
func CT() Contrast {
	return Contrast{Nothing: -1000, Fat: -70, Muscle: 50, Bone: 900, Brain: 35, Fluid: 8, Cavity: -990, Globe: 15, Enamel: 2300, Foam: -930, Shell: 120, Lung: -850}
}

// T1 is an MR in which fat is bright and fluid is dark.
func T1() Contrast {
	return Contrast{Nothing: 12, Fat: 900, Muscle: 380, Bone: 60, Brain: 560, Fluid: 150, Cavity: 14, Globe: 170, Enamel: 20, Foam: 12, Shell: 12, Lung: 40}
}

// T2 is an MR in which fluid is bright.
func T2() Contrast {
	return Contrast{Nothing: 10, Fat: 600, Muscle: 200, Bone: 50, Brain: 420, Fluid: 1000, Cavity: 12, Globe: 1000, Enamel: 15, Foam: 10, Shell: 10, Lung: 30}
}

// FLAIR is a T2 without its fluid.
func FLAIR() Contrast {
	return Contrast{Nothing: 10, Fat: 700, Muscle: 260, Bone: 45, Brain: 430, Fluid: 70, Cavity: 12, Globe: 80, Enamel: 15, Foam: 10, Shell: 10, Lung: 30}
}

func (c Contrast) isCT() bool { return c[Nothing] < -500 }

// noise is the standard deviation of a scan of the contrast.
func (c Contrast) noise() float64 {
	if c.isCT() {
		return 15
	}
	return 12
}

// Place is a place, or a direction, in mm.
type Place [3]float64

func (p Place) add(q Place) Place     { return Place{p[0] + q[0], p[1] + q[1], p[2] + q[2]} }
func (p Place) sub(q Place) Place     { return Place{p[0] - q[0], p[1] - q[1], p[2] - q[2]} }
func (p Place) scale(s float64) Place { return Place{p[0] * s, p[1] * s, p[2] * s} }
func (p Place) dot(q Place) float64   { return p[0]*q[0] + p[1]*q[1] + p[2]*q[2] }
func (p Place) length() float64       { return math.Sqrt(p.dot(p)) }

// Oval reports whether p is in an ellipsoid.
func Oval(p, at, radii Place) bool {
	d := p.sub(at)
	x, y, z := d[0]/radii[0], d[1]/radii[1], d[2]/radii[2]
	return x*x+y*y+z*z < 1
}
