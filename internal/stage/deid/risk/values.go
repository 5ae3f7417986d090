package risk

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// oldest is the highest age that HIPAA's Safe Harbor lets be shown; higher ones
// are one category (45 CFR 164.514(b)(2)(i)(C)).
const oldest = 89 // years

// Widths of bands.
const (
	bandYears     = 10
	bandMetres    = 0.1
	bandKilograms = 10
)

// fold returns text as it is compared: upper case, single blanks, no backslash.
func fold(text string) string {
	text = strings.Map(func(r rune) rune {
		switch r {
		case 0:
			return ' '
		case '\\':
			return '/'
		default:
			return r
		}
	}, text)
	return strings.ToUpper(strings.Join(strings.Fields(text), " "))
}

// SetAge sets Age and AgeBand from an age string such as 045Y or 003M (VR AS,
// PS3.5 §6.2). What is no age string is shown as it is, and in no band.
func (t *Traits) SetAge(as string) {
	as = fold(as)
	t[Age], t[AgeBand] = as, ""
	years, ok := ageYears(as)
	if !ok {
		return
	}
	for len(as) > 2 && as[0] == '0' {
		as = as[1:]
	}
	t[Age] = as
	if years > oldest {
		t[AgeBand] = strconv.Itoa(oldest+1) + "+"
		return
	}
	low := years - years%bandYears
	t[AgeBand] = strconv.Itoa(low) + "-" + strconv.Itoa(low+bandYears-1)
}

// ageYears returns the completed years of an age string.
func ageYears(as string) (int, bool) {
	if len(as) < 2 || len(as) > 4 {
		return 0, false
	}
	n, err := strconv.ParseUint(as[:len(as)-1], 10, 16)
	if err != nil {
		return 0, false
	}
	switch as[len(as)-1] {
	case 'Y':
		return int(n), true
	case 'M':
		return int(n) / 12, true
	case 'W':
		return int(n) / 52, true
	case 'D':
		return int(n) / 365, true
	default:
		return 0, false
	}
}

// SetSize sets Size and SizeBand from the body height in metres (VR DS). Zero is
// not known, and so not shown.
func (t *Traits) SetSize(metres string) {
	t[Size], t[SizeBand] = quantity(metres, bandMetres, 100)
}

// SetWeight sets Weight and WeightBand from the body weight in kilograms (VR DS).
// Zero is not known, and so not shown.
func (t *Traits) SetWeight(kilograms string) {
	t[Weight], t[WeightBand] = quantity(kilograms, bandKilograms, 1)
}

// maxBands bounds a quantity: what is beyond has no band.
const maxBands = 60

// quantity returns a decimal as it is compared, and the band it is in, in units of
// which scale make one of the value's.
func quantity(ds string, width float64, scale int) (exact, band string) {
	ds = fold(ds)
	v, err := strconv.ParseFloat(ds, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return ds, ""
	}
	if v == 0 {
		return "", ""
	}
	exact = strconv.FormatFloat(v, 'g', -1, 64)
	n := math.Floor(v/width + 1e-9) // 1.7/0.1 is a little less than 17
	if n < 0 || n >= maxBands {
		return exact, ""
	}
	step := int(math.Round(width * float64(scale)))
	low := int(n) * step
	return exact, strconv.Itoa(low) + "-" + strconv.Itoa(low+step-1)
}

const dateForm = "20060102" // DA, PS3.5 Table 6.2-1

// SetDate sets Date and Year from the value of a DA or DT. What is no date is
// shown as it is, and in no year.
func (t *Traits) SetDate(value string) {
	value = fold(value)
	if len(value) == 10 && value[4] == '.' && value[7] == '.' { // ACR-NEMA 300, PS3.5 §6.2 note to DA
		value = value[:4] + value[5:7] + value[8:]
	}
	t[Date], t[Year] = value, ""
	if len(value) > len(dateForm) {
		value = value[:len(dateForm)] // DT
	}
	for _, form := range []string{dateForm, "200601", "2006"} {
		if _, err := time.Parse(form, value); err != nil {
			continue
		}
		t[Date], t[Year] = value, value[:4]
		if form == "2006" {
			t[Date] = ""
		}
		return
	}
}

// SetTime sets Time from the value of a TM, to the second.
func (t *Traits) SetTime(value string) {
	value = strings.ReplaceAll(fold(value), ":", "") // ACR-NEMA 300
	whole, fraction, _ := strings.Cut(value, ".")
	if strings.Trim(whole+fraction, "0123456789") == "" && len(whole) <= 6 {
		value = whole
	}
	t[Time] = value
}

// tooOld reports whether an age over 89 is shown. If ages are coded by their top,
// 90 stands for all of them.
func tooOld(ages string, topCoded bool) bool {
	for as := range strings.SplitSeq(ages, `\`) {
		years, ok := ageYears(as)
		if ok && years > oldest && (!topCoded || years > oldest+1) {
			return true
		}
	}
	return false
}
