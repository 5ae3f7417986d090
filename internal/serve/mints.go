package serve

import (
	"fmt"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/way"
)

// askedMint is how a mint is asked for.
type askedMint struct {
	DryRun bool `json:"dryRun"` // only say what it would send and cost
}

// askedVersion is how a version is asked for.
type askedVersion struct {
	// Next is the release, or the study, that comes after. Default: the study of the one before, as it stands now.
	Next   string `json:"next,omitempty"`
	DryRun bool   `json:"dryRun"` // only say what it would send and cost
}

// toldMint is what came of it: one of the two.
type toldMint struct {
	Plan *way.ActPlan `json:"plan,omitempty"`
	Done *way.Minted  `json:"done,omitempty"`
}

// maySell is nil if a name is of a release, or a study, and the caller may sell of it.
func (c *call) maySell(name string) error {
	var token sinso.TokenID
	if !opaque("r_", name) && !opaque("s_", name) && token.UnmarshalText([]byte(strings.ToLower(name))) != nil {
		return fmt.Errorf("serve: release: %w", sinso.ErrNotFound)
	}
	found, err := c.way.Call(c.ctx(), name)
	if err != nil {
		return err
	}
	return c.caller.May(auth.Sell, found.Person)
}

func (c *call) mint(in askedMint) (toldMint, error) {
	name := c.r.PathValue("release")
	if err := c.maySell(name); err != nil {
		return toldMint{}, err
	}
	if in.DryRun {
		plan, err := c.way.PlanMint(c.ctx(), name, way.ReleaseOptions{})
		return toldMint{Plan: &plan}, err
	}
	ctx, end := c.lasting.begin(c.ctx()) // a person who closes the page finds it done
	defer end()
	done, err := c.way.Mint(ctx, name, way.ReleaseOptions{Actor: c.caller.ID})
	return toldMint{Done: &done}, err
}

func (c *call) version(in askedVersion) (toldMint, error) {
	name := c.r.PathValue("release")
	if err := c.maySell(name); err != nil {
		return toldMint{}, err
	}
	if in.Next != "" {
		if err := c.maySell(in.Next); err != nil {
			return toldMint{}, err
		}
	}
	if in.DryRun {
		plan, err := c.way.PlanVersion(c.ctx(), name, in.Next)
		return toldMint{Plan: &plan}, err
	}
	ctx, end := c.lasting.begin(c.ctx())
	defer end()
	done, err := c.way.Version(ctx, name, in.Next, c.caller.ID)
	return toldMint{Done: &done}, err
}
