package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"

	"golang.org/x/sync/errgroup"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/ingest"
	"sinso.dev/sinso/internal/way"
)

// uploadTakers is how many uploads are taken in at once: those that come together share a
// sync of the journal, and each holds one object in memory, but large ones.
const uploadTakers = 4

// TakeUploads takes in uploads of which all is here, until ctx ends. What that cuts off is
// taken up at the next start.
func (s *Server) TakeUploads(ctx context.Context) error {
	if s.cfg.Uploads == nil {
		return nil
	}
	group, ctx := errgroup.WithContext(ctx)
	for range uploadTakers {
		group.Go(func() error {
			for {
				upload, err := s.cfg.Uploads.Next(ctx)
				switch {
				case ctx.Err() != nil:
					return nil //nolint:nilerr // it is the end that was asked for
				case err != nil:
					return err
				}
				s.takeUpload(ctx, upload)
			}
		})
	}
	return group.Wait()
}

// takeUpload takes one upload in, and keeps what became of it.
func (s *Server) takeUpload(ctx context.Context, upload sinso.Upload) {
	if upload.Size > largeUpload {
		select {
		case s.large <- struct{}{}:
			defer func() { <-s.large }()
		case <-ctx.Done():
			return
		}
	}
	answered := s.answered.Load()
	result, patients, err := s.takeGuarded(ctx, upload)
	switch {
	case err != nil:
	case patients.Asks:
		err = s.ask(ctx, upload.ID, patients.List, answered)
	default:
		err = s.cfg.Uploads.Finish(ctx, upload.ID, outcomeOf(result, patients.List))
	}
	if err == nil || ctx.Err() != nil {
		return
	}
	again := errors.Is(err, sinso.ErrUnavailable) || errors.Is(err, sinso.ErrBusy) // what else failed would fail again
	s.cfg.Log.ErrorContext(ctx, "an upload could not be taken in yet; its owner may have it tried again",
		slog.String("upload", string(upload.ID)), slog.Bool("again", again), slog.String("error", err.Error()))
	_ = s.cfg.Uploads.Fail(ctx, upload.ID, again) // it is there: nobody removes what is being taken
}

// outcomeOf is the result of an import as it is kept of an upload.
func outcomeOf(r way.ImportResult, patients []sinso.AskedPatient) sinso.UploadOutcome {
	r = whole(r)
	o := sinso.UploadOutcome{
		Files: r.Files, Instances: r.Instances, Duplicates: r.Duplicates, Conflicts: r.Conflicts, Quarantined: r.Quarantined, Skipped: r.Skipped,
		Bytes: r.Bytes, Studies: r.Studies, Reasons: r.Reasons,
	}
	for _, p := range patients {
		o.Patients = append(o.Patients, p.UploadPatient)
	}
	return o
}

// largeUpload is from how many bytes on uploads are taken in one after the other: what is in a
// zip is in memory twice, itself and sealed, and what is read in parts is so three times.
const largeUpload = 64 << 20

// takeGuarded is takeIn, whose mistake about a stranger's bytes ends no node: the upload
// is kept, and tried again when its owner asks, or a node that may know better starts.
func (s *Server) takeGuarded(ctx context.Context, upload sinso.Upload) (result way.ImportResult, patients way.Patients, err error) {
	defer func() {
		if recover() != nil { // the value may quote the object
			err = fmt.Errorf("serve: the program failed on an upload: %w", sinso.ErrCorrupt)
		}
	}()
	return s.takeIn(ctx, upload)
}

// takeIn is the import of one upload: of a zip as of any zip; of one object by
// itself, as a door brings it, so that a thousand of one study do not close it a thousand
// times. One that asks is read once before, and not taken in if somebody has to say first
// whose it is.
func (s *Server) takeIn(ctx context.Context, upload sinso.Upload) (result way.ImportResult, patients way.Patients, err error) {
	reader, err := s.cfg.Uploads.Open(ctx, upload.ID)
	if err != nil {
		return result, patients, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	sound := &soundReader{ReaderAt: reader}
	o := way.ImportOptions{Actor: upload.Actor, Person: upload.Person, Research: upload.Research, Ask: upload.Ask}
	walk := func(ctx context.Context, fn func(ingest.Found) error) error {
		return s.way.Walker().File(ctx, sound, upload.Size, upload.Name, fn)
	}
	if upload.Ask {
		if patients, err = s.way.PatientsOf(ctx, walk, o); err != nil {
			return result, patients, err
		}
		defer patients.Done()
	}
	if patients.Asks && sound.err == nil {
		return result, patients, nil
	}
	if ingest.IsZip(sound) {
		leave, full := s.claimAll(ctx, personOf(upload.Owner), upload.Size, walk)
		if full != nil {
			return result, patients, full
		}
		defer leave()
		result, err = s.way.Import(ctx, walk, o)
	} else {
		single := single{o: o, way: s.way, studies: map[sinso.StudyID]bool{}}
		single.result.Reasons = map[sinso.Reason]int{}
		err = walk(ctx, func(found ingest.Found) error { return single.take(ctx, found) })
		result = single.result
		result.Studies = slices.Sorted(maps.Keys(single.studies))
	}
	if err == nil && sound.err != nil {
		err = fmt.Errorf("serve: read an upload: %w", sound.err)
	}
	return result, patients, err
}

// soundReader notes a failure to read: it must not pass for a file that is damaged.
type soundReader struct {
	io.ReaderAt

	err error
}

// ReadAt implements [io.ReaderAt].
func (r *soundReader) ReadAt(p []byte, offset int64) (int, error) {
	n, err := r.ReaderAt.ReadAt(p, offset)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err //nolint:wrapcheck // the reader's own
}

// single counts objects that are taken one by one.
type single struct {
	way     *way.Way
	o       way.ImportOptions
	result  way.ImportResult
	studies map[sinso.StudyID]bool
}

func (s *single) take(ctx context.Context, found ingest.Found) error {
	refusal := found.Refusal
	var receipt sinso.Receipt
	if refusal == nil {
		var err error
		if receipt, err = s.way.Take(ctx, found.Item, s.o); err != nil && !errors.As(err, &refusal) {
			return err
		}
	}
	s.result.Files++
	s.result.Bytes += found.Item.Size()
	if refusal != nil {
		s.result.Reasons[refusal.Reason]++
		if refusal.Skip {
			s.result.Skipped++
		} else {
			s.result.Quarantined++
		}
		return nil
	}
	s.studies[receipt.Study] = true
	switch receipt.Outcome {
	case sinso.OutcomeTaken:
		s.result.Instances++
	case sinso.OutcomeDuplicate:
		s.result.Duplicates++
	case sinso.OutcomeConflict:
		s.result.Conflicts++
	case sinso.OutcomeQuarantined, sinso.OutcomeSkipped: // come as a refusal
	}
	return nil
}
