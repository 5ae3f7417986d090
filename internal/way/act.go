package way

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/act"
	"sinso.dev/sinso/internal/stage/act/auction"
	"sinso.dev/sinso/internal/stage/act/company"
	"sinso.dev/sinso/internal/stage/act/consent"
	"sinso.dev/sinso/internal/stage/act/creator"
	"sinso.dev/sinso/internal/stage/act/fraction"
	"sinso.dev/sinso/internal/stage/act/govern"
	"sinso.dev/sinso/internal/stage/act/panel"
	"sinso.dev/sinso/internal/stage/act/request"
	"sinso.dev/sinso/internal/stage/act/reward"
	"sinso.dev/sinso/internal/stage/act/stake"
)

// Acts are what people can do and ask by the contracts, each noun's from its stage.
func Acts() []sinso.Act {
	return slices.Concat(
		auction.Acts(), company.Acts(), consent.Acts(), creator.Acts(), fraction.Acts(), govern.Acts(), panel.Acts(), request.Acts(), reward.Acts(), stake.Acts(),
	)
}

// ActNamed returns an act by noun and verb; ErrNotFound if there is none.
func ActNamed(noun, verb string) (sinso.Act, error) {
	for _, known := range Acts() {
		if known.Noun == noun && known.Verb == verb {
			return known, nil
		}
	}
	return sinso.Act{}, fmt.Errorf("way: there is no act %s %s: %w", noun, verb, sinso.ErrNotFound)
}

// ActPlan is what an act would do, before anything is sent. The chain's endpoint is asked for it by what
// would be sent, but for the actor's signatures: nothing is signed, so nobody can carry it. So the gas of
// checking a signature, some thousand, is not in it.
type ActPlan struct {
	Act   string        `json:"act"`   // "stake add"
	Actor sinso.Address `json:"actor"` // whose doing it is on the chain
	Pays  sinso.Address `json:"pays"`  // the account that pays the gas
	Steps []PlannedStep `json:"steps"`
	// Signs is what the actor would sign for somebody else to carry, which costs it nothing; what is agreed to
	// shows it, with zeros for the signature.
	Signs []sinso.Signed `json:"signs,omitempty"`
	// Fee is what the gas of the steps with a figure costs at the price of now, with that of sending the
	// actor its funds, and MostFee what it costs at most.
	Fee     sinso.Wei `json:"feeWei"`
	MostFee sinso.Wei `json:"mostFeeWei"`
	Value   sinso.Wei `json:"valueWei"` // paid with the steps
	// AtLeast: it may be more, for a step has no figure, or was tried without the signature that it needs.
	AtLeast bool           `json:"atLeast"`
	Fiat    string         `json:"fiat,omitempty"`  // what the fee is worth, where the node knows a price
	About   any            `json:"about,omitempty"` // what is agreed to
	Given   map[string]any `json:"given"`
}

// PlannedStep is one transaction of a plan. Those after the first may depend on it, and some
// need a signature: what cannot be tried is said without a figure.
type PlannedStep struct {
	sinso.Plan
	Funds   sinso.Wei `json:"fundsWei,omitzero"` // what the node sends the actor before, which has to pay itself
	Untried string    `json:"untried,omitempty"` // why no figure is known

	unsigned bool // it was tried without the actor's signature
}

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

// desk is an act's desk, and whose act it is.
type desk struct {
	*act.Desk
	way     *Way                        // of an act; nil: it is asked alone
	by      string                      // who asked for the act
	person  sinso.PersonID              // "": the node's own
	release sinso.ReleaseID             // whose account acts, if it is an asset's
	at      sinso.Address               // contract that the account is for alone, if it is a member's
	mute    bool                        // it only asks, and signs nothing
	dry     bool                        // it only plans
	begins  func(context.Context) error // writes down that the act is begun, before anything is signed and kept for it; nil: nothing is
	signed  []sinso.Hash                // digests
	enters  [32]byte                    // what the person's nullifiers are made of; of an act in an account for one contract alone
}

