package risk_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/deid/risk"
)

const (
	headerOfStudy = `{"00080020":{"vr":"DA","Value":["20240117"]},"00080030":{"vr":"TM","Value":["101500"]},` +
		`"00081030":{"vr":"LO","Value":["Thorax native"]},"00100040":{"vr":"CS","Value":["F"]},"00101010":{"vr":"AS","Value":["093Y"]},` +
		`"00101030":{"vr":"DS","Value":[72.5]},"001021C0":{"vr":"US","Value":[4]}}`
	headerOfCT = `{"00080021":{"vr":"DA","Value":["20240118"]},"00080060":{"vr":"CS","Value":["CT"]},"00080070":{"vr":"LO","Value":["Synthetic Rays"]},` +
		`"00180015":{"vr":"CS","Value":["CHEST"]},"00400254":{"vr":"LO","Value":["Lung"]}}`
	headerOfPET = `{"00080060":{"vr":"CS","Value":["PT"]},"00180015":{"vr":"CS","Value":["CHEST"]}}`
)

// TestHeadersGiveTheTraitsOfAStudy: what an index keeps of a study is read as a
// derivative is, with the ages over 89 as one.
func TestHeadersGiveTheTraitsOfAStudy(t *testing.T) {
	t.Parallel()
	got, err := risk.FromHeaders([]byte(headerOfStudy), []byte(headerOfCT), []byte(headerOfPET), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := risk.Traits{
		risk.Sex: "F", risk.Age: "90Y", risk.AgeBand: "90+", risk.Weight: "72.5", risk.WeightBand: "70-79", risk.Pregnancy: "4", risk.Modalities: `CT\PT`,
		risk.BodyParts: "CHEST", risk.Procedures: "THORAX NATIVE", risk.Manufacturer: "SYNTHETIC RAYS",
		risk.Year: "2024", risk.Date: "20240117", risk.Time: "101500",
	}
	for _, trait := range risk.All() {
		if got[trait] != want[trait] {
			t.Errorf("%s: got %q, want %q", trait, got[trait], want[trait])
		}
	}
	alone, err := risk.FromHeaders(nil, []byte(headerOfCT))
	if err != nil || alone[risk.Procedures] != "LUNG" || alone[risk.Date] != "20240118" {
		t.Errorf("of a series alone: %v, %q, %q", err, alone[risk.Procedures], alone[risk.Date])
	}
	for _, bad := range []string{`{`, `[]`, `{"00100040":{"vr":"CS","Value":["F"}}`} {
		if _, err := risk.FromHeaders([]byte(bad)); !errors.Is(err, sinso.ErrCorrupt) && !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: got %v, want it refused", bad, err)
		}
	}
}

// TestShowingIsADisclosureWithoutValues: names lead back to it, and what it shows of a
// study is the study's own.
func TestShowingIsADisclosureWithoutValues(t *testing.T) {
	t.Parallel()
	d := risk.Disclosure{TimeOfDay: true, Texts: []dicom.Tag{0x00081030, 0x00104000}}
	d.Traits.SetAge("091Y")
	d.Traits[risk.Institution] = "SOMEWHERE"
	s := d.Showing()
	more := risk.Disclosure{ExactDate: true, Texts: []dicom.Tag{0x00080090}}
	more.Traits[risk.Sex] = "M"
	s.Merge(more.Showing())
	names := func(s risk.Showing) string { return fmt.Sprintf("%v %v %v", s.Traits(), s.Flags(), s.Texts()) }
	const want = "[sex age-band age institution] [age-over-89 exact-date text time-of-day] [(0008,0090) (0008,1030) (0010,4000)]"
	if names(s) != want {
		t.Errorf("got %s, want %s", names(s), want)
	}
	if len(d.Texts) != 2 {
		t.Error("merging changed what was merged")
	}
	traits, flags := []string{"sex", "age-band", "age", "institution"}, []string{"age-over-89", "exact-date", "text", "time-of-day", "rare-procedure"}
	again, err := risk.NewShowing(traits, flags, []string{"(0010,4000)", "(0008,0090)", "(0008,1030)"})
	if err != nil || names(again) != want {
		t.Errorf("from names: %v, %s", err, names(again))
	}
	for _, bad := range [][2]string{{"height", "(0008,0090)"}, {"sex", "0008,0090"}} {
		if _, err := risk.NewShowing([]string{bad[0]}, nil, []string{bad[1]}); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%v: got %v, want it refused", bad, err)
		}
	}
	own := risk.Traits{risk.Sex: "F", risk.Age: "90Y", risk.AgeBand: "90+", risk.Year: "2024"}
	shown, unknown := s.Of(own)
	if shown[risk.Year] != "" || shown[risk.Sex] != "F" || !slices.Equal(unknown, []risk.Trait{risk.Institution}) {
		t.Errorf("of a study: %v, unknown %v", shown, unknown)
	}
}

