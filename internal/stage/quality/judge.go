package quality

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"sinso.dev/sinso/internal/format/dicom"
)

// What a fault takes from the validity of an instance, of 100. Without what its IOD always
// asks for (type 1) an object is not valid at all, so that no other fault, and nothing that
// the attribute decides over, goes away with it: taking one out never raises a score.
const (
	faultType1  = whole // of type 1: missing or empty
	faultType1C = 40
	faultType2  = 10 // missing; 2C too
	faultValue  = 50 // of type 1: a value that cannot be
	faultValueC = 30 // of type 1C
	faultBits   = 30 // numbers of bits that do not fit each other
	faultOther  = 5  // of an attribute that may be missing
)

// judge holds an instance to the modules of its class: 0 to 100.
func (o *object) judge(c *class) int {
	lost := 0
	for _, r := range c.rules {
		lost += o.held(r)
	}
	lost += o.otherValues(c) + o.bits(c)
	if o.badCode {
		o.note(Validity, "code", 0)
		lost += faultOther
	}
	return max(0, whole-lost)
}

// held holds an instance to one rule, and returns what it loses.
func (o *object) held(r rule) int {
	if !o.whole && (r.tag() == tagPixelData || r.tag() == tagDocument) {
		return 0
	}
	if r.tag() == tagPixelData && o.pixels() != nil {
		return 0
	}
	worst := 0
	o.each(r.path, &o.tree, func(e *dicom.DataElement) {
		what, lost := r.fault(e, r.when == nil || r.when(o), o.values(r, e))
		if what != "" {
			o.note(Validity, what, r.tag())
		}
		worst = max(worst, lost)
	})
	return worst
}

// each calls fn with the attribute at a path, in each item that it stands in; with nil where
// it is missing. Below a sequence that is missing there is nothing.
func (o *object) each(path []dicom.Tag, ds *dicom.Dataset, fn func(*dicom.DataElement)) {
	e := ds.Find(path[0])
	if len(path) == 1 {
		fn(e)
		return
	}
	if e == nil {
		return
	}
	for i := range e.Items {
		o.each(path[1:], &e.Items[i], fn)
	}
}

// values of an attribute that has enumerated ones.
func (o *object) values(r rule, e *dicom.DataElement) []string {
	if len(r.values) == 0 || !filled(e) {
		return nil
	}
	if len(r.path) == 1 {
		return o.file.Strings(r.tag())
	}
	return strings.Split(strings.Trim(string(e.Value), " \x00"), `\`)
}

// fault says what is wrong with an attribute, "" for nothing, and what that takes.
func (r rule) fault(e *dicom.DataElement, asked bool, values []string) (what string, lost int) {
	full := filled(e)
	switch {
	case e == nil && (!asked || r.kind == "3"), !full && r.kind == "3":
		return "", 0
	case !full && r.filled() && asked:
		lost = faultType1
		if r.when != nil {
			lost = faultType1C
		}
		if e == nil {
			return "missing", lost
		}
		return "empty", lost
	case e == nil:
		return "missing", faultType2
	case !full:
		return "", 0
	}
	bad := slices.ContainsFunc(values, func(v string) bool { return !slices.Contains(r.values, v) }) || !wellFormed(e)
	switch {
	case !bad:
		return "", 0
	case r.kind == "1":
		return "value", faultValue
	case r.kind == "1C":
		return "value", faultValueC
	case r.kind == "3":
		return "value", faultOther
	}
	return "value", faultType2
}

// otherValues looks at the values of the root that no rule is about.
func (o *object) otherValues(c *class) int {
	lost := 0
	for i := range o.tree.Elements {
		e := &o.tree.Elements[i]
		if wellFormed(e) || slices.ContainsFunc(c.rules, func(r rule) bool { return len(r.path) == 1 && r.tag() == e.Tag }) {
			continue
		}
		o.note(Validity, "value", e.Tag)
		lost += faultOther
	}
	return lost
}

// bits holds the numbers of bits to each other (PS3.5 §8.1.1).
func (o *object) bits(c *class) int {
	if !c.kind.hasPixels() {
		return 0
	}
	allocated, a := o.file.Int(tagBitsAllocated)
	stored, s := o.file.Int(tagBitsStored)
	high, h := o.file.Int(tagHighBit)
	if a && s && stored > allocated || s && h && high != stored-1 {
		o.note(Validity, "value", tagBitsStored)
		return faultBits
	}
	return 0
}

// wellFormed reports whether each value of an element is one of its VR (PS3.5 §6.2). Text
// that may say anything is.
func wellFormed(e *dicom.DataElement) bool {
	test := formOf(e.VR)
	if test == nil || len(e.Value) > maxChecked {
		return true
	}
	for value := range strings.SplitSeq(string(e.Value), `\`) {
		if value = strings.Trim(value, " \x00"); value != "" && !test(value) {
			return false
		}
	}
	return true
}

// maxChecked bounds the values that are looked at.
const maxChecked = 64 << 10 // bytes

// formOf returns the test of a value of a VR (PS3.5 Table 6.2-1); nil for one that has none.
func formOf(vr dicom.VR) func(string) bool {
	switch vr { //nolint:exhaustive // values of the others may be anything
	case "AS":
		return func(v string) bool {
			return len(v) == 4 && digits(v[:3]) && strings.ContainsRune("DWMY", rune(v[3]))
		}
	case "CS":
		return func(v string) bool {
			return len(v) <= 16 && !strings.ContainsFunc(v, func(r rune) bool { return (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != ' ' && r != '_' })
		}
	case "DA":
		return func(v string) bool { _, err := time.Parse("20060102", v); return err == nil }
	case "DS":
		return func(v string) bool {
			_, err := strconv.ParseFloat(v, 64)
			return err == nil && len(v) <= 16 && strings.Trim(v, "0123456789+-.eE") == ""
		}
	case "IS":
		return func(v string) bool { _, err := strconv.ParseInt(v, 10, 32); return err == nil && len(v) <= 12 }
	case "TM":
		return func(v string) bool {
			clock, fraction, some := strings.Cut(v, ".")
			return digits(clock) && len(clock)%2 == 0 && len(clock) <= 6 && (!some || len(clock) == 6 && digits(fraction) && len(fraction) <= 6)
		}
	case "UI":
		return func(v string) bool {
			return len(v) <= 64 && !slices.ContainsFunc(strings.Split(v, "."), func(part string) bool {
				return !digits(part) || len(part) > 1 && part[0] == '0'
			})
		}
	}
	return nil
}

func digits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// tagDocument is Encapsulated Document.
const tagDocument dicom.Tag = 0x00420011
