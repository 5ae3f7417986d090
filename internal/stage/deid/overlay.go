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
	a, known := dicom.Lookup(e.Tag)
	if !known {
		return verbRemove
	}
	switch kindOf(e.VR) {
	case kindText:
		return verbClean
	case kindNumber:
		if numberSizes[e.VR] > 0 && fits(e, a) && !tooMany(e, a) {
			return verbKeep
		}
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
		wipe(plane.Data, columns, boxes)
		pack(out, n*pixels, plane.Data)
	}
	return out, true
}

// wipe takes out of a plane what is in the boxes, and, where there are any, whatever
// else is no larger than twice the height of their text: of a line of text that was
// found in pieces the rest is beside it, and a plane has little that is as small.
func wipe(plane []byte, columns int, boxes []image.Rectangle) {
	height := 0
	bounds := image.Rect(0, 0, columns, len(plane)/columns)
	for _, box := range boxes {
		box = box.Intersect(bounds)
		height = max(height, min(box.Dx(), box.Dy()))
		for y := box.Min.Y; y < box.Max.Y; y++ {
			clear(plane[y*columns+box.Min.X : y*columns+box.Max.X])
		}
	}
	if height == 0 {
		return
	}
	seen := make([]bool, len(plane))
	var piece []int
	for i, v := range plane {
		if v == 0 || seen[i] {
			continue
		}
		var around image.Rectangle
		if piece, around = connected(plane, seen, columns, i, piece[:0]); around.Dx() > 2*height || around.Dy() > 2*height {
			continue
		}
		for _, at := range piece {
			plane[at] = 0
		}
	}
}

// connected returns the points that hang together with one, its corners too, and the box
// around them; they are seen then.
func connected(plane []byte, seen []bool, columns, start int, piece []int) ([]int, image.Rectangle) {
	piece = append(piece, start)
	seen[start] = true
	var around image.Rectangle
	for next := 0; next < len(piece); next++ {
		x, y := piece[next]%columns, piece[next]/columns
		around = around.Union(image.Rect(x, y, x+1, y+1))
		for _, step := range [...]image.Point{{-1, -1}, {0, -1}, {1, -1}, {-1, 0}, {1, 0}, {-1, 1}, {0, 1}, {1, 1}} {
			at := (y+step.Y)*columns + x + step.X
			if x+step.X >= 0 && x+step.X < columns && at >= 0 && at < len(plane) && plane[at] != 0 && !seen[at] {
				seen[at] = true
				piece = append(piece, at)
			}
		}
	}
	return piece, around
}

// pack writes a plane of bytes as bits from bit at on.
func pack(out []byte, at int, plane []byte) {
	for i, v := range plane {
		if v != 0 {
			out[(at+i)/8] |= 1 << ((at + i) % 8)
		}
	}
}
