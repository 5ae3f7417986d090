package dimse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	dicomjson "sinso.dev/sinso/internal/format/dicom/json"
	wire "sinso.dev/sinso/internal/wire/dimse"
)

// Ask is what is asked of a peer by C-FIND.
type Ask struct {
	Level string   `json:"level"` // patient, study, series or image
	Keys  []string `json:"keys"`  // KEY=VALUE, or KEY for what is only to be told
	Limit int      `json:"limit"` // matches wanted at most; 0: 1,000
}

// Matches is what a peer found.
type Matches struct {
	Columns []Column          `json:"columns" nullable:"false"` // what was asked for, in order
	Items   []json.RawMessage `json:"items" nullable:"false"`   // DICOM JSON objects (PS3.18 Annex F)
	More    bool              `json:"more"`                     // there were more than wanted
}

// Column is one key of a query.
type Column struct {
	Tag  string `json:"tag"`  // eight hexadecimal digits
	Name string `json:"name"` // keyword, or the tag
}

const (
	defaultMatches  = 1000
	maxMatches      = 20_000
	maxMatchesBytes = 32 << 20 // of JSON, under what a client reads
)

// toldAtLevel are the keys that are asked for at each level besides the caller's.
var toldAtLevel = map[string][]string{
	"PATIENT": {"PatientID", "PatientName", "PatientBirthDate", "PatientSex"},
	"STUDY": {
		"StudyInstanceUID", "PatientID", "PatientName", "StudyDate", "AccessionNumber", "ModalitiesInStudy", "StudyDescription",
		"NumberOfStudyRelatedInstances",
	},
	"SERIES": {"StudyInstanceUID", "SeriesInstanceUID", "Modality", "SeriesNumber", "SeriesDescription", "NumberOfSeriesRelatedInstances"},
	"IMAGE":  {"StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID", "InstanceNumber"},
}

// Query is C-FIND at a known peer, in the patient root at level patient and in the
// study root else. ErrInvalid if level or a key cannot be.
func (d *Door) Query(ctx context.Context, title string, ask Ask) (Matches, error) {
	out := Matches{Columns: []Column{}, Items: []json.RawMessage{}}
	level := strings.ToUpper(ask.Level)
	if level == "INSTANCE" {
		level = "IMAGE"
	}
	if _, ok := levels[level]; !ok {
		return out, fmt.Errorf("dimse: a level is one of patient, study, series and image: %w", sinso.ErrInvalid)
	}
	if ask.Limit <= 0 {
		ask.Limit = defaultMatches
	}
	ask.Limit = min(ask.Limit, maxMatches)
	identifier, err := out.identifier(level, ask.Keys)
	if err != nil {
		return out, err
	}
	roots := []string{wire.StudyRootFind, wire.PatientRootFind}
	if level == "PATIENT" {
		roots = []string{wire.PatientRootFind}
	}
	a, root, err := d.callFor(ctx, title, roots...)
	if err != nil {
		return out, err
	}
	defer a.Abort() // nothing, after a release
	size := 0
	status, err := a.Find(ctx, root, identifier, func(match dicom.Dataset) error {
		item, err := dicomjson.EncodeDataset(match, dicomjson.Options{})
		if err != nil {
			return fmt.Errorf("dimse: a match: %w", err)
		}
		if size += len(item); len(out.Items) == ask.Limit || size > maxMatchesBytes {
			out.More = true
			return errEnough
		}
		out.Items = append(out.Items, item)
		return nil
	})
	switch {
	case errors.Is(err, errEnough):
	case err != nil:
		return out, err
	case status != wire.StatusSuccess:
		return out, answered(status)
	}
	_ = a.Release(ctx) // the answer is there
	return out, nil
}

// errEnough ends a query early.
var errEnough = errors.New("enough")

// callFor makes an association for the first of some SOP classes that the peer takes.
func (d *Door) callFor(ctx context.Context, title string, classes ...string) (*wire.Association, string, error) {
	var contexts []wire.Context
	for _, class := range classes {
		contexts = append(contexts, wire.Context{Abstract: class, Syntaxes: plainSyntaxes})
	}
	a, err := d.call(ctx, title, contexts...)
	if err != nil {
		return nil, "", err
	}
	for _, class := range classes {
		if len(a.Syntaxes(class)) > 0 {
			return a, class, nil
		}
	}
	_ = a.Release(ctx)
	return nil, "", fmt.Errorf("dimse: the peer answers no such queries: %w", sinso.ErrUnsupported)
}

// identifier makes that of a query, and the columns.
func (m *Matches) identifier(level string, keys []string) (dicom.Dataset, error) {
	var ds dicom.Dataset
	plain := true
	for _, key := range slices.Concat(toldAtLevel[level], keys) {
		name, value, _ := strings.Cut(key, "=")
		for _, c := range []byte(value) {
			plain = plain && c < 0x80
		}
		if err := m.add(&ds, name, value); err != nil {
			return ds, err
		}
	}
	ds.SetString(tagLevel, dicom.VRCS, level)
	if !plain {
		ds.SetString(tagCharacterSet, dicom.VRCS, unicode)
	}
	return ds, nil
}

// add sets one key. A dot leads into an item of a sequence.
func (m *Matches) add(ds *dicom.Dataset, name, value string) error {
	name, inner, nested := strings.Cut(name, ".")
	tag, err := tagNamed(name)
	if err != nil {
		return err
	}
	column := Column{fmt.Sprintf("%08X", uint32(tag)), name}
	if !slices.Contains(m.Columns, column) {
		m.Columns = append(m.Columns, column)
	}
	vr := dicom.VROf(tag)
	if (vr == dicom.VRSQ) != nested && value != "" || nested && vr != dicom.VRSQ {
		return fmt.Errorf("dimse: a key in a sequence is written SEQUENCE.KEY: %w", sinso.ErrInvalid)
	}
	if !nested {
		if vr == dicom.VRSQ {
			ds.Set(dicom.DataElement{Tag: tag, VR: vr})
			return nil
		}
		ds.SetString(tag, vr, strings.Split(value, `\`)...)
		return nil
	}
	e := dicom.DataElement{Tag: tag, VR: vr, Items: []dicom.Dataset{{}}}
	if old := ds.Find(tag); old != nil && len(old.Items) == 1 {
		e = *old
	}
	var below Matches // its columns are the sequence's
	if err := below.add(&e.Items[0], inner, value); err != nil {
		return err
	}
	ds.Set(e)
	return nil
}

// tagNamed returns the tag of a keyword, or of eight hexadecimal digits.
func tagNamed(name string) (dicom.Tag, error) {
	if tag, ok := dicom.TagOf(name); ok {
		return tag, nil
	}
	n, err := strconv.ParseUint(strings.Replace(name, ",", "", 1), 16, 32)
	if err != nil || len(name) < len("00100020") {
		return 0, fmt.Errorf("dimse: a key is a keyword of DICOM such as PatientID, or its tag such as 00100020: %w", sinso.ErrInvalid)
	}
	return dicom.Tag(n), nil
}
