package ipfs

import (
	"context"

	"github.com/libp2p/go-libp2p/core/peer"
)

// Connect tries once to connect to an address.
func (s *Swarm) Connect(ctx context.Context, address string) bool {
	info, err := peer.AddrInfoFromString(address)
	return err == nil && s.connect(ctx, *info)
}
