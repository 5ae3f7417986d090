package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
)

// waiting is a chain whose first mint waits, until it is told to go on or the work is ended.
type waiting struct {
	sinso.Chain
	reached, goOn chan struct{}
	ended         chan error
}

func (w waiting) EnterIdentity(ctx context.Context, owner sinso.Address, signature []byte) (sinso.TokenID, sinso.Tx, error) {
	select {
	case <-w.reached:
		return w.Chain.EnterIdentity(ctx, owner, signature)
	default:
		close(w.reached)
	}
	select {
	case <-w.goOn:
		return w.Chain.EnterIdentity(ctx, owner, signature)
	case <-ctx.Done():
		w.ended <- ctx.Err()
		return sinso.TokenID{}, sinso.Tx{}, fmt.Errorf("%w: %w", sinso.ErrUnavailable, ctx.Err())
	}
}

// leaves asks for a release as its owner, and goes when the chain is reached.
func (g *rig) leaves(t *testing.T) waiting {
	t.Helper()
	return g.leavesAt(t, g.url+api+"/assets", fmt.Sprintf(`{"study":%q,"priceWei":"5"}`, g.study))
}

func (g *rig) leavesAt(t *testing.T, url, body string) waiting {
	t.Helper()
	chain := waiting{g.way.Chain, make(chan struct{}), make(chan struct{}), make(chan error, 1)}
	g.way.Chain = chain
	ctx, leave := context.WithCancel(t.Context())
	request := must[*http.Request](t)(http.NewRequestWithContext(ctx, "POST", url, strings.NewReader(body)))
	request.Header.Set("Authorization", "Bearer "+g.token["owner"])
	request.Header.Set("Content-Type", jsonType)
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		if response, err := g.client.Do(request); err == nil {
			_ = response.Body.Close()
		}
	}()
	<-chain.reached
	leave()
	<-gone
	return chain
}

// leftAlone waits until the door has heard that a caller left.
func (g *rig) leftAlone(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		g.lasting.mu.Lock()
		n := len(g.lasting.left)
		g.lasting.mu.Unlock()
		if n == 1 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the door does not hear that its caller has gone")
		}
	}
}

// TestReleaseGoesOnWhenItsCallerHasGone: a person who closes the page finds the copy
// offered, and once.
func TestReleaseGoesOnWhenItsCallerHasGone(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	chain := g.leaves(t)
	g.leftAlone(t)
	close(chain.goOn)
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		made := g.want(t, 200, "owner", "GET", api+"/assets", "").items(t)
		if len(made) == 1 && made[0]["order"] != "" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("it is not offered: %v", made)
		}
	}
}

