package node

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/stage/ingest"
)

// fastClock runs so many times as fast as the wall from one moment on, so that a
// chain that seals one block a second does not make a test wait. It is the same
// in every process that is given the same moment.
type fastClock struct {
	From  time.Time `json:"from"`
	Speed int       `json:"speed"`
}

func (c fastClock) Now() time.Time {
	return c.From.Add(time.Duration(c.Speed) * time.Since(c.From))
}

// town is a seller's and a buyer's node in one process, each with its own folder
// and keys.
type town struct {
	dir    string
	clock  sinso.Clock
	terms  sinso.Terms // of what is sold; zero: the usual ones
	onStep func(string)
	log    *slog.Logger

	profile string // of the seller's releases
	blobs   string // where the seller's blocks are
	host    string // of the listeners; "": loopback
	swarm   string // where the seller's node listens for a swarm
	backup  string // where the seller's backup is

	seller, buyer *Node
	stop          []func() error
}

// open opens both nodes, making those that are not there, and lets the seller's
// answer.
func (tn *town) open(ctx context.Context) (err error) {
	if tn.seller, err = tn.node(ctx, Config{Data: filepath.Join(tn.dir, "seller"), Profile: tn.profile, Blobs: tn.blobs, Swarm: tn.swarm, Backup: tn.backup, Chain: "dev:", ChainListen: "127.0.0.1:0", DIMSEListen: "none"}); err != nil {
		return fmt.Errorf("the seller's: %w", err)
	}
	if err := tn.serve(ctx, tn.seller); err != nil {
		return err
	}
	at := tn.seller.Chain.Contracts()
	tn.buyer, err = tn.node(ctx, Config{
		Data: filepath.Join(tn.dir, "buyer"), Chain: "http://" + tn.seller.ChainRPC(),
		Contracts: fmt.Sprintf("%s,%s,%s", at.Identity, at.Assets, at.Exchange),
	})
	if err != nil {
		return fmt.Errorf("the buyer's: %w", err)
	}
	return nil
}

func (tn *town) node(ctx context.Context, cfg Config) (*Node, error) {
	if cfg.Listen = "127.0.0.1:0"; tn.host != "" {
		cfg.Listen = tn.host + ":0"
	}
	cfg, err := cfg.Load(func(string) string { return "" })
	if err != nil {
		return nil, err
	}
	if _, err := Init(ctx, cfg); err != nil && !errors.Is(err, sinso.ErrExists) {
		return nil, err
	}
	n, err := Open(ctx, cfg, Options{Clock: tn.clock, OnStep: tn.onStep, Log: tn.log})
	if err != nil {
		return nil, err
	}
	if n.Chain != nil {
		n.Chain = &faultyChain{Chain: n.Chain}
	}
	tn.stop = append(tn.stop, n.Close)
	return n, nil
}

// serve lets a node answer under the same address as in an earlier life, if it had
// one: offers name it.
func (tn *town) serve(ctx context.Context, n *Node) error {
	kept := filepath.Join(tn.dir, "address")
	if address, err := os.ReadFile(kept); err == nil {
		n.Config.Listen = string(address)
	}
	listener, err := n.Listen(ctx)
	for ends := time.Now().Add(20 * time.Second); errors.Is(err, syscall.EADDRINUSE) && time.Now().Before(ends); time.Sleep(50 * time.Millisecond) {
		listener, err = n.Listen(ctx) // another test has been given the port meanwhile
	}
	if err != nil {
		return err
	}
	if err := os.WriteFile(kept, []byte(listener.Addr().String()), 0o600); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- n.Serve(ctx, listener) }()
	tn.stop = append(tn.stop, func() error {
		cancel()
		return <-served
	})
	return nil
}

func (tn *town) close() error {
	var errs []error
	for i := len(tn.stop) - 1; i >= 0; i-- {
		errs = append(errs, tn.stop[i]())
	}
	tn.stop = nil
	return errors.Join(errs...)
}

// testPrice is a price that no split divides evenly.
var testPrice = sinso.NewWei(big.NewInt(1_000_000_000_000_000_001))

// smallChest imports a chest of few small slices.
func smallChest(ctx context.Context, n *Node) error {
	_, err := n.Import(ctx, func(_ context.Context, fn func(ingest.Found) error) error {
		return phantom.Series(phantom.Options{Slices: 3, Rows: 32, Columns: 32}, func(name string, part10 []byte) error {
			return fn(ingest.Found{Item: sinso.Item{Bytes: part10, Name: sinso.NewPHI(name)}})
		})
	}, ImportOptions{Actor: "test"})
	return err
}

