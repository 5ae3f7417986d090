package main

import (
	"math/big"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

// TestOrderFill buys from the command line what the same node offers: planned first, which leaves nothing behind.
func TestOrderFill(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes about 10 s; left out by -short")
	}
	s, do, told := chained(t)
	do("exits 0 sinso init --data node")
	do("exits 0 sinso import --data node --json chest")
	var imported struct{ Studies []sinso.StudyID }
	told(&imported)
	do("env SINSO_CHAIN=dev:")
	do("env SINSO_COIN_PRICE=2USD")
	do("exits 0 sinso asset add --data node --price 1000000000000000000 --json " + string(imported.Studies[0]))
	var first asset
	told(&first)
	order := first.Order.String()
	do("exits 0 sh -c 'sinso order offer --data node " + order + " > offer.json'")

	do("exits 2 sinso order fill --data node --dry-run")
	do("exits 10 sinso order fill --data node --dry-run nothing.json")
	do("exits 0 sinso order fill --data node --dry-run --json offer.json")
	do("jsonkeys about act actor atLeast feeWei fiat given mostFeeWei pays steps valueWei")
	var plan struct {
		node.ActPlan
		About node.PlannedBuy `json:"about"`
	}
	told(&plan)
	if plan.About.Order.String() != order || plan.About.Fiat != "2.000000 USD" || plan.About.Step != "" || plan.Value.String() != plan.About.Price.String() || len(plan.Steps) != 3 {
		t.Errorf("the plan: %+v", plan)
	}
	if spare := new(big.Int).Sub(plan.About.Balance.Int(), plan.Steps[0].Funds.Int()); spare.Sign() <= 0 {
		t.Errorf("the account has %s and the order's gets %s", plan.About.Balance, plan.Steps[0].Funds)
	}
	do("exits 0 sinso order fill --data node --dry-run offer.json")
	do("stdout '^price 1000000000000000000 wei \\(2.000000 USD\\), until '")
	do("stdout '^pay the price into escrow: [0-9]+ gas, '")
	do("stdout 'nothing was sent$'")
	do("exits 1 sh -c 'sed s/1000000000000000000/1/ offer.json > changed.json; sinso order fill --data node --dry-run changed.json'")
	do("stderr 'the offer is not taken'")
	do("exits 0 sinso order ls --data node --json")
	var orders []sinso.OrderRow
	if told(&orders); len(orders) != 1 || len(orders[0].Trades) != 0 {
		t.Errorf("after dry runs: %+v", orders)
	}
	do("exits 0 sinso status --data node --json")
	if !strings.Contains(s.stdout, `"purchases":0`) {
		t.Errorf("after dry runs: %s", s.stdout)
	}
}
