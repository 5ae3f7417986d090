package jpeg2000

// tagTree is a tag tree (T.800 §B.10.2), the leaves first.
type tagTree struct {
	widths []int // of the levels, from the leaves
	starts []int // of the levels in nodes
	nodes  []tagNode
}

// tagNode is what is known of a node: value is at least low, and equal to it once
// known. The encoder uses value too.
type tagNode struct {
	low, value int32
	known      bool
}

func newTagTree(across, down int) tagTree {
	var t tagTree
	count := 0
	for {
		t.widths, t.starts = append(t.widths, across), append(t.starts, count)
		count += across * down
		if across*down <= 1 {
			break
		}
		across, down = (across+1)/2, (down+1)/2
	}
	t.nodes = make([]tagNode, count)
	return t
}

// node returns the node above the leaf at x, y.
func (t *tagTree) node(level, x, y int) *tagNode {
	return &t.nodes[t.starts[level]+y>>level*t.widths[level]+x>>level]
}

// below reads whether the value of the leaf at x, y is below a threshold.
func (t *tagTree) below(bits *headerBits, x, y int, threshold int32) bool {
	low := int32(0)
	for level := len(t.widths) - 1; level >= 0; level-- {
		n := t.node(level, x, y)
		n.low = max(n.low, low)
		for !n.known && n.low < threshold {
			if bits.bit() == 1 {
				n.known = true
			} else {
				n.low++
			}
		}
		low = n.low
	}
	n := t.node(0, x, y)
	return n.known && n.low < threshold
}
