package evm

import (
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"

	"sinso.dev/sinso"
)

// RevertError is a contract's refusal. It wraps [sinso.ErrInvalid] if the call
// was wrong in itself and [sinso.ErrDenied] if it is not allowed, to this
// caller or now.
type RevertError struct {
	// Name is that of the Solidity error, or empty if it is none of ours.
	Name string
	// Args are the error's arguments, decoded as go-ethereum's abi package does.
	Args []any

	doing, sentence string
	class           error
}

func (e *RevertError) Error() string {
	name := e.Name
	if name == "" {
		name = "no reason that is known"
	}
	return fmt.Sprintf("chain: %s: the contract refused (%s): %s: %v", e.doing, name, e.sentence, e.class)
}

// Unwrap returns the class.
func (e *RevertError) Unwrap() error { return e.class }

// refusals says what each error of the contracts means. Those of IIdentity,
// IAssets and ISettlement that our calls can meet.
var refusals = map[string]struct {
	class    error
	sentence string
}{
	"AlreadyEntered": {sinso.ErrDenied, "the token exists already"},
	"AlreadyRevoked": {sinso.ErrDenied, "the grant was revoked before"},
	"BadPoint":       {sinso.ErrInvalid, "a key is not a point of bn254 G1"},
	"BadSignature":   {sinso.ErrDenied, "this was not signed by who has to sign it"},
	"BadSplit":       {sinso.ErrInvalid, "the split must have 1 to 64 payees, none twice, and 10,000 bps in all"},
	"BadWindow":      {sinso.ErrInvalid, "the times to deliver and to dispute must be from 60 seconds to 90 days"},
	"Ended":          {sinso.ErrDenied, "the order ended"},
	"KeyIsRight":     {sinso.ErrDenied, "the delivered key is the one that was committed to"},
	"NoSuchToken":    {sinso.ErrInvalid, "the token does not exist"},
	"NotBuyer":       {sinso.ErrDenied, "only the buyer may do this now"},
	"NotOwner":       {sinso.ErrDenied, "the seller does not own the token"},
	"NothingOwed":    {sinso.ErrDenied, "the payee is owed nothing"},
	"PaymentRefused": {sinso.ErrDenied, "the payee did not take the money; it is still owed"},
	"SignatureCount": {sinso.ErrInvalid, "each payee of the split must have signed"},
	"TooEarly":       {sinso.ErrDenied, "the other side still has time"},
	"TooLate":        {sinso.ErrDenied, "the time to do this is over"},
	"WrongAsset":     {sinso.ErrInvalid, "the asset is not the one that was sold"},
	"WrongOpening":   {sinso.ErrInvalid, "the delivery is not the one that was made, or the secret is not that of the buyer's key"},
	"WrongPayload":   {sinso.ErrInvalid, "the payload is not the one in the order"},
	"WrongPrice":     {sinso.ErrInvalid, "the price is not what is paid, or is 2^96 wei or more"},
	"WrongSecret":    {sinso.ErrInvalid, "the secret is zero or not below the group order"},
	"WrongState":     {sinso.ErrDenied, "the order is not in a state in which this can be done"},
	"ZeroAddress":    {sinso.ErrInvalid, "the zero address owns and receives nothing"},
}

func refusal(doing, name string, args ...any) *RevertError {
	known, ok := refusals[name]
	if !ok {
		return &RevertError{
			Name: name, Args: args, doing: doing, class: sinso.ErrDenied,
			sentence: "it gave no reason that this node knows",
		}
	}
	return &RevertError{Name: name, Args: args, doing: doing, sentence: known.sentence, class: known.class}
}

// abis are the interfaces of the three contracts.
type abis struct{ identity, assets, settlement abi.ABI }

// reverted returns the refusal in an error of eth_call or eth_estimateGas, or
// nil if it is some other failure.
func (a abis) reverted(doing string, err error) *RevertError {
	var answer rpc.DataError
	if !errors.As(err, &answer) {
		return nil
	}
	text, isText := answer.ErrorData().(string)
	data, notHex := hexutil.Decode(text)
	if isText && notHex == nil && len(data) > 0 {
		return a.decode(doing, data)
	}
	if strings.Contains(err.Error(), "revert") {
		return refusal(doing, "")
	}
	return nil
}

func (a abis) decode(doing string, data []byte) *RevertError {
	// No error of ours has more than two arguments of one word.
	const most = 4 + 2*32
	if len(data) < 4 || len(data) > most {
		return refusal(doing, "")
	}
	for _, of := range []abi.ABI{a.settlement, a.assets, a.identity} {
		known, err := of.ErrorByID([4]byte(data[:4]))
		if err != nil {
			continue
		}
		args, err := known.Inputs.Unpack(data[4:])
		if err != nil {
			return refusal(doing, "")
		}
		revert := refusal(doing, known.Name, args...)
		revert.sentence += describe(known.Inputs, args)
		return revert
	}
	return refusal(doing, "")
}

// describe adds what a sentence leaves open: times and states. Addresses and
// tokens are left out: they would tell a log who trades what.
func describe(inputs abi.Arguments, args []any) string {
	var b strings.Builder
	for i, input := range inputs {
		switch v := args[i].(type) {
		case uint64: // dueAt, endsAt: unix seconds
			fmt.Fprintf(&b, "; %s %d", input.Name, v)
		case uint8:
			states := []string{"never filled", "filled", "delivered", "released", "refunded", "cancelled"}
			if int(v) < len(states) {
				fmt.Fprintf(&b, "; it is %s", states[v])
			}
		case *big.Int, common.Address, [32]byte:
		}
	}
	return b.String()
}
