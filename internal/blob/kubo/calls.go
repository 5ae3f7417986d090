package kubo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"sinso.dev/sinso"
)

const (
	maxAnswer = 1 << 20   // bytes of an answer that is no block and no list
	maxList   = 256 << 20 // bytes of a list: some 2.7 million blocks, 95 each
	maxHeader = 64 << 10  // bytes of an answer's headers
	dialTime  = 10 * time.Second
	idleTime  = 60 * time.Second
)

func newClient() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			DialContext:            (&net.Dialer{Timeout: dialTime}).DialContext,
			IdleConnTimeout:        idleTime,
			MaxIdleConnsPerHost:    atOnce,
			MaxResponseHeaderBytes: maxHeader,
			DisableCompression:     true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// parse reads a URL: kubo:http://LOOPBACK:PORT. Its errors do not repeat it.
func parse(text string) (api string, err error) {
	rest, ok := strings.CutPrefix(text, Scheme)
	u, err := url.Parse(rest)
	if !ok || err != nil || u.Scheme != "http" || u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || !isLoopback(u.Hostname()) {
		return "", fmt.Errorf("kubo: want kubo:http://127.0.0.1:PORT, a Kubo on this machine: %w", sinso.ErrInvalid)
	}
	return "http://" + u.Host + "/api/v0/", nil
}

func isLoopback(host string) bool {
	at, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && at.IsLoopback()
}

// call is one call of the RPC.
type call struct {
	doing   string // names it in errors
	path    string
	args    []string
	options []string // names and values by turns
	sends   bool     // file is sent
	file    []byte
	most    int64 // bytes of the answer
}

// call makes a call and returns the whole answer.
func (b *Blobs) call(ctx context.Context, c call) ([]byte, error) {
	if b.closed.Load() {
		return nil, fmt.Errorf("kubo: %s: closed: %w", c.doing, sinso.ErrUnavailable)
	}
	within, cancel := context.WithTimeout(ctx, b.timeout)
	defer cancel()
	request, err := b.request(within, c)
	if err != nil {
		return nil, fmt.Errorf("kubo: %s: %w", c.doing, err)
	}
	answer, status, err := b.exchange(request, c.most)
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("kubo: %s: %w", c.doing, ctx.Err())
	case within.Err() != nil:
		return nil, fmt.Errorf("kubo: %s: no answer in %s: %w", c.doing, b.timeout, sinso.ErrUnavailable)
	case err != nil: // its text has the whole URL
		return nil, fmt.Errorf("kubo: %s: it cannot be reached, or broke off: %w", c.doing, sinso.ErrUnavailable)
	case int64(len(answer)) > c.most:
		return nil, fmt.Errorf("kubo: %s: the answer is longer than it may be: %w", c.doing, sinso.ErrCorrupt)
	case status != http.StatusOK:
		return nil, fmt.Errorf("kubo: %s: it answers %d: %w", c.doing, status, classOf(status, answer))
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
	// Of what failed after it had begun to answer Kubo tells here, and why in the answer.
	if failed := response.Trailer.Get("X-Stream-Error"); err == nil && failed != "" {
		answer, err = json.Marshal(message{failed + ": " + string(answer)})
		return answer, http.StatusInternalServerError, err
	}
	return answer, response.StatusCode, err
}

func (b *Blobs) request(ctx context.Context, c call) (*http.Request, error) {
	query := url.Values{"arg": c.args}
	for i := 0; i+1 < len(c.options); i += 2 {
		query.Set(c.options[i], c.options[i+1])
	}
	var body bytes.Buffer
	kind := ""
	if c.sends {
		form := multipart.NewWriter(&body)
		part, err := form.CreateFormFile("file", "file")
		if err == nil {
			_, err = part.Write(c.file)
		}
		if err == nil {
			err = form.Close()
		}
		if err != nil {
			return nil, err
		}
		kind = form.FormDataContentType()
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, b.api+c.path+"?"+query.Encode(), &body)
	if err == nil && kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	return request, err
}

// message is how Kubo tells that a call failed.
type message struct{ Message string }

// classOf tells what an answer that is no success means. Kubo's own words are not repeated.
func classOf(status int, answer []byte) error {
	var said message
	if status == http.StatusForbidden || status == http.StatusUnauthorized {
		return sinso.ErrDenied
	}
	if json.Unmarshal(answer, &said) == nil && isMissing(said.Message) {
		return sinso.ErrNotFound
	}
	return sinso.ErrUnavailable
}
