// Package request has the acts of requests: a buyer says what is looked for and what an answer may
// cost, and the money lies with the contract until sellers answer.
package request

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math"
	"math/big"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// requestType names a request, as Requests.sol has it.
const requestType = "Request(address buyer,address currency,uint256 price,uint32 answers,bytes32 criteriaHash,uint64 endsAt,uint32 notice,uint256 salt)"

// The bounds of IRequests, which it would refuse without saying which.
const (
	maxAhead  = 730 * 24 * time.Hour
	maxNotice = 90 * 24 * time.Hour
	priceBits = 96
)

// Acts returns the acts of this package.
func Acts() []sinso.Act {
	which := sinso.Param{Name: "request", Kind: sinso.KindHash, Needed: true, Help: "which, as make printed it"}
	return []sinso.Act{
		{
			Noun: "request", Verb: "make", Short: "Ask for data: the money for the answers is put up, and stays until you take them or give notice",
			Long: "What is looked for is a text that you hand to sellers; its hash is on the chain. Who answers signs an offer for this request\n" +
				"(sinso request answer), and you take it (sinso request accept): then it is a purchase like any other.",
			Params: []sinso.Param{
				{Name: "criteria", Kind: sinso.KindText, Needed: true, Help: "what is looked for; only its hash goes to the chain"},
				{Name: "price", Kind: sinso.KindWei, Needed: true, Help: "the most that one answer may cost, in wei, or in the smallest unit of the currency"},
				{Name: "currency", Kind: sinso.KindAddress, Help: "an ERC-20 token that answers are paid in (default: the chain's own money)"},
				{Name: "answers", Kind: sinso.KindNumber, Default: "1", Help: "how many are taken at most"},
				{Name: "until", Kind: sinso.KindTime, Needed: true, Help: "last moment to take one; at most 730 days ahead"},
				{Name: "notice", Kind: sinso.KindSpan, Default: "7d", Help: "how long the money stays after you cancel, so that who is answering can: up to 90d"},
				{Name: "salt", Kind: sinso.KindHash, Help: "tells requests of the same content apart (default: the moment does)"},
			},
			Draft: making,
		},
		{
			Noun: "request", Verb: "ls", Short: "The requests that were made last, at most 64, the newest last",
			Params: []sinso.Param{sinso.Before(sinso.KindHash)}, Ask: list,
		},
		{Noun: "request", Verb: "show", Short: "A request, and what is left of its money", Params: []sinso.Param{which}, Ask: show},
		{
			Noun: "request", Verb: "cancel", Short: "Give notice: after it no answer can be taken, and the money is free",
			Params: []sinso.Param{which}, Draft: cancel,
		},
		{
			Noun: "request", Verb: "close", Short: "Take back what is left of a request that has ended",
			Params: []sinso.Param{which}, Draft: finish,
		},
	}
}

// Terms are what a request is for good: IRequests' Request.
type Terms struct {
	Buyer        sinso.Address `json:"buyer"`
	Currency     sinso.Address `json:"currency"` // zero: the chain's own money
	Price        sinso.Wei     `json:"priceWei"` // the most that one answer may cost
	Answers      uint32        `json:"answers"`
	CriteriaHash sinso.Hash    `json:"criteria"` // sha256 of the text
	EndsAt       time.Time     `json:"endsAt"`
	Notice       uint32        `json:"noticeSeconds"`
	Salt         sinso.Hash    `json:"salt"`
}

// Opened is a request as the contract told it that took its money.
type Opened struct {
	ID    sinso.Hash `json:"request" abi:"requestId"`
	Terms Terms      `json:"terms"   abi:"request"`
}

// Shown is a request as it stands.
type Shown struct {
	Opened
	Left     sinso.Wei `json:"leftWei"`
	Answers  uint64    `json:"answersLeft"`
	ClosesAt time.Time `json:"closesAt"` // last moment to take an answer
	Open     bool      `json:"open"`     // an answer can be taken now
}

