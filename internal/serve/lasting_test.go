package serve

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
)

// waiting is a chain whose mint waits, until it is told to go on or the work is ended.
type waiting struct {
	sinso.Chain
	reached, goOn chan struct{}
	ended         chan error
}

func (w waiting) EnterIdentity(ctx context.Context, owner sinso.Address, signature []byte) (sinso.TokenID, sinso.Tx, error) {
	close(w.reached)
	select {
	case <-w.goOn:
		return w.Chain.EnterIdentity(ctx, owner, signature)
	case <-ctx.Done():
		w.ended <- ctx.Err()
		return sinso.TokenID{}, sinso.Tx{}, ctx.Err()
	}
}

// leaves asks for a release, and goes when the chain is reached.
func (g *rig) leaves(t *testing.T) waiting {
	t.Helper()
	chain := waiting{g.way.Chain, make(chan struct{}), make(chan struct{}), make(chan error, 1)}
	g.way.Chain = chain
	ctx, leave := context.WithCancel(t.Context())
	request := must[*http.Request](t)(http.NewRequestWithContext(ctx, "POST", g.url+api+"/assets", strings.NewReader(fmt.Sprintf(`{"study":%q,"priceWei":"5"}`, g.study))))
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
