package serve

import (
	"encoding/base32"
	"fmt"
	"net/http"
	"time"
	"unicode"
	"unicode/utf8"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
)

const (
	maxLabel   = 64  // characters of a credential's label
	maxWrapped = 256 // bytes of a wrapped key; the page's has 41
)

// credential is a way to sign in, as its holder sees it.
type credential struct {
	ID       sinso.CredentialID `json:"id"`
	Kind     sinso.SignInMethod `json:"kind"`
	Label    string             `json:"label"`
	Site     string             `json:"site,omitempty"`    // of a passkey: the host name that it is for
	Address  string             `json:"address,omitempty"` // of a wallet
	Synced   bool               `json:"synced,omitempty"`  // it may be on more than one device
	PRF      bool               `json:"prf,omitempty"`     // it can keep a key
	Wrapped  []byte             `json:"wrapped,omitempty"` // the key that it keeps, which the node cannot open
	Created  time.Time          `json:"created"`
	Used     *time.Time         `json:"used,omitempty"`
	Expires  *time.Time         `json:"expires,omitempty"`
	Account  string             `json:"account,omitempty"` // for the keeper: a person, or a role and a token
	Research bool               `json:"research,omitempty"`
}

func (c *call) credentialOf(row sinso.CredentialRow) credential {
	out := credential{
		ID: row.ID, Kind: row.Kind, Label: row.Label, Site: row.Site, Synced: row.Synced, PRF: row.PRF, Wrapped: row.Wrapped,
		Created: row.Created, Research: row.Research,
	}
	if row.Kind == sinso.SignInWallet {
		out.Address = row.Key
	}
	if !row.Used.IsZero() {
		out.Used = &row.Used
	}
	if !row.Expires.IsZero() {
		out.Expires = &row.Expires
	}
	if c.caller.Account() == "" {
		out.Account, out.Wrapped = row.Account, nil
	}
	return out
}

func (c *call) credentials() (list[credential], error) {
	rows, err := c.way.Credentials(c.ctx(), c.caller.Account())
	return listOf(rows, c.credentialOf), err
}

// credentialRow is the one that the path names, if the caller may know of it.
func (c *call) credentialRow() (sinso.CredentialRow, error) {
	id, err := c.id("credential", "k_")
	if err != nil {
		return sinso.CredentialRow{}, err
	}
	row, err := c.way.Credential(c.ctx(), sinso.CredentialID(id))
	if account := c.caller.Account(); err == nil && account != "" && account != row.Account {
		err = sinso.ErrNotFound
	}
	if err != nil {
		return sinso.CredentialRow{}, fmt.Errorf("serve: credential %s: %w", id, err)
	}
	return row, nil
}

func (c *call) credential() (credential, error) {
	row, err := c.credentialRow()
	return c.credentialOf(row), err
}

// credentialChange is what a holder changes of a credential.
type credentialChange struct {
	Label   *string `json:"label,omitempty"`
	Wrapped []byte  `json:"wrapped,omitempty"` // once, for one that keeps no key yet
}

func (c *call) changeCredential(in credentialChange) (credential, error) {
	row, err := c.credentialRow()
	if err != nil {
		return credential{}, err
	}
	change := sinso.SignInChanged{Credential: row.ID, Label: row.Label, Wrapped: in.Wrapped}
	if in.Label != nil {
		change.Label = *in.Label
	}
	if err := checkKept(change.Label, change.Wrapped); err != nil {
		return credential{}, err
	}
	row, err = c.way.ChangeCredential(c.ctx(), change, c.caller.ID)
	return c.credentialOf(row), err
}

// checkKept bounds what a holder gives a credential.
func checkKept(label string, wrapped []byte) error {
	if utf8.RuneCountInString(label) > maxLabel || !utf8.ValidString(label) {
		return invalid(fmt.Sprintf("a label has at most %d characters", maxLabel))
	}
	for _, r := range label {
		if !unicode.IsPrint(r) {
			return invalid("a label has letters and signs that can be seen alone")
		}
	}
	if len(wrapped) > maxWrapped {
		return invalid(fmt.Sprintf("a wrapped key has at most %d bytes", maxWrapped))
	}
	return nil
}

// removeCredential ends a credential, and what was signed in by it.
func (c *call) removeCredential() error {
	row, err := c.credentialRow()
	if err != nil {
		return err
	}
	if err := c.way.RemoveCredential(c.ctx(), row.ID, c.caller.ID); err != nil {
		return err
	}
	if ids := c.auth.EndCredential(row.ID); len(ids) > 0 {
		if err := c.way.SessionsEnded(c.ctx(), ids, c.caller.ID, row.Person); err != nil {
			return err
		}
	}
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}

