package deid

import (
	_ "embed" // the table's facts
	"fmt"
	"strconv"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// Revision is the edition of the standard that the table is from.
const Revision = "PS3.15-2024b"

//go:embed table_e11_2024b.tsv
var tableE11 string

//go:embed unlisted.tsv
var unlistedRules string

//go:embed safe_private.tsv
var safePrivate string

// Row is one row of PS3.15 Table E.1-1. The codes are those of the table: X
// remove, Z empty, D dummy, U new UID, K keep, C clean; "-" is an empty cell.
type Row struct {
	Pattern string // eight hexadecimal digits, x for any digit; or "odd": every private element
	Name    string
	Basic   string // action of the Basic Profile
	InIOD   bool   // in a standard composite IOD

	// The columns of the options.
	Private, UIDs, Devices, Institution, Patient string
	DatesFull, DatesModified                     string
	Descriptors, StructuredContent, Graphics     string
}

// columns of table_e11_2024b.tsv.
const tableColumns = 14

// parseTable reads the table, and only the one form that it is committed in.
func parseTable(text string) ([]Row, error) {
	var rows []Row
	header := true
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "#") {
			continue
		}
		if header {
			header = false
			continue
		}
		c := strings.Split(line, "\t")
		if len(c) != tableColumns {
			return nil, fmt.Errorf("deid: table: %d columns in row %d: %w", len(c), len(rows)+1, sinso.ErrCorrupt)
		}
		rows = append(rows, Row{
			Pattern: c[0], Basic: c[1], InIOD: c[2] == "Y",
			Private: c[3], UIDs: c[4], Devices: c[5], Institution: c[6], Patient: c[7],
			DatesFull: c[8], DatesModified: c[9],
			Descriptors: c[10], StructuredContent: c[11], Graphics: c[12],
			Name: c[13],
		})
	}
	return rows, nil
}

// verb is what is done to one element after the table's choices are made.
type verb uint8

const (
	verbKeep   verb = iota
	verbRemove      // X
	verbEmpty       // Z
	verbDummy       // D
	verbUID         // U
	verbShift       // C of the modified dates option, on DA, DT and TM
	verbItems       // U*, or K or C on a sequence: it stays, its items are cleaned
	verbClean       // C on text
)

// verbNames are for people.
var verbNames = map[verb]string{
	verbKeep: "keep", verbRemove: "remove", verbEmpty: "empty", verbDummy: "dummy",
	verbUID: "uid", verbShift: "shift", verbItems: "items", verbClean: "clean",
}

// verbs says how each Basic action is resolved (docs/adr/0011). Where the table
// leaves a choice to the type that the IOD gives the attribute, D is taken over
// Z and Z over X: a dummy is valid for type 1, 2 and 3, an empty value for 2
// and 3, and neither says anything about the person.
var verbs = map[string]verb{
	"X": verbRemove, "Z": verbEmpty, "D": verbDummy, "U": verbUID,
	"X/Z": verbEmpty, "X/D": verbDummy, "Z/D": verbDummy, "X/Z/D": verbDummy,
	"X/Z/U*": verbItems,
}

// referencedStudy is Referenced Study Sequence, X/Z in the table. It is type 3,
// with one item at least, wherever an image has it (PS3.3 C.7.2.1), so that an
// empty one is not valid.
const referencedStudy = "00081110"

// rule is a row made ready for use.
type rule struct {
	verb  verb
	basic verb // where verb cannot be done: what the Basic Profile does
}

// compile resolves a row under the options. What an option retains is retained
// whatever another one would clean; the strictest is what no option names.
func (r Row) compile(o Options) (rule, error) {
	basic, ok := verbs[r.Basic]
	if !ok {
		return rule{}, fmt.Errorf("deid: table: action %q of %s: %w", r.Basic, r.Pattern, sinso.ErrCorrupt)
	}
	if r.Pattern == referencedStudy {
		basic = verbRemove
	}
	out := rule{verb: basic, basic: basic}
	switch {
	case r.retained(o) && r.DatesModified == "C" && !o[RetainFullDates] && o[RetainModifiedDates]:
		out = rule{verb: verbShift, basic: verbKeep} // a device's own dates, with those of the person
	case r.retained(o):
		out.verb = verbKeep
	case r.cleaned(o):
		out.verb = verbClean
	case o[RetainModifiedDates] && r.DatesModified == "C" && (r.Devices == "-" || basic == verbDummy):
		// A device's own dates (made, calibrated) say which device it is: those that
		// the Basic Profile removes or empties are not kept by shifting them.
		out.verb = verbShift
	}
	return out, nil
}

