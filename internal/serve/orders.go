package serve

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/edge/door"
	"sinso.dev/sinso/internal/stage/grant"
	"sinso.dev/sinso/internal/way"
)

// order is one offer of a person, and what became of it.
type order struct {
	Hash    sinso.Hash      `json:"hash"`
	Release sinso.ReleaseID `json:"release"`
	Person  sinso.PersonID  `json:"person"`
	Token   sinso.TokenID   `json:"token"`
	Price   sinso.Wei       `json:"priceWei"`
	Money   *sinso.Currency `json:"money,omitempty"` // an ERC-20 token, in whose smallest unit price and payouts are; absent: the chain's own money
	State   string          `json:"state"`           // offered, filled, delivered, released, refunded, cancelled, disputed, halved
	Trade   string          `json:"trade"`           // the name of one trade of it, and of the licence that comes of that; "" before the key was asked for
	Buyer   string          `json:"buyer"`           // the one-order account, "" before it is known
	Revoked bool            `json:"revoked"`
	Over    bool            `json:"over"`             // because the days of its licence were over
	UseEnds time.Time       `json:"useEnds,omitzero"` // when they are; absent: no end, or not settled yet
	Tx      string          `json:"tx"`
	Payouts []sinso.Payout  `json:"payouts" nullable:"false"`
	Settled time.Time       `json:"settled,omitzero"` // when they were made
	Updated time.Time       `json:"updated"`

	Copies    uint32  `json:"copies"`    // how often it can be bought; 0 is without limit
	Cancelled bool    `json:"cancelled"` // what was not sold of it was taken back
	Trades    []trade `json:"trades" nullable:"false"`
}

// trade is one copy that was sold of an order.
type trade struct {
	Trade   sinso.Hash     `json:"trade"` // its name, and that of the licence once it is released
	State   string         `json:"state"`
	Buyer   string         `json:"buyer"`
	Granted time.Time      `json:"granted,omitzero"` // when the key was given; absent: it was not
	Revoked bool           `json:"revoked"`
	Over    bool           `json:"over"`
	UseEnds time.Time      `json:"useEnds,omitzero"`
	Tx      string         `json:"tx"`
	Payouts []sinso.Payout `json:"payouts" nullable:"false"`
	Settled time.Time      `json:"settled,omitzero"`
}

func tradeOf(one sinso.SoldRow) trade {
	t := trade{
		Trade: one.Trade, State: states[one.State], Granted: one.Granted, Revoked: one.Revoked, Over: one.Over, UseEnds: one.UseEnds,
		Tx: text(one.Tx), Payouts: orNone(one.Payouts), Settled: one.Settled,
	}
	if one.Buyer != (sinso.Address{}) {
		t.Buyer = one.Buyer.String()
	}
	return t
}

var states = map[sinso.TradeState]string{
	sinso.TradeNone: "offered", sinso.TradeFilled: "filled", sinso.TradeDelivered: "delivered",
	sinso.TradeReleased: "released", sinso.TradeRefunded: "refunded", sinso.TradeCancelled: "cancelled",
	sinso.TradeDisputed: "disputed", sinso.TradeHalved: "halved",
}

func (c *call) orderOf(row sinso.OrderRow) order {
	o := order{
		Money: c.way.MoneyOf(c.ctx(), row.Offer),
		Hash:  row.Hash, Release: row.Release, Person: row.Person, Token: row.Token, Price: row.Price,
		State: states[row.State], Trade: text(row.Trade), Revoked: row.Revoked, Over: row.Over, UseEnds: row.UseEnds, Tx: text(row.Tx), Payouts: orNone(row.Payouts), Settled: row.Settled, Updated: row.Updated,
		Copies: row.Copies, Cancelled: row.Cancelled, Trades: make([]trade, 0, len(row.Trades)),
	}
	for _, one := range row.Trades {
		o.Trades = append(o.Trades, tradeOf(one))
	}
	if row.Buyer != (sinso.Address{}) {
		o.Buyer = row.Buyer.String()
	}
	return o
}

// orNone is a slice that is no null in JSON.
func orNone[Item any](items []Item) []Item {
	if items == nil {
		return []Item{}
	}
	return items
}

func (c *call) orderRows() ([]sinso.OrderRow, error) {
	id, err := c.scope(auth.See)
	if err != nil {
		return nil, err
	}
	return c.way.Orders(c.ctx(), id)
}

