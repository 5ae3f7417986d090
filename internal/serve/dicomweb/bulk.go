package dicomweb

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

const maxBulkPath = 129 // parts of a path: 64 levels, and the element

// bulkData gives out the value of one element, by the path that metadata names it
// with (PS3.18 §10.4.1.1.5): a tag, or tags and item numbers with slashes between. A
// single part may be asked for in ranges (RFC 9110 §14).
func (c *call) bulkData() error {
	wishes, err := c.wishes()
	if err != nil {
		return err
	}
	path := c.param("*")
	parts := strings.Split(path, "/")
	if len(parts)%2 == 0 || len(parts) > maxBulkPath {
		return notFound("bulk data")
	}
	f, err := c.one(c.target())
	if err != nil {
		return err
	}
	row := f.Instance
	single, err := bulkForm(wishes, row.Syntax)
	if err != nil {
		return err
	}
	if c.unchanged(row.ID, "bulk"+path+strconv.FormatBool(single)) {
		return nil
	}
	if err := c.opened(sinso.LevelInstance, forBulkData, f); err != nil {
		return err
	}
	return c.withFile(row, func(file *dicom.File) error {
		e, ok := elementAt(file, parts)
		switch {
		case !ok || e.Kind == dicom.KindSequence:
			return notFound("bulk data")
		case e.Kind == dicom.KindFragments:
			return c.sendFragments(file, row, e, single)
		case single:
			return c.sendRange(file.LittleEndian(e))
		default:
			return c.sendBodies([][]byte{file.LittleEndian(e)}, octetType, octetType)
		}
	})
}

// bulkForm reports whether bulk data is given out as one body: that is wished, or a
// range is.
func bulkForm(wishes []wish, stored string) (single bool, err error) {
	for _, w := range wishes {
		switch {
		case w.media == anyMediaType, w.fits(octetType):
			return true, nil
		case w.related(octetType), w.related(mediaOf(stored)):
			return false, nil
		}
	}
	return false, notAcceptable("bulk data is given out as " + octetType + ", or as parts of it")
}

// sendRange answers with a value, or a part of it.
func (c *call) sendRange(value []byte) error {
	c.w.Header().Set("Content-Type", octetType)
	http.ServeContent(c.w, c.r, "", time.Time{}, bytes.NewReader(value))
	return nil
}

// sendFragments answers with compressed pixel data, a frame in each part.
func (c *call) sendFragments(file *dicom.File, row sinso.InstanceRow, e dicom.Element, single bool) error {
	if e.Depth > 0 {
		return notAcceptable("compressed pixel data in a sequence is given out with its object alone")
	}
	frames, err := file.Frames()
	if err != nil {
		return damaged(row, err)
	}
	if single && len(frames) == 1 {
		return c.sendRange(frames[0])
	}
	media := mediaOf(row.Syntax)
	return c.sendBodies(frames, media, media+"; transfer-syntax="+row.Syntax)
}

// elementAt finds an element by tags and item numbers in turn.
func elementAt(file *dicom.File, path []string) (dicom.Element, bool) {
	elements := file.Elements()
	at, end := 0, len(elements)
	for {
		tag, err := strconv.ParseUint(path[0], 16, 32)
		if err != nil || len(path[0]) != 8 {
			return dicom.Element{}, false
		}
		found := -1
		for i := at; i < end; i = file.Next(i) {
			if elements[i].Tag == dicom.Tag(tag) {
				found = i // of several the last, as it is in metadata
			}
		}
		if found < 0 || len(path) == 1 {
			if found < 0 {
				return dicom.Element{}, false
			}
			return elements[found], true
		}
		item, err := strconv.ParseUint(path[1], 10, 31)
		if err != nil || elements[found].Kind != dicom.KindSequence {
			return dicom.Element{}, false
		}
		next, ok := itemAt(file, found, int(item))
		if !ok {
			return dicom.Element{}, false
		}
		at, end, path = next+1, file.Next(next), path[2:]
	}
}

// itemAt returns the place of an item of a sequence.
func itemAt(file *dicom.File, sequence, item int) (int, bool) {
	for i := sequence + 1; i < file.Next(sequence); i = file.Next(i) {
		if item == 0 {
			return i, true
		}
		item--
	}
	return 0, false
}
