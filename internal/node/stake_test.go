package node

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/stage/act/stake"
	"sinso.dev/sinso/internal/stage/ingest"
	"sinso.dev/sinso/internal/way"
)

// actor does acts at a node, as a command does.
type actor struct {
	t *testing.T
	n *Node
}

// texts are parameters, by turns a name and its text.
func (a actor) read(name string, texts []string) (sinso.Act, sinso.Given) {
	a.t.Helper()
	noun, verb, _ := strings.Cut(name, " ")
	act, err := way.ActNamed(noun, verb)
	if err != nil {
		a.t.Fatal(err)
	}
	given := map[string][]string{}
	for i := 0; i+1 < len(texts); i += 2 {
		given[texts[i]] = append(given[texts[i]], texts[i+1])
	}
	read, err := act.Read(given)
	if err != nil {
		a.t.Fatal(err)
	}
	return act, read
}

func (a actor) try(name string, texts ...string) (ActDone, error) {
	a.t.Helper()
	act, given := a.read(name, texts)
	var id sinso.Hash
	if _, err := rand.Read(id[:]); err != nil {
		a.t.Fatal(err)
	}
	return a.n.Act(a.t.Context(), id, act, given, "test")
}

// do does an act, and puts what came of it into into.
func (a actor) do(into any, name string, texts ...string) ActDone {
	a.t.Helper()
	done, err := a.try(name, texts...)
	if err != nil {
		a.t.Fatalf("%s: %v", name, err)
	}
	a.told(into, done.Result)
	return done
}

func (a actor) ask(into any, name string, texts ...string) string {
	a.t.Helper()
	act, given := a.read(name, texts)
	answer, err := a.n.Ask(a.t.Context(), act, given, "test")
	if err != nil {
		a.t.Fatalf("%s: %v", name, err)
	}
	return a.told(into, answer)
}

func (a actor) told(into, value any) string {
	a.t.Helper()
	text, err := json.Marshal(value)
	if err == nil && into != nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		a.t.Fatal(err)
	}
	return string(text)
}

func (a actor) refused(class error, sentence, name string, texts ...string) {
	a.t.Helper()
	if _, err := a.try(name, texts...); !errors.Is(err, class) || !strings.Contains(err.Error(), sentence) {
		a.t.Errorf("%s: got %v, want %v: … %s …", name, err, class, sentence)
	}
}

func (a actor) account() sinso.Address {
	a.t.Helper()
	status, err := a.n.Status(a.t.Context())
	if err != nil {
		a.t.Fatal(err)
	}
	return status.Account
}

// chainAsks asks a contract.
func (a actor) chainAsks(into any, contract, method string, args ...any) {
	a.t.Helper()
	if err := a.n.Deeds.Ask(a.t.Context(), sinso.Call{Contract: contract, Method: method, Args: args}, into); err != nil {
		a.t.Fatal(err)
	}
}

// company opens a node of its own at the chain of the town, which knows where all contracts stand, and
// has money.
func (d *deal) company(money sinso.Wei) actor { return d.newcomer("company", money) }

func (d *deal) newcomer(name string, money sinso.Wei) actor {
	d.t.Helper()
	ctx := d.t.Context()
	at := d.town.seller.Chain.Contracts()
	data := filepath.Join(d.dir, name)
	cfg := Config{
		Data: data, Chain: "http://" + d.town.seller.ChainRPC(),
		Contracts: fmt.Sprintf("%s,%s,%s", at.Identity, at.Assets, at.Exchange),
	}
	read, err := cfg.Load(func(string) string { return "" })
	if err == nil {
		_, err = Init(ctx, read)
	}
	if err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.town.seller.Deploy(ctx, sinso.Founding{}, func(string) {}); err != nil {
		d.t.Fatal(err)
	}
	record, err := os.ReadFile(d.town.seller.deploymentPath())
	if err == nil {
		err = os.MkdirAll(filepath.Join(data, chainFolder), 0o700)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(data, chainFolder, deploymentFile), record, 0o600)
	}
	if err != nil {
		d.t.Fatal(err)
	}
	n, err := d.node(ctx, cfg)
	if err != nil {
		d.t.Fatal(err)
	}
	c := actor{d.t, n}
	if _, err := d.town.seller.Chain.Fund(ctx, c.account(), money); err != nil {
		d.t.Fatal(err)
	}
	return c
}

