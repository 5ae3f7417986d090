package node

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/contracts"
	"sinso.dev/sinso/internal/way"
)

// leapingClock is a fast clock that leaps when it is told to.
type leapingClock struct {
	fastClock
	mu    sync.Mutex
	ahead time.Duration
}

func (c *leapingClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.fastClock.Now().Add(c.ahead)
}

func (c *leapingClock) leap(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

// dac is one node with the embedded chain, whose account is guardian and panel, and a
// clock that leaps.
type dac struct {
	*testing.T
	node  *Node
	clock *leapingClock
}

func newDAC(t *testing.T) *dac {
	clock := &leapingClock{fastClock: fastClock{From: time.Now(), Speed: 20}}
	tn := &town{dir: t.TempDir(), clock: clock}
	n, err := tn.node(t.Context(), Config{Data: filepath.Join(tn.dir, "node"), Chain: "dev:", DIMSEListen: "none"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tn.close(); err != nil {
			t.Error(err)
		}
	})
	d := &dac{T: t, node: n, clock: clock}
	d.account()
	d.voices(sinso.Address{1})      // deploys
	clock.leap(7*day + time.Minute) // no week before the deployment is paid
	return d
}

// given reads "name=value …" for an act; a file's text is given apart.
func (d *dac) given(act, texts, list string) (sinso.Act, sinso.Given) {
	d.Helper()
	noun, verb, _ := strings.Cut(act, " ")
	known, err := way.ActNamed(noun, verb)
	if err != nil {
		d.Fatal(err)
	}
	params := map[string][]string{}
	for _, text := range strings.Fields(texts) {
		name, value, _ := strings.Cut(text, "=")
		params[name] = []string{value}
	}
	if list != "" {
		params["list"] = []string{list}
	}
	given, err := known.Read(params)
	if err != nil {
		d.Fatal(err)
	}
	return known, given
}

func newID() (id sinso.Hash) {
	_, _ = rand.Read(id[:]) // never fails
	return id
}

// try does an act under a fresh name.
func (d *dac) try(act, texts, list string) (ActDone, error) {
	d.Helper()
	known, given := d.given(act, texts, list)
	return d.node.Act(d.Context(), newID(), known, given, "test")
}

// do does an act, and puts what came of it into the value that into points to, if any.
func (d *dac) do(act, texts, list string, into any) {
	d.Helper()
	done, err := d.try(act, texts, list)
	if err != nil {
		d.Fatalf("%s: %v", act, err)
	}
	d.Logf("%s %s: %d wei", act, texts, done.Fee.Int())
	d.fill(done.Result, into)
}

// ask asks, and puts the answer into the value that into points to.
func (d *dac) ask(act, texts, list string, into any) {
	d.Helper()
	known, given := d.given(act, texts, list)
	answer, err := d.node.Ask(d.Context(), known, given, "test")
	if err != nil {
		d.Fatalf("%s: %v", act, err)
	}
	d.fill(answer, into)
}

func (d *dac) fill(from, into any) {
	d.Helper()
	if into == nil {
		return
	}
	text, err := json.Marshal(from)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		d.Fatal(err)
	}
}

// refused wants an act to be refused with words.
func (d *dac) refused(act, texts, list string, want error, words string) {
	d.Helper()
	if _, err := d.try(act, texts, list); !errors.Is(err, want) || !strings.Contains(fmt.Sprint(err), words) {
		d.Errorf("%s %s: got error %v, want %v that says %q", act, texts, err, want, words)
	}
}

// denied wants a deed of the node's account to be denied, before it is sent.
func (d *dac) denied(call sinso.Call, words string) {
	d.Helper()
	_, err := d.node.Deeds.Plan(d.Context(), sinso.Deed{Doing: "try", Call: call}, d.account())
	if !errors.Is(err, sinso.ErrDenied) || !strings.Contains(fmt.Sprint(err), words) {
		d.Errorf("%s of %s: got error %v, want ErrDenied that says %q", call.Method, call.Contract, err, words)
	}
}

