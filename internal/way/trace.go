package way

import (
	"context"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
)

// Traced is what a name in a derivative stands for.
type Traced struct {
	Kind     string           `json:"kind"` // study or instance
	Original string           `json:"original"`
	Study    sinso.StudyID    `json:"study"`
	Instance sinso.InstanceID `json:"instance,omitempty"`
	Person   sinso.PersonID   `json:"person"`
}

// Trace says which original a UID of a derivative stands for. It opens the release's
// secret, which needs the person's key; ErrNotFound if the release has no such name.
func (w *Way) Trace(ctx context.Context, id sinso.ReleaseID, derived string) (Traced, error) {
	row, err := w.ReleaseRow(ctx, id)
	if err != nil {
		return Traced{}, fmt.Errorf("way: release %s: %w", id, err)
	}
	secret, err := w.Keys.Unwrap(ctx, row.Secret, []byte(row.ID))
	if err != nil {
		return Traced{}, fmt.Errorf("way: release %s: %w", id, err)
	}
	release := deid.Release{Secret: secret}
	study, err := w.Study(ctx, row.Study)
	if err != nil {
		return Traced{}, err
	}
	found := Traced{Study: study.ID, Person: row.Person}
	if original, ok := release.Trace(derived, study.UID); ok {
		found.Kind, found.Original = "study", original
		return found, nil
	}
	instances, err := w.Instances(ctx, row.Study)
	if err != nil {
		return Traced{}, err
	}
	for _, instance := range instances {
		if original, ok := release.Trace(derived, instance.UID); ok {
			found.Kind, found.Original, found.Instance = "instance", original, instance.ID
			return found, nil
		}
	}
	return Traced{}, fmt.Errorf("way: release %s has no study and no instance of this name: %w", id, sinso.ErrNotFound)
}
