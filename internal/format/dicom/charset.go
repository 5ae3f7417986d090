package dicom

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// Charset decodes text by Specific Character Set (PS3.3 C.12.1.1.2, PS3.5 §6.1).
// The zero value is the default repertoire.
type Charset struct {
	whole  encoding.Encoding // of a set that has no code extensions
	isUTF8 bool
	first  active // what Value 1 names
}

// repertoire is a set of characters that a byte, or two, can mean.
type repertoire uint8

const (
	latin1 repertoire = iota // its lower half is ASCII; bytes that nothing is said about are taken for it
	latin2
	latin3
	latin4
	cyrillic
	arabic
	greek
	hebrew
	latin5
	thai
	latin9
	katakana // JIS X 0201: the upper half
	ascii    // ISO 646, and JIS X 0201's lower half, which differs in two signs
	kanji    // JIS X 0208, two bytes in the lower half
	kanjiSup // JIS X 0212, two bytes in the lower half
	hangul   // KS X 1001, two bytes in the upper half
	hanzi    // GB 2312, two bytes in the upper half
)

// active are the two halves of the code table in use (ISO 2022: G0 in GL, G1 in GR).
type active struct{ lower, upper repertoire }

// halves are the repertoires of the Defined Terms, by the number of their ISO-IR
// registration (PS3.3 Tables C.12-2 to C.12-4).
func halves(registration string) (active, bool) {
	upper, ok := latin1, true
	switch registration {
	case "", "6", "100", "87", "159": // Kanji begins with an escape in any case
	case "13":
		upper = katakana
	case "101":
		upper = latin2
	case "109":
		upper = latin3
	case "110":
		upper = latin4
	case "126":
		upper = greek
	case "127":
		upper = arabic
	case "138":
		upper = hebrew
	case "144":
		upper = cyrillic
	case "148":
		upper = latin5
	case "166":
		upper = thai
	case "203":
		upper = latin9
	case "149":
		upper = hangul
	case "58":
		upper = hanzi
	default:
		ok = false
	}
	return active{ascii, upper}, ok
}

// NewCharset returns the character set that the values of (0008,0005) name. Common
// misspellings are understood; a term that is not known counts as the default
// repertoire. Only the first term is needed: what others name is announced in the
// text itself by an escape sequence.
func NewCharset(terms ...string) Charset {
	term := ""
	if len(terms) > 0 {
		term = strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
				return r
			}
			return -1
		}, strings.ToUpper(terms[0]))
	}
	switch term {
	case "ISOIR192", "ISO2022IR192", "UTF8":
		return Charset{isUTF8: true}
	case "GB18030":
		return Charset{whole: simplifiedchinese.GB18030}
	case "GBK", "ISO2022GBK":
		return Charset{whole: simplifiedchinese.GBK}
	}
	number := strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(term, "ISO"), "2022"), "IR")
	first, ok := halves(number)
	if !ok {
		first, _ = halves("")
	}
	return Charset{first: first}
}

// Decode returns text as UTF-8; bytes that mean nothing become U+FFFD. name says
// that it is a PN, in which ^ and = end what an escape sequence began (PS3.5
// §6.1.2.5.3).
func (c Charset) Decode(text []byte, name bool) string {
	switch {
	case c.isUTF8:
		return strings.ToValidUTF8(string(text), string(utf8.RuneError))
	case c.whole != nil:
		return decoded(c.whole, text)
	case isASCII(text):
		return string(text)
	}
	d := decoder{now: c.first, first: c.first, name: name}
	for len(text) > 0 {
		text = text[d.step(text):]
	}
	return d.out.String()
}

// decoder walks over text with code extensions (ISO 2022 as PS3.5 §6.1.2.5 uses it).
type decoder struct {
	out        strings.Builder
	now, first active
	name       bool
}

const escape = 0x1B

// step takes an escape sequence, a delimiter, or a run of bytes of one repertoire,
// and returns how many bytes they were.
func (d *decoder) step(text []byte) int {
	if text[0] == escape {
		n, to := escapeSequence(text, d.now)
		if n > 0 {
			d.now = to
			return n
		}
	}
	twoByte := d.now.lower == kanji || d.now.lower == kanjiSup
	if text[0] < 0x80 && (!twoByte || text[0] <= ' ') {
		if d.ends(text[0]) {
			d.now = d.first
		}
		d.out.WriteByte(text[0])
		return 1
	}
	upper := text[0] >= 0x80
	n := 1
	for n < len(text) && (text[n] >= 0x80) == upper && text[n] != escape && (upper || text[n] > ' ') {
		n++
	}
	if upper {
		d.out.WriteString(d.now.upper.decode(text[:n]))
	} else {
		d.out.WriteString(d.now.lower.decode(text[:n]))
	}
	return n
}

