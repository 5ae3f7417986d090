package attest_test

import (
	"bytes"
	"testing"

	"sinso.dev/sinso"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/attest"
)

// The transfer syntaxes of PS3.5 Annex A that differ in how a Data Set is written.
const (
	implicitLittle = "1.2.840.10008.1.2"
	deflated       = "1.2.840.10008.1.2.1.99"
	explicitBig    = "1.2.840.10008.1.2.2"
	rle            = "1.2.840.10008.1.2.5"
)

// multiFrame is a small image of n frames with a nested sequence, in the form
// that a parser yields.
func multiFrame(n int, pixels dicom.DataElement) dicom.Dataset {
	inner := dicom.Dataset{Elements: []dicom.DataElement{
		{Tag: 0x00080100, VR: "SH", Value: []byte("CODE")}, {Tag: 0x00080104, VR: "LO", Value: []byte("Chest ")},
	}}
	return dicom.Dataset{Elements: []dicom.DataElement{
		{Tag: 0x00080016, VR: "UI", Value: []byte("1.2.840.10008.5.1.4.1.1.7.2\x00")},
		{Tag: 0x00080018, VR: "UI", Value: []byte("2.25.1")},
		{Tag: 0x00081032, VR: "SQ", Items: []dicom.Dataset{inner, {}, inner}},
		{Tag: 0x00090010, VR: "LO", Value: []byte("PRIVATE ")},
		{Tag: 0x00091001, VR: "UN", Value: []byte("secret")},
		{Tag: 0x00100010, VR: "PN", Value: []byte("PHANTOM^ONE ")},
		{Tag: 0x00280002, VR: "US", Value: []byte{1, 0}},
		{Tag: 0x00280004, VR: "CS", Value: []byte("MONOCHROME2 ")},
		{Tag: 0x00280008, VR: "IS", Value: []byte{'0' + byte(n), ' '}},
		{Tag: 0x00280010, VR: "US", Value: []byte{8, 0}},
		{Tag: 0x00280011, VR: "US", Value: []byte{8, 0}},
		{Tag: 0x00280100, VR: "US", Value: []byte{16, 0}},
		{Tag: 0x00280101, VR: "US", Value: []byte{16, 0}},
		{Tag: 0x00280102, VR: "US", Value: []byte{15, 0}},
		{Tag: 0x00280103, VR: "US", Value: []byte{0, 0}},
		pixels,
	}}
}

func native(n int) dicom.DataElement {
	value := make([]byte, n*8*8*2)
	for i := range value {
		value[i] = byte(i * 7)
	}
	return dicom.DataElement{Tag: 0x7FE00010, VR: "OW", Value: value}
}

func encapsulated(fragments ...string) dicom.DataElement {
	e := dicom.DataElement{Tag: 0x7FE00010, VR: "OB", Fragments: [][]byte{{}}}
	for _, f := range fragments {
		e.Fragments = append(e.Fragments, []byte(f))
	}
	return e
}

// TestEverySyntaxIsProven builds evidence over originals in each syntax; the
// derivative may be in another.
func TestEverySyntaxIsProven(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		from, to       string
		pixels         dicom.DataElement
		frames, signed int
	}{
		"explicit":                   {explicitLittle, explicitLittle, native(3), 3, 3},
		"implicit":                   {implicitLittle, implicitLittle, native(3), 3, 3},
		"implicit to explicit":       {implicitLittle, explicitLittle, native(3), 3, 3},
		"deflated":                   {deflated, deflated, native(3), 3, 3},
		"deflated to explicit":       {deflated, explicitLittle, native(3), 3, 3},
		"big endian to explicit":     {explicitBig, explicitLittle, native(3), 3, 3},
		"encapsulated":               {rle, rle, encapsulated("frame one.", "frame two.", "frame three!"), 3, 3},
		"encapsulated, in fragments": {rle, rle, encapsulated("one a.", "one b.", "two a.", "two b.", "three."), 3, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ds := multiFrame(3, tt.pixels)
			original, derivative := encode(t, tt.from, ds), encode(t, tt.to, cleanTree(ds))
			evidence, _, err := attest.Build(secret, 0, original, sinso.NewHashed(derivative))
			if err != nil {
				t.Fatal(err)
			}
			got, root, err := attest.VerifyInstance(evidence, derivative)
			if err != nil || root != evidence.Root {
				t.Fatalf("verify: %v", err)
			}
			if got.Frames != tt.frames || got.FramesSigned != tt.signed || got.Elements < 12 || got.Withheld < 2 {
				t.Errorf("got %+v, want %d of %d frames, 12 elements and more kept, the private ones withheld", got, tt.signed, tt.frames)
			}
		})
	}
}

