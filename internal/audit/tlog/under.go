package tlog

import (
	"context"
	"crypto/cipher"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"sinso.dev/sinso"
)

// Keys are the custodians' keys, as far as a log needs them: [sinso.Keys].
type Keys interface {
	Create(ctx context.Context, id sinso.KeyID) error
	Secret(ctx context.Context, id sinso.KeyID, purpose string) ([32]byte, error)
}

// eventsPurpose is what a custodian's secret is derived for, under which events are.
const eventsPurpose = "events"

// header is what is left of an event whose record was erased.
type header struct {
	Type  sinso.EventType `json:"type"`
	At    time.Time       `json:"at"`
	Under sinso.KeyID     `json:"under"`
}

// written is an event's bytes, and what they are encrypted under before the node's
// key; nil: nothing.
type written struct {
	plain  []byte
	under  cipher.AEAD
	header []byte // length (2 bytes) and JSON
}

// write prepares an event to be sealed.
func (l *Log) write(ctx context.Context, e sinso.Event, plain []byte) (w written, err error) {
	if w.plain = plain; e.Under == "" {
		return w, nil
	}
	if w.under, err = l.under(ctx, e.Under, true); err != nil {
		return w, err
	}
	text, err := json.Marshal(header{e.Type, e.At, e.Under})
	if err != nil || len(text) > maxHeader {
		return w, fmt.Errorf("audit: the head of an event of type %s: %w", e.Type, sinso.ErrInvalid)
	}
	w.header = append(binary.BigEndian.AppendUint16(nil, uint16(len(text))), text...) //nolint:gosec // at most maxHeader
	return w, nil
}

const maxHeader = 1 << 10 // bytes

// unseal opens the inner encryption. The plain bytes are nil if its key was destroyed.
func (l *Log) unseal(ctx context.Context, seq uint64, outer []byte) (h header, plain []byte, err error) {
	if len(outer) < 2 {
		return h, nil, changed(seq)
	}
	n := int(binary.BigEndian.Uint16(outer))
	if n > maxHeader || len(outer) < 2+n || json.Unmarshal(outer[2:2+n], &h) != nil || h.Under == "" {
		return h, nil, changed(seq)
	}
	aead, err := l.under(ctx, h.Under, false)
	if errors.Is(err, sinso.ErrDenied) { // the node is not locked: its own key opened the event
		return h, nil, nil
	}
	if errors.Is(err, sinso.ErrNotFound) {
		return h, nil, fmt.Errorf("audit: event %d is under a key that is not in the key table; an older copy of the keys may have been put back: %w", seq, sinso.ErrCorrupt)
	}
	if err != nil {
		return h, nil, err
	}
	if plain = decrypt(aead, outer[2+n:], place(seq)); plain == nil {
		return h, nil, changed(seq)
	}
	return h, plain, nil
}

// under returns the cipher of a custodian, whose key is made if it may be: a record's.
func (l *Log) under(ctx context.Context, id sinso.KeyID, mayMake bool) (cipher.AEAD, error) {
	key, err := l.cfg.Keys.Secret(ctx, id, eventsPurpose)
	if errors.Is(err, sinso.ErrNotFound) && mayMake && id.IsRecord() {
		if err = l.cfg.Keys.Create(ctx, id); err != nil && !errors.Is(err, sinso.ErrExists) {
			return nil, fmt.Errorf("audit: a record's key: %w", err)
		}
		key, err = l.cfg.Keys.Secret(ctx, id, eventsPurpose)
	}
	if err != nil {
		return nil, fmt.Errorf("audit: the key of an event: %w", err)
	}
	defer clear(key[:])
	return newAEAD(key)
}
