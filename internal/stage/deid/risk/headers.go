package risk

import (
	"fmt"
	"strconv"

	dicomjson "sinso.dev/sinso/internal/format/dicom/json"
)

// FromHeaders returns the traits of a study of a catalogue, from the headers that an
// index keeps of it: attributes of patient and study, and of each series, as DICOM
// JSON objects (PS3.18 §F.2); an empty one says nothing. What the study says of its
// procedure and its time counts; the series' words stand in where it says nothing.
//
// An age over 89 is one of 90, as every profile writes it: all who are that old look
// the same. A header that is no DICOM JSON is ErrCorrupt or ErrInvalid.
func FromHeaders(study []byte, series ...[]byte) (Traits, error) {
	t, err := fromHeader(study)
	if err != nil {
		return t, err
	}
	own := t
	for _, header := range series {
		more, err := fromHeader(header)
		if err != nil {
			return t, err
		}
		for _, trait := range []Trait{Procedures, Year, Date, Time} {
			if own[trait] != "" {
				more[trait] = ""
			}
		}
		t.Merge(more)
	}
	if years, ok := ageYears(t[Age]); ok && years > oldest {
		t.SetAge(strconv.Itoa(oldest+1) + "Y")
	}
	return t, nil
}

func fromHeader(header []byte) (Traits, error) {
	if len(header) == 0 {
		return Traits{}, nil
	}
	ds, err := dicomjson.Decode(header, nil)
	if err != nil {
		return Traits{}, fmt.Errorf("risk: a header: %w", err)
	}
	t, _ := read(&ds)
	return t, nil
}
