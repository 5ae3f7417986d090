package deid

import (
	"bytes"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/phantom"
)

// TestPhantomMayBeReleased: the drawn chest passes, and nothing that names its
// patient or staff is left in it.
func TestPhantomMayBeReleased(t *testing.T) {
	t.Parallel()
	p := newProfile(t)
	slices := 0
	err := phantom.Series(phantom.Options{Seed: 7, Slices: 3, Rows: 32, Columns: 32}, func(name string, raw []byte) error {
		slices++
		result := clean(t, p, raw, 1)
		if len(result.Clean.Withheld) > 0 {
			t.Errorf("%s: withheld: %v", name, result.Clean.Withheld)
		}
		file, tree := read(t, result.Clean.Bytes)
		if got := file.String(tagBodyPart); got != "CHEST" {
			t.Errorf("%s: body part %q", name, got)
		}
		tree.Remove(tagPixelData)
		rest := strings.ToUpper(string(part10(t, dicom.ExplicitLittleEndian, tree)))
		for _, word := range []string{"PHANTOM", "REFERRER", "RITA", "OLGA", "SYNTHETIC GENERAL", "STREET", "19700101", "20240117", "7731", "555-0"} {
			if strings.Contains(rest, word) {
				t.Errorf("%s: %q is left", name, word)
			}
		}
		_, before := read(t, raw)
		if _, after := read(t, result.Clean.Bytes); !bytes.Equal(before.Find(tagPixelData).Value, after.Find(tagPixelData).Value) {
			t.Errorf("%s: the pixels changed", name)
		}
		return nil
	})
	if err != nil || slices != 3 {
		t.Fatalf("%d slices, %v", slices, err)
	}
}
