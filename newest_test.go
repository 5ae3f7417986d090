package sinso_test

import (
	"context"
	"errors"
	"testing"

	"sinso.dev/sinso"
)

// chronicle is a desk at which a contract has told of things 1 to its number.
type chronicle struct {
	sinso.Desk
	events uint64
	asked  *int
}

func (c chronicle) Each(_ context.Context, _ string, _ sinso.Address, _ string, _ []sinso.Hash, fn func(sinso.ChainEvent) (bool, error)) error {
	for n := c.events; n > 0; n-- {
		*c.asked++
		if more, err := fn(sinso.ChainEvent{Block: n}); err != nil || !more {
			return err
		}
	}
	return nil
}

// TestNewestAreBounded: a list is of the newest 64 that are wanted, oldest first, no more is read
// than that takes, and it is gone on with by its first.
func TestNewestAreBounded(t *testing.T) {
	asked := 0
	desk := chronicle{events: 1000, asked: &asked}
	newest := func(given sinso.Given) ([]uint64, error) {
		after := sinso.AfterOf(given, func(n uint64) uint64 { return n })
		return sinso.Newest(t.Context(), desk, "Things", "Told", nil, after, func(e sinso.ChainEvent) (uint64, bool, error) {
			return e.Block, e.Block%2 == 0, nil
		})
	}
	list, err := newest(nil)
	if err != nil || len(list) != sinso.MostListed || list[0] != 874 || list[63] != 1000 || asked != 127 {
		t.Errorf("got %v, error %v, after %d events", list, err, asked)
	}
	if list, err = newest(sinso.Given{"before": uint64(874)}); err != nil || len(list) != sinso.MostListed || list[63] != 872 {
		t.Errorf("gone on with: got %v, error %v", list, err)
	}
	if list, err = newest(sinso.Given{"before": uint64(3)}); err != nil || len(list) != 1 || list[0] != 2 {
		t.Errorf("the last of them: got %v, error %v", list, err)
	}
	if list, err = newest(sinso.Given{"before": uint64(2000)}); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("gone on with after none: got %v, error %v, want ErrNotFound", list, err)
	}
}
