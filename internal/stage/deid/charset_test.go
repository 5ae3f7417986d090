package deid

import (
	"bytes"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
)

// TestCharacterSetStaysWithItsTexts: what is written otherwise than the standard does, and
// understood, is written right.
func TestCharacterSetStaysWithItsTexts(t *testing.T) {
	t.Parallel()
	p := parsed(t, `options = ["retain-institution-identity"]`)
	for said, tt := range map[string]struct{ institution, want string }{
		"ISO-IR 100": {"Universit\xe4t", "ISO_IR 100"},
		"iso_ir 100": {"Universit\xe4t", "ISO_IR 100"},
		"gb18030":    {"\xd2\xbd\xd4\xba", "GB18030"},
		"utf-8":      {"Universität", "ISO_IR 192"},
		"ISO_IR 100": {"Universit\xe4t", "ISO_IR 100"},
	} {
		ds := chest(8)
		ds.SetString(tagCharacterSet, dicom.VRCS, said)
		ds.SetString(tagInstitution, dicom.VRLO, tt.institution)
		_, tree := read(t, clean(t, p, part10(t, dicom.ExplicitLittleEndian, ds), 1).Clean.Bytes)
		set, institution := tree.Find(tagCharacterSet), tree.Find(tagInstitution)
		if got := string(bytes.TrimRight(set.Value, " ")); got != tt.want || !bytes.HasPrefix(institution.Value, []byte(tt.institution)) {
			t.Errorf("%s: the set is %q and the text %q, want %q and %q", said, got, institution.Value, tt.want, tt.institution)
		}
	}
}
