package way

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/market"
	"sinso.dev/sinso/internal/stage/vault"
)

// What no record names is garbage: blocks of what was cut off before it was written into the
// log, lists of studies that a later one replaced, copies made ahead that the study has
// outgrown. Prune finds it by reading what is named, from the log on, and not by counts that
// could go wrong: a block that is named anywhere stays. Nothing waits meanwhile, but what
// stores waits for single deletions.

// PruneGrace is how long a serving node leaves a block alone that nothing names yet: it may
// be of a release or a purchase that is under way, and none takes so long.
const PruneGrace = 24 * time.Hour

// ReasonOutgrown ends a draft that cannot be taken up any more.
const ReasonOutgrown = sinso.Reason("outgrown")

// Prune deletes the blocks that nothing names, and that nothing named in a Prune of this
// Way at least grace ago, and frees their bytes. A grace of 0 is for a node on which
// nothing else goes on. ErrCorrupt if something is damaged that other blocks are found by, and
// ErrUnsupported or ErrInvalid if another version of this program wrote what they are found
// by: nothing is deleted then. ErrUnsupported too for a store that others use. progress, if not nil, is told
// how much of the log was read.
func (w *Way) Prune(ctx context.Context, grace time.Duration, actor string, progress func(done, total int64)) (sinso.PruneResult, error) {
	var result sinso.PruneResult
	var err error
	if w.cfg.Shared {
		return result, fmt.Errorf("way: prune: others may keep blocks where this node's are (setting blobs), and nobody can tell whose one is: %w", sinso.ErrUnsupported)
	}
	if result.Drafts, err = w.giveUpDrafts(ctx, actor); err != nil {
		return result, err
	}
	named, err := w.named(ctx, progress)
	if err != nil {
		return result, fmt.Errorf("way: prune: nothing is deleted: %w", err)
	}
	w.step("prune")
	swept, err := w.vault.Sweep(ctx, named, w.Clock.Now(), grace, func([]sinso.CID) error {
		w.step("prune deleted")
		return nil
	})
	result.Blocks, result.Waiting = swept.Blocks, swept.Waiting
	if err != nil || swept.Blocks == 0 {
		return result, err
	}
	if engine, can := w.Blobs.(sinso.ReclaimingBlobs); can {
		if result.Freed, err = engine.Reclaim(ctx); err != nil {
			return result, fmt.Errorf("way: prune: free the bytes: %w", err)
		}
	}
	return result, nil
}

// giveUpDrafts ends the drafts of studies that have grown since.
func (w *Way) giveUpDrafts(ctx context.Context, actor string) (int, error) {
	end, err := w.making.take(ctx) // none of them is being taken up
	if err != nil {
		return 0, err
	}
	defer end()
	w.planning.Lock()
	defer w.planning.Unlock()
	releases, err := w.Releases(ctx, "")
	if err != nil {
		return 0, err
	}
	given := 0
	for _, row := range releases {
		if !row.Draft || row.State != sinso.ReleaseIsStored {
			continue
		}
		study, err := w.Study(ctx, row.Study)
		if err != nil && !errors.Is(err, sinso.ErrNotFound) {
			return given, err
		}
		if err != nil || row.Seq > study.ImportSeq { // what was rejected has ended its drafts
			continue
		}
		off := sinso.ReleaseCalledOff{Release: row.ID, Reason: ReasonOutgrown}
		if err := w.recordOne(ctx, sinso.EventReleaseCalledOff, actor, row.Person, off); err != nil {
			return given, err
		}
		given++
	}
	return given, nil
}

// isGivenUp reports whether a release is a draft that nobody can take up: what it holds was
// for nobody, and goes.
func isGivenUp(row sinso.ReleaseRow) bool {
	return row.Draft && row.State == sinso.ReleaseIsRefused
}

// marking collects the CIDs of all that is named.
type marking struct {
	*Way
	add     func(sinso.CID)
	studies map[sinso.StudyID]bool      // whose list the index has
	lists   map[sinso.StudyID]sinso.CID // the last list of those that it does not have any more
}

