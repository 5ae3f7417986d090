package deidrun

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRestartLeavesNothingOfBefore begins again under another key.
func TestRestartLeavesNothingOfBefore(t *testing.T) {
	t.Parallel()
	in, want := mixed(t)
	dir := inMemory(t)
	o := Options{In: in, Out: filepath.Join(dir, "out"), Key: &[32]byte{1}}
	mustRun(t, o)
	put(t, filepath.Join(o.Out, "mine.txt"), []byte("of somebody else"))
	o.Key, o.Restart = &[32]byte{2}, true
	if got := mustRun(t, o); !got.same(want) || got.Earlier != 0 {
		t.Errorf("got %+v, want %+v", got, want)
	}
	plain := Options{In: in, Out: filepath.Join(dir, "plain"), Key: &[32]byte{2}}
	mustRun(t, plain)
	wantFiles := tree(t, plain.Out)
	got := tree(t, o.Out)
	if got["mine.txt"] == "" {
		t.Error("a file that no run made is gone")
	}
	delete(got, "mine.txt")
	if diff := cmp.Diff(wantFiles, got); diff != "" {
		t.Errorf("other files than of a run alone:\n%s", diff)
	}
}

// TestARestartThatWasCutOffIsEnded by a run that knows nothing of it, and has another
// key: nothing of before stays.
func TestARestartThatWasCutOffIsEnded(t *testing.T) {
	t.Parallel()
	in, want := mixed(t)
	dir := inMemory(t)
	o := Options{In: in, Out: filepath.Join(dir, "out"), Key: &[32]byte{1}}
	mustRun(t, o)
	path := filepath.Join(o.Out, stateDir, runFile)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var s state
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	s.Restarting = true
	if text, err = json.Marshal(s); err != nil {
		t.Fatal(err)
	}
	put(t, path, text)
	removed := 0
	for name := range tree(t, o.Out) {
		if removed++; removed%3 == 0 {
			if err := os.Remove(filepath.Join(o.Out, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	o.Key = &[32]byte{2}
	if got := mustRun(t, o); !got.same(want) || got.Earlier != 0 {
		t.Errorf("got %+v, want %+v", got, want)
	}
	plain := Options{In: in, Out: filepath.Join(dir, "plain"), Key: &[32]byte{2}, Reports: []string{filepath.Join(dir, "plain", "r.jsonl")}}
	mustRun(t, plain)
	files := tree(t, plain.Out)
	if files["r.jsonl"] == "" {
		t.Error("a report in OUT was not written")
	}
	delete(files, "r.jsonl")
	if diff := cmp.Diff(files, tree(t, o.Out)); diff != "" {
		t.Errorf("other files than of a run alone:\n%s", diff)
	}
}
