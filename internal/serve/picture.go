package serve

import (
	"bufio"
	"bytes"
	linked "container/list"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"sync"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
	"sinso.dev/sinso/internal/format/dicom/render"
)

// What a caller opens a record for, as it is written down.
const (
	forPicture = "thumbnail"
	forFile    = "file"
)

// original reads a record whole, and writes down who did. Few are in memory at
// once; leave gives the place back.
func (c *call) original(row sinso.InstanceRow, purpose string) (plain []byte, leave func(), err error) {
	leave, err = c.enter(c.reads)
	if err != nil {
		return nil, nil, err
	}
	plain, err = c.way.Open(c.ctx(), row.ID, c.caller.ID, purpose)
	if err != nil {
		leave()
		return nil, nil, err
	}
	return plain, leave, nil
}

func (c *call) recordFile() error {
	row, err := c.recordRow(auth.Open)
	if err != nil {
		return err
	}
	if err := c.mayTreatBy(row); err != nil {
		return err
	}
	if row.Size > wholeFile {
		return c.largeFile(row)
	}
	plain, leave, err := c.original(row, forFile)
	if err != nil {
		return err
	}
	defer leave()
	c.fileHead(c.w.Header(), row)
	_, _ = c.w.Write(plain) // the caller may have gone
	return nil
}

// wholeFile is up to how many bytes a record is in memory while it is given out.
const wholeFile = 8 << 20

// largeFile gives out a record while it is read. What is found to be damaged when a part of
// it is sent breaks it off: it must not look whole.
func (c *call) largeFile(row sinso.InstanceRow) error {
	object, err := c.way.ReadParts(c.ctx(), row)
	if err == nil {
		err = c.way.Opened(c.ctx(), c.caller.ID, row.Person, string(row.ID), forFile)
	}
	if err != nil {
		return err
	}
	if object.Size() != row.Size {
		return fmt.Errorf("serve: record %s is not as long as the index says: %w", row.ID, sinso.ErrCorrupt)
	}
	parts := bufio.NewReader(object.Reader())
	if _, err := parts.Peek(1); err != nil { // while it can be told
		return fmt.Errorf("serve: record %s: %w", row.ID, err)
	}
	c.fileHead(c.w.Header(), row)
	if _, err := io.Copy(c.w, parts); err != nil {
		if c.ctx().Err() == nil {
			c.cfg.Log.ErrorContext(c.ctx(), "a record could not be handed out whole", slog.String("record", string(row.ID)), slog.String("error", err.Error()))
		}
		panic(http.ErrAbortHandler)
	}
	return nil
}

func (c *call) fileHead(h http.Header, row sinso.InstanceRow) {
	h.Set("Content-Type", c.media)
	h.Set("Content-Disposition", `attachment; filename="`+string(row.ID)+`.dcm"`)
	h.Set("Content-Length", strconv.FormatInt(row.Size, 10))
}

// mayTreatBy refuses a de-identified copy to those who treat.
func (c *call) mayTreatBy(row sinso.InstanceRow) error {
	if row.Deidentified != "" && c.caller.Treats() {
		return refused(http.StatusForbidden, sinso.ErrDenied, "this is a de-identified copy, whose dates may be moved: it is given out for research, to a token that was made for it")
	}
	return nil
}

func (c *call) recordThumbnail() error {
	row, err := c.recordRow(auth.Open)
	if err != nil {
		return err
	}
	return c.picture(row)
}

func (c *call) studyThumbnail() error {
	study, err := c.studyRow(auth.Open)
	if err != nil {
		return err
	}
	rows, err := c.way.Instances(c.ctx(), study.ID)
	if err != nil {
		return err
	}
	var drawn []sinso.InstanceRow
	for _, row := range rows {
		if row.Frames > 0 {
			drawn = append(drawn, row)
		}
	}
	if len(drawn) == 0 {
		return fmt.Errorf("no record of this study has a picture: %w", sinso.ErrUnsupported)
	}
	return c.picture(drawn[len(drawn)/2])
}

// The sides of a thumbnail, in pixels.
const minSide, usualSide, maxSide = 64, 256, 512

