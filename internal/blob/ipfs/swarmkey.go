package ipfs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"

	"github.com/libp2p/go-libp2p/core/pnet"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/durable"
)

// maxSwarmKey bounds the file, which has 95 bytes.
const maxSwarmKey = 1 << 10

// CreateSwarmKey makes a file with a fresh key of a swarm, 0600, as Kubo has it in swarm.key.
// ErrExists if there is a file.
func CreateSwarmKey(path string, rand io.Reader) error {
	var key [32]byte
	if _, err := io.ReadFull(rand, key[:]); err != nil {
		return unavailable("make a swarm key", err)
	}
	defer clear(key[:])
	err := durable.CreateFile(path, fmt.Appendf(nil, "/key/swarm/psk/1.0.0/\n/base16/\n%x\n", key), 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("ipfs: there is a swarm key: %w", sinso.ErrExists)
	}
	if err != nil {
		return unavailable("make a swarm key", err)
	}
	return nil
}

// ReadSwarmKey reads the key of a swarm: ErrNotFound if there is no file, ErrDenied if others
// may read it, ErrInvalid if it is not one.
func ReadSwarmKey(path string) (key [32]byte, err error) {
	f, err := os.Open(path) //nolint:gosec // the operator names it
	if errors.Is(err, fs.ErrNotExist) {
		return key, fmt.Errorf("ipfs: the swarm key is not there: copy it from a member: %w", sinso.ErrNotFound)
	}
	if err != nil {
		return key, unavailable("open the swarm key", err)
	}
	defer f.Close() //nolint:errcheck // nothing was written
	info, err := f.Stat()
	if err != nil {
		return key, unavailable("open the swarm key", err)
	}
	// Windows keeps who may read in another place.
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return key, fmt.Errorf("ipfs: the swarm key can be read by others (mode %04o, want 0600): %w", info.Mode().Perm(), sinso.ErrDenied)
	}
	text, err := io.ReadAll(io.LimitReader(f, maxSwarmKey))
	if err != nil {
		return key, unavailable("read the swarm key", err)
	}
	psk, err := pnet.DecodeV1PSK(bytes.NewReader(text)) // its errors repeat what is there
	clear(text)
	if err != nil || len(psk) != len(key) {
		return key, fmt.Errorf("ipfs: the swarm key is none: want a file such as Kubo's swarm.key: %w", sinso.ErrInvalid)
	}
	copy(key[:], psk)
	clear(psk)
	return key, nil
}
