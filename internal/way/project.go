package way

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/ingest"
	"sinso.dev/sinso/internal/stage/market"
)

// project writes one event into the index. It is the only writer of the index,
// on the living node as in a rebuild, so that both end the same.
func project(tx sinso.MetaTx, event sinso.Event) error {
	e := loggedEvent{Event: event}
	return e.project(tx)
}

// project is project for an event whose body may be there already. It notes the
// subjects.
func (e *loggedEvent) project(tx sinso.MetaTx) (err error) {
	apply, known := projections[e.Type]
	switch {
	case e.Erased || e.late: // all that is known is that there was one
	case !known:
		return fmt.Errorf("way: event %d has type %q, which this version does not know: %w", e.Seq, e.Type, sinso.ErrUnsupported)
	case e.sealed != nil:
		e.subjects, err = projectInstance(tx, e.Event, *e.sealed)
	default:
		e.subjects, err = apply(tx, e.Event)
	}
	return advance(tx, e.Event, e.subjects, err)
}

// advance notes that the index has an event.
func advance(tx sinso.MetaTx, event sinso.Event, subjects []string, err error) error {
	if err != nil {
		return fmt.Errorf("way: index event %d (%s): %w", event.Seq, event.Type, err)
	}
	if err := tx.SaveEvent(event.Seq, event.Person, subjects...); err != nil {
		return fmt.Errorf("way: index event %d (%s): %w", event.Seq, event.Type, err)
	}
	return tx.SetCursor(event.Seq + 1)
}

// projection applies one kind of event and returns the subjects it concerns.
type projection func(sinso.MetaTx, sinso.Event) (subjects []string, err error)

// of makes a projection of a function on the event's body.
func of[Body any](apply func(sinso.MetaTx, sinso.Event, Body) ([]string, error)) projection {
	return func(tx sinso.MetaTx, event sinso.Event) ([]string, error) {
		var body Body
		if err := json.Unmarshal(event.Body, &body); err != nil {
			return nil, fmt.Errorf("body: %w: %w", err, sinso.ErrCorrupt)
		}
		return apply(tx, event, body)
	}
}

var projections = map[sinso.EventType]projection{
	sinso.EventPersonCreated:      of(projectPerson),
	sinso.EventInstanceSealed:     of(projectSealed),
	sinso.EventQuarantined:        of(projectQuarantined),
	sinso.EventRetried:            of(projectRetried),
	sinso.EventPatientAnswered:    of(projectAnswered),
	sinso.EventImported:           of(projectImported),
	sinso.EventReleasePlanned:     of(projectPlanned),
	sinso.EventReleasePriced:      of(projectPriced),
	sinso.EventAuthorAccepted:     of(projectAccepted),
	sinso.EventAuthorDeclined:     of(projectDeclined),
	sinso.EventReleaseCalledOff:   of(projectCalledOff),
	sinso.EventReleased:           of(projectReleased),
	sinso.EventReleaseRefused:     of(projectRefused),
	sinso.EventIdentityRegistered: of(projectIdentity),
	sinso.EventAssetRegistered:    of(projectAsset),
	sinso.EventOrdered:            of(projectOrdered),
	sinso.EventKeyGranted:         of(projectKeyGranted),
	sinso.EventSettled:            of(projectSettled),
	sinso.EventRevoked:            of(projectRevoked),
	sinso.EventKeyRefused:         of(projectKeyRefused),
	sinso.EventPurchased:          of(projectPurchased),
	sinso.EventOpened:             of(projectOpened),
	sinso.EventTokenCreated:       of(projectToken),
	sinso.EventSignedIn:           of(projectSignedIn),
	sinso.EventSessionsEnded:      of(projectSessionsEnded),
	sinso.EventSignInAdded:        of(projectSignInAdded),
	sinso.EventSignInChanged:      of(projectSignInChanged),
	sinso.EventSignInRemoved:      of(projectSignInRemoved),
	sinso.EventSignInSuspect:      of(projectSignInSuspect),
	sinso.EventErased:             of(projectErased),
	sinso.EventErasureDone:        of(projectErasureDone),
	sinso.EventErasureAsked: of(func(_ sinso.MetaTx, _ sinso.Event, b sinso.ErasureAsked) ([]string, error) {
		return []string{subjectAsked, b.What}, nil
	}),
	sinso.EventErasureRefused: of(func(_ sinso.MetaTx, _ sinso.Event, b sinso.ErasureRefused) ([]string, error) {
		return []string{subjectAsked, b.What}, nil
	}),
	sinso.EventHeld: of(func(_ sinso.MetaTx, _ sinso.Event, b sinso.Held) ([]string, error) {
		return []string{subjectHolds, b.What}, nil
	}),
	sinso.EventHoldEnded: of(func(_ sinso.MetaTx, _ sinso.Event, b sinso.HoldEnded) ([]string, error) {
		return []string{subjectHolds, b.What}, nil
	}),
	sinso.EventAEAdded:         of(projectAEAdded),
	sinso.EventAERemoved:       of(projectAERemoved),
	sinso.EventReplicaKept:     of(projectReplicaKept),
	sinso.EventReplicaDropped:  of(projectReplicaDropped),
	sinso.EventRootKeyShared:   of(projectRootKeyShared),
	sinso.EventActBegun:        of(projectActBegun),
	sinso.EventActed:           of(projectActed),
	sinso.EventRejected:        of(projectRejected),
	sinso.EventRestored:        of(projectRestored),
	sinso.EventMerged:          of(projectMerged),
	sinso.EventMoved:           of(projectMoved),
	sinso.EventRecalled:        of(projectRecalled),
	sinso.EventReviewDecided:   of(projectDecided),
	sinso.EventTemplateAdded:   of(projectTemplateAdded),
	sinso.EventTemplateRemoved: of(projectTemplateRemoved),
	sinso.EventSharePlanned:    of(projectSharePlanned),
	sinso.EventShareMade:       of(projectShareMade),
	sinso.EventShareOpened:     of(projectShareOpened),
	sinso.EventShareEnded:      of(projectShareEnded),
}

