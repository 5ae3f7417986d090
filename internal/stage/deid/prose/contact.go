package prose

import "strings"

// cutAddresses removes e-mail, web and network addresses and paths: the whole run
// without a space in which something says so, and addresses that are read aloud.
func (p *page) cutAddresses() {
	for i := 0; i < len(p.tokens); {
		if p.size(i) == len("dot") && p.word(i) == "dot" {
			p.cutSpelledAddress(i)
		}
		j := i
		for j < len(p.tokens) && p.inAddress(j) {
			j++
		}
		if j > i && p.isAddress(i, j) {
			p.cut(i, j, Contact)
			j = p.pathEnd(j)
		}
		i = max(j, i+1)
	}
}

func (p *page) inAddress(i int) bool {
	switch p.tokens[i].form {
	case formWord, formNumber:
		return true
	case formSign:
		return strings.ContainsRune(`@:/.-_+%~?&=#\'[]`, p.sign(i))
	case formHan, formForeign, formSpace, formBreak:
	}
	return false
}

// isAddress reports whether the tokens from i up to j hold an @ in the middle, a
// scheme, a host's name or a path to one, or as many colons as a hardware address.
func (p *page) isAddress(i, j int) bool {
	if p.isPath(i, j) {
		return true
	}
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

// isPath reports whether the tokens from i up to j are a path: from a root, the folder
// above or a drive over another folder, or to a file.
func (p *page) isPath(i, j int) bool {
	const files = " dcm nii gz jpg jpeg png tif txt pdf csv json xml doc docx zip "
	slash := 0
	for k := i; k < j; k++ {
		if s := p.sign(k); s == '/' || s == '\\' {
			slash++
		}
	}
	if slash == 0 {
		return false
	}
	k := i
	for p.sign(k) == '.' || p.sign(k) == '~' || k == i && p.is(k, formWord) && p.size(k) == 1 && p.sign(k+1) == ':' || k == i+1 && p.sign(k) == ':' {
		k++
	}
	rooted := p.sign(k) == '/' || p.sign(k) == '\\'
	return rooted && slash > 1 || p.sign(j-2) == '.' && contains(files, p.word(j-1))
}

// pathEnd removes what follows an address that ends before token i if it goes on after a
// space, as folders may be named, and returns the token after it.
func (p *page) pathEnd(i int) int {
	for p.is(i, formSpace) && p.is(i+1, formWord) {
		j := i + 1
		for j < len(p.tokens) && p.inAddress(j) && p.sign(j) != '\\' {
			j++
		}
		if p.sign(j) != '\\' {
			return i
		}
		for j < len(p.tokens) && p.inAddress(j) {
			j++
		}
		p.cut(i, j, Contact)
		i = j
	}
	return i
}

// cutSpelledAddress removes an address whose "dot" before the domain is token i, with
// the words before it: jane at example dot org, jane (at) example (dot) org.
func (p *page) cutSpelledAddress(i int) {
	domain := p.skipSigns(i+1, 1)
	if !p.has(domain, isDomain) {
		return
	}
	host := p.skipSigns(i-1, -1)
	from := host
	if at := p.skipSigns(host-1, -1); p.word(at) == "at" {
		from = p.skipSigns(at-1, -1)
	}
	if from >= 0 {
		p.cut(from, domain+1, Contact)
	}
}

// skipSigns returns the first token from k on, in steps, that is neither a sign nor a
// space, if it is near.
func (p *page) skipSigns(k, step int) int {
	for n := 0; n < 4 && (p.is(k, formSpace) || p.sign(k) != 0); n++ {
		k += step
	}
	return k
}
