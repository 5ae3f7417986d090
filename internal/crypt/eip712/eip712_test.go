package eip712_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"flag"
	"math/big"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/common/math"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/signer/core/apitypes"
	"pgregory.net/rapid"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/crypt/vectortest"
)

var update = flag.Bool("update", false, "rewrite the vectors that this package makes")

// oracle computes the digest of a struct with go-ethereum's own EIP-712.
func oracle(t rapid.TB, contract sinso.Address, chainID uint64, primary string, fields []apitypes.Type, message apitypes.TypedDataMessage) sinso.Hash {
	t.Helper()
	data := apitypes.TypedData{
		Types: apitypes.Types{
			"EIP712Domain": {{Name: "name", Type: "string"}, {Name: "version", Type: "string"}, {Name: "chainId", Type: "uint256"}, {Name: "verifyingContract", Type: "address"}},
			primary:        fields,
		},
		PrimaryType: primary,
		Domain: apitypes.TypedDataDomain{
			Name: "SINSO", Version: "1", ChainId: (*math.HexOrDecimal256)(new(big.Int).SetUint64(chainID)), VerifyingContract: contract.String(),
		},
		Message: message,
	}
	digest, _, err := apitypes.TypedDataAndHash(data)
	if err != nil {
		t.Fatal(err)
	}
	return sinso.Hash(digest)
}

// fieldsOf reads "address owner,uint64 endsAt".
func fieldsOf(text string) []apitypes.Type {
	var fields []apitypes.Type
	for part := range strings.SplitSeq(text, ",") {
		kind, name, _ := strings.Cut(part, " ")
		fields = append(fields, apitypes.Type{Name: name, Type: kind})
	}
	return fields
}

func drawHash(r *rapid.T, name string) (h sinso.Hash) {
	copy(h[:], rapid.SliceOfN(rapid.Byte(), len(h), len(h)).Draw(r, name))
	return h
}

func drawAddress(r *rapid.T, name string) (a sinso.Address) {
	copy(a[:], rapid.SliceOfN(rapid.Byte(), len(a), len(a)).Draw(r, name))
	return a
}

func decimal(v uint64) string { return strconv.FormatUint(v, 10) }

