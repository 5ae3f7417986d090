package deid

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// privateElement names a private element, in whichever block it stands (PS3.5 §7.8.1).
type privateElement struct {
	creator string
	group   uint16
	element uint8 // the low byte
}

// compileSafePrivate reads the standard's list and a profile's own.
func compileSafePrivate(text string, own []ownSafety) (map[privateElement]bool, error) {
	out := map[privateElement]bool{}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		c := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(c) != 3 {
			return nil, fmt.Errorf("deid: safe private elements: %d columns: %w", len(c), sinso.ErrCorrupt)
		}
		one, err := newPrivateElement(c[0], c[1], c[2])
		if err != nil {
			return nil, err
		}
		out[one] = true
	}
	for _, block := range own {
		for _, element := range block.Elements {
			one, err := newPrivateElement(block.Creator, block.Group, element)
			if err != nil {
				return nil, err
			}
			out[one] = true
		}
	}
	return out, nil
}

func newPrivateElement(creator, group, element string) (privateElement, error) {
	g, groupErr := strconv.ParseUint(group, 16, 16)
	e, elementErr := strconv.ParseUint(element, 16, 8)
	if groupErr != nil || elementErr != nil || g%2 == 0 || creator == "" {
		return privateElement{}, fmt.Errorf("deid: profile: safe private elements: want a creator, an odd group of four digits and elements of two: %w", sinso.ErrInvalid)
	}
	return privateElement{creator, uint16(g), uint8(e)}, nil
}

// privateVerb decides over a private element. A creator stays if something of its
// block does.
func (c *cleaner) privateVerb(e *dicom.DataElement) verb {
	if !c.profile.options[RetainSafePrivate] {
		return verbRemove
	}
	element := e.Tag.Element()
	if element >= 0x10 && element <= 0xFF {
		return c.creatorVerb(e)
	}
	if !c.safePrivate(e) {
		return verbRemove
	}
	switch kindOf(e.VR) {
	case kindText:
		return verbClean
	case kindNumber:
		if size := numberSizes[e.VR]; size > 0 && len(e.Value) <= maxPrivate*size {
			return verbKeep
		}
	case kindCode:
		if conforms(e) {
			return verbKeep
		}
	case kindUID, kindOther:
		if e.VR == dicom.VRUN && decimal(e.Value) {
			return verbKeep
		}
	}
	return verbRemove
}

func (c *cleaner) creatorVerb(creator *dicom.DataElement) verb {
	for i := range c.in.Elements {
		e := &c.in.Elements[i]
		if e.Tag.Group() == creator.Tag.Group() && e.Tag.Element()>>8 == creator.Tag.Element() && c.privateVerb(e) != verbRemove {
			return verbKeep
		}
	}
	return verbRemove
}

// safePrivate reports whether the element is on the list, under its block's creator.
func (c *cleaner) safePrivate(e *dicom.DataElement) bool {
	group, block := e.Tag.Group(), e.Tag.Element()>>8
	if block < 0x10 || e.Items != nil || e.Fragments != nil {
		return false
	}
	creator := c.in.Find(dicom.Tag(uint32(group)<<16 | uint32(block)))
	if creator == nil {
		return false
	}
	name := string(bytes.Trim(creator.Value, " \x00"))
	return c.profile.private[privateElement{name, group, uint8(e.Tag.Element() & 0xFF)}]
}

// maxPrivate is how many numbers a private element may have: more could be writing.
const maxPrivate = 64

// decimal reports whether bytes of no known VR are decimal numbers, and so few that
// they are values and no writing.
func decimal(value []byte) bool {
	const longest = 256
	return len(value) > 0 && len(value) <= longest && len(bytes.Trim(value, "0123456789+-.eE\\ \x00")) == 0
}

// isPattern reports whether a tag falls under a row of the table that stands for
// many: curves and overlays.
func isPattern(t dicom.Tag) bool {
	high := t.Group() & 0xFF00
	return high == groupCurves || high == groupOverlays
}
