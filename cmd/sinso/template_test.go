package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

// TestTemplateCommands adds, lists, shares and removes templates on a stopped node, and
// does the same through the socket of a running one.
func TestTemplateCommands(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes about 6 s; left out by -short")
	}
	s := newScript(t, programDir(t))
	dir, err := os.MkdirTemp("", "sinso") //nolint:usetesting // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s.dir = dir
	do := func(format string, args ...any) {
		t.Helper()
		line := fmt.Sprintf(format, args...)
		if err := s.line(line); err != nil {
			t.Fatalf("%s: %v\nstdout:\n%s\nstderr:\n%s", line, err, s.stdout, s.stderr)
		}
	}
	list := func(want int) (rows []sinso.TemplateRow) {
		t.Helper()
		do("exits 0 sinso template ls --data node --json")
		if err := json.Unmarshal([]byte(s.stdout), &rows); err != nil || rows == nil || len(rows) != want {
			t.Fatalf("ls says %q: %v; want %d", s.stdout, err, want)
		}
		return rows
	}
	shared, err := node.FormatTemplates([]sinso.Template{{Manufacturer: "Synthetic Works", Rows: 10, Columns: 20, Boxes: [][4]int{{0, 0, 5, 5}}}})
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "shared.toml"), shared, 0o600)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "bad.toml"), shared[1:], 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	do("exits 0 sinso init --data node")
	do("env SINSO_CHAIN=dev:")
	do("env SINSO_CHAIN_LISTEN=127.0.0.1:0")
	for _, where := range []string{"stopped", "running"} {
		if where == "running" {
			s.background("node", "US")
		}
		list(0)
		do("exits 0 sinso template add --data node --json --manufacturer Works --model X1 --modality US --rows 48 --columns 64 --box 0,0,64,8 --box 1,40,9,48")
		keys := "jsonkeys id manufacturer model modality rows columns boxes added by seq"
		if where == "running" { // it was there before
			keys += " earlier"
		}
		do("%s", keys)
		id := list(1)[0].ID
		do("exits 0 sinso template ls --data node")
		do("stdout '^%s +Works +X1 +US +64×48 +2 +'", id)
		do("exits 0 sinso template show --data node %s", id)
		if s.stdout != "format = 1\n\n[[template]]\nmanufacturer = 'Works'\nmodel = 'X1'\nmodality = 'US'\nrows = 48\ncolumns = 64\nboxes = [[0, 0, 64, 8], [1, 40, 9, 48]]\n" {
			t.Errorf("show prints %q", s.stdout)
		}
		do("exits 0 sinso template import --data node shared.toml")
		list(2)
		do("exits 0 sinso template export --data node")
		if got, err := node.ParseTemplates([]byte(s.stdout)); err != nil || len(got) != 2 {
			t.Errorf("what was exported is read as %d templates, %v", len(got), err)
		}
		do("exits 2 sinso template add --data node --manufacturer Works --rows 48 --columns 64 --box 0,0,65,8")
		do("exits 2 sinso template add --data node --manufacturer Works --rows 48 --columns 64 --box 0,0,64")
		do("exits 10 sinso template add --data node --review v_aaaaaaaaaaaaaaaaaaaaaaaaaa --box 0,0,64,1")
		do("exits 10 sinso template import --data node nosuch.toml")
		do("exits 10 sinso template show --data node t_aaaaaaaaaaaaaaaaaaaaaaaaaa")
		do("exits 10 sinso template rm --data node t_aaaaaaaaaaaaaaaaaaaaaaaaaa")
		for _, row := range list(2) {
			do("exits 0 sinso template rm --data node %s", row.ID)
		}
		do("exits 2 sinso template import --data node bad.toml")
	}
	list(0)
}
