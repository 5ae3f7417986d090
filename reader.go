package sinso

import (
	"context"
	"image"
)

// TextReader reads print in pictures. It is a second opinion on where words stand: it
// misses much that a detector finds, and finds some that a detector misses.
type TextReader interface {
	// Words returns where words stand that can be read with some confidence, in pixels
	// of the picture; what they say is told to nobody. It takes a bounded time, and is
	// ErrUnavailable if it cannot read.
	Words(ctx context.Context, picture *image.Gray) ([]image.Rectangle, error)
}
