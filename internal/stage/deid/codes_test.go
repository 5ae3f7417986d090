package deid

import (
	"strings"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
)

// codesOf returns the code values of the procedure codes of a derivative.
func codesOf(t *testing.T, p *Profile, seed byte, codes ...dicom.Dataset) (values, schemes []string) {
	t.Helper()
	ds := chest(8)
	ds.Set(sequence(tagProcedureCodes, codes...))
	_, tree := read(t, clean(t, p, part10(t, dicom.ExplicitLittleEndian, ds), seed).Clean.Bytes)
	for _, code := range tree.Find(tagProcedureCodes).Items {
		values = append(values, strings.TrimRight(string(code.Find(tagCodeValue).Value), " "))
		schemes = append(schemes, strings.TrimRight(string(code.Find(tagCodingScheme).Value), " "))
	}
	return values, schemes
}

// TestOwnCodesStayTellingApart: codes of private schemes get a name of the release: the
// same one the same, and those of another value or scheme another; in two releases none.
func TestOwnCodesStayTellingApart(t *testing.T) {
	t.Parallel()
	codes := []dicom.Dataset{
		concept("7731", "99HOUSE", "Chest"), concept("7731", "99HOUSE", "Chest"), concept("7732", "99HOUSE", "Chest"),
		concept("7731", "STMARY", "Chest"), concept("7731", "L", "Chest"),
	}
	one, schemes := codesOf(t, salesProfile(t), 1, codes...)
	two, _ := codesOf(t, salesProfile(t), 2, codes...)
	seen := map[string]bool{}
	for i, value := range one {
		if len(value) != 16 || value == two[i] || schemes[i] != dummyScheme {
			t.Errorf("code %d is %q of %q, and %q in another release", i, value, schemes[i], two[i])
		}
		seen[value] = true
	}
	if one[0] != one[1] || len(seen) != 4 {
		t.Errorf("%d codes of 4: %v", len(seen), one)
	}
}

// TestCodesOfPublicSchemesStay: value and designator, of the standard's list.
func TestCodesOfPublicSchemesStay(t *testing.T) {
	t.Parallel()
	for scheme, stays := range map[string]bool{
		"DCM": true, "SCT": true, "SRT": true, "LN": true, "NCIt": true, "I10": true, "99SDM": true, "RADLEX": true, "UCUM": true, "JJ1017T": true,
		"L": false, "NPI": false, "ISO_OID": false, "99GEMS": false, "HL7": false, "CCC": false, "RIS": false,
	} {
		values, schemes := codesOf(t, salesProfile(t), 1, concept("24627-2", scheme, "Chest CT"))
		if (values[0] == "24627-2" && schemes[0] == scheme) != stays {
			t.Errorf("%s: it is %q of %q", scheme, values[0], schemes[0])
		}
	}
}
