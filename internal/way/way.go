// Package way is the path of the data: it takes one item through the stages,
// durably and in order. Read import.go (files) or take.go (one object from a door),
// then release.go and derive.go, then sell.go and buy.go: each is one stretch of the
// way, from top to bottom as the data travels; escrow.go is the way back of the
// money, and verify.go that of the evidence.
//
// Stages do not know each other; they meet here. Every step is written to the
// journal before the next one starts, and is safe to do again, so that after a
// crash at any place the way goes on from the step it broke ([Way.Resume]).
package way

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/identity"
	"sinso.dev/sinso/internal/stage/quality"
	"sinso.dev/sinso/internal/stage/seal"
	"sinso.dev/sinso/internal/stage/vault"
)

// Ports are what the way needs of the world.
type Ports struct {
	Blobs sinso.Blobs
	Audit sinso.Audit
	Meta  sinso.Meta
	Keys  sinso.Keys
	Chain sinso.Chain // nil: this node trades nothing
	Deeds sinso.Deeds // the same chain, for what people do by its contracts; nil with it
	// Catalogue is what the contracts told on that chain. Nil: there is none.
	Catalogue sinso.Catalogue
	// Payer is the secret of the node's own account. Zero: it is derived from Keys.
	// sinso.KeptElsewhere: another program keeps it, the account is PayerAt, and PayerTexts signs its texts.
	Payer      [32]byte
	PayerAt    sinso.Address
	PayerTexts sinso.TextSigner
	Peers      sinso.Peers
	Parts      sinso.Parts // nil: this node keeps no shares
	// Copies are those that peers keep of Blobs, whose Delete orders theirs. Nil: there are none.
	Copies Copies
	Clock  sinso.Clock
	Rand   sinso.Rand

	Reader sinso.TextReader // a second look for writing in pixels; nil: none
}

// Config is what the way needs besides its ports.
type Config struct {
	// Makers makes the works that co-creators add to a release, by name.
	Makers map[string]Maker
	// Profile de-identifies what is released; nil: the preset for sales. One that makes
	// limited data is refused: what it makes may not be sold.
	Profile *deid.Profile
	// ReviewPersons is how many different persons approve what the pixel gate withheld
	// in doubt: 1, or 2.
	ReviewPersons int
	// SampleBlanked and SampleOther say which of what is released is looked at for
	// quality: where writing was blanked, and all other; zero: the defaults.
	SampleBlanked, SampleOther sinso.SamplePlan
	// Risk is how many persons must look the same by what a release shows before it is
	// sold; zero: it is counted and shown, and stops nothing.
	Risk sinso.RiskLimits
	// QualityLeast is the score, 0 to 100, below which nothing is sold; 0: it is judged and
	// shown, and stops nothing.
	QualityLeast int
	// Compress has originals that are there as a whole compressed before they are sealed.
	Compress bool
	// Large is how many bytes an object may have that is held in memory while it is filed; 0
	// is ingest.Large, or ingest.MaxHeld if originals are compressed.
	Large int64
	// Shared says that others may keep blocks in the same store: nothing is pruned.
	Shared bool
	// RetainYears is how many years after it last grew a study must be kept, whoever wants it
	// erased; 0: none.
	RetainYears int
	// Witness is the clock by which those years are over: one that is set wrong must not
	// erase what has to be kept. Nil: the Clock of the ports.
	Witness sinso.Clock
	// CoinPrice is what the chain's coin is worth; zero: nobody said.
	CoinPrice sinso.Price
	// Peer is the base URL under which buyers reach this node, "" if they can't.
	Peer string
	// OnStep is called before each step that changes anything, and with each event
	// that is logged and not indexed yet; a test that kills the node at every step
	// hooks in here. It may be nil.
	OnStep func(step string)
}

// Maker makes a work from the derivatives of a release: count of them, read one
// by one. The same derivatives give the same work.
type Maker func(ctx context.Context, count int, derivative func(int) ([]byte, error)) ([]byte, error)