func projectPerson(tx sinso.MetaTx, e sinso.Event, b sinso.PersonCreated) ([]string, error) {
	return []string{string(b.Person)}, tx.SavePerson(sinso.PersonRow{ID: b.Person, Match: b.Match, Label: b.Label, Created: e.At})
}

func projectSealed(tx sinso.MetaTx, e sinso.Event, b sinso.InstanceSealed) ([]string, error) {
	body := sealedBody{InstanceSealed: b}
	if len(b.Metadata) > 0 {
		var err error
		if body.metadata, err = inflate(b.Metadata); err != nil {
			return nil, err
		}
	}
	return projectInstance(tx, e, body)
}

func projectInstance(tx sinso.MetaTx, e sinso.Event, b sealedBody) ([]string, error) {
	if b.Instance.Fingerprint == "" {
		return nil, fmt.Errorf("an instance without a fingerprint, as versions before the first release wrote it: %w", sinso.ErrUnsupported)
	}
	b.Instance.Seq = e.Seq
	subjects := []string{string(b.Instance.ID), string(b.Study.ID)}
	if b.metadata != nil {
		if b.Instance.Deidentified == "" { // logs of before it was written down
			b.Instance.Deidentified = ingest.Deidentified(b.metadata)
		}
		b.Study.Header, b.Series.Header = ingest.StudyHeader(b.metadata), ingest.SeriesHeader(b.metadata)
	}
	err := tx.SaveInstance(b.Study, b.Series, b.Instance)
	if err != nil || b.metadata == nil {
		return subjects, err
	}
	err = tx.SaveMetadata(b.Instance.ID, b.metadata)
	if errors.Is(err, sinso.ErrNotFound) { // a later event has removed it
		err = nil
	}
	return subjects, err
}

func projectQuarantined(tx sinso.MetaTx, e sinso.Event, b sinso.Quarantined) ([]string, error) {
	return []string{string(b.CID)}, tx.SaveQuarantine(sinso.QuarantineRow{Quarantined: b, At: e.At, Seq: e.Seq})
}

func projectImported(tx sinso.MetaTx, e sinso.Event, b sinso.StudyImported) ([]string, error) {
	study, err := tx.Study(b.Study)
	if errors.Is(err, sinso.ErrNotFound) { // all of it was rejected meanwhile
		return []string{string(b.Study)}, nil
	}
	if err != nil {
		return nil, err
	}
	study.Manifest, study.Keys, study.Listed, study.Tier = b.Manifest, b.Keys, b.Instances, b.Tier
	study.ImportSeq, study.Imported, study.Origin = e.Seq, e.At, e.Origin
	return []string{string(b.Study)}, tx.SaveStudy(study)
}

func projectPlanned(tx sinso.MetaTx, e sinso.Event, b sinso.ReleasePlanned) ([]string, error) {
	row := sinso.ReleaseRow{
		ID: b.Release, Study: b.Study, Person: e.Person, State: sinso.ReleaseIsPlanned,
		Secret: b.Secret, Price: b.Price, Terms: b.Terms.Full(), Series: b.Series, Author: b.Author, Profile: b.Profile, Draft: b.Draft, Updated: e.At,
	}
	if b.Author != nil && !b.Until.IsZero() {
		row.State, row.Until, row.Asked = sinso.ReleaseIsAwaiting, b.Until, e.Seq
	}
	person, err := alive(tx, e.Person) // who was merged at the same moment
	if err != nil {
		return nil, err
	}
	return []string{string(b.Release), string(b.Study)}, tx.SaveRelease(heldBy(row, person))
}

