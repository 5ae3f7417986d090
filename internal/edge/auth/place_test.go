package auth_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"errors"
	"testing"

	"github.com/ethereum/go-ethereum/accounts"
	"github.com/ethereum/go-ethereum/crypto"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/phrase"
	"sinso.dev/sinso/internal/crypt/siwe"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/edge/auth/passkey/passkeytest"
)

// most is how many challenges an address may ask for in a minute that come to nothing.
const most = 60

// TestAddingGivesTheChallengesPlaceBack: many behind one address add what signs in, within
// a minute, and nobody is told that there were too many tries.
func TestAddingGivesTheChallengesPlaceBack(t *testing.T) {
	t.Parallel()
	caller := auth.Caller{ID: "token", Role: sinso.RoleOwner, Person: "p_1"}
	secret, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	wallet := sinso.Address(crypto.PubkeyToAddress(secret.PublicKey))
	for name, add := range map[string]func(k *keyed) (auth.Question, func(auth.Asked) error){
		"a passkey": func(k *keyed) (auth.Question, func(auth.Asked) error) {
			handle := make([]byte, 32)
			return auth.Question{Kind: sinso.SignInPasskey, Handle: handle}, func(asked auth.Asked) error {
				client, attestation := passkeytest.New(t, asked.Site, asked.Origin).Make(asked.Nonce, handle)
				_, err := k.AddPasskey(post(origin), caller, auth.PasskeyMade{Client: client, Attestation: attestation})
				return err
			}
		},
		"a phrase": func(k *keyed) (auth.Question, func(auth.Asked) error) {
			return auth.Question{Kind: sinso.SignInPhrase}, func(asked auth.Asked) error {
				_, err := k.AddPhrase(post(origin), caller, auth.PhraseUsed{
					Nonce: asked.Nonce, Public: k.private[32:], Signature: ed25519.Sign(k.private, phrase.Message(phrase.Add, asked.Origin, asked.Nonce)),
				})
				return err
			}
		},
		"a wallet": func(k *keyed) (auth.Question, func(auth.Asked) error) {
			return auth.Question{Kind: sinso.SignInWallet, ChainID: 1, Wallet: wallet}, func(asked auth.Asked) error {
				_, err := k.AddWallet(post(origin), caller, walletSigned(t, secret, wallet, asked))
				return err
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newKeyed(t, sinso.CredentialRow{Role: sinso.RoleOwner, Person: "p_1", Account: "p_1"})
			question, answer := add(k)
			question.For = caller
			for i := range most + 1 {
				asked, err := k.Ask(post(origin), question)
				if err == nil {
					err = answer(asked)
				}
				if err != nil {
					t.Fatalf("the %dth: %v", i+1, err)
				}
			}
			for i := range most { // what comes to nothing counts
				if _, err := k.Ask(post(origin), question); err != nil {
					t.Fatalf("the %dth challenge that nobody answers: %v", i+1, err)
				}
			}
			if _, err := k.Ask(post(origin), question); !errors.Is(err, sinso.ErrBusy) {
				t.Errorf("one more: %v", err)
			}
		})
	}
}

// walletSigned is what a wallet signs of what a page was given.
func walletSigned(t *testing.T, secret *ecdsa.PrivateKey, wallet sinso.Address, asked auth.Asked) auth.WalletUsed {
	t.Helper()
	text := siwe.Message{
		Domain: asked.Origin[len("http://"):], Address: wallet, Statement: asked.Statement, URI: asked.Origin, ChainID: 1,
		Nonce: asked.Nonce, IssuedAt: asked.Issued, Expires: asked.Expires,
	}.String()
	signature, err := crypto.Sign(accounts.TextHash([]byte(text)), secret)
	if err != nil {
		t.Fatal(err)
	}
	signature[64] += 27
	return auth.WalletUsed{Message: text, Signature: signature}
}
