package sinso

import "time"

// SignInMethod is what a session of the page was given for.
type SignInMethod string

// The ways to sign in.
const (
	SignInToken   SignInMethod = "token"
	SignInPasskey SignInMethod = "passkey" // WebAuthn
	SignInPhrase  SignInMethod = "phrase"  // a key that is made of a recovery phrase
	SignInWallet  SignInMethod = "wallet"  // EIP-4361
)

// CredentialID names a credential: opaque, and opens nothing.
type CredentialID string

// CredentialRow is what somebody signs in with, besides a token. The secret half
// is with its holder alone.
type CredentialRow struct {
	ID   CredentialID `json:"id"`
	Kind SignInMethod `json:"kind"` // never SignInToken
	// Key is what it is found by when somebody signs in: a passkey's credential id
	// and a phrase's public key in lower-case hex, a wallet's address as an Address
	// is written. There is one credential of a key.
	Key string `json:"key"`
	// Public is a passkey's public key (COSE_Key, RFC 9052 §7); empty for others.
	Public []byte `json:"public,omitempty"`
	// Handle is a passkey's user handle: random, the same for all of an account.
	Handle []byte `json:"handle,omitempty"`
	// Site is the relying party's id that a passkey is bound to: a host name.
	Site string `json:"site,omitempty"`
	// Count is a passkey's signature counter when it last signed in; 0 if it has none.
	Count uint32 `json:"count,omitempty"`
	// Synced: it may be copied to other devices of its holder (WebAuthn §6.1.3, BE).
	Synced bool `json:"synced,omitempty"`
	// PRF: its authenticator can make a secret for the page (WebAuthn §10.1.4).
	PRF bool `json:"prf,omitempty"`
	// Wrapped is the person key under a key that only the page can make. The node
	// cannot open it.
	Wrapped []byte `json:"wrapped,omitempty"`
	Label   string `json:"label,omitempty"` // given by its holder

	// Account is whose it is: the person of an owner, and else the actor of the token
	// that the first credential was added by. Who signs in by it is that actor again.
	Account  string   `json:"account"`
	Role     Role     `json:"role"`
	Person   PersonID `json:"person,omitempty"` // of an owner
	Research bool     `json:"research,omitempty"`
	// Expires is the end of the token that it was added by; zero for an owner's,
	// which has none.
	Expires time.Time `json:"expires,omitzero"`
	Created time.Time `json:"created"`
	Used    time.Time `json:"used,omitzero"` // the last sign-in
}
