package creator

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"sinso.dev/sinso"
)

func issuing() []sinso.Act {
	amount := sinso.Param{Name: "amount", Kind: sinso.KindWei, Needed: true, Help: "how much of the chain's own money, in wei"}
	return []sinso.Act{
		{
			Noun: "creator", Verb: "stake", Short: "Put up stake for a creator: what its holders are owed if it does not honour",
			Long: "It is the creator's from then on, whoever pays.",
			Params: []sinso.Param{
				amount,
				{Name: "creator", Kind: sinso.KindAddress, Help: "whose (default: this account)"},
				currency,
			},
			Draft: stake,
		},
		{
			Noun: "creator", Verb: "unstake", Short: "Free stake that no issue holds: it is owed to this account, which withdraws it",
			Params: []sinso.Param{amount, currency},
			Draft: func(_ context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
				return one("free stake", creators("unstake", desk.Actor(), sinso.Of[sinso.Address](given, "currency"), sinso.Of[sinso.Wei](given, "amount"), 0, unsigned)), nil
			},
		},
		{
			Noun: "creator", Verb: "open", Short: "Issue tokens with rights, as this node's account: they can be bought from then on",
			Long: "Nothing of it can be changed later. The stake must be there before: supply times the compensations of a token. The\n" +
				"promises, supply times rights, must be no more than what the attesters' words come to, each of which lasts until\n" +
				"30 days after the last demand is due.",
			Params: []sinso.Param{
				{Name: "supply", Kind: sinso.KindNumber, Needed: true, Help: "how many tokens there will ever be, up to 65535"},
				{Name: "price", Kind: sinso.KindWei, Needed: true, Help: "of one, in wei, or in the smallest unit of the currency"},
				currency,
				{Name: "right", Kind: sinso.KindText, Needed: true, List: true, Help: "salted hash of its text, compensation in wei, and once or standing, with commas between"},
				{Name: "patients-bps", Kind: sinso.KindNumber, Needed: true, Help: "the patients' part of each first sale and royalty, of 10000"},
				{Name: "patients-root", Kind: sinso.KindHash, Needed: true, Help: "root of the patients' tree, as creator patients printed it"},
				{Name: "patients-total", Kind: sinso.KindNumber, Needed: true, Help: "sum of the patients' weights, as it printed it"},
				{Name: "sale-until", Kind: sinso.KindTime, Needed: true, Help: "last moment to buy"},
				{Name: "until", Kind: sinso.KindTime, Needed: true, Help: "last moment to demand a right"},
				{Name: "honour-within", Kind: sinso.KindSpan, Needed: true, Help: "from a demand: 1h to 90d"},
				{Name: "panel", Kind: sinso.KindAddress, Help: "who decides a contested demand; none: none can be contested"},
				{Name: "attester", Kind: sinso.KindAddress, Needed: true, List: true, Help: "whose word counts, at most 16"},
				{Name: "content", Kind: sinso.KindHash, Needed: true, Help: "salted commitment to what it is about"},
				{Name: "terms", Kind: sinso.KindHash, Needed: true, Help: "salted hash of the text that holders agree to"},
				{Name: "salt", Kind: sinso.KindHash, Help: "tells issues of the same terms apart"},
			},
			Draft: open,
		},
		{
			Noun: "creator", Verb: "close", Short: "Sell no more of an issue: the stake of what was not sold is free",
			Long:   "Its creator may at any time, anyone after the sale.",
			Params: []sinso.Param{ofIssue},
			Draft: byIssue("close an issue", func(i issue) sinso.Call {
				return creators("close", i.Terms, i.Rights, unsigned)
			}),
		},
		{
			Noun: "creator", Verb: "end", Short: "End an issue after its last moment, when no demand is open: its stake is free",
			Params: []sinso.Param{ofIssue},
			Draft:  byIssue("end an issue", func(i issue) sinso.Call { return creators("end", i.Terms) }),
		},
		{
			Noun: "creator", Verb: "collect", Short: "Bring what first sales of an issue earned into its till",
			Params: []sinso.Param{ofIssue},
			Draft:  byIssue("bring money into the till", func(i issue) sinso.Call { return creators("withdraw", i.Terms.Currency, i.Till) }),
		},
		{
			Noun: "creator", Verb: "pay", Short: "Pay the creator its part of what is in the till of an issue",
			Params: []sinso.Param{ofIssue},
			Draft:  byIssue("pay the creator its part", func(i issue) sinso.Call { return i.till("pay", i.Terms.Currency) }),
		},
		{
			Noun: "creator", Verb: "buy", Short: "Buy the next token of an issue for an account: this node's account pays",
			Params: []sinso.Param{ofIssue, {Name: "for", Kind: sinso.KindAddress, Needed: true, Help: "who will hold it: a person's account is what creator held prints"}},
			Draft:  buy,
		},
	}
}

