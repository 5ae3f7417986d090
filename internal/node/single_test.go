package node

import (
	"crypto/rand"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/crypt/keybox"
	"sinso.dev/sinso/internal/stage/act/auction"
	"sinso.dev/sinso/internal/stage/act/panel"
)

// solo is the creator of assets who is their only payee. The node's account of who carries them pays.
type solo struct {
	carrier actor
	secret  [32]byte
}

func (a solo) address() sinso.Address {
	at, err := eip712.Address(a.secret)
	if err != nil {
		a.carrier.t.Fatal(err)
	}
	return at
}

func (a solo) carried(value sinso.Wei, contract, method string, args ...any) {
	t := a.carrier.t
	t.Helper()
	deed := sinso.Deed{Doing: "test", Value: value, Call: sinso.Call{Contract: contract, Method: method, Args: args}}
	if _, err := a.carrier.n.Deeds.Do(t.Context(), random(t), deed, [32]byte{}); err != nil {
		t.Fatalf("%s.%s: %v", contract, method, err)
	}
}

func random(t *testing.T) (h sinso.Hash) {
	t.Helper()
	if _, err := rand.Read(h[:]); err != nil {
		t.Fatal(err)
	}
	return h
}

func (a solo) domain(contract string) sinso.Hash {
	t := a.carrier.t
	t.Helper()
	at, err := a.carrier.n.Deeds.At(contract)
	if err != nil {
		t.Fatal(err)
	}
	return eip712.Domain(at, a.carrier.n.Chain.Contracts().ChainID)
}

// signs makes the signature of a text for a contract, and says its digest.
func (a solo) signs(contract, encodeType string, members ...any) (digest sinso.Hash, signature []byte) {
	t := a.carrier.t
	t.Helper()
	structure, err := eip712.Struct(encodeType, members...)
	if err == nil {
		digest = eip712.Digest(a.domain(contract), structure)
		signature, err = eip712.Sign(a.secret, digest)
	}
	if err != nil {
		t.Fatal(err)
	}
	return digest, signature
}

// entersInBulk enters an asset out of a batch of one: EnteredSingle if it has no parent, else Entered without a split.
func (a solo) entersInBulk(content, parent sinso.Hash) sinso.TokenID {
	t := a.carrier.t
	t.Helper()
	token, err := eip712.TokenID(sinso.Asset{Creator: a.address(), Commitment: content, Split: []sinso.Share{{Payee: a.address(), Bps: 10_000}}})
	if err != nil {
		t.Fatal(err)
	}
	leaf := eip712.Keccak(token[:], parent[:])
	_, signature := a.signs("Assets", "Batch(bytes32 root)", eip712.Keccak(leaf[:]))
	r, vs := sinso.Hash(signature[:32]), sinso.Hash(signature[32:64])
	vs[0] |= (signature[64] - 27) << 7 // EIP-2098
	a.carried(sinso.Wei{}, "Assets", "materialiseSingle", a.address(), content, parent, r, vs, []sinso.Hash{})
	return token
}

// auctions opens an auction of a token from 1 wei up, as sinso auction open does for assets of a node's own.
func (a solo) auctions(token sinso.TokenID, starts time.Time) sinso.Hash {
	t := a.carrier.t
	t.Helper()
	at := func(contract string) sinso.Address {
		address, err := a.carrier.n.Deeds.At(contract)
		if err != nil {
			t.Fatal(err)
		}
		return address
	}
	ends, one := starts.Add(24*time.Hour), wei("1")
	_, permit := a.signs("Assets", "Permit(address spender,uint256 tokenId,uint256 nonce,uint256 deadline)", at("Exchange"), token, sinso.Hash{}, ends)
	a.carried(sinso.Wei{}, "Assets", "permit", at("Exchange"), token, ends, permit)
	sale := struct {
		Seller, Taker, Collection sinso.Address
		TokenID                   sinso.TokenID
		Currency                  sinso.Address
		Price, Floor              sinso.Wei
		StartsAt                  uint64
		EndsAt                    time.Time
		Salt                      sinso.Hash
	}{a.address(), at("Auctions"), at("Assets"), token, sinso.Address{}, one, one, 0, ends.Add(9 * day), random(t)} // as another program may count
	order, bySale := a.signs("Exchange",
		"Sale(address seller,address taker,address collection,uint256 tokenId,address currency,uint256 price,uint256 floor,uint64 startsAt,uint64 endsAt,uint256 salt)",
		sale.Seller, sale.Taker, sale.Collection, sale.TokenID, sale.Currency, sale.Price, sale.Floor, sale.StartsAt, sale.EndsAt, sale.Salt)
	terms := auction.Terms{Seller: a.address(), OrderHash: order, Reserve: one, StepBps: 500, StartsAt: starts, EndsAt: ends, Extension: 600}
	id, signature := a.signs("Auctions",
		"Auction(address seller,bytes32 orderHash,address currency,uint256 reserve,uint32 stepBps,uint64 startsAt,uint64 endsAt,uint32 extension)",
		terms.Seller, terms.OrderHash, terms.Currency, terms.Reserve, terms.StepBps, terms.StartsAt, terms.EndsAt, terms.Extension)
	a.carried(sinso.Wei{}, "Auctions", "openSale", terms, signature, sale, bySale)
	return id
}

