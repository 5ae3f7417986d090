package spool_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	mrand "math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
	keyfile "sinso.dev/sinso/internal/keys/file"
	"sinso.dev/sinso/internal/upload/spool"
)

// clock is set by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (c *clock) pass(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.now = c.now.Add(d) }

// rig is a folder of uploads with the keys of its node.
type rig struct {
	*spool.Spool
	cfg   spool.Config
	clock *clock
}

func newRig(t *testing.T, edit ...func(*spool.Config)) *rig {
	t.Helper()
	dir := t.TempDir()
	keys, err := keyfile.Create(filepath.Join(dir, "node", "keys"), keyfile.Unlock{KeyFile: filepath.Join(dir, "root.key")}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keys.Close() })
	if err := keys.Create(t.Context(), sinso.KeyNode); err != nil {
		t.Fatal(err)
	}
	g := &rig{clock: &clock{now: time.Now()}}
	g.cfg = spool.Config{Dir: filepath.Join(dir, "node", "uploads"), Keys: keys, Rand: rand.Reader, Clock: g.clock}
	for _, e := range edit {
		e(&g.cfg)
	}
	g.reopen(t)
	return g
}

// reopen opens the folder as the next process would.
func (g *rig) reopen(t *testing.T) {
	t.Helper()
	var err error
	if g.Spool, err = spool.Open(t.Context(), g.cfg); err != nil {
		t.Fatal(err)
	}
}