// TestReleaseOfNobodyEndsWithTheNode: what nobody waits for is cut off when the node ends,
// and is taken up by the next one.
func TestReleaseOfNobodyEndsWithTheNode(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	chain := g.leaves(t)
	g.Close()
	select {
	case err := <-chain.ended:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("it ended with %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("it goes on")
	}
}

// TestReleaseOfTheKeeperEndsWithItsCaller: a command that is interrupted stops the work, and done again it goes on with
// the same release.
func TestReleaseOfTheKeeperEndsWithItsCaller(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	ask := fmt.Sprintf(`{"study":%q,"priceWei":"5","terms":{}}`, g.study)
	chain := g.leavesAt(t, g.socket+api+"/local/assets", ask)
	select {
	case err := <-chain.ended:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("it ended with %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("it goes on")
	}
	must[sinso.ReleaseRow](t)(g.way.Draft(t.Context(), g.other, "test")) // its turn comes when the work has ended
	if err := g.way.Tend(t.Context()); err != nil {
		t.Fatal(err)
	}
	if made := g.want(t, 200, "owner", "GET", api+"/assets", "").items(t); len(made) != 1 || made[0]["state"] != "stored" || made[0]["order"] != "" {
		t.Fatalf("got %v, want that nobody goes on with it", made)
	}
	again := g.want(t, 200, "local", "POST", api+"/local/assets", ask)
	if made := g.want(t, 200, "owner", "GET", api+"/assets", "").items(t); len(made) != 1 || made[0]["order"] != again.field(t, "order") || made[0]["id"] != again.field(t, "release") {
		t.Errorf("done again it made %v, and says %s", made, again.body)
	}
}

// TestTheKeeperFollowsARelease: its progress is told, and at the end what came of it.
func TestTheKeeperFollowsARelease(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	told := g.want(t, 200, "local", "POST", api+"/local/assets", fmt.Sprintf(`{"study":%q,"priceWei":"5","terms":{}}`, g.study), "Accept", ndjsonType)
	if said := string(told.body); !strings.Contains(said, `{"progress":{"done":`) || !strings.Contains(said, `"state":"registered"`) {
		t.Errorf("got %s", said)
	}
	for body, want := range map[string]int{
		`"series":["e_aaaaaaaaaaaaaaaaaaaaaaaaaa"]`:                                                       404,
		`"author":{"person":"p_aaaaaaaaaaaaaaaaaaaaaaaaaa","role":"doctor","work":"measurement","bps":5}`: 404,
		fmt.Sprintf(`"author":{"person":%q,"role":"Doctor","work":"measurement","bps":5}`, g.b):           400,
		`"profile":"research-sale"`: 400, // a name is no profile
	} {
		got := g.want(t, want, "local", "POST", api+"/local/assets", fmt.Sprintf(`{"study":%q,"priceWei":"5","terms":{},%s}`, g.study, body))
		if want == 404 && !strings.Contains(string(got.body), "none of its") && !strings.Contains(string(got.body), "no person p_a") {
			t.Errorf("%s: the keeper is not told what is not there: %s", body, got.body)
		}
	}
}

// TestWhatSomebodyWaitsForMayFinish while the doors are being closed.
func TestWhatSomebodyWaitsForMayFinish(t *testing.T) {
	t.Parallel()
	l := &lasting{left: map[*context.CancelFunc]struct{}{}}
	request, leave := context.WithCancel(t.Context())
	ctx, end := l.begin(request)
	defer end()
	l.close()
	if ctx.Err() != nil {
		t.Error("it was cut off while somebody waited")
	}
	leave()
	select {
	case <-ctx.Done():
	case <-time.After(20 * time.Second):
		t.Error("it outlives its caller and the node")
	}
}

// TestACoCreatorIsAskedForAMint: they are told that there is no price yet, and what they agreed to is for nobody until it
// is minted again.
func TestACoCreatorIsAskedForAMint(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	path := api + "/local/assets/" + string(g.study) + "/mint"
	body := fmt.Sprintf(`{"dryRun":false,"author":{"person":%q,"role":"doctor","work":"measurement","bps":500}}`, g.b)
	mint := func(state string) (release string) {
		t.Helper()
		var told struct {
			Done struct{ Release, State string }
		}
		got := g.want(t, 200, "local", "POST", path, body)
		if err := json.Unmarshal(got.body, &told); err != nil || told.Done.State != state {
			t.Fatalf("got %s, %v, want it %s", got.body, err, state)
		}
		return told.Done.Release
	}
	id := mint("awaiting")
	asks := g.want(t, 200, "other", "GET", api+"/asks", "").items(t)
	if len(asks) != 1 || asks[0]["release"] != id || asks[0]["unoffered"] != true || asks[0]["priceWei"] != "0" {
		t.Fatalf("asked: %v", asks)
	}
	if got := g.want(t, 200, "other", "POST", api+"/asks/"+id, `{"accept":true}`); got.field(t, "state") != "stored" {
		t.Errorf("agreed to: %s", got.body)
	}
	if again := mint("registered"); again != id {
		t.Errorf("minted %s, want what was agreed to: %s", again, id)
	}
	if asks := g.want(t, 200, "other", "GET", api+"/asks", "").items(t); len(asks) != 1 || asks[0]["unoffered"] != true {
		t.Errorf("had: %v", asks)
	}
	if orders := g.want(t, 200, "owner", "GET", api+"/orders", "").items(t); len(orders) != 0 {
		t.Errorf("%d orders, want none", len(orders))
	}
}
