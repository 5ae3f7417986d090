package dicom_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// TestRoundTripInEverySyntax writes a CT in each syntax that differs, reads it
// again, and writes what was read into each other one.
func TestRoundTripInEverySyntax(t *testing.T) {
	t.Parallel()
	syntaxes := []string{dicom.ExplicitLittleEndian, dicom.ImplicitLittleEndian, dicom.ExplicitBigEndian, dicom.DeflatedExplicitLittleEndian}
	ds := ct(8)
	for _, from := range syntaxes {
		f := mustRead(t, mustEncode(t, from, ds))
		if f.Syntax().UID != from {
			t.Errorf("got %s, want %s", f.Syntax().UID, from)
		}
		first, err := f.Tree()
		if err != nil {
			t.Fatal(err)
		}
		if why := sameTree(ds, first, true); why != "" {
			t.Errorf("%s: %s", from, why)
		}
		for _, to := range syntaxes {
			if why := sameTree(ds, mustTree(t, mustEncode(t, to, first)), true); why != "" {
				t.Errorf("%s to %s: %s", from, to, why)
			}
		}
	}
}

// TestFragmentsAreCarried writes compressed pixel data and reads it byte by byte.
func TestFragmentsAreCarried(t *testing.T) {
	t.Parallel()
	for _, syntax := range []string{"1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.90", "1.2.3.4.5"} {
		ds := ct(2)
		ds.Set(dicom.DataElement{Tag: pixelData, VR: "OB", Fragments: [][]byte{{}, []byte("one."), []byte("odd"), {}}})
		f := mustRead(t, mustEncode(t, syntax, ds))
		got, err := f.Tree()
		if err != nil {
			t.Fatal(err)
		}
		if why := sameTree(ds, got, true); why != "" {
			t.Errorf("%s: %s", syntax, why)
		}
		if !f.Syntax().Encapsulated {
			t.Errorf("%s is not encapsulated", syntax)
		}
	}
}

// TestMetaIsWhatPart10Wants reads the File Meta Information of a written file.
func TestMetaIsWhatPart10Wants(t *testing.T) {
	t.Parallel()
	var old dicom.Dataset
	old.SetString(0x00020003, "UI", "2.25.99")
	old.SetString(0x00020010, "UI", dicom.ImplicitLittleEndian)
	old.SetString(0x00020013, "SH", "OTHER_1")
	old.SetString(0x00020016, "AE", "SCANNER")
	old.SetString(0x00100010, "PN", "NOBODY")
	b, err := dicom.EncodeMeta(dicom.ExplicitLittleEndian, old, ct(2))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b[:132], append(make([]byte, 128), "DICM"...)) {
		t.Error("no preamble and prefix")
	}
	f := mustRead(t, b)
	length := f.Meta()[0]
	last := f.Meta()[len(f.Meta())-1]
	if got, want := binary.LittleEndian.Uint32(f.Value(length)), last.Offset+last.Length-length.Offset-4; length.Tag != 0x00020000 || got != want {
		t.Errorf("group length %d, want %d", got, want)
	}
	if got := f.Value(f.Meta()[1]); !bytes.Equal(got, []byte{0, 1}) {
		t.Errorf("version %v", got)
	}
	for tag, want := range map[dicom.Tag]string{
		0x00020002: "1.2.840.10008.5.1.4.1.1.2", 0x00020003: "2.25.1", 0x00020010: dicom.ExplicitLittleEndian,
		0x00020012: dicom.ImplementationClassUID, 0x00020013: "SINSO_1", 0x00020016: "SCANNER",
	} {
		if got := f.MetaString(tag); got != want {
			t.Errorf("%v: got %q, want %q", tag, got, want)
		}
	}
	if len(f.Meta()) != 8 {
		t.Errorf("got %d elements, want 8", len(f.Meta()))
	}
	if again, err := dicom.EncodeMeta(dicom.ExplicitLittleEndian, old, ct(2)); err != nil || !bytes.Equal(again, b) {
		t.Errorf("the same again gives other bytes, %v", err)
	}
}

