package quality_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/quality"
)

// lacks is what dciodvfy says of an attribute that is missing or empty.
var lacks = regexp.MustCompile(`^Error - (?:Missing attribute|Empty attribute).*Type (1C?|2C?).*Element=<(\w+)>`)

// verified is what dciodvfy says that a file lacks, by keyword, at its root.
func verified(t *testing.T, file []byte) (missing []string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "in.dcm")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := exec.CommandContext(t.Context(), "dciodvfy", path).CombinedOutput() // it exits 1 on any error found
	for line := range strings.Lines(string(out)) {
		if found := lacks.FindStringSubmatch(strings.TrimSpace(line)); found != nil {
			missing = append(missing, found[2])
		}
	}
	slices.Sort(missing)
	return slices.Compact(missing)
}

// found is the same by this package.
func found(t *testing.T, g *quality.Gate, file []byte) (missing []string) {
	t.Helper()
	i, err := g.Read(file, printed)
	if err != nil {
		t.Fatal(err)
	}
	q := quality.Assess(quality.Release{Series: []quality.Series{{Instances: []quality.Instance{i}}}})
	for _, f := range part(q, quality.Validity).Findings {
		if f.Finding == "missing" || f.Finding == "empty" {
			var group, element uint16
			if _, err := fmt.Sscanf(f.Tag, "(%04x,%04x)", &group, &element); err != nil {
				t.Fatal(err)
			}
			known, _ := dicom.Lookup(dicom.Tag(group)<<16 | dicom.Tag(element))
			missing = append(missing, known.Keyword)
		}
	}
	slices.Sort(missing)
	return missing
}

// TestMissingAttributesAreThoseOfDciodvfy takes each required attribute out of a CT slice, and
// compares what is found missing with what dicom3tools' validator finds.
func TestMissingAttributesAreThoseOfDciodvfy(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("dciodvfy"); err != nil {
		t.Skip("needs dciodvfy of Debian's dicom3tools")
	}
	if testing.Short() {
		t.Skip("left out by -short: runs dciodvfy some hundred times")
	}
	g := newGate(t)
	chestSlice := encode(t, chest(t, 1)[0])
	for class, object := range map[string][]byte{
		"1.2.840.10008.5.1.4.1.1.2":     chestSlice,
		"1.2.840.10008.5.1.4.1.1.4":     encode(t, magnetic(t)),
		"1.2.840.10008.5.1.4.1.1.1.1":   encode(t, radiograph(t)),
		"1.2.840.10008.5.1.4.1.1.7":     encode(t, captured(t)),
		"1.2.840.10008.5.1.4.1.1.104.1": encode(t, page(t)),
	} {
		whole := verified(t, object)
		if got := found(t, g, object); !slices.Equal(got, whole) {
			t.Errorf("%s: whole, it lacks %v; dciodvfy says %v", class, got, whole)
		}
		compared := 0
		for _, tag := range g.Required(class) {
			for _, empty := range []bool{false, true} {
				ds := tree(t, object)
				e := ds.Find(tag)
				if e == nil || excepted(tag, empty) {
					continue
				}
				if empty {
					e.Value, e.Items, e.Fragments = nil, nil, nil
				} else {
					ds.Remove(tag)
				}
				file := encode(t, ds)
				got, want := found(t, g, file), verified(t, file)
				compared++
				known, _ := dicom.Lookup(tag)
				if got, want := slices.Contains(got, known.Keyword), slices.Contains(want, known.Keyword); got != want {
					t.Errorf("%s: %s, empty %v: found missing is %v, by dciodvfy %v", class, known.Keyword, empty, got, want)
				}
			}
		}
		if compared < 40 {
			t.Errorf("%s: only %d files were compared", class, compared)
		}
	}
}

