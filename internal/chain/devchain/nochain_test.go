//go:build nochain

package devchain_test

import (
	"errors"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/devchain"
)

func TestNoChain(t *testing.T) {
	if _, err := devchain.Open(t.Context(), devchain.Config{Dir: t.TempDir()}); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("Open: %v", err)
	}
}
