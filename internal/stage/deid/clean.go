package deid

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"sinso.dev/sinso/internal/format/dicom"
)

// mode is how items are cleaned.
type mode uint8

const (
	modeNormal mode = iota
	// modeDummy is for the items of a sequence whose action is D: structure and
	// standard UIDs stay, every other value becomes a dummy.
	modeDummy
)

// cleaner makes one derivative.
type cleaner struct {
	profile *Profile
	keys    *keys
	sweep   *sweep
	passed  bool // the pixel gate
	changes []Change
}

// meta reports what becomes of the File Meta Information, which is made anew.
func (c *cleaner) meta(meta dicom.Dataset) {
	for _, e := range meta.Elements {
		change := Change{e.Tag.String(), Removed, ByUnlisted}
		switch e.Tag {
		case tagMetaVersion, tagMetaSOPClass, tagTransferSyntax:
			change.Action = Kept
		case tagMetaSOPInstance:
			change.Action, change.Cause = Replaced, ByTable
		case tagImplementation, tagVersionName, groupMeta << 16:
			change.Action, change.Cause = Replaced, ByProfile
		}
		c.changes = append(c.changes, change)
	}
}

// dataset returns a cleaned copy of a data set. What stays keeps its order, and
// items keep their places: evidence names elements by them.
func (c *cleaner) dataset(in *dicom.Dataset, prefix string, m mode) dicom.Dataset {
	out := dicom.Dataset{Elements: make([]dicom.DataElement, 0, len(in.Elements)+8)}
	for i := range in.Elements {
		e := &in.Elements[i]
		path := prefix + e.Tag.String()
		if prefix == "" && c.stamps(e.Tag) {
			c.changes = append(c.changes, Change{path, Replaced, ByProfile})
			continue
		}
		at := len(c.changes)
		c.changes = append(c.changes, Change{Path: path})
		element, action, cause := c.element(e, path, m)
		c.changes[at].Action, c.changes[at].Cause = action, cause
		if action != Removed {
			out.Elements = append(out.Elements, element)
		}
	}
	return out
}

// element cleans one element.
func (c *cleaner) element(e *dicom.DataElement, path string, m mode) (dicom.DataElement, Action, Cause) {
	attribute, known := dicom.Lookup(e.Tag)
	e = named(e, attribute)
	v, cause := c.verb(e, attribute, known, m)
	vr := e.VR
	if known && len(attribute.VRs) > 0 && !slices.Contains(attribute.VRs, vr) {
		vr = attribute.VRs[0] // whatever the file says: what is written is the standard's
	}
	switch v {
	case verbRemove:
		return dicom.DataElement{}, Removed, cause
	case verbEmpty:
		return c.empty(e, vr, cause)
	case verbDummy:
		return c.dummy(e, vr, path, cause)
	case verbUID:
		return c.newUID(e, cause)
	case verbShift:
		return c.shift(e, vr, path, cause)
	case verbItems:
		return c.items(e, path, m), Kept, cause
	case verbKeep:
	}
	return c.swept(e, cause)
}

// named gives an element that was written as UN the VR of the dictionary: its
// value is as that VR's is in implicit little endian (PS3.5 §6.2.2).
func named(e *dicom.DataElement, a dicom.Attribute) *dicom.DataElement {
	if e.VR != dicom.VRUN || e.Items != nil || e.Fragments != nil || len(a.VRs) != 1 || a.VRs[0] == dicom.VRSQ {
		return e
	}
	return &dicom.DataElement{Tag: e.Tag, VR: a.VRs[0], Value: e.Value}
}

// verb finds what is done to an element.
func (c *cleaner) verb(e *dicom.DataElement, a dicom.Attribute, known bool, m mode) (verb, Cause) {
	group := e.Tag.Group()
	switch {
	case e.Tag.IsPrivate():
		return verbRemove, ByPrivate
	case group == groupCommand, group == groupMeta, e.Tag.Element() == 0:
		return verbRemove, ByUnlisted // no place in a data set, or a retired group length (PS3.5 §7.2)
	case group&0xFF00 == groupCurves, group&0xFF00 == groupOverlays:
		return verbRemove, ByTable // the table names the data; what describes it goes with it
	}
	if r, listed := c.profile.rules[e.Tag]; listed {
		if r.shift && (dated(e.VR) || known && slices.ContainsFunc(a.VRs, dated)) {
			return verbShift, ByTable
		}
		return r.verb, ByTable
	}
	if !known {
		return verbRemove, ByUnlisted // nobody can say what it holds
	}
	v := unlistedVerb(e, a)
	if chosen, ok := c.profile.unlisted[e.Tag]; ok && (chosen != verbKeep || fits(e, a)) {
		v = chosen
	}
	if m == modeDummy {
		v = inDummy(e, v, c.profile.unlisted[e.Tag] == verbKeep)
	}
	return v, ByUnlisted
}