// deposit is what the contract keeps of a request.
type deposit struct {
	Left     sinso.Wei
	Answers  uint64
	ClosesAt time.Time
}

func requests(method string, args ...any) sinso.Call {
	return sinso.Call{Contract: "Requests", Method: method, Args: args}
}

// hash is the name of a request. Domain: Requests.
func (t Terms) hash(domain sinso.Hash) (sinso.Hash, error) {
	structure, err := eip712.Struct(requestType, t.Buyer, t.Currency, t.Price, t.Answers, t.CriteriaHash, t.EndsAt, t.Notice, t.Salt)
	return eip712.Digest(domain, structure), err
}

// read is a request as its event tells it. ErrCorrupt: its name is not that of what is told, so who answers it would sign
// for less than is put up, and who takes an answer would in another request.
func read(desk sinso.Desk, event sinso.ChainEvent) (found Opened, err error) {
	if err = desk.Told("Requests", event, &found); err != nil {
		return found, err
	}
	at, err := desk.At("Requests")
	if err != nil {
		return found, err
	}
	if id, err := found.Terms.hash(desk.Domain(at)); err != nil || id != found.ID {
		return found, fmt.Errorf("request: what the chain's endpoint tells of a request is not what its name was made of; nothing is signed or sent: try another endpoint: %w", sinso.ErrCorrupt)
	}
	return found, nil
}

// Find returns a request that was made, and how it stands. ErrNotFound: there is none.
func Find(ctx context.Context, desk sinso.Desk, id sinso.Hash) (Shown, error) {
	var found Shown
	there := false
	err := desk.Each(ctx, "Requests", sinso.Address{}, "Opened", []sinso.Hash{id}, func(event sinso.ChainEvent) (_ bool, err error) {
		there = true
		found.Opened, err = read(desk, event)
		return false, err
	})
	if err == nil && !there {
		err = fmt.Errorf("request: no such request was made here; sinso request ls names them: %w", sinso.ErrNotFound)
	}
	if err != nil {
		return found, err
	}
	return found, found.look(ctx, desk)
}

// look asks what is left.
func (s *Shown) look(ctx context.Context, desk sinso.Desk) error {
	var kept deposit
	if err := desk.Ask(ctx, requests("deposit", s.ID), &kept); err != nil {
		return err
	}
	s.Left, s.Answers, s.ClosesAt = kept.Left, kept.Answers, kept.ClosesAt
	paid := kept.Left.Int().Sign() > 0 || s.Terms.Price.Int().Sign() == 0 // else it was closed
	s.Open = kept.Answers > 0 && paid && !desk.Now().After(kept.ClosesAt)
	return nil
}

func list(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	after := sinso.AfterOf(given, func(one Opened) sinso.Hash { return one.ID })
	all, err := sinso.Newest(ctx, desk, "Requests", "Opened", nil, after, func(event sinso.ChainEvent) (Opened, bool, error) {
		one, err := read(desk, event)
		return one, true, err
	})
	shown := make([]Shown, len(all))
	for i, one := range all {
		shown[i].Opened = one
		if err == nil {
			err = shown[i].look(ctx, desk)
		}
	}
	return shown, err
}

func show(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	return Find(ctx, desk, sinso.Of[sinso.Hash](given, "request"))
}

// CriteriaHash is how a request names what is looked for.
func CriteriaHash(text string) sinso.Hash { return sha256.Sum256([]byte(text)) }

