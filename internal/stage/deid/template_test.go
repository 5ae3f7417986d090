package deid

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	dicomjson "sinso.dev/sinso/internal/format/dicom/json"
)

// ofChest is a template for the device that draws [chest] of 32 pixels a side.
func ofChest(boxes ...[4]int) sinso.Template {
	return sinso.Template{Manufacturer: "Synthetic Imaging Works", Model: "Ellipsoid 64", Modality: "CT", Rows: 32, Columns: 32, Boxes: boxes}
}

func withTemplates(tb testing.TB, preset string, templates ...sinso.Template) *Profile {
	tb.Helper()
	p, err := Preset(preset)
	if err == nil {
		p, err = p.With(templates)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// TestNodeTemplateBlanksUnderEveryPreset draws on a scanner's own image, which no
// profile looks at: under each it is blanked in the box, and nowhere else.
func TestNodeTemplateBlanksUnderEveryPreset(t *testing.T) {
	t.Parallel()
	box := image.Rect(3, 5, 20, 9)
	template := ofChest([4]int{box.Min.X, box.Min.Y, box.Max.X, box.Max.Y})
	raw := part10(t, dicom.ExplicitLittleEndian, chest(32))
	_, before := read(t, raw)
	for _, preset := range Presets() {
		release := testRelease(1)
		release.Believe = true
		result, err := withTemplates(t, preset, template).Clean(t.Context(), recordOf(raw), release)
		if err != nil || len(result.Clean.Withheld) > 0 {
			t.Fatalf("%s: withheld %v, %v", preset, result.Clean.Withheld, err)
		}
		if got := rectangles(result.Marks); !slices.Equal(got, []image.Rectangle{box}) || result.Marks[0].By != ByTemplate {
			t.Errorf("%s: marks %v, want the box", preset, result.Marks)
		}
		_, after := read(t, result.Clean.Bytes)
		was, is := before.Find(tagPixelData).Value, after.Find(tagPixelData).Value
		for i := range 32 * 32 {
			same := bytes.Equal(was[2*i:2*i+2], is[2*i:2*i+2])
			if inside := image.Pt(i%32, i/32).In(box); inside && is[2*i]|is[2*i+1] != 0 || !inside && !same {
				t.Fatalf("%s: pixel %d,%d: inside %t, unchanged %t, %v", preset, i%32, i/32, inside, same, is[2*i:2*i+2])
			}
		}
	}
}

// TestNodeTemplateOnlyAdds: where everything looks like writing a scanner is believed,
// but for what was drawn for it; and a template as large as that does not hide what
// else is found.
func TestNodeTemplateOnlyAdds(t *testing.T) {
	t.Parallel()
	striped := chest(32)
	pixels := striped.Find(tagPixelData).Value
	for i := range 32 * 32 {
		copy(pixels[2*i:], us(200+1500*(i/2+i/64)%2*((i/3)%2)))
	}
	box := [4]int{0, 0, 32, 16}
	for name, ds := range map[string]dicom.Dataset{"stripes": striped, "plain": chest(32)} {
		raw := part10(t, dicom.ExplicitLittleEndian, ds)
		without := clean(t, salesProfile(t), raw, 1)
		with := clean(t, withTemplates(t, DefaultPreset, ofChest(box)), raw, 1)
		if len(with.Clean.Withheld) > 0 {
			t.Fatalf("%s: withheld %v", name, with.Clean.Withheld)
		}
		for _, mark := range without.Marks {
			covered := slices.ContainsFunc(with.Marks, func(m Mark) bool { return mark.Box.In(m.Box) })
			if !covered {
				t.Errorf("%s: %v was blanked without the template, and is not with it", name, mark)
			}
		}
		if !slices.ContainsFunc(with.Marks, func(m Mark) bool { return m.By == ByTemplate }) {
			t.Errorf("%s: the template's box is not blanked", name)
		}
	}
}

// TestFramesWithoutEndAreNotMarked: as many frames as a header may claim are not
// counted through.
func TestFramesWithoutEndAreNotMarked(t *testing.T) {
	t.Parallel()
	ds := chest(32)
	ds.SetString(tagFrames, dicom.VRIS, "2147483647")
	file, tree := read(t, part10(t, dicom.ExplicitLittleEndian, ds))
	p := withTemplates(t, "basic", ofChest([4]int{0, 0, 4, 4}))
	seen, reason, err := p.see(t.Context(), file, &tree, false, look{})
	if err != nil || reason != ReasonPixelUnread || len(seen.marks) != 0 {
		t.Errorf("got %d marks, %q, %v", len(seen.marks), reason, err)
	}
}

// TestHashHasTheTemplatesOfTheNode: the effective profile is another than its own, and
// the same when it is read from its text.
func TestHashHasTheTemplatesOfTheNode(t *testing.T) {
	t.Parallel()
	base := salesProfile(t)
	one := withTemplates(t, DefaultPreset, ofChest([4]int{0, 0, 4, 4}))
	two := withTemplates(t, DefaultPreset, ofChest([4]int{0, 0, 4, 5}))
	if base.Hash() != base.OwnHash() {
		t.Error("without templates the two hashes differ")
	}
	if one.Hash() == base.Hash() || one.Hash() == two.Hash() {
		t.Error("a template does not change the hash")
	}
	if one.OwnHash() != base.Hash() || two.OwnHash() != base.Hash() {
		t.Error("a template changes the profile's own hash")
	}
	read, err := Parse(one.Text())
	if err != nil || read.Hash() != one.Hash() || read.OwnHash() != one.OwnHash() {
		t.Errorf("read from its text it is another: %v", err)
	}
	if same, err := one.With([]sinso.Template{ofChest([4]int{0, 0, 4, 4})}); err != nil || same != one {
		t.Errorf("with what it has: %v", err)
	}
	if none, err := base.With(nil); err != nil || none != base {
		t.Errorf("without templates: %v", err)
	}
	if _, err := base.With(make([]sinso.Template, maxTemplates+1)); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("too many: %v", err)
	}
	var many []sinso.Template
	for i := range maxTemplates + 1 {
		many = append(many, ofChest([4]int{0, 0, 1 + i%32, 1 + i/32}))
	}
	full := withTemplates(t, DefaultPreset, many[:maxTemplates]...)
	if _, err := full.With(many[maxTemplates:]); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("one more than a node may have: %v", err)
	}
	if same, err := full.With(many[:2]); err != nil || same != full {
		t.Errorf("with what a full one has: %v", err)
	}
}

