package main

import (
	"os"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
	"sinso.dev/sinso/internal/stage/act"
	"sinso.dev/sinso/internal/stage/act/sale"
)

// TestSale sells an asset itself from the command line, on a stopped node and on a running one: what is printed is the file
// that a buyer is given.
func TestSale(t *testing.T) {
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
	signs := "sinso sale sign --data node --token " + first.Token.String() + " --price 7 --until " +
		time.Now().Add(48*time.Hour).UTC().Truncate(time.Second).Format(time.RFC3339)
	signed := func() (one sale.Signed) {
		t.Helper()
		told(&one)
		if err := os.WriteFile(s.path("sale.json"), []byte(s.stdout), 0o600); err != nil {
			t.Fatal(err)
		}
		return one
	}
	do("exits 0 " + signs + " --dry-run")
	do("stdout 'it would be signed by 0x'")
	do("stdout ' as Sale, for somebody else to carry'")
	do("exits 0 " + signs)
	signed() // without --json it is the same file
	do("exits 0 sinso sale show --data node --sale sale.json")
	do("stdout '\"state\": \"open\"'")
	do("exits 2 sinso sale show --data node --sale absent.json")

	s.background("node", "SALES")
	do("exits 12 " + signs + " --json")
	do("stderr 'or say --beside'")
	do("exits 0 " + signs + " --beside --json")
	one := signed()
	do("exits 0 sinso sale buy --data node --sale sale.json --dry-run")
	do("stdout 'buy an asset: it can be tried only after the steps before it'")
	do("exits 0 sinso sale cancel --data node --token " + first.Token.String() + " --hash " + one.Hash.String())
	do("exits 12 sinso sale buy --data node --sale sale.json")
	do("stderr 'its seller took it back'")
	do("exits 0 sinso sale ls --data node --json --token " + first.Token.String())
	var all []act.GivenSale
	if told(&all); len(all) != 2 || !all[0].IsOpen() || all[1].State != act.Cancelled {
		t.Errorf("the sales: %+v", all)
	}
	if err := os.WriteFile(s.path("sale.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	do("exits 1 sinso sale show --data node --sale sale.json")
	do("stderr 'no sale as sinso sale sign prints it'")
	if *first.Token != one.Terms.Token {
		t.Errorf("the sale is of %s, want %s", one.Terms.Token, first.Token)
	}
}
