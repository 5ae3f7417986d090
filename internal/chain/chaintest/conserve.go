package chaintest

import (
	"errors"
	"flag"
	"fmt"
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sinso.dev/sinso"
)

// market is a model of who must have what. It shares no code with an adapter or
// the contracts: it adds up what docs/formats.md says.
type market struct {
	Rig
	t        *testing.T
	asset    sinso.Asset
	payees   [2]person // of asset: the seller and another
	buyers   [2]person
	relayer  person
	deals    []*entry
	owed     map[sinso.Address]int64
	received map[sinso.Address]int64
	sent     map[sinso.Address]sinso.Tx // newest withdrawal
	base     *big.Int                   // what the contract had before
	days     int                        // moved ahead, by more than a window each
}

type entry struct {
	*deal
	state sinso.TradeState
	buyer person
	turn  int // market.days when it was filled or delivered
	right bool
	tx    map[string]sinso.Tx // by call
}

// testConserved tries random calls on random orders, allowed or not: the model
// says which it is, and the money must add up after each.
func testConserved(t *testing.T, r Rig) {
	fewer(t)
	buyers := [2]person{r.payer(t), r.payer(t)}
	relayer := r.payer(t)
	rapid.Check(t, func(rt *rapid.T) {
		m := &market{
			Rig: r, t: t, payees: [2]person{somebody(), somebody()}, buyers: buyers, relayer: relayer,
			owed: map[sinso.Address]int64{}, received: map[sinso.Address]int64{}, sent: map[sinso.Address]sinso.Tx{},
			base: r.balance(t, r.Chain.Contracts().Exchange),
		}
		m.asset = r.asset(m.payees[:]...)
		_, _, err := r.Chain.EnterAsset(t.Context(), m.asset)
		ok(t, "enter", err)
		rt.Repeat(map[string]func(*rapid.T){
			"order": m.order, "cancel": m.cancel, "fill": m.fill, "deliver": m.deliver, "prove": m.prove,
			"silence": m.silence, "release": m.release, "refund": m.refund, "withdraw": m.withdraw,
			"": m.check,
		})
		m.settle(rt)
	})
}

// fewer makes rapid try less: each step is a block on a chain.
func fewer(t *testing.T) {
	t.Helper()
	for name, value := range map[string]string{"rapid.checks": "10", "rapid.steps": "40", "rapid.shrinktime": "20s"} {
		f := flag.Lookup(name)
		if f.Value.String() != f.DefValue {
			continue
		}
		ok(t, name, f.Value.Set(value))
		t.Cleanup(func() { _ = f.Value.Set(f.DefValue) })
	}
}

func (m *market) pick(rt *rapid.T) *entry {
	if len(m.deals) == 0 {
		rt.Skip("no order yet")
	}
	return m.deals[rapid.IntRange(0, len(m.deals)-1).Draw(rt, "order")]
}

// agree compares the outcome of a call with the model's. A call that was done
// before must give the same transaction.
func (m *market) agree(rt *rapid.T, call string, e *entry, allowed bool, tx sinso.Tx, err error) (first bool) {
	if done, ok := e.tx[call]; ok {
		if err != nil || tx != done {
			rt.Fatalf("%s again: got %+v and %v, want %+v", call, tx, err, done)
		}
		return false
	}
	if allowed != (err == nil) {
		rt.Fatalf("%s in state %d: got error %v, allowed is %v", call, e.state, err, allowed)
	}
	if err != nil {
		if !errors.Is(err, sinso.ErrDenied) && !errors.Is(err, sinso.ErrInvalid) {
			rt.Fatalf("%s: got error %v, want a refusal", call, err)
		}
		return false
	}
	e.tx[call] = tx
	return true
}

func (m *market) order(rt *rapid.T) {
	price := rapid.Int64Range(0, 1_000_000).Draw(rt, "price")
	m.deals = append(m.deals, &entry{deal: m.deal(m.t, m.asset, m.payees[0], price), tx: map[string]sinso.Tx{}})
}

func (m *market) cancel(rt *rapid.T) {
	e := m.pick(rt)
	tx, err := m.Chain.Cancel(m.t.Context(), e.order, e.seller.sign(cancelDigest(m.Rig, e.deal)))
	if m.agree(rt, "cancel", e, true, tx, err) && e.state == sinso.TradeNone {
		e.state = sinso.TradeCancelled
	}
}

func (m *market) fill(rt *rapid.T) {
	e := m.pick(rt)
	buyer := m.buyers[rapid.IntRange(0, 1).Draw(rt, "buyer")]
	if e.state == sinso.TradeNone || e.buyer == (person{}) {
		e.buyer = buyer
		e.buy(buyer)
	}
	what := e.deal.deal()
	rival := buyer != e.buyer
	if rival {
		what.Fill.Buyer = buyer.address
	}
	tx, err := m.Chain.Fill(m.t.Context(), what, e.signature, buyer.secret)
	if rival {
		if !errors.Is(err, sinso.ErrDenied) {
			rt.Fatalf("fill by a second buyer: got error %v", err)
		}
		return
	}
	if m.agree(rt, "fill", e, e.state == sinso.TradeNone, tx, err) {
		e.state, e.turn = sinso.TradeFilled, m.days
	}
}

func (m *market) deliver(rt *rapid.T) {
	e := m.pick(rt)
	right := rapid.Bool().Draw(rt, "right key")
	if _, done := e.tx["deliver"]; !done {
		if e.buyer == (person{}) {
			e.buy(m.buyers[0])
		}
		cek := e.cek
		if !right {
			cek[0]++
		}
		m.box(e.deal, cek)
	}
	tx, err := m.Chain.Deliver(m.t.Context(), e.delivery, m.relayer.secret)
	if m.agree(rt, "deliver", e, e.state == sinso.TradeFilled && e.turn == m.days, tx, err) {
		e.state, e.turn, e.right = sinso.TradeDelivered, m.days, right
	}
}

