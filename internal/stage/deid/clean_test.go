package deid

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// uids returns every UID of a data set that is not the standard's own.
func uids(ds *dicom.Dataset) map[string]bool {
	out := map[string]bool{}
	_ = ds.Walk(func(_ int, e *dicom.DataElement) error {
		if e.VR == dicom.VRUI {
			for uid := range strings.SplitSeq(strings.TrimRight(string(e.Value), "\x00"), `\`) {
				if uid != "" && !strings.HasPrefix(uid, "1.2.840.10008.") {
					out[uid] = true
				}
			}
		}
		return nil
	})
	return out
}

// study returns three instances that refer to each other.
func study(t *testing.T) [][]byte {
	t.Helper()
	var out [][]byte
	names := []string{"1.2.3.4.1001", "1.2.3.4.1002", "1.2.3.4.1003"}
	for i, name := range names {
		ds := chest(4)
		ds.SetString(tagSOPInstance, dicom.VRUI, name)
		var ref dicom.Dataset
		ref.SetString(0x00081150, dicom.VRUI, "1.2.840.10008.5.1.4.1.1.2")
		ref.SetString(0x00081155, dicom.VRUI, names[(i+1)%len(names)])
		ds.Set(dicom.DataElement{Tag: 0x00081140, VR: dicom.VRSQ, Items: []dicom.Dataset{ref}})
		out = append(out, part10(t, dicom.ExplicitLittleEndian, ds))
	}
	return out
}

func TestUIDsStayConsistentOverAStudy(t *testing.T) {
	t.Parallel()
	p := newProfile(t)
	instances, references, studies := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, raw := range study(t) {
		file, tree := read(t, clean(t, p, raw, 1).Clean.Bytes)
		instances[file.String(tagSOPInstance)] = true
		studies[file.String(tagStudyInstance)] = true
		item := tree.Find(0x00081140).Items[0]
		references[strings.TrimRight(string(item.Find(0x00081155).Value), "\x00")] = true
		if got := strings.TrimRight(string(item.Find(0x00081150).Value), "\x00"); got != "1.2.840.10008.5.1.4.1.1.2" {
			t.Errorf("Referenced SOP Class UID: got %q", got)
		}
	}
	if len(instances) != 3 || len(studies) != 1 {
		t.Fatalf("got %d instances of %d studies, want 3 of 1", len(instances), len(studies))
	}
	for uid := range references {
		if !instances[uid] {
			t.Error("a reference leads to no instance of the study")
		}
	}
}

func TestTwoReleasesDoNotLink(t *testing.T) {
	t.Parallel()
	p := newProfile(t)
	for _, raw := range study(t) {
		oneFile, one := read(t, clean(t, p, raw, 1).Clean.Bytes)
		twoFile, two := read(t, clean(t, p, raw, 2).Clean.Bytes)
		other := uids(&two)
		for uid := range uids(&one) {
			if other[uid] {
				t.Errorf("%s is in both", uid)
			}
		}
		for _, tag := range []dicom.Tag{tagPatientID, 0x00080020, 0x00080021} {
			if oneFile.String(tag) == "" || oneFile.String(tag) == twoFile.String(tag) {
				t.Errorf("%v is the same in both, or empty", tag)
			}
		}
	}
}

func TestCleanIsDeterministic(t *testing.T) {
	t.Parallel()
	p, raw := newProfile(t), study(t)[0]
	before := bytes.Clone(raw)
	one, two := clean(t, p, raw, 1), clean(t, newProfile(t), raw, 1)
	if !bytes.Equal(one.Clean.Bytes, two.Clean.Bytes) || !slices.Equal(one.Changes, two.Changes) {
		t.Error("the same record and release gave two derivatives")
	}
	if !bytes.Equal(before, raw) {
		t.Error("the record was changed")
	}
	if p.Hash() != newProfile(t).Hash() || p.Hash() == [32]byte{} {
		t.Error("two profiles of one table have two hashes")
	}
}

func TestDatesMoveByOneOffset(t *testing.T) {
	t.Parallel()
	ds := chest(4)
	ds.SetString(0x0008002A, dicom.VRDT, "20240119103000.5+0200")
	ds.SetString(0x00100030, dicom.VRDA, "20000229")
	_, file, _ := cleaned(t, ds, 1)
	var days []int
	for tag, was := range map[dicom.Tag]string{
		0x00080020: "20240117", 0x00080021: "20240118", 0x00080022: "20240119", 0x00080023: "20240120", 0x0008002A: "20240119",
	} {
		before, _ := time.Parse(dateForm, was)
		after, err := time.Parse(dateForm, file.String(tag)[:min(len(dateForm), len(file.String(tag)))])
		if err != nil {
			t.Errorf("%v: %q is no date", tag, file.String(tag))
			continue
		}
		days = append(days, int(after.Sub(before)/(24*time.Hour)))
	}
	if slices.Min(days) != slices.Max(days) || days[0] >= 0 || days[0] < -maxShiftDays {
		t.Errorf("moved by %v days, want one offset from -%d to -1", days, maxShiftDays)
	}
	for tag, name := range map[dicom.Tag]string{tagBirthDate: "birth date", 0x00100040: "sex"} {
		if got := file.String(tag); got != "" {
			t.Errorf("%s: got %q, want nothing", name, got)
		}
	}
}

// TestStudiesBeginAtNoon: times of day move so that the study began at noon, with the
// dates that they belong to; intervals stay to the second.
func TestStudiesBeginAtNoon(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ study, date, clock, wantClock, wantDay string }{
		"the study itself":     {"081500", "20240117", "081500", "120000", "0"},
		"a fraction is lost":   {"081500.25", "20240117", "081501.987654", "120001", "0"},
		"after midnight":       {"230000", "20240118", "003000", "133000", "0"},
		"the day before":       {"003000", "20240116", "233000", "110000", "0"},
		"much later":           {"081500", "20240118", "221500", "020000", "2"},
		"hours and minutes":    {"0815", "20240117", "0915", "130000", "0"},
		"with colons":          {"08:15:00", "20240117", "09:15:00", "130000", "0"},
		"a study without time": {"", "20240118", "091500", "", "1"},
		"no time":              {"half past", "20240117", "091500", "", "0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ds := chest(4)
			ds.SetString(0x00080020, dicom.VRDA, "20240117")
			ds.SetString(tagStudyTime, dicom.VRTM, tt.study)
			ds.SetString(0x00080022, dicom.VRDA, tt.date)
			ds.SetString(0x00080032, dicom.VRTM, tt.clock)
			ds.SetString(0x0008002A, dicom.VRDT, tt.date+strings.ReplaceAll(tt.clock, ":", ""))
			_, file, _ := cleaned(t, ds, 1)
			study, _ := time.Parse(dateForm, file.String(0x00080020))
			acquired, _ := time.Parse(dateForm, file.String(0x00080022))
			if got := strconv.Itoa(int(acquired.Sub(study) / (24 * time.Hour))); got != tt.wantDay {
				t.Errorf("acquired %s days after the study, want %s", got, tt.wantDay)
			}
			if got := file.String(0x00080032); got != tt.wantClock {
				t.Errorf("acquired at %q, want %q", got, tt.wantClock)
			}
			if got, want := file.String(0x0008002A), file.String(0x00080022)+tt.wantClock; got != want {
				t.Errorf("date and time in one: got %q, want %q", got, want)
			}
		})
	}
}

func TestAgesOver89AreOne(t *testing.T) {
	t.Parallel()
	p := profileWith(t, RetainPatientCharacteristics)
	for age, want := range map[string]string{
		"055Y": "055Y", "089Y": "089Y", "090Y": "090Y", "104Y": "090Y", "003M": "003M", "900D": "900D", "": "",
		"55Y": "", "BORN": "", "10YX": "",
	} {
		ds := chest(4)
		ds.SetString(0x00101010, dicom.VRAS, age)
		file, _ := read(t, clean(t, p, part10(t, dicom.ExplicitLittleEndian, ds), 1).Clean.Bytes)
		if got := file.String(0x00101010); got != want {
			t.Errorf("%q: got %q, want %q", age, got, want)
		}
	}
}

func TestDatesThatAreNone(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"20240230", "JANUARY2", "2024", "20240117-20240118", "00010101", "2024.1.17"} {
		ds := chest(4)
		ds.SetString(0x00080020, dicom.VRDA, value)     // Z
		ds.SetString(0x00080021, dicom.VRDA, value)     // X/D
		ds.SetString(0x00380020, dicom.VRDA, value)     // X
		ds.SetString(0x00181200, dicom.VRDA, "2024010") // X, of a device
		_, file, tree := cleaned(t, ds, 1)
		if got := file.String(0x00080020); got != "" {
			t.Errorf("%q: Study Date: got %q, want nothing", value, got)
		}
		if got := file.String(0x00080021); got != dummyDate {
			t.Errorf("%q: Series Date: got %q, want the dummy", value, got)
		}
		if tree.Find(0x00380020) != nil || tree.Find(0x00181200) != nil {
			t.Errorf("%q: a date of action X is there", value)
		}
	}
	if got, ok := shiftDate("2024.01.17", -17); !ok || got != "20231231" {
		t.Errorf("a date of ACR-NEMA: got %q, %v", got, ok)
	}
}

// TestShiftKeepsIntervals: any two dates are as far apart after as before.
func TestShiftKeepsIntervals(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var release Release
		copy(release.Secret[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "secret"))
		k := newKeys(release, maxShiftDays)
		if k.shiftDays > -1 || k.shiftDays < -maxShiftDays {
			t.Fatalf("offset %d", k.shiftDays)
		}
		start := time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC)
		a := start.AddDate(0, 0, rapid.IntRange(0, 40000).Draw(t, "a"))
		b := start.AddDate(0, 0, rapid.IntRange(0, 40000).Draw(t, "b"))
		movedA, okA := shiftDate(a.Format(dateForm), k.shiftDays)
		movedB, okB := (shift{days: k.shiftDays}).dateTime(b.Format(dateForm) + "101112.5")
		if !okA || !okB || movedA == a.Format(dateForm) {
			t.Fatalf("%s and %s: %q %v, %q %v", a, b, movedA, okA, movedB, okB)
		}
		afterA, _ := time.Parse(dateForm, movedA)
		afterB, _ := time.Parse(dateForm, movedB)
		if afterB.Sub(afterA) != b.Sub(a) {
			t.Fatalf("the interval of %s and %s changed", a, b)
		}
	})
}

// TestUIDMapIsAFunctionOfTheRelease: valid, the same for the same UID, another
// one for another UID or release.
func TestUIDMapIsAFunctionOfTheRelease(t *testing.T) {
	t.Parallel()
	uid := rapid.StringMatching(`1\.[1-9][0-9]{0,8}(\.[1-9][0-9]{0,8}){1,5}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := uid.Draw(t, "a"), uid.Draw(t, "b")
		one, two := newKeys(testRelease(1), maxShiftDays), newKeys(testRelease(2), maxShiftDays)
		got := one.UID(a)
		if len(got) > 64 || !strings.HasPrefix(got, "2.25.") || strings.HasPrefix(got, "2.25.0") || strings.Trim(got, "0123456789.") != "" {
			t.Fatalf("%q is no UID", got)
		}
		if got != one.UID(a) || got == two.UID(a) || (one.UID(b) == got) != (a == b) {
			t.Fatalf("%q and %q: %q", a, b, got)
		}
	})
}

func TestOnlyTheStandardsUIDsAreKept(t *testing.T) {
	t.Parallel()
	for uid, want := range map[string]bool{
		"1.2.840.10008.1.4.1.1":          true, // Talairach frame of reference
		"1.2.840.10008.1.5.1":            true, // Hot Iron palette
		"1.2.840.10008.1.20.1.1":         true, // storage commitment
		"1.2.840.10008.1.4.1.1987123":    false,
		"1.2.840.10008.1.4.1.1.1.1":      false,
		"1.2.840.10008.1.4.19.70.11":     false,
		"1.2.840.10008.1.4.1.99":         false,
		"1.2.840.10008.15.1.1":           true,  // UTC
		"1.2.840.10008.5.1.4.1.1.2":      false, // no instance is called as a class
		"1.2.840.10008.99.1987":          false,
		"1.2.840.113619.2.55.3.12345":    false,
		"1.2.840.10008.1.4.DOE":          false,
		"1.2.840.10008.1.4.1.1\x00DOE^J": false,
	} {
		if got := wellKnownUID(uid); got != want {
			t.Errorf("%q: got %v, want %v", uid, got, want)
		}
	}
}

func TestPixelsAreNotTouched(t *testing.T) {
	t.Parallel()
	p := newProfile(t)
	ds := chest(16)
	want := ds.Find(tagPixelData).Value
	for _, syntax := range []string{dicom.ExplicitLittleEndian, dicom.ImplicitLittleEndian, dicom.ExplicitBigEndian, dicom.DeflatedExplicitLittleEndian} {
		file, tree := read(t, clean(t, p, part10(t, syntax, ds), 1).Clean.Bytes)
		if got := tree.Find(tagPixelData); !bytes.Equal(got.Value, want) {
			t.Errorf("%s: the pixels changed", syntax)
		}
		if file.Syntax().UID != syntax {
			t.Errorf("%s became %s", syntax, file.Syntax().UID)
		}
	}
}

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

// TestEveryElementIsAccountedFor: the changes tell of each element of the
// original, and tell the truth.
func TestEveryElementIsAccountedFor(t *testing.T) {
	t.Parallel()
	raw := study(t)[0]
	_, before := read(t, raw)
	result := clean(t, newProfile(t), raw, 1)
	_, after := read(t, result.Clean.Bytes)
	changes := map[string]Action{}
	for _, change := range result.Changes {
		if _, twice := changes[change.Path]; twice {
			t.Errorf("%s is told twice", change.Path)
		}
		changes[change.Path] = change.Action
	}
	for _, e := range before.Elements {
		action, told := changes[e.Tag.String()]
		now := after.Find(e.Tag)
		switch {
		case !told:
			t.Errorf("%v is not told of", e.Tag)
		case (now == nil) != (action == Removed):
			t.Errorf("%v was %s", e.Tag, action)
		case now != nil && e.Items == nil && bytes.Equal(now.Value, e.Value) != (action == Kept):
			t.Errorf("%v was %s", e.Tag, action)
		}
	}
	if changes["(0008,1140)[0].(0008,1155)"] != Replaced || changes["(0008,1140)[0].(0008,1150)"] != Kept {
		t.Error("elements of items are not told of")
	}
}

func TestSweepFindsIdentifiersInKeptText(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		tag   dicom.Tag
		vr    dicom.VR
		value string
		kept  bool
	}{
		"family name":              {0x00080070, dicom.VRLO, "scanner of Phantom", false},
		"patient ID without signs": {0x00181020, dicom.VRLO, "v1 phantom0001", false},
		"birth date":               {0x00181020, dicom.VRLO, "born 01.01.1970", false},
		"study date":               {0x00181210, dicom.VRSH, "K20240117", false},
		"accession number":         {0x00181020, dicom.VRLO, "acc7731", false},
		"referrer":                 {0x00081090, dicom.VRLO, "for Dr Referrer", false},
		"institution":              {0x00080070, dicom.VRLO, "Synthetic General Hospital", false},
		"in a code string":         {0x00180022, dicom.VRCS, "RITA", false},
		"station in words":         {0x00081090, dicom.VRLO, "X CT1 Y", false},
		"station in another word":  {0x00081090, dicom.VRLO, "XCT12", true},
		"a standard's own term":    {0x00180015, dicom.VRCS, "CHEST", true},
		"nothing":                  {0x00081090, dicom.VRLO, "Ellipsoid 64", true},
	} {
		ds := chest(4)
		ds.SetString(tt.tag, tt.vr, tt.value)
		_, file, tree := cleaned(t, ds, 1)
		if got := file.String(tt.tag); (got == tt.value) != tt.kept {
			t.Errorf("%s: got %q", name, got)
		}
		if tree.Find(tt.tag) == nil {
			t.Errorf("%s: the element is gone", name)
		}
	}
}

func TestSweepFindsNamesInOtherScripts(t *testing.T) {
	t.Parallel()
	ds := chest(4)
	ds.SetString(0x00080005, dicom.VRCS, "GB18030")
	ds.Set(dicom.DataElement{Tag: tagPatientName, VR: dicom.VRPN, Value: []byte("Wang^XiaoDong=\xCD\xF5^\xD0\xA1\xB6\xAB")})
	ds.Set(dicom.DataElement{Tag: 0x00080070, VR: dicom.VRLO, Value: []byte("for \xD0\xA1\xB6\xAB.")})
	_, file, _ := cleaned(t, ds, 1)
	if got := file.String(0x00080070); got != dummyText {
		t.Errorf("got %q, want the dummy", got)
	}
}

func TestWhatTheTableDoesNotList(t *testing.T) {
	t.Parallel()
	text := func(s string) []byte { return []byte(s) }
	for name, tt := range map[string]struct {
		e    dicom.DataElement
		want string // of the value; "-" if the element must be gone
	}{
		"free text":                  {dicom.DataElement{Tag: 0x00081140 - 0x40 + 0x1000, VR: dicom.VRLO, Value: text("x ")}, "-"}, // (0008,2100): no such attribute
		"unknown even element":       {dicom.DataElement{Tag: 0x00090000 - 0x10000 + 0xFF00, VR: dicom.VRLO, Value: text("MARIA ")}, "-"},
		"group length":               {dicom.DataElement{Tag: 0x00080000, VR: dicom.VRUL, Value: []byte{1, 0, 0, 0}}, "-"},
		"comment":                    {dicom.DataElement{Tag: 0x00280A04, VR: dicom.VRLO, Value: text("Frau Maria")}, dummyText},
		"date in another calendar":   {dicom.DataElement{Tag: 0x00100033, VR: dicom.VRLO, Value: text("S45.01.01 ")}, dummyText},
		"name of a reviewer":         {dicom.DataElement{Tag: 0x00140104, VR: dicom.VRPN, Value: text("MARIA ")}, ""},
		"URL":                        {dicom.DataElement{Tag: 0x00081190, VR: dicom.VRUR, Value: text("http://x/maria")}, ""},
		"number":                     {dicom.DataElement{Tag: 0x00180050, VR: dicom.VRDS, Value: text("2.5 ")}, "2.5"},
		"text where a number is":     {dicom.DataElement{Tag: 0x00180050, VR: dicom.VRDS, Value: text("MARIA ")}, ""},
		"text VR where a number is":  {dicom.DataElement{Tag: 0x00180050, VR: dicom.VRLT, Value: text("MARIA ")}, ""},
		"code string of small type":  {dicom.DataElement{Tag: 0x00180022, VR: dicom.VRCS, Value: text("Maria ")}, ""},
		"bytes that nobody lists":    {dicom.DataElement{Tag: 0x00142210, VR: dicom.VROB, Value: text("MARIA ")}, ""},
		"UN of a kept attribute":     {dicom.DataElement{Tag: 0x00080070, VR: dicom.VRUN, Value: text("Acme")}, "Acme"},
		"UN of a comment":            {dicom.DataElement{Tag: 0x00280A04, VR: dicom.VRUN, Value: text("Maria ")}, dummyText},
		"UN of a number, with text":  {dicom.DataElement{Tag: 0x00180050, VR: dicom.VRUN, Value: text("MARIA ")}, ""},
		"kept text":                  {dicom.DataElement{Tag: 0x00080070, VR: dicom.VRLO, Value: text("Acme")}, "Acme"},
		"kept text in another VR":    {dicom.DataElement{Tag: 0x00080070, VR: dicom.VRUT, Value: text("Acme")}, dummyText},
		"overlay without its data":   {dicom.DataElement{Tag: 0x60001500, VR: dicom.VRLO, Value: text("MARIA ")}, "-"},
		"sequence that should be no": {dicom.DataElement{Tag: 0x00080070, VR: dicom.VRSQ, Items: []dicom.Dataset{{}}}, "-"},
	} {
		ds := chest(4)
		ds.Set(tt.e)
		_, _, tree := cleaned(t, ds, 1)
		got := "-"
		if now := tree.Find(tt.e.Tag); now != nil {
			got = strings.TrimSpace(string(now.Value))
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}

func TestItemsOfDummySequencesSayNothing(t *testing.T) {
	t.Parallel()
	var item dicom.Dataset
	item.SetString(0x00080100, dicom.VRSH, "DOC12")
	item.SetString(0x00080102, dicom.VRSH, "99HOSPITAL")
	item.SetString(0x00080104, dicom.VRLO, "Maria Doe")
	item.SetString(0x0040A30A, dicom.VRDS, "42.5")
	item.Set(dicom.DataElement{Tag: 0x00280010, VR: dicom.VRUS, Value: us(77)})
	ds := chest(4)
	ds.Set(dicom.DataElement{Tag: 0x00401101, VR: dicom.VRSQ, Items: []dicom.Dataset{item, item}}) // D
	_, _, tree := cleaned(t, ds, 1)
	items := tree.Find(0x00401101).Items
	if len(items) != 2 {
		t.Fatalf("%d items, want 2", len(items))
	}
	for _, e := range items[1].Elements {
		switch got := strings.TrimSpace(string(e.Value)); got {
		case dummyText, dummyScheme, dummyNumber, "\x01\x00":
		default:
			t.Errorf("%v: %q", e.Tag, got)
		}
	}
}

func TestCleanRefuses(t *testing.T) {
	t.Parallel()
	p := newProfile(t)
	directory := chest(4)
	directory.SetString(tagSOPClass, dicom.VRUI, mediaDirectory)
	for name, tt := range map[string]struct {
		record sinso.Record
		want   error
	}{
		"nothing":       {sinso.Record{}, sinso.ErrInvalid},
		"no DICOM":      {sinso.Record{Bytes: bytes.Repeat([]byte("no DICOM "), 40)}, sinso.ErrInvalid},
		"cut off":       {sinso.Record{Bytes: study(t)[0][:700]}, sinso.ErrCorrupt},
		"other kind":    {sinso.Record{Kind: "fhir", Bytes: study(t)[0]}, sinso.ErrUnsupported},
		"directory":     {sinso.Record{Bytes: part10(t, dicom.ExplicitLittleEndian, directory)}, sinso.ErrUnsupported},
		"ended context": {sinso.Record{Bytes: study(t)[0]}, context.Canceled},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		if tt.want == context.Canceled { //nolint:errorlint // a value of the table, not an error that was returned
			cancel()
		}
		if _, err := p.Clean(ctx, tt.record, testRelease(1)); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", name, err, tt.want)
		}
		cancel()
	}
}

// TestInstanceWithoutNameGetsOne: by its meta information, or by its bytes.
func TestInstanceWithoutNameGetsOne(t *testing.T) {
	t.Parallel()
	p := newProfile(t)
	ds := chest(4)
	ds.Remove(tagSOPInstance)
	var meta dicom.Dataset
	meta.SetString(tagMetaSOPInstance, dicom.VRUI, "1.2.3.4.1001")
	withMeta, err := dicom.EncodeMeta(dicom.ExplicitLittleEndian, meta, ds)
	if err != nil {
		t.Fatal(err)
	}
	named := clean(t, p, study(t)[0], 1).Clean.UID
	if got := clean(t, p, withMeta, 1).Clean.UID; got != named {
		t.Errorf("by meta information: got %q, want %q", got, named)
	}
	bare := clean(t, p, part10(t, dicom.ExplicitLittleEndian, ds), 1)
	file, _ := read(t, bare.Clean.Bytes)
	if got := file.String(tagSOPInstance); got == "" || got == named || got != bare.Clean.UID || file.MetaString(tagMetaSOPInstance) != got {
		t.Errorf("by its bytes: got %q", got)
	}
}

// TestMutantsNeverPanic flips bytes all over a file: what the reader still takes
// is cleaned or refused.
func TestMutantsNeverPanic(t *testing.T) {
	t.Parallel()
	p, raw := newProfile(t), study(t)[0]
	taken := 0
	for at := 132; at < len(raw); at++ {
		mutant := bytes.Clone(raw)
		mutant[at] ^= byte(1 << (at % 8))
		result, err := p.Clean(t.Context(), sinso.Record{Bytes: mutant}, testRelease(1))
		if err != nil {
			continue
		}
		taken++
		if _, err := dicom.Read(result.Clean.Bytes); err != nil {
			t.Errorf("byte %d: the derivative cannot be read: %v", at, err)
		}
	}
	if taken < len(raw)/4 {
		t.Errorf("only %d mutants were cleaned", taken)
	}
}

func TestCleaningTwiceLosesNothingMore(t *testing.T) {
	t.Parallel()
	p := newProfile(t)
	once := clean(t, p, study(t)[0], 1)
	_, before := read(t, once.Clean.Bytes)
	_, after := read(t, clean(t, p, once.Clean.Bytes, 2).Clean.Bytes)
	if len(before.Elements) != len(after.Elements) {
		t.Errorf("%d elements, then %d", len(before.Elements), len(after.Elements))
	}
}

// BenchmarkClean cleans a 512² CT slice. Target: under 1 ms but for copying the
// pixels.
func BenchmarkClean(b *testing.B) {
	p := newProfile(b)
	raw := part10(b, dicom.ExplicitLittleEndian, chest(512))
	record := sinso.Record{Bytes: raw}
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Clean(b.Context(), record, testRelease(1)); err != nil {
			b.Fatal(err)
		}
	}
}
