package quality

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

//go:embed iod.tsv
var iodTable string

// kind is what sort of object a class is, which says what is asked of its whole series.
type kind string

const (
	kindSlices     kind = "slices"     // cuts that make a block
	kindProjection kind = "projection" // radiographs
	kindPicture    kind = "picture"
	kindSegments   kind = "segments"
	kindDocument   kind = "document"
	kindOther      kind = "other" // of a class that is not in the table
)

// hasPixels reports whether objects of the kind are made of frames.
func (k kind) hasPixels() bool { return k != kindDocument && k != kindOther }

// class is what is asked of a SOP Class.
type class struct {
	kind       kind
	side, bits int     // from which on no more is asked for; 0: not judged
	thickness  float64 // millimetres
	rules      []rule
	frames     bool // Number of Frames is required
}

// rule is one attribute of a module (PS3.5 §7.4).
type rule struct {
	path   []dicom.Tag // sequences, and the attribute
	kind   string      // 1, 1C, 2, 2C or 3
	when   condition   // of 1C and 2C
	values []string    // enumerated ones; none: any
}

func (r rule) tag() dicom.Tag { return r.path[len(r.path)-1] }

// filled reports whether the attribute must have a value.
func (r rule) filled() bool { return r.kind[0] == '1' }

// Gate judges derivatives. It is safe for use by several goroutines.
type Gate struct {
	classes map[string]*class
	other   *class
}

// New reads the table of PS3.3 that goes with the program.
func New() (*Gate, error) {
	g := &Gate{classes: map[string]*class{}}
	modules := map[string][]rule{}
	var classes [][]string
	for line := range strings.Lines(iodTable) {
		fields := strings.Split(strings.TrimRight(line, "\n"), "\t")
		switch {
		case strings.HasPrefix(line, "#"):
		case fields[0] == "class" && len(fields) == 8:
			classes = append(classes, fields)
		case fields[0] == "rule" && len(fields) >= 4 && len(fields) <= 6:
			r, err := newRule(fields)
			if err != nil {
				return nil, err
			}
			modules[fields[1]] = append(modules[fields[1]], r)
		default:
			return nil, fmt.Errorf("quality: table: a line of %d fields: %w", len(fields), sinso.ErrInvalid)
		}
	}
	for _, fields := range classes {
		c, err := newClass(fields, modules)
		if err != nil {
			return nil, err
		}
		g.classes[fields[1]] = c
	}
	g.other = &class{kind: kindOther}
	for _, name := range []string{"sop", "patient", "study", "series"} { // of every IOD of a patient
		g.other.rules = append(g.other.rules, modules[name]...)
	}
	return g, nil
}

func newClass(fields []string, modules map[string][]rule) (*class, error) {
	c := &class{kind: kind(fields[3])}
	var numbers [3]float64
	for i := range numbers {
		v, err := strconv.ParseFloat(fields[4+i], 64)
		if err != nil {
			return nil, fmt.Errorf("quality: table: class %s: %w", fields[1], err)
		}
		numbers[i] = v
	}
	c.side, c.bits, c.thickness = int(numbers[0]), int(numbers[1]), numbers[2]
	for name := range strings.FieldsSeq(fields[7]) {
		if modules[name] == nil {
			return nil, fmt.Errorf("quality: table: class %s: no module %s: %w", fields[1], name, sinso.ErrInvalid)
		}
		for _, r := range modules[name] {
			c.add(r)
		}
	}
	return c, nil
}

// add takes a rule in; one of the same attribute in a later module takes its place.
func (c *class) add(r rule) {
	c.frames = c.frames || r.tag() == tagFrames
	for i, known := range c.rules {
		if len(known.path) == len(r.path) && known.tag() == r.tag() && known.path[0] == r.path[0] {
			c.rules[i] = r
			return
		}
	}
	c.rules = append(c.rules, r)
}

func newRule(fields []string) (rule, error) {
	r := rule{kind: fields[3]}
	for keyword := range strings.SplitSeq(fields[2], "/") {
		tag, known := dicom.TagOf(keyword)
		if !known {
			return r, fmt.Errorf("quality: table: no attribute %s: %w", keyword, sinso.ErrInvalid)
		}
		r.path = append(r.path, tag)
	}
	if len(fields) > 4 && fields[4] != "" {
		if r.when = conditionOf(fields[4]); r.when == nil {
			return r, fmt.Errorf("quality: table: no condition %s: %w", fields[4], sinso.ErrInvalid)
		}
	}
	if len(fields) > 5 {
		r.values = strings.Split(fields[5], "|")
	}
	conditional := len(r.kind) == 2 && r.kind[1] == 'C'
	if !slices.Contains([]string{"1", "1C", "2", "2C", "3"}, r.kind) || conditional != (r.when != nil) {
		return r, fmt.Errorf("quality: table: %s is of type %q: %w", fields[2], r.kind, sinso.ErrInvalid)
	}
	return r, nil
}

// Required returns the attributes of the root that are asked for of a SOP Class, always or
// on a condition, in the order of their tags; none of a class that is not in the table.
func (g *Gate) Required(class string) []dicom.Tag {
	c, known := g.classes[class]
	if !known {
		return nil
	}
	var tags []dicom.Tag
	for _, r := range c.rules {
		if len(r.path) == 1 && r.kind != "3" {
			tags = append(tags, r.tag())
		}
	}
	slices.Sort(tags)
	return tags
}
