package index

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/ncruces/go-sqlite3"
	"go.uber.org/goleak"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain"
)

// dump returns all that an index says, without what depends on how it got there.
func dump(t testing.TB, x *Index) (lines []string) {
	t.Helper()
	err := x.view(t.Context(), func(c *conn) error {
		queries := []string{
			`SELECT cursor, final, stale, events FROM state`, `SELECT * FROM log ORDER BY place`, `SELECT * FROM contract ORDER BY address`,
			`SELECT * FROM tally ORDER BY sale`, `SELECT DISTINCT b.* FROM block b JOIN log ON place / 1048576 = number ORDER BY number`,
		}
		for _, table := range projected {
			queries = append(queries, `SELECT * FROM `+table+` ORDER BY 1, 2`)
		}
		for _, sql := range queries {
			err := c.each(sql, nil, func(s *sqlite3.Stmt) error {
				line := []byte(sql + ":")
				for i := range s.ColumnCount() {
					if s.ColumnType(i) == sqlite3.BLOB {
						line = fmt.Appendf(line, " %s=%x", s.ColumnName(i), s.ColumnRawBlob(i))
					} else {
						line = fmt.Appendf(line, " %s=%q", s.ColumnName(i), s.ColumnText(i))
					}
				}
				lines = append(lines, string(line))
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// same compares an index with one that is made from scratch, and with itself made
// again from its logs.
func same(t *testing.T, x *Index, s *sim, change ...func(*Config)) {
	t.Helper()
	got := dump(t, x)
	fresh := open(t, filepath.Join(t.TempDir(), "fresh.db"), of(s), change...)
	catchUp(t, fresh)
	if diff := cmp.Diff(dump(t, fresh), got); diff != "" {
		t.Fatalf("a rebuild from scratch (-) is another than the index (+):\n%.3000s", diff)
	}
	if err := x.write(t.Context(), func(c *conn) error { return c.run(`UPDATE state SET stale = 1`) }); err != nil {
		t.Fatal(err)
	}
	x.loaded = false
	catchUp(t, x)
	if diff := cmp.Diff(got, dump(t, x)); diff != "" {
		t.Fatalf("the index before (-) is another than made again from its logs (+):\n%.3000s", diff)
	}
	if err := fresh.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestIndexEqualsRebuild: after any blocks, forks of 1 to 64 blocks, restarts and
// transactions that are cut off, the index is the one that is made from scratch.
func TestIndexEqualsRebuild(t *testing.T) {
	t.Parallel()
	seeds := uint64(8)
	if testing.Short() {
		seeds = 3
	}
	for seed := range seeds {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			s := newSim(seed)
			s.noFinal = seed%4 == 3
			deepest := func(cfg *Config) { cfg.Confirmations = 64 }
			path := filepath.Join(t.TempDir(), "index.db")
			x := open(t, path, of(s), deepest)
			if seed%2 == 0 {
				s.live(400) // so that there are blocks far below the final one
			}
			for range 60 {
				switch s.IntN(7) {
				case 0, 1:
					s.live(1 + s.IntN(20))
				case 2:
					depth := 1 + s.IntN(64)
					if s.noFinal { // nothing is deeper than its confirmations
						depth = min(depth, 64, len(s.canon)-1)
					}
					s.fork(depth)
					s.live(max(0, depth-2+s.IntN(6)))
				case 3:
					s.settle(uint64(max(len(s.canon)-1-s.IntN(90), 0)))
				case 4: // a cut in the middle
					ctx, cancel := context.WithCancel(t.Context())
					x.cfg.Source = switchboard{func() chain.Source {
						if s.IntN(8) == 0 {
							cancel()
						}
						return s.node()
					}}
					_, _ = x.Step(ctx) // cut off, or not
					cancel()
					x.cfg.Source = of(s)
				case 5:
					if err := x.Close(); err != nil {
						t.Fatal(err)
					}
					x = open(t, path, of(s), deepest)
				case 6:
					for range s.IntN(3) {
						if _, err := x.Step(t.Context()); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
			s.live(3)
			catchUp(t, x)
			same(t, x, s, deepest)
		})
	}
}

// TestHostileSource: endpoints that drop, delay, repeat, lag behind, stand on forks
// that lost, answer from several nodes, refuse and lie lose no event and end in no
// false fork: the index is right as soon as an honest answer comes.
func TestHostileSource(t *testing.T) {
	t.Parallel()
	seeds := uint64(8)
	if testing.Short() {
		seeds = 3
	}
	for seed := range seeds {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			s := newSim(seed + 100)
			s.noBlooms = seed%4 == 1
			old := []*node{s.node()}
			r := rand.New(rand.NewPCG(seed, 9))
			source := switchboard{func() chain.Source {
				n := s.node()
				if !s.noBlooms && r.IntN(2) == 0 { // a page is cut off unseen only where there is no bloom
					n = old[r.IntN(len(old))]
				}
				n.maxRange, n.maxLogs = 1+r.Uint64N(9), 1+r.IntN(20)
				return liar{n, r}
			}}
			x := open(t, filepath.Join(t.TempDir(), "index.db"), source)
			s.live(300)
			for range 150 {
				old = append(old, s.node())[max(0, len(old)-4):]
				switch r.IntN(4) {
				case 0:
					s.live(r.IntN(9))
				case 1:
					s.fork(1 + r.IntN(20))
					s.live(r.IntN(24))
				case 2:
					s.settle(uint64(max(len(s.canon)-40, 0)))
				}
				for range 4 {
					_, _ = x.Step(t.Context()) // most are refused
				}
			}
			x.cfg.Source = of(s)
			s.live(30)
			catchUp(t, x)
			same(t, x, s)
		})
	}
}

// liar spoils one answer in some.
type liar struct {
	*node
	*rand.Rand
}

func (l liar) fails() error {
	switch l.IntN(24) {
	case 0:
		return fmt.Errorf("HTTP 429: %w", sinso.ErrUnavailable)
	case 1:
		return fmt.Errorf("refused: %w", sinso.ErrDenied)
	}
	return nil
}

func (l liar) Newest(ctx context.Context) (chain.Block, error) {
	b, _ := l.node.Newest(ctx)
	switch l.IntN(12) {
	case 0:
		b.Number = 1 << 41 // a head that is nowhere
	case 1:
		b.Number = 1 << 60
	}
	return b, l.fails()
}

func (l liar) Blocks(ctx context.Context, from, to uint64) ([]chain.Block, error) {
	blocks, _ := l.node.Blocks(ctx, from, to)
	blocks = slices.Clone(blocks)
	if n := len(blocks); n > 2 {
		switch l.IntN(12) {
		case 0:
			blocks = slices.Delete(blocks, n/2, n/2+1)
		case 1:
			blocks[n/2].Parent[0] ^= 1
		case 2:
			blocks[n/2].Hash[0] ^= 1
		case 3:
			blocks[0].Number++
		}
	}
	return blocks, l.fails()
}

func (l liar) Block(ctx context.Context, hash sinso.Hash) (chain.Block, error) {
	b, err := l.node.Block(ctx, hash)
	if l.IntN(12) == 0 {
		b.Number++
	}
	return b, errors.Join(err, l.fails())
}

func (l liar) Logs(ctx context.Context, q chain.Query) ([]sinso.ChainEvent, error) {
	logs, err := l.node.Logs(ctx, q)
	if err != nil {
		return nil, err
	}
	if n := len(logs); n > 0 {
		logs = slices.Clone(logs)
		switch l.IntN(16) {
		case 0:
			logs = append(logs, logs[n/2])
		case 1:
			logs[n/2].BlockHash[0] ^= 1
		case 2:
			logs[n/2].Removed = true
		case 3:
			logs[n/2].Contract[0] ^= 1
		case 4:
			logs[n/2].Block += 1000
		case 5:
			logs[n/2].Index = 1 << 30
		}
	}
	return logs, l.fails()
}

// TestLaggingEmptyPage: a node that lags behind answers an empty page for blocks that
// it does not know. It is asked again, and the events are there.
func TestLaggingEmptyPage(t *testing.T) {
	t.Parallel()
	s := newSim(5)
	behind := s.node()
	s.live(700)
	s.settle(690)
	fresh, asked := s.node(), 0
	x := open(t, filepath.Join(t.TempDir(), "index.db"), logsOf{fresh, func(q chain.Query) chain.Source {
		if asked++; asked%2 == 1 && q.Block == (sinso.Hash{}) {
			return behind
		}
		return fresh
	}})
	catchUp(t, x)
	same(t, x, s)
}

// logsOf answers logs from another node.
type logsOf struct {
	chain.Source
	pick func(chain.Query) chain.Source
}

func (l logsOf) Logs(ctx context.Context, q chain.Query) ([]sinso.ChainEvent, error) {
	return l.pick(q).Logs(ctx, q)
}

// TestLaggingHeadIsNoFork: a head that goes back, on our chain, changes nothing.
func TestLaggingHeadIsNoFork(t *testing.T) {
	t.Parallel()
	s := newSim(6)
	s.live(50)
	x := open(t, filepath.Join(t.TempDir(), "index.db"), of(s))
	catchUp(t, x)
	want := dump(t, x)
	now := s.node()
	for height := range 50 {
		x.cfg.Source = &node{canon: now.canon[:height+1], all: now.all}
		if moved, err := x.Step(t.Context()); moved || err != nil {
			t.Fatalf("head at %d: moved %v, error %v", height, moved, err)
		}
	}
	if diff := cmp.Diff(want, dump(t, x)); diff != "" {
		t.Error(diff)
	}
}

// TestShortForkIsBelievedLate: a fork that is no longer than ours is taken once it was
// seen again and again, not at the first sight of it.
func TestShortForkIsBelievedLate(t *testing.T) {
	t.Parallel()
	s := newSim(7)
	s.live(50)
	x := open(t, filepath.Join(t.TempDir(), "index.db"), of(s))
	catchUp(t, x)
	want := dump(t, x)
	s.fork(10)
	s.live(5)
	for range patience - 1 {
		if moved, err := x.Step(t.Context()); moved || err != nil {
			t.Fatalf("moved %v, error %v", moved, err)
		}
	}
	if diff := cmp.Diff(want, dump(t, x)); diff != "" {
		t.Error(diff)
	}
	catchUp(t, x)
	same(t, x, s)
}

// TestForkBelowFinalChangesNothing: it is told, in a sentence, and nothing is touched.
func TestForkBelowFinalChangesNothing(t *testing.T) {
	t.Parallel()
	for name, longer := range map[string]int{"longer": 30, "shorter": 10, "lower": -30} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSim(8)
			s.live(80)
			s.settle(70)
			path := filepath.Join(t.TempDir(), "index.db")
			x := open(t, path, of(s))
			catchUp(t, x)
			want := dump(t, x)
			s.final = 30
			s.canon = slices.Clone(s.canon[:65+min(longer, 0)]) // at least five blocks below the final one
			s.live(max(longer, 5))
			var err error
			for range 2 * patience {
				if _, err = x.Step(t.Context()); err != nil {
					break
				}
			}
			// A head below the final block may be one that lags: there is nothing to compare it with.
			told := errors.Is(err, sinso.ErrCorrupt) && strings.Contains(err.Error(), "was final")
			if told != (name != "lower") {
				t.Errorf("got error %v", err)
			}
			if diff := cmp.Diff(want, dump(t, x)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestGiantBlock: an endpoint that refuses long answers is asked for fewer blocks, and for
// fewer contracts of one; one that refuses even that is asked again, and nothing is skipped.
func TestGiantBlock(t *testing.T) {
	t.Parallel()
	s := newSim(13)
	s.live(40)
	s.settle(20)
	most := 12
	x := open(t, filepath.Join(t.TempDir(), "index.db"), switchboard{func() chain.Source { return terse{s.node(), most} }})
	catchUp(t, x)
	same(t, x, s)
	most = 0
	s.mine(s.happening(), s.happening())
	for range 5 {
		if moved, err := x.Step(t.Context()); moved && err == nil || !errors.Is(err, sinso.ErrUnavailable) {
			t.Errorf("moved %v, error %v", moved, err)
		}
	}
	if state, err := x.State(t.Context()); err != nil || state.Block != 40 || state.Lag != 1 || state.Problem == "" {
		t.Errorf("state %+v, error %v", state, err)
	}
	most = 12
	catchUp(t, x)
	same(t, x, s)
}

// terse refuses answers of more than some logs.
type terse struct {
	*node

	most int
}

func (n terse) Logs(ctx context.Context, q chain.Query) ([]sinso.ChainEvent, error) {
	logs, err := n.node.Logs(ctx, q)
	if len(logs) > n.most {
		return nil, fmt.Errorf("too many results: %w", sinso.ErrDenied)
	}
	return logs, err
}

// TestNewPlace: a contract that is named later is read from the start, the rest is not
// read again.
func TestNewPlace(t *testing.T) {
	t.Parallel()
	s := newSim(9)
	s.live(300)
	s.settle(280)
	few := func(cfg *Config) {
		cfg.Places = map[string]sinso.Address{"Assets": places["Assets"], "Exchange": places["Exchange"]}
	}
	path := filepath.Join(t.TempDir(), "index.db")
	x := open(t, path, of(s), few)
	catchUp(t, x)
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	s.live(10)
	x = open(t, path, of(s))
	catchUp(t, x)
	same(t, x, s)
}

// TestPlacedWhileOpen: the same, of contracts that are deployed while the index is open.
func TestPlacedWhileOpen(t *testing.T) {
	t.Parallel()
	s := newSim(9)
	s.live(300)
	s.settle(280)
	x := open(t, filepath.Join(t.TempDir(), "index.db"), of(s), func(cfg *Config) {
		cfg.Places = map[string]sinso.Address{"Assets": places["Assets"], "Exchange": places["Exchange"]}
	})
	catchUp(t, x)
	s.live(10)
	x.Place(places)
	catchUp(t, x)
	same(t, x, s)
}

// tired answers some questions for the logs of one block, and then none.
type tired struct {
	*node

	left *int
}

func (n tired) Logs(ctx context.Context, q chain.Query) ([]sinso.ChainEvent, error) {
	if q.Block != (sinso.Hash{}) {
		if *n.left--; *n.left < 0 {
			return nil, fmt.Errorf("not now: %w", sinso.ErrUnavailable)
		}
	}
	return n.node.Logs(ctx, q)
}

// TestPlacedWithinAFork: the same, while a fork was read in part: what was remembered of it is
// without the new contracts.
func TestPlacedWithinAFork(t *testing.T) {
	t.Parallel()
	s := newSim(9)
	s.live(40)
	left := 1 << 30
	x := open(t, filepath.Join(t.TempDir(), "index.db"), switchboard{func() chain.Source { return tired{s.node(), &left} }}, func(cfg *Config) {
		cfg.Places = map[string]sinso.Address{"Assets": places["Assets"], "Exchange": places["Exchange"]}
	})
	catchUp(t, x)
	s.fork(20)
	s.live(25)
	left = 15
	var err error
	for range 2 * patience {
		if _, err = x.Step(t.Context()); err != nil {
			break
		}
	}
	if err == nil || len(x.source.logs) == 0 {
		t.Fatalf("the fork was not read in part: %d blocks, error %v", len(x.source.logs), err)
	}
	left = 1 << 30
	x.Place(places)
	catchUp(t, x)
	same(t, x, s)
}

// TestDamagedFileIsMadeAnew: a file that cannot be read, under a wrong key, or of
// another chain is no reason to stop.
func TestDamagedFileIsMadeAnew(t *testing.T) {
	t.Parallel()
	s := newSim(10)
	s.live(200)
	for name, harm := range map[string]func(*testing.T, string, *Config){
		"key":   func(_ *testing.T, _ string, cfg *Config) { cfg.Key[0] ^= 1 },
		"chain": func(_ *testing.T, _ string, cfg *Config) { cfg.ChainID = 8 },
		"place": func(_ *testing.T, _ string, cfg *Config) {
			cfg.Places = map[string]sinso.Address{"Assets": {9}}
		},
		"bytes": func(t *testing.T, path string, _ *Config) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for i := 100; i < len(data); i += 1000 {
				data[i] ^= 0x55
			}
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"cut": func(t *testing.T, path string, _ *Config) {
			if err := os.Truncate(path, 20_000); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "index.db")
			x := open(t, path, of(s))
			catchUp(t, x)
			if err := x.Close(); err != nil {
				t.Fatal(err)
			}
			change := func(cfg *Config) { harm(t, path, cfg) }
			x = open(t, path, of(s), change)
			if name == "bytes" || name == "cut" { // the new one is not harmed again
				change = func(*Config) {}
			}
			for range 200 {
				_, err := x.Step(t.Context())
				if errors.Is(err, errDamaged) {
					err = x.anew(t.Context())
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			same(t, x, s, change)
		})
	}
}

// TestConfirmedIsWhatIsFinal: a row is confirmed once the block that changed it last is
// final.
func TestConfirmedIsWhatIsFinal(t *testing.T) {
	t.Parallel()
	s := newSim(11)
	token, owner := sinso.Hash{1}, sinso.Address{2}
	s.mine([]sinso.ChainEvent{
		tell("Assets", "Transfer", sinso.Address{}, owner, token),
		tell("Assets", "Entered", token, sinso.Hash{}, sinso.Hash{3}, []sinso.Share{{Payee: owner, Bps: 9000}, {Payee: sinso.Address{4}, Bps: 1000}}),
	})
	x := open(t, filepath.Join(t.TempDir(), "index.db"), of(s))
	check := func(want bool) {
		t.Helper()
		catchUp(t, x)
		got, err := x.Asset(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(sinso.AssetRow{
			Token: token, Creator: owner, Owner: owner, Commitment: sinso.Hash{3}, Split: []sinso.Share{{Payee: owner, Bps: 9000}, {Payee: sinso.Address{4}, Bps: 1000}},
			Block: 1, Time: s.canon[1].Time, Confirmed: want,
		}, got); diff != "" {
			t.Error(diff)
		}
	}
	check(false)
	s.live(0)
	s.settle(1)
	check(true)
}

// TestASingleEntryIsAnAsset: the short event of a token without parent, whose creator has
// the whole, is filed as the long one with an empty split.
func TestASingleEntryIsAnAsset(t *testing.T) {
	t.Parallel()
	var got [2]sinso.AssetRow
	owner := sinso.Address{2}
	for i, entered := range []sinso.ChainEvent{
		tell("Assets", "EnteredSingle", sinso.Hash{1}, sinso.Hash{3}),
		tell("Assets", "Entered", sinso.Hash{1}, sinso.Hash{}, sinso.Hash{3}, []sinso.Share(nil)),
	} {
		s := newSim(13)
		s.mine([]sinso.ChainEvent{tell("Assets", "Transfer", sinso.Address{}, owner, sinso.Hash{1}), entered})
		x := open(t, filepath.Join(t.TempDir(), "index.db"), of(s))
		catchUp(t, x)
		var err error
		if got[i], err = x.Asset(t.Context(), sinso.Hash{1}); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(got[1], got[0]); diff != "" || got[0].Commitment != (sinso.Hash{3}) || got[0].Creator != owner {
		t.Errorf("the short one and the long one differ: %s\ngot %+v", diff, got[0])
	}
}

// TestFollowStops: Follow ends with its context, tells of failures and of their end,
// and leaves no goroutine.
func TestFollowStops(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	s := newSim(12)
	s.live(30)
	path := filepath.Join(t.TempDir(), "index.db")
	broken := true
	x := open(t, path, switchboard{func() chain.Source {
		if broken {
			return &node{canon: []*simBlock{{Block: chain.Block{Number: 1 << 60}}}}
		}
		return s.node()
	}})
	var told []error
	ctx, cancel := context.WithCancel(t.Context())
	x.cfg.Wait = func(ctx context.Context, _ time.Duration) error {
		broken = false
		if state, err := x.State(ctx); err == nil && state.Block == 30 && state.Problem == "" {
			cancel()
		}
		return ctx.Err()
	}
	x.Follow(ctx, func(err error) { told = append(told, err) })
	if err := x.Close(); err != nil {
		t.Error(err)
	}
	if len(told) != 2 || !errors.Is(told[0], sinso.ErrCorrupt) || told[1] != nil {
		t.Errorf("told %v", told)
	}
}

// TestAssetsByPage: pages of each filter are what the filter lets through of all assets, the
// newest first, each once, and the total is their number.
func TestAssetsByPage(t *testing.T) {
	t.Parallel()
	s := newSim(14)
	s.names = 150
	s.live(1500)
	x := open(t, filepath.Join(t.TempDir(), "index.db"), of(s))
	catchUp(t, x)
	all, err := x.Assets(t.Context(), sinso.AssetQuery{})
	if err != nil {
		t.Fatal(err)
	}
	if len(all.Assets) < 100 || len(all.Assets) > 150 || all.Next != 0 || all.Total != len(all.Assets) {
		t.Fatalf("%d assets, total %d, next %d", len(all.Assets), all.Total, all.Next)
	}
	none, escrow, sold := sinso.SaleNone, sinso.SaleEscrow, sinso.SaleSold
	some := all.Assets[len(all.Assets)/2]
	parent := all.Assets[slices.IndexFunc(all.Assets, func(a sinso.AssetRow) bool { return a.Parent != sinso.TokenID{} })].Parent
	for name, q := range map[string]sinso.AssetQuery{
		"all": {}, "none": {Sale: &none}, "escrow": {Sale: &escrow}, "sold": {Sale: &sold}, "owner": {Owner: some.Owner},
		"parent": {Parent: parent}, "since": {Since: some.Block}, "sold since": {Since: some.Block, Sale: &sold}, "nobody's": {Owner: sinso.Address{1}},
	} {
		want := []sinso.AssetRow{}
		for _, a := range all.Assets {
			if (q.Sale == nil || a.Sale == *q.Sale) && (q.Owner == sinso.Address{} || a.Owner == q.Owner) &&
				(q.Parent == sinso.TokenID{} || a.Parent == q.Parent) && a.Block >= q.Since {
				want = append(want, a)
			}
		}
		got := []sinso.AssetRow{}
		for q.Limit = 7; ; {
			page, err := x.Assets(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			if page.Total != len(want) || len(page.Assets) > q.Limit {
				t.Errorf("%s: total %d, want %d; %d on a page", name, page.Total, len(want), len(page.Assets))
			}
			got = append(got, page.Assets...)
			if q.After = page.Next; q.After == 0 {
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %.1000s", name, diff)
		}
	}
}

// TestMarketAddsUp: the volume of all days is what the trades and sales that were paid out
// come to; an asset's line has its parents and children, and its history ends with its owner.
func TestMarketAddsUp(t *testing.T) {
	t.Parallel()
	s := newSim(15)
	s.names = 60
	s.live(1500)
	x := open(t, filepath.Join(t.TempDir(), "index.db"), of(s))
	catchUp(t, x)
	page, err := x.Assets(t.Context(), sinso.AssetQuery{})
	if err != nil {
		t.Fatal(err)
	}
	paid, ended := 0, new(big.Int)
	for _, asset := range page.Assets {
		trades, err := x.Trades(t.Context(), asset.Token)
		if err != nil {
			t.Fatal(err)
		}
		for _, trade := range trades {
			if trade.State == sinso.TradeReleased {
				paid++
			}
		}
		history, err := x.History(t.Context(), asset.Token)
		if err != nil || len(history) == 0 || history[len(history)-1].To != asset.Owner {
			t.Errorf("history %v of an asset of %s, error %v", history, asset.Owner, err)
		}
		line, err := x.Lineage(t.Context(), asset.Token)
		if err != nil || !slices.ContainsFunc(line, func(a sinso.AssetRow) bool { return a.Token == asset.Token }) {
			t.Errorf("lineage without the asset, error %v", err)
		}
		if asset.Parent != (sinso.TokenID{}) && asset.Parent != asset.Token {
			if _, err := x.Asset(t.Context(), asset.Parent); err == nil && !slices.ContainsFunc(line, func(a sinso.AssetRow) bool { return a.Token == asset.Parent }) {
				t.Error("lineage without the parent")
			}
		}
	}
	days, err := x.Volumes(t.Context(), s.canon[0].Time, s.canon[len(s.canon)-1].Time)
	if err != nil {
		t.Fatal(err)
	}
	traded, volume := 0, new(big.Int)
	for i, day := range days {
		traded += day.Trades
		volume.Add(volume, day.Amount.Int())
		if i > 0 && !day.Day.After(days[i-1].Day) {
			t.Errorf("day %s comes after %s", day.Day, days[i-1].Day)
		}
	}
	// The simulated market releases a trade more than once: each is counted as the events say.
	for _, b := range s.canon {
		for i := range b.logs {
			e := x.event(x.watch, &b.logs[i])
			if e != nil && e.name == "Exchange.Sold" {
				ended.Add(ended, new(big.Int).SetBytes(e.word("price")))
			}
		}
	}
	if traded < paid || paid == 0 || volume.Cmp(ended) < 0 || ended.Sign() == 0 {
		t.Errorf("%d were traded for %s; %d trades were paid out, and sales came to %s", traded, volume, paid, ended)
	}
}
