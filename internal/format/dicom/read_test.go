package dicom_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// open wraps elements into an item and a sequence without lengths.
func open(b []byte, content []byte) []byte {
	b = append(head(b, item, noLength), content...)
	return head(head(b, itemEnd, 0), sequenceEnd, 0)
}

// unknown is a UN or SQ header without a length.
func unknown(tag dicom.Tag, vr dicom.VR) []byte {
	b := put(nil, tag, vr, "")
	return append(b[:8], 0xFF, 0xFF, 0xFF, 0xFF)
}

// TestReadsAllWaysToWrite reads small data sets in every form, and lists what it
// finds: depth, tag, VR, value.
func TestReadsAllWaysToWrite(t *testing.T) {
	t.Parallel()
	name := put(nil, 0x00100010, "PN", "A^B ")
	implicitName := append(head(nil, 0x00100010, 4), "A^B "...)
	for title, tt := range map[string]struct {
		file []byte
		want string
	}{
		"explicit":              {part10(dicom.ExplicitLittleEndian, name), "0(0010,0010)PN=A^B "},
		"implicit":              {part10(dicom.ImplicitLittleEndian, implicitName), "0(0010,0010)PN=A^B "},
		"said implicit, is not": {part10(dicom.ImplicitLittleEndian, name), "0(0010,0010)PN=A^B "},
		"said explicit, is not": {part10(dicom.ExplicitLittleEndian, implicitName), "0(0010,0010)PN=A^B "},
		"unknown syntax":        {part10("1.2.3.4", name), "0(0010,0010)PN=A^B "},
		"private syntax":        {part10("1.2.840.113619.5.2", implicitName), "0(0010,0010)PN=A^B "},
		"no syntax":             {append(append(make([]byte, 128), "DICM"...), name...), "0(0010,0010)PN=A^B "},
		"no preamble":           {put(put(nil, 0x00080060, "CS", "CT"), 0x00100010, "PN", "A^B "), "0(0008,0060)CS=CT 0(0010,0010)PN=A^B "},
		"no preamble, implicit": {append(append(head(nil, 0x00080060, 2), "CT"...), implicitName...), "0(0008,0060)CS=CT 0(0010,0010)PN=A^B "},
		"no preamble, big endian": {
			[]byte("\x00\x08\x00\x60CS\x00\x02CT\x00\x28\x00\x10US\x00\x02\x02\x00"), "0(0008,0060)CS=CT 0(0028,0010)US=\x02\x00",
		},
		"meta without preamble": {append(put(nil, 0x00020010, "UI", "1.2.840.10008.1.2\x00"), implicitName...), "0(0010,0010)PN=A^B "},
		"odd length":            {part10(dicom.ExplicitLittleEndian, put(nil, 0x00100010, "PN", "A^C")), "0(0010,0010)PN=A^C"},
		"trailing zeros":        {part10(dicom.ExplicitLittleEndian, append(slices.Clone(name), make([]byte, 21)...)), "0(0010,0010)PN=A^B "},
		"a few trailing zeros":  {part10(dicom.ExplicitLittleEndian, append(slices.Clone(name), 0, 0, 0)), "0(0010,0010)PN=A^B "},
		"empty":                 {part10(dicom.ExplicitLittleEndian, nil), ""},
		"sequence without length": {
			part10(dicom.ExplicitLittleEndian, append(unknown(0x00081140, "SQ"), open(nil, name)...)),
			"0(0008,1140)SQ 1(FFFE,E000) 1(0010,0010)PN=A^B ",
		},
		"sequence with length": {
			part10(dicom.ExplicitLittleEndian, put(nil, 0x00081140, "SQ", string(append(head(nil, item, uint32(len(name))), name...)))),
			"0(0008,1140)SQ 1(FFFE,E000) 1(0010,0010)PN=A^B ",
		},
		"empty sequence and item": {
			part10(dicom.ExplicitLittleEndian, put(put(nil, 0x00081140, "SQ", ""), 0x00081199, "SQ", string(head(nil, item, 0)))),
			"0(0008,1140)SQ 0(0008,1199)SQ 1(FFFE,E000)",
		},
		"implicit item in an explicit sequence": {
			part10(dicom.ExplicitLittleEndian, append(unknown(0x00081140, "SQ"), open(nil, implicitName)...)),
			"0(0008,1140)SQ 1(FFFE,E000) 1(0010,0010)PN=A^B ",
		},
		"UN without length is a sequence": {
			part10(dicom.ExplicitLittleEndian, append(unknown(0x00091010, "UN"), open(nil, implicitName)...)),
			"0(0009,1010)SQ 1(FFFE,E000) 1(0010,0010)PN=A^B ",
		},
		"UN with items is a sequence": {
			part10(dicom.ExplicitLittleEndian, put(nil, 0x00091010, "UN", string(append(head(nil, item, 12), implicitName...)))),
			"0(0009,1010)SQ 1(FFFE,E000) 1(0010,0010)PN=A^B ",
		},
		"UN that only begins as items is a value": {
			part10(dicom.ExplicitLittleEndian, put(nil, 0x00091010, "UN", string(head(nil, item, 99)))),
			"0(0009,1010)UN=\xFE\xFF\x00\xE0c\x00\x00\x00",
		},
		"private sequence, implicit": {
			part10(dicom.ImplicitLittleEndian, append(head(head(nil, 0x00091010, 20), item, 12), implicitName...)),
			"0(0009,1010)SQ 1(FFFE,E000) 1(0010,0010)PN=A^B ",
		},
		"private creator and value, implicit": {
			part10(dicom.ImplicitLittleEndian, append(append(head(nil, 0x00090010, 2), "ME"...), append(head(nil, 0x00091001, 2), "xy"...)...)),
			"0(0009,0010)LO=ME 0(0009,1001)UN=xy",
		},
		"fragments": {
			part10("1.2.840.10008.1.2.5", head(append(head(head(unknown(pixelData, "OB"), item, 0), item, 2), "ab"...), sequenceEnd, 0)),
			"0(7FE0,0010)OB 1(FFFE,E000)= 1(FFFE,E000)=ab",
		},
		"signed pixels decide the VR": {
			part10(dicom.ImplicitLittleEndian, append(append(head(nil, 0x00280103, 2), 1, 0), append(head(nil, 0x00280106, 2), 0xFF, 0xFF)...)),
			"0(0028,0103)US=\x01\x00 0(0028,0106)SS=\xFF\xFF",
		},
		"overlays are repeating groups": {
			part10(dicom.ImplicitLittleEndian, append(head(nil, 0x60020010, 2), 7, 0)), "0(6002,0010)US=\x07\x00",
		},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			f := mustRead(t, tt.file)
			if got := list(f); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// list writes an index in one line.
func list(f *dicom.File) string {
	var parts []string
	for _, e := range f.Elements() {
		part := string(rune('0'+e.Depth)) + e.Tag.String()
		if e.Tag != item {
			part += e.VR().String()
		}
		if e.Kind == dicom.KindValue || e.Kind == dicom.KindFragment {
			part += "=" + string(f.Value(e))
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " ")
}

// TestRefusesWhatCannotBe reads damaged files: the class and the words of each error.
func TestRefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	explicit := func(b []byte) []byte { return part10(dicom.ExplicitLittleEndian, b) }
	nested := head(nil, 0x00081140, noLength)
	for range 70 {
		nested = head(head(nested, item, noLength), 0x00081140, noLength)
	}
	for title, tt := range map[string]struct {
		file  []byte
		class error
		text  string
	}{
		"nothing":      {nil, sinso.ErrInvalid, "dicom: this is not DICOM: it has no DICM at byte 128 and does not begin as a data set: invalid"},
		"text":         {[]byte("This is a letter about somebody's CT."), sinso.ErrInvalid, "not DICOM"},
		"pixels cut":   {explicit(put(nil, pixelData, "OW", "0123456789")[:14]), sinso.ErrCorrupt, "dicom: the file is cut off: element (7FE0,0010) says 10 bytes, 2 are left: corrupt"},
		"header cut":   {explicit(put(nil, 0x00100010, "PN", "")[:6]), sinso.ErrCorrupt, "element (0010,0010) says 8 bytes, 6 are left"},
		"long cut":     {explicit(put(nil, pixelData, "OW", "")[:10]), sinso.ErrCorrupt, "element (7FE0,0010) says 12 bytes, 10 are left"},
		"item too big": {explicit(put(nil, 0x00081140, "SQ", string(head(nil, item, 9)))), sinso.ErrCorrupt, "element (FFFE,E000) says 9 bytes, 0 are left"},
		"too big in an item": {
			explicit(append(put(nil, 0x00081140, "SQ", string(append(head(nil, item, 10), put(nil, 0x00100010, "PN", "ABCD")[:10]...))), 1, 2, 3)),
			sinso.ErrCorrupt, "dicom: a length is wrong: element (0010,0010) says 4 bytes, its item has 2 left: corrupt",
		},
		"no item":                 {explicit(put(nil, 0x00081140, "SQ", string(put(nil, 0x00100010, "PN", "ABCD")))), sinso.ErrCorrupt, "something else stands where an item should begin"},
		"no sequence end":         {explicit(head(unknown(0x00081140, "SQ"), item, 0)), sinso.ErrCorrupt, "the file is cut off"},
		"no item end":             {explicit(head(unknown(0x00081140, "SQ"), item, noLength)), sinso.ErrCorrupt, "the file is cut off"},
		"no fragment end":         {explicit(append(head(unknown(pixelData, "OB"), item, 2), "ab"...)), sinso.ErrCorrupt, "the file is cut off"},
		"fragment without length": {explicit(head(unknown(pixelData, "OB"), item, noLength)), sinso.ErrCorrupt, "a fragment has no length"},
		"item at the root":        {explicit(head(put(nil, 0x00100010, "PN", ""), item, 0)), sinso.ErrCorrupt, "outside any sequence"},
		"value without length":    {part10(dicom.ImplicitLittleEndian, head(nil, 0x00100010, noLength)), sinso.ErrCorrupt, "a value has no length"},
		"meta cut":                {explicit(nil)[:150], sinso.ErrCorrupt, "element (0002,0010) says"},
		"too deep":                {part10(dicom.ImplicitLittleEndian, nested), sinso.ErrUnsupported, "nested more than 64 deep"},
		"early sequence end":      {explicit(put(nil, 0x00081140, "SQ", string(head(head(nil, sequenceEnd, 0), item, 0)))), sinso.ErrCorrupt, "a sequence ends before its length does"},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			_, err := dicom.Read(tt.file)
			if !errors.Is(err, tt.class) || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("got %v, want %v with %q", err, tt.class, tt.text)
			}
		})
	}
}