// Way takes data along. Its methods may be called from many goroutines.
type Way struct {
	Ports
	cfg         Config
	namer       *identity.Namer
	sealer      *seal.Sealer
	vault       *vault.Vault
	profile     *deid.Profile
	gate        *quality.Gate
	openings    [32]byte // MACs what shows that a share was opened
	institution [32]byte // Ed25519 seed: signs evidence and the log's checkpoints

	profiles profiles // that releases are made under
	most     int64    // bytes of an object that is opened whole

	mu       sync.Mutex   // guards cfg.Peer and grown
	indexing sync.Mutex   // one at a time brings events into the index
	filing   sync.Mutex   // serialises filing, so that of two imports the second sees what the first filed
	planning sync.Mutex   // serialises plans of releases: of two the second sees the first
	answers  sync.Mutex   // serialises answers and revocations: one order has one answer, and none after its end; guards refused
	deciding sync.Mutex   // serialises decisions: each is on what was seen
	erasing  sync.Mutex   // serialises erasures
	tending  sync.Mutex   // serialises Tend, so that an end is written down once; guards ended
	noting   sync.Mutex   // serialises the noting of acts: each is begun once, and done once
	asking   sync.Mutex   // serialises answers of co-creators: a release has one
	sharing  sync.RWMutex // held by who changes a share; and shared by who puts parts, so that none comes after its end
	drawing  sync.Mutex   // serialises the adding of templates: there may be so many and no more
	// credentials serialises what is said of credentials: one key is of one, and of two
	// sign-ins by one passkey the second sees the first's counter.
	credentials sync.Mutex
	buying      turns // serialises what is done for one purchase
	tokens      tokens
	allowing    turns // serialises what lets a contract take a token from the node's account, until it has

	making   *making
	deflater *deflater
	claims   *claims
	rooms    rooms
	foreign  foreign
	namings  namings
	grown    map[sinso.StudyID]touched // to be listed
	backlog  *backlog
	crowd    *crowd
	lastUse  atomic.Int64 // when somebody wanted something, unix nanoseconds
	indexer  atomic.Bool  // Index runs
	// corrected says that something was ever rejected, restored, merged or moved here:
	// what comes is checked against it.
	corrected atomic.Bool
	erased    atomic.Bool        // something was ever erased here
	merging   atomic.Bool        // since the start: who was found a moment ago may be another now
	taken     chan struct{}      // wakes it
	completed chan struct{}      // wakes Tidy
	reviewed  chan sinso.StudyID // wakes Ahead: persons decided about it

	refused map[sinso.KeyRefused]bool // in the log since the start
	ended   map[sinso.Hash]bool       // orders whose revocation the chain has
}

