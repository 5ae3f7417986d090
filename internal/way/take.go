package way

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/ingest"
)

// Take takes one object in, as a door brings it: read, file under a person, grade,
// seal, acknowledge. When it returns without an error the object is sealed and
// durable, with its entry in the log. Calls that come at the same time share a
// sync. The study is listed, and the index brought up, afterwards: [Way.Tidy],
// [Way.Index]; whoever reads sees it at once all the same.
//
// Bytes that are no object we can file are kept in quarantine, and the error is
// a *ingest.RefusalError. An object that is here already is OutcomeDuplicate; other
// bytes under its SOP Instance UID are kept, and are OutcomeConflict.
func (w *Way) Take(ctx context.Context, item sinso.Item, o ImportOptions) (sinso.Receipt, error) {
	if o.Origin == "" {
		o.Origin = sinso.OriginSelf
	}
	w.active()
	item.Origin = o.Origin
	defer o.Arrival.GiveUp() // what is not sealed after all
	f := filer{w, o}
	record, err := ingest.Read(item)
	var refusal *ingest.RefusalError
	if errors.As(err, &refusal) {
		return sinso.Receipt{Outcome: sinso.OutcomeQuarantined}, f.refuse(ctx, taken{}, item, refusal)
	}
	if err != nil {
		return sinso.Receipt{}, err
	}
	note, err := ingest.ReadNote(record)
	if errors.As(err, &refusal) {
		return sinso.Receipt{Outcome: sinso.OutcomeQuarantined}, f.refuse(ctx, taken{}, item, refusal)
	}
	if refusal, err = f.derivative(ctx, &record); err != nil {
		return sinso.Receipt{}, err
	}
	if refusal != nil {
		return sinso.Receipt{Outcome: sinso.OutcomeQuarantined}, f.refuse(ctx, taken{}, item, refusal)
	}
	if f, refusal, err = f.decided(ctx, record.Header); err != nil {
		return sinso.Receipt{}, err
	}
	if refusal != nil {
		return sinso.Receipt{Outcome: sinso.OutcomeQuarantined}, f.refuse(ctx, taken{}, item, refusal)
	}
	person, newcomer, err := f.whose(ctx, record.Header)
	if errors.Is(err, sinso.ErrDenied) {
		return sinso.Receipt{Outcome: sinso.OutcomeQuarantined}, f.refuse(ctx, taken{}, item, refusalErased())
	}
	if err != nil {
		return sinso.Receipt{}, err
	}
	t := taken{size: item.Size(), name: item.Name, note: note}
	if item.Content != nil && newcomer != nil { // nobody waits for them until it is sealed
		err := f.logNewcomer(ctx, newcomer)
		newcomer.end(err == nil)
		if newcomer = nil; err != nil {
			return sinso.Receipt{}, err
		}
	}
	var receipt sinso.Receipt
	if err = f.file(&t, person, record); err == nil {
		err = f.sealLarge(ctx, &t, record)
	}
	if err == nil {
		receipt, err = f.takeObject(ctx, &t, record, newcomer)
	}
	if newcomer != nil {
		newcomer.end(err == nil)
	}
	if errors.As(err, &refusal) {
		return sinso.Receipt{Outcome: sinso.OutcomeQuarantined}, f.refuse(ctx, t, item, refusal)
	}
	if err != nil {
		return sinso.Receipt{}, err
	}
	w.touch(receipt.Study, o)
	return receipt, w.bringUp(ctx)
}

// takeObject files one object under its person.
func (f filer) takeObject(ctx context.Context, t *taken, record sinso.Record, newcomer *newcomer) (sinso.Receipt, error) {
	if t.note != nil {
		return f.takeNote(ctx, t, record, newcomer)
	}
	return f.fileObject(ctx, t, record, newcomer, f.tryClaim)
}

// fileObject claims an object by try, and makes it durable.
func (f filer) fileObject(ctx context.Context, t *taken, record sinso.Record, newcomer *newcomer, try tryClaim) (sinso.Receipt, error) {
	claim, known, err := claimObject(ctx, t, record, try)
	receipt := sinso.Receipt{Person: t.row.Person, Study: t.row.Study, Instance: t.row.ID, Tier: t.row.Tier, Outcome: sinso.OutcomeTaken}
	if err != nil {
		return receipt, err
	}
	if claim == nil {
		receipt.Instance, receipt.CID, receipt.Outcome = known.ID, known.CID, sinso.OutcomeDuplicate
		return receipt, f.logNewcomer(ctx, newcomer)
	}
	if t.row.Conflict {
		receipt.Outcome = sinso.OutcomeConflict
	}
	err = f.sealAndLog(ctx, t, record, newcomer, claim)
	f.claims.finish(claim, err == nil)
	receipt.CID = t.row.CID
	return receipt, err
}