// named reads all that names blocks.
func (w *Way) named(ctx context.Context, progress func(done, total int64)) (*vault.Names, error) {
	blocks := 0
	if err := w.Blobs.List(ctx, func(sinso.CID) error {
		blocks++
		return ctx.Err()
	}); err != nil {
		return nil, fmt.Errorf("way: list the blocks: %w", err)
	}
	set := vault.NewNames(blocks + blocks/4)
	return set, w.mark(ctx, set.Add, progress)
}

// Named returns which of some blocks are named. ErrCorrupt if something is missing or damaged
// that other blocks are found by.
func (w *Way) Named(ctx context.Context, some []sinso.CID) (map[sinso.CID]bool, error) {
	named := make(map[sinso.CID]bool, len(some))
	for _, cid := range some {
		named[cid] = false
	}
	err := w.mark(ctx, func(cid sinso.CID) {
		if _, asked := named[cid]; asked {
			named[cid] = true
		}
	}, nil)
	if errors.Is(err, sinso.ErrNotFound) {
		err = fmt.Errorf("%w: %w", err, sinso.ErrCorrupt)
	}
	return named, err
}

// mark calls add with all that is named: it reads the log, and what the index tells of lists
// that replaced each other.
func (w *Way) mark(ctx context.Context, add func(sinso.CID), progress func(done, total int64)) error {
	m := &marking{w, add, map[sinso.StudyID]bool{}, map[sinso.StudyID]sinso.CID{}}
	if err := m.rows(ctx); err != nil {
		return err
	}
	total, err := view(ctx, w, sinso.MetaTx.Cursor)
	if err != nil {
		return err
	}
	err = w.Audit.Events(ctx, 0, func(event sinso.Event) error {
		if progress != nil {
			progress(int64(event.Seq)+1, max(int64(event.Seq)+1, int64(total))) //nolint:gosec // entries of a log
		}
		return m.event(ctx, event)
	})
	if err != nil {
		return err
	}
	for _, root := range m.lists {
		if err := m.object(ctx, root); err != nil {
			return err
		}
	}
	return nil
}

// rows takes what later rows replace earlier ones of: lists of studies, releases, purchases.
func (m *marking) rows(ctx context.Context) error {
	studies, err := m.Studies(ctx, "")
	if err != nil {
		return err
	}
	for _, row := range studies {
		if row.Manifest == "" {
			continue
		}
		m.studies[row.ID] = true
		if err := m.object(ctx, row.Manifest); err != nil {
			return err
		}
	}
	releases, err := m.Releases(ctx, "")
	if err != nil {
		return err
	}
	for _, row := range releases {
		if row.Manifest == "" || isGivenUp(row) {
			continue
		}
		key, err := m.sealer.Key(ctx, row.Manifest, row.Keys, row.Custodian())
		if errors.Is(err, sinso.ErrDenied) {
			continue // its key is destroyed
		}
		if err == nil {
			err = m.manifest(ctx, row.Manifest, key, m.object)
		}
		if err != nil {
			return fmt.Errorf("way: release %s: %w", row.ID, err)
		}
	}
	purchases, err := m.Purchases(ctx)
	if err != nil {
		return err
	}
	for _, row := range purchases {
		if err := m.purchase(ctx, row); err != nil {
			return err
		}
	}
	return nil
}

