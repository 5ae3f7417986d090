package act

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// teller is a desk at a chain that tells one event of each name.
type teller struct {
	sinso.Desk
	events map[string]any
}

func (d teller) Each(_ context.Context, _ string, _ sinso.Address, name string, _ []sinso.Hash, fn func(sinso.ChainEvent) (bool, error)) error {
	if d.events[name] == nil {
		return nil
	}
	_, err := fn(sinso.ChainEvent{Name: name})
	return err
}

func (d teller) Told(_ string, event sinso.ChainEvent, into any) error {
	from, to := reflect.ValueOf(d.events[event.Name]), reflect.ValueOf(into).Elem()
	for i := range to.NumField() {
		if field := from.FieldByName(to.Type().Field(i).Name); field.IsValid() {
			to.Field(i).Set(field)
		}
	}
	return nil
}

type (
	entry struct {
		Parent, ContentCommitment sinso.Hash
		Split                     []sinso.Share
	}
	transfer struct{ To sinso.Address }
)

// TestEntered reads an asset from what a chain tells of its entry, and believes nothing that its token was not made of.
func TestEntered(t *testing.T) {
	t.Parallel()
	content, parent, creator := sinso.Hash{1}, sinso.Hash{2}, sinso.Address{3}
	whole := []sinso.Share{{Payee: creator, Bps: 10_000}}
	two := []sinso.Share{{Payee: creator, Bps: 9_000}, {Payee: sinso.Address{4}, Bps: 1_000}}
	for name, tt := range map[string]struct {
		events map[string]any
		split  []sinso.Share // of the token that is asked for
		parent sinso.Hash
		class  error
	}{
		"with a split":            {map[string]any{"Entered": entry{parent, content, two}}, two, parent, nil},
		"its creator alone":       {map[string]any{"Entered": entry{parent, content, nil}, "Transfer": transfer{creator}}, whole, parent, nil},
		"the short form":          {map[string]any{"EnteredSingle": entry{ContentCommitment: content}, "Transfer": transfer{creator}}, whole, sinso.Hash{}, nil},
		"not entered":             {nil, whole, sinso.Hash{}, sinso.ErrNotFound},
		"minted to nobody":        {map[string]any{"EnteredSingle": entry{ContentCommitment: content}}, whole, sinso.Hash{}, sinso.ErrCorrupt},
		"minted to another":       {map[string]any{"EnteredSingle": entry{ContentCommitment: content}, "Transfer": transfer{sinso.Address{9}}}, whole, sinso.Hash{}, sinso.ErrCorrupt},
		"of another content":      {map[string]any{"Entered": entry{parent, sinso.Hash{9}, two}}, two, parent, sinso.ErrCorrupt},
		"with another split":      {map[string]any{"Entered": entry{parent, content, whole}}, two, parent, sinso.ErrCorrupt},
		"a split that is no such": {map[string]any{"Entered": entry{parent, content, two[1:]}}, two, parent, sinso.ErrCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			token, err := eip712.TokenID(sinso.Asset{Creator: creator, Commitment: content, Split: tt.split})
			if err != nil {
				t.Fatal(err)
			}
			got, err := Entered(t.Context(), teller{events: tt.events}, token)
			if !errors.Is(err, tt.class) {
				t.Fatalf("got error %v, want %v", err, tt.class)
			}
			if err == nil && (got.Creator != creator || got.Commitment != content || got.Parent != tt.parent || !slices.Equal(got.Split, tt.split)) {
				t.Errorf("got %+v", got)
			}
		})
	}
}
