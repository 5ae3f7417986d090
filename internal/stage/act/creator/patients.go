package creator

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

func patients() []sinso.Act {
	part := sinso.Param{Name: "part", Kind: sinso.KindText, Needed: true, Help: "one line of what creator patients printed, as JSON"}
	return []sinso.Act{
		{
			Noun: "creator", Verb: "patients", Short: "Make the tree of the patients who share in an issue, and each one's proof",
			Long: "Nothing is sent. Keep what is printed, and give each patient its own line before the sale: without account, weight, salt\n" +
				"and proof nobody can take that part. Each account is one that is used nowhere else. Made again, it has other salts.",
			Params: []sinso.Param{{Name: "list", Kind: sinso.KindFile, Needed: true, Help: `JSON such as [{"account":"0x…","weight":3}], at most 1024`}},
			Ask:    grown,
		},
		{
			Noun: "creator", Verb: "part", Short: "Check a patient's part of an issue, and say what it can take",
			Params: []sinso.Param{ofIssue, part}, Ask: askPart,
		},
		{
			Noun: "creator", Verb: "claim", Short: "Pay a patient its part of what is in the till of an issue; anyone may",
			Long:   "It goes to the account in the part and nowhere else. What first sales earned is in the till after creator collect.",
			Params: []sinso.Param{ofIssue, part}, Draft: claim,
		},
	}
}

const maxPatients = 1024

// Node is a node of the tree beside the way from a leaf to the root, with the sum of the weights under
// it: ITill's Step.
type Node struct {
	Hash sinso.Hash `json:"hash"`
	Sum  uint64     `json:"sum"`
}

// Part is one patient's, as the tree has it.
type Part struct {
	Account sinso.Address `json:"account"`
	Weight  uint64        `json:"weight"`
	Salt    sinso.Hash    `json:"salt"`
	Proof   []Node        `json:"proof"` // from the leaf up
}

// Tree is what the patients of an issue share by.
type Tree struct {
	Root  sinso.Hash `json:"root"`
	Total uint64     `json:"total"` // of all weights
	Parts []Part     `json:"parts"`
}

// words is keccak256 of rows of 32 bytes.
func words(row ...any) sinso.Hash {
	var out []byte
	for _, value := range row {
		var one [word]byte
		switch v := value.(type) {
		case sinso.Hash:
			one = v
		case sinso.Address:
			copy(one[word-len(v):], v[:])
		case uint64:
			new(big.Int).SetUint64(v).FillBytes(one[:])
		}
		out = append(out, one[:]...)
	}
	return eip712.Keccak(out)
}

func (p Part) leaf() Node { return Node{words(p.Account, p.Weight, p.Salt), p.Weight} }

// above is the node over two, the smaller hash first.
func above(a, b Node) Node {
	if bytes.Compare(a.Hash[:], b.Hash[:]) > 0 {
		a, b = b, a
	}
	return Node{words(a.Hash, a.Sum, b.Hash, b.Sum), a.Sum + b.Sum}
}

// plant makes the tree of parts that have no proof yet: a lone node goes up.
func plant(parts []Part) Tree {
	row, under := make([]Node, len(parts)), make([][]int, len(parts))
	for i, p := range parts {
		row[i], under[i] = p.leaf(), []int{i}
	}
	for len(row) > 1 {
		var next []Node
		var leaves [][]int
		for i := 0; i < len(row); i += 2 {
			if i+1 == len(row) {
				next, leaves = append(next, row[i]), append(leaves, under[i])
				break
			}
			for side, beside := range []Node{row[i+1], row[i]} {
				for _, leaf := range under[i+side] {
					parts[leaf].Proof = append(parts[leaf].Proof, beside)
				}
			}
			next, leaves = append(next, above(row[i], row[i+1])), append(leaves, append(under[i], under[i+1]...))
		}
		row, under = next, leaves
	}
	return Tree{Root: row[0].Hash, Total: row[0].Sum, Parts: parts}
}

// root is where a part's proof ends.
func (p Part) root() Node {
	at := p.leaf()
	for _, beside := range p.Proof {
		at = above(at, beside)
	}
	return at
}

// readJSON reads one JSON value and nothing after it. No error repeats what was read.
func readJSON(text string, into any) bool {
	from := json.NewDecoder(strings.NewReader(text))
	from.DisallowUnknownFields()
	if from.Decode(into) != nil {
		return false
	}
	_, err := from.Token()
	return err == io.EOF
}

