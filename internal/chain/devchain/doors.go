//go:build !nochain

package devchain

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/eth/filters"
	"github.com/ethereum/go-ethereum/rpc"

	"sinso.dev/sinso"
)

const (
	maxBody     = 1 << 20 // bytes of one request; a transaction has at most 128 KiB
	maxBatch    = 100     // calls in one request
	maxResponse = 10 << 20
)

// doors are the ways in: one JSON-RPC server, in process and on loopback.
type doors struct {
	inner   *rpc.Client // all of go-ethereum's methods
	server  *rpc.Server // those that we offer
	client  *rpc.Client
	http    *http.Server
	listen  net.Listener
	serving sync.WaitGroup
}

func openDoors(ctx context.Context, c *Chain) (*doors, error) {
	d := &doors{inner: c.stack.Attach(), server: rpc.NewServer()}
	d.server.SetBatchLimits(maxBatch, maxResponse)
	d.server.SetHTTPBodyLimit(maxBody)
	if err := d.offer(c); err != nil {
		return d, err
	}
	d.client = rpc.DialInProc(d.server)
	if c.cfg.Listen == "" {
		return d, nil
	}
	var err error
	if d.listen, err = new(net.ListenConfig).Listen(ctx, "tcp", c.cfg.Listen); err != nil {
		return d, fmt.Errorf("devchain: listen: %w: %w", err, sinso.ErrUnavailable)
	}
	d.http = &http.Server{
		Handler:           localOnly(d.server),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      2 * time.Minute,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	d.serving.Go(func() { _ = d.http.Serve(d.listen) }) // ends with close
	return d, nil
}

// offer registers eth, net and web3; a later service replaces methods of the same name.
func (d *doors) offer(c *Chain) error {
	services := []rpc.API{}
	for _, api := range c.eth.APIs() {
		if api.Namespace == "eth" || api.Namespace == "net" {
			services = append(services, api)
		}
	}
	services = append(
		services,
		rpc.API{Namespace: "eth", Service: filters.NewFilterAPI(filters.NewFilterSystem(c.eth.APIBackend, filters.Config{}))},
		rpc.API{Namespace: "eth", Service: &calls{d.inner, c.nextTime}},
		rpc.API{Namespace: "web3", Service: web3{}},
	)
	for _, api := range services {
		if err := d.server.RegisterName(api.Namespace, api.Service); err != nil {
			return fmt.Errorf("devchain: offer %s: %w", api.Namespace, err)
		}
	}
	return nil
}

func (d *doors) addr() string {
	if d.listen == nil {
		return ""
	}
	return d.listen.Addr().String()
}

func (d *doors) close() error {
	var err error
	if d.http != nil {
		err = d.http.Close()
		d.serving.Wait()
	}
	if d.client != nil {
		d.client.Close()
	}
	d.server.Stop()
	d.inner.Close()
	return err
}

// checkListen refuses what is no loopback address.
func checkListen(listen string) error {
	if listen == "" {
		return nil
	}
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return fmt.Errorf("devchain: listen wants host:port: %w", errors.Join(err, sinso.ErrInvalid))
	}
	if !isLoopback(host) {
		return fmt.Errorf("devchain: listen on %q: JSON-RPC of the embedded chain is for this machine alone, name a loopback address like 127.0.0.1: %w", host, sinso.ErrInvalid)
	}
	return nil
}

func isLoopback(host string) bool {
	return net.ParseIP(host).IsLoopback()
}

// localOnly refuses a Host that is not this machine's: else a web page could
// reach the chain by a name of its own that resolves to 127.0.0.1.
func localOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if host != "localhost" && !isLoopback(host) {
			http.Error(w, "this Host is not served", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// web3 is the namespace of the same name; it tells nothing of the machine.
type web3 struct{}

// ClientVersion returns the client's name.
func (web3) ClientVersion() string { return "sinso/devchain" }

// Sha3 returns the Keccak-256 hash of data.
func (web3) Sha3(data hexutil.Bytes) hexutil.Bytes { return crypto.Keccak256(data) }
