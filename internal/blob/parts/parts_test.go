package parts_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/parts"
)

const (
	one   = sinso.ShareID("l_aaaaaaaaaaaaaaaaaaaaaaaaaa")
	other = sinso.ShareID("l_bbbbbbbbbbbbbbbbbbbbbbbbbb")
)

func open(t *testing.T) (*parts.Folder, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "shares")
	f, err := parts.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return f, dir
}

func get(t *testing.T, f *parts.Folder, share sinso.ShareID, part int) []byte {
	t.Helper()
	r, size, err := f.Open(t.Context(), share, part)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close() //nolint:errcheck // it was only read
	b, err := io.ReadAll(r)
	if err != nil || int64(len(b)) != size {
		t.Fatalf("%d bytes of %d, %v", len(b), size, err)
	}
	return b
}

func list(t *testing.T, f *parts.Folder) (ids []sinso.ShareID) {
	t.Helper()
	if err := f.List(t.Context(), func(id sinso.ShareID) error { ids = append(ids, id); return nil }); err != nil {
		t.Fatal(err)
	}
	return ids
}

func TestWhatWasPutIsThereUntilItIsRemoved(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	f, dir := open(t)
	for _, err := range []error{
		f.Put(ctx, other, 0, []byte("other")), f.Put(ctx, one, 0, []byte("first")), f.Put(ctx, one, 12, []byte("twelfth")), f.Put(ctx, one, 0, []byte("again")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	again, err := parts.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := get(t, again, one, 0), get(t, again, one, 12); string(a) != "again" || string(b) != "twelfth" {
		t.Errorf("got %q and %q", a, b)
	}
	for part, want := range map[int]bool{0: true, 12: true, 1: false} {
		if has, err := f.Has(ctx, one, part); err != nil || has != want {
			t.Errorf("has part %d: %t, %v", part, has, err)
		}
	}
	if ids := list(t, f); !slices.Equal(ids, []sinso.ShareID{one, other}) {
		t.Errorf("listed %v", ids)
	}
	for range 2 { // removing what is not there is no error
		if err := f.Remove(ctx, one); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := f.Open(ctx, one, 0); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("a removed part: got %v", err)
	}
	if ids := list(t, f); !slices.Equal(ids, []sinso.ShareID{other}) || string(get(t, f, other, 0)) != "other" {
		t.Errorf("left are %v", ids)
	}
	if text := everything(t, dir); bytes.Contains(text, []byte("again")) || bytes.Contains(text, []byte("twelfth")) {
		t.Error("a removed part is below the folder still")
	}
}

// everything is what all files below a folder hold, and their names.
func everything(t *testing.T, dir string) []byte {
	t.Helper()
	var all bytes.Buffer
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		all.WriteString(path + "\n")
		if err == nil && d.Type().IsRegular() {
			var b []byte
			b, err = os.ReadFile(path)
			all.Write(b)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.Bytes()
}

// TestIDsLeadNowhereElse: an id is a name in the folder, whoever made it.
func TestIDsLeadNowhereElse(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	f, dir := open(t)
	outside := filepath.Join(filepath.Dir(dir), "outside")
	if err := os.WriteFile(outside, []byte("keep"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, id := range []sinso.ShareID{"", ".", "..", "../outside", "l_", "l_../../outside", "l_a/b", "l_A", "l_\x00", "l_.", sinso.ShareID(outside)} {
		_, _, opened := f.Open(ctx, id, 0)
		_, has := f.Has(ctx, id, 0)
		for name, err := range map[string]error{"Put": f.Put(ctx, id, 0, nil), "Open": opened, "Has": has, "Remove": f.Remove(ctx, id)} {
			if !errors.Is(err, sinso.ErrInvalid) || strings.Contains(err.Error(), "outside") {
				t.Errorf("%s of %q: got %v, want invalid, and no path", name, id, err)
			}
		}
	}
	if err := f.Put(ctx, one, -1, nil); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("part -1: got %v", err)
	}
	if b, err := os.ReadFile(outside); err != nil || string(b) != "keep" {
		t.Errorf("outside: %q, %v", b, err)
	}
}

// TestErrorsNameNoPath: what the operating system says of a path stays here.
func TestErrorsNameNoPath(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	f, dir := open(t)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	put, listed := f.Put(ctx, one, 0, nil), f.List(ctx, func(sinso.ShareID) error { return nil })
	for name, err := range map[string]error{"Put": put, "List": listed} {
		if !errors.Is(err, sinso.ErrUnavailable) || strings.Contains(err.Error(), dir) || strings.Contains(err.Error(), string(one)) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestCancelledStartsNothing(t *testing.T) {
	t.Parallel()
	f, _ := open(t)
	if err := f.Put(t.Context(), one, 0, []byte("x")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, opened := f.Open(ctx, one, 0)
	_, has := f.Has(ctx, one, 0)
	for name, err := range map[string]error{
		"Put": f.Put(ctx, one, 1, nil), "Open": opened, "Has": has, "Remove": f.Remove(ctx, one),
		"List": f.List(ctx, func(sinso.ShareID) error { return nil }),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if b := get(t, f, one, 0); string(b) != "x" {
		t.Errorf("got %q", b)
	}
}
