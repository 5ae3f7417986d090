package dicomweb

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/wire/multipart"
)

func unsupported(err error) bool { return errors.Is(err, sinso.ErrUnsupported) }

// container is how objects are put together in an answer.
type container uint8

const (
	inParts container = iota // multipart/related
	alone                    // application/dicom: one object
	inZip                    // application/zip
)

// retrieve gives out a study, a series or an instance (PS3.18 §10.4.1.1.1).
func (c *call) retrieve() error {
	wishes, err := c.wishes()
	if err != nil {
		return err
	}
	t := c.target()
	level := t.level()
	how, g, err := choose(wishes, level)
	if err != nil {
		return err
	}
	found, err := c.named(level, t)
	if err != nil {
		return err
	}
	if level == sinso.LevelInstance && c.unchanged(found[0].Instance.ID, fmt.Sprint(how, g)) {
		return nil
	}
	rows, err := c.rows(level, t, found)
	if err != nil {
		return err
	}
	if err := c.opened(level, forRetrieve, found...); err != nil {
		return err
	}
	switch how {
	case alone:
		return c.sendOne(found[0].Instance, g)
	case inZip:
		return c.sendZip(rows, g)
	case inParts:
	}
	return c.sendParts(rows, g)
}

// choose picks the container that is wished most, and what it is to hold.
func choose(wishes []wish, level sinso.Level) (container, goal, error) {
	kinds := []func(wish) bool{
		inParts: func(w wish) bool { return w.related(dicomType) || w.media == anyMediaType },
		alone:   func(w wish) bool { return w.media == dicomType && level == sinso.LevelInstance },
		inZip:   func(w wish) bool { return w.media == zipType },
	}
	for _, w := range wishes {
		for how, fits := range kinds {
			if fits(w) {
				return container(how), goalOf(wishes, fits), nil
			}
		}
	}
	return 0, goal{}, notAcceptable(`this is given out as multipart/related with type="application/dicom", as application/zip, or an instance as application/dicom`)
}

// rows returns the instances of what was found, in the order of series and numbers.
func (c *call) rows(level sinso.Level, t target, found []sinso.Found) ([]sinso.InstanceRow, error) {
	if level != sinso.LevelInstance {
		var err error
		if found, err = c.find(c.cfg.Read, sinso.LevelInstance, t); err != nil {
			return nil, err
		}
	}
	rows := make([]sinso.InstanceRow, 0, len(found))
	for i := range found {
		rows = append(rows, found[i].Instance)
	}
	return rows, nil
}

// fetch reads objects and brings them into the form that is wanted. A large one that is
// wanted as it is stored is read when it is sent.
func (c *call) fetch(g goal) fetching {
	inParts := func(row sinso.InstanceRow) bool { return row.Size >= partsFrom && g.takes(row.Syntax) }
	return fetching{object: func(ctx context.Context, o *object) {
		if inParts(o.row) {
			o.syntax = o.row.Syntax
			o.parts, o.err = c.cfg.Archive.ReadAt(ctx, o.row)
			return
		}
		plain, err := c.cfg.Archive.Read(ctx, o.row)
		if err != nil {
			o.err = err
			return
		}
		o.bytes, o.syntax, o.err = c.convert(plain, o.row, g)
	}, weight: func(row sinso.InstanceRow) int64 {
		if inParts(row) {
			return partBytes
		}
		return row.Size
	}}
}

// sendOne answers with one object.
func (c *call) sendOne(row sinso.InstanceRow, g goal) error {
	c.w.Header().Set("Content-Disposition", `attachment; filename="`+string(row.ID)+`.dcm"`)
	if row.Size >= partsFrom && g.takes(row.Syntax) {
		return c.sendInParts(row)
	}
	return c.ahead([]sinso.InstanceRow{row}, c.fetch(g), func(o *object) error {
		return c.reply(http.StatusOK, dicomType+"; transfer-syntax="+o.syntax, o.bytes)
	})
}

func partHeader(syntax string) multipart.Header {
	return multipart.Header{{Name: "Content-Type", Value: dicomType + "; transfer-syntax=" + syntax}}
}

