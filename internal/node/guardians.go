package node

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/hpke"
	"sinso.dev/sinso/internal/crypt/slip39"
	"sinso.dev/sinso/internal/edge/problem"
	keyfile "sinso.dev/sinso/internal/keys/file"
	"sinso.dev/sinso/internal/keys/guardian"
)

// ShareRootKey shares the node's root key among guardians, each share sealed to one: nobody
// here reads a share. That it was done is in the log before anybody has one.
func (n *Node) ShareRootKey(ctx context.Context, threshold int, guardians []string, actor string) (set sinso.RootKeyShares, err error) {
	root, err := n.keys.Root()
	defer clear(root[:])
	if err != nil {
		return set, err
	}
	fingerprint, err := keyfile.Fingerprint(root)
	if err != nil {
		return set, err
	}
	if set, err = guardian.Split(root, fingerprint, threshold, guardians, rand.Reader); err != nil {
		return set, err
	}
	return set, n.RootKeyShared(ctx, set, actor)
}

// NewGuardian makes a guardian's key pair, as texts; the key is secret.
func NewGuardian() (key, public, name string, err error) {
	var seed [32]byte
	defer clear(seed[:])
	if _, err := io.ReadFull(rand.Reader, seed[:]); err != nil {
		return "", "", "", fmt.Errorf("guardian: randomness: %w: %w", sinso.ErrUnavailable, err)
	}
	pair, err := hpke.NewKey(seed)
	if err != nil {
		return "", "", "", err
	}
	return guardian.EncodeKey(seed), guardian.EncodePublic(pair.Public()), guardian.Name(pair.Public()), nil
}

// OpenedShare is a guardian's share, opened. Words are the secret.
type OpenedShare struct {
	sinso.GuardianShare

	Words string
}

// OpenShare opens a share that was sealed to a guardian, with the guardian's key; both are
// texts.
func OpenShare(sealed, key string) (out OpenedShare, err error) {
	if out.GuardianShare, err = guardian.Parse([]byte(sealed)); err != nil {
		return out, err
	}
	pair, err := guardian.DecodeKey(key)
	if err != nil {
		return out, err
	}
	share, err := guardian.Open(out.GuardianShare, pair)
	if err != nil {
		return out, err
	}
	out.Words = share.Words()
	return out, nil
}

// The door of a node that waits for its guardians.
const (
	recoveryPath     = "/api/v1/keys/recovery"
	sharesPath       = recoveryPath + "/shares"
	recoveryTimeout  = 30 * time.Second
	maxRecoveryBytes = 16 << 10 // of a body, and of an answer
)

// RecoveryState is what a node that waits for guardians tells whoever asks.
type RecoveryState struct {
	Fingerprint string `json:"fingerprint"` // of the root key that is looked for; "" without a node folder
	Session     []byte `json:"session"`     // public key that shares are sealed to
	Taken       int    `json:"taken"`       // shares that are here
	Missing     int    `json:"missing"`     // that are needed still; -1: none is here
}

// givenShare is a share on its way.
type givenShare struct {
	Sealed []byte `json:"sealed"`
}

// Desk takes shares for a node that has lost its root key.
type Desk struct {
	URL         string // where it listens
	Code        string // what guardians are told, by another way than the network
	Fingerprint string // of the root key that is looked for; "" without a node folder

	session  *guardian.Session
	listener net.Listener
	start    func() error // lets the node run again
	progress func(taken, missing int)
	done     chan struct{}
	finish   func() // closes done, once
}

// OpenDesk begins a recovery by guardians, at the address that the node listens on. The node
// must not run: ErrBusy. Without a node folder the first shares that give a key give it.
func OpenDesk(ctx context.Context, cfg Config) (d *Desk, err error) {
	done := make(chan struct{})
	d = &Desk{start: func() error { return nil }, done: done, finish: sync.OnceFunc(func() { close(done) })}
	facts, err := keyfile.Look(cfg.keysDir())
	switch {
	case errors.Is(err, sinso.ErrNotFound):
	case err != nil:
		return nil, &KeyError{"", err}
	default:
		d.Fingerprint = facts.Fingerprint
		if d.start, err = stopped(cfg); err != nil {
			return nil, err
		}
	}
	if d.session, err = guardian.NewSession(d.fits, rand.Reader); err != nil {
		return nil, errors.Join(err, d.start())
	}
	d.Code = d.session.Code()
	if d.listener, err = new(net.ListenConfig).Listen(ctx, "tcp", cfg.Listen); err != nil {
		return nil, errors.Join(fmt.Errorf("node: listen on %s: %w: %w", cfg.Listen, err, sinso.ErrUnavailable), d.start())
	}
	d.URL = "http://" + d.listener.Addr().String()
	return d, nil
}

// fits compares a root key with the one that is looked for. RecoverKey proves it.
func (d *Desk) fits(root [32]byte) error {
	got, err := keyfile.Fingerprint(root)
	if err == nil && d.Fingerprint != "" && got != d.Fingerprint {
		err = fmt.Errorf("it is %s, and this node's is %s: %w", got, d.Fingerprint, sinso.ErrDenied)
	}
	return err
}

