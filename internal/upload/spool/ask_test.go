package spool_test

import (
	"errors"
	"testing"

	"sinso.dev/sinso"
)

// TestAskingKeepsTheBytesUntilItIsAnswered: also over a restart, which asks anew; only what
// is being taken in can ask.
func TestAskingKeepsTheBytesUntilItIsAnswered(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	ctx := t.Context()
	u, err := g.Create(ctx, sinso.Upload{Owner: "owner", Ask: true})
	if err != nil {
		t.Fatal(err)
	}
	asked := []sinso.AskedPatient{{Match: "m_1", Why: sinso.AsksNew}}
	if err := g.Ask(ctx, u.ID, asked); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("one that waits asks: %v, want %v", err, sinso.ErrExists)
	}
	for _, again := range []string{"answered", "started anew"} {
		next, err := g.Next(ctx)
		if err != nil || next.ID != u.ID || !next.Ask || len(next.Asked) != 0 {
			t.Fatalf("%s: %+v, %v", again, next, err)
		}
		if err := g.Ask(ctx, u.ID, asked); err != nil {
			t.Fatal(err)
		}
		if now, err := g.Upload(ctx, u.ID); err != nil || now.State != sinso.UploadAsking || len(now.Asked) != 1 {
			t.Errorf("%s: %+v, %v", again, now, err)
		}
		if again == "answered" {
			if err := g.Retry(ctx, u.ID); err != nil {
				t.Fatal(err)
			}
			continue
		}
		g.reopen(t)
		if next, err := g.Next(ctx); err != nil || next.ID != u.ID || !next.Ask {
			t.Errorf("after the restart: %+v, %v", next, err)
		}
	}
}
