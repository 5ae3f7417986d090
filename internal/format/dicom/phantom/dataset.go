package phantom

import (
	"fmt"
	"strconv"
)

const (
	ctImageStorage = "1.2.840.10008.5.1.4.1.1.2" // PS3.4 Table B.5-1

	patientName = "PHANTOM^CHEST"
	patientID   = "PHANTOM-0001"
	hospital    = "Synthetic General Hospital"
)

// dataset returns everything of a slice but its pixels: the CT Image IOD of
// PS3.3 A.3 and what hospitals add to it.
func dataset(o Options, number int) *set {
	s := &set{}
	s.text(0x00080005, "CS", "ISO_IR 100")
	s.text(0x00080008, "CS", `ORIGINAL\PRIMARY\AXIAL`)
	s.text(0x00080016, "UI", ctImageStorage)
	s.text(0x00080018, "UI", uid(o.Seed, "instance", number))
	times(s, number)
	s.text(0x00080050, "SH", "ACC-PHANTOM-7731")
	s.text(0x00080060, "CS", "CT")
	s.text(0x00080070, "LO", "Synthetic Imaging Works")
	institution(s)
	references(s, o, number)
	patient(s)
	s.text(0x00180015, "CS", "CHEST")
	acquisition(s, o)
	identifiers(s, o, number)
	geometry(s, o, number)
	imagePixel(s, o)
	request(s)
	private(s, o)
	return s
}

// times writes dates and times of study, series, acquisition and image.
func times(s *set, number int) {
	const date = "20240117"
	clock := func(second int) string {
		return fmt.Sprintf("%02d%02d%02d.%06d", 10, 30+second/60%30, second%60, 250000)
	}
	s.text(0x00080012, "DA", date)
	s.text(0x00080013, "TM", clock(90+number))
	s.text(0x00080020, "DA", date)
	s.text(0x00080021, "DA", date)
	s.text(0x00080022, "DA", date)
	s.text(0x00080023, "DA", date)
	s.text(0x0008002A, "DT", date+clock(30+number/20))
	s.text(0x00080030, "TM", "101500")
	s.text(0x00080031, "TM", "102000")
	s.text(0x00080032, "TM", clock(30+number/20))
	s.text(0x00080033, "TM", clock(60+number/10))
}

// institution writes who made and ordered the study.
func institution(s *set) {
	s.text(0x00080080, "LO", hospital)
	s.text(0x00080081, "ST", "1 Synthetic Street, Phantom City")
	s.text(0x00080090, "PN", "REFERRER^RITA^^DR")
	s.text(0x00080092, "ST", "2 Synthetic Street, Phantom City")
	s.text(0x00080094, "SH", "555-0100")
	s.items(0x00080096, func(item *set) {
		item.text(0x00080080, "LO", "Synthetic Referral Practice")
		item.items(0x00401101, code("REF-PHANTOM-12", "99SYNTHETIC", "Referrer Rita"))
	})
	s.text(0x00081010, "SH", "CT-PHANTOM-01")
	s.text(0x00081030, "LO", "CT chest of PHANTOM CHEST")
	s.items(0x00081032, code("CTCHEST", "99SYNTHETIC", "CT of the chest"))
	s.text(0x0008103E, "LO", "Chest 1.0 soft tissue")
	s.text(0x00081040, "LO", "Department of Phantoms")
	s.text(0x00081048, "PN", "RECORD^RUTH^^DR")
	s.text(0x00081050, "PN", "PERFORM^PAUL^^DR")
	s.text(0x00081060, "PN", "READER^RAY^^DR")
	s.text(0x00081070, "PN", "OPERATOR^OLGA")
	s.text(0x00081080, "LO", "Cough of PHANTOM CHEST")
	s.text(0x00081090, "LO", "Ellipsoid 64")
}

// references writes sequences that name other objects and persons, two deep.
func references(s *set, o Options, number int) {
	s.items(0x00081110, reference("1.2.840.10008.3.1.2.3.1", uid(o.Seed, "ordered study")))
	s.items(0x00081111, reference("1.2.840.10008.3.1.2.3.3", uid(o.Seed, "performed step")))
	s.items(0x00081140, func(item *set) {
		reference(ctImageStorage, uid(o.Seed, "localizer"))(item)
		item.items(0x0040A170, code("121311", "DCM", "Localizer"))
	})
	s.text(0x00082111, "ST", "Drawn for instance "+strconv.Itoa(number+1)+" of PHANTOM CHEST")
}

