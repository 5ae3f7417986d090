package node

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/act/company"
)

// enter lets a person into a company, and returns its address in the register.
func (s *stage) enter(at, person string) sinso.Address {
	s.t.Helper()
	asked := texts{"person": person, "at": at}
	var admission company.Admission
	text := s.do("company", "admit", texts{"application": s.do("company", "apply", asked, nil)}, &admission)
	s.do("company", "join", asked.with("admission", text), nil)
	return admission.Entry.Member
}

// give has a member contribute.
func (s *stage) give(at, person string, member sinso.Address, subject sinso.Hash, shares string) {
	s.t.Helper()
	terms := texts{"at": at, "subject": subject.String(), "shares": shares}
	offer := s.do("company", "offer", terms.with("member", member.String()), nil)
	s.do("company", "contribute", terms.with("person", person, "offer", offer), nil)
}

func (s *stage) held(at, person string) (held company.Held) {
	s.t.Helper()
	s.do("company", "entry", texts{"person": person, "at": at}, &held)
	return held
}

// TestInsurersShareRegister is a company that gives shares for data, from its founding to
// the day when a member leaves it.
func TestInsurersShareRegister(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var founded company.Founded
	s.do("company", "found", texts{"cap": "1000"}, &founded)
	at := founded.Company.String()
	ann, bob := s.person("m_ann"), s.person("m_bob")
	byAnn, byBob := texts{"person": ann, "at": at}, texts{"person": bob, "at": at}

	a, b := s.enter(at, ann), s.enter(at, bob)
	balance, err := s.Chain.Balance(t.Context(), a)
	if a == b || err != nil || balance.Int().Sign() != 0 {
		t.Errorf("addresses %s and %s, balance %s, error %v; want two fresh ones that paid nothing", a, b, balance, err)
	}
	s.refused(sinso.ErrDenied, "company", "apply", byAnn) // one person enters once

	s.give(at, ann, a, sinso.Hash{1}, "30")
	s.give(at, bob, b, sinso.Hash{2}, "10")
	s.give(at, ann, a, sinso.Hash{3}, "5")
	if held := s.held(at, ann); held.Shares != 35 || held.Contributions != 2 || held.Votes != 35 {
		t.Errorf("Ann has %+v, want 35 shares and votes of 2 contributions", held)
	}

	// A dividend follows the shares of now, and stays when they go.
	s.do("company", "deposit", texts{"at": at, "amount": "4500"}, nil)
	s.do("company", "transfer", byAnn.with("to", b.String(), "shares", "5"), nil)
	if held := s.held(at, ann); held.Owed.String() != "3500" || held.Shares != 30 {
		t.Errorf("Ann has %+v, want 30 shares and 3500 wei", held)
	}
	if held := s.held(at, bob); held.Owed.String() != "1000" || held.Shares != 15 {
		t.Errorf("Bob has %+v, want 15 shares and 1000 wei", held)
	}
	stranger := sinso.Address{0x57}
	s.refused(sinso.ErrDenied, "company", "transfer", byAnn.with("to", stranger.String(), "shares", "1"))
	var paid company.Withdrawn
	s.do("company", "withdraw", byAnn.with("to", stranger.String()), &paid)
	if got, err := s.Chain.Balance(t.Context(), stranger); err != nil || got.String() != "3500" || paid.Amount.String() != "3500" {
		t.Errorf("paid %s of %s, error %v; want 3500", got, paid.Amount, err)
	}
	s.refused(sinso.ErrDenied, "company", "withdraw", byAnn) // nothing is owed any more
	s.do("company", "withdraw", byBob, nil)

	s.decide(at, byAnn, byBob, b)
}

