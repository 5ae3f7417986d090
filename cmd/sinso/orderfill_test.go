package main

import (
	"bufio"
	"encoding/json"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
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
	var first node.Added
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

// TestOrderFillOnARunningNode does the same, and what belongs to it, through a running node: what is printed is as on
// a stopped one. Who stops waiting for a purchase stops nothing.
func TestOrderFillOnARunningNode(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes about 20 s; left out by -short")
	}
	s, do, told := chained(t)
	do("exits 0 sinso init --data node")
	do("exits 0 sinso import --data node --json chest")
	var imported struct{ Studies []sinso.StudyID }
	told(&imported)
	do("env SINSO_CHAIN=dev:")
	do("exits 0 sinso asset add --data node --price 1000 --json " + string(imported.Studies[0]))
	var first node.Added
	told(&first)
	do("exits 0 sinso record ls --data node --json")
	var records []sinso.InstanceRow
	told(&records)
	stopped := map[string]string{}
	lists := []string{"asset ls", "asset ls --json", "order ls", "order ls --json", "asset ls --person p_aaaaaaaaaaaaaaaaaaaaaaaaaa"}
	said := func(line string) string {
		code := "0"
		if strings.Contains(line, "p_a") {
			code = "10"
		}
		do("exits " + code + " sinso " + line + " --data node")
		return s.stdout
	}
	for _, line := range lists {
		stopped[line] = said(line)
	}

	s.background("node", "FILLS")
	for _, line := range lists {
		if got := said(line); got != stopped[line] {
			t.Errorf("%s of a running node: got %q, want %q", line, got, stopped[line])
		}
	}
	do("exits 0 sinso order make --data node --price 1000 --json " + string(first.Release)) // it names where the node is served
	var made sinso.OrderRow
	told(&made)
	do("exits 0 sh -c 'sinso order offer --data node " + made.Hash.String() + " > offer.json'")
	do("exits 10 sinso order key --data node " + made.Hash.String())
	do("exits 0 sinso order fill --data node --dry-run --json offer.json")
	do("jsonkeys about act actor atLeast feeWei given mostFeeWei pays steps valueWei")
	do("exits 0 sinso order fill --data node --dry-run offer.json")
	do("stdout '^price 1000 wei, until '")
	do("stdout 'nothing was sent$'")
	do("exits 1 sh -c 'sed s/\\\"1000\\\"/\\\"1\\\"/ offer.json > changed.json; sinso order fill --data node changed.json'")
	do("stderr 'the offer is not taken'")

	s.interrupted("planned: ", "order", "fill", "--data", "node", "offer.json")
	if !strings.Contains(s.stderr, "the running node goes on with the purchase by itself") {
		t.Errorf("who stopped waiting is told %q", s.stderr)
	}
	do("exits 0 sinso order fill --data node --json --export bought offer.json")
	do("jsonkeys deliverTx dir fillTx instances licence order payouts priceWei releaseTx step token trade works")
	do("stderr '^released: the payees have their money$'")
	var bought purchase
	told(&bought)
	files, err := os.ReadDir(s.path("bought"))
	if err != nil || bought.Instances != first.Instances || len(files) != first.Instances+1 {
		t.Errorf("%d instances and %d files (%v), want %d and works", bought.Instances, len(files), err, first.Instances)
	}
	s.traces(first.Release, filepath.Join("bought", files[0].Name()), records)
	do("exits 0 sinso order fill --data node offer.json")
	do("stdout '^bought token '")
	do("exits 0 sinso order key --data node --json " + made.Hash.String())
	do("jsonkeys given")
	do("exits 0 sinso order fill --data node --dry-run offer.json")
	do("stdout 'purchase of it stands at released'")
	do("exits 0 sinso license ls --data node --json")
	var held []node.HeldLicence
	if told(&held); len(held) != 1 || held[0].ID != bought.Licence || s.stderr != "" {
		t.Errorf("the licences: %+v and %q, want %s alone", held, s.stderr, bought.Licence)
	}
}

