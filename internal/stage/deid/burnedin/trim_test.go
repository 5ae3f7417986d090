package burnedin

import (
	"image"
	"testing"
)

// TestTrimCutsWhatIsEven cuts a box down to what stands in it, and no further.
func TestTrimCutsWhatIsEven(t *testing.T) {
	p := newPlane(40, 30)
	for i := range p.v {
		p.v[i] = int32(i % 3) // grain
	}
	for y := 10; y < 20; y++ {
		for x := 12; x < 30; x += 3 {
			p.v[y*p.w+x] = 100
		}
	}
	strokes := image.Rect(12, 10, 28, 20)
	for name, tt := range map[string]struct {
		box, want image.Rectangle
		t         int32
	}{
		"a gap to the edge":         {image.Rect(5, 5, 40, 30), strokes.Inset(-1), 15},
		"nothing around it":         {strokes, strokes, 15},
		"beyond the plane":          {image.Rect(-3, -3, 60, 60), strokes.Inset(-1), 15},
		"grain is more than allows": {image.Rect(5, 5, 40, 30), image.Rect(5, 5, 40, 30), 1},
		"a part of the strokes":     {image.Rect(13, 12, 40, 15), image.Rect(14, 12, 29, 15), 15},
	} {
		if got := trim(p, tt.box, tt.t); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
	if got := trim(p, image.Rect(0, 0, 8, 8), 15); got.Dx() > 1 || got.Dy() > 1 {
		t.Errorf("a box without strokes: %v, want next to nothing", got)
	}
	if got := trim(p, image.Rect(50, 50, 60, 60), 15); !got.Empty() {
		t.Errorf("outside of the plane: %v", got)
	}
}