// TestRealFilesLackWhatDciodvfySays compares the findings about the files of pydicom.
func TestRealFilesLackWhatDciodvfySays(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("dciodvfy"); err != nil {
		t.Skip("needs dciodvfy of Debian's dicom3tools")
	}
	paths, err := filepath.Glob("/usr/lib/python3/dist-packages/pydicom/data/test_files/*.dcm")
	if err != nil || len(paths) == 0 {
		t.Skip("needs the files of Debian's python3-pydicom")
	}
	if testing.Short() {
		t.Skip("left out by -short: runs dciodvfy some fifty times")
	}
	g := newGate(t)
	compared := 0
	for _, path := range paths {
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		read, err := dicom.Read(file)
		if err != nil {
			continue
		}
		asked := map[string]bool{}
		for _, tag := range g.Required(read.String(0x00080016)) {
			known, _ := dicom.Lookup(tag)
			asked[known.Keyword] = true
		}
		if len(asked) == 0 {
			continue
		}
		compared++
		want := slices.DeleteFunc(verified(t, file), func(keyword string) bool { return !asked[keyword] })
		if got := found(t, g, file); !slices.Equal(got, want) {
			t.Errorf("%s: it lacks %v, by dciodvfy %v", filepath.Base(path), got, want)
		}
	}
	if compared < 45 {
		t.Errorf("only %d files were compared", compared)
	}
}

// excepted are differences that are meant.
func excepted(tag dicom.Tag, empty bool) bool {
	switch {
	case tag == 0x00080016: // without it neither knows what it looks at
		return true
	case tag == 0x00080005 && empty: // is the default repertoire (PS3.3 C.12.1.1.2), by dciodvfy an error
		return true
	}
	return false
}

// base is a chest without what only a CT has, of another class.
func base(t *testing.T, class, modality string, remove ...dicom.Tag) dicom.Dataset {
	t.Helper()
	ds := chest(t, 1)[0]
	ds.SetString(0x00080016, dicom.VRUI, class)
	ds.SetString(0x00080060, dicom.VRCS, modality)
	for _, tag := range remove {
		ds.Remove(tag)
	}
	return ds
}

func coded(value, scheme, meaning string) dicom.Dataset {
	var ds dicom.Dataset
	ds.SetString(0x00080100, "SH", value)
	ds.SetString(0x00080102, "SH", scheme)
	ds.SetString(0x00080104, "LO", meaning)
	return ds
}

func magnetic(t *testing.T) dicom.Dataset {
	t.Helper()
	ds := base(t, "1.2.840.10008.5.1.4.1.1.4", "MR", 0x00180060, 0x00181120, 0x00281052, 0x00281053, 0x00281054)
	ds.SetString(0x00180020, "CS", "SE", "IR")
	ds.SetString(0x00180021, "CS", "NONE")
	ds.SetString(0x00180022, "CS", "PFP")
	ds.SetString(0x00180023, "CS", "2D")
	ds.SetString(0x00180080, "DS", "500")
	ds.SetString(0x00180081, "DS", "15")
	ds.SetString(0x00180082, "DS", "150")
	ds.SetString(0x00180091, "IS", "1")
	return ds
}

func radiograph(t *testing.T) dicom.Dataset {
	t.Helper()
	ds := base(t, "1.2.840.10008.5.1.4.1.1.1.1", "DX", 0x00200032, 0x00200037, 0x00200052, 0x00201040, 0x00280030)
	ds.SetString(0x00080008, "CS", "ORIGINAL", "PRIMARY", "")
	ds.SetString(0x00080068, "CS", "FOR PRESENTATION")
	ds.Set(dicom.DataElement{Tag: 0x00082218, VR: "SQ", Items: []dicom.Dataset{coded("51185008", "SCT", "Chest")}})
	ds.SetString(0x00181164, "DS", "0.2", "0.2")
	ds.SetString(0x00181508, "CS", "NONE") // asked for where there are distances
	ds.SetString(0x00187004, "CS", "DIRECT")
	ds.SetString(0x00200020, "CS", "L", "F")
	ds.SetString(0x00200062, "CS", "U")
	ds.SetString(0x00281040, "CS", "LOG")
	ds.Set(dicom.DataElement{Tag: 0x00281041, VR: "SS", Value: []byte{0xFF, 0xFF}})
	ds.SetString(0x00281054, "LO", "US")
	ds.SetString(0x00281052, "DS", "0")
	ds.SetString(0x00282110, "CS", "00")
	ds.SetString(0x20500020, "CS", "IDENTITY")
	ds.Set(dicom.DataElement{Tag: 0x00400555, VR: "SQ"})
	return ds
}