// second releases a study of another person at the seller's node.
func (d *deal) second() sinso.ReleaseRow {
	d.t.Helper()
	ctx, n := d.t.Context(), d.town.seller
	_, err := n.Import(ctx, func(_ context.Context, fn func(ingest.Found) error) error {
		return phantom.Series(phantom.Options{Seed: 9, Slices: 3, Rows: 32, Columns: 32}, func(name string, part10 []byte) error {
			other := bytes.ReplaceAll(part10, []byte("PHANTOM-0001"), []byte("PHANTOM-0002"))
			return fn(ingest.Found{Item: sinso.Item{Bytes: other, Name: sinso.NewPHI(name)}})
		})
	}, ImportOptions{Actor: "test"})
	if err != nil {
		d.t.Fatal(err)
	}
	id, err := waitForStudy(ctx, n, d.row.Study)
	if err != nil {
		d.t.Fatal(err)
	}
	row, err := n.Release(ctx, id, ReleaseOptions{Actor: "test", Price: testPrice})
	if err != nil {
		d.t.Fatal(err)
	}
	return row
}

// staking is a company with a pool, and two persons' assets.
type staking struct {
	*deal
	company, persons actor
	pool             string
	first, other     string // tokens
}

func newStaking(t *testing.T) *staking {
	t.Helper()
	return newStakingIn(t, &town{})
}

func newStakingIn(t *testing.T, tn *town) *staking {
	t.Helper()
	s := &staking{deal: newDealIn(t, tn)}
	s.persons, s.company = actor{t, s.town.seller}, s.deal.company(ether(10))
	other := s.second()
	if s.row.Person == other.Person {
		t.Fatal("both assets are of one person")
	}
	s.first, s.other = s.row.Token.String(), other.Token.String()
	var opened struct {
		Pool sinso.Hash `json:"pool"`
	}
	s.company.do(&opened, "stake open", "unbonding", "2h", "stream", "7d", "cap", "100", "terms", fill(7).String())
	s.pool = opened.Pool.String()
	return s
}

func ether(n int64) sinso.Wei {
	return sinso.NewWei(new(big.Int).Mul(big.NewInt(n), big.NewInt(1e18)))
}

func fill(b byte) (h sinso.Hash) {
	for i := range h {
		h[i] = b
	}
	return h
}

func (s *staking) agreed(token, weight string) string {
	s.t.Helper()
	return s.company.ask(nil, "stake agree", "pool", s.pool, "token", token, "weight", weight, "until", s.in(7*24*time.Hour))
}

// in is a moment of the chain's clock, as a text.
func (s *staking) in(span time.Duration) string {
	return s.clock.Now().Add(span).UTC().Truncate(time.Second).Format(time.RFC3339)
}

// flow reckons dividends as docs/contracts/staking.md says: all is rounded against who is paid.
type flow struct{ perWeight, mark *big.Int }

// pour lets an amount flow to all weight.
func (f *flow) pour(amount *big.Int, all int64) {
	part := new(big.Int).Lsh(amount, 64)
	f.perWeight.Add(f.perWeight, part.Div(part, big.NewInt(all)))
}

// claim pays a weight what it is owed, in wei.
func (f *flow) claim(weight int64) string {
	w := big.NewInt(weight)
	owed := new(big.Int).Sub(f.perWeight, f.mark)
	owed.Mul(owed, w).Rsh(owed, 64)
	paid := new(big.Int).Lsh(owed, 64)
	f.mark.Add(f.mark, paid.Add(paid, big.NewInt(weight-1)).Div(paid, w))
	return owed.String()
}

func newFlow() *flow { return &flow{new(big.Int), new(big.Int)} }

