package guardian_test

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/crypt/vectortest"
	"sinso.dev/sinso/internal/keys/guardian"
)

var update = flag.Bool("update", false, "rewrite the vectors that this package makes")

// TestGuardianVectors reads what was written once: keys, a sealed share, and the code of a
// session.
func TestGuardianVectors(t *testing.T) {
	t.Parallel()
	if *update {
		vectortest.Golden(t, true, "guardian", `Shares of a root key, sealed to guardians (fresh randomness: -update makes others), and the code of a recovery session, whose
public key is the guardian's here. Open takes key and sealed; give takes code and public.`, made(t))
	}
	for _, v := range vectortest.Read(t, "guardian") {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			key, err := guardian.DecodeKey(v.Text(t, "key"))
			if err != nil {
				t.Fatal(err)
			}
			public, err := guardian.DecodePublic(v.Text(t, "public"))
			if err != nil || !bytes.Equal(public, key.Public()) || guardian.Name(public) != v.Text(t, "guardian") {
				t.Errorf("another public key or name, or %v", err)
			}
			sealed, err := guardian.Parse([]byte(v.Text(t, "sealed")))
			if err != nil {
				v.Judge(t, err)
				return
			}
			share, err := guardian.Open(sealed, key)
			if err == nil {
				_, giveErr := guardian.Give(v.Text(t, "code"), public, share)
				err = errors.Join(err, giveErr)
			}
			if v.Judge(t, err) && share.Words() != v.Text(t, "words") {
				t.Error("other words")
			}
		})
	}
}

func made(t *testing.T) []vectortest.Vector {
	t.Helper()
	seeds := [][32]byte{{1}, {2}}
	var publics []string
	for _, seed := range seeds {
		key, err := guardian.DecodeKey(guardian.EncodeKey(seed))
		if err != nil {
			t.Fatal(err)
		}
		publics = append(publics, guardian.EncodePublic(key.Public()))
	}
	set, err := guardian.Split(root, fingerprint, 2, publics, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(set.Shares[0])
	if err != nil {
		t.Fatal(err)
	}
	key, err := guardian.DecodeKey(guardian.EncodeKey(seeds[0]))
	if err != nil {
		t.Fatal(err)
	}
	share, err := guardian.Open(set.Shares[0], key)
	if err != nil {
		t.Fatal(err)
	}
	// A session's randomness is its seed and its nonce.
	s, err := guardian.NewSession(func([32]byte) error { return nil }, bytes.NewReader(append(seeds[0][:], "0123456789"...)))
	if err != nil {
		t.Fatal(err)
	}
	good := vectortest.New("a share, and a session", vectortest.Success, "key", guardian.EncodeKey(seeds[0]), "public", publics[0],
		"guardian", set.Shares[0].Guardian, "sealed", string(text), "nonce", hex.EncodeToString([]byte("0123456789")), "code", s.Code(), "words", share.Words())
	return []vectortest.Vector{
		good,
		good.With("of another version", "invalid", "sealed", strings.Replace(string(text), `"version":1`, `"version":2`, 1)),
		good.With("for another guardian", "denied", "sealed", strings.Replace(string(text), set.Shares[0].Guardian, set.Shares[1].Guardian, 1)),
		good.With("another threshold", "corrupt", "sealed", strings.Replace(string(text), `"threshold":2`, `"threshold":3`, 1)),
		good.With("another session's code", "denied", "code", "AAAA"+s.Code()[4:]),
		good.With("a code cut short", "invalid", "code", s.Code()[5:]),
	}
}
