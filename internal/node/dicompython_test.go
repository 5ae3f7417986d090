package node

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// pynetdicomVersion is what scripts/test-deps puts into the user's cache.
const pynetdicomVersion = "2.0.2"

// TestPynetdicomSpeaksEveryService echoes, stores, finds, gets, moves, and asks for
// storage commitment of what is here and of what is not.
func TestPynetdicomSpeaksEveryService(t *testing.T) {
	needsPeers(t)
	t.Parallel()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	library := filepath.Join(cache, "sinso", "pynetdicom-"+pynetdicomVersion)
	if _, err := os.Stat(library); err != nil {
		t.Fatalf("pynetdicom is missing: scripts/test-deps installs it: %v", err)
	}
	client, err := filepath.Abs(filepath.Join("testdata", "pynetdicom_client.py"))
	if err != nil {
		t.Fatal(err)
	}
	port := freePort(t)
	a := openArchive(t, Config{}, Options{}, peerAt("PYNET", port))
	files := studyOf(t, "61", 3, 0)
	study := syntheticRoot + "61"
	cmd := program(t, "/usr/bin/python3", append([]string{client, a.port, port, study}, written(t, files...)...)...)
	cmd.Env = append(cmd.Env, "PYTHONPATH="+library)
	cmd.Stderr = &memoryLog{}
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pynetdicom: %v\n%s", err, cmd.Stderr)
	}
	type report struct {
		Type        int    `json:"type"`
		Transaction string `json:"transaction"`
		Held        []string
		Failed      [][]any
	}
	type told struct {
		Echo, Move, Get int
		Store, Action   []int
		Find            [][]any
		Got, Moved      []string
		Reports         []report
	}
	var got told
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	slices.Sort(got.Got)
	slices.Sort(got.Moved)
	uids := []string{study + ".1.1", study + ".1.2", study + ".1.3"}
	const noSuchObject = float64(0x0112)
	want := told{
		Store: []int{0, 0, 0}, Action: []int{0, 0}, Find: [][]any{{"SYNTHETIC^61", float64(3)}}, Got: uids, Moved: uids,
		Reports: []report{
			{Type: 1, Transaction: "1.2.3.1", Held: uids, Failed: [][]any{}},
			{Type: 2, Transaction: "1.2.3.2", Held: []string{}, Failed: [][]any{{"1.2.3.4.5", noSuchObject}}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
