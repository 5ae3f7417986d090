// Package creator has the acts of creators: a doctor issues a fixed number of tokens with rights,
// against stake and the word of attesters; holders use the rights, and patients take their part.
package creator

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// Acts returns the acts of this package.
func Acts() []sinso.Act {
	return slices.Concat(attesting(), issuing(), holding(), answering(), patients(), asking())
}

// Terms are what an issue is for good: ICreators' Terms.
type Terms struct {
	Creator           sinso.Address `json:"creator"`
	Currency          sinso.Address `json:"currency"` // zero: the chain's own money; else an ERC-20
	Price             sinso.Wei     `json:"priceWei"` // of one token
	Supply            uint16        `json:"supply"`
	PatientsBps       uint16        `json:"patientsBps"`
	PatientsTotal     uint64        `json:"patientsTotal"` // sum of all weights under PatientsRoot
	SaleEndsAt        time.Time     `json:"saleEndsAt"`
	Until             time.Time     `json:"until"`               // last moment to demand a right
	HonourWithin      uint32        `json:"honourWithinSeconds"` // from a demand
	Panel             sinso.Address `json:"panel"`               // decides a contested demand; zero: nobody
	ContentCommitment sinso.Hash    `json:"contentCommitment"`
	TermsHash         sinso.Hash    `json:"termsHash"`
	RightsHash        sinso.Hash    `json:"rightsHash"`
	PatientsRoot      sinso.Hash    `json:"patientsRoot"`
	Salt              sinso.Hash    `json:"salt"`
}

// Right is one that each token of an issue has.
type Right struct {
	TextHash     sinso.Hash `json:"textHash"`        // salted hash of its text
	Compensation sinso.Wei  `json:"compensationWei"` // of the holder, if it is not honoured
	Once         bool       `json:"once"`            // honouring it uses it up
}

const (
	maxRights    = 16 // of a token
	compensation = 96 // bits of one
	word         = 32 // bytes of the ABI's
)

// readRight reads "0x…,30000,once" or "0x…,30000,standing".
func readRight(text string) (r Right, err error) {
	parts := strings.Split(text, ",")
	if len(parts) == 3 && (parts[2] == "once" || parts[2] == "standing") &&
		r.TextHash.UnmarshalText([]byte(strings.ToLower(parts[0]))) == nil && r.Compensation.UnmarshalText([]byte(parts[1])) == nil &&
		r.Compensation.Int().BitLen() <= compensation {
		r.Once = parts[2] == "once"
		return r, nil
	}
	return r, fmt.Errorf(`creator: a right is its text's salted hash, its compensation in wei, and "once" or "standing", with commas between: %w`, sinso.ErrInvalid)
}

// rightsHash is keccak256(abi.encode(rights)): where the list begins, how long it is, and three words each.
func rightsHash(rights []Right) sinso.Hash {
	out := make([]byte, 2*word, (2+3*len(rights))*word)
	out[word-1] = word
	binary.BigEndian.PutUint64(out[2*word-8:], uint64(len(rights)))
	for _, r := range rights {
		var one [3 * word]byte
		copy(one[:], r.TextHash[:])
		r.Compensation.Int().FillBytes(one[word : 2*word])
		if r.Once {
			one[3*word-1] = 1
		}
		out = append(out, one[:]...)
	}
	return eip712.Keccak(out)
}

// issue is an issue as the contract told it that opened it.
type issue struct {
	ID     sinso.Hash `abi:"issueId"`
	Till   sinso.Address
	Terms  Terms
	Rights []Right
}

const serialBytes = 2 // the end of a token's ID, which is its number in the issue

// issueOf is the issue that a token is of.
func issueOf(token sinso.TokenID) sinso.Hash {
	clear(token[len(token)-serialBytes:])
	return token
}

// find returns an issue that was opened.
func find(ctx context.Context, desk sinso.Desk, id sinso.Hash) (found issue, err error) {
	opened := false
	err = desk.Each(ctx, "Creators", sinso.Address{}, "Opened", []sinso.Hash{id}, func(event sinso.ChainEvent) (bool, error) {
		opened = true
		return false, desk.Told("Creators", event, &found)
	})
	if err == nil && !opened {
		err = fmt.Errorf("creator: no such issue was opened here; sinso creator ls names them: %w", sinso.ErrNotFound)
	}
	return found, err
}

