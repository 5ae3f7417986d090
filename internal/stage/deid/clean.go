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
	profile  *Profile
	keys     *keys
	shift    shift
	sweep    *sweep
	text     *text
	in       *dicom.Dataset // whose elements are cleaned now
	charset  dicom.Charset  // of that
	passed   bool           // the pixel gate
	looked   bool           // writing was looked for in every frame
	faceless bool           // the face was taken out

	nested   bool // what is cleaned now is in an item
	waveform bool // it is a recording, and withheld
	frames   int  // of compressed pixel data, 0 of any other

	overlays []uint16                        // groups that were looked at and may stay
	replaced map[dicom.Tag]dicom.DataElement // at the root: pixels without writing
	changes  []Change
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
	outer, charset, nested := c.in, c.charset, c.nested
	defer func() { c.in, c.charset, c.nested = outer, charset, nested }()
	c.in, c.nested = in, prefix != ""
	if e := in.Find(tagCharacterSet); e != nil { // an item may have its own (PS3.3 C.12.1.1.2)
		c.charset = charsetOf(e)
	}
	out := dicom.Dataset{Elements: make([]dicom.DataElement, 0, len(in.Elements)+8)}
	for i := range in.Elements {
		e := &in.Elements[i]
		path := prefix + e.Tag.String()
		if prefix == "" && c.stamps(e.Tag) {
			cause := ByProfile
			if e.Tag == tagPatientName {
				cause = ByTable
			}
			c.changes = append(c.changes, Change{path, Replaced, cause})
			continue
		}
		at := len(c.changes)
		c.changes = append(c.changes, Change{Path: path})
		drawn, blanked := c.replaced[e.Tag]
		if blanked = blanked && prefix == ""; blanked {
			e = &drawn
		}
		element, action, cause := c.element(e, path, m)
		if blanked && action == Kept {
			action, cause = Cleaned, ByPixels
		}
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
	e = tidied(named(e, attribute))
	if e.Tag == tagCharacterSet {
		e = rightCharset(e)
	}
	dropped := false
	if _, listed := c.profile.rules[e.Tag]; !listed {
		e, dropped = onlyCodes(e)
	}
	v, basic, cause := c.verb(e, attribute, known, m)
	vr := e.VR
	if known && len(attribute.VRs) > 0 && !slices.Contains(attribute.VRs, vr) {
		vr = attribute.VRs[0] // whatever the file says: what is written is the standard's
	}
	switch v {
	case verbShift:
		if moved, action, ok := c.moved(e, vr); ok {
			return moved, action, cause
		}
		v = basic
	case verbClean:
		if cleaned, action, ok := c.cleanText(e, vr, path, m); ok {
			return cleaned, action, cause
		}
		v = basic
	case verbKeep, verbRemove, verbEmpty, verbDummy, verbUID, verbItems:
	}
	element, action, cause := c.do(v, e, vr, path, cause, m)
	if dropped && action == Kept {
		action = Cleaned
	}
	return element, action, cause
}

