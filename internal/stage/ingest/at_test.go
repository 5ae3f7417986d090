package ingest_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/ingest"
)

// TestAtIsWhatTheWalkFindsThere: the same object, and no other is unpacked for it.
func TestAtIsWhatTheWalkFindsThere(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	for i := range 4 {
		name := fmt.Sprintf("DICOM/%d", i)
		if i == 1 {
			name = "DICOM/" // a folder
		}
		entry, err := w.Create(name)
		if err == nil && i != 1 {
			_, err = fmt.Fprintf(entry, "file %d", i)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string][]byte{"zip": packed.Bytes(), "file": []byte("alone")} {
		n := 0
		err := ingest.WalkFile(t.Context(), bytes.NewReader(file), int64(len(file)), sinso.NewPHI("x"), func(want ingest.Found) error {
			got, err := ingest.At(t.Context(), bytes.NewReader(file), int64(len(file)), n)
			if err != nil || !bytes.Equal(got, want.Item.Bytes) {
				t.Errorf("%s: %d is %q, %v, want %q", name, n, got, err, want.Item.Bytes)
			}
			n++
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, none := range []int{-1, n} {
			if _, err := ingest.At(t.Context(), bytes.NewReader(file), int64(len(file)), none); !errors.Is(err, sinso.ErrNotFound) {
				t.Errorf("%s: %d: got %v, want ErrNotFound", name, none, err)
			}
		}
	}
	damaged := bytes.Replace(packed.Bytes(), []byte("file 0"), []byte("file X"), 1)
	if bytes.Equal(damaged, packed.Bytes()) { // deflated: the bytes are another way there
		damaged = bytes.Clone(packed.Bytes())
		damaged[40] ^= 0xFF
	}
	var refusal *ingest.RefusalError
	if _, err := ingest.At(t.Context(), bytes.NewReader(damaged), int64(len(damaged)), 0); !errors.As(err, &refusal) {
		t.Errorf("damaged: got %v, want a refusal", err)
	}
	cut := io.NewSectionReader(bytes.NewReader(packed.Bytes()), 0, 60)
	if _, err := ingest.At(t.Context(), cut, 60, 0); !errors.As(err, &refusal) {
		t.Errorf("cut off: got %v, want a refusal", err)
	}
}
