package deid

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso/internal/format/dicom"
)

func tableRows(tb testing.TB) []Row {
	tb.Helper()
	rows, err := parseTable(tableE11)
	if err != nil {
		tb.Fatal(err)
	}
	return rows
}

// TestTableHasEveryRow counts the table as DICOM published it in edition 2024b.
func TestTableHasEveryRow(t *testing.T) {
	t.Parallel()
	want := map[string]int{"X": 384, "D": 92, "U": 54, "Z": 42, "X/D": 22, "X/Z": 11, "X/Z/D": 8, "Z/D": 6, "X/Z/U*": 2}
	got, total := map[string]int{}, 0
	options := map[string]int{}
	for _, row := range tableRows(t) {
		got[row.Basic]++
		total++
		for name, cell := range map[string]string{
			"private": row.Private, "uids": row.UIDs, "devices": row.Devices, "institution": row.Institution, "patient": row.Patient,
			"full": row.DatesFull, "modified": row.DatesModified, "descriptors": row.Descriptors,
			"structured": row.StructuredContent, "graphics": row.Graphics,
		} {
			if cell != "-" {
				options[name]++
			}
		}
	}
	if total != 621 {
		t.Errorf("rows: got %d, want 621", total)
	}
	for action, n := range want {
		if got[action] != n {
			t.Errorf("action %s: got %d rows, want %d", action, got[action], n)
		}
	}
	wantOptions := map[string]int{
		"full": 165, "modified": 165, "descriptors": 125, "uids": 59, "devices": 57, "patient": 13, "institution": 10, "graphics": 4, "structured": 3, "private": 1,
	}
	for option, n := range wantOptions {
		if options[option] != n {
			t.Errorf("option %s: got %d rows, want %d", option, options[option], n)
		}
	}
}

func TestTableRefusesWhatItIsNot(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"too few columns": "head\n00080050\tZ\n",
	} {
		if _, err := parseTable(text); err == nil {
			t.Errorf("%s: was read", name)
		}
	}
	row := Row{Pattern: "00080050", Basic: "Z", DatesModified: "-", Devices: "-"}
	for name, rows := range map[string][]Row{
		"unknown action":       {{Pattern: "00080050", Basic: "Q"}},
		"no tag":               {{Pattern: "0008", Basic: "X"}},
		"twice":                {row, row},
		"pattern that is kept": {{Pattern: "50xxxxxx", Basic: "Z"}},
	} {
		if _, err := compileTable(rows, Options{}); err == nil {
			t.Errorf("%s: was compiled", name)
		}
	}
	for name, text := range map[string]string{
		"columns": "00080050\tkeep\n", "tag": "0008\tkeep\tx\n", "action": "00080050\tshred\tx\n",
	} {
		if _, err := compileUnlisted(text); err == nil {
			t.Errorf("unlisted rules, %s: were compiled", name)
		}
	}
}

func TestUnlistedRulesAreNotInTheTable(t *testing.T) {
	t.Parallel()
	p := newProfile(t)
	for tag := range p.unlisted {
		if _, listed := p.rules[tag]; listed {
			t.Errorf("%v is in Table E.1-1", tag)
		}
	}
}

// planted returns a value of a VR that can be found again, and the bytes to look
// for.
func planted(vr dicom.VR, n int) (value, marker []byte) {
	if vr == dicom.VRUS || vr == dicom.VRSS {
		return []byte{0xB7, byte(1 + n%200)}, nil // two bytes are anywhere: the element is looked at
	}
	text, ok := map[dicom.VR]string{
		dicom.VRDA: fmt.Sprintf("1%03d0%d1%d", n%1000, 1+n%9, n%10),
		dicom.VRDT: fmt.Sprintf("1%03d0%d1%d070809.%06d", n%1000, 1+n%9, n%10, n),
		dicom.VRTM: fmt.Sprintf("0708%02d.%06d", n%60, 100000+n),
		dicom.VRUI: fmt.Sprintf("1.2.840.99%04d.77%d", n, n),
		dicom.VRDS: fmt.Sprintf("9%07d31", n),
		dicom.VRIS: fmt.Sprintf("9%07d31", n),
		dicom.VRAS: fmt.Sprintf("%03dY", 100+n%800),
		dicom.VRUR: fmt.Sprintf("https://mk%07dzq.example", n),
	}[vr]
	if !ok {
		text = fmt.Sprintf("MK%07dZQ ", n)
	}
	value = []byte(text)
	marker = bytes.TrimSpace(value)
	if len(value)%2 == 1 {
		pad := byte(' ')
		if vr == dicom.VRUI {
			pad = 0
		}
		value = append(value, pad)
	}
	return value, marker
}

