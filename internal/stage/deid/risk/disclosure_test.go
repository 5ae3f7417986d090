package risk_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/deid/risk"
)

// original returns a synthetic CT of an invented person that shows everything.
func original() dicom.Dataset {
	var ds dicom.Dataset
	for _, e := range []struct {
		tag   dicom.Tag
		vr    dicom.VR
		value string
	}{
		{0x00080005, "CS", "ISO_IR 192"},
		{0x00080008, "CS", `ORIGINAL\PRIMARY\AXIAL`},
		{0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2"},
		{0x00080018, "UI", "1.2.3.4.1"},
		{0x00080020, "DA", "20240117"},
		{0x00080030, "TM", "101500.25"},
		{0x00080060, "CS", "CT"},
		{0x00080070, "LO", "Synthetic  Imaging Works"},
		{0x00080080, "LO", "Synthetic General Hospital"},
		{0x00081010, "SH", "CT1"},
		{0x00081030, "LO", "Chest of somebody"},
		{0x00081090, "LO", "Ellipsoid 64"},
		{0x00100010, "PN", "PHANTOM^CHEST"},
		{0x00100030, "DA", "19300101"},
		{0x00100040, "CS", "F"},
		{0x00101010, "AS", "093Y"},
		{0x00101020, "DS", "1.70"},
		{0x00101030, "DS", "72.50"},
		{0x00102160, "SH", "Ellipsoïd"},
		{0x001021A0, "CS", "NO"},
		{0x00104000, "LT", "she came on her own"},
		{0x00180015, "CS", "CHEST"},
		{0x00181000, "LO", "SN 77"},
		{0x00181030, "LO", "Thorax routine"},
	} {
		ds.SetString(e.tag, e.vr, e.value)
	}
	ds.Set(dicom.DataElement{Tag: 0x001021C0, VR: dicom.VRUS, Value: []byte{1, 0}})
	ds.Set(dicom.DataElement{Tag: 0x00081032, VR: dicom.VRSQ, Items: []dicom.Dataset{code("SCT", "169069000"), code("99X", "7")}})
	return ds
}

func code(scheme, value string) dicom.Dataset {
	var item dicom.Dataset
	item.SetString(0x00080100, dicom.VRSH, value)
	item.SetString(0x00080102, dicom.VRSH, scheme)
	return item
}

// TestNameOfADerivativeIsNobodys: what every derivative has in the place of a name is no
// text that somebody typed; a name that begins like it is.
func TestNameOfADerivativeIsNobodys(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]bool{
		dicom.NameDeidentified: false, dicom.NameDatesMoved: false, dicom.NameDatesRemoved: false, dicom.NameDatesMoved + "^DOE": true, "DOE^JANE": true,
	} {
		var ds dicom.Dataset
		ds.SetString(0x00100010, dicom.VRPN, name)
		if d := risk.From(&ds); (len(d.Texts) > 0) != text {
			t.Errorf("%q: texts %v", name, d.Texts)
		}
	}
}

func TestDisclosureIsWhatTheDataSetShows(t *testing.T) {
	t.Parallel()
	ds := original()
	d := risk.From(&ds)
	want := risk.Traits{
		risk.Sex: "F", risk.AgeBand: "90+", risk.Age: "93Y", risk.SizeBand: "170-179", risk.Size: "1.7",
		risk.WeightBand: "70-79", risk.Weight: "72.5", risk.EthnicGroup: "ELLIPSOÏD", risk.Smoking: "NO", risk.Pregnancy: "1",
		risk.Modalities: "CT", risk.BodyParts: "CHEST", risk.Procedures: `99X:7\SCT:169069000`, risk.Protocols: "THORAX ROUTINE",
		risk.Manufacturer: "SYNTHETIC IMAGING WORKS", risk.Model: "ELLIPSOID 64", risk.Device: `CT1\SN 77`,
		risk.Institution: "SYNTHETIC GENERAL HOSPITAL", risk.Year: "2024", risk.Date: "20240117", risk.Time: "101500",
	}
	for _, trait := range risk.All() {
		if d.Traits[trait] != want[trait] {
			t.Errorf("%s: got %q, want %q", trait, d.Traits[trait], want[trait])
		}
	}
	if !d.BirthDate || !d.ExactDate || !d.TimeOfDay {
		t.Errorf("birth date %t, exact date %t, time of day %t: want all", d.BirthDate, d.ExactDate, d.TimeOfDay)
	}
	if want := []dicom.Tag{0x00081030, 0x00100010, 0x00104000}; !slices.Equal(d.Texts, want) {
		t.Errorf("texts: got %v, want %v", d.Texts, want)
	}
	a := risk.New(secret).Assess(d, risk.Policy{})
	if !slices.Equal(a.Flags, risk.Flags()) {
		t.Errorf("flags: got %v, want all of %v", a.Flags, risk.Flags())
	}
	if want := []string{"(0008,1030)", "(0010,0010)", "(0010,4000)"}; !slices.Equal(a.Texts, want) {
		t.Errorf("texts: got %v, want %v", a.Texts, want)
	}
}

