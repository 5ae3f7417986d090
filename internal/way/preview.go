package way

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
)

// ForPreview is what a record is opened for when its person looks at what a release would
// make of it, as it is written down.
const ForPreview = "preview"

// Face says what one record alone tells of a head. What is done about it is decided over
// the whole study, when a release is made.
type Face string

// What a record tells.
const (
	FaceNamed    Face = "named"    // its words say that a head is in it
	FacePossible Face = "possible" // its words say nothing, and what is in it has a head's size
	FaceNone     Face = "none"
)

// faceOf reads a sight.
func faceOf(sight deid.Sight) Face {
	switch {
	case sight.Named:
		return FaceNamed
	case sight.Unnamed && sight.Heads > 0:
		return FacePossible
	}
	return FaceNone
}

// Forecast is one record and by what a release would be made of it now.
type Forecast struct {
	way     *Way
	row     sinso.InstanceRow
	profile *deid.Profile
	ruling  ruling
	upTo    uint64
}

// Forecast prepares what a release would make of a record under a profile, nil for the
// node's, with the node's templates and what persons decided about it. Nothing is opened
// yet. ErrInvalid for a profile by which nothing may be sold.
func (w *Way) Forecast(ctx context.Context, row sinso.InstanceRow, profile *deid.Profile) (Forecast, error) {
	if profile == nil {
		profile = w.profile
	}
	if err := maySell(profile); err != nil {
		return Forecast{}, err
	}
	profile, err := w.effective(ctx, profile, row.Study)
	if err != nil {
		return Forecast{}, err
	}
	decided, err := w.verdicts(ctx, row.Study, profile)
	return Forecast{w, row, profile, decided.of[row.ID], decided.upTo}, err
}

// Name tells forecasts of one record apart: another profile, template or decision makes
// another one.
func (f Forecast) Name() string {
	hash := f.profile.Hash()
	return fmt.Sprintf("%s %s %d", f.row.ID, hex.EncodeToString(hash[:]), f.upTo)
}

// Profile is the name of the profile.
func (f Forecast) Profile() string { return f.profile.Name() }

// Preview opens the record, writes down that actor did, and returns what a release would
// hold of it. Nothing is sealed or stored, and its UIDs, pseudonyms and dates are those of
// no release. What a release would not hold has a picture all the same, for its person
// wants to see why, but for a head with its face.
func (f Forecast) Preview(ctx context.Context, actor string) (Preview, error) {
	result, err := f.way.wouldBe(ctx, f.row.ID, f.profile, f.ruling.Review, actor, ForPreview)
	if reason := unmade(err); reason != "" {
		return Preview{Withheld: []sinso.Reason{reason}, Face: FaceNone}, nil
	}
	if err != nil {
		return Preview{}, fmt.Errorf("way: preview of instance %s: %w", f.row.ID, err)
	}
	made := Preview{
		Derivative: result.Clean.Bytes, Changes: result.Changes, Marks: result.Marks,
		Withheld: heldBack(result, f.row, f.ruling), Face: faceOf(result.Sight),
	}
	if f.row.Deidentified == sinso.DeidentifiedHere {
		made.Withheld = append([]sinso.Reason{ReasonDerivative}, made.Withheld...)
	}
	if slices.Contains(made.Withheld, deid.ReasonFace) {
		made.Derivative = nil
	}
	return made, nil
}