// tryClaim claims an object, or returns the one that is known, or the claim that has
// to be waited for.
type tryClaim func(context.Context, *taken, sinso.Record) (_ *claim, known sinso.InstanceRow, busy *claim, err error)

// claimObject decides whether an object is new. Nil: these bytes are known.
func claimObject(ctx context.Context, t *taken, record sinso.Record, try tryClaim) (*claim, sinso.InstanceRow, error) {
	for {
		claim, known, busy, err := try(ctx, t, record)
		if busy == nil || err != nil {
			return claim, known, err
		}
		if err := wait(ctx, busy.done); err != nil {
			return nil, known, fmt.Errorf("way: take: %w", err)
		}
	}
}

func (f filer) tryClaim(ctx context.Context, t *taken, record sinso.Record) (_ *claim, known sinso.InstanceRow, busy *claim, err error) {
	f.filing.Lock()
	defer f.filing.Unlock()
	return f.claimFiling(ctx, t, record)
}

// claimFiling is tryClaim for a caller who holds f.filing.
func (f filer) claimFiling(ctx context.Context, t *taken, record sinso.Record) (_ *claim, known sinso.InstanceRow, busy *claim, err error) {
	same, other := f.claims.find(t.row)
	for _, c := range []*claim{same, other} {
		if c != nil && !c.ended() {
			return nil, known, c, nil
		}
	}
	if same != nil {
		return nil, same.row, nil, nil
	}
	l, err := f.look(ctx, t) // after the claims: what is in neither is nowhere
	if err != nil {
		return nil, known, nil, err
	}
	if l.person != t.row.Person {
		if err := f.settle(ctx, t, l); err != nil {
			return nil, known, nil, err
		}
		return f.claimFiling(ctx, t, record)
	}
	others := l.others
	if other != nil {
		others = append(others, other.row)
	}
	for _, row := range others {
		if row.Person == t.row.Person && row.Fingerprint == t.row.Fingerprint {
			return nil, row, nil, nil
		}
		if equal, err := f.sameDataSet(ctx, row, t.row, record); err != nil || equal {
			return nil, row, nil, err
		}
	}
	here, err := f.withdrawn(ctx, t, l)
	if here != nil {
		return nil, *here, nil, err
	}
	if err == nil {
		var refusal *ingest.RefusalError
		if refusal, err = f.erasedBefore(ctx, t.row.Study); refusal != nil {
			return nil, known, nil, refusal
		}
	}
	if err == nil {
		err = f.heed(ctx, t)
	}
	if err != nil {
		return nil, known, nil, err
	}
	t.row.Conflict = len(others) > 0
	return f.claims.object(t.row), known, nil, nil
}

// sameDataSet reports whether an object of which the data set alone counts is one
// that is here.
func (f filer) sameDataSet(ctx context.Context, row, fresh sinso.InstanceRow, record sinso.Record) (bool, error) {
	if !f.o.DataSet || row.Person != fresh.Person || row.Syntax != fresh.Syntax || row.CID == "" || record.Content != nil {
		return false, nil
	}
	plain, err := f.Read(ctx, row)
	if errors.Is(err, sinso.ErrCorrupt) || errors.Is(err, sinso.ErrNotFound) || errors.Is(err, sinso.ErrUnsupported) {
		return false, nil // damaged here, or larger than a service brings: what came is kept
	}
	if err != nil {
		return false, err
	}
	return bytes.Equal(ingest.DataSet(plain), ingest.DataSet(record.Bytes)), nil
}

// sealAndLog makes an object durable, with its person if they are new.
func (f filer) sealAndLog(ctx context.Context, t *taken, record sinso.Record, newcomer *newcomer, claim *claim) (err error) {
	custodians := []sinso.KeyID{sinso.KeyInstitution, sinso.PersonKey(t.row.Person)}
	if stream := f.o.Arrival.ready(t.size); stream != nil {
		t.sealed, err = stream.Finish(ctx, record.Bytes, custodians...)
		t.row.CID, t.row.Keys = t.sealed.CID, t.sealed.Keys
	} else if t.sealed.CID == "" {
		err = f.seal(ctx, t, record.Bytes, record.Content, custodians...)
	}
	if err != nil {
		return err
	}
	defer f.o.Arrival.GiveUp()
	claim.row = t.row // nobody reads it before it is done
	events, body, err := f.events(*t)
	if err != nil {
		return err
	}
	hand := handover{sealed: []*sealedBody{body}, indexed: func() { f.claims.forget(claim) }}
	if newcomer != nil {
		events = append([]sinso.Event{newcomer.event}, events...)
		hand.indexed = func() {
			f.claims.forget(claim)
			f.claims.settleIn(newcomer.match)
		}
	}
	return f.log(ctx, hand, t.sealed.Blocks, events...)
}