// plantedElement makes the element of a row: a value, or a sequence whose items
// hold one, in a text of the standard and in the code of a person.
func plantedElement(tag dicom.Tag, vr dicom.VR, n int) (dicom.DataElement, []byte) {
	if vr != dicom.VRSQ {
		value, marker := planted(vr, n)
		return dicom.DataElement{Tag: tag, VR: vr, Value: value}, marker
	}
	value, marker := planted(dicom.VRLO, n)
	var item dicom.Dataset
	for _, inner := range []dicom.Tag{tagPatientID, tagInstitution, 0x00081070} {
		item.Set(dicom.DataElement{Tag: inner, VR: dicom.VRLO, Value: value})
	}
	return dicom.DataElement{Tag: tag, VR: vr, Items: []dicom.Dataset{item, item}}, marker
}

// vrsOf returns the VRs that a tag may have; LO for what this dictionary is too
// old for.
func vrsOf(tag dicom.Tag, row Row) []dicom.VR {
	if a, ok := dicom.Lookup(tag); ok && len(a.VRs) > 0 {
		return a.VRs
	}
	if strings.Contains(row.Basic, "U") {
		return []dicom.VR{dicom.VRUI}
	}
	return []dicom.VR{dicom.VRLO}
}

// tagsOf returns the tags that a row means, examples of a pattern.
func tagsOf(tb testing.TB, row Row) []dicom.Tag {
	tb.Helper()
	switch row.Pattern {
	case "odd":
		return []dicom.Tag{0x00091001, 0x00110010, 0x7FE11010, 0x000B0001}
	case "50xxxxxx":
		return []dicom.Tag{0x50003000, 0x501E0022}
	case "60xx3000", "60xx4000":
		low := dicom.Tag(0x3000)
		if row.Pattern == "60xx4000" {
			low = 0x4000
		}
		return []dicom.Tag{0x60000000 | low, 0x60020000 | low, 0x601E0000 | low}
	}
	tag, err := parseTag(row.Pattern)
	if err != nil {
		tb.Fatal(err)
	}
	return []dicom.Tag{tag}
}

// fate is what the standard says of a row under some options.
type fate struct {
	kept    bool // the value, as it was
	shifted bool // a date or time, moved
	basic   string
}

// fateOf reads the row's cells as PS3.15 §E.3 has them, with this project's two
// exceptions: a device's own dates are not kept by moving them, and moments that an
// option for devices keeps are moved where other dates are.
func fateOf(row Row, o Options, vr dicom.VR) fate {
	moment := vr == dicom.VRDA || vr == dicom.VRDT || vr == dicom.VRTM
	device, date := row.Devices == "K", row.DatesFull == "K"
	deviceKept := device && o[RetainDeviceIdentity]
	f := fate{basic: row.Basic}
	switch {
	case deviceKept && date && o[RetainModifiedDates] && moment:
		f.shifted = true
	case deviceKept,
		row.UIDs == "K" && o[RetainUIDs],
		row.Institution == "K" && o[RetainInstitutionIdentity],
		row.Patient == "K" && o[RetainPatientCharacteristics],
		date && o[RetainFullDates] && !device:
		f.kept = true
	case date && o[RetainModifiedDates] && moment:
		f.shifted = !device || strings.HasPrefix(row.Basic, "D") || strings.Contains(row.Basic, "/D")
	}
	return f
}

// violation says how what became of an element breaks its row, or "".
func violation(row Row, o Options, before dicom.DataElement, after *dicom.DataElement) string {
	f := fateOf(row, o, before.VR)
	same := after != nil && bytes.Equal(bytes.TrimRight(after.Value, " \x00"), bytes.TrimRight(before.Value, " \x00"))
	group := before.Tag.Group()
	switch {
	case group == groupCommand || group == groupMeta:
		if after != nil {
			return "it is there, and has no place in a data set"
		}
		return ""
	case (f.kept || cleans(row, o)) && before.VR == dicom.VRSQ:
		if after == nil || len(after.Items) != len(before.Items) {
			return "its items are not all there"
		}
		return ""
	case f.kept && before.VR == dicom.VRAS:
		if after == nil || string(after.Value) != oldest { // all that are planted are over 89
			return "it does not say that the person is over 89"
		}
		return ""
	case f.kept && !same:
		return "an option retains it, and it is not as it was"
	case f.kept:
		return ""
	case same && len(before.Value) > 0:
		return "the value is unchanged"
	case f.shifted:
		return badMoment(before, after)
	default:
		return basicViolation(row, before, after)
	}
}

