package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/durable"
	"sinso.dev/sinso/internal/node"
)

// demo is one run. Its seller's node lives in this process, the buyer's in
// processes of its own.
type demo struct {
	o       demoOptions
	*story  // what is told
	dir     string
	seller  *node.Node
	stop    func() error // ends the seller's HTTP
	buyer   *buyer
	funded  *errgroup.Group // the buyer's node is made and has money, in the background
	study   sinso.StudyRow
	release sinso.ReleaseRow
	bought  purchase
	result  demoResult
}

// The demo's price and split: play money, 0.25 of the chain's unit.
const (
	demoPrice  = 250_000_000_000_000_000
	doctorBps  = 2000
	buyerExtra = 300_000_000_000_000_000 // for gas, and what else is bought while it is served
)

func runDemo(ctx context.Context, o demoOptions, story *story) (demoResult, error) {
	d := &demo{o: o, story: story, stop: func() error { return nil }}
	d.result.Settlement, d.result.Trade.Payouts = "local-devchain", []sinso.Payout{}
	started := time.Now()
	err := d.prepare()
	if err == nil {
		err = d.steps(ctx)
	}
	err = errors.Join(err, d.end())
	d.result.Seconds = seconds(started)
	if err == nil {
		d.says("done in %.1f s", d.result.Seconds)
	}
	return d.result, err
}

func (d *demo) steps(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		d.open, d.importAll, d.choose, d.derive, d.trade, d.revoke, d.verifyAlone, d.leave,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	d.result.OK = true
	return nil
}

// prepare makes the folder of the demo.
func (d *demo) prepare() (err error) {
	if d.o.keep == "" {
		d.dir, err = os.MkdirTemp("", "sinso-demo-")
		return err
	}
	if d.dir, err = filepath.Abs(d.o.keep); err != nil {
		return err
	}
	if entries, err := os.ReadDir(d.dir); err == nil && len(entries) > 0 {
		return fmt.Errorf("%s is not empty; the demo begins in a new or empty folder: %w", d.o.keep, sinso.ErrExists)
	}
	return os.MkdirAll(d.dir, 0o700)
}

// end closes everything, and removes what is not to be kept.
func (d *demo) end() error {
	err := d.closeSeller()
	if d.o.keep == "" && d.dir != "" {
		err = errors.Join(err, os.RemoveAll(d.dir))
	}
	return err
}

func (d *demo) closeSeller() error {
	var err error
	if d.funded != nil {
		err = d.funded.Wait() // it uses the seller's chain
		d.funded = nil
	}
	err = errors.Join(err, d.stop())
	d.stop = func() error { return nil }
	if d.seller != nil {
		err = errors.Join(err, d.seller.Close())
		d.seller = nil
	}
	return err
}

func (d *demo) sellerConfig() (node.Config, error) {
	return node.Config{
		Data: filepath.Join(d.dir, "seller"), Listen: "127.0.0.1:0", Chain: "dev:", ChainListen: "127.0.0.1:0", DIMSEListen: "none",
	}.Load(func(string) string { return "" }) // of no use to the demo: the environment is for the user's own node
}

// open makes the seller's node, with its chain, and lets it answer.
func (d *demo) open(ctx context.Context) error {
	d.step("Two fresh nodes, and a chain of play money")
	cfg, err := d.sellerConfig()
	if err != nil {
		return err
	}
	if _, err := node.Init(ctx, cfg); err != nil {
		return err
	}
	if err := d.start(ctx, cfg); err != nil {
		return err
	}
	contracts := d.seller.Chain.Contracts()
	d.buyer = &buyer{
		dir: d.dir, chain: "http://" + d.seller.ChainRPC(), story: d.story,
		at: fmt.Sprintf("%s,%s,%s", contracts.Identity, contracts.Assets, contracts.Exchange),
	}
	d.says("the seller's node answers at %s; the chain lives in it, on this machine alone", d.seller.Config.URL)
	d.says("the buyer's node is another process, with its own folder and its own keys")
	d.funded = &errgroup.Group{}
	chain := d.seller.Chain
	d.funded.Go(func() error {
		account, err := d.buyer.init(ctx)
		if err != nil {
			return err
		}
		_, err = chain.Fund(ctx, account, sinso.NewWei(big.NewInt(demoPrice+buyerExtra)))
		return err
	})
	return nil
}

