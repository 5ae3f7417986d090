package serve

import (
	"context"

	"sinso.dev/sinso"
)

// RootKey shares the node's root key among guardians, on behalf of actor, and writes that
// down. Guardians are public keys as the command prints them.
type RootKey interface {
	ShareRootKey(ctx context.Context, threshold int, guardians []string, actor string) (sinso.RootKeyShares, error)
}

// noRootKey is a server without one.
type noRootKey struct{}

func (noRootKey) ShareRootKey(context.Context, int, []string, string) (sinso.RootKeyShares, error) {
	return sinso.RootKeyShares{}, sinso.ErrUnsupported
}

// maxCouncil is of a body with 16 public keys.
const maxCouncil = 64 << 10

// newRootKeyShares says among whom the root key is shared.
type newRootKeyShares struct {
	Threshold int      `json:"threshold"` // how many are needed, from 2
	Guardians []string `json:"guardians"` // their public keys: sinso key guardian new
}

// shareRootKey is the keeper's: whoever names the guardians could have the key by naming
// themselves, so no token does.
func (c *call) shareRootKey(in newRootKeyShares) (sinso.RootKeyShares, error) {
	return c.cfg.RootKey.ShareRootKey(c.ctx(), in.Threshold, in.Guardians, c.caller.ID)
}