// New returns the way over its ports, with the index brought up to the log.
func New(ctx context.Context, ports Ports, cfg Config) (*Way, error) {
	gate, err := quality.New()
	if err != nil {
		return nil, err
	}
	profile, err := profileFor(cfg)
	if err != nil {
		return nil, err
	}
	names, err := ports.Keys.Secret(ctx, sinso.KeyNode, "names")
	if err != nil {
		return nil, fmt.Errorf("way: the node's key: %w", err)
	}
	institution, err := ports.Keys.Secret(ctx, sinso.KeyInstitution, SigningPurpose)
	if err != nil {
		return nil, fmt.Errorf("way: the institution's key: %w", err)
	}
	openings, err := ports.Keys.Secret(ctx, sinso.KeyNode, "share openings")
	if err != nil {
		return nil, fmt.Errorf("way: the node's key: %w", err)
	}
	sealer := seal.New(ports.Keys, ports.Rand)
	if cfg.Compress {
		if sealer, err = seal.NewCompressing(ports.Keys, ports.Rand); err != nil {
			return nil, fmt.Errorf("way: %w", err)
		}
	}
	w := &Way{
		Ports: ports, cfg: cfg, most: maxRead,
		namer:       identity.NewNamer(names),
		sealer:      sealer,
		vault:       vault.New(ports.Blobs),
		profile:     profile,
		gate:        gate,
		openings:    openings,
		institution: institution,
		making:      newMaking(),
		deflater:    &deflater{},
		claims:      newClaims(),
		grown:       map[sinso.StudyID]touched{},
		backlog:     newBacklog(),
		crowd:       &crowd{},
		taken:       make(chan struct{}, 1),
		completed:   make(chan struct{}, 1),
		reviewed:    make(chan sinso.StudyID, 64),
		buying:      turns{taken: map[sinso.Hash]chan struct{}{}},
		allowing:    turns{taken: map[sinso.Hash]chan struct{}{}},
		refused:     map[sinso.KeyRefused]bool{}, ended: map[sinso.Hash]bool{},
	}
	if err := w.CatchUp(ctx); err != nil {
		return w, err
	}
	if err := w.loadCorrections(ctx); err != nil {
		return w, err
	}
	return w, w.destroyErased(ctx)
}

// profileFor returns the profile of releases.
func profileFor(cfg Config) (*deid.Profile, error) {
	if cfg.Profile == nil {
		profile, err := deid.NewProfile()
		if err != nil {
			return nil, fmt.Errorf("way: %w", err)
		}
		return profile, nil
	}
	return cfg.Profile, maySell(cfg.Profile)
}

// maySell is ErrInvalid for a profile that makes limited data.
func maySell(profile *deid.Profile) error {
	if limits := profile.Limits(); len(limits) > 0 {
		return fmt.Errorf("way: the profile %s keeps who, where or when (%s): what it makes is limited data and may not be sold: %w", profile.Name(), limits[0], sinso.ErrInvalid)
	}
	return nil
}

// SigningPurpose is what the institution's signing seed is derived for.
const SigningPurpose = "sign"

// InstitutionKey returns the Ed25519 public key that signs evidence and checkpoints.
func (w *Way) InstitutionKey() ed25519.PublicKey {
	return ed25519.NewKeyFromSeed(w.institution[:]).Public().(ed25519.PublicKey)
}

// entry makes an event of a body. Public, if not nil, is disclosed to buyers.
func (w *Way) entry(typ sinso.EventType, actor string, person sinso.PersonID, origin sinso.Origin, body, public any) (sinso.Event, error) {
	event := sinso.Event{
		Type: typ, At: w.Clock.Now().UTC().Truncate(time.Millisecond), Actor: actor, Person: person, Origin: origin, Under: underOf(body, person),
	}
	var err error
	if event.Body, err = json.Marshal(body); err != nil {
		return sinso.Event{}, fmt.Errorf("way: %s: %w", typ, err)
	}
	if public != nil {
		if event.Public, err = json.Marshal(public); err != nil {
			return sinso.Event{}, fmt.Errorf("way: %s: %w", typ, err)
		}
	}
	return event, nil
}

// record acknowledges: events, and the blocks that belong to them, are durable
// when it returns, and the index shows them.
func (w *Way) record(ctx context.Context, blocks []sinso.Block, events ...sinso.Event) error {
	if err := w.log(ctx, handover{}, blocks, events...); err != nil {
		return err
	}
	return w.follow(ctx)
}

// log makes events and their blocks durable, and leaves them to the index.
func (w *Way) log(ctx context.Context, hand handover, blocks []sinso.Block, events ...sinso.Event) error {
	w.step(string(events[0].Type))
	w.backlog.begin()
	w.vault.Use(blocks...) // they may be here, of a try that was cut off
	logged, err := w.Audit.Append(ctx, blocks, events...)
	w.backlog.end(logged, hand)
	if err != nil {
		return fmt.Errorf("way: record %s: %w", events[0].Type, err)
	}
	for _, event := range logged {
		w.step(string(event.Type) + " logged")
	}
	return nil
}