func (i issue) till(method string, args ...any) sinso.Call {
	return sinso.Call{Contract: "Till", At: i.Till, Method: method, Args: args}
}

// byIssue drafts one call about an issue.
func byIssue(doing string, call func(issue) sinso.Call) func(context.Context, sinso.Desk, sinso.Given) (sinso.Draft, error) {
	return func(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
		found, err := find(ctx, desk, sinso.Of[sinso.Hash](given, "issue"))
		if err != nil {
			return sinso.Draft{}, err
		}
		return one(doing, call(found)), nil
	}
}

func stake(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	creator, amount := sinso.Of[sinso.Address](given, "creator"), sinso.Of[sinso.Wei](given, "amount")
	if creator == (sinso.Address{}) {
		creator = desk.Actor()
	}
	currency := sinso.Of[sinso.Address](given, "currency")
	draft := one("put up stake", creators("stake", creator, currency, amount))
	err := draft.Pay(ctx, desk, currency, amount)
	return draft, err
}

// Opened is an issue that was opened.
type Opened struct {
	Issue sinso.Hash    `json:"issue" abi:"issueId"`
	Till  sinso.Address `json:"till"` // where royalties go
}

// Agreed is what is agreed to by opening an issue, or by buying of it.
type Agreed struct {
	Terms
	Rights []Right `json:"rights"`
}

func open(_ context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	terms, err := readTerms(desk, given)
	if err != nil {
		return sinso.Draft{}, err
	}
	var rights []Right
	for _, text := range sinso.ListOf[string](given, "right") {
		r, err := readRight(text)
		if err != nil {
			return sinso.Draft{}, err
		}
		rights = append(rights, r)
	}
	if len(rights) > maxRights {
		return sinso.Draft{}, fmt.Errorf("creator: a token has 1 to %d rights, not %d: %w", maxRights, len(rights), sinso.ErrInvalid)
	}
	terms.RightsHash = rightsHash(rights)
	attesters := sinso.ListOf[sinso.Address](given, "attester")
	slices.SortFunc(attesters, func(a, b sinso.Address) int { return bytes.Compare(a[:], b[:]) })
	draft := one("open an issue", creators("open", terms, rights, attesters, unsigned))
	draft.About, draft.Result = Agreed{terms, rights}, told("Creators", "Opened", &Opened{})
	return draft, nil
}

// readTerms reads the terms but for the rights. What is out of the contract's bounds it refuses itself.
func readTerms(desk sinso.Desk, given sinso.Given) (Terms, error) {
	supply, bps := sinso.Of[uint64](given, "supply"), sinso.Of[uint64](given, "patients-bps")
	within := uint64(sinso.Of[time.Duration](given, "honour-within") / time.Second) //nolint:gosec // no span is below 0
	if supply > math.MaxUint16 || bps > math.MaxUint16 || within > math.MaxUint32 {
		return Terms{}, fmt.Errorf("creator: want at most %d tokens, a part of at most 10000, and at most 90d: %w", math.MaxUint16, sinso.ErrInvalid)
	}
	return Terms{
		Creator: desk.Actor(), Currency: sinso.Of[sinso.Address](given, "currency"), Price: sinso.Of[sinso.Wei](given, "price"), Supply: uint16(supply), PatientsBps: uint16(bps),
		PatientsTotal: sinso.Of[uint64](given, "patients-total"), PatientsRoot: sinso.Of[sinso.Hash](given, "patients-root"),
		SaleEndsAt: sinso.Of[time.Time](given, "sale-until").UTC(), Until: sinso.Of[time.Time](given, "until").UTC(), HonourWithin: uint32(within),
		Panel: sinso.Of[sinso.Address](given, "panel"), ContentCommitment: sinso.Of[sinso.Hash](given, "content"),
		TermsHash: sinso.Of[sinso.Hash](given, "terms"), Salt: sinso.Of[sinso.Hash](given, "salt"),
	}, nil
}

// Sold is a token that was sold.
type Sold struct {
	Issue sinso.Hash    `json:"issue" abi:"issueId"`
	Token sinso.TokenID `json:"token" abi:"tokenId"`
	Buyer sinso.Address `json:"buyer"`
	Price sinso.Wei     `json:"priceWei"`
}

func buy(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	found, err := find(ctx, desk, sinso.Of[sinso.Hash](given, "issue"))
	if err != nil {
		return sinso.Draft{}, err
	}
	draft := one("buy a token", creators("buy", found.Terms, sinso.Of[sinso.Address](given, "for")))
	draft.About, draft.Result = Agreed{found.Terms, found.Rights}, told("Creators", "Sold", &Sold{})
	err = draft.Pay(ctx, desk, found.Terms.Currency, found.Terms.Price)
	return draft, err
}
