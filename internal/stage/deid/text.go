package deid

import (
	"bytes"
	"crypto/sha256"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/deid/prose"
)

// text cleans the free text of one object. The cleaner is made when the first text
// asks for it: most images have none but a description.
type text struct {
	made    *cleaners
	tree    *dicom.Dataset
	charset dicom.Charset
	cleaner *prose.Cleaner
}

// prose returns the cleaner for what the object itself knows of the person.
func (t *text) prose() *prose.Cleaner {
	if t.cleaner != nil {
		return t.cleaner
	}
	var known prose.Known
	gather(&known, t.tree, t.charset)
	t.cleaner = t.made.of(known)
	return t.cleaner
}

// gather takes what a data set and its items know; items may have character sets of their
// own (PS3.3 C.12.1.1.2).
func gather(known *prose.Known, ds *dicom.Dataset, charset dicom.Charset) {
	if e := ds.Find(tagCharacterSet); e != nil {
		charset = charsetOf(e)
	}
	for i := range ds.Elements {
		e := &ds.Elements[i]
		for k := range e.Items {
			gather(known, &e.Items[k], charset)
		}
		if e.Items == nil && e.Fragments == nil && !e.Tag.IsPrivate() {
			takeKnown(known, e, charset)
		}
	}
}

// takeKnown takes what one element knows.
func takeKnown(known *prose.Known, e *dicom.DataElement, charset dicom.Charset) {
	vr := e.VR
	if a, ok := dicom.Lookup(e.Tag); ok && vr == dicom.VRUN && len(a.VRs) == 1 {
		vr = a.VRs[0]
	}
	var into *[]string
	switch {
	case vr == dicom.VRPN:
		into = &known.Names
	case dated(vr):
		into = &known.Dates
	case places[e.Tag]:
		into = &known.Places
	case identifiers[e.Tag] && vr != dicom.VRUI: // no UID stays in a text, whoever's it is
		into = &known.IDs
	default:
		return
	}
	for value := range strings.SplitSeq(charset.Decode(e.Value, vr == dicom.VRPN), `\`) {
		if value = strings.Trim(value, " \x00"); value != "" && len(*into) < maxTokens {
			*into = append(*into, value)
		}
	}
}

// cleaners keeps those that were made last: the objects of a study know the same of
// the person, and making one takes as long as cleaning an image.
type cleaners struct {
	mu   sync.Mutex
	made map[[sha256.Size]byte]*prose.Cleaner
}

// maxCleaners bounds how many are kept; then it is begun anew.
const maxCleaners = 32

func (c *cleaners) of(known prose.Known) *prose.Cleaner {
	hash := sha256.New()
	for _, list := range [][]string{known.Names, known.IDs, known.Dates, known.Places} {
		for _, value := range list {
			hash.Write([]byte(value))
			hash.Write([]byte{0})
		}
		hash.Write([]byte{1})
	}
	key := [sha256.Size]byte(hash.Sum(nil))
	c.mu.Lock()
	defer c.mu.Unlock()
	if made := c.made[key]; made != nil {
		return made
	}
	if c.made == nil || len(c.made) >= maxCleaners {
		c.made = map[[sha256.Size]byte]*prose.Cleaner{}
	}
	made := prose.New(known)
	c.made[key] = made
	return made
}

// places are the identifiers that are names of places.
var places = map[dicom.Tag]bool{tagInstitution: true, tagAddress: true, tagPatientAddress: true, tagStationName: true}

// cleanText takes what may identify out of an element that an option cleans. It
// returns false for what is no text, and for a text of which nothing is left.
func (c *cleaner) cleanText(e *dicom.DataElement, vr dicom.VR, path string, m mode) (dicom.DataElement, Action, bool) {
	if vr == dicom.VRSQ {
		return c.items(e, path, m), Kept, e.Items != nil || isEmpty(e)
	}
	out := dicom.DataElement{Tag: e.Tag, VR: vr}
	switch {
	case e.Items != nil || e.Fragments != nil:
		return out, "", false
	case isEmpty(e):
		return out, Kept, true
	case kindOf(vr) != kindText:
		return out, "", false
	}
	before := c.charset.Decode(e.Value, false)
	values := []string{before}
	if vr == dicom.VRLO || vr == dicom.VRSH || vr == dicom.VRUC {
		values = strings.Split(before, `\`)
	}
	left := false
	for i, value := range values {
		clean, removed := c.text.prose().Clean(value)
		values[i] = clean
		left = left || len(removed) == 0 && strings.Trim(clean, " \x00") != "" || says(clean)
		if limit := textLimits[vr]; limit > 0 && utf8.RuneCountInString(clean) > limit {
			return out, "", false
		}
	}
	after := strings.Join(values, `\`)
	out.Value = e.Value
	action := Kept
	if after != before {
		action = Cleaned
		encoded, ok := c.charset.EncodeLike(after, e.Value)
		if !ok { // it has characters that this program does not write in that set
			return out, "", false
		}
		out.Value = encoded
	}
	return out, action, left && !c.sweep.finds(&out, c.charset)
}

// textLimits are the characters that a value may have (PS3.5 Table 6.2-1).
var textLimits = map[dicom.VR]int{dicom.VRLO: 64, dicom.VRSH: 16, dicom.VRST: 1024, dicom.VRLT: 10240}

// says reports whether a cleaned text still has a word or a number beside its marks.
func says(clean string) bool {
	return strings.ContainsFunc(strings.ReplaceAll(clean, prose.Mark, ""), func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}

func charsetOf(e *dicom.DataElement) dicom.Charset {
	return dicom.NewCharset(strings.Split(string(bytes.Trim(e.Value, " \x00")), `\`)...)
}