// decide has the holders double the cap, and Bob leave by it.
func (s *stage) decide(at string, byAnn, byBob texts, b sinso.Address) {
	s.t.Helper()
	s.do("company", "endow", texts{"at": at, "amount": "20000"}, nil)
	s.do("company", "delegate", byBob.with("to", s.held(at, byAnn["person"]).Member.String()), nil)
	s.clock.leap(time.Minute)
	var motion company.Proposed
	s.do("company", "propose", byAnn.with("cap", "2000"), &motion)
	number := strconv.FormatUint(motion.Number, 10)
	s.clock.leap(time.Minute)
	s.do("company", "support", byAnn.with("motion", number), nil)
	s.refused(sinso.ErrDenied, "company", "support", byBob.with("motion", number)) // Ann has Bob's votes
	s.refused(sinso.ErrDenied, "company", "execute", texts{"at": at, "motion": number})
	s.clock.leap(14 * 24 * time.Hour)
	s.do("company", "execute", texts{"at": at, "motion": number}, nil)

	var left company.Left
	s.refused(sinso.ErrDenied, "company", "quit", byBob.with("least", "151"))
	s.do("company", "quit", byBob.with("least", "150"), &left)
	var shown company.Shown
	s.do("company", "show", texts{"at": at, "member": b.String()}, &shown)
	if shown.Cap != 1985 || shown.Issued != 30 || shown.Reserve.String() != "19850" || left.Part.String() != "150" || left.Shares != 15 {
		s.t.Errorf("after Bob left with %+v: %+v", left, shown)
	}
	if shown.Member.Standing != "left" || shown.Member.Owed.String() != "150" {
		s.t.Errorf("Bob: %+v", shown.Member)
	}
	if m := shown.Motions; len(m) != 1 || m[0].InFavour != 45 || m[0].Votes != 45 || m[0].Cap != 2000 || m[0].Next != "nothing: it is done" {
		s.t.Errorf("the motion: %+v", m)
	}
	s.refused(sinso.ErrDenied, "company", "apply", byBob) // not a second time
}

// TestRegisterRefuses gives the acts of a company what others made or changed.
func TestRegisterRefuses(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var one, two company.Founded
	s.do("company", "found", texts{"cap": "100"}, &one)
	s.do("company", "found", texts{"cap": "100", "salt": sinso.Hash{1}.String()}, &two)
	at := one.Company.String()
	ann, bob := s.person("m_ann"), s.person("m_bob")
	byAnn := texts{"person": ann, "at": at}
	application := s.do("company", "apply", byAnn, nil)
	other := s.do("company", "apply", byAnn.with("at", two.Company.String()), nil)
	var first, second company.Application
	s.do("company", "apply", byAnn, &first)
	s.do("company", "apply", byAnn.with("at", two.Company.String()), &second)
	if first.Entry.Nullifier == second.Entry.Nullifier || first.Entry.Member == second.Entry.Member {
		t.Error("one person is known again in two companies")
	}
	admission := s.do("company", "admit", texts{"application": application}, nil)
	offered := texts{"at": at, "subject": sinso.Hash{7}.String(), "shares": "4"}
	a := s.enter(at, bob)
	offer := s.do("company", "offer", offered.with("member", a.String()), nil)
	byBob := offered.with("person", bob)
	swapped := strings.Replace(application, one.Company.String(), two.Company.String(), 1)
	for name, tt := range map[string]struct {
		class error
		verb  string
		given texts
	}{
		"no company":                {sinso.ErrNotFound, "show", texts{"at": sinso.Address{9}.String()}},
		"no JSON":                   {sinso.ErrInvalid, "admit", texts{"application": "let me in"}},
		"more after it":             {sinso.ErrInvalid, "admit", texts{"application": application + "{}"}},
		"an unknown field":          {sinso.ErrInvalid, "admit", texts{"application": `{"share":1,` + application[1:]}},
		"for another company":       {sinso.ErrDenied, "admit", texts{"application": swapped}},
		"another number":            {sinso.ErrDenied, "admit", texts{"application": strings.Replace(application, first.Entry.Nullifier.String(), sinso.Hash{5}.String(), 1)}},
		"nobody's signature":        {sinso.ErrDenied, "admit", texts{"application": `{"company":"` + at + `","entry":{"endsAt":"` + first.Entry.EndsAt.Format(time.RFC3339) + `"},"memberSignature":""}`}},
		"ended":                     {sinso.ErrInvalid, "admit", texts{"application": strings.Replace(application, first.Entry.EndsAt.Format(time.RFC3339), "2020-01-01T00:00:00Z", 1)}},
		"admission of another":      {sinso.ErrInvalid, "join", texts{"person": bob, "at": at, "admission": admission}},
		"an unsigned application":   {sinso.ErrDenied, "join", byAnn.with("admission", application)},
		"another company's":         {sinso.ErrInvalid, "join", byAnn.with("admission", other)},
		"an offer to a stranger":    {sinso.ErrDenied, "offer", offered.with("member", first.Entry.Member.String())},
		"an offer above the cap":    {sinso.ErrDenied, "offer", offered.with("member", a.String(), "shares", "101")},
		"an offer of nothing":       {sinso.ErrDenied, "offer", offered.with("member", a.String(), "shares", "0")},
		"fewer shares than agreed":  {sinso.ErrInvalid, "contribute", byBob.with("offer", offer, "shares", "5")},
		"other data than agreed":    {sinso.ErrInvalid, "contribute", byBob.with("offer", offer, "subject", sinso.Hash{8}.String())},
		"an offer to another":       {sinso.ErrInvalid, "contribute", byBob.with("person", ann, "offer", offer)},
		"an offer that was changed": {sinso.ErrDenied, "contribute", byBob.with("offer", strings.Replace(offer, `"shares":4`, `"shares":5`, 1), "shares", "5")},
		"a motion on nothing":       {sinso.ErrInvalid, "propose", texts{"person": bob, "at": at}},
		"a motion on two things":    {sinso.ErrInvalid, "propose", texts{"person": bob, "at": at, "cap": "5", "wind-up": "true"}},
		"a motion without shares":   {sinso.ErrDenied, "propose", texts{"person": bob, "at": at, "cap": "5"}},
		"a dividend to nobody":      {sinso.ErrDenied, "deposit", texts{"at": at, "amount": "5"}},
		"a person that is none":     {sinso.ErrNotFound, "apply", texts{"person": "nobody", "at": at}},
	} {
		t.Run(name, func(*testing.T) { s.refused(tt.class, "company", tt.verb, tt.given) })
	}
	if held := s.held(at, bob); held.Standing != "member" || held.Shares != 0 {
		t.Errorf("after all that Bob has %+v", held)
	}
}

