package index

import (
	"slices"

	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ncruces/go-sqlite3"

	"sinso.dev/sinso"
)

// factories are the events that announce a contract: by which argument, and what it
// is. Its own logs may stand before the event, in the same block.
var factories = map[string]struct{ argument, contract string }{
	"Fractions.Fractionalised": {"fraction", "Fraction"},
	"Companies.Founded":        {"company", "Company"},
}

// watch is the contracts whose logs are here.
type watch map[sinso.Address]*watched

// watched is one of them. next is the block before which its logs are here; behind
// says that there are some to be got up to the cursor.
type watched struct {
	name      string
	announced int64 // the block of the event that named it, -1 if the configuration did
	behind    bool
	next      int64
	bits      bits
}

// bits are where a value is in a block's bloom filter.
type bits [3]uint

func bitsOf(value []byte) bits {
	bloom := types.Bloom{}
	bloom.Add(value)
	found := bits{}
	n := 0
	for i, b := range bloom {
		for bit := range uint(8) {
			if b&(1<<bit) != 0 {
				found[n] = uint(i)<<3 | bit
				n++
			}
		}
	}
	for ; n > 0 && n < len(found); n++ { // two were the same
		found[n] = found[0]
	}
	return found
}

// in says whether a bloom filter may hold the value.
func (b bits) in(bloom []byte) bool {
	for _, at := range b {
		if bloom[at>>3]&(1<<(at&7)) == 0 {
			return false
		}
	}
	return true
}

// readWatch reads the contracts from the file.
func readWatch(c *conn) (watch, error) {
	w := watch{}
	err := c.each(`SELECT address, name, announced, next FROM contract`, nil, func(s *sqlite3.Stmt) error {
		at := w.add(sinso.Address(s.ColumnBlob(0, nil)), s.ColumnText(1), s.ColumnInt64(2))
		at.behind, at.next = s.ColumnType(3) != sqlite3.NULL, s.ColumnInt64(3)
		return nil
	})
	return w, err
}

func (w watch) add(at sinso.Address, name string, announced int64) *watched {
	w[at] = &watched{name: name, announced: announced, bits: bitsOf(at[:])}
	return w[at]
}

// addresses returns them in order.
func (w watch) addresses() []sinso.Address {
	all := make([]sinso.Address, 0, len(w))
	for at := range w {
		all = append(all, at)
	}
	slices.SortFunc(all, func(a, b sinso.Address) int { return slices.Compare(a[:], b[:]) })
	return all
}

// announces returns the contract that an event names.
func (e *event) announces() (sinso.Address, string, bool) {
	if e == nil {
		return sinso.Address{}, "", false
	}
	factory, ok := factories[e.name]
	if _, has := e.fields[factory.argument]; !ok || !has {
		return sinso.Address{}, "", false
	}
	return sinso.Address(e.address(factory.argument)), factory.contract, true
}

// event reads a log as its contract writes it; nil if that is not known.
func (x *Index) event(w watch, log *sinso.ChainEvent) *event {
	at, ok := w[log.Contract]
	if !ok || len(log.Topics) == 0 {
		return nil
	}
	f := x.known.forms[at.name][log.Topics[0]]
	if f == nil {
		return nil
	}
	topics := topicsOf(log)
	if !f.fits(topics, log.Data) {
		return nil
	}
	return &event{form: f, at: log.Contract[:], topics: topics, data: log.Data, tx: log.Tx[:], place: placeOf(log)}
}

func placeOf(log *sinso.ChainEvent) int64 { return signed(log.Block)*maxIndex + int64(log.Index) } //nolint:gosec // bounded when it was read

func topicsOf(log *sinso.ChainEvent) []byte {
	topics := make([]byte, 0, word*len(log.Topics))
	for i := range log.Topics {
		topics = append(topics, log.Topics[i][:]...)
	}
	return topics
}
