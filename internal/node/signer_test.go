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
)

// person sits at another program that keeps an account (Anvil), and presses the button, does not, or
// is not there.
type person struct {
	http.Handler
	mu     sync.Mutex
	says   string // "", "no" or nothing at all
	signed int
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

// pressed is how often a signature was given.
func (p *person) pressed() uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return uint64(p.signed)
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
	if asks.Method != "eth_signTransaction" {
		says = ""
	} else if says == "" {
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
// node ends meanwhile; each signature that is given is used once; a refusal is told, and what needs more
// than transactions is refused before any money goes.
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
	if warnings, err := n.Warnings(ctx); err != nil || len(warnings) != 1 || !strings.Contains(warnings[0].Says, "refused 1 transactions") {
		t.Errorf("warnings: %v, %v", warnings, err)
	}
	d.signsNoText(n, person)
	person.is("")
	d.clock.jump(5 * time.Minute)
	d.bought(n, another)
	if got, want := d.nonce(status.Account), person.pressed(); got != want {
		t.Errorf("%d transactions are on the chain, of %d that were signed", got, want)
	}
}

// signsNoText: an act for which the node's account would have to sign a text is refused.
func (d *deal) signsNoText(n *Node, person *person) {
	d.t.Helper()
	before := person.pressed()
	until := d.clock.Now().Add(20 * 24 * time.Hour).UTC().Truncate(time.Second).Format(time.RFC3339)
	actor{d.t, n}.refused(sinso.ErrUnsupported, "chain-key", "request make", "criteria", "chest CT", "price", "1000", "answers", "1", "until", until, "notice", "1h")
	if person.pressed() != before {
		d.t.Error("something was signed for it")
	}
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
