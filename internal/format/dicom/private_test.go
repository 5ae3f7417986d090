package dicom_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
)

// TestPrivateDictionaryIsItsFacts looks up every line of the table, in two blocks.
func TestPrivateDictionaryIsItsFacts(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("private.tsv")
	if err != nil {
		t.Fatal(err)
	}
	lines, creator := 0, ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "#") {
			continue
		}
		if strings.HasPrefix(line, "@") {
			creator = line[1:]
			continue
		}
		lines++
		want := append(strings.Split(line, "\t"), "")
		for _, block := range []string{"10", "E1"} {
			n, err := strconv.ParseUint(strings.Replace(want[0], "xx", block, 1), 16, 32)
			if err != nil || creator == "" || len(creator) > 64 {
				t.Fatalf("%q: %v", line, err)
			}
			vr, name, ok := dicom.LookupPrivate(creator, dicom.Tag(n))
			if !ok || string(vr) != want[1] || name != want[2] {
				t.Errorf("%s %s: got %s %q %t, want %q", creator, want[0], vr, name, ok, want)
			}
		}
	}
	if lines < 7500 {
		t.Errorf("%d lines only", lines)
	}
	for _, tag := range []dicom.Tag{0x00290010, 0x00291108 + 0xF0, 0x00281008, 0x00290008} {
		if vr, name, ok := dicom.LookupPrivate("SIEMENS CSA HEADER", tag); ok {
			t.Errorf("%v: got %s %q", tag, vr, name)
		}
	}
}

// TestPrivateElementsHaveTheirVR reads an implicit file with elements of a creator
// that is known, of one that is not, and of none.
func TestPrivateElementsHaveTheirVR(t *testing.T) {
	t.Parallel()
	element := func(tag dicom.Tag, value string) []byte { return append(head(nil, tag, uint32(len(value))), value...) }
	var root []byte
	add := func(tag dicom.Tag, value string) { root = append(root, element(tag, value)...) }
	add(0x00080060, "MR")
	add(0x00190010, "SIEMENS MR HEADER ")
	add(0x00190011, "NOBODY")
	add(0x0019100C, "1000")
	add(0x00191027, strings.Repeat("\x00", 48))
	add(0x00191028, "\x00\x00\x00")
	add(0x0019110C, "1000")
	add(0x0019120C, "1000")
	inner := append(element(0x00190012, "SIEMENS MR HEADER "), element(0x0019120C, "7 ")...)
	inner = append(inner, element(0x0019100C, "7 ")...)
	items := append(head(nil, item, uint32(len(inner))), inner...)
	root = append(root, append(head(nil, 0x00400275, uint32(len(items))), items...)...)
	f := mustRead(t, part10(dicom.ImplicitLittleEndian, root))
	type place struct {
		depth uint16
		tag   dicom.Tag
	}
	got := map[place]dicom.VR{}
	for _, e := range f.Elements() {
		got[place{e.Depth, e.Tag}] = e.VR()
	}
	for at, want := range map[place]dicom.VR{
		{0, 0x00190010}: "LO",
		{0, 0x0019100C}: "IS", // B_value
		{0, 0x00191027}: "FD", // B_matrix
		{0, 0x00191028}: "UN", // a double of three bytes
		{0, 0x0019110C}: "UN", // of a creator that is not known
		{0, 0x0019120C}: "UN", // of none
		{1, 0x0019120C}: "IS",
		{1, 0x0019100C}: "UN", // the block is reserved outside of the item only
	} {
		if got[at] != want {
			t.Errorf("%v: got %s, want %s", at, got[at], want)
		}
	}
	if got := f.Strings(0x0019100C); len(got) != 1 || got[0] != "1000" {
		t.Errorf("got %q", got)
	}
	roundTrip(t, "private", f)
}
