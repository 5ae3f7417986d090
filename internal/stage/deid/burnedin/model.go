package burnedin

import "math"

// tree is one of a boosted sum: at each depth all its nodes ask the same question,
// so that the answers are the number of the leaf.
type tree struct {
	feature [depth]uint8
	over    [depth]float32
	leaf    [1 << depth]int8 // hundredths of log odds
}

const (
	depth = 6
	scale = 100
	room  = 64 // for what describes a cell or a line, at most
)

// A cell is not looked at further if after so many trees its log odds, in hundredths, are
// below that.
var hopes = [...]struct{ trees, below int }{{8, -230}, {24, -350}, {60, -500}}

// score adds up what the trees say of a cell or a line: the logarithm of the odds that
// strokes of text are in it. There must be room for as many features as that.
func score(trees []tree, features []float32) float32 {
	n := (*[room]float32)(features[:room])
	sum, from := 0, 0
	for _, hope := range hopes {
		if hope.trees > len(trees) {
			break
		}
		sum += votes(trees[from:hope.trees], n)
		if from = hope.trees; sum < hope.below {
			return unlike
		}
	}
	return float32(sum+votes(trees[from:], n)) / scale
}

// votes sums the leaves. It takes no branches, which nobody could foretell.
func votes(trees []tree, n *[room]float32) int {
	sum := 0
	for i := range trees {
		t := &trees[i]
		leaf := uint32(0)
		for d := range depth {
			over := math.Float32bits(t.over[d]-n[t.feature[d]%room]) >> 31 // the sign: 1 if the feature is more
			leaf |= over << d
		}
		sum += int(t.leaf[leaf%(1<<depth)])
	}
	return sum
}
