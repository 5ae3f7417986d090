package evm

import (
	"cmp"
	"fmt"
	"math/big"
	"reflect"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/accounts/abi"

	"sinso.dev/sinso"
)

// unpack decodes an answer into what into points to: one value, or a struct
// with fields named as several are.
func unpack(outputs abi.Arguments, data []byte, into any) error {
	if err := weigh(outputs, data); err != nil {
		return err
	}
	values, err := outputs.UnpackValues(data)
	if err != nil {
		return fmt.Errorf("%w: %w", err, sinso.ErrCorrupt)
	}
	target := reflect.ValueOf(into)
	if target.Kind() != reflect.Pointer || target.IsNil() {
		return fmt.Errorf("an answer wants a pointer to put it into: %w", sinso.ErrInvalid)
	}
	if len(values) == 1 {
		return unfit(reflect.ValueOf(values[0]), target.Elem())
	}
	for i, output := range outputs {
		if field := fieldOf(target.Elem(), output.Name); field.IsValid() {
			if err := unfit(reflect.ValueOf(values[i]), field); err != nil {
				return fmt.Errorf("%s: %w", output.Name, err)
			}
		}
	}
	return nil
}

// fieldOf returns the exported field of a struct that Solidity calls name, or
// one with that name as its `abi` tag.
func fieldOf(of reflect.Value, name string) reflect.Value {
	if of.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	name = strings.Trim(name, "_")
	for i := range of.NumField() {
		field := of.Type().Field(i)
		called := cmp.Or(field.Tag.Get("abi"), field.Name)
		if field.IsExported() && strings.EqualFold(called, name) {
			return of.Field(i)
		}
	}
	return reflect.Value{}
}

// unfit sets into to a value that the ABI package decoded.
func unfit(value, into reflect.Value) error {
	switch into.Interface().(type) {
	case sinso.Wei, sinso.Hash, time.Time, time.Duration, *big.Int:
		return unfitNumber(value, into)
	}
	switch {
	case value.Kind() == reflect.Struct && into.Kind() == reflect.Struct:
		return unfitTuple(value, into)
	case value.Kind() == reflect.Slice && into.Kind() == reflect.Slice && value.Type().Elem().Kind() != reflect.Uint8:
		into.Set(reflect.MakeSlice(into.Type(), value.Len(), value.Len()))
		for i := range value.Len() {
			if err := unfit(value.Index(i), into.Index(i)); err != nil {
				return err
			}
		}
		return nil
	case value.Type() == numberType && into.CanUint():
		n, _ := value.Interface().(*big.Int)
		if !n.IsUint64() || into.OverflowUint(n.Uint64()) {
			return unfitting(value, into)
		}
		into.SetUint(n.Uint64())
		return nil
	case value.CanUint() && into.CanUint():
		if into.OverflowUint(value.Uint()) {
			return unfitting(value, into)
		}
		into.SetUint(value.Uint())
		return nil
	case value.Kind() == into.Kind() && value.CanConvert(into.Type()):
		into.Set(value.Convert(into.Type()))
		return nil
	}
	return unfitting(value, into)
}

func unfitTuple(value, into reflect.Value) error {
	for i := range value.NumField() {
		name := value.Type().Field(i).Name
		if field := fieldOf(into, name); field.IsValid() {
			if err := unfit(value.Field(i), field); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return nil
}

// unfitNumber reads a whole number, or 32 bytes, as one of our types.
func unfitNumber(value, into reflect.Value) error {
	n, isNumber := value.Interface().(*big.Int)
	if value.CanUint() {
		n, isNumber = new(big.Int).SetUint64(value.Uint()), true
	}
	raw, isRaw := value.Interface().([32]byte)
	switch into.Interface().(type) {
	case sinso.Hash:
		if isNumber && n.Sign() >= 0 {
			n.FillBytes(raw[:])
		} else if !isRaw {
			return unfitting(value, into)
		}
		into.Set(reflect.ValueOf(sinso.Hash(raw)))
		return nil
	case sinso.Wei:
		if isNumber && n.Sign() >= 0 {
			into.Set(reflect.ValueOf(sinso.NewWei(n)))
			return nil
		}
	case *big.Int:
		if isNumber {
			into.Set(reflect.ValueOf(n))
			return nil
		}
	case time.Time:
		if isNumber && n.BitLen() <= timeBits {
			into.Set(reflect.ValueOf(moment(n.Uint64())))
			return nil
		}
	case time.Duration:
		if isNumber && n.BitLen() <= spanBits {
			into.Set(reflect.ValueOf(time.Duration(n.Int64()) * time.Second))
			return nil
		}
	}
	return unfitting(value, into)
}

// Bounds of seconds that our types can hold.
const (
	timeBits = 48
	spanBits = 33
)

func unfitting(value, into reflect.Value) error {
	return fmt.Errorf("a %s does not fit into a %s: %w", value.Type(), into.Type(), sinso.ErrInvalid)
}
