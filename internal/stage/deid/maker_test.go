package deid

import (
	"strings"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
)

// TestMakersNamesStay: of devices and their makers; what somebody typed in their place about
// a person does not, though the object does not know of them.
func TestMakersNamesStay(t *testing.T) {
	t.Parallel()
	values := map[string]bool{}
	for _, list := range []struct {
		stays  bool
		values string
	}{
		{true, `GE MEDICAL SYSTEMS|SIEMENS|Philips Medical Systems|TOSHIBA_MEC_US|Agfa-Gevaert|FUJI PHOTO FILM Co., ltd.|Hologic, Inc.|SHIMADZU CORPORATION|东软医疗
			Shanghai United Imaging Healthcare Co., Ltd.|GE Healthcare Austria GmbH & Co OG|J. Morita Mfg. Corp.|https://github.com/QIICR/dcmqi|Kärcher
			Aquilion ONE|Optima CT660|SOMATOM Definition AS+|DirectView DR 9500 System|Signa MR 450w|Biograph128_mCT|Senograph DS ADS_43.10.1|Acuson S2000
			BrightSpeed QX/i|D5 Series DR V2.1.1|Philips CT Brilliance 64|Ellipsoid 64|Meridian PT|ADC_5156|Zapper9000|Kuratorium OFFIS e.V.|Treatment Planning System name here`},
		{false, `scanner of Dr. Long|Mr. Brown's|Mrs Brown|PROF STONE|jane@example.org|bought 12.03.2021|MRN 77311|GE 5551234|tel 030 9018|555-01-23
			Patient Jane White|DOE^JANE|Miller 19700101|1970-01-17|Frau Maria|患者王小明|高主任|Name: Doe|dr. long|this one stood in the old building behind the chapel`},
	} {
		for value := range strings.SplitSeq(strings.ReplaceAll(list.values, "\n", "|"), "|") {
			values[strings.TrimSpace(value)] = list.stays
		}
	}
	for value, stays := range values {
		for _, tag := range []dicom.Tag{tagManufacturer, tagModel} {
			ds := chest(8)
			ds.SetString(tagCharacterSet, dicom.VRCS, "ISO_IR 192")
			put(tag, dicom.VRLO, value)(&ds)
			_, tree := read(t, clean(t, salesProfile(t), part10(t, dicom.ExplicitLittleEndian, ds), 1).Clean.Bytes)
			got := strings.TrimRight(string(tree.Find(tag).Value), " ")
			if (got == value) != stays || !stays && got != dummyText {
				t.Errorf("%v %q is %q", tag, value, got)
			}
		}
	}
}