// TestOrderFillInATokenSaysItsPrice first, on a stopped node and through a running one. The governance's voices are a token
// that the node has none of, so that nothing is bought.
func TestOrderFillInATokenSaysItsPrice(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes about 10 s; left out by -short")
	}
	s, do, told := chained(t)
	do("env SINSO_CHAIN=dev:")
	do("exits 0 sinso init --data node")
	do("exits 0 sinso import --data node --yes --json chest")
	var imported struct{ Studies []sinso.StudyID }
	told(&imported)
	do("exits 0 sinso asset mint --data node --json " + string(imported.Studies[0]))
	var minted node.Minted
	told(&minted)
	do("exits 0 sinso dac voices --data node") // which has all contracts deployed
	do("exits 0 sinso chain verify --data node --json")
	var stand []struct{ Contract, At string }
	told(&stand)
	voice := slices.IndexFunc(stand, func(one struct{ Contract, At string }) bool { return one.Contract == "Voice" })
	fills := func() string {
		t.Helper()
		do("exits 0 sinso order make --data node --price 500000000000000000 --currency " + stand[voice].At + " --json " + string(minted.Release))
		var made sinso.OrderRow
		told(&made)
		do("exits 0 sh -c 'sinso order offer --data node " + made.Hash.String() + " > offer.json'")
		do("exits 12 sinso order fill --data node offer.json")
		price, _, _ := strings.Cut(s.stderr, "; gas: about ")
		return price
	}
	stopped := fills()
	if !strings.HasPrefix(stopped, "price: 0.5 ") || !strings.Contains(stopped, stand[voice].At) || strings.Contains(stopped, "\n") {
		t.Errorf("a stopped node says %q", s.stderr)
	}
	s.background("node", "PRICES")
	if running := fills(); running != stopped {
		t.Errorf("a running node says %q first, want %q", running, stopped)
	}
}

// traces asks the running node for the original of an object that was bought.
func (s *script) traces(release sinso.ReleaseID, name string, records []sinso.InstanceRow) {
	s.t.Helper()
	file, err := os.ReadFile(s.path(name))
	uid := regexp.MustCompile(`\x02\x00\x03\x00UI..([0-9.]+)`).FindSubmatch(file) // Media Storage SOP Instance UID
	if err != nil || uid == nil {
		s.t.Fatalf("%s names no instance: %v", name, err)
	}
	trace := "sinso asset trace --data node " + string(release) + " "
	if err := s.line("exits 0 " + trace + string(uid[1]) + " --json"); err != nil {
		s.t.Fatal(err)
	}
	var found node.Traced
	if err := json.Unmarshal([]byte(s.stdout), &found); err != nil {
		s.t.Fatal(err)
	}
	if !slices.ContainsFunc(records, func(r sinso.InstanceRow) bool { return r.ID == found.Instance && r.UID == found.Original }) || found.Kind != "instance" {
		s.t.Errorf("got %+v, want one of the originals", found)
	}
	for _, line := range []string{
		"exits 0 " + trace + string(uid[1]), "stdout '^instance " + found.Original + "$'", "stdout '^study " + string(found.Study) + " of person p_'",
		"exits 10 " + trace + "2.25.1", "stderr 'no instance of this UID'",
		"exits 10 sinso asset trace --data node r_aaaaaaaaaaaaaaaaaaaaaaaaaa 2.25.1", "stderr 'no release r_a+, or'",
	} {
		if err := s.line(line); err != nil {
			s.t.Errorf("%s: %v; stdout %q, stderr %q", line, err, s.stdout, s.stderr)
		}
	}
}

// TestAnOfferSteersNoTerminal: what a stranger wrote into it is shown, and does nothing.
func TestAnOfferSteersNoTerminal(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	printBuy(&out, node.PlannedBuy{Terms: "mine\x1b[2J\nprice 1 wei\r", Tier: "T1\x07", Origin: "a\u202eb"})
	if got := out.String(); strings.ContainsAny(got, "\x1b\r\x07\u202e") || !strings.Contains(got, "under these terms: mine�[2J�price 1 wei�\n") {
		t.Errorf("got %q", got)
	}
}

// interrupted runs the program until it says something on stderr, and then as somebody who presses Ctrl-C. It must
// end as one that was interrupted.
func (s *script) interrupted(says string, args ...string) {
	s.t.Helper()
	cmd := exec.CommandContext(s.t.Context(), filepath.Join(s.bin, "sinso"), args...)
	cmd.Dir, cmd.Env = s.dir, s.env
	out, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	lines, all := bufio.NewScanner(out), strings.Builder{}
	for lines.Scan() {
		all.WriteString(lines.Text() + "\n")
		if strings.HasPrefix(lines.Text(), says) {
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	err = cmd.Wait()
	if s.stderr = all.String(); cmd.ProcessState.ExitCode() != exitInterrupted {
		s.t.Fatalf("got %v, want exit %d; stderr:\n%s", err, exitInterrupted, s.stderr)
	}
}
