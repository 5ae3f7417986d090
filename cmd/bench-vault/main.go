// Command bench-vault measures the way into the vault and out of it against Kubo and
// restic: the same files, the same disk, one run, whole commands. It prints a table on
// stderr and one JSON object on stdout. Kubo is built once into the user's cache, restic is
// Debian's.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"syscall"
	"text/tabwriter"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench-vault:", err)
		os.Exit(1) //nolint:gocritic // stop has nothing left to do
	}
}

// bench is one run.
type bench struct {
	dir    string // everything that is made, removed at the end
	kubo   string // programs
	restic string
	ours   string // the vault's benchmarks
	node   string // the node's
	corpus corpus
	took   map[string][]float64 // figures of each turn, by name
	rows   []row
}

// row is one figure. Ratio is how many times better ours is than the peer's.
type row struct {
	What   string   `json:"what"`
	Ours   float64  `json:"ours"`
	Peer   *float64 `json:"peer"`
	Unit   string   `json:"unit"`
	Ratio  *float64 `json:"ratio"`
	Target *float64 `json:"target"` // of the ratio, or of ours if there is no peer
	OK     bool     `json:"ok"`
}

const mega = 1e6

func run(ctx context.Context) (err error) {
	b := &bench{took: map[string][]float64{}}
	if b.dir, err = os.MkdirTemp(os.Getenv("BENCH_DIR"), "sinso-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	rounds, err := rounds()
	if err != nil {
		return err
	}
	for _, part := range []func(context.Context) error{b.build, b.findKubo, b.findRestic, b.draw} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	for n := range rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", n+1, rounds)
		if err := b.round(ctx); err != nil {
			return err
		}
	}
	b.compare()
	for _, part := range []func(context.Context) error{b.sameCIDs, b.frame, b.large, b.imported} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return b.print()
}

// rounds is how many turns each side has; the median counts.
func rounds() (int, error) {
	text := os.Getenv("BENCH_ROUNDS")
	if text == "" {
		return 3, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 100 {
		return 0, fmt.Errorf("BENCH_ROUNDS is %q, want a number from 1 to 100", text)
	}
	return n, nil
}

// median returns that of a figure's turns.
func (b *bench) median(name string) float64 {
	all := slices.Sorted(slices.Values(b.took[name]))
	return all[len(all)/2]
}

// line is one comparison: how many times better ours must be than the peer's.
type line struct {
	what, ours, peer string
	target           float64 // 0: there to compare with
}

var lines = []line{
	{"seal and store, synced / Kubo add", "store", "kubo add", 1},
	{"seal and store, synced / restic backup", "store", "restic backup", 1.5},
	{"seal and store, synced / restic backup, compressed", "store", "restic backup auto", 2.5},
	{"open: fetch, verify, decrypt / restic restore", "open", "restic restore", 2},
	{"open: fetch, verify, decrypt / Kubo get", "open", "kubo get", 1.3},
	{"compressed: seal and store, synced / restic backup, compressed", "store compressed", "restic backup auto", 0},
	{"compressed: seal and store, synced / Kubo add", "store compressed", "kubo add", 0},
	{"compressed: open / restic restore", "open compressed", "restic restore", 0},
	{"open and write as files / restic restore", "open to files", "restic restore", 0},
	{"open and write as files / Kubo get", "open to files", "kubo get", 0},
}

func (b *bench) compare() {
	for _, l := range lines {
		ours, peer := b.median(l.ours), b.median(l.peer)
		ratio := ours / peer
		r := row{What: l.what, Ours: ours, Peer: &peer, Unit: "MB/s", Ratio: &ratio, OK: ratio >= l.target}
		if l.target > 0 {
			r.Target = &l.target
		}
		b.rows = append(b.rows, r)
	}
	for _, name := range []string{"stored", "stored compressed"} {
		ours, peer := b.median(name), b.median("restic stored auto")
		ratio := peer / ours
		b.rows = append(b.rows, row{What: fmt.Sprintf("%s, of %.0f MB / restic, compressed", name, float64(b.corpus.bytes)/mega), Ours: ours, Peer: &peer, Unit: "MB", Ratio: &ratio, OK: true})
	}
}

// most files a figure of ours that must be no more than a target; 0: any.
func (b *bench) most(what string, ours, target float64, unit string) {
	r := row{What: what, Ours: ours, Unit: unit, OK: target == 0 || ours <= target}
	if target > 0 {
		r.Target = &target
	}
	b.rows = append(b.rows, r)
}

func (b *bench) print() error {
	table := tabwriter.NewWriter(os.Stderr, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "WHAT\tOURS\tPEER\tUNIT\tTIMES BETTER\tTARGET\tOK")
	text := func(v *float64) string {
		if v == nil {
			return "-"
		}
		return fmt.Sprintf("%.4g", *v)
	}
	for _, r := range b.rows {
		fmt.Fprintf(table, "%s\t%.4g\t%s\t%s\t%s\t%s\t%t\n", r.What, r.Ours, text(r.Peer), r.Unit, text(r.Ratio), text(r.Target), r.OK)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(map[string][]row{"rows": b.rows})
}
