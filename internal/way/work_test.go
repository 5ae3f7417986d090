package way

import (
	"context"
	"errors"
	"testing"

	"sinso.dev/sinso"
)

// TestAWorkThatCannotBeMadeEndsItsRelease: whatever keeps it from being made, a mistake in
// the program too, for it would be the same again; and the study is free for other terms.
// Whoever is interrupted is not refused.
func TestAWorkThatCannotBeMadeEndsItsRelease(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	makers := map[string]Maker{
		"unsupported": func(context.Context, int, func(int) ([]byte, error)) ([]byte, error) {
			return nil, sinso.ErrUnsupported
		},
		"other": func(context.Context, int, func(int) ([]byte, error)) ([]byte, error) {
			return nil, errors.New("a mistake")
		},
		"fault": func(context.Context, int, func(int) ([]byte, error)) ([]byte, error) { panic("a mistake") },
		"interrupted": func(ctx context.Context, _ int, _ func(int) ([]byte, error)) ([]byte, error) {
			cancel()
			return nil, ctx.Err()
		},
	}
	s := newScene(t)
	s.Chain = contractsOnly{}
	s.cfg.Makers = makers
	study, _ := s.threeSeries()
	doctor := must[sinso.PersonID](t)(s.CreatePerson(t.Context(), "test", "", ""))
	author := func(work string) *sinso.PlannedAuthor {
		return &sinso.PlannedAuthor{Person: doctor, Role: "doctor", Work: work, Bps: 5}
	}
	for _, work := range []string{"unsupported", "other", "fault"} {
		row, err := s.Release(t.Context(), study, ReleaseOptions{Actor: "test", Author: author(work), Accepted: true})
		if err != nil || row.State != sinso.ReleaseIsRefused || row.Reason != ReasonNoWork {
			t.Errorf("%s: the release is %s, %q, %v", work, row.State, row.Reason, err)
		}
	}
	if _, err := s.Release(t.Context(), study, ReleaseOptions{Actor: "test", Author: author("unknown"), Accepted: true}); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("unknown: %v", err)
	}
	if row, err := s.Release(ctx, study, ReleaseOptions{Actor: "test", Author: author("interrupted"), Accepted: true}); !errors.Is(err, context.Canceled) || row.State == sinso.ReleaseIsRefused {
		t.Errorf("interrupted: the release is %s, %v", row.State, err)
	}
}