func (c *call) orders() (list[order], error) {
	rows, err := c.orderRows()
	return listOf(rows, c.orderOf), err
}

// orderRow returns the order in the path, if the caller may do this to it.
func (c *call) orderRow(action auth.Action) (sinso.OrderRow, error) {
	hash, err := c.hash("order")
	if err != nil {
		return sinso.OrderRow{}, err
	}
	row, err := c.way.Order(c.ctx(), hash)
	if err != nil {
		return row, err
	}
	return row, c.caller.May(action, row.Person)
}

func (c *call) order() (order, error) {
	row, err := c.orderRow(auth.See)
	return c.orderOf(row), err
}

func (c *call) offer() error {
	row, err := c.orderRow(auth.See)
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", c.media)
	_, _ = c.w.Write(row.Offer) // the caller may have gone
	return nil
}

// key answers the buyer's node. It is the one route where a stranger makes the
// node work and write, so strangers are slowed down: what is refused for how it looks
// makes no work, and does not count.
func (c *call) key(in sinso.KeyRequest) (sinso.KeyAnswer, error) {
	hash, err := c.hash("order")
	if err != nil {
		return sinso.KeyAnswer{}, err
	}
	if in.Order != hash {
		return sinso.KeyAnswer{}, invalid("the request is for another order than its path")
	}
	if !c.isSigned(in) {
		return sinso.KeyAnswer{}, refused(http.StatusUnauthorized, sinso.ErrDenied, "the request is not signed")
	}
	if !c.askers.step(door.Sender(c.r)) {
		return sinso.KeyAnswer{}, refused(http.StatusTooManyRequests, sinso.ErrBusy, "too many requests for keys")
	}
	answer, err := c.way.Answer(c.ctx(), in)
	var no *grant.RefusedError
	if errors.As(err, &no) {
		err = no // the reason alone: what it was joined with is ours
	}
	return answer, err
}

// isSigned reports whether the signature is one, whoever's.
func (c *call) isSigned(in sinso.KeyRequest) bool {
	var contracts sinso.Contracts
	if c.way.Chain != nil {
		contracts = c.way.Chain.Contracts()
	}
	digest := eip712.KeyRequestDigest(eip712.Domain(contracts.Exchange, contracts.ChainID), in.Trade, eip712.Keccak(in.HPKE))
	_, err := eip712.Recover(digest, in.Signature)
	return err == nil
}

// makeOffer is what a further offer of a release is made with.
type makeOffer struct {
	Release      sinso.ReleaseID `json:"release"`
	Price        sinso.Wei       `json:"priceWei"`
	Floor        *sinso.Wei      `json:"floorWei,omitempty"`     // what it falls to when the offer ends; absent: it does not fall
	Copies       *uint32         `json:"copies,omitempty"`       // how often it can be bought; 0 is without limit, absent: once
	OfferDays    uint16          `json:"offerDays,omitempty"`    // how long it can be bought; absent: as the release
	UseDays      *uint16         `json:"useDays,omitempty"`      // how long it can be used; 0 is without an end, absent: as the release
	Transferable bool            `json:"transferable,omitempty"` // whether the licence can be passed on
	Taker        sinso.Address   `json:"taker,omitzero"`         // who alone may buy; absent: anyone
	Currency     sinso.Address   `json:"currency,omitzero"`      // an ERC-20 token; absent: the chain's own money
	// Panel decides if a buyer says that the content is wrong: zero is nobody, absent: as the release.
	Panel  *sinso.Address `json:"panel,omitempty"`
	DryRun bool           `json:"dryRun,omitempty"` // only say what would be offered
}

// madeOffer is what came of it: one of the two.
type madeOffer struct {
	Plan  *way.PlannedOffer `json:"plan,omitempty"`
	Order *order            `json:"order,omitempty"`
}

func (c *call) makeOffer(in makeOffer) (made madeOffer, err error) {
	told, err := c.localMakeOffer(in)
	if err != nil || in.DryRun {
		return madeOffer{Plan: told.Plan}, err
	}
	said := c.orderOf(*told.Row)
	return madeOffer{Order: &said}, nil
}

// offerRow is what came of an offer, as the keeper's commands tell it.
type offerRow struct {
	Plan *way.PlannedOffer `json:"plan,omitempty"`
	Row  *sinso.OrderRow   `json:"row,omitempty"` // absent of a dry run
}