// sendParts answers with objects in parts, as they are read. Where all are given out
// as they are, the length of the answer is known before. What can't be given out
// in a form that is accepted is left out, and the status says so (206).
func (c *call) sendParts(rows []sinso.InstanceRow, g goal) error {
	kept, err := c.convertible(rows, g)
	if err != nil {
		return err
	}
	boundary, err := multipart.NewBoundary(c.cfg.Rand)
	if err != nil {
		return err
	}
	if len(kept) < len(rows) || c.partly {
		c.w.later(http.StatusPartialContent)
	}
	rows = kept
	w, size, known := multipart.NewWriter(c.w, boundary), multipart.NewSizer(boundary), true
	for i := range rows {
		if known = known && g.takes(rows[i].Syntax); !known {
			break
		}
		if err := size.Add(partHeader(rows[i].Syntax), rows[i].Size); err != nil {
			return err
		}
	}
	h := c.w.Header()
	h.Set("Content-Type", w.ContentType(dicomType))
	if known {
		h.Set("Content-Length", strconv.FormatInt(size.Size(), 10))
	}
	err = c.ahead(rows, c.fetch(g), func(o *object) error {
		if o.parts != nil {
			out, err := w.Begin(partHeader(o.syntax), o.row.Size)
			if err != nil {
				return err
			}
			return copyParts(out, o.parts, o.row)
		}
		if known && int64(len(o.bytes)) != o.row.Size {
			return fmt.Errorf("dicomweb: instance %s is not as long as the index says: %w", o.row.ID, sinso.ErrCorrupt)
		}
		return w.Write(partHeader(o.syntax), o.bytes)
	})
	if err != nil {
		return err
	}
	return w.Close()
}

// convertible leaves out the objects that can't be given out in a form that is
// accepted. Whether that can be done for a transfer syntax is seen by doing it once.
func (c *call) convertible(rows []sinso.InstanceRow, g goal) ([]sinso.InstanceRow, error) {
	can := map[string]bool{}
	var kept []sinso.InstanceRow
	for _, row := range rows {
		if row.Size > wholeTo && !g.takes(row.Syntax) {
			continue
		}
		able, tried := can[row.Syntax]
		if !tried {
			able = true
			if !g.takes(row.Syntax) {
				plain, err := c.cfg.Archive.Read(c.ctx(), row)
				if err != nil {
					return nil, err
				}
				_, _, err = c.convert(plain, row, g)
				if err != nil && !unsupported(err) {
					return nil, err
				}
				able = err == nil
			}
			can[row.Syntax] = able
		}
		if able {
			kept = append(kept, row)
		}
	}
	if len(kept) == 0 {
		return nil, notConvertible()
	}
	return kept, nil
}

// sendZip answers with objects as files of a zip that is not compressed, named by
// their opaque names.
func (c *call) sendZip(rows []sinso.InstanceRow, g goal) error {
	h := c.w.Header()
	h.Set("Content-Type", zipType)
	h.Set("Content-Disposition", `attachment; filename="dicom.zip"`)
	rows, err := c.convertible(rows, g)
	if err != nil {
		return err
	}
	z := zip.NewWriter(c.w)
	err = c.ahead(rows, c.fetch(g), func(o *object) error {
		file, err := z.CreateHeader(&zip.FileHeader{
			Name: string(o.row.Series) + "/" + string(o.row.ID) + ".dcm", Method: zip.Store, Modified: time.Unix(0, 0).UTC(),
		})
		if err == nil && o.parts != nil {
			return copyParts(file, o.parts, o.row)
		}
		if err == nil {
			_, err = file.Write(o.bytes)
		}
		return err
	})
	if err != nil {
		return err
	}
	return z.Close()
}

// unchanged answers a client that has the same answer already (RFC 9110 §13.1.2):
// an instance never changes. It names the answer otherwise.
func (c *call) unchanged(id sinso.InstanceID, form string) bool {
	tag := `"` + string(id) + "-" + formHash(form) + `"`
	h := c.w.Header()
	h.Set("ETag", tag)
	h.Set("Vary", "Accept, Authorization, Cookie")
	for _, known := range splitList(c.r.Header.Get("If-None-Match")) {
		if known == tag || known == "W/"+tag {
			c.w.WriteHeader(http.StatusNotModified)
			return true
		}
	}
	return false
}

// decoded returns a file that was read from the archive.
func decoded(row sinso.InstanceRow, plain []byte) (*dicom.File, error) {
	file, err := dicom.Read(plain)
	if err != nil {
		return nil, damaged(row, err)
	}
	return file, nil
}
