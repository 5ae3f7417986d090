// Package company has the acts of companies that give shares for data: persons enter
// the register once each, contribute, are paid dividends, vote and leave.
package company

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// Acts returns the acts of this package.
func Acts() []sinso.Act {
	return slices.Concat(entering(), holding(), moving(), paying(), deciding(), asking())
}

// The parameters that most acts have.
var (
	at     = sinso.Param{Name: "at", Kind: sinso.KindAddress, Needed: true, Help: "where the company stands"}
	person = sinso.Param{Name: "person", Kind: sinso.KindText, Needed: true, Help: "who acts; it is an account for this company alone"}
)

// drafting makes the draft of an act at the company that the parameter at names.
type drafting func(ctx context.Context, desk sinso.Desk, c register, given sinso.Given) (sinso.Draft, error)

func draft(fn drafting) func(context.Context, sinso.Desk, sinso.Given) (sinso.Draft, error) {
	return func(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
		c, err := find(ctx, desk, sinso.Of[sinso.Address](given, "at"))
		if err != nil {
			return sinso.Draft{}, err
		}
		return fn(ctx, desk, c, given)
	}
}

// register is a company's, with what is in force.
type register struct {
	at    sinso.Address
	rules rules
}

type rules struct {
	Registrar sinso.Address
	Cap       uint64
	Motions   uint64
	WoundUp   bool
}

// find returns a company that was founded here: what else stands at an address may say
// of itself whatever it likes.
func find(ctx context.Context, desk sinso.Desk, at sinso.Address) (register, error) {
	c := register{at: at}
	var topic sinso.Hash
	copy(topic[len(topic)-len(at):], at[:])
	founded := false
	err := desk.Each(ctx, "Companies", sinso.Address{}, "Founded", []sinso.Hash{topic}, func(sinso.ChainEvent) (bool, error) {
		founded = true
		return false, nil
	})
	if err == nil && !founded {
		err = fmt.Errorf("company: no company of this chain stands at %s; sinso company ls names them: %w", at, sinso.ErrNotFound)
	}
	if err != nil {
		return c, err
	}
	return c, desk.Ask(ctx, c.call("rules"), &c.rules)
}

func (c register) call(method string, args ...any) sinso.Call {
	return sinso.Call{Contract: "Company", At: c.at, Method: method, Args: args}
}

// step is a step that anyone may carry.
func (c register) step(doing, method string, args ...any) sinso.Step {
	return sinso.Step{Deed: sinso.Deed{Doing: doing, Call: c.call(method, args...)}}
}

func carried(step sinso.Step) sinso.Draft { return sinso.Draft{Steps: []sinso.Step{step}} }

// own is a step of which the contract wants the actor as the sender.
func own(step sinso.Step) sinso.Draft {
	step.Self = true
	return carried(step)
}

// standing is what an address is to a register.
type standing struct {
	Standing      uint8
	Contributions uint64
}

// The contract's standings, by their numbers.
var standings = []string{"none", "member", "left", "moved"}

const isMember = 1

func (c register) standing(ctx context.Context, desk sinso.Desk, who sinso.Address) (standing, error) {
	var s standing
	if err := desk.Ask(ctx, c.call("entryOf", who), &s); err != nil {
		return s, err
	}
	if int(s.Standing) >= len(standings) {
		return s, fmt.Errorf("company: the register says a standing that is none: %w", sinso.ErrCorrupt)
	}
	return s, nil
}

// ends is until when what is signed now can be carried: one day at least, and the same
// all day. An act that was cut off is drafted again at its first moment.
func ends(desk sinso.Desk) time.Time {
	const day = 24 * time.Hour
	return desk.Now().UTC().Truncate(day).Add(2 * day)
}

// inTime looks at an end that somebody else named.
func inTime(desk sinso.Desk, endsAt time.Time) error {
	const most = 366 * 24 * time.Hour
	now := desk.Now()
	if endsAt.Nanosecond() != 0 || endsAt.Before(now) || endsAt.After(now.Add(most)) {
		return fmt.Errorf("company: what was signed has ended, or ends in more than a year or within a second; nothing is signed; ask for it anew: %w", sinso.ErrInvalid)
	}
	return nil
}

// text is what accounts sign for this company.
func (c register) text(encodeType string, members ...any) sinso.Text {
	return sinso.Text{At: c.at, Type: encodeType, Members: members}
}

// signed says whether an account signed a text.
func signed(desk sinso.Desk, by sinso.Address, text sinso.Text, signature []byte) bool {
	digest, err := eip712.TextDigest(desk.Domain(text.At), text)
	if err != nil {
		return false
	}
	who, err := eip712.Recover(digest, signature)
	return err == nil && who == by
}

// byRegistrar is ErrDenied if the registrar did not sign a text. Where the registrar's account
// carries it, the contract would not ask for its signature: then a person of the company's own node
// would let itself in. Of a registrar that is a contract, the contract knows.
func (c register) byRegistrar(desk sinso.Desk, text sinso.Text, signature []byte) error {
	if c.rules.Registrar == desk.Sender() && !signed(desk, c.rules.Registrar, text, signature) {
		return fmt.Errorf("company: the registrar did not sign this; nothing is signed or sent: %w", sinso.ErrDenied)
	}
	return nil
}

// parse reads what another party printed.
func parse(what, text string, into any) error {
	from := json.NewDecoder(strings.NewReader(text))
	from.DisallowUnknownFields()
	err := from.Decode(into)
	if err == nil {
		if _, err = from.Token(); err == io.EOF {
			return nil
		}
	}
	return fmt.Errorf("company: this is no %s as it was printed; nothing is signed: %w", what, sinso.ErrInvalid)
}

// told reads one event of the transaction of a draft with one step.
func told(contract, name string, into any) func(context.Context, sinso.Desk, []sinso.Done) (any, error) {
	return func(_ context.Context, desk sinso.Desk, done []sinso.Done) (any, error) {
		for _, event := range done[len(done)-1].Events {
			if event.Name == name {
				return into, desk.Told(contract, event, into)
			}
		}
		return nil, fmt.Errorf("company: the transaction told no %s: %w", name, sinso.ErrCorrupt)
	}
}
