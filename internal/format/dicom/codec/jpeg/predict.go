package jpeg

// predict is what a sample is expected to be by those left of it (a), above (b) and
// above left (c) (T.81 Table H.1).
func predict(predictor int, a, b, c int32) int32 {
	switch predictor {
	case 1:
		return a
	case 2:
		return b
	case 3:
		return c
	case 4:
		return a + b - c
	case 5:
		return a + (b-c)>>1
	case 6:
		return b + (a-c)>>1
	default:
		return (a + b) >> 1
	}
}

// firstRow makes differences of component i of n samples, in the first row of a
// scan or after a restart: each is predicted by the one before, the first by origin.
func firstRow(row []uint16, i, n int, origin uint16) {
	for x := i; x < len(row); x += n {
		origin += row[x]
		row[x] = origin
	}
}

// undoRow makes differences samples in any other row. Sums are modulo 65536 (T.81
// §H.2.1), predictions are not.
func undoRow(row, above []uint16, i, n, predictor int) {
	above = above[:len(row)]
	left := above[i] + row[i] // the first of a row is predicted by the one above
	row[i] = left
	corner := above[i]
	switch predictor {
	case 1:
		for x := i + n; x < len(row); x += n {
			left += row[x]
			row[x] = left
		}
	case 2:
		for x := i + n; x < len(row); x += n {
			row[x] += above[x]
		}
	case 4:
		for x := i + n; x < len(row); x += n {
			b := above[x]
			left += b - corner + row[x]
			row[x], corner = left, b
		}
	default:
		for x := i + n; x < len(row); x += n {
			b := above[x]
			left = row[x] + uint16(predict(predictor, int32(left), int32(b), int32(corner))) //nolint:gosec // modulo 65536
			row[x], corner = left, b
		}
	}
}

// differ is the reverse of firstRow and undoRow: what component i of n samples
// differs from its prediction. above is nil in the first row.
func differ(out, row, above []uint16, i, n, predictor int, origin uint16) {
	out = out[:len(row)]
	if above == nil {
		for x := i; x < len(row); x += n {
			out[x] = row[x] - origin
			origin = row[x]
		}
		return
	}
	above = above[:len(row)]
	left, corner := row[i], above[i]
	out[i] = left - corner
	if predictor == 1 {
		for x := i + n; x < len(row); x += n {
			out[x] = row[x] - left
			left = row[x]
		}
		return
	}
	for x := i + n; x < len(row); x += n {
		b := above[x]
		out[x] = row[x] - uint16(predict(predictor, int32(left), int32(b), int32(corner))) //nolint:gosec // modulo 65536
		left, corner = row[x], b
	}
}
