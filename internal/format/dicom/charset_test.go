package dicom_test

import (
	"strings"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
)

// TestCharacterSets decodes text by each Defined Term (PS3.3 C.12.1.1.2) and by
// escape sequences. The names are the examples of PS3.5 Annexes H to K.
func TestCharacterSets(t *testing.T) {
	t.Parallel()
	for title, tt := range map[string]struct {
		terms string
		text  string
		name  bool
		want  string
	}{
		"default":                          {"", "Yamada^Tarou", true, "Yamada^Tarou"},
		"default, not ASCII":               {"", "J\xE9r\xF4me", false, "Jérôme"},
		"Latin 1":                          {"ISO_IR 100", "J\xE9r\xF4me", false, "Jérôme"},
		"Latin 2":                          {"ISO_IR 101", "\xA3\xF3d\xBC", false, "Łódź"},
		"Latin 3":                          {"ISO_IR 109", "\xA1", false, "Ħ"},
		"Latin 4":                          {"ISO_IR 110", "\xBD", false, "Ŋ"},
		"Cyrillic":                         {"ISO_IR 144", "\xBB\xEE\xDA", false, "Люк"},
		"Arabic":                           {"ISO_IR 127", "\xE2\xC8\xC7\xE6\xEA^\xE4\xE6\xD2\xC7\xD1", true, "قباني^لنزار"},
		"Greek":                            {"ISO_IR 126", "\xC4\xE9\xEF\xED\xF5\xF3\xE9\xEF\xF2", true, "Διονυσιος"},
		"Hebrew":                           {"ISO_IR 138", "\xF9\xF8\xE5\xEF^\xE3\xE1\xE5\xF8\xE4", true, "שרון^דבורה"},
		"Latin 5":                          {"ISO_IR 148", "\xFE\xF0", false, "şğ"},
		"Latin 9":                          {"ISO_IR 203", "\xA4", false, "€"},
		"Thai":                             {"ISO_IR 166", "\xA1\xD2", false, "กา"},
		"Japanese half width":              {"ISO_IR 13", "\xD4\xCF\xC0\xDE^\xC0\xDB\xB3", true, "ﾔﾏﾀﾞ^ﾀﾛｳ"},
		"UTF-8":                            {"ISO_IR 192", "Wang^XiaoDong=王^小東", true, "Wang^XiaoDong=王^小東"},
		"UTF-8 that is none":               {"ISO_IR 192", "a\xFFb", false, "a\uFFFDb"},
		"GB18030":                          {"GB18030", "Wang^XiaoDong=\xCD\xF5^\xD0\xA1\xB6\xAB", true, "Wang^XiaoDong=王^小东"},
		"GBK":                              {"GBK", "\xCD\xF5", false, "王"},
		"GB18030, second byte a backslash": {"GB18030", "\x81\x5C", false, "乗"},
		"Kanji": {
			`\ISO 2022 IR 87`, "Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B", true,
			"Yamada^Tarou=山田^太郎=やまだ^たろう",
		},
		"Kanji after half width": {
			`ISO 2022 IR 13\ISO 2022 IR 87`, "\xD4\xCF\xC0\xDE^\xC0\xDB\xB3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J", true,
			"ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎",
		},
		"supplementary Kanji": {`\ISO 2022 IR 159`, "\x1b$(D\x30\x21\x1b(B", false, "丂"},
		"Korean": {
			`\ISO 2022 IR 149`, "Hong^Gildong=\x1b$)C\xFB\xF3^\x1b$)C\xD1\xCE\xD4\xD7=\x1b$)C\xC8\xAB^\x1b$)C\xB1\xE6\xB5\xBF", true,
			"Hong^Gildong=洪^吉洞=홍^길동",
		},
		"Chinese":                          {`\ISO 2022 IR 58`, "Zhang^XiaoDong=\x1b$)A\xD5\xC5^\x1b$)A\xD0\xA1\xB6\xAB", true, "Zhang^XiaoDong=张^小东"},
		"two single-byte sets":             {`ISO 2022 IR 100\ISO 2022 IR 144`, "\xE9\x1b-L\xBB\xEE\xDA", false, "éЛюк"},
		"a line ends what an escape began": {`ISO 2022 IR 100\ISO 2022 IR 144`, "\x1b-L\xBB\r\n\xE9", false, "Л\r\né"},
		"a name's part ends it too":        {`ISO 2022 IR 100\ISO 2022 IR 144`, "\x1b-L\xBB^\xE9", true, "Л^é"},
		"in no name it goes on":            {`ISO 2022 IR 100\ISO 2022 IR 144`, "\x1b-L\xBB^\xBB", false, "Л^Л"},
		"misspelt":                         {"ISO-IR 101", "\xA3", false, "Ł"},
		"misspelt with extensions":         {"ISO_2022_IR_144", "\xBB", false, "Л"},
		"unknown term":                     {"KLINGON", "\xE9", false, "é"},
		"unknown escape":                   {`\ISO 2022 IR 87`, "a\x1b%Gb", false, "a\x1b%Gb"},
		"half a Kanji":                     {`\ISO 2022 IR 87`, "\x1b$B;\x1b(Bx", false, "\uFFFDx"},
		"no Katakana":                      {"ISO_IR 13", "\x81", false, "\uFFFD"},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			set := dicom.NewCharset(strings.Split(tt.terms, `\`)...)
			if got := set.Decode([]byte(tt.text), tt.name); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	if got := dicom.NewCharset().Decode([]byte("a\xE9"), false); got != "aé" {
		t.Errorf("no term: got %q", got)
	}
}

// TestStringUsesTheCharacterSet decodes a value of the root, and splits it after
// decoding: the second byte of a character may be a backslash.
func TestStringUsesTheCharacterSet(t *testing.T) {
	t.Parallel()
	var ds dicom.Dataset
	ds.SetString(0x00080005, "CS", "GB18030")
	ds.SetString(0x00081030, "LO", "\x81\x5C", "b ")
	ds.SetString(0x00080060, "CS", "CT")
	f := mustRead(t, mustEncode(t, dicom.ExplicitLittleEndian, ds))
	if got := f.Strings(0x00081030); len(got) != 2 || got[0] != "乗" || got[1] != "b" {
		t.Errorf("got %q", got)
	}
	if got := f.String(0x00080060); got != "CT" {
		t.Errorf("got %q", got)
	}
	if got := f.Strings(0x00100010); got != nil {
		t.Errorf("absent: got %q", got)
	}
}

// FuzzDecode decodes anything in any set.
func FuzzDecode(f *testing.F) {
	f.Add("ISO 2022 IR 87", []byte("\x1b$B;3ED\x1b(B"), true)
	f.Add("ISO_IR 13", []byte("\xD4\xCF\xC0\xDE"), false)
	f.Fuzz(func(t *testing.T, term string, text []byte, name bool) {
		if got := dicom.NewCharset(term).Decode(text, name); len(got) > 12*len(text) {
			t.Errorf("%d bytes became %d", len(text), len(got))
		}
	})
}
