package dicom_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// seeds are small files in every form.
func seeds(f *testing.F) {
	f.Helper()
	for _, syntax := range []string{dicom.ExplicitLittleEndian, dicom.ImplicitLittleEndian, dicom.ExplicitBigEndian, dicom.DeflatedExplicitLittleEndian} {
		f.Add(mustEncode(f, syntax, ct(2)))
	}
	name := append(head(nil, 0x00100010, 4), "A^B "...)
	f.Add(part10(dicom.ExplicitLittleEndian, append(unknown(0x00091010, "UN"), open(nil, name)...)))
	f.Add(part10(dicom.ExplicitLittleEndian, put(nil, 0x00091010, "UN", string(append(head(nil, item, 12), name...)))))
	f.Add(part10("1.2.840.10008.1.2.5", head(append(head(head(unknown(pixelData, "OB"), item, 0), item, 2), "ab"...), sequenceEnd, 0)))
	private := append(append(head(nil, 0x00190010, 18), "SIEMENS MR HEADER "...), append(head(nil, 0x00191027, 7), "1234567"...)...)
	f.Add(part10(dicom.ImplicitLittleEndian, append(private, append(head(nil, 0x0019100C, 1), '7')...)))
	f.Add(put(put(nil, 0x00080005, "CS", "ISO 2022 IR 87"), 0x00100010, "PN", "\x1b$B;3ED\x1b(B"))
}

// FuzzRead reads anything and asks for everything.
func FuzzRead(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := dicom.Read(b)
		if err != nil {
			return
		}
		look(file)
		if _, err := dicom.ReadHeader(b); err != nil {
			t.Errorf("the whole is read, its header is not: %v", err)
		}
	})
}

// FuzzReadTruncated reads anything that is cut off, and its directory. What Read reads
// is not cut off.
func FuzzReadTruncated(f *testing.F) {
	seeds(f)
	types := []string{"PATIENT", "STUDY", "SERIES", "IMAGE"}
	f.Add(mustEncodeTree(f, directory(f, 1, types, [][2]int{{0, 2}, {0, 3}, {0, 4}, {0, 0}})))
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := dicom.ReadTruncated(b)
		if whole, err := dicom.Read(b); err == nil && (file == nil || file.Truncated() || len(whole.Elements()) != len(file.Elements())) {
			t.Errorf("the whole is read otherwise")
		}
		if err != nil {
			return
		}
		look(file)
		if records, err := file.Directory(); err == nil {
			for i, r := range records {
				if r.Parent >= i {
					t.Errorf("record %d belongs to %d", i, r.Parent)
				}
				_ = r.Text(0x00100010)
			}
		}
	})
}

// FuzzRoundTrip writes what was read: it is read again and is the same. Left out
// are files that cannot stay the same: see losesVRs and cutItems.
func FuzzRoundTrip(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := dicom.Read(b)
		if err != nil || losesVRs(file) || cutItems(file) {
			return
		}
		ds, err := file.Tree()
		if err != nil {
			t.Fatal(err)
		}
		written, err := dicom.EncodeMeta(file.Syntax().UID, file.MetaTree(), ds)
		if errors.Is(err, sinso.ErrInvalid) || errors.Is(err, sinso.ErrUnsupported) {
			return // what was read is no valid data set: File Meta Information in it, fragments in a syntax without them
		}
		if err != nil {
			t.Fatal(err)
		}
		again, err := dicom.Read(written)
		if err != nil {
			t.Fatalf("what was written is not read: %v", err)
		}
		got, err := again.Tree()
		if err != nil {
			t.Fatal(err)
		}
		if why := sameTree(ds, got, again.Syntax().Explicit); why != "" {
			t.Error(why)
		}
	})
}

// losesVRs reports whether the syntax that a file names is implicit and the file is
// not, or not everywhere.
func losesVRs(f *dicom.File) bool {
	if s, _ := dicom.SyntaxByUID(f.Syntax().UID); s.Explicit {
		return false
	}
	return slices.ContainsFunc(f.Elements(), func(e dicom.Element) bool {
		return e.Explicit() && e.Kind != dicom.KindItem && e.Kind != dicom.KindFragment
	})
}

// cutItems reports whether there is an unknown value of odd length that begins as
// items do: the byte that makes it even may complete them.
func cutItems(f *dicom.File) bool {
	return slices.ContainsFunc(f.Elements(), func(e dicom.Element) bool {
		value := f.Value(e)
		return e.Kind == dicom.KindValue && e.VR() == "UN" && len(value)%2 == 1 &&
			(bytes.HasPrefix(value, []byte("\xFE\xFF\x00\xE0")) || bytes.HasPrefix(value, []byte("\xFF\xFE\xE0\x00")))
	})
}
