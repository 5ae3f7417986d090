package node

import (
	"context"
	"fmt"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/pack"
)

// OpenBlobs opens a block store by its URL.
func OpenBlobs(_ context.Context, url string) (sinso.Blobs, func() error, error) {
	dir, is := strings.CutPrefix(url, "pack:")
	if !is {
		return nil, nil, fmt.Errorf("blobs: %w", sinso.ErrInvalid)
	}
	p, err := pack.Open(dir, pack.Options{})
	if err != nil {
		return nil, nil, err
	}
	return p, p.Close, nil
}
