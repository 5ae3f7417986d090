package deidrun

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/ingest"
)

// The attributes of a derivative that the report shows.
const (
	tagModality = dicom.Tag(0x00080060)
	tagPatient  = dicom.Tag(0x00100020)
	tagSeries   = dicom.Tag(0x0020000E)
)

func (p *pipeline) cleanAll(ctx context.Context) error {
	for it := range p.items {
		o, err := p.clean(ctx, it)
		p.budget.Release(it.bytes)
		if err == nil {
			err = send(ctx, p.outcomes, o)
		}
		if err == nil {
			err = p.isWhole(ctx, it.of)
		}
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// clean de-identifies one item and writes what it became.
func (p *pipeline) clean(ctx context.Context, it item) (outcome, error) {
	rec := record{ID: it.id, Name: p.lists.names.sealed(it.found.Item.Name.Reveal())} // sealed at once; it is for the report of whoever gave the file
	if it.id != it.of.id {
		rec.Unit = it.of.id
	}
	in, err := sinso.Record{}, error(it.found.Refusal)
	if it.found.Refusal == nil {
		in, err = ingest.Read(it.found.Item)
	}
	var refusal *ingest.RefusalError
	if errors.As(err, &refusal) {
		rec.Again = refusal.Reason == ingest.ReasonUnreadable && rec.Unit == id{} && !it.of.link
		return refused(rec, refusal), nil
	}
	result, err := p.profile.Clean(ctx, in, deid.Release{Secret: p.state.secret})
	if ctx.Err() != nil {
		return outcome{}, ctx.Err()
	}
	if err != nil {
		return refused(rec, &ingest.RefusalError{Reason: ingest.ReasonUnsupported, Detail: err.Error()}), nil //nolint:nilerr // it is in the report, and the rest goes on
	}
	rec.describe(&result)
	if !p.o.DryRun {
		rec.Temp = p.session + strconv.FormatInt(p.serial.Add(1), 36)
		if err := p.write(rec.Temp, result.Clean.Bytes); err != nil {
			return outcome{}, err
		}
	}
	return outcome{rec: rec, changes: result.Changes}, nil
}

func refused(rec record, why *ingest.RefusalError) outcome {
	rec.Reasons, rec.Detail, rec.Skip = []sinso.Reason{why.Reason}, why.Detail, why.Skip
	return outcome{rec: rec}
}

// describe says of a derivative what the end of the run and the report need.
func (r *record) describe(result *deid.Result) {
	switch {
	case len(result.Clean.Withheld) > 0:
		r.Class, r.Reasons = classWithheld, result.Clean.Withheld
	case result.Sight.Unnamed:
		r.Class, r.Heads = classUnnamed, result.Sight.Heads
	}
	r.File = filepath.Join(r.Class.dir(), plainName(fileUID(result.Clean.UID)))
	r.Sum = half(sha256.Sum256(result.Clean.Bytes))
	r.Study = result.Sight.Study
	if file, err := dicom.ReadHeader(result.Clean.Bytes); err == nil {
		r.Series, r.Patient, r.Modality = file.String(tagSeries), file.String(tagPatient), file.String(tagModality)
	}
}

// write writes a derivative under a name of the run's own. All derivatives have the
// time at which the first run in OUT began: the true ones would tell the order of
// the originals.
func (p *pipeline) write(name string, data []byte) error {
	path := filepath.Join(p.state.dir, newDir, name)
	p.o.step()
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600) //nolint:gosec // the run's own folder
	if err == nil {
		_, err = file.Write(data)
		p.o.step()
		if err == nil && !groupSync() {
			err = file.Sync()
		}
		err = errors.Join(err, file.Close())
	}
	if err == nil {
		err = os.Chtimes(path, p.state.Begun, p.state.Begun)
	}
	if err != nil {
		_ = os.Remove(path) // what stays is removed by the next run
		return fmt.Errorf("deid: a file cannot be written: %w: %w", bare(err), sinso.ErrUnavailable)
	}
	return nil
}
