package peer

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
	"strings"
	"time"

	"sinso.dev/sinso"
)

const (
	maxAnswer = 1 << 20  // bytes of an answer that is no block and no page
	maxHeader = 64 << 10 // bytes of an answer's headers

	dialTime = 10 * time.Second
	idleTime = 60 * time.Second
	atOnce   = 4
	// What is larger may take four times as long: who sends a byte now and then keeps nobody
	// waiting for ever, and 4 MiB come through a line of 300 kbit/s.
	small = 3 << 20 // bytes
)

func newClient() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			DialContext:            (&net.Dialer{Timeout: dialTime}).DialContext,
			TLSHandshakeTimeout:    dialTime,
			IdleConnTimeout:        idleTime,
			MaxIdleConnsPerHost:    atOnce,
			MaxResponseHeaderBytes: maxHeader,
			DisableCompression:     true, // ciphertext does not shrink, and a bomb would grow
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Parse reads the base URL of a peer: https, or http on this machine. Its errors do not
// repeat it.
func Parse(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" ||
		u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
		return "", fmt.Errorf("peer: want https://HOST[:PORT], or http:// on this machine alone: %w", sinso.ErrInvalid)
	}
	return strings.TrimRight(u.String(), "/"), nil
}

func isLoopback(host string) bool {
	at, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && at.IsLoopback()
}

// call is one call of the peer.
type call struct {
	doing  string // names it in errors
	method string
	path   string
	body   []byte
	binary bool // the body is bytes, not JSON
	most   int64
	within time.Duration // zero: the engine's time
}

// call makes a call and returns the whole answer.
func (b *Blobs) call(ctx context.Context, c call) ([]byte, error) {
	if b.closed.Load() {
		return nil, fmt.Errorf("peer: %s: closed: %w", c.doing, sinso.ErrUnavailable)
	}
	limit := b.timeout
	if c.within > 0 {
		limit = c.within
	}
	if int64(len(c.body))+c.most > small {
		limit *= 4
	}
	within, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	request, err := http.NewRequestWithContext(within, c.method, b.url+c.path, bytes.NewReader(c.body))
	if err != nil {
		return nil, fmt.Errorf("peer: %s: %w", c.doing, sinso.ErrInvalid)
	}
	request.Header.Set("Authorization", "Bearer "+b.token)
	request.Header.Set("User-Agent", "sinso")
	if c.body != nil {
		request.Header.Set("Content-Type", "application/json")
		if c.binary {
			request.Header.Set("Content-Type", "application/octet-stream")
		}
	}
	answer, status, err := b.exchange(request, c.most)
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("peer: %s: %w", c.doing, ctx.Err())
	case within.Err() != nil:
		return nil, fmt.Errorf("peer: %s: no whole answer in %s: %w", c.doing, limit.Round(time.Second), sinso.ErrUnavailable)
	case err != nil: // its text has the whole URL
		return nil, fmt.Errorf("peer: %s: it cannot be reached, or broke off: %w", c.doing, sinso.ErrUnavailable)
	case int64(len(answer)) > c.most:
		return nil, fmt.Errorf("peer: %s: the answer is longer than it may be: %w", c.doing, sinso.ErrCorrupt)
	case status != http.StatusOK:
		return nil, fmt.Errorf("peer: %s: it answers %d: %w", c.doing, status, classOf(status, answer))
	}
	return answer, nil
}

// exchange sends a request and returns at most one byte more than most of the answer.
func (b *Blobs) exchange(request *http.Request, most int64) (answer []byte, status int, err error) {
	response, err := b.client.Do(request)
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = response.Body.Close() }() // everything that is wanted was read
	answer, err = io.ReadAll(io.LimitReader(response.Body, most+1))
	return answer, response.StatusCode, err
}

// ask makes a call with JSON both ways.
func (b *Blobs) ask(ctx context.Context, c call, in, out any) error {
	if in != nil {
		var err error
		if c.body, err = json.Marshal(in); err != nil {
			return fmt.Errorf("peer: %s: %w", c.doing, sinso.ErrInvalid)
		}
	}
	c.most = maxAnswer
	answer, err := b.call(ctx, c)
	if err != nil {
		return err
	}
	if json.Unmarshal(answer, out) != nil {
		return fmt.Errorf("peer: %s: the answer cannot be read: %w", c.doing, sinso.ErrCorrupt)
	}
	return nil
}

var errFull = errors.Join(sinso.ErrFull, sinso.ErrUnavailable)

// classOf tells what an answer that is no success means. The peer's own words are not
// repeated.
func classOf(status int, answer []byte) error {
	var problem struct {
		Class string `json:"class"`
	}
	switch status {
	case http.StatusServiceUnavailable:
		if json.Unmarshal(answer, &problem) == nil && problem.Class == "busy" {
			return sinso.ErrBusy
		}
	case http.StatusUnauthorized, http.StatusForbidden:
		return sinso.ErrDenied
	case http.StatusNotFound:
		return sinso.ErrNotFound
	case http.StatusInsufficientStorage, http.StatusRequestEntityTooLarge:
		return errFull
	case http.StatusBadGateway:
		return sinso.ErrCorrupt
	case http.StatusBadRequest:
		return sinso.ErrInvalid
	case http.StatusTooManyRequests:
		return sinso.ErrBusy
	}
	return sinso.ErrUnavailable
}
