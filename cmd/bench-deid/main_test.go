package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestScorerTellsKeptFromBroken runs the scorer's and the generator's own tests.
func TestScorerTellsKeptFromBroken(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: needs pydicom, numpy, PIL, gdcmconv, dcmtk and fonts")
	}
	cmd := exec.CommandContext(t.Context(), "/usr/bin/python3", "-W", "ignore", "-m", "unittest", "discover", "-s", filepath.Join("..", "..", scripts))
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.HasSuffix(strings.TrimSpace(string(out)), "OK") {
		t.Errorf("unittest: %v\n%s", err, out)
	}
}

// TestGeneratorAndScorerKnowNothingOfWhatTheyMeasure: none of the scripts reads the de-identifier's code or table.
func TestGeneratorAndScorerKnowNothingOfWhatTheyMeasure(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("..", "..", scripts, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, name := range files {
		if info, err := os.Stat(name); err != nil || info.IsDir() {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "internal/stage") || strings.Contains(string(text), "sinso.dev") {
			t.Errorf("%s names the code that it measures", filepath.Base(name))
		}
	}
}

func TestWithheldIsNoOutput(t *testing.T) {
	t.Parallel()
	report := `{"in":"x/in/1.dcm","out":"o/a.dcm","reasons":[]}
{"in":"x/in/2.dcm","out":"o/withheld/b.dcm","reasons":["face"]}
{"in":"x/in/3.dcm","out":"","reasons":["unreadable"]}
{"in":"x/in/4.dcm","out":"c.dcm"}
{"in":"x/in/5.dcm","out":"withheld/d.dcm"}
`
	got, err := reported(strings.NewReader(report), "o")
	if err != nil {
		t.Fatal(err)
	}
	a, c := filepath.Join("o", "a.dcm"), filepath.Join("o", "c.dcm")
	want := outputs{"1.dcm": &a, "2.dcm": nil, "3.dcm": nil, "4.dcm": &c, "5.dcm": nil}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("outputs (-want +got):\n%s", diff)
	}
}

func TestAFileThatAToolLeftOutIsNoOutput(t *testing.T) {
	t.Parallel()
	in, out := t.TempDir(), t.TempDir()
	for _, path := range []string{filepath.Join(in, "1"), filepath.Join(in, "2"), filepath.Join(in, "3"), filepath.Join(out, "1")} {
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(out, "2"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := sameNames(in, out)
	if err != nil || got["1"] == nil || got["2"] != nil || got["3"] != nil || len(got) != 3 {
		t.Errorf("got %v, %v, want an output of the first alone", got, err)
	}
}

func TestATargetIsMetByOursAlone(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		ours, peer tally
		leaks      int
		what       string
		want       bool
	}{
		"enough hidden":             {ours: tally{Released: 100, OfReleased: 0.995}, what: "pixels_hidden, of released", want: true},
		"too little hidden":         {ours: tally{Released: 100, OfReleased: 0.98}, what: "pixels_hidden, of released"},
		"better than the peer only": {ours: tally{Released: 100, OfReleased: 0.5}, peer: tally{Released: 100, OfReleased: 0.1}, what: "pixels_hidden, of released"},
		"nothing released":          {peer: tally{Released: 100, OfReleased: 1}, what: "pixels_hidden, of released"},
		"no leak":                   {what: "leaks in released files", want: true},
		"a leak":                    {leaks: 1, what: "leaks in released files"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mine := score{Checks: map[string]tally{"pixels_hidden": tt.ours}, Total: tally{Leaks: tt.leaks}}
			b := &bench{tools: []scored{{Name: "ours", Score: mine}, {Name: "peer", Score: score{Checks: map[string]tally{"pixels_hidden": tt.peer}}}}}
			b.compare()
			for _, r := range b.rows {
				if r.What == tt.what && r.OK != tt.want {
					t.Errorf("%s: ok is %t, want %t", r.What, r.OK, tt.want)
				}
			}
		})
	}
}
