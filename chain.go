package sinso

import (
	"context"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"time"
)

// Address is an account or contract of an EVM chain. Its text is lower-case hex
// with 0x.
type Address [20]byte

// Hash is a transaction hash, order hash or commitment. Its text is hex with 0x.
type Hash [32]byte

// TokenID is an ERC-721 token ID. Its text is hex with 0x.
type TokenID = Hash

// Wei is an amount of money in wei, never negative. Its text is decimal.
type Wei struct{ v *big.Int }

// NewWei wraps v; nil and negative amounts are zero.
func NewWei(v *big.Int) Wei {
	if v == nil || v.Sign() < 0 {
		return Wei{}
	}
	return Wei{new(big.Int).Set(v)}
}

// Int returns the amount as a fresh big.Int.
func (w Wei) Int() *big.Int {
	if w.v == nil {
		return new(big.Int)
	}
	return new(big.Int).Set(w.v)
}

// String returns the amount in decimal.
func (w Wei) String() string { return w.Int().String() }

// MarshalText implements [encoding.TextMarshaler].
func (w Wei) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]; it takes at most 78
// digits, the width of a uint256.
func (w *Wei) UnmarshalText(text []byte) error {
	const maxDigits = 78
	v, ok := new(big.Int).SetString(string(text[:min(len(text), maxDigits)]), 10) // no more is read: it takes long
	if !ok || len(text) > maxDigits || v.Sign() < 0 || v.BitLen() > 256 {
		return fmt.Errorf("wei: want a decimal number below 2^256: %w", ErrInvalid)
	}
	w.v = v
	return nil
}

// String returns 0x and 40 hex digits.
func (a Address) String() string { return "0x" + hex.EncodeToString(a[:]) }

// MarshalText implements [encoding.TextMarshaler].
func (a Address) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (a *Address) UnmarshalText(text []byte) error { return unhex(a[:], text) }

// String returns 0x and 64 hex digits.
func (h Hash) String() string { return "0x" + hex.EncodeToString(h[:]) }

// MarshalText implements [encoding.TextMarshaler].
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (h *Hash) UnmarshalText(text []byte) error { return unhex(h[:], text) }

func unhex(into, text []byte) error {
	if len(text) != 2+2*len(into) || text[0] != '0' || text[1] != 'x' {
		return fmt.Errorf("want 0x and %d hex digits: %w", 2*len(into), ErrInvalid)
	}
	if _, err := hex.Decode(into, text[2:]); err != nil {
		return fmt.Errorf("want hex digits after 0x: %w", ErrInvalid)
	}
	return nil
}

// Contracts are where SINSO's contracts stand on one chain.
type Contracts struct {
	ChainID  uint64  `json:"chainId"`
	Identity Address `json:"identity"`
	Assets   Address `json:"assets"`
	Exchange Address `json:"exchange"`
}

// Share is one payee of a split. 10,000 bps are the whole.
type Share struct {
	Payee Address `json:"payee"`
	Bps   uint16  `json:"bps"`
}

// MaxShares is how many payees one split may have.
const MaxShares = 64

// Asset is what an asset token is made of. Its ID is
// keccak256(abi.encode(DOMAIN, Creator, Commitment, splitHash(Split))), so
// neither content nor split can ever change.
type Asset struct {
	Creator    Address  `json:"creator"`    // the person's address for this asset alone; first owner
	Commitment Hash     `json:"commitment"` // salted commitment to the derivative
	Split      []Share  `json:"split"`      // in the order that is hashed; sums to 10,000 bps
	Parent     TokenID  `json:"parent"`     // the token this is a new version of, or zero
	Signatures [][]byte `json:"signatures"` // of every payee in Split's order, over the Asset (EIP-712), 65 bytes each
}

