package deid

// mask is a set of the cells of a grid, row by row.
type mask struct {
	w, h int
	set  []bool
}

func newMask(w, h int) mask { return mask{w, h, make([]bool, w*h)} }

// eroded takes n cells off every edge, but for the grid's own.
func (m mask) eroded(n int) mask {
	for range n {
		out := newMask(m.w, m.h)
		for i := range m.set {
			x, y := i%m.w, i/m.w
			out.set[i] = m.set[i] && (x == 0 || m.set[i-1]) && (x == m.w-1 || m.set[i+1]) &&
				(y == 0 || m.set[i-m.w]) && (y == m.h-1 || m.set[i+m.w])
		}
		m = out
	}
	return m
}

// flood gives every cell of m that is joined to a start by its sides the label,
// if it has none yet, and returns how many it gave.
func (m mask) flood(labels []int32, label int32, starts ...int) int {
	n := 0
	var stack []int
	push := func(i int) {
		if m.set[i] && labels[i] == 0 {
			labels[i] = label
			n++
			stack = append(stack, i)
		}
	}
	for _, start := range starts {
		push(start)
	}
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if i%m.w > 0 {
			push(i - 1)
		}
		if i%m.w < m.w-1 {
			push(i + 1)
		}
		if i >= m.w {
			push(i - m.w)
		}
		if i < len(m.set)-m.w {
			push(i + m.w)
		}
	}
	return n
}

// largest returns the largest of the parts that m falls into.
func (m mask) largest() mask {
	labels := make([]int32, len(m.set))
	label, best, most := int32(0), int32(0), 0
	for i := range m.set {
		if !m.set[i] || labels[i] != 0 {
			continue
		}
		label++
		if n := m.flood(labels, label, i); n > most {
			best, most = label, n
		}
	}
	out := newMask(m.w, m.h)
	for i, l := range labels {
		out.set[i] = best != 0 && l == best
	}
	return out
}

// filled returns m with the holes in it.
func (m mask) filled() mask {
	outside := newMask(m.w, m.h)
	var edge []int
	for i, in := range m.set {
		outside.set[i] = !in
		if x, y := i%m.w, i/m.w; x == 0 || y == 0 || x == m.w-1 || y == m.h-1 {
			edge = append(edge, i)
		}
	}
	labels := make([]int32, len(m.set))
	outside.flood(labels, 1, edge...)
	out := newMask(m.w, m.h)
	for i, l := range labels {
		out.set[i] = l == 0
	}
	return out
}

// box returns the smallest and largest column and row of m, and whether it has any.
func (m mask) box() (x0, y0, x1, y1 int, some bool) {
	x0, y0 = m.w, m.h
	for i, in := range m.set {
		if in {
			x0, x1 = min(x0, i%m.w), max(x1, i%m.w)
			y0, y1 = min(y0, i/m.w), max(y1, i/m.w)
			some = true
		}
	}
	return x0, y0, x1, y1, some
}
