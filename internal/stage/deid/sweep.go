package deid

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"sinso.dev/sinso/internal/format/dicom"
)

// sweep finds a person's own identifiers in values that are kept. Both sides are
// decoded from their own character sets, and compared in lower case.
type sweep struct {
	rules  map[dicom.Tag]rule
	pieces []string // found anywhere
	words  []string // found where no letter or digit is next to them
	whole  map[string]bool
	seen   map[string]bool // values that were looked at: the same ones stand in every frame
	known  map[string]bool // identifiers that are in
}

// Lengths in bytes from which something is taken for an identifier. Shorter ones
// are in every second value by chance.
const (
	minWord  = 3
	minPiece = 5
	maxSeen  = 1 << 14
	// maxTokens bounds the work that one object can cause; real ones have some 50.
	maxTokens = 1024
)

// identifiers are the attributes whose values may not be found elsewhere; all
// names of persons and all dates come to them.
var identifiers = map[dicom.Tag]bool{
	tagPatientID: true, tagOtherPatientIDs: true, tagAccession: true, tagStudyID: true, tagAdmissionID: true,
	tagPatientAddress: true, tagPatientTelephone: true, tagMilitaryRank: true, tagRecordLocator: true,
	tagInstitution: true, tagAddress: true, tagStationName: true, tagDeviceSerial: true,
	tagTrialSubject: true, tagTrialReading: true, tagScheduledStepID: true, tagPerformedStepID: true,
	tagRequestedProcedureID: true, tagPlacerOrder: true, tagFillerOrder: true,
	tagSOPInstance: true, tagStudyInstance: true, tagSeriesInstance: true,
}

// newSweep gathers the identifiers of an object, at any depth.
// What the profile retains by an option is no secret, and is not looked for.
func newSweep(ds *dicom.Dataset, charset dicom.Charset, rules map[dicom.Tag]rule) *sweep {
	s := &sweep{rules: rules, whole: map[string]bool{}, seen: map[string]bool{}, known: map[string]bool{}}
	// The person's own come first: the bound on their number cuts off others.
	for _, own := range []bool{true, false} {
		s.gather(ds, charset, own)
	}
	return s
}

// gather takes the identifiers of one data set and its items, which may have character
// sets of their own (PS3.3 C.12.1.1.2).
func (s *sweep) gather(ds *dicom.Dataset, charset dicom.Charset, own bool) {
	if e := ds.Find(tagCharacterSet); e != nil {
		charset = charsetOf(e)
	}
	for i := range ds.Elements {
		e := &ds.Elements[i]
		if (e.Tag.Group() == 0x0010) == own && !e.Tag.IsPrivate() && e.Items == nil {
			s.take(e, charset)
		}
		for k := range e.Items {
			s.gather(&e.Items[k], charset, own)
		}
	}
}

