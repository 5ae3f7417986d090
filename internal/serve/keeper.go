package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/edge/problem"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/market"
	"sinso.dev/sinso/internal/way"
)

// What the keeper's commands are told of sales and purchases: the rows as they are kept, as on a stopped node.

func (s *Server) selling() []route {
	return []route{
		{"GET", api + "/local/assets", "localAssets", keeper, "releases, oldest first: what sinso asset ls tells", []param{byPerson}, answer((*call).localAssets)},
		{"POST", api + "/local/assets", "localAdd", keeper, "make a de-identified copy of a study, register and offer it, as long as who asks waits: what sinso asset add tells", nil, work(maxChosen, (*call).localAdd)},
		{"POST", api + "/local/assets/{release}/mint", "localMint", keeper, "bring a copy to the chain and offer nothing of it, of a study by what is chosen, or plan it: what sinso asset mint tells", nil, work(maxChosen, (*call).localMint)},
		{"POST", api + "/local/assets/{release}/trace", "localTrace", keeper, "which original a UID in a de-identified copy stands for: what sinso asset trace tells", nil, take(maxBody, (*call).localTrace)},
		{"GET", api + "/local/orders", "localOrders", keeper, "what was offered, oldest first: what sinso order ls tells", []param{byPerson}, answer((*call).localOrders)},
		{"POST", api + "/local/orders", "localMakeOffer", keeper, "offer a registered release once more, or plan it: what sinso order make tells", nil, take(maxBody, (*call).localMakeOffer)},
		{"POST", api + "/local/orders/{order}/cancel", "localCancel", keeper, "take an offer back, or plan it: what sinso order cancel tells", nil, take(maxBody, (*call).localCancel)},
		{"POST", api + "/local/requests/{request}/answers", "localAnswer", keeper, "answer a request with an offer of a release: what sinso request answer tells", nil, take(maxBody, (*call).localAnswer)},
		{"POST", api + "/local/purchases", "localBuy", keeper, "settle an offer, or one that answers a request, or plan it: what sinso order fill tells", nil, work(market.MaxOffer+maxBody, (*call).localBuy)},
		{"POST", api + "/local/purchases/{order}/key", "localKey", keeper, "ask the seller's node for the key of a purchase again", nil, answer((*call).localKey)},
	}
}

func (c *call) localAssets() (list[sinso.ReleaseRow], error) {
	id, err := c.scope(auth.See)
	if err != nil {
		return list[sinso.ReleaseRow]{}, err
	}
	rows, err := c.way.Releases(c.ctx(), id)
	return list[sinso.ReleaseRow]{Items: orNone(rows)}, err
}

// maxChosen bounds a body with a profile in it, which is 1 MiB at most and escaped there.
const maxChosen = 4 << 20

// askedAdd is how the keeper's command lets go of a study.
type askedAdd struct {
	Study   sinso.StudyID    `json:"study"`
	Series  []sinso.SeriesID `json:"series,omitempty"` // of it; none: all
	Price   sinso.Wei        `json:"priceWei"`
	Terms   sinso.Terms      `json:"terms"`
	Author  *newAuthor       `json:"author,omitempty"`
	Profile string           `json:"profile,omitempty"` // the text of what de-identifies it; absent: the node's
}

// localAdd works for who waits alone: a command that is interrupted has it stopped, and done again it goes on.
func (c *call) localAdd(in askedAdd, progress func(done)) (way.Added, error) {
	o, err := c.chosen(in.Series, in.Author, in.Profile)
	if err != nil {
		return way.Added{}, absent(err)
	}
	o.Price, o.Terms, o.Progress = in.Price, in.Terms, func(n, total int) { progress(done{n, total}) }
	row, err := c.way.Release(c.ctx(), in.Study, o)
	if err != nil {
		return way.Added{}, absent(manyReleases(err))
	}
	return c.way.Added(c.ctx(), row)
}

// askedChoice is how the keeper's command has a copy minted. What is chosen is chosen for a study.
type askedChoice struct {
	Series  []sinso.SeriesID `json:"series,omitempty"` // of the study; none: all
	Author  *newAuthor       `json:"author,omitempty"`
	Profile string           `json:"profile,omitempty"` // the text of what de-identifies it; absent: the node's
	DryRun  bool             `json:"dryRun"`            // only say what it would do and cost
}

// localMint works for who waits alone, as localAdd does.
func (c *call) localMint(in askedChoice, progress func(done)) (toldMint, error) {
	name := c.r.PathValue("release")
	o, err := c.chosen(in.Series, in.Author, in.Profile)
	if err != nil {
		return toldMint{}, absent(err)
	}
	if in.DryRun {
		plan, err := c.way.PlanMint(c.ctx(), name, o)
		return toldMint{Plan: &plan}, absent(err)
	}
	o.Progress = func(n, total int) { progress(done{n, total}) }
	made, err := c.way.Mint(c.ctx(), name, o)
	return toldMint{Done: &made}, absent(err)
}

