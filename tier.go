package sinso

import "fmt"

// Tier is the sensitivity grade of an object. It decides where the object may
// live, how it is protected and what may be done with it. The zero value is not
// a tier: whatever has not been graded is treated as T3 (see [Tier.Effective]).
type Tier uint8

// The tiers, from open to never online (docs/GLOSSARY.md).
const (
	TierUnset Tier = iota
	T0             // aggregates, differentially private output: open
	T1             // de-identified and risk-checked: copies may be sold
	T2             // limited or pseudonymised: consent per order
	T3             // identified clinical data, genomes, faces: compute only
	T4             // stigmatising, raw biometrics: offline, two persons release
)

// Effective returns the tier to act by: T3 for anything not graded.
func (t Tier) Effective() Tier {
	if t < T0 || t > T4 {
		return T3
	}
	return t
}

// Sellable reports whether copies of an object of this tier may be sold.
func (t Tier) Sellable() bool { e := t.Effective(); return e == T0 || e == T1 }

// String returns "T0" to "T4"; an unset tier prints as what it is treated as.
func (t Tier) String() string { return fmt.Sprintf("T%d", t.Effective()-T0) }

// MarshalText implements [encoding.TextMarshaler].
func (t Tier) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (t *Tier) UnmarshalText(text []byte) error {
	if len(text) != 2 || text[0] != 'T' || text[1] < '0' || text[1] > '4' {
		return fmt.Errorf("tier: want T0 to T4: %w", ErrInvalid)
	}
	*t = T0 + Tier(text[1]-'0')
	return nil
}

// Origin says who vouches for where an Item came from. It is shown with every
// price and by verify. Self-asserted data earns no reward.
type Origin string

// The origin classes, from strongest to weakest.
const (
	OriginDevice      Origin = "device-signed"      // the device's key signed the bytes
	OriginInstitution Origin = "institution-signed" // an institution's key signed the bytes
	OriginGateway     Origin = "gateway-witnessed"  // this node's gateway received it from a known device
	OriginSelf        Origin = "self-asserted"      // somebody handed in a file and says what it is
)