func (s *sweep) take(e *dicom.DataElement, charset dicom.Charset) {
	vr := e.VR
	if vr == dicom.VRUN || identifiers[e.Tag] || e.Tag == tagPatientName || e.Tag == tagBirthDate {
		if a, ok := dicom.Lookup(e.Tag); ok && len(a.VRs) > 0 {
			vr = a.VRs[0]
		}
	}
	if vr != dicom.VRPN && !dated(vr) && !identifiers[e.Tag] {
		return
	}
	if r, listed := s.rules[e.Tag]; listed && r.verb == verbKeep {
		return
	}
	for value := range strings.SplitSeq(charset.Decode(e.Value, vr == dicom.VRPN), `\`) {
		switch {
		case dated(vr):
			s.addDate(value)
		case vr == dicom.VRPN:
			s.addName(value)
		default:
			s.addValue(value)
		}
	}
}

// addName adds the components of a name in each of its writings (PS3.5 §6.2.1),
// and family and given name together.
func (s *sweep) addName(name string) {
	for writing := range strings.SplitSeq(name, "=") {
		parts := strings.FieldsFunc(writing, func(r rune) bool { return strings.ContainsRune("^ -,;./'\x00", r) })
		for _, part := range parts {
			s.add(part)
		}
		if len(parts) > 1 {
			s.add(parts[0] + parts[1])
			s.add(parts[1] + parts[0])
		}
	}
}

// addDate adds the ways in which people write a date.
func (s *sweep) addDate(date string) {
	if len(date) < len(dateForm) {
		return
	}
	if _, ok := shiftDate(date[:len(dateForm)], 0); !ok {
		return
	}
	y, m, d := date[:4], date[4:6], date[6:8]
	s.add(y + m + d)
	s.add(d + m + y)
	s.add(m + d + y)
	for _, sign := range []string{"-", ".", "/", " "} {
		s.add(y + sign + m + sign + d)
		s.add(d + sign + m + sign + y)
		s.add(m + sign + d + sign + y)
	}
}

// addValue adds an identifier as it stands, and without what parts its pieces.
func (s *sweep) addValue(value string) {
	s.add(value)
	bare := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -_./", r) {
			return -1
		}
		return r
	}, value)
	s.add(bare)
}

// add adds one identifier. One Chinese character is in every second text.
func (s *sweep) add(text string) {
	token := folded(text)
	if len(token) < minWord || utf8.RuneCountInString(token) < 2 || s.known[token] || len(s.known) >= maxTokens || strings.Trim(token, "0.") == "" {
		return
	}
	s.known[token] = true
	if len(token) >= minPiece {
		s.whole[token] = true
		s.pieces = append(s.pieces, token)
		return
	}
	s.words = append(s.words, token)
}

// folded returns a text as it is compared: in lower case, without spaces around it, and
// without what cannot be seen between its letters.
func folded(text string) string {
	if strings.IndexFunc(text, unseen) >= 0 {
		text = escapes.ReplaceAllString(text, "")
		text = strings.Map(func(r rune) rune {
			if unseen(r) {
				return -1
			}
			return r
		}, text)
	}
	return strings.ToLower(strings.Trim(text, " "))
}

// escapes are sequences of ISO 2022 that the character set did not announce.
var escapes = regexp.MustCompile("\x1b[ -/]*[0-~]?")

func unseen(r rune) bool {
	return r < ' ' && r != '\n' && r != '\r' && r != '\t' || unicode.Is(unicode.Cf, r)
}

// finds reports whether an identifier is in a kept element.
func (s *sweep) finds(e *dicom.DataElement, charset dicom.Charset) bool {
	if len(e.Value) < minWord {
		return false
	}
	switch kindOf(e.VR) {
	case kindText, kindCode:
	case kindOther:
		if e.VR != dicom.VRUN {
			return false
		}
	case kindNumber, kindUID:
		return false
	}
	text := charset.Decode(e.Value, false)
	key := string(e.VR) + text
	found, ok := s.seen[key]
	if ok {
		return found
	}
	look := s.lookFor(e.VR)
	found = look(folded(text))
	if !found && strings.ContainsRune(text, utf8.RuneError) { // it is not in the character set that it says
		found = look(folded(latin1(e.Value)))
	}
	if len(s.seen) < maxSeen {
		s.seen[key] = found
	}
	return found
}

// lookFor returns how values of a VR are looked through.
func (s *sweep) lookFor(vr dicom.VR) func(string) bool {
	if vr == dicom.VRCS {
		return s.inTerms
	}
	if vr == dicom.VRDS || vr == dicom.VRIS || vr == dicom.VRUN {
		return s.anyValue
	}
	return s.inText
}

// latin1 reads bytes as ISO 8859-1.
func latin1(b []byte) string {
	out := make([]rune, len(b))
	for i, c := range b {
		out[i] = rune(c)
	}
	return string(out)
}

// anyValue reports whether one of several numbers is an identifier.
func (s *sweep) anyValue(value string) bool {
	for one := range strings.SplitSeq(value, `\`) {
		if s.whole[strings.Trim(one, " \x00")] {
			return true
		}
	}
	return false
}

// inTerms looks through code strings, but for the standard's own terms: somebody
// may be called Head.
func (s *sweep) inTerms(value string) bool {
	for one := range strings.SplitSeq(value, `\`) {
		one = strings.Trim(one, " \x00")
		if !standard(one) && s.inText(one) {
			return true
		}
	}
	return false
}

func (s *sweep) inText(value string) bool {
	for _, piece := range s.pieces {
		if strings.Contains(value, piece) {
			return true
		}
	}
	for _, word := range s.words {
		if hasWord(value, word) {
			return true
		}
	}
	return false
}

// hasWord reports whether word stands in text with no letter or digit beside it.
func hasWord(text, word string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(word)
		if (start == 0 || !alphanumeric(text[start-1])) && (end == len(text) || !alphanumeric(text[end])) {
			return true
		}
		from = start + 1
	}
}

func alphanumeric(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c > 0x7F }

// standard reports whether every word of a code string is of the standard.
func standard(value string) bool {
	for word := range strings.FieldsSeq(value) {
		if !standardTerms[word] {
			return false
		}
	}
	return true
}

// standardTerms are defined terms, lower case, of PS3.3 and PS3.16 Annex L that
// are words of a language too, or names.
var standardTerms = terms(`original derived primary secondary axial localizer other mixed yes no
	monochrome1 monochrome2 rgb none volume resampled mpr projection image magnitude phase real imaginary
	ct mr pt nm us sc cr dx mg xa rf static dynamic gated whole body wholebody tomo recon
	head brain skull face neck chest lung thorax heart breast abdomen liver kidney pelvis spine cspine tspine lspine
	hip knee ankle foot toe leg thigh shoulder arm elbow wrist hand finger extremity aorta prostate uterus bladder
	hfs hfp ffs ffp hfdr hfdl ffdr ffdl standard body large small round spiral helical constant
	fast slow first last left right up down cw cc
	container text num code datetime date time uidref pname scoord scoord3d tcoord composite waveform table
	contains has obs context concept mod properties acq inferred from selected se ir gr ep rm sk mp ms product research`)

func terms(list string) map[string]bool {
	out := map[string]bool{}
	for _, term := range strings.Fields(list) {
		out[term] = true
	}
	return out
}
