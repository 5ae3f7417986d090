// Package consent has the acts of grants: a person allows another to read something, signed
// and carried by whom it allows, and takes it back on the chain.
package consent

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// What is signed, as Consent.sol has it.
const (
	grantType = "Grant(address grantor,address grantee,bytes32 scope,bytes32 purpose," +
		"uint64 from,uint64 until,uint64 epoch,bytes32 salt)"
	revocationType = "Revocation(bytes32 grantHash)"
	revokeAllType  = "RevokeAll(address grantor,uint64 epoch)"
)

// Grant is what a person allows another.
type Grant struct {
	Grantor sinso.Address `json:"grantor"`
	Grantee sinso.Address `json:"grantee"`
	Scope   sinso.Hash    `json:"scope"`   // salted hash of what may be read
	Purpose sinso.Hash    `json:"purpose"` // salted hash of what for
	From    time.Time     `json:"from"`    // first moment
	Until   time.Time     `json:"until"`   // last moment
	Epoch   uint64        `json:"epoch"`   // of the grantor, when it was signed
	Salt    sinso.Hash    `json:"salt"`
}

// Signed is a grant with its hash, which revoking names, and the grantor's signature: what
// the grantee keeps and shows.
type Signed struct {
	Hash      sinso.Hash `json:"hash"`
	Grant     Grant      `json:"grant"`
	Signature string     `json:"signature"` // hex with 0x
}

// Acts returns the acts of this package.
func Acts() []sinso.Act {
	person := sinso.Param{Name: "person", Kind: sinso.KindText, Needed: true, Help: "whose account for this contract acts"}
	at := sinso.Param{Name: "at", Kind: sinso.KindAddress, Needed: true, Help: "the contract Consent: the person has an account for it alone"}
	return []sinso.Act{
		{
			Noun: "consent", Verb: "grant", Who: sinso.ActsMember, Short: "Sign for a person that another account may read something, until then",
			Long: "Nothing goes to the chain: give what is printed to whom it allows something. Scope and purpose are salted hashes,\n" +
				"so that nobody finds by trying what they are of.",
			Params: []sinso.Param{
				person, at,
				{Name: "to", Kind: sinso.KindAddress, Needed: true, Help: "who is allowed"},
				{Name: "scope", Kind: sinso.KindHash, Needed: true, Help: "salted hash of what may be read"},
				{Name: "purpose", Kind: sinso.KindHash, Needed: true, Help: "salted hash of what for"},
				{Name: "from", Kind: sinso.KindTime, Help: "first moment (default: now)"},
				{Name: "until", Kind: sinso.KindTime, Needed: true, Help: "last moment"},
			},
			Ask: grant, Signs: "Grant",
		},
		{
			Noun: "consent", Verb: "check", Short: "What a signed grant is worth now",
			Params: []sinso.Param{{Name: "grant", Kind: sinso.KindText, Needed: true, Help: "what grant printed with --json"}},
			Ask:    check,
		},
		{
			Noun: "consent", Verb: "revoke", Who: sinso.ActsMember, Short: "Take back one grant of a person, for ever",
			Long:   "The node carries it and pays, within its limits of an hour and a day, of which it keeps a part for this. No pause stops it.",
			Params: []sinso.Param{person, at, {Name: "hash", Kind: sinso.KindHash, Needed: true, Help: "the grant's, as grant printed it"}},
			Draft:  revoke,
		},
		{
			Noun: "consent", Verb: "revoke-all", Who: sinso.ActsMember, Short: "Take back all grants that a person has signed until now, known or not",
			Long: "The node carries it and pays, within its limits of an hour and a day, of which it keeps a part for this. No pause stops it.",
			Params: []sinso.Param{
				person, at,
				{Name: "epoch", Kind: sinso.KindNumber, Needed: true, Help: "the epoch that ends, as epoch says it: said twice it ends once"},
			},
			Draft: revokeAll,
		},
		{
			Noun: "consent", Verb: "epoch", Who: sinso.ActsMember, Short: "The epoch of a person's grants: those of another are worth nothing",
			Params: []sinso.Param{person, at}, Ask: epoch,
		},
	}
}

func call(method string, args ...any) sinso.Call {
	return sinso.Call{Contract: "Consent", Method: method, Args: args}
}

// place looks that the account that acts is the one for Consent: another contract's would
// tie the person's doings together.
func place(desk sinso.Desk, given sinso.Given) (sinso.Address, error) {
	at, err := desk.At("Consent")
	if err == nil && at != sinso.Of[sinso.Address](given, "at") {
		err = fmt.Errorf("consent: the contract Consent stands at %s: %w", at, sinso.ErrInvalid)
	}
	return at, err
}

// epochOf asks first, so that the embedded chain has the contract.
func epochOf(ctx context.Context, desk sinso.Desk, grantor sinso.Address) (n uint64, err error) {
	err = desk.Ask(ctx, call("epochOf", grantor), &n)
	return n, err
}

