package serve

import (
	"fmt"
	"math/big"
	"slices"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/way"
)

// asked is a release as its co-creator sees it: what is wanted of them and what they get,
// and of the study what they have to know, not whose it is.
type asked struct {
	Release    sinso.ReleaseID    `json:"release"`
	State      sinso.ReleaseState `json:"state"`
	Role       string             `json:"role"`
	Work       string             `json:"work"` // that is made and signed in their name
	Bps        uint16             `json:"bps"`
	Price      sinso.Wei          `json:"priceWei"`
	Unoffered  bool               `json:"unoffered"` // it goes on the chain, and has no price yet: the share is of any that it is sold for
	Terms      sinso.Terms        `json:"terms"`
	Share      sinso.Wei          `json:"shareWei"`                    // of one sale at that price, rounded down
	Paid       sinso.Wei          `json:"paidWei"`                     // to them so far
	Modalities []string           `json:"modalities" nullable:"false"` // of what was chosen
	Records    int                `json:"records"`                     // chosen: at most as many are in the copy
	Until      time.Time          `json:"until"`                       // when they can agree at the latest
	Accepted   *time.Time         `json:"accepted,omitempty"`
	ForAuthor  bool               `json:"forAuthor"` // who keeps the node agreed in their name
	Reason     sinso.Reason       `json:"reason"`    // why it ended, if it is refused
	Updated    time.Time          `json:"updated"`
}

// coCreator is what an owner sees of who was asked to be one.
type coCreator struct {
	Role      string     `json:"role"`
	Work      string     `json:"work"`
	Bps       uint16     `json:"bps"`
	Until     time.Time  `json:"until"`
	Accepted  *time.Time `json:"accepted,omitempty"`
	ForAuthor bool       `json:"forAuthor"`
}

func coCreatorOf(row sinso.ReleaseRow) *coCreator {
	if row.Author == nil || row.Asked == 0 {
		return nil
	}
	return &coCreator{row.Author.Role, row.Author.Work, row.Author.Bps, row.Until, set(row.Accepted), row.ForAuthor}
}

// set is nil for no time.
func set(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

// partOf is a share of an amount, as the settlement contract reckons it: rounded down.
func partOf(amount sinso.Wei, bps uint16) sinso.Wei {
	part := new(big.Int).Mul(amount.Int(), big.NewInt(int64(bps)))
	return sinso.NewWei(part.Quo(part, big.NewInt(wholeBps)))
}

func (c *call) askedOf(row sinso.ReleaseRow) (asked, error) {
	a := asked{
		Release: row.ID, State: row.State, Role: row.Author.Role, Work: row.Author.Work, Bps: row.Author.Bps,
		Price: row.Price, Unoffered: row.Draft || row.Unoffered, Terms: row.Terms, Share: partOf(row.Price, row.Author.Bps), Modalities: []string{}, Until: row.Until,
		Accepted: set(row.Accepted), ForAuthor: row.ForAuthor, Reason: row.Reason, Updated: row.Updated,
	}
	series, err := c.way.Series(c.ctx(), row.Study)
	if err != nil {
		return a, err
	}
	for _, one := range series {
		if len(row.Series) > 0 && !slices.Contains(row.Series, one.ID) {
			continue
		}
		a.Records += one.Instances
		if one.Modality != "" && !slices.Contains(a.Modalities, one.Modality) {
			a.Modalities = append(a.Modalities, one.Modality)
		}
	}
	a.Paid, err = c.paidTo(row)
	return a, err
}

// paidTo is what the co-creator of a release was paid for it.
func (c *call) paidTo(row sinso.ReleaseRow) (sinso.Wei, error) {
	sum := new(big.Int)
	orders, err := c.way.Orders(c.ctx(), row.Person)
	for _, order := range orders {
		for _, one := range order.Trades {
			for _, payout := range one.Payouts {
				if order.Release == row.ID && payout.Role == row.Author.Role {
					sum.Add(sum, payout.Wei.Int())
				}
			}
		}
	}
	return sinso.NewWei(sum), err
}

// maxAsks is how many are listed: each is looked up in its study and its orders.
const maxAsks = 256

// fewer leaves out of too many those that ended longest ago, then those asked longest ago.
func fewer(rows []sinso.ReleaseRow) []sinso.ReleaseRow {
	over := len(rows) - maxAsks
	rows = slices.DeleteFunc(rows, func(row sinso.ReleaseRow) bool {
		out := over > 0 && row.State == sinso.ReleaseIsRefused
		if out {
			over--
		}
		return out
	})
	return rows[max(0, over):]
}

// asks are the releases that the caller was asked to be a co-creator of.
func (c *call) asks() (list[asked], error) {
	found := list[asked]{Items: []asked{}}
	id, err := c.scope(auth.Sell)
	if err != nil {
		return found, err
	}
	rows, err := c.way.Asked(c.ctx(), id)
	if err != nil {
		return found, err
	}
	for _, row := range fewer(rows) {
		one, err := c.askedOf(row)
		if err != nil {
			return found, err
		}
		found.Items = append(found.Items, one)
	}
	return found, nil
}

// askRow returns the release in the path, if the caller is its co-creator, or decides for
// them. For any other there is no such thing.
func (c *call) askRow() (sinso.ReleaseRow, error) {
	id, err := c.id("release", "r_")
	if err != nil {
		return sinso.ReleaseRow{}, err
	}
	row, err := c.way.ReleaseRow(c.ctx(), sinso.ReleaseID(id))
	if err != nil {
		return row, err
	}
	author, err := c.way.Author(c.ctx(), row)
	if err != nil {
		return row, err
	}
	return row, c.caller.May(auth.Sell, author)
}

// answerBody is what a co-creator says.
type answerBody struct {
	Accept bool `json:"accept"` // false: they do not want it
}

func (c *call) answerAsk(in answerBody, progress func(done)) (asked, error) {
	row, err := c.askRow()
	if err != nil {
		return asked{}, err
	}
	answer := way.AuthorDeclines
	switch {
	case in.Accept && c.caller.Person == "": // who keeps the node
		answer = way.KeeperAccepts
	case in.Accept:
		answer = way.AuthorAccepts
	}
	ctx, end := c.lasting.begin(c.ctx()) // a co-creator who closes the page has agreed
	defer end()
	if row, err = c.way.AnswerAuthor(ctx, row.ID, answer, c.caller.ID, func(n, total int) { progress(done{n, total}) }); err != nil {
		return asked{}, manyReleases(fmt.Errorf("serve: %w", err))
	}
	return c.askedOf(row)
}
