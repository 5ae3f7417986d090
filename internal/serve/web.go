package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/edge/door"
	"sinso.dev/sinso/internal/serve/dicomweb"
	"sinso.dev/sinso/internal/way"
)

// webBase is where the DICOMweb door stands.
const webBase = "/dicom-web"

// dicomweb returns the DICOMweb door, for callers with tokens or for the keeper.
func (s *Server) dicomweb(local bool) http.Handler {
	cfg := dicomweb.Config{
		Archive: webArchive{s.way, s.claimRoom}, Auth: s.auth, Problems: s.problems, Log: s.cfg.Log, Clock: s.cfg.Clock, Rand: s.cfg.Rand,
		Base: webBase, MaxUpload: s.cfg.MaxUpload,
	}
	if local {
		cfg.Auth = keeperAuth{}
	}
	web := dicomweb.New(cfg)
	s.closers = append(s.closers, web.Close)
	return door.Log(s.cfg.Log, s.cfg.Clock)(web)
}

// besideRouter serves what is below webBase by web, which has routes of its own.
func besideRouter(router, web http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == webBase || strings.HasPrefix(r.URL.Path, webBase+"/") {
			web.ServeHTTP(w, r)
			return
		}
		router.ServeHTTP(w, r)
	})
}

// keeperAuth lets in whoever reaches the node's own socket.
type keeperAuth struct{}

// FromRequest implements [dicomweb.Auth].
func (keeperAuth) FromRequest(*http.Request) (auth.Caller, error) { return auth.Local(), nil }

// webArchive is the node as the DICOMweb door needs it.
type webArchive struct {
	*way.Way

	claimRoom func(ctx context.Context, person sinso.PersonID, more int64) (leave func(), err error) // nil: there always is
}

// Arrive implements [dicomweb.Archive].
func (a webArchive) Arrive() dicomweb.Arrival { return a.Way.Arrive(sealedArriving) }

// sealedArriving is up to how many bytes an object is sealed while it arrives: those of
// a request wait for memory one after the other, and what is sealed is not counted.
const sealedArriving = 1 << 20

// Take implements [dicomweb.Archive].
func (a webArchive) Take(ctx context.Context, item sinso.Item, o dicomweb.TakeOptions) (sinso.Receipt, error) {
	if a.claimRoom != nil {
		leave, err := a.claimRoom(ctx, o.Person, int64(len(item.Bytes)))
		if err != nil {
			return sinso.Receipt{}, fmt.Errorf("serve: store: %w", err)
		}
		defer leave()
	}
	arrival, _ := o.Arrival.(*way.Arrival) // nil: nobody has seen it arrive
	receipt, err := a.Way.Take(ctx, item, way.ImportOptions{
		Actor: o.Actor, Person: o.Person, Origin: sinso.OriginGateway, DataSet: true, Arrival: arrival, Research: o.Research,
	})
	if err != nil {
		return receipt, fmt.Errorf("serve: store: %w", err)
	}
	return receipt, nil
}

// ReadAt implements [dicomweb.Archive].
func (a webArchive) ReadAt(ctx context.Context, row sinso.InstanceRow) (io.ReaderAt, error) {
	return a.ReadParts(ctx, row)
}

// Changes implements [dicomweb.Archive]. All that one event changed has its number,
// and is told of together.
func (a webArchive) Changes(ctx context.Context, person sinso.PersonID, after uint64, limit int, fn func(dicomweb.Change) error) error {
	var events []sinso.Event
	err := a.Way.Changes(ctx, after+1, 0, func(e sinso.Event) bool {
		_, tells := changes[e.Type]
		if tells && !e.Erased && (person == "" || e.Person == person) {
			events = append(events, e)
		}
		return len(events) < limit
	})
	if err != nil {
		return fmt.Errorf("serve: changes: %w", err)
	}
	for _, e := range events {
		objects, err := a.changed(ctx, e)
		if err != nil {
			return fmt.Errorf("serve: changes: %w", err)
		}
		for _, o := range objects {
			change := dicomweb.Change{Seq: e.Seq, At: e.At, Action: changes[e.Type], StudyUID: o.Study.UID, SeriesUID: o.Series.UID, InstanceUID: o.Instance.UID}
			if err := fn(change); err != nil {
				return err
			}
		}
	}
	return nil
}

// changes are the events that the feed tells of, and what they do.
var changes = map[sinso.EventType]dicomweb.Action{
	sinso.EventInstanceSealed: dicomweb.ActionCreate,
	sinso.EventRestored:       dicomweb.ActionCreate,
	sinso.EventRejected:       dicomweb.ActionDelete,
}

// changed lists the objects that an event is about.
func (a webArchive) changed(ctx context.Context, e sinso.Event) ([]sinso.InstanceSealed, error) {
	switch e.Type { //nolint:exhaustive // those of changes
	case sinso.EventRestored:
		var body sinso.Restored
		err := json.Unmarshal(e.Body, &body)
		return body.Instances, err
	case sinso.EventRejected:
		var body sinso.Rejected
		if err := json.Unmarshal(e.Body, &body); err != nil {
			return nil, err
		}
		var objects []sinso.InstanceSealed
		for _, id := range body.Instances {
			sealed, err := a.Withdrawn(ctx, id)
			if err != nil {
				return nil, err
			}
			if sealed != nil { // else a later event told that it is shown again
				objects = append(objects, *sealed)
			}
		}
		return objects, nil
	}
	var body sinso.InstanceSealed
	err := json.Unmarshal(e.Body, &body)
	return []sinso.InstanceSealed{body}, err
}

// Reject implements [dicomweb.Archive].
func (a webArchive) Reject(ctx context.Context, actor string, _ sinso.PersonID, what string) error {
	ids, err := a.instancesOf(ctx, what)
	if err != nil {
		return err
	}
	return a.Way.Reject(ctx, ids, way.ReasonDeleted, actor)
}

// instancesOf lists the instances below a study, series or instance.
func (a webArchive) instancesOf(ctx context.Context, what string) (ids []sinso.InstanceID, err error) {
	if strings.HasPrefix(what, "i_") {
		return []sinso.InstanceID{sinso.InstanceID(what)}, nil
	}
	study := sinso.StudyID(what)
	if strings.HasPrefix(what, "e_") {
		err = a.Metadata(ctx, sinso.SeriesID(what), func(row sinso.InstanceRow, _ []byte) error {
			study = row.Study
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	rows, err := a.Instances(ctx, study)
	for _, row := range rows {
		if string(study) == what || string(row.Series) == what {
			ids = append(ids, row.ID)
		}
	}
	return ids, err
}
