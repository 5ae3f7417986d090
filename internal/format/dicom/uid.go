package dicom

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:embed uid.tsv
var uidTable string

// uidFact is one line of the registry of UIDs (PS3.6 Annex A).
type uidFact struct {
	uid, kind, keyword, name string
	stored, retired          bool
}

// kindSyntax is what PS3.6 Table A-1 calls a transfer syntax.
const kindSyntax = "Transfer Syntax"

// uidFacts are the lines of the registry, in the order of their UIDs.
var uidFacts = sync.OnceValue(func() []uidFact {
	var all []uidFact
	for line := range strings.Lines(uidTable) {
		c := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(c) == 6 && line[0] != '#' {
			all = append(all, uidFact{uid: c[0], kind: c[1], stored: c[2] == "S", retired: c[3] == "R", keyword: c[4], name: c[5]})
		}
	}
	return all
})

func uidOf(uid string) (uidFact, bool) {
	all := uidFacts()
	i, ok := slices.BinarySearchFunc(all, uid, func(f uidFact, uid string) int { return strings.Compare(f.uid, uid) })
	if !ok {
		return uidFact{}, false
	}
	return all[i], true
}

// UIDName returns the name that PS3.6 Table A-1 has for a UID and what the UID
// stands for, in the words of the table: "SOP Class", "Transfer Syntax", "Meta SOP
// Class", "Well-known SOP Instance", "Coding Scheme".
func UIDName(uid string) (name, kind string, ok bool) {
	f, ok := uidOf(uid)
	return f.name, f.kind, ok
}

// SyntaxName returns the name of a transfer syntax (PS3.6 Table A-1), "" for any
// other UID.
func SyntaxName(uid string) string {
	if f, ok := uidOf(uid); ok && f.kind == kindSyntax {
		return f.name
	}
	return ""
}

// Syntaxes returns the UIDs of all transfer syntaxes of PS3.6 Table A-1, the
// retired ones too, in the order of their characters.
func Syntaxes() []string { return uidsWhere(func(f *uidFact) bool { return f.kind == kindSyntax }) }

// StorageClasses returns the UIDs of every SOP Class whose instances are stored
// (PS3.4 Tables B.5-1 and GG.3-1), the retired ones too, in the order of their
// characters. Media Storage Directory Storage is none: it is for media only.
func StorageClasses() []string { return uidsWhere(func(f *uidFact) bool { return f.stored }) }

func uidsWhere(want func(*uidFact) bool) []string {
	var uids []string
	all := uidFacts()
	for i := range all {
		if want(&all[i]) {
			uids = append(uids, all[i].uid)
		}
	}
	return uids
}
