package replica

import (
	"os"
	"strconv"
	"testing"
)

// TestAFileThatIsDamagedInsideIsMadeAgain, whichever page it is, when it is opened or while
// something is deleted. Neither the node's start nor an erasure fails by it.
func TestAFileThatIsDamagedInsideIsMadeAgain(t *testing.T) {
	t.Parallel()
	const page, pages = 4096, 9
	for hurt := range pages {
		t.Run(strconv.Itoa(hurt), func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			s, p := newSet(t, nil)
			if err := p.Put(ctx, block(1), block(2)); err != nil {
				t.Fatal(err)
			}
			members, state := s.now()
			if _, err := s.look(ctx, members, state); err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(s.cfg.State)
			if err != nil || len(data) < pages*page {
				t.Fatalf("the file has %d bytes, %v", len(data), err)
			}
			for i := range page {
				data[hurt*page+i] = 0xff
			}
			if err := os.WriteFile(s.cfg.State, data, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := s.Keep(ctx, somewhere("a", "b")); err != nil {
				t.Fatal(err)
			}
			if err := s.Blobs().Delete(ctx, block(1).CID); err != nil {
				t.Fatal(err)
			}
			members, state = s.now()
			if all, err := state.Deletions(ctx, "a", 0, 10); err != nil || len(all) != 1 {
				t.Errorf("it is told to delete %v, %v", all, err)
			}
			if _, err := s.look(ctx, members, state); err != nil {
				t.Fatal(err)
			}
			if known, err := state.Known(ctx, block(2).CID); !known || err != nil {
				t.Errorf("what is here is to have copies: %t, %v", known, err)
			}
		})
	}
}
