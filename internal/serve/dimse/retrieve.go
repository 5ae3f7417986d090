package dimse

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
	wire "sinso.dev/sinso/internal/wire/dimse"
)

const (
	purposeGet  = "dimse-get"
	purposeMove = "dimse-move"

	// readAhead is how many objects are decrypted while others are sent.
	readAhead = 3

	// tellEvery is how often the peer is told how far it is: a response for each
	// object would cost as much as a small object.
	tellEvery = 500 * time.Millisecond
)

// uniqueKeys name what is retrieved (PS3.4 C.4.2.1.4).
var uniqueKeys = []dicom.Tag{tagPatientID, tagStudyInstance, tagSeriesInstance, tagSOPInstance}

// wanted lists the instances that an identifier of a retrieve names.
func (d *Door) wanted(ctx context.Context, identifier dicom.Dataset) ([]sinso.InstanceRow, error) {
	q, _, err := queryOf(identifier)
	if err != nil {
		return nil, err
	}
	q.Level = sinso.LevelInstance
	q.Match = slices.DeleteFunc(q.Match, func(c sinso.Condition) bool { return !slices.Contains(uniqueKeys, dicom.Tag(c.Tag)) })
	if len(q.Match) == 0 {
		return nil, fmt.Errorf("dimse: the identifier of a retrieve names nothing: %w", sinso.ErrInvalid)
	}
	var rows []sinso.InstanceRow
	err = d.archive.Find(ctx, q, func(found sinso.Found) error {
		rows = append(rows, found.Instance)
		return nil
	})
	return rows, err
}

// opened writes down what is handed out, once for each study, before it is.
func (d *Door) opened(ctx context.Context, who, purpose string, rows []sinso.InstanceRow) error {
	done := map[sinso.StudyID]bool{}
	for _, row := range rows {
		if done[row.Study] {
			continue
		}
		done[row.Study] = true
		if err := d.archive.Opened(ctx, who, row.Person, string(row.Study), purpose); err != nil {
			return err
		}
	}
	return nil
}

// sender sends one object; it is ErrUnsupported if the peer does not take it.
type sender struct {
	syntaxes func(class string) []string // that the peer takes
	store    func(context.Context, *wire.Object) (wire.Status, error)
}

// sent counts what became of the objects of one retrieve.
type sent struct {
	wire.Counts
	failed   []string // SOP Instance UIDs
	withheld int      // of those that failed: a peer like this one gets them not
}

