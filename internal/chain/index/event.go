package index

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"sync"

	"github.com/ethereum/go-ethereum/accounts/abi"

	"sinso.dev/sinso"
	"sinso.dev/sinso/contracts"
)

const (
	word = 32 // bytes
	// maxIndex bounds the logs of a block, so that a place fits a whole number.
	maxIndex = 1 << 20
	maxBlock = 1 << 42
)

// book is how the events of all contracts are written. It is not changed once it is
// read.
type book struct {
	forms   map[string]map[sinso.Hash]*form // by the contract's name and the event's first topic
	meaning []byte                          // changes with any of the interfaces, and with what is read from them
}

// form is how one event is written.
type form struct {
	name   string // "Exchange.Filled"
	fields map[string]field
	topics int
	words  int // of data, at least
}

// field is where a value is: in a topic, or in a word of the data. Of a value
// without a fixed length, the word is its offset.
type field struct {
	topic bool
	at    int
	kind  abi.Type
}

// readBook reads the interfaces of the contracts that are built into the program,
// once.
var readBook = sync.OnceValues(func() (*book, error) {
	known, sum := &book{forms: map[string]map[sinso.Hash]*form{}}, sha256.New()
	for _, name := range contracts.Names() {
		source, err := contracts.Load(name)
		if err != nil {
			return nil, fmt.Errorf("index: %w", err)
		}
		parsed, err := abi.JSON(bytes.NewReader(source.ABI))
		if err != nil {
			return nil, fmt.Errorf("index: the interface of %s: %w", name, err)
		}
		_, _ = sum.Write(source.ABI) // a hash takes all
		known.forms[name] = map[sinso.Hash]*form{}
		for _, event := range parsed.Events {
			known.forms[name][sinso.Hash(event.ID)] = formOf(name, event)
		}
	}
	known.meaning = sum.Sum([]byte{projection})
	return known, nil
})

func formOf(contract string, event abi.Event) *form {
	f := &form{name: contract + "." + event.RawName, fields: map[string]field{}, topics: 1}
	for _, input := range event.Inputs {
		if input.Indexed {
			f.fields[input.Name] = field{topic: true, at: f.topics, kind: input.Type}
			f.topics++
			continue
		}
		f.add(input.Name, input.Type)
	}
	return f
}

// add lays out a value that is not indexed: a struct of fixed length is its parts,
// one after the other.
func (f *form) add(name string, kind abi.Type) {
	if kind.T == abi.TupleTy && fixed(kind) {
		for i, part := range kind.TupleElems {
			f.add(name+"."+kind.TupleRawNames[i], *part)
		}
		return
	}
	f.fields[name] = field{at: f.words, kind: kind}
	f.words++
}

func fixed(kind abi.Type) bool {
	switch kind.T {
	case abi.StringTy, abi.BytesTy, abi.SliceTy, abi.ArrayTy:
		return false // no event has an array of fixed length
	case abi.TupleTy:
		for _, part := range kind.TupleElems {
			if !fixed(*part) {
				return false
			}
		}
	}
	return true
}

// fits says whether a log is written as a contract writes this event: its length,
// and each value within its type.
func (f *form) fits(topics, data []byte) bool {
	if len(topics) != f.topics*word || len(data) < f.words*word {
		return false
	}
	for _, at := range f.fields {
		if !within(at.kind, at.in(topics, data), at.topic) {
			return false
		}
	}
	return true
}

func (f field) in(topics, data []byte) []byte {
	if f.topic {
		return topics[f.at*word : (f.at+1)*word]
	}
	return data[f.at*word : (f.at+1)*word]
}

func within(kind abi.Type, value []byte, topic bool) bool {
	zeros := 0
	switch kind.T {
	case abi.AddressTy:
		zeros = word - len(sinso.Address{})
	case abi.UintTy:
		zeros = word - kind.Size/8
	case abi.BoolTy:
		return allZero(value[:word-1]) && value[word-1] <= 1
	case abi.StringTy, abi.BytesTy, abi.SliceTy, abi.TupleTy:
		if topic {
			return true // its hash
		}
		zeros = word - 4
	}
	return allZero(value[:zeros])
}

func allZero(b []byte) bool {
	for _, v := range b {
		if v != 0 {
			return false
		}
	}
	return true
}

// event is a log that fits the form of a known event.
type event struct {
	*form
	place  int64
	time   int64
	at     []byte // the contract
	topics []byte
	data   []byte
	tx     []byte
}

func (e *event) block() int64 { return e.place / maxIndex }

// word returns a value of 32 bytes.
func (e *event) word(name string) []byte { return e.fields[name].in(e.topics, e.data) }

func (e *event) address(name string) []byte { return e.word(name)[word-len(sinso.Address{}):] }

// number returns a whole number; one above what the file stores is the greatest.
func (e *event) number(name string) int64 {
	value := e.word(name)
	if !allZero(value[:word-8]) || value[word-8]&0x80 != 0 {
		return math.MaxInt64
	}
	return int64(binary.BigEndian.Uint64(value[word-8:])) //nolint:gosec // its first bit is not set
}

// bits returns a whole number of 64 bits, as the signed one of the same bits, which the file stores.
func (e *event) bits(name string) int64 {
	return int64(binary.BigEndian.Uint64(e.word(name)[word-8:])) //nolint:gosec // the same bits
}

func (e *event) flag(name string) bool { return e.word(name)[word-1] == 1 }

// tail returns what stands at the offset that a value without a fixed length has,
// without the word of its length, and that length; nil if it is not within the data.
func (e *event) tail(name string) ([]byte, int) {
	at := int(binary.BigEndian.Uint32(e.word(name)[word-4:]))
	if at > len(e.data)-word {
		return nil, 0
	}
	length := e.data[at : at+word]
	if !allZero(length[:word-4]) {
		return nil, 0
	}
	return e.data[at+word:], int(binary.BigEndian.Uint32(length[word-4:]))
}

// text returns the beginning of a string, of at most so many bytes, without those that are zero: the
// file's statements end at one.
func (e *event) text(name string, most int) string {
	rest, length := e.tail(name)
	length = min(length, len(rest), most)
	return string(bytes.ReplaceAll(bytes.ToValidUTF8(rest[:length], nil), []byte{0}, nil))
}

// split returns the payees of a split, 22 bytes each: address and bps.
func (e *event) split(name string) []byte {
	rest, length := e.tail(name)
	if length > sinso.MaxShares || len(rest) < 2*word*length {
		return nil
	}
	out := make([]byte, 0, 22*length)
	for ; length > 0; length, rest = length-1, rest[2*word:] {
		out = append(out, rest[word-20:word]...)
		out = append(out, rest[2*word-2:2*word]...)
	}
	return out
}
