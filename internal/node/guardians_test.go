package node

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/hpke"
	"sinso.dev/sinso/internal/keys/guardian"
)

// council shares a node's root key among guardians, 2 of whom are needed, and returns what
// each of them has.
func council(t *testing.T, cfg Config) (words []string) {
	t.Helper()
	var keys, publics []string
	for range 3 {
		key, public, _, err := NewGuardian()
		if err != nil {
			t.Fatal(err)
		}
		keys, publics = append(keys, key), append(publics, public)
	}
	n, err := Open(t.Context(), cfg, Options{})
	if err != nil {
		t.Fatal(err)
	}
	set, err := n.ShareRootKey(t.Context(), 2, publics, "test")
	if err != nil {
		t.Fatal(err)
	}
	var logged []sinso.RootKeyShared
	err = n.Audit.Events(t.Context(), 0, func(e sinso.Event) error {
		if e.Type != sinso.EventRootKeyShared {
			return nil
		}
		var body sinso.RootKeyShared
		logged = append(logged, body)
		return json.Unmarshal(e.Body, &logged[len(logged)-1])
	})
	if err := errors.Join(err, n.Close()); err != nil {
		t.Fatal(err)
	}
	if len(logged) != 1 || logged[0].Identifier != set.Identifier || len(logged[0].Guardians) != 3 || logged[0].Guardians[1] != set.Shares[1].Guardian {
		t.Errorf("the log says %+v, want one entry of set %d", logged, set.Identifier)
	}
	for i, share := range set.Shares {
		text, err := json.Marshal(share)
		if err != nil {
			t.Fatal(err)
		}
		opened, err := OpenShare(string(text), keys[i])
		if err != nil {
			t.Fatal(err)
		}
		words = append(words, opened.Words)
	}
	return words
}

// waiting runs a desk; end returns the root key that it got.
func waiting(t *testing.T, cfg Config) (d *Desk, end func() ([32]byte, error)) {
	t.Helper()
	cfg.Listen = "127.0.0.1:0"
	d, err := OpenDesk(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	var ran sync.WaitGroup
	var root [32]byte
	ran.Go(func() { root, err = d.Run(t.Context(), func(int, int) {}) })
	return d, func() ([32]byte, error) {
		ran.Wait()
		return root, err
	}
}

// TestGuardiansGiveALostKeyBack loses the key file, and makes it again from two of three
// guardians who give their shares over the network; what passes by has no word of them.
func TestGuardiansGiveALostKeyBack(t *testing.T) {
	t.Parallel()
	cfg, made := keyHome(t)
	words := council(t, cfg)
	kept, err := os.ReadFile(cfg.KeyFile)
	if err == nil {
		err = os.Remove(cfg.KeyFile)
	}
	if err != nil {
		t.Fatal(err)
	}
	d, end := waiting(t, cfg)
	if d.Fingerprint != made.Fingerprint {
		t.Errorf("looks for %s, want %s", d.Fingerprint, made.Fingerprint)
	}
	if _, err := RotateKey(t.Context(), cfg, "", nil, nil, nothing); !errors.Is(err, sinso.ErrBusy) {
		t.Errorf("beside it: got %v, want busy", err)
	}
	other, err := guardian.NewSession(func([32]byte) error { return nil }, bytes.NewReader(bytes.Repeat([]byte{5}, 99)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := GiveShare(t.Context(), d.URL, other.Code(), words[0]); !errors.Is(err, sinso.ErrDenied) || !strings.Contains(err.Error(), "was not sent") {
		t.Errorf("another session's code: got %v, want denied", err)
	}
	if state, err := GiveShare(t.Context(), d.URL+"/", d.Code, words[2]); err != nil || state.Missing != 1 || state.Taken != 1 {
		t.Errorf("the first: got %+v, %v", state, err)
	}
	if state, err := GiveShare(t.Context(), d.URL, d.Code, words[0]); err != nil || state.Missing != 0 {
		t.Errorf("the second: got %+v, %v", state, err)
	}
	root, err := end()
	if err != nil {
		t.Fatal(err)
	}
	done, err := RecoverKey(t.Context(), cfg, root, "", nil)
	if err != nil || !done.Made || !done.Checked {
		t.Errorf("got %+v, %v", done, err)
	}
	if again, err := os.ReadFile(cfg.KeyFile); err != nil || !bytes.Equal(again, kept) {
		t.Errorf("the key file is another one, or %v", err)
	}
}

// TestTheDoorForGuardiansTakesNothingElse sends what is no share, and looks where nothing is.
func TestTheDoorForGuardiansTakesNothingElse(t *testing.T) {
	t.Parallel()
	cfg, _ := keyHome(t)
	cfg.Listen = "127.0.0.1:0"
	d, err := OpenDesk(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var ran sync.WaitGroup
	ran.Go(func() {
		if _, err := d.Run(ctx, func(int, int) { t.Error("a share was taken") }); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want cancelled", err)
		}
	})
	forStranger, err := hpke.Seal(d.session.Public(), []byte("sinso/guardian-give/v1"), make([]byte, 10), []byte("abandon"))
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := json.Marshal(givenShare{forStranger})
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		method, path, media, body string
		want                      int
	}{
		"no code":      {"POST", sharesPath, "application/json", string(sealed), 403},
		"junk":         {"POST", sharesPath, "application/json", `{"sealed":"AAAA"}`, 403},
		"nothing":      {"POST", sharesPath, "application/json", `{}`, 400},
		"no JSON":      {"POST", sharesPath, "application/json", `sealed`, 400},
		"another type": {"POST", sharesPath, "text/plain", string(sealed), 400},
		"too long":     {"POST", sharesPath, "application/json", `{"sealed":"` + strings.Repeat("A", 1<<20) + `"}`, 400},
		"page":         {"GET", "/", "", "", 404},
		"the API":      {"GET", "/api/v1/persons", "", "", 404},
		"state":        {"GET", recoveryPath, "", "", 200},
	} {
		request, err := http.NewRequestWithContext(t.Context(), tt.method, d.URL+tt.path, strings.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", tt.media)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			if name != "too long" { // it may be broken off
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		body, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if response.StatusCode != tt.want {
			t.Errorf("%s: got %d, %s, want %d", name, response.StatusCode, body, tt.want)
		}
	}
	cancel()
	ran.Wait()
	n, err := Open(t.Context(), cfg, Options{}) // the folder is free again
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
}
