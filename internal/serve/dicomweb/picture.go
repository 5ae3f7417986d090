package dicomweb

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
	"sinso.dev/sinso/internal/format/dicom/render"
)

const (
	thumbnailSide = 128 // pixels of the longer side, where no viewport is asked for
	minFrame      = 1
)

// drawing is how a picture is asked for.
type drawing struct {
	options render.Options
	media   string
	quality int
}

// drawing reads the parameters of a picture (PS3.18 §8.3.5.1).
func (c *call) drawing(otherwise string) (d drawing, err error) {
	wishes, err := c.wishes()
	if err != nil {
		return d, err
	}
	types := []string{jpegType, pngType}
	if otherwise == pngType {
		types = []string{pngType, jpegType}
	}
	if d.media = first(wishes, types...); d.media == "" {
		return d, notAcceptable("pictures are given out as image/jpeg or image/png")
	}
	text := map[string]string{}
	for _, name := range byPicture {
		if name == "accept" {
			continue
		}
		if text[name], err = c.single(name); err != nil {
			return d, err
		}
	}
	if text["window"] != "" {
		w, err := render.ParseWindow(text["window"])
		if err != nil {
			return d, err
		}
		d.options.Window = &w
	}
	if text["viewport"] != "" {
		v, err := render.ParseViewport(text["viewport"])
		if err != nil {
			return d, err
		}
		d.options.Viewport = &v
	}
	if d.quality, err = quality(text["quality"]); err != nil {
		return d, err
	}
	return d, d.annotate(text["annotation"], text["iccprofile"])
}

func quality(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 100 {
		return 0, invalid("quality is a number from 1 to 100")
	}
	return n, nil
}

// annotate takes what is drawn over a picture: overlays of the object are, text of
// this node is not (PS3.18 §8.3.5.1.1).
func (d *drawing) annotate(annotation, profile string) error {
	switch annotation {
	case "":
	case "technique", "patient", "patient,technique", "technique,patient":
		d.options.Overlays = true
	default:
		return invalid("annotation is patient or technique")
	}
	if profile != "" && profile != "no" {
		return fmt.Errorf("an ICC profile is not drawn with: %w", sinso.ErrUnsupported)
	}
	return nil
}

// rendered draws one frame.
func (c *call) rendered() error {
	d, err := c.drawing(jpegType)
	if err != nil {
		return err
	}
	f, err := c.one(c.target())
	if err != nil {
		return err
	}
	number := minFrame
	if list := c.param("frames"); list != "" {
		numbers, err := frameNumbers(list, max(f.Instance.Frames, 0))
		if err != nil {
			return err
		}
		if len(numbers) != 1 {
			return invalid("one frame is drawn at a time")
		}
		number = numbers[0]
	}
	return c.picture(f, number, d)
}

// thumbnail draws a small picture: of an instance its middle frame, of a series or
// study the one in its middle that has pixels.
func (c *call) thumbnail() error {
	d, err := c.drawing(jpegType)
	if err != nil {
		return err
	}
	if d.options.Viewport == nil {
		d.options.MaxSide = thumbnailSide
	}
	t := c.target()
	found, err := c.find(c.cfg.Read, sinso.LevelInstance, t)
	if err != nil {
		return err
	}
	var drawn []sinso.Found
	for _, f := range found {
		if f.Instance.Frames > 0 {
			drawn = append(drawn, f)
		}
	}
	if len(drawn) == 0 {
		return errNoPicture()
	}
	f := drawn[len(drawn)/2]
	number := f.Instance.Frames/2 + 1
	if list := c.param("frames"); list != "" {
		numbers, err := frameNumbers(list, f.Instance.Frames)
		if err != nil {
			return err
		}
		number = numbers[0]
	}
	return c.picture(f, number, d)
}

func errNoPicture() error {
	return notAcceptable("this has no pixels to draw a picture of")
}

// picture answers with one frame as a picture.
func (c *call) picture(f sinso.Found, number int, d drawing) error {
	if f.Instance.Frames < 1 {
		return errNoPicture()
	}
	if c.unchanged(f.Instance.ID, fmt.Sprint("picture", number, d.media, d.quality, c.query.Encode())) {
		return nil
	}
	if err := c.opened(sinso.LevelInstance, forPicture, f); err != nil {
		return err
	}
	var out bytes.Buffer
	err := c.withFile(f.Instance, func(file *dicom.File) error { return c.draw(&out, file, number, d) })
	if err != nil {
		return err
	}
	return c.reply(http.StatusOK, d.media, out.Bytes())
}

func (c *call) draw(out *bytes.Buffer, file *dicom.File, number int, d drawing) error {
	frame, err := codec.Frame(file, number-1)
	if err != nil {
		return undrawn(err)
	}
	picture, err := render.Picture(file, frame, number-1, d.options)
	if err != nil {
		return undrawn(err)
	}
	if d.media == pngType {
		return render.EncodePNG(out, picture)
	}
	return render.EncodeJPEG(out, picture, d.quality)
}

// undrawn is a frame that is there and cannot be drawn: no form that is accepted
// can be made of it.
func undrawn(err error) error {
	if unsupported(err) {
		return notAcceptable("this node cannot draw the pixels of this object")
	}
	return fmt.Errorf("dicomweb: draw: %w", err)
}
