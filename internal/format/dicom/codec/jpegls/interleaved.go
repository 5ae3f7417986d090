package jpegls

// pixels decodes a line of samples that are interleaved one by one. above and now
// are those of each component, as line has them; a run is one of all components
// (T.87 §B.2.3, ILV 2).
func (s *scan) pixels(above, now [][]int32) error {
	columns := len(now[0]) - 2
	for i := range now {
		above[i][columns+1] = above[i][columns]
		now[i][0] = above[i][1]
	}
	for x := 1; x <= columns; x++ {
		if s.flat(above, now, x) {
			next, err := s.runOfPixels(above, now, x)
			if err != nil {
				return err
			}
			x = next
			continue
		}
		for i := range now {
			a, b, c := int(now[i][x-1]), int(above[i][x]), int(above[i][x-1])
			q, sign := s.surroundings(a, b, c, int(above[i][x+1]))
			v, err := s.sample(predict(a, b, c), q, sign)
			if err != nil {
				return err
			}
			now[i][x] = int32(v) //nolint:gosec // at most maxval
		}
	}
	if s.in.overrun() {
		return errShort()
	}
	return nil
}

// flat reports whether a run begins at x: nothing changes around it in any component.
func (m *model) flat(above, now [][]int32, x int) bool {
	for i := range now {
		a, b, c := int(now[i][x-1]), int(above[i][x]), int(above[i][x-1])
		if q, _ := m.surroundings(a, b, c, int(above[i][x+1])); q != 0 {
			return false
		}
	}
	return true
}

// runOfPixels decodes a run and the pixel that ends it, and returns the place of the
// last pixel decoded.
func (s *scan) runOfPixels(above, now [][]int32, x int) (int, error) {
	columns := len(now[0]) - 2
	end, err := s.runEnd(x, columns, 0)
	if err != nil {
		return 0, err
	}
	for i := range now {
		a := now[i][x-1]
		for at := x; at < end; at++ {
			now[i][at] = a
		}
	}
	if end > columns {
		return end, nil
	}
	for i := range now {
		v, err := s.interruption(int(now[i][end-1]), int(above[i][end]), 0, 0)
		if err != nil {
			return 0, err
		}
		now[i][end] = int32(v) //nolint:gosec // at most maxval
	}
	s.runIndex[0] = max(s.runIndex[0]-1, 0)
	return end, nil
}
