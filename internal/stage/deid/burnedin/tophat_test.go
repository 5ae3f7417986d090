package burnedin

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestTophatIsWhatNoSquareReaches compares with the definition: a pixel less the highest of
// the lowest values of all squares inside of the plane that it is in.
func TestTophatIsWhatNoSquareReaches(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		p := newPlane(reach+r.IntN(30), reach+r.IntN(30))
		for i := range p.v {
			p.v[i] = int32(r.IntN(2000) - 1000)
		}
		got := tophat(p)
		for y := range p.h {
			for x := range p.w {
				if want := p.v[y*p.w+x] - opened(p, x, y); got.v[y*p.w+x] != want {
					t.Fatalf("%d at %d, %d of %d × %d, want %d", got.v[y*p.w+x], x, y, p.w, p.h, want)
				}
			}
		}
	}
}

func opened(p plane, x, y int) int32 {
	best := int32(math.MinInt32)
	for y0 := max(0, y-reach+1); y0 <= min(y, p.h-reach); y0++ {
		for x0 := max(0, x-reach+1); x0 <= min(x, p.w-reach); x0++ {
			low := int32(math.MaxInt32)
			for i := range reach * reach {
				low = min(low, p.v[(y0+i/reach)*p.w+x0+i%reach])
			}
			best = max(best, low)
		}
	}
	return best
}