func (m *market) prove(rt *rapid.T) {
	e := m.pick(rt)
	by := m.buyers[rapid.IntRange(0, 1).Draw(rt, "buyer")]
	allowed := e.state == sinso.TradeDelivered && !e.right && e.turn == m.days && by == e.buyer
	tx, err := m.Chain.ProveWrongKey(m.t.Context(), e.deal.deal(), e.delivery, e.payload, e.secret, by.secret)
	if m.agree(rt, "prove", e, allowed, tx, err) {
		e.tx["refund"] = tx
		e.state = sinso.TradeRefunded
		m.owed[e.buyer.address] += e.price()
	}
}

func (m *market) silence(*rapid.T) {
	m.Advance(window + time.Hour)
	m.days++
}

func (m *market) release(rt *rapid.T) {
	e := m.pick(rt)
	by := [...]person{m.buyers[0], m.buyers[1], m.relayer}[rapid.IntRange(0, 2).Draw(rt, "by")]
	m.releaseBy(rt, e, by)
}

func (m *market) releaseBy(rt *rapid.T, e *entry, by person) {
	allowed := e.state == sinso.TradeDelivered && (by == e.buyer || e.turn < m.days)
	tx, payouts, err := m.Chain.Release(m.t.Context(), e.deal.deal(), e.asset, by.secret)
	if !m.agree(rt, "release", e, allowed, tx, err) {
		return
	}
	e.state = sinso.TradeReleased
	other := e.price() * int64(e.asset.Split[1].Bps) / 10_000
	var want []string
	for i, part := range [...]int64{e.price() - other, other} {
		m.owed[m.payees[i].address] += part
		if part > 0 {
			want = append(want, fmt.Sprint(m.payees[i].address, part))
		}
	}
	var got []string
	for _, payout := range payouts {
		got = append(got, fmt.Sprint(payout.To, payout.Wei))
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		rt.Fatalf("payouts: got %v, want %v", got, want)
	}
}

func (m *market) refund(rt *rapid.T) { m.refundOf(rt, m.pick(rt)) }

func (m *market) refundOf(rt *rapid.T, e *entry) {
	tx, err := m.Chain.Refund(m.t.Context(), e.deal.deal(), m.relayer.secret)
	if m.agree(rt, "refund", e, e.state == sinso.TradeFilled && e.turn < m.days, tx, err) {
		e.state = sinso.TradeRefunded
		m.owed[e.buyer.address] += e.price()
	}
}

func (m *market) withdraw(rt *rapid.T) {
	all := m.everybody()
	m.withdrawFor(rt, all[rapid.IntRange(0, len(all)-1).Draw(rt, "payee")])
}

func (m *market) everybody() []sinso.Address {
	return []sinso.Address{m.payees[0].address, m.payees[1].address, m.buyers[0].address, m.buyers[1].address}
}

func (m *market) withdrawFor(rt *rapid.T, payee sinso.Address) {
	before := m.balance(m.t, payee)
	tx, err := m.Chain.Withdraw(m.t.Context(), sinso.Address{}, payee, m.relayer.secret)
	got := new(big.Int).Sub(m.balance(m.t, payee), before)
	if got.Cmp(big.NewInt(m.owed[payee])) != 0 {
		rt.Fatalf("withdraw: got %d wei and %v, owed were %d", got, err, m.owed[payee])
	}
	if m.owed[payee] > 0 {
		if err != nil || tx == m.sent[payee] {
			rt.Fatalf("withdraw of %d wei: got %+v and %v", m.owed[payee], tx, err)
		}
		m.received[payee] += m.owed[payee]
		m.owed[payee], m.sent[payee] = 0, tx
		return
	}
	// A buyer may have withdrawn in an earlier run.
	if last, ok := m.sent[payee]; ok && (err != nil || tx != last) {
		rt.Fatalf("withdraw again: got %+v and %v, want %+v", tx, err, last)
	}
}

// check compares what the contract has with what it holds and owes.
func (m *market) check(rt *rapid.T) {
	var want int64
	for _, e := range m.deals {
		if e.state == sinso.TradeFilled || e.state == sinso.TradeDelivered {
			want += e.price()
		}
	}
	for _, amount := range m.owed {
		want += amount
	}
	got := new(big.Int).Sub(m.balance(m.t, m.Chain.Contracts().Exchange), m.base)
	if got.Cmp(big.NewInt(want)) != 0 {
		rt.Fatalf("the contract has %d wei of ours, want %d", got, want)
	}
}

// settle ends everything by silence: nothing may be left, and each payee must
// have exactly what the model gave it.
func (m *market) settle(rt *rapid.T) {
	m.silence(rt)
	for _, e := range m.deals {
		if e.state == sinso.TradeFilled {
			m.refundOf(rt, e)
		}
		if e.state == sinso.TradeDelivered {
			m.releaseBy(rt, e, m.relayer)
		}
		if e.state == sinso.TradeCancelled {
			m.state(m.t, e.deal, sinso.TradeNone)
			continue
		}
		m.state(m.t, e.deal, e.state)
	}
	for _, payee := range m.everybody() {
		m.withdrawFor(rt, payee)
	}
	m.check(rt)
	for _, payee := range m.payees {
		if got := m.balance(m.t, payee.address); got.Cmp(big.NewInt(m.received[payee.address])) != 0 {
			rt.Fatalf("a payee has %d wei, want %d", got, m.received[payee.address])
		}
	}
}

func (e *entry) price() int64 { return e.order.Price.Int().Int64() }
