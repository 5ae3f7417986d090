package auth

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/phrase"
	"sinso.dev/sinso/internal/crypt/siwe"
	"sinso.dev/sinso/internal/edge/auth/passkey"
)

const (
	credentialPrefix = "k_" // of a credential's opaque id
	handleBytes      = 32   // of a user handle; WebAuthn §4 allows 64
)

// PasskeyMade is what an authenticator answers when it made a passkey.
type PasskeyMade struct {
	Client      []byte // clientDataJSON
	Attestation []byte // attestationObject
}

// PasskeyUsed is what an authenticator answers when somebody signs in.
type PasskeyUsed struct {
	ID        []byte // the credential id
	Client    []byte // clientDataJSON
	Data      []byte // authenticatorData
	Signature []byte
	Handle    []byte // the user handle
}

// PhraseUsed is an answer by the key of a recovery phrase.
type PhraseUsed struct {
	Nonce             string
	Public, Signature []byte // Ed25519
}

// WalletUsed is an answer by a wallet: a message of EIP-4361 and its signature.
type WalletUsed struct {
	Message   string
	Signature []byte
}

// Handle returns the user handle of an account's passkeys: that of those it has, or a
// fresh random one. It says nothing of whose it is.
func (a *Authenticator) Handle(has []sinso.CredentialRow) ([]byte, error) {
	for _, row := range has {
		if len(row.Handle) > 0 {
			return row.Handle, nil
		}
	}
	handle := make([]byte, handleBytes)
	if _, err := a.cfg.Rand.Read(handle); err != nil {
		return nil, fmt.Errorf("auth: randomness: %w", sinso.ErrUnavailable)
	}
	return handle, nil
}

// PasskeyAlgorithms are the kinds of keys that a passkey may have, by their COSE
// numbers, the best first.
func PasskeyAlgorithms() []int { return passkey.Algorithms() }

// PasskeyIDs are the credential ids of the passkeys among credentials.
func PasskeyIDs(rows []sinso.CredentialRow) [][]byte {
	ids := [][]byte{}
	for _, row := range rows {
		if id, err := hex.DecodeString(row.Key); err == nil && row.Kind == sinso.SignInPasskey {
			ids = append(ids, id)
		}
	}
	return ids
}

// AddPasskey checks a passkey that was made for the caller's account, and returns the
// row that it is filed under.
func (a *Authenticator) AddPasskey(r *http.Request, c Caller, made PasskeyMade) (sinso.CredentialRow, error) {
	nonce, err := passkey.Challenge(made.Client)
	if err != nil {
		return sinso.CredentialRow{}, err
	}
	to, site, err := a.answered(r, sinso.SignInPasskey, c, nonce)
	if err != nil {
		return sinso.CredentialRow{}, err
	}
	key, err := passkey.Register(site, nonce, made.Client, made.Attestation)
	if err != nil {
		return sinso.CredentialRow{}, err
	}
	row, err := a.bind(r, c, sinso.SignInPasskey, hex.EncodeToString(key.ID))
	row.Public, row.Handle, row.Site, row.Count, row.Synced = key.Public, to.handle, site.ID, key.Count, key.Synced
	return row, err
}

// AddPhrase checks the key of a phrase for the caller's account.
func (a *Authenticator) AddPhrase(r *http.Request, c Caller, by PhraseUsed) (sinso.CredentialRow, error) {
	to, _, err := a.answered(r, sinso.SignInPhrase, c, by.Nonce)
	if err != nil {
		return sinso.CredentialRow{}, err
	}
	if err := phrase.Verify(by.Public, phrase.Add, to.origin, by.Nonce, by.Signature); err != nil {
		return sinso.CredentialRow{}, err
	}
	return a.bind(r, c, sinso.SignInPhrase, hex.EncodeToString(by.Public))
}

