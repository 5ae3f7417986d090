// Package client is a command's way into a running node: HTTP over the socket
// run/sinso.sock in the node folder. The file's rights are the sign-in: whoever
// can open the socket is the keeper of the folder.
package client

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sinso.dev/sinso"
)

const (
	dialTimeout = 5 * time.Second
	maxAnswer   = 64 << 20 // bytes of one JSON answer
	maxLine     = 1 << 20  // bytes of one progress line
	maxProblem  = 64 << 10 // bytes of a refusal
	maxSocket   = 107      // bytes of a socket's path: sun_path of unix(7) less its end
)

// SocketPath returns where the node of a folder listens. The system bounds the
// path of a socket to about 107 bytes, so the shorter of its absolute and
// relative form is returned; ErrUnsupported if both are too long.
func SocketPath(dataDir string) (string, error) {
	path := filepath.Join(dataDir, "run", "sinso.sock")
	for _, other := range []func() (string, error){
		func() (string, error) { return filepath.Abs(path) },
		func() (string, error) { return relative(path) },
	} {
		if p, err := other(); err == nil && len(p) < len(path) {
			path = p
		}
	}
	if len(path) > maxSocket {
		return "", fmt.Errorf("client: the node folder's path is too long for a socket (%d bytes): %w", len(path), sinso.ErrUnsupported)
	}
	return path, nil
}

func relative(path string) (string, error) {
	here, err := os.Getwd()
	if err != nil {
		return "", err
	}
	path, err = filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return filepath.Rel(here, path)
}

// Client talks to one running node. It may be used from several goroutines.
type Client struct {
	http *http.Client
}

// Dial reaches the node that runs on a node folder: ErrUnavailable if none does,
// ErrDenied if it is another user's.
func Dial(dataDir string) (*Client, error) {
	path, err := SocketPath(dataDir)
	if err != nil {
		return nil, err
	}
	dialer := net.Dialer{Timeout: dialTimeout}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) { return dialer.DialContext(ctx, "unix", path) }
	conn, err := dialer.Dial("unix", path)
	if err != nil {
		if errors.Is(err, fs.ErrPermission) {
			return nil, fmt.Errorf("client: the node is not yours: %w", sinso.ErrDenied)
		}
		return nil, fmt.Errorf("client: no node is running on this folder: %w", sinso.ErrUnavailable)
	}
	if err := conn.Close(); err != nil {
		return nil, fmt.Errorf("client: try the socket: %w", sinso.ErrUnavailable)
	}
	return &Client{http: &http.Client{
		Transport:     &http.Transport{DialContext: dial, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Close ends idle connections.
func (c *Client) Close() error {
	c.http.CloseIdleConnections()
	return nil
}

// Do makes one call. in is sent as JSON, or as it is if it is an [io.Reader];
// nil sends nothing. The JSON answer is read into out, unless that is nil. A
// refusal is an error of its class, in the node's words.
func (c *Client) Do(ctx context.Context, method, path string, in, out any) error {
	response, err := c.send(ctx, method, path, "application/json", in)
	if err != nil {
		return err
	}
	defer response.Body.Close() //nolint:errcheck // it was read, or is given up
	if out == nil {
		return nil
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, maxAnswer)).Decode(out); err != nil {
		return broken(ctx, "read the answer")
	}
	return nil
}

// Stream makes one call and hands over its answer line by line (NDJSON), while
// the node works. in is as in [Client.Do]. line is valid until fn returns; the
// stream ends at fn's error. A line {"error":{…}} with a problem in it ends the
// stream with that error; an answer that breaks off is ErrUnavailable.
func (c *Client) Stream(ctx context.Context, method, path string, in any, fn func(line []byte) error) error {
	response, err := c.send(ctx, method, path, "application/x-ndjson", in)
	if err != nil {
		return err
	}
	defer response.Body.Close() //nolint:errcheck // it was read, or is given up
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		if p, ok := errorLine(line); ok {
			return p.err()
		}
		if err := fn(line); err != nil {
			return err
		}
	}
	if lines.Err() != nil {
		return broken(ctx, "follow the node's progress")
	}
	return nil
}

// Fetch makes one call and copies its answer into out as it comes: ErrUnavailable if that breaks off.
func (c *Client) Fetch(ctx context.Context, path string, out io.Writer) error {
	response, err := c.send(ctx, "GET", path, "*/*", nil)
	if err != nil {
		return err
	}
	defer response.Body.Close() //nolint:errcheck // it was read, or is given up
	read := &reader{r: response.Body}
	_, err = io.Copy(out, read)
	if read.err != nil {
		return broken(ctx, "read the answer")
	}
	if err != nil {
		return fmt.Errorf("client: keep the answer: %w", err)
	}
	return nil
}

// reader tells an answer that broke off from a disk that is full.
type reader struct {
	r   io.Reader
	err error // but for the end
}

// Read implements [io.Reader].
func (r *reader) Read(b []byte) (int, error) {
	n, err := r.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}

// errorLine reports whether a line of a stream is its error.
func errorLine(line []byte) (problem, bool) {
	var l struct {
		Error *problem `json:"error"`
	}
	if !bytes.HasPrefix(line, []byte(`{"error":{`)) || json.Unmarshal(line, &l) != nil || l.Error == nil {
		return problem{}, false
	}
	return *l.Error, true
}

// Progress returns a reader that tells fn how many bytes were read so far: an
// upload's progress. fn is called from the goroutine that sends.
func Progress(r io.Reader, fn func(sent int64)) io.Reader { return &progress{r: r, fn: fn} }

type progress struct {
	r    io.Reader
	sent int64
	fn   func(int64)
}

// Read implements [io.Reader].
func (p *progress) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	p.sent += int64(n)
	if n > 0 {
		p.fn(p.sent)
	}
	return n, err
}

