package evm

import (
	"encoding/binary"
	"fmt"

	"github.com/ethereum/go-ethereum/accounts/abi"

	"sinso.dev/sinso"
)

// maxTold is how many bytes the values of one event or answer may have together. Lists and texts stand in the data
// by their offsets, and many offsets may lead to the same bytes: a small answer can say that it is a large one.
const maxTold = 1 << 20

const abiWord = 32

// scale weighs what data says that it is, before anything of it is decoded.
type scale struct{ left int }

// weigh is ErrCorrupt if arguments that are encoded in data would have more than maxTold bytes,
// or do not stand where it says.
func weigh(args abi.Arguments, data []byte) error {
	s, at := scale{maxTold}, 0
	for _, arg := range args.NonIndexed() {
		if err := s.put(arg.Type, data, at); err != nil {
			return err
		}
		at += abiWord * width(arg.Type)
	}
	return nil
}

func (s *scale) take(n int) error {
	if n < 0 || n > s.left {
		return fmt.Errorf("it says that it has more than %d bytes: %w", maxTold, sinso.ErrCorrupt)
	}
	s.left -= n
	return nil
}

// put weighs a value whose first word, or whose offset, stands at a place of data.
func (s *scale) put(t abi.Type, data []byte, at int) error {
	if fixed(t) {
		return s.take(abiWord * width(t))
	}
	offset, err := length(data, at)
	if err != nil {
		return err
	}
	switch t.T {
	case abi.ArrayTy:
		return s.list(*t.Elem, t.Size, data[offset:])
	case abi.TupleTy:
		return s.tuple(t, data[offset:])
	}
	n, err := length(data, offset)
	if err != nil {
		return err
	}
	if t.T == abi.SliceTy {
		return s.list(*t.Elem, n, data[offset+abiWord:])
	}
	return s.take(abiWord + n)
}

func (s *scale) list(elem abi.Type, n int, data []byte) error {
	stride := max(abiWord*width(elem), abiWord)
	if n > s.left/stride {
		return s.take(s.left + 1)
	}
	if err := s.take(n * stride); err != nil || fixed(elem) {
		return err
	}
	for i := range n {
		if err := s.put(elem, data, i*stride); err != nil {
			return err
		}
	}
	return nil
}

func (s *scale) tuple(t abi.Type, data []byte) error {
	at := 0
	for _, elem := range t.TupleElems {
		if err := s.put(*elem, data, at); err != nil {
			return err
		}
		at += abiWord * width(*elem)
	}
	return nil
}

// length reads a word that is an offset or a length: no more than there is.
func length(data []byte, at int) (int, error) {
	if at < 0 || at > len(data)-abiWord {
		return 0, fmt.Errorf("it ends before what it says: %w", sinso.ErrCorrupt)
	}
	word := data[at : at+abiWord]
	n := binary.BigEndian.Uint64(word[abiWord-8:])
	if [abiWord - 8]byte(word) != [abiWord - 8]byte{} || n > uint64(len(data)) {
		return 0, fmt.Errorf("it says more than it has: %w", sinso.ErrCorrupt)
	}
	return int(n), nil //nolint:gosec // at most the data's length
}
