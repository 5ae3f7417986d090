package node

import (
	"context"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/serve"
)

// AddGuest makes a guest whose blocks this node holds, and its token; only the token's hash is
// kept.
func (n *Node) AddGuest(name string, quotaBytes int64) (sinso.HeldGuest, string, error) {
	token, hash, err := auth.New(n.Rand)
	if err != nil {
		return sinso.HeldGuest{}, "", err
	}
	guest, err := n.host.Add(name, hash, quotaBytes)
	if err != nil {
		return guest, "", err
	}
	return guest, token, nil
}

// Guests lists the nodes whose blocks this one holds, by name.
func (n *Node) Guests() ([]sinso.HeldGuest, error) { return n.host.Guests() }

// RemoveGuest removes a guest and all that it brought.
func (n *Node) RemoveGuest(name string) (sinso.HeldGuest, error) { return n.host.RemoveGuest(name) }

// hosted is the node as its door asks it.
type hosted struct{ *Node }

// Bearer implements [serve.Held].
func (h hosted) Bearer(ctx context.Context, hash string) (sinso.BearerRow, error) {
	return h.host.Bearer(ctx, hash)
}

// Folder implements [serve.Held].
func (h hosted) Folder(id string) (serve.HeldBlobs, error) {
	folder, err := h.host.Folder(id)
	if err != nil {
		return nil, err // no interface of a nil folder
	}
	return folder, nil
}
