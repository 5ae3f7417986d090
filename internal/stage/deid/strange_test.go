package deid

import (
	"bytes"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
)

func put(tag dicom.Tag, vr dicom.VR, value string) func(*dicom.Dataset) {
	return func(ds *dicom.Dataset) { ds.Set(dicom.DataElement{Tag: tag, VR: vr, Value: []byte(value)}) }
}

// within puts elements into the one item of a sequence.
func within(sequence dicom.Tag, changes ...func(*dicom.Dataset)) func(*dicom.Dataset) {
	return func(ds *dicom.Dataset) {
		var item dicom.Dataset
		for _, change := range changes {
			change(&item)
		}
		ds.Set(dicom.DataElement{Tag: sequence, VR: dicom.VRSQ, Items: []dicom.Dataset{item}})
	}
}

// TestNothingIsHiddenWhereNobodyLooks puts a name where an attribute that is kept is for
// something else: under another VR, in numbers, in a place that is not looked at.
func TestNothingIsHiddenWhereNobodyLooks(t *testing.T) {
	t.Parallel()
	const name = "WILLIAMS^WANDA  "
	const referenced = dicom.Tag(0x00081140)
	overlayIn := within(referenced, put(0x60000010, dicom.VRUS, "\x10\x00"), put(0x60000011, dicom.VRUS, "\x10\x00"), put(0x60003000, dicom.VROW, name+name))
	for what, change := range map[string]func(*dicom.Dataset){
		"a colour profile":          put(0x00282000, dicom.VROB, name),
		"offsets of no frames":      put(tagExtendedOffsets, dicom.VROV, name),
		"lengths of no frames":      put(tagExtendedLengths, dicom.VROV, name),
		"a sex that is a name":      put(dicom.Tag(0x00100040), dicom.VRPN, name),
		"a sex that is a text":      put(dicom.Tag(0x00100040), dicom.VRLT, "sister of "+name),
		"a weight in words":         put(0x00101030, dicom.VRDS, name),
		"numbers that are letters":  put(0x00181310, dicom.VRUS, name),
		"numbers of another VR":     put(0x00181310, dicom.VROW, name),
		"pixels in an item":         within(referenced, put(tagPixelData, dicom.VROW, name)),
		"an overlay in an item":     both(func(ds *dicom.Dataset) { ds.Elements = append(ds.Elements, overlay(64)...) }, overlayIn),
		"a recording in an image":   within(tagWaveforms, put(0x54001010, dicom.VROW, name)),
		"the meaning of own codes":  within(0x00081032, put(0x00080100, dicom.VRSH, "C1"), put(tagCodingScheme, dicom.VRSH, "99HOUSE "), put(tagCodeMeaning, dicom.VRLO, "chest for "+name)),
		"the meaning of no scheme":  within(0x00081032, put(0x00080100, dicom.VRSH, "C1"), put(tagCodeMeaning, dicom.VRLO, "chest for "+name)),
		"a code of its own":         within(0x00081032, put(0x00080100, dicom.VRSH, name), put(tagCodingScheme, dicom.VRSH, "99HOUSE ")),
		"a code of a local scheme":  within(0x00081032, put(0x00080100, dicom.VRSH, name), put(tagCodingScheme, dicom.VRSH, "L ")),
		"a code of no scheme":       within(0x00081032, put(0x00080100, dicom.VRSH, name), put(tagCodeMeaning, dicom.VRLO, "Chest ")),
		"a physician's number":      within(0x00081032, put(0x00080100, dicom.VRSH, name), put(tagCodingScheme, dicom.VRSH, "NPI ")),
		"a long code of its own":    within(0x00081032, put(0x00080119, dicom.VRUC, name), put(tagCodingScheme, dicom.VRSH, "99HOUSE ")),
		"a version of its own":      within(0x00081032, put(0x00080100, dicom.VRSH, "C1"), put(tagCodingScheme, dicom.VRSH, "99HOUSE "), put(0x00080103, dicom.VRSH, name)),
		"a scheme called after it":  within(0x00081032, put(0x00080100, dicom.VRSH, "C1"), put(tagCodingScheme, dicom.VRSH, "99"+name)),
		"the meaning of a local":    within(0x00081032, put(0x00080100, dicom.VRSH, "C1"), put(tagCodingScheme, dicom.VRSH, "STMARYRIS "), put(tagCodeMeaning, dicom.VRLO, "thorax for "+name)),
		"a local called after it":   within(0x00081032, put(0x00080100, dicom.VRSH, "C1"), put(tagCodingScheme, dicom.VRSH, name)),
		"a local known by a UID":    within(0x00081032, put(0x00080100, dicom.VRSH, "C1"), put(tagCodingSchemeUID, dicom.VRUI, "1.2.3.4"), put(tagCodeMeaning, dicom.VRLO, "thorax for "+name)),
		"bytes in an overlay":       both(func(ds *dicom.Dataset) { ds.Elements = append(ds.Elements, overlay(64)...) }, put(0x60000099, dicom.VROW, name)),
		"numbers in an overlay":     both(func(ds *dicom.Dataset) { ds.Elements = append(ds.Elements, overlay(64)...) }, put(0x60000051, dicom.VRUS, name)),
		"a private array":           private("OW", name),
		"private letters as number": private("US", strings.Repeat(name, 30)),
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			ds := chest(8)
			change(&ds)
			raw := part10(t, dicom.ExplicitLittleEndian, ds)
			if !bytes.Contains(raw, []byte("WILLIAMS")) {
				t.Fatal("the name is not in the original")
			}
			p := parsed(t, `options = ["retain-patient-characteristics", "clean-descriptors", "clean-graphics", "clean-pixel-data", "retain-safe-private"]`)
			if bytes.Contains(clean(t, p, raw, 1).Clean.Bytes, []byte("WILLIAMS")) {
				t.Error("the name is in the derivative")
			}
		})
	}
}

