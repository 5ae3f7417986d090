// Package tlog is the audit log (port [sinso.Audit]) over a journal: each event
// is encrypted and followed by its leaf hash, and the leaf hashes make a Merkle
// tree as RFC 6962 §2.1 defines it. An Append is one batch of the journal: the
// blocks, the events and the leaves become durable together. Appends that come
// at the same time share a batch.
//
// An event that is about one record is encrypted under that record's key first
// (under.go). When the key is destroyed the event is gone; its leaf stays, so the
// tree and all proofs that were given away stay what they are.
//
// What the log proves is "unchanged since it was logged". Who can write the
// journal can take entries off its end; a checkpoint or proof that was given
// away shows it ([Log.Extends]).
package tlog

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/tlog"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/translog"
)

// Config is what a log needs besides its journal. All fields are required.
type Config struct {
	Key   [32]byte // encrypts events
	Keys  Keys     // of records
	Sign  [32]byte // Ed25519 seed that checkpoints are signed with
	Rand  sinso.Rand
	Clock sinso.Clock
}

// Log is an open audit log. Its methods may be called from several goroutines.
// It must be the only writer of events and leaves to its journal.
type Log struct {
	journal sinso.Journal
	cfg     Config
	aead    cipher.AEAD
	signer  *translog.Signer

	// leader is held by the one goroutine that writes.
	leader chan struct{}

	mu     sync.RWMutex // guards what follows
	queue  []*request
	hashes []tlog.Hash    // the tree, in the order of tlog.StoredHashIndex
	size   uint64         // events
	end    sinso.Position // behind the last entry that is known
	stops  []stop         // where events can be read from
	unsure bool           // an append failed, and may be in the journal all the same
}

// stop is a place in the journal from which event seq is the next.
type stop struct {
	seq  uint64
	from sinso.Position
}

// stopEvery is how many events are read at most to find one.
const stopEvery = 256

var _ sinso.Audit = (*Log)(nil)

// Open reads the log that is in the journal, if any: leaf hashes and counts, and
// the last event, to see that the key is right. ErrCorrupt if an event has no
// leaf or a leaf no event.
func Open(ctx context.Context, journal sinso.Journal, cfg Config) (*Log, error) {
	if journal == nil || cfg.Rand == nil || cfg.Clock == nil || cfg.Keys == nil {
		return nil, fmt.Errorf("audit: journal, keys, randomness and clock are needed: %w", sinso.ErrInvalid)
	}
	aead, err := newAEAD(cfg.Key)
	if err != nil {
		return nil, err
	}
	signer, err := translog.NewSigner(cfg.Sign)
	if err != nil {
		return nil, err
	}
	l := &Log{journal: journal, cfg: cfg, aead: aead, signer: signer, leader: make(chan struct{}, 1)}
	if err := l.catchUp(ctx); err != nil {
		return nil, err
	}
	return l, nil
}

// Public returns the key that the log's checkpoints and proofs are checked with.
func (l *Log) Public() ed25519.PublicKey { return l.signer.Public() }

// Size returns the number of events.
func (l *Log) Size() uint64 {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.size
}

const (
	eventVersion = 1 // under the node's key
	eventUnder   = 2 // under another custodian's key, and then the node's
	eventLabel   = "sinso/event/v1"
)

func newAEAD(key [32]byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	return aead, nil
}

// place binds an encrypted event to its place in the log.
func place(seq uint64) []byte { return binary.BigEndian.AppendUint64([]byte(eventLabel), seq) }

// seal encrypts an event's bytes for its place.
func (l *Log) seal(seq uint64, w written) ([]byte, error) {
	if w.under == nil {
		return l.encrypt([]byte{eventVersion}, l.aead, w.plain, place(seq))
	}
	outer, err := l.encrypt(w.header, w.under, w.plain, place(seq))
	if err != nil {
		return nil, err
	}
	return l.encrypt([]byte{eventUnder}, l.aead, outer, place(seq))
}

// encrypt appends nonce and ciphertext to b.
func (l *Log) encrypt(b []byte, aead cipher.AEAD, plain, place []byte) ([]byte, error) {
	n := len(b)
	b = append(slices.Grow(b[:n:n], aead.NonceSize()+len(plain)+aead.Overhead()), make([]byte, aead.NonceSize())...)
	if _, err := l.cfg.Rand.Read(b[n:]); err != nil {
		return nil, fmt.Errorf("audit: randomness: %w: %w", sinso.ErrUnavailable, err)
	}
	return aead.Seal(b, b[n:], plain, place), nil
}

// decrypt opens what encrypt appended. Nil if it does not open.
func decrypt(aead cipher.AEAD, sealed, place []byte) []byte {
	n := aead.NonceSize()
	if len(sealed) < n {
		return nil
	}
	plain, err := aead.Open(nil, sealed[:n], sealed[n:], place)
	if err != nil {
		return nil
	}
	return plain
}

