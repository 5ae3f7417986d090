package deid

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"sinso.dev/sinso/internal/format/dicom"
)

const (
	dateForm   = "20060102" // DA, PS3.5 Table 6.2-1
	daySeconds = 24 * 60 * 60
	noon       = daySeconds / 2
)

// shift is how far the moments of one object are moved: by the days of the release,
// and so that its study began at noon. Intervals stay to the second; the time of day
// is gone, and with it what a log of a department could be searched for.
type shift struct {
	days  int
	clock int  // seconds, added to every time of day; 0 if not known
	known bool // the study says when it began; if not, times of day go by the Basic Profile
	zone  int  // seconds, of the times without a zone of their own (Timezone Offset From UTC)
	zoned bool // the object says so
}

// newShift takes the study's time from the root of an object. All of a study say the
// same (PS3.3 C.7.2.1).
func newShift(ds *dicom.Dataset, days int) shift {
	s := shift{days: days}
	if e := ds.Find(tagStudyTime); e != nil {
		var began int
		if began, s.known = clockOf(strings.Trim(string(e.Value), " \x00")); s.known {
			s.clock = noon - began
		}
	}
	if e := ds.Find(tagTimezone); e != nil {
		s.zone, s.zoned = zoneOf(strings.Trim(string(e.Value), " \x00"))
	}
	return s
}

// date moves one DA value; of is the time of day that belongs to it, "" if none does.
// It returns false for what is no date, and for a date that would leave the years
// that DA can hold.
func (s shift) date(value, of string) (string, bool) {
	days := s.days
	if clock, ok := clockOf(of); ok {
		days += floorDiv(clock+s.clock, daySeconds)
	}
	return shiftDate(value, days)
}

// time moves one TM value within its day. A fraction of a second is dropped: it says
// nothing of an interval that matters, and is different in every object of the world.
func (s shift) time(value string) (string, bool) {
	clock, ok := clockOf(value)
	if !ok || !s.known {
		return "", false
	}
	return clockText(clock + s.clock), true
}

// dateTime moves one DT value. Where the time of day cannot be moved the date stands
// alone. A zone is dropped, once the moment is in that of the object's other times: the
// decay of a dose is reckoned from one to the other.
func (s shift) dateTime(value string) (string, bool) {
	if len(value) < len(dateForm) || strings.Trim(value[len(dateForm):], "0123456789.+-") != "" {
		return "", false
	}
	date, clock := value[:len(dateForm)], value[len(dateForm):]
	if zone := strings.IndexAny(clock, "+-"); zone >= 0 {
		if own, ok := zoneOf(clock[zone:]); ok && s.zoned {
			s.clock += s.zone - own
		}
		clock = clock[:zone]
	}
	moved, ok := s.date(date, clock)
	if !ok {
		return "", false
	}
	if clock, ok = s.time(clock); ok {
		moved += clock
	}
	return moved, true
}

// moment moves one value of a VR.
func (s shift) moment(vr dicom.VR, value, of string) (string, bool) {
	if vr == dicom.VRDA {
		return s.date(value, of)
	}
	if vr == dicom.VRTM {
		return s.time(value)
	}
	return s.dateTime(value)
}

// shiftDate moves a date by whole days.
func shiftDate(value string, days int) (string, bool) {
	if len(value) == 10 && value[4] == '.' && value[7] == '.' { // ACR-NEMA 300, PS3.5 §6.2 note to DA
		value = value[:4] + value[5:7] + value[8:]
	}
	if len(value) != len(dateForm) {
		return "", false
	}
	date, err := time.Parse(dateForm, value)
	if err != nil {
		return "", false
	}
	moved := date.AddDate(0, 0, days)
	if moved.Year() < 1 {
		return "", false
	}
	return moved.Format(dateForm), true
}

// clockOf reads a TM value, or the time of a DT, in seconds from midnight: HH, HHMM,
// HHMMSS, with a fraction or the colons of ACR-NEMA (PS3.5 §6.2 note to TM).
func clockOf(value string) (int, bool) {
	value, _, _ = strings.Cut(strings.ReplaceAll(value, ":", ""), ".")
	if len(value) < 2 || len(value) > 6 || len(value)%2 != 0 {
		return 0, false
	}
	seconds := 0
	for i, bound := range []int{24, 60, 61} {
		part := 0
		if 2*i < len(value) {
			n, err := strconv.ParseUint(value[2*i:2*i+2], 10, 8)
			if err != nil || int(n) >= bound {
				return 0, false
			}
			part = int(n)
		}
		seconds = seconds*60 + part
	}
	return min(seconds, daySeconds-1), true // a leap second has no name of its own here
}

// zoneOf reads an offset from UTC, ±HHMM, in seconds (PS3.5 §6.2, DT).
func zoneOf(value string) (int, bool) {
	if len(value) != len("+0000") || value[0] != '+' && value[0] != '-' {
		return 0, false
	}
	seconds, ok := clockOf(value[1:])
	if value[0] == '-' {
		seconds = -seconds
	}
	return seconds, ok
}

// clockText writes seconds as TM, within one day.
func clockText(seconds int) string {
	seconds -= floorDiv(seconds, daySeconds) * daySeconds
	return fmt.Sprintf("%02d%02d%02d", seconds/3600, seconds/60%60, seconds%60)
}

func floorDiv(a, b int) int {
	if a < 0 {
		return -((-a + b - 1) / b)
	}
	return a / b
}

// decays are the moments from which a reader reckons how much of a dose is left. With its
// date alone a dose would be taken for one of midnight.
var decays = map[dicom.Tag]bool{0x00181078: true, 0x00181079: true}

// timeOf names, for each date of the standard that has one, the attribute with its
// time of day (PS3.3 has them in pairs).
var timeOf = map[dicom.Tag]dicom.Tag{
	0x00080012: 0x00080013, // Instance Creation
	0x00080020: 0x00080030, // Study
	0x00080021: 0x00080031, // Series
	0x00080022: 0x00080032, // Acquisition
	0x00080023: 0x00080033, // Content
	0x00080024: 0x00080034, // Overlay
	0x00080025: 0x00080035, // Curve
	0x00181012: 0x00181014, // Secondary Capture
	0x00181200: 0x00181201, // Last Calibration
	0x0018700C: 0x0018700E, // Last Detector Calibration
	0x00321000: 0x00321001, // Scheduled Study Start
	0x00321010: 0x00321011, // Scheduled Study Stop
	0x00321040: 0x00321041, // Study Arrival
	0x00321050: 0x00321051, // Study Completion
	0x00380020: 0x00380021, // Admitting
	0x00380030: 0x00380032, // Discharge
	0x00400002: 0x00400003, // Scheduled Procedure Step Start
	0x00400004: 0x00400005, // Scheduled Procedure Step End
	0x00400244: 0x00400245, // Performed Procedure Step Start
	0x00400250: 0x00400251, // Performed Procedure Step End
	0x00402004: 0x00402005, // Issue of Imaging Service Request
	0x0040A121: 0x0040A122, // Date and Time of a content item
	0x00700082: 0x00700083, // Presentation Creation
	0x30060008: 0x30060009, // Structure Set
	0x30080024: 0x30080025, // Treatment Control Point
	0x30080162: 0x30080164, // Safe Position Exit
	0x30080166: 0x30080168, // Safe Position Return
	0x30080250: 0x30080251, // Treatment
	0x300A0006: 0x300A0007, // RT Plan
	0x300A022C: 0x300A022E, // Source Strength Reference
	0x300E0004: 0x300E0005, // Review
}
