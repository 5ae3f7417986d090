package node

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/stage/act/company"
	"sinso.dev/sinso/internal/stage/act/consent"
)

// begunBy lists what the log says was begun or signed by an act.
func begunBy(t *testing.T, n *Node, name string) []sinso.ActBegun {
	t.Helper()
	var all []sinso.ActBegun
	if err := n.Audit.Events(t.Context(), 0, func(event sinso.Event) error {
		if event.Type != sinso.EventActBegun {
			return nil
		}
		var b sinso.ActBegun
		if err := json.Unmarshal(event.Body, &b); err != nil {
			return err
		}
		if b.Act == name {
			all = append(all, b)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

// planned plans something that is signed for others to carry: the plan names its type, and has zeros for the signature.
func (s *stage) planned(noun, verb, signs string, given texts) texts {
	s.t.Helper()
	plan := s.plan(noun, verb, given)
	about, err := json.Marshal(plan.About)
	if err != nil {
		s.t.Fatal(err)
	}
	if len(plan.Signs) != 1 || plan.Signs[0].Type != signs || len(plan.Steps) != 0 || plan.Fee.Int().Sign() != 0 ||
		!strings.Contains(string(about), strings.Repeat("00", 65)) && !strings.Contains(string(about), base64.StdEncoding.EncodeToString(make([]byte, 65))) {
		s.t.Errorf("the plan of %s %s: %+v, of %s", noun, verb, plan, about)
	}
	return given
}

// TestWhatIsSignedIsInTheLog gives out what stands without a transaction: the log says of each who
// signed what, by its type and digest, and nothing of what is in it. What was only planned is not there.
func TestWhatIsSignedIsInTheLog(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var founded company.Founded
	s.do("company", "found", texts{"cap": "100"}, &founded)
	at := founded.Company
	ann := texts{"person": s.person("m_ann"), "at": at.String()}
	var application company.Application
	applied := s.do("company", "apply", s.planned("company", "apply", "Entry", ann), &application)
	var admission company.Admission
	admitted := s.do("company", "admit", s.planned("company", "admit", "Entry", texts{"application": applied}), &admission)
	s.do("company", "join", ann.with("admission", admitted), nil)
	var offer company.Offer
	s.do("company", "offer", s.planned("company", "offer", "Contribution", texts{
		"at": at.String(), "subject": sinso.Hash{7}.String(), "shares": "4", "member": application.Entry.Member.String(),
	}), &offer)
	consents, err := s.Deeds.At("Consent")
	if err != nil {
		t.Fatal(err)
	}
	scope, purpose := sinso.Hash{0xab, 1}, sinso.Hash{0xcd, 2}
	var signed consent.Signed
	s.do("consent", "grant", s.planned("consent", "grant", "Grant", texts{
		"person": ann["person"], "at": consents.String(), "to": sinso.Address{5}.String(), "scope": scope.String(), "purpose": purpose.String(),
		"until": s.clock.Now().Add(time.Hour).UTC().Truncate(time.Second).Format(time.RFC3339),
	}), &signed)
	for name, tt := range map[string]struct {
		typ       string
		by        sinso.Address
		signature []byte
	}{
		"company apply": {"Entry", application.Entry.Member, application.Member},
		"company admit": {"Entry", (actor{t, s.Node}).account(), admission.Registrar},
		"company offer": {"Contribution", (actor{t, s.Node}).account(), offer.Registrar},
		"consent grant": {"Grant", signed.Grant.Grantor, nil},
	} {
		noted := begunBy(t, s.Node, name)
		if len(noted) != 1 || len(noted[0].Signed) != 1 || noted[0].Signed[0].Type != tt.typ || noted[0].Account != tt.by {
			t.Errorf("%s: the log has %+v, want one %s by %s", name, noted, tt.typ, tt.by)
			continue
		}
		digest := noted[0].Signed[0].Digest
		if tt.signature == nil {
			if digest != signed.Hash {
				t.Errorf("%s: the digest is %s, want %s", name, digest, signed.Hash)
			}
		} else if by, err := eip712.Recover(digest, tt.signature); err != nil || by != tt.by {
			t.Errorf("%s: %s signed the digest, error %v; want %s", name, by, err, tt.by)
		}
	}
	if err := s.Audit.Events(t.Context(), 0, func(event sinso.Event) error {
		if event.Type == sinso.EventActBegun && (strings.Contains(string(event.Body), scope.String()) || strings.Contains(string(event.Body), purpose.String())) {
			t.Errorf("the log says what a grant is of: %s", event.Body)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// TestNothingIsGivenOutThatIsNotNoted cuts a signing off where it is written down.
func TestNothingIsGivenOutThatIsNotNoted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	tn := &town{dir: t.TempDir(), onStep: func(step string) {
		if step == string(sinso.EventActBegun) {
			cancel()
		}
	}}
	t.Cleanup(func() {
		if err := tn.close(); err != nil {
			t.Error(err)
		}
	})
	n, err := tn.node(t.Context(), Config{Data: filepath.Join(tn.dir, "n"), Chain: "dev:", ChainListen: "127.0.0.1:0", DIMSEListen: "none"})
	if err != nil {
		t.Fatal(err)
	}
	person, err := n.CreatePerson(t.Context(), "test", "m_ann", "")
	if err != nil {
		t.Fatal(err)
	}
	var minter sinso.Address
	if err := n.Deeds.Ask(t.Context(), sinso.Call{Contract: "Voice", Method: "minter"}, &minter); err != nil {
		t.Fatal(err)
	}
	at, err := n.Deeds.At("Consent")
	if err != nil {
		t.Fatal(err)
	}
	act, given := actor{t, n}.read("consent grant", []string{
		"person", string(person), "at", at.String(), "to", sinso.Address{5}.String(), "scope", sinso.Hash{1}.String(), "purpose", sinso.Hash{2}.String(), "until", "2100-01-01T00:00:00Z",
	})
	if answer, err := n.Ask(ctx, act, given, "test"); err == nil {
		t.Errorf("it gave out %+v, and the log does not say so", answer)
	}
}
