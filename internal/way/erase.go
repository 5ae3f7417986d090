package way

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/ingest"
	"sinso.dev/sinso/internal/stage/market"
)

// An erasure goes so:
//
//  1. It is noted that it was asked for. What is to go is shown no more: it is rejected, its
//     releases recalled, its links ended, its orders ended on the chain. Where money is under
//     way it is refused here.
//  2. All that is to go is written into the log, in one event: which keys, which sealed
//     objects, which events.
//  3. The keys are destroyed. From here on nobody opens anything of it.
//  4. The blocks are deleted, the index is made anew without what it said, and the bytes
//     of the blocks are freed.
//  5. A receipt is signed and written into the log.
//
// What is cut off after it was noted is gone on with at the next start. 3 and 4 can be done
// again and again: an older copy of the node that is put back erases again what it had.

// EraseOptions say how something is erased.
type EraseOptions struct {
	Actor string
	// LeaveMoney erases though there is money in accounts whose keys go with it: it is
	// lost.
	LeaveMoney bool

	goesOn bool // with one that was cut off, or waited: nobody waits for the answer
}

// Erase erases a study, a person with all that is theirs, or an object in quarantine, by
// its id, and returns the signed receipt. ErrNotFound if it was never here, ErrExists if
// money is under way for a part of it; it is shown no more then, and can be erased later.
// One that was erased before has its receipt. What the institution must keep is shown no
// more, and erased when it may be ([Way.TendErasures]): the row says until when.
func (w *Way) Erase(ctx context.Context, id string, o EraseOptions) (sinso.ErasureRow, error) {
	end, err := w.making.take(ctx) // no release is made meanwhile
	if err != nil {
		return sinso.ErasureRow{}, err
	}
	defer end()
	w.erasing.Lock()
	defer w.erasing.Unlock()
	what, err := w.erasable(ctx, id)
	if err != nil {
		return sinso.ErasureRow{}, err
	}
	if row, err := w.erasureOf(ctx, what); err == nil {
		return w.finishErasure(context.WithoutCancel(ctx), row)
	} else if !errors.Is(err, sinso.ErrNotFound) {
		return row, err
	}
	if o.goesOn {
		if _, noted, err := w.askedFor(ctx, id); err != nil || !noted { // it was refused meanwhile
			return sinso.ErasureRow{}, errors.Join(err, sinso.ErrNotFound)
		}
	}
	row, waits, err := w.eraseFresh(ctx, id, what, o)
	if err != nil {
		return row, errors.Join(err, w.refuseErasure(context.WithoutCancel(ctx), id, o, err))
	}
	if waits {
		return row, nil
	}
	done, err := w.finishErasure(context.WithoutCancel(ctx), row) // who asked may have gone
	done.Unasked = row.Unasked
	return done, err
}

// eraseFresh leads an erasure to where all that is to go is written down, or has to wait.
func (w *Way) eraseFresh(ctx context.Context, id string, what erasable, o EraseOptions) (row sinso.ErasureRow, waits bool, err error) {
	if err := w.eachUnderItsKey(ctx, what); err != nil {
		return row, false, err
	}
	if err := w.coCreators(ctx, what); err != nil {
		return row, false, err
	}
	kept, err := w.kept(ctx, what)
	if err != nil {
		return row, false, err
	}
	if err := w.beginErasure(ctx, id, what, o); err != nil {
		return row, false, err
	}
	for _, study := range what.studies {
		if err := w.withdraw(ctx, study, kept.reason(), o.Actor); err != nil {
			return row, false, err
		}
	}
	if err := w.conclude(ctx, what, o.Actor); err != nil {
		return row, false, err
	}
	var unasked []sinso.Address
	if !o.LeaveMoney {
		if unasked, err = w.ownsNothing(ctx, what); err != nil {
			return row, false, err
		}
	}
	if waits = kept.stands(); waits {
		row, err = w.askErasure(ctx, id, kept, o)
	} else {
		row, err = w.announce(ctx, what, o.Actor)
	}
	row.Unasked = unasked
	return row, waits, err
}

// Erasures lists what was erased, or is being erased.
func (w *Way) Erasures(ctx context.Context) ([]sinso.ErasureRow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) ([]sinso.ErasureRow, error) { return gather(tx.Erasures) })
}

// destroyErased destroys again the keys that an older copy of the key table brought back.
func (w *Way) destroyErased(ctx context.Context) error {
	rows, err := w.Erasures(ctx)
	if err != nil {
		return err
	}
	w.erased.Store(len(rows) > 0)
	for _, row := range rows {
		body, err := w.erasedBody(ctx, row)
		if err != nil {
			return err
		}
		if err := w.destroy(ctx, body); err != nil {
			return err
		}
	}
	return nil
}

