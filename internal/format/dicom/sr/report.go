package sr

import (
	"fmt"
	"math"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// Kind is what a mark is.
type Kind string

// The kinds of marks.
const (
	Length    Kind = "length"    // the way between two points
	Axes      Kind = "axes"      // the ends of the longest way across, then those of what crosses it at a right angle
	Angle     Kind = "angle"     // of three points, at the second
	Rectangle Kind = "rectangle" // four corners, the first again at the end
	Ellipse   Kind = "ellipse"   // the ends of the longer axis, then those of the other
	Circle    Kind = "circle"    // its centre, then a point of it; on an image alone
	Contour   Kind = "contour"   // a line around a region, the first point again at the end
	Cobb      Kind = "cobb"      // the ends of two lines, whose angle it is
	Probe     Kind = "probe"     // the value at a point
	Note      Kind = "text"      // words at a point
)

// maxContour is how many points a contour has at most, the last one included.
const maxContour = 257

// form is how a kind is drawn: in an image (PS3.3 C.18.6.1.2) and in the patient (C.18.9.1.2,
// "" for what is not drawn there).
type form struct {
	points  int // of a contour at least
	flat    string
	spatial string
	region  bool // a planar region (TID 1410); else measurements of a group (TID 1501)
}

var forms = map[Kind]form{
	Length:    {points: 2, flat: "POLYLINE", spatial: "POLYLINE"},
	Axes:      {points: 4, flat: "POLYLINE", spatial: "POLYLINE"},
	Angle:     {points: 3, flat: "POLYLINE", spatial: "POLYLINE"},
	Rectangle: {points: 5, flat: "POLYLINE", spatial: "POLYGON", region: true},
	Ellipse:   {points: 4, flat: "ELLIPSE", spatial: "ELLIPSE", region: true},
	Circle:    {points: 2, flat: "CIRCLE", region: true},
	Contour:   {points: 4, flat: "POLYLINE", spatial: "POLYGON", region: true},
	Cobb:      {points: 4, flat: "POLYLINE", spatial: "POLYLINE"},
	Probe:     {points: 1, flat: "POINT", spatial: "POINT"},
	Note:      {points: 1, flat: "POINT", spatial: "POINT"},
}

// Mark is one thing that a person drew.
type Mark struct {
	Kind     Kind
	Tracking string // a UID that it keeps in later reports
	Label    string // names it for people
	// On is the image it is drawn on. Without one (no UID) it is drawn in the patient, in
	// the frame of reference Space.
	On    Place
	Space string
	// Points are column and row, from the upper left corner of the first pixel, or x, y, z in mm.
	Points [][]float64
	Text   string // of a Note
	Values []Value
}

// Value is one number of a mark.
type Value struct {
	Of     string // one of quantities
	In     string // one of units
	Number float64
}

// quantity is what a number is of. pixel: of the values of the pixels, whose concept
// follows from the unit.
type quantity struct {
	name, derived code
	pixel         bool
}

// quantities by name: of CID 7470, 7471, 12304 and 7464.
var quantities = map[string]quantity{
	"length":    {name: code{"410668003", "SCT", "Length"}},
	"long":      {name: code{"103339001", "SCT", "Long axis"}},
	"short":     {name: code{"103340004", "SCT", "Short axis"}},
	"angle":     {name: code{"1483009", "SCT", "Angle"}},
	"cobb":      {name: code{"285285000", "SCT", "Cobb angle"}}, // CID 7550
	"area":      {name: code{"42798000", "SCT", "Area"}},
	"value":     {pixel: true},
	"mean":      {pixel: true, derived: code{"373098007", "SCT", "Mean"}},
	"deviation": {pixel: true, derived: code{"386136009", "SCT", "Standard Deviation"}},
	"least":     {pixel: true, derived: code{"255605001", "SCT", "Minimum"}},
	"most":      {pixel: true, derived: code{"56851009", "SCT", "Maximum"}},
}

// unit is what a number is in. pixels is what values of pixels in it are of, method how
// lengths in it are come by where that is not the usual way.
type unit struct {
	code, pixels, method code
}

var pixelValue = code{"pixel-value", privateScheme, "Pixel value"}

// units by name. What has no unit of UCUM is a number without one.
var units = map[string]unit{
	"mm":           {code: code{"mm", "UCUM", "mm"}},
	"mm2":          {code: code{"mm2", "UCUM", "mm2"}},
	"mm-detector":  {code: code{"mm", "UCUM", "mm"}, method: onDetector},
	"mm2-detector": {code: code{"mm2", "UCUM", "mm2"}, method: onDetector},
	"mm-hand":      {code: code{"mm", "UCUM", "mm"}, method: byHand},
	"mm2-hand":     {code: code{"mm2", "UCUM", "mm2"}, method: byHand},
	"px":           {code: code{"{pixels}", "UCUM", "pixels"}},
	"px2":          {code: code{"{pixels}", "UCUM", "pixels"}},
	"deg":          {code: code{"deg", "UCUM", "deg"}},
	"HU":           {code: code{"[hnsf'U]", "UCUM", "Hounsfield unit"}, pixels: code{"112031", "DCM", "Attenuation Coefficient"}},
	"SUV":          {code: code{"{SUVbw}g/ml", "UCUM", "Standardized Uptake Value body weight"}, pixels: code{"126401", "DCM", "SUVbw"}},
	"1":            {code: code{"1", "UCUM", "no units"}, pixels: pixelValue},
}

// Report writes marks as a measurement report. predecessors are the documents that it
// takes the place of. Without marks it says that there are none any more. It is
// ErrInvalid for a mark that is none: not as many points as its kind has, a number that is
// not finite, a quantity or unit that is not known.
func Report(d Document, marks []Mark, predecessors []Object) ([]byte, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	ds := d.head(ClassReport, "SR", "9001", "Measurements")
	groups := make([]dicom.Dataset, 0, len(marks))
	var images []Object
	for _, m := range marks {
		group, err := m.group()
		if err != nil {
			return nil, err
		}
		groups = append(groups, group)
		if m.On.UID != "" {
			images = append(images, m.On.Object)
		}
	}
	content := append([]dicom.Dataset{codeContent("HAS CONCEPT MOD", languageOfContent, english)}, d.observer()...)
	content = append(content, codeContent("HAS CONCEPT MOD", procedureReported, imagingProcedure), container(imagingMeasurements, "", groups...))
	root(&ds, measurementReport, "1500", content)
	ds.Set(sequence(0x0040A372))                        // Performed Procedure Code Sequence
	ds.SetString(0x0040A491, dicom.VRCS, "COMPLETE")    // Completion Flag
	ds.SetString(0x0040A493, dicom.VRCS, "UNVERIFIED")  // Verification Flag
	ds.SetString(0x0040A496, dicom.VRCS, "PRELIMINARY") // Preliminary Flag: no one has signed it
	if len(images) > 0 {
		ds.Set(sequence(tagEvidence, referenced(d.study(), images)))
	}
	if len(predecessors) > 0 {
		ds.Set(sequence(tagPredecessors, referenced(d.study(), predecessors)))
	}
	ds.Set(sequence(tagCodingSchemes, scheme()))
	return encode(ds)
}

// group is a mark as a measurement group.
func (m Mark) group() (dicom.Dataset, error) {
	where, f, err := m.drawn()
	if err != nil {
		return dicom.Dataset{}, err
	}
	content := []dicom.Dataset{
		textContent("HAS OBS CONTEXT", trackingID, m.Label),
		uidContent("HAS OBS CONTEXT", trackingUID, m.Tracking),
	}
	template := "1501"
	if f.region {
		template = "1410"
		content = append(content, where("CONTAINS", imageRegion))
	}
	if m.Kind == Note {
		content = append(content, textContent("CONTAINS", comment, m.Text, where("INFERRED FROM", code{})))
	}
	for _, v := range m.Values {
		num, err := v.number()
		if err != nil {
			return dicom.Dataset{}, err
		}
		if !f.region { // a region is drawn once, for all that is measured of it
			inner := num.Find(tagContent)
			if inner == nil {
				num.Set(sequence(tagContent))
				inner = num.Find(tagContent)
			}
			for _, line := range m.lines(v) {
				inner.Items = append(inner.Items, line.place("INFERRED FROM", code{}, f))
			}
		}
		content = append(content, num)
	}
	return container(measurementGroup, template, content...), nil
}

// lines are the mark with each line alone that a value is of: of two axes one, of an angle
// between two lines both.
func (m Mark) lines(v Value) []Mark {
	first, second := m, m
	if m.Kind == Axes || m.Kind == Cobb {
		first.Points, second.Points = m.Points[:2], m.Points[2:]
	}
	switch {
	case m.Kind == Cobb:
		return []Mark{first, second}
	case v.Of == "short":
		return []Mark{second}
	}
	return []Mark{first}
}

// drawn checks a mark and returns what writes its place.
func (m Mark) drawn() (where func(relationship string, name code) dicom.Dataset, f form, err error) {
	f, known := forms[m.Kind]
	wide := 2
	if m.On.UID == "" {
		wide = 3
	}
	switch {
	case !known:
		return nil, f, invalid("a mark is of a kind that is not known")
	case len(m.Points) != f.points && (m.Kind != Contour || len(m.Points) < f.points || len(m.Points) > maxContour):
		return nil, f, invalid("a mark has not the points of its kind")
	case m.On.UID == "" && m.Space == "":
		return nil, f, invalid("a mark is on no image and in no frame of reference")
	case m.On.UID == "" && f.spatial == "":
		return nil, f, invalid("a mark of its kind is on an image alone")
	case m.Kind == Contour && !slices.Equal(m.Points[0], m.Points[len(m.Points)-1]):
		return nil, f, invalid("a contour is not closed")
	case m.Tracking == "" || m.Label == "":
		return nil, f, invalid("a mark has no UID or no label")
	case (m.Kind == Note) != (m.Text != ""), m.Kind != Note && len(m.Values) == 0:
		return nil, f, invalid("a mark says nothing")
	}
	for _, v := range m.Values {
		if (m.Kind == Axes) != (v.Of == "long" || v.Of == "short") || (m.Kind == Cobb) != (v.Of == "cobb") {
			return nil, f, invalid("a value is not of its kind of mark")
		}
	}
	for _, p := range m.Points {
		if len(p) != wide || !finite(p...) {
			return nil, f, invalid("a point is none")
		}
	}
	return func(relationship string, name code) dicom.Dataset { return m.place(relationship, name, f) }, f, nil
}

// place is the content item of where a mark is.
func (m Mark) place(relationship string, name code, f form) dicom.Dataset {
	kind, graphic := "SCOORD", f.flat
	if m.On.UID == "" {
		kind, graphic = "SCOORD3D", f.spatial
	}
	ds := item(relationship, kind, name)
	ds.Set(dicom.DataElement{Tag: 0x00700022, VR: dicom.VRFL, Value: floats(m.Points)}) // Graphic Data
	ds.SetString(0x00700023, dicom.VRCS, graphic)
	if m.On.UID == "" {
		ds.SetString(0x30060024, dicom.VRUI, m.Space) // Referenced Frame of Reference UID
	} else {
		ds.Set(sequence(tagContent, imageContent("SELECTED FROM", m.On)))
	}
	return ds
}

// number writes a value with what says how it was come by.
func (v Value) number() (dicom.Dataset, error) {
	q, known := quantities[v.Of]
	u, measured := units[v.In]
	if !known || !measured || !finite(v.Number) {
		return dicom.Dataset{}, invalid("a value is of a quantity or in a unit that is not known, or is no number")
	}
	name, how := q.name, []dicom.Dataset{}
	if q.pixel {
		if name = u.pixels; name.value == "" {
			return dicom.Dataset{}, invalid("a value of pixels is in a unit of lengths")
		}
	}
	if q.derived.value != "" {
		how = append(how, codeContent("HAS CONCEPT MOD", derivation, q.derived))
	}
	if u.method.value != "" {
		how = append(how, codeContent("HAS CONCEPT MOD", measurementMethod, u.method))
	}
	return number(name, v.Number, u.code, how...), nil
}

func finite(values ...float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || math.Abs(v) > math.MaxFloat32 {
			return false
		}
	}
	return true
}

func invalid(why string) error { return fmt.Errorf("sr: %s: %w", why, sinso.ErrInvalid) }
