package phantom

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"

	"sinso.dev/sinso/internal/format/dicom"
)

const explicitLittleEndian = "1.2.840.10008.1.2.1" // PS3.5 A.2

// set is a Data Set that is being written.
type set struct{ elements []dicom.DataElement }

func (s *set) add(tag dicom.Tag, vr dicom.VR, value []byte) {
	s.elements = append(s.elements, dicom.DataElement{Tag: tag, VR: vr, Value: value})
}

// text adds a text value, padded to an even length: UIDs with a zero byte, all
// else with a blank (PS3.5 §6.2).
func (s *set) text(tag dicom.Tag, vr dicom.VR, value string) {
	if len(value)%2 == 1 {
		if vr == "UI" {
			value += "\x00"
		} else {
			value += " "
		}
	}
	s.add(tag, vr, []byte(value))
}

// number adds a US.
func (s *set) number(tag dicom.Tag, value uint16) {
	s.add(tag, "US", binary.LittleEndian.AppendUint16(nil, value))
}

// items adds a sequence of the items that each function fills.
func (s *set) items(tag dicom.Tag, fill ...func(*set)) {
	items := make([]dicom.Dataset, len(fill))
	for i, f := range fill {
		var item set
		f(&item)
		items[i] = item.dataset()
	}
	s.elements = append(s.elements, dicom.DataElement{Tag: tag, VR: "SQ", Items: items})
}

// dataset returns the elements in the order of their tags, as a file must have
// them (PS3.5 §7.1).
func (s *set) dataset() dicom.Dataset {
	slices.SortStableFunc(s.elements, func(a, b dicom.DataElement) int { return cmp.Compare(a.Tag, b.Tag) })
	return dicom.Dataset{Elements: s.elements}
}

// encode writes the set as a Part 10 file.
func (s *set) encode() ([]byte, error) {
	b, err := dicom.Encode(explicitLittleEndian, s.dataset())
	if err != nil {
		return nil, fmt.Errorf("phantom: %w", err)
	}
	return b, nil
}
