package guardian_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/hpke"
	"sinso.dev/sinso/internal/crypt/slip39"
	"sinso.dev/sinso/internal/crypt/vectortest"
	"sinso.dev/sinso/internal/keys/guardian"
)

const fingerprint = "0123456789abcdef"

var root = [32]byte{1, 2, 3, 31: 4}

// council makes guardians.
func council(tb testing.TB, n int) (keys []hpke.Key, publics []string) {
	tb.Helper()
	for i := range n {
		key, err := guardian.DecodeKey(guardian.EncodeKey([32]byte{byte(i), 7}) + "\n")
		if err != nil {
			tb.Fatal(err)
		}
		keys, publics = append(keys, key), append(publics, guardian.EncodePublic(key.Public())+"\n")
	}
	return keys, publics
}

func shared(tb testing.TB, threshold, n int) (keys []hpke.Key, set sinso.RootKeyShares, shares []slip39.Share) {
	tb.Helper()
	keys, publics := council(tb, n)
	set, err := guardian.Split(root, fingerprint, threshold, publics, rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	for i, sealed := range set.Shares {
		share, err := guardian.Open(sealed, keys[i])
		if err != nil {
			tb.Fatal(err)
		}
		shares = append(shares, share)
	}
	return keys, set, shares
}

func is(t *testing.T, what string, err, class error) {
	t.Helper()
	if !errors.Is(err, class) {
		t.Errorf("%s: got error %v, want %v", what, err, class)
	}
}

// TestEachGuardianOpensTheirShareAlone: theirs opens with their key, as it was sealed, and
// nothing of it is in the clear.
func TestEachGuardianOpensTheirShareAlone(t *testing.T) {
	t.Parallel()
	keys, set, shares := shared(t, 2, 3)
	got, err := slip39.Combine([]slip39.Share{shares[2], shares[0]}, nil)
	if err != nil || !bytes.Equal(got, root[:]) {
		t.Errorf("got another key or %v", err)
	}
	for i, sealed := range set.Shares {
		text, err := json.Marshal(sealed)
		if err != nil {
			t.Fatal(err)
		}
		words := strings.Fields(shares[i].Words())
		for at := range len(words) - 1 {
			if bytes.Contains(text, []byte(words[at]+" "+words[at+1])) {
				t.Errorf("share %d is in the clear", i+1)
			}
		}
		if again, err := guardian.Parse(text); err != nil || again.Member != i+1 || again.Threshold != 2 || again.Identifier != set.Identifier {
			t.Errorf("share %d: read as %+v, %v", i+1, again, err)
		}
		_, err = guardian.Open(sealed, keys[(i+1)%3])
		is(t, "another guardian", err, sinso.ErrDenied)
		for name, change := range map[string]func(*sinso.GuardianShare){
			"fingerprint": func(s *sinso.GuardianShare) { s.Fingerprint = "0123456789abcdee" },
			"identifier":  func(s *sinso.GuardianShare) { s.Identifier++ },
			"member":      func(s *sinso.GuardianShare) { s.Member++ },
			"threshold":   func(s *sinso.GuardianShare) { s.Threshold-- },
			"sealed":      func(s *sinso.GuardianShare) { s.Sealed = bytes.Clone(s.Sealed); s.Sealed[1200] ^= 1 },
			"cut":         func(s *sinso.GuardianShare) { s.Sealed = s.Sealed[:20] },
		} {
			changed := sealed
			change(&changed)
			_, err = guardian.Open(changed, keys[i])
			is(t, name, err, sinso.ErrCorrupt)
		}
	}
}

// TestImpossibleCouncilsAreRefused: one person with two shares, one who is enough, keys that
// are none.
func TestImpossibleCouncilsAreRefused(t *testing.T) {
	t.Parallel()
	_, publics := council(t, 3)
	changed := []byte(publics[2])
	changed[100] ^= 1
	for name, tt := range map[string]struct {
		threshold int
		publics   []string
	}{
		"twice":   {2, []string{publics[0], publics[1], publics[0]}},
		"one":     {1, publics[:1]},
		"more":    {4, publics},
		"changed": {2, []string{publics[0], publics[1], string(changed)}},
		"a key":   {2, []string{publics[0], publics[1], guardian.EncodeKey([32]byte{9})}},
		"nobody":  {2, nil},
	} {
		if _, err := guardian.Split(root, fingerprint, tt.threshold, tt.publics, rand.Reader); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: got %v, want invalid", name, err)
		}
	}
	for _, text := range []string{"", "sinso-guardian-key-1 ", publics[0], strings.Replace(guardian.EncodeKey([32]byte{1}), "0", "1", 1)} {
		_, err := guardian.DecodeKey(text)
		is(t, "key", err, sinso.ErrInvalid)
	}
}

