package guardian

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/hpke"
	"sinso.dev/sinso/internal/crypt/slip39"
)

const (
	giveInfo     = "sinso/guardian-give/v1"
	sessionLabel = "sinso/recovery-session/v1"

	nonceBytes = 10
	tagBytes   = 10 // of the hash in a code: 80 bits against another key under the same code
	codeGroup  = 4  // digits

	maxShares   = 64 // that a session keeps
	maxExponent = 2  // of iterations: ours have 1
)

// ErrNotYet says that a session has too few shares.
var ErrNotYet = errors.New("more shares are needed")

// Session takes shares for one recovery. Its code goes to the guardians by another way than
// the network: it proves the session's key to them, so that nobody between reads a share,
// and them to the session, so that nobody else fills it. Its methods may be called from
// several goroutines.
type Session struct {
	key   hpke.Key
	nonce []byte
	fits  func(root [32]byte) error

	mu     sync.Mutex // guards what follows
	shares []slip39.Share
	root   *[32]byte
}

// NewSession begins a recovery. fits returns nil for the root key that is looked for.
func NewSession(fits func(root [32]byte) error, rand sinso.Rand) (*Session, error) {
	var seed [32]byte
	defer clear(seed[:])
	s := &Session{nonce: make([]byte, nonceBytes), fits: fits}
	_, err := io.ReadFull(rand, seed[:])
	if err == nil {
		_, err = io.ReadFull(rand, s.nonce)
	}
	if err != nil {
		return nil, fmt.Errorf("guardian: randomness: %w: %w", sinso.ErrUnavailable, err)
	}
	s.key, err = hpke.NewKey(seed)
	return s, err
}

// Public is the session's public key.
func (s *Session) Public() []byte { return s.key.Public() }

// Code is what guardians are told: eight groups of four letters and digits.
func (s *Session) Code() string {
	digits := base32.StdEncoding.EncodeToString(append(bytes.Clone(s.nonce), codeTag(s.nonce, s.Public())...))
	var groups []string
	for ; digits != ""; digits = digits[codeGroup:] {
		groups = append(groups, digits[:codeGroup])
	}
	return strings.Join(groups, "-")
}

func codeTag(nonce, public []byte) []byte {
	h := sha256.New()
	h.Write([]byte(sessionLabel))
	h.Write(nonce)
	h.Write(public)
	return h.Sum(nil)[:tagBytes]
}

// Give seals a guardian's share to a session whose code the guardian was told. ErrDenied if
// the public key is not that session's: somebody stands between, or the code was misheard.
func Give(code string, public []byte, share slip39.Share) ([]byte, error) {
	digits := strings.ToUpper(strings.NewReplacer("-", "", " ", "", "\n", "").Replace(code))
	raw, err := base32.StdEncoding.DecodeString(digits)
	if err != nil || len(raw) != nonceBytes+tagBytes {
		return nil, fmt.Errorf("guardian: a session's code is eight groups of four letters and digits: %w", sinso.ErrInvalid)
	}
	if len(public) != hpke.PublicBytes || subtle.ConstantTimeCompare(raw[nonceBytes:], codeTag(raw[:nonceBytes], public)) != 1 {
		return nil, fmt.Errorf("guardian: this is not the session that the code is of; your share was not sent: %w", sinso.ErrDenied)
	}
	return hpke.Seal(public, []byte(giveInfo), raw[:nonceBytes], []byte(share.Words()))
}

