package headphantom

import "math"

// Head is a drawn head.
type Head struct {
	Size   float64 // 1: an adult's
	Narrow float64 // breadth, 1: usual
	Holder bool    // it lies in one
	Neck   bool
}

// Adult is a usual head with its neck.
func Adult() Head { return Head{Size: 1, Narrow: 1, Neck: true} }

// own maps a place to where it is in a head of the usual size and breadth.
func (h Head) own(p Place) Place {
	p = p.scale(1 / h.Size)
	p[0] /= h.Narrow
	return p
}

// Skull says what a place is made of if the brain, the bone around it and the scalp
// were all of the head; Nothing elsewhere. In says how high above the middle of the
// brain it is, in mm of a usual head.
func (h Head) Skull(p Place) (s Stuff, above float64) {
	p = h.own(p)
	return skull(p, Place{math.Abs(p[0]), p[1], p[2]}), p[2]
}

// At says what the head is made of at a place.
func (h Head) At(p Place) Stuff {
	p = h.own(p)
	side := p
	side[0] = math.Abs(p[0])
	if s := skull(p, side); s != Nothing {
		return s
	}
	if s := faceAt(side); s != Nothing {
		return s
	}
	if h.Neck && p[2] < -20 && p[2] > -240 {
		d := math.Hypot(p[0], p[1]-22)
		if p[2] > -50 {
			d = math.Inf(1) // the nape alone
		}
		switch {
		case d < 58 && math.Hypot(p[0], p[1]+12) < 8:
			return Cavity
		case d < 58 && math.Hypot(p[0], p[1]-32) < 7:
			return Fluid
		case d < 58 && math.Hypot(p[0], p[1]-24) < 13:
			return Fat // marrow
		case d < 58 && math.Hypot(p[0], p[1]-24) < 16:
			return Bone
		case d < 54 || Oval(p, Place{0, 40, -58}, Place{62, 50, 48}):
			return Muscle
		case d < 58:
			return Fat
		}
	}
	if h.Holder {
		switch d := math.Hypot(p[0], p[1]-5); {
		case p[1] > 20 && d > 108 && d < 112:
			return Shell
		case p[1] > 20 && d > 92 && d <= 108:
			return Foam
		}
	}
	return Nothing
}

// skull draws the brain, the Bone around it and the scalp.
func skull(p, side Place) Stuff {
	brain := Oval(p, Place{0, 0, 0}, Place{66, 84, 64}) && (p[2] > -14+0.45*(p[1]+55) || p[2] > -14) ||
		Oval(side, Place{26, 42, -32}, Place{34, 38, 30}) || Oval(side, Place{38, -10, -22}, Place{24, 34, 24})
	switch {
	case brain && Oval(side, Place{9, 2, 6}, Place{6, 32, 9}):
		return Fluid
	case brain && !Oval(p, Place{0, 0, 0}, Place{62, 80, 60}) && p[2] > -10:
		return Fluid
	case brain:
		return Brain
	case Oval(side, Place{26, 42, -32}, Place{40, 45, 36}) || Oval(side, Place{38, -10, -22}, Place{30, 40, 30}):
		if p[2] < -8 {
			return Bone
		}
	}
	switch {
	case Oval(p, Place{0, 0, 0}, Place{72, 90, 70}) && p[2] > -21:
		return Bone
	case Oval(p, Place{0, 0, 0}, Place{78, 96, 76}) && !Oval(p, Place{0, 0, 0}, Place{72, 90, 70}) && p[2] > -40:
		return Fat
	}
	return Nothing
}

// faceAt draws orbits, nose, jaws, teeth, cheeks and ears, by their distance from the middle plane.
func faceAt(p Place) Stuff {
	switch {
	case Oval(p, Place{32, -78, -36}, Place{12, 12, 12}):
		return Globe
	case Oval(p, Place{32, -66, -36}, Place{18, 24, 16}):
		return Fat
	case Oval(p, Place{0, -70, -55}, Place{12, 32, 16}):
		return Cavity
	case Oval(p, Place{28, -58, -66}, Place{13, 16, 13}): // maxillary sinus
		return Cavity
	case p[2] < -88 && p[2] > -106 && math.Abs(math.Hypot(p[0]/26, (p[1]+48)/44)-1) < 0.12 && p[1] < -50:
		return Enamel
	case Oval(p, Place{0, -46, -98}, Place{22, 36, 16}):
		return Muscle // tongue
	case p[2] < -80 && p[2] > -124 && math.Abs(math.Hypot(p[0]/38, (p[1]+38)/54)-1) < 0.14 && p[1] < 0:
		return Bone // lower jaw
	case Oval(p, Place{26, -58, -62}, Place{26, 26, 24}):
		return Bone // cheek and upper jaw
	case Oval(p, Place{0, -98, -56}, Place{14, 26, 14}) || Oval(p, Place{0, -92, -42}, Place{9, 14, 22}):
		return Muscle // nose
	case Oval(p, Place{78, 8, -34}, Place{12, 9, 30}) && !Oval(p, Place{90, 2, -34}, Place{8, 6, 14}):
		return Muscle // ear
	case Oval(p, Place{0, -34, -70}, Place{66, 64, 64}) || Oval(p, Place{0, -52, -98}, Place{50, 54, 34}) || Oval(p, Place{0, 0, 0}, Place{72, 90, 70}):
		return Muscle
	}
	return Nothing
}
