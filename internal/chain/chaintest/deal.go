package chaintest

import (
	"crypto/rand"
	"math/big"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/crypt/fee"
	"sinso.dev/sinso/internal/crypt/keybox"
)

// window is both time windows of an order; more than passes in a test by itself.
const window = 24 * time.Hour

// person is somebody with a secret and no money.
type person struct {
	secret  [32]byte
	address sinso.Address
}

func personOf(secret [32]byte) person {
	address, err := eip712.Address(secret)
	if err != nil {
		panic(err)
	}
	return person{secret: secret, address: address}
}

func somebody() person { return personOf(random()) }

// payer is somebody with money.
func (r Rig) payer(t *testing.T) person {
	t.Helper()
	return personOf(r.Account(t))
}

func random() (b [32]byte) {
	_, _ = rand.Read(b[:]) // never fails
	b[0] &= 0x7f           // below the group order of secp256k1
	return b
}

func (p person) sign(digest sinso.Hash) []byte {
	signature, err := eip712.Sign(p.secret, digest)
	if err != nil {
		panic(err)
	}
	return signature
}

func (r Rig) domain() sinso.Hash {
	at := r.Chain.Contracts()
	return eip712.Domain(at.Exchange, at.ChainID)
}

// asset is an asset of the payees, signed by all, not entered. The first is the
// creator; each other has 2,999 bps.
func (r Rig) asset(payees ...person) sinso.Asset {
	const other = 2999
	asset := sinso.Asset{Creator: payees[0].address, Commitment: random()}
	for _, payee := range payees {
		asset.Split = append(asset.Split, sinso.Share{Payee: payee.address, Bps: other})
	}
	asset.Split[0].Bps = uint16(10_000 - other*(len(payees)-1))
	r.signAsset(&asset, payees...)
	return asset
}

func (r Rig) signAsset(asset *sinso.Asset, payees ...person) {
	at := r.Chain.Contracts()
	digest, err := eip712.AssetDigest(eip712.Domain(at.Assets, at.ChainID), *asset)
	if err != nil {
		panic(err)
	}
	asset.Signatures = nil
	for _, payee := range payees {
		asset.Signatures = append(asset.Signatures, payee.sign(digest))
	}
}

// deal is one order and all that its two sides know.
type deal struct {
	asset     sinso.Asset
	seller    person
	order     sinso.Order
	hash      sinso.Hash // of the order
	signature []byte
	cek       sinso.CEK
	payload   sinso.CID
	secret    [32]byte // of fill.Key
	fill      sinso.Fill
	delivery  sinso.Delivery
}

// deal is what both sides bring to each call after the fill.
func (d *deal) deal() sinso.Deal {
	return sinso.Deal{Order: d.order, Fill: d.fill, Price: d.order.Price}
}

// trade names the trade.
func (r Rig) trade(d *deal) sinso.Hash {
	id, err := eip712.TradeID(r.domain(), d.deal())
	if err != nil {
		panic(err)
	}
	return id
}

// deal makes an order of an asset that is entered.
func (r Rig) deal(t *testing.T, asset sinso.Asset, seller person, price int64) *deal {
	t.Helper()
	token, err := eip712.TokenID(asset)
	ok(t, "token", err)
	now, err := r.Chain.Now(t.Context())
	ok(t, "now", err)
	d := &deal{asset: asset, seller: seller, cek: sinso.CEK(random())}
	id := random()
	d.payload = sinso.CIDOf(sinso.CodecRaw, id[:])
	cid, err := d.payload.Bytes()
	ok(t, "payload", err)
	commitment, err := fee.KeyCommitment(d.cek, d.payload)
	ok(t, "key commitment", err)
	d.order = sinso.Order{
		Seller: seller.address, Token: token, Price: wei(price), Floor: wei(price), Copies: 1, Purpose: random(),
		KeyCommitment: commitment, Payload: eip712.Keccak(cid), Terms: random(),
		EndsAt:        now.Truncate(time.Second).AddDate(50, 0, 0),
		DeliverWithin: uint32(window / time.Second), DisputeWithin: uint32(window / time.Second), Salt: random(),
	}
	r.sign(t, d)
	return d
}

// sign signs the order as it is now.
func (r Rig) sign(t *testing.T, d *deal) {
	t.Helper()
	var err error
	d.hash, err = eip712.OrderHash(r.domain(), d.order)
	ok(t, "order hash", err)
	d.signature = d.seller.sign(d.hash)
}

// entered is a deal over a new asset of the seller and another.
func (r Rig) entered(t *testing.T, price int64) (d *deal, doctor person) {
	t.Helper()
	seller, doctor := somebody(), somebody()
	asset := r.asset(seller, doctor)
	_, _, err := r.Chain.EnterAsset(t.Context(), asset)
	ok(t, "enter", err)
	return r.deal(t, asset, seller, price), doctor
}

// buy makes the buyer's side of a deal.
func (d *deal) buy(buyer person) {
	secret, key, err := keybox.NewKey(random())
	if err != nil {
		panic(err)
	}
	d.secret = secret
	d.fill = sinso.Fill{Buyer: buyer.address, Key: key, HPKEHash: random()}
}

func (r Rig) filled(t *testing.T, d *deal, buyer person) sinso.Tx {
	t.Helper()
	d.buy(buyer)
	tx, err := r.Chain.Fill(t.Context(), d.deal(), d.signature, buyer.secret)
	ok(t, "fill", err)
	return tx
}

// box makes the seller's delivery of a key, right or not.
func (r Rig) box(d *deal, cek sinso.CEK) {
	box, err := keybox.Seal(random(), d.fill.Key, r.trade(d), cek)
	if err != nil {
		panic(err)
	}
	d.delivery = sinso.Delivery{Trade: r.trade(d), GrantHash: random(), Box: box}
	d.delivery.Signature = d.seller.sign(eip712.DeliveryDigest(r.domain(), d.delivery))
}

func (r Rig) delivered(t *testing.T, d *deal, cek sinso.CEK, by person) sinso.Tx {
	t.Helper()
	r.box(d, cek)
	tx, err := r.Chain.Deliver(t.Context(), d.delivery, by.secret)
	ok(t, "deliver", err)
	return tx
}

func (r Rig) balance(t *testing.T, of sinso.Address) *big.Int {
	t.Helper()
	wei, err := r.Chain.Balance(t.Context(), of)
	ok(t, "balance", err)
	return wei.Int()
}

// withdraws checks that a withdrawal sends the payee so much, to the wei.
func (r Rig) withdraws(t *testing.T, payee sinso.Address, want int64, by person) sinso.Tx {
	t.Helper()
	before := r.balance(t, payee)
	tx, err := r.Chain.Withdraw(t.Context(), sinso.Address{}, payee, by.secret)
	ok(t, "withdraw", err)
	if got := new(big.Int).Sub(r.balance(t, payee), before); got.Cmp(big.NewInt(want)) != 0 {
		t.Errorf("withdraw: the payee received %d wei, want %d", got, want)
	}
	return tx
}

func (r Rig) state(t *testing.T, d *deal, want sinso.TradeState) sinso.Trade {
	t.Helper()
	trade, err := r.Chain.Trade(t.Context(), r.trade(d))
	ok(t, "trade", err)
	if trade.State != want {
		t.Errorf("trade: got state %d, want %d", trade.State, want)
	}
	return trade
}
