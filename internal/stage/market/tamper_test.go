package market_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/grant"
)

// change is one small change of a value.
type change struct {
	name  string // of the field, and what is done to it
	apply func(root reflect.Value)
}

// changes lists small changes of every field of v, and of every element. at finds
// v's place in a copy of the whole.
func changes(v reflect.Value, name string, at func(reflect.Value) reflect.Value) []change {
	one := func(what string, apply func(reflect.Value)) []change {
		return []change{{name + " " + what, func(root reflect.Value) { apply(at(root)) }}}
	}
	switch value := v.Interface().(type) {
	case sinso.Wei:
		return one("plus 1", func(v reflect.Value) {
			v.Set(reflect.ValueOf(sinso.NewWei(value.Int().Add(value.Int(), big.NewInt(1)))))
		})
	case time.Time:
		return one("later", func(v reflect.Value) { v.Set(reflect.ValueOf(value.Add(time.Second))) })
	case sinso.CID:
		return one("of other bytes", func(v reflect.Value) { v.SetString(string(sinso.CIDOf(sinso.CodecRaw, []byte("other")))) })
	}
	switch v.Kind() { //nolint:exhaustive // the kinds that nouns have
	case reflect.Struct:
		var all []change
		for i := range v.NumField() {
			all = append(all, changes(v.Field(i), strings.TrimPrefix(name+"."+v.Type().Field(i).Name, "."), func(root reflect.Value) reflect.Value { return at(root).Field(i) })...)
		}
		return all
	case reflect.Array, reflect.Slice:
		return changesOfList(v, name, at, one)
	case reflect.String:
		return one("longer", func(v reflect.Value) { v.SetString(v.String() + "x") })
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return one("plus 1", func(v reflect.Value) { v.SetUint(v.Uint() + 1) })
	case reflect.Bool:
		return one("the other", func(v reflect.Value) { v.SetBool(!v.Bool()) })
	case reflect.Int, reflect.Int64:
		return one("plus 1", func(v reflect.Value) { v.SetInt(v.Int() + 1) })
	default:
		panic("no change is known for " + name + ", a " + v.Kind().String())
	}
}

func changesOfList(v reflect.Value, name string, at func(reflect.Value) reflect.Value, one func(string, func(reflect.Value)) []change) []change {
	var all []change
	if v.Type().Elem().Kind() == reflect.Uint8 {
		for _, i := range []int{0, v.Len() / 2, v.Len() - 1} {
			all = append(all, one(fmt.Sprintf("byte %d flipped", i), func(v reflect.Value) { v.Index(i).SetUint(v.Index(i).Uint() ^ 1) })...)
		}
	} else {
		for i := range v.Len() {
			all = append(all, changes(v.Index(i), fmt.Sprintf("%s[%d]", name, i), func(root reflect.Value) reflect.Value { return at(root).Index(i) })...)
		}
	}
	if v.Kind() == reflect.Slice {
		all = append(all, one("without the last", func(v reflect.Value) { v.Set(v.Slice(0, v.Len()-1)) })...)
		all = append(all, one("with the last twice", func(v reflect.Value) { v.Set(reflect.Append(v, v.Index(v.Len()-1))) })...)
		all = append(all, one("empty", func(v reflect.Value) { v.SetZero() })...)
	}
	return all
}

// tamper calls use with a copy of value for each change of it.
func tamper[T any](t *testing.T, value T, use func(name string, changed T)) {
	t.Helper()
	encoded := encode(t, value)
	all := changes(reflect.ValueOf(value), "", func(root reflect.Value) reflect.Value { return root })
	if len(all) < reflect.TypeFor[T]().NumField() {
		t.Fatalf("%d changes only", len(all))
	}
	for _, c := range all {
		var changed T
		if err := json.Unmarshal(encoded, &changed); err != nil {
			t.Fatal(err)
		}
		c.apply(reflect.ValueOf(&changed).Elem())
		if reflect.DeepEqual(changed, value) {
			t.Fatalf("%s changes nothing", c.name)
		}
		use(c.name, changed)
	}
}

// hints are the fields of an offer that no signature covers, as Check says.
var hints = []string{"Version", "Roles", "Peer", "Contracts.Identity", "Institution", "Origin", "Opening", "Proof"}

// TestEveryChangeOfAnOfferIsRefused, its order and its asset included, but for the
// hints: these and no others. A field that is added is found here.
func TestEveryChangeOfAnOfferIsRefused(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	if hash, err := check(d.offer); err != nil || hash != d.order {
		t.Fatalf("the offer itself: %s, %v", hash, err)
	}
	tamper(t, d.offer, func(name string, changed sinso.Offer) {
		hint := false
		for _, field := range hints {
			hint = hint || strings.HasPrefix(name, field+" ") || strings.HasPrefix(name, field+".") || strings.HasPrefix(name, field+"[")
		}
		hash, err := check(changed)
		switch {
		case hint && (err != nil || hash != d.order):
			t.Errorf("%s is called a hint, and gives %v", name, err)
		case !hint && !errors.Is(err, sinso.ErrCorrupt) && !errors.Is(err, sinso.ErrInvalid):
			t.Errorf("%s is taken: %v", name, err)
		}
	})
}

// TestEveryChangeOfAKeyRequestIsRefused.
func TestEveryChangeOfAKeyRequestIsRefused(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	if err := grant.May(contracts, d.trade, d.request); err != nil {
		t.Fatal(err)
	}
	tamper(t, d.request, func(name string, changed sinso.KeyRequest) {
		var refused *grant.RefusedError
		if err := grant.May(contracts, d.trade, changed); !errors.As(err, &refused) || refused.Reason != grant.ReasonNotBuyer {
			t.Errorf("%s: got %v", name, err)
		}
	})
}

// TestEveryChangeOfAKeyAnswerIsRefused.
func TestEveryChangeOfAKeyAnswerIsRefused(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	tamper(t, d.answer, func(name string, changed sinso.KeyAnswer) {
		if opened, err := d.buyer.Open(d.offer, d.name, changed); !errors.Is(err, sinso.ErrCorrupt) || opened.Key != (sinso.CEK{}) {
			t.Errorf("%s: got %v", name, err)
		}
	})
}

// TestEveryChangeOfContractsIsRefused: a signature for one chain or contract is
// worth nothing on another.
func TestEveryChangeOfContractsIsRefused(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	tamper(t, contracts, func(name string, changed sinso.Contracts) {
		if strings.HasPrefix(name, "Identity") || strings.HasPrefix(name, "Assets") {
			return // not those of a trade
		}
		if err := grant.May(changed, d.trade, d.request); !errors.Is(err, sinso.ErrDenied) {
			t.Errorf("%s: a key request is taken: %v", name, err)
		}
		offer := d.offer
		offer.Contracts = changed
		if _, err := d.buyer.Open(offer, d.order, d.answer); !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("%s: a delivery is taken: %v", name, err)
		}
	})
}
