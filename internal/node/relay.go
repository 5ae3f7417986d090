package node

import (
	"fmt"
	"strconv"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/evm"
)

// byProfile leaves it to the chain's profile.
const byProfile = "profile"

// confirmations returns how many blocks a transaction waits for; 0: as many as the chain's
// profile says.
func (c Config) confirmations() (uint64, error) {
	if c.Confirmations == byProfile || c.Confirmations == "" {
		return 0, nil
	}
	const most = 10_000
	n, err := strconv.ParseUint(c.Confirmations, 10, 64)
	if err != nil || n == 0 || n > most {
		return 0, fmt.Errorf("config: confirmations: want profile, or 1 to %d, not %q: %w", most, c.Confirmations, sinso.ErrInvalid)
	}
	return n, nil
}

// relay returns the limits of what the node's account carries for others.
func (c Config) relay() (limits evm.RelayLimits, err error) {
	if limits.PerHour, err = count("relay-per-hour", c.RelayPerHour); err != nil {
		return limits, err
	}
	if limits.PerDay, err = count("relay-per-day", c.RelayPerDay); err != nil {
		return limits, err
	}
	if c.RelayFeePerDay != "" && limits.FeePerDay.UnmarshalText([]byte(c.RelayFeePerDay)) != nil {
		return limits, fmt.Errorf("config: relay-fee-per-day: want an amount of wei in digits, not %q: %w", c.RelayFeePerDay, sinso.ErrInvalid)
	}
	return limits, nil
}

func count(name, text string) (int, error) {
	const most = 100_000
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil || n > most {
		return 0, fmt.Errorf("config: %s: want 0 to %d, not %q: %w", name, most, text, sinso.ErrInvalid)
	}
	return int(n), nil
}
