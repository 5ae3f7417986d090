package way

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/attest"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/deid/risk"
	"sinso.dev/sinso/internal/stage/quality"
	"sinso.dev/sinso/internal/stage/register"
)

// derivation is one release while it is being made.
type derivation struct {
	*Way
	row       sinso.ReleaseRow
	profile   *deid.Profile // the release's own: the one in force may be another by now
	study     sinso.StudyRow
	openers   []sinso.KeyID // whose keys open the originals
	secret    [32]byte
	results   []derived
	withheld  map[sinso.Reason]int
	decided   verdicts // what persons decided about its instances
	reviewed  int      // instances that they let through
	items     []sinso.ReviewItem
	strata    []sinso.Stratum
	manifest  sinso.Manifest
	works     []attest.Work
	dry       bool             // nothing is sealed, proven or stored: only what would be
	decisions map[int]decision // by place, of what its pixels had to tell
	disclosed risk.Showing     // what tells the derivatives from those of others
	risk      *sinso.Risk      // and from how many
	heads     []head           // series that were to be defaced
	sample    quality.Sketch   // of the fingerprints of its pixels

	mu      sync.Mutex     // guards what follows
	waiting []sinso.Sealed // to be stored
	size    int64          // of those
}

// derived is what became of one instance.
type derived struct {
	instance sinso.InstanceID
	device   string // the kind of device that made it
	blanked  bool   // something of its pixels
	reviewed bool   // persons let it through
	doubt    *sinso.ReviewItem
	sight    deid.Sight
	object   sinso.ManifestObject
	withheld []sinso.Reason
	root     [32]byte
	evidence attest.InstanceEvidence
	shows    risk.Showing
	judged   quality.Instance
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
	if d.profile, err = w.ProfileOf(row); err != nil {
		return err
	}
	overtaken, err := d.begin(ctx, actor)
	if err != nil {
		return err
	}
	if overtaken {
		return w.recallNow(ctx, row, ReasonMoved, actor)
	}
	instances, err := w.Instances(ctx, row.Study)
	if err != nil {
		return err
	}
	// What came after the import entry that the evidence rests on is for the next release.
	instances = slices.DeleteFunc(instances, func(i sinso.InstanceRow) bool { return i.Seq > d.study.ImportSeq })
	if d.decided, err = w.verdicts(ctx, row.Study, d.profile); err != nil {
		return err
	}
	if err := d.cleanAll(ctx, instances, progress); err != nil {
		return err
	}
	if len(d.manifest.Objects) == 0 {
		return d.refuse(ctx, actor, d.mainReason())
	}
	if d.risk, err = d.assess(ctx, row.Study, d.disclosed); err != nil {
		return err
	}
	if err := d.grade(ctx, instances); err != nil {
		return err
	}
	if err := d.draw(ctx); err != nil {
		return err
	}
	if err := d.addWork(ctx); errors.Is(err, errNoWork) {
		return d.refuse(ctx, actor, ReasonNoWork)
	} else if err != nil {
		return err
	}
	return d.store(ctx, actor)
}

// refuse ends the release.
func (d *derivation) refuse(ctx context.Context, actor string, why sinso.Reason) error {
	return d.recordOne(ctx, sinso.EventReleaseRefused, actor, d.row.Person, sinso.ReleaseRefused{
		Release: d.row.ID, Study: d.row.Study, Reason: why, Withheld: d.withheld, Review: d.items, Decided: d.decided.upTo, Faces: d.faces(),
	})
}

// ProfileOf returns the profile that a release was begun under.
func (w *Way) ProfileOf(row sinso.ReleaseRow) (*deid.Profile, error) {
	if row.Profile == "" || madeUnder(w.profile, row) {
		return w.profile, nil
	}
	profile, err := w.profiles.get(row.Profile, func() (*deid.Profile, error) { return deid.Parse([]byte(row.Profile)) })
	if err != nil {
		return nil, fmt.Errorf("way: release %s: its profile: %w", row.ID, err)
	}
	return profile, nil
}

