package node

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/stage/ingest"
)

// TestCompressedOriginalsComeBack imports the same slices with and without compression:
// less is stored, each comes back as it came, also to a node that does not compress any
// more, and the check finds all of them.
func TestCompressedOriginalsComeBack(t *testing.T) {
	t.Parallel()
	var slices [][]byte
	err := phantom.Series(phantom.Options{Slices: 3}, func(_ string, part10 []byte) error {
		slices = append(slices, part10)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	stored := map[string]int{}
	for _, compress := range []string{none, compressOriginals} {
		tn := &town{dir: t.TempDir(), clock: fastClock{time.Now(), 60}}
		cfg := Config{Data: filepath.Join(tn.dir, "node"), Chain: none, Compress: compress}
		n, err := tn.node(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		_, err = n.Import(t.Context(), func(_ context.Context, fn func(ingest.Found) error) error {
			for _, part10 := range slices {
				if err := fn(ingest.Found{Item: sinso.Item{Bytes: part10}}); err != nil {
					return err
				}
			}
			return nil
		}, ImportOptions{Actor: "test"})
		if err != nil {
			t.Fatal(err)
		}
		if err := tn.close(); err != nil {
			t.Fatal(err)
		}
		log, err := files(filepath.Join(cfg.Data, logFolder))
		if err != nil {
			t.Fatal(err)
		}
		for _, data := range log {
			stored[compress] += len(data)
		}
		cfg.Compress = none
		if n, err = tn.node(t.Context(), cfg); err != nil {
			t.Fatal(err)
		}
		left := len(slices)
		for _, plain := range readAll(t, n) {
			for _, part10 := range slices {
				if bytes.Equal(plain, part10) {
					left--
				}
			}
		}
		checked, err := n.CheckObjects(t.Context(), func(err error) { t.Error(err) })
		if err != nil || left != 0 || checked < len(slices) {
			t.Errorf("compress %s: %d slices did not come back, %d objects checked, %v", compress, left, checked, err)
		}
		if err := tn.close(); err != nil {
			t.Fatal(err)
		}
	}
	if stored[compressOriginals] > stored[none]*3/4 {
		t.Errorf("stored %d bytes compressed, %d not", stored[compressOriginals], stored[none])
	}
}