// sendAll sends instances one after the other, and reads the next ones meanwhile.
func (d *Door) sendAll(ctx context.Context, rows []sinso.InstanceRow, to sender, pending func(wire.Counts) error) (sent, error) {
	out := sent{Counts: wire.Counts{Remaining: len(rows)}}
	group, ctx := errgroup.WithContext(ctx)
	ready := make(chan *wire.Object, readAhead)
	group.Go(func() error {
		defer close(ready)
		for _, row := range rows {
			select {
			case ready <- d.object(ctx, row, to.syntaxes(row.SOPClass)):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	group.Go(func() error {
		at := 0
		for object := range ready {
			if err := out.send(ctx, object, rows[at], to); err != nil {
				return err
			}
			at++
			if err := pending(out.Counts); err != nil {
				return err
			}
		}
		return nil
	})
	return out, group.Wait()
}

// seldom tells the peer how far it is now and then.
func (d *Door) seldom(tell func(wire.Counts) error) func(wire.Counts) error {
	told := d.cfg.Clock.Now()
	return func(c wire.Counts) error {
		now := d.cfg.Clock.Now()
		if now.Sub(told) < tellEvery {
			return nil
		}
		told = now
		return tell(c)
	}
}

// send sends one object and counts it. Its error is that the association is lost.
func (s *sent) send(ctx context.Context, object *wire.Object, row sinso.InstanceRow, to sender) error {
	s.Remaining--
	status, err := wire.StatusUnableToProcess, error(nil)
	if object != nil {
		if status, err = to.store(ctx, object); err != nil && !errors.Is(err, sinso.ErrUnsupported) && !errors.Is(err, sinso.ErrInvalid) {
			return err
		}
	}
	switch {
	case err != nil || status.IsFailure():
		s.Failed++
		s.failed = append(s.failed, row.UID)
	case status.IsWarning():
		s.Warning++
	default:
		s.Completed++
	}
	return nil
}

// object reads an instance in one of the transfer syntaxes that the peer takes:
// its own, or another that it can be written in. Nil if that cannot be: the reason
// is in the log.
func (d *Door) object(ctx context.Context, row sinso.InstanceRow, syntaxes []string) *wire.Object {
	plain, err := d.archive.Read(ctx, row)
	if err == nil && !slices.Contains(syntaxes, row.Syntax) {
		plain, err = transcode(plain, syntaxes)
	}
	var object *wire.Object
	if err == nil {
		object, err = wire.ParseObject(plain)
	}
	if err != nil {
		d.log.WarnContext(ctx, "instance not sent", slog.String("instance", string(row.ID)), slog.String("error", err.Error()))
		return nil
	}
	return object
}

// transcode writes an object in the first of the syntaxes that it can be.
func transcode(plain []byte, syntaxes []string) ([]byte, error) {
	if len(syntaxes) == 0 {
		return nil, fmt.Errorf("dimse: the peer takes no object of this SOP class: %w", sinso.ErrUnsupported)
	}
	file, err := dicom.Read(plain)
	if err != nil {
		return nil, fmt.Errorf("dimse: %w", err)
	}
	// Uncompressed first: every peer can read it, and nothing is spent on compressing.
	ordered := slices.Clone(syntaxes)
	slices.SortStableFunc(ordered, func(a, b string) int { return cost(a) - cost(b) })
	var failed error
	for _, syntax := range ordered {
		out, err := codec.Transcode(file, syntax)
		if err == nil {
			return out, nil
		}
		failed = errors.Join(failed, err)
	}
	return nil, failed
}

func cost(uid string) int {
	syntax, _ := dicom.SyntaxByUID(uid)
	switch {
	case syntax.Encapsulated:
		return 2
	case syntax.BigEndian || syntax.Deflated:
		return 1
	}
	return 0
}

// get answers a C-GET on the same association.
func (d *Door) get(ctx context.Context, a *wire.Association, r *wire.GetRequest) wire.Outcome {
	rows, mayNot, err := d.fetch(ctx, a, d.isResearch(a), purposeGet, r.Identifier)
	if err != nil {
		return wire.Outcome{Status: statusOf(err)}
	}
	before := withheld(mayNot)
	tell := d.seldom(func(c wire.Counts) error { return r.Pending(ctx, add(before.Counts, c, 0)) })
	out, err := d.sendAll(ctx, rows, sender{r.Syntaxes, r.Store}, tell)
	return d.outcome(ctx, before.and(out, 0), err)
}

// move answers a C-MOVE over an association with the destination.
func (d *Door) move(ctx context.Context, a *wire.Association, r *wire.MoveRequest) wire.Outcome {
	row, err := d.archive.AE(ctx, r.Destination)
	if errors.Is(err, sinso.ErrNotFound) || err == nil && row.Port == 0 {
		return wire.Outcome{Status: wire.StatusMoveDestinationUnknown}
	}
	var rows, mayNot []sinso.InstanceRow
	if err == nil {
		rows, mayNot, err = d.fetch(ctx, a, row.Research, purposeMove, r.Identifier)
	}
	if err != nil {
		return wire.Outcome{Status: statusOf(err)}
	}
	total := withheld(mayNot)
	total.Remaining = len(rows)
	tell := d.seldom(func(c wire.Counts) error { return r.Pending(ctx, c) })
	for _, part := range batches(rows) {
		before := total
		out, err := d.moveSome(ctx, a, r, row, part, func(c wire.Counts) error {
			return tell(add(before.Counts, c, len(part)))
		})
		total = before.and(out, len(part))
		if err != nil {
			return d.outcome(ctx, total, err)
		}
	}
	return d.outcome(ctx, total, nil)
}

// add joins the counts of an association's objects to those before it, which had
// counted them as remaining.
func add(before, c wire.Counts, part int) wire.Counts {
	return wire.Counts{
		Remaining: before.Remaining - part + c.Remaining, Completed: before.Completed + c.Completed,
		Failed: before.Failed + c.Failed, Warning: before.Warning + c.Warning,
	}
}

// and is what became of part objects more.
func (s sent) and(more sent, part int) sent {
	return sent{add(s.Counts, more.Counts, part), append(s.failed, more.failed...), s.withheld + more.withheld}
}

// contextsPerAssociation are pairs of one: each takes up to three contexts of 128.
const contextsPerAssociation = 42

// batches groups instances so that the SOP classes of each group, in two contexts
// each, fit into one association.
func batches(rows []sinso.InstanceRow) (groups [][]sinso.InstanceRow) {
	pairs, start := map[wire.Pair]bool{}, 0
	for i, row := range rows {
		pairs[wire.Pair{Class: row.SOPClass, Syntax: row.Syntax}] = true
		if len(pairs) > contextsPerAssociation {
			groups = append(groups, rows[start:i])
			pairs, start = map[wire.Pair]bool{{Class: row.SOPClass, Syntax: row.Syntax}: true}, i
		}
	}
	if start < len(rows) {
		groups = append(groups, rows[start:])
	}
	return groups
}

// contextsOf proposes each pair as it is, and each class in the plain syntaxes, in
// which the destination may take what it cannot decode.
func contextsOf(rows []sinso.InstanceRow) (contexts []wire.Context) {
	pairs, classes := map[wire.Pair]bool{}, map[string]bool{}
	plain := []string{dicom.ExplicitLittleEndian, dicom.ImplicitLittleEndian}
	for _, row := range rows {
		if pair := (wire.Pair{Class: row.SOPClass, Syntax: row.Syntax}); !pairs[pair] && !slices.Contains(plain, row.Syntax) {
			pairs[pair] = true
			contexts = append(contexts, wire.Context{Abstract: row.SOPClass, Syntaxes: []string{row.Syntax}})
		}
		if classes[row.SOPClass] {
			continue
		}
		classes[row.SOPClass] = true
		for _, syntax := range plain { // one each: the destination may take both
			contexts = append(contexts, wire.Context{Abstract: row.SOPClass, Syntaxes: []string{syntax}})
		}
	}
	return contexts
}

// moveSome sends instances over one association with the destination.
func (d *Door) moveSome(ctx context.Context, a *wire.Association, r *wire.MoveRequest, row sinso.AERow, rows []sinso.InstanceRow, pending func(wire.Counts) error) (sent, error) {
	dialling, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	to, err := d.dial(dialling, row, contextsOf(rows))
	if err != nil {
		d.log.WarnContext(ctx, "destination not reached", slog.String("error", err.Error()))
		out := sent{Counts: wire.Counts{Failed: len(rows)}}
		for _, row := range rows {
			out.failed = append(out.failed, row.UID)
		}
		return out, nil
	}
	defer to.Abort() // nothing, after a release
	out, err := d.sendAll(ctx, rows, sender{to.Syntaxes, func(ctx context.Context, o *wire.Object) (wire.Status, error) {
		return to.StoreFor(ctx, o, a.Peer().Calling, r.MessageID)
	}}, pending)
	if err == nil {
		err = to.Release(ctx)
	}
	return out, err
}

// outcome is the last response of a retrieve (PS3.4 Tables C.4-2, C.4-3).
func (d *Door) outcome(ctx context.Context, out sent, err error) wire.Outcome {
	o := wire.Outcome{Counts: out.Counts, Failed: out.failed}
	if out.withheld > 0 {
		o.Comment = reasonResearch
	}
	switch {
	case ctx.Err() != nil:
		o.Status = wire.StatusCancel
	case err != nil:
		d.log.WarnContext(ctx, "retrieve cut off", slog.String("error", err.Error()))
		o.Status = wire.StatusOutOfResourcesOperations
	case out.withheld > 0 && out.Failed == out.withheld && out.Completed+out.Warning == 0:
		o.Status = wire.StatusNotAuthorized
	case out.Failed > 0 && out.Completed+out.Warning == 0:
		o.Status = wire.StatusOutOfResourcesOperations
	case out.Failed > 0 || out.Warning > 0:
		o.Status = wire.StatusSubOperationsFailed
	}
	return o
}
