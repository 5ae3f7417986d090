package quality

import (
	"fmt"
	"slices"
	"strings"

	"sinso.dev/sinso/internal/format/dicom"
	dicomjson "sinso.dev/sinso/internal/format/dicom/json"
)

// Instance is what the gate keeps of one instance of a derivative: what was found, and
// where it lies. No value in it names anybody.
type Instance struct {
	class      *class // nil: it does not say
	findings   []finding
	validity   int // 0 to 100, and so are the next
	structure  int
	resolution int
	certified  int
	number     int // Instance Number
	numbered   bool
	frames     int // as many as it should have
	there      int // as many of them as there are
	plane      plane
	print      string // of its pixels; "" if there are none, or all are alike
	forecast   bool   // read without its bulk data
}

// finding is one thing that was found in one instance, or in a series.
type finding struct {
	part Part
	what string
	tag  dicom.Tag // 0: of no one attribute
}

// object is a derivative while it is read.
type object struct {
	file        *dicom.File
	tree        dicom.Dataset
	beyondASCII bool // some text is
	badCode     bool // a code lacks its value, scheme or meaning
	whole       bool // with its bulk data
	found       Instance
}

// Read judges one derivative. name makes the fingerprint of its pixels; those of two
// objects are the same if their pixels are. Errors are those of [dicom.Read].
func (g *Gate) Read(derivative []byte, name func([]byte) string) (Instance, error) {
	return g.read(derivative, name)
}

// Forecast judges a derivative of an instance by its metadata (DICOM JSON, PS3.18 §F.2)
// alone: clean makes the derivative of the object that has these elements and no bulk data.
// Pixels are not judged. The errors are those of the metadata and of clean.
func (g *Gate) Forecast(metadata []byte, clean func(object []byte) ([]byte, error)) (Instance, error) {
	ds, err := dicomjson.Decode(metadata, nil)
	if err != nil {
		return Instance{}, fmt.Errorf("quality: metadata: %w", err)
	}
	original, err := dicom.Encode(dicom.ExplicitLittleEndian, ds)
	if err != nil {
		return Instance{}, fmt.Errorf("quality: metadata: %w", err)
	}
	derivative, err := clean(original)
	if err != nil {
		return Instance{}, err
	}
	return g.read(derivative, nil)
}

// read judges an object; without name it has no bulk data.
func (g *Gate) read(derivative []byte, name func([]byte) string) (Instance, error) {
	file, err := dicom.Read(derivative)
	if err != nil {
		return Instance{}, fmt.Errorf("quality: %w", err)
	}
	tree, err := file.Tree()
	if err != nil {
		return Instance{}, fmt.Errorf("quality: %w", err)
	}
	o := &object{file: file, tree: tree, whole: name != nil, found: Instance{forecast: name == nil}}
	if err := o.walk(); err != nil {
		return Instance{}, err
	}
	uid := file.String(tagSOPClass)
	if uid == "" {
		o.note(Validity, "missing", tagSOPClass)
		return o.found, nil
	}
	c, known := g.classes[uid]
	if !known {
		c = g.other
		o.note(Validity, "unknown-class", 0)
	}
	o.found.class = c
	o.found.validity = o.judge(c)
	o.found.structure = o.share(Structure, o.structure(c))
	o.found.resolution = o.share(Resolution, o.resolution(c))
	o.found.certified = o.share(Deid, o.certificate(c))
	o.found.number, o.found.numbered = file.Int(tagInstanceNumber)
	o.found.plane = o.place()
	o.count(c)
	if o.whole {
		o.found.print = o.fingerprint(name)
	}
	return o.found, nil
}

// walk looks through all elements, at any depth.
func (o *object) walk() error {
	code := func(items []dicom.Dataset) {
		for i := range items {
			has := func(tags ...dicom.Tag) bool {
				return slices.ContainsFunc(tags, func(t dicom.Tag) bool { return filled(items[i].Find(t)) })
			}
			value, scheme, meaning := has(tagCodeValue, tagLongCode), has(tagCodeScheme), has(tagCodeMeaning)
			urn := has(tagURNCode)
			some := value || urn || scheme || meaning
			o.badCode = o.badCode || some && (!meaning || !urn && (!value || !scheme))
		}
	}
	return o.tree.Walk(func(_ int, e *dicom.DataElement) error {
		if e.VR == dicom.VRSQ {
			code(e.Items)
		}
		if inCharset(e.VR) && slices.ContainsFunc(e.Value, func(b byte) bool { return b >= 0x80 || b == 0x1B }) {
			o.beyondASCII = true
		}
		return nil
	})
}