func projectPriced(tx sinso.MetaTx, e sinso.Event, b sinso.ReleasePriced) ([]string, error) {
	return change(tx, e, b.Release, func(row *sinso.ReleaseRow) {
		row.Price, row.Terms, row.Draft, row.Unoffered = b.Price, b.Terms.Full(), false, b.Unoffered
		row.Risk = cmp.Or(b.Risk, row.Risk)
		if b.Asset != nil {
			row.Asset = *b.Asset
		}
	})
}

// change edits a release row in place. One that is refused stays so, for the reason that it
// was refused for first: it may have been recalled or called off while it was made.
func change(tx sinso.MetaTx, e sinso.Event, id sinso.ReleaseID, edit func(*sinso.ReleaseRow)) ([]string, error) {
	row, err := tx.Release(id)
	if err != nil {
		return nil, err
	}
	refused, reason := row.State == sinso.ReleaseIsRefused, row.Reason
	edit(&row)
	if refused {
		row.State, row.Reason = sinso.ReleaseIsRefused, reason
	}
	row.Updated = e.At
	return []string{string(row.ID), string(row.Study)}, tx.SaveRelease(row)
}

func projectReleased(tx sinso.MetaTx, e sinso.Event, b sinso.Released) ([]string, error) {
	items, err := projectItems(tx, e, b.Release, b.Study, b.Review)
	if err != nil {
		return nil, err
	}
	for _, stratum := range b.Strata {
		if err := tx.SaveStratum(stratum); err != nil {
			return nil, err
		}
	}
	subjects, err := change(tx, e, b.Release, func(row *sinso.ReleaseRow) {
		row.State, row.Seq, row.Decided, row.Reviewed = sinso.ReleaseIsStored, e.Seq, b.Decided, b.Reviewed
		row.Manifest, row.Keys, row.Tier, row.Faces = b.Manifest, b.Keys, b.Tier, b.Faces
		row.Instances, row.Withheld = b.Instances, b.Withheld
		row.Asset, row.Roles, row.Opening, row.Risk = b.Asset, b.Roles, b.Opening, b.Risk
		row.Quality, row.Sample = b.Quality, b.Sample
	})
	if b.Derived != "" {
		subjects = append(subjects, b.Derived)
	}
	return append(subjects, items...), err
}

func projectRefused(tx sinso.MetaTx, e sinso.Event, b sinso.ReleaseRefused) ([]string, error) {
	items, err := projectItems(tx, e, b.Release, b.Study, b.Review)
	if err != nil {
		return nil, err
	}
	subjects, err := change(tx, e, b.Release, func(row *sinso.ReleaseRow) {
		row.State, row.Reason, row.Withheld, row.Tier = sinso.ReleaseIsRefused, b.Reason, b.Withheld, sinso.T3
		row.Seq, row.Decided, row.Risk, row.Quality = e.Seq, b.Decided, cmp.Or(b.Risk, row.Risk), cmp.Or(b.Quality, row.Quality)
		if b.Faces != nil { // one that was made before it was refused has told of them
			row.Faces = b.Faces
		}
	})
	return append(subjects, items...), err
}

func projectIdentity(tx sinso.MetaTx, e sinso.Event, b sinso.IdentityRegistered) ([]string, error) {
	person, err := tx.Person(e.Person)
	if err != nil {
		return nil, err
	}
	person.Identity = b.Token
	return []string{string(e.Person)}, tx.SavePerson(person)
}

func projectAsset(tx sinso.MetaTx, e sinso.Event, b sinso.AssetRegistered) ([]string, error) {
	return change(tx, e, b.Release, func(row *sinso.ReleaseRow) {
		row.State, row.Token, row.Tx, row.Gas = sinso.ReleaseIsRegistered, b.Token, b.Tx, b.Gas
	})
}

func projectOrdered(tx sinso.MetaTx, e sinso.Event, b sinso.Ordered) ([]string, error) {
	release, err := tx.Release(b.Release)
	if err != nil {
		return nil, err
	}
	for _, cid := range b.Public {
		if err := tx.SavePublic(cid); err != nil {
			return nil, err
		}
	}
	row := sinso.OrderRow{
		Hash: b.Hash, Release: b.Release, Person: release.Person, Token: release.Token, Price: release.Price,
		Offer: b.Offer, Copies: 1, Revoked: release.State == sinso.ReleaseIsRefused, Updated: e.At,
	}
	if offer, err := market.Kept(b.Offer); err == nil && !market.IsOld(b.Offer) { // what was kept was checked before
		row.Price, row.Copies = offer.Order.Price, offer.Order.Copies
	}
	return []string{b.Hash.String(), string(b.Release)}, tx.SaveOrder(row)
}