func session(tb testing.TB) *guardian.Session {
	tb.Helper()
	s, err := guardian.NewSession(func(got [32]byte) error {
		if got != root {
			return fmt.Errorf("another: %w", sinso.ErrDenied)
		}
		return nil
	}, rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func give(tb testing.TB, s *guardian.Session, share slip39.Share) []byte {
	tb.Helper()
	sealed, err := guardian.Give(s.Code(), s.Public(), share)
	if err != nil {
		tb.Fatal(err)
	}
	return sealed
}

// TestSessionGivesTheKeyWithEnoughShares: not before, in whatever order, at once, and twice
// does not count.
func TestSessionGivesTheKeyWithEnoughShares(t *testing.T) {
	t.Parallel()
	_, _, shares := shared(t, 3, 5)
	s := session(t)
	for i, step := range []struct{ share, missing int }{{4, 2}, {4, 2}, {1, 1}} {
		missing, err := s.Take(give(t, s, shares[step.share]))
		if _, said := s.State(); err != nil || missing != step.missing || said != step.missing {
			t.Errorf("step %d: got %d missing, %v, state %d, want %d", i, missing, err, said, step.missing)
		}
		_, err = s.Root()
		is(t, "too early", err, guardian.ErrNotYet)
	}
	var all sync.WaitGroup
	for _, share := range shares {
		all.Go(func() {
			if missing, err := s.Take(give(t, s, share)); err != nil || missing > 1 {
				t.Errorf("got %d missing, %v", missing, err)
			}
		})
	}
	all.Wait()
	if got, err := s.Root(); err != nil || got != root {
		t.Errorf("got another key or %v", err)
	}
}

// TestWrongSharesKeepNobodyOut: of another key, or forged, they are told, and the key comes
// all the same once there are enough sound ones.
func TestWrongSharesKeepNobodyOut(t *testing.T) {
	t.Parallel()
	sound, want := vector(t, "2 of 3, 256 bits")
	forged, _ := vector(t, "a share with another value and a sound checksum")
	_, _, foreign := shared(t, 2, 3)
	s, err := guardian.NewSession(func(got [32]byte) error {
		if !bytes.Equal(got[:], want) {
			return fmt.Errorf("another: %w", sinso.ErrDenied)
		}
		return nil
	}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for i, step := range []struct {
		share   slip39.Share
		missing int
		class   error
	}{
		{foreign[0], 1, nil},
		{foreign[1], 0, sinso.ErrDenied},
		{sound[0], 1, nil},
		{forged[1], 0, sinso.ErrInvalid},
		{foreign[2], 0, sinso.ErrDenied},
		{sound[1], 0, nil},
	} {
		missing, err := s.Take(give(t, s, step.share))
		if missing != step.missing || !errors.Is(err, step.class) {
			t.Errorf("step %d: got %d missing, %v, want %d, %v", i, missing, err, step.missing, step.class)
		}
	}
	if got, err := s.Root(); err != nil || !bytes.Equal(got[:], want) {
		t.Errorf("got another key or %v", err)
	}
}

// vector returns the shares and the secret of a vector of SLIP-0039.
func vector(t *testing.T, name string) (shares []slip39.Share, secret []byte) {
	t.Helper()
	for _, v := range vectortest.Read(t, "slip39") {
		if v.Name != name {
			continue
		}
		for _, words := range v.All("share") {
			share, err := slip39.Parse(words)
			if err != nil {
				t.Fatal(err)
			}
			shares = append(shares, share)
		}
		return shares, v.Bytes(t, "secret")
	}
	t.Fatalf("there is no vector %q", name)
	return nil, nil
}

// TestASessionIsBoundedInTime: whoever has the code and fills a session with sound shares of
// another key, all of which fit together, has few of the 1,820 choices of them worked out
// (some 10 ms each) with each share.
func TestASessionIsBoundedInTime(t *testing.T) {
	t.Parallel()
	guardians := 16
	if testing.Short() {
		guardians = 9 // 126 choices
	}
	_, _, shares := shared(t, 4, guardians)
	worked := 0
	s, err := guardian.NewSession(func([32]byte) error {
		worked++
		return sinso.ErrDenied
	}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for i, share := range shares {
		worked = 0
		if _, err := s.Take(give(t, s, share)); i >= 3 {
			is(t, "another root key's", err, sinso.ErrDenied)
		}
		if worked > 25 {
			t.Errorf("share %d: %d keys were worked out, want at most 25", i+1, worked)
		}
	}
}

// TestStrangersFillNoSession: without the code nothing is taken; and a guardian sends nothing
// to a session that is not the code's.
func TestStrangersFillNoSession(t *testing.T) {
	t.Parallel()
	_, _, shares := shared(t, 2, 3)
	s, other := session(t), session(t)
	_, err := guardian.Give(s.Code(), other.Public(), shares[0])
	is(t, "a key of somebody between", err, sinso.ErrDenied)
	_, err = guardian.Give(s.Code()[:30], s.Public(), shares[0])
	is(t, "a code cut short", err, sinso.ErrInvalid)
	_, err = s.Take(give(t, other, shares[0]))
	is(t, "for another session", err, sinso.ErrDenied)
	withoutCode, err := hpke.Seal(s.Public(), []byte("sinso/guardian-give/v1"), make([]byte, 10), []byte(shares[0].Words()))
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Take(withoutCode)
	is(t, "without the code", err, sinso.ErrDenied)
	for _, junk := range [][]byte{nil, {1}, make([]byte, 5000)} {
		_, err = s.Take(junk)
		is(t, "junk", err, sinso.ErrDenied)
	}
	if taken, missing := s.State(); taken != 0 || missing != -1 {
		t.Errorf("got %d taken, %d missing, want nothing", taken, missing)
	}
	lower := strings.ToLower(strings.ReplaceAll(s.Code(), "-", " "))
	if _, err := guardian.Give(lower, s.Public(), shares[0]); err != nil {
		t.Errorf("as it is written down: %v", err)
	}
}

// FuzzParse reads anything as a sealed share, a public key and a key.
func FuzzParse(f *testing.F) {
	keys, publics := council(f, 2)
	set, err := guardian.Split(root, fingerprint, 2, publics, rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	text, err := json.Marshal(set.Shares[0])
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(publics[0]))
	f.Add([]byte(guardian.EncodeKey([32]byte{1})))
	f.Fuzz(func(t *testing.T, text []byte) {
		if s, err := guardian.Parse(text); err == nil {
			if share, err := guardian.Open(s, keys[0]); err == nil && share.Facts().Member != s.Member {
				t.Error("opened as another member's")
			}
		}
		if public, err := guardian.DecodePublic(string(text)); err == nil && guardian.EncodePublic(public) != strings.TrimSpace(string(text)) {
			t.Error("a public key has two texts")
		}
		_, _ = guardian.DecodeKey(string(text))
	})
}
