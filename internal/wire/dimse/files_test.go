package dimse_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"sinso.dev/sinso/internal/wire/dimse"
)

const pydicomFiles = "/usr/lib/python3/dist-packages/pydicom/data/test_files"

// realObjects returns the objects of pydicom's test files, one of each SOP Instance
// UID.
func realObjects(t *testing.T) []*dimse.Object {
	t.Helper()
	var out []*dimse.Object
	seen := map[string]bool{}
	err := filepath.WalkDir(pydicomFiles, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		o, err := dimse.ParseObject(b)
		if err == nil && !seen[o.SOPInstance] && len(o.Data)%2 == 0 {
			seen[o.SOPInstance] = true
			out = append(out, o)
		}
		return nil
	})
	if err != nil {
		t.Fatalf("python3-pydicom is missing: %v", err)
	}
	return out
}

// sendAll sends each object on associations with a context for its class and syntax,
// and returns those that were taken.
func sendAll(t *testing.T, address string, objects []*dimse.Object) (taken []*dimse.Object) {
	t.Helper()
	var pairs []dimse.Pair
	for _, o := range objects {
		pairs = append(pairs, dimse.Pair{Class: o.SOPClass, Syntax: o.Syntax})
	}
	for _, group := range dimse.ContextsOf(pairs...) {
		a := dial(t, address, group...)
		for _, o := range objects {
			if !slices.Contains(a.Syntaxes(o.SOPClass), o.Syntax) {
				continue
			}
			status, err := a.Store(t.Context(), o)
			if err != nil {
				t.Fatalf("%d bytes in %s: %v", len(o.Data), o.Syntax, err)
			}
			if status == dimse.StatusSuccess {
				taken = append(taken, o)
			}
		}
		if err := a.Release(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return taken
}

// TestRealFilesArriveAsTheyAre sends real files in all their transfer syntaxes to our
// server.
func TestRealFilesArriveAsTheyAre(t *testing.T) {
	if testing.Short() {
		t.Skip("needs python3-pydicom")
	}
	t.Parallel()
	var mu sync.Mutex
	got := map[string][]byte{}
	address := serve(t, dimse.Config{Supports: everything, Store: func(_ context.Context, _ *dimse.Association, r *dimse.StoreRequest) dimse.Status {
		mu.Lock()
		defer mu.Unlock()
		got[r.SOPInstance] = bytes.Clone(r.Part10())
		return dimse.StatusSuccess
	}})
	objects := realObjects(t)
	if taken := sendAll(t, address, objects); len(taken) != len(objects) || len(objects) < 50 {
		t.Errorf("%d of %d objects were taken", len(taken), len(objects))
	}
	syntaxes := map[string]bool{}
	for _, want := range objects {
		syntaxes[want.Syntax] = true
		o, err := dimse.ParseObject(got[want.SOPInstance])
		if err != nil {
			t.Errorf("%d bytes in %s: %v", len(want.Data), want.Syntax, err)
			continue
		}
		if !bytes.Equal(o.Data, want.Data) || o.Syntax != want.Syntax {
			t.Errorf("another object arrived: %d bytes in %s, want %d in %s", len(o.Data), o.Syntax, len(want.Data), want.Syntax)
		}
	}
	t.Logf("%d objects in %d transfer syntaxes", len(objects), len(syntaxes))
}

// TestStorescpKeepsRealFilesAsTheyAre sends real files to dcmtk, which writes what it
// reads from the network.
func TestStorescpKeepsRealFilesAsTheyAre(t *testing.T) {
	if testing.Short() {
		t.Skip("needs dcmtk, python3-pydicom")
	}
	t.Parallel()
	port, dir := freePort(t), t.TempDir()
	start(t, port, "storescp", "+B", "+xa", "-pm", "-od", dir, port)
	taken := sendAll(t, "127.0.0.1:"+port, realObjects(t))
	if len(taken) < 50 {
		t.Errorf("only %d objects were taken", len(taken))
	}
	got := received(t, dir)
	for _, want := range taken {
		if b, ok := got.files[want.SOPInstance]; !ok || !bytes.Equal(parsed(t, b).Data, want.Data) {
			t.Errorf("another object was kept: %d bytes in %s", len(want.Data), want.Syntax)
		}
	}
	t.Logf("%d objects", len(taken))
}