// picture answers with one frame of a record.
func (c *call) picture(row sinso.InstanceRow) error {
	side, err := c.number("size", usualSide, minSide, maxSide)
	if err != nil {
		return err
	}
	frame, err := c.number("frame", row.Frames/2, 0, 1<<30)
	if err != nil {
		return err
	}
	switch {
	case row.Frames < 1:
		return fmt.Errorf("this record has no picture: %w", sinso.ErrUnsupported)
	case frame >= row.Frames:
		return fmt.Errorf("serve: frame: %w", sinso.ErrNotFound)
	case !codec.CanDecode(row.Syntax): // not opened for what cannot be drawn
		return fmt.Errorf("the pixels of this record are compressed in a way that this node does not draw; it gives out the file as it is: %w", sinso.ErrUnsupported)
	}
	return c.givePicture(fmt.Sprintf("%s %s %d %d", c.caller.ID, row.ID, frame, side), func() ([]byte, error) {
		return c.draw(row, frame, side, forPicture)
	})
}

// givePicture answers with a picture. It is kept for the caller who opened it: another
// one opens it again, and that is written down. A browser keeps none.
func (c *call) givePicture(key string, draw func() ([]byte, error)) error {
	png, ok := c.pictures.get(key)
	if !ok {
		var err error
		if png, err = draw(); err != nil {
			return err
		}
		c.pictures.put(key, png)
	}
	h := c.w.Header()
	h.Set("Content-Type", c.media)
	h.Set("Content-Length", strconv.Itoa(len(png)))
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Authorization, Cookie") // the next one to sign in here is another
	_, _ = c.w.Write(png)                  // the caller may have gone
	return nil
}

func (c *call) draw(row sinso.InstanceRow, frame, side int, purpose string) ([]byte, error) {
	plain, leave, err := c.original(row, purpose)
	if err != nil {
		return nil, err
	}
	defer leave()
	return drawFrame(plain, row.ID, frame, side)
}

// drawFrame draws one frame of an object.
func drawFrame(plain []byte, id sinso.InstanceID, frame, side int) ([]byte, error) {
	file, err := dicom.Read(plain)
	if err != nil {
		return nil, fmt.Errorf("serve: record %s: %w", id, err)
	}
	pixels, err := codec.Frame(file, frame)
	if err != nil {
		return nil, fmt.Errorf("serve: record %s: %w", id, err)
	}
	picture, err := render.Picture(file, pixels, frame, render.Options{MaxSide: side})
	if err != nil {
		return nil, fmt.Errorf("serve: record %s: %w", id, err)
	}
	var png bytes.Buffer
	if err := render.EncodePNG(&png, picture); err != nil {
		return nil, fmt.Errorf("serve: record %s: %w", id, err)
	}
	return png.Bytes(), nil
}

// pictures keeps thumbnails in memory, bounded in bytes; what was not asked for
// the longest gives way.
type pictures struct {
	most int

	mu    sync.Mutex // guards the rest
	bytes int
	by    map[string]*linked.Element
	order *linked.List // of keptPicture, newest use first
}

type keptPicture struct {
	key string
	png []byte
}

func newPictures(most int) *pictures {
	return &pictures{most: most, by: map[string]*linked.Element{}, order: linked.New()}
}

func (p *pictures) get(key string) ([]byte, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, ok := p.by[key]
	if !ok {
		return nil, false
	}
	p.order.MoveToFront(at)
	kept, ok := at.Value.(keptPicture)
	return kept.png, ok
}

func (p *pictures) put(key string, png []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.by[key]; ok || len(png) > p.most {
		return
	}
	p.by[key] = p.order.PushFront(keptPicture{key, png})
	for p.bytes += len(png); p.bytes > p.most; {
		last := p.order.Back()
		if kept, ok := last.Value.(keptPicture); ok {
			p.bytes -= len(kept.png)
			delete(p.by, kept.key)
		}
		p.order.Remove(last)
	}
}

func (c *call) plainText(text string) error {
	c.w.Header().Set("Content-Type", c.media)
	c.w.WriteHeader(http.StatusOK)
	_, _ = c.w.Write([]byte(text + "\n")) // the caller may have gone
	return nil
}