// TestDigestsAreThoseOfTheOracle compares every struct with go-ethereum's signer.
func TestDigestsAreThoseOfTheOracle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		contract, chainID := drawAddress(r, "contract"), rapid.Uint64().Draw(r, "chain")
		domain := eip712.Domain(contract, chainID)
		order := sinso.Order{
			Seller: drawAddress(r, "seller"), Taker: drawAddress(r, "taker"), Token: drawHash(r, "token"),
			Currency: drawAddress(r, "currency"), Panel: drawAddress(r, "panel"), Copies: rapid.Uint32().Draw(r, "copies"),
			Term: rapid.Uint32().Draw(r, "term"), Transferable: rapid.Bool().Draw(r, "transferable"), Purpose: drawHash(r, "purpose"),
			Floor:         sinso.NewWei(new(big.Int).SetBytes(rapid.SliceOfN(rapid.Byte(), 0, 32).Draw(r, "floor"))),
			StartsAt:      time.Unix(rapid.Int64Range(0, 1<<40).Draw(r, "starts"), 0).UTC(),
			Price:         sinso.NewWei(new(big.Int).SetBytes(rapid.SliceOfN(rapid.Byte(), 0, 32).Draw(r, "price"))),
			KeyCommitment: drawHash(r, "key"), Payload: drawHash(r, "payload"), Terms: drawHash(r, "terms"),
			EndsAt:        time.Unix(rapid.Int64Range(0, 1<<40).Draw(r, "ends"), 0).UTC(),
			DeliverWithin: rapid.Uint32().Draw(r, "deliver"), DisputeWithin: rapid.Uint32().Draw(r, "dispute"), Salt: drawHash(r, "salt"),
		}
		orderHash, err := eip712.OrderHash(domain, order)
		if err != nil {
			r.Fatal(err)
		}
		delivery := sinso.Delivery{Trade: orderHash, GrantHash: drawHash(r, "grant"), Box: sinso.KeyBox{Ephemeral: sinso.Point{X: drawHash(r, "x"), Y: drawHash(r, "y")}, Masked: drawHash(r, "masked")}}
		asset := sinso.Asset{Creator: drawAddress(r, "creator"), Commitment: drawHash(r, "content"), Parent: drawHash(r, "parent"), Split: []sinso.Share{{Payee: sinso.Address{1}, Bps: 7000}, {Payee: sinso.Address{2}, Bps: 3000}}}
		assetDigest, err := eip712.AssetDigest(domain, asset)
		if err != nil {
			r.Fatal(err)
		}
		splitHash, err := eip712.SplitHash(asset.Split)
		if err != nil {
			r.Fatal(err)
		}
		a, b := drawHash(r, "a"), drawHash(r, "b")
		uint256 := func(h sinso.Hash) string { return new(big.Int).SetBytes(h[:]).String() }
		for name, tt := range map[string]struct {
			got     sinso.Hash
			fields  string
			message apitypes.TypedDataMessage
		}{
			"Entry": {eip712.EntryDigest(domain, asset.Creator), "address owner", apitypes.TypedDataMessage{"owner": asset.Creator.String()}},
			"Asset": {assetDigest, "address creator,bytes32 contentCommitment,bytes32 splitHash,bytes32 parent", apitypes.TypedDataMessage{
				"creator": asset.Creator.String(), "contentCommitment": asset.Commitment.String(), "splitHash": splitHash.String(), "parent": asset.Parent.String(),
			}},
			"Offer": {orderHash, "address seller,address taker,uint256 tokenId,address currency,address panel,uint256 price,uint256 floor,uint64 startsAt,uint64 endsAt,uint32 copies,uint32 deliverWithin,uint32 disputeWithin,uint32 term,bool transferable,bytes32 keyCommitment,bytes32 payloadHash,bytes32 termsHash,bytes32 purposeHash,uint256 salt", apitypes.TypedDataMessage{
				"seller": order.Seller.String(), "taker": order.Taker.String(), "tokenId": uint256(order.Token), "currency": order.Currency.String(), "panel": order.Panel.String(),
				"price": order.Price.String(), "floor": order.Floor.String(), "startsAt": strconv.FormatInt(order.StartsAt.Unix(), 10), "endsAt": strconv.FormatInt(order.EndsAt.Unix(), 10),
				"copies": decimal(uint64(order.Copies)), "deliverWithin": decimal(uint64(order.DeliverWithin)), "disputeWithin": decimal(uint64(order.DisputeWithin)),
				"term": decimal(uint64(order.Term)), "transferable": order.Transferable, "keyCommitment": order.KeyCommitment.String(),
				"payloadHash": order.Payload.String(), "termsHash": order.Terms.String(), "purposeHash": order.Purpose.String(), "salt": uint256(order.Salt),
			}},
			"Delivery": {eip712.DeliveryDigest(domain, delivery), "bytes32 orderHash,bytes32 grantHash,uint256 ephemeralX,uint256 ephemeralY,bytes32 masked", apitypes.TypedDataMessage{
				"orderHash": orderHash.String(), "grantHash": delivery.GrantHash.String(), "ephemeralX": uint256(delivery.Box.Ephemeral.X), "ephemeralY": uint256(delivery.Box.Ephemeral.Y), "masked": delivery.Box.Masked.String(),
			}},
			"Cancel":     {eip712.CancelDigest(domain, a), "bytes32 orderHash", apitypes.TypedDataMessage{"orderHash": a.String()}},
			"Revoke":     {eip712.RevokeDigest(domain, a), "bytes32 tradeId", apitypes.TypedDataMessage{"tradeId": a.String()}},
			"KeyRequest": {eip712.KeyRequestDigest(domain, a, b), "bytes32 tradeId,bytes32 hpkeHash", apitypes.TypedDataMessage{"tradeId": a.String(), "hpkeHash": b.String()}},
			"Work":       {eip712.WorkDigest(domain, a), "bytes32 contentHash", apitypes.TypedDataMessage{"contentHash": a.String()}},
		} {
			if want := oracle(r, contract, chainID, name, fieldsOf(tt.fields), tt.message); tt.got != want {
				r.Errorf("%s: got %s, want %s", name, tt.got, want)
			}
		}
	})
}

