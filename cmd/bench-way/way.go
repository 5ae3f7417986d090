package main

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

// slices of the chest that goes the whole way.
const slices = 300

// drawChest writes the chest as files.
func drawChest(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return node.DrawPhantom(slices, func(name string, part10 []byte) error {
		return os.WriteFile(filepath.Join(dir, name), part10, 0o600)
	})
}

// laps measures the steps of the way, one after the other.
type laps struct {
	names []string
	took  map[string]time.Duration
	last  time.Time
}

// lap ends a step that began when the one before it ended.
func (l *laps) lap(name string) {
	now := time.Now()
	if _, known := l.took[name]; !known {
		l.names = append(l.names, name)
	}
	l.took[name] += now.Sub(l.last)
	l.last = now
}

// wholeWay takes a chest from import to the release of the money, two nodes in
// this process, and files the share of each step. Steps on the chain wait for its
// blocks, of which it makes one a second.
func (b *bench) wholeWay(ctx context.Context) (err error) {
	seller, stop, err := b.open(ctx, node.Config{Data: filepath.Join(b.dir, "seller"), Chain: "dev:", ChainListen: "127.0.0.1:0", DIMSEListen: "none"})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	at := seller.Chain.Contracts()
	buyer, stopBuyer, err := b.open(ctx, node.Config{
		Data: filepath.Join(b.dir, "buyer"), Chain: "http://" + seller.ChainRPC(),
		Contracts: fmt.Sprintf("%s,%s,%s", at.Identity, at.Assets, at.Exchange),
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stopBuyer()) }()
	began := time.Now()
	l := &laps{took: map[string]time.Duration{}, last: began}
	bytes, err := b.walk(ctx, seller, buyer, l)
	if err != nil {
		return err
	}
	whole := time.Since(began)
	b.add(fmt.Sprintf("the whole way, %d slices", slices), slices/whole.Seconds(), "instances/s")
	b.add("the whole way", float64(bytes)/mega/whole.Seconds(), "MB/s")
	for _, name := range l.names {
		b.add("  of it: "+name, l.took[name].Seconds(), "s")
		b.add("  share: "+name, 100*l.took[name].Seconds()/whole.Seconds(), "%")
	}
	return nil
}

func (b *bench) walk(ctx context.Context, seller, buyer *node.Node, l *laps) (int64, error) {
	imported, err := seller.ImportPhantom(ctx, slices, node.ImportOptions{Actor: "bench"})
	if err != nil {
		return 0, err
	}
	l.lap("draw and import to sealed")
	total := 0
	release, err := seller.Release(ctx, imported.Studies[0], node.ReleaseOptions{
		Actor: "bench", Price: sinso.NewWei(big.NewInt(mega)),
		Progress: func(done, of int) {
			if total = of; done == of {
				l.lap("clean, attest, seal each")
			}
		},
	})
	if err != nil {
		return 0, err
	}
	l.lap(fmt.Sprintf("sign, register, offer %d", total))
	if release.State != sinso.ReleaseIsRegistered {
		return 0, fmt.Errorf("the release is %s: %w", release.State, sinso.ErrInvalid)
	}
	orders, err := seller.Orders(ctx, "")
	if err != nil {
		return 0, err
	}
	status, err := buyer.Status(ctx)
	if err != nil {
		return 0, err
	}
	if _, err := seller.Chain.Fund(ctx, status.Account, sinso.NewWei(big.NewInt(mega*mega*mega))); err != nil {
		return 0, err
	}
	l.lap("give the buyer money")
	_, err = buyer.Buy(ctx, orders[0].Offer, func(step string) { l.lap("buy: to " + step) })
	return imported.Bytes, err
}

// open makes a node and lets it answer.
func (b *bench) open(ctx context.Context, cfg node.Config) (*node.Node, func() error, error) {
	cfg.Listen = "127.0.0.1:0"
	cfg, err := cfg.Load(func(string) string { return "" })
	if err != nil {
		return nil, nil, err
	}
	if _, err := node.Init(ctx, cfg); err != nil {
		return nil, nil, err
	}
	n, err := node.Open(ctx, cfg, node.Options{})
	if err != nil {
		return nil, nil, err
	}
	listener, err := n.Listen(ctx)
	if err != nil {
		return nil, nil, errors.Join(err, n.Close())
	}
	ctx, cancel := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- n.Serve(ctx, listener) }()
	return n, func() error {
		cancel()
		return errors.Join(<-served, n.Close())
	}, nil
}
