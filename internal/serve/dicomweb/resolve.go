package dicomweb

import (
	"cmp"
	"net/http"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/format/dicom"
)

// The attributes that this door reads or computes (PS3.6).
const (
	tagMetaSOPInstance = dicom.Tag(0x00020003)
	tagCharacterSet    = dicom.Tag(0x00080005)
	tagSOPClass        = dicom.Tag(0x00080016)
	tagSOPInstance     = dicom.Tag(0x00080018)
	tagAvailability    = dicom.Tag(0x00080056)
	tagModality        = dicom.Tag(0x00080060)
	tagModalities      = dicom.Tag(0x00080061)
	tagSOPClasses      = dicom.Tag(0x00080062)
	tagSeriesDesc      = dicom.Tag(0x0008103E)
	tagRetrieveURL     = dicom.Tag(0x00081190)
	tagIdentityRemoved = dicom.Tag(0x00120062)
	tagStudyInstance   = dicom.Tag(0x0020000D)
	tagSeriesInstance  = dicom.Tag(0x0020000E)
	tagInstanceNumber  = dicom.Tag(0x00200013)
	tagStudySeries     = dicom.Tag(0x00201206)
	tagStudyInstances  = dicom.Tag(0x00201208)
	tagSeriesInstances = dicom.Tag(0x00201209)
	tagFrames          = dicom.Tag(0x00280008)
	tagRows            = dicom.Tag(0x00280010)
	tagColumns         = dicom.Tag(0x00280011)
	tagBitsAllocated   = dicom.Tag(0x00280100)
	tagPixelData       = dicom.Tag(0x7FE00010)
	tagFloatPixels     = dicom.Tag(0x7FE00008)
	tagDoublePixels    = dicom.Tag(0x7FE00009)
)

const maxUID = 64 // bytes, PS3.5 Table 6.2-1

// isUID reports whether text may be a UID (PS3.5 §9.1). Leading zeros of a
// component, which real objects have, are let pass.
func isUID(text string) bool {
	if text == "" || len(text) > maxUID {
		return false
	}
	for _, c := range []byte(text) {
		if c != '.' && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// target is what a path names, by UIDs; "" is all of them.
type target struct{ study, series, instance string }

func (c *call) target() target {
	return target{c.param("study"), c.param("series"), c.param("instance")}
}

// level is that of what is named.
func (t target) level() sinso.Level {
	switch {
	case t.instance != "":
		return sinso.LevelInstance
	case t.series != "":
		return sinso.LevelSeries
	default:
		return sinso.LevelStudy
	}
}

// conditions are what the index is asked; ok is false if a UID cannot be one.
func (t target) conditions() (match []sinso.Condition, ok bool) {
	for _, key := range []struct {
		tag dicom.Tag
		uid string
	}{{tagStudyInstance, t.study}, {tagSeriesInstance, t.series}, {tagSOPInstance, t.instance}} {
		if key.uid == "" {
			continue
		}
		if !isUID(key.uid) {
			return nil, false
		}
		match = append(match, sinso.Condition{Tag: uint32(key.tag), Values: []string{key.uid}})
	}
	return match, len(match) > 0
}

// find returns what a target names at a level, as far as the caller may do this to
// it: ErrNotFound if that is nothing. Of objects that have one SOP Instance UID
// the one that came first is found.
func (c *call) find(action auth.Action, level sinso.Level, t target) ([]sinso.Found, error) {
	person, _, err := c.caller.Scope(action)
	if err != nil {
		return nil, err
	}
	match, ok := t.conditions()
	if !ok {
		return nil, notFound("a UID")
	}
	var found []sinso.Found
	conflict := false
	err = c.cfg.Archive.Find(c.ctx(), sinso.Query{Level: level, Person: person, Match: match}, func(f sinso.Found) error {
		found = append(found, f)
		conflict = conflict || f.Instance.Conflict
		return nil
	})
	if err != nil {
		return nil, err
	}
	if conflict {
		found = firsts(found)
	}
	if len(found) == 0 {
		return nil, notFound("what the path names")
	}
	if action == c.cfg.Read && level == sinso.LevelInstance {
		return c.forCaller(found)
	}
	return found, nil
}

// forCaller leaves out the de-identified copies for who may treat by what they get:
// their dates may be moved. It is ErrDenied if nothing is left.
func (c *call) forCaller(found []sinso.Found) ([]sinso.Found, error) {
	if !c.caller.Treats() {
		return found, nil
	}
	all := len(found)
	found = slices.DeleteFunc(found, func(f sinso.Found) bool { return f.Instance.Deidentified != "" })
	if len(found) == 0 {
		return nil, errForResearch()
	}
	c.partly = c.partly || len(found) < all
	return found, nil
}

func errForResearch() error {
	return refused(http.StatusForbidden, sinso.ErrDenied,
		"these are de-identified copies, whose dates may be moved: they are given out for research, to a token that was made for it")
}

// firsts leaves out instances of a person whose UID another had before.
func firsts(found []sinso.Found) []sinso.Found {
	type name struct {
		person sinso.PersonID
		uid    string
	}
	oldest := map[name]uint64{}
	for _, f := range found {
		n := name{f.Instance.Person, f.Instance.UID}
		if seq, ok := oldest[n]; !ok || f.Instance.Seq < seq {
			oldest[n] = f.Instance.Seq
		}
	}
	return slices.DeleteFunc(found, func(f sinso.Found) bool {
		return oldest[name{f.Instance.Person, f.Instance.UID}] != f.Instance.Seq
	})
}

// one returns the instance in the path; of several persons' the one that came first.
func (c *call) one(t target) (sinso.Found, error) {
	found, err := c.find(c.cfg.Read, sinso.LevelInstance, t)
	if err != nil {
		return sinso.Found{}, err
	}
	return slices.MinFunc(found, func(a, b sinso.Found) int { return cmp.Compare(a.Instance.Seq, b.Instance.Seq) }), nil
}

// What a caller opens an object for, as it is written down.
const (
	forRetrieve = "retrieve"
	forMetadata = "metadata"
	forFrames   = "frames"
	forBulkData = "bulk data"
	forPicture  = "picture"
)

// opened writes down who opens what a path names, once for each person's.
func (c *call) opened(level sinso.Level, purpose string, found ...sinso.Found) error {
	last := ""
	seen := map[string]bool{}
	for i := range found {
		f := &found[i]
		what := string(f.Study.ID)
		switch level {
		case sinso.LevelInstance:
			what = string(f.Instance.ID)
		case sinso.LevelSeries:
			what = string(f.Series.ID)
		case sinso.LevelPatient, sinso.LevelStudy:
		}
		if what == last || seen[what] {
			continue
		}
		last, seen[what] = what, true
		if err := c.cfg.Archive.Opened(c.ctx(), c.caller.ID, f.Study.Person, what, purpose); err != nil {
			return err
		}
	}
	return nil
}
