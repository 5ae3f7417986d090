package reward

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// Line says what one account earned in a week: one leaf of the week's tree. Its index is
// its place in the list, from 0.
type Line struct {
	Account sinso.Address `json:"account"`
	Amount  sinso.Wei     `json:"amount"`         // of the list's currency, in 10^-18
	Kind    string        `json:"kind,omitempty"` // of work, for who reads the list; the chain does not know it
}

const (
	maxLines   = 4096
	amountBits = 96 // of a leaf and of a total
	maxKind    = 64 // bytes
)

// List is a week's list with its tree: leaves hashed twice, pairs sorted, a lone node goes
// up (OpenZeppelin's MerkleProof).
type List struct {
	Lines []Line
	Total sinso.Wei
	Hash  sinso.Hash // of the text that was read
	rows  [][]sinso.Hash
}

// ReadList reads a list: a JSON array of account, amount (a decimal string) and kind.
// ErrInvalid says which line is wrong.
func ReadList(text string) (*List, error) {
	var raw []struct {
		Account, Kind string
		Amount        sinso.Wei
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&raw); err != nil || len(bytes.TrimSpace([]byte(text[decoder.InputOffset():]))) > 0 {
		return nil, fmt.Errorf(`reward: the list is not JSON such as [{"account":"0x…","amount":"1000","kind":"provider"}]: %w`, sinso.ErrInvalid)
	}
	if len(raw) == 0 || len(raw) > maxLines {
		return nil, fmt.Errorf("reward: a list has 1 to %d lines, not %d: %w", maxLines, len(raw), sinso.ErrInvalid)
	}
	list := &List{Hash: eip712.Keccak([]byte(text))}
	total := new(big.Int)
	leaves := make([]sinso.Hash, len(raw))
	for i, r := range raw {
		line := Line{Amount: r.Amount, Kind: r.Kind}
		if err := line.Account.UnmarshalText([]byte(strings.ToLower(r.Account))); err != nil || line.Account == (sinso.Address{}) {
			return nil, fmt.Errorf("reward: line %d: the account is none that can be paid: %w", i, sinso.ErrInvalid)
		}
		if amount := r.Amount.Int(); amount.Sign() == 0 || amount.BitLen() > amountBits || len(r.Kind) > maxKind {
			return nil, fmt.Errorf("reward: line %d: want an amount above 0 and below 2^96, and a kind of at most %d bytes: %w", i, maxKind, sinso.ErrInvalid)
		}
		total.Add(total, r.Amount.Int())
		leaves[i] = leaf(i, line)
		list.Lines = append(list.Lines, line)
	}
	if total.BitLen() > amountBits {
		return nil, fmt.Errorf("reward: the list is 2^96 or more in all: %w", sinso.ErrInvalid)
	}
	list.Total = sinso.NewWei(total)
	list.grow(leaves)
	return list, nil
}

// leaf is keccak256(keccak256(abi.encode(uint256 index, address account, uint256 amount))).
func leaf(index int, line Line) sinso.Hash {
	const word = 32
	var encoded [3 * word]byte
	big.NewInt(int64(index)).FillBytes(encoded[:word])
	copy(encoded[2*word-len(line.Account):], line.Account[:])
	line.Amount.Int().FillBytes(encoded[2*word:])
	once := eip712.Keccak(encoded[:])
	return eip712.Keccak(once[:])
}

// grow makes the rows of the tree, from its leaves up to its root.
func (l *List) grow(row []sinso.Hash) {
	l.rows = [][]sinso.Hash{row}
	for len(row) > 1 {
		above := make([]sinso.Hash, 0, (len(row)+1)/2)
		for i := 0; i+1 < len(row); i += 2 {
			above = append(above, pair(row[i], row[i+1]))
		}
		if len(row)%2 == 1 {
			above = append(above, row[len(row)-1])
		}
		l.rows, row = append(l.rows, above), above
	}
}

func pair(a, b sinso.Hash) sinso.Hash {
	if bytes.Compare(a[:], b[:]) > 0 {
		a, b = b, a
	}
	return eip712.Keccak(a[:], b[:])
}

// Root is what is posted of the list.
func (l *List) Root() sinso.Hash { return l.rows[len(l.rows)-1][0] }

// Proof leads from a line to the root; ErrNotFound if the list has no such line.
func (l *List) Proof(index uint64) ([]sinso.Hash, error) {
	if index >= uint64(len(l.Lines)) {
		return nil, fmt.Errorf("reward: the list has %d lines, from 0, and no line %d: %w", len(l.Lines), index, sinso.ErrNotFound)
	}
	path := []sinso.Hash{}
	for _, row := range l.rows {
		if beside := index ^ 1; beside < uint64(len(row)) && len(row) > 1 {
			path = append(path, row[beside])
		}
		index /= 2
	}
	return path, nil
}