// inCharset reports whether text of a VR is written in the Specific Character Set
// (PS3.5 §6.1.2.2).
func inCharset(vr dicom.VR) bool {
	return slices.Contains([]dicom.VR{"SH", "LO", "ST", "LT", "UC", "UT", "PN"}, vr)
}

// filled reports whether an element has a value or an item.
func filled(e *dicom.DataElement) bool {
	if e == nil {
		return false
	}
	if e.VR == dicom.VRSQ {
		return len(e.Items) > 0
	}
	return len(e.Fragments) > 0 || strings.Trim(string(e.Value[:min(len(e.Value), maxBlank)]), " \x00") != "" || zeroes(e.VR) && len(e.Value) > 0
}

// maxBlank is how much of a value is looked at for something other than blanks.
const maxBlank = 1 << 10

// zeroes reports whether zeros are a value.
func zeroes(vr dicom.VR) bool {
	return slices.Contains([]dicom.VR{"AT", "FL", "FD", "OB", "OD", "OF", "OL", "OV", "OW", "SL", "SS", "SV", "UL", "UN", "US", "UV"}, vr)
}

// has reports whether the root has an attribute with a value.
func (o *object) has(t dicom.Tag) bool { return filled(o.tree.Find(t)) }

// note writes down what was found, once.
func (o *object) note(part Part, what string, tag dicom.Tag) {
	one := finding{part, what, tag}
	if !slices.Contains(o.found.findings, one) && len(o.found.findings) < maxFindings {
		o.found.findings = append(o.found.findings, one)
	}
}

// maxFindings bounds what is written down of one instance.
const maxFindings = 64

// check is one thing that is asked for: what it is called if it fails, and how far it is
// there, 0 to 100.
type check struct {
	what string
	got  int
}

// whole is all of a score.
const whole = 100

// share is the mean of checks; those that lack something are noted. Without any it is 100.
func (o *object) share(part Part, checks []check) int {
	sum := 0
	for _, c := range checks {
		if c.got < whole {
			o.note(part, c.what, 0)
		}
		sum += c.got
	}
	if len(checks) == 0 {
		return whole
	}
	return sum / len(checks)
}

// passed is a check that holds or does not.
func passed(what string, holds bool) check {
	if holds {
		return check{what, whole}
	}
	return check{what, 0}
}

// structure asks for what makes an object usable by a program: codes, geometry, a
// character set.
func (o *object) structure(c *class) []check {
	checks := []check{
		passed("charset", !o.beyondASCII || o.has(tagCharset)),
		passed("uncoded", slices.ContainsFunc([]dicom.Tag{tagProcedureCodes, tagProtocolCodes, tagRequestedCodes, tagViewCodes, tagAnatomicRegion, tagConceptName, tagSegments}, o.has)),
	}
	if !c.kind.hasPixels() || c.kind == kindSegments {
		return checks
	}
	checks = append(checks, passed("anatomy", o.has(tagBodyPart) || o.has(tagAnatomicRegion)))
	spacing := func(t dicom.Tag) bool { return positive(o.file.Floats(t)) }
	switch c.kind { //nolint:exhaustive // the others have no more
	case kindSlices:
		checks = append(checks, passed("orientation", o.has(tagOrientation)), passed("spacing", spacing(tagSpacing)))
	case kindProjection:
		checks = append(checks, passed("orientation", o.has(tagPatientOrient) || o.has(tagViewPosition) || o.has(tagViewCodes)),
			passed("spacing", spacing(tagImagerSpacing) || spacing(tagSpacing)))
	case kindPicture:
		checks = append(checks, passed("spacing", o.has(tagRegions) || spacing(tagSpacing)))
	}
	return checks
}

