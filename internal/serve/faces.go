package serve

import (
	"bytes"
	"fmt"
	"image"
	"image/png"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
)

// The pictures of a face, before it was taken out and after: for who may open the
// original, made when they ask, and kept nowhere.

// portraitSize is how high they are, in pixels.
const portraitSize = 320

// portrayed names a series of a release.
type portrayed struct {
	Series sinso.SeriesID `json:"series"`
}

// portraits are PNG pictures of the surface, seen from the front, the left and the
// right, side by side.
type portraits struct {
	Before []byte `json:"before"`
	After  []byte `json:"after"`
}

func (c *call) faces(in portrayed, progress func(done)) (portraits, error) {
	row, err := c.releaseRow(auth.Open)
	if err != nil {
		return portraits{}, err
	}
	if !opaque("e_", string(in.Series)) {
		return portraits{}, fmt.Errorf("serve: series: %w", sinso.ErrNotFound)
	}
	leave, err := c.enter(c.volumes)
	if err != nil {
		return portraits{}, err
	}
	defer leave()
	made, err := c.way.Portraits(c.ctx(), row, in.Series, portraitSize, c.caller.ID, func(n, total int) { progress(done{n, total}) })
	if err != nil {
		return portraits{}, err
	}
	before, err := encodePNG(made.Before)
	if err != nil {
		return portraits{}, err
	}
	after, err := encodePNG(made.After)
	return portraits{before, after}, err
}

func encodePNG(picture image.Image) ([]byte, error) {
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		return nil, fmt.Errorf("serve: picture: %w", err)
	}
	return out.Bytes(), nil
}