// TestStakeAndDividend is the story of a stake with a company: agreed, staked, paid, claimed
// to the wei, and taken back. The persons' accounts never had money for gas.
func TestStakeAndDividend(t *testing.T) {
	t.Parallel()
	s := newStaking(t)
	ctx, chain := t.Context(), s.town.seller.Chain
	var stands, others stake.Stake
	agreement := s.agreed(s.first, "3")
	act, given := s.persons.read("stake add", []string{"token", s.first, "agreement", agreement})
	plan, err := s.persons.n.PlanAct(ctx, act, given)
	if err != nil || len(plan.Steps) != 2 || plan.Fee.Int().Sign() == 0 || plan.Pays != s.persons.account() || plan.Actor == plan.Pays {
		t.Errorf("the plan: got %+v, %v", plan, err)
	}
	if about, ok := plan.About.(stake.Agreed); !ok || about.Pool.String() != s.pool || about.Weight != 3 || about.Company != s.company.account() || about.UnbondingSeconds != 7200 {
		t.Errorf("the plan is about %+v", plan.About)
	}
	t.Logf("dry run: %s: %d gas; %s: %s; in all %s wei", plan.Steps[0].Doing, plan.Steps[0].Gas, plan.Steps[1].Doing, plan.Steps[1].Untried, plan.Fee)
	done := s.persons.do(&stands, "stake add", "token", s.first, "agreement", agreement)
	s.persons.do(&others, "stake add", "token", s.other, "agreement", s.agreed(s.other, "5"))
	if stands.State != "standing" || others.State != "standing" || len(done.Txs) != 2 {
		t.Fatalf("staked: %+v in %d transactions, %+v", stands, len(done.Txs), others)
	}
	var name sinso.Hash
	s.persons.chainAsks(&name, "Staking", "hashStake", stands.Terms)
	if name != stands.Stake {
		t.Errorf("the stake's name is %s, and the contract's for it %s", stands.Stake, name)
	}

	amount, _ := new(big.Int).SetString("1000000000000000003", 10) // no weight divides it
	s.company.do(nil, "dividend deposit", "pool", s.pool, "amount", amount.String())
	s.clock.jump(8 * 24 * time.Hour)
	three, five := newFlow(), newFlow()
	three.pour(amount, 8)
	five.pour(amount, 8)
	s.claims(s.first, stands.Staker, three.claim(3))
	s.claims(s.other, others.Staker, five.claim(5))
	s.persons.refused(sinso.ErrDenied, "the payee is owed nothing", "dividend claim", "token", s.first)

	s.persons.refused(sinso.ErrDenied, "not in a state", "stake take", "token", s.first)
	s.persons.do(&stands, "stake unbond", "token", s.first)
	if stands.State != "unbonding" || stands.FreeAt.IsZero() {
		t.Errorf("asked back: got %+v", stands)
	}
	s.persons.refused(sinso.ErrDenied, "", "stake take", "token", s.first)
	s.company.do(nil, "dividend deposit", "pool", s.pool, "amount", amount.String())
	s.clock.jump(8 * 24 * time.Hour)
	s.persons.do(nil, "stake take", "token", s.first)
	var owner sinso.Address
	s.persons.chainAsks(&owner, "Assets", "ownerOf", stands.TokenID)
	s.persons.ask(&stands, "stake show", "stake", stands.Stake.String())
	if owner != stands.Staker || stands.State != "taken" || stands.Owed.Int().Sign() != 0 {
		t.Errorf("taken back: the owner is %s, and the stake %+v", owner, stands)
	}
	before, err := chain.Balance(ctx, others.Staker)
	if err != nil {
		t.Fatal(err)
	}
	s.persons.do(nil, "dividend claim", "token", s.other)
	after, err := chain.Balance(ctx, others.Staker)
	five.pour(amount, 5)
	if got, want := new(big.Int).Sub(after.Int(), before.Int()).String(), five.claim(5); err != nil || got != want {
		t.Errorf("who stands alone was paid %s, %v, want %s", got, err, want)
	}
	var all []stake.Stake
	s.persons.ask(&all, "stake ls", "pool", s.pool)
	if len(all) != 2 || all[0].State != "taken" || all[1].State != "standing" {
		t.Errorf("the stakes: got %+v", all)
	}
}

