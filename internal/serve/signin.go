package serve

import (
	"strings"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/siwe"
	"sinso.dev/sinso/internal/edge/auth"
)

// signedInBy is who a page was signed in as, and by what. Its wrapped key is for the
// page to open.
type signedInBy struct {
	Role       string         `json:"role"`
	Person     sinso.PersonID `json:"person,omitempty"`
	ID         string         `json:"id"`
	Expires    *time.Time     `json:"expires,omitempty"`
	Credential credential     `json:"credential"`
}

func (c *call) signedInBy(caller auth.Caller, row sinso.CredentialRow, err error) (signedInBy, error) {
	if err != nil {
		return signedInBy{}, err
	}
	c.caller = caller
	s := sessionOf(caller)
	return signedInBy{Role: s.Role, Person: s.Person, ID: s.ID, Expires: s.Expires, Credential: c.credentialOf(row)}, nil
}

func (c *call) askPasskey() (passkeyChallenge, error) {
	asked, err := c.auth.Ask(c.r, auth.Question{Kind: sinso.SignInPasskey})
	return passkeyChallenge{[]byte(asked.Nonce), asked.Site, asked.Expires}, err
}

// passkeyAnswer is what an authenticator signed.
type passkeyAnswer struct {
	ID        []byte `json:"id"`        // the credential id
	Client    []byte `json:"client"`    // clientDataJSON
	Data      []byte `json:"data"`      // authenticatorData
	Signature []byte `json:"signature"` // over both
	Handle    []byte `json:"handle"`    // userHandle
}

func (c *call) signInPasskey(in passkeyAnswer) (signedInBy, error) {
	return c.signedInBy(c.auth.SignInPasskey(c.w, c.r, auth.PasskeyUsed(in)))
}

// phraseChallenge is what the key of a phrase signs, with the page's origin.
type phraseChallenge struct {
	Nonce   string    `json:"nonce"`
	Origin  string    `json:"origin"`
	Expires time.Time `json:"expires"`
}

func (c *call) askPhrase() (phraseChallenge, error) {
	return c.phraseChallenge(auth.Question{Kind: sinso.SignInPhrase})
}

func (c *call) askNewPhrase() (phraseChallenge, error) {
	if err := c.caller.CanBind(); err != nil {
		return phraseChallenge{}, err
	}
	return c.phraseChallenge(auth.Question{Kind: sinso.SignInPhrase, For: c.caller})
}

func (c *call) phraseChallenge(q auth.Question) (phraseChallenge, error) {
	asked, err := c.auth.Ask(c.r, q)
	return phraseChallenge{asked.Nonce, asked.Origin, asked.Expires}, err
}

func (c *call) signInPhrase(in phraseAnswer) (signedInBy, error) {
	return c.signedInBy(c.auth.SignInPhrase(c.w, c.r, auth.PhraseUsed(in)))
}

// walletAsk says which wallet is to sign.
type walletAsk struct {
	ChainID uint64        `json:"chainId"` // EIP-155
	Address sinso.Address `json:"address"`
}

// walletChallenge is an EIP-4361 message, each field as it stands there.
type walletChallenge struct {
	Domain    string `json:"domain"`
	Address   string `json:"address"` // with its checksum
	Statement string `json:"statement"`
	URI       string `json:"uri"`
	ChainID   uint64 `json:"chainId"`
	Nonce     string `json:"nonce"`
	IssuedAt  string `json:"issuedAt"`
	Expires   string `json:"expires"`
}

func (c *call) askWallet(in walletAsk) (walletChallenge, error) {
	return c.walletChallenge(in, auth.Caller{})
}

func (c *call) askNewWallet(in walletAsk) (walletChallenge, error) {
	if err := c.caller.CanBind(); err != nil {
		return walletChallenge{}, err
	}
	return c.walletChallenge(in, c.caller)
}

func (c *call) walletChallenge(in walletAsk, caller auth.Caller) (walletChallenge, error) {
	if in.ChainID == 0 || in.ChainID > maxSeq {
		return walletChallenge{}, invalid("a chain's id is a number above 0")
	}
	asked, err := c.auth.Ask(c.r, auth.Question{Kind: sinso.SignInWallet, For: caller, ChainID: in.ChainID, Wallet: in.Address})
	_, domain, _ := strings.Cut(asked.Origin, "://")
	return walletChallenge{
		Domain: domain, Address: siwe.Checksum(in.Address), Statement: asked.Statement, URI: asked.Origin, ChainID: in.ChainID, Nonce: asked.Nonce,
		IssuedAt: asked.Issued.Format(walletTime), Expires: asked.Expires.Format(walletTime),
	}, err
}

// walletTime is how times stand in a message: RFC 3339, UTC, to the millisecond.
const walletTime = "2006-01-02T15:04:05.000Z"

func (c *call) signInWallet(in walletAnswer) (signedInBy, error) {
	return c.signedInBy(c.auth.SignInWallet(c.w, c.r, auth.WalletUsed(in)))
}