// abiHash is keccak256(abi.encode(…)) by go-ethereum's ABI package.
func abiHash(t *testing.T, types []string, values ...any) sinso.Hash {
	t.Helper()
	var arguments abi.Arguments
	for _, name := range types {
		kind, err := abi.NewType(name, "", []abi.ArgumentMarshaling{{Name: "payee", Type: "address"}, {Name: "bps", Type: "uint16"}})
		if err != nil {
			t.Fatal(err)
		}
		arguments = append(arguments, abi.Argument{Type: kind})
	}
	encoded, err := arguments.Pack(values...)
	if err != nil {
		t.Fatal(err)
	}
	return sinso.Hash(crypto.Keccak256Hash(encoded))
}

func TestTokenIDsAreThoseOfTheABI(t *testing.T) {
	t.Parallel()
	type share struct {
		Payee common.Address
		Bps   uint16
	}
	for _, n := range []int{1, 2, sinso.MaxShares} {
		asset := sinso.Asset{Creator: sinso.Address{9}, Commitment: sinso.Hash{8}, Parent: sinso.Hash{7}}
		var shares []share
		for i := range n {
			bps := uint16(10)
			if i == 0 {
				bps = uint16(10_000 - 10*(n-1))
			}
			payee := sinso.Address{byte(i + 1)}
			asset.Split = append(asset.Split, sinso.Share{Payee: payee, Bps: bps})
			shares = append(shares, share{common.Address(payee), bps})
		}
		split, err := eip712.SplitHash(asset.Split)
		if want := abiHash(t, []string{"tuple[]"}, shares); err != nil || split != want {
			t.Errorf("split of %d: got %s, %v, want %s", n, split, err, want)
		}
		domain := crypto.Keccak256Hash([]byte("sinso/asset/v1"))
		token, err := eip712.TokenID(asset)
		if want := abiHash(t, []string{"bytes32", "address", "bytes32", "bytes32"}, domain, common.Address(asset.Creator), asset.Commitment, split); err != nil || token != want {
			t.Errorf("token of %d shares: got %s, %v, want %s", n, token, err, want)
		}
	}
	domain := crypto.Keccak256Hash([]byte("sinso/identity/v1"))
	if got, want := eip712.IdentityToken(sinso.Address{9}), abiHash(t, []string{"bytes32", "address"}, domain, common.Address{9}); got != want {
		t.Errorf("identity: got %s, want %s", got, want)
	}
}

func TestASplitThatTheContractRefusesHasNoHash(t *testing.T) {
	t.Parallel()
	a, b := sinso.Address{1}, sinso.Address{2}
	many := make([]sinso.Share, sinso.MaxShares+1)
	for i := range many {
		many[i] = sinso.Share{Payee: sinso.Address{1, byte(i)}, Bps: 100}
	}
	for name, split := range map[string][]sinso.Share{
		"none": nil, "too many": many, "zero payee": {{Payee: a, Bps: 5000}, {Bps: 5000}},
		"zero share": {{Payee: a, Bps: 10_000}, {Payee: b}}, "a payee twice": {{Payee: a, Bps: 5000}, {Payee: a, Bps: 5000}},
		"too little": {{Payee: a, Bps: 9999}}, "too much": {{Payee: a, Bps: 9999}, {Payee: b, Bps: 2}},
	} {
		if _, err := eip712.SplitHash(split); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: SplitHash gives %v, want invalid", name, err)
		}
		if _, err := eip712.TokenID(sinso.Asset{Split: split}); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: TokenID gives %v, want invalid", name, err)
		}
		if _, err := eip712.AssetDigest(sinso.Hash{}, sinso.Asset{Split: split}); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: AssetDigest gives %v, want invalid", name, err)
		}
	}
}

func TestAnOrderThatDoesNotFitItsTypeHasNoHash(t *testing.T) {
	t.Parallel()
	good := sinso.Order{EndsAt: time.Unix(0, 0)}
	if _, err := eip712.OrderHash(sinso.Hash{}, good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*sinso.Order){
		"price of 2^256": func(o *sinso.Order) { o.Price = sinso.NewWei(new(big.Int).Lsh(big.NewInt(1), 256)) },
		"before 1970":    func(o *sinso.Order) { o.EndsAt = time.Unix(-1, 0) },
		"half a second":  func(o *sinso.Order) { o.EndsAt = time.Unix(1, 5e8) },
	} {
		order := good
		change(&order)
		if _, err := eip712.OrderHash(sinso.Hash{}, order); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: got %v, want invalid", name, err)
		}
	}
}

