package way

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/act"
)

// ActDone is an act that was done.
type ActDone struct {
	ID     sinso.Hash    `json:"id"`
	Act    string        `json:"act"`
	Actor  sinso.Address `json:"actor"`
	Txs    []sinso.Tx    `json:"txs"`
	Fee    sinso.Wei     `json:"feeWei"`
	Fiat   string        `json:"fiat,omitempty"`
	Result any           `json:"result"` // what came of it; null where the transactions say it all
}

// calling is a call of an act: the act's name, and who asked.
type calling struct {
	id sinso.Hash
	by string
}

// draft drafts an act at a moment of the chain's clock; zero: now. No call: it is planned alone.
func (w *Way) draft(ctx context.Context, what sinso.Act, given sinso.Given, at time.Time, call *calling) (*desk, sinso.Draft, error) {
	if what.Draft == nil {
		return nil, sinso.Draft{}, fmt.Errorf("way: %s does nothing: %w", what.Name(), sinso.ErrInvalid)
	}
	d, err := w.sit(ctx, what, given, at)
	if err != nil {
		return nil, sinso.Draft{}, err
	}
	if call == nil {
		d.Dry()
	} else {
		d.by = call.by
		d.begins = func(ctx context.Context) error { return w.beginFirst(ctx, d, d.begun(call.id, what), call.by) }
	}
	draft, err := what.Draft(ctx, d, given)
	return d, draft, err
}

// drafted is an act that is about to be done.
type drafted struct {
	*desk
	sinso.Draft

	first sinso.ActBegun // how it was begun; a zero moment: it is not
	end   func()         // lets others pay in the token that it pays in
}

// draftOnce drafts an act as it was begun, or for now.
func (w *Way) draftOnce(ctx context.Context, id sinso.Hash, what sinso.Act, given sinso.Given, call *calling) (a drafted, err error) {
	if a.first, _, err = w.firstTry(ctx, id); err != nil {
		return a, err
	}
	a.desk, a.Draft, err = w.draft(ctx, what, given, a.first.Moment, call)
	a.end = func() {}
	return a, err
}

// draftInTurn drafts an act to be done. One that pays a token lets a contract take it from the node's account: until
// end no other does, which could change that in between.
func (w *Way) draftInTurn(ctx context.Context, id sinso.Hash, what sinso.Act, given sinso.Given, call *calling) (drafted, error) {
	a, err := w.draftOnce(ctx, id, what, given, call)
	if err != nil || !a.paysToken() {
		return a, err
	}
	end, err := w.allowing.take(ctx, turnOf(a.Steps[0].At))
	if err != nil {
		return a, err
	}
	if a, err = w.draftOnce(ctx, id, what, given, call); err != nil { // as it stands now
		end()
	}
	a.end = end
	return a, err
}

// Act does an act. id names it: the same name is never done twice, so after a
// crash the same call finishes what was begun: it is drafted at the moment of the first try, on whatever
// day. Each transaction is written down before the next is made.
func (w *Way) Act(ctx context.Context, id sinso.Hash, what sinso.Act, given sinso.Given, actor string) (ActDone, error) {
	call := &calling{id, actor}
	a, err := w.draftInTurn(ctx, id, what, given, call)
	if err != nil {
		return ActDone{}, err
	}
	defer a.end()
	done := ActDone{ID: id, Act: what.Name(), Actor: a.Actor()}
	begun := a.begun(id, what)
	first := a.first
	if first.Moment.IsZero() {
		if first, err = w.beginOnce(ctx, a.desk, begun, actor); err != nil {
			return done, err
		}
	}
	if first.Act != begun.Act || first.Account != begun.Account {
		return done, nameUsed(first)
	}
	if !first.Moment.Equal(begun.Moment) { // another call of it began it a moment ago
		if a.desk, a.Draft, err = w.draft(ctx, what, given, first.Moment, call); err != nil {
			return done, err
		}
	}
	steps, err := w.carryAll(ctx, a, begun, actor, &done)
	if err != nil {
		return done, err
	}
	done.Fiat = w.cfg.CoinPrice.Of(done.Fee)
	if err := w.noteOnce(ctx, a.desk, done, actor); err != nil {
		return done, err
	}
	if a.Result != nil {
		if done.Result, err = a.Result(ctx, a.desk, steps); err != nil {
			return done, fmt.Errorf("way: %s is done, and what came of it cannot be told now: %w", done.Act, err)
		}
	}
	return done, nil
}

