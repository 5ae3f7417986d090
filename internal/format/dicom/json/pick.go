package json

import (
	"bytes"
	"strconv"

	"sinso.dev/sinso/internal/format/dicom"
)

// Pick appends to out the object of those top-level members of a JSON object whose
// tag is wanted. Values are copied as they are, not looked at. Of an object that is
// damaged it takes what stands before the damage.
func Pick(object []byte, keep func(tag dicom.Tag) bool, out []byte) []byte {
	out = append(out, '{')
	m := membersOf(object)
	for m.next() {
		if keep(m.tag) {
			out = appendMember(out, m.text)
		}
	}
	return append(out, '}')
}

// Merge appends to out the object that has the members of all objects, in the order
// of their tags. Of members with one tag the one of the last object is taken, so
// that what is computed replaces what was stored. The objects must be in the order
// of tags, as [Encode] and [AppendText] make them; a member that is not comes late.
func Merge(out []byte, objects ...[]byte) []byte {
	out = append(out, '{')
	list := make([]members, 0, 8)
	for _, object := range objects {
		if m := membersOf(object); m.next() {
			list = append(list, m)
		}
	}
	for len(list) > 0 {
		best := 0
		for i := range list {
			if list[i].tag <= list[best].tag {
				best = i
			}
		}
		tag := list[best].tag
		out = appendMember(out, list[best].text)
		kept := list[:0]
		for i := range list {
			more := true
			if list[i].tag == tag {
				more = list[i].next()
			}
			if more {
				kept = append(kept, list[i])
			}
		}
		list = kept
	}
	return append(out, '}')
}

// AppendText appends a member with text values to an object that is open: out ends
// with { or with a member. The values are UTF-8; none makes the element empty. vr
// is one of text that has strings as values, PN (whose values have = between their
// component groups), DS or IS. Members should be appended in the order of tags.
func AppendText(out []byte, t dicom.Tag, vr dicom.VR, values ...string) []byte {
	w := writer{out: appendKey(out, t, vr)}
	f, _ := formOf(vr)
	for i, value := range values {
		if i == 0 {
			w.out = append(w.out, `,"Value":[`...)
		} else {
			w.out = append(w.out, ',')
		}
		one := validUTF8(value)
		switch {
		case len(one) == 0:
			w.out = append(w.out, "null"...)
		case f == formName:
			w.name(one)
		case f == formDecimal && isNumber(vr, one):
			w.out = append(w.out, one...)
		default:
			w.out = append(appendEscaped(append(w.out, '"'), one), '"')
		}
	}
	if len(values) > 0 {
		w.out = append(w.out, ']')
	}
	return append(w.out, '}')
}

// AppendInt appends a member with whole numbers, for IS and binary VRs, as
// [AppendText] does.
func AppendInt(out []byte, t dicom.Tag, vr dicom.VR, values ...int64) []byte {
	out = appendKey(out, t, vr)
	for i, value := range values {
		if i == 0 {
			out = append(out, `,"Value":[`...)
		} else {
			out = append(out, ',')
		}
		out = strconv.AppendInt(out, value, 10)
	}
	if len(values) > 0 {
		out = append(out, ']')
	}
	return append(out, '}')
}

func appendMember(out, member []byte) []byte {
	if out[len(out)-1] != '{' {
		out = append(out, ',')
	}
	return append(out, member...)
}

// members walks over the top-level members of an object.
type members struct {
	s     scanner
	first bool
	tag   dicom.Tag
	text  []byte // of the member: "00100020":{…}
}

func membersOf(object []byte) members {
	m := members{s: scanner{b: object}, first: true}
	if m.s.take('{') != nil {
		m.s.at = len(object)
	}
	return m
}

// next goes to the next member; it is false at the end and at damage.
func (m *members) next() bool {
	more, err := m.s.more('}', m.first)
	m.first = false
	if err != nil || !more {
		return false
	}
	start := m.s.at
	key, escaped, err := m.s.raw()
	if err != nil || escaped || len(key) != 8 || m.s.take(':') != nil {
		return false
	}
	tag, ok := digits(key, 8)
	if !ok {
		return false
	}
	if _, err := m.s.skip(); err != nil {
		return false
	}
	m.tag, m.text = dicom.Tag(tag), bytes.TrimRight(m.s.b[start:m.s.at], " \n\r\t")
	return true
}