func dated(vr dicom.VR) bool { return vr == dicom.VRDA || vr == dicom.VRDT }

// fits reports whether an element has a VR that the dictionary allows it. Pixel
// data is OB or OW, whatever it is compressed by.
func fits(e *dicom.DataElement, a dicom.Attribute) bool {
	if e.Tag == tagPixelData {
		return e.VR == dicom.VROB || e.VR == dicom.VROW
	}
	return e.Fragments == nil && slices.Contains(a.VRs, e.VR)
}

// unlistedVerb decides by VR over an element of the standard that the table does
// not list. Numbers, codes and sequences are kept. A text could say anything, so
// it is replaced; a date, a name or bytes are emptied; a UID is mapped.
func unlistedVerb(e *dicom.DataElement, a dicom.Attribute) verb {
	if len(a.VRs) == 0 || e.Fragments != nil {
		return verbRemove
	}
	if e.VR == dicom.VRSQ || e.Items != nil {
		if slices.Contains(a.VRs, dicom.VRSQ) {
			return verbItems
		}
		return verbRemove
	}
	kind := kindOf(e.VR)
	if e.VR != dicom.VRUN && !slices.ContainsFunc(a.VRs, func(vr dicom.VR) bool { return kindOf(vr) == kind }) {
		return verbEmpty // not what the standard says it is
	}
	switch kind {
	case kindNumber:
		return verbKeep
	case kindCode:
		if conforms(e) {
			return verbKeep
		}
		return verbEmpty
	case kindText:
		return verbDummy
	case kindUID:
		return verbUID
	case kindOther:
	}
	return verbEmpty
}

// kind groups VRs by what their values can hold.
type kind uint8

const (
	kindOther  kind = iota // names, dates, addresses, unknown bytes
	kindNumber             // binary numbers, arrays of them
	kindCode               // CS, DS, IS: a closed form
	kindText               // whatever somebody typed
	kindUID
)

// kinds lists the VRs of each kind; those that are not here are of kindOther.
var kinds = map[dicom.VR]kind{
	dicom.VRUS: kindNumber, dicom.VRSS: kindNumber, dicom.VRUL: kindNumber, dicom.VRSL: kindNumber, dicom.VRUV: kindNumber,
	dicom.VRSV: kindNumber, dicom.VRFL: kindNumber, dicom.VRFD: kindNumber, dicom.VRAT: kindNumber,
	dicom.VROW: kindNumber, dicom.VROF: kindNumber, dicom.VROD: kindNumber, dicom.VROL: kindNumber, dicom.VROV: kindNumber,
	dicom.VRCS: kindCode, dicom.VRDS: kindCode, dicom.VRIS: kindCode,
	dicom.VRLO: kindText, dicom.VRSH: kindText, dicom.VRST: kindText, dicom.VRLT: kindText, dicom.VRUT: kindText, dicom.VRUC: kindText,
	dicom.VRUI: kindUID,
}

func kindOf(vr dicom.VR) kind { return kinds[vr] }

// Lengths of one value (PS3.5 Table 6.2-1). Decimal strings are longer than
// allowed in many real files, and a number stays a number.
const (
	maxCodeString    = 16
	maxNumericString = 64
)

// conforms reports whether each value of a CS, DS or IS is made as it must be:
// free text is not.
func conforms(e *dicom.DataElement) bool {
	for value := range bytes.SplitSeq(e.Value, []byte{'\\'}) {
		value = bytes.Trim(value, " \x00")
		allowed, longest := "0123456789+-.eE", maxNumericString
		if e.VR == dicom.VRCS {
			allowed, longest = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _", maxCodeString
		}
		if len(value) > longest {
			return false
		}
		for _, c := range value {
			if strings.IndexByte(allowed, c) < 0 {
				return false
			}
		}
	}
	return true
}

