package mesh

import (
	"context"
	"fmt"
	"math/bits"
	"sync/atomic"

	"sinso.dev/sinso"
)

// maxRuns bounds the runs of voxels that are joined to parts, each of which takes 16 bytes.
const maxRuns = 1 << 24

// run is a part of a row: its bits from one up to, and without, another.
type run struct {
	row      uint32 // slice·rows + row
	from, to uint16
}

// Parts are the parts of a body that are joined by the faces of voxels.
type Parts struct {
	runs   []run
	part   []uint32 // of each run
	voxels []int    // of each part
	open   []bool   // whether a part touches the border of the grid
}

// Len is the number of parts.
func (p *Parts) Len() int { return len(p.voxels) }

// Voxels returns how large each part is. Parts are in the order of their first voxels.
func (p *Parts) Voxels() []int { return p.voxels }

// Meets tells of each part whether it has a voxel in common with a mask.
func (p *Parts) Meets(m *Mask) []bool {
	out := make([]bool, len(p.voxels))
	for i, r := range p.runs {
		if !out[p.part[i]] {
			out[p.part[i]] = m.meets(r)
		}
	}
	return out
}

// Parts finds the parts of the body. It returns ErrUnsupported for one so torn that they
// are too many.
func (m *Mask) Parts() (*Parts, error) { return m.label(0, m.slices, 0) }

// Keep takes away the parts that are not to be kept.
func (m *Mask) Keep(p *Parts, keep []bool) {
	for i, r := range p.runs {
		if !keep[p.part[i]] {
			m.set(r, 0)
		}
	}
}

// FillHoles fills what is surrounded on all sides and has at most so many voxels.
func (m *Mask) FillHoles(most int) error {
	p, err := m.label(0, m.slices, ^uint64(0))
	if err != nil {
		return err
	}
	for i, r := range p.runs {
		if part := p.part[i]; !p.open[part] && p.voxels[part] <= most {
			m.set(r, ^uint64(0))
		}
	}
	return nil
}

// FillSlices fills in each slice what is surrounded in it, whatever is before and behind.
func (m *Mask) FillSlices(ctx context.Context) error {
	var failed atomic.Pointer[error]
	err := each(ctx, m.slices, func(z int) {
		p, err := m.label(z, z+1, ^uint64(0))
		if err != nil {
			failed.Store(&err)
			return
		}
		for i, r := range p.runs {
			if !p.open[p.part[i]] {
				m.set(r, ^uint64(0))
			}
		}
	})
	if why := failed.Load(); err == nil && why != nil {
		err = *why
	}
	return err
}

// label joins the runs of some slices to parts, or those of what is not of the body if
// flip has all bits. A part of one slice is open if it touches an edge of the slice.
func (m *Mask) label(first, last int, flip uint64) (*Parts, error) {
	p := &Parts{}
	begins := make([]uint32, (last-first)*m.rows+1) // of the rows, in runs
	valid := m.valid()
	for row := range (last - first) * m.rows {
		p.runs = m.runs(p.runs, first*m.rows+row, flip, valid)
		if len(p.runs) > maxRuns {
			return nil, fmt.Errorf("mesh: a body in too many pieces: %w", sinso.ErrUnsupported)
		}
		begins[row+1] = uint32(len(p.runs)) //nolint:gosec // at most maxRuns
	}
	sets := newSets(len(p.runs))
	for row := range (last - first) * m.rows {
		if row%m.rows > 0 {
			p.touch(sets, begins[row-1:row+1], begins[row:row+2])
		}
		if row >= m.rows {
			p.touch(sets, begins[row-m.rows:], begins[row:row+2])
		}
	}
	p.number(sets)
	for i, r := range p.runs {
		y, z := int(r.row)%m.rows, int(r.row)/m.rows
		p.voxels[p.part[i]] += int(r.to - r.from)
		if y == 0 || y == m.rows-1 || r.from == 1 || int(r.to) == m.columns+1 || last-first > 1 && (z == first || z == last-1) {
			p.open[p.part[i]] = true
		}
	}
	return p, nil
}

// number gives each set a number, in the order of their first runs.
func (p *Parts) number(sets sets) {
	p.part = make([]uint32, len(p.runs))
	for i := range p.runs {
		root := sets.root(uint32(i))
		if int(root) == i { // the first of its set
			p.part[i] = uint32(len(p.voxels)) //nolint:gosec // at most maxRuns
			p.voxels = append(p.voxels, 0)
			continue
		}
		p.part[i] = p.part[root]
	}
	p.open = make([]bool, len(p.voxels))
}

// touch joins the runs of two rows that lie beside each other.
func (p *Parts) touch(sets sets, a, b []uint32) {
	for i, j := a[0], b[0]; i < a[1] && j < b[1]; {
		x, y := p.runs[i], p.runs[j]
		if x.from < y.to && y.from < x.to {
			sets.join(i, j)
		}
		if x.to < y.to {
			i++
		} else {
			j++
		}
	}
}

// runs appends those of a row.
func (m *Mask) runs(out []run, row int, flip uint64, valid []uint64) []run {
	inside, from := false, 0
	for w, word := range m.bits[row*m.words:][:m.words] {
		word = (word ^ flip) & valid[w]
		if inside {
			word = ^word
		}
		for at := 0; ; { // word has what lies from at on, as a zero as long as nothing changes
			if at == 64 || word>>at == 0 {
				break
			}
			at += bits.TrailingZeros64(word >> at)
			if inside {
				out = append(out, run{uint32(row), uint16(from), uint16(w<<6 + at)}) //nolint:gosec // sides are bounded
			}
			inside, from = !inside, w<<6+at
			word = ^word
		}
	}
	return out // the bit behind the last column ends the last run
}

// span calls f with the words of a run and its bits in them.
func (m *Mask) span(r run, f func(word *uint64, bits uint64)) {
	row := m.bits[int(r.row)*m.words:][:m.words]
	for w := int(r.from) >> 6; w<<6 < int(r.to); w++ {
		bits := ^uint64(0)
		if low := int(r.from) - w<<6; low > 0 {
			bits &= ^uint64(0) << low
		}
		if high := int(r.to) - w<<6; high < 64 {
			bits &= 1<<high - 1
		}
		f(&row[w], bits)
	}
}

// set writes the bits of a run.
func (m *Mask) set(r run, value uint64) {
	m.span(r, func(word *uint64, bits uint64) { *word = *word&^bits | value&bits })
}

func (m *Mask) meets(r run) (found bool) {
	m.span(r, func(word *uint64, bits uint64) { found = found || *word&bits != 0 })
	return found
}

// sets are disjoint sets, each with its lowest member as root.
type sets []uint32

func newSets(n int) sets {
	s := make(sets, n)
	for i := range s {
		s[i] = uint32(i)
	}
	return s
}

func (s sets) root(i uint32) uint32 {
	for s[i] != i {
		s[i] = s[s[i]]
		i = s[i]
	}
	return i
}

func (s sets) join(a, b uint32) {
	a, b = s.root(a), s.root(b)
	if a < b {
		s[b] = a
	} else {
		s[a] = b
	}
}
