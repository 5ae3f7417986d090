package deid

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sinso.dev/sinso/internal/format/dicom"
)

// uids returns every UID of a data set that is not the standard's own.
func uids(ds *dicom.Dataset) map[string]bool {
	out := map[string]bool{}
	_ = ds.Walk(func(_ int, e *dicom.DataElement) error {
		if e.VR == dicom.VRUI {
			for uid := range strings.SplitSeq(strings.TrimRight(string(e.Value), "\x00"), `\`) {
				if uid != "" && !strings.HasPrefix(uid, "1.2.840.10008.") {
					out[uid] = true
				}
			}
		}
		return nil
	})
	return out
}

// study returns three instances that refer to each other.
func study(t *testing.T) [][]byte {
	t.Helper()
	var out [][]byte
	names := []string{"1.2.3.4.1001", "1.2.3.4.1002", "1.2.3.4.1003"}
	for i, name := range names {
		ds := chest(4)
		ds.SetString(tagSOPInstance, dicom.VRUI, name)
		var ref dicom.Dataset
		ref.SetString(0x00081150, dicom.VRUI, "1.2.840.10008.5.1.4.1.1.2")
		ref.SetString(0x00081155, dicom.VRUI, names[(i+1)%len(names)])
		ds.Set(dicom.DataElement{Tag: 0x00081140, VR: dicom.VRSQ, Items: []dicom.Dataset{ref}})
		out = append(out, part10(t, dicom.ExplicitLittleEndian, ds))
	}
	return out
}

func TestUIDsStayConsistentOverAStudy(t *testing.T) {
	t.Parallel()
	p := newProfile(t)
	instances, references, studies := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, raw := range study(t) {
		file, tree := read(t, clean(t, p, raw, 1).Clean.Bytes)
		instances[file.String(tagSOPInstance)] = true
		studies[file.String(tagStudyInstance)] = true
		item := tree.Find(0x00081140).Items[0]
		references[strings.TrimRight(string(item.Find(0x00081155).Value), "\x00")] = true
		if got := strings.TrimRight(string(item.Find(0x00081150).Value), "\x00"); got != "1.2.840.10008.5.1.4.1.1.2" {
			t.Errorf("Referenced SOP Class UID: got %q", got)
		}
	}
	if len(instances) != 3 || len(studies) != 1 {
		t.Fatalf("got %d instances of %d studies, want 3 of 1", len(instances), len(studies))
	}
	for uid := range references {
		if !instances[uid] {
			t.Error("a reference leads to no instance of the study")
		}
	}
}

func TestTwoReleasesDoNotLink(t *testing.T) {
	t.Parallel()
	p := newProfile(t)
	for _, raw := range study(t) {
		oneFile, one := read(t, clean(t, p, raw, 1).Clean.Bytes)
		twoFile, two := read(t, clean(t, p, raw, 2).Clean.Bytes)
		other := uids(&two)
		for uid := range uids(&one) {
			if other[uid] {
				t.Errorf("%s is in both", uid)
			}
		}
		for _, tag := range []dicom.Tag{tagPatientID, 0x00080020, 0x00080021} {
			if oneFile.String(tag) == "" || oneFile.String(tag) == twoFile.String(tag) {
				t.Errorf("%v is the same in both, or empty", tag)
			}
		}
	}
}

// TestUIDMapIsAFunctionOfTheRelease: valid, the same for the same UID, another
// one for another UID or release.
func TestUIDMapIsAFunctionOfTheRelease(t *testing.T) {
	t.Parallel()
	uid := rapid.StringMatching(`1\.[1-9][0-9]{0,8}(\.[1-9][0-9]{0,8}){1,5}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := uid.Draw(t, "a"), uid.Draw(t, "b")
		one, two := newKeys(testRelease(1), maxShiftDays), newKeys(testRelease(2), maxShiftDays)
		got := one.UID(a)
		if len(got) > 64 || !strings.HasPrefix(got, "2.25.") || strings.HasPrefix(got, "2.25.0") || strings.Trim(got, "0123456789.") != "" {
			t.Fatalf("%q is no UID", got)
		}
		if got != one.UID(a) || got == two.UID(a) || (one.UID(b) == got) != (a == b) {
			t.Fatalf("%q and %q: %q", a, b, got)
		}
	})
}

func TestOnlyTheStandardsUIDsAreKept(t *testing.T) {
	t.Parallel()
	for uid, want := range map[string]bool{
		"1.2.840.10008.1.4.1.1":          true, // Talairach frame of reference
		"1.2.840.10008.1.5.1":            true, // Hot Iron palette
		"1.2.840.10008.1.20.1.1":         true, // storage commitment
		"1.2.840.10008.1.4.1.1987123":    false,
		"1.2.840.10008.1.4.1.1.1.1":      false,
		"1.2.840.10008.1.4.19.70.11":     false,
		"1.2.840.10008.1.4.1.99":         false,
		"1.2.840.10008.15.1.1":           true,  // UTC
		"1.2.840.10008.5.1.4.1.1.2":      false, // no instance is called as a class
		"1.2.840.10008.99.1987":          false,
		"1.2.840.113619.2.55.3.12345":    false,
		"1.2.840.10008.1.4.DOE":          false,
		"1.2.840.10008.1.4.1.1\x00DOE^J": false,
	} {
		if got := wellKnownUID(uid); got != want {
			t.Errorf("%q: got %v, want %v", uid, got, want)
		}
	}
}

// TestInstanceWithoutNameGetsOne: by its meta information, or by its bytes.
func TestInstanceWithoutNameGetsOne(t *testing.T) {
	t.Parallel()
	p := newProfile(t)
	ds := chest(4)
	ds.Remove(tagSOPInstance)
	var meta dicom.Dataset
	meta.SetString(tagMetaSOPInstance, dicom.VRUI, "1.2.3.4.1001")
	withMeta, err := dicom.EncodeMeta(dicom.ExplicitLittleEndian, meta, ds)
	if err != nil {
		t.Fatal(err)
	}
	named := clean(t, p, study(t)[0], 1).Clean.UID
	if got := clean(t, p, withMeta, 1).Clean.UID; got != named {
		t.Errorf("by meta information: got %q, want %q", got, named)
	}
	bare := clean(t, p, part10(t, dicom.ExplicitLittleEndian, ds), 1)
	file, _ := read(t, bare.Clean.Bytes)
	if got := file.String(tagSOPInstance); got == "" || got == named || got != bare.Clean.UID || file.MetaString(tagMetaSOPInstance) != got {
		t.Errorf("by its bytes: got %q", got)
	}
}