// send makes a request and returns its answer, if that is a success.
func (c *Client) send(ctx context.Context, method, path, accept string, in any) (*http.Response, error) {
	body, contentType, err := encode(in)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://localhost"+path, body)
	if err != nil {
		return nil, fmt.Errorf("client: make the request: %w", sinso.ErrInvalid)
	}
	request.Header.Set("Accept", accept)
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, broken(ctx, "reach the node")
	}
	if response.StatusCode >= http.StatusOK && response.StatusCode < http.StatusMultipleChoices {
		return response, nil
	}
	defer response.Body.Close() //nolint:errcheck // a refusal is short, and read
	p := problem{Status: response.StatusCode}
	if err := json.NewDecoder(io.LimitReader(response.Body, maxProblem)).Decode(&p); err != nil {
		return nil, fmt.Errorf("client: the node answers %d: %w", response.StatusCode, sinso.ErrUnavailable)
	}
	return nil, p.err()
}

func encode(in any) (body io.Reader, contentType string, err error) {
	switch v := in.(type) {
	case nil:
		return nil, "", nil
	case io.Reader:
		return v, "application/octet-stream", nil
	}
	b, err := json.Marshal(in)
	if err != nil {
		return nil, "", fmt.Errorf("client: write the request: %w", sinso.ErrInvalid)
	}
	return bytes.NewReader(b), "application/json", nil
}

// broken is a call that found no end: the caller's, if the context says so.
func broken(ctx context.Context, doing string) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("client: %s: %w", doing, err)
	}
	return fmt.Errorf("client: %s: %w", doing, sinso.ErrUnavailable)
}

// problem is a refusal (RFC 9457; docs/formats.md, "problem").
type problem struct {
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Class  string `json:"class"`
	ID     string `json:"id"`
}

var classes = map[string]error{
	"invalid": sinso.ErrInvalid, "not-found": sinso.ErrNotFound, "exists": sinso.ErrExists,
	"denied": sinso.ErrDenied, "corrupt": sinso.ErrCorrupt, "busy": sinso.ErrBusy,
	"unavailable": sinso.ErrUnavailable, "unsupported": sinso.ErrUnsupported,
}

// errInternal is an error of the node without a class.
var errInternal = errors.New("internal error of the node")

func (p problem) err() error {
	class, ok := classes[p.Class]
	if !ok {
		class = errInternal
	}
	words := strings.TrimSuffix(strings.TrimSuffix(p.Detail, class.Error()), ": ")
	if p.ID != "" {
		words += " (the node's log has more under id " + p.ID + ")"
	}
	if words == "" {
		return fmt.Errorf("the node answers %d: %w", p.Status, class)
	}
	return fmt.Errorf("%s: %w", words, class)
}
