package register_test

import (
	"context"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/stage/register"
)

var (
	contracts  = sinso.Contracts{ChainID: 31337, Identity: sinso.Address{1}, Assets: sinso.Address{2}, Exchange: sinso.Address{3}}
	patient    = secret(1)
	commitment = sinso.Hash{9}
)

// secret makes the n-th account's.
func secret(n int) (s [32]byte) {
	s[30], s[31] = byte(n>>8), byte(n)
	return s
}

func addressOf(t rapid.TB, secret [32]byte) sinso.Address {
	t.Helper()
	address, err := eip712.Address(secret)
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// TestASplitIsWholeAndSignedByEveryParty: the patient first, with what the others
// leave.
func TestASplitIsWholeAndSignedByEveryParty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		var others []register.Party
		left := 10_000
		for i := range rapid.IntRange(0, 8).Draw(r, "others") {
			bps := rapid.IntRange(1, 1200).Draw(r, "bps")
			others = append(others, register.Party{Secret: secret(i + 2), Bps: uint16(bps)})
			left -= bps
		}
		asset, err := register.Compose(contracts, commitment, patient, others...)
		if err != nil {
			r.Fatal(err)
		}
		sum := 0
		for _, share := range asset.Split {
			sum += int(share.Bps)
		}
		if sum != 10_000 || int(asset.Split[0].Bps) != left || asset.Creator != addressOf(r, patient) || asset.Split[0].Payee != asset.Creator || asset.Commitment != commitment {
			r.Errorf("got %+v", asset)
		}
		for i, other := range others {
			if asset.Split[i+1] != (sinso.Share{Payee: addressOf(r, other.Secret), Bps: other.Bps}) {
				r.Errorf("party %d: got %+v", i, asset.Split[i+1])
			}
		}
		token, err := register.Check(contracts, asset)
		want, _ := eip712.TokenID(asset)
		if err != nil || token != want {
			r.Errorf("Check: %s, %v", token, err)
		}
	})
}

func TestASplitThatTheContractRefusesIsNotMade(t *testing.T) {
	t.Parallel()
	many := make([]register.Party, sinso.MaxShares)
	for i := range many {
		many[i] = register.Party{Secret: secret(i + 2), Bps: 1}
	}
	for name, others := range map[string][]register.Party{
		"nothing is left":     {{Secret: secret(2), Bps: 10_000}},
		"less than nothing":   {{Secret: secret(2), Bps: 65535}, {Secret: secret(3), Bps: 65535}},
		"a share of zero":     {{Secret: secret(2)}},
		"too many":            many,
		"the patient twice":   {{Secret: patient, Bps: 1}},
		"a party twice":       {{Secret: secret(2), Bps: 1}, {Secret: secret(2), Bps: 1}},
		"a party without key": {{Bps: 1}},
	} {
		if asset, err := register.Compose(contracts, commitment, patient, others...); !errors.Is(err, sinso.ErrInvalid) || asset.Signatures != nil {
			t.Errorf("%s: got %v, want invalid", name, err)
		}
	}
	if _, err := register.Compose(contracts, commitment, patient, many[1:]...); err != nil {
		t.Errorf("as many as may be: %v", err)
	}
	if _, err := register.Compose(contracts, commitment, [32]byte{}); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("a patient without a key: %v", err)
	}
}

// TestCheckAsksForEverySignature: of each party, in its place, over this asset.
func TestCheckAsksForEverySignature(t *testing.T) {
	t.Parallel()
	compose := func(commitment sinso.Hash, contracts sinso.Contracts) sinso.Asset {
		asset, err := register.Compose(contracts, commitment, patient, register.Party{Secret: secret(2), Bps: 1000}, register.Party{Secret: secret(3), Bps: 500})
		if err != nil {
			t.Fatal(err)
		}
		return asset
	}
	otherChain, otherContract := contracts, contracts
	otherChain.ChainID, otherContract.Assets = 1, sinso.Address{9}
	for name, edit := range map[string]func(*sinso.Asset){
		"none":                     func(a *sinso.Asset) { a.Signatures = nil },
		"one missing":              func(a *sinso.Asset) { a.Signatures = a.Signatures[:2] },
		"one too many":             func(a *sinso.Asset) { a.Signatures = append(a.Signatures, a.Signatures[2]) },
		"two exchanged":            func(a *sinso.Asset) { a.Signatures[1], a.Signatures[2] = a.Signatures[2], a.Signatures[1] },
		"the patient's everywhere": func(a *sinso.Asset) { a.Signatures[1], a.Signatures[2] = a.Signatures[0], a.Signatures[0] },
		"an empty one":             func(a *sinso.Asset) { a.Signatures[1] = nil },
		"of another content":       func(a *sinso.Asset) { a.Signatures = compose(sinso.Hash{8}, contracts).Signatures },
		"of another chain":         func(a *sinso.Asset) { a.Signatures = compose(commitment, otherChain).Signatures },
		"of another contract":      func(a *sinso.Asset) { a.Signatures = compose(commitment, otherContract).Signatures },
		"another creator":          func(a *sinso.Asset) { a.Creator = a.Split[1].Payee },
		"shares moved":             func(a *sinso.Asset) { a.Split[0].Bps--; a.Split[1].Bps++ },
		"a payee replaced":         func(a *sinso.Asset) { a.Split[2].Payee = sinso.Address{7} },
		"a parent":                 func(a *sinso.Asset) { a.Parent = sinso.TokenID{1} },
		"no split":                 func(a *sinso.Asset) { a.Split, a.Signatures = nil, nil },
	} {
		asset := compose(commitment, contracts)
		edit(&asset)
		if token, err := register.Check(contracts, asset); !errors.Is(err, sinso.ErrCorrupt) && !errors.Is(err, sinso.ErrInvalid) || token != (sinso.TokenID{}) {
			t.Errorf("%s: got %s, %v", name, token, err)
		}
	}
}

