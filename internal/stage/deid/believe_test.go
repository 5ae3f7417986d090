package deid

import (
	"image"
	"slices"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// TestTemplatesAndRegionsHoldForTrustedImages: whether a scanner's image is believed, and
// whatever is found in it beside them.
func TestTemplatesAndRegionsHoldForTrustedImages(t *testing.T) {
	t.Parallel()
	profile, err := Parse([]byte(string(salesProfile(t).Text()) +
		"\n[[template]]\nmanufacturer = \"Synthetic Imaging Works\"\nrows = 64\ncolumns = 64\nboxes = [[0, 0, 64, 8]]\n"))
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		change  func(*dicom.Dataset)
		believe bool
	}{
		"believed":                              {plain(7), true},
		"looked at":                             {plain(7), false},
		"believed, in frames":                   {both(plain(7), twoFrames), true},
		"looked at, full of what may be a word": {noBurnedIn, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ds := chest(64)
			tt.change(&ds)
			release := testRelease(1)
			release.Believe = tt.believe
			result, err := profile.Clean(t.Context(), sinso.Record{Bytes: part10(t, dicom.ExplicitLittleEndian, ds)}, release)
			if err != nil {
				t.Fatal(err)
			}
			file, tree := read(t, result.Clean.Bytes)
			frames, _ := file.Int(tagFrames)
			for n := range max(frames, 1) {
				want := Mark{Frame: n, Box: image.Rect(0, 0, 64, 8), By: ByTemplate}
				if !slices.Contains(result.Marks, want) {
					t.Errorf("frame %d: marks %v", n, result.Marks)
				}
				for i, b := range tree.Find(tagPixelData).Value[n*64*64*2:][:64*8*2] {
					if b != 0 {
						t.Fatalf("frame %d: byte %d of the template is left", n, i)
					}
				}
			}
			if result.Clean.Withheld != nil {
				t.Errorf("withheld %v", result.Clean.Withheld)
			}
		})
	}
}

// twoFrames doubles an object's frame.
func twoFrames(ds *dicom.Dataset) {
	pixels := ds.Find(tagPixelData).Value
	ds.Set(dicom.DataElement{Tag: tagPixelData, VR: dicom.VROW, Value: slices.Concat(pixels, pixels)})
	ds.SetString(tagFrames, dicom.VRIS, "2")
}

// TestNoWordMakesACaptureTrusted: what is not as the scanner made it is looked at in every
// frame, also if it says that nothing is burned in.
func TestNoWordMakesACaptureTrusted(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*dicom.Dataset)
		looked bool
	}{
		"as the scanner made it": {plain(7), false},
		"the same, says NO":      {both(plain(7), set(tagBurnedIn, dicom.VRCS, "NO")), false},
		"screen save, says NO": {both(plain(7), set(tagBurnedIn, dicom.VRCS, "NO"),
			set(tagImageType, dicom.VRCS, "DERIVED", "SECONDARY", "SCREEN SAVE")), true},
		"derived, says NO": {both(plain(7), set(tagBurnedIn, dicom.VRCS, "NO"), set(tagImageType, dicom.VRCS, "DERIVED", "PRIMARY")), true},
	} {
		ds := chest(64)
		tt.change(&ds)
		release := testRelease(1)
		release.Believe = true
		raw := part10(t, dicom.ExplicitLittleEndian, ds)
		result, err := salesProfile(t).Clean(t.Context(), sinso.Record{Bytes: raw}, release)
		if err != nil {
			t.Fatal(err)
		}
		_, tree := read(t, result.Clean.Bytes)
		claims := slices.Contains(methodCodes(tree), "113101")
		if claims != tt.looked || result.Clean.Withheld != nil {
			t.Errorf("%s: looked at: %v, want %v; withheld %v", name, claims, tt.looked, result.Clean.Withheld)
		}
	}
	screen := both(set(tagBurnedIn, dicom.VRCS, "NO"), set(tagImageType, dicom.VRCS, "DERIVED", "SECONDARY", "SCREEN SAVE"))
	if got := withheldOf(t, screen); !slices.Equal(got, []sinso.Reason{ReasonBurnedInUnknown}) {
		t.Errorf("a profile that does not look withholds %v", got)
	}
}

// TestWhatWasConvertedIsNotBelieved: a film that was digitised has writing on it, whatever
// its class and Image Type say.
func TestWhatWasConvertedIsNotBelieved(t *testing.T) {
	t.Parallel()
	for _, conversion := range []string{"DF", "DV", "DI", "WSD"} {
		ds := chest(32)
		plain(500)(&ds)
		ds.SetString(tagConversionType, dicom.VRCS, conversion)
		file, tree := read(t, part10(t, dicom.ExplicitLittleEndian, ds))
		release := testRelease(1)
		release.Believe = true
		seen, withheld, err := salesProfile(t).gate(t.Context(), file, &tree, release)
		if err != nil || len(withheld) > 0 || !seen.looked {
			t.Errorf("%s: withheld %v, looked at: %v, %v", conversion, withheld, seen.looked, err)
		}
	}
}