// absent tells the keeper, who may know of everything, what is not there.
func absent(err error) error {
	if !errors.Is(err, sinso.ErrNotFound) {
		return err
	}
	return &problem.Problem{Type: "about:blank", Title: http.StatusText(http.StatusNotFound), Status: http.StatusNotFound, Class: "not-found", Detail: err.Error()}
}

// chosen is what the keeper's command says of a copy.
func (c *call) chosen(series []sinso.SeriesID, author *newAuthor, profile string) (o way.ReleaseOptions, err error) {
	o = way.ReleaseOptions{Actor: c.caller.ID, Series: series, Accepted: author != nil && author.Accept}
	if profile != "" {
		if o.Profile, err = deid.Parse([]byte(profile)); err != nil {
			return o, err
		}
	}
	if author == nil {
		return o, nil
	}
	if _, err = c.way.Person(c.ctx(), author.Person); errors.Is(err, sinso.ErrNotFound) {
		err = fmt.Errorf("this node has no person %s: %w", author.Person, sinso.ErrNotFound)
	}
	if err == nil {
		o.Author, err = c.planned(author)
	}
	return o, err
}

// askedTrace is a UID of a copy: in a body, since it is nobody else's to read.
type askedTrace struct {
	UID string `json:"uid"`
}

func (c *call) localTrace(in askedTrace) (way.Traced, error) {
	row, err := c.releaseRow(auth.Sell)
	if err != nil {
		return way.Traced{}, err
	}
	return c.way.Trace(c.ctx(), row.ID, in.UID)
}

func (c *call) localOrders() (list[sinso.OrderRow], error) {
	rows, err := c.orderRows()
	return list[sinso.OrderRow]{Items: orNone(rows)}, err
}

// askedAnswer is how the keeper's command answers a request.
type askedAnswer struct {
	Release   sinso.ReleaseID `json:"release"`
	Price     sinso.Wei       `json:"priceWei,omitzero"`   // absent: what the request allows
	OfferDays uint16          `json:"offerDays,omitempty"` // how long it can be taken; absent: as the release
	DryRun    bool            `json:"dryRun,omitempty"`    // only say what would be offered
}

func (c *call) localAnswer(in askedAnswer) (offerRow, error) {
	id, err := c.hash("request")
	if err != nil {
		return offerRow{}, err
	}
	o := way.OfferOptions{Actor: c.caller.ID, Price: in.Price, Copies: 1, OfferDays: in.OfferDays}
	if in.DryRun {
		plan, err := c.way.PlanAnswer(c.ctx(), id, in.Release, o)
		return offerRow{Plan: &plan}, err
	}
	row, err := c.way.AnswerRequest(c.ctx(), id, in.Release, o)
	return offerRow{Row: &row}, err
}

// askedBuy is how the keeper's command buys.
type askedBuy struct {
	Offer   json.RawMessage `json:"offer"`
	Request sinso.Hash      `json:"request,omitzero"` // of this node, that the offer answers; absent: it is bought by itself
	DryRun  bool            `json:"dryRun"`           // only say what it would do and cost
}

// toldBuy is what came of it: one of the two.
type toldBuy struct {
	Plan *way.ActPlan `json:"plan,omitempty"`
	Done *way.Settled `json:"done,omitempty"`
}

// buying is how far a purchase is: one of the two.
type buying struct {
	Price *way.TokenPrice `json:"price,omitempty"` // of an offer in a token, before anything is paid
	Step  string          `json:"step,omitempty"`
}

func (buying) milestone() {}

func (c *call) localBuy(in askedBuy, progress func(buying)) (toldBuy, error) {
	switch {
	case len(in.Offer) == 0:
		return toldBuy{}, invalid("the offer is missing")
	case in.DryRun && in.Request != (sinso.Hash{}):
		plan, err := c.way.PlanAccept(c.ctx(), in.Request, in.Offer)
		return toldBuy{Plan: &plan}, err
	case in.DryRun:
		plan, err := c.way.PlanBuy(c.ctx(), in.Offer)
		return toldBuy{Plan: &plan}, err
	}
	if c.way.MoneyOf(c.ctx(), in.Offer) != nil {
		price, err := c.way.TokenPrice(c.ctx(), in.Offer)
		if err != nil {
			return toldBuy{}, err
		}
		progress(buying{Price: &price})
	}
	row, err := c.settled(func(at step) { progress(buying{Step: at.Step}) }, func(ctx context.Context, at func(string)) (sinso.PurchaseRow, error) {
		if in.Request != (sinso.Hash{}) {
			return c.way.Accept(ctx, in.Request, in.Offer, at)
		}
		return c.way.Buy(ctx, in.Offer, at)
	})
	done := c.way.Settled(c.ctx(), row)
	return toldBuy{Done: &done}, err
}

// gaveKey says that the seller's node gave the key again.
type gaveKey struct {
	Given bool `json:"given"`
}

func (c *call) localKey() (gaveKey, error) {
	row, err := c.purchaseRow()
	if err != nil {
		return gaveKey{}, err
	}
	return gaveKey{true}, c.way.FetchKey(c.ctx(), row.Order)
}
