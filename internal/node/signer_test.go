package node

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/ethclient"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/chaintest"
	"sinso.dev/sinso/internal/chain/devchain"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/stage/act/company"
	"sinso.dev/sinso/internal/stage/act/stake"
	"sinso.dev/sinso/internal/stage/market"
)

// person sits at another program that keeps an account (Anvil), and presses the button, does not, or
// is not there.
type person struct {
	http.Handler
	mu     sync.Mutex
	says   string // "", "no" or nothing at all
	signed int
	texts  int
}

const (
	refuses = "no"
	asleep  = "zzz"
)

func newPerson(t *testing.T, program string) (p *person, at string) {
	t.Helper()
	to, err := url.Parse(program)
	if err != nil {
		t.Fatal(err)
	}
	p = &person{Handler: httputil.NewSingleHostReverseProxy(to)}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	return p, server.URL
}

func (p *person) is(how string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.says = how
}

// pressed is how often a transaction was signed.
func (p *person) pressed() uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return uint64(p.signed)
}

// wrote is how many texts were signed since it was asked last.
func (p *person) wrote() (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n, p.texts = p.texts, 0
	return n
}

func (p *person) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	var asks struct {
		ID     json.RawMessage
		Method string
	}
	_ = json.Unmarshal(body, &asks)
	p.mu.Lock()
	says := p.says
	switch isText := asks.Method == "eth_signTypedData_v4"; {
	case !isText && asks.Method != "eth_signTransaction":
		says = ""
	case says == "" && isText:
		p.texts++
	case says == "":
		p.signed++
	}
	p.mu.Unlock()
	switch says {
	case asleep:
		<-r.Context().Done()
	case refuses:
		_, _ = fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"error":{"code":-32000,"message":"request denied"}}`, asks.ID)
	default:
		p.Handler.ServeHTTP(w, r)
	}
}

// kept opens a second buyer's node whose account that program keeps.
func (d *deal) kept(ctx context.Context, signer string) *Node {
	d.t.Helper()
	at := d.town.seller.Chain.Contracts()
	account, err := eip712.Address(chaintest.AnvilKey)
	if err != nil {
		d.t.Fatal(err)
	}
	n, err := d.node(ctx, Config{
		Data: filepath.Join(d.dir, "kept"), Chain: "http://" + d.town.seller.ChainRPC(), ChainKey: "signer:" + signer + "#" + account.String(),
		Contracts: fmt.Sprintf("%s,%s,%s", at.Identity, at.Assets, at.Exchange),
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return n
}

// nonce is how many transactions of an account are on the chain.
func (d *deal) nonce(account sinso.Address) uint64 {
	d.t.Helper()
	client, err := ethclient.DialContext(d.t.Context(), "http://"+d.town.seller.ChainRPC())
	if err != nil {
		d.t.Fatal(err)
	}
	defer client.Close()
	n, err := client.NonceAt(d.t.Context(), common.Address(account), nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return n
}

// TestAnotherProgramSigns for a node that buys: while nobody is there, nothing is lost, nor when the
// node ends meanwhile; each signature that is given is used once; and a refusal is told.
func TestAnotherProgramSigns(t *testing.T) {
	t.Parallel()
	_, program := chaintest.AnvilAt(t, devchain.ChainID)
	person, at := newPerson(t, program)
	d, ctx := newDeal(t), t.Context()
	n := d.kept(ctx, at)
	d.paid(n)
	status, err := n.ChainStatus(ctx)
	if s := status.Key.Signer; err != nil || status.Key.Kind != "signer" || s == nil || !s.Answers || s.Speaks != "eth" || s.Has == nil || !*s.Has {
		t.Fatalf("got %+v, %v", status.Key, err)
	}

	person.is(asleep)
	short, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	if row, err := n.Buy(short, d.offer, nil); !errors.Is(err, sinso.ErrUnavailable) || row.Step == "filled" {
		t.Fatalf("nobody is there: got step %q, %v", row.Step, err)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	n = d.kept(ctx, at) // nobody is waited for
	person.is("")
	d.bought(n, d.offer)
	d.bought(n, d.offer)
	if got, want := d.nonce(status.Account), person.pressed(); got != want || got == 0 {
		t.Errorf("%d transactions are on the chain, of %d that were signed", got, want)
	}
	if out, err := n.Outgoing(ctx); err != nil || len(out) != 0 {
		t.Errorf("still out: %v, %v", out, err)
	}

	another := d.made(OfferOptions{Copies: 1, Price: testPrice}).Offer
	person.is(refuses)
	if _, err := n.Buy(ctx, another, nil); !errors.Is(err, sinso.ErrUnwilling) || !strings.Contains(err.Error(), "request denied") {
		t.Errorf("refused: got error %v", err)
	}
	if warnings, err := n.Warnings(ctx); err != nil || len(warnings) != 1 || !strings.Contains(warnings[0].Says, "refused 1 signatures, or gave others: to fund an account") {
		t.Errorf("warnings: %v, %v", warnings, err)
	}
	person.is("")
	d.clock.jump(5 * time.Minute)
	d.bought(n, another)
	if got, want := d.nonce(status.Account), person.pressed(); got != want {
		t.Errorf("%d transactions are on the chain, of %d that were signed", got, want)
	}
}

// keptWhole is kept, by a node that knows where all contracts stand, and has money.
func (d *deal) keptWhole(signer string) actor {
	d.t.Helper()
	ctx, seller := d.t.Context(), d.town.seller
	if _, err := seller.Deploy(ctx, sinso.Founding{}, func(string) {}); err != nil {
		d.t.Fatal(err)
	}
	n := d.kept(ctx, signer) // so that its folder is there
	record := must[[]byte](d.t)(os.ReadFile(seller.deploymentPath()))
	err := n.Close()
	if err == nil {
		err = os.WriteFile(filepath.Join(d.dir, "kept", chainFolder, deploymentFile), record, 0o600)
	}
	if err != nil {
		d.t.Fatal(err)
	}
	a := actor{d.t, d.kept(ctx, signer)}
	must[sinso.Tx](d.t)(seller.Chain.Fund(ctx, a.account(), ether(5)))
	return a
}

// TestAnotherProgramSignsABid of a node for a licence: what asks for the key is signed before the bid, so that no money is
// bound to what would be refused later.
func TestAnotherProgramSignsABid(t *testing.T) {
	t.Parallel()
	_, program := chaintest.AnvilAt(t, devchain.ChainID)
	person, at := newPerson(t, program)
	d := newDeal(t)
	a := d.keptWhole(at)
	g := &gavel{deal: d, persons: actor{t, d.town.seller}, low: a, high: a}
	g.opens("reserve", "1000")
	person.is(refuses)
	a.refused(sinso.ErrUnwilling, "", "auction bid", "auction", g.lot, "amount", "1000", "offer", g.text)
	if now := g.shown(); now.Bidder != nil {
		t.Fatalf("refused: %+v, want no bid", now)
	}
	person.is("")
	d.clock.jump(5 * time.Minute)
	g.bids(a, "1000")
	if wrote := person.wrote(); wrote != 1 {
		t.Errorf("%d texts were signed, want one", wrote)
	}
	d.clock.jump(3 * day)
	g.persons.do(nil, "auction settle", "auction", g.lot)
	if err := a.n.Tend(t.Context()); err != nil {
		t.Fatal(err)
	}
	g.stands(a, "released")
}

// TestAnotherProgramSignsTexts of a node that asks for data, runs a company, and has persons stake with it: each once, and
// none of what is only planned.
func TestAnotherProgramSignsTexts(t *testing.T) {
	t.Parallel()
	_, program := chaintest.AnvilAt(t, devchain.ChainID)
	person, at := newPerson(t, program)
	d, ctx := newDeal(t), t.Context()
	a, persons := d.keptWhole(at), actor{t, d.town.seller}
	d.buyer = a.n
	opened := d.asked(testPrice.Int(), "1", "1h")
	made := must[sinso.OrderRow](t)(d.town.seller.AnswerRequest(ctx, opened.ID, d.row.ID, OfferOptions{Actor: "test", Copies: 1}))
	person.is(refuses)
	if row, err := a.n.Accept(ctx, opened.ID, made.Offer, nil); !errors.Is(err, sinso.ErrUnwilling) || row.Step == "filled" || d.fills(made) != 0 {
		t.Fatalf("refused: got step %q, %v, %d fills; want nothing paid", row.Step, err, d.fills(made))
	}
	person.is("")
	d.clock.jump(5 * time.Minute)
	row, err := a.n.Accept(ctx, opened.ID, made.Offer, nil)
	if wrote := person.wrote(); err != nil || row.Step != stepReleasedWord || wrote != 1 {
		t.Fatalf("taken: got step %q, %v, and %d texts were signed; want one", row.Step, err, wrote)
	}

	var pool struct{ Pool sinso.Hash }
	a.do(&pool, "stake open", "unbonding", "2h", "stream", "7d", "cap", "100", "terms", fill(7).String())
	ends := d.clock.Now().Add(7 * day).UTC().Truncate(time.Second).Format(time.RFC3339)
	agreeing := []string{"pool", pool.Pool.String(), "token", d.row.Token.String(), "weight", "3", "until", ends}
	what, terms := a.read("stake agree", agreeing)
	if plan := must[ActPlan](t)(a.n.PlanAct(ctx, what, terms)); len(plan.Signs) != 1 || person.wrote() != 0 {
		t.Errorf("planned: %+v, and a text was signed", plan)
	}
	agreement := a.ask(nil, "stake agree", agreeing...)
	var stands stake.Stake
	persons.do(&stands, "stake add", "token", d.row.Token.String(), "agreement", agreement)
	if wrote := person.wrote(); stands.State != "standing" || wrote != 1 {
		t.Errorf("staked: %+v, and %d texts were signed; want one", stands, wrote)
	}

	var founded company.Founded
	a.do(&founded, "company found", "cap", "100")
	place, ann := founded.Company.String(), string(must[sinso.PersonID](t)(persons.n.CreatePerson(ctx, "test", "m_ann", "")))
	var application company.Application
	applied := persons.ask(&application, "company apply", "person", ann, "at", place)
	persons.do(nil, "company join", "person", ann, "at", place, "admission", a.ask(nil, "company admit", "application", applied))
	subject := fill(8).String()
	offer := a.ask(nil, "company offer", "at", place, "member", application.Entry.Member.String(), "subject", subject, "shares", "5")
	var given company.Contributed
	persons.do(&given, "company contribute", "person", ann, "at", place, "subject", subject, "shares", "5", "offer", offer)
	if wrote := person.wrote(); given.Shares != 5 || wrote != 2 {
		t.Errorf("contributed: %+v, and %d texts were signed; want two", given, wrote)
	}
	if got, want := d.nonce(a.account()), person.pressed(); got != want || got == 0 {
		t.Errorf("%d transactions are on the chain, of %d that were signed", got, want)
	}
}

// fills is how often an order was filled.
func (d *deal) fills(row sinso.OrderRow) int {
	d.t.Helper()
	offer := must[sinso.Offer](d.t)(market.Decode(row.Offer))
	return len(must[sinso.Fills](d.t)(d.town.seller.Chain.Fills(d.t.Context(), offer.Order)).Trades)
}

// TestAnotherProgramIsAway when the node opens, which goes on without it, and says so.
func TestAnotherProgramIsAway(t *testing.T) {
	t.Parallel()
	d, ctx := newDeal(t), t.Context()
	n := d.kept(ctx, "http://127.0.0.1:1")
	status, err := n.ChainStatus(ctx)
	if err != nil || status.Key.Signer == nil || status.Key.Signer.Answers || !strings.Contains(status.Key.Signer.Problem, "cannot be reached") {
		t.Errorf("got %+v, %v", status.Key.Signer, err)
	}
	d.paid(n)
	if _, err := n.Buy(ctx, d.offer, nil); !errors.Is(err, sinso.ErrUnavailable) {
		t.Errorf("got error %v, want ErrUnavailable", err)
	}
}

// TestARefusalIsTold by what it was of, a few of many.
func TestARefusalIsTold(t *testing.T) {
	t.Parallel()
	if all := signerWarnings(nil, false); len(all) != 0 {
		t.Errorf("of nothing: %v", all)
	}
	all := signerWarnings([]string{"fill an order", "sign a Stake", "sign a Stake"}, true)
	if len(all) != 2 || !strings.HasSuffix(all[1].Says, "refused 3 signatures, or gave others: to fill an order, sign a Stake (2 times)") {
		t.Errorf("got %v", all)
	}
	all = signerWarnings(strings.Split("abcdefghij", ""), false)
	if len(all) != 1 || !strings.HasSuffix(all[0].Says, "to a, b, c, d, e, f, g, h, 2 more") {
		t.Errorf("of ten: %v", all)
	}
}
