//go:build linux

package index

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain"
)

// The market that the benchmarks read: each asset is entered, and one in some is
// sold, staked or resold.
const (
	benchAssets   = 100_000
	benchPerBlock = 10 // assets
	benchBlocks   = benchAssets / benchPerBlock
	benchFinalLag = 64
)

// market is a chain that is made up as it is asked for, the same each time.
type market struct{ events int }

func marketHash(kind byte, n int) sinso.Hash {
	return sinso.Hash(crypto.Keccak256([]byte{kind}, word32(uint64(n))))
}

func addressOf(kind byte, n int) sinso.Address {
	hash := marketHash(kind, n)
	return sinso.Address(hash[:20])
}

func (m *market) block(number uint64) chain.Block {
	b := chain.Block{Number: number, Hash: marketHash('b', int(number)), Time: time.Unix(1_700_000_000+600*int64(number), 0)}
	if number > 0 {
		b.Parent = marketHash('b', int(number-1))
	}
	return b
}

// story is what happens to one asset, 10 events in the mean: real ones, of the
// length they have.
func story(n int) []sinso.ChainEvent {
	token, id := marketHash('t', n), marketHash('i', n)
	seller, buyer, none := addressOf('a', n/3), addressOf('a', n/7), sinso.Address{}
	price, parent := uint64(1000+n%977), sinso.Hash{}
	if n%5 == 4 {
		parent = marketHash('t', n-1)
	}
	split := []sinso.Share{{Payee: seller, Bps: 7000}, {Payee: buyer, Bps: 3000}}
	logs := []sinso.ChainEvent{
		tell("Assets", "Transfer", none, seller, token),
		tell("Assets", "Entered", token, parent, marketHash('c', n), split),
	}
	for range 1 + n%9/5 {
		id[0]++
		offer := []any{seller, none, token, none, price, price, 0, 1 << 40, 0, 60, 60, 0, true, id, id, id, id, uint64(n)}
		logs = append(logs,
			tell("Exchange", "Filled", id, marketHash('o', n), buyer, offer, price, id, id, id),
			tell("Exchange", "Delivered", id, id, id, id, id),
			tell("Exchange", "Credited", id, seller, none, price),
			tell("Licences", "Transfer", none, buyer, id),
			tell("Exchange", "Released", id))
	}
	switch n % 4 {
	case 0:
		pool := marketHash('q', n%50)
		logs = append(logs, tell("Staking", "Staked", pool, token, []any{pool, seller, token, 5, 1 << 39, id}), tell("Staking", "Deposited", pool, buyer, price, 1<<39))
	case 1:
		logs = append(logs, tell("Exchange", "Sold", id, places["Assets"], token, seller, buyer, none, price), tell("Assets", "Transfer", seller, buyer, token))
	}
	return logs
}

func (m *market) Newest(context.Context) (chain.Block, error) { return m.block(benchBlocks), nil }
func (m *market) Final(context.Context) (chain.Block, error) {
	return m.block(benchBlocks - benchFinalLag), nil
}

func (m *market) Blocks(_ context.Context, from, to uint64) (blocks []chain.Block, err error) {
	for ; from <= to; from++ {
		blocks = append(blocks, m.block(from))
	}
	return blocks, nil
}

func (m *market) Block(context.Context, sinso.Hash) (chain.Block, error) {
	return chain.Block{}, sinso.ErrNotFound
}

func (m *market) Logs(_ context.Context, q chain.Query) (logs []sinso.ChainEvent, err error) {
	if q.Block != (sinso.Hash{}) {
		for n := uint64(benchBlocks - benchFinalLag); n <= benchBlocks; n++ {
			if marketHash('b', int(n)) == q.Block {
				q.From, q.To = n, n
			}
		}
	}
	for number := max(q.From, 1); number <= q.To; number++ {
		hash, index := marketHash('b', int(number)), uint(0)
		for asset := range benchPerBlock {
			tx := marketHash('x', int(number)*benchPerBlock+asset)
			for _, log := range story(int(number-1)*benchPerBlock + asset) {
				if !slices.Contains(q.Contracts, log.Contract) {
					continue
				}
				log.Block, log.BlockHash, log.Index, log.Tx = number, hash, index, tx
				logs, index = append(logs, log), index+1
			}
		}
	}
	m.events += len(logs)
	return logs, nil
}

