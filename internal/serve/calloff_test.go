package serve

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/problem"
	"sinso.dev/sinso/internal/way"
)

// cutChain is a chain that registers nothing, and says so after a while.
type cutChain struct {
	sinso.Chain

	reached, silent chan struct{}
}

func (c cutChain) EnterAsset(context.Context, sinso.Asset) (sinso.TokenID, sinso.Tx, error) {
	close(c.reached)
	<-c.silent
	return sinso.TokenID{}, sinso.Tx{}, fmt.Errorf("the chain does not answer: %w", sinso.ErrUnavailable)
}

func (cutChain) Owner(context.Context, sinso.TokenID) (sinso.Address, error) {
	return sinso.Address{}, sinso.ErrNotFound
}

// Settle implements [sinso.Chain].
func (cutChain) Settle(context.Context, func(uint64)) error { return nil }

// TestReleaseIsCalledOff: while it goes to the chain, who calls it off waits, and is told so;
// then by who may sell alone, and the list says so, and whoever looks at what happened.
func TestReleaseIsCalledOff(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	chain := cutChain{g.way.Chain, make(chan struct{}), make(chan struct{})}
	g.way.Chain = chain
	var wg sync.WaitGroup
	t.Cleanup(wg.Wait)
	end := sync.OnceFunc(func() { close(chain.silent) })
	t.Cleanup(end)
	wg.Go(func() {
		if got := g.do(t, "owner", "POST", api+"/assets", fmt.Sprintf(`{"study":%q,"priceWei":"1000"}`, g.study)); got.StatusCode != 503 {
			t.Errorf("without a chain: %d %s", got.StatusCode, got.body)
		}
	})
	select {
	case <-chain.reached:
	case <-time.After(time.Minute):
		t.Fatal("the release does not come to the chain")
	}
	list := g.want(t, 200, "owner", "GET", api+"/assets", "").items(t)
	if len(list) != 1 || list[0]["state"] != "stored" {
		t.Fatalf("while it is registered: %v", list)
	}
	at := api + "/assets/" + list[0]["id"].(string)
	off := g.lines(t, "owner", "DELETE", at)
	if line, err := off.ReadString('\n'); err != nil || line != `{"progress":{"left":1}}`+"\n" {
		t.Errorf("while it goes to the chain: %q, %v", line, err)
	}
	end()
	if line, err := off.ReadString('\n'); err != nil || !strings.HasPrefix(line, `{"result":`) || !strings.Contains(line, `"called-off"`) {
		t.Errorf("in the end: %q, %v", line, err)
	}
	wg.Wait()
	g.want(t, 404, "other", "DELETE", at, "")
	g.want(t, 403, "operator", "DELETE", at, "")
	for range 2 {
		got := g.want(t, 200, "owner", "DELETE", at, "")
		if got.field(t, "state") != "refused" || got.field(t, "reason") != "called-off" {
			t.Errorf("called off: %s", got.body)
		}
	}
	if list = g.want(t, 200, "owner", "GET", api+"/assets", "").items(t); len(list) != 1 || list[0]["reason"] != "called-off" || list[0]["order"] != "" {
		t.Errorf("the list: %v", list)
	}
	if log := g.want(t, 200, "owner", "GET", api+"/audit?subject="+list[0]["id"].(string), ""); !bytes.Contains(log.body, []byte(`"release-called-off"`)) {
		t.Errorf("the log: %s", log.body)
	}
}

// lines sends a request that tells how far it is, and returns its lines.
func (g *rig) lines(t *testing.T, role, method, path string) *bufio.Reader {
	t.Helper()
	r := g.request(t, role, method, path)
	r.Header.Set("Accept", ndjsonType)
	response, err := g.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	return bufio.NewReader(response.Body)
}

// TestTooManyReleasesAreToldSo: with 429 and what to do, and no other error is.
func TestTooManyReleasesAreToldSo(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	problem.Of(manyReleases(fmt.Errorf("way: 8 of this person: %w", way.ErrManyReleases))).Write(w)
	var told problem.Problem
	if err := json.Unmarshal(w.Body.Bytes(), &told); err != nil || w.Code != 429 || told.Class != "busy" || !strings.Contains(told.Detail, "call some off") {
		t.Errorf("%d %s, %v", w.Code, w.Body, err)
	}
	if err := manyReleases(sinso.ErrBusy); !errors.Is(err, sinso.ErrBusy) || problem.Of(err).Status != 503 {
		t.Errorf("another: %v", err)
	}
}