// AddWallet checks a wallet for the caller's account.
func (a *Authenticator) AddWallet(r *http.Request, c Caller, by WalletUsed) (sinso.CredentialRow, error) {
	address, err := a.signed(r, c, by)
	if err != nil {
		return sinso.CredentialRow{}, err
	}
	return a.bind(r, c, sinso.SignInWallet, address.String())
}

// bind returns a fresh row of the caller's account, for a request that proved the key.
func (a *Authenticator) bind(r *http.Request, c Caller, kind sinso.SignInMethod, key string) (sinso.CredentialRow, error) {
	a.cameToSomething(r)
	id, err := a.random()
	return sinso.CredentialRow{
		ID: sinso.CredentialID(credentialPrefix + id[:min(idDigits, len(id))]), Kind: kind, Key: key, Account: account(c), Role: c.Role, Person: c.Person,
		Research: c.Research, Expires: bindingEnds(c), Created: a.cfg.Clock.Now().UTC().Truncate(time.Second),
	}, err
}

// bindingEnds is until when a credential is good. An owner's is theirs: it outlives the
// token that it was added by. Any other role was given for a time, and is no longer
// than that.
func bindingEnds(c Caller) time.Time {
	if c.Role == sinso.RoleOwner {
		return time.Time{}
	}
	return c.Expires
}

// ended reports whether a credential is good no longer.
func (*Authenticator) ended(row sinso.CredentialRow, now time.Time) bool {
	return !row.Expires.IsZero() && !now.Before(row.Expires) || row.Role != sinso.RoleOwner && row.Expires.IsZero()
}

// CanBind returns nil if the caller may have credentials: the keeper has the node
// folder instead.
func (c Caller) CanBind() error {
	if c.local || !slices.Contains(roles, c.Role) {
		return fmt.Errorf("auth: the keeper signs in by the node folder: make a token, and sign in with it: %w", sinso.ErrDenied)
	}
	return nil
}

// Account is whose credentials and sessions the caller may list: "" is everybody's,
// for the keeper.
func (c Caller) Account() string {
	if c.local {
		return ""
	}
	return account(c)
}

// SignInPasskey signs the page in by a passkey.
func (a *Authenticator) SignInPasskey(w http.ResponseWriter, r *http.Request, by PasskeyUsed) (Caller, sinso.CredentialRow, error) {
	var count uint32
	row, err := a.prove(r, func() (row sinso.CredentialRow, err error) {
		nonce, err := passkey.Challenge(by.Client)
		if err != nil {
			return row, err
		}
		_, site, err := a.answered(r, sinso.SignInPasskey, Caller{}, nonce)
		if err != nil {
			return row, err
		}
		row, err = a.cfg.CredentialByKey(r.Context(), hex.EncodeToString(by.ID))
		if err != nil {
			return row, err
		}
		if row.Kind != sinso.SignInPasskey || !slices.Equal(by.Handle, row.Handle) || row.Site != site.ID {
			return row, sinso.ErrDenied
		}
		count, err = passkey.SignIn(site, nonce, passkey.Key{Public: row.Public, Synced: row.Synced}, by.Client, by.Data, by.Signature)
		return row, err
	})
	if err != nil {
		return Caller{}, row, err
	}
	caller, err := a.beginBy(w, r, row, count)
	return caller, row, err
}

// hostOf is the authority of an origin.
func hostOf(origin string) string {
	_, host, _ := strings.Cut(origin, "://")
	return host
}

// SignInPhrase signs the page in by a recovery phrase.
func (a *Authenticator) SignInPhrase(w http.ResponseWriter, r *http.Request, by PhraseUsed) (Caller, sinso.CredentialRow, error) {
	return a.signInBy(w, r, func() (row sinso.CredentialRow, err error) {
		to, _, err := a.answered(r, sinso.SignInPhrase, Caller{}, by.Nonce)
		if err != nil {
			return row, err
		}
		if err := phrase.Verify(by.Public, phrase.SignIn, to.origin, by.Nonce, by.Signature); err != nil {
			return row, err
		}
		return a.cfg.CredentialByKey(r.Context(), hex.EncodeToString(by.Public))
	})
}