func patient(s *set) {
	s.text(0x00100010, "PN", patientName)
	s.text(0x00100020, "LO", patientID)
	s.text(0x00100021, "LO", "SYNTHETIC-MPI")
	s.text(0x00100030, "DA", "19700101")
	s.text(0x00100032, "TM", "063000")
	s.text(0x00100040, "CS", "O")
	s.items(0x00101002, func(item *set) {
		item.text(0x00100020, "LO", "PHANTOM-OLD-0001")
		item.text(0x00100021, "LO", "SYNTHETIC-OLD-MPI")
		item.text(0x00100022, "CS", "TEXT")
	})
	s.text(0x00101001, "PN", "PHANTOM^THORAX")
	s.text(0x00101010, "AS", "054Y")
	s.text(0x00101020, "DS", "1.75")
	s.text(0x00101030, "DS", "75")
	s.text(0x00101040, "LO", "3 Synthetic Street, Phantom City")
	s.text(0x00101060, "PN", "MOTHER^OF^PHANTOM")
	s.text(0x00102154, "SH", "555-0199")
	s.text(0x00102160, "SH", "Synthetic")
	s.text(0x00102180, "SH", "Test object")
	s.text(0x001021B0, "LT", "History of PHANTOM CHEST: drawn, never born.")
	s.text(0x00104000, "LT", "PHANTOM CHEST lives at 3 Synthetic Street.")
}

// acquisition is the CT Image Module's part about the scanner (PS3.3 C.8.2.1).
func acquisition(s *set, o Options) {
	s.text(0x00180022, "CS", "HELICAL MODE")
	s.text(0x00180050, "DS", decimal(o.spacing()))
	s.text(0x00180060, "DS", "120")
	s.text(0x00180090, "DS", "500")
	s.text(0x00181000, "LO", "SN-PHANTOM-4711")
	s.text(0x00181020, "LO", "phantom 1")
	s.text(0x00181030, "LO", "CHEST of PHANTOM")
	s.text(0x00181100, "DS", decimal(fieldMillimetres))
	s.text(0x00181110, "DS", "1085.6")
	s.text(0x00181111, "DS", "595")
	s.text(0x00181120, "DS", "0")
	s.text(0x00181130, "DS", "150")
	s.text(0x00181140, "CS", "CW")
	s.text(0x00181150, "IS", "500")
	s.text(0x00181151, "IS", "200")
	s.text(0x00181152, "IS", "100")
	s.text(0x00181160, "SH", "BODY")
	s.text(0x00181170, "IS", "24")
	s.text(0x00181190, "DS", "1.2")
	s.text(0x00181200, "DA", "20240102")
	s.text(0x00181201, "TM", "070000")
	s.text(0x00181210, "SH", "B30")
	s.text(0x00185100, "CS", "FFS")
}

func identifiers(s *set, o Options, number int) {
	s.text(0x0020000D, "UI", uid(o.Seed, "study"))
	s.text(0x0020000E, "UI", uid(o.Seed, "series"))
	s.text(0x00200010, "SH", "STUDY-7731")
	s.text(0x00200011, "IS", "2")
	s.text(0x00200012, "IS", "1")
	s.text(0x00200013, "IS", strconv.Itoa(number+1))
	s.text(0x00200052, "UI", uid(o.Seed, "frame of reference"))
	s.text(0x00201040, "LO", "")
	s.text(0x00204000, "LT", "Slice of PHANTOM CHEST")
}