var _ sinso.Desk = (*desk)(nil)

// Sign implements [sinso.Desk].
func (d *desk) Sign(digest sinso.Hash) ([]byte, error) {
	if d.mute {
		return nil, errMute
	}
	d.signed = append(d.signed, digest)
	return d.Desk.Sign(digest)
}

// SignText implements [sinso.Desk].
func (d *desk) SignText(ctx context.Context, text sinso.Text) ([]byte, error) {
	if d.mute {
		return nil, errMute
	}
	digest, err := d.Digest(text)
	if err != nil {
		return nil, err
	}
	d.signed = append(d.signed, digest)
	return d.Desk.SignText(ctx, text)
}

// Dry has the desk sign and keep nothing from now on.
func (d *desk) Dry() {
	d.dry = true
	d.Desk.Dry()
}

var errMute = fmt.Errorf("way: an act that only asks signs nothing: %w", sinso.ErrDenied)

// nullifierPurpose is what a person's nullifiers are made of: it signs nothing and
// leaves the node in no form but them.
const nullifierPurpose = "nullifier"

// Nullifier implements [sinso.Desk].
func (d *desk) Nullifier(at sinso.Address) (sinso.Hash, error) {
	if d.enters == ([32]byte{}) {
		return sinso.Hash{}, fmt.Errorf("way: no person acts here, and only a person enters a register: %w", sinso.ErrInvalid)
	}
	return act.Nullifier(d.enters, at), nil
}

