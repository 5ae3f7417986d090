package jpeg2000

// Markers (T.800 Table A.2).
const (
	markSOC = 0xFF4F
	markCAP = 0xFF50
	markSIZ = 0xFF51
	markCOD = 0xFF52
	markCOC = 0xFF53
	markQCD = 0xFF5C
	markQCC = 0xFF5D
	markRGN = 0xFF5E
	markPOC = 0xFF5F
	markPPM = 0xFF60
	markPPT = 0xFF61
	markSOT = 0xFF90
	markSOP = 0xFF91
	markEPH = 0xFF92
	markSOD = 0xFF93
	markEOC = 0xFFD9
)

const (
	maxSamples = 4
	maxLevels  = 32 // of decomposition
	maxPOC     = 32 // changes of progression that a tile may have; OpenJPEG allows as many
)

// component is a component's part of SIZ (T.800 §A.5.1).
type component struct {
	precision int
	signed    bool
	dx, dy    int // of the reference grid, for a sample
}

// sizes is the SIZ segment: an area and its tiles on the reference grid.
type sizes struct {
	x0, y0, x1, y1         int // the image
	tx, ty, tileX0, tileY0 int // the size of a tile, the origin of the first
	components             []component
}

func (s *sizes) tilesAcross() int { return ceilDiv(s.x1-s.tileX0, s.tx) }
func (s *sizes) tilesDown() int   { return ceilDiv(s.y1-s.tileY0, s.ty) }

// coding is how a component is coded: SPcod or SPcoc (T.800 Table A.20).
type coding struct {
	levels     int
	xcb, ycb   int // logarithms of the sides of a code-block
	style      uint8
	reversible bool
	precincts  [maxLevels + 1]uint8 // logarithms of the sides: width in the lower half
}

// quantum is the size of a step (T.800 §A.6.4).
type quantum struct{ exponent, mantissa int }

// quantisation is Sqcd and SPqcd, or those of a component.
type quantisation struct {
	guard   int
	none    bool
	derived bool
	steps   []quantum
}

// of returns the step of a band: of resolution r, the n-th there (from 0 for r = 0,
// else 1 to 3).
func (q *quantisation) of(r, n int) (quantum, bool) {
	if q.derived {
		step := q.steps[0]
		step.exponent = max(0, step.exponent-max(0, r-1))
		return step, true
	}
	i := max(0, 3*(r-1)) + n
	if i >= len(q.steps) {
		return quantum{}, false
	}
	return q.steps[i], true
}

// volume is a progression and what it goes over (T.800 Table A.32): the ends
// are not in it.
type volume struct {
	order                            uint8
	layers                           int
	firstResolution, lastResolution  int
	firstComponent, behindComponents int
}

// params are the parameters of a header: main, or of one tile. What is nil there
// is not set.
type params struct {
	tile struct { // SGcod and Scod
		set         bool
		order       uint8
		layers      int
		mct         bool
		sop, eph    bool
		mctReserved bool
	}
	cod     *coding
	coc     [maxSamples]*coding
	qcd     *quantisation
	qcc     [maxSamples]*quantisation
	rgn     [maxSamples]int
	rgnSet  [maxSamples]bool
	volumes []volume
}

// coding returns the coding of a component of a tile: the first that is set of the
// tile's COC and COD and the main COC and COD (T.800 §A.6.2).
func (h *codestream) coding(t *params, c int) *coding {
	return firstSet(t.coc[c], t.cod, h.main.coc[c], h.main.cod)
}

// quantisation does the same for QCC and QCD (T.800 §A.6.5).
func (h *codestream) quantisation(t *params, c int) *quantisation {
	return firstSet(t.qcc[c], t.qcd, h.main.qcc[c], h.main.qcd)
}

// shift returns by how much the region of interest is scaled (T.800 §A.6.3).
func (h *codestream) shift(t *params, c int) int {
	if t.rgnSet[c] {
		return t.rgn[c]
	}
	return h.main.rgn[c]
}

func firstSet[T any](of ...*T) *T {
	for _, v := range of {
		if v != nil {
			return v
		}
	}
	return nil
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

// ceilShift is a / 2^n, rounded up.
func ceilShift(a, n int) int { return (a + 1<<n - 1) >> n }