// private is an element of the first safe block.
func private(vr dicom.VR, value string) func(*dicom.Dataset) {
	return func(ds *dicom.Dataset) {
		for line := range strings.Lines(safePrivate) {
			columns := strings.Split(strings.TrimSpace(line), "\t")
			if strings.HasPrefix(line, "#") || len(columns) != 3 {
				continue
			}
			one, err := newPrivateElement(columns[0], columns[1], columns[2])
			if err != nil {
				panic(err)
			}
			group := uint32(one.group) << 16
			ds.SetString(dicom.Tag(group|0x10), dicom.VRLO, one.creator)
			put(dicom.Tag(group|0x1000|uint32(one.element)), vr, value)(ds)
			return
		}
	}
}

// TestAgeIsCutUnderAnyVR: 90Y stands for every age over 89, whatever a file calls its VR.
func TestAgeIsCutUnderAnyVR(t *testing.T) {
	t.Parallel()
	for _, vr := range []dicom.VR{dicom.VRAS, dicom.VRLO, dicom.VRUN, dicom.VRCS} {
		ds := chest(8)
		put(0x00101010, vr, "095Y")(&ds)
		if bytes.Contains(clean(t, salesProfile(t), part10(t, dicom.ExplicitLittleEndian, ds), 1).Clean.Bytes, []byte("095Y")) {
			t.Errorf("%s: the age is there", vr)
		}
	}
}

// TestOnlyPublicUIDsOfClassesStay: a UID in the place of a class or a scheme is mapped,
// unless it is of a public root.
func TestOnlyPublicUIDsOfClassesStay(t *testing.T) {
	t.Parallel()
	for uid, stays := range map[string]bool{
		"1.2.840.10008.5.1.4.1.1.2":                true,
		"1.2.840.10008.2.16.4":                     true, // DCM
		"1.2.840.10008.6.1.1":                      true, // CID 2
		"2.16.840.1.113883.6.96":                   true, // SNOMED CT
		"2.16.840.1.113883.6.43.1":                 true, // ICD-O-3
		"2.16.840.1.113883.3.26.1.1":               true, // NCI Thesaurus
		"1.2.840.10008.5.1.4.1.1.1970.1.17":        false,
		"1.2.840.10008.5.1.4.1.1.7731":             false,
		"1.2.840.10008.19.70.1.17":                 false,
		"1.2.840.10008.6.1.7731":                   false,
		"1.2.840.10008.6.1.007":                    false,
		"2.16.840.1.113883.6.1970.1.17":            false,
		"2.16.840.1.113883.6.96.0117":              false,
		"1.2.3.4.1":                                false,
		"1.2.276.0.76.3.1.99":                      false,
		"1.2.840.10008.19700117.5":                 false,
		"1.2.840.10008.1.2.3.4.5.6.7.8.9.10.11.12": false,
	} {
		for _, tag := range []dicom.Tag{0x00081150, 0x0008010C} {
			ds := chest(8)
			within(0x00081140, put(tag, dicom.VRUI, uid))(&ds)
			_, tree := read(t, clean(t, salesProfile(t), part10(t, dicom.ExplicitLittleEndian, ds), 1).Clean.Bytes)
			got := strings.Trim(string(tree.Find(0x00081140).Items[0].Find(tag).Value), "\x00")
			if (got == uid) != stays || got == "" {
				t.Errorf("%s in %v is %s", uid, tag, got)
			}
		}
	}
}