// event takes what an event names. A type of event that is not here yet stops the linter: who
// adds one says whether it names blocks.
func (m *marking) event(ctx context.Context, event sinso.Event) error {
	if event.Erased {
		return nil
	}
	switch event.Type {
	case sinso.EventInstanceSealed:
		return with(event, func(b sinso.InstanceSealed) error { return m.object(ctx, b.Instance.CID) })
	case sinso.EventQuarantined:
		return with(event, func(b sinso.Quarantined) error { return m.object(ctx, b.CID) })
	case sinso.EventImported:
		return with(event, func(b sinso.StudyImported) error {
			if !m.studies[b.Study] {
				m.lists[b.Study] = b.Manifest
			}
			return nil
		})
	case sinso.EventOrdered:
		return with(event, func(b sinso.Ordered) error {
			for _, cid := range b.Public {
				m.add(cid)
			}
			return nil
		})
	case sinso.EventReleased, sinso.EventPurchased: // by their rows
	case sinso.EventErased: // what it names is to go
	case sinso.EventPersonCreated, sinso.EventRetried, sinso.EventPatientAnswered, sinso.EventReleasePlanned, sinso.EventReleasePriced,
		sinso.EventAuthorAccepted, sinso.EventAuthorDeclined, sinso.EventReleaseCalledOff, sinso.EventReleaseRefused,
		sinso.EventIdentityRegistered, sinso.EventAssetRegistered, sinso.EventKeyGranted, sinso.EventSettled, sinso.EventRevoked,
		sinso.EventKeyRefused, sinso.EventOpened, sinso.EventTokenCreated, sinso.EventSignedIn, sinso.EventSessionsEnded,
		sinso.EventSignInAdded, sinso.EventSignInChanged, sinso.EventSignInRemoved, sinso.EventSignInSuspect, sinso.EventErasureDone, sinso.EventErasureAsked, sinso.EventErasureRefused, sinso.EventHeld, sinso.EventHoldEnded,
		sinso.EventRejected, sinso.EventRestored, sinso.EventMerged, sinso.EventMoved, sinso.EventRecalled, sinso.EventReviewDecided,
		sinso.EventTemplateAdded, sinso.EventTemplateRemoved, sinso.EventSharePlanned, sinso.EventShareMade, sinso.EventShareOpened,
		sinso.EventShareEnded, sinso.EventAEAdded, sinso.EventAERemoved, sinso.EventRootKeyShared, sinso.EventReplicaKept, sinso.EventReplicaDropped, sinso.EventActBegun, sinso.EventActed: // name none
	}
	return nil
}

// object takes every block of a sealed object.
func (m *marking) object(ctx context.Context, root sinso.CID) error {
	if root == "" {
		return nil
	}
	return m.vault.Links(ctx, root, m.add)
}

// part takes what there is of an object that has not come as a whole: what cannot be found
// by it is fetched again.
func (m *marking) part(ctx context.Context, root sinso.CID) error {
	m.add(root)
	if err := m.object(ctx, root); !isOfWhatCame(err) {
		return err
	}
	return nil
}

// isOfWhatCame reports whether an error says that something has not come, or is not what was
// offered; every other may have another reason.
func isOfWhatCame(err error) bool {
	return errors.Is(err, sinso.ErrNotFound) || errors.Is(err, sinso.ErrCorrupt) || errors.Is(err, sinso.ErrInvalid) || errors.Is(err, sinso.ErrUnsupported)
}

// manifest takes a manifest and the objects that it lists, each by take.
func (m *marking) manifest(ctx context.Context, root sinso.CID, key sinso.CEK, take func(context.Context, sinso.CID) error) error {
	if err := take(ctx, root); err != nil {
		return err
	}
	manifest, err := m.readManifest(ctx, root, key)
	if err != nil {
		return err
	}
	objects := manifest.Objects
	if manifest.Evidence != nil {
		objects = append(objects, *manifest.Evidence)
	}
	for _, object := range objects {
		if err := take(ctx, object.CID); err != nil {
			return err
		}
	}
	return nil
}

// UnreadPurchases returns the orders of purchases whose offers this version of the program cannot
// read. What they name it cannot know, so nothing is pruned while there are any.
func (w *Way) UnreadPurchases(ctx context.Context) (unread []sinso.Hash, err error) {
	purchases, err := w.Purchases(ctx)
	for _, row := range purchases {
		if _, err := market.Kept(row.Offer); err != nil {
			unread = append(unread, row.Order)
		}
	}
	return unread, err
}

// purchase takes what was bought, as far as it has come: until there is its key, the root of
// its list.
func (m *marking) purchase(ctx context.Context, row sinso.PurchaseRow) error {
	offer, err := market.Kept(row.Offer)
	if err != nil {
		return fmt.Errorf("way: purchase %s: %w", row.Order, err)
	}
	m.add(offer.Payload)
	if row.Key.To == "" {
		return nil
	}
	whole := row.Step == stepFetched || row.Step == stepReleased
	take := m.object
	if !whole {
		take = m.part
	}
	key, err := m.Keys.Unwrap(ctx, row.Key, []byte(offer.Payload))
	if err == nil {
		if err = m.manifest(ctx, offer.Payload, key, take); !whole && isOfWhatCame(err) {
			err = nil
		}
	}
	if err != nil {
		return fmt.Errorf("way: purchase %s: %w", row.Order, err)
	}
	return nil
}
