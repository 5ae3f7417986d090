package prose

// piece is a term of the vocabulary, or one character that is in none.
type piece struct {
	start, end int // runes of the page
	known      bool
	class      class // of a term
}

// Costs of a piece: as few characters as can be are left over, then as few as can
// be stand alone.
const (
	costTerm   = 1
	costSingle = 10
	costLeft   = 100
	// costName is how much longer a reading must be that takes a character away
	// from a name before it.
	costName = 5
)

// segments is a Chinese text cut into pieces.
type segments struct {
	from, to int
	pieces   []piece
	at       []int32 // by rune from the beginning: its piece
	costs    []int   // by rune: of the best reading from it to the end
}

// segment cuts the Chinese characters from one rune up to another so that the
// reading costs least.
func (p *page) segment(from, to int) *segments {
	n := to - from
	s := &segments{from: from, to: to, costs: make([]int, n+1), at: make([]int32, n)}
	best := make([]int32, n) // the end of the best first piece, negative if it is no term
	for i := n - 1; i >= 0; i-- {
		s.costs[i], best[i] = s.costs[i+1]+costLeft, -1
		node := int32(0)
		for j := i; j < n; j++ {
			next, ok := p.lex.edges[edge{node, p.runes[from+j]}]
			if !ok {
				break
			}
			node = next
			cost := costTerm
			if j == i {
				cost = costSingle
			}
			if p.lex.terms[node]&inVocabulary != 0 && s.costs[j+1]+cost <= s.costs[i] {
				s.costs[i], best[i] = s.costs[j+1]+cost, int32(j+1) //nolint:gosec // bounded by the text
			}
		}
	}
	for i := 0; i < n; {
		end, known := int(best[i]), best[i] > 0
		if !known {
			end = i + 1
		}
		for k := i; k < end; k++ {
			s.at[k] = int32(len(s.pieces)) //nolint:gosec // bounded by the text
		}
		s.pieces = append(s.pieces, piece{from + i, from + end, known, p.lex.term(p.runes[from+i : from+end])})
		i = end
	}
	return s
}

// piece returns the piece that rune i of the page is in.
func (s *segments) piece(i int) piece { return s.pieces[s.at[i-s.from]] }

// alone reports whether a rune is a piece of its own.
func (s *segments) alone(i int) bool { p := s.piece(i); return p.end-p.start == 1 }

// cost returns what the best reading from rune i on costs.
func (s *segments) cost(i int) int { return s.costs[i-s.from] }
