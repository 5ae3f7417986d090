package deid

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

func TestCleanIsDeterministic(t *testing.T) {
	t.Parallel()
	p, raw := newProfile(t), study(t)[0]
	before := bytes.Clone(raw)
	one, two := clean(t, p, raw, 1), clean(t, newProfile(t), raw, 1)
	if !bytes.Equal(one.Clean.Bytes, two.Clean.Bytes) || !slices.Equal(one.Changes, two.Changes) {
		t.Error("the same record and release gave two derivatives")
	}
	if !bytes.Equal(before, raw) {
		t.Error("the record was changed")
	}
	if p.Hash() != newProfile(t).Hash() || p.Hash() == [32]byte{} {
		t.Error("two profiles of one table have two hashes")
	}
}

func TestPixelsAreNotTouched(t *testing.T) {
	t.Parallel()
	p := newProfile(t)
	ds := chest(16)
	want := ds.Find(tagPixelData).Value
	for _, syntax := range []string{dicom.ExplicitLittleEndian, dicom.ImplicitLittleEndian, dicom.ExplicitBigEndian, dicom.DeflatedExplicitLittleEndian} {
		file, tree := read(t, clean(t, p, part10(t, syntax, ds), 1).Clean.Bytes)
		if got := tree.Find(tagPixelData); !bytes.Equal(got.Value, want) {
			t.Errorf("%s: the pixels changed", syntax)
		}
		if file.Syntax().UID != syntax {
			t.Errorf("%s became %s", syntax, file.Syntax().UID)
		}
	}
}

// TestEveryElementIsAccountedFor: the changes tell of each element of the
// original, and tell the truth.
func TestEveryElementIsAccountedFor(t *testing.T) {
	t.Parallel()
	raw := study(t)[0]
	_, before := read(t, raw)
	result := clean(t, newProfile(t), raw, 1)
	_, after := read(t, result.Clean.Bytes)
	changes := map[string]Action{}
	for _, change := range result.Changes {
		if _, twice := changes[change.Path]; twice {
			t.Errorf("%s is told twice", change.Path)
		}
		changes[change.Path] = change.Action
	}
	for _, e := range before.Elements {
		action, told := changes[e.Tag.String()]
		now := after.Find(e.Tag)
		switch {
		case !told:
			t.Errorf("%v is not told of", e.Tag)
		case (now == nil) != (action == Removed):
			t.Errorf("%v was %s", e.Tag, action)
		case now != nil && e.Items == nil && bytes.Equal(now.Value, e.Value) != (action == Kept):
			t.Errorf("%v was %s", e.Tag, action)
		}
	}
	if changes["(0008,1140)[0].(0008,1155)"] != Replaced || changes["(0008,1140)[0].(0008,1150)"] != Kept {
		t.Error("elements of items are not told of")
	}
}