func (c *call) localMakeOffer(in makeOffer) (made offerRow, err error) {
	release, err := c.way.ReleaseRow(c.ctx(), in.Release)
	if err == nil {
		err = c.caller.May(auth.Sell, release.Person)
	}
	if err != nil {
		return made, err
	}
	o := way.OfferOptions{
		Actor: c.caller.ID, Price: in.Price, Floor: in.Floor, Copies: 1, OfferDays: in.OfferDays, UseDays: in.UseDays,
		Transferable: in.Transferable, Taker: in.Taker, Currency: in.Currency, Panel: in.Panel,
	}
	if in.Copies != nil {
		o.Copies = *in.Copies
	}
	plan, err := c.way.PlanOffer(c.ctx(), in.Release, o)
	if err != nil || in.DryRun {
		return offerRow{Plan: &plan}, err
	}
	row, err := c.way.MakeOffer(c.ctx(), in.Release, o)
	return offerRow{&plan, &row}, err
}

// cancelled is an offer that was taken back.
type cancelled struct {
	Order sinso.Hash `json:"order"`
	Tx    string     `json:"tx"`
}

// askedCancel is how an offer is taken back by the keeper's command.
type askedCancel struct {
	DryRun bool `json:"dryRun"` // only say what it would do and cost
}

// toldCancel is what came of it: one of the two.
type toldCancel struct {
	Plan *way.ActPlan `json:"plan,omitempty"`
	Tx   *sinso.Tx    `json:"tx,omitempty"`
}

func (c *call) localCancel(in askedCancel) (toldCancel, error) {
	row, err := c.orderRow(auth.Sell)
	if err != nil {
		return toldCancel{}, err
	}
	if in.DryRun {
		plan, err := c.way.PlanCancel(c.ctx(), row.Hash)
		return toldCancel{Plan: &plan}, err
	}
	tx, err := c.way.CancelOrder(c.ctx(), row.Hash, c.caller.ID)
	return toldCancel{Tx: &tx}, err
}

func (c *call) cancelOrder() (cancelled, error) {
	row, err := c.orderRow(auth.Sell)
	if err != nil {
		return cancelled{}, err
	}
	tx, err := c.way.CancelOrder(c.ctx(), row.Hash, c.caller.ID)
	return cancelled{row.Hash, text(tx.Hash)}, err
}

// granted is a key that was handed out.
type granted struct {
	Order   sinso.Hash      `json:"order"`
	Trade   sinso.Hash      `json:"trade"`
	Release sinso.ReleaseID `json:"release"`
	Buyer   sinso.Address   `json:"buyer"`
	Since   time.Time       `json:"since"`
	Revoked bool            `json:"revoked"`
}

func (c *call) grants() (list[granted], error) {
	rows, err := c.orderRows()
	found := list[granted]{Items: []granted{}}
	for _, row := range rows {
		for _, one := range row.Trades {
			if one.Answer != nil {
				found.Items = append(found.Items, granted{row.Hash, one.Trade, row.Release, one.Buyer, one.Granted, one.Revoked})
			}
		}
	}
	return found, err
}

// revoked is the end of a grant.
type revoked struct {
	Order sinso.Hash `json:"order"`
	Tx    string     `json:"tx"`
	Says  string     `json:"says"` // what this cannot do
}

func (c *call) revoke() (revoked, error) {
	row, err := c.orderRow(auth.Sell)
	if err != nil {
		return revoked{}, err
	}
	if c.way.Chain == nil {
		return revoked{}, fmt.Errorf("serve: this node is not connected to a chain: %w", sinso.ErrUnavailable)
	}
	var tx sinso.Tx
	if only := c.r.URL.Query().Get("trade"); only == "" {
		tx, err = c.way.Revoke(c.ctx(), row.Hash, c.caller.ID)
	} else {
		var trade sinso.Hash
		if err := trade.UnmarshalText([]byte(only)); err != nil {
			return revoked{}, invalid("trade: it is no name of a trade")
		}
		tx, err = c.way.RevokeTrade(c.ctx(), row.Hash, trade, c.caller.ID)
	}
	return revoked{row.Hash, text(tx.Hash), "This node does not give out the key again, and the chain says so to others. " +
		"A key or a copy that was handed out before stays with whoever has it: nobody can call it back."}, err
}
