package burnedin

import (
	"image"
	"math"
	"slices"
)

// What a line must be to be taken for text. Found to lose little of what is planted and
// little beside it.
const (
	legible  = -1.5  // log odds from which a small one is text
	harmless = .0015 // of the frame: the area up to which one is small
	slope    = 1.25  // of the log odds asked for, over the logarithm of the area
	surest   = 2.25  // the most that is asked for
	several  = 3     // times as high as most of its strokes: from which on a text is of several lines
	mostly   = .75   // of the strokes of a text: if so many are in boxes that are known, it is
)

// maxLooks bounds the time that lines are looked at in: so many times all pixels. What is
// left then is blanked as it was found.
const maxLooks = 24

// texts returns what looks like text at one size, as a whole, too, and is not in boxes that
// are known, which are in pixels of the frame.
func (l *level) texts(n int, known []image.Rectangle) []text {
	l.odds = make([]float32, len(l.score))
	features := make([]float32, 0, room)
	legibly := func(t text) bool {
		features = l.describe(t, n, features)
		return score(lineTrees, features) >= l.least(t)
	}
	lines, crowded := l.lines()
	if crowded {
		return slices.DeleteFunc(lines, func(t text) bool { return !legibly(t) })
	}
	var out []text
	looks := 0
	for _, line := range lines {
		if looks > maxLooks*len(l.score) {
			out = append(out, line)
			continue
		}
		v := l.viewOf(line, n)
		looks += v.cells.Dx() * v.cells.Dy()
		for _, t := range v.refined() {
			if !legibly(t) {
				continue
			}
			if rest, all := l.fresh(t, n, known); all || !rest.Empty() && legibly(rest) {
				out = append(out, rest)
			}
		}
	}
	if len(out) > maxTexts {
		return []text{around(out)}
	}
	return inLine(out, space) // what is between two parts of a line is of it, too
}

// least returns from which log odds on a line is text: the larger its share of the frame,
// the more is lost by mistake. But a page is one large text, and to miss it costs most.
func (l *level) least(t text) float32 {
	hat := l.grids[0].hat
	share := float64(t.Dx()) * float64(t.Dy()) / (float64(hat.w) * float64(hat.h))
	return float32(min(surest, legible+slope*math.Log(max(1, share/harmless))))
}

// fresh returns what of a text is not known: all of it, or what of its strokes is in no
// box that is known, if that is little. What is found at two sizes is blanked in the boxes
// of full size, which are smaller.
func (l *level) fresh(t text, n int, known []image.Rectangle) (rest text, all bool) {
	if len(known) == 0 {
		return t, true
	}
	k := l.inside(t.Rectangle)
	s := l.grids[k].strokes(t.Rectangle, int32(.5*t.usual))
	rest = t
	rest.Rectangle = image.Rectangle{}
	ink, in := 0, 0
	for _, one := range s.all {
		r := one.Add(s.Min)
		ink += one.pixels
		if slices.ContainsFunc(known, full(r, n).In) {
			in += one.pixels
		} else {
			rest.Rectangle = rest.Union(r)
		}
	}
	if float64(in) < mostly*float64(ink) {
		return t, true
	}
	return rest, false
}

// high returns how high the letters of a text are: as high as it is, but if it is of
// several lines.
func (l *level) high(t text) int {
	short := min(t.Dx(), t.Dy())
	k := l.inside(t.Rectangle)
	all := l.grids[k].strokes(t.Rectangle, int32(.5*t.usual)).all
	slices.SortFunc(all, func(a, b stroked) int { return longer(a) - longer(b) })
	ink, below := 0, 0
	for _, one := range all {
		ink += one.pixels
	}
	for _, one := range all {
		if below += one.pixels; 10*below < 9*ink {
			continue
		}
		if most := longer(one); several*most <= short {
			return most
		}
		break
	}
	return short
}

func longer(s stroked) int { return max(s.Dx(), s.Dy()) }

// full returns a box at one size in pixels of the frame.
func full(r image.Rectangle, n int) image.Rectangle {
	return image.Rectangle{Min: r.Min.Mul(1 << n), Max: r.Max.Mul(1 << n)}
}
