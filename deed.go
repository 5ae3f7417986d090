package sinso

import (
	"context"
	"fmt"
)

// ERC20 is the Contract of a [Call] of an ERC-20 token, which is none of SINSO's: At says which, and its functions
// are those of EIP-20.
const ERC20 = "ERC20"

// Call names a function of one of SINSO's contracts, or of an ERC-20 token, and its arguments. It is
// data: a stage makes it, and the chain's adapter knows how it is encoded.
//
// Arguments are of the types that this package and the language have, and are
// fitted to what the contract declares: Address to address, Hash to bytes32 or
// uint256, Wei and unsigned integers to uintN, time.Time to seconds since 1970,
// time.Duration to whole seconds, []byte to bytes or bytes4, slices to arrays, and
// structs to tuples by the names of their fields. What does not fit is ErrInvalid.
type Call struct {
	Contract string  `json:"contract"` // its name in Solidity: "Staking"
	At       Address `json:"at"`       // where a clone of it stands, such as one Fraction; zero: the one of this chain
	Method   string  `json:"method"`   // "": it is made, of its constructor's arguments, where only what it is made of can stand (CREATE2)
	Args     []any   `json:"args"`
}

// Deed is a call that changes something.
type Deed struct {
	Call
	Doing string `json:"doing"`    // for people, in the infinitive: "stake a token"
	Value Wei    `json:"valueWei"` // of the chain's own money, sent with the call
}

// Plan is what a deed would do to the account that does it. No transaction was
// signed for it.
type Plan struct {
	Doing   string  `json:"doing"`
	From    Address `json:"from"`
	To      Address `json:"to"` // the contract
	Gas     uint64  `json:"gas"`
	Fee     Wei     `json:"feeWei"`     // what the gas costs at the price of now
	MostFee Wei     `json:"mostFeeWei"` // what it costs at most: the price may rise until it is in a block
	Value   Wei     `json:"valueWei"`
	Balance Wei     `json:"balanceWei"` // what From has
}

// Done is a deed that was done.
type Done struct {
	Tx     Tx           `json:"tx"`
	Fee    Wei          `json:"feeWei"` // what the gas cost
	Events []ChainEvent `json:"events"` // of the contracts that this chain's record names, and of Deed.At
}

// ErrUnsigned is an [ErrDenied]: the contract wants a signature that the call does not carry.
var ErrUnsigned = fmt.Errorf("not signed by who has to sign: %w", ErrDenied)

// ErrUnwilling is an [ErrDenied]: who signs for the node's account did not want to.
var ErrUnwilling = fmt.Errorf("who signs for the node's account refused; nothing was sent: %w", ErrDenied)

// KeptElsewhere stands for the secret of the node's own account where another program keeps it, in
// calls that take the secret of who pays. It is above the order of secp256k1's group: the secret of no account,
// with which nothing can be signed.
func KeptElsewhere() (secret [32]byte) {
	for i := range secret {
		secret[i] = 0xff
	}
	return secret
}

// AnyAddress stands among the topics of [Deeds.Each] for an account that may be any. It is the word of none: of those the
// first 12 bytes are zero. Where no account stands, it is a value like any other.
func AnyAddress() (h Hash) {
	for i := range h {
		h[i] = 0xff
	}
	return h
}

// Portion says for whom the node's own account pays, and what for: one person gets half of what is left
// of its limits, and a part of them is kept for taking back.
type Portion struct {
	For     Hash // the same for all that is one person's, and tells nobody who that is
	Revokes bool // it takes something back
}

// Deeds is a chain that does what a [Deed] says. What the contract refuses is
// ErrDenied or ErrInvalid, in a sentence; ErrUnsupported: the contract is not
// deployed there; ErrUnavailable: the chain cannot be reached.
type Deeds interface {
	// At returns where a contract stands.
	At(contract string) (Address, error)
	// Plan asks what a deed would cost from an account, and whether the contract would
	// take it. It needs no key. What is asked is seen by who runs the chain's endpoint.
	// [ErrUnsigned]: it would take it from who has to sign, at most.
	Plan(ctx context.Context, deed Deed, from Address) (Plan, error)
	// Do does a deed from the account whose key is given; the zero key is the node's own
	// account. once is the deed's name: the same name is never done twice, and asking again
	// returns what came of it, after a crash too. What failed on the chain did nothing, and
	// its name may be used again. ErrExists: another deed has this name.
	Do(ctx context.Context, once Hash, deed Deed, by [32]byte) (Done, error)
	// Relay does a deed from the node's own account for somebody who has no money for gas, within
	// the node's limits (ErrDenied): the deed carries their signature, and no money.
	Relay(ctx context.Context, once Hash, deed Deed, portion Portion) (Done, error)
	// FundFor sends money from the node's own account to one that has to pay gas itself, within the
	// same limits. The same name is sent once; with another amount it is ErrExists.
	FundFor(ctx context.Context, once Hash, to Address, amount Wei, portion Portion) (Tx, error)
	// Ask calls a function that changes nothing. into points to what its answer is put
	// into: one value, or a struct with fields of the names of several.
	Ask(ctx context.Context, call Call, into any) error
	// Currency returns what stands at an address as a currency describes itself; zero is the chain's own money. What
	// it does not say, or not so that it can be shown, is left out; ErrUnavailable: the chain cannot be reached.
	Currency(ctx context.Context, at Address) (Currency, error)
	// Encode returns where a call goes and its bytes, for a contract that makes it later, such as
	// the treasury.
	Encode(ctx context.Context, call Call) (Address, []byte, error)
	// Each calls fn with the events of one name that a contract told, the newest first, until fn
	// returns false, and asks for no more than that takes. topics are what its first indexed arguments must be,
	// [AnyAddress] for an account that may be any. at is the place of a clone; zero: the one of this chain.
	Each(ctx context.Context, contract string, at Address, event string, topics []Hash, fn func(ChainEvent) (bool, error)) error
	// Told puts the arguments of an event, which is of the contract named, into the struct
	// that into points to, by the names of its fields; fields with other names stay as they
	// are. ErrCorrupt: it is not of the form that the contract writes.
	Told(contract string, event ChainEvent, into any) error
}
