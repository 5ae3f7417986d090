package dicom

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// Encode returns UTF-8 text in the character set. It is false for text with
// characters that the set does not have, and for any beyond ASCII in a set with code
// extensions (ISO 2022), which this package reads and does not write.
func (c Charset) Encode(text string) ([]byte, bool) {
	switch {
	case !utf8.ValidString(text):
		return nil, false
	case c.isUTF8 || isASCII([]byte(text)):
		return []byte(text), true
	case c.whole != nil:
		encoded, err := c.whole.NewEncoder().Bytes([]byte(text))
		return encoded, err == nil
	case c.first.upper <= latin9:
		return encodeUpper(singleByte(c.first.upper), text)
	default:
		return nil, false
	}
}

// EncodeLike is Encode, and beyond it writes Chinese (GB 2312) and Korean (KS X 1001) by
// code extension where the text that it takes the place of did so.
func (c Charset) EncodeLike(text string, original []byte) ([]byte, bool) {
	if out, ok := c.Encode(text); ok {
		return out, true
	}
	for _, set := range []struct {
		sequence string
		encoding encoding.Encoding
	}{{"\x1b$)A", simplifiedchinese.GBK}, {"\x1b$)C", korean.EUCKR}} {
		if bytes.Contains(original, []byte(set.sequence)) {
			return encodeExtended(text, set.sequence, set.encoding)
		}
	}
	return nil, false
}

// encodeExtended writes a set of two bytes in the upper half. Each line, and each of
// several values, calls it anew (PS3.5 §6.1.2.5.3).
func encodeExtended(text, sequence string, set encoding.Encoding) ([]byte, bool) {
	var out []byte
	called := false
	encoder := set.NewEncoder()
	for _, r := range text {
		if r < utf8.RuneSelf {
			called = called && !strings.ContainsRune("\\\t\n\f\r", r)
			out = utf8.AppendRune(out, r)
			continue
		}
		pair, err := encoder.Bytes([]byte(string(r)))
		if err != nil || len(pair) != 2 || pair[0] < 0xA1 || pair[1] < 0xA1 {
			return nil, false
		}
		if !called {
			out = append(out, sequence...)
			called = true
		}
		out = append(out, pair...)
	}
	return out, true
}

// encodeUpper writes a set of single bytes and refuses what it would write otherwise.
func encodeUpper(e encoding.Encoding, text string) ([]byte, bool) {
	encoded, err := e.NewEncoder().Bytes([]byte(text))
	if err != nil || len(encoded) != utf8.RuneCountInString(text) {
		return nil, false
	}
	return encoded, true
}