// claims has a token paid what it earned, and wants its owner, who had nothing and paid nothing, to have just that.
func (s *staking) claims(token string, staker sinso.Address, want string) {
	s.t.Helper()
	ctx, chain := s.t.Context(), s.town.seller.Chain
	before, err := chain.Balance(ctx, staker)
	if err != nil || before.Int().Sign() != 0 {
		s.t.Errorf("the owner's account has %s, %v before", before, err)
	}
	s.persons.do(nil, "dividend claim", "token", token)
	if after, err := chain.Balance(ctx, staker); err != nil || after.String() != want {
		s.t.Errorf("claimed: got %s, %v, want %s", after, err, want)
	}
}

// TestAStakeThatIsRefused: what a stranger made, what is somebody else's, and what is
// not there is refused before anything is signed.
func TestAStakeThatIsRefused(t *testing.T) {
	t.Parallel()
	s := newStaking(t)
	good := s.agreed(s.first, "3")
	changed := func(change func(*stake.Agreement)) string {
		var a stake.Agreement
		if err := json.Unmarshal([]byte(good), &a); err != nil {
			t.Fatal(err)
		}
		change(&a)
		return s.persons.told(nil, a)
	}
	forged := changed(func(a *stake.Agreement) {
		var digest sinso.Hash
		s.persons.chainAsks(&digest, "Staking", "hashStake", a.Terms)
		signature, err := eip712.Sign([32]byte{31: 9}, digest)
		if err != nil {
			t.Fatal(err)
		}
		a.Signature = "0x" + hex.EncodeToString(signature)
	})
	const unsigned = "the pool's company did not sign this agreement"
	for name, tt := range map[string]struct {
		agreement, sentence string
		class               error
	}{
		"signed by a stranger": {forged, unsigned, sinso.ErrDenied},
		"more weight":          {changed(func(a *stake.Agreement) { a.Weight = 99 }), unsigned, sinso.ErrDenied},
		"a later end":          {changed(func(a *stake.Agreement) { a.EndsAt = a.EndsAt.Add(time.Hour) }), unsigned, sinso.ErrDenied},
		"no signature":         {changed(func(a *stake.Agreement) { a.Signature = "0x" }), unsigned, sinso.ErrDenied},
		"no such pool":         {changed(func(a *stake.Agreement) { a.Pool = fill(1) }), "there is no pool", sinso.ErrNotFound},
		"another's account":    {changed(func(a *stake.Agreement) { a.Staker[0]++ }), "names another owner", sinso.ErrDenied},
		"another's token":      {s.agreed(s.other, "3"), "about another token", sinso.ErrInvalid},
		"an end before 1970":   {changed(func(a *stake.Agreement) { a.EndsAt = time.Unix(-1, 0) }), "no whole second", sinso.ErrInvalid},
		"no JSON":              {"{", "not what stake agree prints", sinso.ErrInvalid},
		"an unknown member":    {`{"x":1}`, "not what stake agree prints", sinso.ErrInvalid},
		"two agreements":       {good + good, "something follows", sinso.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			actor{t, s.persons.n}.refused(tt.class, tt.sentence, "stake add", "token", s.first, "agreement", tt.agreement)
		})
	}
	s.persons.refused(sinso.ErrNotFound, "", "stake add", "token", fill(3).String(), "agreement", good)
	s.persons.refused(sinso.ErrNotFound, "never staked", "stake unbond", "token", s.first)
	s.persons.refused(sinso.ErrDenied, "company", "dividend reclaim", "pool", s.pool)
	act, given := s.persons.read("stake agree", []string{"pool", s.pool, "token", s.first, "weight", "1", "until", s.in(time.Hour)})
	if _, err := s.persons.n.Ask(t.Context(), act, given, "test"); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("an agreement by who is not the company: %v", err)
	}
	act, given = s.company.read("stake agree", []string{"pool", s.pool, "token", s.first, "weight", "101", "until", s.in(time.Hour)})
	if _, err := s.company.n.Ask(t.Context(), act, given, "test"); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("more weight than the pool has room for: %v", err)
	}
	s.clock.jump(8 * 24 * time.Hour)
	s.company.do(nil, "dividend deposit", "pool", s.pool, "amount", "1") // a block
	s.persons.refused(sinso.ErrDenied, "the agreement ended", "stake add", "token", s.first, "agreement", good)
}

