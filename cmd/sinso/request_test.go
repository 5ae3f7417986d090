package main

import (
	"encoding/json"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

// TestRequestOnARunningNode answers a request from the command line: what a running node prints is an offer as a stopped one
// prints it, and the request takes it.
func TestRequestOnARunningNode(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes about 15 s; left out by -short")
	}
	s, do, told := chained(t)
	do("exits 0 sinso init --data node")
	do("exits 0 sinso import --data node --json chest")
	var imported struct{ Studies []sinso.StudyID }
	told(&imported)
	do("env SINSO_CHAIN=dev:")
	do("exits 0 sinso asset mint --data node --json " + string(imported.Studies[0]))
	var minted struct{ Release string }
	told(&minted)
	until := time.Now().Add(24 * time.Hour).UTC().Format(time.RFC3339)
	do("exits 0 sinso request make --data node --criteria chest --price 1000 --until " + until + " --json")
	var made struct{ Result struct{ Request sinso.Hash } }
	told(&made)
	answer := "sinso request answer --data node " + made.Result.Request.String() + " " + minted.Release
	none := "sinso request answer --data node 0x0000000000000000000000000000000000000000000000000000000000000007 " + minted.Release
	answered := func(line string) (offer sinso.Offer) {
		t.Helper()
		do("exits 0 " + line)
		if err := json.Unmarshal([]byte(s.stdout), &offer); err != nil {
			t.Fatalf("%q: %v", s.stdout, err)
		}
		return offer
	}
	planned := func() {
		t.Helper()
		do("exits 0 " + answer + " --price 900 --dry-run --json")
		var plan node.PlannedOffer
		if told(&plan); plan.Order.Price.String() != "900" || plan.Order.Taker == (sinso.Address{}) {
			t.Errorf("planned: %+v", plan)
		}
		do("exits 0 " + answer + " --dry-run")
		do("stdout 'it costs nothing to make; nothing was signed'")
		do("exits 12 " + answer + " --price 1001 --dry-run")
		do("exits 0 sinso order ls --data node --json")
		var orders []sinso.OrderRow
		if told(&orders); len(orders) != 0 {
			t.Errorf("of dry runs are kept: %+v", orders)
		}
	}
	refused := func() {
		t.Helper()
		do("exits 12 " + answer + " --price 1001")
		do("stderr 'may cost 1000 wei, not 1001 wei; nothing is signed'")
		do("exits 10 " + none)
		do("stderr 'has no request 0x0+7 .sinso request ls names them.'")
		do("exits 10 sinso request answer --data node " + made.Result.Request.String() + " r_aaaaaaaaaaaaaaaaaaaaaaaaaa")
		do("exits 2 sinso request answer --data node 0x7 " + minted.Release)
	}
	planned()
	refused()
	stopped := answered(answer + " --price 900 --days 3")

	s.background("node", "ASKED")
	refused()
	do("exits 0 " + answer + " --price 900 --dry-run")
	do("stdout 'it costs nothing to make; nothing was signed'")
	running := answered(answer + " --price 900 --days 3 --json")
	if a, b := stopped.Order, running.Order; a.Price.String() != "900" || b.Price.String() != "900" || a.Taker != b.Taker || a.Taker == (sinso.Address{}) || a.Copies != b.Copies || b.EndsAt.Sub(a.EndsAt).Abs() > time.Hour {
		t.Errorf("got %+v of a running node, want it as of a stopped one: %+v", b, a)
	}
	if full := answered(answer).Order.Price.String(); full != "1000" {
		t.Errorf("without a price it costs %s, want all that the request allows", full)
	}
	do("exits 0 sh -c '" + answer + " > answer.json'")
	do("exits 0 sinso request accept --data node --dry-run " + made.Result.Request.String() + " answer.json")
	do("stdout 'the price is paid out of what was put up for request 0x'")
	do("stdout '^take an answer: [0-9]+ gas, '")
	do("exits 0 sinso request accept --data node --json " + made.Result.Request.String() + " answer.json")
	var bought purchase
	if told(&bought); bought.Step != "released" {
		t.Errorf("the answer was taken, and stands at %q", bought.Step)
	}
}