func (d *dac) account() sinso.Address {
	d.Helper()
	status, err := d.node.ChainStatus(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	return status.Account
}

func (d *dac) voices(of sinso.Address) sinso.Wei {
	d.Helper()
	var n sinso.Wei
	if err := d.node.Deeds.Ask(d.Context(), sinso.Call{Contract: "Voice", Method: "balanceOf", Args: []any{of}}, &n); err != nil {
		d.Fatal(err)
	}
	return n
}

func whole(n int64) *big.Int {
	return new(big.Int).Mul(big.NewInt(n), new(big.Int).Exp(big.NewInt(10), big.NewInt(18), nil))
}

// lastWeek is the newest week that is over.
func (d *dac) lastWeek() string {
	return strconv.FormatInt(d.clock.Now().Unix()/int64(7*day/time.Second)-1, 10)
}

// earnings is a list of five lines: the first and the last, which stands alone in its row,
// are of the node's account.
func (d *dac) earnings() string {
	type line struct {
		Account sinso.Address `json:"account"`
		Amount  string        `json:"amount"`
		Kind    string        `json:"kind"`
	}
	own := d.account()
	text, err := json.Marshal([]line{
		{own, whole(1500).String(), "provider"},
		{sinso.Address{1}, whole(30).String(), "contributor"},
		{sinso.Address{2}, whole(20).String(), "contributor"},
		{sinso.Address{3}, "1", "curator"},
		{own, whole(500).String(), "order"},
	})
	if err != nil {
		d.Fatal(err)
	}
	return string(text)
}

// posted is what post says and show tells.
type posted struct {
	Posting uint64
	State   string
	Left    sinso.Wei
	Fits    *bool
	Lines   []struct {
		Index   uint64
		Claimed bool
	}
}

// earn lets the node's account earn 2000 voices by a list of a week.
func (d *dac) earn() (list string, posting uint64) {
	d.Helper()
	list = d.earnings()
	var p posted
	d.do("reward post", "week="+d.lastWeek(), list, &p)
	d.clock.leap(7*day + time.Minute)
	d.do("reward settle", fmt.Sprintf("posting=%d", p.Posting), "", nil)
	for _, index := range []int{0, 4} {
		d.do("reward claim", fmt.Sprintf("posting=%d index=%d", p.Posting, index), list, nil)
	}
	return list, p.Posting
}

// A week's list is posted, looked at, settled when nobody disputed it, and claimed, each
// line once and only by the list that was posted.
func TestAWeekIsEarned(t *testing.T) {
	d := newDAC(t)
	list := d.earnings()
	d.refused("reward post", "week=9999999", list, sinso.ErrDenied, "too early")
	var p posted
	d.do("reward post", "week="+d.lastWeek(), list, &p)
	number := fmt.Sprintf("posting=%d", p.Posting)
	d.refused("reward settle", number, "", sinso.ErrDenied, "too early to do this; until 20")
	d.refused("reward claim", number+" index=0", list, sinso.ErrDenied, "left")
	d.ask("reward show", number, strings.Replace(list, "500", "400", 1), &p)
	if p.State != "posted" || p.Fits == nil || *p.Fits {
		t.Errorf("another list: got %+v, want one that is posted, and that it does not fit", p)
	}

	d.clock.leap(7*day + time.Minute)
	d.refused("reward dispute", number, "", sinso.ErrDenied, "the time to do this is over")
	d.do("reward settle", number, "", nil)
	d.refused("reward claim", number+" index=0", strings.Replace(list, "500", "400", 1), sinso.ErrInvalid, "not the one that was posted")
	d.refused("reward claim", number+" index=5", list, sinso.ErrNotFound, "no line 5")
	d.refused("reward claim", "posting=7 index=0", list, sinso.ErrNotFound, "no posting 7")
	for index := range 5 {
		d.do("reward claim", fmt.Sprintf("%s index=%d", number, index), list, nil)
	}
	d.refused("reward claim", number+" index=3", list, sinso.ErrDenied, "")
	if got := d.voices(d.account()); got.Int().Cmp(whole(2000)) != 0 {
		t.Errorf("got %s of 10^-18 voices, want 2000 voices", got)
	}
	if got := d.voices(sinso.Address{3}); got.String() != "1" {
		t.Errorf("who carried nothing got %s, want 1", got)
	}
	d.ask("reward show", number, list, &p)
	if p.State != "settled" || p.Left.Int().Sign() != 0 || !*p.Fits || len(p.Lines) != 2 || p.Lines[1].Index != 4 || !p.Lines[1].Claimed {
		t.Errorf("got %+v, want a settled list of which nothing is left, and two lines of ours", p)
	}
	d.do("reward withdraw", "", "", nil)
	d.refused("reward withdraw", "", "", sinso.ErrDenied, "owed nothing")
}

// A wrong list is disputed and decided against; the right one beside it is settled.
func TestAWrongListIsDisputed(t *testing.T) {
	d := newDAC(t)
	list := d.earnings()
	week := "week=" + d.lastWeek()
	d.do("reward post", week, strings.Replace(list, "500", "900", 1), nil)
	d.do("reward post", week, list, nil)
	d.do("reward dispute", "posting=1", "", nil)
	d.refused("reward settle", "posting=1", "", sinso.ErrDenied, "not in a state")
	d.refused("reward expire", "posting=1", "", sinso.ErrDenied, "too early")
	d.do("reward decide", "posting=1 right=false", "", nil)
	d.clock.leap(7*day + time.Minute)
	d.do("reward settle", "posting=2", "", nil)
	var all []posted
	d.ask("reward ls", "", "", &all)
	if len(all) != 2 || all[0].State != "rejected" || all[1].State != "settled" {
		t.Errorf("got %+v, want the wrong list rejected and the right one settled", all)
	}
	d.refused("reward close", "posting=2", "", sinso.ErrDenied, "too early")
	d.clock.leap(366 * day)
	d.do("reward close", "posting=2", "", nil)
	d.refused("reward claim", "posting=2 index=0", list, sinso.ErrDenied, "")
}

// An act that was cut off after its transaction is asked for again under its name: nothing
// is done twice.
func TestAPostingIsMadeOnce(t *testing.T) {
	d := newDAC(t)
	known, given := d.given("reward post", "week="+d.lastWeek(), d.earnings())
	id := newID()
	var txs []sinso.Hash
	for range 2 {
		done, err := d.node.Act(d.Context(), id, known, given, "test")
		if err != nil {
			t.Fatal(err)
		}
		txs = append(txs, done.Txs[0].Hash)
	}
	var all []posted
	d.ask("reward ls", "", "", &all)
	if txs[0] != txs[1] || len(all) != 1 {
		t.Errorf("got %d postings by %s and %s, want one", len(all), txs[0], txs[1])
	}
}

// The vote that changes a fee: voices are earned, delegated, and vote; what was voted for
// waits its time, and then the fee is another.
func TestAVoteChangesAFee(t *testing.T) {
	d := newDAC(t)
	const change = "parameter=fee-bps value=300 text=dearer"
	d.refused("dac propose", change, "", sinso.ErrDenied, "does not have the votes")
	d.earn()
	d.refused("dac propose", change, "", sinso.ErrDenied, "does not have the votes") // they vote only when they are delegated
	d.votes(2000, 0)
	d.do("dac delegate", "", "", nil)
	d.votes(2000, 2000)
	d.clock.leap(time.Minute)

	var p struct{ Proposal sinso.Hash }
	d.do("dac propose", change, "", &p)
	which := "proposal=" + p.Proposal.String()
	d.stands(which, "pending", 0)
	d.refused("dac vote", which+" say=for", "", sinso.ErrDenied, "not in a state")
	d.clock.leap(day + time.Minute)
	d.refused("dac vote", which+" say=perhaps", "", sinso.ErrInvalid, "for, against or abstain")
	d.do("dac vote", which+" say=for", "", nil)
	d.refused("dac vote", which+" say=against", "", sinso.ErrDenied, "has voted")
	d.refused("dac cancel", which, "", sinso.ErrDenied, "before the vote begins")
	d.stands(which, "active", 2000)
	d.refused("dac queue", which, "", sinso.ErrDenied, "not in a state")

	d.clock.leap(5 * day)
	d.stands(which, "succeeded", 2000)
	d.do("dac queue", which, "", nil)
	d.stands(which, "queued", 2000)
	d.due(which)
	d.refused("dac execute", which, "", sinso.ErrDenied, "its delay is not over")
	d.fee(250)
	d.clock.leap(2*day + time.Minute)
	d.do("dac execute", which, "", nil)
	d.stands(which, "executed", 2000)
	d.fee(300)
	d.refused("dac execute", which, "", sinso.ErrDenied, "")
}

func (d *dac) stands(which, state string, votes int64) {
	d.Helper()
	var shown struct {
		State string
		For   sinso.Wei
	}
	d.ask("dac show", which, "", &shown)
	if shown.State != state || shown.For.Int().Cmp(whole(votes)) != 0 {
		d.Errorf("the proposal: got %+v, want it %s with %d voices for it", shown, state, votes)
	}
}

func (d *dac) votes(voices, votes int64) {
	d.Helper()
	var got struct {
		Voices, Votes, Needed sinso.Wei
		Delegate              *sinso.Address
	}
	d.ask("dac voices", "", "", &got)
	if got.Voices.Int().Cmp(whole(voices)) != 0 || got.Votes.Int().Cmp(whole(votes)) != 0 || got.Needed.Int().Cmp(whole(100)) != 0 || (got.Delegate != nil) != (votes > 0) {
		d.Errorf("got %+v, want %d voices and %d votes", got, voices, votes)
	}
}

// due wants a queued proposal to be due in two days, and its quorum to be the floor.
func (d *dac) due(which string) {
	d.Helper()
	var shown struct {
		Quorum sinso.Wei
		Due    time.Time
	}
	d.ask("dac show", which, "", &shown)
	if in := shown.Due.Sub(d.clock.Now()); in < day || in > 2*day || shown.Quorum.Int().Cmp(whole(1000)) != 0 {
		d.Errorf("got %+v, due in %s; want two days, and a quorum of 1000 voices", shown, in)
	}
}

// A queued proposal is stopped by the guardian of the veto, and stays so.
func TestAVetoStopsWhatIsQueued(t *testing.T) {
	d := newDAC(t)
	d.earn()
	d.do("dac delegate", "", "", nil)
	d.clock.leap(time.Minute)
	var p struct{ Proposal sinso.Hash }
	d.do("dac propose-payment", fmt.Sprintf("to=%s amount=1 text=mine", sinso.Address{9}), "", &p)
	which := "proposal=" + p.Proposal.String()
	reason := " reason=" + sinso.Hash{1}.String()
	d.clock.leap(day + time.Minute)
	d.do("dac vote", which+" say=for", "", nil)
	d.refused("dac veto", which+reason, "", sinso.ErrDenied, "not in a state")
	d.clock.leap(5 * day)
	d.do("dac queue", which, "", nil)
	d.refused("dac veto", which+" reason="+sinso.Hash{}.String(), "", sinso.ErrDenied, "must say why")
	d.do("dac veto", which+reason, "", nil)
	d.stands(which, "cancelled", 2000)
	d.clock.leap(2*day + time.Minute)
	d.refused("dac execute", which, "", sinso.ErrDenied, "not in a state")
}

func (d *dac) fee(want uint32) {
	d.Helper()
	var all []sinso.Bounded
	d.ask("dac parameters", "", "", &all)
	if all[0].Name != "fee-bps" || all[0].Value != want || all[0].Most != 500 {
		d.Errorf("the fee: got %+v, want %d bps", all[0], want)
	}
}

// The guardian pauses what is new, for at most 7 days and not again at once. What people have
// they revoke, claim and withdraw meanwhile, and nothing of it is the guardian's.
func TestTheGuardianPausesAndCannotSteal(t *testing.T) {
	d := newDAC(t)
	list, _ := d.earn()
	d.do("reward post", "week="+d.lastWeek(), list, nil)
	d.refused("dac pause", "span=8d", "", sinso.ErrDenied, "1 second to 7 days")
	d.clock.leap(7*day + time.Minute) // so that the second list can be settled in the pause
	d.do("dac pause", "span=7d", "", nil)

	d.paused(true)
	const words = "nothing new is taken in while the guardian's pause lasts"
	d.refused("reward post", "week="+d.lastWeek(), list, sinso.ErrDenied, words)
	d.denied(stakingCall(), words)
	d.denied(requesting(d.account(), d.clock.Now()), words)
	d.do("reward settle", "posting=2", "", nil)
	d.do("reward claim", "posting=2 index=0", list, nil)
	d.do("reward withdraw", "", "", nil)
	revoke := sinso.Deed{Doing: "revoke all", Call: sinso.Call{Contract: "Consent", Method: "revokeAll"}}
	if _, err := d.node.Deeds.Do(t.Context(), newID(), revoke, [32]byte{}); err != nil {
		t.Errorf("revoke in the pause: %v", err)
	}
	d.robs()

	d.refused("dac pause", "span=1d", "", sinso.ErrDenied, "the next can start after this moment; until 20")
	d.clock.leap(7 * day)
	d.do("reward post", "week="+d.lastWeek(), list, nil) // by itself
	d.paused(false)
	if _, err := d.node.Deeds.Plan(t.Context(), sinso.Deed{Call: stakingCall()}, d.account()); errors.Is(err, sinso.ErrDenied) && strings.Contains(err.Error(), words) {
		t.Errorf("staking after the pause: %v", err)
	}
	d.refused("dac pause", "span=1d", "", sinso.ErrDenied, "the next can start after this moment")
	d.refused("dac unpause", "", "", sinso.ErrDenied, "no pause to end")
	d.clock.leap(7 * day)
	d.do("dac pause", "span=1d", "", nil)
	d.do("dac unpause", "", "", nil)
	d.refused("dac pause", "span=1d", "", sinso.ErrDenied, "the next can start after this moment") // an early end shortens no rest
}

func (d *dac) paused(want bool) {
	d.Helper()
	var got struct {
		Guardian         sinso.Address
		Paused           bool
		Until, RestUntil time.Time
	}
	d.ask("dac guardian", "", "", &got)
	if got.Paused != want || got.Guardian != d.account() || got.RestUntil.Sub(got.Until) != 7*day {
		d.Errorf("got %+v, want it paused: %t, by this account, and a rest of 7 days", got, want)
	}
}

// robs tries all that the guardian could think of, and looks that the treasury's money stays.
func (d *dac) robs() {
	d.Helper()
	treasury, err := d.node.Deeds.At("Treasury")
	if err != nil {
		d.Fatal(err)
	}
	if _, err := d.node.Chain.Fund(d.Context(), treasury, sinso.NewWei(whole(3))); err != nil {
		d.Fatal(err)
	}
	own, one := d.account(), sinso.NewWei(whole(1))
	for _, call := range []sinso.Call{
		{Contract: "Treasury", Method: "schedule", Args: []any{own, one, []byte{}, sinso.Hash{}, sinso.Hash{}, 30 * day}},
		{Contract: "Treasury", Method: "execute", Args: []any{own, one, []byte{}, sinso.Hash{}, sinso.Hash{}}},
		{Contract: "Voice", Method: "mint", Args: []any{1, one}},
		{Contract: "Registry", Method: "set", Args: []any{0, 300}},
		{Contract: "Rewards", Method: "setPanel", Args: []any{own}},
		{Contract: "Rewards", Method: "withdrawTo", Args: []any{sinso.Address{}, own}},
		{Contract: "Pause", Method: "appoint", Args: []any{own}},
	} {
		d.denied(call, "")
	}
	if balance, err := d.node.Chain.Balance(d.Context(), treasury); err != nil || balance.Int().Cmp(whole(3)) != 0 {
		d.Errorf("the treasury has %s wei and error %v, want 3 units", balance, err)
	}
	d.onlyPauses()
}

// onlyPauses looks that the switch has no function that could move anything.
func (d *dac) onlyPauses() {
	d.Helper()
	source, err := contracts.Load("Pause")
	if err != nil {
		d.Fatal(err)
	}
	var entries []struct{ Type, Name, StateMutability string }
	if err := json.Unmarshal(source.ABI, &entries); err != nil {
		d.Fatal(err)
	}
	var changing []string
	for _, e := range entries {
		if e.Type != "constructor" && e.StateMutability != "" && e.StateMutability != "view" && e.StateMutability != "pure" {
			changing = append(changing, e.Type+" "+e.Name)
		}
	}
	slices.Sort(changing)
	if want := []string{"function appoint", "function end", "function pause"}; !slices.Equal(changing, want) {
		d.Errorf("the switch has %q, want %q", changing, want)
	}
}

func stakingCall() sinso.Call {
	return sinso.Call{Contract: "Staking", Method: "open", Args: []any{struct {
		Tokens, Currency                sinso.Address
		UnbondingSeconds, StreamSeconds uint32
		WeightCap                       uint64
		TermsHash                       sinso.Hash
	}{}}}
}

func requesting(buyer sinso.Address, now time.Time) sinso.Call {
	return sinso.Call{Contract: "Requests", Method: "open", Args: []any{struct {
		Buyer, Currency sinso.Address
		Price           sinso.Wei
		Answers         uint32
		CriteriaHash    sinso.Hash
		EndsAt          time.Time
		Notice          uint32
		Salt            sinso.Hash
	}{Buyer: buyer, Answers: 1, EndsAt: now.Add(day)}}}
}

// A person allows somebody to read: the grant is signed and never on the chain, opens while
// it lasts, and is taken back by itself or with all others, in a pause too.
func TestAGrantIsGivenAndTakenBack(t *testing.T) {
	d := newDAC(t)
	person, err := d.node.CreatePerson(t.Context(), "test", "p_grants", "")
	if err != nil {
		t.Fatal(err)
	}
	var before struct{ Epoch uint64 }
	if err := d.node.Deeds.Ask(t.Context(), sinso.Call{Contract: "Consent", Method: "epochOf", Args: []any{sinso.Address{1}}}, &before.Epoch); err != nil {
		t.Fatal(err)
	}
	at, err := d.node.Deeds.At("Consent")
	if err != nil {
		t.Fatal(err)
	}
	who := fmt.Sprintf("person=%s at=%s", person, at)
	first, second := d.grant(who, 0), d.grant(who, day)
	d.worth(first, "open")
	d.worth(second, "not yet")
	d.worth(strings.Replace(first, `"epoch":0`, `"epoch":1`, 1), "not signed")
	d.do("dac pause", "span=7d", "", nil)

	var signed struct{ Hash sinso.Hash }
	d.fill(json.RawMessage(first), &signed)
	d.do("consent revoke", who+" hash="+signed.Hash.String(), "", nil)
	d.worth(first, "revoked")
	d.clock.leap(day + time.Minute)
	d.worth(second, "open")
	d.do("consent revoke-all", who+" epoch=0", "", nil)
	d.refused("consent revoke-all", who+" epoch=0", "", sinso.ErrDenied, "another epoch")
	d.worth(second, "revoked")
	d.ask("consent epoch", who, "", &before)
	third := d.grant(who, 0)
	d.worth(third, "open")
	if before.Epoch == 0 || !strings.Contains(third, fmt.Sprintf(`"epoch":%d`, before.Epoch)) {
		t.Errorf("the epoch is %d, and a new grant is %s", before.Epoch, third)
	}
	d.clock.leap(30 * day)
	d.worth(third, "over")
	d.refused("consent revoke", fmt.Sprintf("person=%s at=%s hash=%s", person, sinso.Address{9}, signed.Hash), "", sinso.ErrInvalid, "stands at")
	d.refused("consent revoke", fmt.Sprintf("person=%s at=%s hash=%s", "nobody", at, signed.Hash), "", sinso.ErrNotFound, "")
}

// grant signs a grant of ten days that begins later by so much, and returns it as it is printed.
func (d *dac) grant(who string, later time.Duration) string {
	d.Helper()
	now := d.clock.Now().UTC().Truncate(time.Second)
	texts := fmt.Sprintf("%s to=%s scope=%s purpose=%s until=%s", who, sinso.Address{7}, sinso.Hash{1}, sinso.Hash{2}, now.Add(10*day).Format(time.RFC3339))
	if later > 0 {
		texts += " from=" + now.Add(later).Format(time.RFC3339)
	}
	var printed json.RawMessage
	d.ask("consent grant", texts, "", &printed)
	return string(printed)
}

func (d *dac) worth(grant, want string) {
	d.Helper()
	known, err := way.ActNamed("consent", "check")
	if err != nil {
		d.Fatal(err)
	}
	given, err := known.Read(map[string][]string{"grant": {grant}})
	if err != nil {
		d.Fatal(err)
	}
	var checked, signed struct {
		Hash     sinso.Hash
		Standing string
		Opens    bool
	}
	answer, err := d.node.Ask(d.Context(), known, given, "test")
	if err != nil {
		d.Fatal(err)
	}
	d.fill(answer, &checked)
	d.fill(json.RawMessage(grant), &signed)
	if checked.Standing != want || checked.Opens != (want == "open") || want != "not signed" && checked.Hash != signed.Hash {
		d.Errorf("the grant: got %+v, want %q, and the hash %s", checked, want, signed.Hash)
	}
}
