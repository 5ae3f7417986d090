package dicomweb

import (
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/json"
)

// The attributes that a search gives back without being asked (PS3.18 Tables
// 10.6.3-3 to 10.6.3-5); those that are computed come besides.
var (
	studyReturns = []dicom.Tag{
		tagCharacterSet, 0x00080020, 0x00080030, 0x00080050, 0x00080090, 0x00080201, 0x00081030, // Date, Time, Accession, Referring Physician, Timezone, Description
		0x00100010, 0x00100020, 0x00100021, 0x00100030, 0x00100040, tagStudyInstance, 0x00200010, // Name, ID, Issuer, Birth Date, Sex, Study ID
	}
	seriesReturns = []dicom.Tag{
		tagCharacterSet, tagModality, 0x00080201, tagSeriesDesc, tagSeriesInstance, 0x00200011, // Series Number
		0x00400244, 0x00400245, 0x00400275, // Performed Procedure Step Start Date and Time, Request Attributes
	}
	instanceReturns = []dicom.Tag{
		tagCharacterSet, tagSOPClass, tagSOPInstance, 0x00080201, tagInstanceNumber, tagRows, tagColumns, tagBitsAllocated, tagFrames,
	}
)

// composer makes the objects of one answer.
type composer struct {
	want  *wanted
	base  string
	above bool // the study's attributes belong to series and instances
	mid   bool // the series' attributes belong to instances
	meta  bool // an instance's own JSON is needed
}

const batch = 64 // objects that are composed together

// compose returns the array of what is found, and whether there is more.
func (c *call) compose(want *wanted) (body []byte, more bool, err error) {
	t := c.target()
	k := &composer{want: want, base: c.base(), above: t.study == "", mid: t.series == ""}
	query := want.query
	k.meta = query.Level == sinso.LevelInstance
	query.Metadata = k.meta
	limit := query.Limit
	query.Limit++ // one more tells whether there is one
	out := append(make([]byte, 0, 64<<10), '[')
	var waiting []sinso.Found
	n := 0
	seen := map[string]bool{}
	err = c.cfg.Archive.Find(c.ctx(), query, func(f sinso.Found) error {
		if n++; n > limit || len(out) > maxAnswer {
			more = true
			return errEnough
		}
		if query.Level == sinso.LevelInstance {
			name := string(f.Instance.Person) + f.Instance.UID
			if seen[name] { // other bytes under its UID: one of them is listed
				return nil
			}
			seen[name] = true
		}
		if waiting = append(waiting, f); len(waiting) < batch {
			return nil
		}
		out, err = k.add(out, waiting)
		waiting = waiting[:0]
		return err
	})
	if err != nil && !more {
		return nil, false, err
	}
	if out, err = k.add(out, waiting); err != nil {
		return nil, false, err
	}
	return append(out, ']'), more, nil
}

