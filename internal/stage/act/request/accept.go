package request

import (
	"fmt"

	"sinso.dev/sinso"
)

// answer is IRequests' Answer.
type answer struct {
	Offer                sinso.Order
	Signature            []byte
	KeyX, KeyY, HpkeHash sinso.Hash
}

// Accept is the call by which the buyer of a request takes an answer: the contract fills the offer out of
// the request's money. ErrDenied, in a sentence: it is no answer to this request.
func Accept(asked Shown, here sinso.Address, order sinso.Order, signature []byte, fill sinso.Fill) (sinso.Call, error) {
	var why string
	switch {
	case order.Taker != here:
		why = "the offer is not for a request: its seller makes one by sinso request answer"
	case order.Currency != asked.Terms.Currency:
		why = "the offer asks for another money than was put up"
	case order.Floor.Int().Cmp(order.Price.Int()) != 0:
		why = "the offer's price falls, and an answer has one price"
	case order.Price.Int().Cmp(asked.Terms.Price.Int()) > 0:
		why = fmt.Sprintf("the offer costs %s of the money's smallest unit, and an answer may cost %s", order.Price, asked.Terms.Price)
	case !asked.Open:
		why = "the request is closed, or as many answers were taken as were asked for"
	}
	if why != "" {
		return sinso.Call{}, fmt.Errorf("request: %s; nothing is sent: %w", why, sinso.ErrDenied)
	}
	taken := answer{Signature: signature, KeyX: fill.Key.X, KeyY: fill.Key.Y, HpkeHash: fill.HPKEHash, Offer: order}
	return requests("accept", asked.Terms, taken, []byte{}), nil
}