// recordOne is record for one event made of a body.
func (w *Way) recordOne(ctx context.Context, typ sinso.EventType, actor string, person sinso.PersonID, body any) error {
	event, err := w.entry(typ, actor, person, "", body, nil)
	if err != nil {
		return err
	}
	return w.record(ctx, nil, event)
}

// recordUnder is recordOne for an event that is written under a custodian's key.
func (w *Way) recordUnder(ctx context.Context, under sinso.KeyID, typ sinso.EventType, actor string, person sinso.PersonID, body any) error {
	event, err := w.entry(typ, actor, person, "", body, nil)
	if err != nil {
		return err
	}
	event.Under = under
	return w.record(ctx, nil, event)
}

func (w *Way) step(name string) {
	if w.cfg.OnStep != nil {
		w.cfg.OnStep(name)
	}
}

// view reads the index, as of all that was acknowledged, and returns what fn finds.
func view[T any](ctx context.Context, w *Way, fn func(sinso.MetaTx) (T, error)) (T, error) {
	var found T
	if err := w.follow(ctx); err != nil {
		return found, err
	}
	err := w.Meta.View(ctx, func(tx sinso.MetaTx) (err error) {
		found, err = fn(tx)
		return err
	})
	return found, err
}

// open reads a sealed object of a release whole: blocks, envelope, plain bytes.
func (w *Way) open(ctx context.Context, root sinso.CID, key sinso.CEK) ([]byte, error) {
	return w.openBy(ctx, root, key, seal.OpenInPlace)
}

// openOriginal reads one that this node sealed by itself, which may be compressed.
func (w *Way) openOriginal(ctx context.Context, root sinso.CID, key sinso.CEK) ([]byte, error) {
	return w.openBy(ctx, root, key, seal.OpenOriginal)
}

func (w *Way) openBy(ctx context.Context, root sinso.CID, key sinso.CEK, open func(sinso.CEK, []byte) ([]byte, error)) ([]byte, error) {
	plain, err := w.vault.Open(ctx, root, func(envelope []byte) ([]byte, error) { return open(key, envelope) })
	if err != nil {
		return nil, fmt.Errorf("object %s: %w", root, err)
	}
	return plain, nil
}

// openAt opens a sealed object in parts, until ctx ends.
func (w *Way) openAt(ctx context.Context, root sinso.CID, key sinso.CEK) (*vault.Object, error) {
	object, err := w.vault.OpenAt(ctx, root, key)
	if err != nil {
		return nil, fmt.Errorf("object %s: %w", root, err)
	}
	return object, nil
}

// check opens all of a sealed object, part by part, and keeps nothing of it. What is of a
// release must not be compressed, as for open.
func (w *Way) check(ctx context.Context, root sinso.CID, key sinso.CEK, released bool) error {
	object, err := w.openAt(ctx, root, key)
	if err != nil {
		return err
	}
	if released && object.Compressed() {
		return fmt.Errorf("object %s of a release is compressed: %w", root, sinso.ErrCorrupt)
	}
	if err := object.Check(); err != nil {
		return fmt.Errorf("object %s: %w", root, err)
	}
	return nil
}

// now is the later of the chain's clock and this node's: a chain that has nothing
// to do makes no block, and its clock stands until the next one.
func (w *Way) now(ctx context.Context) (time.Time, error) {
	chain, err := w.Chain.Now(ctx)
	if err != nil {
		return chain, fmt.Errorf("way: the chain's clock: %w", err)
	}
	if here := w.Clock.Now(); here.After(chain) {
		return here, nil
	}
	return chain, nil
}

// SetPeer says how buyers reach this node. It is called before anything is
// offered.
func (w *Way) SetPeer(url string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cfg.Peer = url
}

func (w *Way) peer() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.cfg.Peer
}
