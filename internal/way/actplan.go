package way

import (
	"cmp"
	"context"
	"errors"
	"math/big"
	"slices"
	"time"

	"sinso.dev/sinso"
)

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

// signedAs is what was signed: each text by its own EIP-712 primary type, what was signed as a digest by name.
func (d *desk) signedAs(name string) []sinso.Signed {
	all := slices.Clone(d.signed)
	for i := range all {
		all[i].Type = cmp.Or(all[i].Type, name)
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
