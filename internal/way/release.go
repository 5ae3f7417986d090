package way

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"golang.org/x/sync/errgroup"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/attest"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/grade"
	"sinso.dev/sinso/internal/stage/market"
	"sinso.dev/sinso/internal/stage/register"
)

// ReleaseOptions say what is made of a study, and for whom.
type ReleaseOptions struct {
	Actor    string
	Price    sinso.Wei
	Author   *sinso.PlannedAuthor // a co-creator with a work of their own, or nil
	Progress func(done, total int)
}

// Release makes a derivative of a study and brings it to the market: plan, clean
// and seal, register, offer. Each step is done once; a release that was cut off
// goes on where it stands. If nothing of the study may be sold the release ends
// refused, which is no error: the row says why.
func (w *Way) Release(ctx context.Context, study sinso.StudyID, o ReleaseOptions) (sinso.ReleaseRow, error) {
	if w.Chain == nil {
		return sinso.ReleaseRow{}, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	w.releases.Lock()
	defer w.releases.Unlock()
	id, err := w.plan(ctx, study, o)
	if err != nil {
		return sinso.ReleaseRow{}, err
	}
	return w.advance(ctx, id, o.Actor, o.Progress)
}

// advance takes a release from where it stands to its offer. The caller holds
// w.releases.
func (w *Way) advance(ctx context.Context, id sinso.ReleaseID, actor string, progress func(done, total int)) (sinso.ReleaseRow, error) {
	for {
		row, err := view(ctx, w, func(tx sinso.MetaTx) (sinso.ReleaseRow, error) { return tx.Release(id) })
		if err != nil {
			return row, fmt.Errorf("way: release %s: %w", id, err)
		}
		switch row.State {
		case sinso.ReleaseIsRefused:
			return row, nil
		case sinso.ReleaseIsPlanned:
			err = w.derive(ctx, row, actor, progress)
		case sinso.ReleaseIsStored:
			err = w.register(ctx, row, actor)
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
	w.releases.Lock()
	defer w.releases.Unlock()
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
// of this study that is not finished is taken up instead.
func (w *Way) plan(ctx context.Context, id sinso.StudyID, o ReleaseOptions) (sinso.ReleaseID, error) {
	study, err := view(ctx, w, func(tx sinso.MetaTx) (sinso.StudyRow, error) { return tx.Study(id) })
	if err != nil {
		return "", fmt.Errorf("way: study %s: %w", id, err)
	}
	releases, err := w.Releases(ctx, study.Person)
	if err != nil {
		return "", err
	}
	if o.Author != nil && isNoRole(o.Author.Role) {
		return "", fmt.Errorf("way: the co-creator's role is no plain word of small letters: %w", sinso.ErrInvalid)
	}
	count := 0
	for _, row := range releases {
		if row.Study != id {
			continue
		}
		if row.State == sinso.ReleaseIsPlanned || row.State == sinso.ReleaseIsStored {
			return row.ID, sameTerms(row, o)
		}
		count++
	}
	// An import that was cut off, or is under way: what is released was imported.
	if err := w.closeStudy(ctx, id, o.Actor, study.Origin); err != nil {
		return "", err
	}
	release := w.namer.Release(id, strconv.Itoa(count+1))
	var secret sinso.CEK
	if _, err := w.Rand.Read(secret[:]); err != nil {
		return "", fmt.Errorf("way: randomness: %w", err)
	}
	wrapped, err := w.Keys.Wrap(ctx, sinso.PersonKey(study.Person), secret, []byte(release))
	if err != nil {
		return "", fmt.Errorf("way: release %s: %w", release, err)
	}
	err = w.recordOne(ctx, sinso.EventReleasePlanned, o.Actor, study.Person, sinso.ReleasePlanned{
		Release: release, Study: id, Secret: wrapped, Price: o.Price, Author: o.Author,
	})
	return release, err
}

// sameTerms refuses to take up a release that was begun at another price or with
// another co-creator: nobody shall sell on terms that they did not name.
func sameTerms(row sinso.ReleaseRow, o ReleaseOptions) error {
	same := row.Price.Int().Cmp(o.Price.Int()) == 0 && (row.Author == nil) == (o.Author == nil)
	if same && o.Author != nil {
		same = *row.Author == *o.Author
	}
	if same {
		return nil
	}
	return fmt.Errorf("way: release %s of this study was begun for %s wei and is not finished: release it on the same terms, or let the node finish it first: %w",
		row.ID, row.Price, sinso.ErrExists)
}

// derivation is one release while it is being made.
type derivation struct {
	*Way
	row      sinso.ReleaseRow
	study    sinso.StudyRow
	secret   [32]byte
	results  []derived
	withheld map[sinso.Reason]int
	manifest sinso.Manifest
	works    []attest.Work
}

// derived is what became of one instance.
type derived struct {
	object   sinso.ManifestObject
	withheld []sinso.Reason
	root     [32]byte
	evidence attest.InstanceEvidence
}

// derive cleans, grades, attests, seals and stores: `deid -> grade -> attest ->
// seal -> vault`, per instance; then the manifest, and one event for the study.
func (w *Way) derive(ctx context.Context, row sinso.ReleaseRow, actor string, progress func(done, total int)) error {
	w.step("derive")
	d := &derivation{Way: w, row: row, withheld: map[sinso.Reason]int{}}
	secret, err := w.Keys.Unwrap(ctx, row.Secret, []byte(row.ID))
	if err != nil {
		return fmt.Errorf("way: release %s: %w", row.ID, err)
	}
	d.secret = secret
	if d.study, err = view(ctx, w, func(tx sinso.MetaTx) (sinso.StudyRow, error) { return tx.Study(row.Study) }); err != nil {
		return fmt.Errorf("way: study %s: %w", row.Study, err)
	}
	instances, err := w.Instances(ctx, row.Study)
	if err != nil {
		return err
	}
	// What came after the import entry that the evidence rests on is for the next release.
	instances = slices.DeleteFunc(instances, func(i sinso.InstanceRow) bool { return i.Seq > d.study.ImportSeq })
	if err := d.cleanAll(ctx, instances, progress); err != nil {
		return err
	}
	if len(d.manifest.Objects) == 0 {
		err := w.recordOne(ctx, sinso.EventReleaseRefused, actor, row.Person, sinso.ReleaseRefused{
			Release: row.ID, Study: row.Study, Reason: d.mainReason(), Withheld: d.withheld,
		})
		return err
	}
	if err := d.addWork(ctx); err != nil {
		return err
	}
	return d.store(ctx, actor)
}

// mainReason is the reason that most instances were held back for.
func (d *derivation) mainReason() sinso.Reason {
	best := sinso.Reason("empty")
	for _, reason := range slices.Sorted(maps.Keys(d.withheld)) {
		if d.withheld[reason] > d.withheld[best] {
			best = reason
		}
	}
	return best
}

func (d *derivation) cleanAll(ctx context.Context, instances []sinso.InstanceRow, progress func(done, total int)) error {
	d.results = make([]derived, len(instances))
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(importWorkers)
	done := make(chan struct{}, len(instances))
	for i, row := range instances {
		group.Go(func() (err error) {
			d.results[i], err = d.clean(groupCtx, i, row)
			done <- struct{}{}
			return err
		})
		if progress != nil {
			progress(len(done), len(instances))
		}
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if progress != nil {
		progress(len(instances), len(instances))
	}
	for _, result := range d.results {
		for _, reason := range result.withheld[:min(1, len(result.withheld))] {
			d.withheld[reason]++
		}
		if len(result.withheld) == 0 {
			result.object.Name = objectName(len(d.manifest.Objects))
			d.manifest.Objects = append(d.manifest.Objects, result.object)
		}
	}
	return nil
}

// clean takes one instance from its sealed original to its sealed derivative, or
// to the reason for which it stays behind.
func (d *derivation) clean(ctx context.Context, index int, row sinso.InstanceRow) (derived, error) {
	key, err := d.sealer.Key(ctx, row.CID, row.Keys, sinso.PersonKey(d.row.Person))
	if err != nil {
		return derived{}, fmt.Errorf("way: instance %s: %w", row.ID, err)
	}
	original, err := d.open(ctx, row.CID, key)
	if err != nil {
		return derived{}, fmt.Errorf("way: instance %s: %w", row.ID, err)
	}
	record := sinso.Record{Kind: sinso.KindDICOM, Bytes: original, Origin: row.Origin}
	result, err := d.profile.Clean(ctx, record, deid.Release{Secret: d.secret})
	if err != nil {
		return derived{}, fmt.Errorf("way: instance %s: %w", row.ID, err)
	}
	// What is T4 stays T4: no de-identification makes it sellable.
	withheld := slices.Concat(result.Clean.Withheld, grade.Held(row.Tier))
	if len(withheld) > 0 {
		root, err := attest.Withheld(d.secret, index, original)
		return derived{withheld: withheld, root: root}, err
	}
	evidence, root, err := attest.Build(d.secret, index, original, result.Clean.Bytes)
	if err != nil {
		return derived{}, fmt.Errorf("way: instance %s: %w", row.ID, err)
	}
	object, err := d.keep(ctx, roleDerivative, result.Clean.Bytes)
	return derived{object: object, root: root, evidence: evidence}, err
}

// keep seals one object of the release and stores its blocks.
func (d *derivation) keep(ctx context.Context, role string, plain []byte) (sinso.ManifestObject, error) {
	sealed, key, err := d.sealer.SealFor(ctx, d.secret, plain)
	if err != nil {
		return sinso.ManifestObject{}, err
	}
	if err := d.vault.Put(ctx, sealed); err != nil {
		return sinso.ManifestObject{}, err
	}
	return sinso.ManifestObject{Role: role, CID: sealed.CID, Size: int64(len(plain)), Key: key[:]}, nil
}

// addWork lets the co-creator make a work from the derivatives, and sign it.
func (d *derivation) addWork(ctx context.Context) error {
	author := d.row.Author
	if author == nil {
		return nil
	}
	makeWork, known := d.cfg.Makers[author.Work]
	if !known {
		return fmt.Errorf("way: release %s wants a work %q that this node cannot make: %w", d.row.ID, author.Work, sinso.ErrUnsupported)
	}
	images := slices.Clone(d.manifest.Objects)
	work, err := makeWork(ctx, len(images), func(i int) ([]byte, error) {
		return d.open(ctx, images[i].CID, sinso.CEK(images[i].Key))
	})
	if err != nil {
		return fmt.Errorf("way: release %s: make the %s: %w", d.row.ID, author.Work, err)
	}
	secret, err := d.authorSecret(ctx)
	if err != nil {
		return err
	}
	signed, err := attest.SignWork(d.Chain.Contracts(), secret, author.Role, work)
	if err != nil {
		return fmt.Errorf("way: release %s: %w", d.row.ID, err)
	}
	object, err := d.keep(ctx, roleWork, work)
	if err != nil {
		return err
	}
	object.Name = objectName(len(images))
	d.manifest.Objects = append(d.manifest.Objects, object)
	d.works = append(d.works, signed)
	return nil
}

// authorSecret is the co-creator's account. It is the same for all of their
// works: a doctor chose to be known by it.
func (d *derivation) authorSecret(ctx context.Context) ([32]byte, error) {
	secret, err := d.Keys.Secret(ctx, sinso.PersonKey(d.row.Author.Person), "author")
	if err != nil {
		return secret, fmt.Errorf("way: the co-creator's key: %w", err)
	}
	return secret, nil
}

// creatorSecret is the person's account for one release, and for nothing else.
func (w *Way) creatorSecret(ctx context.Context, row sinso.ReleaseRow) ([32]byte, error) {
	secret, err := w.Keys.Secret(ctx, sinso.PersonKey(row.Person), "asset/"+string(row.ID))
	if err != nil {
		return secret, fmt.Errorf("way: the person's key for release %s: %w", row.ID, err)
	}
	return secret, nil
}

// store signs the evidence, seals the manifest, composes the asset and
// acknowledges the release by one event.
func (d *derivation) store(ctx context.Context, actor string) error {
	statement, err := d.evidence(ctx)
	if err != nil {
		return err
	}
	d.manifest.Version = sinso.ManifestVersion
	plain, err := json.Marshal(d.manifest)
	if err != nil {
		return fmt.Errorf("way: release %s: %w", d.row.ID, err)
	}
	sealed, key, err := d.sealer.SealFor(ctx, d.secret, plain, sinso.PersonKey(d.row.Person))
	if err != nil {
		return err
	}
	commitment, opening, err := attest.Commit(d.secret, attest.Fields{
		Payload: sealed.CID, Evidence: statement, Tier: sinso.T1.String(), Profile: d.profile.Hash(),
		Instances: uint32(len(d.manifest.Objects) - len(d.works)), //nolint:gosec // at most maxManifestObjects
		Origin:    d.study.Origin,
	}, key)
	if err != nil {
		return err
	}
	asset, roles, err := d.compose(ctx, commitment)
	if err != nil {
		return err
	}
	event, err := d.entry(sinso.EventReleased, actor, d.row.Person, d.study.Origin, sinso.Released{
		Release: d.row.ID, Study: d.row.Study, Manifest: sealed.CID, Keys: sealed.Keys, Tier: sinso.T1,
		Instances: len(d.manifest.Objects) - len(d.works), Withheld: d.withheld, Asset: asset, Roles: roles, Opening: opening,
	}, publicRelease{commitment})
	if err != nil {
		return err
	}
	return d.record(ctx, sealed.Blocks, event)
}

// evidence has the institution sign what the release is made of, and seals it as
// one more object of the release. It returns the hash of what was signed.
func (d *derivation) evidence(ctx context.Context) (sinso.Hash, error) {
	imported, err := d.Audit.Prove(ctx, d.study.ImportSeq)
	if err != nil {
		return sinso.Hash{}, fmt.Errorf("way: prove the import of study %s: %w", d.study.ID, err)
	}
	proof, err := attest.NewNamedProof(proofOfImport, imported)
	if err != nil {
		return sinso.Hash{}, fmt.Errorf("way: release %s: %w", d.row.ID, err)
	}
	release := attest.Release{
		Origin: d.study.Origin, Profile: d.profile.Hash(), Nonce: attest.Nonce(d.secret),
		Works: d.works, Proofs: []attest.NamedProof{proof},
	}
	for i, result := range d.results {
		if len(result.withheld) > 0 {
			root := attest.WithheldInstance{Index: uint32(i), Root: result.root}
			release.Withheld = append(release.Withheld, root)
			continue
		}
		release.Evidence = append(release.Evidence, result.evidence)
	}
	bundle, err := attest.NewBundle(release, d.institution)
	if err != nil {
		return sinso.Hash{}, fmt.Errorf("way: release %s: %w", d.row.ID, err)
	}
	encoded, err := bundle.Encode()
	if err != nil {
		return sinso.Hash{}, fmt.Errorf("way: release %s: %w", d.row.ID, err)
	}
	object, err := d.keep(ctx, roleEvidence, encoded)
	object.Name = "evidence.cbor"
	d.manifest.Evidence = &object
	return bundle.Signed.Hash(), err
}

// The roles of the objects of a manifest (docs/formats.md, "manifest").
const (
	roleOriginal   = "original"
	roleDerivative = "derivative"
	roleWork       = "work"
	roleEvidence   = "evidence"
)

// rolePatient is the role of a split's first payee.
const rolePatient = "patient"

// proofOfImport names the audit entry of the import in the evidence.
const proofOfImport = "import"

// publicRelease is what a buyer may see of a released event.
type publicRelease struct {
	Commitment sinso.Hash `json:"commitment"`
}

func (d *derivation) compose(ctx context.Context, commitment sinso.Hash) (sinso.Asset, []string, error) {
	creator, err := d.creatorSecret(ctx, d.row)
	if err != nil {
		return sinso.Asset{}, nil, err
	}
	roles, parties := []string{rolePatient}, []register.Party(nil)
	if author := d.row.Author; author != nil {
		secret, err := d.authorSecret(ctx)
		if err != nil {
			return sinso.Asset{}, nil, err
		}
		roles, parties = append(roles, author.Role), append(parties, register.Party{Secret: secret, Bps: author.Bps})
	}
	asset, err := register.Compose(d.Chain.Contracts(), commitment, creator, parties...)
	return asset, roles, err
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
	key, err := w.sealer.Key(ctx, row.Manifest, row.Keys, sinso.PersonKey(row.Person))
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