// SignInWallet signs the page in by a wallet that was added before.
func (a *Authenticator) SignInWallet(w http.ResponseWriter, r *http.Request, by WalletUsed) (Caller, sinso.CredentialRow, error) {
	return a.signInBy(w, r, func() (row sinso.CredentialRow, err error) {
		address, err := a.signed(r, Caller{}, by)
		if err != nil {
			return row, err
		}
		return a.cfg.CredentialByKey(r.Context(), address.String())
	})
}

// signed returns the account that signed the challenge of a wallet. Every field of the
// message must be as it was asked for.
func (a *Authenticator) signed(r *http.Request, c Caller, by WalletUsed) (sinso.Address, error) {
	m, err := siwe.Parse(by.Message)
	if err != nil {
		return sinso.Address{}, err
	}
	to, site, err := a.answered(r, sinso.SignInWallet, c, m.Nonce)
	if err != nil {
		return sinso.Address{}, err
	}
	want := siwe.Message{
		Domain: hostOf(site.Origin), Address: to.wallet, Statement: statements[to.account != ""], URI: site.Origin, ChainID: to.chain,
		Nonce: m.Nonce, IssuedAt: to.issued, Expires: to.issued.Add(challengeTime),
	}
	if want.String() != by.Message {
		return sinso.Address{}, fmt.Errorf("auth: the wallet signed other words than it was asked for: %w", sinso.ErrDenied)
	}
	signer, err := siwe.Recover(by.Message, by.Signature)
	if err == nil && signer != to.wallet {
		err = fmt.Errorf("auth: another account signed: %w", sinso.ErrDenied)
	}
	return signer, err
}

func (a *Authenticator) signInBy(w http.ResponseWriter, r *http.Request, fn func() (sinso.CredentialRow, error)) (Caller, sinso.CredentialRow, error) {
	row, err := a.prove(r, fn)
	if err != nil {
		return Caller{}, row, err
	}
	caller, err := a.beginBy(w, r, row, 0)
	return caller, row, err
}

func (a *Authenticator) beginBy(w http.ResponseWriter, r *http.Request, row sinso.CredentialRow, count uint32) (Caller, error) {
	caller := callerBy(row)
	err := a.begin(w, r, caller, session{how: row.Kind, credential: row.ID}, sinso.SignedIn{Credential: row.ID, Count: count})
	if errors.Is(err, sinso.ErrDenied) { // its counter did not grow
		a.failed(r)
	}
	return caller, err
}

// callerBy is who signs in by a credential: an owner by its own name in the log, and
// any other the one whose token it was, so that nobody counts twice.
func callerBy(row sinso.CredentialRow) Caller {
	c := Caller{Role: row.Role, ID: row.Account, Research: row.Research, Expires: row.Expires}
	if row.Role == sinso.RoleOwner {
		c.Person, c.ID = row.Person, string(row.Role)+":"+string(row.ID)
	}
	return c
}

// byCredential returns the caller of a credential that is filed and has not ended.
func (a *Authenticator) byCredential(ctx context.Context, id sinso.CredentialID, now time.Time) (Caller, error) {
	row, err := a.cfg.Credential(ctx, id)
	if errors.Is(err, sinso.ErrNotFound) || err == nil && a.ended(row, now) {
		return Caller{}, stranger("what this page was signed in by is no longer good: sign in again")
	}
	if err != nil {
		return Caller{}, fmt.Errorf("auth: look up a credential: %w", err)
	}
	return callerBy(row), nil
}

// EndCredential ends the sessions that a credential was used for, and returns their ids.
func (a *Authenticator) EndCredential(id sinso.CredentialID) []string {
	return a.end(func(_ string, s session) bool { return s.credential == id })
}
