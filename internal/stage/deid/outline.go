package deid

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"strconv"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
)

// Sight is what one object shows of the body, for what is decided over its series and
// its study.
type Sight struct {
	Study   string // the release's UID of its study
	Series  string // and of its series
	Named   bool   // a head is in it, by its words
	Unnamed bool   // no word in it names a part of the body
	Other   bool   // it is CT or MR, and names other parts alone
	Heads   int    // if Named is false: in how many of its frames the body has a head's size, at most faceFrames; of single slices that name another part only some are looked at
}

// faceFrames are how many frames of a head give a face away. Fewer are too thin
// a slice to rebuild one from.
const faceFrames = 4

// lookedShare says that of the objects of one frame that name a part of the body that is
// clear of the face one in so many is looked at: words are wrong for a whole series.
const lookedShare = 4

// FaceIn reports whether the unnamed objects of one study together show a head,
// or what may be one: by their size, or since another object of the study names a head.
// If so, all of them are withheld, with [ReasonFace], but for the series of which [Look]
// knows better.
func FaceIn(sights ...Sight) bool {
	heads := 0
	named, unnamed := false, false
	for _, s := range sights {
		named, unnamed = named || s.Named, unnamed || s.Unnamed
		if s.Unnamed {
			heads += s.Heads
		}
	}
	return heads >= faceFrames || named && unnamed
}

// sight finds what an object shows. Nothing of what is withheld for another reason is
// looked at.
func (c *cleaner) sight(file *dicom.File, ds *dicom.Dataset, passed bool) ([]sinso.Reason, Sight) {
	faces, unnamed := face(file, ds)
	s := Sight{
		Study: c.keys.UID(file.String(tagStudyInstance)), Series: c.keys.UID(file.String(tagSeriesInstance)),
		Named: len(faces) > 0, Unnamed: unnamed,
	}
	s.Other = !s.Named && !unnamed && isTomographic(file)
	switch {
	case !passed || s.Named:
	case unnamed && file.String(tagSOPClass) == rtDose: // beams have any size; its study tells
	case unnamed, s.Other && c.sampled(file):
		s.Heads = heads(file, ds)
	}
	return faces, s
}

// isTomographic reports whether an object is CT or MR by its class and modality.
func isTomographic(file *dicom.File) bool {
	class := imageClasses[file.String(tagSOPClass)]
	return (class == "CT" || class == "MR") && class == file.String(tagModality)
}

// sampled picks each slice whose number is a multiple of lookedShare, so that of slices that
// lie together enough are looked at; one in ten of the others by what its name is in the
// release, whatever the numbers are; and every object of several frames: it may be the whole of a head.
func (c *cleaner) sampled(file *dicom.File) bool {
	if frames, ok := file.Int(tagFrames); ok && frames > 1 {
		return true
	}
	if number, ok := file.Int(tagInstanceNumber); ok && number%lookedShare == 0 {
		return true
	}
	name := c.keys.UID(file.String(tagSOPInstance))
	return name[len(name)-1] == '0'
}

const (
	maxLooked  = 64       // frames of one object, evenly spread, that are looked at
	lookPixels = 64 << 20 // pixels of them that are decoded
)

// heads counts the frames that may show a head, and stops when there are enough
// of them. What cannot be decoded or measured may be one. One frame along the body's axis
// shows a profile or a whole face, and counts as enough of them; but a scanner's scout of
// a CT is a radiograph.
func heads(file *dicom.File, ds *dicom.Dataset) int {
	frames := 1
	if n, ok := file.Int(tagFrames); ok && n > 1 {
		frames = n
	}
	enough := min(frames, faceFrames)
	plane := planeOf(ds, file.String(tagModality) == "CT" || imageClasses[file.String(tagSOPClass)] == "CT")
	shape, err := file.Shape()
	if err == nil && !plane.axial && !scout(file) {
		return faceFrames
	}
	if err != nil || !plane.axial || plane.row <= 0 || plane.column <= 0 || ds.Find(tagPixelData) == nil {
		return enough
	}
	looked := min(frames, maxLooked, lookPixels/(shape.Rows*shape.Columns))
	if looked < enough { // too large to be looked at
		return enough
	}
	found := 0
	for i := 0; i < looked && found < faceFrames; i++ {
		frame, err := codec.Frame(file, i*frames/looked)
		if err != nil || plane.mayBeHead(frame) {
			found++
		}
	}
	return found
}