// ofToken returns the issue of the token that is given.
func ofToken(ctx context.Context, desk sinso.Desk, given sinso.Given) (issue, sinso.TokenID, error) {
	token := sinso.Of[sinso.TokenID](given, "token")
	found, err := find(ctx, desk, issueOf(token))
	return found, token, err
}

// right is the number of the right that is given, of those that the issue has.
func (i issue) right(given sinso.Given) (uint64, error) {
	right := sinso.Of[uint64](given, "right")
	if right >= uint64(len(i.Rights)) {
		return 0, fmt.Errorf("creator: a token of this issue has %d rights, from 0, and no right %s: %w",
			len(i.Rights), strconv.FormatUint(right, 10), sinso.ErrNotFound)
	}
	return right, nil
}

// mine is ErrDenied if who acts did not issue it.
func (i issue) mine(desk sinso.Desk) error {
	if i.Terms.Creator != desk.Actor() {
		return fmt.Errorf("creator: another account issued this; nothing is sent: %w", sinso.ErrDenied)
	}
	return nil
}

func creators(method string, args ...any) sinso.Call {
	return sinso.Call{Contract: "Creators", Method: method, Args: args}
}

func reputation(method string, args ...any) sinso.Call {
	return sinso.Call{Contract: "Reputation", Method: method, Args: args}
}

// one is a draft of one call by the node's account, or carried by it.
func one(doing string, call sinso.Call) sinso.Draft {
	return sinso.Draft{Steps: []sinso.Step{{Deed: sinso.Deed{Doing: doing, Call: call}}}}
}

// unsigned stands where the contract takes the sender instead of a signature.
var unsigned = []byte{}

// place looks that the account that acts is the one for Creators: another contract's would tie the
// person's doings together. It asks first, so that the embedded chain has the contract.
func place(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Address, error) {
	var floor uint64
	if err := desk.Ask(ctx, creators("PATIENTS_FLOOR_BPS"), &floor); err != nil {
		return sinso.Address{}, err
	}
	at, err := desk.At("Creators")
	if err == nil && at != sinso.Of[sinso.Address](given, "at") {
		err = fmt.Errorf("creator: the contract Creators stands at %s: %w", at, sinso.ErrInvalid)
	}
	return at, err
}

// told reads one event of the transaction of a draft with one step.
func told(contract, name string, into any) func(context.Context, sinso.Desk, []sinso.Done) (any, error) {
	return func(_ context.Context, desk sinso.Desk, done []sinso.Done) (any, error) {
		for _, event := range done[len(done)-1].Events {
			if event.Name == name {
				return into, desk.Told(contract, event, into)
			}
		}
		return nil, fmt.Errorf("creator: the transaction told no %s: %w", name, sinso.ErrCorrupt)
	}
}

// The parameters that several acts have.
var (
	person   = sinso.Param{Name: "person", Kind: sinso.KindText, Needed: true, Help: "who holds; it is an account for this contract alone"}
	at       = sinso.Param{Name: "at", Kind: sinso.KindAddress, Needed: true, Help: "the contract Creators"}
	ofIssue  = sinso.Param{Name: "issue", Kind: sinso.KindHash, Needed: true, Help: "which issue, as open printed it"}
	token    = sinso.Param{Name: "token", Kind: sinso.KindHash, Needed: true, Help: "which token, as buy printed it"}
	currency = sinso.Param{Name: "currency", Kind: sinso.KindAddress, Help: "an ERC-20 token (default: the chain's own money)"}
	right    = sinso.Param{Name: "right", Kind: sinso.KindNumber, Needed: true, Help: "which of its rights, from 0"}
	nonce    = sinso.Param{Name: "nonce", Kind: sinso.KindNumber, Needed: true, Help: "the token's nonce, as creator token says it: what was seen, and nothing later, is signed"}
)
