package index

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"sinso.dev/sinso"
	"sinso.dev/sinso/contracts"
	"sinso.dev/sinso/internal/chain"
)

// places of the contracts on the simulated chain.
var places = map[string]sinso.Address{}

var abis = map[string]abi.ABI{}

func init() {
	for i, name := range []string{
		"Assets", "Licences", "Exchange", "Requests", "Fractions", "Staking", "Royalties", "Consent", "Registry", "Rewards", "Governor", "Identity",
	} {
		places[name] = sinso.Address{0xc0, byte(i + 1)}
	}
	for _, name := range contracts.Names() {
		source, err := contracts.Load(name)
		if err != nil {
			panic(err)
		}
		if abis[name], err = abi.JSON(bytes.NewReader(source.ABI)); err != nil {
			panic(err)
		}
	}
}

// tell writes an event as its contract does. A struct is the list of its fields.
func tell(contract, name string, args ...any) sinso.ChainEvent {
	return tellOf(places[contract], contract, name, args...)
}

func tellOf(at sinso.Address, contract, name string, args ...any) sinso.ChainEvent {
	event := abis[contract].Events[name]
	if len(event.Inputs) != len(args) || event.ID.Cmp([32]byte{}) == 0 {
		panic(contract + "." + name)
	}
	e := sinso.ChainEvent{Contract: at, Topics: []sinso.Hash{sinso.Hash(event.ID)}}
	var heads []any
	for i, input := range event.Inputs {
		if input.Indexed {
			e.Topics = append(e.Topics, wordOf(args[i]))
		} else if fields, ok := args[i].([]any); ok {
			heads = append(heads, fields...)
		} else {
			heads = append(heads, args[i])
		}
	}
	var tail []byte
	for _, head := range heads {
		switch v := head.(type) {
		case string:
			e.Data = append(e.Data, offset(len(heads), tail)...)
			tail = append(append(tail, word32(uint64(len(v)))...), v...)
			tail = append(tail, make([]byte, (32-len(v)%32)%32)...)
		case []sinso.Share:
			e.Data = append(e.Data, offset(len(heads), tail)...)
			tail = append(tail, word32(uint64(len(v)))...)
			for _, share := range v {
				payee, bps := wordOf(share.Payee), wordOf(uint64(share.Bps))
				tail = append(append(tail, payee[:]...), bps[:]...)
			}
		default:
			value := wordOf(head)
			e.Data = append(e.Data, value[:]...)
		}
	}
	e.Data = append(e.Data, tail...)
	return e
}

func offset(heads int, tail []byte) []byte { return word32(uint64(32*heads + len(tail))) }

func word32(n uint64) []byte { return binary.BigEndian.AppendUint64(make([]byte, 24, 32), n) }

func wordOf(v any) (w sinso.Hash) {
	switch v := v.(type) {
	case sinso.Hash:
		return v
	case sinso.Address:
		copy(w[12:], v[:])
	case uint64:
		copy(w[:], word32(v))
	case int:
		copy(w[:], word32(uint64(v)))
	case bool:
		if v {
			w[31] = 1
		}
	default:
		panic(fmt.Sprintf("%T", v))
	}
	return w
}

// teller makes up what happens on a chain, from a few names, so that things meet.
type teller struct {
	*rand.Rand
	names int
}

func (r teller) hash(kind byte) sinso.Hash {
	return sinso.Hash(crypto.Keccak256([]byte{kind}, word32(uint64(r.IntN(r.names)))))
}

func (r teller) account() sinso.Address { h := r.hash('a'); return sinso.Address(h[:20]) }

func (r teller) fraction(token sinso.Hash) sinso.Address {
	return sinso.Address(crypto.Keccak256([]byte("vault"), token[:])[:20])
}

