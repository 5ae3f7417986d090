package dimse

import (
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	dicomjson "sinso.dev/sinso/internal/format/dicom/json"
	wire "sinso.dev/sinso/internal/wire/dimse"
)

// The attributes of a query that are not keys (PS3.4 C.4.1.1.3).
const (
	tagCharacterSet   = dicom.Tag(0x00080005)
	tagLevel          = dicom.Tag(0x00080052)
	tagRetrieveAE     = dicom.Tag(0x00080054)
	tagAvailability   = dicom.Tag(0x00080056)
	tagTimezone       = dicom.Tag(0x00080201)
	tagModalities     = dicom.Tag(0x00080061)
	tagSOPClasses     = dicom.Tag(0x00080062)
	tagSOPInstance    = dicom.Tag(0x00080018)
	tagPatientID      = dicom.Tag(0x00100020)
	tagStudyInstance  = dicom.Tag(0x0020000D)
	tagSeriesInstance = dicom.Tag(0x0020000E)
	tagPatientStudies = dicom.Tag(0x00201200)
	tagPatientSeries  = dicom.Tag(0x00201202)
	tagPatientObjects = dicom.Tag(0x00201204)
	tagStudySeries    = dicom.Tag(0x00201206)
	tagStudyObjects   = dicom.Tag(0x00201208)
	tagSeriesObjects  = dicom.Tag(0x00201209)
	tagRequest        = dicom.Tag(0x00400275) // Request Attributes Sequence
)

// unicode is what answers are written in, where they are not plain ASCII.
const unicode = "ISO_IR 192"

// levels of Query/Retrieve Level (PS3.4 C.6).
var levels = map[string]sinso.Level{
	"PATIENT": sinso.LevelPatient, "STUDY": sinso.LevelStudy, "SERIES": sinso.LevelSeries, "IMAGE": sinso.LevelInstance,
}

// queryOf reads an identifier. keys are its elements that are asked for.
func queryOf(identifier dicom.Dataset) (q sinso.Query, keys []dicom.DataElement, err error) {
	charset := dicom.NewCharset(stringsOf(identifier, tagCharacterSet, dicom.Charset{})...)
	level := strings.Join(stringsOf(identifier, tagLevel, charset), "")
	of, known := levels[level]
	if !known {
		return q, nil, fmt.Errorf("dimse: the identifier's Query/Retrieve Level is none of PATIENT, STUDY, SERIES and IMAGE: %w", sinso.ErrInvalid)
	}
	q.Level = of
	for _, e := range identifier.Elements {
		switch {
		case e.Tag == tagCharacterSet, e.Tag == tagLevel, e.Tag == tagTimezone, e.Tag.Element() == 0:
			continue
		case e.VR == dicom.VRSQ:
			for _, item := range e.Items {
				q.Match = append(q.Match, conditions(item, charset)...)
			}
		}
		keys = append(keys, e)
	}
	q.Match = append(q.Match, conditions(identifier, charset)...)
	return q, keys, nil
}

// conditions are the keys of a data set that have a value.
func conditions(ds dicom.Dataset, charset dicom.Charset) (found []sinso.Condition) {
	for _, e := range ds.Elements {
		if e.VR == dicom.VRSQ || len(e.Value) == 0 || slices.Contains([]dicom.Tag{
			tagCharacterSet, tagLevel, tagTimezone, tagRetrieveAE, tagAvailability,
		}, e.Tag) {
			continue
		}
		values := stringsOf(ds, e.Tag, charset)
		if strings.Join(values, "") == "" {
			continue
		}
		found = append(found, sinso.Condition{Tag: uint32(e.Tag), Values: values})
	}
	return found
}

