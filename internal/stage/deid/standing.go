package deid

import (
	"cmp"
	"context"
	"fmt"
	"image"
	"slices"

	"sinso.dev/sinso/internal/format/dicom"
)

// Writing that is part of a run stands at one place in all of its frames.
const (
	standingShare = 3  // one frame of so many must show it
	standingSame  = .9 // of a box: two that have so much in common are one
	standingMost  = 64 // boxes that are carried from frame to frame
	standingCell  = 8  // pixels of the side of the squares that are counted
)

// allMarks returns what is to be blanked in each frame: what is fixed, the writing that is
// found there, and what is found at the same place in a third of the frames. A burned-in
// text does not come and go, though anatomy may hide it in some.
func allMarks(ctx context.Context, file *dicom.File, frames int, fixed []Mark, bounds image.Rectangle) ([][]Mark, error) {
	var out [][]Mark // not made before it is known that there are so many
	for n := range frames {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("deid: %w", err)
		}
		marks, err := marksOf(file, n, fixed)
		if err != nil {
			return nil, err
		}
		out = append(out, marks)
	}
	for _, box := range standing(out, bounds) {
		for n, marks := range out {
			if !slices.ContainsFunc(marks, func(m Mark) bool { return box.In(m.Box) }) {
				out[n] = append(marks, Mark{n, box, ByDetection})
			}
		}
	}
	return out, nil
}

// standing returns boxes that are covered by found ones in a third of the frames.
func standing(marks [][]Mark, bounds image.Rectangle) []image.Rectangle {
	if len(marks) < 2 {
		return nil
	}
	w, h := bounds.Dx()/standingCell+1, bounds.Dy()/standingCell+1
	counts, last := make([]int32, w*h), make([]int32, w*h)
	var boxes []image.Rectangle
	for n, frame := range marks {
		for _, m := range frame {
			if m.By != ByDetection {
				continue
			}
			boxes = append(boxes, m.Box)
			squares(m.Box, w, func(i int) {
				if last[i] != int32(n)+1 { //nolint:gosec // frames fit
					last[i] = int32(n) + 1 //nolint:gosec // frames fit
					counts[i]++
				}
			})
		}
	}
	area := func(r image.Rectangle) int { return r.Dx() * r.Dy() }
	slices.SortFunc(boxes, func(a, b image.Rectangle) int {
		return cmp.Or(area(b)-area(a), a.Min.Y-b.Min.Y, a.Min.X-b.Min.X, a.Max.X-b.Max.X)
	})
	var out []image.Rectangle
	for _, box := range boxes {
		known := slices.ContainsFunc(out, func(o image.Rectangle) bool {
			return float64(area(o.Intersect(box))) >= standingSame*float64(area(box))
		})
		var sum, all int
		if !known && len(out) < standingMost {
			squares(box, w, func(i int) { sum, all = sum+int(counts[i]), all+1 })
		}
		if all > 0 && standingShare*sum >= all*len(marks) {
			out = append(out, box)
		}
	}
	return out
}

// squares calls f for the squares whose middle is in a box, of w in a row.
func squares(box image.Rectangle, w int, f func(i int)) {
	const half = standingCell / 2
	for y := (box.Min.Y + half - 1) / standingCell; y*standingCell+half < box.Max.Y; y++ {
		for x := (box.Min.X + half - 1) / standingCell; x*standingCell+half < box.Max.X; x++ {
			f(y*w + x)
		}
	}
}
