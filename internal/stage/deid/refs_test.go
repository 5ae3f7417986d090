package deid

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
)

// item makes a data set of texts, with the VRs of the dictionary.
func item(texts map[dicom.Tag]string, sequences ...dicom.DataElement) dicom.Dataset {
	var ds dicom.Dataset
	for tag, value := range texts {
		attribute, _ := dicom.Lookup(tag)
		ds.SetString(tag, attribute.VRs[0], strings.Split(value, `\`)...)
	}
	for _, e := range sequences {
		ds.Set(e)
	}
	return ds
}

func sequence(tag dicom.Tag, items ...dicom.Dataset) dicom.DataElement {
	return dicom.DataElement{Tag: tag, VR: dicom.VRSQ, Items: items}
}

// refer is an item that names an instance (PS3.3 Table 10-11).
func refer(class, uid string) dicom.Dataset {
	return item(map[dicom.Tag]string{0x00081150: class, 0x00081155: uid})
}

// concept is an item of a code sequence.
func concept(value, scheme, meaning string) dicom.Dataset {
	return item(map[dicom.Tag]string{tagCodeValue: value, tagCodingScheme: scheme, tagCodeMeaning: meaning})
}

// SOP classes (PS3.4 Table B.5-1).
const (
	classCT     = "1.2.840.10008.5.1.4.1.1.2"
	classSet    = "1.2.840.10008.5.1.4.1.1.481.3"
	classPlan   = "1.2.840.10008.5.1.4.1.1.481.5"
	classDose   = "1.2.840.10008.5.1.4.1.1.481.2"
	classReg    = "1.2.840.10008.5.1.4.1.1.66.1"
	classSeg    = "1.2.840.10008.5.1.4.1.1.66.4"
	classReport = "1.2.840.10008.5.1.4.1.1.88.33"
	classKey    = "1.2.840.10008.5.1.4.1.1.88.59"
	classState  = "1.2.840.10008.5.1.4.1.1.11.1"
)

// related is an object of the study of [chest], of another class, modality and series.
func related(class, modality, uid string, more dicom.Dataset) dicom.Dataset {
	ds := chest(8)
	for _, tag := range []dicom.Tag{
		tagPixelData, tagRows, tagColumns, tagSamples, tagPhotometric, tagBitsAllocated, tagBitsStored, tagHighBit, tagPixelRepresentation,
		0x00280030, 0x00281052, 0x00281053, 0x00200032, 0x00200037, 0x00080008, tagAnatomicRegion,
	} {
		ds.Remove(tag)
	}
	ds.SetString(tagSOPClass, dicom.VRUI, class)
	ds.SetString(tagModality, dicom.VRCS, modality)
	ds.SetString(tagSOPInstance, dicom.VRUI, uid)
	ds.SetString(tagSeriesInstance, dicom.VRUI, uid+".1")
	for _, e := range more.Elements {
		ds.Set(e)
	}
	return ds
}

// picture gives an object pixels of 16 bits that rise slowly.
func picture(ds *dicom.Dataset, frames, bits int) {
	for tag, v := range map[dicom.Tag]int{
		tagSamples: 1, tagRows: 16, tagColumns: 16, tagBitsAllocated: bits, tagBitsStored: bits, tagHighBit: bits - 1, tagPixelRepresentation: 0,
	} {
		ds.Set(dicom.DataElement{Tag: tag, VR: dicom.VRUS, Value: us(v)})
	}
	ds.SetString(tagPhotometric, dicom.VRCS, "MONOCHROME2")
	ds.SetString(tagFrames, dicom.VRIS, strconv.Itoa(frames))
	if bits == 1 {
		ds.Set(dicom.DataElement{Tag: tagPixelData, VR: dicom.VROB, Value: slices.Repeat([]byte{0, 0, 0xF0, 0x0F}, frames*8)})
		return
	}
	var pixels []byte
	for i := range frames * 256 {
		pixels = append(pixels, us(1000+i%256/16)...)
	}
	ds.Set(dicom.DataElement{Tag: tagPixelData, VR: dicom.VROW, Value: pixels})
}

// chart is a study of three slices, a structure set on them, a plan for that and its dose,
// a registration, a segmentation, a report, a choice of images and how they are shown.
func chart(t *testing.T) map[string][]byte {
	t.Helper()
	const study, series, frame = "1.2.3.4.1", "1.2.3.4.2", "1.2.3.4.3"
	slice := func(n int) string { return fmt.Sprintf("1.2.3.4.60%d", n) }
	var images, contours []dicom.Dataset
	objects := map[string][]byte{}
	for n := range 3 {
		ds := chest(16)
		ds.SetString(tagSOPInstance, dicom.VRUI, slice(n))
		ds.SetString(0x00200032, dicom.VRDS, "-190", "-190", strconv.Itoa(3*n))
		objects[fmt.Sprint("ct", n)] = part10(t, dicom.ExplicitLittleEndian, ds)
		images = append(images, refer(classCT, slice(n)))
		contours = append(contours, item(map[dicom.Tag]string{
			0x30060042: "CLOSED_PLANAR", 0x30060046: "4", 0x30060050: fmt.Sprintf(`-10.25\4.5\%d\10.75\4.5\%d\10.75\-8\%d\-10.25\-8\%d`, 3*n, 3*n, 3*n, 3*n),
		}, sequence(0x30060016, images[n])))
	}
	evidence := func(classes ...dicom.Dataset) dicom.DataElement {
		in := item(map[dicom.Tag]string{tagSeriesInstance: series}, sequence(0x00081199, classes...))
		return sequence(0x0040A375, item(map[dicom.Tag]string{tagStudyInstance: study}, sequence(0x00081115, in)))
	}
	pointer := func(to dicom.Dataset) dicom.Dataset {
		return item(map[dicom.Tag]string{0x0040A010: "CONTAINS", 0x0040A040: "IMAGE"}, sequence(0x00081199, to))
	}
	add := func(name string, ds dicom.Dataset) { objects[name] = part10(t, dicom.ExplicitLittleEndian, ds) }
	add("rtstruct", related(classSet, "RTSTRUCT", "1.2.3.4.610", item(map[dicom.Tag]string{0x30060002: "PLAN A"},
		sequence(0x30060010, item(map[dicom.Tag]string{0x00200052: frame}, sequence(0x30060012, item(map[dicom.Tag]string{0x00081150: "1.2.840.10008.3.1.2.3.1", 0x00081155: study},
			sequence(0x30060014, item(map[dicom.Tag]string{tagSeriesInstance: series}, sequence(0x30060016, images...))))))),
		sequence(0x30060020, item(map[dicom.Tag]string{0x30060022: "1", 0x30060024: frame, 0x30060026: "Lung left", 0x3006002C: "12.5"})),
		sequence(0x30060039, item(map[dicom.Tag]string{0x30060084: "1"}, sequence(0x30060040, contours...))))))
	add("rtplan", related(classPlan, "RTPLAN", "1.2.3.4.611", item(map[dicom.Tag]string{0x300A0002: "P1", 0x300A000C: "PATIENT"},
		sequence(0x300C0060, refer(classSet, "1.2.3.4.610")),
		sequence(0x300A0070, item(map[dicom.Tag]string{0x300A0071: "1", 0x300A0078: "30", 0x300A0080: "1", 0x300A00A0: "0"})),
		sequence(0x300A00B0, item(map[dicom.Tag]string{0x300A00C0: "1", 0x300A00C6: "PHOTON", 0x300A0110: "1"},
			sequence(0x300A0111, item(map[dicom.Tag]string{0x300A0112: "0", 0x300A0114: "6", 0x300A011E: "180", 0x300A012C: `1.5\-2.25\30`, 0x300A0134: "0.5"})))))))
	dose := related(classDose, "RTDOSE", "1.2.3.4.612", item(map[dicom.Tag]string{
		0x30040002: "GY", 0x30040004: "PHYSICAL", 0x3004000A: "PLAN", 0x3004000C: `0\3\6`, 0x3004000E: "4.1152263e-5", 0x00200032: `0\0\0`, 0x00200037: `1\0\0\0\1\0`, 0x00280030: `3\3`,
		0x00280301: "NO",
	}, sequence(0x300C0002, refer(classPlan, "1.2.3.4.611"))))
	picture(&dose, 3, 16)
	add("rtdose", dose)
	add("reg", related(classReg, "REG", "1.2.3.4.613", item(nil,
		sequence(0x00700308, item(map[dicom.Tag]string{0x00200052: frame}, sequence(0x00081140, images...),
			sequence(0x00700309, item(nil, sequence(0x0070030A, item(map[dicom.Tag]string{0x300600C6: `1\0\0\2.5\0\1\0\-3.75\0\0\1\12\0\0\0\1`, 0x0070030C: "RIGID"}))))))),
	))
	seg := related(classSeg, "SEG", "1.2.3.4.614", item(map[dicom.Tag]string{0x00080008: `DERIVED\PRIMARY`, 0x00620001: "BINARY", 0x00280301: "NO", tagBodyPart: "CHEST"},
		sequence(0x00081115, item(map[dicom.Tag]string{tagSeriesInstance: series}, sequence(0x0008114A, images...))),
		sequence(0x52009230, item(nil, sequence(0x00089124, item(nil, sequence(0x00082112, images[1])))))))
	picture(&seg, 1, 1)
	add("seg", seg)
	add("sr", related(classReport, "SR", "1.2.3.4.615", item(map[dicom.Tag]string{0x0040A491: "COMPLETE", 0x0040A493: "UNVERIFIED", 0x0040A040: "CONTAINER"},
		sequence(0x0040A043, concept("18748-4", "LN", "Diagnostic imaging report")), evidence(images...),
		sequence(0x0040A730, pointer(images[2])))))
	add("ko", related(classKey, "KO", "1.2.3.4.616", item(map[dicom.Tag]string{0x0040A040: "CONTAINER"},
		sequence(0x0040A043, concept("113000", "DCM", "Of Interest")), evidence(images[0], refer(classReport, "1.2.3.4.615")),
		sequence(0x0040A730, pointer(images[0])))))
	add("pr", related(classState, "PR", "1.2.3.4.617", item(map[dicom.Tag]string{0x00700080: "LUNG"},
		sequence(0x00081115, item(map[dicom.Tag]string{tagSeriesInstance: series}, sequence(0x00081140, images[0]))))))
	return objects
}

// TestReferencesHoldInsideOfARelease: in one release a structure set is of its slices, a
// plan of its structure set, a dose of its plan, and registrations, segmentations, reports
// and choices of images lead where they did; contours, doses and matrices are as they were.
func TestReferencesHoldInsideOfARelease(t *testing.T) {
	t.Parallel()
	p := salesProfile(t)
	objects := chart(t)
	set := release(t, p, objects)
	if len(set) != len(objects) {
		for name, raw := range objects {
			t.Logf("%s: %v", name, clean(t, p, raw, 3).Clean.Withheld)
		}
		t.Fatalf("%d of %d objects are released", len(set), len(objects))
	}
	held, broken := references(set)
	for _, path := range broken {
		t.Errorf("%s does not lead where it did", path)
	}
	for kind, want := range map[string]int{
		"RTSTRUCT -> CT": 6, "RTPLAN -> RTSTRUCT": 1, "RTDOSE -> RTPLAN": 1, "REG -> CT": 3, "SEG -> CT": 4, "SR -> CT": 4, "KO -> CT": 2, "KO -> SR": 1, "PR -> CT": 1,
	} {
		if held[kind] != want {
			t.Errorf("%s: %d references hold, want %d", kind, held[kind], want)
		}
	}
	for _, r := range set {
		lost, compared := r.valuesLost(p)
		if len(lost) > 0 || compared == 0 {
			t.Errorf("%s: of %d values %v are lost", r.name, compared, lost)
		}
		if was := r.before["(7FE0,0010)"]; (r.name == "rtdose" || r.name == "seg") && !bytes.Equal(was.Value, r.after["(7FE0,0010)"].Value) {
			t.Errorf("%s: its pixels changed", r.name)
		}
	}
}

// TestReferencesOfAnotherReleaseLeadNowhere: what one release calls an object no other does.
func TestReferencesOfAnotherReleaseLeadNowhere(t *testing.T) {
	t.Parallel()
	p, objects := salesProfile(t), chart(t)
	set := release(t, p, objects)
	for i := range set { // the structure set alone is of another release
		if set[i].name == "rtstruct" {
			_, after := read(t, clean(t, p, objects["rtstruct"], 4).Clean.Bytes)
			set[i].after = flattened(&after)
		}
	}
	if _, broken := references(set); len(broken) < 6 {
		t.Errorf("only %d references of a mixed set are found broken", len(broken))
	}
}