// stringsOf returns the values of an element as UTF-8.
func stringsOf(ds dicom.Dataset, tag dicom.Tag, charset dicom.Charset) []string {
	e := ds.Find(tag)
	if e == nil || len(e.Value) == 0 {
		return nil
	}
	if e.VR == dicom.VRUS && len(e.Value) == 2 {
		return []string{strconv.Itoa(int(binary.LittleEndian.Uint16(e.Value)))}
	}
	text := charset.Decode(e.Value, e.VR == dicom.VRPN)
	values := strings.Split(text, `\`)
	for i := range values {
		values[i] = strings.Trim(values[i], " \x00")
	}
	return values
}

// find answers a C-FIND.
func (d *Door) find(ctx context.Context, r *wire.FindRequest) wire.Status {
	q, keys, err := queryOf(r.Identifier)
	if err != nil {
		return statusOf(err)
	}
	q.Metadata = q.Level == sinso.LevelInstance
	q.Limit = findPage
	for {
		matches, err := d.page(ctx, q)
		for i := 0; i < len(matches) && err == nil; i++ {
			var answer dicom.Dataset
			if answer, err = d.answer(q.Level, matches[i], keys); err == nil {
				err = r.Pending(ctx, answer, false)
			}
		}
		switch {
		case ctx.Err() != nil:
			return wire.StatusCancel
		case err != nil:
			d.log.InfoContext(ctx, "query cut off", slog.String("error", err.Error()))
			return statusOf(err)
		case len(matches) < findPage:
			return wire.StatusSuccess
		}
		q.Offset += findPage
	}
}

// findPage is how many matches are read at once, so that the index does not wait
// for a peer that takes its time.
const findPage = 4000

func (d *Door) page(ctx context.Context, q sinso.Query) (matches []sinso.Found, err error) {
	err = d.archive.Find(ctx, q, func(found sinso.Found) error {
		matches = append(matches, found)
		return nil
	})
	return matches, err
}

// answer is one match: the keys that were asked for, each with its value or empty.
func (d *Door) answer(level sinso.Level, found sinso.Found, keys []dicom.DataElement) (dicom.Dataset, error) {
	parts := [][]byte{found.Study.Header}
	if level >= sinso.LevelSeries {
		parts = append(parts, found.Series.Header)
	}
	if level == sinso.LevelInstance {
		parts = [][]byte{found.Metadata}
	}
	all, err := dicomjson.Decode(dicomjson.Merge(nil, parts...), noBulk)
	if err != nil {
		return dicom.Dataset{}, fmt.Errorf("dimse: the index's header of study %s: %w", found.Study.ID, err)
	}
	counts(&all, level, found)
	all.SetString(tagRetrieveAE, dicom.VRAE, d.cfg.AETitle)
	all.SetString(tagAvailability, dicom.VRCS, "ONLINE")
	var out dicom.Dataset
	for _, key := range keys {
		if e := all.Find(key.Tag); e != nil {
			out.Set(*e)
			continue
		}
		out.Set(dicom.DataElement{Tag: key.Tag, VR: key.VR})
	}
	for name, of := range levels {
		if of == level {
			out.SetString(tagLevel, dicom.VRCS, name)
		}
	}
	out.SetString(tagRetrieveAE, dicom.VRAE, d.cfg.AETitle)
	if !ascii(out) {
		out.SetString(tagCharacterSet, dicom.VRCS, unicode)
	}
	return out, nil
}

// noBulk gives no bulk data: nobody asks for it in a query.
func noBulk(string) ([]byte, error) { return nil, nil }

// counts sets what the index counts (PS3.4 C.6.1.1.2 and following).
func counts(ds *dicom.Dataset, level sinso.Level, found sinso.Found) {
	number := func(tag dicom.Tag, n int) { ds.SetString(tag, dicom.VRIS, strconv.Itoa(n)) }
	if level == sinso.LevelPatient {
		number(tagPatientStudies, found.PatientStudies)
		number(tagPatientSeries, found.PatientSeries)
		number(tagPatientObjects, found.PatientInstances)
		return
	}
	number(tagStudySeries, found.StudySeries)
	number(tagStudyObjects, found.Study.Instances)
	ds.SetString(tagModalities, dicom.VRCS, found.Modalities...)
	ds.SetString(tagSOPClasses, dicom.VRUI, found.SOPClasses...)
	if level >= sinso.LevelSeries {
		number(tagSeriesObjects, found.Series.Instances)
	}
}

// inCharacterSet are the VRs whose text Specific Character Set says how to read
// (PS3.5 §6.1.2.2).
var inCharacterSet = []dicom.VR{dicom.VRSH, dicom.VRLO, dicom.VRST, dicom.VRLT, dicom.VRPN, dicom.VRUC, dicom.VRUT}

// ascii reports whether all text is in the default repertoire.
func ascii(ds dicom.Dataset) bool {
	plain := true
	_ = ds.Walk(func(_ int, e *dicom.DataElement) error { // never fails
		if slices.Contains(inCharacterSet, e.VR) {
			for _, b := range e.Value {
				plain = plain && b < 0x80
			}
		}
		return nil
	})
	return plain
}
