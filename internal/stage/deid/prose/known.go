package prose

// pattern is one form of an identifier: its letters and digits alone, folded.
type pattern struct {
	text  string
	runes int // of text
	// whole: only where no letter or digit is next to it, and in one piece, in
	// its parts or letter by letter.
	whole bool
	parts int // words that it is made of
	// dotted: initials that are a word too count only with dots.
	dotted bool
	kind   Kind
}

// matcher finds many patterns in one pass (Aho and Corasick). The children of a
// node are a list, as most have one.
type matcher struct {
	nodes    []node
	patterns []pattern
	root     [256]int32 // children of the root, or 0
}

type node struct {
	child, sibling int32 // 0 for none: the root is nobody's child
	fail           int32
	hit            int32 // the next node, on the way over fail, at which a pattern ends; or 0
	pattern        int32 // index, or -1
	letter         byte
}

func newMatcher(patterns []pattern) *matcher {
	m := &matcher{patterns: patterns, nodes: []node{{pattern: -1}}}
	for i, p := range patterns {
		at := int32(0)
		for k := range len(p.text) {
			next := m.step(at, p.text[k])
			if next == 0 {
				next = m.grow(at, p.text[k])
			}
			at = next
		}
		m.nodes[at].pattern = int32(i)
	}
	m.link()
	return m
}

func (m *matcher) grow(at int32, letter byte) int32 {
	next := int32(len(m.nodes)) //nolint:gosec // bounded by maxForms
	n := node{letter: letter, pattern: -1}
	if at == 0 {
		m.root[letter] = next
	} else {
		n.sibling = m.nodes[at].child
		m.nodes[at].child = next
	}
	m.nodes = append(m.nodes, n)
	return next
}

// step returns the child of a node by a letter, or 0.
func (m *matcher) step(at int32, letter byte) int32 {
	if at == 0 {
		return m.root[letter]
	}
	for c := m.nodes[at].child; c != 0; c = m.nodes[c].sibling {
		if m.nodes[c].letter == letter {
			return c
		}
	}
	return 0
}

// next returns the state after a letter.
func (m *matcher) next(at int32, letter byte) int32 {
	for {
		if n := m.step(at, letter); n != 0 || at == 0 {
			return n
		}
		at = m.nodes[at].fail
	}
}

// link sets where a failed match goes on, level by level.
func (m *matcher) link() {
	queue := make([]int32, 0, len(m.nodes))
	for _, c := range m.root {
		if c != 0 {
			queue = append(queue, c)
		}
	}
	for i := 0; i < len(queue); i++ {
		at := queue[i]
		for c := m.nodes[at].child; c != 0; c = m.nodes[c].sibling {
			m.nodes[c].fail = m.next(m.nodes[at].fail, m.nodes[c].letter)
			queue = append(queue, c)
		}
		fail := m.nodes[at].fail
		m.nodes[at].hit = fail
		if m.nodes[fail].pattern < 0 {
			m.nodes[at].hit = m.nodes[fail].hit
		}
	}
}

// find calls found for each pattern that ends at each byte of text, longest first,
// with the place after it, until found returns true for that byte.
func (m *matcher) find(text []byte, found func(p pattern, end int) bool) {
	at := int32(0)
	for i, letter := range text {
		at = m.next(at, letter)
		for n := at; n != 0; n = m.nodes[n].hit {
			if k := m.nodes[n].pattern; k >= 0 && found(m.patterns[k], i+1) {
				break
			}
		}
	}
}