func (g *rig) create(t *testing.T, owner string, size int) sinso.Upload {
	t.Helper()
	u, err := g.Create(t.Context(), sinso.Upload{
		Owner: owner, Actor: "actor", Batch: "batch", Person: "p_1", Research: true, Size: int64(size),
		Name: sinso.NewPHI("DOE^JANE.dcm"), Type: sinso.NewPHI("application/dicom"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func (g *rig) append(t *testing.T, id sinso.UploadID, offset int64, data []byte) {
	t.Helper()
	n, err := g.Append(t.Context(), id, offset, bytes.NewReader(data))
	if err != nil || n != int64(len(data)) {
		t.Fatalf("Append: %d bytes of %d, %v", n, len(data), err)
	}
}

func (g *rig) offset(t *testing.T, id sinso.UploadID) int64 {
	t.Helper()
	u, err := g.Upload(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return u.Offset
}

// content reads an upload whole.
func (g *rig) content(t *testing.T, id sinso.UploadID) []byte {
	t.Helper()
	u, err := g.Upload(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	r, err := g.Open(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	data, err := io.ReadAll(io.NewSectionReader(r, 0, u.Size))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// noise is n bytes that compress badly and come again.
func noise(n int) []byte {
	b := make([]byte, n)
	source := mrand.NewChaCha8([32]byte{7})
	_, _ = source.Read(b)
	return b
}

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

// TestTornTailIsCutOff ends the file of an upload at each byte of its last part, and
// puts zeros in its place, as a crash may leave it.
func TestTornTailIsCutOff(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	u := g.create(t, "owner", 600)
	g.append(t, u.ID, 0, noise(100))
	path := filepath.Join(g.cfg.Dir, string(u.ID))
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	g.append(t, u.ID, 100, noise(200))
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for end := len(before); end <= len(whole); end++ {
		for _, zeros := range []int{0, len(whole) - end} {
			torn := append(slices.Clone(whole[:end]), make([]byte, zeros)...)
			if err := os.WriteFile(path, torn, 0o600); err != nil {
				t.Fatal(err)
			}
			g.reopen(t)
			want := int64(100)
			if bytes.Equal(torn, whole) {
				want = 300
			}
			if got := g.offset(t, u.ID); got != want || g.Damaged() != 0 {
				t.Fatalf("%d bytes of %d and %d zeros: offset %d, want %d", end, len(whole), zeros, got, want)
			}
			g.append(t, u.ID, want, noise(7))
			g.reopen(t)
			if got := g.offset(t, u.ID); got != want+7 {
				t.Fatalf("after going on: offset %d, want %d", got, want+7)
			}
		}
	}
}

// TestChangedFilesAreRefusedOrShorter flips every byte of a file in turn: it is never
// read as something else.
func TestChangedFilesAreRefusedOrShorter(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	data := noise(60)
	u := g.create(t, "owner", len(data))
	g.append(t, u.ID, 0, data[:30])
	g.append(t, u.ID, 30, data[30:])
	path := filepath.Join(g.cfg.Dir, string(u.ID))
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range whole {
		changed := slices.Clone(whole)
		changed[i] ^= 0x41
		if err := os.WriteFile(path, changed, 0o600); err != nil {
			t.Fatal(err)
		}
		g.reopen(t)
		got, err := g.Upload(t.Context(), u.ID)
		switch {
		case errors.Is(err, sinso.ErrNotFound) && g.Damaged() == 1:
			continue
		case err != nil || got.Name.Reveal() != u.Name.Reveal() || got.Size != u.Size:
			t.Fatalf("byte %d: got %+v, %v", i, got, err)
		case got.Offset < got.Size:
			continue
		}
		r, err := g.Open(t.Context(), u.ID)
		if err != nil {
			t.Fatal(err)
		}
		read, err := io.ReadAll(io.NewSectionReader(r, 0, got.Size))
		if err == nil && !bytes.Equal(read, data) || err != nil && !errors.Is(err, sinso.ErrCorrupt) {
			t.Fatalf("byte %d: read %q, %v", i, read, err)
		}
		_ = r.Close()
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

func TestOutcomeStaysUntilItExpires(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	u := g.create(t, "owner", 0) // has all its bytes
	if _, err := g.Next(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := g.Remove(t.Context(), u.ID); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("removed while it is taken in: %v", err)
	}
	want := sinso.UploadOutcome{Files: 3, Instances: 2, Skipped: 1, Bytes: 9, Studies: []sinso.StudyID{"s_1"}, Reasons: map[sinso.Reason]int{"why": 1}}
	if err := g.Finish(t.Context(), u.ID, want); err != nil {
		t.Fatal(err)
	}
	g.clock.pass(7*24*time.Hour - time.Second)
	g.reopen(t)
	got, err := g.Upload(t.Context(), u.ID)
	if err != nil || got.State != sinso.UploadDone || cmp.Diff(want, got.Outcome) != "" {
		t.Fatalf("after a restart: %+v, %v", got, err)
	}
	if _, err := g.Open(t.Context(), u.ID); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("its bytes can be read: %v", err)
	}
	g.clock.pass(time.Second)
	if err := g.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Upload(t.Context(), u.ID); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("after its time: %v", err)
	}
	if files, err := os.ReadDir(g.cfg.Dir); err != nil || len(files) > 0 {
		t.Errorf("%d files are left, %v", len(files), err)
	}
}

func TestWhatWasCutIsTakenUpAtTheNextStart(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	first, second, third := g.create(t, "owner", 1), g.create(t, "other", 1), g.create(t, "owner", 2)
	for _, u := range []sinso.Upload{first, second, third} {
		g.append(t, u.ID, 0, []byte("x"))
	}
	for _, want := range []sinso.Upload{first, second} {
		if got, err := g.Next(t.Context()); err != nil || got.ID != want.ID {
			t.Fatalf("got %s, %v, want %s", got.ID, err, want.ID)
		}
	}
	if err := g.Fail(t.Context(), second.ID, false); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if got, err := g.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("a third: %v, %v", got.ID, err)
	}
	g.reopen(t) // the process ended while both were being taken
	for _, want := range []sinso.Upload{first, second} {
		if got, err := g.Next(t.Context()); err != nil || got.ID != want.ID {
			t.Fatalf("after a restart: got %s, %v, want %s", got.ID, err, want.ID)
		}
	}
}

func TestEachWaitingUploadGoesToOneTaker(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	const uploads, takers = 100, 4
	got := make(chan sinso.UploadID, uploads)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range takers {
		wg.Go(func() {
			for {
				u, err := g.Next(ctx)
				if err != nil {
					return
				}
				got <- u.ID
			}
		})
	}
	for range uploads {
		g.create(t, "owner", 0)
	}
	seen := map[sinso.UploadID]bool{}
	for range uploads {
		seen[<-got] = true
	}
	cancel()
	wg.Wait()
	if len(seen) != uploads || len(got) > 0 {
		t.Errorf("%d different uploads were taken and %d more, want %d", len(seen), len(got), uploads)
	}
}

// TestWhatCameWholeIsNotSweptBeforeItIsTaken: its sender was told that all of it is here.
func TestWhatCameWholeIsNotSweptBeforeItIsTaken(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(c *spool.Config) { c.Keep = time.Hour })
	u := g.create(t, "owner", 0)
	if _, err := g.Next(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := g.Fail(t.Context(), u.ID, false); err != nil {
		t.Fatal(err)
	}
	g.clock.pass(1000 * time.Hour)
	if err := g.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := g.Upload(t.Context(), u.ID); err != nil || got.State != sinso.UploadFailed {
		t.Errorf("after a long time: %+v, %v", got, err)
	}
}

func TestUnfinishedUploadExpiresFromItsLastByte(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(c *spool.Config) { c.Keep = time.Hour })
	u, idle := g.create(t, "owner", 10), g.create(t, "owner", 10)
	g.clock.pass(59 * time.Minute)
	g.append(t, u.ID, 0, []byte("01"))
	g.clock.pass(time.Minute)
	if err := g.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Upload(t.Context(), idle.ID); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("an hour without a byte: %v", err)
	}
	got, err := g.Upload(t.Context(), u.ID)
	if err != nil || !got.Expires.Equal(g.clock.Now().Add(59*time.Minute)) {
		t.Errorf("expires %s, %v, want 59 minutes from %s", got.Expires, err, g.clock.Now())
	}
	g.clock.pass(59 * time.Minute)
	g.reopen(t) // by the time of the file, which is the wall's
	if _, err := g.Upload(t.Context(), u.ID); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("an hour after its last byte: %v", err)
	}
	if _, err := g.Append(t.Context(), u.ID, 2, strings.NewReader("2")); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("going on with what is forgotten: %v", err)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(c *spool.Config) { c.Quota, c.Share, c.MaxOpen, c.MaxKept = 100, 100, 2, 2 })
	a, b := g.create(t, "owner", 100), g.create(t, "owner", 80)
	if _, err := g.Create(t.Context(), sinso.Upload{Owner: "owner", Size: 1}); !errors.Is(err, sinso.ErrBusy) {
		t.Errorf("a third upload: %v", err)
	}
	other := g.create(t, "other", 1)
	g.append(t, a.ID, 0, noise(60))
	if n, err := g.Append(t.Context(), b.ID, 0, bytes.NewReader(noise(1))); !errors.Is(err, sinso.ErrBusy) || n != 0 {
		t.Errorf("beyond the quota: %d, %v", n, err)
	}
	if _, err := g.Append(t.Context(), other.ID, 0, strings.NewReader("x")); !errors.Is(err, sinso.ErrBusy) {
		t.Errorf("another's, beyond the quota: %v", err)
	}
	g.reopen(t)
	if _, err := g.Append(t.Context(), other.ID, 0, strings.NewReader("x")); !errors.Is(err, sinso.ErrBusy) {
		t.Errorf("after a restart, beyond the quota: %v", err)
	}
	if err := g.Remove(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	g.append(t, other.ID, 0, []byte("x"))
	for range 4 { // of more than are kept, the oldest gives way
		u := g.create(t, "third", 0)
		for {
			next, err := g.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := g.Finish(t.Context(), next.ID, sinso.UploadOutcome{}); err != nil {
				t.Fatal(err)
			}
			if next.ID == u.ID {
				break
			}
		}
	}
	if got := g.numbers(t, "third"); len(got) != 2 {
		t.Errorf("kept are %v, want the 2 newest", got)
	}
}

func (g *rig) numbers(t *testing.T, owner string) []uint64 {
	t.Helper()
	var got []uint64
	err := g.List(t.Context(), owner, func(u sinso.Upload) error {
		got = append(got, u.Number)
		return nil
	})
	if err != nil || !slices.IsSorted(got) {
		t.Errorf("numbers %v, %v", got, err)
	}
	return got
}

func TestListIsOfItsOwnerInOrder(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	for range 5 {
		g.create(t, "a", 1)
		g.create(t, "b", 1)
	}
	g.reopen(t)
	u := g.create(t, "a", 1)
	got := g.numbers(t, "a")
	if len(got) != 6 || got[5] != u.Number || u.Number != 11 || len(g.numbers(t, "nobody")) != 0 {
		t.Errorf("got %v, the last is %d", got, u.Number)
	}
	if all := g.numbers(t, ""); len(all) != 11 || !slices.IsSorted(all) {
		t.Errorf("of everybody: %v", all)
	}
	stop := errors.New("enough")
	if err := g.List(t.Context(), "b", func(sinso.Upload) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("got %v, want the function's own error", err)
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

func TestForeignFilesAreLeft(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	u := g.create(t, "owner", 10)
	another := "u_" + strings.Repeat("a", 26)
	whole, err := os.ReadFile(filepath.Join(g.cfg.Dir, string(u.ID)))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"notes.txt": []byte("x"), another: whole, ".u_cut.1": whole, "u_": nil} {
		if err := os.WriteFile(filepath.Join(g.cfg.Dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	g.reopen(t)
	if g.Damaged() != 3 {
		t.Errorf("%d damaged, want 3: a file under another name is not read", g.Damaged())
	}
	if _, err := g.Upload(t.Context(), sinso.UploadID(another)); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("under another name: %v", err)
	}
	if _, err := os.Stat(filepath.Join(g.cfg.Dir, ".u_cut.1")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what a cut write left: %v", err)
	}
	g.offset(t, u.ID)
}