// TestTemplatesAreReadAsTheyWereWritten shares some.
func TestTemplatesAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	want := []sinso.Template{ofChest([4]int{0, 0, 4, 4}, [4]int{1, 2, 3, 4}), {Manufacturer: `Ünïcode "Works" 'x' \ 设备`, Rows: 1, Columns: 2, Boxes: [][4]int{{0, 0, 1, 1}}}}
	text, err := FormatTemplates(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ParseTemplates(text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestTemplatesAreRefusedUnlessSound imports what is none.
func TestTemplatesAreRefusedUnlessSound(t *testing.T) {
	t.Parallel()
	good := `format = 1
[[template]]
manufacturer = "Synthetic Works"
rows = 48
columns = 64
boxes = [[0, 0, 64, 8]]
`
	if _, err := ParseTemplates([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"no format":            {"format = 1", ""},
		"an unknown key":       {"rows = 48", "rows = 48\nrow = 1"},
		"no maker":             {"Synthetic Works", ""},
		"blanks at its end":    {"Synthetic Works", "Synthetic Works "},
		"a control character":  {"Synthetic Works", `Synthetic\u0007Works`},
		"a name without end":   {"Synthetic Works", strings.Repeat("x", 65)},
		"no rows":              {"rows = 48", ""},
		"too many rows":        {"rows = 48", "rows = 65536"},
		"rows of a giant":      {"rows = 48", "rows = 9223372036854775808"},
		"negative":             {"[[0, 0, 64, 8]]", "[[-1, 0, 64, 8]]"},
		"outside":              {"[[0, 0, 64, 8]]", "[[0, 0, 65, 8]]"},
		"below":                {"[[0, 0, 64, 8]]", "[[0, 0, 64, 49]]"},
		"empty":                {"[[0, 0, 64, 8]]", "[[5, 5, 5, 8]]"},
		"three corners":        {"[[0, 0, 64, 8]]", "[[0, 0, 64]]"},
		"five corners":         {"[[0, 0, 64, 8]]", "[[0, 0, 64, 8, 9]]"},
		"none":                 {"[[0, 0, 64, 8]]", "[]"},
		"all of it":            {"[[0, 0, 64, 8]]", "[[0, 0, 64, 48]]"},
		"too many boxes":       {"[[0, 0, 64, 8]]", "[" + strings.Repeat("[0, 0, 1, 1],", maxTemplateBoxes+1) + "]"},
		"too many templates":   {good, "format = 1\n" + strings.Repeat(good[len("format = 1\n"):], maxTemplates+1)},
		"too long":             {good, good + strings.Repeat("#", maxTemplateFile)},
		"no templates":         {good, "format = 1\n"},
		"a profile's other":    {"format = 1", "format = 1\nname = \"x\""},
		"no TOML":              {"format = 1", "format = = 1"},
		"a template in itself": {"rows = 48", "rows = [48]"},
	} {
		text := strings.Replace(good, change[0], change[1], 1)
		got, err := ParseTemplates([]byte(text))
		if (!errors.Is(err, sinso.ErrInvalid) && !errors.Is(err, sinso.ErrUnsupported)) || got != nil {
			t.Errorf("%s: got %d templates, %v", name, len(got), err)
		}
		if err != nil && strings.Contains(err.Error(), "Synthetic") {
			t.Errorf("%s: the message holds a value: %v", name, err)
		}
	}
}

// TestTemplateForIsOfTheObjectsDevice draws one from an object, and finds its device.
func TestTemplateForIsOfTheObjectsDevice(t *testing.T) {
	t.Parallel()
	raw := part10(t, dicom.ExplicitLittleEndian, chest(32))
	got, err := TemplateFor(raw, [][4]int{{0, 0, 4, 4}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(ofChest([4]int{0, 0, 4, 4}), got); diff != "" {
		t.Error(diff)
	}
	other := got
	other.Rows = 31
	if device := Device(raw); !MayFit(got, device) || MayFit(other, device) {
		t.Errorf("of the device %q: %t, and one of another size: %t", device, MayFit(got, device), MayFit(other, device))
	}
	nameless := chest(32)
	nameless.Remove(tagManufacturer)
	for name, tt := range map[string]struct {
		raw   []byte
		boxes [][4]int
	}{
		"a box outside":  {raw, [][4]int{{0, 0, 33, 1}}},
		"no box":         {raw, nil},
		"no maker":       {part10(t, dicom.ExplicitLittleEndian, nameless), [][4]int{{0, 0, 1, 1}}},
		"no object":      {[]byte("DICM"), [][4]int{{0, 0, 1, 1}}},
		"no whole one":   {raw[:200], [][4]int{{0, 0, 1, 1}}},
		"too many boxes": {raw, slices.Repeat([][4]int{{0, 0, 1, 1}}, maxTemplateBoxes+1)},
	} {
		if _, err := TemplateFor(tt.raw, tt.boxes); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// FuzzParseTemplates: what is read is sound, and is read again from what is written.
func FuzzParseTemplates(f *testing.F) {
	f.Add([]byte("format = 1\n[[template]]\nmanufacturer = \"S\"\nrows = 4\ncolumns = 4\nboxes = [[0, 0, 4, 1]]\n"))
	f.Add([]byte("format = 1\n[[template]]\nmanufacturer = 'S'\nmodel='\\'\nrows = 4\ncolumns = 4\nboxes = [[0, 0, 4, 1],[1,1,2,2]]\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		templates, err := ParseTemplates(text)
		if err != nil {
			return
		}
		for _, template := range templates {
			if err := CheckTemplate(template); err != nil {
				t.Fatal(err)
			}
		}
		written, err := FormatTemplates(templates)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseTemplates(written)
		if err != nil || fmt.Sprint(again) != fmt.Sprint(templates) {
			t.Fatalf("%q is read again as %v, %v", written, again, err)
		}
	})
}

// TestTemplateThatBlanksFitsTheMetadata: whatever an object calls its device, a template
// that blanks in it is not told to be of another device by its metadata; and one of a
// device with a plain other name is.
func TestTemplateThatBlanksFitsTheMetadata(t *testing.T) {
	t.Parallel()
	for _, charset := range []string{"", "ISO_IR 192", "ISO_IR 100", "GB18030", "nonsense"} {
		for _, name := range []string{
			"Synthetic Imaging Works", "  spaced  out ", `two\words`, `\second`, "line\nbreak", "tab\there", strings.Repeat("long ", 20), strings.Repeat("x", 64),
			"Ünïcode", "\xb1\xb1\xbe\xa9", "\xff\xfe", "İstanbul", "ſound", "?", "", "x\x00y", "\u00a0nbsp\u00a0", "·dot · dot",
		} {
			ds := chest(32)
			ds.SetString(tagCharacterSet, dicom.VRCS, charset)
			for _, tag := range []dicom.Tag{tagManufacturer, tagModel} {
				ds.Set(dicom.DataElement{Tag: tag, VR: dicom.VRLO, Value: []byte(name)})
			}
			file, _ := read(t, part10(t, dicom.ExplicitLittleEndian, ds))
			metadata, err := dicomjson.Encode(file, dicomjson.Options{BulkURI: func(path string) string { return path }})
			if err != nil {
				continue // it is kept without metadata, and fits
			}
			template := ofChest([4]int{0, 0, 4, 4})
			template.Manufacturer, template.Model = file.String(tagManufacturer), strings.ToUpper(file.String(tagModel))
			if len(templateMarks(file, []sinso.Template{template})) > 0 && !MayFitMetadata(template, metadata) {
				t.Errorf("%q in %q is blanked by %q, which does not fit its metadata", name, charset, template.Model)
			}
		}
	}
	file, _ := read(t, part10(t, dicom.ExplicitLittleEndian, chest(32)))
	metadata, err := dicomjson.Encode(file, dicomjson.Options{BulkURI: func(path string) string { return path }})
	if err != nil {
		t.Fatal(err)
	}
	for name, other := range map[string]sinso.Template{
		"maker": {Manufacturer: "Another", Model: "Ellipsoid 64", Modality: "CT"}, "model": {Manufacturer: "Synthetic Imaging Works", Model: "Another"},
		"modality": {Manufacturer: "Synthetic Imaging Works", Modality: "MR"},
	} {
		if MayFitMetadata(other, metadata) {
			t.Errorf("one of another %s fits", name)
		}
	}
	if !MayFitMetadata(ofChest(), metadata) || !MayFitMetadata(ofChest(), []byte("{")) || !MayFitMetadata(ofChest(), nil) {
		t.Error("its own does not fit, or one of which nothing is known")
	}
}
