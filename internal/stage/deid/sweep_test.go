package deid

import (
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
)

func TestSweepFindsIdentifiersInKeptText(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		tag   dicom.Tag
		vr    dicom.VR
		value string
		kept  bool
	}{
		"family name":              {0x00080070, dicom.VRLO, "scanner of Phantom", false},
		"patient ID without signs": {0x00181020, dicom.VRLO, "v1 phantom0001", false},
		"birth date":               {0x00181020, dicom.VRLO, "born 01.01.1970", false},
		"study date":               {0x00181210, dicom.VRSH, "K20240117", false},
		"accession number":         {0x00181020, dicom.VRLO, "acc7731", false},
		"referrer":                 {0x00081090, dicom.VRLO, "for Dr Referrer", false},
		"institution":              {0x00080070, dicom.VRLO, "Synthetic General Hospital", false},
		"in a code string":         {0x00180022, dicom.VRCS, "RITA", false},
		"station in words":         {0x00081090, dicom.VRLO, "X CT1 Y", false},
		"station in another word":  {0x00081090, dicom.VRLO, "XCT12", true},
		"a standard's own term":    {0x00180015, dicom.VRCS, "CHEST", true},
		"nothing":                  {0x00081090, dicom.VRLO, "Ellipsoid 64", true},
	} {
		ds := chest(4)
		ds.SetString(tt.tag, tt.vr, tt.value)
		_, file, tree := cleaned(t, ds, 1)
		if got := file.String(tt.tag); (got == tt.value) != tt.kept {
			t.Errorf("%s: got %q", name, got)
		}
		if tree.Find(tt.tag) == nil {
			t.Errorf("%s: the element is gone", name)
		}
	}
}

func TestSweepFindsNamesInOtherScripts(t *testing.T) {
	t.Parallel()
	ds := chest(4)
	ds.SetString(0x00080005, dicom.VRCS, "GB18030")
	ds.Set(dicom.DataElement{Tag: tagPatientName, VR: dicom.VRPN, Value: []byte("Wang^XiaoDong=\xCD\xF5^\xD0\xA1\xB6\xAB")})
	ds.Set(dicom.DataElement{Tag: 0x00080070, VR: dicom.VRLO, Value: []byte("for \xD0\xA1\xB6\xAB.")})
	_, file, _ := cleaned(t, ds, 1)
	if got := file.String(0x00080070); got != dummyText {
		t.Errorf("got %q, want the dummy", got)
	}
}
