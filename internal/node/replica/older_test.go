package replica

import (
	"testing"

	"sinso.dev/sinso/internal/blob/pack"
)

// TestAnOlderLogIsGoneThroughAgain: as one that was put back beside a newer file. What is stored
// in it is to have copies.
func TestAnOlderLogIsGoneThroughAgain(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s, p := newSet(t, nil)
	if err := p.Put(ctx, block(1), block(2), block(3)); err != nil {
		t.Fatal(err)
	}
	members, state := s.now()
	if _, err := s.look(ctx, members, state); err != nil {
		t.Fatal(err)
	}
	older, err := pack.Open(t.TempDir(), pack.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = older.Close() })
	if err := older.Put(ctx, block(4)); err != nil {
		t.Fatal(err)
	}
	s.cfg.Own, s.cfg.End, s.cfg.Stored = older, older.End, storedIn(older)
	for range 2 {
		if _, err := s.look(ctx, members, state); err != nil {
			t.Error(err)
		}
	}
	if known, err := state.Known(ctx, block(4).CID); !known || err != nil {
		t.Errorf("a block of the older log is to have copies: %t, %v", known, err)
	}
}
