package deid

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	dicomjson "sinso.dev/sinso/internal/format/dicom/json"
)

// Bounds of templates that persons draw or are sent. A profile's own are the
// hospital's, and bounded by the size of its file.
const (
	maxTemplateFile  = 1 << 20 // bytes
	maxTemplates     = 256
	maxTemplateBoxes = 64
	maxSide          = 1<<16 - 1 // Rows and Columns are US (PS3.3 C.7.6.3)
	maxLongString    = 64        // characters of LO, PS3.5 Table 6.2-1
	maxCode          = 16        // of CS
)

// sharedTemplate is a template of a file. Its boxes are lists of any length: a reader of
// TOML drops what is beyond an array of four.
type sharedTemplate struct {
	Manufacturer string  `toml:"manufacturer"`
	Model        string  `toml:"model"`
	Modality     string  `toml:"modality"`
	Rows         int     `toml:"rows"`
	Columns      int     `toml:"columns"`
	Boxes        [][]int `toml:"boxes"`
}

// templateFile is a file by which templates are shared (docs/formats.md, "templates").
type templateFile struct {
	Format    int              `toml:"format"`
	Templates []sharedTemplate `toml:"template"`
}

// Corners makes boxes of lists of x0, y0, x1 and y1; ErrInvalid for other lists.
func Corners(lists [][]int) ([][4]int, error) {
	out := make([][4]int, 0, len(lists))
	for _, list := range lists {
		if len(list) != 4 {
			return nil, fmt.Errorf("deid: template: a box is four numbers, x0, y0, x1 and y1: %w", sinso.ErrInvalid)
		}
		out = append(out, [4]int(list))
	}
	return out, nil
}

// checkPlace wants a template to name a device and to lie in its picture.
func checkPlace(t sinso.Template) error {
	if t.Manufacturer == "" || t.Rows <= 0 || t.Columns <= 0 || len(t.Boxes) == 0 {
		return fmt.Errorf("deid: template: it needs manufacturer, rows, columns and boxes: %w", sinso.ErrInvalid)
	}
	for _, b := range t.Boxes {
		if b[0] < 0 || b[1] < 0 || b[2] <= b[0] || b[3] <= b[1] || b[2] > t.Columns || b[3] > t.Rows {
			return fmt.Errorf("deid: template: a box does not lie in its picture: %w", sinso.ErrInvalid)
		}
	}
	return nil
}

// CheckTemplate is ErrInvalid for a template that a node does not take: one that names
// no device, whose words are no values of DICOM, or whose boxes are too many or do not
// lie in its picture. One that covers all of it is none.
func CheckTemplate(t sinso.Template) error {
	if err := checkPlace(t); err != nil {
		return err
	}
	whole := [4]int{0, 0, t.Columns, t.Rows}
	switch {
	case t.Rows > maxSide || t.Columns > maxSide:
		return fmt.Errorf("deid: template: a picture has %d rows and columns at most: %w", maxSide, sinso.ErrInvalid)
	case len(t.Boxes) > maxTemplateBoxes:
		return fmt.Errorf("deid: template: %d boxes, %d are allowed: %w", len(t.Boxes), maxTemplateBoxes, sinso.ErrInvalid)
	case !isWord(t.Manufacturer, maxLongString) || !isWord(t.Model, maxLongString) || !isWord(t.Modality, maxCode):
		return fmt.Errorf("deid: template: manufacturer, model and modality are values of DICOM, of %d, %d and %d characters at most: %w",
			maxLongString, maxLongString, maxCode, sinso.ErrInvalid)
	case slices.Contains(t.Boxes, whole):
		return fmt.Errorf("deid: template: with all of the picture blanked there is nothing left to see: %w", sinso.ErrInvalid)
	}
	return nil
}

// isWord reports whether text may be a value as a reader of DICOM gives it.
func isWord(text string, most int) bool {
	return utf8.ValidString(text) && utf8.RuneCountInString(text) <= most && strings.TrimSpace(text) == text &&
		!strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}

// TemplateFor returns a template for the device that an object (PS3.10) is from.
// ErrInvalid if the object does not say which that is, or a box does not lie in it.
func TemplateFor(object []byte, boxes [][4]int) (sinso.Template, error) {
	file, err := dicom.Read(object)
	if err != nil {
		return sinso.Template{}, fmt.Errorf("deid: template: %w", err)
	}
	t := sinso.Template{Manufacturer: file.String(tagManufacturer), Model: file.String(tagModel), Modality: file.String(tagModality), Boxes: boxes}
	t.Rows, _ = file.Int(tagRows)
	t.Columns, _ = file.Int(tagColumns)
	if t.Manufacturer == "" {
		return t, fmt.Errorf("deid: template: the object does not name the maker of its device: %w", sinso.ErrInvalid)
	}
	return t, CheckTemplate(t)
}

