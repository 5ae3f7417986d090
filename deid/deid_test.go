package deid_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/deid"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/phantom"
)

// chest draws one slice of an invented person's chest, without words for the part of
// the body if unnamed.
func chest(unnamed bool) []byte {
	var out []byte
	err := phantom.Series(phantom.Options{Slices: 1}, func(_ string, part10 []byte) error {
		out = part10
		return nil
	})
	if err != nil {
		panic(err)
	}
	if !unnamed {
		return out
	}
	file, err := dicom.Read(out)
	if err != nil {
		panic(err)
	}
	ds, err := file.Tree()
	if err != nil {
		panic(err)
	}
	for _, tag := range []dicom.Tag{0x00180015, 0x00081030, 0x0008103E, 0x00181030, 0x00081032, 0x00082218, 0x00189423, 0x00321060, 0x00321064, 0x00400007, 0x00400008, 0x00400254, 0x00400260, 0x00400275} {
		ds.Remove(tag)
	}
	if out, err = dicom.Encode(dicom.ExplicitLittleEndian, ds); err != nil {
		panic(err)
	}
	return out
}

// Cleaning the objects of a study, and holding back what may still identify.
func Example() {
	profile, err := deid.Preset("research-sale")
	if err != nil {
		panic(err)
	}
	key := deid.Key{1, 2, 3} // 32 bytes from crypto/rand, one key for each recipient
	study := [][]byte{chest(false)}

	var made []deid.Object
	var undecided []deid.Sight
	for _, original := range study {
		object, err := profile.Clean(context.Background(), original, key)
		if err != nil {
			panic(err)
		}
		made = append(made, object)
		if object.Sight.Undecided() {
			undecided = append(undecided, object.Sight)
		}
	}
	face := deid.ShowFace(undecided...)
	for _, object := range made {
		if face && object.Sight.Undecided() {
			object.Withheld = append(object.Withheld, deid.Face)
		}
		for _, change := range object.Changes {
			if change.Path == "(0010,0010)" {
				fmt.Println("name:", change.Action, "by", change.Cause)
			}
		}
		fmt.Println("withheld for", len(object.Withheld), "reasons")
	}
	// Output:
	// name: replaced by table
	// withheld for 0 reasons
}

func open(t *testing.T) *deid.Profile {
	t.Helper()
	p, err := deid.Preset("research-sale")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestTheSameKeyGivesTheSameBytes and another gives other ones; the original stays
// as it is.
func TestTheSameKeyGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	p, original := open(t), chest(false)
	before := bytes.Clone(original)
	var made [3]deid.Object
	for i, key := range []deid.Key{{1}, {1}, {2}} {
		var err error
		if made[i], err = p.Clean(t.Context(), original, key); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(before, original) {
		t.Error("the original was changed")
	}
	if !bytes.Equal(made[0].Bytes, made[1].Bytes) || bytes.Equal(made[0].Bytes, made[2].Bytes) {
		t.Error("the bytes do not depend on the key alone")
	}
	if made[0].InstanceUID == made[2].InstanceUID || made[0].StudyUID == made[2].StudyUID {
		t.Error("two keys give one UID")
	}
	file, err := dicom.Read(made[0].Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if got := file.String(0x00080018); got != made[0].InstanceUID {
		t.Errorf("SOP Instance UID: got %s, want %s", made[0].InstanceUID, got)
	}
	if got := file.String(0x0020000D); got != made[0].StudyUID {
		t.Errorf("Study Instance UID: got %s, want %s", made[0].StudyUID, got)
	}
	if p.Hash() == [32]byte{} {
		t.Error("the profile has no hash")
	}
}

// TestUndecidedObjectsAreLeftToTheirStudy with a trunk, which is no head.
func TestUndecidedObjectsAreLeftToTheirStudy(t *testing.T) {
	t.Parallel()
	object, err := open(t).Clean(t.Context(), chest(true), deid.Key{1})
	if err != nil {
		t.Fatal(err)
	}
	if !object.Sight.Undecided() || len(object.Withheld) > 0 {
		t.Errorf("got undecided %t, withheld %v, want it undecided", object.Sight.Undecided(), object.Withheld)
	}
	s := object.Sight
	if deid.ShowFace(s, s, s, s, s) || deid.ShowFace() {
		t.Error("a trunk, or nothing, is taken for a head")
	}
}

// TestErrorsHaveTheirClass for what is no object, and for a context that has ended.
func TestErrorsHaveTheirClass(t *testing.T) {
	t.Parallel()
	p, whole := open(t), chest(false)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, tt := range map[string]struct {
		ctx  context.Context
		data []byte
		want error
	}{
		"nothing":     {t.Context(), nil, sinso.ErrInvalid},
		"text":        {t.Context(), []byte(strings.Repeat("NOBODY ", 100)), sinso.ErrInvalid},
		"cut off":     {t.Context(), whole[:len(whole)/2], sinso.ErrCorrupt},
		"ended":       {ended, whole, context.Canceled},
		"cut in head": {t.Context(), whole[:200], sinso.ErrCorrupt},
	} {
		object, err := p.Clean(tt.ctx, tt.data, deid.Key{1})
		if !errors.Is(err, tt.want) || object.Bytes != nil {
			t.Errorf("%s: got %v, want %v", name, err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), "NOBODY") {
			t.Errorf("%s: the error holds a value", name)
		}
	}
}

// TestNoVerbPrintsAKey in fmt and JSON.
func TestNoVerbPrintsAKey(t *testing.T) {
	t.Parallel()
	key := deid.Key{0xAB, 0xCD}
	text, err := json.Marshal(map[string]any{"key": key})
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range []string{fmt.Sprint(key), fmt.Sprintf("%v %x %#v %s %d", key, key, key, key, key), key.String(), key.GoString(), string(text)} {
		if !strings.Contains(got, "[key]") || strings.Contains(strings.ToLower(got), "ab") || strings.Contains(got, "171") {
			t.Errorf("got %q", got)
		}
	}
}

// TestEveryReasonIsExplained for the one that has a name here; what is none has no
// sentence.
func TestEveryReasonIsExplained(t *testing.T) {
	t.Parallel()
	if deid.Explain(deid.Face) == "" || deid.Explain("no such reason") != "" {
		t.Errorf("got %q and %q", deid.Explain(deid.Face), deid.Explain("no such reason"))
	}
}
