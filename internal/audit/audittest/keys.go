package audittest

import (
	"context"
	"crypto/sha256"
	"sync"

	"sinso.dev/sinso"
)

// Keys are custodians' keys in memory, as far as a log asks for them.
type Keys struct {
	mu   sync.Mutex           // guards what follows
	keys map[sinso.KeyID]bool // false: destroyed
}

// Create implements that of [sinso.Keys].
func (k *Keys) Create(_ context.Context, id sinso.KeyID) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	alive, known := k.keys[id]
	if known && !alive {
		return sinso.ErrDenied
	}
	if known {
		return sinso.ErrExists
	}
	if k.keys == nil {
		k.keys = map[sinso.KeyID]bool{}
	}
	k.keys[id] = true
	return nil
}

// Secret implements that of [sinso.Keys].
func (k *Keys) Secret(_ context.Context, id sinso.KeyID, purpose string) ([32]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch alive, known := k.keys[id]; {
	case !known:
		return [32]byte{}, sinso.ErrNotFound
	case !alive:
		return [32]byte{}, sinso.ErrDenied
	}
	return sha256.Sum256([]byte(string(id) + " " + purpose)), nil
}

// Destroy implements that of [sinso.Keys].
func (k *Keys) Destroy(_ context.Context, id sinso.KeyID) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys[id] = false
	return nil
}

// Lose forgets a key, as an older key table does.
func (k *Keys) Lose(id sinso.KeyID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.keys, id)
}
