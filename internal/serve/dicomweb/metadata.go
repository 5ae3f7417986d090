package dicomweb

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/wire/coding"
)

// metadata answers with the DICOM JSON of what the path names (PS3.18 §10.4.1.1.2).
func (c *call) metadata() error {
	media, err := c.json()
	if err != nil {
		return err
	}
	t := c.target()
	level := t.level()
	found, err := c.named(level, t)
	if err != nil {
		return err
	}
	if level == sinso.LevelInstance && c.unchanged(found[0].Instance.ID, media) {
		return nil
	}
	if level != sinso.LevelInstance && found[0].Study.Deidentified > 0 {
		if _, err := c.find(c.cfg.Read, sinso.LevelInstance, t); err != nil { // nothing of it is for the caller
			return err
		}
	}
	all := found
	if level == sinso.LevelStudy {
		if all, err = c.find(c.cfg.Read, sinso.LevelSeries, t); err != nil {
			return err
		}
	}
	if err := c.opened(level, forMetadata, found...); err != nil {
		return err
	}
	list := &metadataList{call: c, media: media, base: c.base(), out: make([]byte, 0, 64<<10)}
	if level != sinso.LevelInstance {
		c.w.Header().Add("Vary", "Accept-Encoding")
	}
	for i := range all {
		if level == sinso.LevelInstance {
			list.only = all[i].Instance.ID
		}
		if err := list.series(&all[i]); err != nil {
			return err
		}
	}
	return list.end()
}

// named returns what the path names: of an instance, the one that came first.
func (c *call) named(level sinso.Level, t target) ([]sinso.Found, error) {
	if level != sinso.LevelInstance {
		return c.find(c.cfg.Read, level, t)
	}
	f, err := c.one(t)
	return []sinso.Found{f}, err
}

// metadataList writes the array. What is small is sent with its length, what grows
// beyond that piece by piece. Of more than one instance it is sent by gzip to who takes
// that: headers of a series repeat each other.
type metadataList struct {
	*call
	media  string
	base   string
	only   sinso.InstanceID // "": all of a series
	out    []byte
	z      inflated
	zipper *gzip.Writer // nil before the first piece, or if nothing is zipped
	any    bool
}

const metadataPiece = 4 << 20 // bytes

// errConflict ends a list in which an instance shares its UID with another.
var errConflict = errors.New("dicomweb: a conflict")

// series adds the instances of one series. Only where there is a conflict is the
// index asked which of them came first.
func (l *metadataList) series(f *sinso.Found) error {
	var shown map[sinso.InstanceID]bool // nil: not asked yet
	done := 0
	run := func() error {
		at := 0
		return l.cfg.Archive.Metadata(l.ctx(), f.Series.ID, func(row sinso.InstanceRow, stored []byte) error {
			at++
			switch {
			case at <= done:
				return nil
			case l.only == "" && row.Conflict && shown == nil:
				return errConflict
			}
			done = at
			if row.Deidentified != "" && l.caller.Treats() {
				return nil
			}
			if l.only != "" && row.ID != l.only || l.only == "" && row.Conflict && !shown[row.ID] {
				return nil
			}
			return l.add(f, row, stored)
		})
	}
	err := run()
	if !errors.Is(err, errConflict) {
		return err
	}
	first, err := l.find(l.cfg.Read, sinso.LevelInstance, target{f.Study.UID, f.Series.UID, ""})
	if err != nil {
		return err
	}
	shown = map[sinso.InstanceID]bool{}
	for _, one := range first {
		shown[one.Instance.ID] = true
	}
	return run()
}

func (l *metadataList) add(f *sinso.Found, row sinso.InstanceRow, stored []byte) error {
	object, err := l.z.object(stored)
	if err != nil {
		return err
	}
	l.out = append(l.out, "[,"[b2i(l.any)])
	l.any = true
	l.out = bulkURIs(l.out, bytes.TrimSpace(object), instanceURL(l.base, f.Study.UID, f.Series.UID, row.UID))
	if len(l.out) < metadataPiece {
		return nil
	}
	return l.send()
}

// send writes what there is as one of several pieces, or the last.
func (l *metadataList) send() error {
	if !l.w.begun {
		l.w.Header().Set("Content-Type", l.media)
		if l.zips() {
			l.w.Header().Set("Content-Encoding", "gzip")
			var err error
			if l.zipper, err = gzip.NewWriterLevel(l.w, gzip.BestSpeed); err != nil {
				return err
			}
		}
		l.w.WriteHeader(http.StatusOK)
	}
	var w io.Writer = l.w
	if l.zipper != nil {
		w = l.zipper
	}
	_, err := w.Write(l.out)
	l.out = l.out[:0]
	return err
}

// zips reports whether the list goes by gzip.
func (l *metadataList) zips() bool { return l.only == "" && coding.Gzip(l.r.Header) }

func (l *metadataList) end() error {
	if !l.any {
		return notFound("metadata")
	}
	l.out = append(l.out, ']')
	if !l.w.begun && !l.zips() {
		return l.reply(http.StatusOK, l.media, l.out)
	}
	if err := l.send(); err != nil || l.zipper == nil {
		return err
	}
	return l.zipper.Close()
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
