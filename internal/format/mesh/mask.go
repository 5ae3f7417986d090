package mesh

import (
	"context"
	"fmt"
	"math/bits"

	"sinso.dev/sinso"
)

// Mask says of each voxel of a grid whether it belongs to a body: one bit a voxel, with an
// empty bit before and after each row.
type Mask struct {
	columns, rows, slices int
	words                 int // of a row
	bits                  []uint64
}

func newMask(columns, rows, slices int) *Mask {
	words := pieces(columns+2, 64)
	return &Mask{columns, rows, slices, words, make([]uint64, words*rows*slices)}
}

// row returns the bits of a row, bit 1 of which is the first column.
func (m *Mask) row(slice, row int) []uint64 {
	at := (slice*m.rows + row) * m.words
	return m.bits[at : at+m.words : at+m.words]
}

// Above returns the voxels whose value is at least the threshold. It returns ErrInvalid
// for a grid that is none.
func Above(ctx context.Context, g *Grid, threshold int16) (*Mask, error) {
	if err := g.check(); err != nil {
		return nil, err
	}
	m := newMask(g.Columns, g.Rows, len(g.Slices))
	err := each(ctx, m.slices, func(z int) {
		for y := range m.rows {
			m.fill(m.row(z, y), g.Slices[z][y*g.Columns:][:g.Columns], int32(threshold))
		}
	})
	return m, err
}

// fill sets the bits of a row.
func (m *Mask) fill(out []uint64, values []int16, threshold int32) {
	carry := uint64(0)
	for w := range out {
		n := min(64, len(values))
		word := uint64(0)
		for _, v := range values[:n] {
			word = word>>1 | uint64(^uint32(int32(v)-threshold))>>31<<63 //nolint:gosec // its sign
		}
		values = values[n:]
		if n < 64 {
			word >>= 64 - n
		}
		out[w] = word<<1 | carry // bit 0 lies outside
		carry = word >> 63
	}
}

// Has reports whether a voxel belongs to the body; none beyond the grid does.
func (m *Mask) Has(column, row, slice int) bool {
	if column < 0 || row < 0 || slice < 0 || column >= m.columns || row >= m.rows || slice >= m.slices {
		return false
	}
	return m.row(slice, row)[(column+1)>>6]>>((column+1)&63)&1 != 0
}

// Voxels counts those of the body.
func (m *Mask) Voxels() int {
	n := 0
	for _, w := range m.bits {
		n += bits.OnesCount64(w)
	}
	return n
}

// And keeps the voxels that both have. It returns ErrInvalid for masks of two sizes.
func (m *Mask) And(o *Mask) error {
	if m.columns != o.columns || m.rows != o.rows || m.slices != o.slices {
		return fmt.Errorf("mesh: masks of two sizes: %w", sinso.ErrInvalid)
	}
	for i := range m.bits {
		m.bits[i] &= o.bits[i]
	}
	return nil
}

// valid is the bits of a row that lie in the grid.
func (m *Mask) valid() []uint64 {
	out := make([]uint64, m.words)
	for b := 1; b <= m.columns; b++ {
		out[b>>6] |= 1 << (b & 63)
	}
	return out
}

// Grow adds each voxel that lies beside one of the body along an axis, so many times along
// each.
func (m *Mask) Grow(ctx context.Context, times [3]int) (*Mask, error) { return m.steps(ctx, times, 0) }

// Shrink takes away each voxel that lies beside one that is not of the body. What lies
// beyond the grid takes nothing away.
func (m *Mask) Shrink(ctx context.Context, times [3]int) (*Mask, error) {
	return m.steps(ctx, times, ^uint64(0))
}

// steps grows the body, or what is not of it if flip has all bits.
func (m *Mask) steps(ctx context.Context, times [3]int, flip uint64) (*Mask, error) {
	from := m
	valid := m.valid()
	for n := range max(times[0], times[1], times[2]) {
		to := newMask(m.columns, m.rows, m.slices)
		err := each(ctx, m.slices, func(z int) {
			for y := range m.rows {
				from.grown(to.row(z, y), z, y, [3]bool{n < times[0], n < times[1], n < times[2]}, flip, valid)
			}
		})
		if err != nil {
			return nil, err
		}
		from = to
	}
	return from, nil
}

// grown writes one row after one step along the axes.
func (m *Mask) grown(out []uint64, z, y int, axes [3]bool, flip uint64, valid []uint64) {
	self := m.row(z, y)
	for w := range out {
		out[w] = (self[w] ^ flip) & valid[w]
	}
	if axes[0] {
		before := uint64(0)
		for w := range out {
			word, after := (self[w]^flip)&valid[w], uint64(0)
			if w+1 < len(out) {
				after = (self[w+1] ^ flip) & valid[w+1]
			}
			out[w] |= word<<1 | before>>63 | word>>1 | after<<63
			before = word
		}
	}
	join := func(z, y int) {
		if z < 0 || y < 0 || z >= m.slices || y >= m.rows {
			return
		}
		for w, word := range m.row(z, y) {
			out[w] |= word ^ flip
		}
	}
	if axes[1] {
		join(z, y-1)
		join(z, y+1)
	}
	if axes[2] {
		join(z-1, y)
		join(z+1, y)
	}
	for w := range out {
		out[w] = (out[w] ^ flip) & valid[w]
	}
}

// Close fills what is narrower than two steps, so that thin walls hold.
func (m *Mask) Close(ctx context.Context, steps int) (*Mask, error) {
	grown, err := m.Grow(ctx, [3]int{steps, steps, steps})
	if err != nil {
		return nil, err
	}
	return grown.Shrink(ctx, [3]int{steps, steps, steps})
}
