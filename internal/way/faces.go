package way

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
)

// decision is what its pixels, with those of its series and study, told of one object.
type decision struct {
	face     bool           // a head is in it
	faceless *deid.Faceless // and can be taken out
	object   int            // its number in that
}

// decide looks at the series that may show a head, once every object of the study was
// seen: those whose words say so, those whose words say nothing and that look like
// one, and those that name another part of the body and look like one all the same.
// It returns the places that are made again.
func (d *derivation) decide(ctx context.Context, instances []sinso.InstanceRow) (again []int, err error) {
	series := map[string][]int{}
	var sights []deid.Sight
	for i, result := range d.results {
		sights = append(sights, result.sight)
		if s := result.sight; s.Series != "" && (len(result.withheld) == 0 || onlyFace(result.withheld)) {
			series[s.Series] = append(series[s.Series], i)
		}
	}
	inStudy := deid.FaceIn(sights...)
	for _, name := range slices.Sorted(maps.Keys(series)) {
		places := series[name]
		first := slices.IndexFunc(places, func(i int) bool { return chose(d.row, instances[i]) })
		if first < 0 { // it stays, whatever is in it
			continue
		}
		judged, err := d.judge(ctx, instances, places, inStudy)
		if err != nil {
			return nil, err
		}
		if judged.Face && d.profile.Defaces() {
			series := instances[places[first]].Series
			in := head{series: series, places: places, apart: apartFrom(instances, series, places), plan: judged.Plan}
			if judged.Faceless == nil {
				in.failed = cmp.Or(judged.Why, deid.WhyVolume)
			}
			d.heads = append(d.heads, in)
		}
		for object, i := range places {
			if !chose(d.row, instances[i]) {
				continue
			}
			result := d.results[i]
			waits := result.sight.Unnamed && len(result.withheld) == 0
			if judged.Face || waits {
				d.decisions[i] = decision{face: judged.Face, faceless: judged.Faceless, object: object}
			}
			if waits || judged.Faceless != nil || judged.Face && len(result.withheld) == 0 {
				again = append(again, i)
			}
		}
	}
	return again, nil
}

func onlyFace(reasons []sinso.Reason) bool { return len(reasons) == 1 && reasons[0] == deid.ReasonFace }

// judge decides about the series of the instances at some places.
func (d *derivation) judge(ctx context.Context, instances []sinso.InstanceRow, places []int, inStudy bool) (deid.Judgement, error) {
	var series deid.Series
	for _, i := range places {
		series.Add(d.results[i].sight)
	}
	secret, err := d.faceSecret(ctx)
	if err != nil {
		return deid.Judgement{}, err
	}
	judged := deid.Judgement{Face: series.Named || series.Unnamed && inStudy, Found: deid.ShowsUnclear} // of what cannot be looked at nobody knows
	err = d.over(ctx, instances, places, func(open func(int) ([]byte, error)) error {
		found, err := d.profile.Judge(ctx, deid.Release{Secret: secret}, series, inStudy, len(places), open)
		if err == nil {
			judged = found
		}
		return err
	})
	return judged, err
}

// over lets fn go over the originals at some places. What is wrong with them is no
// error, for others shall not wait for them; what is wrong with how they are kept is.
func (d *derivation) over(ctx context.Context, instances []sinso.InstanceRow, places []int, fn func(open func(int) ([]byte, error)) error) error {
	var lost error
	err := guarded(func() error {
		return fn(func(i int) ([]byte, error) {
			if err := d.readable(instances[places[i]]); err != nil {
				return nil, err
			}
			original, err := d.original(ctx, instances[places[i]])
			lost = errors.Join(lost, err)
			return original, err
		})
	})
	if lost != nil {
		return lost
	}
	if unmade(err) != "" || errors.Is(err, sinso.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("way: release %s: %w", d.row.ID, err)
	}
	return nil
}

// faceSecret keys how faces are cut: one for all releases of a study, since two cuts of
// one face leave less hidden than one, to somebody who has both. It is of the node's key,
// for a study may be merged or moved to another person.
func (d *derivation) faceSecret(ctx context.Context) ([32]byte, error) {
	if d.dry { // nothing of it leaves, and it has no custodian
		return d.secret, nil
	}
	secret, err := d.Keys.Secret(ctx, sinso.KeyNode, "face/"+string(d.row.Study))
	if err != nil {
		return secret, fmt.Errorf("way: release %s: the key of its faces: %w", d.row.ID, err)
	}
	return secret, nil
}