// scout reports whether an object is the radiograph by which a CT is planned (PS3.3
// C.8.2.1.1.1).
func scout(file *dicom.File) bool {
	values := file.Strings(tagImageType)
	return imageClasses[file.String(tagSOPClass)] == "CT" && len(values) > 2 && values[2] == "LOCALIZER"
}

// plane says how a frame lies in the person, and what its values mean.
type plane struct {
	row, column      float64 // between the centres of rows, of columns; mm
	axial            bool
	ct               bool
	slope, intercept float64
}

// planeOf takes each attribute from wherever it stands: in an enhanced object in the
// functional groups, for all frames or for each. Frames that lie in several ways are not
// axial, and have no spacing.
func planeOf(ds *dicom.Dataset, ct bool) plane {
	p := plane{ct: ct, slope: 1}
	seen := map[dicom.Tag][]byte{}
	_ = ds.Walk(func(_ int, e *dicom.DataElement) error { // the function returns no error
		switch e.Tag {
		case tagPixelSpacing, tagOrientation, tagSlope, tagIntercept:
		default:
			return nil
		}
		if first, again := seen[e.Tag]; again {
			if !bytes.Equal(first, e.Value) {
				p.take(e.Tag, nil)
			}
			return nil
		}
		seen[e.Tag] = e.Value
		p.take(e.Tag, decimals(e.Value))
		return nil
	})
	return p
}

// take takes the values of an attribute. What has none, or others than it should, is
// not known.
func (p *plane) take(tag dicom.Tag, values []float64) {
	switch {
	case tag == tagOrientation && len(values) == 6:
		// The normal is the cross product of both directions (PS3.3 C.7.6.2.1.1).
		p.axial = math.Abs(values[0]*values[4]-values[1]*values[3]) > axialCosine
	case tag == tagPixelSpacing && len(values) == 2:
		p.row, p.column = values[0], values[1]
	case (tag == tagSlope || tag == tagIntercept) && !p.ct: // MR's values have no unit: as they are stored
	case tag == tagSlope && len(values) == 1:
		p.slope = values[0]
	case tag == tagIntercept && len(values) == 1:
		p.intercept = values[0]
	case tag == tagOrientation:
		p.axial = false
	case p.ct || tag == tagPixelSpacing: // MR's values have no unit anyway
		p.row, p.column = 0, 0
	}
}

// axialCosine is that of 45 degrees between the normal and the person's axis.
const axialCosine = 0.7

