package node

import (
	"errors"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/act/company"
	"sinso.dev/sinso/internal/way"
)

// keeps wants an erasure to be refused with words.
func keeps(t *testing.T, n *Node, what, words string) {
	t.Helper()
	if _, err := n.Erase(t.Context(), what, way.EraseOptions{Actor: "test"}); !errors.Is(err, sinso.ErrExists) || !strings.Contains(err.Error(), words) {
		t.Errorf("erase: got error %v, want ErrExists that says %q", err, words)
	}
}

// unreadable wants no event of an act to open any more, but the receipts of what the node itself did.
func unreadable(t *testing.T, n *Node) {
	t.Helper()
	erased := 0
	if err := n.Audit.Events(t.Context(), 0, func(event sinso.Event) error {
		if event.Type != sinso.EventActBegun && event.Type != sinso.EventActed {
			return nil
		}
		if event.Erased {
			erased++
		} else if event.Person != "" {
			t.Errorf("entry %d (%s) of the log is of a person, and still opens: %s", event.Seq, event.Type, event.Body)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if erased < 2 {
		t.Errorf("%d events of acts are erased", erased)
	}
}

// TestAMemberIsErasedWithNothing: shares of a company, and what it owes, are named and refuse the erasure
// of a person; what is left of the gas that the node paid does not.
func TestAMemberIsErasedWithNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var founded company.Founded
	s.do("company", "found", texts{"cap": "100"}, &founded)
	at := founded.Company.String()
	ann, bob := s.person("m_ann"), s.person("m_bob")
	byAnn := texts{"person": ann, "at": at}
	a, b := s.enter(at, ann), s.enter(at, bob)
	s.give(at, ann, a, sinso.Hash{1}, "30")
	keeps(t, s.Node, ann, "30 shares of the company at "+at)
	s.do("company", "deposit", texts{"at": at, "amount": "900000000000000000"}, nil)
	s.do("company", "transfer", byAnn.with("to", b.String(), "shares", "30"), nil)
	if dust, err := s.Chain.Balance(t.Context(), a); err != nil || dust.Int().Sign() == 0 {
		t.Errorf("the account that sent its shares has %s, error %v; want what is left of the gas", dust, err)
	}
	keeps(t, s.Node, ann, "900000000000000000 wei that the company at "+at+" owes")
	s.do("company", "withdraw", byAnn, nil)
	keeps(t, s.Node, ann, "wei in accounts")
	to := sinso.Address{0x57}
	s.do("company", "deposit", texts{"at": at, "amount": "60"}, nil)
	s.do("company", "withdraw", texts{"person": bob, "at": at, "to": to.String()}, nil)
	s.do("company", "quit", texts{"person": bob, "at": at}, nil)
	if dust, err := s.Chain.Balance(t.Context(), b); err != nil || dust.Int().Sign() == 0 {
		t.Errorf("the account that had its money sent elsewhere has %s, error %v; want what is left of the gas", dust, err)
	}
	if _, err := s.Erase(t.Context(), bob, way.EraseOptions{Actor: "test"}); err != nil {
		t.Errorf("with nothing but what is left of the gas: %v", err)
	}
	s.refused(sinso.ErrNotFound, "company", "entry", texts{"person": bob, "at": at})
	if _, err := s.Erase(t.Context(), ann, way.EraseOptions{Actor: "test", LeaveMoney: true}); err != nil {
		t.Fatal(err)
	}
	unreadable(t, s.Node)
}

// TestAStakedAssetIsNotErased: an asset that stands with a company, and what it earned, refuse the
// erasure of its study; when it is back, what the log said of its acts goes with it.
func TestAStakedAssetIsNotErased(t *testing.T) {
	t.Parallel()
	s := newStaking(t)
	study := string(s.row.Study)
	s.persons.do(nil, "stake add", "token", s.first, "agreement", s.agreed(s.first, "3"))
	s.company.do(nil, "dividend deposit", "pool", s.pool, "amount", "700000")
	s.clock.jump(8 * 24 * time.Hour)
	keeps(t, s.persons.n, study, "is staked (standing)")
	s.persons.do(nil, "stake unbond", "token", s.first)
	keeps(t, s.persons.n, study, "is staked (unbonding)")
	s.clock.jump(8 * 24 * time.Hour)
	s.persons.do(nil, "stake take", "token", s.first)
	keeps(t, s.persons.n, study, "has earned ")
	var erased sinso.ErasureRow
	var err error
	if erased, err = s.persons.n.Erase(t.Context(), study, way.EraseOptions{Actor: "test", LeaveMoney: true}); err != nil || erased.Done.IsZero() {
		t.Fatalf("erased: %+v, %v", erased, err)
	}
	unreadable(t, s.persons.n)
}

// TestASplitAssetIsNotErased: fractions in the hand of who is erased refuse it.
func TestASplitAssetIsNotErased(t *testing.T) {
	t.Parallel()
	s := newStaking(t)
	s.persons.do(nil, "fraction split", "token", s.other, "supply", "10", "until", s.in(time.Hour))
	row, err := s.persons.n.ReleaseByToken(t.Context(), tokenOf(t, s.other))
	if err != nil {
		t.Fatal(err)
	}
	keeps(t, s.persons.n, string(row.Study), "10 fractions of the asset")
	s.persons.do(nil, "fraction reunite", "token", s.other)
	if _, err := s.persons.n.Erase(t.Context(), string(row.Study), way.EraseOptions{Actor: "test"}); err != nil {
		t.Errorf("reunited: %v", err)
	}
}

func tokenOf(t *testing.T, text string) (token sinso.TokenID) {
	t.Helper()
	if err := token.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return token
}