// Run answers until the root key is there, or ctx ends. progress is called after each share,
// maybe from several goroutines.
func (d *Desk) Run(ctx context.Context, progress func(taken, missing int)) (root [32]byte, err error) {
	d.progress = progress
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+recoveryPath, d.state)
	mux.HandleFunc("POST "+sharesPath, d.take)
	server := &http.Server{
		Handler:           http.TimeoutHandler(mux, recoveryTimeout, ""),
		ReadHeaderTimeout: headerTimeout, ReadTimeout: recoveryTimeout, IdleTimeout: recoveryTimeout, MaxHeaderBytes: maxHeaderBytes,
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(d.listener) }() // it says that it was shut down
	select {
	case <-ctx.Done():
	case <-d.done:
	case err := <-ended:
		return root, errors.Join(fmt.Errorf("node: wait for guardians: %w: %w", err, sinso.ErrUnavailable), d.start())
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	_ = server.Shutdown(grace) // the last answer is on its way; nothing is lost if it is not
	err = <-ended
	if errors.Is(err, http.ErrServerClosed) {
		err = ctx.Err()
	}
	if err = errors.Join(err, d.start()); err != nil {
		return root, fmt.Errorf("node: wait for guardians: %w", err)
	}
	return d.session.Root()
}

func (d *Desk) state(w http.ResponseWriter, _ *http.Request) {
	taken, missing := d.session.State()
	answerJSON(w, RecoveryState{Fingerprint: d.Fingerprint, Session: d.session.Public(), Taken: taken, Missing: missing})
}

// take takes one share, of whoever was told the code.
func (d *Desk) take(w http.ResponseWriter, r *http.Request) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var in givenShare
	if err == nil && media == "application/json" {
		err = json.NewDecoder(http.MaxBytesReader(w, r.Body, maxRecoveryBytes)).Decode(&in)
	}
	if err != nil || len(in.Sealed) == 0 {
		problem.Of(fmt.Errorf("this route takes JSON with a sealed share: %w", sinso.ErrInvalid)).Write(w)
		return
	}
	if _, err := d.session.Take(in.Sealed); err != nil {
		problem.Of(err).Write(w)
		return
	}
	taken, missing := d.session.State()
	d.progress(taken, missing)
	answerJSON(w, RecoveryState{Fingerprint: d.Fingerprint, Session: d.session.Public(), Taken: taken, Missing: missing})
	if missing == 0 {
		d.finish()
	}
}

func answerJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_ = json.NewEncoder(w).Encode(v) // who asked is gone
}

// GiveShare gives a guardian's share to a node that waits for it: the share's words are
// sealed to the session whose code the guardian was told, if that is the session that
// answers, and sent.
func GiveShare(ctx context.Context, base, code, words string) (RecoveryState, error) {
	var state RecoveryState
	at, err := url.Parse(base)
	if err != nil || at.Host == "" || (at.Scheme != "http" && at.Scheme != "https") {
		return state, fmt.Errorf("guardian: the node's address begins with http:// or https://: %w", sinso.ErrInvalid)
	}
	share, err := slip39.Parse(strings.TrimSpace(words))
	if err != nil {
		return state, err
	}
	base = strings.TrimRight(base, "/")
	if err := callDesk(ctx, "GET", base+recoveryPath, nil, &state); err != nil {
		return state, err
	}
	sealed, err := guardian.Give(code, state.Session, share)
	if err != nil {
		return state, err
	}
	return state, callDesk(ctx, "POST", base+sharesPath, givenShare{sealed}, &state)
}

// callDesk makes one call, bounded in time and bytes.
func callDesk(ctx context.Context, method, to string, in, out any) error {
	ctx, cancel := context.WithTimeout(ctx, recoveryTimeout)
	defer cancel()
	var body io.Reader
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("guardian: %w", err)
		}
		body = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, to, body)
	if err != nil {
		return fmt.Errorf("guardian: the node's address: %w", sinso.ErrInvalid)
	}
	request.Header.Set("Content-Type", "application/json")
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("guardian: the node does not answer at %s: %w", to, sinso.ErrUnavailable)
	}
	defer response.Body.Close() //nolint:errcheck // it was read, or is given up
	answer := json.NewDecoder(io.LimitReader(response.Body, maxRecoveryBytes))
	if response.StatusCode != http.StatusOK {
		var p problem.Problem
		_ = answer.Decode(&p) // else its status says it
		return refusedByDesk(response.StatusCode, p.Detail)
	}
	if err := answer.Decode(out); err != nil {
		return fmt.Errorf("guardian: what answers at %s waits for no guardians: %w", to, sinso.ErrUnavailable)
	}
	return nil
}

func refusedByDesk(status int, detail string) error {
	class := sinso.ErrUnavailable
	switch status {
	case http.StatusBadRequest:
		class = sinso.ErrInvalid
	case http.StatusForbidden:
		class = sinso.ErrDenied
	}
	if detail == "" {
		detail = "no node waits for guardians there"
	}
	return fmt.Errorf("guardian: the node answers %d, %q: %w", status, detail, class)
}
