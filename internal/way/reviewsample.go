package way

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid/sampling"
)

// Which of what was released is looked at for quality, by default: where writing was
// blanked there may be more of it.
var (
	defaultBlankedPlan = sinso.SamplePlan{Examine: 1, Of: 20, Extra: 1_000}
	defaultOtherPlan   = sinso.SamplePlan{Examine: 1, Of: 500, Extra: 1_000}
)

// samplingPurpose is what the key that draws samples is derived for: nobody can tell
// beforehand what will be looked at.
const samplingPurpose = "sampling"

// planFor returns the plan for what was blanked, or not.
func (w *Way) planFor(blanked bool) sinso.SamplePlan {
	plan, otherwise := w.cfg.SampleOther, defaultOtherPlan
	if blanked {
		plan, otherwise = w.cfg.SampleBlanked, defaultBlankedPlan
	}
	if plan == (sinso.SamplePlan{}) {
		return otherwise
	}
	return plan
}

// draw chooses the samples of a release, in the order of its instances, and keeps
// where each stratum stands after it: the next release goes on from there.
func (d *derivation) draw(ctx context.Context) error {
	sampler, err := d.sampler(ctx, nil)
	if err != nil {
		return err
	}
	profile := profileName(d.profile)
	touched, place := map[sinso.Stratum]bool{}, 0
	for _, result := range d.results {
		if len(result.withheld) > 0 {
			continue
		}
		place++ // as they are listed
		plan := d.planFor(result.blanked)
		if err := sampler.Follow(sampling.Plan(plan)); err != nil {
			return fmt.Errorf("way: %w", err)
		}
		drawn := sampler.Draw(result.device, d.profile.OwnHash())
		touched[sinso.Stratum{Device: drawn.Stratum.Device, Profile: profile, Plan: plan}] = true
		if drawn.Chosen {
			d.items = append(d.items, sinso.ReviewItem{
				ID: d.namer.Review(result.instance, profile, kindSample+" "+string(d.row.ID)), Instance: result.instance,
				Blanked: result.blanked, Device: drawn.Stratum.Device, Profile: profile, Plan: plan, Place: place,
			})
		}
	}
	all, err := strataOf(sampler)
	for _, stratum := range all {
		if touched[sinso.Stratum{Device: stratum.Device, Profile: stratum.Profile, Plan: stratum.Plan}] {
			d.strata = append(d.strata, stratum)
		}
	}
	return err
}

// examined counts the verdicts on the samples of one stratum.
type examined struct{ samples, leaks uint64 }

// sampler returns the sampler as the log has brought it so far, with the verdicts.
func (w *Way) sampler(ctx context.Context, verdicts map[sinso.Stratum]examined) (*sampling.Sampler, error) {
	secret, err := w.Keys.Secret(ctx, sinso.KeyNode, samplingPurpose)
	if err != nil {
		return nil, fmt.Errorf("way: the node's key: %w", err)
	}
	sampler, err := sampling.New(secret, sampling.Plan(defaultOtherPlan))
	if err != nil {
		return nil, fmt.Errorf("way: %w", err)
	}
	strata, err := view(ctx, w, func(tx sinso.MetaTx) ([]sinso.Stratum, error) { return gather(tx.Strata) })
	if err != nil {
		return nil, err
	}
	state := binary.BigEndian.AppendUint32([]byte{samplerVersion}, uint32(len(strata))) //nolint:gosec // bounded by the sampler
	for _, s := range strata {
		profile, err := hex.DecodeString(s.Profile)
		if err != nil {
			return nil, fmt.Errorf("way: a stratum names no profile: %w", sinso.ErrCorrupt)
		}
		state = binary.BigEndian.AppendUint32(state, uint32(len(s.Device))) //nolint:gosec // as the sampler gave it
		state = append(append(state, s.Device...), profile...)
		for _, n := range []uint32{s.Plan.Examine, s.Plan.Of, s.Plan.Extra} {
			state = binary.BigEndian.AppendUint32(state, n)
		}
		seen := verdicts[sinso.Stratum{Device: s.Device, Profile: s.Profile, Plan: s.Plan}]
		for _, n := range []uint64{s.Made, s.Chosen, seen.samples, seen.leaks, s.Window} {
			state = binary.BigEndian.AppendUint64(state, n)
		}
	}
	if err := sampler.UnmarshalBinary(state); err != nil {
		return nil, fmt.Errorf("way: the samples' strata: %w", err)
	}
	return sampler, nil
}

// The encoding of a sampler ([sampling.Sampler.MarshalBinary]).
const (
	samplerVersion = 1
	profileBytes   = 32
	planBytes      = 3 * 4
	stateBytes     = 5 * 8
)

// strataOf reads where each stratum of a sampler stands.
func strataOf(sampler *sampling.Sampler) ([]sinso.Stratum, error) {
	b, err := sampler.MarshalBinary()
	if err != nil {
		return nil, fmt.Errorf("way: %w", err)
	}
	var out []sinso.Stratum
	for b = b[5:]; len(b) > 0; {
		length := int(binary.BigEndian.Uint32(b))
		s := sinso.Stratum{Device: string(b[4 : 4+length])}
		b = b[4+length:]
		s.Profile = hex.EncodeToString(b[:profileBytes])
		plan, state := b[profileBytes:], b[profileBytes+planBytes:]
		s.Plan = sinso.SamplePlan{Examine: binary.BigEndian.Uint32(plan), Of: binary.BigEndian.Uint32(plan[4:]), Extra: binary.BigEndian.Uint32(plan[8:])}
		s.Made, s.Chosen, s.Window = binary.BigEndian.Uint64(state), binary.BigEndian.Uint64(state[8:]), binary.BigEndian.Uint64(state[32:])
		out, b = append(out, s), state[stateBytes:]
	}
	return out, nil
}

// LeakEstimate is the running estimate of how often something that was released still
// identifies somebody, per device, profile and plan and overall, from the samples that
// were looked at.
func (w *Way) LeakEstimate(ctx context.Context) (sampling.Report, error) {
	verdicts, err := view(ctx, w, func(tx sinso.MetaTx) (map[sinso.Stratum]examined, error) {
		found := map[sinso.Stratum]examined{}
		err := tx.Reviews("", "", "", func(row sinso.ReviewRow) error {
			if !row.Sample() || row.State == sinso.ReviewIsOpen {
				return nil
			}
			of := sinso.Stratum{Device: row.Device, Profile: row.Profile, Plan: row.Plan}
			seen := found[of]
			seen.samples++
			if row.State == sinso.ReviewIsLeaking {
				seen.leaks++
			}
			found[of] = seen
			return nil
		})
		return found, err
	})
	if err != nil {
		return sampling.Report{}, err
	}
	sampler, err := w.sampler(ctx, verdicts)
	if err != nil {
		return sampling.Report{}, err
	}
	report, err := sampler.Report(0)
	if err != nil {
		return report, fmt.Errorf("way: %w", err)
	}
	return report, nil
}
