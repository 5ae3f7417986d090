package evm

import (
	"encoding/binary"
	"errors"
	"runtime"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/abi"

	"sinso.dev/sinso"
)

// proposalEvent is that of the Governor whose lists of bytes and whose text have no fixed length.
func proposalEvent(t testing.TB) (b *book, declared abi.Event) {
	t.Helper()
	b = new(book)
	known, err := b.page("Governor")
	if err != nil {
		t.Fatal(err)
	}
	return b, known.abi.Events["ProposalCreated"]
}

// overlapping is the data of a proposal with n signatures and n calls, which are all the same length bytes of it.
func overlapping(n, length int) []byte {
	const word = 32
	var data []byte
	put := func(v int) {
		data = append(data, make([]byte, word-8)...)
		data = binary.BigEndian.AppendUint64(data, uint64(v))
	}
	const heads = 9 * word
	// proposalId, proposer, targets, values, signatures, calldatas, voteStart, voteEnd, description
	for _, v := range []int{1, 2, heads, heads, heads + word, heads + word, 3, 4, heads} {
		put(v)
	}
	put(0) // the lists and texts that have nothing
	put(n)
	for range n {
		put(n * word)
	}
	put(length)
	return append(data, make([]byte, length)...)
}

type proposalTold struct {
	Signatures []string
	Calls      [][]byte `abi:"calldatas"`
	Text       string   `abi:"description"`
}

func (p proposalTold) size() (n int) {
	for _, call := range p.Calls {
		n += len(call)
	}
	for _, signature := range p.Signatures {
		n += len(signature)
	}
	return n + len(p.Text)
}

// TestOverlappingTextsAreRefused reads an event of 300 kB that says it has a GB of texts.
func TestOverlappingTextsAreRefused(t *testing.T) {
	_, declared := proposalEvent(t)
	var p proposalTold
	good := sinso.ChainEvent{Topics: []sinso.Hash{sinso.Hash(declared.ID)}, Data: overlapping(7, 1000)}
	if err := told(declared.Inputs, good, &p); err != nil || p.size() != 14_000 {
		t.Errorf("seven calls of 1000 bytes: got %d bytes, error %v", p.size(), err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	bad := sinso.ChainEvent{Topics: good.Topics, Data: overlapping(4000, 500_000/3)}
	err := told(declared.Inputs, bad, &p)
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; !errors.Is(err, sinso.ErrCorrupt) || got > 8<<20 {
		t.Errorf("got error %v after %d bytes of memory, want ErrCorrupt", err, got)
	}
}

// FuzzTold reads events with data that an endpoint made up: what is read has no more than a
// MiB of texts, whatever it says.
func FuzzTold(f *testing.F) {
	_, declared := proposalEvent(f)
	f.Add(overlapping(7, 1000))
	f.Add(overlapping(100, 20_000))
	f.Add(overlapping(0, 0))
	f.Add([]byte{1})
	f.Fuzz(func(t *testing.T, data []byte) {
		var p proposalTold
		event := sinso.ChainEvent{Topics: []sinso.Hash{sinso.Hash(declared.ID)}, Data: data}
		if err := told(declared.Inputs, event, &p); err != nil {
			return
		}
		if got := p.size(); got > maxTold {
			t.Errorf("%d bytes of data told %d bytes", len(data), got)
		}
	})
}
