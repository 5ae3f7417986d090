package dicomweb

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
	"sinso.dev/sinso/internal/wire/multipart"
)

const maxFrameList = 10_000 // frames of one request

// frameNumbers reads a list of frames, from 1 (PS3.18 §10.4.1.1.6).
func frameNumbers(text string, most int) ([]int, error) {
	var numbers []int
	for part := range strings.SplitSeq(text, ",") {
		n, err := strconv.ParseUint(strings.TrimSpace(part), 10, 31)
		if err != nil || n == 0 || len(numbers) == maxFrameList {
			return nil, invalid("frames are numbers from 1 on, with commas between")
		}
		if int(n) > most {
			return nil, notFound("a frame")
		}
		numbers = append(numbers, int(n))
	}
	return numbers, nil
}

// frames gives out frames: decoded, or compressed as they are stored or wanted.
func (c *call) frames() error {
	wishes, err := c.wishes()
	if err != nil {
		return err
	}
	f, err := c.one(c.target())
	if err != nil {
		return err
	}
	row := f.Instance
	numbers, err := frameNumbers(c.param("frames"), row.Frames)
	if err != nil {
		return err
	}
	form, err := frameForm(wishes, row.Syntax, len(numbers))
	if err != nil {
		return err
	}
	if c.unchanged(row.ID, fmt.Sprint("frames", numbers, form)) {
		return nil
	}
	if err := c.opened(sinso.LevelInstance, forFrames, f); err != nil {
		return err
	}
	if done, err := c.framesInParts(row, numbers, form); done || err != nil {
		return err
	}
	return c.withFile(row, func(file *dicom.File) error {
		frames, err := c.cut(file, row, numbers, form)
		if err != nil {
			return err
		}
		return c.sendFrames(frames, form)
	})
}

// withFile reads an object whole, within the memory of all requests.
func (c *call) withFile(row sinso.InstanceRow, fn func(*dicom.File) error) error {
	fetch := fetching{
		object: func(ctx context.Context, o *object) { o.bytes, o.err = c.cfg.Archive.Read(ctx, o.row) },
		weight: func(row sinso.InstanceRow) int64 { return row.Size },
	}
	return c.ahead([]sinso.InstanceRow{row}, fetch, func(o *object) error {
		file, err := decoded(row, o.bytes)
		if err != nil {
			return err
		}
		return fn(file)
	})
}

// form is how frames are given out.
type form struct {
	media  string
	syntax string // "" is decoded
	single bool   // without parts around
}

// frameForm picks the form that is wished most of those that can be.
func frameForm(wishes []wish, stored string, frames int) (form, error) {
	of := mediaOf(stored)
	compressed := of != octetType
	for _, w := range wishes {
		single := frames == 1 && w.media != relatedType && w.media != "multipart/*" && w.media != anyMediaType
		asked := func(media string) bool { return w.related(media) || w.media == anyMediaType || single && w.fits(media) }
		switch {
		case compressed && w.syntax == "*" && (asked(octetType) || asked(of)), compressed && w.syntax == stored && (asked(of) || asked(octetType)):
			return form{of, stored, single}, nil
		case compressed && w.syntax == "" && asked(of) && !asked(octetType):
			return form{of, stored, single}, nil
		case asked(octetType) && (w.syntax == "" || w.syntax == "*" || w.syntax == dicom.ExplicitLittleEndian || w.syntax == dicom.ImplicitLittleEndian):
			return form{octetType, "", single}, nil
		}
		for media, syntax := range defaultSyntax {
			if w.syntax != "" && w.syntax != "*" && mediaOf(w.syntax) == media {
				syntax = w.syntax
			}
			if asked(media) && w.media != anyMediaType && (w.part == media || w.media == media) && (w.syntax == "" || w.syntax == syntax) {
				return form{media, syntax, single}, nil
			}
		}
	}
	return form{}, notAcceptable(`frames are given out as multipart/related with type="application/octet-stream" or that of a compressed form`)
}

// cut returns frames in a form.
func (c *call) cut(file *dicom.File, row sinso.InstanceRow, numbers []int, how form) ([][]byte, error) {
	if how.syntax == "" {
		return c.native(file, row, numbers)
	}
	if how.syntax != row.Syntax {
		anew, err := codec.Transcode(file, how.syntax)
		if unsupported(err) {
			return nil, notConvertible()
		}
		if err != nil {
			return nil, damaged(row, err)
		}
		if file, err = decoded(row, anew); err != nil {
			return nil, err
		}
	}
	all, err := file.Frames()
	if err != nil {
		return nil, damaged(row, err)
	}
	frames := make([][]byte, 0, len(numbers))
	for _, n := range numbers {
		if n > len(all) {
			return nil, notFound("a frame")
		}
		frames = append(frames, all[n-1])
	}
	return frames, nil
}

// photometricField tells of frames that were decoded what their colours are now: a
// codec may have turned them into RGB, and it leaves the samples of a pixel together.
const photometricField = "Photometric-Interpretation"

// native decodes frames. Those that are not compressed are given out as they lie in
// the file; only big endian ones are turned.
func (c *call) native(file *dicom.File, row sinso.InstanceRow, numbers []int) ([][]byte, error) {
	if s := file.Syntax(); !s.Encapsulated && !s.BigEndian {
		return c.cut(file, row, numbers, form{syntax: row.Syntax})
	}
	frames := make([][]byte, 0, len(numbers))
	total := int64(0)
	for _, n := range numbers {
		at := slices.Index(numbers, n)
		if at < len(frames) { // asked for twice
			frames = append(frames, frames[at])
			continue
		}
		frame, err := codec.Frame(file, n-1)
		if unsupported(err) {
			return nil, notAcceptable("the pixels of this object cannot be decoded here; transfer-syntax=* gives them out as they are")
		}
		if err != nil {
			return nil, damaged(row, err)
		}
		if total += int64(len(frame.Data)); total > maxMemory {
			return nil, refused(http.StatusRequestEntityTooLarge, sinso.ErrInvalid, "so many frames are too large together: ask for fewer")
		}
		frames = append(frames, frame.Data)
		c.w.Header().Set(photometricField, frame.Photometric)
	}
	return frames, nil
}

func (c *call) sendFrames(frames [][]byte, how form) error {
	media := how.media
	if how.syntax != "" {
		media += "; transfer-syntax=" + how.syntax
	}
	if how.single {
		return c.reply(http.StatusOK, media, frames[0])
	}
	return c.sendBodies(frames, how.media, media)
}

// sendBodies answers with parts that are there already.
func (c *call) sendBodies(bodies [][]byte, root, media string) error {
	boundary, err := multipart.NewBoundary(c.cfg.Rand)
	if err != nil {
		return err
	}
	w, size := multipart.NewWriter(c.w, boundary), multipart.NewSizer(boundary)
	header := multipart.Header{{Name: "Content-Type", Value: media}}
	for _, body := range bodies {
		if err := size.Add(header, int64(len(body))); err != nil {
			return err
		}
	}
	h := c.w.Header()
	h.Set("Content-Type", w.ContentType(root))
	h.Set("Content-Length", strconv.FormatInt(size.Size(), 10))
	for _, body := range bodies {
		if err := w.Write(header, body); err != nil {
			return err
		}
	}
	return w.Close()
}
