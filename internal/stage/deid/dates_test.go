package deid

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sinso.dev/sinso/internal/format/dicom"
)

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
