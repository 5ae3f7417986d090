package ingest_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/ingest"
)

// seen is what Walk says of one path: the part of it below a root.
type seen map[string]ingest.Found

// walk collects what Walk finds, by the end of each name.
func walk(t *testing.T, root string, paths ...string) seen {
	t.Helper()
	found := seen{}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // a walk that hangs must fail
	defer cancel()
	err := ingest.Walk(ctx, paths, func(f ingest.Found) error {
		name := strings.TrimPrefix(f.Item.Name.Reveal(), root+string(filepath.Separator))
		if _, twice := found[name]; twice {
			t.Errorf("%s is found twice", name)
		}
		if f.Refusal != nil && (f.Item.Bytes != nil || f.Refusal.Detail == "" || !errors.Is(f.Refusal, sinso.ErrInvalid)) {
			t.Errorf("%s: refused with bytes, or without a word: %v", name, f.Refusal)
		}
		if f.Refusal != nil && strings.Contains(f.Refusal.Error(), filepath.Base(root)) {
			t.Errorf("%s: the reason says the path: %v", name, f.Refusal)
		}
		found[name] = f
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// is checks that exactly these files were found: with these bytes, or refused for
// a reason that is given as "!reason".
func (s seen) is(t *testing.T, want map[string]string) {
	t.Helper()
	for name, text := range want {
		found, ok := s[name]
		got := string(found.Item.Bytes)
		if found.Refusal != nil {
			got = "!" + string(found.Refusal.Reason)
		}
		if !ok || got != text {
			t.Errorf("%s: got %.60q (%v, found: %v), want %.60q", name, got, found.Refusal, ok, text)
		}
	}
	for name := range s {
		if _, ok := want[name]; !ok {
			t.Errorf("%s was found and should not", name)
		}
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// entry is one entry of a zip that a test makes.
type entry struct {
	name string
	data []byte
	mode os.FileMode
	edit func(*zip.FileHeader)
}

func zipOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.mode != 0 {
			h.SetMode(e.mode)
		}
		if e.edit != nil {
			e.edit(h)
		}
		part, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(e.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWalkFindsEveryFile(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, filepath.Join(root, "b", "2"), []byte("two"))
	write(t, filepath.Join(root, "a"), []byte("one"))
	write(t, filepath.Join(root, "empty"), nil)
	write(t, filepath.Join(root, "b", "1.zip"), zipOf(t, entry{name: "z/"}, entry{name: "z/3", data: []byte("three")}, entry{name: "0", data: []byte("zero")}))
	write(t, filepath.Join(root, "no extension"), zipOf(t, entry{name: "4", data: []byte("four")}))
	write(t, filepath.Join(root, "not.zip"), []byte("no zip"))
	want := map[string]string{
		"a": "one", "b/2": "two", "empty": "", "b/1.zip!/z/3": "three", "b/1.zip!/0": "zero", "no extension!/4": "four", "not.zip": "no zip",
	}
	walk(t, root, root).is(t, want)
	walk(t, root, root+"/").is(t, want)
	walk(t, root, filepath.Join(root, "a"), filepath.Join(root, "b", "2")).is(t, map[string]string{"a": "one", "b/2": "two"})

	var order []string
	if err := ingest.Walk(t.Context(), []string{root}, func(f ingest.Found) error {
		order = append(order, strings.TrimPrefix(f.Item.Name.Reveal(), root+"/"))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"a", "b/1.zip!/z/3", "b/1.zip!/0", "b/2", "empty", "no extension!/4", "not.zip"}; !slices.Equal(order, want) {
		t.Errorf("order: got %v, want %v", order, want)
	}
}

func TestWalkFollowsAFolderLinkWhereItWasGiven(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, filepath.Join(root, "real", "f"), []byte("here"))
	write(t, filepath.Join(root, "outside"), []byte("out"))
	for link, to := range map[string]string{
		"link": "real", "real/up": "..", "real/self": "self", "real/gone": "nowhere", "real/file": "../outside",
	} {
		if err := os.Symlink(to, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	walk(t, root, filepath.Join(root, "link")).is(t, map[string]string{
		"link/f": "here", "link/file": "out", "link/up": "!unreadable", "link/self": "!unreadable", "link/gone": "!unreadable",
	})
}

func TestWalkGoesOnBehindWhatItMayNotRead(t *testing.T) {
	t.Parallel()
	if os.Getuid() == 0 {
		t.Skip("root may read everything: run the tests as somebody else")
	}
	root := t.TempDir()
	write(t, filepath.Join(root, "a", "hidden"), []byte("x"))
	write(t, filepath.Join(root, "b"), []byte("x"))
	write(t, filepath.Join(root, "c"), []byte("reached"))
	for _, name := range []string{"a", "b"} {
		if err := os.Chmod(filepath.Join(root, name), 0); err != nil {
			t.Fatal(err)
		}
	}
	defer func() { _ = os.Chmod(filepath.Join(root, "a"), 0o700) }()
	walk(t, root, root).is(t, map[string]string{"a": "!unreadable", "b": "!unreadable", "c": "reached"})
	err := ingest.Walk(t.Context(), []string{filepath.Join(root, "a", "hidden")}, func(ingest.Found) error { return nil })
	if !errors.Is(err, sinso.ErrInvalid) || strings.Contains(err.Error(), "hidden") {
		t.Errorf("a path that may not be read: got %v, want invalid and no path", err)
	}
}

func TestWalkOfAPathThatIsNotThereReadsNothing(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, filepath.Join(root, "there"), []byte("x"))
	err := ingest.Walk(t.Context(), []string{filepath.Join(root, "there"), filepath.Join(root, "DOE^JOHN")}, func(ingest.Found) error {
		t.Error("a file was read")
		return nil
	})
	if !errors.Is(err, sinso.ErrNotFound) || strings.Contains(err.Error(), "DOE") {
		t.Errorf("got %v, want not found and no path", err)
	}
}

func TestWalkEndsWithItsContextAndWithFn(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, filepath.Join(root, "a.zip"), zipOf(t, entry{name: "1"}, entry{name: "2"}, entry{name: "3"}))
	write(t, filepath.Join(root, "b"), []byte("x"))
	stop := errors.New("stop")
	for _, at := range []int{1, 2, 3, 4} { // in the zip and behind it
		ctx, cancel := context.WithCancel(t.Context())
		cancelled, stopped := 0, 0
		err := ingest.Walk(ctx, []string{root, root}, func(ingest.Found) error {
			if cancelled++; cancelled == at {
				cancel()
			}
			return nil
		})
		if !errors.Is(err, context.Canceled) || cancelled != at {
			t.Errorf("cancelled at file %d: %d files, %v", at, cancelled, err)
		}
		err = ingest.Walk(t.Context(), []string{root, root}, func(ingest.Found) error {
			if stopped++; stopped == at {
				return stop
			}
			return nil
		})
		if !errors.Is(err, stop) || stopped != at {
			t.Errorf("stopped at file %d: %d files, %v", at, stopped, err)
		}
		cancel()
	}
}

// TestAFileThatIsTooLargeIsRefusedUnread has holes instead of data, so that it
// takes no room on the disk.
func TestAFileThatIsTooLargeIsRefusedUnread(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for name, size := range map[string]int64{"large.dcm": 960<<20 + 1, "huge.zip": 1 << 42} {
		write(t, filepath.Join(root, name), nil)
		if err := os.Truncate(filepath.Join(root, name), size); err != nil {
			t.Skipf("this file system takes no file of %d bytes: %v", size, err)
		}
	}
	walk(t, root, root).is(t, map[string]string{"large.dcm": "!too-large", "huge.zip": "!too-large"})
}

func TestHostileZipEntriesAreRefusedOneByOne(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	good := []byte(strings.Repeat("good", 100))
	inner := zipOf(t, entry{name: "inner", data: good})
	archive := zipOf(t,
		entry{name: "first", data: good},
		entry{name: "../../../etc/passwd", data: []byte("up")},
		entry{name: "/etc/shadow", data: []byte("absolute")},
		entry{name: `C:\Windows\x`, data: []byte("windows")},
		entry{name: "link", data: []byte("/etc/passwd"), mode: os.ModeSymlink | 0o777},
		entry{name: "fifo", mode: os.ModeNamedPipe | 0o600},
		entry{name: "nested.zip", data: inner},
		entry{name: "secret", data: good, edit: func(h *zip.FileHeader) { h.Flags |= 1 }},
		entry{name: "damaged", data: good},
		entry{name: "", data: []byte("no name")},
		entry{name: "last", data: good},
	)
	at := bytes.Index(archive, []byte("damaged")) + len("damaged")
	archive[at+3] ^= 0x55
	write(t, filepath.Join(root, "a.zip"), archive)
	walk(t, root, root).is(t, map[string]string{
		"a.zip!/first": string(good), "a.zip!/../../../etc/passwd": "up", "a.zip!//etc/shadow": "absolute", `a.zip!/C:\Windows\x`: "windows",
		"a.zip!/link": "!unreadable", "a.zip!/fifo": "!unreadable", "a.zip!/nested.zip": string(inner), "a.zip!/secret": "!unreadable",
		"a.zip!/damaged": "!unreadable", "a.zip!/": "no name", "a.zip!/last": string(good),
	})
	if matches, err := filepath.Glob(filepath.Join(root, "*")); err != nil || len(matches) != 1 {
		t.Errorf("files beside the zip: %v, %v", matches, err)
	}
}

func TestADamagedZipSaysSo(t *testing.T) {
	t.Parallel()
	whole := zipOf(t, entry{name: "1", data: bytes.Repeat([]byte("x"), 1000)}, entry{name: "2", data: []byte("y")})
	for cut := 4; cut < len(whole); cut += 7 {
		root := t.TempDir()
		write(t, filepath.Join(root, "z"), whole[:cut])
		walk(t, root, root).is(t, map[string]string{"z": "!unreadable"})
	}
	root := t.TempDir()
	write(t, filepath.Join(root, "none.zip"), zipOf(t))
	write(t, filepath.Join(root, "folders.zip"), zipOf(t, entry{name: "a/"}))
	walk(t, root, root).is(t, map[string]string{"none.zip": "!empty", "folders.zip": "!empty"})
}

// TestADICOMPreambleMayLookLikeAZip: its 128 bytes are free (PS3.10 §7.1).
func TestADICOMPreambleMayLookLikeAZip(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	data := append([]byte("PK\x03\x04"), object(t, nil)[4:]...)
	write(t, filepath.Join(root, "a"), data)
	walk(t, root, root).is(t, map[string]string{"a": string(data)})
	if _, err := ingest.Read(sinso.Item{Bytes: data}); err != nil {
		t.Error(err)
	}
}

// TestAZipBombCostsLittle: one entry that unpacks to much, and many entries that
// share the same packed bytes. What is given out is bounded by the zip's size, and
// what is unpacked too.
func TestAZipBombCostsLittle(t *testing.T) { //nolint:paralleltest // measures the whole program's allocation
	if testing.Short() {
		t.Skip("unpacks 512 MiB, which -short leaves out")
	}
	root := t.TempDir()
	zeros := make([]byte, 24<<20)
	many := make([]entry, 22) // 528 MiB of zeros in half a MiB
	for i := range many {
		many[i] = entry{name: string(rune('a' + i)), data: zeros}
	}
	write(t, filepath.Join(root, "many.zip"), zipOf(t, many...))
	const free = 256 << 20
	var given, refused int64
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := ingest.Walk(t.Context(), []string{root}, func(f ingest.Found) error {
		given += int64(len(f.Item.Bytes))
		if f.Refusal != nil {
			refused++
			if f.Refusal.Reason != ingest.ReasonTooLarge {
				t.Errorf("got %v, want too-large", f.Refusal)
			}
		}
		return nil
	})
	runtime.ReadMemStats(&after)
	if err != nil || given > free || refused != 12 {
		t.Errorf("gave %d bytes, refused %d files, %v; want at most %d bytes, 12 refused", given, refused, err, free)
	}
	if cost := after.TotalAlloc - before.TotalAlloc; cost > 3*free { // twice while a buffer grows
		t.Errorf("took %d bytes of memory in all", cost)
	}
}

// TestAListOfFilesIsBounded counts what a zip lists while it is read: neither its
// memory nor its number of files is the zip's to choose.
func TestAListOfFilesIsBounded(t *testing.T) { //nolint:paralleltest // measures the whole program's allocation
	root := t.TempDir()
	one := zipOf(t, entry{name: "n", data: []byte("x")})
	at := bytes.Index(one, []byte("PK\x01\x02"))
	end := bytes.Index(one, []byte("PK\x05\x06"))
	record := one[at:end]
	const count = 3 << 16 * 9 // 16 bits of it are compared with what is there
	list := bytes.Repeat(record, count)
	archive := append(bytes.Clone(one[:at]), list...)
	tail := bytes.Clone(one[end:])
	binary.LittleEndian.PutUint16(tail[8:], count&0xFFFF)
	binary.LittleEndian.PutUint16(tail[10:], count&0xFFFF)
	binary.LittleEndian.PutUint32(tail[12:], uint32(len(list)))
	write(t, filepath.Join(root, "list.zip"), append(archive, tail...))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	walk(t, root, root).is(t, map[string]string{"list.zip": "!too-large"})
	runtime.ReadMemStats(&after)
	if cost := after.TotalAlloc - before.TotalAlloc; len(list) < 64<<20 || cost > 16*64<<20 {
		t.Errorf("a list of %d bytes cost %d bytes of memory", len(list), cost)
	}
}

// FuzzWalkZip walks any bytes as a zip: nothing panics, and what is given out is
// bounded.
func FuzzWalkZip(f *testing.F) {
	f.Add(zipOf(f, entry{name: "a", data: []byte("x")}, entry{name: "b/", data: nil}))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "z")
		write(t, path, append([]byte("PK\x03\x04"), data[min(4, len(data)):]...))
		given := 0
		err := ingest.Walk(t.Context(), []string{path}, func(found ingest.Found) error {
			given += len(found.Item.Bytes)
			if found.Refusal != nil && found.Refusal.Detail == "" {
				t.Error("refused without a word")
			}
			return nil
		})
		if err != nil || given > 256<<20 {
			t.Errorf("gave %d bytes, %v", given, err)
		}
	})
}