// TestErrorsTellNoValue reads files cut off after each byte: no error holds a name.
func TestErrorsTellNoValue(t *testing.T) {
	t.Parallel()
	for _, syntax := range []string{dicom.ExplicitLittleEndian, dicom.ImplicitLittleEndian, dicom.ExplicitBigEndian} {
		file := mustEncode(t, syntax, ct(4))
		whole := 0
		for n := range file {
			_, err := dicom.Read(file[:n])
			if err == nil {
				whole++ // cut between two elements
				continue
			}
			for _, word := range []string{"PHANTOM", "CHEST", "REFERRER", "2.25", "1970"} {
				if strings.Contains(err.Error(), word) {
					t.Errorf("cut at %d: %v", n, err)
				}
			}
		}
		if whole > 200 { // of some 90 elements, and their headers' zeros that pass for padding
			t.Errorf("%s: %d cut files were read", syntax, whole)
		}
	}
}

// TestHeaderStopsBeforePixels reads the header of a file that has no more.
func TestHeaderStopsBeforePixels(t *testing.T) {
	t.Parallel()
	whole := mustEncode(t, dicom.ExplicitLittleEndian, ct(16))
	f, err := dicom.ReadHeader(whole[:len(whole)-300])
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := f.Find(pixelData); ok {
		t.Error("pixel data was read")
	}
	if got := f.String(0x00100010); got != "PHANTOM^CHEST" {
		t.Errorf("got %q", got)
	}
	all := mustRead(t, whole).Elements()
	if got, want := len(f.Elements()), len(all)-1; got != want {
		t.Errorf("got %d entries, want %d", got, want)
	}
	if _, err := f.Tree(); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("a tree of a header: %v", err)
	}
	if _, err := f.Frames(); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("frames of a header: %v", err)
	}
}

