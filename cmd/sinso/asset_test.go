package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

// TestWhatIsNotOfferedSaysWhy: a work that cannot be made is not told as a study of which
// nothing may be sold.
func TestWhatIsNotOfferedSaysWhy(t *testing.T) {
	t.Parallel()
	for reason, want := range map[sinso.Reason]string{
		"no-work":       "not offered: the co-creator's work cannot be made of what may be released: release it without, or with another\n",
		node.ReasonRisk: "not offered: " + node.Explain(node.ReasonRisk) + "\n",
		"another":       "nothing of this study may be sold; the sealed original stays as it was\n",
	} {
		var out strings.Builder
		if err := (assetOptions{}).print(&out, node.Added{State: sinso.ReleaseIsRefused, Reason: reason}); err != nil || out.String() != want {
			t.Errorf("%s: got %q, %v, want %q", reason, out.String(), err, want)
		}
	}
}

// TestAssetAdd offers a study from the command line, and prints what a buyer is
// given; what may not be sold ends with 3 and the reason.
func TestAssetAdd(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes about 6 s; left out by -short")
	}
	s := newScript(t, programDir(t))
	do := func(line string) {
		t.Helper()
		if err := s.line(line); err != nil {
			t.Fatalf("%s: %v\nstderr:\n%s", line, err, s.stderr)
		}
	}
	do("exits 0 sinso init --data node")
	do("exits 0 sinso import --data node --json chest")
	var imported struct{ Studies []sinso.StudyID }
	if err := json.Unmarshal([]byte(s.stdout), &imported); err != nil || len(imported.Studies) != 1 {
		t.Fatalf("import says %q: %v", s.stdout, err)
	}
	do("env SINSO_CHAIN=dev:")
	do("exits 2 sinso asset add --data node " + string(imported.Studies[0]))
	do("exits 2 sinso asset add --data node --price 1.5 " + string(imported.Studies[0]))
	do("exits 0 sinso asset risk --data node --json " + string(imported.Studies[0]))
	var before node.RiskReport
	if err := json.Unmarshal([]byte(s.stdout), &before); err != nil || before.K != 1 || !before.Exact || !before.Enough {
		t.Fatalf("got %+v, %v", before, err)
	}
	do("exits 0 sinso asset risk --data node " + string(imported.Studies[0]))
	do("stdout 'Nobody else in this node.s catalogue looks the same by what this shows.'")
	do("exits 10 sinso asset risk --data node s_aaaaaaaaaaaaaaaaaaaaaaaaaa")
	do("exits 1 sinso asset risk --data node --profile registry " + string(imported.Studies[0]))
	do("exits 0 sinso asset grade --data node --json " + string(imported.Studies[0]))
	var graded node.QualityReport
	if err := json.Unmarshal([]byte(s.stdout), &graded); err != nil || !graded.Enough || !graded.Forecast || graded.Least != 70 || len(graded.Parts) != 7 {
		t.Fatalf("graded %+v, %v", graded, err)
	}
	do("exits 0 sinso asset grade --data node " + string(imported.Studies[0]))
	do("stdout '^validity +100  weight 25$'")
	do("env SINSO_QUALITY_LEAST=100")
	do("exits 3 sinso asset grade --data node " + string(imported.Studies[0]))
	do("stdout 'sells nothing below 100'")
	do("env SINSO_QUALITY_LEAST=")
	do("exits 10 sinso asset grade --data node r_aaaaaaaaaaaaaaaaaaaaaaaaaa")
	do("exits 2 sinso asset grade --data node --profile registry r_aaaaaaaaaaaaaaaaaaaaaaaaaa")
	do("env SINSO_RISK_K=3")
	do("exits 3 sinso asset add --data node --price 5 --json " + string(imported.Studies[0]))
	var refused node.Added
	if err := json.Unmarshal([]byte(s.stdout), &refused); err != nil || refused.Reason != node.ReasonRisk || refused.Risk.K != 1 || refused.Risk.Enough || refused.Token != nil {
		t.Fatalf("got %+v, %v", refused, err)
	}
	do("env SINSO_RISK_K=0")
	do("exits 10 sinso asset add --data node --price 5 s_aaaaaaaaaaaaaaaaaaaaaaaaaa")
	do("exits 10 sinso asset add --data node --price 5 --series e_aaaaaaaaaaaaaaaaaaaaaaaaaa " + string(imported.Studies[0]))
	do("exits 0 sinso record ls --data node --json")
	var records []sinso.InstanceRow
	if err := json.Unmarshal([]byte(s.stdout), &records); err != nil || len(records) != 3 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	do("exits 0 sinso asset add --data node --price 5 --json --series " + string(records[0].Series) + " " + string(imported.Studies[0]))
	var added node.Added
	if err := json.Unmarshal([]byte(s.stdout), &added); err != nil {
		t.Fatal(err)
	}
	if added.State != sinso.ReleaseIsRegistered || added.Token == nil || added.Order == nil || added.Instances != 3 || added.Price.String() != "5" {
		t.Fatalf("got %+v", added)
	}
	if len(added.Series) != 1 || added.Series[0] != records[0].Series {
		t.Errorf("it is of %v", added.Series)
	}
	if added.Quality == nil || added.Quality.Forecast || !added.Quality.Enough {
		t.Errorf("its quality is %+v", added.Quality)
	}
	do("exits 0 sinso asset grade --data node --json " + string(added.Release))
	if added.Risk == nil || added.Risk.K != 1 {
		t.Errorf("the risk is %+v", added.Risk)
	}
	do("exits 0 sinso asset ls --data node")
	do("stdout 'REASON'")
	do("stdout 'registered.* 1/1 '")
	do("exits 0 sinso asset show --data node " + string(added.Release))
	do("stdout 'is registered, T1, with 3 instances$'")
	do("exits 0 sinso asset show --data node --json " + string(added.Release))
	do("jsonkeys id study series person state tier instances withheld reason draft faces quality risk token line")
	do("exits 10 sinso asset show --data node r_none")
	do("exits 1 sinso asset call-off --data node " + string(added.Release)) // it is on the chain
	do("exits 10 sinso asset call-off --data node r_aaaaaaaaaaaaaaaaaaaaaaaaaa")
	do("exits 0 sinso order offer --data node " + added.Order.String())
	var offer sinso.Offer
	if err := json.Unmarshal([]byte(s.stdout), &offer); err != nil || offer.Order.Token != *added.Token {
		t.Errorf("the offer is for %s, %v, want %s", offer.Order.Token, err, added.Token)
	}
	do("exits 0 sinso verify --data node " + added.Token.String())
	do("stdout 'exactly as the institution signed'")
	withAuthor(t, do, s, string(imported.Studies[0]))
}

