package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
)

type demoOptions struct {
	json  bool
	serve bool
	keep  string
	paths []string
}

func newDemoCommand() *cobra.Command {
	var o demoOptions
	cmd := &cobra.Command{
		Use:   "demo [PATH…]",
		Short: "The main job, from end to end, in two fresh nodes on this machine",
		Long: `Takes DICOM files (PATH: files, folders, zip; default: a chest that the program draws) the whole way: imports and
seals them, de-identifies one study, mints its token on a local chain with play money, sells it to a second
node with its own process, folder and keys, verifies what that node got back to the import, and ends the grant.

Of several studies the one with the most sellable instances is taken. If none is, the demo ends after the
sealed originals and says why.

--json prints one object: {"ok","reason","origin","settlement","import","original","derivative","identity",
"asset","trade","opened","provenance","revoked","seconds"}; money is decimal wei.

EXIT STATUS: 0 done, 1 error, 2 usage, 3 nothing of it may be sold: the reason is printed, 10 no such path,
130 interrupted`,
	}
	flags := cmd.Flags()
	flags.BoolVar(&o.json, "json", false, "print one JSON object; the story goes to stderr")
	flags.BoolVar(&o.serve, "serve", false, "leave both nodes up at the end, with the page, until Ctrl-C")
	flags.StringVar(&o.keep, "keep", "", "leave both node folders, their logs and the buyer's files under this new or empty folder")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := arePaths(args...); err != nil {
			return err
		}
		o.paths = args
		story := &story{out: cmd.OutOrStdout(), bar: newProgress(cmd.ErrOrStderr())}
		if o.json {
			story.out = cmd.ErrOrStderr()
		}
		result, err := runDemo(cmd.Context(), o, story)
		if o.json && (err == nil || errors.As(err, new(*partly))) {
			err = errors.Join(err, printJSON(cmd.OutOrStdout(), result))
		}
		return err
	}
	return cmd
}

// demoResult is what `demo --json` prints.
type demoResult struct {
	OK         bool           `json:"ok"`
	Reason     sinso.Reason   `json:"reason"`
	Origin     sinso.Origin   `json:"origin"`
	Settlement string         `json:"settlement"`
	Import     demoImport     `json:"import"`
	Original   demoObject     `json:"original"`
	Derivative demoDerivative `json:"derivative"`
	Identity   demoIdentity   `json:"identity"`
	Asset      demoAsset      `json:"asset"`
	Trade      demoTrade      `json:"trade"`
	Opened     demoOpened     `json:"opened"`
	Provenance demoProvenance `json:"provenance"`
	Revoked    demoRevoked    `json:"revoked"`
	Seconds    float64        `json:"seconds"`
}

type demoImport struct {
	Files       int   `json:"files"`
	Instances   int   `json:"instances"`
	Duplicates  int   `json:"duplicates"`
	Conflicts   int   `json:"conflicts"`
	Quarantined int   `json:"quarantined"`
	Skipped     int   `json:"skipped"`
	Bytes       int64 `json:"bytes"`
}

type demoObject struct {
	CID  sinso.CID  `json:"cid"`
	Tier sinso.Tier `json:"tier"`
}

type demoDerivative struct {
	CID       sinso.CID  `json:"cid"`
	Tier      sinso.Tier `json:"tier"`
	Instances int        `json:"instances"`
	Withheld  int        `json:"withheld"`
}

// What did not come to be is null.
type demoIdentity struct {
	Token *sinso.TokenID `json:"token"`
}

type demoAsset struct {
	Token *sinso.TokenID `json:"token"`
	Tx    *sinso.Hash    `json:"tx"`
	Gas   uint64         `json:"gas"`
}

type demoTrade struct {
	FillTx    *sinso.Hash    `json:"fillTx"`
	DeliverTx *sinso.Hash    `json:"deliverTx"`
	ReleaseTx *sinso.Hash    `json:"releaseTx"`
	Gas       demoGas        `json:"gas"`
	Price     sinso.Wei      `json:"priceWei"`
	Payouts   []sinso.Payout `json:"payouts"`
}

type demoGas struct {
	Fill    uint64 `json:"fill"`
	Deliver uint64 `json:"deliver"`
	Release uint64 `json:"release"`
}

type demoOpened struct {
	Instances int    `json:"instances"`
	Verified  bool   `json:"verified"`
	Dir       string `json:"dir"`
}

type demoProvenance struct {
	Verified bool `json:"verified"`
	Events   int  `json:"events"`
}

type demoRevoked struct {
	DeniedAfter bool `json:"deniedAfter"`
}

// story tells what happens, line by line.
type story struct {
	out interface{ Write([]byte) (int, error) }
	bar *progress
	n   int
}

// step begins a numbered step.
func (s *story) step(title string) {
	s.bar.end()
	s.n++
	fmt.Fprintf(s.out, "\n%d  %s\n", s.n, title)
}

// says adds a line to the step.
func (s *story) says(format string, args ...any) {
	s.bar.end()
	fmt.Fprintf(s.out, "   "+format+"\n", args...)
}

// seconds since a moment, to a hundredth.
func seconds(since time.Time) float64 {
	const hundredth = 10 * time.Millisecond
	return time.Since(since).Round(hundredth).Seconds()
}