// TestChangedFrameLosesItsProof blanks one frame of three.
func TestChangedFrameLosesItsProof(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		syntax string
		pixels func() dicom.DataElement
		blank  func(*dicom.DataElement)
		signed int
	}{
		"native": {explicitLittle, func() dicom.DataElement { return native(3) }, func(e *dicom.DataElement) { clear(e.Value[128:256]) }, 2},
		"a fragment a frame": {rle, func() dicom.DataElement { return encapsulated("frame one.", "frame two.", "frame three!") }, func(e *dicom.DataElement) {
			e.Fragments[2] = []byte("blank.")
		}, 2},
		"fragments of unknown frames": {rle, func() dicom.DataElement { return encapsulated("one a.", "one b.", "two a.", "three.") }, func(e *dicom.DataElement) {
			e.Fragments[3] = []byte("blank.")
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			blanked := tt.pixels()
			tt.blank(&blanked)
			original := encode(t, tt.syntax, multiFrame(3, tt.pixels()))
			derivative := encode(t, tt.syntax, multiFrame(3, blanked))
			evidence, _, err := attest.Build(secret, 0, original, sinso.NewHashed(derivative))
			if err != nil {
				t.Fatal(err)
			}
			got, _, err := attest.VerifyInstance(evidence, derivative)
			if err != nil || got.Frames != 3 || got.FramesSigned != tt.signed || got.Changed != 1 {
				t.Errorf("got %+v, %v; want %d of 3 frames signed and 1 changed", got, err, tt.signed)
			}
		})
	}
}

// TestEachFlipInEachSyntaxFails flips a bit of each byte of a derivative.
func TestEachFlipInEachSyntaxFails(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		syntax string
		pixels dicom.DataElement
	}{
		"implicit": {implicitLittle, native(2)}, "deflated": {deflated, native(2)}, "encapsulated": {rle, encapsulated("one!", "two!")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ds := multiFrame(2, tt.pixels)
			original, derivative := encode(t, tt.syntax, ds), encode(t, tt.syntax, cleanTree(ds))
			evidence, _, err := attest.Build(secret, 0, original, sinso.NewHashed(derivative))
			if err != nil {
				t.Fatal(err)
			}
			for i := range derivative {
				derivative[i] ^= 1 << (i % 8)
				_, _, err := attest.VerifyInstance(evidence, derivative)
				derivative[i] ^= 1 << (i % 8)
				piece(t, err, "byte %d", i)
			}
		})
	}
}

// TestItemsRemovedAreDeclared removes one item of a sequence.
func TestItemsRemovedAreDeclared(t *testing.T) {
	t.Parallel()
	ds := multiFrame(1, native(1))
	original := encode(t, explicitLittle, ds)
	ds.Elements[2].Items = ds.Elements[2].Items[:2]
	derivative := encode(t, explicitLittle, ds)
	evidence, _, err := attest.Build(secret, 0, original, sinso.NewHashed(derivative))
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := attest.VerifyInstance(evidence, derivative)
	if err != nil || got.Changed != 1 || got.Withheld != 2 || got.Added != 0 {
		t.Errorf("got %+v, %v; want the number of items changed and two elements withheld", got, err)
	}
	if !bytes.Contains(evidence.Leaves, []byte{byte(attest.KindItems)}) {
		t.Error("no change of items is declared")
	}
}
