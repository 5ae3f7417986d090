package main

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

// TestAuctionOffer auctions a licence from the command line, on a stopped node and on a running one: the offer that is
// printed is the one that is kept, and is read again by who bids.
func TestAuctionOffer(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes about 6 s; left out by -short")
	}
	s, do, told := chained(t)
	do("exits 0 sinso init --data node")
	do("exits 0 sinso import --data node --json chest")
	var imported struct{ Studies []sinso.StudyID }
	told(&imported)
	do("env SINSO_CHAIN=dev:")
	do("exits 0 sinso asset add --data node --price 5 --json " + string(imported.Studies[0]))
	var first node.Added
	told(&first)
	in := func(hours time.Duration) string {
		return time.Now().Add(hours * time.Hour).UTC().Truncate(time.Second).Format(time.RFC3339)
	}
	offers := func(more string) {
		t.Helper()
		do("exits 0 sinso auction offer --data node --token " + first.Token.String() + " --starts " + in(1) + " --ends " + in(48) + more)
	}
	offers(" --reserve 7 --term 90 --dry-run")
	do("stdout 'open an auction of a licence: it can be tried only when it is signed'")
	offered := func() string {
		t.Helper()
		var done struct {
			Result struct {
				Auction, Order sinso.Hash
				Offer          json.RawMessage
			}
		}
		told(&done)
		do("exits 0 sinso order offer --data node " + done.Result.Order.String())
		if want := string(done.Result.Offer) + "\n"; s.stdout != want {
			t.Fatalf("the offer that is kept is another than\n%s", want)
		}
		if err := os.WriteFile(s.path("offer.json"), done.Result.Offer, 0o600); err != nil {
			t.Fatal(err)
		}
		do("exits 0 sinso auction show --data node --json --auction " + done.Result.Auction.String())
		do("stdout '\"sells\":\"licence\"'")
		return done.Result.Auction.String()
	}
	bids := func(lot string) {
		t.Helper()
		do("exits 1 sinso auction bid --data node --amount 7 --auction " + lot)
		do("stderr 'needs the offer'")
		do("exits 12 sinso auction bid --data node --amount 6 --offer offer.json --auction " + lot)
		do("stderr 'less than the least that is taken, 7'")
		do("exits 12 sinso auction bid --data node --amount 7 --offer offer.json --dry-run --auction " + lot)
		do("stderr 'it is too early'")
	}
	offers(" --reserve 7 --term 90 --json")
	bids(offered())

	s.background("node", "AUCTIONS")
	offers(" --reserve 7 --json")
	lot := offered()
	bids(lot)
	do("exits 0 sinso auction cancel --data node --token " + first.Token.String() + " --auction " + lot)
	do("exits 12 sinso auction bid --data node --amount 7 --offer offer.json --auction " + lot)
	do("stderr 'the auction is cancelled'")
	offers(" --reserve 8")
	do("stdout '\"offer\": {'")
}