// positive reports whether values are two finite distances.
func positive(values []float64) bool {
	const longest = 1e4 // millimetres
	return len(values) == 2 && values[0] > 0 && values[1] > 0 && values[0] < longest && values[1] < longest
}

// resolution asks how fine an image is, for its class.
func (o *object) resolution(c *class) []check {
	var checks []check
	if c.side > 0 {
		rows, _ := o.file.Int(tagRows)
		columns, _ := o.file.Int(tagColumns)
		checks = append(checks, check{"matrix", portion(float64(min(rows, columns)) / float64(c.side))})
	}
	if c.bits > 0 {
		stored, _ := o.file.Int(tagBitsStored)
		checks = append(checks, check{"bits", portion(float64(stored) / float64(c.bits))})
	}
	if c.thickness > 0 {
		const coarsest = 10 // millimetres, from which on a slice counts nothing
		got := 0
		if t, ok := o.file.Float(tagThickness); ok && t > 0 {
			got = portion((coarsest - t) / (coarsest - c.thickness))
		}
		checks = append(checks, check{"thickness", got})
	}
	if len(checks) > 0 {
		checks = append(checks, passed("lossy", o.file.String(tagLossy) != "01"))
	}
	return checks
}

// portion is a share as a score.
func portion(share float64) int { return int(whole * max(0, min(1, share))) }

// certificate asks for what stage deid writes into what it made (PS3.15 E.1.1).
func (o *object) certificate(c *class) []check {
	checks := []check{
		passed("not-marked", o.file.String(tagIdentityRemoved) == "YES"),
		passed("no-method", o.has(tagMethod) || o.has(tagMethodCodes)),
		passed("dates", o.has(tagTemporal)),
	}
	if c.kind.hasPixels() && c.kind != kindSegments {
		checks = append(checks, passed("burned-in", o.file.String(tagBurnedIn) == "NO"))
	}
	return checks
}

// count counts the frames, of a class that has some or of an object that does.
func (o *object) count(c *class) {
	if !c.kind.hasPixels() && o.pixels() == nil {
		return
	}
	frames, says := o.file.Int(tagFrames)
	if frames < 1 {
		frames = 1
	}
	o.found.frames = frames
	if !o.whole {
		o.found.there = frames
		return
	}
	if says || !c.frames {
		o.found.there = min(frames, o.framesThere())
	}
	if o.found.there < frames {
		o.note(Completeness, "frames", tagPixelData)
	}
}

// framesThere is how many whole frames the pixel data has.
func (o *object) framesThere() int {
	e := o.pixels()
	if e == nil {
		return 0
	}
	if len(e.Fragments) > 0 {
		if frames, err := o.file.Frames(); err == nil && !slices.ContainsFunc(frames, func(f []byte) bool { return len(f) == 0 }) {
			return len(frames)
		}
		return 0
	}
	shape, err := o.file.Shape()
	if err != nil {
		return 0
	}
	bits := int64(shape.Rows) * int64(shape.Columns) * int64(shape.Samples) * int64(shape.Allocated)
	if strings.HasPrefix(shape.Photometric, "YBR_") && strings.HasSuffix(shape.Photometric, "_422") {
		bits = bits * 2 / 3 // two chrominance samples are shared by two pixels (PS3.3 C.7.6.3.1.2)
	}
	if bits < 1 { // a single pixel can come to nothing
		return 0
	}
	return int(int64(len(e.Value)) * 8 / bits)
}

func (o *object) pixels() *dicom.DataElement {
	for _, t := range []dicom.Tag{tagPixelData, tagFloatPixels, tagDoublePixels} {
		if e := o.tree.Find(t); filled(e) {
			return e
		}
	}
	return nil
}

// fingerprint names the pixels, as they are written; "" if there are none, or all are
// alike, which says nothing.
func (o *object) fingerprint(name func([]byte) string) string {
	e := o.pixels()
	if e == nil {
		return ""
	}
	if len(e.Fragments) > 0 {
		return name(slices.Concat(e.Fragments[1:]...))
	}
	first := e.Value[:min(len(e.Value), 2)]
	for i, b := range e.Value {
		if b != first[i%len(first)] {
			return name(e.Value)
		}
	}
	return ""
}