// do carries out what needs no second choice.
func (c *cleaner) do(v verb, e *dicom.DataElement, vr dicom.VR, path string, cause Cause, m mode) (dicom.DataElement, Action, Cause) {
	switch v {
	case verbRemove:
		return dicom.DataElement{}, Removed, cause
	case verbEmpty:
		return c.empty(e, vr, cause)
	case verbDummy:
		return c.dummy(e, vr, path, cause)
	case verbUID:
		return c.newUID(e, cause)
	case verbItems:
		return c.items(e, path, m), Kept, cause
	case verbKeep, verbShift, verbClean:
	}
	if e.VR == dicom.VRSQ || e.Items != nil {
		return c.items(e, path, m), Kept, cause
	}
	switch {
	case e.VR == dicom.VRAS:
		return c.age(e, cause)
	case e.VR == dicom.VRUI && cause == ByUnlisted && !c.publicUIDs(e):
		return c.newUID(e, cause)
	case makers[e.Tag] && kindOf(e.VR) == kindText && !plausibleMaker(c.charset.Decode(e.Value, false)):
		return dicom.DataElement{Tag: e.Tag, VR: vr, Value: []byte(dummyText)}, Replaced, cause
	case codeValues[e.Tag] && !isEmpty(e) && c.ownCode():
		return dicom.DataElement{Tag: e.Tag, VR: vr, Value: c.ownCodeValue(e)}, Replaced, cause
	case e.Tag == tagCodingScheme && ownScheme(e):
		return dicom.DataElement{Tag: e.Tag, VR: vr, Value: []byte(dummyScheme)}, Replaced, cause
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

// rightCharset writes a character set as the standard does, where it is understood
// ([dicom.NewCharset]) all the same: ISO-IR 100, gb18030. Without it nobody could read the
// texts that stay.
func rightCharset(e *dicom.DataElement) *dicom.DataElement {
	if e.VR != dicom.VRCS || conforms(e) {
		return e
	}
	value := strings.ReplaceAll(strings.ToUpper(string(e.Value)), "-", "_")
	if strings.Trim(value, " \x00") == "UTF_8" {
		value = "ISO_IR 192"
	}
	return &dicom.DataElement{Tag: e.Tag, VR: e.VR, Value: []byte(value)}
}

// verb finds what is done to an element, and what instead if that is not possible.
func (c *cleaner) verb(e *dicom.DataElement, a dicom.Attribute, known bool, m mode) (v, basic verb, cause Cause) {
	group := e.Tag.Group()
	switch {
	case e.Tag.IsPrivate():
		return c.privateVerb(e), verbRemove, ByPrivate
	case group == groupCommand, group == groupMeta, e.Tag.Element() == 0:
		return verbRemove, verbRemove, ByUnlisted // no place in a data set, or a retired group length (PS3.5 §7.2)
	case c.unseen(e):
		return verbRemove, verbRemove, ByUnlisted
	case isPattern(e.Tag):
		return c.graphicVerb(e), verbRemove, ByTable // the table names the data; what describes it goes with it
	}
	if r, listed := c.profile.rules[e.Tag]; listed {
		v = r.verb
		if v == verbShift && !temporal(e.VR) && (!known || !slices.ContainsFunc(a.VRs, temporal)) {
			v = r.basic
		}
		if v == verbKeep && len(a.VRs) > 0 && (!fits(e, a) || kindOf(e.VR) == kindCode && !conforms(e)) {
			v = r.basic // an option retains what the attribute is for, not what somebody put there
		}
		if m == modeDummy {
			v = r.basic // what a dummy item tells is told nowhere
		}
		return v, r.basic, ByTable
	}
	if !known {
		return verbRemove, verbRemove, ByUnlisted // nobody can say what it holds
	}
	v = unlistedVerb(e, a)
	basic = v
	if chosen, ok := c.profile.unlisted[e.Tag]; ok && (chosen != verbKeep || fits(e, a)) {
		v, basic = chosen, chosen
	}
	switch {
	case m == modeDummy:
		v = inDummy(e, v, c.profile.unlisted[e.Tag] == verbKeep)
		basic = v
	case e.Tag == tagCodingSchemeVersion && v == verbKeep && c.ownCode():
		v, basic = verbDummy, verbDummy
	case e.Tag == tagCodeMeaning && v == verbKeep && kindOf(e.VR) == kindText && c.ownCode():
		v, basic = verbDummy, verbDummy
		if c.profile.options[CleanDescriptors] {
			v = verbClean
		}
	case v == verbDummy && kindOf(e.VR) == kindText && c.profile.options[narrative(e.Tag)]:
		v = verbClean
	}
	return v, basic, ByUnlisted
}

// unseen reports whether an element is a picture, a recording or a table over pixels in
// a place where nobody looked at it: pixels and overlays in an item, a recording in what
// is none, offsets of frames where there are none.
func (c *cleaner) unseen(e *dicom.DataElement) bool {
	switch {
	case c.nested && (e.Tag.Group() == groupPixels || isPattern(e.Tag)):
		return true
	case e.Tag == tagWaveforms:
		return !c.waveform
	case e.Tag == tagExtendedOffsets || e.Tag == tagExtendedLengths:
		return c.frames == 0 || len(e.Value) != 8*c.frames
	case e.Tag == tagTotalLength:
		return c.frames == 0 || len(e.Value) != 8
	}
	return false
}

// narrative returns the option that lets a text which the table does not list be
// cleaned instead of replaced.
func narrative(t dicom.Tag) Option {
	switch t {
	case tagTextValue:
		return CleanStructuredContent
	case tagUnformattedText:
		return CleanGraphics
	default:
		return CleanDescriptors
	}
}

// dated reports whether values of the VR hold a date; temporal, whether they hold a moment.
func dated(vr dicom.VR) bool    { return vr == dicom.VRDA || vr == dicom.VRDT }
func temporal(vr dicom.VR) bool { return dated(vr) || vr == dicom.VRTM }

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
		if fits(e, a) && !tooMany(e, a) {
			return verbKeep
		}
		return verbEmpty
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

// tooMany reports whether an element has more numbers than its attribute may have
// (PS3.6 §6): they could be letters.
func tooMany(e *dicom.DataElement, a dicom.Attribute) bool {
	size, most := numberSizes[e.VR], a.VM[strings.LastIndexByte(a.VM, '-')+1:]
	n, err := strconv.Atoi(most)
	return size > 0 && err == nil && len(e.Value) > n*size
}

// numberSizes are the bytes of one value (PS3.5 Table 6.2-1); arrays have none.
var numberSizes = map[dicom.VR]int{
	dicom.VRUS: 2, dicom.VRSS: 2, dicom.VRUL: 4, dicom.VRSL: 4, dicom.VRUV: 8, dicom.VRSV: 8, dicom.VRFL: 4, dicom.VRFD: 8, dicom.VRAT: 4,
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

// moved shifts each value of a date, a time or both, or none of them.
func (c *cleaner) moved(e *dicom.DataElement, vr dicom.VR) (dicom.DataElement, Action, bool) {
	out := dicom.DataElement{Tag: e.Tag, VR: vr}
	if e.Items != nil || e.Fragments != nil || decays[e.Tag] && !c.shift.known {
		return out, "", false
	}
	if isEmpty(e) {
		return out, Kept, true
	}
	values := strings.Split(string(e.Value), `\`)
	times := c.timesOf(e.Tag, len(values))
	for i, value := range values {
		value = strings.Trim(value, " \x00")
		moved, ok := c.shift.moment(vr, value, times[i])
		if !ok && value != "" {
			return out, "", false
		}
		values[i] = moved
	}
	out.Value = []byte(strings.Join(values, `\`))
	return out, Replaced, true
}

// timesOf returns the times of day that belong to the n values of a date.
func (c *cleaner) timesOf(t dicom.Tag, n int) []string {
	out := make([]string, n)
	pair, has := timeOf[t]
	if !has {
		return out
	}
	e := c.in.Find(pair)
	if e == nil {
		return out
	}
	values := strings.Split(string(e.Value), `\`)
	if len(values) != n {
		return out
	}
	for i, value := range values {
		out[i] = strings.Trim(value, " \x00")
	}
	return out
}

// oldest is the age that all older people share: few are older, and each of them is
// known (45 CFR 164.514(b)(2)(i)(C)).
const oldest = "090Y"

// age keeps an age, but for those over 89.
func (c *cleaner) age(e *dicom.DataElement, cause Cause) (dicom.DataElement, Action, Cause) {
	out := dicom.DataElement{Tag: e.Tag, VR: e.VR}
	values := strings.Split(string(e.Value), `\`)
	action := Kept
	for i, value := range values {
		value = strings.Trim(value, " \x00")
		years, ok := strings.CutSuffix(value, "Y")
		switch {
		case value == "":
		case len(value) != len(oldest) || strings.Trim(value[:3], "0123456789") != "" || !strings.ContainsAny(value[3:], "DWMY"):
			return out, Emptied, cause
		case ok && years > "089":
			value, action = oldest, Replaced
		}
		values[i] = value
	}
	out.Value = []byte(strings.Join(values, `\`))
	return out, action, cause
}

// swept keeps an element, unless the person's identifiers are in it.
func (c *cleaner) swept(e *dicom.DataElement, cause Cause) (dicom.DataElement, Action, Cause) {
	if !c.sweep.finds(e, c.charset) {
		return *e, Kept, cause
	}
	if kindOf(e.VR) == kindText {
		return dicom.DataElement{Tag: e.Tag, VR: e.VR, Value: []byte(dummyText)}, Replaced, BySweep
	}
	return dicom.DataElement{Tag: e.Tag, VR: e.VR}, Emptied, BySweep
}