// cleans reports whether an option has a C for the row.
func cleans(row Row, o Options) bool {
	return o[CleanDescriptors] && row.Descriptors == "C" || o[CleanStructuredContent] && row.StructuredContent == "C" ||
		o[CleanGraphics] && row.Graphics == "C" || o[RetainPatientCharacteristics] && row.Patient == "C"
}

func badMoment(before dicom.DataElement, after *dicom.DataElement) string {
	form := map[dicom.VR]string{dicom.VRDA: dateForm, dicom.VRDT: dateForm + "150405", dicom.VRTM: "150405"}[before.VR]
	if after == nil {
		return "a date or time that is to be moved is gone"
	}
	if _, err := time.Parse(form, strings.TrimRight(string(after.Value), " ")); err != nil {
		return "it is no date or time"
	}
	return ""
}

// basicViolation is violation for the Basic Profile's own cell.
func basicViolation(row Row, before dicom.DataElement, after *dicom.DataElement) string {
	switch {
	case row.Basic == "X" || row.Pattern == referencedStudy:
		if after != nil {
			return "it is there"
		}
		return ""
	case after == nil:
		return "it is gone, and may be of type 1 or 2"
	case row.Basic == "D" || strings.Contains(row.Basic, "/D") || row.Basic == "U":
		if len(after.Value) == 0 && len(after.Items) == 0 {
			return "it is empty, and may be of type 1"
		}
		return ""
	case row.Basic == "X/Z/U*":
		if len(after.Items) != len(before.Items) {
			return "its items are gone"
		}
		return ""
	case len(after.Value) > 0 || len(after.Items) > 0:
		return "it is not empty"
	}
	return ""
}

// optionSets are: none, each alone, and those of every preset.
func optionSets(tb testing.TB) map[string][]Option {
	tb.Helper()
	sets := map[string][]Option{"none": nil}
	for option := range optionCodes {
		sets[string(option)] = []Option{option}
	}
	for _, name := range Presets() {
		p, err := Preset(name)
		if err != nil {
			tb.Fatal(err)
		}
		sets["preset "+name] = p.Options()
	}
	return sets
}

// TestCleanFollowsTableE11 checks each attribute of PS3.15 Table E.1-1 under each
// option and each preset, in each VR it may have, at the root and in items, for what
// the table says.
func TestCleanFollowsTableE11(t *testing.T) {
	t.Parallel()
	for name, options := range optionSets(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if testing.Short() && name != "none" && name != "preset research-sale" {
				t.Skip("left out by -short: each takes some seconds under the race detector")
			}
			p := profileWith(t, options...)
			n := 0
			for _, row := range tableRows(t) {
				for _, tag := range tagsOf(t, row) {
					if tag.Group() == groupMeta || tag == tagStudyTime {
						continue // TestMetaIsMadeAnew; the study's time moves all others
					}
					for _, vr := range vrsOf(tag, row) {
						n++
						followsRow(t, p, row, tag, vr, n)
					}
				}
			}
			if n < 620 {
				t.Errorf("%d cases, want one for each row", n)
			}
		})
	}
}

// followsRow checks one attribute in one VR.
func followsRow(t *testing.T, p *Profile, row Row, tag dicom.Tag, vr dicom.VR, n int) {
	t.Helper()
	e, _ := plantedElement(tag, vr, n)
	syntaxes := []string{dicom.ExplicitLittleEndian, dicom.ImplicitLittleEndian, dicom.ExplicitBigEndian}
	for depth := range 3 {
		ds := chest(2)
		ds.Set(nested(e, depth))
		_, tree := read(t, clean(t, p, part10(t, syntaxes[(n+depth)%len(syntaxes)], ds), 1).Clean.Bytes)
		at := &tree
		for range depth {
			at = &at.Find(tagKeptSequence).Items[0]
		}
		if tag == tagPatientName && depth == 0 {
			continue // TestEveryDerivativeShowsThatItIsOne
		}
		if why := violation(row, p.options, e, at.Find(tag)); why != "" {
			t.Errorf("%v %s, %s, action %s, depth %d: %s", tag, row.Name, vr, row.Basic, depth, why)
		}
	}
}

// hides returns the ways in which text can stand in bytes.
func hides(marker []byte) [][]byte {
	little, big := []byte{}, []byte{}
	for _, c := range marker {
		little, big = append(little, c, 0), append(big, 0, c)
	}
	return [][]byte{marker, bytes.ToLower(marker), little, big}
}

