package way

import (
	"context"

	"sinso.dev/sinso"
)

// RootKeyShared writes down that shares of the node's root key were made, before anybody has
// one.
func (w *Way) RootKeyShared(ctx context.Context, set sinso.RootKeyShares, actor string) error {
	body := sinso.RootKeyShared{Fingerprint: set.Fingerprint, Identifier: set.Identifier, Threshold: set.Threshold}
	for _, share := range set.Shares {
		body.Guardians = append(body.Guardians, share.Guardian)
	}
	return w.recordOne(ctx, sinso.EventRootKeyShared, actor, "", body)
}

// projectRootKeyShared: the log has it, and no index needs it.
func projectRootKeyShared(sinso.MetaTx, sinso.Event, sinso.RootKeyShared) ([]string, error) {
	return nil, nil
}
