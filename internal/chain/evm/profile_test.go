package evm

import (
	"testing"
	"time"
)

// TestProfilesAreWhole checks each profile for what makes no sense, and how long a call
// waits by it.
func TestProfilesAreWhole(t *testing.T) {
	seen := map[uint64]bool{}
	for _, p := range append(profiles(), profileOf(5)) {
		if seen[p.ChainID] || profileOf(p.ChainID) != p {
			t.Errorf("%s: its chain ID %d is another's", p.Name, p.ChainID)
		}
		seen[p.ChainID] = true
		if p.Name == "" || p.BlockTime <= 0 || p.Margin == 0 || p.MaxGas < maxGas || p.BumpBlocks == 0 || p.GasTries == 0 || p.LogRange == 0 {
			t.Errorf("%s is not whole: %+v", p.Name, p)
		}
		if p.ChainID != devID && p.ChainID != 31337 && p.Confirmations == 0 {
			t.Errorf("%s takes a block for final that has none on top", p.Name)
		}
		if wait := p.patience(); wait < defaultTimeout || wait > 30*time.Minute {
			t.Errorf("%s: a call waits %v", p.Name, wait)
		}
	}
	for id, name := range map[uint64]string{
		592: "Astar", 336: "Shiden", 81: "Shibuya", 1868: "Soneium", 314: "Filecoin", 314159: "Filecoin Calibration", 1: "generic",
	} {
		if got := profileOf(id).Name; got != name {
			t.Errorf("chain %d: got %q, want %q", id, got, name)
		}
	}
}
