package pack_test

import (
	"errors"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/blobtest"
	"sinso.dev/sinso/internal/blob/pack"
)

// TestPackIsBlobsAndJournal runs the suite of both ports, with segments of the
// usual size and with segments that hold a batch or two.
func TestPackIsBlobsAndJournal(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string]pack.Options{"one segment": {}, "many segments": {SegmentBytes: 4 << 10}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			blobtest.Test(t, func(t *testing.T) blobtest.Open {
				dir := t.TempDir()
				return func(t *testing.T) blobtest.Store {
					p, err := pack.Open(dir, opts)
					if err != nil {
						t.Fatal(err)
					}
					return p
				}
			})
		})
	}
}

// TestPackKeepsNames runs the suite of names.
func TestPackKeepsNames(t *testing.T) {
	t.Parallel()
	blobtest.TestNamed(t, func(t *testing.T) blobtest.OpenNamed {
		dir := t.TempDir()
		return func(t *testing.T) blobtest.NamedStore {
			p, err := pack.Open(dir, pack.Options{})
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
	})
}

// TestOneProcessOnly checks that a folder that is open cannot be opened again.
func TestOneProcessOnly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := pack.Open(dir, pack.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pack.Open(dir, pack.Options{}); !errors.Is(err, sinso.ErrBusy) {
		t.Errorf("second open: got %v, want ErrBusy", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := pack.Open(dir, pack.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
}
