package deid

import (
	"image"
	"slices"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/deid/burnedin"
)

// The elements of an overlay plane, beside its group (PS3.3 Table C.9-2).
const (
	overlayRows      = 0x0010
	overlayColumns   = 0x0011
	overlayFrames    = 0x0015
	overlayAllocated = 0x0100
	overlayBit       = 0x0102
	overlayData      = 0x3000
)

// graphicVerb decides over an element of a curve or an overlay. Curves go: what they
// draw could be writing, and nothing here can look at it. Of an overlay that was looked
// at stays what is in the standard.
func (c *cleaner) graphicVerb(e *dicom.DataElement) verb {
	group := e.Tag.Group()
	if group&0xFF00 != groupOverlays || !slices.Contains(c.overlays, group) || e.Items != nil || e.Fragments != nil {
		return verbRemove
	}
	if e.Tag.Element() == overlayData {
		return verbKeep
	}
	switch kindOf(e.VR) {
	case kindText:
		return verbClean
	case kindNumber:
		return verbKeep
	case kindCode:
		if conforms(e) {
			return verbKeep
		}
	case kindUID, kindOther:
	}
	return verbRemove
}

// seeOverlays looks at each overlay plane of the root and takes the writing out of it.
// It returns the groups that may stay, and the data that replaces theirs.
func seeOverlays(ds *dicom.Dataset) (groups []uint16, replaced []dicom.DataElement) {
	for i := range ds.Elements {
		e := &ds.Elements[i]
		if e.Tag.Group()&0xFF00 != groupOverlays || e.Tag.Element() != overlayData {
			continue
		}
		if clean, ok := seeOverlay(ds, e); ok {
			groups = append(groups, e.Tag.Group())
			replaced = append(replaced, dicom.DataElement{Tag: e.Tag, VR: dicom.VROW, Value: clean})
		}
	}
	return groups, replaced
}

// maxOverlay bounds the pixels of all frames of one plane.
const maxOverlay = 64 << 20

// seeOverlay returns a plane without its writing; false for one that is not as it says.
func seeOverlay(ds *dicom.Dataset, e *dicom.DataElement) ([]byte, bool) {
	value := func(element uint16, otherwise int) int {
		if found := ds.Find(dicom.Tag(uint32(e.Tag.Group())<<16 | uint32(element))); found != nil && len(found.Value) >= 2 {
			return int(found.Value[0]) | int(found.Value[1])<<8
		}
		return otherwise
	}
	rows, columns, frames := value(overlayRows, 0), value(overlayColumns, 0), 1
	if found := ds.Find(dicom.Tag(uint32(e.Tag.Group())<<16 | overlayFrames)); found != nil {
		n := decimals(found.Value)
		if len(n) != 1 || n[0] < 1 || n[0] > 1<<16 {
			return nil, false
		}
		frames = int(n[0])
	}
	pixels := rows * columns
	if pixels == 0 || pixels*frames > maxOverlay || value(overlayAllocated, 1) != 1 || value(overlayBit, 0) != 0 {
		return nil, false
	}
	if need := (pixels*frames + 7) / 8; len(e.Value) < need || len(e.Value) > need+1 || e.Items != nil || e.Fragments != nil {
		return nil, false
	}
	out := make([]byte, (pixels*frames+15)/16*2)
	for n := range frames {
		plane := dicom.Frame{
			Shape: dicom.Shape{Rows: rows, Columns: columns, Samples: 1, Allocated: 8, Stored: 8, High: 7, Photometric: "MONOCHROME2"},
			Data:  make([]byte, pixels),
		}
		for i := range pixels {
			if bit := n*pixels + i; e.Value[bit/8]>>(bit%8)&1 == 1 {
				plane.Data[i] = 0xFF
			}
		}
		boxes, err := burnedin.Find(plane)
		if err != nil {
			return nil, false
		}
		pack(out, n*pixels, plane.Data, columns, boxes)
	}
	return out, true
}

// pack writes a plane of bytes as bits from bit at on, without what is in the boxes.
func pack(out []byte, at int, plane []byte, columns int, boxes []image.Rectangle) {
	for i, v := range plane {
		point := image.Pt(i%columns, i/columns)
		if v != 0 && !slices.ContainsFunc(boxes, point.In) {
			out[(at+i)/8] |= 1 << ((at + i) % 8)
		}
	}
}
