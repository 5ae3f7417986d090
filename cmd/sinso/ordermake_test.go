package main

import (
	"encoding/json"
	"os"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

// chained is a script in a short path, since a socket's is short, with the chest and a chain; with what runs a
// line, and what reads what it printed.
func chained(t *testing.T) (s *script, do func(line string), told func(into any)) {
	t.Helper()
	s = newScript(t, programDir(t))
	dir, err := os.MkdirTemp("", "sinso") //nolint:usetesting // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Rename(s.path("chest"), dir+"/chest"); err != nil {
		t.Fatal(err)
	}
	s.dir = dir
	do = func(line string) {
		t.Helper()
		if err := s.line(line); err != nil {
			t.Fatalf("%s: %v\nstdout:\n%s\nstderr:\n%s", line, err, s.stdout, s.stderr)
		}
	}
	told = func(into any) {
		t.Helper()
		if err := json.Unmarshal([]byte(s.stdout), into); err != nil {
			t.Fatalf("%q: %v", s.stdout, err)
		}
	}
	return s, do, told
}

// TestOrderMake offers a release again from the command line, and takes that offer back.
func TestOrderMake(t *testing.T) {
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
	release := string(first.Release)

	do("exits 2 sinso order make --data node " + release)
	do("exits 2 sinso order make --data node --price 5 --taker 0x12 " + release)
	do("exits 10 sinso order make --data node --price 5 r_aaaaaaaaaaaaaaaaaaaaaaaaaa")
	do("exits 1 sinso order make --data node --price 5 --floor 6 " + release)
	do("stderr 'a price only falls'")
	do("exits 0 sinso order make --data node --price 9 --floor 3 --copies 3 --days 7 --term 90 --transferable --dry-run --json " + release)
	var plan node.PlannedOffer
	told(&plan)
	if o := plan.Order; o.Copies != 3 || o.Price.String() != "9" || o.Floor.String() != "3" || o.Term != 90*24*60*60 || !o.Transferable || plan.Fee.String() != "0" {
		t.Errorf("the plan: %+v", plan)
	}
	var orders []sinso.OrderRow
	do("exits 0 sinso order ls --data node --json")
	if told(&orders); len(orders) != 1 {
		t.Fatalf("%d orders after a dry run, want 1", len(orders))
	}
	do("exits 0 sinso order make --data node --price 9 --floor 3 --copies 3 --days 7 --term 90 --transferable --json " + release)
	var made sinso.OrderRow
	told(&made)
	do("exits 0 sinso order cancel --data node --dry-run " + made.Hash.String())
	do("stdout 'nothing was sent'")
	do("exits 0 sinso order cancel --data node " + made.Hash.String())
	do("exits 12 sinso order cancel --data node " + made.Hash.String())
	do("stderr 'was taken back before'")
	do("exits 10 sinso order cancel --data node 0x0000000000000000000000000000000000000000000000000000000000000007")
	do("exits 0 sinso order ls --data node --json")
	if told(&orders); len(orders) != 2 || orders[0].State != sinso.TradeNone || orders[1].State != sinso.TradeCancelled {
		t.Errorf("the orders: %+v", orders)
	}
	do("exits 0 sinso license ls --data node")
	do("exits 10 sinso license show --data node " + made.Hash.String())
	do("exits 2 sinso license pass --data node --to 0x12 " + made.Hash.String())

	// A running node does the same through its socket.
	s.background("node", "ORDERS")
	do("exits 0 sinso order make --data node --price 9 --floor 3 --copies 3 --days 7 --term 90 --transferable --dry-run --json " + release)
	var again node.PlannedOffer
	told(&again)
	if again.Order.Copies != 3 || again.Order.Floor.String() != "3" || again.Order.Term != plan.Order.Term || !again.Order.Transferable || again.Licence != plan.Licence {
		t.Errorf("the plan of a running node: %+v", again)
	}
	do("exits 1 sinso order make --data node --price 5 --floor 6 " + release)
	do("exits 10 sinso order make --data node --price 5 r_aaaaaaaaaaaaaaaaaaaaaaaaaa")
	do("exits 0 sinso order make --data node --price 7 --json " + release)
	var second sinso.OrderRow
	told(&second)
	if second.Price.String() != "7" || second.Copies != 1 || len(second.Offer) == 0 {
		t.Errorf("made by a running node: %+v", second)
	}
	do("exits 0 sinso order offer --data node " + second.Hash.String())
	if s.stdout != string(second.Offer)+"\n" {
		t.Errorf("the offer of a running node is another")
	}
	do("exits 0 sinso order cancel --data node --dry-run --json " + second.Hash.String())
	do("stdout '\"act\":\"order cancel\"'")
	do("exits 0 sinso order cancel --data node --json " + second.Hash.String())
	do("jsonkeys order tx")
	do("exits 12 sinso order cancel --data node " + second.Hash.String())
	do("exits 0 sinso license ls --data node --json")
	do("stdout '^\\[\\]$'")
	do("exits 10 sinso license show --data node " + second.Hash.String())
	do("exits 10 sinso license pass --data node --to 0x0000000000000000000000000000000000000001 " + second.Hash.String())
	do("exits 0 sinso asset mint --data node --json " + release)
	do("jsonkeys contract gas owner release state token tx")
	do("exits 1 sinso asset version --data node " + release)
}