// happening is the logs of one transaction.
func (r teller) happening() []sinso.ChainEvent {
	token, id, a, b := r.hash('t'), r.hash('i'), r.account(), r.account()
	none, money, price := sinso.Address{}, sinso.Address{}, uint64(r.IntN(1_000_000))
	now := uint64(1_700_000_000)
	switch r.IntN(24) {
	case 0, 1, 2:
		split := []sinso.Share(nil)
		if r.IntN(2) == 0 {
			split = []sinso.Share{{Payee: a, Bps: 7000}, {Payee: b, Bps: 3000}}
		}
		parent := sinso.Hash{}
		if r.IntN(3) == 0 {
			parent = r.hash('t')
		}
		content := r.hash('c')
		entered := tell("Assets", "Entered", token, parent, content, split)
		if parent == (sinso.Hash{}) && split == nil {
			entered = tell("Assets", "EnteredSingle", token, content)
		}
		return []sinso.ChainEvent{tell("Assets", "Transfer", none, a, token), entered}
	case 3:
		return []sinso.ChainEvent{tell("Assets", "Transfer", a, b, token)}
	case 4:
		return []sinso.ChainEvent{tell("Assets", "Succeeded", token, r.hash('t')), tell("Assets", "Witnessed", r.hash('w'))}
	case 5, 6, 7:
		offer := []any{a, none, token, money, none, price, price, 0, now, 1, 60, 60, 0, true, r.hash('k'), r.hash('p'), r.hash('l'), r.hash('u'), uint64(r.IntN(9))}
		return []sinso.ChainEvent{tell("Exchange", "Filled", id, r.hash('o'), b, offer, price, r.hash('x'), r.hash('y'), r.hash('h'))}
	case 8:
		return []sinso.ChainEvent{tell("Exchange", "Delivered", id, r.hash('g'), r.hash('x'), r.hash('y'), r.hash('m'))}
	case 9, 10:
		return []sinso.ChainEvent{
			tell("Exchange", "Credited", id, a, money, price),
			tell("Licences", "Transfer", none, b, id),
			tell("Exchange", "Released", id),
		}
	case 11:
		if r.IntN(2) == 0 {
			return []sinso.ChainEvent{tell("Exchange", "Disputed", id, a, r.hash('e'), now), tell("Exchange", "Halved", id, b)}
		}
		return []sinso.ChainEvent{tell("Exchange", "WrongKeyProven", id), tell("Exchange", "Refunded", id, b)}
	case 12:
		return []sinso.ChainEvent{tell("Exchange", "Revoked", id), tell("Licences", "Transfer", a, b, id)}
	case 13:
		return []sinso.ChainEvent{
			tell("Exchange", "Sold", r.hash('s'), places["Assets"], token, a, b, money, price),
			tell("Assets", "Transfer", a, b, token), tell("Exchange", "Cancelled", a, r.hash('o')), tell("Exchange", "CancelledBelow", a, price),
		}
	case 14:
		vault := r.fraction(token)
		return []sinso.ChainEvent{
			tellOf(vault, "Fraction", "Transfer", none, a, uint64(1000)),
			tell("Fractions", "Fractionalised", token, vault, a, []any{1000, money, b, r.hash('z')}),
		}
	case 15:
		vault := r.fraction(token)
		return []sinso.ChainEvent{
			tellOf(vault, "Fraction", "Transfer", a, b, uint64(r.IntN(100))), tellOf(vault, "Fraction", "Collected", price),
			tellOf(vault, "Fraction", "Offered", 1, a, price, now), tellOf(vault, "Fraction", "StewardChanged", b),
		}
	case 16:
		pool := r.hash('q')
		return []sinso.ChainEvent{
			tell("Staking", "Opened", pool, a, []any{money, places["Assets"], 60, 60, 1000, r.hash('l')}),
			tell("Staking", "Staked", pool, id, []any{pool, b, token, uint64(r.IntN(9) + 1), now, r.hash('z')}),
			tell("Staking", "Pledged", pool, price, price, now),
		}
	case 17:
		return []sinso.ChainEvent{tell("Staking", "Unbonding", r.hash('q'), id, now), tell("Staking", "Claimed", id, b, price)}
	case 18:
		return []sinso.ChainEvent{tell("Staking", "Unstaked", r.hash('q'), id), tell("Staking", "Deposited", r.hash('q'), a, price, now), tell("Staking", "PledgeBroken", r.hash('q'), price, now)}
	case 19:
		return []sinso.ChainEvent{
			tell("Requests", "Opened", id, []any{b, money, price, 3, r.hash('c'), now, 60, 1}),
			tell("Requests", "Accepted", r.hash('i'), id, price), tell("Requests", "Closing", r.hash('i'), now), tell("Requests", "Closed", r.hash('i'), price),
		}
	case 20:
		return []sinso.ChainEvent{
			tell("Exchange", "Delivered", id, r.hash('g'), r.hash('x'), r.hash('y'), r.hash('m')),
			tell("Exchange", "Released", r.hash('i')), tell("Exchange", "Revoked", r.hash('i')),
		}
	case 21:
		p := r.hash('v')
		return []sinso.ChainEvent{
			tell("Governor", "ProposalCreated", p, a, "", "", "", "", now, now+9, "pay more for order\n"+string(rune(r.IntN(0x110000)))),
			tell("Governor", "VoteCast", b, r.hash('v'), r.IntN(3), price, "because"), tell("Governor", "ProposalQueued", r.hash('v'), now), tell("Governor", "Vetoed", r.hash('v'), id),
		}
	case 22:
		return []sinso.ChainEvent{
			tell("Consent", "Revoked", a, r.hash('g')), tell("Consent", "AllRevoked", b, uint64(r.IntN(9))),
			tell("Registry", "ParameterSet", r.IntN(8), price, price+1), tell("Registry", "Named", r.hash('n'), 1, a, r.hash('k')),
			tell("Registry", "Listed", r.hash('n'), id, r.IntN(2) == 0), tell("Registry", "Published", r.hash('d'), a), tell("Registry", "Endorsed", r.hash('d'), b, r.IntN(2) == 0),
			tell("Royalties", "Opened", token, b),
		}
	default:
		return []sinso.ChainEvent{
			tell("Rewards", "Funded", r.IntN(9), money, a, price), tell("Rewards", "PostedRoot", id, r.IntN(9), money, a, r.hash('r'), price, r.hash('d')),
			tell("Rewards", "SettledRoot", r.hash('i'), price, 0), tell("Rewards", "Claimed", r.hash('i'), 1, a, b, price),
			{Contract: places["Rewards"], Topics: []sinso.Hash{r.hash('?')}, Data: []byte("of a version to come")},
			{Contract: places["Rewards"], Data: []byte("anonymous")},
		}
	}
}

