package headphantom

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"sinso.dev/sinso/internal/format/dicom"
)

// Series is a volume as the objects of one series: CT Image or MR Image (PS3.3 A.3, A.4),
// one slice each.
type Series struct {
	Volume
	Name        string  // tells studies, series and their invented person apart
	BodyPart    string  // Body Part Examined; "" leaves it out
	Description string  // Series Description; "" leaves it out
	Tilt        float64 // degrees, Gantry/Detector Tilt of a CT
}

// How values are stored.
const (
	intercept = -1024 // HU of the stored value 0
	maxStored = 1<<12 - 1
)

// Objects returns the slices as Part 10 files in explicit little endian, in the order
// of their positions.
func (s Series) Objects() ([][]byte, error) {
	size := s.Rows * s.Columns
	out := make([][]byte, 0, s.Slices)
	for n := range s.Slices {
		ds := s.dataset(n)
		pixels := make([]byte, 0, 2*size)
		for _, value := range s.Values[n*size:][:size] {
			pixels = binary.LittleEndian.AppendUint16(pixels, s.stored(value))
		}
		ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROW, Value: pixels})
		object, err := dicom.Encode(dicom.ExplicitLittleEndian, ds)
		if err != nil {
			return nil, fmt.Errorf("headphantom: slice %d: %w", n, err)
		}
		out = append(out, object)
	}
	return out, nil
}

// stored returns what stands in the pixels for a value.
func (s Series) stored(value int16) uint16 {
	if s.CT {
		value -= intercept
	}
	return uint16(max(0, min(maxStored, value)))
}

// dataset returns all of a slice but its pixels.
func (s Series) dataset(n int) dicom.Dataset {
	var ds dicom.Dataset
	text := func(tag dicom.Tag, value string) {
		attribute, _ := dicom.Lookup(tag)
		ds.SetString(tag, attribute.VRs[0], value)
	}
	number := func(tag dicom.Tag, value int) {
		ds.Set(dicom.DataElement{Tag: tag, VR: dicom.VRUS, Value: binary.LittleEndian.AppendUint16(nil, uint16(value))}) //nolint:gosec // a side, or bits
	}
	class, kind, modality := "1.2.840.10008.5.1.4.1.1.2", `ORIGINAL\PRIMARY\AXIAL`, "CT" // PS3.4 Table B.5-1
	if !s.CT {
		class, kind, modality = "1.2.840.10008.5.1.4.1.1.4", `ORIGINAL\PRIMARY\M`, "MR"
	}
	text(0x00080008, kind)
	text(0x00080016, class)
	text(0x00080018, uid(s.Name, "instance", n))
	for _, tag := range []dicom.Tag{0x00080020, 0x00080021, 0x00080022, 0x00080023} {
		text(tag, "20240117")
	}
	text(0x00080030, "101500")
	text(0x00080031, "102000")
	text(0x00080032, fmt.Sprintf("1021%02d", n%60))
	text(0x00080033, "103000")
	text(0x00080050, "A-"+s.Name)
	text(0x00080060, modality)
	text(0x00080070, "Synthetic Imaging Works")
	text(0x00080090, "")
	text(0x00100010, "PHANTOM^"+s.Name)
	text(0x00100020, "PHANTOM-"+s.Name)
	text(0x00100030, "19700101")
	text(0x00100040, "O")
	if s.Description != "" {
		text(0x0008103E, s.Description)
	}
	if s.BodyPart != "" {
		text(0x00180015, s.BodyPart)
	}
	s.acquisition(text)
	text(0x0020000D, uid(s.Name, "study"))
	text(0x0020000E, uid(s.Name, "series"))
	text(0x00200010, "1")
	text(0x00200011, "2")
	text(0x00200013, strconv.Itoa(n+1))
	s.plane(n, text)
	number(0x00280002, 1)
	text(0x00280004, "MONOCHROME2")
	number(0x00280010, s.Rows)
	number(0x00280011, s.Columns)
	number(0x00280100, 16)
	number(0x00280101, 12)
	number(0x00280102, 11)
	number(0x00280103, 0)
	return ds
}

// acquisition writes how it was measured, and how its values are shown.
func (s Series) acquisition(text func(dicom.Tag, string)) {
	text(0x00180050, decimal(Place(s.Step).length()))
	if s.CT {
		text(0x00180060, "120")
		text(0x00181120, decimal(s.Tilt))
		text(0x00200012, "1")
		text(0x00281050, `40\500`)
		text(0x00281051, `80\3000`)
		text(0x00281052, strconv.Itoa(intercept))
		text(0x00281053, "1")
		text(0x00281054, "HU")
		return
	}
	text(0x00180020, "SE")
	text(0x00180021, "NONE")
	text(0x00180022, "")
	text(0x00180023, "2D")
	text(0x00180080, "500")
	text(0x00180081, "12")
	text(0x00180091, "1")
	text(0x00281050, "500")
	text(0x00281051, "1000")
}

// plane writes where a slice lies (PS3.3 C.7.6.2).
func (s Series) plane(n int, text func(dicom.Tag, string)) {
	at := s.Place(0, 0, n)
	text(0x00200032, decimals(at[:]...))
	text(0x00200037, decimals(append(s.Row[:3:3], s.Column[:]...)...))
	text(0x00200052, uid(s.Name, "frame of reference"))
	text(0x00201040, "")
	text(0x00280030, decimals(s.Spacing[1], s.Spacing[0]))
}

// decimal formats a DS: at most 16 bytes (PS3.5 Table 6.2-1).
func decimal(v float64) string { return strconv.FormatFloat(math.Round(v*1e6)/1e6+0, 'g', 10, 64) }

func decimals(values ...float64) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = decimal(v)
	}
	return strings.Join(out, `\`)
}

// uid derives a UID from what it names (PS3.5 B.2).
func uid(parts ...any) string {
	sum := sha256.Sum256(fmt.Append(nil, "head phantom\n", parts))
	id := sum[:16]
	id[6] = id[6]&0x0F | 0x80 // RFC 9562 version 8
	id[8] = id[8]&0x3F | 0x80
	return "2.25." + new(big.Int).SetBytes(id).String()
}
