package spool_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	mrand "math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
)

func TestUploadGoesOnAfterRestart(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	data := noise(5<<20 + 3)
	u := g.create(t, "owner", len(data))
	at := int64(0)
	for _, n := range []int{1, 2 << 20, 2<<20 + 1, 100, len(data) - 4<<20 - 102} {
		g.append(t, u.ID, at, data[at:at+int64(n)])
		at += int64(n)
		g.reopen(t)
		if got := g.offset(t, u.ID); got != at {
			t.Fatalf("after a restart: offset %d, want %d", got, at)
		}
	}
	if !bytes.Equal(g.content(t, u.ID), data) {
		t.Error("what is read is not what was appended")
	}
	got, err := g.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got.Expires, u.Expires = time.Time{}, time.Time{}
	u.State, u.Offset = sinso.UploadTaking, u.Size
	if diff := cmp.Diff(u, got, cmp.Comparer(func(a, b sinso.PHI[string]) bool { return a.Reveal() == b.Reveal() })); diff != "" {
		t.Errorf("the upload changed (-want +got):\n%s", diff)
	}
}

func TestReaderReadsAnyPart(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	data := noise(5 << 20)
	u := g.create(t, "owner", len(data))
	g.append(t, u.ID, 0, data[:100])
	g.append(t, u.ID, 100, data[100:])
	r, err := g.Open(t.Context(), u.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	random := mrand.New(mrand.NewPCG(1, 2))
	for range 200 {
		from := random.IntN(len(data))
		b := make([]byte, random.IntN(3<<20))
		n, err := r.ReadAt(b, int64(from))
		want := min(len(b), len(data)-from)
		if n != want || !bytes.Equal(b[:n], data[from:from+n]) || (err != nil) != (want < len(b)) {
			t.Fatalf("%d bytes at %d: got %d, %v", len(b), from, n, err)
		}
	}
	if _, err := r.ReadAt(make([]byte, 1), -1); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("at -1: got %v", err)
	}
}

func TestWrongAppendsChangeNothing(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	u := g.create(t, "owner", 10)
	g.append(t, u.ID, 0, []byte("01234"))
	broken := errors.New("the line is cut")
	for name, tt := range map[string]struct {
		id     sinso.UploadID
		offset int64
		from   io.Reader
		class  error
		left   int64
	}{
		"before":       {u.ID, 4, strings.NewReader("4"), sinso.ErrExists, 5},
		"beyond":       {u.ID, 6, strings.NewReader("6"), sinso.ErrExists, 5},
		"too long":     {u.ID, 5, strings.NewReader("567890"), sinso.ErrInvalid, 5},
		"far too long": {u.ID, 5, bytes.NewReader(noise(5 << 20)), sinso.ErrInvalid, 5},
		"not there":    {"u_aaaaaaaaaaaaaaaaaaaaaaaaaa", 0, strings.NewReader("0"), sinso.ErrNotFound, 5},
		"cut at once":  {u.ID, 5, iotest.ErrReader(broken), broken, 5},
	} {
		if n, err := g.Append(t.Context(), tt.id, tt.offset, tt.from); !errors.Is(err, tt.class) || n != 0 {
			t.Errorf("%s: added %d, %v, want %v", name, n, err, tt.class)
		}
		if got := g.offset(t, u.ID); got != tt.left {
			t.Errorf("%s: offset %d, want %d", name, got, tt.left)
		}
	}
	n, err := g.Append(t.Context(), u.ID, 5, io.MultiReader(strings.NewReader("56"), iotest.ErrReader(broken)))
	if n != 2 || !errors.Is(err, broken) || g.offset(t, u.ID) != 7 {
		t.Errorf("what came before the line was cut: added %d, %v, offset %d", n, err, g.offset(t, u.ID))
	}
}

func TestNothingIsOnDiskInTheClear(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	const marker = "DOE^JANE^PLANTED"
	u, err := g.Create(t.Context(), sinso.Upload{Owner: "owner", Batch: marker, Name: sinso.NewPHI(marker), Type: sinso.NewPHI(marker), Size: 3 << 20})
	if err != nil {
		t.Fatal(err)
	}
	clean := func(when string) {
		t.Helper()
		files := 0
		err := filepath.WalkDir(filepath.Dir(g.cfg.Dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			files++
			data, err := os.ReadFile(path)
			if bytes.Contains(data, []byte("PLANTED")) || strings.Contains(path, "PLANTED") {
				t.Errorf("%s: the marker is in %s", when, filepath.Base(path))
			}
			return err
		})
		if err != nil || files < 2 {
			t.Fatalf("%d files, %v", files, err)
		}
	}
	clean("created")
	g.append(t, u.ID, 0, bytes.Repeat([]byte(marker), 1<<16))
	clean("unfinished")
	g.append(t, u.ID, 1<<20, bytes.Repeat([]byte(marker), 2<<16))
	clean("waiting")
	if _, err := g.Next(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := g.Finish(t.Context(), u.ID, sinso.UploadOutcome{Files: 1, Reasons: map[sinso.Reason]int{marker: 1}}); err != nil {
		t.Fatal(err)
	}
	clean("done")
	info, err := os.Stat(filepath.Join(g.cfg.Dir, string(u.ID)))
	if err != nil || info.Size() > 4096 || info.Mode() != 0o600 {
		t.Errorf("a done upload: %v, %v, want its bytes gone", info, err)
	}
}

// TestFullDiskKeepsWhatWasAcknowledged writes to a disk without room: /dev/full stands
// in the file's place.
func TestFullDiskKeepsWhatWasAcknowledged(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("left out: this system has no /dev/full")
	}
	g := newRig(t)
	u := g.create(t, "owner", 10)
	g.append(t, u.ID, 0, []byte("01234"))
	path := filepath.Join(g.cfg.Dir, string(u.ID))
	if err := errors.Join(os.Rename(path, path+".aside"), os.Symlink("/dev/full", path)); err != nil {
		t.Fatal(err)
	}
	n, err := g.Append(t.Context(), u.ID, 5, strings.NewReader("56789"))
	if n != 0 || !errors.Is(err, sinso.ErrUnavailable) || strings.Contains(fmt.Sprint(err), g.cfg.Dir) {
		t.Errorf("added %d, %v, want %v without a path", n, err, sinso.ErrUnavailable)
	}
	if err := errors.Join(os.Remove(path), os.Rename(path+".aside", path)); err != nil {
		t.Fatal(err)
	}
	if got := g.offset(t, u.ID); got != 5 {
		t.Errorf("offset %d, want 5", got)
	}
	g.append(t, u.ID, 5, []byte("56789"))
	if got := g.content(t, u.ID); string(got) != "0123456789" {
		t.Errorf("got %q", got)
	}
}
