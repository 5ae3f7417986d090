package node

import (
	"os"
	"path/filepath"
	"testing"

	"sinso.dev/sinso/internal/client"
)

// TestRunningNodeImportsNotItself has a running node import the folder that its own
// folder, its key file and its blocks lie in: only what is not its own is looked at.
func TestRunningNodeImportsNotItself(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	tn := &town{dir: t.TempDir(), clock: wall{}}
	n, err := tn.node(ctx, Config{Data: filepath.Join(tn.dir, "seller"), Blobs: "pack:" + filepath.Join(tn.dir, "blobs"), Chain: "none"})
	if err != nil {
		t.Fatal(err)
	}
	if err := tn.serve(ctx, n); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(tn.dir, "note.txt"), []byte("no DICOM"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := client.Dial(n.Config.Data)
	if err != nil {
		t.Fatal(err)
	}
	var result ImportResult
	if err := c.Do(ctx, "POST", "/api/v1/local/imports", map[string]any{"paths": []string{tn.dir}}, &result); err != nil {
		t.Fatal(err)
	}
	// note.txt, and the file in which this test keeps the node's address.
	if result.Files != 2 || result.Quarantined != 2 {
		t.Errorf("got %d files, %d quarantined, want 2 and 2", result.Files, result.Quarantined)
	}
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
}