// Order offers a licence to use one asset, and its key, for a price in escrow. The
// seller signs it (EIP-712, the Exchange's Offer, whose names are those of the tags); anyone may carry it to the chain.
type Order struct {
	Seller        Address   `json:"seller"`
	Taker         Address   `json:"taker"` // who alone may fill it; zero is anyone
	Token         TokenID   `json:"token" abi:"tokenId"`
	Currency      Address   `json:"currency"`                  // zero is the chain's own money, else an ERC-20 token
	Panel         Address   `json:"panel"`                     // decides if the buyer says that the content is wrong; zero is nobody
	Price         Wei       `json:"priceWei"`                  // asked until StartsAt; below 2^128
	Floor         Wei       `json:"floorWei"`                  // asked at EndsAt: between the two the price falls evenly; Price if it is fixed
	StartsAt      time.Time `json:"startsAt,omitzero"`         // when the price begins to fall; whole seconds
	EndsAt        time.Time `json:"endsAt"`                    // last moment to fill; whole seconds
	Copies        uint32    `json:"copies"`                    // how often it can be filled; zero is without limit
	DeliverWithin uint32    `json:"deliverWithin"`             // seconds from fill; then the buyer takes the money back
	DisputeWithin uint32    `json:"disputeWithin"`             // seconds from delivery; then anyone may release
	Term          uint32    `json:"term"`                      // seconds that the licence lasts from the delivery; zero is for ever
	Transferable  bool      `json:"transferable"`              // whether the buyer may pass the licence on
	KeyCommitment Hash      `json:"keyCommitment"`             // sha256("sinso/key/v1" ‖ CEK ‖ CID bytes)
	Payload       Hash      `json:"payload" abi:"payloadHash"` // keccak256 of the payload's CID bytes
	Terms         Hash      `json:"terms" abi:"termsHash"`     // hash of the licence text
	Purpose       Hash      `json:"purpose" abi:"purposeHash"` // hash of what the data may be used for
	Salt          Hash      `json:"salt"`                      // a number, which counts up: all orders below one can be ended at once
}

// PriceAt returns what is asked at a moment: Price until StartsAt, Floor at EndsAt, and
// between them evenly less, rounded up to the wei, as Exchange.priceOf reckons it.
func (o Order) PriceAt(now time.Time) Wei {
	price, floor := o.Price.Int(), o.Floor.Int()
	starts, ends, at := seconds(o.StartsAt), seconds(o.EndsAt), seconds(now)
	switch {
	case at <= starts || floor.Cmp(price) >= 0:
		return o.Price
	case at >= ends:
		return o.Floor
	}
	fall := new(big.Int).Sub(price, floor)
	fall.Mul(fall, big.NewInt(at-starts)).Div(fall, big.NewInt(ends-starts))
	return NewWei(price.Sub(price, fall))
}

// seconds since 1970; zero is never.
func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// Deal is what is settled at a fill. It makes the trade's name, and every later call
// brings it along: the chain keeps one slot of it.
type Deal struct {
	Order Order `json:"order"`
	Fill  Fill  `json:"fill"`
	Price Wei   `json:"priceWei"` // what is paid
}

// Point is a point of bn254 G1, affine, 32 bytes big-endian each.
type Point struct {
	X Hash `json:"x"`
	Y Hash `json:"y"`
}

// Fill is what a buyer brings to an order besides the money.
type Fill struct {
	Buyer    Address `json:"buyer"`    // the buyer's one-order address
	Key      Point   `json:"key"`      // the buyer's one-trade public key for the key box
	HPKEHash Hash    `json:"hpkeHash"` // keccak256 of the buyer's HPKE public key, which the grant is sealed to
}

// KeyBox is a CEK masked for the buyer of one trade:
// Masked = CEK xor sha256("sinso/keybox/v1" ‖ S.x ‖ S.y ‖ trade's name), where
// S = r·Fill.Key = b·Ephemeral. Whoever knows b can check it, and so can the
// contract once b is shown to it.
type KeyBox struct {
	Ephemeral Point `json:"ephemeral"` // R = r·G
	Masked    Hash  `json:"masked"`
}

// Delivery is the seller's answer to a fill; the seller signs it (EIP-712) and
// anyone may carry it to the chain.
type Delivery struct {
	Trade     Hash   `json:"trade"`     // its name
	GrantHash Hash   `json:"grantHash"` // keccak256 of the HPKE grant
	Box       KeyBox `json:"box"`
	Signature []byte `json:"signature"`
}

// TradeState is where the money of a trade is.
type TradeState uint8

// The states of a trade. Released, Refunded, Cancelled and Halved are final. No trade is
// Cancelled on the chain: that is an order which its seller ended before anyone filled it.
const (
	TradeNone TradeState = iota // never filled
	TradeFilled
	TradeDelivered
	TradeReleased
	TradeRefunded
	TradeCancelled
	TradeDisputed // the buyer says that the content is wrong, the order's panel must decide
	TradeHalved   // the panel was silent: payees and buyer are owed half each
)

var tradeStates = [...]string{"offered", "filled", "delivered", "released", "refunded", "cancelled", "disputed", "halved"}

