package node

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/serve"
	"sinso.dev/sinso/internal/way"
)

type (
	// ReviewFilter says which items of the review are listed.
	ReviewFilter = way.ReviewFilter
	// ReviewDecision is what a person says of an item.
	ReviewDecision = way.ReviewDecision
	// LeakRate is how often a copy still identifies somebody, as the API answers it.
	LeakRate = way.LeakRate
	// LeakTally counts records of copies, of one kind of device or of all.
	LeakTally = way.LeakTally
	// ReviewItem is one item of the review, as the API answers it.
	ReviewItem = serve.ReviewItem
	// ReviewDetail is one item with what a copy would have of it, as the API answers it.
	ReviewDetail = serve.ReviewDetail
	// ReviewElement is what became of one element.
	ReviewElement = serve.ReviewElement
)

// ReviewItem puts an item's reasons in words.
func (n *Node) ReviewItem(row sinso.ReviewRow) ReviewItem {
	return serve.ReviewOf(n.Way, Explain, row)
}

// ReviewDetail opens the original of an item, writes down that it was, and returns what
// a copy would have of it.
func (n *Node) ReviewDetail(ctx context.Context, id sinso.ReviewID, actor string) (ReviewDetail, error) {
	row, err := n.Review(ctx, id)
	if err != nil {
		return ReviewDetail{}, err
	}
	return serve.ShowReview(ctx, n.Way, Explain, row, actor)
}

// review is what the way needs to know of the review.
func (c Config) review() (cfg way.Config, err error) {
	persons := map[string]int{"": 1, "1": 1, "2": 2}[c.ReviewPersons]
	if persons == 0 {
		return cfg, fmt.Errorf("config: review-persons: want 1 or 2, not %q: %w", c.ReviewPersons, sinso.ErrInvalid)
	}
	cfg.ReviewPersons = persons
	if c.ReviewSample == "" {
		return cfg, nil
	}
	blanked, other, _ := strings.Cut(c.ReviewSample, ",")
	var ok, too bool
	cfg.SampleBlanked, ok = samplePlan(blanked)
	cfg.SampleOther, too = samplePlan(other)
	if !ok || !too {
		return cfg, fmt.Errorf("config: review-sample: want N/M,N/M with N from 1 to M, such as 1/20,1/500, not %q: %w", c.ReviewSample, sinso.ErrInvalid)
	}
	return cfg, nil
}

// Extra draws, of a million: so few that they cost nothing, and enough that nobody who
// sees one sample knows that the next is far.
const sampleExtra = 1_000

// samplePlan reads N/M.
func samplePlan(text string) (sinso.SamplePlan, bool) {
	n, m, _ := strings.Cut(strings.TrimSpace(text), "/")
	examine, err := strconv.ParseUint(n, 10, 31)
	of, err2 := strconv.ParseUint(m, 10, 31)
	plan := sinso.SamplePlan{Examine: uint32(examine), Of: uint32(of), Extra: sampleExtra}
	if plan.Examine == plan.Of { // all of them
		plan.Extra = 0
	}
	return plan, err == nil && err2 == nil && examine >= 1 && examine <= of
}
