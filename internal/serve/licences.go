package serve

import (
	"fmt"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/stage/market"
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