// Final reports whether the money of the trade moves no more.
func (s TradeState) Final() bool {
	return s == TradeReleased || s == TradeRefunded || s == TradeCancelled || s == TradeHalved
}

// String returns the state as one word.
func (s TradeState) String() string {
	if int(s) < len(tradeStates) {
		return tradeStates[s]
	}
	return "unknown"
}

// MarshalText implements [encoding.TextMarshaler].
func (s TradeState) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (s *TradeState) UnmarshalText(text []byte) error {
	i := slices.Index(tradeStates[:], string(text))
	if i < 0 {
		return fmt.Errorf("trade state: want one of %v: %w", tradeStates, ErrInvalid)
	}
	*s = TradeState(i) //nolint:gosec // an index of a short list
	return nil
}

// Trade is what the chain says of one trade.
type Trade struct {
	State     TradeState `json:"state"`
	Order     Hash       `json:"order"` // the name of the order that was filled
	Fill      Fill       `json:"fill"`
	Price     Wei        `json:"priceWei"`
	FilledAt  time.Time  `json:"filledAt"`
	Delivered time.Time  `json:"deliveredAt"`
	DueAt     time.Time  `json:"dueAt"`     // last moment to deliver, to dispute or to decide, by its state; zero once it has ended
	RevokedAt time.Time  `json:"revokedAt"` // zero: the grant stands
	GrantHash Hash       `json:"grantHash"`
}

// Fills is what the chain says of one order.
type Fills struct {
	Trades    []Hash `json:"trades"`    // their names, oldest first
	Cancelled bool   `json:"cancelled"` // its seller ended it: it can be filled no more
}

// LicenceToken is a licence that was paid for, as the chain has it.
type LicenceToken struct {
	ID           TokenID   `json:"id"` // the name of the trade that it came of
	Owner        Address   `json:"owner"`
	Asset        TokenID   `json:"asset"`
	Purpose      Hash      `json:"purpose"`
	Terms        Hash      `json:"terms"`
	Until        time.Time `json:"until,omitzero"` // its last moment; absent: for ever
	Transferable bool      `json:"transferable"`
	Revoked      bool      `json:"revoked"` // the seller ended the grant
}

// Tx is a confirmed transaction that succeeded.
type Tx struct {
	Hash  Hash   `json:"hash"`
	Gas   uint64 `json:"gas"`
	Block uint64 `json:"block"`
}

// Payout is money that one payee received.
type Payout struct {
	To   Address `json:"to"`
	Role string  `json:"role"`
	Wei  Wei     `json:"wei"`
}

// ChainEvent is one log line of SINSO's contracts.
type ChainEvent struct {
	Block     uint64   `json:"block"`
	BlockHash Hash     `json:"blockHash"`
	Index     uint     `json:"index"` // of the log in its block
	Tx        Hash     `json:"tx"`
	Contract  Address  `json:"contract"`
	Name      string   `json:"name"` // of the Solidity event
	Topics    []Hash   `json:"topics"`
	Data      []byte   `json:"data"`
	Removed   bool     `json:"removed"` // a reorg took it back
	Order     Hash     `json:"order"`   // of events of an order
	Trade     Hash     `json:"trade"`   // of events of a trade
	Token     TokenID  `json:"token"`   // of token events
	Payee     *Address `json:"payee,omitempty"`
	Wei       Wei      `json:"wei"`
}

// SentState is what became of a transaction.
type SentState uint8

// The states of a transaction.
const (
	SentUnknown SentState = iota // the chain does not know it: it may come yet
	SentWaiting                  // it is in no block yet
	SentDone                     // it is in a block, and succeeded
	SentFailed                   // it is in a block, and did nothing
)

