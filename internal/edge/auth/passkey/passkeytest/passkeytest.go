// Package passkeytest is an authenticator in software, with one passkey on P-256, for
// tests: it answers as it is told to, also wrongly.
package passkeytest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/fxamacker/cbor/v2"
)

// The flags of authenticator data (WebAuthn §6.1).
const (
	Present  = 0x01
	Verified = 0x04
	Synced   = 0x08
	attested = 0x40
)

// Device is an authenticator with its browser. Its fields may be changed between two
// answers.
type Device struct {
	Site   string // the relying party's id that it signs
	Origin string // of the page, as its browser says
	Cross  bool   // the page is in a frame of another site
	Flags  byte   // Present and Verified at first
	Count  uint32 // of its next answer; it goes up by itself
	ID     []byte
	Handle []byte
	Type   string // instead of the ceremony's own, unless empty

	tb  testing.TB
	key *ecdsa.PrivateKey
}

// New returns a device for a site, whose passkey has a random id and counts from 1.
func New(tb testing.TB, site, origin string) *Device {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	id := make([]byte, 16)
	if _, err := rand.Read(id); err != nil {
		tb.Fatal(err)
	}
	return &Device{Site: site, Origin: origin, Flags: Present | Verified, Count: 1, ID: id, tb: tb, key: key}
}

// Make answers the making of the passkey, without an attestation.
func (d *Device) Make(challenge string, handle []byte) (client, attestation []byte) {
	d.tb.Helper()
	d.Handle = handle
	public, err := d.key.PublicKey.Bytes() // 04 ‖ x ‖ y
	if err != nil {
		d.tb.Fatal(err)
	}
	const aaguid, side = 16, 32
	data := append(d.data(attested), make([]byte, aaguid)...)
	data = append(data, byte(len(d.ID)>>8), byte(len(d.ID))) //nolint:gosec // the two bytes of a length
	data = append(append(data, d.ID...), d.encode(map[int]any{1: 2, 3: -7, -1: 1, -2: public[1 : 1+side], -3: public[1+side:]})...)
	return d.client("webauthn.create", challenge), d.encode(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data})
}

// Use answers a challenge to sign in.
func (d *Device) Use(challenge string) (client, data, signature []byte) {
	d.tb.Helper()
	client, data = d.client("webauthn.get", challenge), d.data(0)
	hash := sha256.Sum256(client)
	sum := sha256.Sum256(append(append([]byte{}, data...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, d.key, sum[:])
	if err != nil {
		d.tb.Fatal(err)
	}
	return client, data, signature
}

// data is authenticator data: hash of the site, flags, counter.
func (d *Device) data(also byte) []byte {
	site := sha256.Sum256([]byte(d.Site))
	data := binary.BigEndian.AppendUint32(append(site[:], d.Flags|also), d.Count)
	if d.Count > 0 {
		d.Count++
	}
	return data
}

func (d *Device) client(ceremony, challenge string) []byte {
	if d.Type != "" {
		ceremony = d.Type
	}
	text, err := json.Marshal(map[string]any{
		"type": ceremony, "challenge": base64.RawURLEncoding.EncodeToString([]byte(challenge)), "origin": d.Origin, "crossOrigin": d.Cross,
	})
	if err != nil {
		d.tb.Fatal(err)
	}
	return text
}

func (d *Device) encode(v any) []byte {
	b, err := cbor.Marshal(v)
	if err != nil {
		d.tb.Fatal(err)
	}
	return b
}
