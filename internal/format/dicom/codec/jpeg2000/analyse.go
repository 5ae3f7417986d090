package jpeg2000

// analyse does one level of the reversible decomposition on the upper left part of a
// plane that begins at even coordinates: the columns, then the rows (T.800 §F.4.2).
func analyse(p plane[int32], width, height, workers int) {
	low := lowCount(0, height)
	parallel(workers, (width+strip-1)/strip, func() func(int) {
		line := make([]int32, (height+2)*strip)
		return func(i int) {
			x := i * strip
			lanes := min(strip, width-x)
			for n := range height {
				copy(line[(n+1)*lanes:][:lanes], p.cells[n*p.stride+x:])
			}
			split53(line[:(height+2)*lanes], height, lanes)
			for n := range height {
				y := n/2 + low*(n&1)
				copy(p.cells[y*p.stride+x:][:lanes], line[(n+1)*lanes:])
			}
		}
	})
	const rowsAtOnce = 32
	low = lowCount(0, width)
	parallel(workers, (height+rowsAtOnce-1)/rowsAtOnce, func() func(int) {
		line := make([]int32, width+2)
		return func(i int) {
			for y := i * rowsAtOnce; y < min(height, (i+1)*rowsAtOnce); y++ {
				row := p.cells[y*p.stride:][:width]
				copy(line[1:], row)
				split53(line, width, 1)
				for n := range row {
					row[n/2+low*(n&1)] = line[n+1]
				}
			}
		}
	})
}

// split53 is the reversible filter (T.800 §F.4.8.1), see lifter.
func split53(line []int32, count, width int) {
	if count == 1 {
		return
	}
	mirror(line, count, width)
	for at := 2 * width; at < (count+1)*width; at += 2 * width {
		before, here, behind := lanes(line, at, width)
		for i := range here {
			here[i] -= (before[i] + behind[i]) >> 1
		}
	}
	mirror(line, count, width)
	for at := width; at < (count+1)*width; at += 2 * width {
		before, here, behind := lanes(line, at, width)
		for i := range here {
			here[i] += (before[i] + behind[i] + 2) >> 2
		}
	}
}