// TestPlaceLeadsBackToTraitsAndOut: a study that has a place is taken out by it, once,
// and what is left is as if it had never been there.
func TestPlaceLeadsBackToTraitsAndOut(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 5))
	p, want := risk.New(secret), risk.New(secret)
	grow(t, rng, p, 100)
	b := encoded(t, p)
	traits := patient(rng)
	places := make([]risk.Entry, 3)
	for i := range places {
		var err error
		if places[i], err = p.Enter(fmt.Sprint("P", i/2), traits); err != nil {
			t.Fatal(err)
		}
		if p.At(places[i]) != traits {
			t.Errorf("place %d: other traits", i)
		}
	}
	if places[0] != places[1] || places[1] == places[2] {
		t.Errorf("places %v, want one a person", places)
	}
	for _, e := range places {
		if err := p.Leave(e); err != nil {
			t.Error(err)
		}
	}
	if string(encoded(t, p)) != string(b) {
		t.Error("what was entered and left leaves a trace")
	}
	for _, e := range []risk.Entry{0, places[0], places[2], 1 << 30} {
		if err := p.Leave(e); !errors.Is(err, sinso.ErrNotFound) {
			t.Errorf("place %d: got %v, want nothing there", e, err)
		}
	}
	if want.At(1) != (risk.Traits{}) {
		t.Error("an empty population has traits")
	}
}

// TestStudyAlwaysFits fills the dictionary of a trait with foreign values: what has no
// number left is taken as not known, with what refines it, and everything else stays.
func TestStudyAlwaysFits(t *testing.T) {
	t.Parallel()
	p := risk.New(secret)
	for i := range 600 {
		traits := risk.Traits{risk.Year: fmt.Sprint("Y", i), risk.Date: fmt.Sprint("D", i), risk.Sex: "F"}
		if err := p.Add(strconv.Itoa(i%100), p.Fit(traits)); err != nil {
			t.Fatal(err)
		}
	}
	if p.Studies() != 600 || p.Persons() != 100 {
		t.Errorf("%d studies of %d persons", p.Studies(), p.Persons())
	}
	late := risk.Traits{risk.Year: "Y599", risk.Date: "D599", risk.Sex: "F"}
	if err := p.Add("late", late); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("got %v, want no room for it", err)
	}
	if got := p.Fit(late); got != (risk.Traits{risk.Sex: "F"}) {
		t.Errorf("got %v, want the sex alone", got)
	}
	if early := (risk.Traits{risk.Year: "Y1", risk.Date: "D1"}); p.Fit(early) != early {
		t.Error("what is known does not fit")
	}
}

// TestChangedHeadersAreReadOrRefused changes each byte of a header in several ways: no
// panic, and what is read fits into a population.
func TestChangedHeadersAreReadOrRefused(t *testing.T) {
	t.Parallel()
	p := risk.New(secret)
	read, refused := 0, 0
	for i := range headerOfStudy {
		for _, b := range []byte{0, '"', '}', '9', 0xFF} {
			header := []byte(headerOfStudy)
			header[i] = b
			traits, err := risk.FromHeaders(header, []byte(headerOfCT))
			if err != nil {
				refused++
				continue
			}
			read++
			if err := p.Add("P", p.Fit(traits)); err != nil {
				t.Fatalf("byte %d as %#x: %v", i, b, err)
			}
			_, _ = risk.Forecast(header, func(object []byte) ([]byte, error) { return object, nil }) // it may fail, and does not panic
		}
	}
	if read == 0 || refused == 0 {
		t.Errorf("%d were read, %d refused", read, refused)
	}
}

// BenchmarkFromHeaders is one study with two series.
func BenchmarkFromHeaders(b *testing.B) {
	for b.Loop() {
		if _, err := risk.FromHeaders([]byte(headerOfStudy), []byte(headerOfCT), []byte(headerOfPET)); err != nil {
			b.Fatal(err)
		}
	}
}

// TestForecastReadsWhatCleanMakes: an object is made of the metadata and handed over,
// and what comes back is read; what fails is told.
func TestForecastReadsWhatCleanMakes(t *testing.T) {
	t.Parallel()
	same := func(object []byte) ([]byte, error) { return object, nil }
	shows, err := risk.Forecast([]byte(headerOfStudy), same)
	if err != nil || !slices.Contains(shows.Traits(), risk.Date) || !slices.Contains(shows.Flags(), risk.FlagAge) {
		t.Errorf("got %v, %v, %v", shows.Traits(), shows.Flags(), err)
	}
	less := func(object []byte) ([]byte, error) {
		file, err := dicom.Read(object)
		if err != nil {
			return nil, err
		}
		ds, err := file.Tree()
		if err != nil {
			return nil, err
		}
		ds.Elements = slices.DeleteFunc(ds.Elements, func(e dicom.DataElement) bool { return e.Tag.Group() == 0x0008 })
		return dicom.Encode(dicom.ExplicitLittleEndian, ds)
	}
	if shows, err := risk.Forecast([]byte(headerOfStudy), less); err != nil || slices.Contains(shows.Traits(), risk.Date) || !slices.Contains(shows.Traits(), risk.Sex) {
		t.Errorf("got %v, %v", shows.Traits(), err)
	}
	failing := func([]byte) ([]byte, error) { return nil, sinso.ErrUnsupported }
	if _, err := risk.Forecast([]byte(headerOfStudy), failing); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("got %v, want what clean says", err)
	}
	if _, err := risk.Forecast([]byte(`{"00100040":`), same); err == nil {
		t.Error("metadata that is cut off is read")
	}
}
