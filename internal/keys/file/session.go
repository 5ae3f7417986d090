package file

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"fmt"
	"io"
	"sync"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/hpke"
)

// Wrapping a content key takes a key encapsulation, as long as sealing 500 kB, and
// an archive wraps two for each object. So a custodian's public key wraps a session
// key, a random one of this process, and that wraps content keys: the encapsulation
// is made once, and undone once, for many objects.

const (
	sessionVersion = 2       // hpke's own wraps begin with 1
	sessionUses    = 1 << 16 // wraps under one session key: far below what 96 random bits of nonce allow
	maxSessions    = 1024    // in memory, each way
	sessionLabel   = "sinso/session-key/v1"
)

// sealedSession is the length of a session key that is sealed to a custodian.
const sealedSession = hpke.Overhead + 32

// sessions are the session keys in memory. They are secrets.
type sessions struct {
	mu      sync.Mutex               // guards the rest
	wraps   map[sinso.KeyID]*session // that we wrap under
	unwraps map[[sha256.Size]byte]*session
}

// session is one session key.
type session struct {
	id     sinso.KeyID
	sealed []byte // to the custodian's public key
	aead   cipher.AEAD
	uses   int
}

func newSessions() *sessions {
	return &sessions{wraps: map[sinso.KeyID]*session{}, unwraps: map[[sha256.Size]byte]*session{}}
}

// forget drops a custodian's session keys.
func (s *sessions) forget(id sinso.KeyID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.wraps, id)
	for sum, one := range s.unwraps {
		if one.id == id {
			delete(s.unwraps, sum)
		}
	}
}

func (s *sessions) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.wraps)
	clear(s.unwraps)
}

// sessionInfo binds a session key to its custodian and its use.
func sessionInfo(id sinso.KeyID) []byte { return wrapInfo(id, []byte(sessionLabel)) }

func sessionAEAD(key sinso.CEK) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	return aead, nil
}

// toWrap returns the session to wrap under for a custodian, made if there is none.
func (s *sessions) toWrap(id sinso.KeyID, public []byte, rand sinso.Rand) (*session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if one := s.wraps[id]; one != nil && one.uses < sessionUses {
		one.uses++
		return one, nil
	}
	var key sinso.CEK
	defer clear(key[:])
	if _, err := io.ReadFull(rand, key[:]); err != nil {
		return nil, fmt.Errorf("keys: randomness: %w: %w", sinso.ErrUnavailable, err)
	}
	sealed, err := hpke.WrapKey(public, key, sessionInfo(id))
	if err != nil {
		return nil, fmt.Errorf("keys: wrap to %s: %w", id, err)
	}
	aead, err := sessionAEAD(key)
	if err != nil {
		return nil, err
	}
	if len(s.wraps) >= maxSessions {
		clear(s.wraps)
	}
	s.wraps[id] = &session{id: id, sealed: sealed, aead: aead, uses: 1}
	return s.wraps[id], nil
}

// wrap wraps a content key: version, sealed session key, nonce, ciphertext.
func (one *session) wrap(key sinso.CEK, info []byte, rand sinso.Rand) ([]byte, error) {
	out := make([]byte, 0, 1+sealedSession+nonceBytes+len(key)+one.aead.Overhead())
	out = append(append(out, sessionVersion), one.sealed...)
	nonce := out[len(out) : len(out)+nonceBytes]
	if _, err := io.ReadFull(rand, nonce); err != nil {
		return nil, fmt.Errorf("keys: randomness: %w: %w", sinso.ErrUnavailable, err)
	}
	out = out[:len(out)+nonceBytes]
	return one.aead.Seal(out, nonce, key[:], wrapInfo(one.id, info)), nil
}

// isSession reports whether a content key is wrapped under a session key.
func isSession(wrapped []byte) bool { return len(wrapped) > 0 && wrapped[0] == sessionVersion }

// unwrap opens what wrap made, with the custodian's key pair if the session key is
// not known.
func (s *sessions) unwrap(pair hpke.Key, id sinso.KeyID, wrapped, info []byte) (sinso.CEK, error) {
	corrupt := fmt.Errorf("keys: unwrap what is wrapped to %s: %w", id, sinso.ErrCorrupt)
	if len(wrapped) != 1+sealedSession+nonceBytes+len(sinso.CEK{})+aes.BlockSize {
		return sinso.CEK{}, corrupt
	}
	sealed, rest := wrapped[1:1+sealedSession], wrapped[1+sealedSession:]
	one, err := s.toUnwrap(pair, id, sealed)
	if err != nil {
		return sinso.CEK{}, err
	}
	plain, err := one.aead.Open(nil, rest[:nonceBytes], rest[nonceBytes:], wrapInfo(id, info))
	if err != nil {
		return sinso.CEK{}, corrupt
	}
	defer clear(plain)
	return sinso.CEK(plain), nil
}

func (s *sessions) toUnwrap(pair hpke.Key, id sinso.KeyID, sealed []byte) (*session, error) {
	sum := sha256.Sum256(sealed)
	s.mu.Lock()
	one := s.unwraps[sum]
	s.mu.Unlock()
	if one != nil && one.id == id {
		return one, nil
	}
	key, err := pair.UnwrapKey(sealed, sessionInfo(id))
	if err != nil {
		return nil, fmt.Errorf("keys: unwrap what is wrapped to %s: %w", id, err)
	}
	defer clear(key[:])
	aead, err := sessionAEAD(key)
	if err != nil {
		return nil, err
	}
	one = &session{id: id, aead: aead}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.unwraps) >= maxSessions {
		clear(s.unwraps)
	}
	s.unwraps[sum] = one
	return one, nil
}