func TestAnyOtherDomainGivesAnotherDigest(t *testing.T) {
	t.Parallel()
	seen := map[sinso.Hash]string{}
	for _, chain := range []uint64{1, 592} {
		for _, contract := range []sinso.Address{{1}, {2}} {
			domain := eip712.Domain(contract, chain)
			for name, digest := range map[string]sinso.Hash{
				"cancel": eip712.CancelDigest(domain, sinso.Hash{1}), "revoke": eip712.RevokeDigest(domain, sinso.Hash{1}), "work": eip712.WorkDigest(domain, sinso.Hash{1}),
			} {
				if other, ok := seen[digest]; ok {
					t.Errorf("%s and %s have one digest", name, other)
				}
				seen[digest] = name
			}
		}
	}
}

func TestWhatWasSignedIsRecoveredAndNothingElse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		secret := [32]byte(drawHash(r, "secret"))
		secret[0], secret[31] = secret[0]&0x7f, secret[31]|1 // in range
		digest := drawHash(r, "digest")
		address, err := eip712.Address(secret)
		if err != nil {
			r.Fatal(err)
		}
		signature, err := eip712.Sign(secret, digest)
		if err != nil || len(signature) != eip712.SignatureBytes {
			r.Fatalf("got %d bytes, %v", len(signature), err)
		}
		again, err := eip712.Sign(secret, digest)
		if err != nil || !bytes.Equal(signature, again) {
			r.Errorf("signing twice gives two signatures")
		}
		if got, err := eip712.Recover(digest, signature); err != nil || got != address {
			r.Errorf("got %s, %v, want %s", got, err, address)
		}
		signature[rapid.IntRange(0, len(signature)-1).Draw(r, "at")] ^= rapid.ByteRange(1, 255).Draw(r, "flip")
		if got, err := eip712.Recover(digest, signature); err == nil && got == address {
			r.Errorf("a changed signature is still of %s", address)
		} else if err != nil && !errors.Is(err, sinso.ErrInvalid) {
			r.Errorf("got %v, want invalid", err)
		}
	})
}

func TestSecretsOutOfRangeAreRefused(t *testing.T) {
	t.Parallel()
	order := crypto.S256().Params().N
	for name, secret := range map[string][32]byte{"zero": {}, "group order": [32]byte(order.Bytes()), "all ones": [32]byte(bytes.Repeat([]byte{0xff}, 32))} {
		if _, err := eip712.Address(secret); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: Address gives %v, want invalid", name, err)
		}
		if _, err := eip712.Sign(secret, sinso.Hash{1}); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: Sign gives %v, want invalid", name, err)
		}
	}
}

// fixed is one of everything, with values that are easy to see in a dump.
type fixed struct {
	contract         sinso.Address
	chain            uint64
	order            sinso.Order
	deal             sinso.Deal
	trade            sinso.Hash
	asset            sinso.Asset
	delivery         sinso.Delivery
	hpkeHash, work   sinso.Hash
	secret           [32]byte
	address          sinso.Address
	domain, orderSum sinso.Hash
}

func fill(b byte) (h sinso.Hash) {
	copy(h[:], bytes.Repeat([]byte{b}, len(h)))
	return h
}

