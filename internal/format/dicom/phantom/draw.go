package phantom

import (
	"math"
	"math/rand/v2"
)

// The phantom's coordinates are those of PS3.3 C.7.6.2.1.1 in millimetres: x to
// the patient's left, y to the back, z to the head, with 0 in the middle.
const (
	fieldMillimetres  = 380.0 // side of the square that is imaged
	lengthMillimetres = 300.0 // from the diaphragm to the shoulders
	minSpacing        = 1.0   // mm between slices
)

// CT numbers in Hounsfield units, rounded from textbook values.
const (
	huAir    = -1000
	huLung   = -850
	huFat    = -100
	huDisc   = 90
	huFluid  = 15
	huBlood  = 45
	huMuscle = 55
	huLiver  = 62
	huNodule = 35
	huMarrow = 230
	huCortex = 600
	huTable  = -250
	huVessel = -120
)

// ellipse is one organ's cut through a slice, in mm, painted over what was there.
type ellipse struct {
	x, y, rx, ry float64
	hu           float64
}

// ellipsoid is an organ.
type ellipsoid struct {
	x, y, z, rx, ry, rz float64
	hu                  float64
}

// at cuts the ellipsoid at height z.
func (e ellipsoid) at(z float64) (ellipse, bool) {
	d := (z - e.z) / e.rz
	if d <= -1 || d >= 1 {
		return ellipse{}, false
	}
	s := math.Sqrt(1 - d*d)
	return ellipse{e.x, e.y, e.rx * s, e.ry * s, e.hu}, true
}

// body is what one seed draws.
type body struct {
	vessels []ellipsoid
	nodule  ellipsoid
	noise   []int16 // noiseSide² values, wrapped around at the edges
}

const (
	noiseSide  = 512
	noiseSigma = 18.0 // HU
	vessels    = 260
)

// newRand returns the generator for one purpose of one seed.
func newRand(seed, purpose uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, purpose)) //nolint:gosec // a drawing that must be the same for the same seed
}

func newBody(seed uint64) *body {
	r := newRand(seed, 1)
	b := &body{nodule: ellipsoid{
		x: -72 + 8*r.Float64(), y: -8 + 16*r.Float64(), z: 20 + 40*r.Float64(),
		rx: 8 + 3*r.Float64(), ry: 8 + 3*r.Float64(), rz: 9, hu: huNodule,
	}}
	for range vessels {
		side := 1.0
		if r.IntN(2) == 0 {
			side = -1
		}
		// thicker near the hilum, thinner outwards
		out := r.Float64()
		size := 4.2 - 3*out
		b.vessels = append(b.vessels, ellipsoid{
			x: side * (40 + 62*out), y: -45 + 90*r.Float64(), z: -90 + 190*r.Float64(),
			rx: size * (0.8 + r.Float64()), ry: size * (0.8 + r.Float64()), rz: size * (2 + 4*r.Float64()), hu: huVessel,
		})
	}
	b.noise = correlatedNoise(newRand(seed, 2))
	return b
}

// correlatedNoise returns white noise smeared by a 3×3 binomial kernel, as a
// reconstruction kernel does, with a standard deviation of noiseSigma.
func correlatedNoise(r *rand.Rand) []int16 {
	white := make([]float64, noiseSide*noiseSide)
	for i := range white {
		white[i] = r.NormFloat64()
	}
	const mask = noiseSide - 1
	rows := make([]float64, len(white))
	for i := range white {
		y, x := i&^mask, i&mask
		rows[i] = white[y|(x-1)&mask] + 2*white[i] + white[y|(x+1)&mask]
	}
	noise := make([]int16, len(white))
	const scale = noiseSigma / 6 // the kernel (1 2 1)² has a norm of 6
	for i := range rows {
		up, down := (i-noiseSide)&(len(rows)-1), (i+noiseSide)&(len(rows)-1)
		noise[i] = int16(math.Round(scale * (rows[up] + 2*rows[i] + rows[down])))
	}
	return noise
}

// cut lists the organs at height z, from the outside in.
func (b *body) cut(z float64) []ellipse {
	t := (z - 20) / 170
	size := 1 - 0.12*t*t
	shapes := make([]ellipse, 0, 64)
	shapes = append(
		shapes,
		ellipse{0, 152, 175, 7, huTable},
		ellipse{0, 0, 172 * size, 116 * size, huFat},
		ellipse{0, 0, 160 * size, 105 * size, huMuscle},
	)
	shapes = appendCuts(shapes, z,
		ellipsoid{-72, 2, 5, 56, 78, 135, huLung},
		ellipsoid{72, 2, 5, 54, 78, 135, huLung})
	shapes = appendCuts(shapes, z, b.vessels...)
	shapes = appendCuts(
		shapes, z, b.nodule,
		ellipsoid{-62, 0, -165, 88, 84, 85, huLiver},
		ellipsoid{70, 10, -170, 70, 76, 62, huMuscle},
		ellipsoid{18, -28, -35, 58, 46, 62, huBlood},
		ellipsoid{4, -22, 45, 26, 24, 45, huBlood},
	)
	shapes = append(shapes, ellipse{17, 44, 12, 12, huBlood})
	if z > 30 {
		shapes = append(shapes, ellipse{0, 8, 9, 8, huAir})
	} else if z > -5 {
		spread := (30 - z) * 0.9
		shapes = append(shapes, ellipse{-4 - spread, 10, 7, 6, huAir}, ellipse{4 + spread, 10, 7, 6, huAir})
	}
	shapes = appendSpine(shapes, z)
	if z > -40 && z < 120 {
		shapes = append(shapes, ellipse{0, -98 * size, 17, 6, huCortex}, ellipse{0, -98 * size, 14, 4, huMarrow})
	}
	return appendRibs(shapes, z, size)
}