// mainReason is the reason that most instances were held back for, of those that were
// chosen.
func (d *derivation) mainReason() sinso.Reason {
	best := sinso.Reason("empty")
	for _, reason := range slices.Sorted(maps.Keys(d.withheld)) {
		if reason != ReasonNotChosen && d.withheld[reason] > d.withheld[best] {
			best = reason
		}
	}
	if d.withheld[best] == 0 && d.withheld[ReasonNotChosen] > 0 { // what was chosen is gone
		return ReasonNotChosen
	}
	return best
}

// cleanAll makes the derivatives. What names no part of the body waits until all
// of the study has been seen, and is then made or withheld.
func (d *derivation) cleanAll(ctx context.Context, instances []sinso.InstanceRow, progress func(done, total int)) error {
	d.results, d.decisions = make([]derived, len(instances)), map[int]decision{}
	all := make([]int, len(instances))
	for i := range all {
		all[i] = i
	}
	if err := d.cleanSome(ctx, instances, all, progress); err != nil {
		return err
	}
	again, err := d.decide(ctx, instances)
	if err != nil {
		return err
	}
	if err := d.cleanSome(ctx, instances, again, nil); err != nil {
		return err
	}
	if err := d.flush(ctx); err != nil {
		return err
	}
	if progress != nil {
		progress(len(instances), len(instances))
	}
	d.leave(instances)
	d.list()
	return nil
}

// cleanSome makes the derivatives of the instances at some of the places.
func (d *derivation) cleanSome(ctx context.Context, instances []sinso.InstanceRow, places []int, progress func(done, total int)) error {
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(importWorkers + 1) // one waits for the disk
	done := make(chan struct{}, len(places))
	for _, i := range places {
		group.Go(func() (err error) {
			if d.row.Draft {
				if err := d.yield(groupCtx); err != nil {
					return err
				}
			}
			d.results[i], err = d.clean(groupCtx, i, instances[i])
			done <- struct{}{}
			return err
		})
		if progress != nil {
			progress(len(done), len(instances))
		}
	}
	return group.Wait()
}

// list counts what was withheld, and names the rest in the manifest.
func (d *derivation) list() {
	for _, result := range d.results {
		for _, reason := range result.withheld[:min(1, len(result.withheld))] {
			d.withheld[reason]++
		}
		if result.doubt != nil {
			d.items = append(d.items, *result.doubt)
		}
		if len(result.withheld) == 0 {
			if result.reviewed {
				d.reviewed++
			}
			result.object.Name = objectName(len(d.manifest.Objects))
			d.manifest.Objects = append(d.manifest.Objects, result.object)
			d.disclosed.Merge(result.shows)
		}
	}
}

// clean takes one instance from its sealed original to its sealed derivative, or
// to the reason for which it stays behind.
func (d *derivation) clean(ctx context.Context, index int, row sinso.InstanceRow) (derived, error) {
	if d.readable(row) != nil { // the others of its study shall not wait for it
		root, err := attest.Unread(d.secret, index, row.CID)
		return derived{withheld: []sinso.Reason{ReasonUnreadable}, root: root}, err
	}
	original, err := d.original(ctx, row)
	if err != nil {
		return derived{}, err
	}
	if row.Deidentified == sinso.DeidentifiedHere { // no institution vouches for another's
		root, err := attest.Withheld(d.secret, index, original)
		return derived{withheld: []sinso.Reason{ReasonDerivative}, root: root}, err
	}
	record := sinso.Record{Kind: sinso.KindDICOM, Bytes: original, Origin: row.Origin}
	ruling := d.decided.of[row.ID]
	decision, decided := d.decisions[index]
	release := deid.Release{Secret: d.secret, Review: ruling.Review, Believe: true, Reader: d.Reader}
	result, err := d.cleaned(ctx, decision, record, release)
	if reason := unmade(err); reason != "" { // the others of its study shall not wait for it
		if decision.faceless != nil {
			reason = deid.ReasonFace
		}
		out := derived{withheld: []sinso.Reason{reason}}
		if !d.dry {
			out.root, err = attest.Withheld(d.secret, index, original)
			return out, err
		}
		return out, nil
	}
	if err != nil {
		return derived{}, fmt.Errorf("way: instance %s: %w", row.ID, err)
	}
	withheld := heldBack(result, row, ruling)
	if !chose(d.row, row) { // it is looked at for what it says of the others
		root, err := attest.Withheld(d.secret, index, original)
		return derived{sight: result.Sight, withheld: withheld, root: root}, err
	}
	switch {
	case len(withheld) > 0 || decision.faceless != nil:
	case decision.face:
		withheld = []sinso.Reason{deid.ReasonFace}
	case result.Sight.Unnamed && !decided:
		return derived{sight: result.Sight}, nil
	}
	out := derived{sight: result.Sight, withheld: withheld, blanked: len(result.Marks) > 0}
	switch {
	case d.dry:
		return out, nil
	case len(withheld) > 0:
		if out.doubt, err = d.doubt(ctx, row, record, withheld); err != nil {
			return derived{}, fmt.Errorf("way: instance %s: %w", row.ID, err)
		}
		out.root, err = attest.Withheld(d.secret, index, original)
		return out, err
	}
	out.instance, out.device, out.reviewed = row.ID, deid.Device(original), ruling.Overrules
	return d.finish(ctx, index, original, result, out)
}

