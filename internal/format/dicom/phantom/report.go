package phantom

import (
	"fmt"
	"strconv"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

const comprehensiveSR = "1.2.840.10008.5.1.4.1.1.88.33" // PS3.4 Table B.5-1

// ReportInput says what a report is about: the instances of one derivative. All
// that goes into a report is theirs; nothing of an original is known here.
type ReportInput struct {
	Files        []*dicom.File // of one study
	Measurements Measurements
	Device       string // the observer: the software that measured; "" = SINSO
	Version      string // of the software
}

// Reference names one instance that was measured.
type Reference struct {
	SeriesUID   string
	SOPClassUID string
	InstanceUID string
}

// report is what the writing functions below share.
type report struct {
	ReportInput
	first     *dicom.File
	study     string
	instances []Reference
}

// Report writes a measurement report as a DICOM Comprehensive SR (PS3.3 A.35.3)
// on the pattern of TID 1500 (PS3.16), explicit little endian. Its observer is a
// device, and it is not verified by a person. The same input gives the same
// bytes: UIDs are derived from the derivative's, and its date is the study's.
func Report(in ReportInput) ([]byte, error) {
	if len(in.Files) == 0 {
		return nil, fmt.Errorf("phantom: a report needs instances: %w", sinso.ErrInvalid)
	}
	if in.Device == "" {
		in.Device = "SINSO"
	}
	r := report{ReportInput: in, first: in.Files[0]}
	r.study = r.first.String(0x0020000D)
	for _, f := range in.Files {
		ref := referenceTo(f)
		if r.study == "" || f.String(0x0020000D) != r.study || ref.InstanceUID == "" || ref.SOPClassUID == "" || ref.SeriesUID == "" {
			return nil, fmt.Errorf("phantom: a report is about instances of one study, each with its UIDs: %w", sinso.ErrInvalid)
		}
		r.instances = append(r.instances, ref)
	}
	s := &set{}
	r.header(s)
	s.text(0x0040A040, "CS", "CONTAINER")
	concept(s, imagingMeasurementReport)
	s.text(0x0040A050, "CS", "SEPARATE")
	s.items(0x0040A504, func(item *set) {
		item.text(0x00080105, "CS", "DCMR")
		item.text(0x0040DB00, "CS", "1500")
	})
	s.items(0x0040A730, append(r.context(), r.imageLibrary(), r.numbers())...)
	return s.encode()
}

func referenceTo(f *dicom.File) Reference {
	return Reference{SeriesUID: f.String(0x0020000E), SOPClassUID: f.String(0x00080016), InstanceUID: f.String(0x00080018)}
}

// date is the study's: a report made again is the same report.
func (r report) date() string {
	if date := r.first.String(0x00080020); date != "" {
		return date
	}
	return "19000101" // Content Date must have a value (PS3.3 C.17.2)
}

// header writes the modules of the patient, study, series, equipment and
// document (PS3.3 C.7.1 to C.7.5, C.17.1, C.17.2).
func (r report) header(s *set) {
	const clock = "000000"
	s.text(0x00080005, "CS", "ISO_IR 192")
	s.text(0x00080012, "DA", r.date())
	s.text(0x00080013, "TM", clock)
	s.text(0x00080016, "UI", comprehensiveSR)
	s.text(0x00080018, "UI", uid("report", r.study, r.instances, r.Measurements))
	s.text(0x00080020, "DA", r.first.String(0x00080020))
	s.text(0x00080023, "DA", r.date())
	s.text(0x00080030, "TM", "")
	s.text(0x00080033, "TM", clock)
	s.text(0x00080050, "SH", "")
	s.text(0x00080060, "CS", "SR")
	s.text(0x00080070, "LO", "SINSO")
	s.text(0x00080090, "PN", "")
	s.text(0x0008103E, "LO", "Measurements")
	s.text(0x00081090, "LO", r.Device)
	s.items(0x00081111)
	s.text(0x00100010, "PN", r.first.String(0x00100010))
	s.text(0x00100020, "LO", r.first.String(0x00100020))
	s.text(0x00100030, "DA", "")
	s.text(0x00100040, "CS", "")
	s.text(0x00120062, "CS", "YES")
	s.text(0x00120063, "LO", dicom.DeidentifiedMaker+`report\made from a de-identified derivative`)
	s.text(0x00181020, "LO", r.Version)
	s.text(0x0020000D, "UI", r.study)
	s.text(0x0020000E, "UI", uid("report series", r.study, r.instances))
	s.text(0x00200010, "SH", "")
	s.text(0x00200011, "IS", "9001")
	s.text(0x00200013, "IS", "1")
	s.items(0x0040A372)
	s.items(0x0040A375, r.evidence())
	s.text(0x0040A491, "CS", "COMPLETE")
	s.text(0x0040A493, "CS", "UNVERIFIED")
	s.items(0x00080110, func(item *set) { // PS3.3 C.12.1: the private scheme below
		item.text(0x00080102, "SH", privateScheme)
		item.text(0x00080115, "ST", "SINSO")
	})
}

// evidence lists every instance that the report refers to, by series
// (PS3.3 C.17.2.3).
func (r report) evidence() func(*set) {
	var series []string
	of := map[string][]Reference{}
	for _, ref := range r.instances {
		if _, ok := of[ref.SeriesUID]; !ok {
			series = append(series, ref.SeriesUID)
		}
		of[ref.SeriesUID] = append(of[ref.SeriesUID], ref)
	}
	return func(study *set) {
		items := make([]func(*set), 0, len(series))
		for _, uid := range series {
			items = append(items, func(item *set) {
				instances := make([]func(*set), 0, len(of[uid]))
				for _, ref := range of[uid] {
					instances = append(instances, reference(ref.SOPClassUID, ref.InstanceUID))
				}
				item.items(0x00081199, instances...)
				item.text(0x0020000E, "UI", uid)
			})
		}
		study.items(0x00081115, items...)
		study.text(0x0020000D, "UI", r.study)
	}
}

// coded is a concept (PS3.3 §8.8).
type coded struct{ value, scheme, meaning string }

const privateScheme = "99SINSO"

// Concepts of PS3.16 (Annex D and the context groups of TID 1500), of SNOMED CT
// and of UCUM.
var (
	imagingMeasurementReport = coded{"126000", "DCM", "Imaging Measurement Report"}
	languageOfContent        = coded{"121049", "DCM", "Language of Content Item and Descendants"}
	english                  = coded{"eng", "RFC5646", "English"}
	observerType             = coded{"121005", "DCM", "Observer Type"}
	device                   = coded{"121007", "DCM", "Device"}
	deviceUID                = coded{"121012", "DCM", "Device Observer UID"}
	deviceName               = coded{"121013", "DCM", "Device Observer Name"}
	deviceModel              = coded{"121015", "DCM", "Device Observer Model Name"}
	procedureReported        = coded{"121058", "DCM", "Procedure reported"}
	imagingProcedure         = coded{"363679005", "SCT", "Imaging procedure"}
	imageLibraryTitle        = coded{"111028", "DCM", "Image Library"}
	imageLibraryGroup        = coded{"126200", "DCM", "Image Library Group"}
	imagingMeasurements      = coded{"126010", "DCM", "Imaging Measurements"}
	measurementGroup         = coded{"125007", "DCM", "Measurement Group"}
	trackingID               = coded{"112039", "DCM", "Tracking Identifier"}
	trackingUID              = coded{"112040", "DCM", "Tracking Unique Identifier"}
	length                   = coded{"410668003", "SCT", "Length"}
	attenuation              = coded{"112031", "DCM", "Attenuation Coefficient"}
	intensity                = coded{"mean-pixel-value", privateScheme, "Pixel value"}
	derivation               = coded{"121401", "DCM", "Derivation"}
	mean                     = coded{"373098007", "SCT", "Mean"}
	numberOfImages           = coded{"number-of-images", privateScheme, "Number of images"}

	unitMillimetre = coded{"mm", "UCUM", "mm"}
	unitHounsfield = coded{"[hnsf'U]", "UCUM", "Hounsfield unit"}
	unitNone       = coded{"1", "UCUM", "no units"}
)

func (c coded) item() func(*set) { return code(c.value, c.scheme, c.meaning) }

func concept(s *set, c coded) { s.items(0x0040A043, c.item()) }

// content returns a content item (PS3.3 C.17.3): its relationship to the parent,
// its value type, its concept, and what else it has.
func content(relationship, kind string, name coded, more func(*set)) func(*set) {
	return func(item *set) {
		item.text(0x0040A010, "CS", relationship)
		item.text(0x0040A040, "CS", kind)
		concept(item, name)
		more(item)
	}
}

func codeContent(relationship string, name, value coded) func(*set) {
	return content(relationship, "CODE", name, func(item *set) { item.items(0x0040A168, value.item()) })
}

func textContent(relationship string, name coded, value string) func(*set) {
	return content(relationship, "TEXT", name, func(item *set) { item.text(0x0040A160, "UT", value) })
}

func uidContent(relationship string, name coded, value string) func(*set) {
	return content(relationship, "UIDREF", name, func(item *set) { item.text(0x0040A124, "UI", value) })
}

func container(name coded, children ...func(*set)) func(*set) {
	return content("CONTAINS", "CONTAINER", name, func(item *set) {
		item.text(0x0040A050, "CS", "SEPARATE")
		item.items(0x0040A730, children...)
	})
}

// context says in which language, by whom and about what (TID 1204, 1002, 1500).
func (r report) context() []func(*set) {
	return []func(*set){
		codeContent("HAS CONCEPT MOD", languageOfContent, english),
		codeContent("HAS OBS CONTEXT", observerType, device),
		uidContent("HAS OBS CONTEXT", deviceUID, uid("device", r.Device, r.Version)),
		textContent("HAS OBS CONTEXT", deviceName, r.Device),
		textContent("HAS OBS CONTEXT", deviceModel, r.Device+" "+r.Version),
		codeContent("HAS CONCEPT MOD", procedureReported, imagingProcedure),
	}
}

// imageLibrary lists the instances that were measured (TID 1600).
func (r report) imageLibrary() func(*set) {
	images := make([]func(*set), 0, len(r.instances))
	for _, ref := range r.instances {
		images = append(images, func(item *set) {
			item.text(0x0040A010, "CS", "CONTAINS")
			item.text(0x0040A040, "CS", "IMAGE")
			item.items(0x00081199, reference(ref.SOPClassUID, ref.InstanceUID))
		})
	}
	return container(imageLibraryTitle, container(imageLibraryGroup, images...))
}

// numbers is one group of numbers about the series as a whole (TID 1501).
func (r report) numbers() func(*set) {
	m := r.Measurements
	group := []func(*set){
		textContent("HAS OBS CONTEXT", trackingID, "series"),
		uidContent("HAS OBS CONTEXT", trackingUID, uid("tracking", r.study, r.instances)),
		number(numberOfImages, strconv.Itoa(m.Images), unitNone),
	}
	if m.LengthMillimetres > 0 {
		group = append(group, number(length, decimal(m.LengthMillimetres), unitMillimetre))
	}
	if m.MeanOf.InstanceUID != "" {
		name, unit := intensity, unitNone
		if m.Hounsfield {
			name, unit = attenuation, unitHounsfield
		}
		group = append(group, number(name, decimal(m.Mean), unit,
			codeContent("HAS CONCEPT MOD", derivation, mean),
			func(item *set) {
				item.text(0x0040A010, "CS", "INFERRED FROM")
				item.text(0x0040A040, "CS", "IMAGE")
				item.items(0x00081199, reference(m.MeanOf.SOPClassUID, m.MeanOf.InstanceUID))
			}))
	}
	return container(imagingMeasurements, container(measurementGroup, group...))
}

// number returns a NUM content item (PS3.3 C.18.1).
func number(name coded, value string, unit coded, children ...func(*set)) func(*set) {
	return content("CONTAINS", "NUM", name, func(item *set) {
		item.items(0x0040A300, func(measured *set) {
			measured.items(0x004008EA, unit.item())
			measured.text(0x0040A30A, "DS", value)
		})
		if len(children) > 0 {
			item.items(0x0040A730, children...)
		}
	})
}