// withAuthor offers a study with a co-creator, who is named wrongly at first.
func withAuthor(t *testing.T, do func(line string), s *script, study string) {
	t.Helper()
	do("exits 0 sinso person add --data node --json")
	var doctor struct{ ID sinso.PersonID }
	if err := json.Unmarshal([]byte(s.stdout), &doctor); err != nil || doctor.ID == "" {
		t.Fatalf("a person is %q, %v", s.stdout, err)
	}
	begin := "sinso asset add --data node --price 6 --json --author "
	do("exits 2 " + begin + string(doctor.ID) + " " + study)
	do("exits 2 " + begin + string(doctor.ID) + " --author-bps 10000 " + study)
	do("exits 2 " + begin + string(doctor.ID) + " --author-bps 5 --work sculpture " + study)
	do("exits 10 " + begin + "p_aaaaaaaaaaaaaaaaaaaaaaaaaa --author-bps 5 " + study)
	do("exits 0 sinso asset add --data node --price 7 --author " + string(doctor.ID) + " --author-bps 2000 " + study)
	do("stdout 'waits for its co-creator'")
	do("exits 0 sinso asset ls --data node --json")
	var rows []sinso.ReleaseRow
	if err := json.Unmarshal([]byte(s.stdout), &rows); err != nil || rows[len(rows)-1].State != sinso.ReleaseIsAwaiting {
		t.Fatalf("got %q, %v", s.stdout, err)
	}
	off := "exits 0 sinso asset call-off --data node " + string(rows[len(rows)-1].ID)
	do(off)
	do("stdout 'is called off: it was called off before it was registered'")
	do(off + " --json") // again is no error
	do("jsonkeys id state reason token")
	do("exits 0 sinso asset add --data node --price 7 --author-agrees --json --author " + string(doctor.ID) + " --author-bps 2000 " + study)
	var added node.Added
	if err := json.Unmarshal([]byte(s.stdout), &added); err != nil || added.Token == nil || added.Instances != 3 {
		t.Fatalf("got %+v, %v", added, err)
	}
	do("exits 0 sinso verify --data node " + added.Token.String())
	do("stdout 'doctor'")
}