// cleaned makes one derivative.
func (d *derivation) cleaned(ctx context.Context, decision decision, record sinso.Record, release deid.Release) (result deid.Result, err error) {
	err = guarded(func() (err error) {
		if decision.faceless != nil {
			result, err = decision.faceless.Clean(ctx, d.profile, decision.object, record, release)
			return err
		}
		result, err = d.profile.Clean(ctx, record, release)
		return err
	})
	return result, err
}

// errFault is what a panic becomes. Its value is not told: it may quote the object.
var errFault = errors.New("the program failed on an object")

// guarded runs what looks into a stranger's bytes: a mistake in it is an error, and no
// end of the node.
func guarded(fn func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = errFault
		}
	}()
	return fn()
}

// unmade is the reason to withhold an object that no derivative can be made of, "" for
// an error that is not the object's.
func unmade(err error) sinso.Reason {
	switch {
	case errors.Is(err, errFault):
		return ReasonFault
	case errors.Is(err, sinso.ErrCorrupt), errors.Is(err, sinso.ErrInvalid), errors.Is(err, sinso.ErrUnsupported):
		return ReasonUnreadable
	}
	return ""
}

// original opens the sealed original of an instance.
func (d *derivation) original(ctx context.Context, row sinso.InstanceRow) ([]byte, error) {
	key, err := d.sealer.Key(ctx, row.CID, row.Keys, d.openers...)
	if err != nil {
		return nil, fmt.Errorf("way: instance %s: %w", row.ID, err)
	}
	original, err := d.openOriginal(ctx, row.CID, key)
	if err != nil {
		return nil, fmt.Errorf("way: instance %s: %w", row.ID, err)
	}
	return original, nil
}

// finish proves, seals and stores one derivative.
func (d *derivation) finish(ctx context.Context, index int, original []byte, result deid.Result, out derived) (derived, error) {
	clean := sinso.NewHashed(result.Clean.Bytes)
	evidence, root, err := attest.Build(d.secret, index, original, clean)
	if err != nil {
		return derived{}, fmt.Errorf("way: instance %d of a release: %w", index, err)
	}
	var shows risk.Disclosure
	// What one object makes of them must not end the node.
	err = guarded(func() (err error) {
		if shows, err = risk.Read(clean.Bytes); err == nil {
			out.judged, err = d.gate.Read(clean.Bytes, d.namer.Fingerprint)
		}
		return err
	})
	if err != nil {
		return derived{}, fmt.Errorf("way: instance %d of a release: %w", index, err)
	}
	out.root, out.evidence, out.shows = root, evidence, shows.Showing()
	out.object, err = d.keep(ctx, roleDerivative, clean)
	return out, err
}

// keep seals one object of the release and stores its blocks.
func (d *derivation) keep(ctx context.Context, role string, plain sinso.Hashed) (sinso.ManifestObject, error) {
	sealed, key, err := d.sealer.SealFor(ctx, d.secret, plain)
	if err != nil {
		return sinso.ManifestObject{}, err
	}
	if err := d.put(ctx, sealed); err != nil {
		return sinso.ManifestObject{}, err
	}
	return sinso.ManifestObject{Role: role, CID: sealed.CID, Size: int64(len(plain.Bytes)), Key: key[:]}, nil
}

