// Package sampling chooses which derivatives a person looks at, and says from what
// they found how often a derivative still identifies somebody: the leak rate, with
// its confidence interval.
//
// A [Sampler] goes through the derivatives of each stratum (device and profile) in
// their order and chooses N of each M of them by a keyed function of the place in
// that order alone. What a derivative holds, and who made it, has no part in it.
// Its [Report] estimates from the verdicts, per stratum and over all.
//
// Only verdicts on what was chosen count: what a person was shown because a gate
// was unsure is no sample, and would bias the estimate.
package sampling

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"math"
	"math/bits"

	"sinso.dev/sinso"
)

// Plan is how many are examined: Examine of each Of that follow each other in a
// stratum.
type Plan struct {
	Examine uint32 `json:"examine"`
	Of      uint32 `json:"of"`
	// Extra examines, of a million that the plan left out, so many as well, each
	// by a draw of its own. Without it, whoever sees the last one of a window being
	// chosen knows that the rest of the window is not.
	Extra uint32 `json:"extra,omitempty"`
}

// million is what Extra counts of.
const million = 1_000_000

// check returns ErrInvalid for a plan that cannot be followed.
func (p Plan) check() error {
	if p.Examine == 0 || p.Examine > p.Of || p.Of > math.MaxInt32 || p.Extra > million {
		return fmt.Errorf("sampling: plan: %d of each %d, %d of a million besides: %w", p.Examine, p.Of, p.Extra, sinso.ErrInvalid)
	}
	return nil
}

// Stratum is derivatives that are examined alike, and may be expected to leak
// alike. Another plan makes another stratum: its sample would weigh otherwise.
type Stratum struct {
	Device  string            `json:"device"` // the device's signature; nothing that identifies a person
	Profile [sha256.Size]byte `json:"-"`      // the profile's hash
	Plan    Plan              `json:"plan"`
}

// Bounds of what is kept.
const (
	maxDevice = 256    // bytes of a device's signature; a longer one stands by its hash
	maxStrata = 65_536 // further ones are one stratum of their profile, without a device
)

// Draw is one derivative's place and whether it was chosen.
type Draw struct {
	Stratum Stratum
	Place   uint64 // in the stratum, from 0
	Chosen  bool
}

// Tally counts the derivatives of a stratum.
type Tally struct {
	Made     uint64 `json:"made"`     // drawn, chosen or not
	Chosen   uint64 `json:"chosen"`   // for examination
	Examined uint64 `json:"examined"` // of those chosen
	Leaks    uint64 `json:"leaks"`    // of those examined: it still identified somebody
}

// state is the tally of a stratum and where its current window stands.
type state struct {
	Tally
	window uint64 // chosen by the plan in the window; what Extra chose does not count
}

// Sampler draws and counts. It is for one goroutine at a time.
//
// A derivative must be drawn once, before anybody knows the outcome, and the draw
// written down with it: whoever may draw the same derivative again until it is not
// chosen steers the sample.
type Sampler struct {
	mac    hash.Hash // HMAC-SHA256 under a key of the node
	plan   Plan
	strata map[Stratum]*state
}

// labelDraw is the label of the key that draws.
const labelDraw = "sinso/sampling/draw/v1"

// New returns a sampler that has drawn nothing. Under the same secret the same
// places are chosen. It is ErrInvalid for a plan that cannot be followed.
func New(secret [32]byte, plan Plan) (*Sampler, error) {
	if err := plan.check(); err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, secret[:])
	mac.Write([]byte(labelDraw))
	return &Sampler{mac: hmac.New(sha256.New, mac.Sum(nil)), plan: plan, strata: map[Stratum]*state{}}, nil
}

// Follow changes the plan: what is drawn from now on is of other strata. It is
// ErrInvalid for a plan that cannot be followed.
func (s *Sampler) Follow(plan Plan) error {
	if err := plan.check(); err != nil {
		return err
	}
	s.plan = plan
	return nil
}

// Draw takes the next place of a device and profile, and says whether the
// derivative there is to be examined.
func (s *Sampler) Draw(device string, profile [sha256.Size]byte) Draw {
	if len(device) > maxDevice {
		device = fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(device)))
	}
	stratum := Stratum{device, profile, s.plan}
	have, ok := s.strata[stratum]
	if !ok && len(s.strata) >= maxStrata {
		stratum.Device = ""
		have, ok = s.strata[stratum]
	}
	if !ok {
		have = &state{}
		s.strata[stratum] = have
	}
	d := Draw{Stratum: stratum, Place: have.Made}
	d.Chosen = s.next(&stratum, have)
	return d
}

// next draws the next place of a stratum.
//
// Within a window each place is chosen with the chance of those still to be chosen
// among those still to come: then every set of N of the M is as likely (Knuth, The
// Art of Computer Programming 2, 3.4.2, algorithm S).
func (s *Sampler) next(stratum *Stratum, have *state) bool {
	plan := stratum.Plan
	at := have.Made % uint64(plan.Of)
	if at == 0 {
		have.window = 0
	}
	plain, extra := s.random(stratum, have.Made)
	have.Made++
	chosen := below(plain, uint64(plan.Of)-at) < uint64(plan.Examine)-have.window
	if chosen {
		have.window++
	}
	chosen = chosen || below(extra, million) < uint64(plan.Extra)
	if chosen {
		have.Chosen++
	}
	return chosen
}

// below maps 64 random bits to a number below n; the bias is n/2^64.
func below(random, n uint64) uint64 {
	high, _ := bits.Mul64(random, n)
	return high
}

// random returns the random bits of a place: HMAC over the stratum and the place.
func (s *Sampler) random(stratum *Stratum, place uint64) (plain, extra uint64) {
	s.mac.Reset()
	s.mac.Write(stratum.append(nil))
	s.mac.Write(binary.BigEndian.AppendUint64(nil, place))
	sum := s.mac.Sum(nil)
	return binary.BigEndian.Uint64(sum), binary.BigEndian.Uint64(sum[8:])
}

// Record counts a person's verdict on a derivative that was chosen. It is
// ErrNotFound for a stratum of which nothing was drawn, ErrInvalid if all that
// were chosen of it are examined.
func (s *Sampler) Record(stratum Stratum, leaks bool) error {
	have, ok := s.strata[stratum]
	switch {
	case !ok:
		return fmt.Errorf("sampling: record a verdict: no such stratum: %w", sinso.ErrNotFound)
	case have.Examined >= have.Chosen:
		return fmt.Errorf("sampling: record a verdict: all %d chosen are examined: %w", have.Chosen, sinso.ErrInvalid)
	}
	have.Examined++
	if leaks {
		have.Leaks++
	}
	return nil
}