// simBlock is a block of the simulated chain.
type simBlock struct {
	chain.Block
	logs []sinso.ChainEvent
}

// sim is a simulated chain, with all forks it ever had.
type sim struct {
	teller
	mu       sync.Mutex
	all      map[sinso.Hash]*simBlock
	canon    []*simBlock // by number
	final    uint64
	noFinal  bool
	noBlooms bool
	salt     uint64
}

func newSim(seed uint64) *sim {
	s := &sim{teller: teller{rand.New(rand.NewPCG(seed, 1)), 12}, all: map[sinso.Hash]*simBlock{}}
	s.mine()
	return s
}

// mine puts a block with some transactions on the chain.
func (s *sim) mine(txs ...[]sinso.ChainEvent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.salt++
	b := &simBlock{Block: chain.Block{Number: uint64(len(s.canon)), Time: time.Unix(1_700_000_000+3600*int64(len(s.canon)), 0).UTC()}}
	if n := len(s.canon); n > 0 {
		b.Parent = s.canon[n-1].Hash
	}
	b.Hash = sinso.Hash(crypto.Keccak256(b.Parent[:], word32(s.salt)))
	bloom := types.Bloom{}
	for i, tx := range txs {
		for _, log := range tx {
			log.Block, log.BlockHash, log.Index, log.Tx = b.Number, b.Hash, uint(len(b.logs)), sinso.Hash(crypto.Keccak256(b.Hash[:], []byte{byte(i)}))
			bloom.Add(log.Contract[:])
			for _, topic := range log.Topics {
				bloom.Add(topic[:])
			}
			b.logs = append(b.logs, log)
		}
	}
	b.Bloom = bloom[:]
	if s.noBlooms {
		b.Bloom = make([]byte, 256)
	}
	s.all[b.Hash] = b
	s.canon = append(s.canon, b)
}

// live mines blocks in which things happen.
func (s *sim) live(blocks int) {
	for range blocks {
		var txs [][]sinso.ChainEvent
		for range s.IntN(4) {
			txs = append(txs, s.happening())
		}
		s.mine(txs...)
	}
}

