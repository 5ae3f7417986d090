package ipfs

import (
	"context"

	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
)

// MaxStreams is how many streams a node has open with one member.
const MaxStreams = maxOfPeer

// Bounds of what a routing server makes a node dial.
const (
	MaxFound     = maxFound
	MaxAddresses = maxAddresses
)

// IDOf is the peer id that follows from a seed.
func IDOf(seed [32]byte) string {
	_, id, err := identity(seed)
	if err != nil {
		panic(err)
	}
	return id.String()
}

// Dialable reports whether an address that a routing server named may be dialled.
func Dialable(text, id string, here bool) bool {
	member, err := peer.Decode(id)
	_, ok := dialable(text, member, here)
	return err == nil && ok
}

// Connect tries once to connect to an address.
func (s *Swarm) Connect(ctx context.Context, address string) bool {
	info, err := peer.AddrInfoFromString(address)
	return err == nil && s.connect(ctx, *info)
}

// Open opens streams of bitswap to a member until it may not, n at most, and returns how many.
func (s *Swarm) Open(ctx context.Context, member string, n int) (opened int) {
	id, err := peer.Decode(member)
	if err != nil {
		return 0
	}
	for range n {
		stream, err := s.host.NewStream(ctx, id, protocol.ID("/ipfs/bitswap/1.2.0"))
		if err != nil {
			break
		}
		defer stream.Reset() //nolint:errcheck // it was never used
		opened++
	}
	return opened
}
