package serve

import (
	"fmt"
	"slices"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/stage/market"
	"sinso.dev/sinso/internal/way"
)

// paidLicence is what the chain says now of a licence that was paid for.
type paidLicence struct {
	ID           sinso.TokenID `json:"id"`
	Owner        sinso.Address `json:"owner"`
	Asset        sinso.TokenID `json:"asset"`
	Purpose      string        `json:"purpose"`        // "" if it is none that this program knows
	Until        time.Time     `json:"until,omitzero"` // its last moment; absent: no end
	Transferable bool          `json:"transferable"`
	Revoked      bool          `json:"revoked"` // the seller ended it
	Over         bool          `json:"over"`    // its last moment has passed, by this node's clock
}

// licenceOf asks the chain for the licence that came of a trade.
func (c *call) licenceOf(trade sinso.Hash) (paidLicence, error) {
	switch {
	case c.way.Chain == nil:
		return paidLicence{}, fmt.Errorf("serve: this node is not connected to a chain: %w", sinso.ErrUnavailable)
	case trade == (sinso.Hash{}):
		return paidLicence{}, fmt.Errorf("serve: nothing was traded: %w", sinso.ErrNotFound)
	}
	token, err := c.way.Chain.Licence(c.ctx(), trade)
	if err != nil {
		return paidLicence{}, fmt.Errorf("serve: licence %s: %w", trade, err)
	}
	purpose, _ := market.PurposeOf(token.Purpose)
	return paidLicence{
		ID: token.ID, Owner: token.Owner, Asset: token.Asset, Purpose: string(purpose), Until: token.Until, Transferable: token.Transferable,
		Revoked: token.Revoked, Over: !token.Until.IsZero() && c.way.Clock.Now().After(token.Until),
	}, nil
}

// boughtLicence is the licence of a purchase.
func (c *call) boughtLicence() (paidLicence, error) {
	row, err := c.purchaseRow()
	if err == nil {
		err = c.way.Here(row)
	}
	if err != nil {
		return paidLicence{}, err
	}
	return c.licenceOf(row.Trade)
}

// soldLicence is the licence that an order brought its buyer.
func (c *call) soldLicence() (paidLicence, error) {
	row, err := c.orderRow(auth.See)
	if err != nil {
		return paidLicence{}, err
	}
	return c.licenceOf(row.Trade)
}

// passLicence says to whom a licence is passed on.
type passLicence struct {
	To     sinso.Address `json:"to"`
	DryRun bool          `json:"dryRun,omitempty"` // only say what it would do and cost
}

// passed is what came of it: one of the two.
type passed struct {
	Plan *way.ActPlan `json:"plan,omitempty"`
	Done *way.ActDone `json:"done,omitempty"`
}

// heldLicences are what the accounts of the node hold on its chain.
type heldLicences struct {
	Items []way.HeldLicence `json:"items" nullable:"false"`
	// Elsewhere are the node's purchases on other chains, or other contracts: their licences are not among the items.
	Elsewhere []way.Elsewhere `json:"elsewhere" nullable:"false"`
}

func (c *call) licences() (heldLicences, error) {
	if err := c.caller.May(auth.Trade, ""); err != nil {
		return heldLicences{}, err
	}
	rows, err := c.way.Licences(c.ctx(), c.cfg.Catalogue)
	if err != nil {
		return heldLicences{}, err
	}
	rows = slices.DeleteFunc(rows, func(row way.HeldLicence) bool { return c.mayHold(row) != nil })
	others, err := c.way.Elsewhere(c.ctx())
	return heldLicences{orNone(rows), orNone(others)}, err
}

// mayHold is an error if a licence lies in a person's account for which the caller does not decide.
func (c *call) mayHold(held way.HeldLicence) error {
	if held.Person() == "" {
		return nil
	}
	return c.caller.May(auth.Sell, held.Person())
}

// licenceID is the licence in the path, if the caller may trade.
func (c *call) licenceID() (sinso.Hash, error) {
	if err := c.caller.May(auth.Trade, ""); err != nil {
		return sinso.Hash{}, err
	}
	return c.hash("licence")
}

func (c *call) licence() (way.HeldLicence, error) {
	id, err := c.licenceID()
	if err != nil {
		return way.HeldLicence{}, err
	}
	held, err := c.way.Licence(c.ctx(), id)
	if err == nil && c.mayHold(held) != nil { // what anybody can see of it on the chain
		held.Ours, held.Holder = false, ""
	}
	return held, err
}

func (c *call) passLicence(in passLicence) (out passed, err error) {
	id, err := c.licenceID()
	if err != nil {
		return out, err
	}
	held, err := c.way.Licence(c.ctx(), id)
	if err == nil {
		err = c.mayHold(held)
	}
	if err != nil {
		return out, err
	}
	if in.DryRun {
		plan, err := c.way.PlanPass(c.ctx(), id, in.To)
		out.Plan = &plan
		return out, err
	}
	done, err := c.way.Pass(c.ctx(), id, in.To, c.caller.ID)
	out.Done = &done
	return out, err
}