// TestOwnCodesShowTheSameInEveryRelease: a code of a private scheme has another name in each
// release, and that makes nobody rare.
func TestOwnCodesShowTheSameInEveryRelease(t *testing.T) {
	t.Parallel()
	raw, err := dicom.Encode(dicom.ExplicitLittleEndian, original())
	if err != nil {
		t.Fatal(err)
	}
	profile, err := deid.Preset("basic")
	if err != nil {
		t.Fatal(err)
	}
	for secret := range byte(3) {
		result, err := profile.Clean(t.Context(), sinso.Record{Bytes: raw}, deid.Release{Secret: [32]byte{secret}})
		if err != nil {
			t.Fatal(err)
		}
		d, err := risk.Read(result.Clean.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := d.Traits[risk.Procedures], `99REMOVED\SCT:169069000`; got != want {
			t.Errorf("it shows %q, want %q", got, want)
		}
	}
}

// TestDerivativeOfTheBasicProfileRaisesNoFlag reads what deid makes of it: a
// manufacturer, a model and a body part, and nothing of the person.
func TestDerivativeOfTheBasicProfileRaisesNoFlag(t *testing.T) {
	t.Parallel()
	raw, err := dicom.Encode(dicom.ExplicitLittleEndian, original())
	if err != nil {
		t.Fatal(err)
	}
	profile, err := deid.Preset("basic")
	if err != nil {
		t.Fatal(err)
	}
	result, err := profile.Clean(t.Context(), sinso.Record{Bytes: raw}, deid.Release{Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	d, err := risk.Read(result.Clean.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	want := []risk.Trait{risk.Modalities, risk.BodyParts, risk.Procedures, risk.Manufacturer, risk.Model}
	for _, trait := range d.Traits.Shown() {
		if !slices.Contains(want, trait) {
			t.Errorf("it shows %s", trait)
		}
	}
	p := risk.New(secret)
	for i := range 20 {
		if err := p.Add(strconv.Itoa(i), d.Traits); err != nil {
			t.Fatal(err)
		}
	}
	if a := p.Assess(d, risk.Policy{}); len(a.Flags) > 0 || a.K != 20 || !a.Enough() || a.Advice != nil {
		t.Errorf("got %+v", a)
	}
}

func TestReadOfWhatIsNoObjectFails(t *testing.T) {
	t.Parallel()
	for _, raw := range [][]byte{nil, []byte("no object"), make([]byte, 200)} {
		if _, err := risk.Read(raw); err == nil {
			t.Errorf("%d bytes: no error", len(raw))
		}
	}
}

func TestMovedDatesAreNotShown(t *testing.T) {
	t.Parallel()
	ds := original()
	ds.SetString(0x00280303, dicom.VRCS, "MODIFIED")
	d := risk.From(&ds)
	if d.Traits[risk.Date] != "" || d.Traits[risk.Year] != "" || d.ExactDate {
		t.Errorf("got date %t", d.ExactDate)
	}
	if d.Traits[risk.Time] != "" || d.TimeOfDay {
		t.Error("a time of day was moved with the dates, and is shown")
	}
	if !d.BirthDate {
		t.Error("a date of birth stays what it is")
	}
}

func TestInstancesOfAStudyShowTheirUnion(t *testing.T) {
	t.Parallel()
	a, b := original(), original()
	b.SetString(0x00080060, dicom.VRCS, "PT")
	b.SetString(0x00181000, dicom.VRLO, "SN 78")
	b.Remove(0x00104000)
	x, y := risk.From(&a), risk.From(&b)
	both, turned := x, y
	both.Merge(y)
	turned.Merge(x)
	both.Merge(x)
	if both.Traits != turned.Traits || !slices.Equal(both.Texts, turned.Texts) {
		t.Error("the order of instances matters")
	}
	if got, want := both.Traits[risk.Modalities], `CT\PT`; got != want {
		t.Errorf("modalities: got %q, want %q", got, want)
	}
	if got, want := both.Traits[risk.Device], `CT1\SN 77\SN 78`; got != want {
		t.Errorf("device: got %q, want %q", got, want)
	}
}

func TestValuesFallIntoTheirBands(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		set         func(*risk.Traits, string)
		value       string
		exact, band string
		fine        risk.Trait
	}{
		{(*risk.Traits).SetAge, "045Y", "45Y", "40-49", risk.Age},
		{(*risk.Traits).SetAge, "000Y", "0Y", "0-9", risk.Age},
		{(*risk.Traits).SetAge, "003M", "3M", "0-9", risk.Age},
		{(*risk.Traits).SetAge, "130M", "130M", "10-19", risk.Age},
		{(*risk.Traits).SetAge, "089Y", "89Y", "80-89", risk.Age},
		{(*risk.Traits).SetAge, "090Y", "90Y", "90+", risk.Age},
		{(*risk.Traits).SetAge, "about 45", "ABOUT 45", "", risk.Age},
		{(*risk.Traits).SetAge, "", "", "", risk.Age},
		{(*risk.Traits).SetSize, "1.80", "1.8", "180-189", risk.Size},
		{(*risk.Traits).SetSize, "0.3", "0.3", "30-39", risk.Size},
		{(*risk.Traits).SetSize, "0", "", "", risk.Size},
		{(*risk.Traits).SetSize, "170", "170", "", risk.Size},
		{(*risk.Traits).SetSize, "NaN", "NAN", "", risk.Size},
		{(*risk.Traits).SetWeight, "69.9", "69.9", "60-69", risk.Weight},
		{(*risk.Traits).SetWeight, "70", "70", "70-79", risk.Weight},
		{(*risk.Traits).SetWeight, "-5", "-5", "", risk.Weight},
		{(*risk.Traits).SetWeight, "1e300", "1e+300", "", risk.Weight},
		{(*risk.Traits).SetDate, "2024.01.17", "20240117", "2024", risk.Date},
		{(*risk.Traits).SetDate, "20240117101500.5+0100", "20240117", "2024", risk.Date},
		{(*risk.Traits).SetDate, "202401", "202401", "2024", risk.Date},
		{(*risk.Traits).SetDate, "2024", "", "2024", risk.Date},
		{(*risk.Traits).SetDate, "last May", "LAST MAY", "", risk.Date},
	} {
		var tr risk.Traits
		tt.set(&tr, tt.value)
		band, _ := tt.fine.Refines()
		if tr[tt.fine] != tt.exact || tr[band] != tt.band {
			t.Errorf("%s of %q: got %q in %q, want %q in %q", tt.fine, tt.value, tr[tt.fine], tr[band], tt.exact, tt.band)
		}
	}
}

func TestAgesOver89AreFlagged(t *testing.T) {
	t.Parallel()
	p := risk.New(secret)
	for age, want := range map[string][2]bool{ // in the clear; where 90 stands for all
		"089Y": {false, false}, "090Y": {true, false}, "091Y": {true, true}, "999Y": {true, true}, "999D": {false, false}, "": {false, false},
	} {
		for i, topCoded := range []bool{false, true} {
			var d risk.Disclosure
			d.Traits.SetAge(age)
			flags := p.Assess(d, risk.Policy{TopCoded: topCoded}).Flags
			if got := slices.Contains(flags, risk.FlagAge); got != want[i] {
				t.Errorf("%s, top coded %t: got %t, want %t", age, topCoded, got, want[i])
			}
		}
	}
}

func TestProcedureOfFewPersonsIsFlagged(t *testing.T) {
	t.Parallel()
	p := risk.New(secret)
	for i := range 12 {
		if err := p.Add(strconv.Itoa(i%6), risk.Traits{risk.Procedures: "A", risk.Age: strconv.Itoa(i)}); err != nil {
			t.Fatal(err)
		}
	}
	for limit, want := range map[uint64]bool{6: false, 7: true} {
		a := p.Assess(risk.Disclosure{Traits: risk.Traits{risk.Procedures: "A"}}, risk.Policy{K: 1, Procedure: limit})
		if got := slices.Contains(a.Flags, risk.FlagProcedure); got != want {
			t.Errorf("six persons, at least %d: got %t, want %t", limit, got, want)
		}
	}
}

func TestCountsEndAtTheLimitOrTheThreshold(t *testing.T) {
	t.Parallel()
	p := risk.New(secret)
	for i := range risk.CountLimit + 500 {
		if err := p.Add(strconv.Itoa(i), risk.Traits{risk.Sex: "F"}); err != nil {
			t.Fatal(err)
		}
	}
	for threshold, want := range map[uint64]uint64{0: risk.CountLimit, risk.CountLimit + 100: risk.CountLimit + 100, risk.CountLimit + 900: risk.CountLimit + 500} {
		if got := p.Assess(risk.Disclosure{}, risk.Policy{K: threshold}).K; got != want {
			t.Errorf("threshold %d: got %d, want %d", threshold, got, want)
		}
	}
	a := p.Assess(risk.Disclosure{Traits: risk.Traits{risk.Sex: "M"}}, risk.Policy{})
	if len(a.Advice) != 1 || a.Advice[0].K != risk.CountLimit || a.Risk != 1 {
		t.Errorf("got %+v, want to hide the sex", a)
	}
}

func TestTraitsPrintTheirNamesOnly(t *testing.T) {
	t.Parallel()
	ds := original()
	d := risk.From(&ds)
	var b strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		fmt.Fprintf(&b, verb+"\n", d.Traits)
	}
	slog.New(slog.NewTextHandler(&b, nil)).InfoContext(t.Context(), "x", slog.Any("traits", d.Traits))
	for _, v := range []any{d.Traits, d, risk.New(secret).Assess(d, risk.Policy{})} {
		j, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(j)
	}
	for i, value := range d.Traits {
		if len(value) > 2 && strings.Contains(b.String(), value) {
			t.Errorf("the value of %s was printed", risk.Trait(i))
		}
	}
	if !strings.Contains(b.String(), "age-band") {
		t.Error("the names of the traits were not")
	}
}

func TestTraitNamesAreReadAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	for _, want := range risk.All() {
		text, err := want.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var got risk.Trait
		if err := got.UnmarshalText(text); err != nil || got != want {
			t.Errorf("%s: got %s, %v", want, got, err)
		}
	}
	var none risk.Trait
	if none.UnmarshalText([]byte("shoe-size")) == nil {
		t.Error("a name that no trait has was read")
	}
}

func TestEveryFlagIsExplained(t *testing.T) {
	t.Parallel()
	for _, f := range risk.Flags() {
		if risk.Explain(f) == "" {
			t.Errorf("%s: no sentence", f)
		}
	}
	if risk.Explain("none") != "" {
		t.Error("a sentence for what is no flag")
	}
}

// FuzzRead: what is read is no longer than its bytes allow, and nothing panics.
func FuzzRead(f *testing.F) {
	raw, err := dicom.Encode(dicom.ExplicitLittleEndian, original())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := risk.Read(b)
		if err != nil {
			return
		}
		p := risk.New(secret)
		if err := p.Add("x", d.Traits); err != nil {
			t.Fatal(err)
		}
		if a := p.Assess(d, risk.Policy{}); a.K != 1 || a.Possible != 1 {
			t.Errorf("K %d, possible %d: want 1 for what was added alone", a.K, a.Possible)
		}
	})
}