// other opens a second node on the chain of the first, with the record of its contracts and
// money for gas.
func (s *stage) other() *stage {
	s.t.Helper()
	ctx, at := s.t.Context(), s.Chain.Contracts()
	cfg := Config{
		Data: filepath.Join(s.dir, "other"), Chain: "http://" + s.ChainRPC(), DIMSEListen: "none", Listen: "127.0.0.1:0",
		Contracts: fmt.Sprintf("%s,%s,%s", at.Identity, at.Assets, at.Exchange),
	}
	loaded, err := cfg.Load(func(string) string { return "" })
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := Init(ctx, loaded); err != nil {
		s.t.Fatal(err)
	}
	record, err := os.ReadFile(s.deploymentPath())
	if err != nil {
		s.t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(cfg.Data, chainFolder), 0o700); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(cfg.Data, chainFolder, deploymentFile), record, 0o600); err != nil {
		s.t.Fatal(err)
	}
	o := &stage{t: s.t, town: s.town, clock: s.clock}
	if o.Node, err = s.node(ctx, cfg); err != nil {
		s.t.Fatal(err)
	}
	status, err := o.Status(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	var money sinso.Wei
	if err := money.UnmarshalText([]byte("1000000000000000000")); err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.Chain.Fund(ctx, status.Account, money); err != nil {
		s.t.Fatal(err)
	}
	return o
}

// TestCompanyAndClinicAreTwoNodes has the registrar on one node and a person on another, who hand each
// other what their acts print.
func TestCompanyAndClinicAreTwoNodes(t *testing.T) {
	t.Parallel()
	firm := newStage(t)
	var founded company.Founded
	firm.do("company", "found", texts{"cap": "10"}, &founded)
	at, clinic := founded.Company.String(), firm.other()
	byAnn := texts{"person": clinic.person("m_ann"), "at": at}

	application := clinic.do("company", "apply", byAnn, nil)
	clinic.refused(sinso.ErrDenied, "company", "admit", texts{"application": application})
	var admission company.Admission
	good := firm.do("company", "admit", texts{"application": application}, &admission)
	admission.Registrar = admission.Member
	forged, err := json.Marshal(admission)
	if err != nil {
		t.Fatal(err)
	}
	clinic.refused(sinso.ErrDenied, "company", "join", byAnn.with("admission", string(forged)))
	clinic.do("company", "join", byAnn.with("admission", good), nil)

	terms := texts{"at": at, "subject": sinso.Hash{4}.String(), "shares": "4", "member": admission.Entry.Member.String()}
	offer := firm.do("company", "offer", terms, nil)
	delete(terms, "member")
	more := terms.with("person", byAnn["person"], "shares", "5", "offer", strings.Replace(offer, `"shares":4`, `"shares":5`, 1))
	clinic.refused(sinso.ErrDenied, "company", "contribute", more)
	var given company.Contributed
	clinic.do("company", "contribute", terms.with("person", byAnn["person"], "offer", offer), &given)
	firm.do("company", "deposit", texts{"at": at, "amount": "400"}, nil)
	var paid company.Withdrawn
	clinic.do("company", "withdraw", byAnn, &paid)
	if given.Shares != 4 || paid.Amount.String() != "400" || paid.To != admission.Entry.Member {
		t.Errorf("given %+v, paid %+v; want 4 shares and 400 wei", given, paid)
	}
}

