package creator

import (
	"context"
	"time"

	"sinso.dev/sinso"
)

func answering() []sinso.Act {
	return []sinso.Act{
		{
			Noun: "creator", Verb: "contest", Short: "Bring a demand before the panel of its issue: it was honoured, or need not be",
			Long: "Only the creator, and only while the demand is due. If the panel is silent for 30 days the holder is paid.",
			Params: []sinso.Param{
				token,
				{Name: "evidence", Kind: sinso.KindHash, Needed: true, Help: "salted hash of what the panel will be shown"},
			},
			Draft: contest,
		},
		{
			Noun: "creator", Verb: "decide", Short: "As the panel of an issue, decide whether the creator was right",
			Params: []sinso.Param{
				{Name: "case", Kind: sinso.KindHash, Needed: true, Help: "which, as contest printed it"},
				{Name: "right", Kind: sinso.KindYes, Help: "the creator was right; without it the holder was"},
			},
			Draft: func(_ context.Context, _ sinso.Desk, given sinso.Given) (sinso.Draft, error) {
				return one("decide a demand", creators("decide", sinso.Of[sinso.Hash](given, "case"), sinso.Of[bool](given, "right"))), nil
			},
		},
		{
			Noun: "creator", Verb: "settle", Short: "End a demand that was decided, or that nobody answered in time",
			Long:   "Unless the panel was for the creator, the holder is owed the compensation out of the creator's stake. Anyone may.",
			Params: []sinso.Param{token}, Draft: settle,
		},
		{
			Noun: "creator", Verb: "withdraw", Short: "Take what this account is owed: freed stake, or a compensation",
			Params: []sinso.Param{currency},
			Draft: func(_ context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
				draft := one("take what is owed", creators("withdraw", sinso.Of[sinso.Address](given, "currency"), desk.Actor()))
				draft.Result = told("Creators", "Withdrawn", &Withdrawn{})
				return draft, nil
			},
		},
	}
}

// Contested is a case.
type Contested struct {
	Case  sinso.Hash    `json:"case" abi:"caseId"`
	Panel sinso.Address `json:"panel"`
	DueAt time.Time     `json:"dueAt"` // last moment for the panel
}

func contest(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	found, token, err := ofToken(ctx, desk, given)
	if err == nil {
		err = found.mine(desk)
	}
	if err != nil {
		return sinso.Draft{}, err
	}
	draft := one("contest a demand", creators("contest", found.Terms, token, sinso.Of[sinso.Hash](given, "evidence"), unsigned))
	draft.Result = told("Creators", "Contested", &Contested{})
	return draft, nil
}

func settle(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	found, token, err := ofToken(ctx, desk, given)
	if err != nil {
		return sinso.Draft{}, err
	}
	draft := one("settle a demand", creators("settle", found.Terms, found.Rights, token))
	draft.Result = func(ctx context.Context, desk sinso.Desk, _ []sinso.Done) (any, error) {
		return shownToken(ctx, desk, found, token)
	}
	return draft, nil
}
