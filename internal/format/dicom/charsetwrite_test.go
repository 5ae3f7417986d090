package dicom

import (
	"bytes"
	"testing"
)

// TestEncodedTextIsDecoded: what is written in a character set is read as it was, and
// what the set does not have is refused.
func TestEncodedTextIsDecoded(t *testing.T) {
	t.Parallel()
	chinese, korean := []byte("\x1b$)A\xCD\xF5"), []byte("\x1b$)C\xB1\xE8")
	for name, tt := range map[string]struct {
		terms    []string
		text     string
		original []byte
		ok       bool
	}{
		"ASCII":                           {nil, "CT chest", nil, true},
		"default, with a mark":            {[]string{"ISO_IR 6"}, "Schädel", nil, true}, // bytes beyond are taken for Latin 1
		"Latin 1":                         {[]string{"ISO_IR 100"}, "Schädel", nil, true},
		"Latin 1, Chinese":                {[]string{"ISO_IR 100"}, "胸部", nil, false},
		"Cyrillic":                        {[]string{"ISO_IR 144"}, "голова", nil, true},
		"Cyrillic, with a mark":           {[]string{"ISO_IR 144"}, "Schädel", nil, false},
		"UTF-8":                           {[]string{"ISO_IR 192"}, "胸部 Schädel", nil, true},
		"GB18030":                         {[]string{"GB18030"}, "胸部 頭", nil, true},
		"GBK":                             {[]string{"GBK"}, "胸部", nil, true},
		"Chinese by extension":            {[]string{"", "ISO 2022 IR 58"}, "胸部CT平扫\r\n未见异常\\肺", chinese, true},
		"of another set":                  {[]string{"", "ISO 2022 IR 58"}, "голова é 頭", chinese, false},
		"Korean by extension":             {[]string{"", "ISO 2022 IR 149"}, "두부 CT", korean, true},
		"by an extension that was not":    {[]string{"", "ISO 2022 IR 58"}, "胸部", []byte("chest"), false},
		"bytes that are no text at all":   {[]string{"ISO_IR 192"}, "\xff", nil, false},
		"Latin 1, a sign of Windows only": {[]string{"ISO_IR 100"}, "€", nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set := NewCharset(tt.terms...)
			out, ok := set.EncodeLike(tt.text, tt.original)
			if ok != tt.ok {
				t.Fatalf("got %q, %v", out, ok)
			}
			if got := set.Decode(out, false); ok && got != tt.text {
				t.Errorf("got %q back, want %q", got, tt.text)
			}
			if ok && bytes.Contains(tt.original, []byte("\x1b$")) && bytes.Count(out, []byte("\x1b$")) == 0 {
				t.Error("no escape sequence calls the set")
			}
		})
	}
}
