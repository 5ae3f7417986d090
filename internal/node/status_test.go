package node

import (
	"strings"
	"testing"
)

// TestNearlyFullIsSaidBefore has disks of several sizes: who looks is warned while there is
// still room.
func TestNearlyFullIsSaidBefore(t *testing.T) {
	t.Parallel()
	const gib = 1 << 30
	for _, tt := range []struct {
		free, total int64
		full        bool
	}{
		{-1, 0, false}, {100 * gib, 1000 * gib, false}, {49 * gib, 1000 * gib, true}, {3 * gib, 20 * gib, false}, {gib, 10 * gib, true}, {0, 10 * gib, true},
	} {
		s := Status{DiskFree: tt.free, DiskBytes: tt.total}
		said := strings.Contains(strings.Join(s.Lines(), "\n"), "NEARLY FULL")
		if s.Full() != tt.full || said != tt.full {
			t.Errorf("%d of %d bytes free: full %v, said %v", tt.free, tt.total, s.Full(), said)
		}
	}
}