// Chain is an EVM chain that SINSO's contracts stand on. Every call that sends a
// transaction returns after the configured confirmations, fails with ErrDenied
// or ErrInvalid where the contract refuses (naming its error), and with
// ErrUnavailable where the chain cannot be reached. Calls that find their work
// done already, but for Fund, return the transaction that did it. Suite: chaintest.
type Chain interface {
	// Contracts returns where the contracts stand.
	Contracts() Contracts
	// Domain separator inputs are Contracts; digests to sign come from crypt/eip712.

	// EnterIdentity mints the identity token of owner, who signed the entry; the
	// node's own account pays the gas. One for ever per owner.
	EnterIdentity(ctx context.Context, owner Address, signature []byte) (TokenID, Tx, error)
	// EnterAsset mints an asset token to its creator; the node's account pays.
	EnterAsset(ctx context.Context, asset Asset) (TokenID, Tx, error)
	// Settle waits until what the node's own account has sent so far is in a block, as deep
	// as the chain waits for, or was dropped. waits is told, whenever it looks, how many
	// transactions are left. ErrUnavailable if ctx ends before, or the chain does not say.
	Settle(ctx context.Context, waits func(left uint64)) error
	// Owner returns who owns an asset token, ErrNotFound if it does not exist.
	Owner(ctx context.Context, token TokenID) (Address, error)

	// Fill pays the price of a deal into escrow from the account whose key is given, which
	// is the buyer's. The price is what the order asks at that moment, or more.
	Fill(ctx context.Context, deal Deal, signature []byte, payer [32]byte) (Tx, error)
	// Allow lets the Exchange take exactly an amount of an ERC-20 token from the account of payer, and returns once the
	// token says so; zero lets it take nothing. A token that wants the allowance to be zero in between gets that.
	// Where it says so already nothing is sent, and the transaction is zero. ErrDenied: the token did not take it.
	Allow(ctx context.Context, currency Address, amount Wei, payer [32]byte) (Tx, error)
	// FillFor is Fill from any account, which has the price and, of a token, has allowed it: consent is the buyer's
	// signature over its keys (eip712.FillDigest). The licence, the key and a refund are the buyer's.
	FillFor(ctx context.Context, deal Deal, signature, consent []byte, payer [32]byte) (Tx, error)
	// Filling returns where the call goes by which any account pays the price of a deal into
	// escrow, and its bytes. fill is the buyer's signature over its keys (eip712.FillDigest).
	// The chain's own money goes with the call. Nothing is sent.
	Filling(deal Deal, signature, fill []byte) (to Address, data []byte, err error)
	// Deliver carries the seller's signed delivery; the account with the key payer pays the gas.
	Deliver(ctx context.Context, delivery Delivery, payer [32]byte) (Tx, error)
	// Release pays the payees and mints the licence: by the buyer at once, by anyone after
	// the dispute window.
	Release(ctx context.Context, deal Deal, asset Asset, payer [32]byte) (Tx, []Payout, error)
	// Refund gives the buyer the money back after the seller's silence.
	Refund(ctx context.Context, deal Deal, payer [32]byte) (Tx, error)
	// ProveWrongKey opens the buyer's one-trade secret against what was delivered
	// and takes the money back.
	ProveWrongKey(ctx context.Context, deal Deal, delivery Delivery, payload CID, secret [32]byte, payer [32]byte) (Tx, error)
	// Cancel ends an order, whatever was not filled of it, signed by its seller.
	Cancel(ctx context.Context, order Order, signature []byte) (Tx, error)
	// Revoke ends the grant of a trade, signed by its seller; the node's account pays.
	Revoke(ctx context.Context, deal Deal, signature []byte) (Tx, error)
	// Withdraw sends a payee what is owed to it in a currency, zero is the chain's own money; anyone may call it.
	Withdraw(ctx context.Context, currency, payee Address, payer [32]byte) (Tx, error)
	// Trade returns what the chain says of a trade.
	Trade(ctx context.Context, trade Hash) (Trade, error)
	// Fills returns the trades of an order, and whether it was ended.
	Fills(ctx context.Context, order Order) (Fills, error)
	// Licence returns a licence: its name is that of the trade that it came of.
	// ErrNotFound: there is none.
	Licence(ctx context.Context, licence Hash) (LicenceToken, error)

	// Sent says what became of a transaction of anybody, as the chain has it now.
	Sent(ctx context.Context, tx Hash) (SentState, error)
	// Balance returns an account's money.
	Balance(ctx context.Context, account Address) (Wei, error)
	// Fund sends money from the node's own account. No event names it, so doing it
	// again sends again: look at the balance first.
	Fund(ctx context.Context, to Address, amount Wei) (Tx, error)
	// Events calls fn with every event of the contracts from a block on, in
	// order, up to the newest block, and returns the next block to ask from.
	Events(ctx context.Context, from uint64, fn func(ChainEvent) error) (next uint64, err error)
	// Now returns the chain's clock: the time of its newest block, which is old on
	// a chain that makes blocks only when there is something to put into them.
	Now(ctx context.Context) (time.Time, error)
}