// TestAssetAddOnARunningNode does the same through a running node: what is printed is as on a stopped one. Who stops
// waiting stops the work, and the same again goes on with it.
func TestAssetAddOnARunningNode(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes about 15 s; left out by -short")
	}
	s, do, told := chained(t)
	do("exits 0 sinso init --data node")
	do("exits 0 sinso import --data node --json chest")
	var imported struct{ Studies []sinso.StudyID }
	told(&imported)
	study := string(imported.Studies[0])
	do("exits 0 sinso person add --data node --json")
	var doctor struct{ ID sinso.PersonID }
	told(&doctor)
	do("exits 0 sinso record ls --data node --json")
	var records []sinso.InstanceRow
	told(&records)
	do("exits 0 sh -c 'sinso profile show research-sale > mine.toml; echo \"# mine\" >> mine.toml'")
	do("env SINSO_CHAIN=dev:")
	do("exits 0 sinso asset add --data node --price 5 --json " + study)
	var stopped node.Added
	told(&stopped)
	refused := func() {
		t.Helper()
		do("exits 2 sinso asset add --data node " + study)
		do("exits 2 sinso asset add --data node --price 5 --use sell " + study)
		do("exits 2 sinso asset add --data node --price 6 --author " + string(doctor.ID) + " " + study)
		do("exits 10 sinso asset add --data node --price 6 --author p_aaaaaaaaaaaaaaaaaaaaaaaaaa --author-bps 5 " + study)
		do("stderr 'this node has no person p_a+: not found'")
		do("exits 10 sinso asset add --data node --price 5 s_aaaaaaaaaaaaaaaaaaaaaaaaaa")
		do("stderr 'this node has no study s_a+: not found'")
		do("exits 10 sinso asset add --data node --price 5 --series e_aaaaaaaaaaaaaaaaaaaaaaaaaa " + study)
		do("stderr 'a series that is chosen is none of its: not found'")
		do("exits 10 sinso asset add --data node --price 5 --profile none.toml " + study)
		do("stderr 'is no preset'")
		do("exits 1 sinso asset add --data node --price 5 --profile registry " + study)
		do("stderr 'may not be sold'")
	}
	refused()

	s.background("node", "ADDS")
	refused()
	do("exits 0 sinso asset add --data node --price 5 --purpose teaching --use view --use-days 30 --offer-days 7 --profile mine.toml --series " + string(records[0].Series) + " --json " + study)
	var added node.Added
	told(&added)
	want := stopped
	want.Release, want.Token, want.Order, want.Quality, want.Series = added.Release, added.Token, added.Order, added.Quality, []sinso.SeriesID{records[0].Series}
	want.Terms = sinso.Terms{Licence: sinso.Licence{Purpose: "teaching", Use: "view", Days: 30}, OfferDays: 7}
	if diff := cmp.Diff(want, added, cmp.Comparer(func(a, b sinso.Wei) bool { return a.String() == b.String() })); diff != "" || added.Token == nil || added.Order == nil || added.Quality == nil {
		t.Errorf("a running node tells other than a stopped one: %s", diff)
	}
	do("exits 0 sinso order offer --data node " + added.Order.String())
	do("exits 0 sinso asset add --data node --price 7 --author " + string(doctor.ID) + " --author-bps 2000 " + study)
	do("stdout 'waits for its co-creator'")
	do("exits 0 sinso asset ls --data node --json")
	var rows []sinso.ReleaseRow
	told(&rows)
	asked := rows[len(rows)-1]
	do("exits 0 sinso asset call-off --data node " + string(asked.ID))
	do("exits 0 sinso asset add --data node --price 7 --author-agrees --work measurement --author-role radiographer --author " + string(doctor.ID) + " --author-bps 2000 " + study)
	do("stdout '^3 instances offered for 7 wei$'")
	do("stdout '^give buyers what this prints: sinso order offer 0x'")
	mint := "sinso asset mint --data node " + study
	do("exits 0 " + mint + " --profile mine.toml --series " + string(records[0].Series) + " --dry-run")
	do("stdout '^series: ..e_'")
	do("stdout '^profile: .research-sale'")
	do("stdout 'nothing would be sent$'") // it is what was added so
	do("exits 0 " + mint + " --author " + string(doctor.ID) + " --author-bps 500 --work measurement")
	do("stdout 'waits for its co-creator'")
	do("exits 0 " + mint + " --author-agrees --json --author " + string(doctor.ID) + " --author-bps 500 --work measurement")
	do("jsonkeys contract feeWei gas owner release state token tx")
	var minted node.Minted
	told(&minted)
	do("exits 0 " + mint + " --json --author " + string(doctor.ID) + " --author-bps 500 --work measurement")
	var again node.Minted
	if told(&again); again.Token != minted.Token || again.State != sinso.ReleaseIsRegistered {
		t.Errorf("minted again: %+v, want %+v", again, minted)
	}
	do("exits 10 " + mint + " --author p_aaaaaaaaaaaaaaaaaaaaaaaaaa --author-bps 5")
	do("stderr 'this node has no person p_a+: not found'")
	do("exits 10 sinso asset mint --data node r_aaaaaaaaaaaaaaaaaaaaaaaaaa")
	do("stderr 'no release of this node is called that'")
	do("exits 1 sinso asset mint --data node --author-bps 5 --author " + string(doctor.ID) + " " + string(added.Release))
	do("stderr 'are chosen for a study'")
	do("exits 0 sinso order ls --data node --json")
	var orders []sinso.OrderRow
	if told(&orders); len(orders) != 3 {
		t.Errorf("%d orders, want 3", len(orders))
	}
}
