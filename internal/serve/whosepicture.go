package serve

import (
	"errors"
	"fmt"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/stage/ingest"
)

// A picture of whom somebody is asked about: one can be told by it who has no name. The bytes
// are of who sent them, and nobody's record yet: nothing of it is written down, or kept by a
// browser.

// askedSide is the side of the picture, in pixels.
const askedSide = 256

func (c *call) patientThumbnail() error {
	if err := c.mayUpload(); err != nil {
		return err
	}
	if err := c.caller.May(auth.Open, c.caller.Person); err != nil {
		return err
	}
	key := c.r.PathValue("patient")
	upload, places, err := c.askedPictures(key)
	if err != nil {
		return err
	}
	return c.givePicture(fmt.Sprintf("%s %s %s", c.uploader(), upload.ID, key), func() ([]byte, error) {
		return c.sketch(upload, places)
	})
}

// askedPictures finds the upload of the caller's that asks about a patient and may have a
// picture of theirs, and where in it.
func (c *call) askedPictures(key string) (found sinso.Upload, places []int, err error) {
	err = c.cfg.Uploads.List(c.ctx(), c.uploader(), func(u sinso.Upload) error {
		i := slices.IndexFunc(u.Asked, func(p sinso.AskedPatient) bool { return p.Key == key && p.Why != "" && len(p.Pictures) > 0 })
		if i >= 0 && places == nil {
			found, places = u, u.Asked[i].Pictures
		}
		return nil
	})
	if err == nil && places == nil {
		err = fmt.Errorf("serve: picture of a patient: %w", sinso.ErrNotFound)
	}
	return found, places, err
}

// sketch draws the first object that can be drawn. One is in memory at a time, with the
// list of the zip that it may be in.
func (c *call) sketch(upload sinso.Upload, places []int) (png []byte, err error) {
	leave, err := c.enter(c.sketching)
	if err != nil {
		return nil, err
	}
	defer leave()
	reader, err := c.cfg.Uploads.Open(c.ctx(), upload.ID)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	for _, at := range places {
		var plain []byte
		if plain, err = ingest.At(c.ctx(), reader, upload.Size, at); err != nil {
			continue
		}
		if png, err = drawFrame(plain, "", 0, askedSide); err == nil {
			return png, nil
		}
	}
	return nil, fmt.Errorf("no image of this patient can be drawn: %w", sinso.ErrUnsupported)
}