func newFixed(t *testing.T) fixed {
	t.Helper()
	f := fixed{contract: sinso.Address(bytes.Repeat([]byte{0xcc}, 20)), chain: 592, secret: fill(0x11), hpkeHash: fill(0xe1), work: fill(0xe2)}
	var err error
	if f.address, err = eip712.Address(f.secret); err != nil {
		t.Fatal(err)
	}
	f.domain = eip712.Domain(f.contract, f.chain)
	f.order = sinso.Order{
		Seller: f.address, Token: fill(0xa1), Price: sinso.NewWei(big.NewInt(1_000_000_000_000_000_000)), KeyCommitment: fill(0xa2), Payload: fill(0xa3), Terms: fill(0xa4),
		Taker: sinso.Address(bytes.Repeat([]byte{0xaa}, 20)), Currency: sinso.Address(bytes.Repeat([]byte{0xab}, 20)), Panel: sinso.Address(bytes.Repeat([]byte{0xac}, 20)),
		Floor: sinso.NewWei(big.NewInt(1_000_000_000)), StartsAt: time.Unix(1_700_000_000, 0).UTC(), Copies: 3, Term: 31_536_000, Transferable: true, Purpose: fill(0xa6),
		EndsAt: time.Unix(1_800_000_000, 0).UTC(), DeliverWithin: 3600, DisputeWithin: 86_400, Salt: fill(0xa5),
	}
	f.deal = sinso.Deal{Order: f.order, Price: sinso.NewWei(big.NewInt(777)), Fill: sinso.Fill{Buyer: sinso.Address(bytes.Repeat([]byte{0xae}, 20)), Key: sinso.Point{X: fill(0x03), Y: fill(0x04)}}}
	if f.trade, err = eip712.TradeID(f.domain, f.deal); err != nil {
		t.Fatal(err)
	}
	if f.orderSum, err = eip712.OrderHash(f.domain, f.order); err != nil {
		t.Fatal(err)
	}
	f.asset = sinso.Asset{Creator: f.address, Commitment: fill(0xb1), Parent: fill(0xb2), Split: []sinso.Share{{Payee: f.address, Bps: 8500}, {Payee: sinso.Address(bytes.Repeat([]byte{0xdd}, 20)), Bps: 1500}}}
	f.delivery = sinso.Delivery{Trade: f.orderSum, GrantHash: fill(0xd1), Box: sinso.KeyBox{Ephemeral: sinso.Point{X: fill(0x01), Y: fill(0x02)}, Masked: fill(0xd2)}}
	return f
}

// digests are the values of each struct and what it hashes to.
func (f fixed) digests(t *testing.T) []vectortest.Vector {
	t.Helper()
	at := []string{"contract", f.contract.String(), "chainId", decimal(f.chain)}
	vector := func(name string, digest sinso.Hash, fields ...string) vectortest.Vector {
		signature, err := eip712.Sign(f.secret, digest)
		if err != nil {
			t.Fatal(err)
		}
		all := append(append([]string{}, at...), fields...)
		all = append(all, "digest", hex.EncodeToString(digest[:]), "secret", hex.EncodeToString(f.secret[:]), "signer", f.address.String(), "signature", hex.EncodeToString(signature))
		return vectortest.New(name, vectortest.Success, all...)
	}
	asset, err := eip712.AssetDigest(f.domain, f.asset)
	if err != nil {
		t.Fatal(err)
	}
	split, err := eip712.SplitHash(f.asset.Split)
	if err != nil {
		t.Fatal(err)
	}
	token, err := eip712.TokenID(f.asset)
	if err != nil {
		t.Fatal(err)
	}
	o, d := f.order, f.delivery
	return []vectortest.Vector{
		vector("Entry", eip712.EntryDigest(f.domain, f.address), "owner", f.address.String(), "tokenId", eip712.IdentityToken(f.address).String()),
		vector("Asset", asset, "creator", f.asset.Creator.String(), "contentCommitment", f.asset.Commitment.String(), "parent", f.asset.Parent.String(),
			"share", f.asset.Split[0].Payee.String()+" "+decimal(uint64(f.asset.Split[0].Bps)), "share", f.asset.Split[1].Payee.String()+" "+decimal(uint64(f.asset.Split[1].Bps)),
			"splitHash", split.String(), "tokenId", token.String()),
		vector("Offer", f.orderSum, "seller", o.Seller.String(), "taker", o.Taker.String(), "tokenId", o.Token.String(), "currency", o.Currency.String(), "panel", o.Panel.String(),
			"price", o.Price.String(), "floor", o.Floor.String(), "startsAt", strconv.FormatInt(o.StartsAt.Unix(), 10), "endsAt", strconv.FormatInt(o.EndsAt.Unix(), 10),
			"copies", decimal(uint64(o.Copies)), "deliverWithin", decimal(uint64(o.DeliverWithin)), "disputeWithin", decimal(uint64(o.DisputeWithin)), "term", decimal(uint64(o.Term)),
			"transferable", strconv.FormatBool(o.Transferable), "keyCommitment", o.KeyCommitment.String(), "payloadHash", o.Payload.String(),
			"termsHash", o.Terms.String(), "purposeHash", o.Purpose.String(), "salt", o.Salt.String()),
		vector("Trade", f.trade, "orderHash", f.orderSum.String(), "buyer", f.deal.Fill.Buyer.String(), "price", f.deal.Price.String(), "keyX", f.deal.Fill.Key.X.String(), "keyY", f.deal.Fill.Key.Y.String()),
		vector("Delivery", eip712.DeliveryDigest(f.domain, d), "orderHash", d.Trade.String(), "grantHash", d.GrantHash.String(), "ephemeralX", d.Box.Ephemeral.X.String(), "ephemeralY", d.Box.Ephemeral.Y.String(), "masked", d.Box.Masked.String()),
		vector("Cancel", eip712.CancelDigest(f.domain, f.orderSum), "orderHash", f.orderSum.String()),
		vector("Revoke", eip712.RevokeDigest(f.domain, f.orderSum), "tradeId", f.orderSum.String()),
		vector("KeyRequest", eip712.KeyRequestDigest(f.domain, f.orderSum, f.hpkeHash), "orderHash", f.orderSum.String(), "hpkeHash", f.hpkeHash.String()),
		vector("Work", eip712.WorkDigest(f.domain, f.work), "contentHash", f.work.String()),
	}
}