// retained reports whether an option keeps the row's value.
func (r Row) retained(o Options) bool {
	deviceDate := r.Devices == "K" && r.DatesFull == "K"
	return o[RetainUIDs] && r.UIDs == "K" ||
		o[RetainDeviceIdentity] && r.Devices == "K" ||
		o[RetainInstitutionIdentity] && r.Institution == "K" ||
		o[RetainPatientCharacteristics] && r.Patient == "K" ||
		o[RetainFullDates] && r.DatesFull == "K" && !deviceDate
}

// cleaned reports whether an option cleans the row's text or items.
func (r Row) cleaned(o Options) bool {
	return o[CleanDescriptors] && r.Descriptors == "C" ||
		o[CleanStructuredContent] && r.StructuredContent == "C" ||
		o[CleanGraphics] && r.Graphics == "C" ||
		o[RetainPatientCharacteristics] && r.Patient == "C"
}

// pattern returns what is done with a row that stands for many tags.
func (r Row) pattern(o Options) verb {
	switch {
	case r.Pattern == "odd" && o[RetainSafePrivate]:
		return verbClean
	case r.Pattern == "60xx3000" && o[CleanGraphics], r.Pattern == "60xx4000" && o[CleanGraphics]:
		return verbClean
	default:
		return verbRemove
	}
}

// parseTag reads eight hexadecimal digits.
func parseTag(text string) (dicom.Tag, error) {
	n, err := strconv.ParseUint(text, 16, 32)
	if err != nil || len(text) != 8 {
		return 0, fmt.Errorf("deid: table: tag %q: %w", text, sinso.ErrCorrupt)
	}
	return dicom.Tag(n), nil
}

// compileTable makes the lookup of all rows with a tag of their own. Patterns
// (50xx, 60xx, odd groups) are rules in [Profile.rule].
func compileTable(rows []Row, o Options) (map[dicom.Tag]rule, error) {
	rules := make(map[dicom.Tag]rule, len(rows))
	for _, row := range rows {
		compiled, err := row.compile(o)
		if err != nil {
			return nil, err
		}
		if row.Pattern == "odd" || strings.Contains(row.Pattern, "x") {
			if compiled.basic != verbRemove {
				return nil, fmt.Errorf("deid: table: pattern %s is not removed: %w", row.Pattern, sinso.ErrCorrupt)
			}
			continue
		}
		tag, err := parseTag(row.Pattern)
		if err != nil {
			return nil, err
		}
		if _, twice := rules[tag]; twice {
			return nil, fmt.Errorf("deid: table: %s stands twice: %w", row.Pattern, sinso.ErrCorrupt)
		}
		rules[tag] = compiled
	}
	return rules, nil
}

// compileUnlisted reads unlisted.tsv: the project's own choices for elements
// that the table does not list.
func compileUnlisted(text string) (map[dicom.Tag]verb, error) {
	words := map[string]verb{"keep": verbKeep, "remove": verbRemove, "empty": verbEmpty, "uid": verbUID}
	out := map[dicom.Tag]verb{}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		c := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(c) != 3 {
			return nil, fmt.Errorf("deid: unlisted rules: %d columns: %w", len(c), sinso.ErrCorrupt)
		}
		tag, err := parseTag(c[0])
		if err != nil {
			return nil, err
		}
		v, ok := words[c[1]]
		if !ok {
			return nil, fmt.Errorf("deid: unlisted rules: action %q: %w", c[1], sinso.ErrCorrupt)
		}
		out[tag] = v
	}
	return out, nil
}
