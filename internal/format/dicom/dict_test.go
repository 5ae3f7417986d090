package dicom_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
)

// TestNamesOfThePageAreThoseOfTheDictionary looks up every name that the page has.
func TestNamesOfThePageAreThoseOfTheDictionary(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../web/src/viewer/names.json")
	if err != nil {
		t.Fatal(err)
	}
	var names map[string]string
	if err := json.Unmarshal(text, &names); err != nil {
		t.Fatal(err)
	}
	if len(names) < 4800 {
		t.Errorf("got %d names, want those of the dictionary", len(names))
	}
	for tag, name := range names {
		n, err := strconv.ParseUint(strings.ReplaceAll(tag, "x", "2"), 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := dicom.Lookup(dicom.Tag(n)); !ok || got.Name != name {
			t.Errorf("%s is %q here, and %q for the page", tag, got.Name, name)
		}
	}
}

// TestDictionaryIsItsFacts looks up every line of the table of facts, by tag and by
// keyword.
func TestDictionaryIsItsFacts(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("dict.tsv")
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		lines++
		want := append(strings.Split(strings.TrimSuffix(line, "\n"), "\t"), "", "", "", "")
		n, err := strconv.ParseUint(strings.ReplaceAll(want[0], "x", "2"), 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		tag := dicom.Tag(n)
		got, ok := dicom.Lookup(tag)
		var vrs []string
		for _, vr := range got.VRs {
			vrs = append(vrs, string(vr))
		}
		if !ok || got.Tag != tag || strings.Join(vrs, "|") != want[1] || got.VM != want[2] || got.Retired != (want[3] == "R") || got.Keyword != want[4] || got.Name != want[5] {
			t.Errorf("%v: got %+v, want %q", tag, got, want)
		}
		if found, ok := dicom.TagOf(want[4]); want[4] != "" && !strings.Contains(want[0], "x") && (!ok || found != tag) {
			t.Errorf("%s: got %v, want %v", want[4], found, tag)
		}
	}
	if lines != 4992 {
		t.Errorf("%d lines, want 4992", lines)
	}
}

// TestDictionaryDoesNotGuess looks up what is in no table.
func TestDictionaryDoesNotGuess(t *testing.T) {
	t.Parallel()
	for _, tag := range []dicom.Tag{0x00090010, 0x00101011, 0x60010010, 0x50013000, 0xFFFFFFFF} {
		if got, ok := dicom.Lookup(tag); ok {
			t.Errorf("%v: got %+v", tag, got)
		}
	}
	for _, keyword := range []string{"", "PatientsName", "OverlayData", "zzz"} {
		if got, ok := dicom.TagOf(keyword); ok {
			t.Errorf("%q: got %v", keyword, got)
		}
	}
}

// TestDictionaryIsGenerated runs the generator: the committed file is what it writes.
func TestDictionaryIsGenerated(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("runs the generator, which -short leaves out")
	}
	out := filepath.Join(t.TempDir(), "dict.go")
	if text, err := exec.Command("go", "run", "./dictgen", "-facts", "dict.tsv", "-out", out).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	got, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("dict_gen.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("dict_gen.go is not what dictgen makes of dict.tsv: run go generate")
	}
}

// TestTagsKnowTheirKind checks what a tag says by itself.
func TestTagsKnowTheirKind(t *testing.T) {
	t.Parallel()
	type kind struct{ private, creator bool }
	for tag, want := range map[dicom.Tag]kind{
		0x00100010: {false, false}, 0x00090010: {true, true}, 0x000900FF: {true, true}, 0x00090100: {true, false},
		0x0009000F: {true, false}, 0x7FE10010: {true, true}, 0x7FE11010: {true, false},
	} {
		if got := (kind{tag.IsPrivate(), tag.IsPrivateCreator()}); got != want {
			t.Errorf("%v: got %v, want %v", tag, got, want)
		}
	}
	if got := dicom.Tag(0x7FE00010).String(); got != "(7FE0,0010)" {
		t.Errorf("got %s", got)
	}
}

// TestLongVRs checks PS3.5 Table 7.1-1.
func TestLongVRs(t *testing.T) {
	t.Parallel()
	long := []dicom.VR{"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"}
	for _, vr := range []dicom.VR{
		"AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "OB", "OD", "OF", "OL", "OV", "OW",
		"PN", "SH", "SL", "SQ", "SS", "ST", "SV", "TM", "UC", "UI", "UL", "UN", "UR", "US", "UT", "UV",
	} {
		if vr.Long() != slices.Contains(long, vr) {
			t.Errorf("%s: got %t", vr, vr.Long())
		}
	}
}

// TestSyntaxes checks how each transfer syntax is written.
func TestSyntaxes(t *testing.T) {
	t.Parallel()
	for uid, want := range map[string]struct {
		syntax dicom.Syntax
		known  bool
	}{
		"1.2.840.10008.1.2":       {dicom.Syntax{}, true},
		"1.2.840.10008.1.2.1":     {dicom.Syntax{Explicit: true}, true},
		"1.2.840.10008.1.2.1.99":  {dicom.Syntax{Explicit: true, Deflated: true}, true},
		"1.2.840.10008.1.2.2":     {dicom.Syntax{Explicit: true, BigEndian: true}, true},
		"1.2.840.10008.1.2.5":     {dicom.Syntax{Explicit: true, Encapsulated: true}, true},
		"1.2.840.10008.1.2.4.50":  {dicom.Syntax{Explicit: true, Encapsulated: true}, true},
		"1.2.840.10008.1.2.4.95":  {dicom.Syntax{Explicit: true, Deflated: true}, true},
		"1.2.840.10008.1.2.4.203": {dicom.Syntax{Explicit: true, Encapsulated: true}, true},
		"1.2.840.10008.1.2.4.5a":  {dicom.Syntax{Explicit: true, Encapsulated: true}, false},
		"1.2.840.10008.1.2.4.999": {dicom.Syntax{Explicit: true, Encapsulated: true}, false},
		"1.2.3":                   {dicom.Syntax{Explicit: true, Encapsulated: true}, false},
	} {
		want.syntax.UID = uid
		if got, known := dicom.SyntaxByUID(uid); got != want.syntax || known != want.known {
			t.Errorf("%s: got %+v %t, want %+v %t", uid, got, known, want.syntax, want.known)
		}
	}
}
