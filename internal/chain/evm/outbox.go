package evm

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/ethereum/go-ethereum/core/types"

	"sinso.dev/sinso"
)

// Sending is a transaction that was signed, in every form that it was signed in. It is
// written down before any of them leaves: what was given away may be mined whenever.
type Sending struct {
	Chain   uint64        `json:"chain"`             // the chain's ID
	Once    sinso.Hash    `json:"once"`              // its name: one sending has it
	Named   bool          `json:"named"`             // its caller asks by this name again: it is kept when it is done
	Relay   bool          `json:"relay"`             // it was carried for somebody, and counts for the limits of that
	For     sinso.Hash    `json:"for,omitzero"`      // whose portion of the limits it is; zero: of nobody who is known
	Revokes bool          `json:"revokes,omitempty"` // it takes something back, for which room is kept
	Doing   string        `json:"doing"`             // for people
	From    sinso.Address `json:"from"`
	Nonce   uint64        `json:"nonce"`  // of the newest form
	Head    uint64        `json:"head"`   // the newest block when the first form with this nonce was signed
	Newer   uint64        `json:"newer"`  // the newest block when the newest form was
	Since   uint64        `json:"since"`  // that of the first form of all: its time in unix seconds
	Forms   [][]byte      `json:"forms"`  // signed transactions (EIP-2718), oldest first
	Hungry  int           `json:"hungry"` // how often it ran out of gas
	// Refused says that the endpoint did not want it, and that its caller was told: its
	// nonce is free for another that pays more.
	Refused bool       `json:"refused"`
	Mined   sinso.Hash `json:"mined"`  // the form that did it, final; zero: none yet
	Fee     sinso.Wei  `json:"feeWei"` // what that cost
	Old     bool       `json:"old"`    // it is final for so long that All leaves it out
}

// out says whether a sending may still be mined, or has to be.
func (s Sending) out() bool { return s.Mined == sinso.Hash{} }

// forms decodes the signed transactions, oldest first.
func (s Sending) forms() ([]*types.Transaction, error) {
	if len(s.Forms) == 0 {
		return nil, fmt.Errorf("chain: the record of a transaction that was sent has no transaction: %w", sinso.ErrCorrupt)
	}
	all := make([]*types.Transaction, len(s.Forms))
	for i, form := range s.Forms {
		all[i] = new(types.Transaction)
		if err := all[i].UnmarshalBinary(form); err != nil {
			return nil, fmt.Errorf("chain: the record of a transaction that was sent cannot be read: %w", sinso.ErrCorrupt)
		}
	}
	return all, nil
}

// add adds a form to a sending.
func (s *Sending) add(tx *types.Transaction, newest head) error {
	form, err := tx.MarshalBinary()
	if err != nil {
		return fmt.Errorf("chain: write a transaction down: %w", err)
	}
	if s.Since == 0 {
		s.Since = newest.time()
	}
	if len(s.Forms) == 0 || s.Nonce != tx.Nonce() {
		s.Head = newest.number()
	}
	s.Nonce, s.Newer = tx.Nonce(), newest.number()
	s.Forms = append(slices.Clone(s.Forms), form)
	return nil
}

// Outbox keeps what was signed. What Put and Drop did is durable when they return. Its
// methods may be called concurrently; a [Chain] calls them for one name at a time.
type Outbox interface {
	Put(Sending) error // in place of the one with its chain and name
	Get(chain uint64, once sinso.Hash) (s Sending, found bool, err error)
	All() []Sending // in no order; not those that are Old
	Drop(chain uint64, once sinso.Hash) error
}

// slot is where a sending is.
type slot struct {
	chain uint64
	once  sinso.Hash
}

// Memory is an outbox that ends with the process, for a chain that does too.
type Memory struct {
	mu  sync.Mutex // guards all
	all map[slot]Sending
}

var _ Outbox = (*Memory)(nil)

// Put implements [Outbox].
func (m *Memory) Put(s Sending) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.all == nil {
		m.all = map[slot]Sending{}
	}
	m.all[slot{s.Chain, s.Once}] = s
	return nil
}

// Get implements [Outbox].
func (m *Memory) Get(chain uint64, once sinso.Hash) (Sending, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.all[slot{chain, once}]
	return s, ok, nil
}

// All implements [Outbox].
func (m *Memory) All() []Sending {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.DeleteFunc(slices.Collect(maps.Values(m.all)), func(s Sending) bool { return s.Old })
}

// Drop implements [Outbox].
func (m *Memory) Drop(chain uint64, once sinso.Hash) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.all, slot{chain, once})
	return nil
}