func captured(t *testing.T) dicom.Dataset {
	t.Helper()
	ds := base(t, "1.2.840.10008.5.1.4.1.1.7", "OT", 0x00200032, 0x00200037, 0x00200052, 0x00201040)
	ds.SetString(0x00080064, "CS", "WSD")
	ds.SetString(0x00200020, "CS", "L", "F")
	return ds
}

func page(t *testing.T) dicom.Dataset {
	t.Helper()
	ds := base(t, "1.2.840.10008.5.1.4.1.1.104.1", "DOC", 0x7FE00010, 0x00280002, 0x00280004, 0x00280010, 0x00280011, 0x00280100, 0x00280101, 0x00280102, 0x00280103)
	ds.SetString(0x00080064, "CS", "WSD")
	ds.SetString(0x00420010, "ST", "A page")
	ds.Set(dicom.DataElement{Tag: 0x00420011, VR: "OB", Value: []byte("%PDF-1.7")})
	ds.SetString(0x00420012, "LO", "application/pdf")
	ds.Set(dicom.DataElement{Tag: 0x0040A043, VR: "SQ", Items: []dicom.Dataset{coded("18748-4", "LN", "Diagnostic Imaging Report")}})
	return ds
}

// TestMutantsAreJudged changes some bytes of a slice at a time.
func TestMutantsAreJudged(t *testing.T) {
	t.Parallel()
	g := newGate(t)
	whole := encode(t, chest(t, 1)[0])
	r := rand.New(rand.NewPCG(1, 2))
	read := 0
	for range 3000 {
		mutant := slices.Clone(whole)
		for range 1 + r.IntN(6) {
			at := 132 + r.IntN(3000) // header
			mutant[at] = byte(r.Uint32())
		}
		i, err := g.Read(mutant, printed)
		if err != nil {
			continue
		}
		read++
		scored(t, quality.Assess(quality.Release{Series: []quality.Series{{Instances: []quality.Instance{i, i}}}}))
	}
	if read < 500 {
		t.Errorf("only %d of 3000 mutants could be read", read)
	}
}

// FuzzRead judges whatever there is: it never panics, and every score is one.
func FuzzRead(f *testing.F) {
	g, err := quality.New()
	if err != nil {
		f.Fatal(err)
	}
	for _, ds := range chest(f, 2) {
		f.Add(encode(f, ds))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		i, err := g.Read(b, printed)
		if err != nil {
			return
		}
		q := quality.Assess(quality.Release{Series: []quality.Series{{Instances: []quality.Instance{i, i}}}})
		scored(t, q)
	})
}

func scored(t *testing.T, q sinso.Quality) {
	t.Helper()
	known := quality.Findings()
	for _, p := range q.Parts {
		if p.Score < 0 || p.Score > 100 || q.Score < 0 || q.Score > 100 || len(p.Findings) > 16 {
			t.Fatalf("got %+v", q)
		}
		for _, f := range p.Findings {
			if says, _ := quality.Explain(f.Finding); says == "" || known[f.Finding] != quality.Part(p.Part) {
				t.Fatalf("%s: a finding %q that nobody knows", p.Part, f.Finding)
			}
		}
	}
}

// TestEachFindingIsExplained in a sentence.
func TestEachFindingIsExplained(t *testing.T) {
	t.Parallel()
	for name := range quality.Findings() {
		if says, _ := quality.Explain(name); says == "" {
			t.Errorf("%s has no sentence", name)
		}
	}
	if quality.Attribute("(0028,0030)") != "Pixel Spacing" || quality.Attribute("Pixel Spacing") != "" {
		t.Error("attributes are named wrongly")
	}
}