// geometry is the Image Plane Module (PS3.3 C.7.6.2). The first pixel's centre
// is half a pixel inside the field.
func geometry(s *set, o Options, number int) {
	perRow, perColumn := fieldMillimetres/float64(o.Rows), fieldMillimetres/float64(o.Columns)
	z := decimal(o.position(number))
	s.text(0x00200032, "DS", decimal((perColumn-fieldMillimetres)/2)+`\`+decimal((perRow-fieldMillimetres)/2)+`\`+z)
	s.text(0x00200037, "DS", `1\0\0\0\1\0`)
	s.text(0x00201041, "DS", z)
	s.text(0x00280030, "DS", decimal(perRow)+`\`+decimal(perColumn))
}

func imagePixel(s *set, o Options) {
	s.number(0x00280002, 1)
	s.text(0x00280004, "CS", "MONOCHROME2")
	s.number(0x00280010, uint16(o.Rows))    //nolint:gosec // bounded by maxSide
	s.number(0x00280011, uint16(o.Columns)) //nolint:gosec // bounded by maxSide
	s.number(0x00280100, 16)
	s.number(0x00280101, 12)
	s.number(0x00280102, 11)
	s.number(0x00280103, 0)
	s.text(0x00280301, "CS", "NO")
	s.text(0x00281050, "DS", `40\-600`)
	s.text(0x00281051, "DS", `400\1500`)
	s.text(0x00281052, "DS", strconv.Itoa(rescaleIntercept))
	s.text(0x00281053, "DS", "1")
	s.text(0x00281054, "LO", "HU")
	s.text(0x00281055, "LO", `SOFT\LUNG`)
}

// request writes the order and the step that was performed for it.
func request(s *set) {
	s.text(0x00321032, "PN", "REQUEST^RON^^DR")
	s.text(0x00321060, "LO", "CT chest for PHANTOM CHEST")
	s.text(0x00380010, "LO", "ADM-PHANTOM-88")
	s.text(0x00380500, "LO", "Never born")
	s.text(0x00400244, "DA", "20240117")
	s.text(0x00400245, "TM", "101500")
	s.text(0x00400253, "SH", "PPS-7731")
	s.text(0x00400254, "LO", "CT chest performed on PHANTOM")
	s.items(0x00400275, func(item *set) {
		item.text(0x00321060, "LO", "CT chest for PHANTOM CHEST")
		item.text(0x00400007, "LO", "Chest of PHANTOM CHEST")
		item.items(0x00400008, code("CHESTROUTINE", "99SYNTHETIC", "Chest routine"))
		item.text(0x00400009, "SH", "SPS-7731")
		item.text(0x00401001, "SH", "RP-7731")
	})
	s.items(0x04000561, func(item *set) {
		item.items(0x04000550, func(old *set) {
			old.text(0x00100010, "PN", "PHANTOM^CHESD")
			old.text(0x00100020, "LO", "PHANTOM-TYPO-0001")
		})
		item.text(0x04000562, "DT", "20240117110000")
		item.text(0x04000563, "LO", "PACS of "+hospital)
		item.text(0x04000564, "LO", hospital)
		item.text(0x04000565, "CS", "CORRECT")
	})
}

// private writes two vendor blocks (PS3.5 §7.8) with identifying values, one of
// them nested and one in the middle of bytes.
func private(s *set, o Options) {
	s.text(0x00090010, "LO", "SYNTHETIC IMAGING 1.0")
	s.text(0x00091001, "LO", patientName)
	s.items(0x00091002, func(item *set) {
		item.text(0x00090010, "LO", "SYNTHETIC IMAGING 1.0")
		item.text(0x00091003, "PN", patientName)
		item.text(0x00100020, "LO", patientID)
	})
	s.text(0x00290010, "LO", "SYNTHETIC IMAGING HEADER")
	blob := fmt.Sprintf("\x01\x02SYN\x00seed=%d\x00name=%s\x00id=%s\x00", o.Seed, patientName, patientID)
	s.add(0x00291010, "OB", []byte(blob))
}

// code returns an item of a code sequence (PS3.3 Table 8.8-1).
func code(value, scheme, meaning string) func(*set) {
	return func(item *set) {
		item.text(0x00080100, "SH", value)
		item.text(0x00080102, "SH", scheme)
		item.text(0x00080104, "LO", meaning)
	}
}

// reference returns an item that names an instance (PS3.3 Table 10-11).
func reference(class, instance string) func(*set) {
	return func(item *set) {
		item.text(0x00081150, "UI", class)
		item.text(0x00081155, "UI", instance)
	}
}

// decimal formats v as a DS: at most 16 bytes (PS3.5 Table 6.2-1).
func decimal(v float64) string { return strconv.FormatFloat(v, 'g', 10, 64) }
