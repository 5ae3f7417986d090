package evm

import (
	"fmt"
	"reflect"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"

	"sinso.dev/sinso"
)

// told puts the arguments of an event into a struct: the indexed ones are in
// its topics, the others in its data.
func told(inputs abi.Arguments, event sinso.ChainEvent, into any) error {
	target := reflect.ValueOf(into)
	if target.Kind() != reflect.Pointer || target.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("an event wants a pointer to a struct: %w", sinso.ErrInvalid)
	}
	if err := weigh(inputs, event.Data); err != nil {
		return err
	}
	values, err := inputs.UnpackValues(event.Data) // of those that are not indexed
	if err != nil {
		return err
	}
	topics := event.Topics[1:]
	for _, input := range inputs {
		var value any
		switch {
		case !input.Indexed:
			value, values = values[0], values[1:]
		case len(topics) == 0:
			return fmt.Errorf("it has too few topics: %w", sinso.ErrCorrupt)
		default:
			if value, err = topic(input, common.Hash(topics[0])); err != nil {
				return err
			}
			topics = topics[1:]
		}
		if field := fieldOf(target.Elem(), input.Name); field.IsValid() {
			if err := unfit(reflect.ValueOf(value), field); err != nil {
				return fmt.Errorf("%s: %w", input.Name, err)
			}
		}
	}
	return nil
}

// topic decodes an indexed argument. Of what is longer than a word, the topic is a
// hash, and that is its value.
func topic(input abi.Argument, word common.Hash) (any, error) {
	switch input.Type.T {
	case abi.StringTy, abi.BytesTy, abi.SliceTy, abi.ArrayTy, abi.TupleTy:
		return [32]byte(word), nil
	}
	values, err := abi.Arguments{{Type: input.Type}}.UnpackValues(word[:])
	if err != nil {
		return nil, err
	}
	return values[0], nil
}
