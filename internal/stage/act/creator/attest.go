package creator

import (
	"context"
	"time"

	"sinso.dev/sinso"
)

func attesting() []sinso.Act {
	creator := sinso.Param{Name: "creator", Kind: sinso.KindAddress, Needed: true, Help: "of whom"}
	attester := sinso.Param{Name: "attester", Kind: sinso.KindAddress, Help: "whose word (default: this account)"}
	return []sinso.Act{
		{
			Noun: "creator", Verb: "attest", Short: "As a listed attester, say how many promises a creator can be trusted with",
			Long: "The word takes that much of this account's capacity until it ends, also if it is taken back before, by --weight 0. It counts\n" +
				"only while governance lists the account (sinso dac propose-listing --list sinso/attesters/v1).",
			Params: []sinso.Param{
				creator,
				{Name: "weight", Kind: sinso.KindNumber, Needed: true, Help: "how many promises; 0 takes the word back"},
				{Name: "until", Kind: sinso.KindTime, Needed: true, Help: "last moment that it holds"},
			},
			Draft: attest,
		},
		{
			Noun: "creator", Verb: "lapse", Short: "Free what a word that has ended took of its attester's capacity",
			Params: []sinso.Param{creator, attester},
			Draft: func(_ context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
				return one("free capacity", reputation("lapse", byAttester(desk, given), sinso.Of[sinso.Address](given, "creator"))), nil
			},
		},
		{
			Noun: "creator", Verb: "word", Short: "What an attester's word of a creator is now",
			Params: []sinso.Param{creator, attester}, Ask: askWord,
		},
	}
}

func byAttester(desk sinso.Desk, given sinso.Given) sinso.Address {
	if by := sinso.Of[sinso.Address](given, "attester"); by != (sinso.Address{}) {
		return by
	}
	return desk.Actor()
}

// statement is IReputation's.
type statement struct {
	Attester, Creator sinso.Address
	Weight            uint64
	EndsAt            time.Time
	Number            uint64
}

// attest numbers a word by the moment at which it is drafted, so that a newer one is above it and an
// act that was cut off says the same again.
func attest(_ context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	said := statement{
		Attester: desk.Actor(), Creator: sinso.Of[sinso.Address](given, "creator"), Weight: sinso.Of[uint64](given, "weight"),
		EndsAt: sinso.Of[time.Time](given, "until"), Number: uint64(max(desk.Now().Unix(), 0)),
	}
	return one("attest", reputation("attest", said, unsigned)), nil
}

// Word is what stands of an attester's word of a creator.
type Word struct {
	Attester sinso.Address `json:"attester"`
	Creator  sinso.Address `json:"creator"`
	Weight   uint64        `json:"weight"`        // promises
	Reserved uint64        `json:"reserved"`      // of the attester's capacity, until it ends
	EndsAt   time.Time     `json:"endsAt"`        // 1970: there is none
	Listed   bool          `json:"listed"`        // only then it counts
	Given    uint64        `json:"givenInAll"`    // of the attester's capacity
	Capacity uint64        `json:"capacityInAll"` // promises that it can vouch for at a time
}

func askWord(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	out := Word{Attester: byAttester(desk, given), Creator: sinso.Of[sinso.Address](given, "creator")}
	var list, subject sinso.Hash
	copy(subject[len(subject)-len(out.Attester):], out.Attester[:])
	for _, q := range []struct {
		call sinso.Call
		into any
	}{
		{reputation("wordOf", out.Attester, out.Creator), &out},
		{reputation("reservedOf", out.Attester), &out.Given},
		{reputation("CAPACITY"), &out.Capacity},
		{reputation("LIST"), &list},
	} {
		if err := desk.Ask(ctx, q.call, q.into); err != nil {
			return nil, err
		}
	}
	err := desk.Ask(ctx, sinso.Call{Contract: "Registry", Method: "listed", Args: []any{list, subject}}, &out.Listed)
	return out, err
}