// carryAll does the steps of an act, and adds their transactions to what is told of it.
func (w *Way) carryAll(ctx context.Context, a drafted, begun sinso.ActBegun, actor string, done *ActDone) ([]sinso.Done, error) {
	paid, err := w.paidBefore(ctx, a, done.ID)
	if err != nil {
		return nil, err
	}
	var steps []sinso.Done
	for i, step := range a.Steps {
		if step.Skip || paid && step.Contract == sinso.ERC20 {
			steps = append(steps, sinso.Done{})
			continue
		}
		by := [32]byte{} // the node's own
		if step.Self && a.Actor() != a.Sender() {
			by = a.Secret()
			if err := w.fundStep(ctx, a.desk, step, act.Once(done.ID, i+fundings), begun, actor); err != nil {
				return nil, err
			}
		}
		w.step("act " + done.Act)
		did, err := w.carryStep(ctx, a.desk, done.ID, i, step, by)
		if err != nil {
			return nil, w.takesBack(ctx, a, err, done)
		}
		steps = append(steps, did)
		done.add(did)
	}
	return steps, w.takesBack(ctx, a, nil, done)
}

// add adds a transaction to what is told.
func (a *ActDone) add(did sinso.Done) {
	a.Txs = append(a.Txs, did.Tx)
	a.Fee = sinso.NewWei(new(big.Int).Add(a.Fee.Int(), did.Fee.Int()))
}

// carryStep does one step of an act under its name. An approval has a name of its own each time: what it
// let a contract take may have been taken back since.
func (w *Way) carryStep(ctx context.Context, d *desk, id sinso.Hash, number int, step sinso.Step, by [32]byte) (sinso.Done, error) {
	once := act.Once(id, number)
	if step.Contract == sinso.ERC20 {
		var err error
		if once, err = d.Salt(); err != nil {
			return sinso.Done{}, err
		}
	}
	return w.carry(ctx, d, once, step, by)
}

// carry does one step: the node's own, a person's own, or a person's that the node carries
// and pays the gas of.
func (w *Way) carry(ctx context.Context, d *desk, once sinso.Hash, step sinso.Step, by [32]byte) (sinso.Done, error) {
	if d.person != "" && !step.Self {
		portion, err := w.portion(ctx, d, step)
		if err != nil {
			return sinso.Done{}, err
		}
		return w.Deeds.Relay(ctx, once, step.Deed, portion)
	}
	return w.Deeds.Do(ctx, once, step.Deed, by)
}

// portionPurpose is what a person's number among those for whom the node pays is made of.
const portionPurpose = "relay"

// portion says for whom a step is carried, by a number that nobody knows the person by.
func (w *Way) portion(ctx context.Context, d *desk, step sinso.Step) (sinso.Portion, error) {
	secret, err := w.Keys.Secret(ctx, sinso.PersonKey(d.person), portionPurpose)
	if err != nil {
		return sinso.Portion{}, fmt.Errorf("way: the person's portion of what the node carries: %w", err)
	}
	return sinso.Portion{For: act.Portion(secret), Revokes: step.Revokes}, nil
}

// fundings is where the names of fundings begin, among those of an act's steps.
const fundings = 128

// fundStep sends the actor what a step costs at most, if it has less: its account is
// fresh, and only it can be the sender. What is sent counts for what the node pays for people.
func (w *Way) fundStep(ctx context.Context, d *desk, step sinso.Step, once sinso.Hash, begun sinso.ActBegun, by string) error {
	plan, err := w.Deeds.Plan(ctx, step.Deed, d.Actor())
	if err != nil && plan.From == (sinso.Address{}) {
		return err
	}
	// The contract may refuse while the account is empty, and say so: then the deed says it again.
	need := step.Value.Int()
	need.Add(need, plan.MostFee.Int())
	balance, err := w.Chain.Balance(ctx, d.Actor())
	if err != nil || balance.Int().Cmp(need) >= 0 {
		return err
	}
	begun.Funds = plan.MostFee
	if err := w.noteBegun(ctx, d, begun, by); err != nil {
		return err
	}
	portion, err := w.portion(ctx, d, step)
	if err != nil {
		return err
	}
	_, err = w.Deeds.FundFor(ctx, once, d.Actor(), sinso.NewWei(need.Sub(need, balance.Int())), portion)
	if errors.Is(err, sinso.ErrExists) {
		return nil // it was sent before a cut, when it cost another sum
	}
	return err
}