// TestSweepKnowsNamesInEveryCharacterSet: a kept text with the person's name goes,
// whatever either is written in.
func TestSweepKnowsNamesInEveryCharacterSet(t *testing.T) {
	t.Parallel()
	latin, utf := "Pr\xe4ger", "Präger"
	for what, change := range map[string]func(*dicom.Dataset){
		"in capitals":                   both(set(tagCharacterSet, dicom.VRCS, "ISO_IR 192"), set(tagPatientName, dicom.VRPN, utf), set(tagManufacturer, dicom.VRLO, "for PRÄGER only")),
		"an item of another set":        both(set(tagCharacterSet, dicom.VRCS, "ISO_IR 192"), set(tagPatientName, dicom.VRPN, utf), within(0x00081140, put(tagCharacterSet, dicom.VRCS, "ISO_IR 100"), put(tagManufacturer, dicom.VRLO, "for "+latin))),
		"bytes that are not of the set": both(set(tagCharacterSet, dicom.VRCS, "ISO_IR 192"), set(tagPatientName, dicom.VRPN, utf), put(tagManufacturer, dicom.VRLO, "for "+latin)),
		"an escape inside":              both(set(tagPatientName, dicom.VRPN, "PRAGER"), put(tagManufacturer, dicom.VRLO, "for PRA\x1b(BGER")),
	} {
		ds := chest(8)
		change(&ds)
		result := clean(t, salesProfile(t), part10(t, dicom.ExplicitLittleEndian, ds), 1).Clean.Bytes
		for _, form := range []string{"for P"} {
			if bytes.Contains(result, []byte(form)) {
				t.Errorf("%s: the text is there", what)
			}
		}
	}
}

// TestSloppyCodesAndNumbersStay: as they are meant; what is none of them does not.
func TestSloppyCodesAndNumbersStay(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		tag         dicom.Tag
		vr          dicom.VR
		value, want string
	}{
		{tagImageType, dicom.VRCS, `Original\Primary\Axial`, `ORIGINAL\PRIMARY\AXIAL`},
		{tagPixelSpacing, dicom.VRDS, `0,7\0,7`, `0.7\0.7`},
		{0x00180050, dicom.VRDS, "1.25", "1.25"},
		{0x00180050, dicom.VRDS, "1980-05-12", ""},
		{0x00180050, dicom.VRDS, "+49-30-901820", ""},
	} {
		ds := chest(8)
		put(tt.tag, tt.vr, tt.value)(&ds)
		_, tree := read(t, clean(t, salesProfile(t), part10(t, dicom.ExplicitLittleEndian, ds), 1).Clean.Bytes)
		if got := strings.Trim(string(tree.Find(tt.tag).Value), " \x00"); got != tt.want {
			t.Errorf("%v %q is %q, want %q", tt.tag, tt.value, got, tt.want)
		}
	}
}

// TestOneBadCodeCostsNoOther: of several code strings those stay that are some, in their
// places; the first two of Image Type, which must be there, say what is careful.
func TestOneBadCodeCostsNoOther(t *testing.T) {
	t.Parallel()
	const long = "DOE JANE BORN 1970"
	for _, tt := range []struct {
		tag         dicom.Tag
		value, want string
		action      Action
	}{
		{tagImageType, `ORIGINAL\PRIMARY\AXIAL`, `ORIGINAL\PRIMARY\AXIAL`, Kept},
		{tagImageType, `ORIGINAL\PRIMARY\AXIAL\` + long + `\CT`, `ORIGINAL\PRIMARY\AXIAL\\CT`, Cleaned},
		{tagImageType, `ORIGINAL\PRIMARY\` + long, `ORIGINAL\PRIMARY\`, Cleaned},
		{tagImageType, long + `\PRIMARY\AXIAL`, `DERIVED\PRIMARY\AXIAL`, Cleaned},
		{tagImageType, `ORIGINAL\` + long + `\AXIAL`, `ORIGINAL\SECONDARY\AXIAL`, Cleaned},
		{tagImageType, long + `\` + long, "", Emptied},
		{0x00180022, `FAT_SAT\` + long + `\EDR`, `FAT_SAT\\EDR`, Cleaned},
		{0x00180022, "Jane Doe" + `\EDR`, `\EDR`, Cleaned},
		{0x00180022, long, "", Emptied},
		{0x00180022, long + `\ \`, "", Emptied},
	} {
		ds := chest(8)
		put(tt.tag, dicom.VRCS, tt.value)(&ds)
		result := clean(t, salesProfile(t), part10(t, dicom.ExplicitLittleEndian, ds), 1)
		_, tree := read(t, result.Clean.Bytes)
		if got := strings.Trim(string(tree.Find(tt.tag).Value), " \x00"); got != tt.want {
			t.Errorf("%v %q is %q, want %q", tt.tag, tt.value, got, tt.want)
		}
		if change := changeOf(result, tt.tag.String()); change.Action != tt.action {
			t.Errorf("%v %q is told as %s, want %s", tt.tag, tt.value, change.Action, tt.action)
		}
	}
}
