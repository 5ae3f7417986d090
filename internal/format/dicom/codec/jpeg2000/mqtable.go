package jpeg2000

// The contexts of a code-block (T.800 Table D.1 to D.5).
const (
	contextSign      = 9  // the first of five
	contextRefine    = 14 // the first of three
	contextRun       = 17
	contextUniform   = 18
	contextCount     = 19
	contextsAllotted = 32 // a power of two, so that a masked index needs no check
	contextMask      = contextsAllotted - 1
)

// estimate is a row of T.800 Table C.2.
type estimate struct {
	qe       uint64 // the probability of the less probable symbol
	mps, lps uint64 // the next row
	swap     uint64 // 1: the more probable symbol changes after the less probable
}

var estimates = [47]estimate{
	{0x5601, 1, 1, 1},
	{0x3401, 2, 6, 0},
	{0x1801, 3, 9, 0},
	{0x0AC1, 4, 12, 0},
	{0x0521, 5, 29, 0},
	{0x0221, 38, 33, 0},
	{0x5601, 7, 6, 1},
	{0x5401, 8, 14, 0},
	{0x4801, 9, 14, 0},
	{0x3801, 10, 14, 0},
	{0x3001, 11, 17, 0},
	{0x2401, 12, 18, 0},
	{0x1C01, 13, 20, 0},
	{0x1601, 29, 21, 0},
	{0x5601, 15, 14, 1},
	{0x5401, 16, 14, 0},
	{0x5101, 17, 15, 0},
	{0x4801, 18, 16, 0},
	{0x3801, 19, 17, 0},
	{0x3401, 20, 18, 0},
	{0x3001, 21, 19, 0},
	{0x2801, 22, 19, 0},
	{0x2401, 23, 20, 0},
	{0x2201, 24, 21, 0},
	{0x1C01, 25, 22, 0},
	{0x1801, 26, 23, 0},
	{0x1601, 27, 24, 0},
	{0x1401, 28, 25, 0},
	{0x1201, 29, 26, 0},
	{0x1101, 30, 27, 0},
	{0x0AC1, 31, 28, 0},
	{0x09C1, 32, 29, 0},
	{0x08A1, 33, 30, 0},
	{0x0521, 34, 31, 0},
	{0x0441, 35, 32, 0},
	{0x02A1, 36, 33, 0},
	{0x0221, 37, 34, 0},
	{0x0141, 38, 35, 0},
	{0x0111, 39, 36, 0},
	{0x0085, 40, 37, 0},
	{0x0049, 41, 38, 0},
	{0x0025, 42, 39, 0},
	{0x0015, 43, 40, 0},
	{0x0009, 44, 41, 0},
	{0x0005, 45, 42, 0},
	{0x0001, 45, 43, 0},
	{0x5601, 46, 46, 0},
}

// A state of a context is one word, so that a decision needs one load: Qe·2^16 in
// the upper half; in the lower the row of the table times two, plus the more
// probable symbol.
type state = uint64

// transitions holds the state after a symbol for each row and more probable symbol.
type transitions struct{ mps, lps [128]state }

var next = makeTransitions()

func makeTransitions() *transitions {
	t := new(transitions)
	for row, e := range estimates {
		for mps := range uint64(2) {
			t.mps[2*row+int(mps)] = stateOf(e.mps, mps)
			t.lps[2*row+int(mps)] = stateOf(e.lps, mps^e.swap)
		}
	}
	return t
}

func stateOf(row, mps uint64) state { return estimates[row].qe<<48 | row<<1 | mps }

// resetContexts sets all to the states of T.800 Table D.7.
func resetContexts(contexts *[contextsAllotted]state) {
	for i := range contexts {
		contexts[i] = stateOf(0, 0)
	}
	contexts[0] = stateOf(4, 0)
	contexts[contextRun] = stateOf(3, 0)
	contexts[contextUniform] = stateOf(46, 0)
}