// start opens the seller's node and serves it in the background.
func (d *demo) start(ctx context.Context, cfg node.Config) error {
	logFile, err := os.OpenFile(filepath.Join(d.dir, "seller.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("the seller's log: %w", err)
	}
	d.seller, err = node.Open(ctx, cfg, node.Options{Log: slog.New(slog.NewJSONHandler(logFile, nil))})
	if err != nil {
		return errors.Join(err, logFile.Close())
	}
	listener, err := d.seller.Listen(ctx)
	if err != nil {
		return errors.Join(err, logFile.Close())
	}
	serveCtx, cancel := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func(n *node.Node) { served <- n.Serve(serveCtx, listener) }(d.seller)
	d.stop = func() error {
		cancel()
		return errors.Join(<-served, logFile.Close())
	}
	return nil
}

func (d *demo) importAll(ctx context.Context) (err error) {
	options := node.ImportOptions{Actor: actor, Progress: func(r node.ImportResult) {
		d.bar.show("   %d files: %d taken, %d quarantined", r.Files, r.Instances+r.Conflicts, r.Quarantined)
	}}
	began := time.Now()
	var imported node.ImportResult
	if len(d.o.paths) == 0 {
		d.step("Import: a chest that this program draws, of a person who does not exist")
		imported, err = d.seller.ImportPhantom(ctx, 0, options)
	} else {
		d.step("Import")
		imported, err = d.seller.ImportPaths(ctx, d.o.paths, options)
	}
	if err != nil {
		return err
	}
	d.result.Import = demoImport{
		imported.Files, imported.Instances, imported.Duplicates, imported.Conflicts,
		imported.Quarantined, imported.Skipped, imported.Bytes,
	}
	d.says("%d files, %d MB: %d taken, %d duplicates, %d conflicts, %d quarantined, %d skipped (%.1f s)",
		imported.Files, imported.Bytes>>20, imported.Instances, imported.Duplicates, imported.Conflicts,
		imported.Quarantined, imported.Skipped, seconds(began))
	refused, err := d.seller.Quarantine(ctx)
	if err != nil {
		return err
	}
	const shown = 5
	for i, row := range refused {
		if i == shown {
			d.says("  … and %d more, with their reasons, in the seller's quarantine", len(refused)-shown)
			break
		}
		d.says("  not taken: %s", row.Detail)
	}
	if imported.Instances+imported.Conflicts == 0 {
		return nil
	}
	d.says("each original is sealed to the person's key and to the institution's, and durable with its entry in the log")
	return nil
}

// choose takes the study with the most sellable instances; between equals, the
// one with the lowest UID.
func (d *demo) choose(ctx context.Context) error {
	studies, err := d.seller.Studies(ctx, "")
	if err != nil {
		return err
	}
	if len(studies) == 0 {
		d.result.Reason = "nothing-taken"
		d.says("nothing was taken, so there is nothing to go on with")
		return &partly{}
	}
	best := -1
	for _, study := range studies {
		eligible := study.Instances
		if len(studies) > 1 {
			if eligible, _, err = d.seller.Survey(ctx, study.ID); err != nil {
				return err
			}
		}
		if eligible > best || eligible == best && better(eligible, study, d.study) {
			best, d.study = eligible, study
		}
	}
	if len(studies) > 1 {
		d.says("of %d studies the demo goes on with the one with the most sellable instances: %d", len(studies), best)
	}
	d.result.Origin = d.study.Origin
	d.result.Original = demoObject{d.study.Manifest, d.study.Tier}
	d.says("study %s: %d instances, tier %s, origin %s", d.study.ID, d.study.Instances, d.study.Tier, d.study.Origin)
	d.says("sealed as %s", d.study.Manifest)
	return nil
}

// better orders studies of which equally many instances may be sold: the lowest
// UID goes first; where none may be sold, the largest shows most of why.
func better(eligible int, a, b sinso.StudyRow) bool {
	if eligible == 0 && a.Instances != b.Instances {
		return a.Instances > b.Instances
	}
	return a.UID < b.UID
}

// derive makes the derivative, its tokens and the order.
func (d *demo) derive(ctx context.Context) (err error) {
	d.step("A derivative for sale: de-identified, sealed with its own key, with a token")
	doctor, err := d.seller.CreatePerson(ctx, actor, "", "")
	if err != nil {
		return err
	}
	d.release, err = d.seller.Release(ctx, d.study.ID, node.ReleaseOptions{
		Actor: string(d.study.Person), Price: sinso.NewWei(big.NewInt(demoPrice)),
		Author:   &sinso.PlannedAuthor{Person: doctor, Role: "doctor", Work: node.WorkMeasurement, Bps: doctorBps},
		Accepted: true, // the demo is both of them
		Progress: func(done, total int) { d.bar.show("   %d of %d instances", done, total) },
	})
	if err != nil {
		return err
	}
	withheld := 0
	for reason, count := range d.release.Withheld {
		withheld += count
		d.says("%d withheld, %s: %s", count, reason, node.Explain(reason))
	}
	d.result.Derivative = demoDerivative{d.release.Manifest, d.release.Tier, d.release.Instances, withheld}
	if d.release.State == sinso.ReleaseIsRefused {
		d.result.Reason = d.release.Reason
		if why := node.Explain(d.release.Reason); why != "" {
			d.says("not offered, %s: %s", d.release.Reason, why)
		}
		d.says("nothing of this study may be sold, so the demo ends here; the sealed original stays")
		return &partly{}
	}
	return d.tellRelease(ctx)
}

func (d *demo) tellRelease(ctx context.Context) error {
	persons, err := d.seller.Persons(ctx)
	if err != nil {
		return err
	}
	for _, person := range persons {
		if person.ID == d.study.Person {
			d.result.Identity.Token = &person.Identity
		}
	}
	d.result.Asset = demoAsset{&d.release.Token, &d.release.Tx, d.release.Gas}
	d.says("%d instances, tier %s, payload %s", d.release.Instances, d.release.Tier, d.release.Manifest)
	d.says("identity token %s", d.result.Identity.Token)
	d.says("asset token %s (gas %d; the person paid none)", d.release.Token, d.release.Gas)
	for i, share := range d.release.Asset.Split {
		d.says("  %g %% to the %s, fixed for ever", float64(share.Bps)/100, d.release.Roles[i])
	}
	return nil
}

// trade lets the buyer's node buy what the person offers.
func (d *demo) trade(ctx context.Context) error {
	d.step("The person's order; the other node buys, verifies, and lets the money go")
	orders, err := d.seller.Orders(ctx, d.study.Person)
	if err != nil {
		return err
	}
	offer := filepath.Join(d.dir, "offer.json")
	if err := durable.WriteFile(offer, orders[0].Offer, 0o600); err != nil {
		return err
	}
	if err := d.funded.Wait(); err != nil {
		return err
	}
	d.funded = nil
	opened := filepath.Join(d.dir, "opened")
	if d.bought, err = d.buyer.fill(ctx, offer, opened); err != nil {
		return err
	}
	if err := d.seller.Tend(ctx); err != nil {
		return err
	}
	b := &d.bought
	d.result.Trade = demoTrade{
		&b.FillTx.Hash, &b.DeliverTx.Hash, &b.ReleaseTx.Hash,
		demoGas{b.FillTx.Gas, b.DeliverTx.Gas, b.ReleaseTx.Gas},
		orders[0].Price, b.Payouts,
	}
	for _, payout := range b.Payouts {
		d.says("paid: %s wei to the %s", payout.Wei, payout.Role)
	}
	d.result.Opened = demoOpened{Instances: b.Instances, Verified: b.Step == "released", Dir: opened}
	if d.o.keep == "" {
		d.result.Opened.Dir = ""
	}
	d.says("the buyer has %d DICOM instances and %d report of the doctor, and has checked them all", b.Instances, b.Works)
	return nil
}

// revoke ends the grant and lets the buyer ask for the key once more.
func (d *demo) revoke(ctx context.Context) error {
	d.step("The person ends the grant")
	if err := d.buyer.key(ctx, d.bought.Order); err != nil {
		return err
	}
	d.says("before: the buyer's node asks for the key again, and gets it")
	if _, err := d.seller.Revoke(ctx, d.bought.Order, string(d.study.Person)); err != nil {
		return err
	}
	switch err := d.buyer.key(ctx, d.bought.Order); {
	case err == nil:
		return fmt.Errorf("the seller's node gave the key after the grant had ended: %w", sinso.ErrCorrupt)
	case !errors.Is(err, sinso.ErrDenied):
		return err
	}
	d.result.Revoked.DeniedAfter = true
	d.says("after: refused")
	d.says("%s", cannotRevoke)
	return nil
}

// verifyAlone stops the seller's node and moves its folder away, and lets the
// buyer walk back to the import without it.
func (d *demo) verifyAlone(ctx context.Context) error {
	d.step("The seller's node is gone; the buyer walks back to the import alone")
	if err := d.closeSeller(); err != nil {
		return err
	}
	home, away := filepath.Join(d.dir, "seller"), filepath.Join(d.dir, "seller-away")
	if err := os.Rename(home, away); err != nil {
		return fmt.Errorf("move the seller's folder away: %w", err)
	}
	found, err := d.buyer.verify(ctx, d.bought.Token)
	if err := errors.Join(err, os.Rename(away, home)); err != nil {
		return err
	}
	for _, step := range found.Steps {
		d.says("%s: %s", step.Piece, step.Says)
		d.says("  proven by: %s", step.By)
	}
	d.result.Provenance = demoProvenance{found.OK, found.Events}
	return nil
}
