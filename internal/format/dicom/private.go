package dicom

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

//go:embed private.tsv
var privateTable string

// privateKey names a private attribute: its creator, its group, and its element
// without the block (PS3.5 §7.8.1).
type privateKey struct {
	creator string
	group   uint16
	element uint8
}

type privateFact struct {
	code code
	name string
}

// privateFacts are the private attributes that are known. They are read from the
// table when the first is asked for.
var privateFacts = sync.OnceValue(func() map[privateKey]privateFact {
	facts := make(map[privateKey]privateFact, strings.Count(privateTable, "\n"))
	creator := ""
	for line := range strings.Lines(privateTable) {
		line = strings.TrimSuffix(line, "\n")
		if name, ok := strings.CutPrefix(line, "@"); ok {
			creator = name
			continue
		}
		tag, rest, _ := strings.Cut(line, "\t")
		vr, name, _ := strings.Cut(rest, "\t")
		group, element, ok := strings.Cut(tag, "xx")
		if !ok {
			continue // a comment
		}
		g, _ := strconv.ParseUint(group, 16, 16)  // a test reads every line
		e, _ := strconv.ParseUint(element, 16, 8) // likewise
		facts[privateKey{creator, uint16(g), uint8(e)}] = privateFact{codeOf(VR(vr)), name}
	}
	return facts
})

// LookupPrivate returns the VR and the name, which may be "", of a private attribute
// whose block the creator has reserved (PS3.5 §7.8.1).
func LookupPrivate(creator string, t Tag) (vr VR, name string, ok bool) {
	if !t.IsPrivate() || t.Element() <= lastCreator {
		return "", "", false
	}
	f, ok := privateFacts()[privateKey{creator, t.Group(), uint8(t.Element())}] //nolint:gosec // the element in its block
	if !ok {
		return "", "", false
	}
	return f.code.vr(), f.name, true
}

// blocks are the creators of one data set, by group in the upper half and block in
// the lower.
type blocks map[Tag]string

const maxCreator = 64 // bytes of an LO (PS3.5 Table 6.2-1)

// resolve gives private elements of which the file does not say the VR the one that
// is known for their creator, on one level of the index and below.
func (f *File) resolve(start, end int) {
	var reserved blocks
	for i := start; i < end; i = int(f.index[i].next) {
		e := &f.index[i]
		switch {
		case e.Kind == KindSequence:
			for at := i + 1; at < int(e.next); at = int(f.index[at].next) {
				f.resolve(at+1, int(f.index[at].next))
			}
		case e.Kind != KindValue || !e.Tag.IsPrivate():
		case e.Tag.IsPrivateCreator():
			if e.Length > maxCreator {
				continue
			}
			if reserved == nil {
				reserved = blocks{}
			}
			reserved[e.Tag&0xFFFF0000|e.Tag&lastCreator] = string(trim(f.Value(*e)))
		case e.flags&flagImplicit != 0 && e.vr == codeUN:
			reserved.name(e)
		}
	}
}

// name sets the VR of a private element if it is known. What fits no whole number
// of the VR's words stays UN, and so does a sequence that was not read as one.
func (b blocks) name(e *Element) {
	creator, ok := b[e.Tag&0xFFFF0000|Tag(e.Tag.Element()>>8)]
	if !ok {
		return
	}
	vr, _, ok := LookupPrivate(creator, e.Tag)
	if size := uint32(vr.word()); ok && vr != VRSQ && (e.Length+e.Length%2)%size == 0 { //nolint:gosec // 1 to 8
		e.vr = codeOf(vr)
	}
}
