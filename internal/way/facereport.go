package way

import (
	"context"
	"fmt"
	"image"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/deid/deface"
)

// The report of a release on faces: its figures are in its event, its pictures are made
// when somebody asks who may open the original, and are kept nowhere.

// ForFaces is what a series is opened for when its face is drawn, as it is written down.
const ForFaces = "faces"

// head is one series that was to be defaced.
type head struct {
	series sinso.SeriesID
	places []int
	apart  []apart      // of the same series in the archive, and no part of the head
	plan   *deface.Plan // nil: none could be made
	failed string       // "" if it was defaced
}

// apart is an object in a head's series that was not made faceless with it: it is
// withheld for something else, or names another series than the archive filed it under.
type apart struct {
	place    int
	instance sinso.InstanceID
}

// apartFrom returns the objects of a series, in their order, that stand apart from the head at some places.
func apartFrom(instances []sinso.InstanceRow, series sinso.SeriesID, places []int) (out []apart) {
	for i, one := range instances {
		if _, of := slices.BinarySearch(places, i); !of && one.Series == series {
			out = append(out, apart{i, one.ID})
		}
	}
	return out
}

// WhyUnwritten is why a series stays that could be planned without its face.
const WhyUnwritten = "none of its slices could be written again without the face"

// faces are the figures of the series that were to be defaced, with where in the
// manifest they are.
func (d *derivation) faces() []sinso.Defaced {
	at := make([]int, len(d.results)) // in the manifest, of what is in it
	released := 0
	for i, result := range d.results {
		at[i] = released
		if len(result.withheld) == 0 {
			released++
		}
	}
	var out []sinso.Defaced
	for _, h := range d.heads {
		is, last := figures(h.plan), 0
		is.Series, is.Failed = h.series, h.failed
		for _, i := range h.places {
			if len(d.results[i].withheld) > 0 {
				continue
			}
			if is.Objects == 0 {
				is.First = at[i]
			}
			is.Objects++
			last = at[i]
		}
		if is.Failed == "" && is.Objects == 0 {
			is.Failed = WhyUnwritten
		}
		if is.Failed == "" {
			for _, one := range h.apart {
				is.Apart = append(is.Apart, one.instance)
				if in := at[one.place]; len(d.results[one.place].withheld) == 0 && in > is.First && in < last {
					is.Between = append(is.Between, in)
				}
			}
		}
		out = append(out, is)
	}
	return out
}

// figures are those of a plan; zero if there is none.
func figures(p *deface.Plan) sinso.Defaced {
	if p == nil {
		return sinso.Defaced{}
	}
	is := sinso.Defaced{
		Nothing: p.Nothing, Turned: p.Backwards, Changed: p.Changed, Area: p.Face.Area, Mean: p.Face.Mean, P95: p.Face.P95, Spread: p.Face.Spread, Near: p.Face.Near,
		Inside: p.Inside, Vault: p.Vault,
	}
	for _, check := range p.Checks() {
		is.Checks = append(is.Checks, sinso.FaceCheck{Check: check.Name, Value: check.Value, Bound: check.Bound, Least: check.Least, Passed: check.Passed()})
	}
	return is
}

// Portraits are what one series of a release showed before its face was taken out, and
// after: seen from the front, the left and the right, side by side.
type Portraits struct{ Before, After *image.Gray }

// Portraits draws one series of a release, size pixels high, from its originals and from
// what the release holds of it, and writes down that they were opened. It tells how many
// objects were read, and of how many. Some seconds' work, and two bytes of memory for
// each voxel: callers do one at a time. ErrNotFound if no face was taken out of such a
// series, ErrUnsupported if originals of it are not shown any more.
func (w *Way) Portraits(ctx context.Context, row sinso.ReleaseRow, series sinso.SeriesID, size int, actor string, progress func(done, total int)) (Portraits, error) {
	i := slices.IndexFunc(row.Faces, func(f sinso.Defaced) bool { return f.Series == series && f.Failed == "" && f.Objects > 0 })
	if i < 0 || row.Manifest == "" {
		return Portraits{}, fmt.Errorf("way: release %s: no face was taken out of such a series: %w", row.ID, sinso.ErrNotFound)
	}
	instances, err := w.Instances(ctx, row.Study)
	if err != nil {
		return Portraits{}, err
	}
	instances = slices.DeleteFunc(instances, func(one sinso.InstanceRow) bool {
		return one.Series != series || one.Seq > row.Seq || slices.Contains(row.Faces[i].Apart, one.ID)
	})
	derivatives, err := w.derivatives(ctx, row, row.Faces[i])
	if err != nil {
		return Portraits{}, err
	}
	if err := w.Opened(ctx, actor, row.Person, string(series), ForFaces); err != nil {
		return Portraits{}, err
	}
	done, total := 0, 2*(len(instances)+len(derivatives)) // each is read for its place, then for its values
	count := func(open func(int) ([]byte, error)) func(int) ([]byte, error) {
		return func(n int) ([]byte, error) {
			done++
			progress(done, total)
			return open(n)
		}
	}
	before, err := deid.Portrait(ctx, len(instances), count(func(n int) ([]byte, error) { return w.Read(ctx, instances[n]) }), size, row.Faces[i].Turned)
	if err != nil {
		return Portraits{}, fmt.Errorf("way: release %s: draw series %s: %w", row.ID, series, err)
	}
	after, err := deid.Portrait(ctx, len(derivatives), count(func(n int) ([]byte, error) {
		return w.open(ctx, derivatives[n].CID, sinso.CEK(derivatives[n].Key))
	}), size, row.Faces[i].Turned)
	if err != nil {
		return Portraits{}, fmt.Errorf("way: release %s: draw series %s: %w", row.ID, series, err)
	}
	return Portraits{before, after}, nil
}

// derivatives are the objects of a defaced series in a release.
func (w *Way) derivatives(ctx context.Context, row sinso.ReleaseRow, of sinso.Defaced) ([]sinso.ManifestObject, error) {
	objects, err := w.objects(ctx, row)
	if err != nil {
		return nil, err
	}
	if of.First < 0 || of.Objects < 0 || of.First > len(objects)-of.Objects-len(of.Between) {
		return nil, fmt.Errorf("way: release %s: its faces are not in its manifest: %w", row.ID, sinso.ErrCorrupt)
	}
	var out []sinso.ManifestObject
	for i, object := range objects[of.First:][:of.Objects+len(of.Between)] {
		if !slices.Contains(of.Between, of.First+i) {
			out = append(out, object)
		}
	}
	return out, nil
}
