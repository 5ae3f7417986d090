// Package seal turns plain bytes into a [sinso.Sealed] and back: a content key,
// the envelope of crypt/fee, the blocks of format/dag, and the content key
// wrapped to each custodian.
package seal

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/fee"
	"sinso.dev/sinso/internal/format/dag"
)

// Sealer seals and opens objects with the node's custodians.
type Sealer struct {
	keys       sinso.Keys
	rand       sinso.Rand
	compressor *fee.Compressor // of what Seal seals; or nil
}

// New returns a Sealer.
func New(keys sinso.Keys, rand sinso.Rand) *Sealer { return &Sealer{keys: keys, rand: rand} }

// NewCompressing returns a Sealer whose Seal compresses what gets smaller by it. Objects of
// a release are not compressed: anyone may learn how long they are, which would tell them
// from others, and their keys follow from the plain bytes alone. Nor are those whose bytes
// come as a stream: their place on the disk is chosen by their length before they are there.
func NewCompressing(keys sinso.Keys, rand sinso.Rand) (*Sealer, error) {
	compressor, err := fee.NewCompressor()
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return &Sealer{keys, rand, compressor}, nil
}

// Seal seals an original: a fresh random key, wrapped to each custodian. With none
// nobody could ever open it, which is ErrInvalid.
func (s *Sealer) Seal(ctx context.Context, plain []byte, custodians ...sinso.KeyID) (sinso.Sealed, error) {
	if len(custodians) == 0 {
		return sinso.Sealed{}, fmt.Errorf("seal: sealed to nobody: %w", sinso.ErrInvalid)
	}
	key, base, err := s.fresh()
	if err != nil {
		return sinso.Sealed{}, err
	}
	envelope := fee.Seal
	if s.compressor != nil {
		envelope = s.compressor.Seal
	}
	return s.with(ctx, envelope, key, base, plain, custodians)
}

// SealFor seals an object of a release so that doing it again gives the same
// blocks: key and nonce come from the release's secret and the plain bytes. Other
// bytes get another key, so a nonce is never used twice under one key even if a
// later version of the node makes a derivative differently. It returns the key,
// which goes into the release's manifest. A secret of zeros, which anybody can
// guess, is ErrInvalid.
func (s *Sealer) SealFor(ctx context.Context, secret [32]byte, plain sinso.Hashed, custodians ...sinso.KeyID) (sinso.Sealed, sinso.CEK, error) {
	if secret == [32]byte{} {
		return sinso.Sealed{}, sinso.CEK{}, fmt.Errorf("seal: the release has no secret: %w", sinso.ErrInvalid)
	}
	digest := plain.SHA256()
	key := sinso.CEK(derive(secret, "sinso/release/cek/v1", digest[:]))
	nonce := derive(secret, "sinso/release/nonce/v1", digest[:])
	sealed, err := s.with(ctx, fee.Seal, key, [7]byte(nonce[:7]), plain.Bytes, custodians)
	if err != nil {
		return sinso.Sealed{}, sinso.CEK{}, err
	}
	return sealed, key, nil
}

func derive(secret [32]byte, label string, data []byte) [32]byte {
	mac := hmac.New(sha256.New, secret[:])
	mac.Write([]byte(label))
	mac.Write(data)
	return [32]byte(mac.Sum(nil))
}

// sealing is how an envelope is made.
type sealing = func(sinso.CEK, [7]byte, []byte) ([]byte, error)

func (s *Sealer) with(ctx context.Context, seal sealing, key sinso.CEK, base [7]byte, plain []byte, custodians []sinso.KeyID) (sinso.Sealed, error) {
	envelope, err := seal(key, base, plain)
	if err != nil {
		return sinso.Sealed{}, fmt.Errorf("seal: %w", err)
	}
	root, blocks := dag.Build(envelope)
	wrapped, err := s.wrapAll(ctx, key, root, custodians)
	if err != nil {
		return sinso.Sealed{}, err
	}
	return sinso.Sealed{CID: root, Blocks: blocks, Size: int64(len(envelope)), Keys: wrapped}, nil
}

// wrapAll wraps a content key to each custodian.
func (s *Sealer) wrapAll(ctx context.Context, key sinso.CEK, root sinso.CID, custodians []sinso.KeyID) ([]sinso.WrappedKey, error) {
	keys := make([]sinso.WrappedKey, 0, len(custodians))
	for _, id := range custodians {
		wrapped, err := s.Wrap(ctx, id, key, root)
		if err != nil {
			return nil, err
		}
		keys = append(keys, wrapped)
	}
	return keys, nil
}

// Wrap wraps the content key of the object root to one more custodian.
func (s *Sealer) Wrap(ctx context.Context, id sinso.KeyID, key sinso.CEK, root sinso.CID) (sinso.WrappedKey, error) {
	wrapped, err := s.keys.Wrap(ctx, id, key, []byte(root))
	if err != nil {
		return sinso.WrappedKey{}, fmt.Errorf("seal: wrap the key of %s: %w", root, err)
	}
	return wrapped, nil
}

// Key unwraps an object's content key by the first custodian of as who can: one
// whose key was destroyed does not stand in the way of the next. ErrDenied if it
// is wrapped to none of them, else what the first of them failed with.
func (s *Sealer) Key(ctx context.Context, root sinso.CID, keys []sinso.WrappedKey, as ...sinso.KeyID) (sinso.CEK, error) {
	var failed error
	for _, id := range as {
		for _, wrapped := range keys {
			if wrapped.To != id {
				continue
			}
			key, err := s.keys.Unwrap(ctx, wrapped, []byte(root))
			if err == nil {
				return key, nil
			}
			if failed == nil {
				failed = fmt.Errorf("seal: unwrap the key of %s: %w", root, err)
			}
		}
	}
	if failed != nil {
		return sinso.CEK{}, failed
	}
	return sinso.CEK{}, fmt.Errorf("seal: object %s is not sealed to this caller: %w", root, sinso.ErrDenied)
}

// EnvelopeBound is how many bytes the envelope of so many plain bytes has at most.
func EnvelopeBound(plain int64) int64 {
	const chunk, header = 16 + 1 + 4, 2 << 10 // a chunk's tag, how it is kept, its length in a table
	return plain + (plain/fee.ChunkSize+1)*chunk + header
}

// OpenOriginal opens what this node sealed itself, which may be compressed. The envelope is
// used up.
func OpenOriginal(key sinso.CEK, envelope []byte) ([]byte, error) {
	if header, err := fee.ParseHeader(envelope); err == nil && header.Compressed {
		return Open(key, envelope)
	}
	return OpenInPlace(key, envelope)
}

// OpenInPlace is Open into the envelope's own memory, which is used up: of an object of a
// release, which is not compressed. One that is would be another's, and might have more in
// it than memory holds: it is ErrCorrupt.
func OpenInPlace(key sinso.CEK, envelope []byte) ([]byte, error) {
	plain, err := fee.OpenInPlace(key, envelope)
	if err != nil {
		return nil, fmt.Errorf("seal: open: %w", err)
	}
	return plain, nil
}

// Open decrypts an envelope. Bytes that are not what was sealed under the key
// are ErrCorrupt, and nothing of them is returned.
func Open(key sinso.CEK, envelope []byte) ([]byte, error) {
	plain, err := fee.Open(key, envelope)
	if err != nil {
		return nil, fmt.Errorf("seal: open: %w", err)
	}
	return plain, nil
}
