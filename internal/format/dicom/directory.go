package dicom

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"sinso.dev/sinso"
)

const (
	tagFirstRecord  Tag = 0x00041200 // PS3.3 F.3.2.2
	tagRecords      Tag = 0x00041220
	tagNextRecord   Tag = 0x00041400
	tagInUse        Tag = 0x00041410
	tagLowerRecord  Tag = 0x00041420
	tagRecordType   Tag = 0x00041430
	tagFileID       Tag = 0x00041500
	tagFileClass    Tag = 0x00041510
	tagFileInstance Tag = 0x00041511
	tagFileSyntax   Tag = 0x00041512

	directoryGroup  = 0x0004
	maxRecordDepth  = 16 // levels of records: PS3.3 Table F.4-1 has 4
	directoryOffset = 4  // bytes of an offset in a DICOMDIR
	noRecord        = 0  // an offset that leads nowhere
)

// The levels of records (PS3.3 Table F.4-1).
const (
	levelRoot = iota
	levelStudy
	levelSeries
	levelLeaf
)

// DirectoryRecord is one record of a DICOMDIR (PS3.3 F.3.2.2).
type DirectoryRecord struct {
	Type        string   // Directory Record Type: PATIENT, STUDY, SERIES, IMAGE…
	Parent      int      // the place of the record above in the list, -1 at the root
	File        []string // the components of the Referenced File ID; none if it names no file. They are the medium's word: check each before it becomes a path
	SOPClass    string   // of the referenced file, and so are the next two
	SOPInstance string
	Syntax      string
	InUse       bool    // Record In-use Flag is not zero
	Keys        Dataset // the record's own attributes: those outside group 0004

	set        Charset
	start      uint32 // of the item, in the file
	next, down uint32 // offsets of other records, 0 if there are none
}

// Text returns an attribute of the record as [File.String] does.
func (r *DirectoryRecord) Text(t Tag) string {
	e := r.Keys.Find(t)
	if e == nil || !e.VR.isText() {
		return ""
	}
	if !e.VR.inCharacterSet() || isASCII(e.Value) {
		return tidy(e.VR, string(e.Value))
	}
	return tidy(e.VR, r.set.Decode(e.Value, e.VR == VRPN))
}

// Directory returns the records of a DICOMDIR, each behind the one that it belongs
// to: records at the root in the order of the file, those below another as they are
// linked. The offset of the first record, which is often wrong, is not needed. Where
// a link leads to no record, or twice to one, or to a record that is in use none
// leads, the order of the file is taken, and a record belongs to the last one before
// it that stands above its type.
//
// It is ErrNotFound if the file has no directory.
func (f *File) Directory() ([]DirectoryRecord, error) {
	at := -1
	for i := f.meta; i < len(f.index); i = int(f.index[i].next) {
		if f.index[i].Tag == tagRecords && f.index[i].Kind == KindSequence {
			at = i
		}
	}
	if at < 0 {
		return nil, fmt.Errorf("dicom: no directory of records: %w", sinso.ErrNotFound)
	}
	records := make([]DirectoryRecord, 0, f.children(at))
	set := f.Charset()
	for i := at + 1; i < int(f.index[at].next); i = int(f.index[i].next) {
		records = append(records, f.record(i, set))
	}
	if linked, ok := link(records); ok {
		return linked, nil
	}
	nest(records)
	return records, nil
}

// record reads the item at i.
func (f *File) record(i int, set Charset) DirectoryRecord {
	item := f.index[i]
	r := DirectoryRecord{Parent: -1, InUse: true, set: set, start: item.Offset - headerBytes}
	ds := f.tree(i+1, int(item.next))
	for _, e := range ds.Elements {
		text := string(trim(e.Value))
		switch e.Tag {
		case tagNextRecord:
			r.next = offsetIn(e.Value)
		case tagLowerRecord:
			r.down = offsetIn(e.Value)
		case tagInUse:
			r.InUse = len(e.Value) < 2 || e.Value[0]|e.Value[1] != 0
		case tagRecordType:
			r.Type = text
		case tagFileID:
			if text != "" {
				r.File = components(text)
			}
		case tagFileClass:
			r.SOPClass = text
		case tagFileInstance:
			r.SOPInstance = text
		case tagFileSyntax:
			r.Syntax = text
		case tagCharacterSet:
			r.set = NewCharset(strings.Split(text, `\`)...)
		}
	}
	r.Keys.Elements = slices.DeleteFunc(ds.Elements, func(e DataElement) bool { return e.Tag.Group() == directoryGroup })
	return r
}

func components(text string) []string {
	parts := strings.Split(text, `\`)
	for i := range parts {
		parts[i] = strings.Trim(parts[i], " \x00")
	}
	return parts
}

func offsetIn(value []byte) uint32 {
	if len(value) < directoryOffset {
		return noRecord
	}
	return binary.LittleEndian.Uint32(value)
}

// link returns the records in the order of their links, or false if these do not
// give each record its one place.
func link(records []DirectoryRecord) ([]DirectoryRecord, bool) {
	at := make(map[uint32]int, len(records))
	for i := range records {
		at[records[i].start] = i
	}
	l := linker{records: records, below: make([][]int, len(records)), out: make([]DirectoryRecord, 0, len(records))}
	claimed := make([]bool, len(records))
	for i := range records {
		for offset := records[i].down; offset != noRecord; {
			k, ok := at[offset]
			if !ok || claimed[k] {
				return nil, false
			}
			claimed[k] = true
			l.below[i] = append(l.below[i], k)
			offset = records[k].next
		}
	}
	for i := range records {
		switch r := &records[i]; {
		case claimed[i]:
		case r.belongsBelow():
			return nil, false
		case !l.take(i, -1, 0):
			return nil, false
		}
	}
	return l.out, len(l.out) == len(records)
}

// belongsBelow reports whether a record that is in use can't stand at the root.
func (r *DirectoryRecord) belongsBelow() bool {
	level := levelOf(r.Type)
	return r.InUse && level > levelRoot && (level < levelLeaf || r.File != nil)
}

// linker puts records in order.
type linker struct {
	records []DirectoryRecord
	below   [][]int // the places of the records below each
	out     []DirectoryRecord
}

// take takes a record and all below it.
func (l *linker) take(i, parent, depth int) bool {
	if depth > maxRecordDepth {
		return false
	}
	place := len(l.out)
	l.out = append(l.out, l.records[i])
	l.out[place].Parent = parent
	for _, k := range l.below[i] {
		if !l.take(k, place, depth+1) {
			return false
		}
	}
	return true
}

// nest sets the parents of records by their types.
func nest(records []DirectoryRecord) {
	last := [levelLeaf]int{-1, -1, -1}
	for i := range records {
		level := levelOf(records[i].Type)
		records[i].Parent = -1
		for above := level - 1; above >= 0 && records[i].Parent < 0; above-- {
			records[i].Parent = last[above]
		}
		for below := level; below < levelLeaf; below++ {
			last[below] = -1
		}
		if level < levelLeaf {
			last[level] = i
		}
	}
}

// levelOf returns how far below the root records of a type stand (PS3.3 Table F.4-1).
func levelOf(recordType string) int {
	switch recordType {
	case "PATIENT", "HANGING PROTOCOL", "PALETTE", "IMPLANT", "IMPLANT GROUP", "IMPLANT ASSY", "PRIVATE":
		return levelRoot
	case "STUDY":
		return levelStudy
	case "SERIES":
		return levelSeries
	default:
		return levelLeaf
	}
}
