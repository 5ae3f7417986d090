package risk

import (
	"math/bits"
	"testing"
)

// TestFieldsDoNotOverlap also checks that one that refines another comes after it.
func TestFieldsDoNotOverlap(t *testing.T) {
	t.Parallel()
	var used [words]uint64
	names := map[string]bool{}
	for i, f := range fields {
		if int(f.shift)+int(f.bits) > 64 || bits.OnesCount64(f.mask()) != int(f.bits) || f.bits < 2 {
			t.Errorf("%s: bits %d to %d", f.name, f.shift, int(f.shift)+int(f.bits))
		}
		if used[f.word]&f.mask() != 0 {
			t.Errorf("%s: overlaps another", f.name)
		}
		used[f.word] |= f.mask()
		if f.refines != none && f.refines >= Trait(i) {
			t.Errorf("%s: before what it refines", f.name)
		}
		if f.name == "" || names[f.name] {
			t.Errorf("trait %d: name %q", i, f.name)
		}
		names[f.name] = true
	}
}
