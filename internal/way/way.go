// Package way is the path of the data: it takes one item through the stages,
// durably and in order. Read import.go, then release.go, then sell.go and buy.go:
// each is one stretch of the way, from top to bottom as the data travels; escrow.go
// is the way back of the money, and verify.go that of the evidence.
//
// Stages do not know each other; they meet here. Every step is written to the
// journal before the next one starts, and is safe to do again, so that after a
// crash at any place the way goes on from the step it broke ([Way.Resume]).
package way

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/identity"
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
	Peers sinso.Peers
	Clock sinso.Clock
	Rand  sinso.Rand
}

// Config is what the way needs besides its ports.
type Config struct {
	// Makers makes the works that co-creators add to a release, by name.
	Makers map[string]Maker
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
	institution [32]byte // Ed25519 seed: signs evidence and the log's checkpoints

	mu       sync.Mutex // serialises append and project, so that the index follows the log's order; guards cfg.Peer
	persons  sync.Mutex // serialises the creation of persons
	filing   sync.Mutex // serialises filing, so that of two imports the second sees what the first filed
	releases sync.Mutex // serialises releases: one derivation fills the machine
	answers  sync.Mutex // serialises answers and revocations: one order has one answer, and none after its end; guards refused
	tending  sync.Mutex // serialises Tend, so that an end is written down once; guards ended
	buying   turns      // serialises what is done for one purchase

	refused map[sinso.KeyRefused]bool // in the log since the start
	ended   map[sinso.Hash]bool       // orders whose revocation the chain has
}

// New returns the way over its ports, with the index brought up to the log.
func New(ctx context.Context, ports Ports, cfg Config) (*Way, error) {
	profile, err := deid.NewProfile()
	if err != nil {
		return nil, fmt.Errorf("way: %w", err)
	}
	names, err := ports.Keys.Secret(ctx, sinso.KeyNode, "names")
	if err != nil {
		return nil, fmt.Errorf("way: the node's key: %w", err)
	}
	institution, err := ports.Keys.Secret(ctx, sinso.KeyInstitution, SigningPurpose)
	if err != nil {
		return nil, fmt.Errorf("way: the institution's key: %w", err)
	}
	w := &Way{
		Ports: ports, cfg: cfg,
		namer:       identity.NewNamer(names),
		sealer:      seal.New(ports.Keys, ports.Rand),
		vault:       vault.New(ports.Blobs),
		profile:     profile,
		institution: institution,
		buying:      turns{taken: map[sinso.Hash]chan struct{}{}},
		refused:     map[sinso.KeyRefused]bool{}, ended: map[sinso.Hash]bool{},
	}
	return w, w.CatchUp(ctx)
}

// SigningPurpose is what the institution's signing seed is derived for.
const SigningPurpose = "sign"

// InstitutionKey returns the Ed25519 public key that signs evidence and checkpoints.
func (w *Way) InstitutionKey() ed25519.PublicKey {
	return ed25519.NewKeyFromSeed(w.institution[:]).Public().(ed25519.PublicKey)
}

// entry makes an event of a body. Public, if not nil, is disclosed to buyers.
func (w *Way) entry(typ sinso.EventType, actor string, person sinso.PersonID, origin sinso.Origin, body, public any) (sinso.Event, error) {
	event := sinso.Event{Type: typ, At: w.Clock.Now().UTC().Truncate(time.Millisecond), Actor: actor, Person: person, Origin: origin}
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
	w.step(string(events[0].Type))
	w.mu.Lock()
	defer w.mu.Unlock()
	logged, err := w.Audit.Append(ctx, blocks, events...)
	if err != nil {
		return fmt.Errorf("way: record %s: %w", events[0].Type, err)
	}
	for _, event := range logged {
		w.step(string(event.Type) + " logged")
	}
	return w.apply(ctx, logged)
}

// recordOne is record for one event made of a body.
func (w *Way) recordOne(ctx context.Context, typ sinso.EventType, actor string, person sinso.PersonID, body any) error {
	event, err := w.entry(typ, actor, person, "", body, nil)
	if err != nil {
		return err
	}
	return w.record(ctx, nil, event)
}

// apply projects events that were just logged; if the index is behind, it first
// reads what it missed. The caller holds w.mu.
func (w *Way) apply(ctx context.Context, events []sinso.Event) error {
	behind := false
	err := w.Meta.Tx(ctx, func(tx sinso.MetaTx) error {
		cursor, err := tx.Cursor()
		if err != nil {
			return err
		}
		if cursor != events[0].Seq {
			behind = true
			return nil
		}
		for _, event := range events {
			if err := project(tx, event); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || !behind {
		return err
	}
	return w.catchUp(ctx)
}

// CatchUp brings the index up to the log, from wherever it stands.
func (w *Way) CatchUp(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.catchUp(ctx)
}

// catchUpBatch is how many events one transaction of a rebuild applies.
const catchUpBatch = 1000

func (w *Way) catchUp(ctx context.Context) error {
	var cursor uint64
	err := w.Meta.View(ctx, func(tx sinso.MetaTx) (err error) {
		cursor, err = tx.Cursor()
		return err
	})
	if err != nil {
		return fmt.Errorf("way: read the index: %w", err)
	}
	var batch []sinso.Event
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		err := w.Meta.Tx(ctx, func(tx sinso.MetaTx) error {
			for _, event := range batch {
				if err := project(tx, event); err != nil {
					return err
				}
			}
			return nil
		})
		batch = batch[:0]
		return err
	}
	err = w.Audit.Events(ctx, cursor, func(event sinso.Event) error {
		if batch = append(batch, event); len(batch) < catchUpBatch {
			return nil
		}
		return flush()
	})
	if errors.Is(err, sinso.ErrInvalid) { // the log does not reach as far
		err = fmt.Errorf("way: the index knows of %d events and the log of fewer: the log is an older copy, or its end was lost: %w", cursor, sinso.ErrCorrupt)
	}
	return errors.Join(err, flush())
}

// Rebuild empties the index and makes it again from the log.
func (w *Way) Rebuild(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.Meta.Reset(ctx); err != nil {
		return fmt.Errorf("way: empty the index: %w", err)
	}
	return w.catchUp(ctx)
}

func (w *Way) step(name string) {
	if w.cfg.OnStep != nil {
		w.cfg.OnStep(name)
	}
}

// view reads the index and returns what fn finds.
func view[T any](ctx context.Context, w *Way, fn func(sinso.MetaTx) (T, error)) (T, error) {
	var found T
	err := w.Meta.View(ctx, func(tx sinso.MetaTx) (err error) {
		found, err = fn(tx)
		return err
	})
	return found, err
}

// open reads a sealed object whole: blocks, envelope, plain bytes.
func (w *Way) open(ctx context.Context, root sinso.CID, key sinso.CEK) ([]byte, error) {
	envelope, err := w.vault.Get(ctx, root)
	if err != nil {
		return nil, err
	}
	plain, err := seal.Open(key, envelope)
	if err != nil {
		return nil, fmt.Errorf("object %s: %w", root, err)
	}
	return plain, nil
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
