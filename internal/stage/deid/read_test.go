package deid

import (
	"context"
	"encoding/binary"
	"errors"
	"image"
	"slices"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// readerFunc is a reader of a test's own.
type readerFunc func(picture *image.Gray) ([]image.Rectangle, error)

func (f readerFunc) Words(_ context.Context, picture *image.Gray) ([]image.Rectangle, error) {
	return f(picture)
}

// cine returns an ultrasound image of some frames, blanked in its upper rows.
func cine(frames int) dicom.Dataset {
	ds := chest(32)
	both(class("1.2.840.10008.5.1.4.1.1.3.1", "US"), plain(500))(&ds)
	ds.SetString(tagFrames, dicom.VRIS, "5")
	pixels := ds.Find(tagPixelData)
	pixels.Value = slices.Repeat(pixels.Value, frames)
	for i := range 32 * 32 * frames { // not all one value: white is what is in sight
		if i%7 == 0 {
			binary.LittleEndian.PutUint16(pixels.Value[2*i:], 100)
		}
	}
	ds.Set(dicom.DataElement{Tag: tagUltrasoundRegions, VR: dicom.VRSQ, Items: []dicom.Dataset{region(0, 4, 31, 31)}})
	return ds
}

// TestWhatIsStillReadIsBlankedInEachFrame: the reader sees three of five frames with
// what was found blanked, and what it reads in one is blanked in all.
func TestWhatIsStillReadIsBlankedInEachFrame(t *testing.T) {
	t.Parallel()
	seen := 0
	reader := readerFunc(func(picture *image.Gray) ([]image.Rectangle, error) {
		seen++
		if picture.Rect != image.Rect(0, 0, 32, 32) || picture.GrayAt(5, 3).Y != 0 || picture.GrayAt(6, 6).Y == 0 {
			t.Errorf("picture %d is %v, %d above and %d inside", seen, picture.Rect, picture.GrayAt(5, 3).Y, picture.GrayAt(6, 6).Y)
		}
		if seen == 2 {
			return []image.Rectangle{image.Rect(10, 20, 18, 25)}, nil
		}
		return nil, nil
	})
	release := testRelease(1)
	release.Reader = reader
	original := cine(5)
	result, err := salesProfile(t).Clean(t.Context(), sinso.Record{Bytes: part10(t, dicom.ExplicitLittleEndian, original)}, release)
	if err != nil || seen != 3 || len(result.Clean.Withheld) > 0 {
		t.Fatalf("%d pictures read, withheld %v, %v", seen, result.Clean.Withheld, err)
	}
	_, tree := read(t, result.Clean.Bytes)
	before, after := original.Find(tagPixelData).Value, tree.Find(tagPixelData).Value
	detected := slices.DeleteFunc(slices.Clone(result.Marks), func(m Mark) bool { return m.By != ByDetection })
	for i := range 5 * 32 * 32 {
		at, frame := image.Pt(i%32, i/32%32), i/1024
		blank := at.Y < 4 || at.In(image.Rect(7, 17, 21, 28)) ||
			slices.ContainsFunc(detected, func(m Mark) bool { return m.Frame == frame && at.In(m.Box) })
		got, want := binary.LittleEndian.Uint16(after[2*i:]), binary.LittleEndian.Uint16(before[2*i:])
		if !blank && got != want || blank && got > 100 {
			t.Fatalf("frame %d, %v: %d, was %d, blank %v", frame, at, got, want, blank)
		}
	}
	byReader := slices.DeleteFunc(slices.Clone(result.Marks), func(m Mark) bool { return m.By != ByReader })
	if len(byReader) != 5 || byReader[4].Frame != 4 {
		t.Errorf("marks: %v", byReader)
	}
}

// TestAPageFullOfWordsIsWithheld bounds what a reader makes us hold.
func TestAPageFullOfWordsIsWithheld(t *testing.T) {
	t.Parallel()
	release := testRelease(1)
	release.Reader = readerFunc(func(*image.Gray) ([]image.Rectangle, error) {
		return slices.Repeat([]image.Rectangle{image.Rect(1, 6, 2, 7)}, 100*maxWords), nil
	})
	result, err := salesProfile(t).Clean(t.Context(), sinso.Record{Bytes: part10(t, dicom.ExplicitLittleEndian, cine(5))}, release)
	if err != nil || !slices.Contains(result.Clean.Withheld, ReasonText) || len(result.Marks) > 20 {
		t.Errorf("withheld %v with %d marks, %v", result.Clean.Withheld, len(result.Marks), err)
	}
}

// TestWithoutItsReaderNothingIsMade: one that fails is no reader that found nothing.
func TestWithoutItsReaderNothingIsMade(t *testing.T) {
	t.Parallel()
	release := testRelease(1)
	release.Reader = readerFunc(func(*image.Gray) ([]image.Rectangle, error) { return nil, sinso.ErrUnavailable })
	if _, err := salesProfile(t).Clean(t.Context(), sinso.Record{Bytes: part10(t, dicom.ExplicitLittleEndian, cine(5))}, release); !errors.Is(err, sinso.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}

// TestWhatIsNotLookedAtIsNotRead: a scanner that is believed costs no second look.
func TestWhatIsNotLookedAtIsNotRead(t *testing.T) {
	t.Parallel()
	release := testRelease(1)
	release.Believe = true
	release.Reader = readerFunc(func(*image.Gray) ([]image.Rectangle, error) {
		t.Error("it was read")
		return nil, nil
	})
	ds := chest(32)
	if _, err := salesProfile(t).Clean(t.Context(), sinso.Record{Bytes: part10(t, dicom.ExplicitLittleEndian, ds)}, release); err != nil {
		t.Error(err)
	}
}

// TestAPageThatOnlyItsReaderSeesIsWithheld: the detector finds nothing in it, and a
// scanner's own picture has no such page either.
func TestAPageThatOnlyItsReaderSeesIsWithheld(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*dicom.Dataset){
		"ultrasound": both(class("1.2.840.10008.5.1.4.1.1.6.1", "US"), plain(500)),
		"CT":         plain(500),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ds := chest(32)
			change(&ds)
			release := testRelease(1)
			release.Reader = readerFunc(func(*image.Gray) ([]image.Rectangle, error) {
				return slices.Repeat([]image.Rectangle{image.Rect(1, 1, 5, 3)}, maxWords+1), nil
			})
			result, err := salesProfile(t).Clean(t.Context(), sinso.Record{Bytes: part10(t, dicom.ExplicitLittleEndian, ds)}, release)
			if err != nil || !slices.Contains(result.Clean.Withheld, ReasonText) {
				t.Errorf("withheld %v, %v; want %s", result.Clean.Withheld, err, ReasonText)
			}
		})
	}
}
