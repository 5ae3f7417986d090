package deidrun

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/deid/deface/headphantom"
)

func preset(t testing.TB, name string) *deid.Profile {
	t.Helper()
	p, err := deid.Preset(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// scanned draws a small head in 20 slices, and returns them.
func scanned(t testing.TB, look headphantom.Contrast, series headphantom.Series) [][]byte {
	t.Helper()
	scan := headphantom.HeadFirst(look, 8)
	scan.Columns, scan.Rows, scan.Slices, scan.Middle = 74, 86, 20, headphantom.Place{0, -10, -22}
	series.Volume = scan.Measure(headphantom.Head{Size: 0.7, Narrow: 1, Neck: true}.At)
	objects, err := series.Objects()
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

// putAll writes the objects of a series into a folder.
func putAll(t testing.TB, dir string, objects [][]byte) {
	t.Helper()
	for i, object := range objects {
		put(t, filepath.Join(dir, fmt.Sprintf("%03d", i)), object)
	}
}

// withHeads fills a folder with heads of all kinds and some chest. It returns how many
// slices lose a face where that is asked for, and what is withheld all the same.
func withHeads(t testing.TB) (in string, heads, kept, chest int) {
	t.Helper()
	in = filepath.Join(inMemory(t), "in")
	named := scanned(t, headphantom.CT(), headphantom.Series{Name: "A", BodyPart: "HEAD"})
	putAll(t, filepath.Join(in, "named"), named)
	put(t, filepath.Join(in, "twice"), named[3])
	misnamed := scanned(t, headphantom.CT(), headphantom.Series{Name: "B", BodyPart: "CHEST"})
	putAll(t, filepath.Join(in, "misnamed"), misnamed)
	unnamed := scanned(t, headphantom.T1(), headphantom.Series{Name: "C"})
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	for range 2 { // entries of one name
		for i, object := range unnamed {
			w, err := z.Create(fmt.Sprint("z/", i/2))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write(object); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(in, "packed"), packed.Bytes())
	broken := scanned(t, headphantom.CT(), headphantom.Series{Name: "D", BodyPart: "HEAD"})
	putAll(t, filepath.Join(in, "broken"), slices.Delete(broken, 9, 13))
	for i := range 12 {
		put(t, filepath.Join(in, "chest", strconv.Itoa(i)), object{study: 1, number: i, across: 330, pixels: 100}.part10(t))
	}
	return in, len(named) + len(misnamed) + len(unnamed), len(broken) - 4, 12
}

// TestFacesAreTakenOutOfWholeSeries or withheld where the profile does not ask for that,
// whatever a series says of itself, and with one job as with many.
func TestFacesAreTakenOutOfWholeSeries(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: needs some seconds")
	}
	in, heads, kept, chest := withHeads(t)
	root := inMemory(t)
	o := Options{In: in, Out: filepath.Join(root, "held"), Key: &[32]byte{7}, Profile: preset(t, "research-sale")}
	if got := mustRun(t, o); got.Clean != chest || got.Withheld != heads+kept || got.Faceless != 0 || got.Refused != 0 {
		t.Errorf("where faces stay: got %+v, want %d clean and %d withheld", got, chest, heads+kept)
	}
	o.Profile = preset(t, "research-sale-defaced")
	var files map[string]string
	var report []string
	for _, jobs := range []int{1, 4} {
		o.Out, o.Jobs, o.Reports = filepath.Join(root, strconv.Itoa(jobs)), jobs, []string{filepath.Join(root, "r")}
		got := mustRun(t, o)
		if got.Clean != heads+chest || got.Withheld != kept || got.Faceless != heads || got.Reasons[deid.ReasonFace] != kept {
			t.Errorf("%d jobs: got %+v, want %d without a face, %d with nothing done and %d withheld", jobs, got, heads, chest, kept)
		}
		gotFiles, gotReport := tree(t, o.Out), reportOf(t, o.Reports[0], o.Out)
		if files == nil {
			files, report = gotFiles, gotReport
		}
		if diff := cmp.Diff(files, gotFiles); diff != "" || len(files) != heads+chest+kept {
			t.Errorf("%d jobs: %d files, other ones:\n%s", jobs, len(files), diff)
		}
		if diff := cmp.Diff(report, gotReport); diff != "" {
			t.Errorf("%d jobs: another report:\n%s", jobs, diff)
		}
	}
	seriesAre(t, o.Reports[0], heads, kept)
	o.DryRun, o.Reports = true, []string{filepath.Join(root, "dry")}
	mustRun(t, o)
	if diff := cmp.Diff(report, reportOf(t, o.Reports[0], o.Out)); diff != "" {
		t.Errorf("a dry run says other things (-run +dry):\n%s", diff)
	}
	faceless := 0
	for name := range files {
		file := mustRead(t, filepath.Join(o.Out, name))
		out := file.String(0x00280302) == "NO" // Recognizable Visual Features
		if out {
			faceless++
		}
		if withheld := strings.HasPrefix(name, withheldDir); withheld && out {
			t.Errorf("%s is withheld, and has no face", name)
		}
	}
	if faceless != heads {
		t.Errorf("%d files say that they have no face, want %d", faceless, heads)
	}
}

// seriesAre checks what a report says of series: how many files lost a face, and how much
// of it, and of how many why not.
func seriesAre(t *testing.T, report string, heads, kept int) {
	t.Helper()
	text, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(text) {
		var got seriesLine
		if err := json.Unmarshal(line, &got); err != nil {
			t.Fatal(err)
		}
		switch j := got.Series; {
		case j.Series == "":
		case j.Out && j.Face && j.Why == "" && j.Changed > 0.01 && j.Changed < 0.5 && j.Mean > 5 && j.P95 > j.Mean && j.Found == deid.ShowsHead:
			heads -= j.Files
		case !j.Out && j.Face && j.Why != "" && j.Changed == 0:
			kept -= j.Files
		default:
			t.Errorf("got %+v", j)
		}
	}
	if heads != -21 || kept != 0 { // so many of the files are slices that others are too
		t.Errorf("%d and %d files are of no series that the report tells of", heads, kept)
	}
}

func mustRead(t testing.TB, path string) *dicom.File {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := dicom.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// TestMoreOfASeriesIsJudgedAnew runs over a part of a head, and then over all of it: as
// if it had been there at once, and nothing of before stays.
func TestMoreOfASeriesIsJudgedAnew(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: needs some seconds")
	}
	dir := inMemory(t)
	in := filepath.Join(dir, "in")
	head := scanned(t, headphantom.CT(), headphantom.Series{Name: "A", BodyPart: "CHEST"})
	putAll(t, filepath.Join(in, "high"), head[2:])
	o := Options{In: in, Out: filepath.Join(dir, "out"), Key: &[32]byte{7}, Profile: preset(t, "research-sale-defaced")}
	first := mustRun(t, o)
	before := tree(t, o.Out)
	putAll(t, filepath.Join(in, "low"), head[:2])
	second := mustRun(t, o)
	if first.Faceless != len(head)-2 || second.Faceless != len(head) || second.Files != len(head) {
		t.Errorf("got %+v and then %+v, want all without a face", first, second)
	}
	files := tree(t, o.Out)
	o.Out = filepath.Join(dir, "whole")
	mustRun(t, o)
	if diff := cmp.Diff(tree(t, o.Out), files); diff != "" {
		t.Errorf("other files than at once (-at once +one by one):\n%s", diff)
	}
	same := 0
	for name, sum := range files {
		if before[name] == sum {
			same++
		}
	}
	if same == len(before) {
		t.Error("nothing of the first run was made anew: the test says nothing")
	}
}

// TestAFaceStaysIfItsOriginalsChanged while the run worked: the series is withheld, and
// judged once the files are still.
func TestAFaceStaysIfItsOriginalsChanged(t *testing.T) {
	t.Parallel()
	dir := inMemory(t)
	in := filepath.Join(dir, "in")
	head := scanned(t, headphantom.CT(), headphantom.Series{Name: "A", BodyPart: "HEAD"})
	putAll(t, in, head)
	changed, aside := filepath.Join(in, "007"), filepath.Join(dir, "aside")
	o := Options{In: in, Out: filepath.Join(dir, "out"), Profile: preset(t, "research-sale-defaced"), Jobs: 1}
	told := 0
	o.Progress = func(at Progress) {
		if told++; at.Files == len(head) {
			_ = os.Rename(changed, aside)
		}
	}
	got := mustRun(t, o)
	if got.Withheld != len(head) || got.Clean != 0 || !got.KeyKept || told == 0 {
		t.Fatalf("got %+v, want all withheld, and the key kept", got)
	}
	if err := os.Rename(aside, changed); err != nil {
		t.Fatal(err)
	}
	o.Progress = nil
	if got := mustRun(t, o); got.Faceless != len(head) || got.KeyKept || len(tree(t, o.Out)) != len(head) {
		t.Errorf("with the file there: got %+v and %d files, want %d without a face", got, len(tree(t, o.Out)), len(head))
	}
}

// TestASliceThatIsTwoThingsKeepsBoth: one UID in a head and in a chest is two files, and
// what the head's was with its face is none.
func TestASliceThatIsTwoThingsKeepsBoth(t *testing.T) {
	t.Parallel()
	dir := inMemory(t)
	in := filepath.Join(dir, "in")
	head := scanned(t, headphantom.CT(), headphantom.Series{Name: "A", BodyPart: "HEAD"})
	putAll(t, in, head)
	file, err := dicom.Read(head[5])
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(in, "chest"), object{study: 1, instance: file.String(0x00080018)}.part10(t))
	o := Options{In: in, Out: filepath.Join(dir, "out"), Key: &[32]byte{7}, Profile: preset(t, "research-sale-defaced"), Reports: []string{filepath.Join(dir, "r")}}
	for range 2 {
		if got := mustRun(t, o); got.Clean != len(head)+1 || got.Faceless != len(head) || got.Conflicts != 1 {
			t.Errorf("got %+v, want %d clean and a conflict", got, len(head)+1)
		}
		files := tree(t, o.Out)
		if len(files) != len(head)+1 {
			t.Errorf("got %d files, want %d", len(files), len(head)+1)
		}
		for _, line := range linesOf(t, o.Reports[0]) {
			if _, err := os.Stat(line.Out); line.Out != "" && err != nil {
				t.Errorf("the report names a file that is not there: %v", err)
			}
		}
	}
}

func linesOf(t testing.TB, path string) (out []reportLine) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(text) {
		var l reportLine
		if err := json.Unmarshal(line, &l); err != nil {
			t.Fatal(err)
		}
		out = append(out, l)
	}
	return out
}

// TestNamedHeadMakesItsStudySuspect: one slice that names nothing passes alone, and stays
// beside a slice of its study that names a head.
func TestNamedHeadMakesItsStudySuspect(t *testing.T) {
	t.Parallel()
	named := scanned(t, headphantom.CT(), headphantom.Series{Name: "A", BodyPart: "HEAD"})[3]
	file, err := dicom.Read(scanned(t, headphantom.CT(), headphantom.Series{Name: "A"})[3])
	if err != nil {
		t.Fatal(err)
	}
	tree, err := file.Tree()
	if err != nil {
		t.Fatal(err)
	}
	tree.SetString(0x0020000E, dicom.VRUI, "2.25.77")
	tree.SetString(0x00080018, dicom.VRUI, "2.25.78")
	unnamed, err := dicom.Encode(dicom.ExplicitLittleEndian, tree)
	if err != nil {
		t.Fatal(err)
	}
	root := inMemory(t)
	in := filepath.Join(root, "in")
	put(t, filepath.Join(in, "unnamed"), unnamed)
	o := Options{In: in, Out: filepath.Join(root, "alone"), Key: &[32]byte{7}, Profile: preset(t, "research-sale")}
	if got := mustRun(t, o); got.Clean != 1 || got.Withheld != 0 {
		t.Errorf("alone: %+v", got)
	}
	put(t, filepath.Join(in, "named"), named)
	o.Out = filepath.Join(root, "beside")
	if got := mustRun(t, o); got.Clean != 0 || got.Withheld != 2 || got.Reasons[deid.ReasonFace] != 2 {
		t.Errorf("beside a head: %+v", got)
	}
}

// TestHeadThatIsWithheldAnywayMakesItsStudySuspect: a head counts also if its pixel
// data withholds it.
func TestHeadThatIsWithheldAnywayMakesItsStudySuspect(t *testing.T) {
	t.Parallel()
	changed := func(raw []byte, series, instance string, long bool) []byte {
		file, err := dicom.Read(raw)
		if err != nil {
			t.Fatal(err)
		}
		tree, err := file.Tree()
		if err != nil {
			t.Fatal(err)
		}
		tree.SetString(0x0020000E, dicom.VRUI, series)
		tree.SetString(0x00080018, dicom.VRUI, instance)
		if long {
			pixels := tree.Find(0x7FE00010) // longer than its header says
			pixels.Value = append(bytes.Clone(pixels.Value), 1, 2, 3, 4)
		}
		out, err := dicom.Encode(dicom.ExplicitLittleEndian, tree)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	root := inMemory(t)
	in := filepath.Join(root, "in")
	put(t, filepath.Join(in, "unnamed"), changed(scanned(t, headphantom.CT(), headphantom.Series{Name: "A"})[3], "2.25.77", "2.25.78", false))
	put(t, filepath.Join(in, "named"), changed(scanned(t, headphantom.CT(), headphantom.Series{Name: "A", BodyPart: "HEAD"})[3], "2.25.79", "2.25.80", true))
	o := Options{In: in, Out: filepath.Join(root, "out"), Key: &[32]byte{7}, Profile: preset(t, "research-sale")}
	if got := mustRun(t, o); got.Clean != 0 || got.Withheld != 2 {
		t.Errorf("%+v, want both withheld", got)
	}
}