// fork takes back the newest blocks, as many as are not final.
func (s *sim) fork(depth int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.canon = slices.Clone(s.canon[:max(len(s.canon)-depth, int(s.final)+1)])
}

func (s *sim) settle(final uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.final = max(s.final, min(final, uint64(len(s.canon)-1)))
}

// node is one node that knows a chain; others may know it longer, or otherwise.
type node struct {
	canon    []*simBlock
	all      map[sinso.Hash]*simBlock
	final    uint64
	noFinal  bool
	maxRange uint64
	maxLogs  int
}

func (s *sim) node() *node {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[sinso.Hash]*simBlock, len(s.canon))
	for _, b := range s.canon {
		all[b.Hash] = b
	}
	return &node{canon: s.canon, all: all, final: s.final, noFinal: s.noFinal}
}

func (n *node) Newest(context.Context) (chain.Block, error) {
	return n.canon[len(n.canon)-1].Block, nil
}

func (n *node) Final(context.Context) (chain.Block, error) {
	if n.noFinal {
		return chain.Block{}, sinso.ErrUnsupported
	}
	return n.canon[n.final].Block, nil
}

func (n *node) Blocks(_ context.Context, from, to uint64) (blocks []chain.Block, err error) {
	for ; from <= to && from < uint64(len(n.canon)); from++ {
		blocks = append(blocks, n.canon[from].Block)
	}
	return blocks, nil
}

func (n *node) Block(_ context.Context, hash sinso.Hash) (chain.Block, error) {
	if b := n.all[hash]; b != nil {
		return b.Block, nil
	}
	return chain.Block{}, sinso.ErrNotFound
}

func (n *node) Logs(_ context.Context, q chain.Query) (logs []sinso.ChainEvent, err error) {
	add := func(b *simBlock) {
		for _, log := range b.logs {
			if slices.Contains(q.Contracts, log.Contract) {
				logs = append(logs, log)
			}
		}
	}
	if q.Block != (sinso.Hash{}) {
		b := n.all[q.Block]
		if b == nil {
			return nil, sinso.ErrDenied
		}
		add(b)
		return logs, nil
	}
	if n.maxRange > 0 && q.To-q.From >= n.maxRange {
		return nil, fmt.Errorf("block range is too wide: %w", sinso.ErrDenied)
	}
	for number := q.From; number <= q.To && number < uint64(len(n.canon)); number++ { // beyond what it knows there is nothing, it says
		add(n.canon[number])
	}
	if n.maxLogs > 0 && len(logs) > n.maxLogs && q.To > q.From {
		return nil, fmt.Errorf("more than %d results: %w", n.maxLogs, sinso.ErrDenied)
	}
	return logs, nil
}

// switchboard answers by another node each time.
type switchboard struct {
	pick func() chain.Source
}

func (s switchboard) Newest(ctx context.Context) (chain.Block, error) { return s.pick().Newest(ctx) }
func (s switchboard) Final(ctx context.Context) (chain.Block, error)  { return s.pick().Final(ctx) }
func (s switchboard) Block(ctx context.Context, h sinso.Hash) (chain.Block, error) {
	return s.pick().Block(ctx, h)
}

func (s switchboard) Blocks(ctx context.Context, from, to uint64) ([]chain.Block, error) {
	return s.pick().Blocks(ctx, from, to)
}

func (s switchboard) Logs(ctx context.Context, q chain.Query) ([]sinso.ChainEvent, error) {
	return s.pick().Logs(ctx, q)
}

// of answers as the chain is at that moment.
func of(s *sim) chain.Source {
	return switchboard{func() chain.Source { return s.node() }}
}

func open(t testing.TB, path string, source chain.Source, change ...func(*Config)) *Index {
	t.Helper()
	cfg := Config{Path: path, Key: [32]byte{1}, Source: source, ChainID: 7, Places: places, Confirmations: 5}
	for _, fn := range change {
		fn(&cfg)
	}
	x, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	return x
}

// catchUp steps until there is nothing more, for a while.
func catchUp(t testing.TB, x *Index) {
	t.Helper()
	for idle := 0; idle <= patience; {
		moved, err := x.Step(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if moved {
			idle = 0
		} else {
			idle++
		}
	}
}