// TestAnAssetOfItsCreatorAloneIsAuctioned settles and divides auctions of assets whose entry names no split.
func TestAnAssetOfItsCreatorAloneIsAuctioned(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	bidder := d.company(ether(10))
	a := solo{bidder, [32]byte{31: 5}}
	first := a.entersInBulk(fill(0xc1), sinso.Hash{})
	tokens := []sinso.TokenID{first, a.entersInBulk(fill(0xc2), first)} // the second is a version of the first
	starts := d.clock.Now().Add(time.Hour).Truncate(time.Second)
	lots := make([]string, len(tokens))
	for i, token := range tokens {
		lots[i] = a.auctions(token, starts).String()
	}
	d.clock.jump(61 * time.Minute)
	for _, lot := range lots {
		bidder.do(nil, "auction bid", "auction", lot, "amount", "1000")
	}
	d.clock.jump(2 * day)
	for i, token := range tokens {
		var now auction.Shown
		bidder.do(&now, "auction settle", "auction", lots[i])
		bidder.do(nil, "auction share", "token", token.String())
		var paid auction.Withdrawn
		bidder.do(&paid, "auction pay", "token", token.String(), "payee", a.address().String())
		if now.State != "settled" || paid.Amount.String() != "1000" || paid.To != a.address() {
			t.Errorf("asset %d: %+v, paid %+v; want the whole price with its creator", i, now, paid)
		}
		var owner sinso.Address
		if bidder.chainAsks(&owner, "Assets", "ownerOf", token); owner != bidder.account() {
			t.Errorf("asset %d is of %s", i, owner)
		}
	}
	for _, none := range []sinso.Hash{fill(0x11), sinso.AnyAddress()} {
		bidder.refused(sinso.ErrNotFound, "no such asset", "auction share", "token", none.String())
		bidder.refused(sinso.ErrNotFound, "no such auction", "auction settle", "auction", none.String())
	}
}

// TestAPanelDecidesOnAnAssetOfItsCreatorAlone carries a verdict for the seller of an asset whose entry names no split,
// and halves the price of another.
func TestAPanelDecidesOnAnAssetOfItsCreatorAlone(t *testing.T) {
	t.Parallel()
	h := newHearing(t)
	a := solo{h.payer, [32]byte{31: 6}}
	first := a.entersInBulk(fill(0xc1), sinso.Hash{})
	judged := a.disputed(first, h.at())
	halved := a.disputed(a.entersInBulk(fill(0xc2), first), h.at())
	for _, m := range h.members[:2] {
		m.do(nil, "panel vote", "trade", judged, "for", "seller")
	}
	var moved panel.Moved
	h.members[0].do(&moved, "panel carry", "trade", judged)
	if owed := h.owed("Exchange", sinso.Address{}, a.address()); moved.State != "released" || owed != "1000" {
		t.Errorf("carried: %+v, and the creator is owed %s; want the 1000", moved, owed)
	}
	h.clock.jump(15 * day)
	h.members[0].do(&moved, "panel halve", "trade", halved)
	if owed := h.owed("Exchange", sinso.Address{}, a.address()); moved.State != "halved" || owed != "1500" {
		t.Errorf("halved: %+v, and the creator is owed %s; want 1500", moved, owed)
	}
}

// disputed sells a licence of a token for 1000 wei to who carries, delivers nothing that is one, and disputes that.
func (a solo) disputed(token sinso.TokenID, judges sinso.Address) string {
	t, n := a.carrier.t, a.carrier.n
	t.Helper()
	ctx, payer := t.Context(), must[[32]byte](t)(a.carrier.n.Account(t.Context()))
	_, key, err := keybox.NewKey(random(t))
	if err != nil {
		t.Fatal(err)
	}
	deal := sinso.Deal{
		Order: sinso.Order{
			Seller: a.address(), Token: token, Panel: judges, Price: wei("1000"), Floor: wei("1000"), Copies: 1,
			EndsAt:        must[time.Time](t)(n.Chain.Now(ctx)).Truncate(time.Second).Add(day),
			DeliverWithin: 86400, DisputeWithin: 86400, KeyCommitment: random(t), Payload: random(t), Salt: random(t),
		},
		Fill: sinso.Fill{Buyer: a.carrier.account(), Key: key, HPKEHash: random(t)}, Price: wei("1000"),
	}
	order := must[sinso.Hash](t)(eip712.OrderHash(a.domain("Exchange"), deal.Order))
	must[sinso.Tx](t)(n.Chain.Fill(ctx, deal, must[[]byte](t)(eip712.Sign(a.secret, order)), payer))
	trade := must[sinso.Hash](t)(eip712.TradeID(a.domain("Exchange"), deal))
	box := must[sinso.KeyBox](t)(keybox.Seal(random(t), key, trade, sinso.CEK(random(t))))
	delivery := sinso.Delivery{Trade: trade, GrantHash: random(t), Box: box}
	delivery.Signature = must[[]byte](t)(eip712.Sign(a.secret, eip712.DeliveryDigest(a.domain("Exchange"), delivery)))
	must[sinso.Tx](t)(n.Chain.Deliver(ctx, delivery, payer))
	bought := struct {
		Buyer      sinso.Address
		Price      sinso.Wei
		KeyX, KeyY sinso.Hash
	}{deal.Fill.Buyer, deal.Price, key.X, key.Y}
	a.carried(wei(panelFee), "Exchange", "dispute", deal.Order, bought, random(t), []byte{})
	return trade.String()
}
