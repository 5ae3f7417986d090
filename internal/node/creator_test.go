package node

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/act/creator"
	"sinso.dev/sinso/internal/way"
)

func (s *stage) account() sinso.Address {
	s.t.Helper()
	status, err := s.ChainStatus(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return status.Account
}

// at is a moment of the chain's clock, so long from now.
func (s *stage) at(in time.Duration) string {
	return s.clock.Now().Add(in).UTC().Truncate(time.Second).Format(time.RFC3339)
}

// several does an act of which parameters are given more than once.
func (s *stage) several(noun, verb string, given texts, lists map[string][]string) (ActDone, error) {
	s.t.Helper()
	act, err := way.ActNamed(noun, verb)
	if err != nil {
		s.t.Fatal(err)
	}
	for name, text := range given {
		lists[name] = []string{text}
	}
	read, err := act.Read(lists)
	if err != nil {
		return ActDone{}, err
	}
	return s.Act(s.t.Context(), newID(), act, read, "test")
}

// voted earns voices by a list of a week, and has a proposal made, voted for and executed.
func (s *stage) voted(verb string, given texts) {
	s.t.Helper()
	s.do("dac", "voices", nil, nil) // deploys
	s.clock.leap(7*day + time.Minute)
	own := s.account()
	list := fmt.Sprintf(`[{"account":"%s","amount":"%s"}]`, own, whole(2000))
	week := strconv.FormatInt(s.clock.Now().Unix()/int64(7*day/time.Second)-1, 10)
	var posted struct{ Posting uint64 }
	s.do("reward", "post", texts{"week": week, "list": list}, &posted)
	posting := strconv.FormatUint(posted.Posting, 10)
	s.clock.leap(7*day + time.Minute)
	s.do("reward", "settle", texts{"posting": posting}, nil)
	s.do("reward", "claim", texts{"posting": posting, "index": "0", "list": list}, nil)
	s.do("dac", "delegate", texts{"to": own.String()}, nil)
	s.clock.leap(time.Minute)
	var p struct{ Proposal sinso.Hash }
	s.do("dac", verb, given.with("text", "a medical board"), &p)
	which := texts{"proposal": p.Proposal.String()}
	s.clock.leap(day + time.Minute)
	s.do("dac", "vote", which.with("say", "for"), nil)
	s.clock.leap(5 * day)
	s.do("dac", "queue", which, nil)
	s.clock.leap(2*day + time.Minute)
	s.do("dac", "execute", which, nil)
}

// practice is a doctor's node, a board's node that is a listed attester, and what the doctor issues.
type practice struct {
	board, doctor *stage
	tree          creator.Tree
	terms         texts
	creators      string // where the contract stands
}

const (
	consultation = "300000" // wei that a holder is owed for one that does not happen
	useOfModel   = "200000"
)

func newPractice(t *testing.T) *practice {
	t.Helper()
	p := &practice{board: newStage(t)}
	var subject sinso.Hash
	own := p.board.account()
	copy(subject[12:], own[:])
	p.board.voted("propose-listing", texts{"list": "sinso/attesters/v1", "subject": subject.String()})
	p.doctor = p.board.other()
	at, err := p.board.Deeds.At("Creators")
	if err != nil {
		t.Fatal(err)
	}
	p.creators = at.String()
	ill := func(n byte) string { return sinso.Address{19: n}.String() }
	p.doctor.do("creator", "patients", texts{"list": fmt.Sprintf(`[{"account":"%s","weight":3},{"account":"%s","weight":1},{"account":"%s","weight":1}]`,
		ill(0xa1), ill(0xa2), ill(0xa3))}, &p.tree)
	p.terms = texts{
		"price": "1000000", "patients-bps": "2500", "patients-root": p.tree.Root.String(), "patients-total": strconv.FormatUint(p.tree.Total, 10),
		"sale-until": p.board.at(30 * day), "until": p.board.at(60 * day), "honour-within": "7d", "panel": own.String(), "attester": own.String(),
		"content": sinso.Hash{1}.String(), "terms": sinso.Hash{2}.String(),
	}
	return p
}

// open issues tokens with a consultation and the use of a model.
func (p *practice) open(supply string, given texts) (creator.Opened, error) {
	p.board.t.Helper()
	rights := []string{sinso.Hash{3}.String() + "," + consultation + ",once", sinso.Hash{4}.String() + "," + useOfModel + ",standing"}
	terms := p.terms.with("supply", supply)
	for name, text := range given {
		terms[name] = text
	}
	done, err := p.doctor.several("creator", "open", terms, map[string][]string{"right": rights})
	if err != nil {
		return creator.Opened{}, err
	}
	opened, ok := done.Result.(*creator.Opened)
	if !ok {
		p.board.t.Fatalf("opening told %v", done.Result)
	}
	return *opened, nil
}

// trusted has the board vouch for the doctor, and the doctor put up stake.
func (p *practice) trusted(promises, stake string) {
	p.board.t.Helper()
	p.board.do("creator", "attest", texts{"creator": p.doctor.account().String(), "weight": promises, "until": p.board.at(120 * day)}, nil)
	p.doctor.do("creator", "stake", texts{"amount": stake}, nil)
}

func (p *practice) standing() (now creator.Standing) {
	p.board.t.Helper()
	p.doctor.do("creator", "standing", nil, &now)
	return now
}

func (p *practice) part(n int) string {
	p.board.t.Helper()
	text, err := json.Marshal(p.tree.Parts[n])
	if err != nil {
		p.board.t.Fatal(err)
	}
	return string(text)
}

// holder is a person on the board's node, with its account for these tokens.
func (p *practice) holder(mark string) (texts, string) {
	p.board.t.Helper()
	who := texts{"person": p.board.person(mark), "at": p.creators}
	var held creator.Held
	p.board.do("creator", "held", who, &held)
	return who, held.Account.String()
}

// bought has the board pay a token for a holder.
func (p *practice) bought(issue, by string) string {
	p.board.t.Helper()
	var sold creator.Sold
	p.board.do("creator", "buy", texts{"issue": issue, "for": by}, &sold)
	return sold.Token.String()
}

func (p *practice) token(id string) (now creator.Token) {
	p.board.t.Helper()
	p.board.do("creator", "token", texts{"token": id}, &now)
	return now
}

// may asks whether an account may use a right now.
func (p *practice) may(token, right, who string) bool {
	p.board.t.Helper()
	var out struct{ May bool }
	p.board.do("creator", "right", texts{"token": token, "right": right, "who": who}, &out)
	return out.May
}

// TestTheDoctorsHundredTokens is an issue from the board's word to the stake that is free again.
func TestTheDoctorsHundredTokens(t *testing.T) {
	t.Parallel()
	p := newPractice(t)
	if _, err := p.open("100", nil); err == nil || !strings.Contains(err.Error(), "trust") && !strings.Contains(err.Error(), "last until") {
		t.Errorf("an issue on nobody's word: got error %v, want that the word does not hold", err)
	}
	p.trusted("200", "50000000")
	var word creator.Word
	p.board.do("creator", "word", texts{"creator": p.doctor.account().String()}, &word)
	if word.Weight != 200 || !word.Listed || word.Given != 200 || word.Capacity != 1000 {
		t.Errorf("the word: %+v, want 200 of 1000 of who is listed", word)
	}
	if _, err := p.open("101", nil); err == nil || !strings.Contains(err.Error(), "OverReputation") {
		t.Errorf("101 tokens of two rights on a word of 200: got error %v, want OverReputation", err)
	}
	opened, err := p.open("100", nil)
	if err != nil {
		t.Fatal(err)
	}
	issue := opened.Issue.String()
	if now := p.standing(); now.Free.Int().Sign() != 0 || now.Promises != 200 {
		t.Errorf("after the opening: %+v, want no free stake and 200 promises", now)
	}
	if _, err := p.open("1", texts{"salt": sinso.Hash{9}.String()}); err == nil {
		t.Error("another token was issued on the same word and stake")
	}
	p.used(issue)
	p.shared(issue)
	p.over(issue)
}

// used has one holder use a consultation, and another be compensated for one that did not happen.
func (p *practice) used(issue string) {
	t := p.board.t
	t.Helper()
	ann, annAt := p.holder("m_ann")
	bob, bobAt := p.holder("m_bob")
	one, two := p.bought(issue, annAt), p.bought(issue, annAt)
	p.board.do("creator", "give", ann.with("token", two, "to", bobAt), nil)
	if p.may(two, "0", annAt) || !p.may(two, "0", bobAt) || !p.may(one, "0", annAt) {
		t.Error("who holds a token, and nobody else, may use its rights")
	}

	p.board.refused(sinso.ErrDenied, "creator", "honour", bob.with("token", one, "right", "0", "nonce", "0"))
	p.board.do("creator", "honour", ann.with("token", one, "right", "0", "nonce", "0"), nil)
	if p.may(one, "0", annAt) || !p.may(one, "1", annAt) {
		t.Error("a consultation is used up by its receipt, and the use of the model is not")
	}
	p.board.refused(sinso.ErrDenied, "creator", "demand", ann.with("token", one, "right", "0", "nonce", "0")) // used up
	if now := p.standing(); now.Free.String() != consultation {
		t.Errorf("after the receipt: %+v, want the stake of one consultation free", now)
	}

	p.board.refused(sinso.ErrDenied, "creator", "demand", bob.with("token", two, "right", "0", "nonce", "0")) // it moved since
	var due creator.Demanded
	p.board.do("creator", "demand", bob.with("token", two, "right", "0", "nonce", "1"), &due)
	p.board.refused(sinso.ErrDenied, "creator", "settle", texts{"token": two}) // the doctor has a week
	if now := p.token(two); now.Demand != "demanded" || now.Right == nil || *now.Right != 0 || now.DueAt == nil || !now.DueAt.Equal(due.DueAt) {
		t.Errorf("the token: %+v, want a demand of right 0 that is due at %s", now, due.DueAt)
	}
	p.board.refused(sinso.ErrDenied, "creator", "give", bob.with("token", two, "to", annAt)) // it stays while it is demanded
	p.board.clock.leap(7*day + time.Minute)
	p.doctor.refused(sinso.ErrDenied, "creator", "contest", texts{"token": two, "evidence": sinso.Hash{5}.String()})
	p.board.do("creator", "settle", texts{"token": two}, nil)
	var paid creator.Withdrawn
	p.board.do("creator", "take", bob, &paid)
	if paid.Amount.String() != consultation || paid.To.String() != bobAt {
		t.Errorf("paid %+v, want %s wei to %s", paid, consultation, bobAt)
	}
	p.contested(bob, two)
}

// contested has the creator contest a demand, and the panel decide for it.
func (p *practice) contested(bob texts, token string) {
	p.board.t.Helper()
	p.board.do("creator", "demand", bob.with("token", token, "right", "1", "nonce", "2"), nil)
	var brought creator.Contested
	evidence := texts{"token": token, "evidence": sinso.Hash{6}.String()}
	p.board.refused(sinso.ErrDenied, "creator", "contest", evidence) // it issued nothing
	p.doctor.do("creator", "contest", evidence, &brought)
	verdict := texts{"case": brought.Case.String(), "right": "true"}
	p.doctor.refused(sinso.ErrDenied, "creator", "decide", verdict) // it is not the panel
	p.board.do("creator", "decide", verdict, nil)
	var now creator.Token
	p.doctor.do("creator", "settle", texts{"token": token}, &now)
	if now.Demand != "none" || len(now.Left) != 1 || now.Left[0] != 1 {
		p.board.t.Errorf("the panel was for the doctor: %+v, want a token with the use of the model", now)
	}
}

// shared pays the patients and the doctor what the two first sales brought, and a royalty.
func (p *practice) shared(issue string) {
	t := p.board.t
	t.Helper()
	var due creator.Due
	first := texts{"issue": issue, "part": p.part(0)}
	p.board.do("creator", "part", first, &due)
	if due.Due.Int().Sign() != 0 || due.Waiting.String() != "2000000" || due.Weight != 3 || due.Total != 5 || due.Bps != 2500 {
		t.Errorf("before it is collected: %+v, want 2000000 that wait", due)
	}
	p.board.do("creator", "collect", texts{"issue": issue}, nil)
	for n, want := range []string{"300000", "100000", "100000"} {
		var paid creator.Claimed
		given := texts{"issue": issue, "part": p.part(n)}
		p.board.do("creator", "part", given, &due)
		p.board.do("creator", "claim", given, &paid)
		if paid.Amount.String() != want || due.Due.String() != want || paid.To != p.tree.Parts[n].Account {
			t.Errorf("patient %d: paid %+v of %+v, want %s", n, paid, due, want)
		}
		p.board.refused(sinso.ErrDenied, "creator", "claim", given) // not twice
	}
	greedy := p.tree.Parts[0]
	greedy.Weight = 5
	text, err := json.Marshal(greedy)
	if err != nil {
		t.Fatal(err)
	}
	p.board.refused(sinso.ErrInvalid, "creator", "claim", texts{"issue": issue, "part": string(text)})
	p.doctor.do("creator", "pay", texts{"issue": issue}, nil)
	p.doctor.refused(sinso.ErrDenied, "creator", "pay", texts{"issue": issue})
}

// over closes and ends the issue: the rest of the stake is the doctor's again.
func (p *practice) over(issue string) {
	t := p.board.t
	t.Helper()
	which := texts{"issue": issue}
	p.board.refused(sinso.ErrDenied, "creator", "close", which) // it is not the doctor
	p.doctor.do("creator", "close", which, nil)
	// Of what was put up, one compensation went; one use of the model of each token that was sold is bound.
	want := big.NewInt(50_000_000 - 300_000 - 2*200_000)
	if now := p.standing(); now.Free.Int().Cmp(want) != 0 || now.Promises != 4 {
		t.Errorf("after the close: %+v, want %s free and 4 promises", now, want)
	}
	p.doctor.refused(sinso.ErrDenied, "creator", "end", which)
	p.doctor.refused(sinso.ErrDenied, "creator", "unstake", texts{"amount": "49700000"}) // some is bound still
	p.board.clock.leap(60 * day)
	p.doctor.do("creator", "end", which, nil)
	p.doctor.do("creator", "unstake", texts{"amount": "49700000"}, nil)
	var paid creator.Withdrawn
	p.doctor.do("creator", "withdraw", nil, &paid)
	now := p.standing()
	var shown creator.Shown
	p.board.do("creator", "show", which, &shown)
	if paid.Amount.String() != "49700000" || now.Free.Int().Sign() != 0 || now.Promises != 0 || shown.State != "ended" || shown.Sold != 2 || shown.Bonded.Int().Sign() != 0 {
		t.Errorf("at the end: paid %+v, %+v, %+v", paid, now, shown)
	}
	var all []creator.Shown
	p.board.do("creator", "ls", texts{"creator": p.doctor.account().String()}, &all)
	if len(all) != 1 || all[0].Issue.String() != issue {
		t.Errorf("the doctor's issues: %+v, want the one", all)
	}
	p.board.do("creator", "ls", texts{"creator": p.board.account().String()}, &all)
	if len(all) != 0 {
		t.Errorf("the board's issues: %+v, want none", all)
	}
}

// TestCreatorRefuses gives the acts of creators what is wrong, or another's; nothing of it changes a token.
func TestCreatorRefuses(t *testing.T) {
	t.Parallel()
	p := newPractice(t)
	p.trusted("200", "49999999")
	opened, err := p.open("2", nil)
	if err != nil {
		t.Fatal(err)
	}
	issue := opened.Issue.String()
	ann, annAt := p.holder("m_ann")
	bob, _ := p.holder("m_bob")
	token := p.bought(issue, annAt)
	p.bought(issue, annAt)
	other := texts{"person": ann["person"], "at": sinso.Address{9}.String()}
	nobody := sinso.Hash{0xee}.String()
	stranger := strings.Replace(p.part(0), p.tree.Parts[0].Account.String(), sinso.Address{0x66}.String(), 1)
	long := `[{"account":"` + sinso.Address{1}.String() + `","weight":18446744073709551615},{"account":"` + sinso.Address{2}.String() + `","weight":1}]`
	for name, tt := range map[string]struct {
		class error
		verb  string
		given texts
	}{
		"no such issue":              {sinso.ErrNotFound, "show", texts{"issue": nobody}},
		"a token for its issue":      {sinso.ErrNotFound, "show", texts{"issue": token}},
		"no such token":              {sinso.ErrNotFound, "token", texts{"token": issue}},
		"a token of no issue":        {sinso.ErrNotFound, "settle", texts{"token": nobody}},
		"no such right":              {sinso.ErrNotFound, "demand", ann.with("token", token, "right", "2", "nonce", "0")},
		"another's token":            {sinso.ErrDenied, "demand", bob.with("token", token, "right", "0", "nonce", "0")},
		"a nonce that was not seen":  {sinso.ErrDenied, "demand", ann.with("token", token, "right", "0", "nonce", "1")},
		"an account for another":     {sinso.ErrInvalid, "demand", other.with("token", token, "right", "0", "nonce", "0")},
		"a receipt of another":       {sinso.ErrDenied, "honour", bob.with("token", token, "right", "0", "nonce", "0")},
		"a receipt that is not due":  {sinso.ErrDenied, "honour", ann.with("token", token, "right", "1", "nonce", "0")},
		"another gives it":           {sinso.ErrDenied, "give", bob.with("token", token, "to", annAt)},
		"to nobody":                  {sinso.ErrInvalid, "give", ann.with("token", token, "to", sinso.Address{}.String())},
		"nothing is owed":            {sinso.ErrDenied, "take", ann},
		"nothing was demanded":       {sinso.ErrDenied, "settle", texts{"token": token}},
		"no such case":               {sinso.ErrDenied, "decide", texts{"case": nobody}},
		"all are sold":               {sinso.ErrDenied, "buy", texts{"issue": issue, "for": annAt}},
		"bought for nobody":          {sinso.ErrInvalid, "buy", texts{"issue": issue, "for": sinso.Address{}.String()}},
		"another closes it":          {sinso.ErrDenied, "close", texts{"issue": issue}},
		"it is not over":             {sinso.ErrDenied, "end", texts{"issue": issue}},
		"stake of nothing":           {sinso.ErrDenied, "stake", texts{"amount": "0"}},
		"stake that is not there":    {sinso.ErrDenied, "unstake", texts{"amount": "1"}},
		"a word above the capacity":  {sinso.ErrDenied, "attest", texts{"creator": annAt, "weight": "801", "until": p.board.at(day)}},
		"a word that has ended":      {sinso.ErrDenied, "attest", texts{"creator": annAt, "weight": "1", "until": "2020-01-01T00:00:00Z"}},
		"a word above a number":      {sinso.ErrInvalid, "attest", texts{"creator": annAt, "weight": "4294967296", "until": p.board.at(day)}},
		"a word that did not end":    {sinso.ErrDenied, "lapse", texts{"creator": p.doctor.account().String()}},
		"no list":                    {sinso.ErrInvalid, "patients", texts{"list": "[]"}},
		"a list with names":          {sinso.ErrInvalid, "patients", texts{"list": `[{"account":"` + annAt + `","weight":1,"name":"Ann"}]`}},
		"a weight of nothing":        {sinso.ErrInvalid, "patients", texts{"list": `[{"account":"` + annAt + `","weight":0}]`}},
		"one account twice":          {sinso.ErrInvalid, "patients", texts{"list": `[{"account":"` + annAt + `","weight":1},{"account":"` + annAt + `","weight":1}]`}},
		"more weight than counts":    {sinso.ErrInvalid, "patients", texts{"list": long}},
		"a part that is none":        {sinso.ErrInvalid, "claim", texts{"issue": issue, "part": "mine"}},
		"a part with more after it":  {sinso.ErrInvalid, "claim", texts{"issue": issue, "part": p.part(0) + "{}"}},
		"a stranger's part":          {sinso.ErrInvalid, "part", texts{"issue": issue, "part": stranger}},
		"nothing is in the till yet": {sinso.ErrDenied, "claim", texts{"issue": issue, "part": p.part(0)}},
	} {
		t.Run(name, func(*testing.T) { p.board.refused(tt.class, "creator", tt.verb, tt.given) })
	}
	p.openRefuses()
	if now := p.token(token); now.Owner.String() != annAt || now.Nonce != 0 || now.Demand != "none" || len(now.Left) != 2 {
		t.Errorf("after all that the token is %+v", now)
	}
	keeps(t, p.board.Node, ann["person"], "2 tokens of creators: sinso creator give")
}

// openRefuses opens what is out of bounds.
func (p *practice) openRefuses() {
	t := p.board.t
	t.Helper()
	for name, tt := range map[string]struct {
		class error
		given texts
	}{
		"no token":                      {sinso.ErrDenied, texts{"supply": "0"}},
		"more tokens than there can be": {sinso.ErrInvalid, texts{"supply": "65536"}},
		"more than the stake":           {sinso.ErrDenied, texts{"supply": "98", "salt": sinso.Hash{8}.String()}},
		"less than the patients' floor": {sinso.ErrDenied, texts{"patients-bps": "999"}},
		"a sale that is over":           {sinso.ErrDenied, texts{"sale-until": "2020-01-01T00:00:00Z"}},
		"a word that ends before":       {sinso.ErrDenied, texts{"until": p.board.at(100 * day)}},
		"an attester that is not one":   {sinso.ErrDenied, texts{"attester": sinso.Address{7}.String()}},
		"a price without a bond":        {sinso.ErrDenied, texts{"price": "2500001"}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := p.open("1", tt.given); !errors.Is(err, tt.class) {
				t.Errorf("got error %v, want %v", err, tt.class)
			}
		})
	}
	for name, right := range map[string]string{
		"no right": "", "two things": sinso.Hash{1}.String() + ",5", "perhaps": sinso.Hash{1}.String() + ",5,perhaps",
		"less than nothing": sinso.Hash{1}.String() + ",-5,once", "more than counts": sinso.Hash{1}.String() + ",79228162514264337593543950336,once",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := p.doctor.several("creator", "open", p.terms.with("supply", "1"), map[string][]string{"right": {right}}); !errors.Is(err, sinso.ErrInvalid) {
				t.Errorf("got error %v, want ErrInvalid", err)
			}
		})
	}
}
