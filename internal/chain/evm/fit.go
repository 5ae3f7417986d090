package evm

import (
	"fmt"
	"math/big"
	"reflect"
	"time"

	"github.com/ethereum/go-ethereum/accounts/abi"

	"sinso.dev/sinso"
)

// pack encodes a call: selector and arguments.
func pack(method abi.Method, args []any) ([]byte, error) {
	packed, err := packed(method.Inputs, args)
	if err != nil {
		return nil, fmt.Errorf("chain: %s: %w", method.Name, err)
	}
	return append(append([]byte{}, method.ID...), packed...), nil
}

// packed encodes arguments as the ABI wants them.
func packed(inputs abi.Arguments, args []any) ([]byte, error) {
	if len(inputs) != len(args) {
		return nil, fmt.Errorf("it takes %d arguments, not %d: %w", len(inputs), len(args), sinso.ErrInvalid)
	}
	fitted := make([]any, len(args))
	for i, input := range inputs {
		into := reflect.New(input.Type.GetType()).Elem()
		if err := fit(input.Type, reflect.ValueOf(args[i]), into); err != nil {
			return nil, fmt.Errorf("argument %s: %w", input.Name, err)
		}
		fitted[i] = into.Interface()
	}
	data, err := inputs.Pack(fitted...)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", err, sinso.ErrInvalid)
	}
	return data, nil
}

// fit sets into, which has the Go type that the ABI package wants for t, to a
// value of our own types.
func fit(t abi.Type, value, into reflect.Value) error {
	for value.IsValid() && value.Kind() == reflect.Pointer && value.Type() != numberType && !value.IsNil() {
		value = value.Elem()
	}
	if !value.IsValid() {
		return misfit(t, value)
	}
	switch t.T {
	case abi.UintTy, abi.IntTy:
		return fitNumber(t, value, into)
	case abi.SliceTy, abi.ArrayTy:
		return fitList(t, value, into)
	case abi.TupleTy:
		return fitTuple(t, value, into)
	case abi.AddressTy, abi.FixedBytesTy:
		return fitFixed(t, value, into)
	}
	if !value.CanConvert(into.Type()) || value.Kind() != into.Kind() {
		return misfit(t, value)
	}
	into.Set(value.Convert(into.Type()))
	return nil
}

var numberType = reflect.TypeFor[*big.Int]()

// fitNumber takes what has a whole number's meaning, if it is not negative and
// has no more bits than the contract takes.
func fitNumber(t abi.Type, value, into reflect.Value) error {
	var n *big.Int
	switch v := value.Interface().(type) {
	case sinso.Hash:
		n = number(v)
	case sinso.Wei:
		n = v.Int()
	case *big.Int:
		n = v
	case time.Time:
		n = new(big.Int)
		if !v.IsZero() {
			n.SetInt64(v.Unix())
		}
	case time.Duration:
		n = big.NewInt(int64(v / time.Second))
	default:
		switch {
		case value.CanUint():
			n = new(big.Int).SetUint64(value.Uint())
		case value.CanInt():
			n = big.NewInt(value.Int())
		}
	}
	bits := t.Size
	if t.T == abi.IntTy {
		bits--
	}
	if n == nil || n.Sign() < 0 || n.BitLen() > bits {
		return misfit(t, value)
	}
	switch {
	case into.CanUint():
		into.SetUint(n.Uint64())
	case into.CanInt():
		into.SetInt(n.Int64())
	default:
		into.Set(reflect.ValueOf(n))
	}
	return nil
}

func fitFixed(t abi.Type, value, into reflect.Value) error {
	kind := value.Kind()
	if kind != reflect.Array && kind != reflect.Slice || value.Type().Elem().Kind() != reflect.Uint8 || value.Len() != into.Len() {
		return misfit(t, value)
	}
	reflect.Copy(into, value)
	return nil
}

func fitList(t abi.Type, value, into reflect.Value) error {
	if kind := value.Kind(); kind != reflect.Array && kind != reflect.Slice {
		return misfit(t, value)
	}
	if t.T == abi.SliceTy {
		into.Set(reflect.MakeSlice(into.Type(), value.Len(), value.Len()))
	}
	if value.Len() != into.Len() {
		return misfit(t, value)
	}
	for i := range value.Len() {
		if err := fit(*t.Elem, value.Index(i), into.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func fitTuple(t abi.Type, value, into reflect.Value) error {
	if value.Kind() != reflect.Struct {
		return misfit(t, value)
	}
	for i, name := range t.TupleRawNames {
		field := fieldOf(value, name)
		if !field.IsValid() {
			return fmt.Errorf("%s has no %s: %w", value.Type(), name, sinso.ErrInvalid)
		}
		if err := fit(*t.TupleElems[i], field, into.Field(i)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func misfit(t abi.Type, value reflect.Value) error {
	if !value.IsValid() {
		return fmt.Errorf("nothing is no %s: %w", t.String(), sinso.ErrInvalid)
	}
	// The value itself may be anybody's: it stays out of the error.
	return fmt.Errorf("this %s is no %s: %w", value.Type(), t.String(), sinso.ErrInvalid)
}