// TestNoPlantedIdentifierIsLeft puts a marker into every attribute of the table,
// at the root, two items deep and in private elements and sequences, in the File
// Meta Information and the preamble, and looks for it in the derivative.
func TestNoPlantedIdentifierIsLeft(t *testing.T) {
	t.Parallel()
	p := newProfile(t)
	for _, syntax := range []string{dicom.ExplicitLittleEndian, dicom.ImplicitLittleEndian, dicom.ExplicitBigEndian, dicom.DeflatedExplicitLittleEndian} {
		raw, markers := plantEverywhere(t, syntax)
		if len(markers) < 1800 {
			t.Fatalf("only %d markers", len(markers))
		}
		out := clean(t, p, raw, 1).Clean.Bytes
		if syntax == dicom.DeflatedExplicitLittleEndian {
			_, tree := read(t, out)
			out = part10(t, dicom.ExplicitLittleEndian, tree) // to look into it
		}
		found, planted := 0, 0
		for _, marker := range markers {
			if syntax != dicom.DeflatedExplicitLittleEndian && bytes.Contains(raw, marker) {
				planted++
			}
			for _, hidden := range hides(marker) {
				if bytes.Contains(out, hidden) {
					found++
					t.Errorf("%s: %q is left", syntax, marker)
				}
			}
		}
		if syntax != dicom.DeflatedExplicitLittleEndian && planted != len(markers) {
			t.Errorf("%s: %d of %d markers are in the original", syntax, planted, len(markers))
		}
		t.Logf("%s: %d of %d identifiers left", syntax, found, len(markers))
	}
}

// plantEverywhere returns a file full of markers.
func plantEverywhere(t *testing.T, syntax string) ([]byte, [][]byte) {
	t.Helper()
	ds := chest(8)
	var markers [][]byte
	n := 1000
	plant := func(into *dicom.Dataset, tag dicom.Tag, vr dicom.VR) {
		n++
		e, marker := plantedElement(tag, vr, n)
		if marker != nil && vr != dicom.VRAS { // four characters are anywhere by chance
			markers = append(markers, marker)
		}
		into.Set(e)
	}
	var deep, private dicom.Dataset
	for _, row := range tableRows(t) {
		for _, tag := range tagsOf(t, row) {
			if tag.Group() == groupMeta || tag == tagSOPInstance {
				continue
			}
			vr := vrsOf(tag, row)[0]
			plant(&ds, tag, vr)
			plant(&deep, tag, vr)
			plant(&private, tag, vr)
		}
	}
	ds.Set(nested(dicom.DataElement{Tag: tagAnatomicRegion, VR: dicom.VRSQ, Items: []dicom.Dataset{deep}}, 1))
	ds.Set(dicom.DataElement{Tag: 0x00090010, VR: dicom.VRLO, Value: []byte("MKCREATORZQ ")})
	ds.Set(dicom.DataElement{Tag: 0x00091002, VR: dicom.VRSQ, Items: []dicom.Dataset{private}})
	ds.Set(dicom.DataElement{Tag: 0x00120064, VR: dicom.VRSQ, Items: []dicom.Dataset{private}})
	var meta dicom.Dataset
	for _, tag := range []dicom.Tag{0x00020016, 0x00020017, 0x00020018} {
		plant(&meta, tag, dicom.VRAE)
	}
	plant(&meta, 0x00020100, dicom.VRUI)
	plant(&meta, 0x00020102, dicom.VROB)
	raw, err := dicom.EncodeMeta(syntax, meta, ds)
	if err != nil {
		t.Fatal(err)
	}
	copy(raw, "MKPREAMBLEZQ")
	return raw, append(markers, []byte("MKCREATORZQ"), []byte("MKPREAMBLEZQ"), []byte("1.2.3.4.1001"))
}

func TestMetaIsMadeAnew(t *testing.T) {
	t.Parallel()
	raw, _ := plantEverywhere(t, dicom.ExplicitLittleEndian)
	result := clean(t, newProfile(t), raw, 1)
	file, _ := read(t, result.Clean.Bytes)
	var got []string
	for _, e := range file.Meta() {
		got = append(got, e.Tag.String())
	}
	want := []string{"(0002,0000)", "(0002,0001)", "(0002,0002)", "(0002,0003)", "(0002,0010)", "(0002,0012)", "(0002,0013)"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if len(bytes.Trim(result.Clean.Bytes[:128], "\x00")) > 0 {
		t.Error("the preamble is not empty")
	}
	if meta, main := file.MetaString(tagMetaSOPInstance), file.String(tagSOPInstance); meta != main || meta != result.Clean.UID || meta == "1.2.3.4.1001" {
		t.Errorf("Media Storage SOP Instance UID %q, SOP Instance UID %q, Clean.UID %q", meta, main, result.Clean.UID)
	}
}
