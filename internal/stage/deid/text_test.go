package deid

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"sinso.dev/sinso/internal/format/dicom"
)

// TestDescriptionsAreCleaned: what is medical stays, who and when goes, in the
// character set of the object.
func TestDescriptionsAreCleaned(t *testing.T) {
	t.Parallel()
	gb := func(text string) string {
		encoded, err := simplifiedchinese.GB18030.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return encoded
	}
	for name, tt := range map[string]struct {
		charset, value string
		stays, gone    []string
	}{
		"English":              {"ISO_IR 100", "CT CHEST WITH CONTRAST", []string{"CT CHEST WITH CONTRAST"}, nil},
		"with a name":          {"ISO_IR 100", "CT chest, Phantom, Dr. Referrer", []string{"CT chest"}, []string{"hantom", "eferrer"}},
		"with a date":          {"ISO_IR 100", "CT chest, compare 17.01.2024", []string{"CT chest"}, []string{"2024", "17.01"}},
		"with a hospital":      {"ISO_IR 100", "CT chest, Synthetic General Hospital", []string{"CT chest"}, []string{"Synthetic"}},
		"a name alone":         {"ISO_IR 100", "PHANTOM^JANE", nil, []string{"PHANTOM"}},
		"Chinese":              {"GB18030", gb("胸部CT平扫"), []string{gb("胸部CT平扫")}, nil},
		"Chinese and a name":   {"GB18030", gb("胸部CT平扫 患者王小明"), []string{gb("胸部CT平扫")}, []string{gb("小明")}},
		"another Chinese name": {"GB18030", gb("胸部正侧位 住院号90016386"), []string{gb("胸部正侧位")}, []string{"90016386"}},
		"UTF-8":                {"ISO_IR 192", "胸部CT平扫 王小明 13812345678", []string{"胸部CT平扫"}, []string{"小明", "138"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ds := chest(4)
			ds.SetString(tagPatientName, dicom.VRPN, "PHANTOM^JANE="+gb("王^婉清")) // in UTF-8 files these bytes are no text
			ds.SetString(tagCharacterSet, dicom.VRCS, tt.charset)
			ds.SetString(tagStudyDescription, dicom.VRLO, tt.value)
			result := clean(t, salesProfile(t), part10(t, dicom.ExplicitLittleEndian, ds), 1)
			_, tree := read(t, result.Clean.Bytes)
			got := ""
			if e := tree.Find(tagStudyDescription); e != nil {
				got = string(e.Value)
			}
			for _, want := range tt.stays {
				if !strings.Contains(got, want) {
					t.Errorf("%q is gone from %q", want, got)
				}
			}
			for _, no := range tt.gone {
				if strings.Contains(got, no) {
					t.Errorf("%q is in %q", no, got)
				}
			}
			if len(tt.stays) == 0 && tree.Find(tagStudyDescription) != nil {
				t.Errorf("%q is left of nothing but a name", got)
			}
			want := map[bool]Action{true: Kept, false: Cleaned}[len(tt.gone) == 0]
			if len(tt.stays) == 0 {
				want = Removed
			}
			if change := changeOf(result, "(0008,1030)"); change.Action != want {
				t.Errorf("it is told as %s, want %s", change.Action, want)
			}
		})
	}
}

// TestNamesOfItemsAreReadInTheirCharacterSet: an item says of its own set what its names
// are, and they go from a text of the object, whose words they are too.
func TestNamesOfItemsAreReadInTheirCharacterSet(t *testing.T) {
	t.Parallel()
	name, err := simplifiedchinese.GB18030.NewEncoder().String("高^密度")
	if err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func(*dicom.Dataset){
		"an item of another set":    within(0x00081140, put(tagCharacterSet, dicom.VRCS, "GB18030 "), put(0x00080090, dicom.VRPN, name)),
		"an item in one of another": within(0x00081140, put(tagCharacterSet, dicom.VRCS, "GB18030 "), within(0x00081140, put(0x00080090, dicom.VRPN, name))),
		"an item of the same":       within(0x00081140, put(0x00080090, dicom.VRPN, "高^密度")),
	} {
		ds := chest(4)
		ds.SetString(tagCharacterSet, dicom.VRCS, "ISO_IR 192")
		ds.SetString(tagStudyDescription, dicom.VRLO, "胸部CT 高密度影 复查")
		change(&ds)
		_, tree := read(t, clean(t, salesProfile(t), part10(t, dicom.ExplicitLittleEndian, ds), 1).Clean.Bytes)
		got := ""
		if e := tree.Find(tagStudyDescription); e != nil {
			got = string(e.Value)
		}
		if strings.Contains(got, "高密度") || !strings.Contains(got, "胸部CT") {
			t.Errorf("%s: the text is %q", what, got)
		}
	}
}

