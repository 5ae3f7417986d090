package node

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/encapsulated"
	"sinso.dev/sinso/internal/stage/model"
)

// boneTriangles is how many a model that is sold has at most: an STL of some 10 MB.
const boneTriangles = 200_000

// part is one series of a derivative: where its objects are, and their headers.
type part struct {
	places  []int
	headers []*dicom.File
	frames  int
}

// boneModel makes a surface model of the bones in the series of a derivative that has the
// most frames, of those that it can be made of. It is ErrUnsupported or ErrInvalid if there
// is none.
func boneModel(ctx context.Context, count int, derivative func(int) ([]byte, error)) ([]byte, error) {
	parts, err := seriesOf(ctx, count, derivative)
	if err != nil {
		return nil, err
	}
	why := fmt.Errorf("a model needs a CT: %w", sinso.ErrUnsupported)
	for _, p := range parts {
		made, _, err := model.Make(ctx, len(p.places), func(_ context.Context, n int) ([]byte, error) { return derivative(p.places[n]) },
			model.Options{Kind: model.Bone, Triangles: boneTriangles})
		if errors.Is(err, sinso.ErrUnsupported) || errors.Is(err, sinso.ErrInvalid) {
			why = err
			continue
		}
		if err != nil {
			return nil, err
		}
		var stl bytes.Buffer
		if err := made.WriteSTL(&stl); err != nil {
			return nil, err
		}
		return encapsulated.Model{Title: "Surface model of bone", STL: stl.Bytes(), Sources: p.headers}.Encode()
	}
	return nil, why
}

// seriesOf sorts the objects of a derivative by series: the one with the most frames is
// first. Of each object only the header is kept.
func seriesOf(ctx context.Context, count int, derivative func(int) ([]byte, error)) ([]*part, error) {
	const modality, seriesUID, frames = 0x00080060, 0x0020000E, 0x00280008
	found := map[string]*part{}
	for i := range count {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		plain, err := derivative(i)
		if err != nil {
			return nil, err
		}
		file, err := header(plain)
		if err != nil {
			return nil, fmt.Errorf("derivative %d: %w", i, err)
		}
		if file.String(modality) != "CT" {
			continue
		}
		uid := file.String(seriesUID)
		if found[uid] == nil {
			found[uid] = &part{}
		}
		n, _ := file.Int(frames)
		p := found[uid]
		p.places, p.headers, p.frames = append(p.places, i), append(p.headers, file), p.frames+max(1, n)
	}
	uids := slices.SortedFunc(maps.Keys(found), func(a, b string) int {
		return cmp.Or(cmp.Compare(found[b].frames, found[a].frames), cmp.Compare(a, b))
	})
	parts := make([]*part, len(uids))
	for i, uid := range uids {
		parts[i] = found[uid]
	}
	return parts, nil
}