// resumeErasures finishes what was cut off.
func (w *Way) resumeErasures(ctx context.Context) error {
	w.erasing.Lock()
	defer w.erasing.Unlock()
	rows, err := w.Erasures(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, row := range rows {
		if row.Done.IsZero() {
			_, err := w.finishErasure(ctx, row)
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// eachUnderItsKey is ErrUnsupported if the log says something of what goes that is under no
// key of its own, as builds from before there were erasures wrote it: that would stay.
func (w *Way) eachUnderItsKey(ctx context.Context, what erasable) error {
	subjects := []string{string(what.refused)}
	for _, study := range what.studies {
		subjects = append(subjects, string(study))
	}
	for _, subject := range subjects {
		if subject == "" {
			continue
		}
		if err := w.readEventsOf(ctx, "", subject, func(event sinso.Event) error {
			switch event.Type { //nolint:exhaustive // what holds names or keys, and brings all else
			case sinso.EventInstanceSealed, sinso.EventImported, sinso.EventQuarantined, sinso.EventReleasePlanned, sinso.EventReleased:
				if event.Under == "" {
					return fmt.Errorf("way: erase: entry %d of the log was written by an earlier build, and would stay: import what is to be kept into a new node, and destroy this one; nothing is erased: %w", event.Seq, sinso.ErrUnsupported)
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// withdraw ends all that a study is used for. Its orders are ended on the chain when it
// returns nil.
func (w *Way) withdraw(ctx context.Context, study sinso.StudyID, why sinso.Reason, actor string) error {
	instances, err := w.Instances(ctx, study)
	if err != nil && !errors.Is(err, sinso.ErrNotFound) {
		return err
	}
	ids := make([]sinso.InstanceID, len(instances))
	for i, row := range instances {
		ids[i] = row.ID
	}
	if err := w.Reject(ctx, ids, why, actor); err != nil && !errors.Is(err, sinso.ErrNotFound) {
		return err
	}
	return w.TendShares(ctx)
}

// conclude ends the orders of what goes on the chain.
func (w *Way) conclude(ctx context.Context, what erasable, actor string) error {
	orders, err := w.ordersOf(ctx, what)
	if err != nil {
		return err
	}
	for _, row := range orders {
		if err := w.concluded(ctx, row, actor); err != nil {
			return err
		}
	}
	return nil
}

// coCreators is ErrExists if a person who goes shares in a copy of another's that is not
// refused: what they are paid later nobody could move.
func (w *Way) coCreators(ctx context.Context, what erasable) error {
	releases, err := w.Releases(ctx, "")
	if err != nil {
		return err
	}
	for _, row := range releases {
		if row.Author != nil && slices.Contains(what.persons, row.Author.Person) && !what.has(row) && row.State != sinso.ReleaseIsRefused {
			return fmt.Errorf("way: this person shares in release %s of another: it has to be called off or taken back first; nothing is erased: %w", row.ID, sinso.ErrExists)
		}
	}
	return nil
}

// ordersOf lists the orders of the releases that go, and those that a key which goes signed.
func (w *Way) ordersOf(ctx context.Context, what erasable) ([]sinso.OrderRow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) ([]sinso.OrderRow, error) {
		of := map[sinso.ReleaseID]bool{}
		err := tx.Releases("", func(row sinso.ReleaseRow) error {
			of[row.ID] = what.has(row)
			return nil
		})
		if err != nil {
			return nil, err
		}
		orders, err := gather(func(fn func(sinso.OrderRow) error) error { return tx.Orders("", fn) })
		return slices.DeleteFunc(orders, func(row sinso.OrderRow) bool { return !of[row.Release] }), err
	})
}

// concluded ends an order on the chain. ErrExists if its money has not gone where it belongs.
func (w *Way) concluded(ctx context.Context, row sinso.OrderRow, actor string) error {
	if w.Chain == nil {
		return fmt.Errorf("way: nothing is erased yet, and it is shown no more: order %s: %w: %w", row.Hash, errNoChain, sinso.ErrUnavailable)
	}
	if !nothingGranted(row) {
		_, err := w.Revoke(ctx, row.Hash, actor)
		if err != nil && !errors.Is(err, sinso.ErrDenied) { // denied: who signed it was erased before
			return fmt.Errorf("way: nothing is erased yet, and it is shown no more: %w", err)
		}
	}
	if market.IsOld(row.Offer) {
		return nil
	}
	_, offer, err := w.order(ctx, row.Hash)
	if err != nil {
		return err
	}
	all, _, err := w.trades(ctx, row, offer, unended)
	if err != nil {
		return fmt.Errorf("way: nothing is erased yet, and it is shown no more: order %s: %w", row.Hash, err)
	}
	var held, unsettled bool
	for _, one := range all {
		state := one.trade.State
		held = held || state == sinso.TradeFilled || state == sinso.TradeDelivered || state == sinso.TradeDisputed
		unsettled = unsettled || state == sinso.TradeReleased // it is paid out, and not withdrawn yet
	}
	if unsettled {
		if unsettled, err = w.settleNow(ctx, row, offer); err != nil {
			return fmt.Errorf("way: nothing is erased yet, and it is shown no more: %w", err)
		}
	}
	if held || unsettled {
		return fmt.Errorf("way: order %s was paid, and its money has not reached the seller or the buyer yet: "+
			"nothing is erased, it is shown no more; erase it again when the order has ended: %w", row.Hash, sinso.ErrExists)
	}
	return nil
}

// settleNow has an order that has ended written down and paid out, as Tend does. It reports
// whether it is still not.
func (w *Way) settleNow(ctx context.Context, row sinso.OrderRow, offer sinso.Offer) (unsettled bool, err error) {
	w.tending.Lock()
	defer w.tending.Unlock()
	if err := w.tend(ctx, row); err != nil {
		return true, err
	}
	if row, err = w.Order(ctx, row.Hash); err != nil {
		return true, err
	}
	left, _, err := w.trades(ctx, row, offer, unended)
	return slices.ContainsFunc(left, func(one sold) bool { return one.trade.State == sinso.TradeReleased }), err
}

// announce writes down all that is to go.
func (w *Way) announce(ctx context.Context, what erasable, actor string) (sinso.ErasureRow, error) {
	w.filing.Lock() // nothing comes to it meanwhile
	defer w.filing.Unlock()
	if err := w.claims.awaitAll(ctx); err != nil {
		return sinso.ErasureRow{}, err
	}
	body, err := w.collect(ctx, what)
	if err != nil {
		return sinso.ErasureRow{}, err
	}
	if len(body.Keys) == 0 {
		return sinso.ErasureRow{}, fmt.Errorf("way: erase: there is nothing of it: %w", sinso.ErrNotFound)
	}
	w.erased.Store(true)
	if err := w.recordOne(ctx, sinso.EventErased, actor, "", body); err != nil {
		return sinso.ErasureRow{}, err
	}
	return w.erasureOf(ctx, what)
}

// finishErasure does what was announced, and signs the receipt.
func (w *Way) finishErasure(ctx context.Context, row sinso.ErasureRow) (sinso.ErasureRow, error) {
	if !row.Done.IsZero() {
		return row, nil
	}
	body, err := w.erasedBody(ctx, row)
	if err != nil {
		return row, err
	}
	w.step("erase keys")
	if err := w.destroy(ctx, body); err != nil {
		return row, err
	}
	w.step("erase blocks")
	receipt := sinso.ErasureReceipt{
		Version: 1, Institution: w.InstitutionKey(), Study: row.Study, Person: row.Person, Refused: row.Refused,
		Begun: row.Begun, Keys: len(body.Keys), Objects: len(body.Roots),
	}
	for _, run := range body.Events {
		receipt.Events += run[1] - run[0]
	}
	for _, root := range body.Roots {
		gone, err := w.vault.Delete(ctx, root)
		if err != nil {
			return row, err
		}
		receipt.Blocks += gone.Blocks
		if !gone.Whole {
			receipt.Missing++
		}
	}
	if receipt.Copies, err = w.dropCopies(ctx); err != nil {
		return row, err
	}
	w.step("erase index")
	if err := w.Meta.Scrub(ctx); err != nil {
		return row, fmt.Errorf("way: erase: %w", err)
	}
	if engine, can := w.Blobs.(sinso.ReclaimingBlobs); can {
		if _, err := engine.Reclaim(ctx); err != nil {
			return row, fmt.Errorf("way: erase: free the bytes: %w", err)
		}
	}
	return w.certify(ctx, row, receipt)
}

// certify signs the receipt and writes it down.
func (w *Way) certify(ctx context.Context, row sinso.ErasureRow, receipt sinso.ErasureReceipt) (sinso.ErasureRow, error) {
	proof, err := w.Audit.Prove(ctx, row.Seq)
	if err != nil {
		return row, fmt.Errorf("way: erase: %w", err)
	}
	receipt.Checkpoint, receipt.Done = proof.Checkpoint, w.Clock.Now().UTC().Truncate(time.Millisecond)
	text, err := json.Marshal(receipt)
	if err != nil {
		return row, fmt.Errorf("way: erase: %w", err)
	}
	done := sinso.ErasureDone{Erased: row.Seq, Receipt: text, Signature: ed25519.Sign(ed25519.NewKeyFromSeed(w.institution[:]), receiptMessage(text))}
	if err := w.recordOne(ctx, sinso.EventErasureDone, "node", "", done); err != nil {
		return row, err
	}
	rows, err := w.Erasures(ctx)
	if err != nil {
		return row, err
	}
	return rows[slices.IndexFunc(rows, func(r sinso.ErasureRow) bool { return r.Seq == row.Seq })], nil
}

// receiptMessage is what the signature of a receipt is over.
func receiptMessage(text []byte) []byte {
	return append([]byte("sinso/erasure-receipt/v1\x00"), text...)
}

// destroy destroys the keys that are there.
func (w *Way) destroy(ctx context.Context, body sinso.Erased) error {
	for _, id := range body.Keys {
		has, err := w.Keys.Has(ctx, id)
		if err == nil && has {
			err = w.Keys.Destroy(ctx, id)
		}
		if err != nil {
			return fmt.Errorf("way: erase: %w", err)
		}
	}
	return nil
}

// erasedBody reads what was announced.
func (w *Way) erasedBody(ctx context.Context, row sinso.ErasureRow) (sinso.Erased, error) {
	event, err := w.eventAt(ctx, row.Seq)
	if err != nil {
		return sinso.Erased{}, err
	}
	return bodyOf[sinso.Erased](event)
}

// erasureOf finds an erasure by what it erased.
func (w *Way) erasureOf(ctx context.Context, what erasable) (found sinso.ErasureRow, err error) {
	rows, err := w.Erasures(ctx)
	if err != nil {
		return found, err
	}
	for _, row := range rows {
		if row.Study == what.study && row.Person == what.person && row.Refused == what.refused {
			return row, nil
		}
	}
	return found, fmt.Errorf("way: it was not erased: %w", sinso.ErrNotFound)
}

// projectErased takes out of the index what is to go.
func projectErased(tx sinso.MetaTx, e sinso.Event, b sinso.Erased) ([]string, error) {
	var errs []error
	for _, key := range b.Keys {
		if study, is := studyOf(key); is {
			errs = append(errs, tx.EraseStudy(study))
		}
		if person, is := personOfKey(key); is {
			errs = append(errs, tx.ErasePerson(person))
		}
	}
	for _, cid := range b.Quarantine {
		errs = append(errs, tx.EraseQuarantine(cid))
	}
	for _, cid := range b.Public {
		errs = append(errs, tx.RemovePublic(cid))
	}
	for _, run := range b.Events {
		errs = append(errs, tx.EraseEvents(run[0], run[1]))
	}
	errs = append(errs, tx.SaveErasure(sinso.ErasureRow{Seq: e.Seq, Study: b.Study, Person: b.Person, Refused: b.Refused, Begun: e.At}))
	subjects := []string{string(b.Refused), string(b.Person)}
	for _, key := range b.Keys {
		subjects = append(subjects, subjectErased(key))
		if study, is := studyOf(key); is {
			subjects = append(subjects, string(study))
		}
	}
	return subjects, errors.Join(errs...)
}

func projectErasureDone(tx sinso.MetaTx, e sinso.Event, b sinso.ErasureDone) ([]string, error) {
	var found *sinso.ErasureRow
	if err := tx.Erasures(func(row sinso.ErasureRow) error {
		if row.Seq == b.Erased {
			found = &row
		}
		return nil
	}); err != nil || found == nil {
		return nil, errors.Join(err, sinso.ErrCorrupt)
	}
	found.Done, found.Receipt, found.Signature = e.At, b.Receipt, b.Signature
	return []string{string(found.Study), string(found.Person), string(found.Refused)}, tx.SaveErasure(*found)
}

// subjectErased is of the erasure of a key: what comes under it again is not taken.
func subjectErased(key sinso.KeyID) string { return "erased/" + string(key) }

// anyErasure reports whether anything was ever erased.
func anyErasure(tx sinso.MetaTx) (some bool, err error) {
	err = tx.Erasures(func(sinso.ErasureRow) error {
		some = true
		return errEnough
	})
	return some, ignore(err, errEnough)
}

// erasedBefore refuses what comes of a study that was erased: its key never comes back.
func (w *Way) erasedBefore(ctx context.Context, study sinso.StudyID) (*ingest.RefusalError, error) {
	if !w.erased.Load() {
		return nil, nil
	}
	some, err := view(ctx, w, func(tx sinso.MetaTx) (bool, error) { return anyOf(tx, subjectErased(ofStudy(study))) })
	if err != nil || !some {
		return nil, err
	}
	return &ingest.RefusalError{Reason: ReasonErased, Detail: "its study was erased here for good", Skip: true}, nil
}

// runs joins numbers to pairs: the first, and the one after the last.
func runs(numbers map[uint64]bool) [][2]uint64 {
	all := [][2]uint64{}
	for _, n := range slices.Sorted(maps.Keys(numbers)) {
		if last := len(all) - 1; last >= 0 && all[last][1] == n {
			all[last][1] = n + 1
			continue
		}
		all = append(all, [2]uint64{n, n + 1})
	}
	return all
}