// open decrypts an event, and checks that it stands in its place and that its
// leaf is the one in the tree. Of one that was erased there are no leaf's bytes.
func (l *Log) open(ctx context.Context, seq uint64, sealed []byte, leaf tlog.Hash) (e sinso.Event, raw []byte, err error) {
	if len(sealed) == 0 || sealed[0] != eventVersion && sealed[0] != eventUnder {
		return e, nil, changed(seq)
	}
	plain := decrypt(l.aead, sealed[1:], place(seq))
	if plain == nil {
		return e, nil, changed(seq)
	}
	var outer header
	if sealed[0] == eventUnder {
		if outer, plain, err = l.unseal(ctx, seq, plain); err != nil || plain == nil {
			return sinso.Event{Seq: seq, Type: outer.Type, At: outer.At, Under: outer.Under, Erased: true}, nil, err
		}
	}
	if err := json.Unmarshal(plain, &e); err != nil {
		return e, nil, changed(seq) // the cause may quote the event
	}
	if e.Under != outer.Under || outer.Under != "" && (e.Type != outer.Type || !e.At.Equal(outer.At)) {
		return e, nil, changed(seq)
	}
	e.Seq = seq
	if raw, err = translog.Leaf(e); err != nil || translog.LeafHash(raw) != leaf {
		return e, nil, fmt.Errorf("audit: event %d is not the one of its leaf: %w", seq, sinso.ErrCorrupt)
	}
	return e, raw, nil
}

func changed(seq uint64) error {
	return fmt.Errorf("audit: event %d was changed, moved, or is of another key or version: %w", seq, sinso.ErrCorrupt)
}

// normal returns the event as it is logged, but for Seq, and its bytes: UTC,
// compact JSON, a fresh salt.
func (l *Log) normal(e sinso.Event) (logged sinso.Event, plain []byte, err error) {
	if e.Type == "" {
		return e, nil, fmt.Errorf("audit: an event without a type: %w", sinso.ErrInvalid)
	}
	if e.At.IsZero() {
		e.At = l.cfg.Clock.Now()
	}
	e.Seq, e.At = 0, e.At.UTC().Round(0) // without the monotonic reading
	if _, err := l.cfg.Rand.Read(e.Salt[:]); err != nil {
		return e, nil, fmt.Errorf("audit: randomness: %w: %w", sinso.ErrUnavailable, err)
	}
	if e.Body, err = compact(e.Body); err == nil {
		e.Public, err = compact(e.Public)
	}
	if err == nil {
		plain, err = encode(e)
	}
	if logged = e; err == nil && !plainText(e) {
		err = json.Unmarshal(plain, &logged)
	}
	if err != nil || !logged.At.Equal(e.At) {
		return e, nil, fmt.Errorf("audit: an event of type %s is not in JSON: %w", e.Type, sinso.ErrInvalid)
	}
	logged.At = logged.At.In(time.UTC)
	return logged, plain, nil
}

// encode writes an event whose values are compact: they are most of it, and are not
// gone through again.
func encode(e sinso.Event) ([]byte, error) {
	body, public := e.Body, e.Public
	e.Body, e.Public = nil, nil
	head, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("audit: %w", sinso.ErrInvalid) // the cause may quote the event
	}
	b := make([]byte, 0, len(head)+len(public)+len(body)+len(`,"public":,"body":`))
	b = append(b, head[:len(head)-1]...)
	if public != nil {
		b = append(append(b, `,"public":`...), public...)
	}
	if body != nil {
		b = append(append(b, `,"body":`...), body...)
	}
	return append(b, '}'), nil
}

// compact returns a value as it is written within an event.
func compact(value json.RawMessage) (json.RawMessage, error) {
	if len(value) == 0 {
		return nil, nil
	}
	b, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("audit: %w", sinso.ErrInvalid) // the cause may quote the value
	}
	return b, nil
}

// plainText reports whether an event's texts are read as they were written: those
// that are no UTF-8 are not.
func plainText(e sinso.Event) bool {
	return utf8.ValidString(string(e.Type)) && utf8.ValidString(e.Actor) && utf8.ValidString(string(e.Person)) && utf8.ValidString(string(e.Origin))
}

// readHashes is the [tlog.HashReader] of the tree; l.mu is held.
func (l *Log) readHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, 0, len(indexes))
	for _, i := range indexes {
		if i < 0 || i >= int64(len(l.hashes)) {
			return nil, fmt.Errorf("audit: no hash %d: %w", i, sinso.ErrNotFound)
		}
		found = append(found, l.hashes[i])
	}
	return found, nil
}

// leaf returns the leaf hash of event seq; l.mu is held.
func (l *Log) leaf(seq uint64) tlog.Hash {
	return l.hashes[tlog.StoredHashIndex(0, int64(seq))] //nolint:gosec // seq is below size
}

// grow adds a leaf hash to the tree; l.mu is held.
func (l *Log) grow(hash tlog.Hash) error {
	hashes, err := tlog.StoredHashesForRecordHash(int64(l.size), hash, tlog.HashReaderFunc(l.readHashes)) //nolint:gosec // far below 2^63
	if err != nil {
		return fmt.Errorf("audit: leaf %d: %w", l.size, err)
	}
	l.hashes = append(l.hashes, hashes...)
	l.size++
	return nil
}

// stopAt notes a place to read from, if the last one is far enough; l.mu is held.
func (l *Log) stopAt(seq uint64, from sinso.Position) {
	if len(l.stops) == 0 || seq >= l.stops[len(l.stops)-1].seq+stopEvery {
		l.stops = append(l.stops, stop{seq, from})
	}
}

// before returns the last stop at or before an event; l.mu is held.
func (l *Log) before(seq uint64) stop {
	i, found := slices.BinarySearchFunc(l.stops, seq, func(s stop, seq uint64) int {
		return int(min(max(int64(s.seq)-int64(seq), -1), 1)) //nolint:gosec // far below 2^63
	})
	switch {
	case found:
		return l.stops[i]
	case i > 0:
		return l.stops[i-1]
	}
	return stop{}
}
