package serve

import (
	"bytes"
	"image/png"
	"strings"
	"testing"
)

// TestWhoIsAskedSeesAPicture: of the first image that can be drawn of each patient, for who
// sent it alone, and as long as it asks.
func TestWhoIsAskedSeesAPicture(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	first, second := renamed(drawn(t, 50, 1)[0], "8"), drawn(t, 51, 2)
	disc := discOf(t, []byte("no DICOM"), named(t, "4711", "DOE^J", "", 3), first, undrawable(renamed(second[0], "9")), renamed(second[1], "9"))
	g.send(t, "owner", disc, meta("filename", "disc.zip", "batch", "d", "ask", "true"))
	drawnOnes := 0
	for _, p := range g.patients(t, "owner", "d") {
		g.patients(t, "owner", "d") // waits: after an answer all of it is looked through once more
		path := api + "/uploads/patients/" + p.Patient + "/thumbnail"
		if !p.Picture {
			g.want(t, 404, "owner", "GET", path, "")
			continue
		}
		drawnOnes++
		for range 2 { // the second time it is kept here
			got := g.want(t, 200, "owner", "GET", path, "")
			picture, err := png.Decode(bytes.NewReader(got.body))
			if err != nil || picture.Bounds().Dx() != 32 || got.Header.Get("Cache-Control") != "no-store" {
				t.Fatalf("%v, %v, %s", picture, err, got.Header)
			}
			darkest, lightest := uint32(1<<16), uint32(0)
			for y := range 32 {
				for x := range 32 {
					v, _, _, _ := picture.At(x, y).RGBA()
					darkest, lightest = min(darkest, v), max(lightest, v)
				}
			}
			if lightest-darkest < 1<<14 {
				t.Errorf("%d to %d: nothing is on it", darkest, lightest)
			}
		}
		for _, role := range []string{"other", "clinician"} {
			g.want(t, 404, role, "GET", path, "")
		}
		for _, role := range []string{"operator", "buyer", "auditor", "member", ""} {
			if got := g.do(t, role, "GET", path, ""); got.StatusCode < 401 {
				t.Errorf("%q: %d", role, got.StatusCode)
			}
		}
		g.says(t, 200, "owner", p.Patient, saidUnknown, "")
		g.want(t, 404, "owner", "GET", path, "")
	}
	if drawnOnes != 2 {
		t.Errorf("%d have a picture, want 2", drawnOnes)
	}
	if text := g.log.String(); strings.Contains(text, "PHANTOM") {
		t.Error("the log has a name")
	}
}

// renamed gives an object of the phantom another patient.
func renamed(file []byte, digit string) []byte {
	return bytes.ReplaceAll(file, []byte("PHANTOM-0001"), []byte("PHANTOM-000"+digit))
}

// undrawable makes pixels of an object that nobody knows how to read.
func undrawable(file []byte) []byte {
	return bytes.Replace(file, []byte("MONOCHROME2"), []byte("MONOCHROMEX"), 1)
}

// TestNothingToDrawIsSaid: pixels that cannot be read are no picture, and no error of ours.
func TestNothingToDrawIsSaid(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.send(t, "owner", undrawable(renamed(drawn(t, 52, 1)[0], "7")), meta("batch", "d", "ask", "true"))
	p := g.patients(t, "owner", "d")[0]
	if !p.Picture {
		t.Fatalf("asked %+v", p)
	}
	g.want(t, 501, "owner", "GET", api+"/uploads/patients/"+p.Patient+"/thumbnail", "")
}
