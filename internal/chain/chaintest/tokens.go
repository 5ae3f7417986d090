package chaintest

import (
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

func testIdentity(t *testing.T, r Rig) {
	at := r.Chain.Contracts()
	owner, forger := somebody(), somebody()
	digest := eip712.EntryDigest(eip712.Domain(at.Identity, at.ChainID), owner.address)
	_, _, err := r.Chain.EnterIdentity(t.Context(), owner.address, forger.sign(digest))
	is(t, "entry signed by another", err, sinso.ErrDenied)
	_, _, err = r.Chain.EnterIdentity(t.Context(), owner.address, nil)
	is(t, "entry without a signature", err, sinso.ErrInvalid)

	token, tx, err := r.Chain.EnterIdentity(t.Context(), owner.address, owner.sign(digest))
	ok(t, "enter", err)
	equal(t, "token", token, eip712.IdentityToken(owner.address))
	again, txAgain, err := r.Chain.EnterIdentity(t.Context(), owner.address, owner.sign(digest))
	same(t, "enter", tx, txAgain, err)
	equal(t, "token again", again, token)
}

func testOnePayee(t *testing.T, r Rig)  { testEnter(t, r, somebody()) }
func testTwoPayees(t *testing.T, r Rig) { testEnter(t, r, somebody(), somebody()) }

func testEnter(t *testing.T, r Rig, payees ...person) {
	t.Helper()
	asset := r.asset(payees...)
	want, err := eip712.TokenID(asset)
	ok(t, "token", err)
	token, tx, err := r.Chain.EnterAsset(t.Context(), asset)
	ok(t, "enter", err)
	equal(t, "token", token, want)
	owner, err := r.Chain.Owner(t.Context(), token)
	ok(t, "owner", err)
	equal(t, "owner", owner, asset.Creator)
	again, txAgain, err := r.Chain.EnterAsset(t.Context(), asset)
	same(t, "enter", tx, txAgain, err)
	equal(t, "token again", again, token)
}

func testSignatures(t *testing.T, r Rig) {
	creator, doctor := somebody(), somebody()
	asset := r.asset(creator, doctor)
	asset.Signatures = asset.Signatures[:1]
	_, _, err := r.Chain.EnterAsset(t.Context(), asset)
	is(t, "a signature missing", err, sinso.ErrInvalid)
	r.signAsset(&asset, creator, creator)
	_, _, err = r.Chain.EnterAsset(t.Context(), asset)
	is(t, "a signature forged", err, sinso.ErrDenied)
	r.signAsset(&asset, doctor, creator)
	_, _, err = r.Chain.EnterAsset(t.Context(), asset)
	is(t, "signatures in another order", err, sinso.ErrDenied)
	asset.Split[1].Bps++
	_, _, err = r.Chain.EnterAsset(t.Context(), asset)
	is(t, "a split of more than the whole", err, sinso.ErrInvalid)
	asset = r.asset(creator, doctor)
	asset.Creator = doctor.address
	_, _, err = r.Chain.EnterAsset(t.Context(), asset)
	is(t, "a creator that is not the first payee", err, sinso.ErrInvalid)
}

func testParent(t *testing.T, r Rig) {
	creator := somebody()
	first, _, err := r.Chain.EnterAsset(t.Context(), r.asset(creator))
	ok(t, "enter the parent", err)
	version := r.asset(creator)
	version.Parent = first
	r.signAsset(&version, creator)
	_, tx, err := r.Chain.EnterAsset(t.Context(), version)
	ok(t, "enter the version", err)
	_, again, err := r.Chain.EnterAsset(t.Context(), version)
	same(t, "enter the version", tx, again, err)

	version.Parent = sinso.TokenID{}
	r.signAsset(&version, creator)
	_, _, err = r.Chain.EnterAsset(t.Context(), version)
	is(t, "the same without its parent", err, sinso.ErrDenied)
	orphan := r.asset(creator)
	orphan.Parent = random()
	r.signAsset(&orphan, creator)
	_, _, err = r.Chain.EnterAsset(t.Context(), orphan)
	is(t, "a parent that does not exist", err, sinso.ErrInvalid)
}

func testUnknownToken(t *testing.T, r Rig) {
	_, err := r.Chain.Owner(t.Context(), random())
	is(t, "owner", err, sinso.ErrNotFound)
}

// testSettle: what a call has answered for is settled.
func testSettle(t *testing.T, rig Rig) {
	_, _, err := rig.Chain.EnterAsset(t.Context(), rig.asset(somebody()))
	ok(t, "enter", err)
	for range 2 {
		if err := rig.Chain.Settle(t.Context(), func(left uint64) { t.Errorf("waits for %d, when what was sent is confirmed", left) }); err != nil {
			t.Fatal(err)
		}
	}
}
