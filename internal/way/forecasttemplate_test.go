package way

import (
	"slices"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
)

// TestForecastIsOfTheCopyUnderTemplates: where the node has a template for the study, what
// its newest copy shows is told still, and not what the first object of a series would.
func TestForecastIsOfTheCopyUnderTemplates(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	s.add(ofEcho([4]int{0, 0, 9, 9}))
	study := s.take(scannedPart(t, 1, "")).Study
	s.take(scannedPart(t, 2, "ABDOMEN"))
	draft := s.draft(study)
	if got := s.forecastOf(study); !slices.Equal(got.Shown, draft.Risk.Shown) || !slices.Contains(got.Shown, "body-parts") {
		t.Errorf("the forecast shows %v, the draft %v", got.Shown, draft.Risk.Shown)
	}
}

// scannedPart is an image of one study that may name a part of the body.
func scannedPart(t *testing.T, number int, part string) []byte {
	t.Helper()
	return object(t, "ADA", "1", number, func(ds *dicom.Dataset) {
		from := must[dicom.Dataset](t)(must[*dicom.File](t)(dicom.Read(echo(t, "1", number, "NO"))).Tree())
		for _, element := range from.Elements {
			ds.Set(element)
		}
		if part != "" {
			ds.SetString(0x00180015, dicom.VRCS, part)
		}
	})
}