// Take takes a share that Give sealed, and returns how many are needed still: 0 when the
// root key is there. ErrDenied if it was not sealed for this session, ErrInvalid, with a
// sentence, if it is none or does not belong to the others.
func (s *Session) Take(sealed []byte) (missing int, err error) {
	words, err := s.key.Open(sealed, []byte(giveInfo), s.nonce)
	if err != nil {
		return 0, fmt.Errorf("guardian: this was not sealed for this session: %w", sinso.ErrDenied)
	}
	defer clear(words)
	share, err := slip39.Parse(string(words))
	if err != nil {
		return 0, err
	}
	if share.Facts().Exponent > maxExponent {
		return 0, fmt.Errorf("guardian: this share has more iterations than a session does: %w", sinso.ErrUnsupported)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.root != nil {
		return 0, nil
	}
	if len(s.shares) >= maxShares {
		return 0, fmt.Errorf("guardian: there are %d shares and no key; begin another session: %w", maxShares, sinso.ErrBusy)
	}
	s.keep(share)
	return s.join(share)
}

// keep keeps a share, unless the very same is there.
func (s *Session) keep(share slip39.Share) {
	for _, other := range s.shares {
		if other.Facts() == share.Facts() && subtle.ConstantTimeCompare([]byte(other.Words()), []byte(share.Words())) == 1 {
			return
		}
	}
	s.shares = append(s.shares, share)
}

// join looks for the root key in the shares of the set of the one that came last; s.mu is
// held. One that was forged keeps the others from nothing: as soon as there are enough
// sound ones they are found among them.
func (s *Session) join(last slip39.Share) (missing int, err error) {
	facts := last.Facts()
	var same []slip39.Share
	members := map[int]bool{}
	for _, share := range s.shares {
		if f := share.Facts(); f.Identifier == facts.Identifier && f.Threshold == facts.Threshold && f.Words == facts.Words && f.Groups == facts.Groups {
			same = append(same, share)
			members[f.Member] = true
		}
	}
	if missing = facts.Threshold - len(members); missing > 0 {
		return missing, nil
	}
	budget := maxTries
	err = s.search(same, nil, facts.Threshold, &budget)
	if s.root == nil && err == nil {
		err = fmt.Errorf("guardian: there are enough shares of this set, and they do not belong together: one is wrong; another guardian's may do: %w", sinso.ErrInvalid)
	}
	return 0, err
}

// maxTries is how many choices of shares are tried each time one comes: all of 16 guardians
// of whom 5 are needed, in well under a second. One that gives another key costs as much time
// as keyCost that give none.
const (
	maxTries = 5000
	keyCost  = 200
)

// search tries every choice of threshold shares, until one gives the root key. It returns
// why a key that shares gave is not the one that is looked for.
func (s *Session) search(from, chosen []slip39.Share, threshold int, budget *int) (err error) {
	if len(chosen) == threshold {
		*budget--
		err := s.try(chosen)
		if err != nil {
			*budget -= keyCost
		}
		return err
	}
	for i, share := range from {
		if *budget <= 0 || s.root != nil || len(from)-i < threshold-len(chosen) {
			break
		}
		if found := s.search(from[i+1:], append(chosen[:len(chosen):len(chosen)], share), threshold, budget); found != nil {
			err = found
		}
	}
	return err
}

// try joins shares. Those that do not belong together are no error.
func (s *Session) try(shares []slip39.Share) error {
	secret, err := slip39.Combine(shares, nil)
	if err != nil || len(secret) != len(s.root) {
		return nil // another choice may do
	}
	defer clear(secret)
	root := [32]byte(secret)
	if err := s.fits(root); err != nil {
		return fmt.Errorf("guardian: these shares are of another root key: %w", err)
	}
	s.root = &root
	return nil
}

// State returns how many shares are here, and how many are needed still: -1 if none is.
func (s *Session) State() (taken, missing int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.root != nil {
		return len(s.shares), 0
	}
	missing = -1
	members := map[uint16]map[int]bool{}
	for _, share := range s.shares {
		f := share.Facts()
		if members[f.Identifier] == nil {
			members[f.Identifier] = map[int]bool{}
		}
		members[f.Identifier][f.Member] = true
		if n := max(1, f.Threshold-len(members[f.Identifier])); missing == -1 || n < missing {
			missing = n
		}
	}
	return len(s.shares), missing
}

// Root returns the root key, ErrNotYet until it is there.
func (s *Session) Root() ([32]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.root == nil {
		return [32]byte{}, ErrNotYet
	}
	return *s.root, nil
}
