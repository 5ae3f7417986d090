package deidrun

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/deid"
)

// maxAttributes bounds the rows of what was done by attribute. The dictionary has
// some 5,000.
const maxAttributes = 1000

// attribute is what was done to all elements of one tag, at any depth.
type attribute struct {
	Tag, Name                                 string
	Kept, Cleaned, Removed, Emptied, Replaced int64
}

// attributes sums up what was done, from the lists of changes. Every private element
// is in one row, and so are groups that repeat.
func (p *page) attributes() (rows []*attribute, leftOut int, err error) {
	byTag := map[string]*attribute{}
	for at, objects := range p.lists {
		body, err := p.t.journal.bodyAt(at)
		if err != nil {
			return nil, 0, err
		}
		var changes []deid.Change
		if err := json.Unmarshal(body, &changes); err != nil {
			return nil, 0, fmt.Errorf("deid: the journal of the run: %w", sinso.ErrCorrupt)
		}
		for _, c := range changes {
			tag, name := rowOf(c.Path)
			if byTag[tag] == nil {
				byTag[tag] = &attribute{Tag: tag, Name: name}
			}
			byTag[tag].add(c.Action, objects)
		}
	}
	rows = slices.SortedFunc(maps.Values(byTag), func(a, b *attribute) int { return cmp.Compare(a.Tag, b.Tag) })
	shown := min(len(rows), maxAttributes)
	return rows[:shown], len(rows) - shown, nil
}

func (a *attribute) add(action deid.Action, n int64) {
	switch action {
	case deid.Kept:
		a.Kept += n
	case deid.Cleaned:
		a.Cleaned += n
	case deid.Removed:
		a.Removed += n
	case deid.Emptied:
		a.Emptied += n
	case deid.Replaced:
		a.Replaced += n
	}
}

// rowOf returns the row for an element's path: its own tag, the last.
func rowOf(path string) (tag, name string) {
	tag = path[strings.LastIndexByte(path, '(')+1:]
	tag = strings.TrimSuffix(tag, ")")
	number, err := strconv.ParseUint(strings.Replace(tag, ",", "", 1), 16, 32)
	if err != nil {
		return tag, ""
	}
	t := dicom.Tag(number)
	switch group := t.Group() & 0xFF00; {
	case t.IsPrivate():
		return "private", ""
	case group == 0x5000 || group == 0x6000: // curves and overlays repeat (PS3.5 §7.6)
		tag = tag[:2] + "xx" + tag[4:]
		t &^= 0x00FF0000
	}
	a, _ := dicom.Lookup(t)
	return tag, a.Name
}
