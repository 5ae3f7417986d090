package dicom

import (
	"encoding/binary"
	"fmt"

	"sinso.dev/sinso"
)

// mode is how elements are written.
type mode struct{ implicit, big bool }

func (m mode) uint16(b []byte) uint16 {
	if m.big {
		return binary.BigEndian.Uint16(b)
	}
	return binary.LittleEndian.Uint16(b)
}

func (m mode) uint32(b []byte) uint32 {
	if m.big {
		return binary.BigEndian.Uint32(b)
	}
	return binary.LittleEndian.Uint32(b)
}

// tagAt reads the tag that b begins with; what is behind its end counts as zero.
func tagAt(b []byte, big bool) Tag {
	var t [4]byte
	copy(t[:], b)
	if big {
		return Tag(binary.BigEndian.Uint32(t[:]))
	}
	return Tag(binary.LittleEndian.Uint16(t[:]))<<16 | Tag(binary.LittleEndian.Uint16(t[2:]))
}

// begin finds the first element: behind preamble and prefix, or at the start of
// what can only be a data set. b are the first bytes of size.
func begin(b []byte, size int) (int, error) {
	switch {
	case len(b) >= prefixEnd && string(b[preambleBytes:prefixEnd]) == "DICM":
		return prefixEnd, nil
	case plausible(b, size):
		return 0, nil
	default:
		return 0, fmt.Errorf("dicom: this is not DICOM: it has no DICM at byte 128 and does not begin as a data set: %w", sinso.ErrInvalid)
	}
}

// plausible reports whether b, the first bytes of size, begins with an element of group
// 0002 or 0008 as some transfer syntax writes it.
func plausible(b []byte, size int) bool {
	if len(b) < headerBytes {
		return false
	}
	if c := code(b[4])<<8 | code(b[5]); c.known() {
		return isStart(tagAt(b, false)) || isStart(tagAt(b, true))
	}
	return isStart(tagAt(b, false)) && int64(binary.LittleEndian.Uint32(b[4:])) <= int64(size-headerBytes)
}

// isStart reports whether objects begin with the tag.
func isStart(t Tag) bool {
	if t.Group() != groupMeta && t.Group() != groupIdentifying {
		return false
	}
	_, ok := Lookup(t)
	return ok || t.Element() == groupLengthNumber
}

// settle decides how the data set at that place is written. The file's own word is
// believed, but for the VR: whether there are any is seen in the first element.
// Without a word the byte order is seen in the first group, which is a low number.
func (r *reader) settle(at int, s *Syntax) mode {
	m := mode{!s.Explicit, s.BigEndian}
	if r.size-at < headerBytes {
		return m
	}
	b := r.at(at, headerBytes)
	c := code(b[4])<<8 | code(b[5])
	if s.UID == "" {
		m = mode{implicit: !c.known()}
		m.big = !m.implicit && binary.LittleEndian.Uint16(b) > groupLow
		*s = Syntax{UID: m.uid()}
	} else if tagAt(b, m.big).Group() != groupCommand { // a command set is implicit in any syntax
		m.implicit = !c.valid()
	}
	s.Explicit, s.BigEndian = !m.implicit, m.big
	return m
}

func (m mode) uid() string {
	switch {
	case m.implicit:
		return ImplicitLittleEndian
	case m.big:
		return ExplicitBigEndian
	default:
		return ExplicitLittleEndian
	}
}

// inItem returns how an item is written: as what it is in, but an item of an
// explicit data set may be implicit (PS3.5 §6.2.2, and writers that err).
func (r *reader) inItem(at, end int, m mode) mode {
	if m.implicit || end-at < headerBytes {
		return m
	}
	b := r.at(at, headerBytes)
	if tagAt(b, m.big).Group() == groupDelimiters {
		return m
	}
	m.implicit = !(code(b[4])<<8 | code(b[5])).valid()
	return m
}

func allZero(b []byte) bool {
	for _, v := range b {
		if v != 0 {
			return false
		}
	}
	return true
}
