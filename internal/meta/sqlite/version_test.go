package sqlite

import (
	"errors"
	"path/filepath"
	"testing"

	"sinso.dev/sinso"
)

func TestNewerVersionIsUnsupported(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a folder with ?#%41 in it.db")
	x, err := Open(t.Context(), Config{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	w := x.writer.drain()
	if err := w.exec("PRAGMA user_version = 9999"); err != nil {
		t.Fatal(err)
	}
	x.writer.put(w)
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Config{Path: path}); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("Open of version 9999: got %v, want %v", err, sinso.ErrUnsupported)
	}
}

// TestOlderVersionIsEmptied opens a file of the version before: the journal fills it again.
func TestOlderVersionIsEmptied(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index.db")
	x, err := Open(t.Context(), Config{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	w := x.writer.drain()
	for _, sql := range []string{"UPDATE state SET cursor = 7", "DROP TABLE search", "PRAGMA user_version = 1"} {
		if err := w.exec(sql); err != nil {
			t.Fatal(err)
		}
	}
	x.writer.put(w)
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if x, err = Open(t.Context(), Config{Path: path}); err != nil {
		t.Fatalf("Open of version 1: %v", err)
	}
	defer func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := x.View(t.Context(), func(m sinso.MetaTx) error {
		n, err := m.Cursor()
		if n != 0 {
			t.Errorf("cursor: got %d, want 0", n)
		}
		return errors.Join(err, m.Find(sinso.Query{Level: sinso.LevelStudy}, func(sinso.Found) error { return nil }))
	}); err != nil {
		t.Fatal(err)
	}
}

// TestWriteAfterAFailedWriteIsRefused makes the engine fail one write: what the
// caller then saves must not be kept alone.
func TestWriteAfterAFailedWriteIsRefused(t *testing.T) {
	x, err := Open(t.Context(), Config{Path: filepath.Join(t.TempDir(), "index.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	}()
	err = x.Tx(t.Context(), func(m sinso.MetaTx) error {
		if err := m.(*tx).save("INSERT INTO person (id) VALUES (NULL)"); err == nil {
			t.Error("a row without its values was taken")
		}
		if err := m.SetCursor(7); err == nil {
			t.Error("SetCursor after a failed write: got no error")
		}
		return nil
	})
	if !errors.Is(err, sinso.ErrUnavailable) {
		t.Errorf("Tx: got %v, want %v", err, sinso.ErrUnavailable)
	}
	if err := x.View(t.Context(), func(m sinso.MetaTx) error {
		n, err := m.Cursor()
		if n != 0 {
			t.Errorf("cursor: got %d, want 0", n)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
