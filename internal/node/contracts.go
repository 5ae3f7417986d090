package node

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/durable"
)

// readContracts reads where the contracts stand on the embedded chain; a chain
// that has none yet gives the zero Contracts, and the adapter deploys them.
func readContracts(path string) (sinso.Contracts, error) {
	var contracts sinso.Contracts
	data, err := os.ReadFile(path) //nolint:gosec // in the node folder
	if errors.Is(err, fs.ErrNotExist) {
		return contracts, nil
	}
	if err != nil {
		return contracts, fmt.Errorf("node: read %s: %w: %w", contractsFile, err, sinso.ErrUnavailable)
	}
	if err := json.Unmarshal(data, &contracts); err != nil {
		return contracts, fmt.Errorf("node: %s: %w", contractsFile, sinso.ErrCorrupt)
	}
	return contracts, nil
}

func writeContracts(path string, contracts sinso.Contracts) error {
	data, err := json.Marshal(contracts)
	if err != nil {
		return fmt.Errorf("node: %s: %w", contractsFile, err)
	}
	return durable.WriteFile(path, data, 0o600)
}