func making(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	price, answers := sinso.Of[sinso.Wei](given, "price"), sinso.Of[uint64](given, "answers")
	until, notice := sinso.Of[time.Time](given, "until").UTC(), sinso.Of[time.Duration](given, "notice")
	switch {
	case price.Int().BitLen() > priceBits || answers == 0 || answers > math.MaxUint32:
		return sinso.Draft{}, fmt.Errorf("request: want a price below 2^96 wei and 1 to %d answers: %w", uint32(math.MaxUint32), sinso.ErrInvalid)
	case !until.After(desk.Now()) || until.After(desk.Now().Add(maxAhead)):
		return sinso.Draft{}, fmt.Errorf("request: its last moment is over, or more than 730 days ahead: %w", sinso.ErrInvalid)
	case notice > maxNotice:
		return sinso.Draft{}, fmt.Errorf("request: a notice is at most 90d: %w", sinso.ErrInvalid)
	}
	terms := Terms{
		Buyer: desk.Actor(), Currency: sinso.Of[sinso.Address](given, "currency"), Price: price, Answers: uint32(answers), CriteriaHash: CriteriaHash(sinso.Of[string](given, "criteria")),
		EndsAt: until, Notice: uint32(notice / time.Second), Salt: sinso.Of[sinso.Hash](given, "salt"), //nolint:gosec // at most 90 days
	}
	if terms.Salt == (sinso.Hash{}) { // the same when the act is drafted again
		terms.Salt = sha256.Sum256(fmt.Appendf(nil, "sinso/request/v1 %s %d", terms.CriteriaHash, desk.Now().Unix()))
	}
	value := sinso.NewWei(new(big.Int).Mul(price.Int(), new(big.Int).SetUint64(answers)))
	draft := sinso.Draft{Steps: []sinso.Step{{Deed: sinso.Deed{Doing: "make a request", Call: requests("open", terms)}}}, About: terms}
	draft.Result = func(_ context.Context, desk sinso.Desk, done []sinso.Done) (any, error) {
		return told(desk, done)
	}
	err := draft.Pay(ctx, desk, terms.Currency, value)
	return draft, err
}

// told is what the contract told of a request that was made.
func told(desk sinso.Desk, done []sinso.Done) (Opened, error) {
	here, err := desk.At("Requests")
	if err != nil {
		return Opened{}, err
	}
	for _, one := range done {
		for _, event := range one.Events {
			if event.Contract == here && event.Name == "Opened" {
				return read(desk, event)
			}
		}
	}
	return Opened{}, fmt.Errorf("request: the transaction does not tell of a request: %w", sinso.ErrCorrupt)
}

// ours returns a request that the actor made.
func ours(ctx context.Context, desk sinso.Desk, given sinso.Given) (Shown, error) {
	found, err := Find(ctx, desk, sinso.Of[sinso.Hash](given, "request"))
	if err == nil && found.Terms.Buyer != desk.Actor() {
		err = fmt.Errorf("request: another account made this; nothing is sent: %w", sinso.ErrDenied)
	}
	return found, err
}

func step(doing string, call sinso.Call) sinso.Step {
	return sinso.Step{Deed: sinso.Deed{Doing: doing, Call: call}}
}

func cancel(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	found, err := ours(ctx, desk, given)
	if err != nil {
		return sinso.Draft{}, err
	}
	draft := sinso.Draft{Steps: []sinso.Step{step("give notice", requests("cancel", found.Terms, []byte{}))}}
	draft.Result = func(ctx context.Context, desk sinso.Desk, _ []sinso.Done) (any, error) {
		return Find(ctx, desk, found.ID)
	}
	return draft, nil
}

// finish has two steps: what is left is owed, and is paid.
func finish(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	found, err := ours(ctx, desk, given)
	if err != nil {
		return sinso.Draft{}, err
	}
	free := step("end a request", requests("close", found.Terms))
	free.Skip = found.Left.Int().Sign() == 0 // it was closed, or all of it was spent
	draft := sinso.Draft{Steps: []sinso.Step{free, step("take back what is left", requests("withdraw", found.Terms.Currency, found.Terms.Buyer))}}
	draft.Result = func(ctx context.Context, desk sinso.Desk, _ []sinso.Done) (any, error) {
		return Find(ctx, desk, found.ID)
	}
	return draft, nil
}