func readPatients(text []byte) ([]Part, error) {
	var raw []struct {
		Account sinso.Address
		Weight  uint64
	}
	if !readJSON(string(text), &raw) || len(raw) == 0 || len(raw) > maxPatients {
		return nil, fmt.Errorf(`creator: the list is not JSON such as [{"account":"0x…","weight":3}] with 1 to %d lines: %w`, maxPatients, sinso.ErrInvalid)
	}
	seen, parts, total := map[sinso.Address]bool{{}: true}, make([]Part, len(raw)), uint64(0)
	for i, r := range raw {
		if r.Weight == 0 || total+r.Weight < total || seen[r.Account] {
			return nil, fmt.Errorf("creator: line %d: want an account that can be paid and stands here once, a weight above 0, and fewer than 2^64 in all: %w", i, sinso.ErrInvalid)
		}
		total += r.Weight
		seen[r.Account] = true
		parts[i] = Part{Account: r.Account, Weight: r.Weight, Proof: []Node{}}
	}
	return parts, nil
}

func grown(_ context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	parts, err := readPatients(sinso.Of[[]byte](given, "list"))
	if err != nil {
		return nil, err
	}
	for i := range parts {
		if parts[i].Salt, err = desk.Salt(); err != nil {
			return nil, err
		}
	}
	return plant(parts), nil
}

// readPart reads a part, and looks that it is one of the issue's.
func readPart(ctx context.Context, desk sinso.Desk, given sinso.Given) (found issue, p Part, err error) {
	if !readJSON(sinso.Of[string](given, "part"), &p) {
		return found, p, fmt.Errorf("creator: this is no part as sinso creator patients prints it; nothing is sent: %w", sinso.ErrInvalid)
	}
	if found, err = find(ctx, desk, sinso.Of[sinso.Hash](given, "issue")); err != nil {
		return found, p, err
	}
	if p.root() != (Node{found.Terms.PatientsRoot, found.Terms.PatientsTotal}) {
		err = fmt.Errorf("creator: this part is not one of this issue's: its proof ends in another root, or another sum; nothing is sent: %w", sinso.ErrInvalid)
	}
	return found, p, err
}

// Due is what a patient's part is worth.
type Due struct {
	Account sinso.Address `json:"account"`
	Weight  uint64        `json:"weight"`
	Total   uint64        `json:"total"`      // of all patients' weights
	Bps     uint16        `json:"bps"`        // of what comes in, all patients together, of 10,000
	Due     sinso.Wei     `json:"dueWei"`     // in the till and not taken yet
	Taken   sinso.Wei     `json:"takenWei"`   // so far
	Waiting sinso.Wei     `json:"waitingWei"` // of first sales, for creator and patients, that is not in the till yet
}

func askPart(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	found, p, err := readPart(ctx, desk, given)
	if err != nil {
		return nil, err
	}
	out := Due{Account: p.Account, Weight: p.Weight, Total: found.Terms.PatientsTotal, Bps: found.Terms.PatientsBps}
	var came sinso.Wei
	for _, q := range []struct {
		call sinso.Call
		into any
	}{
		{found.till("cameIn", found.Terms.Currency), &came},
		{found.till("taken", found.Terms.Currency, p.leaf().Hash), &out.Taken},
		{creators("owed", found.Terms.Currency, found.Till), &out.Waiting},
	} {
		if err := desk.Ask(ctx, q.call, q.into); err != nil {
			return nil, err
		}
	}
	out.Due = sinso.NewWei(new(big.Int).Sub(share(came.Int(), out), out.Taken.Int()))
	return out, nil
}

// share is what a weight has of all that came in: rounding in the whole is the patients', by leaf it stays.
func share(came *big.Int, d Due) *big.Int {
	const whole = 10_000
	creators := new(big.Int).Mul(came, big.NewInt(whole-int64(d.Bps)))
	all := new(big.Int).Sub(came, creators.Div(creators, big.NewInt(whole)))
	return all.Mul(all, new(big.Int).SetUint64(d.Weight)).Div(all, new(big.Int).SetUint64(d.Total))
}

// Claimed is what a patient was paid.
type Claimed struct {
	To       sinso.Address `json:"to"`
	Currency sinso.Address `json:"currency"` // zero: the chain's own money
	Amount   sinso.Wei     `json:"amountWei"`
}

func claim(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	found, p, err := readPart(ctx, desk, given)
	if err != nil {
		return sinso.Draft{}, err
	}
	draft := one("pay a patient its part", found.till("claim", found.Terms.Currency, p.Account, p.Weight, p.Salt, p.Proof))
	draft.Result = told("Till", "Claimed", &Claimed{})
	return draft, nil
}
