package dicom

import (
	"slices"
	"strings"
)

// Attribute is what PS3.6 says of a tag.
type Attribute struct {
	Tag     Tag
	Keyword string // "" for a few retired ones
	Name    string
	VRs     []VR // more than one where the data set decides (PS3.6 §6)
	VM      string
	Retired bool
}

// facts are the columns of the dictionary that are text.
type facts struct {
	vrs, vm, keyword, name string
	retired                bool
}

// repeating is an attribute of all tags that fit a pattern.
type repeating struct {
	mask, value Tag
	facts       facts
}

// Lookup returns what the dictionary says of a public tag; overlays (60xx), curves
// (50xx) and other repeating groups are found by their pattern.
func Lookup(t Tag) (Attribute, bool) {
	if i := place(t); i >= 0 {
		return attributeOf(t, &dictFacts[i]), true
	}
	if r := repeatingOf(t); r != nil {
		return attributeOf(t, &r.facts), true
	}
	return Attribute{}, false
}

// TagOf returns the tag of a keyword such as PatientName. Keywords of repeating
// groups have no single tag and are not found.
func TagOf(keyword string) (Tag, bool) {
	i, ok := slices.BinarySearchFunc(dictByKeyword[:], keyword, func(at uint16, keyword string) int {
		return strings.Compare(dictFacts[at].keyword, keyword)
	})
	if !ok {
		return 0, false
	}
	return dictTags[dictByKeyword[i]], true
}

func attributeOf(t Tag, f *facts) Attribute {
	a := Attribute{Tag: t, Keyword: f.keyword, Name: f.name, VM: f.vm, Retired: f.retired}
	for vr := range strings.SplitSeq(f.vrs, "|") {
		if vr != "" {
			a.VRs = append(a.VRs, VR(vr))
		}
	}
	return a
}

func repeatingOf(t Tag) *repeating {
	if t.IsPrivate() {
		return nil
	}
	for i := range dictRepeating {
		if r := &dictRepeating[i]; t&r.mask == r.value {
			return r
		}
	}
	return nil
}

// codeOfTag returns the VR of a tag whose element does not say it; signed is
// whether pixels are (PS3.5 A.1 and PS3.6 §6). What nothing is known of is UN.
func codeOfTag(t Tag, signed bool) code {
	if t.Element() == groupLengthNumber {
		return codeUL // PS3.5 §7.2
	}
	if t.IsPrivate() {
		if t.IsPrivateCreator() {
			return codeLO // PS3.5 §7.8.1
		}
		return codeUN
	}
	if i := place(t); i >= 0 {
		if c := dictCodes[i]; c != 0 {
			return c
		}
		return decide(dictFacts[i].vrs, signed)
	}
	if r := repeatingOf(t); r != nil {
		return decide(r.facts.vrs, signed)
	}
	return codeUN
}

// place returns where in dictTags the tag is, or -1. It is written out because
// reading an implicit header spends most of its time here.
func place(t Tag) int {
	low, high := 0, len(dictTags)
	for low < high {
		middle := int(uint(low+high) >> 1)
		if dictTags[middle] < t {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low < len(dictTags) && dictTags[low] == t {
		return low
	}
	return -1
}

// decide picks the VR where the dictionary has several, or none.
func decide(several string, signed bool) code {
	switch several {
	case "OB|OW", "US|OW":
		return codeOW // implicit little endian: PS3.5 A.1
	case "US|SS", "US|SS|OW":
		if signed {
			return codeSS
		}
		return codeUS
	case "":
		return codeUN
	default:
		return codeOf(VR(several))
	}
}
