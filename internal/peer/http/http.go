// Package peerhttp reaches other nodes over HTTP: the adapter "http" of port
// [sinso.Peers].
//
// Blocks come through the trustless gateway (docs/formats.md, "between nodes"):
// nothing that a peer sends is believed before it matches its CID. A peer may be
// hostile, so every answer is bounded in size and time, and a redirect is never
// followed.
package peerhttp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	"sinso.dev/sinso"
)

const (
	maxBlock   = 2<<20 + 1<<10 // bytes; peers of the trustless gateway exchange blocks of at most 2 MiB
	maxAnswer  = 64 << 10      // bytes of JSON; a KeyAnswer has about 3 KiB
	maxHeaders = 16 << 10      // bytes of a response's headers

	connectTimeout  = 5 * time.Second // to connect, and again for TLS
	headerTimeout   = 10 * time.Second
	idleTimeout     = 30 * time.Second
	maxConnsPerPeer = 16
)

// Config says how long the node waits.
type Config struct {
	// Timeout bounds one try as a whole, to the last byte. Default 30 s.
	Timeout time.Duration
	// Tries is how often a call is made while the peer is busy or cannot be
	// reached. Default 3.
	Tries int
	// Backoff is the wait before the second try; it doubles. Default 200 ms.
	Backoff time.Duration
}

// Peers is a client of other nodes.
type Peers struct {
	cfg    Config
	client *http.Client
}

var _ sinso.Peers = (*Peers)(nil)