// putBatch is how many bytes of a release are stored with one sync.
const putBatch = 8 << 20

// put stores an object, when there is enough of them; flush stores the rest.
func (d *derivation) put(ctx context.Context, sealed sinso.Sealed) error {
	d.mu.Lock()
	d.waiting, d.size = append(d.waiting, sealed), d.size+sealed.Size
	if d.size < putBatch {
		d.mu.Unlock()
		return nil
	}
	batch := d.waiting
	d.waiting, d.size = nil, 0
	d.mu.Unlock()
	return d.vault.Put(ctx, batch...)
}

func (d *derivation) flush(ctx context.Context) error {
	batch := d.waiting
	d.waiting, d.size = nil, 0
	return d.vault.Put(ctx, batch...)
}

// ReasonNoWork refuses a release whose co-creator's work cannot be made of what may be
// released, such as a model of bones of an ultrasound: on the terms that were named there
// is nothing to sell, and others may be named.
const ReasonNoWork = sinso.Reason("no-work")

// errNoWork is a work that cannot be made of these derivatives, however often it is tried.
var errNoWork = errors.New("the work cannot be made of what may be released")

// addWork lets the co-creator make a work from the derivatives, and sign it.
func (d *derivation) addWork(ctx context.Context) error {
	author := d.row.Author
	if author == nil {
		return nil
	}
	makeWork, known := d.cfg.Makers[author.Work]
	if !known {
		return fmt.Errorf("way: release %s wants a work %q that this node cannot make: %w: %w", d.row.ID, author.Work, errNoWork, sinso.ErrUnsupported)
	}
	images := slices.Clone(d.manifest.Objects)
	var work []byte
	var unread atomic.Bool
	err := guarded(func() (err error) {
		work, err = makeWork(ctx, len(images), func(i int) ([]byte, error) {
			plain, err := d.open(ctx, images[i].CID, sinso.CEK(images[i].Key))
			if err != nil {
				unread.Store(true)
			}
			return plain, err
		})
		return err
	})
	if err != nil && !unread.Load() && ctx.Err() == nil { // the same derivatives would give the same again
		err = fmt.Errorf("%w: %w", errNoWork, err)
	}
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
	object, err := d.keep(ctx, roleWork, sinso.NewHashed(work))
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
	secret, err := d.Keys.Secret(ctx, sinso.PersonKey(d.row.Author.Person), authorPurpose)
	if err != nil {
		return secret, fmt.Errorf("way: the co-creator's key: %w", err)
	}
	return secret, nil
}

// creatorSecret is the person's account for one release, and for nothing else.
// What the keys of accounts are derived for.
const (
	authorPurpose   = "author"
	identityPurpose = "identity"
)

func assetPurpose(id sinso.ReleaseID) string { return "asset/" + string(id) }

func (w *Way) creatorSecret(ctx context.Context, row sinso.ReleaseRow) ([32]byte, error) {
	secret, err := w.Keys.Secret(ctx, row.Custodian(), assetPurpose(row.ID))
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
	sealed, key, err := d.sealer.SealFor(ctx, d.secret, sinso.NewHashed(plain), d.row.Custodian())
	if err != nil {
		return err
	}
	mark, err := attest.MarkOf(*d.manifest.Quality)
	if err != nil {
		return err
	}
	commitment, opening, err := attest.Commit(d.secret, attest.Fields{
		Payload: sealed.CID, Evidence: statement, Tier: sinso.T1.String(), Profile: d.profile.Hash(),
		Instances: uint32(len(d.manifest.Objects) - len(d.works)), //nolint:gosec // at most maxManifestObjects
		Origin:    d.study.Origin, Quality: mark,
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
		Reviewed: d.reviewed, Review: d.items, Strata: d.strata, Decided: d.decided.upTo, Faces: d.faces(),
		Risk:    d.risk,
		Quality: d.manifest.Quality, Sample: d.sample.Bytes(),
		Derived: d.namer.Derived(deid.Release{Secret: d.secret}.UID(d.study.UID)),
	}, publicRelease{commitment})
	if err != nil {
		return err
	}
	if err := d.flush(ctx); err != nil {
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
	object, err := d.keep(ctx, roleEvidence, sinso.NewHashed(encoded))
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