// reportTree is a report: a text that names the person, their doctor, a date, a UID,
// a measurement.
func reportTree() dicom.Dataset {
	item := func(kind string, change func(*dicom.Dataset)) dicom.Dataset {
		var ds dicom.Dataset
		ds.SetString(0x0040A010, dicom.VRCS, "CONTAINS")
		ds.SetString(0x0040A040, dicom.VRCS, kind)
		var concept dicom.Dataset
		concept.SetString(tagCodeValue, dicom.VRSH, "121071")
		concept.SetString(tagCodingScheme, dicom.VRSH, "DCM")
		concept.SetString(tagCodeMeaning, dicom.VRLO, "Finding")
		ds.Set(dicom.DataElement{Tag: 0x0040A043, VR: dicom.VRSQ, Items: []dicom.Dataset{concept}})
		change(&ds)
		return ds
	}
	ds := chest(4)
	ds.Remove(tagPixelData)
	ds.SetString(tagPatientName, dicom.VRPN, "PHANTOM^JANE")
	class("1.2.840.10008.5.1.4.1.1.88.22", "SR")(&ds)
	ds.Set(dicom.DataElement{Tag: 0x0040A730, VR: dicom.VRSQ, Items: []dicom.Dataset{
		item("TEXT", set(tagTextValue, dicom.VRUT, "The left lung of Mrs. Phantom is clear. Nodule of 8 mm in the right upper lobe.")),
		item("PNAME", set(0x0040A123, dicom.VRPN, "REFERRER^RITA")),
		item("DATE", set(0x0040A121, dicom.VRDA, "20240117")),
		item("UIDREF", set(0x0040A124, dicom.VRUI, "1.2.3.4.1001")),
		item("CONTAINER", func(ds *dicom.Dataset) {
			ds.Set(dicom.DataElement{Tag: 0x0040A730, VR: dicom.VRSQ, Items: []dicom.Dataset{
				item("TEXT", set(tagTextValue, dicom.VRUT, "No pneumothorax. Called Dr. Referrer at 555-0173.")),
			}})
		}),
	}})
	return ds
}

func TestReportsKeepTheirFindings(t *testing.T) {
	t.Parallel()
	raw := part10(t, dicom.ExplicitLittleEndian, reportTree())
	result := clean(t, salesProfile(t), raw, 1)
	_, tree := read(t, result.Clean.Bytes)
	items := tree.Find(0x0040A730).Items
	first := string(items[0].Find(tagTextValue).Value)
	deep := string(items[4].Find(0x0040A730).Items[0].Find(tagTextValue).Value)
	for text, stays := range map[string][]string{first: {"left lung", "clear", "8 mm", "right upper lobe"}, deep: {"No pneumothorax"}} {
		for _, want := range stays {
			if !strings.Contains(text, want) {
				t.Errorf("%q is gone from %q", want, text)
			}
		}
	}
	for _, no := range []string{"Phantom", "PHANTOM", "Referrer", "REFERRER", "555", "0173", "20240117", "1.2.3.4.1001"} {
		if strings.Contains(string(result.Clean.Bytes), no) {
			t.Errorf("%q is in the derivative", no)
		}
	}
	if got := string(items[2].Find(0x0040A121).Value); len(got) != len(dateForm) {
		t.Errorf("the date is %q, want a moved one", got)
	}
	if len(result.Clean.Withheld) > 0 {
		t.Errorf("withheld: %v", result.Clean.Withheld)
	}
	if got := clean(t, newProfile(t), raw, 1); len(got.Clean.Withheld) == 0 || strings.Contains(string(got.Clean.Bytes), "lung") {
		t.Errorf("without the option: withheld %v, or its text is there", got.Clean.Withheld)
	}
}
