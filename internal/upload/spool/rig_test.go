package spool_test

import (
	"bytes"
	"crypto/rand"
	"io"
	mrand "math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

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
