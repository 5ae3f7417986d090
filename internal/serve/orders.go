package serve

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/edge/door"
	"sinso.dev/sinso/internal/stage/grant"
)

// order is one offer of a person, and what became of it.
type order struct {
	Hash    sinso.Hash      `json:"hash"`
	Release sinso.ReleaseID `json:"release"`
	Person  sinso.PersonID  `json:"person"`
	Token   sinso.TokenID   `json:"token"`
	Price   sinso.Wei       `json:"priceWei"`
	State   string          `json:"state"` // offered, filled, delivered, released, refunded, cancelled, disputed, halved
	Trade   string          `json:"trade"` // its name, and that of the licence that comes of it; "" before the key was asked for
	Buyer   string          `json:"buyer"` // the one-order account, "" before it is known
	Revoked bool            `json:"revoked"`
	Over    bool            `json:"over"`             // because the days of its licence were over
	UseEnds time.Time       `json:"useEnds,omitzero"` // when they are; absent: no end, or not settled yet
	Tx      string          `json:"tx"`
	Payouts []sinso.Payout  `json:"payouts" nullable:"false"`
	Settled time.Time       `json:"settled,omitzero"` // when they were made
	Updated time.Time       `json:"updated"`
}

var states = map[sinso.TradeState]string{
	sinso.TradeNone: "offered", sinso.TradeFilled: "filled", sinso.TradeDelivered: "delivered",
	sinso.TradeReleased: "released", sinso.TradeRefunded: "refunded", sinso.TradeCancelled: "cancelled",
	sinso.TradeDisputed: "disputed", sinso.TradeHalved: "halved",
}

func orderOf(row sinso.OrderRow) order {
	o := order{
		Hash: row.Hash, Release: row.Release, Person: row.Person, Token: row.Token, Price: row.Price,
		State: states[row.State], Trade: text(row.Trade), Revoked: row.Revoked, Over: row.Over, UseEnds: row.UseEnds, Tx: text(row.Tx), Payouts: orNone(row.Payouts), Settled: row.Settled, Updated: row.Updated,
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
	return listOf(rows, orderOf), err
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
	return orderOf(row), err
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

// granted is a key that was handed out.
type granted struct {
	Order   sinso.Hash      `json:"order"`
	Release sinso.ReleaseID `json:"release"`
	Buyer   sinso.Address   `json:"buyer"`
	Since   time.Time       `json:"since"`
	Revoked bool            `json:"revoked"`
}

func (c *call) grants() (list[granted], error) {
	rows, err := c.orderRows()
	if err != nil {
		return list[granted]{}, err
	}
	rows = slices.DeleteFunc(rows, func(row sinso.OrderRow) bool { return row.Answer == nil })
	found := list[granted]{Items: make([]granted, 0, len(rows))}
	for _, row := range rows {
		since, err := c.grantedAt(row)
		if err != nil {
			return list[granted]{}, err
		}
		found.Items = append(found.Items, granted{row.Hash, row.Release, row.Buyer, since, row.Revoked})
	}
	return found, nil
}

// grantedAt is when the key of an order was handed out: the log has it.
func (c *call) grantedAt(row sinso.OrderRow) (time.Time, error) {
	at := row.Updated
	err := c.way.Page(c.ctx(), row.Person, []string{row.Hash.String()}, 0, func(e sinso.Event) bool {
		if e.Type == sinso.EventKeyGranted {
			at = e.At
		}
		return e.Type != sinso.EventKeyGranted
	})
	return at, err
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
	tx, err := c.way.Revoke(c.ctx(), row.Hash, c.caller.ID)
	return revoked{row.Hash, text(tx.Hash), "This node does not give out the key again, and the chain says so to others. " +
		"A key or a copy that was handed out before stays with whoever has it: nobody can call it back."}, err
}
