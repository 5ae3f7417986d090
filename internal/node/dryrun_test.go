package node

import (
	"context"
	"encoding/json"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/act/company"
	"sinso.dev/sinso/internal/stage/act/consent"
)

// watched is a chain that keeps what it is asked to try, and what it is asked to do.
type watched struct {
	sinso.Deeds
	mu          sync.Mutex // guards what follows
	tried, done []sinso.Deed
	mumbles     bool // what it tells cannot be understood
}

func (w *watched) Told(contract string, event sinso.ChainEvent, into any) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.mumbles {
		return sinso.ErrUnavailable
	}
	return w.Deeds.Told(contract, event, into)
}

func (w *watched) keep(into *[]sinso.Deed, deed sinso.Deed) {
	w.mu.Lock()
	defer w.mu.Unlock()
	*into = append(*into, deed)
}

func (w *watched) Plan(ctx context.Context, deed sinso.Deed, from sinso.Address) (sinso.Plan, error) {
	w.keep(&w.tried, deed)
	return w.Deeds.Plan(ctx, deed, from)
}

func (w *watched) Relay(ctx context.Context, once sinso.Hash, deed sinso.Deed, portion sinso.Portion) (sinso.Done, error) {
	w.keep(&w.done, deed)
	return w.Deeds.Relay(ctx, once, deed, portion)
}

// signatures are the arguments that have a signature's length, as hex.
func signatures(deeds []sinso.Deed) []string {
	const length = 65
	var all []string
	for _, deed := range deeds {
		for _, arg := range deed.Args {
			if b, ok := arg.([]byte); ok && len(b) == length {
				all = append(all, sinso.Hash(b[:32]).String())
			}
		}
	}
	return all
}

// watch has the chain's questions and deeds kept from now on.
func (s *stage) watch() *watched {
	w := &watched{Deeds: s.Deeds}
	s.Deeds = w
	return w
}

// plan is a dry run of an act.
func (s *stage) plan(noun, verb string, given texts) ActPlan {
	s.t.Helper()
	act, read := actor{s.t, s.Node}.read(noun+" "+verb, given.list())
	plan, err := s.PlanAct(s.t.Context(), act, read)
	if err != nil {
		s.t.Fatalf("%s %s: %v", noun, verb, err)
	}
	return plan
}

func (given texts) list() []string {
	var all []string
	for name, text := range given {
		all = append(all, name, text)
	}
	return all
}

// TestADryRunShowsNoSignature plans acts that a person signs and the node carries, and then does
// them: nothing that the person signs was shown to the chain before, and most have a figure.
func TestADryRunShowsNoSignature(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var founded company.Founded
	s.do("company", "found", texts{"cap": "100"}, &founded)
	at := founded.Company.String()
	ann := texts{"person": s.person("m_ann"), "at": at}
	admission := s.do("company", "admit", texts{"application": s.do("company", "apply", ann, nil)}, nil)
	var voice sinso.Address
	if err := s.Deeds.Ask(t.Context(), sinso.Call{Contract: "Voice", Method: "minter"}, &voice); err != nil {
		t.Fatal(err)
	}
	consents, err := s.Deeds.At("Consent")
	if err != nil {
		t.Fatal(err)
	}
	grantor := texts{"person": ann["person"], "at": consents.String()}
	var signed consent.Signed
	s.do("consent", "grant", grantor.with("to", sinso.Address{5}.String(), "scope", sinso.Hash{1}.String(), "purpose", sinso.Hash{2}.String(),
		"until", s.clock.Now().Add(time.Hour).UTC().Truncate(time.Second).Format(time.RFC3339)), &signed)
	var member company.Admission
	if err := json.Unmarshal([]byte(admission), &member); err != nil {
		t.Fatal(err)
	}
	terms := texts{"at": at, "subject": sinso.Hash{7}.String(), "shares": "9"}
	for _, step := range []struct {
		noun, verb string
		given      func() texts
	}{
		{"company", "join", func() texts { return ann.with("admission", admission) }},
		{"company", "contribute", func() texts {
			return terms.with("person", ann["person"], "offer", s.do("company", "offer", terms.with("member", member.Entry.Member.String()), nil))
		}},
		{"company", "quit", func() texts { return ann }},
		{"consent", "revoke", func() texts { return grantor.with("hash", signed.Hash.String()) }},
		{"consent", "revoke-all", func() texts { return grantor.with("epoch", "0") }},
	} {
		given := step.given()
		w := s.watch()
		plan := s.plan(step.noun, step.verb, given)
		if len(plan.Steps) != 1 || plan.Steps[0].Untried != "" || plan.Fee.Int().Sign() == 0 || !plan.AtLeast || plan.Steps[0].From != plan.Pays || plan.Steps[0].Balance.Int().Sign() == 0 {
			t.Errorf("the plan of %s %s: %+v; want one step with a figure, from the account that pays", step.noun, step.verb, plan)
		}
		shown := signatures(w.tried)
		s.do(step.noun, step.verb, given, nil)
		s.Deeds = w.Deeds
		used := signatures(w.done)
		if len(used) == 0 {
			t.Errorf("%s %s carried no signature", step.noun, step.verb)
		}
		// The last of them is the person's.
		if own := used[len(used)-1]; strings.Contains(strings.Join(shown, " "), own) {
			t.Errorf("%s %s: the dry run showed the person's signature", step.noun, step.verb)
		}
	}
}

