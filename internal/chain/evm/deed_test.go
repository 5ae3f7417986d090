package evm_test

import (
	"errors"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/evm"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// A deed that a stage would make: planned, done, asked for and told of.
func TestDeed(t *testing.T) {
	w := newWorld(t, "")
	c := w.open(t, evm.Config{Client: w.chain.Client()})
	secret := [32]byte{31: 9}
	owner, err := eip712.Address(secret)
	if err != nil {
		t.Fatal(err)
	}
	at, err := c.At("Identity")
	if err != nil {
		t.Fatal(err)
	}
	signature, err := eip712.Sign(secret, eip712.EntryDigest(eip712.Domain(at, c.Contracts().ChainID), owner))
	if err != nil {
		t.Fatal(err)
	}
	deed := sinso.Deed{
		Doing: "enter an identity",
		Call:  sinso.Call{Contract: "Identity", Method: "enter", Args: []any{owner, signature}},
	}
	plan, err := c.Plan(t.Context(), deed, owner)
	if err != nil || plan.Gas < 40_000 || plan.Gas > 100_000 || plan.Fee.Int().Sign() == 0 || plan.MostFee.Int().Cmp(plan.Fee.Int()) < 0 {
		t.Errorf("plan: got %+v and error %v", plan, err)
	}
	done, err := c.Do(t.Context(), sinso.Hash{1}, deed, [32]byte{})
	if err != nil {
		t.Fatal(err)
	}
	var entered struct {
		From, To sinso.Address
		Token    sinso.TokenID `abi:"tokenId"`
	}
	for _, event := range done.Events {
		if event.Name != "Transfer" {
			continue
		}
		if err := c.Told("Identity", event, &entered); err != nil {
			t.Fatal(err)
		}
	}
	if entered.To != owner || entered.Token != eip712.IdentityToken(owner) {
		t.Errorf("the event: got %+v", entered)
	}
	var holder sinso.Address
	if err := c.Ask(t.Context(), sinso.Call{Contract: "Identity", Method: "ownerOf", Args: []any{entered.Token}}, &holder); err != nil || holder != owner {
		t.Errorf("the owner: got %s and error %v, want %s", holder, err, owner)
	}
	if _, err := c.Plan(t.Context(), deed, owner); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("a second entry: got error %v, want ErrDenied", err)
	}
}

func TestDeedThatDoesNotFit(t *testing.T) {
	w := newWorld(t, "")
	c := w.open(t, evm.Config{Client: w.chain.Client()})
	for name, tt := range map[string]struct {
		call sinso.Call
		want error
	}{
		"no such contract":  {sinso.Call{Contract: "Nothing", At: sinso.Address{1}, Method: "x"}, sinso.ErrInvalid},
		"no such function":  {sinso.Call{Contract: "Identity", Method: "mint"}, sinso.ErrInvalid},
		"not deployed":      {sinso.Call{Contract: "Staking", Method: "stake"}, sinso.ErrUnsupported},
		"too few arguments": {sinso.Call{Contract: "Identity", Method: "ownerOf"}, sinso.ErrInvalid},
		"a text for a word": {sinso.Call{Contract: "Identity", Method: "ownerOf", Args: []any{"1"}}, sinso.ErrInvalid},
		"nothing at all":    {sinso.Call{Contract: "Identity", Method: "ownerOf", Args: []any{nil}}, sinso.ErrInvalid},
		"a time for a name": {sinso.Call{Contract: "Identity", Method: "balanceOf", Args: []any{time.Now()}}, sinso.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := c.Plan(t.Context(), sinso.Deed{Call: tt.call}, sinso.Address{1}); !errors.Is(err, tt.want) {
				t.Errorf("got error %v, want %v", err, tt.want)
			}
		})
	}
}

// What a contract told is read from the newest down, and no further than is wanted.
func TestEachBeginsWithTheNewest(t *testing.T) {
	w := newWorld(t, "")
	c := w.open(t, evm.Config{Client: w.chain.Client()})
	at, err := c.At("Identity")
	if err != nil {
		t.Fatal(err)
	}
	var entered []sinso.Hash
	for n := byte(1); n <= 3; n++ {
		secret := [32]byte{31: n}
		owner, err := eip712.Address(secret)
		if err != nil {
			t.Fatal(err)
		}
		signature, err := eip712.Sign(secret, eip712.EntryDigest(eip712.Domain(at, c.Contracts().ChainID), owner))
		if err != nil {
			t.Fatal(err)
		}
		deed := sinso.Deed{Doing: "enter", Call: sinso.Call{Contract: "Identity", Method: "enter", Args: []any{owner, signature}}}
		if _, err := c.Do(t.Context(), sinso.Hash{n}, deed, [32]byte{}); err != nil {
			t.Fatal(err)
		}
		entered = append(entered, eip712.IdentityToken(owner))
	}
	var told []sinso.Hash
	if err := c.Each(t.Context(), "Identity", sinso.Address{}, "Transfer", nil, func(event sinso.ChainEvent) (bool, error) {
		told = append(told, event.Token)
		return len(told) < 2, nil
	}); err != nil || len(told) != 2 || told[0] != entered[2] || told[1] != entered[1] {
		t.Errorf("got %v, error %v, want the last two of %v", told, err, entered)
	}
}