// New returns a client of other nodes.
func New(cfg Config) *Peers {
	if cfg.Timeout <= 0 {
		cfg.Timeout = 30 * time.Second
	}
	if cfg.Tries <= 0 {
		cfg.Tries = 3
	}
	if cfg.Backoff <= 0 {
		cfg.Backoff = 200 * time.Millisecond
	}
	p := &Peers{cfg: cfg}
	dialer := &net.Dialer{Timeout: connectTimeout, Control: mayReach}
	p.client = &http.Client{
		Transport: &http.Transport{
			Proxy:                  nil, // a proxy would see who asks whom for what
			DialContext:            dialer.DialContext,
			TLSHandshakeTimeout:    connectTimeout,
			ResponseHeaderTimeout:  headerTimeout,
			IdleConnTimeout:        idleTimeout,
			MaxConnsPerHost:        maxConnsPerPeer,
			MaxResponseHeaderBytes: maxHeaders,
			DisableCompression:     true, // ciphertext does not shrink, and a bomb would grow
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return p
}

// Close ends idle connections.
func (p *Peers) Close() error {
	p.client.CloseIdleConnections()
	return nil
}

// Fetch implements [sinso.Peers].
func (p *Peers) Fetch(ctx context.Context, peer string, cid sinso.CID) ([]byte, error) {
	if _, err := cid.Bytes(); err != nil {
		return nil, fmt.Errorf("peer: fetch: %w", err)
	}
	target, err := address(peer, "ipfs", string(cid))
	if err != nil {
		return nil, err
	}
	target.RawQuery = "format=raw"
	doing := "fetch " + string(cid)
	call := call{method: http.MethodGet, url: target.String(), accept: "application/vnd.ipld.raw", maxBytes: maxBlock}
	block, err := p.retry(ctx, doing, call)
	if err != nil {
		return nil, err
	}
	if err := cid.Verify(block); err != nil {
		return nil, fmt.Errorf("peer: %s: %w", doing, err)
	}
	return block, nil
}

// Key implements [sinso.Peers]. A seller gives the same buyer the same answer
// again, so a lost answer is asked for again.
func (p *Peers) Key(ctx context.Context, peer string, request sinso.KeyRequest) (sinso.KeyAnswer, error) {
	target, err := address(peer, "api", "v1", "orders", request.Order.String(), "key")
	if err != nil {
		return sinso.KeyAnswer{}, err
	}
	doing := "key of order " + request.Order.String()
	body, err := json.Marshal(request)
	if err != nil {
		return sinso.KeyAnswer{}, fmt.Errorf("peer: %s: %w", doing, sinso.ErrInvalid)
	}
	call := call{method: http.MethodPost, url: target.String(), body: body, accept: "application/json", maxBytes: maxAnswer}
	b, err := p.retry(ctx, doing, call)
	if err != nil {
		return sinso.KeyAnswer{}, err
	}
	var answer sinso.KeyAnswer
	if err := json.Unmarshal(b, &answer); err != nil {
		return sinso.KeyAnswer{}, fmt.Errorf("peer: %s: the answer is not of the form asked for: %w", doing, sinso.ErrCorrupt)
	}
	if answer.Delivery.Trade != request.Trade || len(answer.Grant) == 0 {
		return sinso.KeyAnswer{}, fmt.Errorf("peer: %s: the answer is for another order or has no grant: %w", doing, sinso.ErrCorrupt)
	}
	return answer, nil
}

// call is one request, which may be made several times.
type call struct {
	method, url, accept string
	body                []byte
	maxBytes            int64
}

// retry makes a call until it is answered, waiting longer each time.
func (p *Peers) retry(ctx context.Context, doing string, c call) ([]byte, error) {
	wait := p.cfg.Backoff
	for try := 1; ; try++ {
		b, err := p.once(ctx, c)
		if err == nil {
			return b, nil
		}
		again := errors.Is(err, sinso.ErrBusy) || errors.Is(err, sinso.ErrUnavailable)
		if !again || try >= p.cfg.Tries || ctx.Err() != nil {
			return nil, fmt.Errorf("peer: %s: %w", doing, err)
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
		}
		wait *= 2
	}
}

// once makes a call once, and returns the body of a 200.
func (p *Peers) once(ctx context.Context, c call) ([]byte, error) {
	within, cancel := context.WithTimeout(ctx, p.cfg.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(within, c.method, c.url, bytes.NewReader(c.body))
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", sinso.ErrInvalid)
	}
	request.Header.Set("Accept", c.accept)
	request.Header.Set("User-Agent", "sinso")
	if c.body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := p.client.Do(request)
	if err != nil {
		return nil, unreached(ctx, err)
	}
	defer response.Body.Close() //nolint:errcheck // it was read to its end, or is given up
	if response.StatusCode != http.StatusOK {
		return nil, refusal(response)
	}
	if response.ContentLength > c.maxBytes {
		return nil, fmt.Errorf("the peer sends %d bytes, more than %d: %w", response.ContentLength, c.maxBytes, sinso.ErrCorrupt)
	}
	b, err := io.ReadAll(io.LimitReader(response.Body, c.maxBytes+1))
	if err != nil {
		return nil, unreached(ctx, err)
	}
	if int64(len(b)) > c.maxBytes {
		return nil, fmt.Errorf("the peer sends more than %d bytes: %w", c.maxBytes, sinso.ErrCorrupt)
	}
	return b, nil
}

// unreached gives a failed exchange its class. The cause is left out: it holds
// the peer's address, and what the peer sent.
func unreached(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil: // the caller's time, not the peer's
		return ctx.Err()
	case errors.Is(err, sinso.ErrUnsupported): // of mayReach
		return fmt.Errorf("the address of the peer is none that a machine has on a network: %w", sinso.ErrUnsupported)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("the peer did not answer in time: %w", sinso.ErrUnavailable)
	}
	return fmt.Errorf("the peer cannot be reached, or broke off: %w", sinso.ErrUnavailable)
}

// address joins a peer's base URL and a path.
func address(peer string, elements ...string) (*url.URL, error) {
	u, err := url.Parse(peer)
	if err != nil {
		return nil, fmt.Errorf("peer: its address is not a URL: %w", sinso.ErrInvalid)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, fmt.Errorf("peer: its address is not http:// or https:// and a host: %w", sinso.ErrInvalid)
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("peer: its address has a user, query or fragment: %w", sinso.ErrInvalid)
	}
	return u.JoinPath(elements...), nil
}

// mayReach is asked with each address that a connection is about to be made to,
// after names were resolved: a name that suddenly means another machine does
// not get around it.
func mayReach(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("peer: address: %w", sinso.ErrInvalid)
	}
	ip := at.Addr().Unmap()
	if ip.IsUnspecified() || ip.IsMulticast() || ip.IsLinkLocalUnicast() {
		return fmt.Errorf("peer: address: %w", sinso.ErrUnsupported)
	}
	return nil
}
