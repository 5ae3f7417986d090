package way

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/market"
	"sinso.dev/sinso/internal/stage/register"
)

// ReleaseOptions say what is made of a study, and for whom.
type ReleaseOptions struct {
	Actor    string
	Price    sinso.Wei
	Series   []sinso.SeriesID     // what of the study is let go; none: all
	Author   *sinso.PlannedAuthor // a co-creator with a work of their own, or nil
	Accepted bool                 // who keeps the node agrees in the co-creator's name; else they are asked
	Profile  *deid.Profile        // what de-identifies it; nil: the node's
	Progress func(done, total int)
	draft    bool // made ahead: stored, and not for sale
}

// Release makes a derivative of a study, or of chosen series of it, and brings it to the
// market: plan, clean and seal, register, offer. Each step is done once; a release that
// was cut off goes on where it stands. It is planned at once, and made when its turn
// comes. With a co-creator it waits for them first, and is returned as it waits
// ([Way.AnswerAuthor]). If nothing of what was chosen may be sold, or it is called off, the
// release ends refused, which is no error: the row says why. ErrManyReleases if too many
// wait.
func (w *Way) Release(ctx context.Context, study sinso.StudyID, o ReleaseOptions) (sinso.ReleaseRow, error) {
	if w.Chain == nil {
		return sinso.ReleaseRow{}, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	if o.Profile == nil {
		o.Profile = w.profile
	}
	if err := maySell(o.Profile); err != nil {
		return sinso.ReleaseRow{}, err
	}
	of, err := w.Study(ctx, study)
	if err != nil {
		return sinso.ReleaseRow{}, fmt.Errorf("way: study %s: %w", study, err)
	}
	a, err := w.making.enter(of.Person)
	if err != nil {
		return sinso.ReleaseRow{}, err
	}
	defer a.leave()
	var id sinso.ReleaseID // none while its draft is being made, which will do
	if drafting, err := w.isDrafting(ctx, of, o); err != nil {
		return sinso.ReleaseRow{}, err
	} else if !drafting {
		if id, err = w.planNow(ctx, a, study, o); err != nil {
			return sinso.ReleaseRow{}, err
		}
		if row, err := w.ReleaseRow(ctx, id); err != nil || row.State == sinso.ReleaseIsAwaiting {
			return row, err
		}
	}
	var end func()
	ended, err := w.unlessCalledOff(ctx, id, func(ctx context.Context) (row sinso.ReleaseRow, err error) {
		end, err = w.making.take(ctx)
		return row, err
	})
	if err != nil || ended.ID != "" {
		return ended, err
	}
	defer end()
	if id, err = w.planStill(ctx, a, id, study, o); err != nil {
		return sinso.ReleaseRow{}, err
	}
	return w.advance(ctx, id, o.Actor, o.Progress)
}

// isDrafting reports whether a draft that would do is being made, or waits for it.
func (w *Way) isDrafting(ctx context.Context, study sinso.StudyRow, o ReleaseOptions) (bool, error) {
	if o.Author != nil || len(o.Series) > 0 {
		return false, nil
	}
	profile, err := w.effective(ctx, o.Profile, study.ID)
	if err != nil {
		return false, err
	}
	releases, err := w.Releases(ctx, study.Person)
	return slices.ContainsFunc(releases, func(row sinso.ReleaseRow) bool {
		return row.Study == study.ID && row.Draft && row.State == sinso.ReleaseIsPlanned && madeUnder(profile, row)
	}), err
}

// planNow plans a release by what persons have decided, and the templates that they have
// drawn, so far, and agrees in the co-creator's name if that is asked for.
func (w *Way) planNow(ctx context.Context, a *asking, study sinso.StudyID, o ReleaseOptions) (id sinso.ReleaseID, err error) {
	if o.Profile, err = w.effective(ctx, o.Profile, study); err != nil {
		return "", err
	}
	if o.Series, err = w.part(ctx, study, o.Series); err != nil {
		return "", err
	}
	w.planning.Lock()
	defer w.planning.Unlock()
	if id, err = w.plan(ctx, study, o); err != nil {
		return "", err
	}
	row, err := w.ReleaseRow(ctx, id)
	if err == nil && row.State == sinso.ReleaseIsAwaiting && o.Accepted {
		row, err = w.answerAuthor(ctx, id, KeeperAccepts, o.Actor)
	}
	if err == nil && row.State != sinso.ReleaseIsAwaiting { // else the next who asks finds it asked
		a.hold(id)
	}
	return id, err
}

// planStill returns the plan of a release whose turn has come. One that waited while a
// template was drawn is planned anew: what persons want blanked is blanked.
func (w *Way) planStill(ctx context.Context, a *asking, id sinso.ReleaseID, study sinso.StudyID, o ReleaseOptions) (sinso.ReleaseID, error) {
	if id == "" {
		return w.planNow(ctx, a, study, o)
	}
	profile, err := w.effective(ctx, o.Profile, study)
	if err != nil {
		return "", err
	}
	if outdated, err := w.endOutdated(ctx, id, profile, o.Actor); err != nil || !outdated {
		return id, err
	}
	return w.planNow(ctx, a, study, o)
}

// endOutdated ends a plan that is not made under a profile, unless it was called off.
func (w *Way) endOutdated(ctx context.Context, id sinso.ReleaseID, profile *deid.Profile, actor string) (bool, error) {
	w.making.ending.Lock()
	defer w.making.ending.Unlock()
	row, err := w.ReleaseRow(ctx, id)
	if err != nil || row.State != sinso.ReleaseIsPlanned || madeUnder(profile, row) {
		return false, err
	}
	return true, w.recallNow(ctx, row, ReasonReviewed, actor)
}

// Draft makes the derivative of a study ahead: cleaned, sealed and stored, with its
// evidence, and for nobody until the person names a price ([Way.Release]). One that
// is there of the same instances is enough. It needs no chain of its own, but the
// contracts of the one that the asset is composed for.
func (w *Way) Draft(ctx context.Context, study sinso.StudyID, actor string) (sinso.ReleaseRow, error) {
	end, err := w.making.take(ctx)
	if err != nil {
		return sinso.ReleaseRow{}, err
	}
	defer end()
	profile, err := w.effective(ctx, w.profile, study)
	if err != nil {
		return sinso.ReleaseRow{}, err
	}
	row, err := w.drafted(ctx, study, profile)
	if err != nil || row.ID != "" {
		return row, err
	}
	id, err := w.planDraft(ctx, study, ReleaseOptions{Actor: actor, Profile: profile, draft: true})
	if err != nil {
		return sinso.ReleaseRow{}, err
	}
	return w.advance(ctx, id, actor, nil)
}

func (w *Way) planDraft(ctx context.Context, study sinso.StudyID, o ReleaseOptions) (sinso.ReleaseID, error) {
	w.planning.Lock()
	defer w.planning.Unlock()
	return w.plan(ctx, study, o)
}

// drafted returns what was made of a study as it stands now under a profile: a draft,
// or the refusal of one.
func (w *Way) drafted(ctx context.Context, id sinso.StudyID, profile *deid.Profile) (found sinso.ReleaseRow, err error) {
	study, err := w.Study(ctx, id)
	if err != nil {
		return found, err
	}
	decided, err := w.verdicts(ctx, id, profile)
	if err != nil {
		return found, err
	}
	releases, err := w.Releases(ctx, study.Person)
	for _, row := range releases {
		made := madeUnder(profile, row) && (row.State == sinso.ReleaseIsStored || row.State == sinso.ReleaseIsRegistered || row.State == sinso.ReleaseIsRefused)
		if row.Study == id && len(row.Series) == 0 && made && row.Reason != ReasonCalledOff && row.Decided >= decided.upTo && row.Seq > study.ImportSeq && study.Listed == study.Instances {
			found = row
		}
	}
	return found, err
}

// madeUnder reports whether a release is made under a profile.
func madeUnder(profile *deid.Profile, row sinso.ReleaseRow) bool {
	return row.Profile == string(profile.Text())
}

// advance takes a release from where it stands to its offer, unless it is called off. The
// caller has the turn.
func (w *Way) advance(ctx context.Context, id sinso.ReleaseID, actor string, progress func(done, total int)) (sinso.ReleaseRow, error) {
	return w.unlessCalledOff(ctx, id, func(ctx context.Context) (sinso.ReleaseRow, error) {
		return w.toOffer(ctx, id, actor, progress)
	})
}

func (w *Way) toOffer(ctx context.Context, id sinso.ReleaseID, actor string, progress func(done, total int)) (sinso.ReleaseRow, error) {
	for {
		row, err := view(ctx, w, func(tx sinso.MetaTx) (sinso.ReleaseRow, error) { return tx.Release(id) })
		if err != nil {
			return row, fmt.Errorf("way: release %s: %w", id, err)
		}
		if overtaken, err := w.overruled(ctx, row); err != nil {
			return row, err
		} else if overtaken {
			if err := w.recallNow(ctx, row, ReasonReviewed, actor); err != nil {
				return row, err
			}
			continue
		}
		switch row.State {
		case sinso.ReleaseIsRefused:
			return row, nil
		case sinso.ReleaseIsAwaiting:
			var ended bool
			if ended, err = w.unanswered(ctx, id, actor); err == nil && !ended {
				return row, nil
			}
		case sinso.ReleaseIsPlanned:
			if changed, err := w.changedSinceAsked(ctx, row, actor); err != nil || changed {
				if err != nil {
					return row, err
				}
				continue
			}
			err = w.derive(ctx, row, actor, progress)
		case sinso.ReleaseIsStored:
			if row.Draft {
				return row, nil
			}
			refused, riskErr := w.tooFew(ctx, row, actor)
			if err = riskErr; err == nil && !refused {
				err = w.mint(ctx, row, actor)
			}
		case sinso.ReleaseIsRegistered:
			_, err = w.offer(ctx, row, actor)
			return row, err
		default:
			err = fmt.Errorf("way: release %s is in state %q: %w", id, row.State, sinso.ErrCorrupt)
		}
		if err != nil {
			return row, err
		}
	}
}

// overruled reports whether persons decided, since a release was made and before it
// was offered, that less of it may go: then it goes nowhere, and the next one is made by
// what they said.
func (w *Way) overruled(ctx context.Context, row sinso.ReleaseRow) (bool, error) {
	if row.Draft || row.State != sinso.ReleaseIsStored && row.State != sinso.ReleaseIsRegistered {
		return false, nil
	}
	profile, err := w.ProfileOf(row)
	if err != nil {
		return false, err
	}
	name := profileName(profile)
	return view(ctx, w, func(tx sinso.MetaTx) (overruled bool, err error) {
		err = tx.Orders(row.Person, func(order sinso.OrderRow) error {
			if order.Release == row.ID {
				return errEnough // it is offered, and taken back by a recall alone
			}
			return nil
		})
		if err != nil {
			return false, ignore(err, errEnough)
		}
		templates, err := gather(tx.Templates)
		if err != nil {
			return false, err
		}
		err = tx.Reviews("", row.Study, "", func(item sinso.ReviewRow) error {
			if instance, err := tx.Instance(item.Instance); err == nil && !chose(row, instance) {
				return nil
			}
			item = lapse(item, templates)
			restricts := item.State != sinso.ReviewIsApproved && item.State != sinso.ReviewIsSound
			overruled = overruled || item.Profile == name && restricts && item.Decided > row.Decided
			return nil
		})
		return overruled, err
	})
}

// Resume takes every import, release and purchase that was begun to its end.
func (w *Way) Resume(ctx context.Context, actor string) error {
	if err := w.resumeStudies(ctx, actor); err != nil {
		return err
	}
	if w.Chain == nil {
		return nil
	}
	return errors.Join(w.resumeReleases(ctx, actor), w.resumePurchases(ctx))
}

func (w *Way) resumeReleases(ctx context.Context, actor string) error {
	end, err := w.making.take(ctx)
	if err != nil {
		return err
	}
	defer end()
	releases, err := w.Releases(ctx, "")
	if err != nil {
		return err
	}
	var errs []error
	for _, row := range releases {
		if _, err := w.advance(ctx, row.ID, actor, nil); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// resumeStudies lists the studies that an import was cut off in.
func (w *Way) resumeStudies(ctx context.Context, actor string) error {
	studies, err := w.Studies(ctx, "")
	if err != nil {
		return err
	}
	for _, study := range studies {
		if study.Listed == study.Instances {
			continue
		}
		if err := w.closeStudy(ctx, study.ID, actor, study.Origin); err != nil {
			return err
		}
	}
	return nil
}

// plan fixes the secret of a release, before anything is made with it. A release
// of this study, or of this part of it, that is not finished, and that nobody waits for or
// that has a co-creator, is taken up instead. The caller holds w.planning.
func (w *Way) plan(ctx context.Context, id sinso.StudyID, o ReleaseOptions) (sinso.ReleaseID, error) {
	study, err := view(ctx, w, func(tx sinso.MetaTx) (sinso.StudyRow, error) { return tx.Study(id) })
	if err != nil {
		return "", fmt.Errorf("way: study %s: %w", id, err)
	}
	releases, err := w.Releases(ctx, study.Person)
	if err != nil {
		return "", err
	}
	if err := w.checkAuthor(study, o.Author); err != nil {
		return "", err
	}
	decided, err := w.verdicts(ctx, id, o.Profile)
	if err != nil {
		return "", err
	}
	count := 0
	for _, row := range releases {
		if row.Study != id {
			continue
		}
		if row.Author == nil && w.making.isHeld(row.ID) { // of another who asked; a co-creator is asked once
			count++
			continue
		}
		if row.Draft && row.State == sinso.ReleaseIsStored && row.Decided < decided.upTo { // made before persons decided
			count++
			continue
		}
		unfinished := (toBeMade(row) || row.State == sinso.ReleaseIsStored) && slices.Equal(row.Series, o.Series)
		if unfinished && row.Draft == o.draft && (!row.Draft || madeUnder(o.Profile, row)) {
			return row.ID, w.sameTerms(row, o)
		}
		if unfinished && row.Draft && madeUnder(o.Profile, row) && o.Author == nil && row.Seq > study.ImportSeq && study.Listed == study.Instances {
			return row.ID, w.priced(ctx, row, o)
		}
		count++
	}
	if still, err := w.stillTooFew(ctx, releases, study, decided.upTo, o); err != nil || still != "" {
		return still, err
	}
	if err := mayAsk(releases, o); err != nil {
		return "", err
	}
	release, err := w.freeRelease(ctx, id, count)
	if err != nil {
		return "", err
	}
	// An import that was cut off, or is under way: what is released was imported.
	if err := w.closeStudy(ctx, id, o.Actor, study.Origin); err != nil {
		return "", err
	}
	var secret sinso.CEK
	if _, err := w.Rand.Read(secret[:]); err != nil {
		return "", fmt.Errorf("way: randomness: %w", err)
	}
	wrapped, err := w.Keys.Wrap(ctx, sinso.PersonKey(study.Person), secret, []byte(release))
	if err != nil {
		return "", fmt.Errorf("way: release %s: %w", release, err)
	}
	body := sinso.ReleasePlanned{
		Release: release, Study: id, Secret: wrapped, Price: o.Price, Series: o.Series, Author: o.Author, Draft: o.draft,
		Profile: string(o.Profile.Text()),
	}
	if o.Author != nil {
		body.Until = w.Clock.Now().UTC().Add(authorWithin).Truncate(time.Second)
	}
	err = w.recordOne(ctx, sinso.EventReleasePlanned, o.Actor, study.Person, body)
	return release, err
}

// mayAsk is ErrManyReleases if a person's releases wait for as many co-creators as may be
// asked at once.
func mayAsk(releases []sinso.ReleaseRow, o ReleaseOptions) error {
	asked := 0
	for _, row := range releases {
		if row.State == sinso.ReleaseIsAwaiting {
			asked++
		}
	}
	if o.Author == nil || asked < maxOwnAsked {
		return nil
	}
	return fmt.Errorf("way: %d of this person wait for a co-creator, and no more than that at once: %w", asked, ErrManyReleases)
}

// freeRelease names the next release of a study: those of whose it was before have
// their names too.
func (w *Way) freeRelease(ctx context.Context, study sinso.StudyID, count int) (sinso.ReleaseID, error) {
	for {
		count++
		id := w.namer.Release(study, strconv.Itoa(count))
		_, err := w.ReleaseRow(ctx, id)
		if errors.Is(err, sinso.ErrNotFound) {
			return id, nil
		}
		if err != nil {
			return "", err
		}
	}
}

// sameTerms refuses to take up a release that was begun at another price, with
// another co-creator or under another profile: nobody shall sell on terms that they did not name.
// The node's templates are none of them: it ends under those that it was begun under.
func (w *Way) sameTerms(row sinso.ReleaseRow, o ReleaseOptions) error {
	begun := o.Profile
	if row.Profile != "" {
		var err error
		if begun, err = w.ProfileOf(row); err != nil {
			return err
		}
	}
	same := row.Price.Int().Cmp(o.Price.Int()) == 0 && (row.Author == nil) == (o.Author == nil) && begun.OwnHash() == o.Profile.OwnHash()
	if same && o.Author != nil {
		same = *row.Author == *o.Author
	}
	if same {
		return nil
	}
	return fmt.Errorf("way: release %s of this study was begun for %s wei and is not finished: release it on the same terms, let the node finish it first, or ask its co-creator no longer: %w",
		row.ID, row.Price, sinso.ErrExists)
}

// register mints the person's identity token, if there is none, and the asset token.
func (w *Way) register(ctx context.Context, row sinso.ReleaseRow, actor string) error {
	if err := w.enterIdentity(ctx, row.Person, actor); err != nil {
		return err
	}
	w.step("mint")
	registered, err := register.Enter(ctx, w.Chain, row.ID, row.Asset)
	if err != nil {
		return err
	}
	err = w.recordOne(ctx, sinso.EventAssetRegistered, actor, row.Person, registered)
	return err
}

func (w *Way) enterIdentity(ctx context.Context, id sinso.PersonID, actor string) error {
	person, err := view(ctx, w, func(tx sinso.MetaTx) (sinso.PersonRow, error) { return tx.Person(id) })
	if err != nil || person.Identity != (sinso.TokenID{}) {
		return err
	}
	secret, err := w.Keys.Secret(ctx, sinso.PersonKey(id), "identity")
	if err != nil {
		return fmt.Errorf("way: the person's identity key: %w", err)
	}
	w.step("identity")
	registered, err := register.EnterIdentity(ctx, w.Chain, secret)
	if err != nil {
		return err
	}
	err = w.recordOne(ctx, sinso.EventIdentityRegistered, actor, id, registered)
	return err
}

// offer signs the person's order for a registered release, once.
func (w *Way) offer(ctx context.Context, row sinso.ReleaseRow, actor string) (sinso.Hash, error) {
	hash, err := view(ctx, w, func(tx sinso.MetaTx) (found sinso.Hash, err error) {
		err = tx.Orders(row.Person, func(order sinso.OrderRow) error {
			if order.Release == row.ID {
				found = order.Hash
			}
			return nil
		})
		return found, err
	})
	if err != nil || hash != (sinso.Hash{}) {
		return hash, err
	}
	seller, err := w.creatorSecret(ctx, row)
	if err != nil {
		return hash, err
	}
	key, err := w.sealer.Key(ctx, row.Manifest, row.Keys, row.Custodian())
	if err != nil {
		return hash, err
	}
	proof, err := w.Audit.Prove(ctx, row.Seq)
	if err != nil {
		return hash, fmt.Errorf("way: prove release %s: %w", row.ID, err)
	}
	study, err := view(ctx, w, func(tx sinso.MetaTx) (sinso.StudyRow, error) { return tx.Study(row.Study) })
	if err != nil {
		return hash, err
	}
	offer, err := w.composeOffer(row, study.Origin, key)
	if err != nil {
		return hash, err
	}
	offer.Proof = proof
	if hash, err = market.Sign(&offer, seller); err != nil {
		return hash, err
	}
	encoded, err := json.Marshal(offer)
	if err != nil {
		return hash, fmt.Errorf("way: offer: %w", err)
	}
	if _, _, err := w.checkOffer(ctx, encoded); err != nil { // what a buyer would refuse is not given out
		return hash, err
	}
	public, err := w.publicBlocks(ctx, row, key)
	if err != nil {
		return hash, err
	}
	err = w.recordOne(ctx, sinso.EventOrdered, actor, row.Person, sinso.Ordered{Release: row.ID, Hash: hash, Offer: encoded, Public: public})
	return hash, err
}

// publicBlocks are all blocks of a release: once it is offered anyone may fetch
// them, and nobody without the key can read them.
func (w *Way) publicBlocks(ctx context.Context, row sinso.ReleaseRow, key sinso.CEK) ([]sinso.CID, error) {
	manifest, err := w.readManifest(ctx, row.Manifest, key)
	if err != nil {
		return nil, err
	}
	var public []sinso.CID
	add := func(cid sinso.CID) error {
		public = append(public, cid)
		return nil
	}
	for _, object := range append(manifest.Objects, *manifest.Evidence) {
		if err := w.vault.Blocks(ctx, object.CID, add); err != nil {
			return nil, err
		}
	}
	return public, w.vault.Blocks(ctx, row.Manifest, add)
}

// readManifest opens the manifest of a release.
func (w *Way) readManifest(ctx context.Context, root sinso.CID, key sinso.CEK) (sinso.Manifest, error) {
	plain, err := w.open(ctx, root, key)
	if err != nil {
		return sinso.Manifest{}, err
	}
	return parseManifest(plain)
}

// Bounds of a manifest of another node, and of what it names.
const (
	maxManifestObjects = 1 << 17
	maxManifestBytes   = 64 << 20
	maxObjectBytes     = 1 << 30 // plain; an import takes less
	maxReleaseBytes    = 1 << 40 // of all objects together
)

func parseManifest(plain []byte) (sinso.Manifest, error) {
	var manifest sinso.Manifest
	if err := json.Unmarshal(plain, &manifest); err != nil {
		return manifest, fmt.Errorf("way: the manifest cannot be read: %w", sinso.ErrCorrupt)
	}
	if manifest.Version != sinso.ManifestVersion {
		return manifest, fmt.Errorf("way: manifest version %d: %w", manifest.Version, sinso.ErrUnsupported)
	}
	objects := manifest.Objects
	if manifest.Evidence == nil || len(objects) > maxManifestObjects {
		return manifest, fmt.Errorf("way: the manifest holds no evidence, or too many objects: %w", sinso.ErrCorrupt)
	}
	total := int64(0)
	for _, object := range append(slices.Clone(objects), *manifest.Evidence) {
		if _, err := sinso.ParseCID(string(object.CID)); err != nil || len(object.Key) != len(sinso.CEK{}) {
			return manifest, fmt.Errorf("way: the manifest names an object wrongly: %w", sinso.ErrCorrupt)
		}
		if object.Size < 0 || object.Size > maxObjectBytes {
			return manifest, fmt.Errorf("way: the manifest names an object of %d bytes, %d are allowed: %w", object.Size, maxObjectBytes, sinso.ErrCorrupt)
		}
		total += object.Size
	}
	if total > maxReleaseBytes {
		return manifest, fmt.Errorf("way: the manifest names %d bytes, %d are allowed: %w", total, int64(maxReleaseBytes), sinso.ErrCorrupt)
	}
	return manifest, nil
}

var errNoChain = errors.New("this node is not connected to a chain")
