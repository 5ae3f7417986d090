package way

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/register"
)

// landsWithin is how long after it was called off the token of a release is looked for on
// the chain: a transaction whose answer was lost may still wait there.
const landsWithin = 30 * 24 * time.Hour

// tendCalledOff looks for the tokens of releases that were called off.
func (w *Way) tendCalledOff(ctx context.Context) error {
	releases, err := w.Releases(ctx, "")
	if err != nil {
		return err
	}
	var errs []error
	for _, row := range releases {
		off := row.State == sinso.ReleaseIsRefused && row.Reason == ReasonCalledOff
		signed := len(row.Asset.Split) > 0 // else there is nothing that could land
		if off && signed && row.Token == (sinso.TokenID{}) && w.Clock.Now().Sub(row.Updated) < landsWithin {
			errs = append(errs, w.landed(ctx, row))
		}
	}
	return errors.Join(errs...)
}

// landed writes down that the token of a release is on the chain, if it is. No contract can
// destroy it: the release stays refused, is offered to nobody, and names its token.
func (w *Way) landed(ctx context.Context, row sinso.ReleaseRow) error {
	token, err := register.Check(w.Chain.Contracts(), row.Asset)
	if err != nil {
		return fmt.Errorf("way: release %s: %w", row.ID, err)
	}
	_, err = w.Chain.Owner(ctx, token)
	if errors.Is(err, sinso.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("way: release %s: whether it is registered is not known: %w", row.ID, err)
	}
	return w.recordOne(ctx, sinso.EventAssetRegistered, "node", row.Person, sinso.AssetRegistered{Release: row.ID, Token: token})
}
