package node

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sinso.dev/sinso"
)

// inSwarm has the buyer join the seller's swarm, and waits until they are connected.
func (d *deal) inSwarm() {
	d.t.Helper()
	ctx, seller, buyer := d.t.Context(), d.town.seller, d.buyer
	at, err := seller.Swarm(ctx)
	if err != nil || len(at.Addresses) != 1 {
		d.t.Fatalf("got %+v, %v", at, err)
	}
	buyer.Config.SwarmPeers, buyer.Config.SwarmKey = at.Addresses[0], seller.Config.SwarmKey
	if err := buyer.joinSwarm(ctx); err != nil {
		d.t.Fatal(err)
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range 1000 {
		if got, err := buyer.Swarm(ctx); err != nil || len(got.Peers) == 1 {
			return
		}
		<-tick.C
	}
	d.t.Fatal("the buyer's node is not connected")
}

// TestBlocksComeFromTheSwarmIfTheSellerIsSilent: a purchase is brought by members of the
// swarm, and what was not offered is not given to them.
func TestBlocksComeFromTheSwarmIfTheSellerIsSilent(t *testing.T) {
	t.Parallel()
	d := newDealIn(t, &town{swarm: "/ip4/127.0.0.1/tcp/0"})
	silent := &hostilePeers{Peers: d.peers.Peers.(*swarmPeers).Peers, fetch: func(sinso.CID) ([]byte, error) {
		return nil, sinso.ErrUnavailable
	}}
	d.buyer.Peers = &swarmPeers{silent, d.buyer}
	if _, err := d.buy(t.Context(), d.offer); err == nil {
		t.Fatal("bought without the seller and without a swarm")
	}
	d.inSwarm()
	d.wantBought()
	rows, err := d.town.seller.Instances(t.Context(), d.study())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if data, err := d.buyer.Peers.Fetch(ctx, "", rows[0].CID); err == nil {
		t.Errorf("an original that is not offered: got %d bytes", len(data))
	}
	silent.fetch = func(sinso.CID) ([]byte, error) { return nil, sinso.ErrNotFound }
	if _, err := d.buyer.Peers.Fetch(t.Context(), "", d.row.Manifest); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("the seller says that it is not there: got %v, want that", err)
	}
}

func (d *deal) study() sinso.StudyID {
	d.t.Helper()
	studies, err := d.town.seller.Studies(d.t.Context(), "")
	if err != nil || len(studies) == 0 {
		d.t.Fatal(err)
	}
	return studies[0].ID
}

// TestSwarmKeyIsMadeByTheFirst: the file of the default is made once, where no members are
// named; one that is named must be there. Without the settings a node is in no swarm.
func TestSwarmKeyIsMadeByTheFirst(t *testing.T) {
	t.Parallel()
	tn := &town{dir: t.TempDir(), clock: wall{}}
	n, err := tn.node(t.Context(), Config{Data: filepath.Join(tn.dir, "clinic"), Chain: "none", DIMSEListen: "none"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tn.close() })
	if err := n.joinSwarm(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Swarm(t.Context()); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("without settings: got %v, want ErrNotFound", err)
	}
	if _, err := os.Stat(n.Config.SwarmKey); err == nil {
		t.Error("a key was made without settings")
	}
	n.Config.Swarm, n.Config.SwarmKey = "/ip4/127.0.0.1/tcp/0", filepath.Join(tn.dir, "named")
	if err := n.joinSwarm(t.Context()); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("a named key that is not there: got %v, want ErrNotFound", err)
	}
	n.Config.SwarmKey = defaultSwarmKey(n.Config.Data)
	n.Config.Swarm, n.Config.SwarmRouting = none, "https://routing.example"
	if err := n.joinSwarm(t.Context()); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("routing alone, without a key that others have: got %v, want ErrNotFound", err)
	}
	n.Config.Swarm, n.Config.SwarmRouting = "/ip4/127.0.0.1/tcp/0", none
	if _, err := n.swarmKey(t.Context(), false); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("members are named, and there is no key: got %v, want ErrNotFound", err)
	}
	first, err := n.swarmKey(t.Context(), true)
	if err != nil || filepath.Dir(n.Config.SwarmKey) != tn.dir {
		t.Fatalf("%s: %v", n.Config.SwarmKey, err)
	}
	if again, err := n.swarmKey(t.Context(), true); err != nil || again != first {
		t.Errorf("another key the second time: %v", err)
	}
}
