package way

import (
	"context"
	"fmt"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/market"
)

// Elsewhere are purchases of this node that were made on another chain, or on other contracts, than it stands on now:
// what they brought is there. The embedded chains of two nodes have the same ID, and other contracts.
type Elsewhere struct {
	Contracts sinso.Contracts `json:"contracts"`
	Purchases int             `json:"purchases"` // whatever became of them
}

// Elsewhere lists them, those begun first first.
func (w *Way) Elsewhere(ctx context.Context) ([]Elsewhere, error) {
	if w.Chain == nil {
		return nil, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	rows, err := w.Purchases(ctx)
	if err != nil {
		return nil, err
	}
	found := []Elsewhere{}
	for _, row := range rows {
		at, away, err := w.away(row)
		if err != nil {
			return nil, err
		}
		if !away {
			continue
		}
		i := slices.IndexFunc(found, func(e Elsewhere) bool { return e.Contracts == at })
		if i < 0 {
			i, found = len(found), append(found, Elsewhere{Contracts: at})
		}
		found[i].Purchases++
	}
	return found, nil
}

// away says on which contracts a purchase was made, and whether the node stands on others.
func (w *Way) away(row sinso.PurchaseRow) (at sinso.Contracts, away bool, err error) {
	offer, err := market.Kept(row.Offer)
	if err != nil {
		return at, false, err
	}
	return offer.Contracts, offer.Contracts != w.Chain.Contracts(), nil
}

// Here is ErrNotFound, with where to look, for a purchase that was made elsewhere.
func (w *Way) Here(row sinso.PurchaseRow) error {
	if w.Chain == nil {
		return nil
	}
	at, away, err := w.away(row)
	if err != nil || !away {
		return err
	}
	return fmt.Errorf("way: order %s was bought on another chain, or other contracts, than this node is opened on: chain ID %d, Exchange %s; what it brought is asked of that: %w",
		row.Order, at.ChainID, at.Exchange, sinso.ErrNotFound)
}