// TestAPlanSaysAllThatThePayerPays plans an act whose sender is a fresh account, which the node gives what it
// has to pay, and one that costs money: no more is paid than the plan says.
func TestAPlanSaysAllThatThePayerPays(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var founded company.Founded
	s.do("company", "found", texts{"cap": "100"}, &founded)
	at, ann := founded.Company.String(), s.person("m_ann")
	member := s.enter(at, ann)
	s.give(at, ann, member, sinso.Hash{1}, "30")
	payer := actor{t, s.Node}.account()
	for _, step := range []struct {
		verb  string
		given texts
		funds bool
		value string
	}{
		{"delegate", texts{"person": ann, "at": at, "to": sinso.Address{5}.String()}, true, "0"},
		{"deposit", texts{"at": at, "amount": "12345"}, false, "12345"},
	} {
		plan := s.plan("company", step.verb, step.given)
		if funds := plan.Steps[0].Funds.Int().Sign() > 0; plan.AtLeast || funds != step.funds || plan.Value.String() != step.value || plan.Fee.Int().Cmp(plan.MostFee.Int()) > 0 {
			t.Errorf("the plan of %s: %+v", step.verb, plan)
		}
		if step.funds && plan.Fee.Int().Cmp(plan.Steps[0].Fee.Int()) <= 0 {
			t.Errorf("the plan of %s says %s in all, and %s of the step alone", step.verb, plan.Fee, plan.Steps[0].Fee)
		}
		before, err := s.Chain.Balance(t.Context(), payer)
		if err != nil {
			t.Fatal(err)
		}
		s.do("company", step.verb, step.given, nil)
		after, err := s.Chain.Balance(t.Context(), payer)
		if err != nil {
			t.Fatal(err)
		}
		spent := new(big.Int).Sub(before.Int(), after.Int())
		if bound := new(big.Int).Add(plan.MostFee.Int(), plan.Value.Int()); spent.Cmp(bound) > 0 {
			t.Errorf("%s took %s wei from the payer, and the plan said %s at most", step.verb, spent, bound)
		}
	}
}

// TestAnActIsNotedThoughNothingCanBeToldOfIt: what was done is in the log, once, whether or not it can be said
// what came of it.
func TestAnActIsNotedThoughNothingCanBeToldOfIt(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	w := s.watch()
	w.mumbles = true
	act, given := actor{t, s.Node}.read("company found", []string{"cap", "100"})
	id := newID()
	for try, mumbles := range []bool{true, true, false} {
		w.mumbles = mumbles
		if _, err := s.Act(t.Context(), id, act, given, "test"); (err != nil) != mumbles {
			t.Errorf("try %d: got error %v", try, err)
		}
		noted := 0
		if err := s.Audit.Events(t.Context(), 0, func(event sinso.Event) error {
			if event.Type == sinso.EventActed {
				noted++
			}
			return nil
		}); err != nil || noted != 1 {
			t.Errorf("try %d: the log has the act %d times, error %v", try, noted, err)
		}
	}
}

// TestAnActThatIsAskedForAtOnceIsNotedOnce calls for one act four times at once.
func TestAnActThatIsAskedForAtOnceIsNotedOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	act, given := actor{t, s.Node}.read("company found", []string{"cap", "100"})
	id := newID()
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if _, err := s.Act(t.Context(), id, act, given, "test"); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	noted := map[sinso.EventType]int{}
	if err := s.Audit.Events(t.Context(), 0, func(event sinso.Event) error { noted[event.Type]++; return nil }); err != nil || noted[sinso.EventActBegun] != 1 || noted[sinso.EventActed] != 1 {
		t.Errorf("begun %d times and done %d times in the log, error %v", noted[sinso.EventActBegun], noted[sinso.EventActed], err)
	}
}
