package index

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"sinso.dev/sinso"
)

// clock is a time that a test sets.
type clock struct{ at time.Time }

func (c *clock) Now() time.Time { return c.at }

// TestQueueSkipsNothing: what cannot be fetched stays, is tried again later, each time
// after twice as long, and holds up nothing else; what is not what was named is not taken.
func TestQueueSkipsNothing(t *testing.T) {
	t.Parallel()
	body := []byte("a template")
	hash, away, forged := sinso.Hash(crypto.Keccak256(body)), sinso.Hash{1}, sinso.Hash{2}
	s := newSim(20)
	s.mine([]sinso.ChainEvent{
		tell("Registry", "Published", hash, sinso.Address{1}), tell("Registry", "Published", away, sinso.Address{1}),
		tell("Registry", "Published", forged, sinso.Address{1}),
	})
	asked, now := map[sinso.Hash]int{}, &clock{time.Unix(1_800_000_000, 0)}
	x := open(t, filepath.Join(t.TempDir(), "index.db"), of(s), func(cfg *Config) {
		cfg.Clock = now
		cfg.Fetch = func(_ context.Context, kind string, of sinso.Hash) ([]byte, error) {
			if asked[of]++; kind != "template" {
				t.Errorf("asked for a %s", kind)
			}
			switch of {
			case away:
				return nil, errors.New("nobody has it")
			case forged:
				return body, nil
			}
			return body, nil
		}
	})
	catchUp(t, x)
	tries := func() {
		t.Helper()
		for more := true; more; {
			var err error
			if more, err = x.fetch(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	tries()
	tries()
	want := map[sinso.Hash]int{hash: 1, away: 1, forged: 1}
	for _, later := range []time.Duration{firstRetry, 2 * firstRetry, 4 * firstRetry} {
		if fmt.Sprint(asked) != fmt.Sprint(want) {
			t.Fatalf("asked %v, want %v", asked, want)
		}
		if state, err := x.State(t.Context()); err != nil || state.Waiting != 2 {
			t.Errorf("waiting %d, error %v", state.Waiting, err)
		}
		now.at = now.at.Add(later)
		tries()
		want[away]++
		want[forged]++
	}
}

// FuzzEvent reads logs of any bytes as events of each contract: none is read beyond
// its end, and what rows are made of has a bounded size.
func FuzzEvent(f *testing.F) {
	r := newSim(1)
	for range 200 {
		for _, log := range r.happening() {
			var topics []byte
			for _, topic := range log.Topics {
				topics = append(topics, topic[:]...)
			}
			f.Add(topics, log.Data)
		}
	}
	known, err := readBook()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, topics, data []byte) {
		for _, forms := range known.forms {
			for id, form := range forms {
				if len(topics) < word || sinso.Hash(topics[:word]) != id || !form.fits(topics, data) {
					continue
				}
				e := &event{form: form, topics: topics, data: data}
				for name := range form.fields {
					if len(e.word(name)) != word || len(e.address(name)) != 20 || e.number(name) < 0 {
						t.Errorf("%s of %s", name, form.name)
					}
					if len(e.text(name, 100)) > 100 || len(e.split(name)) > 22*sinso.MaxShares {
						t.Errorf("%s of %s is too long", name, form.name)
					}
				}
				e.announces()
			}
		}
	})
}

// TestTextsWithZerosComeBack: a description with bytes that are zero is the same after a fork took back
// what came after it, as one that is made from scratch.
func TestTextsWithZerosComeBack(t *testing.T) {
	t.Parallel()
	s := newSim(21)
	id, a := sinso.Hash{5}, sinso.Address{1}
	s.mine([]sinso.ChainEvent{tell("Governor", "ProposalCreated", id, a, "", "", "", "", 9, 10, "pay\x00 more")})
	x := open(t, filepath.Join(t.TempDir(), "index.db"), of(s))
	catchUp(t, x)
	s.mine([]sinso.ChainEvent{tell("Governor", "ProposalQueued", id, uint64(12))})
	catchUp(t, x)
	s.fork(1)
	s.mine()
	s.mine()
	catchUp(t, x)
	if all, err := x.Proposals(t.Context()); err != nil || len(all) != 1 || all[0].Description != "pay more" || all[0].State != "proposed" {
		t.Errorf("got %+v, error %v", all, err)
	}
	same(t, x, s)
}

// TestWeightsBeyondSigned: stakes that are together as heavy as a pool may be are added up, and taken off
// again, and stop nothing.
func TestWeightsBeyondSigned(t *testing.T) {
	t.Parallel()
	s := newSim(22)
	pool, first, second, a := sinso.Hash{5}, sinso.Hash{6}, sinso.Hash{7}, sinso.Address{1}
	const heavy = uint64(1) << 63
	s.mine([]sinso.ChainEvent{
		tell("Staking", "Opened", pool, a, []any{sinso.Address{}, places["Assets"], 60, 60, uint64(math.MaxUint64), sinso.Hash{8}}),
		tell("Staking", "Staked", pool, first, []any{pool, a, sinso.Hash{9}, heavy, 9, sinso.Hash{}}),
		tell("Staking", "Staked", pool, second, []any{pool, a, sinso.Hash{10}, heavy - 1, 9, sinso.Hash{}}),
	})
	x := open(t, filepath.Join(t.TempDir(), "index.db"), of(s))
	weighs := func(want uint64) {
		t.Helper()
		catchUp(t, x)
		var got int64
		if err := x.view(t.Context(), func(c *conn) (err error) {
			got, err = c.whole(0, `SELECT weight FROM pool`)
			return err
		}); err != nil || uint64(got) != want {
			t.Errorf("the pool weighs %d, error %v, want %d", uint64(got), err, want)
		}
	}
	weighs(math.MaxUint64)
	stakes, err := x.Stakes(t.Context(), pool, sinso.Address{})
	if err != nil || len(stakes) != 2 || stakes[0].Weight != heavy || stakes[1].Weight != heavy-1 {
		t.Errorf("the stakes: %+v, error %v", stakes, err)
	}
	s.mine([]sinso.ChainEvent{tell("Staking", "Unbonding", pool, first, 9)})
	weighs(heavy - 1)
	s.mine([]sinso.ChainEvent{tell("Staking", "Unbonding", pool, sinso.Hash{99}, 9)})
	weighs(heavy - 1)
	same(t, x, s)
}

// TestFormsAreWhole: each event that rows are made from, and each that announces a
// contract here, is one that a contract writes, or one of a contract to come.
func TestFormsAreWhole(t *testing.T) {
	t.Parallel()
	known, err := readBook()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, forms := range known.forms {
		for _, form := range forms {
			names[form.name] = true
		}
	}
	for name := range projections() {
		if !names[name] {
			t.Errorf("no contract writes %s", name)
		}
	}
	if !names["Fractions.Fractionalised"] {
		t.Error("no contract announces a vault")
	}
}
