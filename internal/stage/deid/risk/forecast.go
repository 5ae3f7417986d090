package risk

import (
	"context"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	dicomjson "sinso.dev/sinso/internal/format/dicom/json"
	"sinso.dev/sinso/internal/stage/deid"
)

// Forecast says what a derivative of an instance would show under a profile, from its
// metadata (DICOM JSON, PS3.18 §F.2) alone: nothing is opened. What stands in values
// that are kept apart, pixels among them, it does not see. The errors are those of the
// metadata and of [deid.Profile.Clean].
func Forecast(ctx context.Context, p *deid.Profile, metadata []byte) (Showing, error) {
	ds, err := dicomjson.Decode(metadata, nil)
	if err != nil {
		return Showing{}, fmt.Errorf("risk: metadata: %w", err)
	}
	header, err := dicom.Encode(dicom.ExplicitLittleEndian, ds)
	if err != nil {
		return Showing{}, fmt.Errorf("risk: metadata: %w", err)
	}
	result, err := p.Clean(ctx, sinso.Record{Kind: sinso.KindDICOM, Bytes: header}, deid.Release{Believe: true})
	if err != nil {
		return Showing{}, fmt.Errorf("risk: metadata: %w", err)
	}
	d, err := Read(result.Clean.Bytes)
	return d.Showing(), err
}