func TestWhatTheTableDoesNotList(t *testing.T) {
	t.Parallel()
	text := func(s string) []byte { return []byte(s) }
	for name, tt := range map[string]struct {
		e    dicom.DataElement
		want string // of the value; "-" if the element must be gone
	}{
		"free text":                  {dicom.DataElement{Tag: 0x00081140 - 0x40 + 0x1000, VR: dicom.VRLO, Value: text("x ")}, "-"}, // (0008,2100): no such attribute
		"unknown even element":       {dicom.DataElement{Tag: 0x00090000 - 0x10000 + 0xFF00, VR: dicom.VRLO, Value: text("MARIA ")}, "-"},
		"group length":               {dicom.DataElement{Tag: 0x00080000, VR: dicom.VRUL, Value: []byte{1, 0, 0, 0}}, "-"},
		"comment":                    {dicom.DataElement{Tag: 0x00280A04, VR: dicom.VRLO, Value: text("Frau Maria")}, dummyText},
		"date in another calendar":   {dicom.DataElement{Tag: 0x00100033, VR: dicom.VRLO, Value: text("S45.01.01 ")}, dummyText},
		"name of a reviewer":         {dicom.DataElement{Tag: 0x00140104, VR: dicom.VRPN, Value: text("MARIA ")}, ""},
		"URL":                        {dicom.DataElement{Tag: 0x00081190, VR: dicom.VRUR, Value: text("http://x/maria")}, ""},
		"number":                     {dicom.DataElement{Tag: 0x00180050, VR: dicom.VRDS, Value: text("2.5 ")}, "2.5"},
		"text where a number is":     {dicom.DataElement{Tag: 0x00180050, VR: dicom.VRDS, Value: text("MARIA ")}, ""},
		"text VR where a number is":  {dicom.DataElement{Tag: 0x00180050, VR: dicom.VRLT, Value: text("MARIA ")}, ""},
		"code string of small type":  {dicom.DataElement{Tag: 0x00180022, VR: dicom.VRCS, Value: text("Maria ")}, ""},
		"bytes that nobody lists":    {dicom.DataElement{Tag: 0x00142210, VR: dicom.VROB, Value: text("MARIA ")}, ""},
		"UN of a kept attribute":     {dicom.DataElement{Tag: 0x00080070, VR: dicom.VRUN, Value: text("Acme")}, "Acme"},
		"UN of a comment":            {dicom.DataElement{Tag: 0x00280A04, VR: dicom.VRUN, Value: text("Maria ")}, dummyText},
		"UN of a number, with text":  {dicom.DataElement{Tag: 0x00180050, VR: dicom.VRUN, Value: text("MARIA ")}, ""},
		"kept text":                  {dicom.DataElement{Tag: 0x00080070, VR: dicom.VRLO, Value: text("Acme")}, "Acme"},
		"kept text in another VR":    {dicom.DataElement{Tag: 0x00080070, VR: dicom.VRUT, Value: text("Acme")}, dummyText},
		"overlay without its data":   {dicom.DataElement{Tag: 0x60001500, VR: dicom.VRLO, Value: text("MARIA ")}, "-"},
		"sequence that should be no": {dicom.DataElement{Tag: 0x00080070, VR: dicom.VRSQ, Items: []dicom.Dataset{{}}}, "-"},
	} {
		ds := chest(4)
		ds.Set(tt.e)
		_, _, tree := cleaned(t, ds, 1)
		got := "-"
		if now := tree.Find(tt.e.Tag); now != nil {
			got = strings.TrimSpace(string(now.Value))
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}

func TestItemsOfDummySequencesSayNothing(t *testing.T) {
	t.Parallel()
	var item dicom.Dataset
	item.SetString(0x00080100, dicom.VRSH, "DOC12")
	item.SetString(0x00080102, dicom.VRSH, "99HOSPITAL")
	item.SetString(0x00080104, dicom.VRLO, "Maria Doe")
	item.SetString(0x0040A30A, dicom.VRDS, "42.5")
	item.Set(dicom.DataElement{Tag: 0x00280010, VR: dicom.VRUS, Value: us(77)})
	ds := chest(4)
	ds.Set(dicom.DataElement{Tag: 0x00401101, VR: dicom.VRSQ, Items: []dicom.Dataset{item, item}}) // D
	_, _, tree := cleaned(t, ds, 1)
	items := tree.Find(0x00401101).Items
	if len(items) != 2 {
		t.Fatalf("%d items, want 2", len(items))
	}
	for _, e := range items[1].Elements {
		switch got := strings.TrimSpace(string(e.Value)); got {
		case dummyText, dummyScheme, dummyNumber, "\x01\x00":
		default:
			t.Errorf("%v: %q", e.Tag, got)
		}
	}
}

func TestCleanRefuses(t *testing.T) {
	t.Parallel()
	p := newProfile(t)
	directory := chest(4)
	directory.SetString(tagSOPClass, dicom.VRUI, mediaDirectory)
	for name, tt := range map[string]struct {
		record sinso.Record
		want   error
	}{
		"nothing":       {sinso.Record{}, sinso.ErrInvalid},
		"no DICOM":      {sinso.Record{Bytes: bytes.Repeat([]byte("no DICOM "), 40)}, sinso.ErrInvalid},
		"cut off":       {sinso.Record{Bytes: study(t)[0][:700]}, sinso.ErrCorrupt},
		"other kind":    {sinso.Record{Kind: "fhir", Bytes: study(t)[0]}, sinso.ErrUnsupported},
		"directory":     {sinso.Record{Bytes: part10(t, dicom.ExplicitLittleEndian, directory)}, sinso.ErrUnsupported},
		"ended context": {sinso.Record{Bytes: study(t)[0]}, context.Canceled},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		if tt.want == context.Canceled { //nolint:errorlint // a value of the table, not an error that was returned
			cancel()
		}
		if _, err := p.Clean(ctx, tt.record, testRelease(1)); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", name, err, tt.want)
		}
		cancel()
	}
}

// TestMutantsNeverPanic flips bytes all over a file: what the reader still takes
// is cleaned or refused.
func TestMutantsNeverPanic(t *testing.T) {
	t.Parallel()
	p, raw := newProfile(t), study(t)[0]
	taken := 0
	for at := 132; at < len(raw); at++ {
		mutant := bytes.Clone(raw)
		mutant[at] ^= byte(1 << (at % 8))
		result, err := p.Clean(t.Context(), sinso.Record{Bytes: mutant}, testRelease(1))
		if err != nil {
			continue
		}
		taken++
		if _, err := dicom.Read(result.Clean.Bytes); err != nil {
			t.Errorf("byte %d: the derivative cannot be read: %v", at, err)
		}
	}
	if taken < len(raw)/4 {
		t.Errorf("only %d mutants were cleaned", taken)
	}
}

func TestCleaningTwiceLosesNothingMore(t *testing.T) {
	t.Parallel()
	p := newProfile(t)
	once := clean(t, p, study(t)[0], 1)
	_, before := read(t, once.Clean.Bytes)
	_, after := read(t, clean(t, p, once.Clean.Bytes, 2).Clean.Bytes)
	if len(before.Elements) != len(after.Elements) {
		t.Errorf("%d elements, then %d", len(before.Elements), len(after.Elements))
	}
}

// BenchmarkClean cleans a 512² CT slice. Target: under 1 ms but for copying the
// pixels.
func BenchmarkClean(b *testing.B) {
	p := newProfile(b)
	raw := part10(b, dicom.ExplicitLittleEndian, chest(512))
	record := sinso.Record{Bytes: raw}
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Clean(b.Context(), record, testRelease(1)); err != nil {
			b.Fatal(err)
		}
	}
}