// rss is the memory of this process, in bytes.
func rss(b *testing.B) int {
	b.Helper()
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip("the memory of a process is read from /proc")
	}
	for line := range strings.Lines(string(data)) {
		if field := strings.Fields(line); len(field) > 1 && field[0] == "VmRSS:" {
			kib, _ := strconv.Atoi(field[1])
			return kib << 10
		}
	}
	b.Fatal("no VmRSS")
	return 0
}

// cpu is what this process has used of processors: on a machine that others use too,
// it tells more than the time.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkIndex reads a market of 100,000 assets and about a million events from a chain, makes the
// rows again from the logs, and asks for pages of the catalogue.
func BenchmarkIndex(b *testing.B) {
	for b.Loop() {
		m := &market{}
		x := open(b, filepath.Join(b.TempDir(), "index.db"), m)
		debug.FreeOSMemory()
		before, most := rss(b), 0
		begin, used := time.Now(), cpu(b)
		for {
			moved, err := x.Step(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			most = max(most, rss(b))
			if !moved {
				break
			}
		}
		b.ReportMetric(float64(m.events)/time.Since(begin).Seconds(), "read-events/s")
		b.ReportMetric(float64(m.events)/(cpu(b)-used).Seconds(), "read-events/cpu-s")
		b.Logf("%d events were read in %v, %v of a processor", m.events, time.Since(begin), cpu(b)-used)
		if err := x.write(b.Context(), func(c *conn) error { return c.run(`UPDATE state SET stale = 1`) }); err != nil {
			b.Fatal(err)
		}
		x.loaded = false
		begin, used = time.Now(), cpu(b)
		if _, err := x.Step(b.Context()); err != nil {
			b.Fatal(err)
		}
		most = max(most, rss(b))
		b.ReportMetric(float64(m.events)/time.Since(begin).Seconds(), "rebuild-events/s")
		b.ReportMetric(float64(m.events)/(cpu(b)-used).Seconds(), "rebuild-events/cpu-s")
		b.ReportMetric(float64(most-before)/(1<<20), "MB-growth")
		b.ReportMetric(float64(m.events), "events")
		measureQueries(b, x)
		if err := x.Close(); err != nil {
			b.Fatal(err)
		}
		info, err := os.Stat(x.path)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(info.Size())/(1<<20), "MB-file")
	}
}

// measureQueries reports how long queries of the catalogue take at most, in 95 of 100.
func measureQueries(b *testing.B, x *Index) {
	b.Helper()
	r := rand.New(rand.NewPCG(1, 1))
	sold := sinso.SaleSold
	worst := time.Duration(0)
	for name, ask := range map[string]func(n int) error{
		"newest": func(n int) error {
			_, err := x.Assets(b.Context(), sinso.AssetQuery{Limit: 50, After: uint64(1+n/benchPerBlock) * maxIndex})
			return err
		},
		"sold": func(n int) error {
			_, err := x.Assets(b.Context(), sinso.AssetQuery{Sale: &sold, Limit: 50, After: uint64(1+n/benchPerBlock) * maxIndex})
			return err
		},
		"owner": func(n int) error {
			_, err := x.Assets(b.Context(), sinso.AssetQuery{Owner: addressOf('a', n/7), Limit: 50})
			return err
		},
		"since": func(n int) error {
			_, err := x.Assets(b.Context(), sinso.AssetQuery{Since: uint64(n / benchPerBlock), Limit: 50})
			return err
		},
		"lineage": func(n int) error { _, err := x.Lineage(b.Context(), marketHash('t', n)); return err },
		"history": func(n int) error { _, err := x.History(b.Context(), marketHash('t', n)); return err },
		"trades":  func(n int) error { _, err := x.Trades(b.Context(), marketHash('t', n)); return err },
		"volumes": func(n int) error {
			from := time.Unix(1_700_000_000+600*int64(n/benchPerBlock), 0)
			_, err := x.Volumes(b.Context(), from, from.AddDate(0, 1, 0))
			return err
		},
	} {
		took := make([]time.Duration, 100)
		for i := range took {
			begin := time.Now()
			if err := ask(r.IntN(benchAssets)); err != nil {
				b.Fatal(err)
			}
			took[i] = time.Since(begin)
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[95].Microseconds())/1000, "p95-ms-"+name)
		worst = max(worst, took[95])
	}
	b.ReportMetric(float64(worst.Microseconds())/1000, "p95-ms")
}