// changeOrder edits an order row in place.
func changeOrder(tx sinso.MetaTx, e sinso.Event, hash sinso.Hash, edit func(*sinso.OrderRow)) ([]string, error) {
	row, err := tx.Order(hash)
	if err != nil {
		return nil, err
	}
	edit(&row)
	row.Updated = e.At
	return []string{hash.String(), string(row.Release)}, tx.SaveOrder(row)
}

// changeTrade edits one trade of an order in place, and has the order say what it says.
func changeTrade(tx sinso.MetaTx, e sinso.Event, order, trade sinso.Hash, edit func(*sinso.SoldRow)) ([]string, error) {
	return changeOrder(tx, e, order, func(row *sinso.OrderRow) {
		i := slices.IndexFunc(row.Trades, func(one sinso.SoldRow) bool { return one.Trade == trade })
		if i < 0 {
			i = len(row.Trades)
			row.Trades = append(row.Trades, sinso.SoldRow{Trade: trade, Revoked: row.Revoked, Over: row.Over})
		}
		one := &row.Trades[i]
		edit(one)
		row.Trade, row.Buyer, row.Answer, row.UseEnds = one.Trade, one.Buyer, one.Answer, one.UseEnds
		row.Tx, row.Payouts, row.Settled = one.Tx, one.Payouts, one.Settled
		if row.State = one.State; row.Cancelled && row.Copies != 1 {
			row.State = sinso.TradeCancelled
		}
	})
}

func projectKeyGranted(tx sinso.MetaTx, e sinso.Event, b sinso.KeyGranted) ([]string, error) {
	return changeTrade(tx, e, b.Order, b.Trade, func(row *sinso.SoldRow) {
		row.Buyer, row.Answer, row.Granted = b.Buyer, b.Answer, e.At
		row.State = max(row.State, sinso.TradeFilled)
	})
}

func projectSettled(tx sinso.MetaTx, e sinso.Event, b sinso.Settled) ([]string, error) {
	if b.State == sinso.TradeCancelled {
		return changeOrder(tx, e, b.Order, func(row *sinso.OrderRow) {
			row.Cancelled, row.State = true, sinso.TradeCancelled
			if len(row.Trades) == 0 {
				row.Tx, row.Settled = b.Tx, e.At
			}
		})
	}
	return changeTrade(tx, e, b.Order, b.Trade, func(row *sinso.SoldRow) {
		row.State, row.Tx, row.Payouts, row.Settled, row.UseEnds = b.State, b.Tx, b.Payouts, e.At, b.UseEnds
		if b.Buyer != (sinso.Address{}) {
			row.Buyer = b.Buyer
		}
	})
}

func projectRevoked(tx sinso.MetaTx, e sinso.Event, b sinso.Revoked) ([]string, error) {
	return changeOrder(tx, e, b.Order, func(row *sinso.OrderRow) {
		all := b.Trade == (sinso.Hash{}) || row.Copies == 1
		if all {
			row.Revoked, row.Over = true, b.Over
		}
		if b.Trade != (sinso.Hash{}) && !slices.ContainsFunc(row.Trades, func(one sinso.SoldRow) bool { return one.Trade == b.Trade }) {
			row.Trades = append(row.Trades, sinso.SoldRow{Trade: b.Trade}) // its key was never asked for
		}
		for i := range row.Trades {
			if one := &row.Trades[i]; (all || one.Trade == b.Trade) && !one.Revoked {
				one.Revoked, one.Over = true, b.Over
			}
		}
	})
}

func projectKeyRefused(_ sinso.MetaTx, _ sinso.Event, b sinso.KeyRefused) ([]string, error) {
	return []string{b.Order.String()}, nil
}

func projectPurchased(tx sinso.MetaTx, e sinso.Event, b sinso.Purchased) ([]string, error) {
	b.Purchase.Updated = e.At
	return []string{b.Purchase.Order.String()}, tx.SavePurchase(b.Purchase)
}

func projectOpened(_ sinso.MetaTx, _ sinso.Event, b sinso.Opened) ([]string, error) {
	return []string{b.What}, nil
}

func projectToken(tx sinso.MetaTx, _ sinso.Event, b sinso.TokenCreated) ([]string, error) {
	return nil, tx.SaveBearer(b.Row)
}
