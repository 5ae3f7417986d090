package way

import (
	"context"

	"sinso.dev/sinso"
)

// Survey says how many instances of a study could be sold if it were released
// now, and why the others could not. Nothing is stored.
func (w *Way) Survey(ctx context.Context, id sinso.StudyID) (eligible int, withheld map[sinso.Reason]int, err error) {
	instances, err := w.Instances(ctx, id)
	if err != nil {
		return 0, nil, err
	}
	profile, err := w.effective(ctx, w.profile, id)
	if err != nil {
		return 0, nil, err
	}
	decided, err := w.verdicts(ctx, id, profile)
	if err != nil {
		return 0, nil, err
	}
	d := &derivation{
		Way: w, profile: profile, openers: []sinso.KeyID{sinso.KeyInstitution},
		decided: decided, withheld: map[sinso.Reason]int{}, dry: true,
	}
	if err := d.cleanAll(ctx, instances, nil); err != nil {
		return 0, nil, err
	}
	return len(d.manifest.Objects), d.withheld, nil
}
