package serve

import (
	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/way"
)

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

func (c *call) licences() (list[way.HeldLicence], error) {
	if err := c.caller.May(auth.Trade, ""); err != nil {
		return list[way.HeldLicence]{}, err
	}
	rows, err := c.way.Licences(c.ctx(), c.cfg.Catalogue)
	return list[way.HeldLicence]{Items: orNone(rows)}, err
}

// licenceOf is the licence in the path, if the caller may trade.
func (c *call) licenceOf() (sinso.Hash, error) {
	if err := c.caller.May(auth.Trade, ""); err != nil {
		return sinso.Hash{}, err
	}
	return c.hash("licence")
}

func (c *call) licence() (way.HeldLicence, error) {
	id, err := c.licenceOf()
	if err != nil {
		return way.HeldLicence{}, err
	}
	return c.way.Licence(c.ctx(), id)
}

func (c *call) passLicence(in passLicence) (out passed, err error) {
	id, err := c.licenceOf()
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
