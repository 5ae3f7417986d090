// Package passkey checks the two ceremonies of WebAuthn (W3C Web Authentication
// Level 3, §7.1 and §7.2): what an authenticator answers when a passkey is made, and
// when somebody signs in by it.
//
// It keeps nothing. Who calls it keeps challenges and uses each once, and compares
// signature counters. What device a passkey is on is not asked (attestation "none"):
// a statement that comes all the same is not looked at.
package passkey

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"

	"sinso.dev/sinso"
)

// Site is where a ceremony takes place.
type Site struct {
	ID     string // of the relying party: a host name, no address
	Origin string // of the page: scheme, host and port, as the browser writes it
}

// Key is what a passkey leaves with the node.
type Key struct {
	ID     []byte // the credential id, at most 1,023 bytes (WebAuthn §4)
	Public []byte // COSE_Key (RFC 9052 §7)
	Count  uint32 // the signature counter; 0 if the authenticator has none
	Synced bool   // it may be copied to other devices of its holder
}

const (
	maxID     = 1023 // bytes, WebAuthn §4 "Credential ID"
	maxPublic = 1200 // bytes; a key of RSA-8192 has 1,024 and its frame
	maxClient = 4096 // bytes of client data; browsers write some 200
	maxData   = 8192 // bytes of an attestation object or authenticator data
	maxSigned = 1200 // bytes of a signature
)

// Algorithms are those of the keys that are taken, the best first: EdDSA, ES256 and
// RS256 (IANA COSE Algorithms), which is what platforms make.
func Algorithms() []int {
	return []int{int(webauthncose.AlgEdDSA), int(webauthncose.AlgES256), int(webauthncose.AlgRS256)}
}

// client is what the browser says of a ceremony (WebAuthn §5.8.1).
type client struct {
	Type        protocol.CeremonyType `json:"type"`
	Challenge   string                `json:"challenge"`
	Origin      string                `json:"origin"`
	CrossOrigin bool                  `json:"crossOrigin"`
}

// Challenge returns the challenge that client data answer; ErrInvalid if they cannot
// be read. Nothing is checked by that.
func Challenge(clientData []byte) (string, error) {
	c, err := parseClient(clientData)
	if err != nil {
		return "", err
	}
	challenge, err := base64.RawURLEncoding.DecodeString(c.Challenge)
	if err != nil {
		return "", invalid("the challenge is not base64url")
	}
	return string(challenge), nil
}

func parseClient(data []byte) (c client, err error) {
	if len(data) == 0 || len(data) > maxClient {
		return c, invalid("client data of no or too many bytes")
	}
	if err := json.Unmarshal(data, &c); err != nil {
		return c, invalid("client data are not JSON")
	}
	return c, nil
}

// verify checks what the browser says (WebAuthn §7.1 steps 7 to 11, §7.2 steps 10 to
// 14). Nothing but the very origin will do, and no frame in another page.
func (c client) verify(ceremony protocol.CeremonyType, site Site, challenge string) error {
	want := base64.RawURLEncoding.EncodeToString([]byte(challenge))
	switch {
	case c.Type != ceremony:
		return denied("it is of another ceremony")
	case subtle.ConstantTimeCompare([]byte(c.Challenge), []byte(want)) != 1:
		return denied("it answers another challenge")
	case c.Origin != site.Origin || c.CrossOrigin:
		return denied("it was made on another page")
	}
	return nil
}

// Register checks the answer of an authenticator that made a passkey: clientData and
// attestation are its clientDataJSON and attestationObject. The person must have been
// present and verified. ErrInvalid for what cannot be read, ErrDenied for what does
// not hold.
func Register(site Site, challenge string, clientData, attestation []byte) (Key, error) {
	c, err := parseClient(clientData)
	if err != nil {
		return Key{}, err
	}
	if len(attestation) > maxData {
		return Key{}, invalid("an attestation object of too many bytes")
	}
	raw := protocol.AuthenticatorAttestationResponse{
		AuthenticatorResponse: protocol.AuthenticatorResponse{ClientDataJSON: clientData}, AttestationObject: attestation,
	}
	parsed, err := raw.Parse()
	if err != nil {
		return Key{}, invalid("the attestation object cannot be read")
	}
	if err := c.verify(protocol.CreateCeremony, site, challenge); err != nil {
		return Key{}, err
	}
	object := parsed.AttestationObject
	object.Format, object.AttStatement = string(protocol.AttestationFormatNone), nil
	var algorithms []protocol.CredentialParameter
	for _, id := range Algorithms() {
		algorithms = append(algorithms, protocol.CredentialParameter{Algorithm: webauthncose.COSEAlgorithmIdentifier(id)})
	}
	hash := sha256.Sum256(clientData)
	if err := object.Verify(site.ID, hash[:], true, true, nil, algorithms); err != nil {
		return Key{}, denied("it is of another site, its holder was not verified, or its key is of no kind that is taken")
	}
	made := object.AuthData.AttData
	key := Key{
		ID: made.CredentialID, Public: made.CredentialPublicKey, Count: object.AuthData.Counter,
		Synced: object.AuthData.Flags.HasBackupEligible(),
	}
	if _, err := webauthncose.ParsePublicKey(key.Public); err != nil || len(key.Public) > maxPublic || len(key.ID) == 0 || len(key.ID) > maxID {
		return Key{}, invalid("the key cannot be read")
	}
	return key, nil
}

// SignIn checks the answer of an authenticator that signed: clientData, authData and
// signature are its clientDataJSON, authenticatorData and signature. It returns the
// signature counter, which the caller compares. Errors are as those of [Register].
func SignIn(site Site, challenge string, key Key, clientData, authData, signature []byte) (count uint32, err error) {
	c, err := parseClient(clientData)
	if err != nil {
		return 0, err
	}
	if len(authData) > maxData || len(signature) > maxSigned {
		return 0, invalid("an answer of too many bytes")
	}
	var data protocol.AuthenticatorData
	if err := data.Unmarshal(authData); err != nil {
		return 0, invalid("the authenticator's data cannot be read")
	}
	if err := c.verify(protocol.AssertCeremony, site, challenge); err != nil {
		return 0, err
	}
	id := sha256.Sum256([]byte(site.ID))
	if err := data.Verify(id[:], nil, true, true); err != nil {
		return 0, denied("it is of another site, or its holder was not verified")
	}
	if data.Flags.HasBackupEligible() != key.Synced { // it never changes: WebAuthn §6.1.3
		return 0, denied("it is of another kind than the passkey was made as")
	}
	public, err := webauthncose.ParsePublicKey(key.Public)
	if err != nil {
		return 0, fmt.Errorf("passkey: a key that is kept cannot be read: %w", sinso.ErrCorrupt)
	}
	hash := sha256.Sum256(clientData)
	signed := append(append(make([]byte, 0, len(authData)+len(hash)), authData...), hash[:]...)
	if ok, err := webauthncose.VerifySignature(public, signed, signature); err != nil || !ok {
		return 0, denied("its signature is not by that key")
	}
	return data.Counter, nil
}

func invalid(why string) error { return fmt.Errorf("passkey: %s: %w", why, sinso.ErrInvalid) }
func denied(why string) error  { return fmt.Errorf("passkey: %s: %w", why, sinso.ErrDenied) }