func appendCuts(shapes []ellipse, z float64, organs ...ellipsoid) []ellipse {
	for _, o := range organs {
		if e, ok := o.at(z); ok {
			shapes = append(shapes, e)
		}
	}
	return shapes
}

// appendSpine draws a vertebra, or the disc between two, and the canal.
func appendSpine(shapes []ellipse, z float64) []ellipse {
	const vertebra, disc = 24.0, 5.0 // mm
	if math.Mod(z+10*vertebra, vertebra) < disc {
		return append(shapes, ellipse{0, 62, 19, 15, huDisc}, ellipse{0, 83, 8, 7, huFluid})
	}
	return append(
		shapes,
		ellipse{-16, 86, 17, 4, huCortex}, ellipse{16, 86, 17, 4, huCortex}, ellipse{0, 98, 4, 11, huCortex},
		ellipse{0, 62, 20, 16, huCortex}, ellipse{0, 62, 18, 14, huMarrow},
		ellipse{0, 83, 12, 11, huCortex}, ellipse{0, 83, 8, 7, huFluid},
	)
}

// appendRibs draws ten pairs. A rib leaves the spine and falls on its way to the
// front, so a slice cuts it at the angle where it has fallen to z.
func appendRibs(shapes []ellipse, z, size float64) []ellipse {
	const fall = 75.0 // mm from back to front
	for rib := range 10 {
		top := 150 - 24*float64(rib) + 20
		turn := (top - z) / fall
		if turn < 0 || turn > 1 {
			continue
		}
		angle := 0.35 + turn*2.3 // from the back
		sin, cos := math.Sincos(angle)
		x, y := 145*size*sin, 93*size*cos
		rx, ry := 6+5*math.Abs(cos), 5+6*math.Abs(sin)
		for _, side := range []float64{-1, 1} {
			shapes = append(shapes, ellipse{side * x, y, rx, ry, huCortex}, ellipse{side * x, y, rx - 2.5, ry - 2.5, huMarrow})
		}
	}
	return shapes
}

// slice draws the slice at height z as stored values: HU less the rescale
// intercept, 12 bits (PS3.3 C.8.2.1), rows from front to back.
func (b *body) slice(z float64, rows, columns int, r *rand.Rand) []uint16 {
	values := make([]float32, rows*columns)
	for i := range values {
		values[i] = huAir
	}
	for _, e := range b.cut(z) {
		e.paint(values, rows, columns)
	}
	stored := make([]uint16, len(values))
	dy, dx := r.IntN(noiseSide), r.IntN(noiseSide)
	for row := range rows {
		line := b.noise[((row+dy)%noiseSide)*noiseSide:][:noiseSide]
		for column := range columns {
			i := row*columns + column
			v := int(values[i]) + int(line[(column+dx)%noiseSide]) - rescaleIntercept
			stored[i] = uint16(min(max(v, 0), maxStored))
		}
	}
	return stored
}

// paint fills the ellipse, with soft left and right edges.
func (e ellipse) paint(values []float32, rows, columns int) {
	perRow, perColumn := fieldMillimetres/float64(rows), fieldMillimetres/float64(columns)
	first := max(0, int(math.Floor((e.y-e.ry+fieldMillimetres/2)/perRow)))
	last := min(rows-1, int(math.Ceil((e.y+e.ry+fieldMillimetres/2)/perRow)))
	for row := first; row <= last; row++ {
		d := ((float64(row)+0.5)*perRow - fieldMillimetres/2 - e.y) / e.ry
		if d <= -1 || d >= 1 {
			continue
		}
		half := e.rx * math.Sqrt(1-d*d)
		left := (e.x - half + fieldMillimetres/2) / perColumn
		right := (e.x + half + fieldMillimetres/2) / perColumn
		span(values[row*columns:(row+1)*columns], left, right, float32(e.hu))
	}
}

// span sets the pixels between left and right, and mixes the two at the ends by
// how much of them is covered.
func span(line []float32, left, right float64, hu float32) {
	l, r := math.Floor(left), math.Floor(right)
	for column := max(0, int(l)); column <= min(len(line)-1, int(r)); column++ {
		covered := math.Min(float64(column)+1, right) - math.Max(float64(column), left)
		if covered >= 1 {
			line[column] = hu
			continue
		}
		line[column] += (hu - line[column]) * float32(covered)
	}
}