func epoch(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	n, err := epochOf(ctx, desk, desk.Actor())
	if err != nil {
		return nil, err
	}
	_, err = place(desk, given)
	return struct {
		Grantor sinso.Address `json:"grantor"`
		Epoch   uint64        `json:"epoch"`
	}{desk.Actor(), n}, err
}

func grant(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	g := Grant{
		Grantor: desk.Actor(), Grantee: sinso.Of[sinso.Address](given, "to"),
		Scope: sinso.Of[sinso.Hash](given, "scope"), Purpose: sinso.Of[sinso.Hash](given, "purpose"),
		From: sinso.Of[time.Time](given, "from").UTC(), Until: sinso.Of[time.Time](given, "until").UTC(),
	}
	now := desk.Now().UTC().Truncate(time.Second)
	if _, ok := given["from"]; !ok {
		g.From = now
	}
	if g.Until.Before(g.From) || g.Until.Before(now) {
		return nil, fmt.Errorf("consent: the last moment is before the first, or over: %w", sinso.ErrInvalid)
	}
	var err error
	if g.Epoch, err = epochOf(ctx, desk, g.Grantor); err != nil {
		return nil, err
	}
	if g.Salt, err = desk.Salt(); err != nil {
		return nil, err
	}
	at, err := place(desk, given)
	if err != nil {
		return nil, err
	}
	hash, err := hashOf(desk.Domain(at), g)
	if err != nil {
		return nil, err
	}
	signature, err := desk.Sign(hash)
	return Signed{Hash: hash, Grant: g, Signature: "0x" + hex.EncodeToString(signature)}, err
}

// hashOf returns what is signed of a grant, for the contract of a domain.
func hashOf(domain sinso.Hash, g Grant) (sinso.Hash, error) {
	structure, err := eip712.Struct(grantType, g.Grantor, g.Grantee, g.Scope, g.Purpose, g.From, g.Until, g.Epoch, g.Salt)
	return eip712.Digest(domain, structure), err
}

// The contract's answers, by their numbers.
var standings = []string{"not signed", "not yet", "over", "revoked", "open"}

// Checked is what a grant is worth.
type Checked struct {
	Hash     sinso.Hash `json:"hash"` // of the grant as the contract counts it
	Standing string     `json:"standing"`
	Opens    bool       `json:"opens"`
}

func check(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	signed, signature, err := readSigned(sinso.Of[string](given, "grant"))
	if err != nil {
		return nil, err
	}
	var standing uint8
	if err := desk.Ask(ctx, call("standing", signed.Grant, signature), &standing); err != nil {
		return nil, err
	}
	if int(standing) >= len(standings) {
		return nil, fmt.Errorf("consent: the contract says a standing that is none: %w", sinso.ErrCorrupt)
	}
	out := Checked{Standing: standings[standing], Opens: standings[standing] == "open"}
	err = desk.Ask(ctx, call("hashGrant", signed.Grant), &out.Hash)
	return out, err
}

// readSigned reads a grant that a stranger gave.
func readSigned(text string) (signed Signed, signature []byte, err error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(&signed)
	if err == nil && len(bytes.TrimSpace([]byte(text[decoder.InputOffset():]))) == 0 {
		signature, err = hex.DecodeString(strings.TrimPrefix(signed.Signature, "0x"))
		if err == nil && signed.Grant.From.Unix() >= 0 && signed.Grant.Until.Unix() >= 0 {
			return signed, signature, nil
		}
	}
	return signed, nil, fmt.Errorf("consent: this is no signed grant as sinso consent grant prints it: %w", sinso.ErrInvalid)
}

func revoke(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	hash := sinso.Of[sinso.Hash](given, "hash")
	structure, err := eip712.Struct(revocationType, hash)
	if err != nil {
		return sinso.Draft{}, err
	}
	return carried(ctx, desk, given, structure, "revoke a grant", call("revoke", hash), "revokeFor", hash)
}

func revokeAll(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	n := sinso.Of[uint64](given, "epoch")
	structure, err := eip712.Struct(revokeAllType, desk.Actor(), n)
	if err != nil {
		return sinso.Draft{}, err
	}
	return carried(ctx, desk, given, structure, "revoke all grants", call("revokeAll"), "revokeAllFor", n)
}

// carried is a draft of one call that the person signs and the node carries.
func carried(ctx context.Context, desk sinso.Desk, given sinso.Given, structure sinso.Hash, doing string, own sinso.Call, method string, arg any) (sinso.Draft, error) {
	if _, err := epochOf(ctx, desk, desk.Actor()); err != nil {
		return sinso.Draft{}, err
	}
	at, err := place(desk, given)
	if err != nil {
		return sinso.Draft{}, err
	}
	signature, err := desk.Sign(eip712.Digest(desk.Domain(at), structure))
	step := sinso.Step{Deed: sinso.Deed{Doing: doing, Call: call(method, desk.Actor(), arg, signature)}, Own: &own, Revokes: true}
	return sinso.Draft{Steps: []sinso.Step{step}}, err
}