// chain is a chain that answers as a test says; what it is not made for panics.
type chain struct {
	sinso.Chain
	token     func(asset sinso.Asset, owner sinso.Address) sinso.TokenID
	err       error
	asked     int
	owner     sinso.Address
	signature []byte
}

func (c *chain) Contracts() sinso.Contracts { return contracts }

func (c *chain) EnterIdentity(_ context.Context, owner sinso.Address, signature []byte) (sinso.TokenID, sinso.Tx, error) {
	c.asked++
	c.owner, c.signature = owner, signature
	return c.token(sinso.Asset{}, owner), sinso.Tx{Hash: sinso.Hash{5}, Gas: 6}, c.err
}

func (c *chain) EnterAsset(_ context.Context, asset sinso.Asset) (sinso.TokenID, sinso.Tx, error) {
	c.asked++
	return c.token(asset, sinso.Address{}), sinso.Tx{Hash: sinso.Hash{5}, Gas: 6}, c.err
}

func honest(asset sinso.Asset, owner sinso.Address) sinso.TokenID {
	if owner != (sinso.Address{}) {
		return eip712.IdentityToken(owner)
	}
	token, _ := eip712.TokenID(asset)
	return token
}

func liar(sinso.Asset, sinso.Address) sinso.TokenID { return sinso.TokenID{66} }

func TestEnterIdentityIsSignedByItsOwner(t *testing.T) {
	t.Parallel()
	c := &chain{token: honest}
	got, err := register.EnterIdentity(t.Context(), c, patient)
	owner := addressOf(t, patient)
	if want := (sinso.IdentityRegistered{Token: eip712.IdentityToken(owner), Owner: owner, Tx: sinso.Hash{5}, Gas: 6}); err != nil || got != want || c.owner != owner {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	signer, err := eip712.Recover(eip712.EntryDigest(eip712.Domain(contracts.Identity, contracts.ChainID), owner), c.signature)
	if err != nil || signer != owner {
		t.Errorf("signed by %s, %v", signer, err)
	}
	for name, tt := range map[string]struct {
		chain  *chain
		secret [32]byte
		class  error
	}{
		"another token": {&chain{token: liar}, patient, sinso.ErrCorrupt},
		"no chain":      {&chain{token: honest, err: sinso.ErrUnavailable}, patient, sinso.ErrUnavailable},
		"no key":        {&chain{token: honest}, [32]byte{}, sinso.ErrInvalid},
	} {
		if got, err := register.EnterIdentity(t.Context(), tt.chain, tt.secret); !errors.Is(err, tt.class) || got != (sinso.IdentityRegistered{}) {
			t.Errorf("%s: got %+v, %v, want %v", name, got, err, tt.class)
		}
	}
}

func TestEnterMintsWhatIsSignedAndNothingElse(t *testing.T) {
	t.Parallel()
	asset, err := register.Compose(contracts, commitment, patient, register.Party{Secret: secret(2), Bps: 1000})
	if err != nil {
		t.Fatal(err)
	}
	unsigned := asset
	unsigned.Signatures = nil
	c := &chain{token: honest}
	got, err := register.Enter(t.Context(), c, "r_x", asset)
	if want := (sinso.AssetRegistered{Release: "r_x", Token: honest(asset, sinso.Address{}), Tx: sinso.Hash{5}, Gas: 6}); err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	for name, tt := range map[string]struct {
		chain *chain
		asset sinso.Asset
		class error
		asked int
	}{
		"another token": {&chain{token: liar}, asset, sinso.ErrCorrupt, 1},
		"no chain":      {&chain{token: honest, err: sinso.ErrUnavailable}, asset, sinso.ErrUnavailable, 1},
		"not signed":    {&chain{token: honest}, unsigned, sinso.ErrInvalid, 0},
		"nothing":       {&chain{token: honest}, sinso.Asset{}, sinso.ErrInvalid, 0},
	} {
		if got, err := register.Enter(t.Context(), tt.chain, "r_x", tt.asset); !errors.Is(err, tt.class) || got != (sinso.AssetRegistered{}) || tt.chain.asked != tt.asked {
			t.Errorf("%s: got %+v, %v, asked %d times", name, got, err, tt.chain.asked)
		}
	}
}
