package way

import (
	"context"
	"fmt"

	"sinso.dev/sinso"
)

// Added is what came of a release, as commands tell it.
type Added struct {
	Release   sinso.ReleaseID      `json:"release"`
	Series    []sinso.SeriesID     `json:"series" nullable:"false"` // that it is made of; none: all of the study
	State     sinso.ReleaseState   `json:"state"`
	Tier      sinso.Tier           `json:"tier"`
	Instances int                  `json:"instances"`
	Withheld  map[sinso.Reason]int `json:"withheld"`
	Reason    sinso.Reason         `json:"reason"`
	Token     *sinso.TokenID       `json:"token"`
	Order     *sinso.Hash          `json:"order"`
	Price     sinso.Wei            `json:"priceWei"`
	Terms     sinso.Terms          `json:"terms"`
	Risk      *RiskReport          `json:"risk"`    // exactly; null if nothing was made
	Quality   *QualityReport       `json:"quality"` // null if nothing was made
}

// Added tells of a release that [Way.Release] returned. ErrCorrupt: it is registered, and has no order.
func (w *Way) Added(ctx context.Context, row sinso.ReleaseRow) (out Added, err error) {
	out = Added{
		Release: row.ID, Series: append([]sinso.SeriesID{}, row.Series...), State: row.State, Tier: row.Tier, Instances: row.Instances,
		Withheld: row.Withheld, Reason: row.Reason, Price: row.Price, Terms: row.Terms,
	}
	if row.Risk != nil {
		out.Risk = ReportRisk(*row.Risk, true)
	}
	if row.Quality != nil {
		if out.Quality, err = w.QualityOf(row); err != nil {
			return out, err
		}
	}
	if row.State != sinso.ReleaseIsRegistered {
		return out, nil
	}
	out.Token = &row.Token
	orders, err := w.Orders(ctx, row.Person)
	if err != nil {
		return out, err
	}
	for _, order := range orders {
		if order.Release == row.ID {
			out.Order = &order.Hash
			return out, nil
		}
	}
	return out, fmt.Errorf("way: release %s has no order: %w", row.ID, sinso.ErrCorrupt)
}