// add composes a batch and appends it. Where each needs work, the cores share it.
func (k *composer) add(out []byte, found []sinso.Found) ([]byte, error) {
	workers := 1
	if k.meta {
		workers = min(runtime.GOMAXPROCS(0), max(1, len(found)/8))
	}
	if workers == 1 {
		return k.run(out, found)
	}
	parts := slices.Collect(slices.Chunk(found, (len(found)+workers-1)/workers))
	outs := make([][]byte, len(parts))
	var group errgroup.Group
	for i, part := range parts {
		group.Go(func() (err error) {
			outs[i], err = k.run(append(make([]byte, 0, 16<<10), '['), part)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, one := range outs {
		if out[len(out)-1] != '[' {
			out = append(out, ',')
		}
		out = append(out, one[1:]...)
	}
	return out, nil
}

func (k *composer) run(out []byte, found []sinso.Found) ([]byte, error) {
	s := &scratch{}
	for i := range found {
		if out[len(out)-1] != '[' {
			out = append(out, ',')
		}
		var err error
		if out, err = k.object(out, &found[i], s); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// scratch is memory that one goroutine uses again and again.
type scratch struct {
	study, series, instance, own []byte
	inflated                     inflated
}

// keeps returns which attributes of one level are given back.
func (k *composer) keeps(returned []dicom.Tag) func(dicom.Tag) bool {
	return func(t dicom.Tag) bool {
		if k.want.all || slices.Contains(returned, t) {
			return true
		}
		_, asked := slices.BinarySearch(k.want.fields, t)
		return asked
	}
}

// object appends one object: what the headers hold, and what is computed.
func (k *composer) object(out []byte, f *sinso.Found, s *scratch) ([]byte, error) {
	level := k.want.query.Level
	parts := make([][]byte, 0, 4)
	if level == sinso.LevelStudy || k.above {
		s.study = json.Pick(f.Study.Header, k.keeps(studyReturns), s.study[:0])
		parts = append(parts, s.study)
	}
	if level == sinso.LevelSeries || level == sinso.LevelInstance && k.mid {
		s.series = json.Pick(f.Series.Header, k.keeps(seriesReturns), s.series[:0])
		parts = append(parts, s.series)
	}
	if level == sinso.LevelInstance {
		object, err := s.inflated.object(f.Metadata)
		if err != nil {
			return nil, err
		}
		s.instance = json.Pick(object, k.keeps(instanceReturns), s.instance[:0])
		if k.want.all {
			s.instance = bulkURIs(s.instance[:0:0], object, instanceURL(k.base, f.Study.UID, f.Series.UID, f.Instance.UID))
		}
		parts = append(parts, s.instance)
	}
	s.own = append(k.computed(append(s.own[:0], '{'), f), '}')
	return json.Merge(out, append(parts, s.own)...), nil
}

// computed appends the attributes that no object holds, in the order of their tags.
func (k *composer) computed(out []byte, f *sinso.Found) []byte {
	level := k.want.query.Level
	studyLevel, seriesLevel, instanceLevel := level == sinso.LevelStudy, level == sinso.LevelSeries, level == sinso.LevelInstance
	url := studyURL(k.base, f.Study.UID)
	if instanceLevel {
		out = json.AppendText(out, tagSOPClass, dicom.VRUI, filled(f.Instance.SOPClass)...)
		out = json.AppendText(out, tagSOPInstance, dicom.VRUI, f.Instance.UID)
		url = instanceURL(k.base, f.Study.UID, f.Series.UID, f.Instance.UID)
	} else if seriesLevel {
		url = seriesURL(k.base, f.Study.UID, f.Series.UID)
	}
	out = json.AppendText(out, tagAvailability, dicom.VRCS, "ONLINE")
	if seriesLevel || instanceLevel && k.mid {
		out = json.AppendText(out, tagModality, dicom.VRCS, filled(f.Series.Modality)...)
	}
	if studyLevel || k.above {
		out = json.AppendText(out, tagModalities, dicom.VRCS, f.Modalities...)
		if k.keeps(nil)(tagSOPClasses) {
			out = json.AppendText(out, tagSOPClasses, dicom.VRUI, f.SOPClasses...)
		}
	}
	out = json.AppendText(out, tagRetrieveURL, dicom.VRUR, url)
	if f.Study.Deidentified > 0 && studyLevel || f.Instance.Deidentified != "" {
		out = json.AppendText(out, tagIdentityRemoved, dicom.VRCS, "YES")
	}
	out = json.AppendText(out, tagStudyInstance, dicom.VRUI, f.Study.UID)
	if !studyLevel {
		out = json.AppendText(out, tagSeriesInstance, dicom.VRUI, f.Series.UID)
	}
	if studyLevel || k.above {
		out = json.AppendInt(out, tagStudySeries, dicom.VRIS, int64(f.StudySeries))
		out = json.AppendInt(out, tagStudyInstances, dicom.VRIS, int64(f.Study.Instances))
	}
	if seriesLevel || instanceLevel && k.mid {
		out = json.AppendInt(out, tagSeriesInstances, dicom.VRIS, int64(f.Series.Instances))
	}
	return out
}

// filled is no value where the text is empty.
func filled(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

func studyURL(base, study string) string { return base + "/studies/" + study }

func seriesURL(base, study, series string) string {
	return studyURL(base, study) + "/series/" + series
}

func instanceURL(base, study, series, instance string) string {
	return seriesURL(base, study, series) + "/instances/" + instance
}