// sit makes the desk of an act, for whoever it says acts, at a moment of the chain's clock; zero: now.
func (w *Way) sit(ctx context.Context, what sinso.Act, given sinso.Given, at time.Time) (*desk, error) {
	if w.Chain == nil || w.Deeds == nil {
		return nil, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	d := &desk{way: w}
	actor, err := w.actor(ctx, d, what, given)
	if err != nil {
		return nil, err
	}
	if what.Who == sinso.ActsMember {
		if d.enters, err = w.Keys.Secret(ctx, sinso.PersonKey(d.person), nullifierPurpose); err != nil {
			return nil, fmt.Errorf("way: the person's secret for registers: %w", err)
		}
	}
	if d.Desk, err = w.seat(ctx, actor, at); err == nil && !at.IsZero() {
		d.Again()
	}
	return d, err
}

// seat makes a desk for who has a secret, at a moment of the chain's clock; zero: now.
func (w *Way) seat(ctx context.Context, actor [32]byte, at time.Time) (*act.Desk, error) {
	if at.IsZero() {
		var err error
		if at, err = w.Chain.Now(ctx); err != nil {
			return nil, err
		}
	}
	node, err := w.OwnAccount(ctx)
	if err != nil {
		return nil, err
	}
	hand, err := w.hand(actor)
	if err != nil {
		return nil, fmt.Errorf("way: the actor's account: %w", err)
	}
	return act.NewDesk(w.Deeds, w.Chain.Contracts().ChainID, hand, node, at, w.Rand), nil
}

// actor returns the key of who acts, and notes whose it is.
func (w *Way) actor(ctx context.Context, d *desk, what sinso.Act, given sinso.Given) ([32]byte, error) {
	person, err := w.ActsFor(ctx, what, given)
	if err != nil {
		return [32]byte{}, err
	}
	d.person = person
	switch what.Who {
	case sinso.ActsOwner:
		row, err := w.ReleaseByToken(ctx, sinso.Of[sinso.TokenID](given, "token"))
		if err != nil {
			return [32]byte{}, err
		}
		d.release = row.ID
		return w.creatorSecret(ctx, row)
	case sinso.ActsMember:
		d.at = sinso.Of[sinso.Address](given, "at")
		secret, err := w.Keys.Secret(ctx, sinso.PersonKey(person), memberPurpose(d.at))
		if err != nil {
			return secret, fmt.Errorf("way: the person's key for %s: %w", d.at, err)
		}
		return secret, nil
	case sinso.ActsBuyer:
		return w.buyerSecret(ctx, sinso.Of[sinso.Hash](given, "trade"))
	case sinso.ActsNode:
	}
	return w.Account(ctx)
}

// buyerSecret is the key of the account that bought in a trade; ErrNotFound: this node did not.
func (w *Way) buyerSecret(ctx context.Context, trade sinso.Hash) ([32]byte, error) {
	all, err := w.Purchases(ctx)
	if err != nil {
		return [32]byte{}, err
	}
	at := slices.IndexFunc(all, func(row sinso.PurchaseRow) bool { return row.Trade == trade && trade != sinso.Hash{} })
	if at < 0 {
		return [32]byte{}, fmt.Errorf("way: this node bought in no such trade: %w", sinso.ErrNotFound)
	}
	keys, err := w.oneOrder(ctx, all[at])
	if err != nil {
		return [32]byte{}, err
	}
	return keys.Account, nil
}

// memberPurpose is what a person's account for one contract alone is derived for.
func memberPurpose(at sinso.Address) string { return "member/" + at.String() }

// ActsFor returns the person in whose name an act is, "" if it is the node's own.
func (w *Way) ActsFor(ctx context.Context, what sinso.Act, given sinso.Given) (sinso.PersonID, error) {
	switch what.Who {
	case sinso.ActsOwner:
		row, err := w.ReleaseByToken(ctx, sinso.Of[sinso.TokenID](given, "token"))
		return row.Person, err
	case sinso.ActsMember:
		id := sinso.PersonID(sinso.Of[string](given, "person"))
		_, err := w.Person(ctx, id)
		return id, err
	case sinso.ActsBuyer, sinso.ActsNode:
	}
	return "", nil
}

// Ask answers an act that only asks. What it signs is written down before it is given out.
func (w *Way) Ask(ctx context.Context, what sinso.Act, given sinso.Given, actor string) (any, error) {
	if what.Ask == nil {
		return nil, fmt.Errorf("way: %s asks nothing: %w", what.Name(), sinso.ErrInvalid)
	}
	d, err := w.sit(ctx, what, given, time.Time{})
	if err != nil {
		return nil, err
	}
	d.mute = what.Signs == ""
	answer, err := what.Ask(ctx, d, given)
	if err != nil || len(d.signed) == 0 {
		return answer, err
	}
	begun := d.begun(sinso.Hash{}, what)
	begun.Signed = d.signedAs(what.Signs)
	if err := w.noteBegun(ctx, d, begun, actor); err != nil {
		return nil, err
	}
	return answer, nil
}

// signedAs is what was signed, of one EIP-712 primary type.
func (d *desk) signedAs(name string) (all []sinso.Signed) {
	for _, digest := range d.signed {
		all = append(all, sinso.Signed{Type: name, Digest: digest})
	}
	return all
}

// planAsk says what an act that asks would sign.
func (w *Way) planAsk(ctx context.Context, what sinso.Act, given sinso.Given) (ActPlan, error) {
	d, err := w.sit(ctx, what, given, time.Time{})
	if err != nil {
		return ActPlan{}, err
	}
	d.Dry()
	d.mute = what.Signs == ""
	answer, err := what.Ask(ctx, d, given)
	return ActPlan{
		Act: what.Name(), Actor: d.Actor(), Pays: d.Sender(), About: answer, Given: given,
		Steps: []PlannedStep{}, Signs: d.signedAs(what.Signs),
	}, err
}

// PlanAct says what an act would do and cost. Nothing leaves the node but questions, and nothing
// is signed.
func (w *Way) PlanAct(ctx context.Context, what sinso.Act, given sinso.Given) (ActPlan, error) {
	if what.Ask != nil {
		return w.planAsk(ctx, what, given)
	}
	d, draft, err := w.draft(ctx, what, given, time.Time{}, nil)
	if err != nil {
		return ActPlan{}, err
	}
	plan := ActPlan{Act: what.Name(), Actor: d.Actor(), Pays: d.Sender(), About: draft.About, Given: given}
	return plan, w.planSteps(ctx, d, draft.Steps, &plan)
}

// planSteps tries the steps of a draft, and adds them to a plan.
func (w *Way) planSteps(ctx context.Context, d *desk, steps []sinso.Step, plan *ActPlan) error {
	for _, step := range steps {
		if step.Skip {
			continue
		}
		said, err := w.tryStep(ctx, d, step, len(plan.Steps) == 0)
		if err == nil {
			err = w.fundPlanned(ctx, d, step, &said)
		}
		if err != nil {
			return err
		}
		plan.add(said, step.Value)
	}
	plan.Fiat = w.cfg.CoinPrice.Of(plan.Fee)
	return nil
}

// add adds a step to a plan and its sums.
func (p *ActPlan) add(step PlannedStep, value sinso.Wei) {
	const funding = 21_000 // gas of a payment that calls nothing (yellow paper, G_transaction)
	fee, most := step.Fee.Int(), step.MostFee.Int()
	if step.Funds.Int().Sign() > 0 && step.Gas > 0 {
		gas := new(big.Int).SetUint64(step.Gas)
		for _, sum := range []*big.Int{fee, most} { // at the step's price, rounded up
			more := new(big.Int).Mul(sum, big.NewInt(funding))
			sum.Add(sum, more.Add(more, gas).Div(more, gas))
		}
	}
	p.Fee = sinso.NewWei(fee.Add(fee, p.Fee.Int()))
	p.MostFee = sinso.NewWei(most.Add(most, p.MostFee.Int()))
	p.Value = sinso.NewWei(new(big.Int).Add(p.Value.Int(), value.Int()))
	p.AtLeast = p.AtLeast || step.unsigned || step.Untried != ""
	p.Steps = append(p.Steps, step)
}

// fundPlanned works out what the node would send the actor before a step, as [Way.fundStep] does.
func (w *Way) fundPlanned(ctx context.Context, d *desk, step sinso.Step, said *PlannedStep) error {
	if !step.Self || d.Actor() == d.Sender() {
		return nil
	}
	balance, err := w.Chain.Balance(ctx, d.Actor())
	if err != nil {
		return err
	}
	need := new(big.Int).Add(said.MostFee.Int(), step.Value.Int())
	if need.Sub(need, balance.Int()).Sign() > 0 {
		said.Funds = sinso.NewWei(need)
	}
	return nil
}

// tryStep asks what a step would cost. What the actor signs and another carries is tried as
// if the actor sent it, without the signature: most contracts take it so. An error is of the first
// step alone.
func (w *Way) tryStep(ctx context.Context, d *desk, step sinso.Step, first bool) (PlannedStep, error) {
	from := d.Sender()
	if step.Self || d.person != "" {
		from = d.Actor()
	}
	plan, err := w.Deeds.Plan(ctx, step.Deed, from)
	if errors.Is(err, sinso.ErrUnsigned) && step.Own != nil {
		own := step.Deed
		own.Call = *step.Own
		plan, err = w.Deeds.Plan(ctx, own, from)
	}
	said := PlannedStep{Plan: plan}
	switch {
	case err == nil:
	case errors.Is(err, sinso.ErrUnsigned):
		said.Untried = "it can be tried only when it is signed, and a dry run signs nothing"
	case first:
		return said, err
	default:
		said.Untried = "it can be tried only after the steps before it"
	}
	said.Doing = step.Doing
	if !step.Self && from != d.Sender() {
		said.From = d.Sender()
		said.unsigned = true
		said.Balance, err = w.Chain.Balance(ctx, said.From)
		return said, err
	}
	return said, nil
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