// decimals reads a DS value (PS3.5 §6.2); nil if any of it is no finite number.
func decimals(value []byte) []float64 {
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

// The measures of a head across its axis. An adult's is 17 to 24 cm long, nose
// and ears included, a newborn's 9; what is longer is a trunk.
const (
	maxHead    = 280.0 // mm
	minHead    = 70.0  // mm
	minAspect  = 0.45  // of its short side to its long one
	minLung    = 20.0  // cm²: more of a lung's density inside the body than any air cells of a skull have
	grid       = 2.0   // mm, the side of a cell
	bridge     = 2     // cells: what is thinner than twice this, such as the table's skin, is no body
	skin       = -300  // HU: what is denser is body
	lungLeast  = -950  // HU
	lungMost   = -450  // HU
	maxGrid    = 512   // cells a side: one metre
	leastCells = 10    // of the grid a side, to see anything by
)

// mayBeHead reports whether the largest body in an axial frame is of a head's
// size. It errs to the safe side: a leg or a child's chest may be taken for one.
func (p plane) mayBeHead(frame dicom.Frame) bool {
	field, ok := p.field(frame)
	if !ok {
		return true
	}
	body := field.above(p.threshold(field)).eroded(bridge).largest()
	x0, y0, x1, y1, some := body.box()
	if !some {
		return false
	}
	w, h := float64(x1-x0+1+2*bridge)*grid, float64(y1-y0+1+2*bridge)*grid
	long, short := max(w, h), min(w, h)
	cut := 0 // at how many sides more of it may be outside
	for _, at := range []bool{x0 <= bridge, y0 <= bridge, x1 >= field.w-1-bridge, y1 >= field.h-1-bridge} {
		if at {
			cut++
		}
	}
	switch {
	case !p.ct && cut > 2: // it was not told from what is around it
		return true
	case long > maxHead:
		return false
	case p.ct && field.lung(body.filled()) >= minLung:
		return false
	case cut > 0:
		return true
	default:
		return long >= minHead && short >= minAspect*long
	}
}

// threshold parts body from air: by density in CT, by Otsu's method where the
// values have no unit.
func (p plane) threshold(f field) float64 {
	if p.ct {
		return skin
	}
	return f.otsu()
}

// field is a frame brought to a grid of cells of 2 mm.
type field struct {
	w, h   int
	values []float64
}

func (p plane) field(frame dicom.Frame) (field, bool) {
	f := field{w: int(float64(frame.Columns) * p.column / grid), h: int(float64(frame.Rows) * p.row / grid)}
	size := frame.Allocated / 8
	if frame.Samples != 1 || frame.Photometric != "MONOCHROME2" || (size != 1 && size != 2 && size != 4) || f.w < leastCells || f.h < leastCells || f.w > maxGrid || f.h > maxGrid ||
		len(frame.Data) < frame.Rows*frame.Columns*size {
		return field{}, false
	}
	f.values = make([]float64, f.w*f.h)
	for y := range f.h {
		row := min(int((float64(y)+0.5)*grid/p.row), frame.Rows-1)
		for x := range f.w {
			column := min(int((float64(x)+0.5)*grid/p.column), frame.Columns-1)
			f.values[y*f.w+x] = stored(frame, size, row*frame.Columns+column)*p.slope + p.intercept
		}
	}
	return f, true
}

// stored returns a stored value: its bits alone, with their sign.
func stored(frame dicom.Frame, size, at int) float64 {
	var cell uint32
	switch b := frame.Data[at*size:]; size {
	case 1:
		cell = uint32(b[0])
	case 2:
		cell = uint32(binary.LittleEndian.Uint16(b))
	default:
		cell = binary.LittleEndian.Uint32(b)
	}
	left := 31 - frame.High
	cell <<= left // what is above the highest bit is no part of the value
	if frame.Signed {
		return float64(int32(cell) >> (32 - frame.Stored)) //nolint:gosec // two's complement
	}
	return float64(cell >> (32 - frame.Stored))
}

// otsu returns the value that parts the cells into two classes of least variance.
func (f field) otsu() float64 {
	low, high := slices.Min(f.values), slices.Max(f.values)
	if high <= low {
		return high
	}
	const bins = 256
	var counts [bins]int
	scale := (bins - 1) / (high - low)
	total := 0.0
	for _, v := range f.values {
		bin := int((v - low) * scale)
		counts[bin]++
		total += float64(bin)
	}
	best, at := -1.0, 0
	below, sum := 0, 0.0
	for i, n := range counts {
		below += n
		sum += float64(i * n)
		above := len(f.values) - below
		if below == 0 || above == 0 {
			continue
		}
		apart := sum/float64(below) - (total-sum)/float64(above)
		if between := float64(below) * float64(above) * apart * apart; between > best {
			best, at = between, i
		}
	}
	return low + float64(at+1)/scale
}

func (f field) above(threshold float64) mask {
	m := newMask(f.w, f.h)
	for i, v := range f.values {
		m.set[i] = v > threshold
	}
	return m
}

// lung returns how much of a lung's density is in the body, in cm².
func (f field) lung(body mask) float64 {
	n := 0
	for i, v := range f.values {
		if body.set[i] && v > lungLeast && v < lungMost {
			n++
		}
	}
	return float64(n) * grid * grid / 100
}