// TestEncodeOrdersAndPads writes elements out of order and of odd length.
func TestEncodeOrdersAndPads(t *testing.T) {
	t.Parallel()
	ds := dicom.Dataset{Elements: []dicom.DataElement{
		{Tag: 0x00100020, VR: "LO", Value: []byte("A")},
		{Tag: 0x00091001, VR: "UN", Value: []byte("B")},
		{Tag: 0x00080018, VR: "UI", Value: []byte("1.2")},
	}}
	f := mustRead(t, mustEncode(t, dicom.ExplicitLittleEndian, ds))
	if got, want := list(f), "0(0008,0018)UI=1.2\x00 0(0009,1001)UN=B\x00 0(0010,0020)LO=A "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if ds.Elements[0].Tag != 0x00100020 {
		t.Error("the data set was sorted")
	}
}

// TestLongValueBecomesUN writes a DS that is longer than its length field can say.
func TestLongValueBecomesUN(t *testing.T) {
	t.Parallel()
	value := strings.Repeat(`1\`, 40000)
	var ds dicom.Dataset
	ds.SetString(0x30060050, "DS", value)
	f := mustRead(t, mustEncode(t, dicom.ExplicitLittleEndian, ds))
	e, _ := f.Find(0x30060050)
	if e.VR() != "UN" || string(f.Value(e)) != value {
		t.Errorf("got %v of %d bytes", e.VR(), e.Length)
	}
	if got := f.Floats(0x30060050); got != nil { // it ends in a backslash
		t.Errorf("got %d numbers", len(got))
	}
	if got, ok := f.Find(0x30060050); !ok || got.Kind != dicom.KindValue {
		t.Error("not found")
	}
}

// TestEncodeRefuses writes what no file can hold.
func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	deep := dicom.Dataset{}
	for range 70 {
		deep = dicom.Dataset{Elements: []dicom.DataElement{{Tag: 0x00081140, VR: "SQ", Items: []dicom.Dataset{deep}}}}
	}
	one := func(e dicom.DataElement) dicom.Dataset { return dicom.Dataset{Elements: []dicom.DataElement{e}} }
	fragments := one(dicom.DataElement{Tag: pixelData, VR: "OB", Fragments: [][]byte{{}, {1, 2}}})
	for title, tt := range map[string]struct {
		syntax string
		ds     dicom.Dataset
		class  error
	}{
		"meta in the data set":   {dicom.ExplicitLittleEndian, one(dicom.DataElement{Tag: 0x00020010, VR: "UI"}), sinso.ErrInvalid},
		"a delimiter":            {dicom.ExplicitLittleEndian, one(dicom.DataElement{Tag: sequenceEnd, VR: "UN"}), sinso.ErrInvalid},
		"no VR":                  {dicom.ImplicitLittleEndian, one(dicom.DataElement{Tag: 0x00100010}), sinso.ErrInvalid},
		"a small VR":             {dicom.ExplicitLittleEndian, one(dicom.DataElement{Tag: 0x00100010, VR: "pn"}), sinso.ErrInvalid},
		"bytes in a sequence":    {dicom.ExplicitLittleEndian, one(dicom.DataElement{Tag: 0x00081140, VR: "SQ", Value: []byte("ab")}), sinso.ErrInvalid},
		"no syntax":              {"", ct(2), sinso.ErrInvalid},
		"a syntax that is text":  {"explicit", ct(2), sinso.ErrInvalid},
		"too deep":               {dicom.ExplicitLittleEndian, deep, sinso.ErrUnsupported},
		"compressed in explicit": {dicom.ExplicitLittleEndian, fragments, sinso.ErrUnsupported},
		"compressed in implicit": {dicom.ImplicitLittleEndian, fragments, sinso.ErrUnsupported},
		"fragments of text":      {"1.2.840.10008.1.2.5", one(dicom.DataElement{Tag: pixelData, VR: "LT", Fragments: [][]byte{{}}}), sinso.ErrInvalid},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			if _, err := dicom.Encode(tt.syntax, tt.ds); !errors.Is(err, tt.class) {
				t.Errorf("got %v, want %v", err, tt.class)
			}
		})
	}
}

// TestPydicomFilesRoundTrip writes the tree of every file that is read, in the
// file's own syntax, and reads it again.
func TestPydicomFilesRoundTrip(t *testing.T) {
	t.Parallel()
	done := 0
	for name, b := range pydicomFiles(t) {
		f, err := dicom.Read(b)
		if err != nil {
			continue
		}
		roundTrip(t, name, f)
		done++
	}
	if done != 170 {
		t.Errorf("%d files, want 170", done)
	}
}

// roundTrip writes the tree of f in its own syntax, reads and compares.
func roundTrip(t *testing.T, name string, f *dicom.File) {
	t.Helper()
	ds, err := f.Tree()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	b, err := dicom.EncodeMeta(f.Syntax().UID, f.MetaTree(), ds)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	again, err := dicom.Read(b)
	if err != nil {
		t.Errorf("%s: again: %v", name, err)
		return
	}
	got, err := again.Tree()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if why := sameTree(ds, got, again.Syntax().Explicit); why != "" {
		t.Errorf("%s: %s", name, why)
	}
}

// TestDatasetIsEdited sets, finds, removes and walks.
func TestDatasetIsEdited(t *testing.T) {
	t.Parallel()
	var inner, ds dicom.Dataset
	inner.SetString(0x00100020, "LO", "2")
	ds.SetString(0x00100020, "LO", "1")
	ds.SetString(0x00080008, "CS", "ORIGINAL", "PRIMARY")
	ds.Set(dicom.DataElement{Tag: 0x00101002, VR: "SQ", Items: []dicom.Dataset{inner, inner}})
	ds.SetString(0x00100020, "LO", "123")
	if got := string(ds.Find(0x00100020).Value); got != "123 " {
		t.Errorf("got %q", got)
	}
	if got := string(ds.Find(0x00080008).Value); got != `ORIGINAL\PRIMARY` {
		t.Errorf("got %q", got)
	}
	var order []string
	err := ds.Walk(func(depth int, e *dicom.DataElement) error {
		order = append(order, string(rune('0'+depth))+e.Tag.String())
		e.VR = "UN"
		return nil
	})
	want := []string{"0(0008,0008)", "0(0010,0020)", "0(0010,1002)", "1(0010,0020)", "1(0010,0020)"}
	if err != nil || !slices.Equal(order, want) {
		t.Errorf("got %v, %v; want %v", order, err, want)
	}
	if ds.Find(0x00101002).Items[1].Find(0x00100020).VR != "UN" {
		t.Error("walk changed a copy")
	}
	ds.Remove(0x00100020)
	if ds.Find(0x00100020) != nil || len(ds.Elements) != 2 {
		t.Error("not removed")
	}
	stop := errors.New("stop")
	if err := ds.Walk(func(int, *dicom.DataElement) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
}

// TestTreeLeavesTheBytes pads and swaps without touching what was read.
func TestTreeLeavesTheBytes(t *testing.T) {
	t.Parallel()
	for _, syntax := range []string{dicom.ExplicitLittleEndian, dicom.ExplicitBigEndian} {
		b := mustEncode(t, syntax, ct(4))
		kept := bytes.Clone(b)
		ds := mustTree(t, b)
		_ = ds.Walk(func(_ int, e *dicom.DataElement) error {
			if e.VR != "SQ" {
				e.Value = append(e.Value, 'x')
			}
			return nil
		})
		mustEncode(t, dicom.ExplicitBigEndian, ds)
		if !bytes.Equal(b, kept) {
			t.Errorf("%s: the bytes were changed", syntax)
		}
	}
}
