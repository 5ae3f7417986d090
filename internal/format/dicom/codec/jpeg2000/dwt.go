package jpeg2000

// The lifting of the 9/7 wavelet (T.800 Table F.4).
const (
	lift1 = -1.586134342059924
	lift2 = -0.052980118572961
	lift3 = 0.882911075530934
	lift4 = 0.443506852043971
	scale = 1.230174104914001
)

// coefficient is what a band holds: whole numbers for the reversible wavelet.
type coefficient interface{ int32 | float32 }

// plane holds a component of a tile, row-major: first the bands of all
// resolutions side by side (LL in the corner), then samples.
type plane[T coefficient] struct {
	stride int
	cells  []T
}

// span is a resolution's part of a plane, beginning at its coordinates on the
// component's grid: whether they are odd says which filter comes first.
type span struct{ x0, y0, width, height int }

// strip is how many columns are lifted side by side: a line of the cache.
const strip = 16

// lifter is one wavelet: a lift works on count lanes of width cells each in line,
// with room for one lane before and behind, the first an odd one if odd is 1.
type lifter[T coefficient] func(line []T, count, odd, width int)

// synthesise undoes one level of decomposition: the rows, then the columns
// (T.800 §F.3.2).
func (p plane[T]) synthesise(s span, workers int, lift lifter[T]) {
	const rowsAtOnce = 32
	low := lowCount(s.x0, s.width)
	parallel(workers, (s.height+rowsAtOnce-1)/rowsAtOnce, func() func(int) {
		line := make([]T, s.width+2)
		return func(i int) {
			for y := i * rowsAtOnce; y < min(s.height, (i+1)*rowsAtOnce); y++ {
				row := p.cells[y*p.stride:][:s.width]
				interleave(line[1:1+s.width], row, low, s.x0&1)
				lift(line, s.width, s.x0&1, 1)
				copy(row, line[1:])
			}
		}
	})
	low = lowCount(s.y0, s.height)
	parallel(workers, (s.width+strip-1)/strip, func() func(int) {
		line := make([]T, (s.height+2)*strip)
		return func(i int) {
			x := i * strip
			width := min(strip, s.width-x)
			for n := range s.height {
				y := n/2 + low*((n^s.y0)&1)
				copy(line[(n+1)*width:][:width], p.cells[y*p.stride+x:])
			}
			lift(line[:(s.height+2)*width], s.height, s.y0&1, width)
			for n := range s.height {
				copy(p.cells[n*p.stride+x:][:width], line[(n+1)*width:])
			}
		}
	})
}

// lowCount returns how many of count numbers from start on are even.
func lowCount(start, count int) int { return (count + 1 - start&1) / 2 }

// interleave puts the low and the high half of a row where their samples are.
func interleave[T coefficient](to, from []T, low, odd int) {
	for i, at := 0, odd; at < len(to); i, at = i+1, at+2 {
		to[at] = from[i]
	}
	for i, at := low, 1-odd; at < len(to); i, at = i+1, at+2 {
		to[at] = from[i]
	}
}

// mirror fills the lanes before and behind a line (T.800 §F.3.7).
func mirror[T coefficient](line []T, count, width int) {
	copy(line[:width], line[2*width:])
	copy(line[(count+1)*width:], line[(count-1)*width:][:width])
}

// lift53 is the inverse reversible filter (T.800 §F.3.8.1).
func lift53(line []int32, count, odd, width int) {
	if count == 1 {
		if odd == 1 {
			for i := range width {
				line[width+i] >>= 1
			}
		}
		return
	}
	if width == 1 {
		line53(line, count, odd)
		return
	}
	mirror(line, count, width)
	for at := (1 + odd) * width; at < (count+1)*width; at += 2 * width {
		before, here, behind := lanes(line, at, width)
		for i := range here {
			here[i] -= (before[i] + behind[i] + 2) >> 2
		}
	}
	mirror(line, count, width)
	for at := (2 - odd) * width; at < (count+1)*width; at += 2 * width {
		before, here, behind := lanes(line, at, width)
		for i := range here {
			here[i] += (before[i] + behind[i]) >> 1
		}
	}
}

// line53 is lift53 for one row.
func line53(line []int32, count, odd int) {
	line = line[:count+2]
	mirror(line, count, 1)
	for i := 1 + odd; i < len(line)-1; i += 2 {
		line[i] -= (line[i-1] + line[i+1] + 2) >> 2
	}
	mirror(line, count, 1)
	for i := 2 - odd; i < len(line)-1; i += 2 {
		line[i] += (line[i-1] + line[i+1]) >> 1
	}
}

// lanes returns a lane and its neighbours.
func lanes[T coefficient](line []T, at, width int) (before, here, behind []T) {
	here = line[at:][:width]
	return line[at-width:][:width][:len(here)], here, line[at+width:][:width][:len(here)]
}

// lift97 is the inverse irreversible filter (T.800 §F.3.8.2).
func lift97(line []float32, count, odd, width int) {
	if count == 1 {
		if odd == 1 {
			for i := range width {
				line[width+i] /= 2
			}
		}
		return
	}
	for n := range count {
		factor := float32(scale)
		if (n^odd)&1 == 1 {
			factor = 1 / scale
		}
		lane := line[(n+1)*width:][:width]
		for i := range lane {
			lane[i] *= factor
		}
	}
	for n, by := range [...]float32{lift4, lift3, lift2, lift1} {
		mirror(line, count, width)
		first := 1 + (odd ^ n&1)
		if width == 1 {
			for i := first; i <= count; i += 2 {
				line[i] -= by * (line[i-1] + line[i+1])
			}
			continue
		}
		for at := first * width; at < (count+1)*width; at += 2 * width {
			before, here, behind := lanes(line, at, width)
			for i := range here {
				here[i] -= by * (before[i] + behind[i])
			}
		}
	}
}
