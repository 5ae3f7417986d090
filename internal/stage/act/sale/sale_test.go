package sale

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// FuzzSale reads what a stranger gave: it is refused as invalid, or is the sale that its text says, of a seller who signed
// it or not.
func FuzzSale(f *testing.F) {
	signature := "0x" + strings.Repeat("11", eip712.SignatureBytes)
	whole, err := json.Marshal(Signed{Hash: sinso.Hash{1}, Terms: Terms{
		Price: sinso.NewWei(nil), EndsAt: time.Unix(9, 0).UTC(), StartsAt: time.Unix(1, 0).UTC(),
	}, Signature: signature, Permit: signature})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add([]byte(`{"hash":"0x01","sale":null,"signature":"0x","permit":""}`))
	f.Add([]byte(`{"sale":{"endsAt":"0000-01-01T00:00:00Z"}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		o, err := parsed(text)
		if err != nil {
			if !errors.Is(err, sinso.ErrInvalid) {
				t.Errorf("got %v", err)
			}
			return
		}
		again, err := json.Marshal(o.Signed)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		if same, err := parsed(again); err != nil || same.Hash != o.Hash || !same.Terms.EndsAt.Equal(o.Terms.EndsAt) {
			t.Errorf("read again: %+v, %v", same, err)
		}
		if err := o.signedHere(sinso.Hash{}); !errors.Is(err, sinso.ErrInvalid) && !errors.Is(err, sinso.ErrDenied) {
			t.Errorf("nobody signed this: got %v", err)
		}
	})
}

// TestRefusing says why a sale cannot be bought, in each state.
func TestRefusing(t *testing.T) {
	mine := sinso.Address{1}
	for _, tt := range []struct {
		state string
		taker sinso.Address
		open  bool
	}{
		{Open, sinso.Address{}, true},
		{Open, mine, true},
		{Open, sinso.Address{2}, false},
		{Sold, mine, false},
		{Cancelled, mine, false},
		{Over, mine, false},
		{Elsewhere, mine, false},
		{Unheld, mine, false},
	} {
		now := Shown{State: tt.state, Terms: Terms{Taker: tt.taker}}
		if err := now.refusing(mine); (err == nil) != tt.open || err != nil && !errors.Is(err, sinso.ErrDenied) {
			t.Errorf("%s for %s: got %v", tt.state, tt.taker, err)
		}
	}
}
