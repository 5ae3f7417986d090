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
	tagFrames   = dicom.Tag(0x00280008)
	tagRows     = dicom.Tag(0x00280010)
	tagColumns  = dicom.Tag(0x00280011)
)

func (p *pipeline) cleanAll(ctx context.Context) error {
	for it := range p.items {
		work := p.clean
		if it.again != nil {
			work = p.remake
		}
		o, err := work(ctx, it)
		p.budget.Release(it.bytes)
		if err == nil {
			err = send(ctx, p.outcomes, o)
		}
		if err == nil && it.of != nil {
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
	result, err := guarded(func() (deid.Result, error) { return p.profile.Clean(ctx, in, p.release()) })
	if ctx.Err() != nil {
		return outcome{}, ctx.Err()
	}
	if errors.Is(err, sinso.ErrUnavailable) { // the reader fails: nothing is made without it
		return outcome{}, err
	}
	if err != nil {
		return refused(rec, &ingest.RefusalError{Reason: ingest.ReasonUnsupported, Detail: err.Error()}), nil //nolint:nilerr // it is in the report, and the rest goes on
	}
	if rec.sort(&result); rec.Class == classWaits {
		rec.From = p.lists.names.object(in.Bytes)
		p.seen.keep(rec.From, result.Seen)
	}
	return p.made(rec, &result)
}

// release is what all derivatives of the run are made under.
func (p *pipeline) release() deid.Release {
	return deid.Release{Secret: p.state.secret, Reader: p.o.Reader}
}

// guarded runs what looks into a stranger's bytes: a mistake in it is an error of that
// file, and no end of the run. What the panic says is not told: it may quote the object.
func guarded(fn func() (deid.Result, error)) (result deid.Result, err error) {
	defer func() {
		if recover() != nil {
			err = fmt.Errorf("deid: this program failed on it, which is a mistake in the program: %w", sinso.ErrUnsupported)
		}
	}()
	return fn()
}

// made describes and writes a derivative.
func (p *pipeline) made(rec record, result *deid.Result) (outcome, error) {
	rec.describe(result)
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

// sort decides what one object alone can tell. Until its series is judged, what may
// show a head lies in OUT/withheld.
func (r *record) sort(result *deid.Result) {
	sight, held := result.Sight, result.Clean.Withheld
	r.Reasons = held
	switch named := sight.Named && len(held) == 1; { // withheld for that alone
	case len(held) > 0 && !named:
		r.Class, r.Head = classWithheld, sight.Named // its study hears of it
	case named, sight.Unnamed, sight.Other:
		r.Class, r.Head, r.Other, r.Heads = classWaits, sight.Named, sight.Other, sight.Heads
	}
}

// describe says of a derivative what the end of the run and the report need.
func (r *record) describe(result *deid.Result) {
	r.File = r.Class.path(plainName(fileUID(result.Clean.UID)))
	r.Sum = half(sha256.Sum256(result.Clean.Bytes))
	file, err := dicom.ReadHeader(result.Clean.Bytes)
	if err != nil || r.remade() {
		return // it is in the record
	}
	r.Study = result.Sight.Study
	r.Series, r.Patient, r.Modality = file.String(tagSeries), file.String(tagPatient), file.String(tagModality)
	if r.Class == classWaits {
		r.Voxels = voxels(file)
	}
}

// voxels counts the pixels of all frames; what says nonsense has as many as are judged
// at a time.
func voxels(file *dicom.File) int64 {
	out := int64(1)
	for _, tag := range []dicom.Tag{tagRows, tagColumns, tagFrames} {
		n, ok := file.Int(tag)
		if !ok && tag == tagFrames {
			n = 1
		}
		if out *= int64(max(n, 0)); out > maxVoxels {
			return maxVoxels
		}
	}
	return out
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
