package deface

import "testing"

// BenchmarkPlan plans a drawn head of 5 million voxels.
func BenchmarkPlan(b *testing.B) {
	v := scanned(axial(asCT, 256, 1, -135, 105, 3), adult)
	b.SetBytes(int64(2 * len(v.Values)))
	for b.Loop() {
		if _, err := New(b.Context(), v, testKey); err != nil {
			b.Fatal(err)
		}
	}
}