// inDummy turns a verb into the one for the items of a D sequence. Class UIDs
// and codes of the standard's own vocabulary keep the items readable.
func inDummy(e *dicom.DataElement, v verb, chosen bool) verb {
	if v != verbKeep || e.VR == dicom.VRUI && chosen || e.VR == dicom.VRCS {
		return v
	}
	return verbDummy
}

// items cleans the items of a sequence.
func (c *cleaner) items(e *dicom.DataElement, path string, m mode) dicom.DataElement {
	out := dicom.DataElement{Tag: e.Tag, VR: dicom.VRSQ, Items: make([]dicom.Dataset, len(e.Items))}
	for i := range e.Items {
		out.Items[i] = c.dataset(&e.Items[i], path+"["+strconv.Itoa(i)+"].", m)
	}
	return out
}

// isEmpty reports whether an element says nothing.
func isEmpty(e *dicom.DataElement) bool {
	return len(e.Items) == 0 && len(e.Fragments) == 0 && len(bytes.Trim(e.Value, " \x00")) == 0
}

// empty returns the element without a value.
func (c *cleaner) empty(e *dicom.DataElement, vr dicom.VR, cause Cause) (dicom.DataElement, Action, Cause) {
	out := dicom.DataElement{Tag: e.Tag, VR: vr}
	if len(e.Value) == 0 && len(e.Items) == 0 && len(e.Fragments) == 0 {
		return out, Kept, cause
	}
	return out, Emptied, cause
}

// newUID maps each value of an element to the release's UID for it.
func (c *cleaner) newUID(e *dicom.DataElement, cause Cause) (dicom.DataElement, Action, Cause) {
	out := dicom.DataElement{Tag: e.Tag, VR: dicom.VRUI}
	if e.Items != nil || e.Fragments != nil {
		return out, Emptied, cause
	}
	if isEmpty(e) {
		return out, Kept, cause
	}
	action := Kept
	values := strings.Split(string(e.Value), `\`)
	for i, value := range values {
		values[i] = strings.Trim(value, " \x00")
		if values[i] != "" && !wellKnownUID(values[i]) {
			values[i], action = c.keys.UID(values[i]), Replaced
		}
	}
	out.Value = []byte(strings.Join(values, `\`))
	return out, action, cause
}

// shift moves dates by the release's offset; what cannot be moved is treated by
// the Basic Profile.
func (c *cleaner) shift(e *dicom.DataElement, vr dicom.VR, path string, cause Cause) (dicom.DataElement, Action, Cause) {
	if e.Items == nil && e.Fragments == nil {
		if isEmpty(e) {
			return dicom.DataElement{Tag: e.Tag, VR: vr}, Kept, cause
		}
		if value, ok := c.moved(vr, string(e.Value)); ok {
			return dicom.DataElement{Tag: e.Tag, VR: vr, Value: []byte(value)}, Replaced, cause
		}
	}
	switch c.profile.rules[e.Tag].verb {
	case verbDummy:
		return c.dummy(e, vr, path, cause)
	case verbEmpty:
		return c.empty(e, vr, cause)
	case verbKeep, verbRemove, verbUID, verbShift, verbItems:
	}
	return dicom.DataElement{}, Removed, cause
}

// moved shifts each of several dates, or none.
func (c *cleaner) moved(vr dicom.VR, text string) (string, bool) {
	values := strings.Split(text, `\`)
	for i, value := range values {
		value = strings.Trim(value, " \x00")
		move := shiftDate
		if vr == dicom.VRDT {
			move = shiftDateTime
		}
		moved, ok := move(value, c.keys.shiftDays)
		if !ok && value != "" {
			return "", false
		}
		values[i] = moved
	}
	return strings.Join(values, `\`), true
}

// swept keeps an element, unless the person's identifiers are in it.
func (c *cleaner) swept(e *dicom.DataElement, cause Cause) (dicom.DataElement, Action, Cause) {
	if !c.sweep.finds(e) {
		return *e, Kept, cause
	}
	if kindOf(e.VR) == kindText {
		return dicom.DataElement{Tag: e.Tag, VR: e.VR, Value: []byte(dummyText)}, Replaced, BySweep
	}
	return dicom.DataElement{Tag: e.Tag, VR: e.VR}, Emptied, BySweep
}
