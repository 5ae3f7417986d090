package deidrun

import (
	"context"
	"errors"
	"image"
	"path/filepath"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
)

// readerFunc is a text reader of a test's own.
type readerFunc func() ([]image.Rectangle, error)

func (f readerFunc) Words(context.Context, *image.Gray) ([]image.Rectangle, error) { return f() }

// TestWithoutItsReaderARunStops and goes on with it later; without one, OUT is another
// run's.
func TestWithoutItsReaderARunStops(t *testing.T) {
	t.Parallel()
	root := inMemory(t)
	for i := range 3 {
		put(t, filepath.Join(root, "in", string(rune('a'+i))), object{study: 1, number: i, across: 330, pixels: 100}.part10(t))
	}
	works := false
	o := Options{In: filepath.Join(root, "in"), Out: filepath.Join(root, "out"), Key: &[32]byte{7}}
	o.Reader = readerFunc(func() ([]image.Rectangle, error) {
		if !works {
			return nil, sinso.ErrUnavailable
		}
		return []image.Rectangle{image.Rect(10, 10, 20, 15)}, nil
	})
	if got, err := Run(t.Context(), o); !errors.Is(err, sinso.ErrUnavailable) || got.Clean > 0 {
		t.Fatalf("got %+v, %v", got, err)
	}
	works = true
	if got := mustRun(t, o); got.Clean != 3 {
		t.Errorf("with its reader: %+v", got)
	}
	o.Reader = nil
	if _, err := Run(t.Context(), o); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("without a reader in the same OUT: %v", err)
	}
}

// TestAFaultIsOneFiles: what the program fails on ends no run.
func TestAFaultIsOneFiles(t *testing.T) {
	t.Parallel()
	_, err := guarded(func() (deid.Result, error) {
		_ = at(nil, 1)
		return deid.Result{}, nil
	})
	if !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("got %v", err)
	}
}

// at panics where there is nothing.
func at(all []byte, i int) byte { return all[i] }
