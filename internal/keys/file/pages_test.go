package file_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/keys/file"
)

// TestPersonsDoNotGrowTheTable makes more persons than a page holds, and opens
// what is wrapped to each with a second handle.
func TestPersonsDoNotGrowTheTable(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	k := h.create(t)
	if err := k.Create(t.Context(), "node"); err != nil {
		t.Fatal(err)
	}
	before := len(read(t, h.table()))
	var wrapped []sinso.WrappedKey
	for i := range 70 {
		id := sinso.KeyID(fmt.Sprintf("person:p_%d", i))
		if err := k.Create(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		w, err := k.Wrap(t.Context(), id, sinso.CEK{byte(i)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		wrapped = append(wrapped, w)
	}
	if after := len(read(t, h.table())); after != before {
		t.Errorf("the table has %d bytes, %d before there were persons", after, before)
	}
	if got := names(t, h.dir); len(got) != 4 { // names, two pages, table
		t.Errorf("files: got %v, want 4", got)
	}
	again, err := file.Open(h.dir, h.unlock(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range wrapped {
		if key, err := again.Unwrap(t.Context(), w, nil); err != nil || key != (sinso.CEK{byte(i)}) {
			t.Errorf("person %d: got %v, want their key", i, err)
		}
	}
}

// TestEveryFlippedByteOfAPersonsKeyIsFound flips bytes of the page and of the file
// of names.
func TestEveryFlippedByteOfAPersonsKeyIsFound(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	filled(t, h.create(t))
	for _, name := range []string{"page-000001", "names"} {
		path := filepath.Join(h.dir, name)
		whole := read(t, path)
		step := 1 + len(whole)/400
		for at := len(whole) - 1; at >= 0; at -= step {
			flipped := bytes.Clone(whole)
			flipped[at] ^= 1 << (at % 8)
			write(t, path, flipped, 0o600)
			_, err := file.Open(h.dir, h.unlock(), rand.Reader)
			is(t, fmt.Sprint(name, ", byte ", at), err, sinso.ErrCorrupt)
		}
		write(t, path, whole, 0o600)
	}
}

// TestTornNameIsCutOff ends the file of names at every byte of its last line: the
// person is not there, comes again, and has one key.
func TestTornNameIsCutOff(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	k := h.create(t)
	for _, id := range []sinso.KeyID{"person:p_a", "person:p_b"} {
		if err := k.Create(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(h.dir, "names")
	whole := read(t, path)
	last := bytes.LastIndexByte(whole[:len(whole)-1], '\n') + 1
	for end := last; end < len(whole); end++ {
		write(t, path, whole[:end], 0o600)
		again, err := file.Open(h.dir, h.unlock(), rand.Reader)
		if err != nil {
			t.Fatalf("cut to %d: %v", end, err)
		}
		if has, err := again.Has(t.Context(), "person:p_b"); has || err != nil {
			t.Errorf("cut to %d: got %t, %v, want nobody", end, has, err)
		}
		if err := again.Create(t.Context(), "person:p_b"); err != nil {
			t.Fatal(err)
		}
		if got := read(t, path); !bytes.Equal(got, whole) {
			t.Errorf("cut to %d: the names are not as they were", end)
		}
	}
}

// TestKeyIsNotGivenTwice puts an older file of names back under an open table: who
// comes next gets another key than those who came since.
func TestKeyIsNotGivenTwice(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	k := h.create(t)
	if err := k.Create(t.Context(), "person:p_a"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(h.dir, "names")
	older := read(t, path)
	if err := k.Create(t.Context(), "person:p_b"); err != nil {
		t.Fatal(err)
	}
	for name, put := range map[string]func(){
		"older":   func() { write(t, path, older, 0o600) },
		"removed": func() { _ = os.Remove(path) },
	} {
		put()
		id := sinso.KeyID("person:p_" + name)
		if err := k.Create(t.Context(), id); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		w, err := k.Wrap(t.Context(), "person:p_b", sinso.CEK{1}, nil)
		if err != nil {
			t.Fatal(err)
		}
		w.To = id
		_, err = k.Unwrap(t.Context(), w, nil)
		is(t, name+": unwrap as another", err, sinso.ErrCorrupt)
	}
	again, err := file.Open(h.dir, h.unlock(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []sinso.KeyID{"person:p_a", "person:p_b", "person:p_older", "person:p_removed"} {
		if has, err := again.Has(t.Context(), id); !has || err != nil {
			t.Errorf("%s: got %t, %v, want a key", id, has, err)
		}
	}
}