// ParseTemplates reads a file of templates. It is ErrInvalid for one that is not
// understood to the last word, or of which a template is not taken ([CheckTemplate]).
func ParseTemplates(text []byte) ([]sinso.Template, error) {
	if len(text) > maxTemplateFile {
		return nil, fmt.Errorf("deid: templates: longer than %d bytes: %w", maxTemplateFile, sinso.ErrInvalid)
	}
	var file templateFile
	if err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(&file); err != nil {
		return nil, fmt.Errorf("deid: templates: this is no file of templates: %w", sinso.ErrInvalid)
	}
	switch {
	case file.Format != formatOfNow:
		return nil, fmt.Errorf("deid: templates: format %d; this program reads %d: %w", file.Format, formatOfNow, sinso.ErrUnsupported)
	case len(file.Templates) == 0 || len(file.Templates) > maxTemplates:
		return nil, fmt.Errorf("deid: templates: %d of them; a file has 1 to %d: %w", len(file.Templates), maxTemplates, sinso.ErrInvalid)
	}
	var out []sinso.Template
	for i, t := range file.Templates {
		boxes, err := Corners(t.Boxes)
		template := sinso.Template{Manufacturer: t.Manufacturer, Model: t.Model, Modality: t.Modality, Rows: t.Rows, Columns: t.Columns, Boxes: boxes}
		if err == nil {
			err = CheckTemplate(template)
		}
		if err != nil {
			return nil, fmt.Errorf("deid: templates: number %d: %w", i+1, err)
		}
		out = append(out, template)
	}
	return out, nil
}

// FormatTemplates writes a file that [ParseTemplates] reads.
func FormatTemplates(templates []sinso.Template) ([]byte, error) {
	out, err := toml.Marshal(struct {
		Format    int              `toml:"format"`
		Templates []sinso.Template `toml:"template"`
	}{formatOfNow, templates})
	if err != nil {
		return nil, fmt.Errorf("deid: templates: %w", err)
	}
	return out, nil
}

// With returns the profile with templates of the node, besides those that it has: they
// are blanked in every picture of their devices, whatever the options. The profile's text,
// and so its hash, has them. ErrInvalid for more than a node may have.
func (p *Profile) With(templates []sinso.Template) (*Profile, error) {
	templates = slices.DeleteFunc(slices.Clone(templates), func(t sinso.Template) bool {
		return slices.ContainsFunc(p.source.NodeTemplates, func(has sinso.Template) bool { return reflect.DeepEqual(has, t) })
	})
	if len(templates) == 0 {
		return p, nil
	}
	if all := len(p.source.NodeTemplates) + len(templates); all > maxTemplates {
		return nil, fmt.Errorf("deid: profile: %d templates of the node, %d are allowed: %w", all, maxTemplates, sinso.ErrInvalid)
	}
	more, err := toml.Marshal(struct {
		Templates []sinso.Template `toml:"node-template"`
	}{templates})
	if err != nil {
		return nil, fmt.Errorf("deid: profile: %w", err)
	}
	return Parse(slices.Concat(p.text, []byte("\n"), more))
}

// templateMarks returns what templates blank in each frame of pictures of this device.
func templateMarks(file *dicom.File, templates []sinso.Template) []Mark {
	var out []Mark
	for _, t := range templates {
		same := func(want string, tag dicom.Tag) bool { return want == "" || strings.EqualFold(want, file.String(tag)) }
		rows, _ := file.Int(tagRows)
		columns, _ := file.Int(tagColumns)
		if t.Columns != columns || t.Rows != rows || !same(t.Manufacturer, tagManufacturer) || !same(t.Model, tagModel) || !same(t.Modality, tagModality) {
			continue
		}
		for _, b := range t.Boxes {
			out = append(out, Mark{Box: image.Rect(b[0], b[1], b[2], b[3]), By: ByTemplate})
		}
	}
	return out
}

// MayFit reports whether a template may be of a kind of device, as [Device] names it.
func MayFit(t sinso.Template, device string) bool {
	parts := strings.Split(device, deviceSeparator)
	if len(parts) != 4 { // a separator in a name, or no object at all
		return true
	}
	same := func(want, is string) bool { return want == "" || strings.EqualFold(deviceWord(want), is) }
	return same(t.Manufacturer, parts[0]) && same(t.Model, parts[1]) && same(t.Modality, parts[2]) &&
		parts[3] == sizeWord(t.Columns, t.Rows)
}

// MayFitMetadata reports whether a template may be of the kind of device that made an
// object, by its DICOM JSON (PS3.18 §F.2). What that does not say in one plain word may be
// anything. The size is not compared.
func MayFitMetadata(t sinso.Template, metadata []byte) bool {
	var is struct {
		Manufacturer attribute `json:"00080070"`
		Model        attribute `json:"00081090"`
		Modality     attribute `json:"00080060"`
	}
	tags := []dicom.Tag{tagManufacturer, tagModel, tagModality}
	if json.Unmarshal(dicomjson.Pick(metadata, func(tag dicom.Tag) bool { return slices.Contains(tags, tag) }, nil), &is) != nil {
		return true
	}
	same := func(want string, is attribute) bool {
		word, known := is.word()
		return want == "" || !known || strings.EqualFold(deviceWord(want), word)
	}
	return same(t.Manufacturer, is.Manufacturer) && same(t.Model, is.Model) && same(t.Modality, is.Modality)
}

// attribute is one of a DICOM JSON object.
type attribute struct {
	Value []json.RawMessage `json:"Value"`
}

// word returns the one word of an attribute, as [Device] has it, if that is what it says.
func (a attribute) word() (string, bool) {
	var text string
	if len(a.Value) != 1 || json.Unmarshal(a.Value[0], &text) != nil {
		return "", false
	}
	word := deviceWord(text)
	return word, word != "?" && !strings.ContainsRune(word, utf8.RuneError)
}

// sizeWord is how a device's name ends.
func sizeWord(columns, rows int) string { return strconv.Itoa(columns) + "×" + strconv.Itoa(rows) }
