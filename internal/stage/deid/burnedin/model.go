package burnedin

// tree is one of a boosted sum: at each depth all its nodes ask the same question,
// so that the answers are the number of the leaf.
type tree struct {
	feature [depth]uint8
	over    [depth]float32
	leaf    [1 << depth]float32
}

const depth = 6

// After early trees a cell whose log odds are below none is not looked at further.
const (
	early = 24
	none  = -3.5
)

// score adds up what the trees say of a cell: the logarithm of the odds that
// strokes of text are in it.
func score(trees []tree, features []float32) float32 {
	var sum float32
	for i := range trees {
		if i == early && sum < none {
			return unlike
		}
		t := &trees[i]
		leaf := 0
		for d := range depth {
			if features[t.feature[d]] > t.over[d] {
				leaf |= 1 << d
			}
		}
		sum += t.leaf[leaf]
	}
	return sum
}