// passkeyChallenge is what a page asks an authenticator with.
type passkeyChallenge struct {
	Challenge []byte    `json:"challenge"`
	Site      string    `json:"site"` // the relying party's id
	Expires   time.Time `json:"expires"`
}

// newPasskeyChallenge is what a page has a passkey made with. The name is what the
// authenticator shows, and says nothing of whose it is.
type newPasskeyChallenge struct {
	Challenge  []byte    `json:"challenge"`
	Site       string    `json:"site"`
	Expires    time.Time `json:"expires"`
	Handle     []byte    `json:"handle"`
	Name       string    `json:"name"`
	Algorithms []int     `json:"algorithms" nullable:"false"` // of COSE, the best first
	Has        [][]byte  `json:"has" nullable:"false"`        // credential ids that the account has: no second one on the same device
}

func (c *call) askNewPasskey() (newPasskeyChallenge, error) {
	if err := c.caller.CanBind(); err != nil {
		return newPasskeyChallenge{}, err
	}
	rows, err := c.way.Credentials(c.ctx(), c.caller.Account())
	if err != nil {
		return newPasskeyChallenge{}, err
	}
	handle, err := c.auth.Handle(rows)
	if err != nil {
		return newPasskeyChallenge{}, err
	}
	asked, err := c.auth.Ask(c.r, auth.Question{Kind: sinso.SignInPasskey, For: c.caller, Handle: handle})
	out := newPasskeyChallenge{
		Challenge: []byte(asked.Nonce), Site: asked.Site, Expires: asked.Expires,
		Handle: handle, Name: "SINSO " + base32.StdEncoding.EncodeToString(handle[:5]),
		Algorithms: auth.PasskeyAlgorithms(), Has: auth.PasskeyIDs(rows),
	}
	return out, err
}

// newPasskey is what an authenticator answered, and what its holder says of it.
type newPasskey struct {
	Client      []byte `json:"client"`      // clientDataJSON
	Attestation []byte `json:"attestation"` // attestationObject
	Label       string `json:"label"`
	PRF         bool   `json:"prf,omitempty"`
	Wrapped     []byte `json:"wrapped,omitempty"`
}

func (c *call) addPasskey(in newPasskey) (credential, error) {
	return c.add(in.Label, in.Wrapped, func() (sinso.CredentialRow, error) {
		row, err := c.auth.AddPasskey(c.r, c.caller, auth.PasskeyMade{Client: in.Client, Attestation: in.Attestation})
		row.PRF = in.PRF
		return row, err
	})
}

// phraseAnswer is the key of a recovery phrase, and what it signed.
type phraseAnswer struct {
	Nonce     string `json:"nonce"`
	Public    []byte `json:"public"` // Ed25519
	Signature []byte `json:"signature"`
}

type newPhrase struct {
	Nonce     string `json:"nonce"`
	Public    []byte `json:"public"` // Ed25519
	Signature []byte `json:"signature"`
	Label     string `json:"label"`
	Wrapped   []byte `json:"wrapped,omitempty"`
}

func (c *call) addPhrase(in newPhrase) (credential, error) {
	return c.add(in.Label, in.Wrapped, func() (sinso.CredentialRow, error) {
		return c.auth.AddPhrase(c.r, c.caller, auth.PhraseUsed{Nonce: in.Nonce, Public: in.Public, Signature: in.Signature})
	})
}

// walletAnswer is what a wallet signed.
type walletAnswer struct {
	Message   string `json:"message"`   // EIP-4361
	Signature []byte `json:"signature"` // 65 bytes
}

type newWallet struct {
	Message   string `json:"message"`
	Signature []byte `json:"signature"`
	Label     string `json:"label"`
}

func (c *call) addWallet(in newWallet) (credential, error) {
	return c.add(in.Label, nil, func() (sinso.CredentialRow, error) {
		return c.auth.AddWallet(c.r, c.caller, auth.WalletUsed{Message: in.Message, Signature: in.Signature})
	})
}

// add files what check has found good.
func (c *call) add(label string, wrapped []byte, check func() (sinso.CredentialRow, error)) (credential, error) {
	if err := c.caller.CanBind(); err != nil {
		return credential{}, err
	}
	if err := checkKept(label, wrapped); err != nil {
		return credential{}, err
	}
	row, err := check()
	if err != nil {
		return credential{}, err
	}
	row.Label, row.Wrapped = label, wrapped
	if err := c.way.AddCredential(c.ctx(), row, c.caller.ID); err != nil {
		return credential{}, err
	}
	return c.credentialOf(row), nil
}
