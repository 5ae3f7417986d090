package deface

import "encoding/binary"

const (
	maxAir    = 1 << 16 // values kept
	airRun    = 16      // voxels of a row that lie together, at least
	airMargin = 8.0     // mm from the body
	airLow    = -1100   // HU: below is what a scanner writes where it measured nothing
	airHigh   = -850    // HU
)

// air is what the volume's own background looks like: runs of its rows, as they
// stand, so that what is filled with them has the scanner's noise, correlation and all.
type air struct {
	values []int16
	seed   uint64
}

// collectAir takes runs of background from all over the volume.
func (s *scene) collectAir(v Volume, key []byte) (air, error) {
	bytes, err := stream(key, "air")
	if err != nil {
		return air{}, err
	}
	var raw [8]byte
	bytes.XORKeyStream(raw[:], raw[:])
	a := air{seed: binary.LittleEndian.Uint64(raw[:])}
	body := s.distance(s.body)
	sliceStep, rowStep := max(v.Slices/64, 1), max(v.Rows/64, 1)
	for slice := sliceStep / 2; slice < v.Slices; slice += sliceStep {
		for row := rowStep / 2; row < v.Rows; row += rowStep {
			a.take(s, v, body, slice, row)
		}
	}
	if len(a.values) == 0 {
		a.values = []int16{s.empty()}
	}
	return a, nil
}

// take adds the runs of a row.
func (a *air) take(s *scene, v Volume, body []float32, slice, row int) {
	line := v.Values[(slice*v.Rows+row)*v.Columns:][:v.Columns]
	start := 0
	for column := range v.Columns + 1 {
		if column < v.Columns && s.background(line[column]) {
			if i := s.find(v.at(float64(column), float64(row), float64(slice))); i >= 0 && body[i] > airMargin {
				continue
			}
		}
		if column-start >= airRun && len(a.values) < maxAir {
			a.values = append(a.values, line[start:column]...)
		}
		start = column + 1
	}
}

// background reports whether a voxel's value is one of air.
func (s *scene) background(value int16) bool {
	if s.ct {
		return value > airLow && value < airHigh
	}
	return float64(value) < s.threshold
}

// empty is air where the volume has none of its own: -1000 HU, or MR's lowest value.
func (s *scene) empty() int16 {
	if s.ct {
		return -1000
	}
	least := int16(unseen)
	for _, value := range s.values {
		if value != unseen && (least == unseen || value < least) {
			least = value
		}
	}
	return max(least, 0)
}

// run returns where in the values a row's filling begins.
func (a air) run(slice, row int) int {
	return int(mix(a.seed^uint64(slice)<<32^uint64(row)) % uint64(len(a.values))) //nolint:gosec // slice and row are not negative
}