// TestAnActIsFinishedTheDayAfter does what ends with the day, and asks for it again by its name when the day
// is over: it is found, and not another act.
func TestAnActIsFinishedTheDayAfter(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var founded company.Founded
	s.do("company", "found", texts{"cap": "100"}, &founded)
	at, ann := founded.Company.String(), s.person("m_ann")
	member := s.enter(at, ann)
	s.give(at, ann, member, sinso.Hash{1}, "30")
	ben := s.person("m_ben") // who stays
	s.give(at, ben, s.enter(at, ben), sinso.Hash{2}, "5")
	s.clock.leap(time.Minute)
	for _, step := range []struct {
		verb  string
		given texts
	}{
		{"propose", texts{"person": ann, "at": at, "cap": "200"}},
		{"quit", texts{"person": ann, "at": at}},
	} {
		act, given := actor{t, s.Node}.read("company "+step.verb, step.given.list())
		id := newID()
		first, err := s.Act(t.Context(), id, act, given, "test")
		if err != nil {
			t.Fatal(err)
		}
		s.clock.leap(24 * time.Hour)
		s.do("company", "deposit", texts{"at": at, "amount": "70"}, nil) // a block
		again, err := s.Act(t.Context(), id, act, given, "test")
		if err != nil || len(again.Txs) != 1 || again.Txs[0].Hash != first.Txs[0].Hash {
			t.Errorf("%s a day later: got %+v, error %v, want %s", step.verb, again.Txs, err, first.Txs[0].Hash)
		}
	}
	act, given := actor{t, s.Node}.read("company deposit", []string{"at", at, "amount", "70"})
	if _, err := s.Act(t.Context(), sinso.Hash{0xac, s.acts}, act, given, "test"); err != nil {
		t.Errorf("the same again: %v", err)
	}
	act, given = actor{t, s.Node}.read("company endow", []string{"at", at, "amount", "1"})
	if _, err := s.Act(t.Context(), sinso.Hash{0xac, s.acts}, act, given, "test"); !errors.Is(err, sinso.ErrExists) || !strings.Contains(err.Error(), "company deposit") {
		t.Errorf("another act by its name: got error %v, want ErrExists", err)
	}
}

// TestAnEntryMovesToAnotherNode moves a member's shares to its account on another node, which both sign.
func TestAnEntryMovesToAnotherNode(t *testing.T) {
	t.Parallel()
	firm := newStage(t)
	var founded company.Founded
	firm.do("company", "found", texts{"cap": "100"}, &founded)
	at, clinic := founded.Company.String(), firm.other()
	ann := firm.person("m_ann")
	byAnn, there := texts{"person": ann, "at": at}, texts{"person": clinic.person("m_ann"), "at": at}
	stranger := there.with("from", sinso.Address{7}.String())
	clinic.refused(sinso.ErrDenied, "company", "receive", stranger)
	from := firm.enter(at, ann)
	firm.give(at, ann, from, sinso.Hash{1}, "30")
	var receipt company.Receipt
	text := clinic.do("company", "receive", there.with("from", from.String()), &receipt)
	to := receipt.Moving.To.String()
	for name, tt := range map[string]struct {
		class error
		given texts
	}{
		"no receipt":      {sinso.ErrInvalid, byAnn.with("to", to, "receipt", "mine")},
		"another account": {sinso.ErrInvalid, byAnn.with("to", sinso.Address{7}.String(), "receipt", text)},
		"another's entry": {sinso.ErrInvalid, texts{"person": firm.person("m_bob"), "at": at, "to": to, "receipt": text}},
		"it was changed":  {sinso.ErrDenied, byAnn.with("to", sinso.Address{7}.String(), "receipt", strings.Replace(text, to, sinso.Address{7}.String(), 1))},
		"it ended":        {sinso.ErrInvalid, byAnn.with("to", to, "receipt", strings.Replace(text, receipt.Moving.EndsAt.Format(time.RFC3339), "2020-01-01T00:00:00Z", 1))},
	} {
		t.Run(name, func(*testing.T) { firm.refused(tt.class, "company", "move", tt.given) })
	}
	firm.do("company", "move", byAnn.with("to", to, "receipt", text), nil)
	var held company.Held
	clinic.do("company", "entry", there, &held)
	if old := firm.held(at, ann); old.Standing != "moved" || old.Shares != 0 || held.Standing != "member" || held.Shares != 30 || held.Contributions != 1 {
		t.Errorf("moved: the old account has %+v, the new one %+v; want all with the new one", old, held)
	}
	firm.refused(sinso.ErrDenied, "company", "move", byAnn.with("to", to, "receipt", text))
	firm.refused(sinso.ErrDenied, "company", "apply", byAnn)
}