// refuse keeps what was refused, and returns why. t is what was done with it before.
func (f filer) refuse(ctx context.Context, t taken, item sinso.Item, refusal *ingest.RefusalError) error {
	t, err := f.quarantine(ctx, taken{size: item.Size(), name: item.Name, refusal: refusal, digest: t.digest, sealed: t.sealed}, item)
	if err != nil {
		return err
	}
	refusal = t.refusal
	if t.sealed.CID == "" {
		return refusal // nothing to keep, or kept already
	}
	event, _, err := f.event(t)
	if err != nil {
		return err
	}
	if err := f.record(ctx, t.sealed.Blocks, event); err != nil {
		return err
	}
	return refusal
}

// newcomer is a person whom an object brings, and who is not logged yet.
type newcomer struct {
	*claims
	claim *claim
	match string
	event sinso.Event
}

// end says whether they are in the log.
func (n *newcomer) end(durable bool) { n.arrive(n.match, n.claim, durable) }

// logNewcomer logs a person without an object of theirs.
func (f filer) logNewcomer(ctx context.Context, n *newcomer) error {
	if n == nil {
		return nil
	}
	return f.log(ctx, handover{indexed: func() { f.claims.settleIn(n.match) }}, nil, n.event)
}

// whose finds the person that an object belongs to, or makes them: their key is
// there then, and their event is the caller's to log.
func (f filer) whose(ctx context.Context, h sinso.Header) (sinso.PersonID, *newcomer, error) {
	if f.o.Person != "" {
		return f.o.Person, nil, nil
	}
	// Revealed into the encrypted log and index: the label is the owner's.
	return f.personOf(ctx, f.o.Actor, f.namer.Match(h), h.PatientName.Reveal())
}

func (w *Way) personOf(ctx context.Context, actor, match, label string) (sinso.PersonID, *newcomer, error) {
	for {
		if other := w.claims.person(match); other != nil {
			if err := wait(ctx, other.done); err != nil {
				return "", nil, fmt.Errorf("way: take: %w", err)
			}
			if w.claims.person(match) == other { // durable
				return other.person, nil, nil
			}
		}
		row, err := w.personByMatch(ctx, match)
		if err == nil || !errors.Is(err, sinso.ErrNotFound) {
			return row.ID, nil, err
		}
		claimed, other := w.claims.newcomer(match, w.namer.Person(match))
		if other != nil {
			continue
		}
		// They may have come and settled since the index was asked.
		if row, err = w.personByMatch(ctx, match); err == nil {
			w.claims.arrive(match, claimed, false)
			return row.ID, nil, nil
		}
		n := &newcomer{claims: w.claims, claim: claimed, match: match}
		if err = w.welcome(ctx, n, actor, label); err != nil {
			n.end(false)
			return "", nil, err
		}
		return claimed.person, n, nil
	}
}

// welcome makes a newcomer's key and event. A key without an event is what a crash
// between the two leaves: taken up.
func (w *Way) welcome(ctx context.Context, n *newcomer, actor, label string) (err error) {
	id := n.claim.person
	if err := w.Keys.Create(ctx, sinso.PersonKey(id)); err != nil && !errors.Is(err, sinso.ErrExists) {
		return fmt.Errorf("way: create the key of %s: %w", id, err)
	}
	n.event, err = w.entry(sinso.EventPersonCreated, actor, id, "", sinso.PersonCreated{Person: id, Match: n.match, Label: label}, nil)
	return err
}

// personByMatch looks into the index as it stands; who is on the way is in w.claims.
func (w *Way) personByMatch(ctx context.Context, match string) (row sinso.PersonRow, err error) {
	err = w.Meta.View(ctx, func(tx sinso.MetaTx) (err error) {
		row, err = tx.PersonByMatch(match)
		return err
	})
	return row, err
}

// bringUp leaves the index to the indexer, or does it.
func (w *Way) bringUp(ctx context.Context) error {
	if !w.indexer.Load() {
		return w.follow(ctx)
	}
	select {
	case w.taken <- struct{}{}:
	default:
	}
	return nil
}