// ends reports whether a character switches back to the first set.
func (d *decoder) ends(c byte) bool {
	switch c {
	case '\\', '\t', '\n', '\f', '\r':
		return true
	case '^', '=':
		return d.name
	default:
		return false
	}
}

// escapeSequence returns the length of the escape sequence that text begins with,
// and what is in use after it; 0 if it is not one of PS3.3 Tables C.12-3 and C.12-4.
func escapeSequence(text []byte, now active) (int, active) {
	for _, e := range [...]struct {
		sequence string
		lower    bool
		to       repertoire
	}{
		{"(B", true, ascii},
		{"(J", true, ascii},
		{"$B", true, kanji},
		{"$@", true, kanji},
		{"$(D", true, kanjiSup},
		{")I", false, katakana},
		{"$)C", false, hangul},
		{"$)A", false, hanzi},
		{"-A", false, latin1},
		{"-B", false, latin2},
		{"-C", false, latin3},
		{"-D", false, latin4},
		{"-L", false, cyrillic},
		{"-G", false, arabic},
		{"-F", false, greek},
		{"-H", false, hebrew},
		{"-M", false, latin5},
		{"-T", false, thai},
		{"-b", false, latin9},
	} {
		if n := len(e.sequence) + 1; len(text) >= n && string(text[1:n]) == e.sequence {
			if e.lower {
				now.lower = e.to
			} else {
				now.upper = e.to
			}
			return n, now
		}
	}
	return 0, now
}

// decode decodes bytes that are all of one half.
func (r repertoire) decode(b []byte) string {
	switch r {
	case katakana:
		return halfWidth(b)
	case ascii:
		return string(b)
	case kanji:
		return decoded(japanese.EUCJP, raised(b, 0))
	case kanjiSup:
		return decoded(japanese.EUCJP, raised(b, 0x8F))
	case hangul:
		return decoded(korean.EUCKR, b)
	case hanzi:
		return decoded(simplifiedchinese.GBK, b)
	default:
		return decoded(singleByte(r), b)
	}
}

func singleByte(r repertoire) encoding.Encoding {
	switch r {
	case latin2:
		return charmap.ISO8859_2
	case latin3:
		return charmap.ISO8859_3
	case latin4:
		return charmap.ISO8859_4
	case cyrillic:
		return charmap.ISO8859_5
	case arabic:
		return charmap.ISO8859_6
	case greek:
		return charmap.ISO8859_7
	case hebrew:
		return charmap.ISO8859_8
	case latin5:
		return charmap.ISO8859_9
	case thai:
		return charmap.Windows874 // TIS 620-2533 is its part from A1H on
	case latin9:
		return charmap.ISO8859_15
	default:
		return charmap.ISO8859_1
	}
}

// halfWidth decodes JIS X 0201 Katakana, whose 63 signs stand in the same order in
// Unicode from U+FF61 on.
func halfWidth(b []byte) string {
	var out strings.Builder
	for _, c := range b {
		if c < 0xA1 || c > 0xDF {
			out.WriteRune(utf8.RuneError)
			continue
		}
		out.WriteRune(0xFF61 + rune(c-0xA1))
	}
	return out.String()
}

// raised moves two-byte characters into the upper half, where EUC-JP has them,
// each behind its prefix.
func raised(b []byte, prefix byte) []byte {
	out := make([]byte, 0, len(b)/2*3+1)
	for i, c := range b {
		if i%2 == 0 && prefix != 0 {
			out = append(out, prefix)
		}
		out = append(out, c|0x80)
	}
	return out
}

func decoded(e encoding.Encoding, b []byte) string {
	text, err := e.NewDecoder().Bytes(b)
	if err != nil {
		return strings.Repeat(string(utf8.RuneError), len(b))
	}
	return string(text)
}

// isASCII reports whether no byte needs decoding.
func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 || c == escape {
			return false
		}
	}
	return true
}
