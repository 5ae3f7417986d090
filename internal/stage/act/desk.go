// Package act is where people's acts by the contracts are drafted: a desk shows the
// chain as it is, and lends the hand of who acts. What can be done stands in the packages below,
// each with the acts of some nouns (sinso.Act).
package act

import (
	"context"
	"fmt"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// Desk is a [sinso.Desk] over a chain, but for the nullifier: whose it is, the way knows.
type Desk struct {
	deeds  sinso.Deeds
	chain  uint64
	actor  Hand
	sender sinso.Address
	now    time.Time
	rand   sinso.Rand
	dry    bool
	again  bool // the act was begun before
}

// Hand is who acts.
type Hand struct {
	Account sinso.Address
	Secret  [32]byte         // zero: another program keeps it
	Texts   sinso.TextSigner // that program, where there is one
}

// NewDesk returns a desk for who has the hand actor, whose acts sender carries. now is the
// chain's clock.
func NewDesk(deeds sinso.Deeds, chainID uint64, actor Hand, sender sinso.Address, now time.Time, rand sinso.Rand) *Desk {
	return &Desk{deeds: deeds, chain: chainID, actor: actor, sender: sender, now: now, rand: rand}
}

// At implements [sinso.Desk].
func (d *Desk) At(contract string) (sinso.Address, error) { return d.deeds.At(contract) }

// Ask implements [sinso.Desk].
func (d *Desk) Ask(ctx context.Context, call sinso.Call, into any) error {
	return d.deeds.Ask(ctx, call, into)
}

// Told implements [sinso.Desk].
func (d *Desk) Told(contract string, event sinso.ChainEvent, into any) error {
	return d.deeds.Told(contract, event, into)
}

// Encode implements [sinso.Desk].
func (d *Desk) Encode(ctx context.Context, call sinso.Call) (sinso.Address, []byte, error) {
	return d.deeds.Encode(ctx, call)
}

// Each implements [sinso.Desk].
func (d *Desk) Each(
	ctx context.Context, contract string, at sinso.Address, event string, topics []sinso.Hash, fn func(sinso.ChainEvent) (bool, error),
) error {
	return d.deeds.Each(ctx, contract, at, event, topics, fn)
}

// Currency implements [sinso.Desk].
func (d *Desk) Currency(ctx context.Context, at sinso.Address) (sinso.Currency, error) {
	return d.deeds.Currency(ctx, at)
}

// Domain implements [sinso.Desk].
func (d *Desk) Domain(at sinso.Address) sinso.Hash { return eip712.Domain(at, d.chain) }

// Actor implements [sinso.Desk].
func (d *Desk) Actor() sinso.Address { return d.actor.Account }

// Sender implements [sinso.Desk].
func (d *Desk) Sender() sinso.Address { return d.sender }

// Now implements [sinso.Desk].
func (d *Desk) Now() time.Time { return d.now }

// signatureSize is that of r, s and v, in bytes.
const signatureSize = 65

// Dry has the desk sign nothing from now on.
func (d *Desk) Dry() { d.dry = true }

// Sign implements [sinso.Desk].
func (d *Desk) Sign(digest sinso.Hash) ([]byte, error) {
	if d.actor.Secret == ([32]byte{}) {
		return nil, fmt.Errorf("act: this needs the node's account to sign what cannot be shown to the program that keeps its key; nothing was sent: for this the setting chain-key has to be derived, or a keystore: %w", sinso.ErrUnsupported)
	}
	if d.dry {
		return make([]byte, signatureSize), nil
	}
	return eip712.Sign(d.actor.Secret, digest)
}

// Digest is what [Desk.SignText] signs of a text.
func (d *Desk) Digest(text sinso.Text) (sinso.Hash, error) {
	digest, err := eip712.TextDigest(d.Domain(text.At), text)
	if err != nil {
		return digest, fmt.Errorf("act: what is to be signed: %w", err)
	}
	return digest, nil
}

// Note is what is written down of a text that is signed.
func (d *Desk) Note(text sinso.Text) (sinso.Signed, error) {
	digest, err := d.Digest(text)
	return sinso.Signed{Type: eip712.TypeName(text), Digest: digest, Until: text.Until}, err
}

// SignText implements [sinso.Desk].
func (d *Desk) SignText(ctx context.Context, text sinso.Text) ([]byte, error) {
	digest, err := d.Digest(text)
	if err != nil {
		return nil, err
	}
	switch {
	case d.actor.Secret != [32]byte{} || d.actor.Texts == nil:
		return d.Sign(digest)
	case d.dry:
		return make([]byte, signatureSize), nil
	}
	signature, err := d.actor.Texts.SignText(ctx, d.chain, text)
	if err != nil {
		return nil, fmt.Errorf("act: %w", err)
	}
	return signature, nil
}

// Salt implements [sinso.Desk].
func (d *Desk) Salt() (salt sinso.Hash, err error) {
	if _, err := d.rand.Read(salt[:]); err != nil {
		return salt, fmt.Errorf("act: randomness: %w", err)
	}
	return salt, nil
}

// Secret is the actor's key, for a step that the actor itself has to send.
func (d *Desk) Secret() [32]byte { return d.actor.Secret }

// Nullifier is what a person enters the register at an address by, once: see [sinso.Desk].
func Nullifier(secret [32]byte, at sinso.Address) sinso.Hash {
	return eip712.Keccak([]byte("sinso/company/v1"), secret[:], at[:])
}

// Portion is the number of a person among those for whom the node pays.
func Portion(secret [32]byte) sinso.Hash { return eip712.Keccak([]byte("sinso/portion/v1"), secret[:]) }

// Once names one step of an act, so that it is done once.
func Once(act sinso.Hash, step int) sinso.Hash {
	return eip712.Keccak([]byte("sinso/act/v1"), act[:], []byte{byte(step)}) //nolint:gosec // an act has few steps
}
