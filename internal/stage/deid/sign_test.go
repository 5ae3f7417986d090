package deid

import (
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

func TestDerivativeSaysWhatWasDone(t *testing.T) {
	t.Parallel()
	ds := chest(4)
	ds.SetString(tagIdentityRemoved, dicom.VRCS, "NO")
	ds.SetString(tagMethod, dicom.VRLO, "done by DOE")
	result, file, tree := cleaned(t, ds, 1)
	if len(result.Clean.Withheld) > 0 {
		t.Fatalf("withheld: %v", result.Clean.Withheld)
	}
	hash := newProfile(t).Hash()
	for tag, want := range map[dicom.Tag]string{
		tagIdentityRemoved: "YES", tagTemporalModified: "MODIFIED", tagBurnedIn: "NO",
		tagMethod: methodText + `\SINSO_1 test\` + hex.EncodeToString(hash[:]),
	} {
		if got := file.String(tag); got != want {
			t.Errorf("%v: got %q, want %q", tag, got, want)
		}
	}
	if got, want := methodCodes(tree), []string{"113100", "113107"}; !slices.Equal(got, want) {
		t.Errorf("codes: got %v, want %v", got, want)
	}
}

// TestEveryDerivativeShowsThatItIsOne: where viewers show the patient's name stands that
// there is none, and what became of the dates; whatever stood there, and in objects that
// had none. What belongs to no patient gets none.
func TestEveryDerivativeShowsThatItIsOne(t *testing.T) {
	t.Parallel()
	for preset, want := range map[string]string{
		"basic": "DE-IDENTIFIED^DATES REMOVED", "teaching": "DE-IDENTIFIED^DATES REMOVED",
		"research-sale": "DE-IDENTIFIED^DATES MOVED", "research-sale-defaced": "DE-IDENTIFIED^DATES MOVED", "registry": "DE-IDENTIFIED^DATES MOVED",
		"clinical-share": "DE-IDENTIFIED",
	} {
		p, err := Preset(preset)
		if err != nil {
			t.Fatal(err)
		}
		for name, change := range map[string]func(*dicom.Dataset){
			"a name": func(*dicom.Dataset) {}, "an empty name": func(ds *dicom.Dataset) { ds.SetString(tagPatientName, dicom.VRPN, "") },
			"no name": func(ds *dicom.Dataset) { ds.Remove(tagPatientName) },
		} {
			ds := chest(4)
			change(&ds)
			file, _ := read(t, clean(t, p, part10(t, dicom.ExplicitLittleEndian, ds), 1).Clean.Bytes)
			if got := file.String(tagPatientName); got != want {
				t.Errorf("%s, %s: the name is %q, want %q", preset, name, got, want)
			}
			if got := file.Deidentified(); got != sinso.DeidentifiedHere {
				t.Errorf("%s, %s: it is taken for %q", preset, name, got)
			}
		}
		ds := chest(4)
		ds.Remove(tagPatientName)
		ds.Remove(tagStudyInstance)
		if _, tree := read(t, clean(t, p, part10(t, dicom.ExplicitLittleEndian, ds), 1).Clean.Bytes); tree.Find(tagPatientName) != nil {
			t.Errorf("%s: what is of no patient has a name", preset)
		}
	}
}

// methodCodes returns what a derivative says was done to it.
func methodCodes(tree dicom.Dataset) []string {
	var codes []string
	for _, item := range tree.Find(tagMethodCodes).Items {
		codes = append(codes, strings.TrimSpace(string(item.Find(tagCodeValue).Value)))
	}
	return codes
}

// TestUnitsSurviveTheSign: an original of CT is in HU without saying so; a picture that is
// marked as derived has to say it, and nothing that was never said is made up.
func TestUnitsSurviveTheSign(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*dicom.Dataset)
		want   string
	}{
		"an original":          {func(*dicom.Dataset) {}, "HU"},
		"with an empty type":   {func(ds *dicom.Dataset) { ds.SetString(tagRescaleType, dicom.VRLO, "") }, "HU"},
		"that says it":         {func(ds *dicom.Dataset) { ds.SetString(tagRescaleType, dicom.VRLO, "ED") }, "ED"},
		"a localizer":          {func(ds *dicom.Dataset) { ds.SetString(tagImageType, dicom.VRCS, "ORIGINAL", "PRIMARY", "LOCALIZER") }, ""},
		"derived already":      {func(ds *dicom.Dataset) { ds.SetString(tagImageType, dicom.VRCS, "DERIVED", "PRIMARY", "AXIAL") }, ""},
		"without a slope":      {func(ds *dicom.Dataset) { ds.Remove(tagSlope) }, ""},
		"of several energies":  {func(ds *dicom.Dataset) { ds.SetString(tagMultiEnergy, dicom.VRCS, "YES") }, ""},
		"of another SOP class": {func(ds *dicom.Dataset) { ds.SetString(tagSOPClass, dicom.VRUI, "1.2.840.10008.5.1.4.1.1.4") }, ""},
	} {
		ds := chest(4)
		ds.SetString(tagImageType, dicom.VRCS, "ORIGINAL", "PRIMARY", "AXIAL")
		tt.change(&ds)
		new(cleaner).signFaceless(&ds)
		got := ""
		if e := ds.Find(tagRescaleType); e != nil {
			got = strings.TrimSpace(string(e.Value))
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
		if kind := string(ds.Find(tagImageType).Value); !strings.HasPrefix(kind, "DERIVED") {
			t.Errorf("%s: its type is %q", name, kind)
		}
	}
}
