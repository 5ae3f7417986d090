package risk

import (
	"fmt"

	"sinso.dev/sinso/internal/format/dicom"
	dicomjson "sinso.dev/sinso/internal/format/dicom/json"
)

// Forecast says what a derivative of an instance would show, from its metadata (DICOM
// JSON, PS3.18 §F.2) alone: clean makes the derivative of the object that has these
// elements and no bulk data. What stands in values that are kept apart, pixels among
// them, it does not see. The errors are those of the metadata and of clean.
func Forecast(metadata []byte, clean func(object []byte) ([]byte, error)) (Showing, error) {
	ds, err := dicomjson.Decode(metadata, nil)
	if err != nil {
		return Showing{}, fmt.Errorf("risk: metadata: %w", err)
	}
	object, err := dicom.Encode(dicom.ExplicitLittleEndian, ds)
	if err != nil {
		return Showing{}, fmt.Errorf("risk: metadata: %w", err)
	}
	derivative, err := clean(object)
	if err != nil {
		return Showing{}, err
	}
	d, err := Read(derivative)
	return d.Showing(), err
}
