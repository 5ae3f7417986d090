package deid

import (
	"bytes"
	"image"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// TestWhatWasSeenIsNotLookedForAgain: the derivative is the same, and no reader is asked.
func TestWhatWasSeenIsNotLookedForAgain(t *testing.T) {
	t.Parallel()
	asked := 0
	release := testRelease(1)
	release.Reader = readerFunc(func(*image.Gray) ([]image.Rectangle, error) {
		asked++
		return []image.Rectangle{image.Rect(10, 20, 18, 25)}, nil
	})
	record := sinso.Record{Bytes: part10(t, dicom.ExplicitLittleEndian, cine(5))}
	first, err := salesProfile(t).Clean(t.Context(), record, release)
	if err != nil || first.Seen == nil || first.Seen.Size() == 0 || asked == 0 {
		t.Fatalf("seen %v after %d questions, %v", first.Seen, asked, err)
	}
	release.Seen, asked = first.Seen, 0
	second, err := salesProfile(t).Clean(t.Context(), record, release)
	if err != nil || asked > 0 || !bytes.Equal(second.Clean.Bytes, first.Clean.Bytes) || len(second.Marks) != len(first.Marks) {
		t.Errorf("%d questions, %d bytes with %d marks, want %d with %d, %v", asked, len(second.Clean.Bytes), len(second.Marks), len(first.Clean.Bytes), len(first.Marks), err)
	}
}

// TestWhatWritingWithholdsIsLookedAtAnew: nothing is remembered of it.
func TestWhatWritingWithholdsIsLookedAtAnew(t *testing.T) {
	t.Parallel()
	ds := cine(5)
	ds.SetString(tagConversionType, dicom.VRCS, "SD")
	if got := clean(t, salesProfile(t), part10(t, dicom.ExplicitLittleEndian, ds), 1); got.Seen != nil || len(got.Clean.Withheld) == 0 {
		t.Errorf("withheld %v, seen %v", got.Clean.Withheld, got.Seen)
	}
}
