package sqlite

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"sinso.dev/sinso"
)

// Dates and times (PS3.5 Table 6.2-1), and how they are matched (PS3.4 C.2.2.2.5).

// dayUnits is how many units of search.at a day has: microseconds and some room, so
// that the year 9999 still fits.
const dayUnits = 90_000_000_000

// whenOf is search.at of a study: its date and time as one number.
func whenOf(f *studyFields) int64 {
	if f[atStudyDate] == "" {
		return 0
	}
	day, err := strconv.ParseInt(f[atStudyDate], 10, 64)
	if err != nil {
		return 0
	}
	from, _, _ := clock(f[atStudyDate+1])
	return day*dayUnits + max(from, 0)
}

// isDate reports whether s is a DA, in today's form or that of ACR-NEMA (PS3.5
// Table 6.2-1).
func isDate(s string) bool { return plainDate(s) != "" }

// plainDate returns a date as YYYYMMDD, or "" if it is none.
func plainDate(s string) string {
	s = trim(s)
	if len(s) == 10 && s[4] == '.' && s[7] == '.' {
		s = s[:4] + s[5:7] + s[8:]
	}
	if len(s) != 8 || !digits(s) || s[4:6] < "01" || s[4:6] > "12" || s[6:] < "01" || s[6:] > "31" {
		return ""
	}
	return s
}

func digits(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsDigit(r) })
}

// dateRange reads a date or a range of dates, as numbers; both ends belong to it.
func dateRange(s string) (low, high int, err error) {
	from, to, ranged := strings.Cut(s, "-")
	if !ranged {
		to = from
	}
	low, high = 0, 9999_12_31
	for _, end := range []struct {
		text string
		into *int
	}{{from, &low}, {to, &high}} {
		if trim(end.text) == "" && ranged {
			continue
		}
		day := plainDate(end.text)
		if day == "" {
			return 0, 0, fmt.Errorf("not a date: %w", sinso.ErrInvalid)
		}
		if *end.into, err = strconv.Atoi(day); err != nil {
			return 0, 0, fmt.Errorf("not a date: %w", sinso.ErrInvalid)
		}
	}
	if ranged && trim(from) == "" && trim(to) == "" {
		return 0, 0, fmt.Errorf("a range without ends: %w", sinso.ErrInvalid)
	}
	return low, high, nil
}

// span is a range of numbers with both its ends.
type span struct{ low, high int64 }

func (s span) has(v int64) bool { return v >= s.low && v <= s.high }

func dateTest(values []string) (func(string) bool, error) {
	var spans []span
	for _, v := range values {
		low, high, err := dateRange(v)
		if err != nil {
			return nil, err
		}
		spans = append(spans, span{int64(low), int64(high)})
	}
	return func(v string) bool {
		v = plainDate(v)
		day, err := strconv.ParseInt(v, 10, 64)
		return err == nil && slices.ContainsFunc(spans, func(s span) bool { return s.has(day) })
	}, nil
}

// clock reads a TM (PS3.5 Table 6.2-1): the microseconds since midnight that it
// begins and ends with, as its last parts may be left off.
func clock(s string) (from, to int64, ok bool) {
	s = strings.ReplaceAll(trim(s), ":", "")
	whole, fraction, fractional := strings.Cut(s, ".")
	if !digits(whole) || len(whole) > 6 || len(whole)%2 != 0 || fractional && (len(whole) != 6 || len(fraction) > 6 || !digits(fraction)) {
		return 0, 0, false
	}
	unit := int64(24 * 3600 * 1_000_000)
	for i, base := range []int64{24, 60, 60} {
		if len(whole) < 2*i+2 {
			break
		}
		part, _ := strconv.ParseInt(whole[2*i:2*i+2], 10, 64)
		if limit := base; part >= limit && (i < 2 || part > limit) { // 60 is a leap second
			return 0, 0, false
		}
		unit /= base
		from += part * unit
	}
	for i := range fraction {
		unit /= 10
		from += int64(fraction[i]-'0') * unit
	}
	return from, from + unit - 1, true
}

func timeTest(values []string) (func(string) bool, error) {
	var spans []span
	for _, v := range values {
		from, to, ranged := strings.Cut(v, "-")
		if !ranged {
			to = from
		}
		s := span{0, math.MaxInt64}
		low, high := trim(from) == "", trim(to) == ""
		if low && high {
			return nil, fmt.Errorf("a range without ends: %w", sinso.ErrInvalid)
		}
		if !low {
			begins, _, ok := clock(from)
			if !ok {
				return nil, fmt.Errorf("not a time: %w", sinso.ErrInvalid)
			}
			s.low = begins
		}
		if !high {
			_, ends, ok := clock(to)
			if !ok {
				return nil, fmt.Errorf("not a time: %w", sinso.ErrInvalid)
			}
			s.high = ends
		}
		spans = append(spans, s)
	}
	return func(v string) bool {
		at, _, ok := clock(v)
		return ok && slices.ContainsFunc(spans, func(s span) bool { return s.has(at) })
	}, nil
}