// TestOfSeveralTheLastIsFound keeps every element, and finds the last as pydicom does.
func TestOfSeveralTheLastIsFound(t *testing.T) {
	t.Parallel()
	f := mustRead(t, part10(dicom.ExplicitLittleEndian, put(put(nil, 0x00100020, "LO", "1 "), 0x00100020, "LO", "2 ")))
	if got := f.String(0x00100020); got != "2" || len(f.Elements()) != 2 {
		t.Errorf("got %q of %d", got, len(f.Elements()))
	}
}

// TestValuesAreReadByTheirVR reads numbers and text of every kind.
func TestValuesAreReadByTheirVR(t *testing.T) {
	t.Parallel()
	for title, tt := range map[string]struct {
		vr      dicom.VR
		value   string
		text    string
		integer int
		isInt   bool
		floats  int
	}{
		"US":              {"US", "\x01\x02\x03\x00", `513\3`, 513, true, 2},
		"SS":              {"SS", "\xFE\xFF", "-2", -2, true, 1},
		"UL":              {"UL", "\x00\x00\x00\x80", "2147483648", 1 << 31, true, 1},
		"SL":              {"SL", "\xFF\xFF\xFF\xFF", "-1", -1, true, 1},
		"FL":              {"FL", "\x00\x00\xC0\x3F", "1.5", 0, false, 1},
		"FD":              {"FD", "\x00\x00\x00\x00\x00\x00\xF8\x3F", "1.5", 0, false, 1},
		"SV":              {"SV", "\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF", "-2", -2, true, 1},
		"UV":              {"UV", "\x02\x00\x00\x00\x00\x00\x00\x00", "2", 2, true, 1},
		"IS":              {"IS", ` 12\-3 `, `12\-3`, 12, true, 2},
		"DS":              {"DS", `1.5e1\2 `, `1.5e1\2`, 15, true, 2},
		"DS of no number": {"DS", "many", "many", 0, false, 0},
		"LO":              {"LO", " a b ", "a b", 0, false, 0},
		"LT":              {"LT", " a\\b ", " a\\b", 0, false, 0},
		"UI":              {"UI", "1.2\x00", "1.2", 0, false, 0},
		"incomplete US":   {"US", "\x07", "", 0, false, 0},
		"OB":              {"OB", "12", "", 0, false, 0},
		"empty":           {"IS", "", "", 0, false, 0},
		"infinite":        {"DS", "inf ", "inf", 0, false, 1},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			const tag = dicom.Tag(0x00181001) // not in the dictionary: the file's VR counts
			f := mustRead(t, part10(dicom.ExplicitLittleEndian, put(nil, tag, tt.vr, tt.value)))
			if got := f.String(tag); got != tt.text {
				t.Errorf("String: got %q, want %q", got, tt.text)
			}
			if got, ok := f.Int(tag); got != tt.integer || ok != tt.isInt {
				t.Errorf("Int: got %d %t, want %d %t", got, ok, tt.integer, tt.isInt)
			}
			if tt.vr != "UI" {
				if got := f.Floats(tag); len(got) != tt.floats {
					t.Errorf("Floats: got %v, want %d", got, tt.floats)
				}
			}
		})
	}
	f := mustRead(t, part10(dicom.ExplicitLittleEndian, put(nil, 0x00280010, "UN", "\x00\x02")))
	if got, ok := f.Int(0x00280010); got != 512 || !ok {
		t.Errorf("Rows written as UN: got %d %t", got, ok)
	}
}