// refused are signatures that Recover must not take.
func refused(t *testing.T, good vectortest.Vector) []vectortest.Vector {
	t.Helper()
	signature := good.Bytes(t, "signature")
	changed := func(name string, fn func(s []byte) []byte) vectortest.Vector {
		return good.With("signature: "+name, "invalid", "signature", hex.EncodeToString(fn(bytes.Clone(signature))))
	}
	order := crypto.S256().Params().N
	put := func(s []byte, at int, v *big.Int) []byte { v.FillBytes(s[at : at+32]); return s }
	return []vectortest.Vector{
		changed("high s", func(s []byte) []byte {
			s[64] ^= 27 ^ 28
			return put(s, 32, new(big.Int).Sub(order, new(big.Int).SetBytes(s[32:64])))
		}),
		changed("v 0", func(s []byte) []byte { s[64] -= 27; return s }),
		changed("v 29", func(s []byte) []byte { s[64] = 29; return s }),
		changed("r zero", func(s []byte) []byte { return put(s, 0, new(big.Int)) }),
		changed("s zero", func(s []byte) []byte { return put(s, 32, new(big.Int)) }),
		changed("r is the group order", func(s []byte) []byte { return put(s, 0, order) }),
		changed("no point has this r", func(s []byte) []byte { return put(s, 0, big.NewInt(5)) }),
		changed("64 bytes", func(s []byte) []byte { return s[:64] }),
		changed("66 bytes", func(s []byte) []byte { return append(s, 0) }),
		changed("empty", func([]byte) []byte { return nil }),
	}
}

func TestVectors(t *testing.T) {
	t.Parallel()
	f := newFixed(t)
	made := f.digests(t)
	made = append(made, refused(t, made[0])...)
	for _, v := range vectortest.Golden(t, *update, "eip712", `EIP-712 digests, token IDs and signatures. Domain: name "SINSO", version "1", chainId, verifyingContract = contract.
signature is of secret over digest, deterministic (RFC 6979): r, s, v. The refused ones have another signature.`, made) {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			signer, err := eip712.Recover(v.Word(t, "digest"), v.Bytes(t, "signature"))
			if v.Judge(t, err) && signer.String() != v.Text(t, "signer") {
				t.Errorf("got signer %s, want %s", signer, v.Text(t, "signer"))
			}
		})
	}
}

// FuzzRecover also checks that there is one signature for one meaning.
func FuzzRecover(f *testing.F) {
	signature, err := eip712.Sign(fill(0x11), fill(0x22))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(signature)
	f.Add(hexutil.MustDecode("0x00"))
	f.Fuzz(func(t *testing.T, s []byte) {
		before := bytes.Clone(s)
		if _, err := eip712.Recover(fill(0x22), s); err != nil {
			return
		}
		mirrored := bytes.Clone(s)
		new(big.Int).Sub(crypto.S256().Params().N, new(big.Int).SetBytes(s[32:64])).FillBytes(mirrored[32:64])
		mirrored[64] ^= 27 ^ 28
		if _, err := eip712.Recover(fill(0x22), mirrored); err == nil {
			t.Errorf("%x and its mirror image are both taken", s)
		}
		if !bytes.Equal(s, before) {
			t.Error("Recover changed its argument")
		}
	})
}
