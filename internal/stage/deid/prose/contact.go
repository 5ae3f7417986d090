package prose

import "strings"

// cutAddresses removes e-mail, web and network addresses and paths: the whole run
// without a space in which something says so.
func (p *page) cutAddresses() {
	for i := 0; i < len(p.tokens); {
		j := i
		for j < len(p.tokens) && p.inAddress(j) {
			j++
		}
		if j > i && p.isAddress(i, j) {
			p.cut(i, j, Contact)
		}
		i = max(j, i+1)
	}
}

func (p *page) inAddress(i int) bool {
	switch p.tokens[i].form {
	case formWord, formNumber:
		return true
	case formSign:
		return strings.ContainsRune(`@:/.-_+%~?&=#\'`, p.sign(i))
	case formHan, formForeign, formSpace, formBreak:
	}
	return false
}

// isAddress reports whether the tokens from i up to j hold an @ in the middle, a
// scheme, a host's name or a path to one, or as many colons as a hardware address.
func (p *page) isAddress(i, j int) bool {
	colons := 0
	for k := i; k < j; k++ {
		s := p.sign(k)
		if s == ':' {
			if colons++; colons == 5 {
				return true
			}
		}
		switch {
		case s == '@' && k > i && k+1 < j:
			return true
		case (s == '/' || s == '\\') && p.sign(k+1) == s && (k == i || p.sign(k-1) == ':') && k+2 < j:
			return true
		case s == '.' && k > i && k+1 < j && p.is(k+1, formWord) && p.size(k-1) > 1 && p.is(k-1, formWord) &&
			p.has(k+1, isDomain) && !p.has(k+1, inVocabulary):
			return true
		case p.sign(k+1) == '.' && p.word(k) == "www":
			return true
		}
	}
	return false
}
