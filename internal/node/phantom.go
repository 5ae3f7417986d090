package node

import (
	"context"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/stage/ingest"
)

// ImportPhantom imports a chest that the program draws: a synthetic person with
// an invented name. The same seed gives the same bytes.
func (n *Node) ImportPhantom(ctx context.Context, slices int, o ImportOptions) (ImportResult, error) {
	return n.Import(ctx, func(ctx context.Context, fn func(ingest.Found) error) error {
		return phantom.Series(phantom.Options{Slices: slices}, func(name string, part10 []byte) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return fn(ingest.Found{Item: sinso.Item{Bytes: part10, Name: sinso.NewPHI(name)}})
		})
	}, o)
}

// DrawPhantom draws the same chest and hands over its files.
func DrawPhantom(slices int, emit func(name string, part10 []byte) error) error {
	return phantom.Series(phantom.Options{Slices: slices}, emit)
}