// TestAStakeThatWasCutOff does the permit, is cut off before the stake, and is finished under the same
// name; once more it is found and not done again.
func TestAStakeThatWasCutOff(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var steps atomic.Int32
	s := newStakingIn(t, &town{onStep: func(step string) {
		if step == "act stake add" && steps.Add(1) == 2 {
			cancel()
		}
	}})
	act, given := s.persons.read("stake add", []string{"token", s.first, "agreement", s.agreed(s.first, "3")})
	id := fill(5)
	if _, err := s.persons.n.Act(ctx, id, act, given, "test"); err == nil {
		t.Fatal("it was not cut off")
	}
	var may, at sinso.Address
	s.persons.chainAsks(&may, "Assets", "getApproved", s.row.Token)
	if at, _ = s.persons.n.Deeds.At("Staking"); may != at {
		t.Fatalf("cut off before the permit: %s may take the token", may)
	}
	var first sinso.Tx
	for range 2 {
		done, err := s.persons.n.Act(t.Context(), id, act, given, "test")
		if err != nil || len(done.Txs) != 1 || first.Hash != (sinso.Hash{}) && done.Txs[0].Hash != first.Hash {
			t.Fatalf("finished: %+v, %v", done, err)
		}
		first = done.Txs[0]
	}
}

// TestAPledge keeps one promise and breaks another: the bond comes back, or flows.
func TestAPledge(t *testing.T) {
	t.Parallel()
	s := newStaking(t)
	s.persons.do(nil, "stake add", "token", s.first, "agreement", s.agreed(s.first, "3"))
	s.company.do(nil, "dividend pledge", "pool", s.pool, "bond", "700", "least", "1000", "by", s.in(24*time.Hour))
	s.company.refused(sinso.ErrDenied, "the promise was not kept yet", "dividend take-bond", "pool", s.pool)
	s.company.do(nil, "dividend deposit", "pool", s.pool, "amount", "1000")
	var flows stake.Flow
	s.persons.ask(&flows, "dividend show", "pool", s.pool)
	if flows.Pledge == nil || flows.Pledge.Paid.String() != "1000" || flows.Pledge.Bond.String() != "700" || flows.Weight != 3 {
		t.Errorf("the pledge: got %+v of %+v", flows.Pledge, flows)
	}
	s.company.do(nil, "dividend take-bond", "pool", s.pool)
	s.company.do(nil, "dividend pledge", "pool", s.pool, "bond", "800", "least", "1000", "by", s.in(24*time.Hour))
	s.persons.refused(sinso.ErrDenied, "", "dividend forfeit", "pool", s.pool)
	s.clock.jump(25 * time.Hour)
	s.persons.do(nil, "dividend forfeit", "pool", s.pool)
	s.clock.jump(15 * 24 * time.Hour)
	var pools []stake.Pool
	s.persons.ask(&pools, "stake pools", "company", s.company.account().String())
	if len(pools) != 1 || pools[0].Pool.String() != s.pool {
		t.Errorf("the company's pools: got %+v", pools)
	}
	var claimed struct {
		Amount sinso.Wei `json:"amountWei"`
	}
	// Each of the two reckonings rounds off less than one.
	s.persons.do(&claimed, "dividend claim", "token", s.first)
	if got := claimed.Amount.Int().Int64(); got < 1798 || got > 1800 {
		t.Errorf("deposit and bond: got %d", got)
	}
}