// sell releases the only study of the seller's node with a doctor's work in it,
// and returns the offer.
func (tn *town) sell(ctx context.Context) ([]byte, error) {
	studies, err := tn.seller.Studies(ctx, "")
	if err != nil {
		return nil, err
	}
	if orders, err := tn.seller.Orders(ctx, ""); err != nil || len(orders) > 0 {
		return orders[0].Offer, err // in an earlier life
	}
	doctor, err := tn.seller.CreatePerson(ctx, "test", "m_doctor", "")
	if err != nil {
		return nil, err
	}
	row, err := tn.seller.Release(ctx, studies[0].ID, ReleaseOptions{
		Actor: "test", Price: testPrice, Terms: tn.terms,
		Author:   &sinso.PlannedAuthor{Person: doctor, Role: "doctor", Work: WorkMeasurement, Bps: 1999},
		Accepted: true,
	})
	if err != nil {
		return nil, err
	}
	if row.State != sinso.ReleaseIsRegistered {
		return nil, fmt.Errorf("the release is %s: %v", row.State, row.Withheld)
	}
	orders, err := tn.seller.Orders(ctx, "")
	if err != nil {
		return nil, err
	}
	return orders[0].Offer, nil
}

// buy lets the buyer's node buy, with money of the seller's chain.
func (tn *town) buy(ctx context.Context, offer []byte) (sinso.PurchaseRow, error) {
	status, err := tn.buyer.Status(ctx)
	if err != nil {
		return sinso.PurchaseRow{}, err
	}
	if purchases, err := tn.buyer.Purchases(ctx); err != nil || len(purchases) == 0 {
		money := new(big.Int).Mul(testPrice.Int(), big.NewInt(2))
		if status.Balance.Int().Cmp(money) < 0 {
			if _, err := tn.seller.Chain.Fund(ctx, status.Account, sinso.NewWei(money)); err != nil {
				return sinso.PurchaseRow{}, err
			}
		}
	}
	return tn.buyer.Buy(ctx, offer, nil)
}

// wholeWay takes a study from import to the end of its trade and of its grant.
func (tn *town) wholeWay(ctx context.Context) error {
	if err := smallChest(ctx, tn.seller); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	offer, err := tn.sell(ctx)
	if err != nil {
		return fmt.Errorf("sell: %w", err)
	}
	row, err := tn.buy(ctx, offer)
	if err != nil {
		return fmt.Errorf("buy: %w", err)
	}
	if err := tn.seller.Tend(ctx); err != nil {
		return fmt.Errorf("tend: %w", err)
	}
	if _, err := tn.seller.Revoke(ctx, row.Order, "test"); err != nil {
		return fmt.Errorf("revoke: %w", err)
	}
	return nil
}

// state is what the two nodes hold in the end: it is the same however often they
// were cut off on the way.
type state struct {
	Originals []string             // sha256 of each
	Events    map[string]int       // of both nodes, by type
	Releases  []sinso.ReleaseState //
	Orders    []sinso.TradeState   //
	Revoked   bool                 //
	Purchases []string             // the step of each
	Paid      map[string]sinso.Wei // by role
	Owed      map[string]sinso.Wei // what the payees have on the chain
	Unlisted  int                  // instances that their study's manifest does not list
}

func (tn *town) state(ctx context.Context) (state, error) {
	s := state{Events: map[string]int{}, Paid: map[string]sinso.Wei{}, Owed: map[string]sinso.Wei{}}
	for name, n := range map[string]*Node{"seller": tn.seller, "buyer": tn.buyer} {
		err := n.audit.Events(ctx, 0, func(e sinso.Event) error {
			// A study that was cut off is closed, and once more when its rest is there.
			if e.Type != sinso.EventImported {
				s.Events[name+" "+string(e.Type)]++
			}
			return nil
		})
		if err != nil {
			return s, err
		}
	}
	studies, err := tn.seller.Studies(ctx, "")
	if err != nil {
		return s, err
	}
	for _, study := range studies {
		rows, err := tn.seller.Instances(ctx, study.ID)
		if err != nil {
			return s, err
		}
		s.Unlisted += len(rows) - study.Listed
		for _, row := range rows {
			plain, err := tn.seller.Read(ctx, row)
			if err != nil {
				return s, err
			}
			s.Originals = append(s.Originals, fmt.Sprintf("%x", sha256.Sum256(plain)))
		}
	}
	releases, err := tn.seller.Releases(ctx, "")
	if err != nil {
		return s, err
	}
	for _, row := range releases {
		s.Releases = append(s.Releases, row.State)
	}
	orders, err := tn.seller.Orders(ctx, "")
	if err != nil {
		return s, err
	}
	for _, row := range orders {
		s.Orders, s.Revoked = append(s.Orders, row.State), row.Revoked
	}
	purchases, err := tn.buyer.Purchases(ctx)
	if err != nil {
		return s, err
	}
	for _, row := range purchases {
		s.Purchases = append(s.Purchases, row.Step)
		for _, payout := range row.Payouts {
			s.Paid[payout.Role] = payout.Wei
			if s.Owed[payout.Role], err = tn.seller.Chain.Balance(ctx, payout.To); err != nil {
				return s, err
			}
		}
	}
	return s, nil
}

func (s state) String() string {
	text, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// files lists every file under a folder with its bytes.
func files(dir string) (map[string][]byte, error) {
	found := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		found[path], err = os.ReadFile(path)
		return err
	})
	return found, err
}
