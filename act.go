package sinso

import (
	"context"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Act is something that people do, or ask, by the contracts: one verb of one noun. Its
// description makes the command, the route of the API and their help.
type Act struct {
	Noun, Verb string
	Short      string // one line, without a full stop
	Long       string // what a person should know before; may be empty
	Who        Actor
	Params     []Param
	// Draft works out what is to be done. Nil: nothing is, and Ask answers.
	Draft func(ctx context.Context, desk Desk, given Given) (Draft, error)
	// Ask answers a question; its result is told as JSON.
	Ask func(ctx context.Context, desk Desk, given Given) (any, error)
	// Signs is the EIP-712 primary type that Ask signs for the actor, for somebody else to carry. So it is
	// asked only by who may act, and the log says that it was signed; any other Ask, "", has nothing to
	// sign with.
	Signs string
}

// Name is noun and verb with a blank between.
func (a Act) Name() string { return a.Noun + " " + a.Verb }

// Actor says whose account acts.
type Actor uint8

// The actors. Gas is paid by the node's own account wherever the contract takes a
// signature instead of a sender.
const (
	ActsNode   Actor = iota // the node's own account
	ActsOwner               // the account of the asset that the parameter token names: it is of that asset alone
	ActsMember              // an account of the person that the parameter person names, for the contract in the parameter at alone
	ActsBuyer               // the account of the purchase whose trade the parameter trade names: it is of that trade alone, and the node's
)

// Draft is what an act would do.
type Draft struct {
	Steps []Step
	// About is what is agreed to, for people to look at before they do it; nil: the parameters say it.
	About any
	// Result says what came of it, for people and programs; nil: the transactions say it.
	Result func(ctx context.Context, desk Desk, done []Done) (any, error)
}

// Pay has the draft's one step take an amount of a currency, for the contract that it calls: see [Desk.Pay].
func (d *Draft) Pay(ctx context.Context, desk Desk, currency Address, amount Wei) (err error) {
	var to Address // of the chain's own money it does not count
	if currency != (Address{}) {
		if to, _, err = desk.Encode(ctx, d.Steps[0].Call); err != nil {
			return err
		}
	}
	return d.PayTo(ctx, desk, currency, to, amount)
}

// PayTo is Pay for another contract than the one that the step calls.
func (d *Draft) PayTo(ctx context.Context, desk Desk, currency, to Address, amount Wei) error {
	first, value, err := desk.Pay(ctx, currency, to, amount)
	if err != nil {
		return err
	}
	d.Steps[0].Value = value
	d.Steps = append(first, d.Steps...)
	return nil
}

// Step is one deed of a draft. Steps are done in their order.
type Step struct {
	Deed
	// Self: the contract wants the actor as the sender. Else the node's account carries it.
	Self bool
	// Revokes: it takes back what somebody was allowed, for which the node keeps room.
	Revokes bool
	// Own is what the actor could call itself to the same end. A dry run, which signs nothing, tries it
	// where the contract wants a signature. Nil: there is no such function.
	Own *Call
	// Skip: the chain has it already, so it is left out. It keeps its place, so that an act that was
	// cut off after it goes on with the steps behind it.
	Skip bool
}

// Desk is what an act is drafted at: the chain as it is, and the hand of who acts.
type Desk interface {
	At(contract string) (Address, error)
	Ask(ctx context.Context, call Call, into any) error
	Told(contract string, event ChainEvent, into any) error
	Encode(ctx context.Context, call Call) (Address, []byte, error)
	Each(ctx context.Context, contract string, at Address, event string, topics []Hash, fn func(ChainEvent) (bool, error)) error
	// Currency is how a token describes itself: see [Deeds.Currency].
	Currency(ctx context.Context, at Address) (Currency, error)
	// Domain is the EIP-712 domain of what stands at an address.
	Domain(at Address) Hash
	// Actor is the account that acts, and Sender the one that carries what it signs.
	Actor() Address
	Sender() Address
	// Pay is how the sender pays an amount to a contract that takes it in the step after the first ones: of the
	// chain's own money value goes with that step; of an ERC-20 token the first steps let the contract at to take exactly
	// the amount, and no value goes with it. ErrDenied: the sender has less.
	Pay(ctx context.Context, currency, to Address, amount Wei) (first []Step, value Wei, err error)
	// Sign signs a digest for the actor: 65 bytes. In a dry run they are zero: what is tried then is
	// seen by the chain's endpoint, which could carry it. ErrUnsupported: another program keeps the actor's key, which
	// signs what it can show. What the node's own account signs goes by SignText.
	Sign(digest Hash) ([]byte, error)
	// SignText signs a text for the actor, as Sign does its digest. Where another program keeps the key, that is asked,
	// and a person there may take a while: [ErrUnwilling], ErrUnavailable.
	SignText(ctx context.Context, text Text) ([]byte, error)
	// GivenOut is what the actor signed and gave out by acts that only sign, oldest first: it stands without a transaction.
	GivenOut(ctx context.Context) ([]Signed, error)
	// Resumes: the act was begun before, so a part of it may be done.
	Resumes() bool
	// Nullifier is the number of the acting person for what stands at an address: the same
	// whenever the person is there, and it tells nobody who that is, nor what the person's
	// other numbers are. It is keccak256("sinso/company/v1" ‖ secret ‖ at), of 16, 32 and 20
	// bytes. ErrInvalid: no person acts.
	Nullifier(at Address) (Hash, error)
	// Offer is an offer of a licence of the asset whose owner acts, signed and kept by the node, which gives the key of a
	// trade that comes of it: the same whenever the same is asked for. In a dry run it is neither signed nor kept, and has
	// the order alone. ErrDenied: the asset may not be offered.
	Offer(ctx context.Context, wanted LicenceOffer) (order Hash, offer Offer, err error)
	// Bid is the key of the node's purchase that a bid is for, which is kept before it returns: the same for every bid in an
	// auction. What is offered is checked before that, as in any purchase. In a dry run nothing is kept, and the key is
	// none that will be used.
	Bid(ctx context.Context, bid LicenceBid) (Fill, error)
	// Now is the chain's clock.
	Now() time.Time
	// Salt is fresh randomness.
	Salt() (Hash, error)
}

// LicenceOffer is what a licence is auctioned on: one copy, at a fixed price that its taker may exceed.
type LicenceOffer struct {
	Taker        Address // the contract that alone fills it
	Currency     Address // zero is the chain's own money
	Price        Wei
	EndsAt       time.Time // last moment to fill
	UseDays      *uint16   // nil: as the release
	Transferable bool
	Salt         Hash // its number
}

// LicenceBid is a bid for a licence.
type LicenceBid struct {
	Auction, Order Hash
	Amount         Wei
	Offer          []byte // of the order; empty: the one that was kept at an earlier bid
	Made           bool   // the contract told of this bid: an act that was cut off is finished, and nothing is checked
	Refused        error  // why the contract will not take it; nil: nothing is known against it
}

// Text is what an account signs for a contract (EIP-712), whole, so that whoever keeps its key can see what is signed.
// Its domain is that of the contract: name SINSO, version 1, the chain, the address.
type Text struct {
	At      Address // the contract
	Type    string  // as the contract has it, of members that are no structs: "Stake(bytes32 pool,address staker)"
	Members []any   // in the type's order, of this package's types and the language's: as eip712.Struct takes them

	Until time.Time // last moment at which it is good; zero: it has none
}

// TextSigner signs texts for one account. What it gives is 65 bytes and was checked to be that account's, over that
// text on that chain. [ErrUnwilling]: it was refused; ErrUnavailable: nobody answers; ErrCorrupt: what came is no such
// signature; ErrUnsupported: it signs no texts.
type TextSigner interface {
	SignText(ctx context.Context, chainID uint64, text Text) ([]byte, error)
}

// ParamKind is what a parameter is.
type ParamKind uint8

// The kinds of parameters, and the Go types that Given has for them.
const (
	KindText    ParamKind = iota // string
	KindAddress                  // Address
	KindHash                     // Hash; tokens too
	KindWei                      // Wei
	KindNumber                   // uint64
	KindTime                     // time.Time; RFC 3339, whole seconds
	KindSpan                     // time.Duration; "90s", "12h" or "30d"
	KindYes                      // bool
	KindBytes                    // []byte; hex with 0x
	KindFile                     // []byte; a command is given the file's path, a program gives what is in it
)

var kinds = [...]string{"text", "address", "hash", "wei", "number", "time", "span", "yes", "bytes", "file"}

// String returns the kind as one word.
func (k ParamKind) String() string { return kinds[k] }

// Param is one parameter of an act.
type Param struct {
	Name    string
	Kind    ParamKind
	Help    string
	Default string // as text; "" and not Needed: the kind's zero
	Needed  bool
	List    bool // may be given more than once
}

// maxText and MaxFile bound one given text and one file, in bytes.
const (
	maxText = 4096
	MaxFile = 512 << 10
)

// Read reads one text of the parameter. ErrInvalid says what is wanted.
func (p Param) Read(text string) (any, error) {
	most := maxText
	if p.Kind == KindFile {
		most = MaxFile
	}
	if len(text) > most {
		return nil, fmt.Errorf("%s: more than %d bytes: %w", p.Name, most, ErrInvalid)
	}
	value, err := p.read(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.Name, err)
	}
	return value, nil
}

func (p Param) read(text string) (any, error) {
	switch p.Kind {
	case KindAddress:
		var a Address
		return readInto(&a, strings.ToLower(text))
	case KindHash:
		var h Hash
		return readInto(&h, strings.ToLower(text))
	case KindWei:
		var w Wei
		return readInto(&w, text)
	case KindNumber:
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("want a whole number: %w", ErrInvalid)
		}
		return n, nil
	case KindTime:
		t, err := time.Parse(time.RFC3339, text)
		if err != nil || t.Nanosecond() != 0 || t.Unix() < 0 {
			return nil, fmt.Errorf("want a time such as 2030-01-31T12:00:00Z: %w", ErrInvalid)
		}
		return t, nil
	case KindSpan:
		return readSpan(text)
	case KindYes:
		yes, err := strconv.ParseBool(text)
		if err != nil {
			return nil, fmt.Errorf("want true or false: %w", ErrInvalid)
		}
		return yes, nil
	case KindBytes:
		raw, err := hex.DecodeString(strings.TrimPrefix(text, "0x"))
		if err != nil {
			return nil, fmt.Errorf("want hex digits after 0x: %w", ErrInvalid)
		}
		return raw, nil
	case KindFile:
		return []byte(text), nil
	case KindText:
	}
	return text, nil
}

func readInto[T any, P interface {
	*T
	UnmarshalText([]byte) error
}](into P, text string) (any, error) {
	if err := into.UnmarshalText([]byte(text)); err != nil {
		return nil, err
	}
	return *into, nil
}

// readSpan reads a duration; d are days of 24 hours.
func readSpan(text string) (any, error) {
	const most = 100 * 365 * 24 * time.Hour
	var span time.Duration
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		if err != nil {
			return nil, fmt.Errorf("want a span such as 90s, 12h or 30d: %w", ErrInvalid)
		}
		span = time.Duration(n) * 24 * time.Hour
	} else {
		var err error
		if span, err = time.ParseDuration(text); err != nil {
			return nil, fmt.Errorf("want a span such as 90s, 12h or 30d: %w", ErrInvalid)
		}
	}
	if span < 0 || span > most || span%time.Second != 0 {
		return nil, fmt.Errorf("want whole seconds up to a hundred years: %w", ErrInvalid)
	}
	return span, nil
}

// Given are the parameters of an act as they were read, by their names.
type Given map[string]any

// Read reads what was given as texts. What the act does not know, what is missing and
// what cannot be read is ErrInvalid.
func (a Act) Read(texts map[string][]string) (Given, error) {
	for name := range texts {
		if !slices.ContainsFunc(a.Params, func(p Param) bool { return p.Name == name }) {
			return nil, fmt.Errorf("%s takes no %q: %w", a.Name(), name, ErrInvalid)
		}
	}
	given := Given{}
	for _, p := range a.Params {
		if err := p.take(texts[p.Name], given); err != nil {
			return nil, err
		}
	}
	return given, nil
}

func (p Param) take(texts []string, given Given) error {
	const most = 64 // of a list
	switch {
	case len(texts) == 0 && p.Needed:
		return fmt.Errorf("%s is missing: %s: %w", p.Name, p.Help, ErrInvalid)
	case len(texts) == 0 && p.Default != "":
		texts = []string{p.Default}
	case len(texts) > most, len(texts) > 1 && !p.List:
		return fmt.Errorf("%s is given too often: %w", p.Name, ErrInvalid)
	}
	var values []any
	for _, text := range texts {
		value, err := p.Read(text)
		if err != nil {
			return err
		}
		values = append(values, value)
	}
	switch {
	case p.List:
		given[p.Name] = values
	case len(values) == 1:
		given[p.Name] = values[0]
	}
	return nil
}

// Of returns a parameter; the zero of its type if it was not given. T is the type
// of its kind.
func Of[T any](given Given, name string) T {
	value, _ := given[name].(T)
	return value
}

// ListOf returns the values of a list, in the order given.
func ListOf[T any](given Given, name string) []T {
	var list []T
	values, _ := given[name].([]any)
	for _, value := range values {
		if v, ok := value.(T); ok {
			list = append(list, v)
		}
	}
	return list
}

// Price is what one unit (10^18 wei) of the chain's coin costs, as whoever runs the node
// says: nobody is asked for it. Zero: it is not known.
type Price struct {
	Micros   uint64 `json:"micros"`   // millionths of the currency
	Currency string `json:"currency"` // ISO 4217
}

// Of returns what an amount is worth, in millionths of the currency rounded up, as a decimal number with
// the currency after it; "" if the price is not known.
func (p Price) Of(amount Wei) string {
	if p.Micros == 0 {
		return ""
	}
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(18), nil)
	worth := new(big.Int).Mul(amount.Int(), new(big.Int).SetUint64(p.Micros))
	worth.Add(worth, new(big.Int).Sub(unit, big.NewInt(1))).Div(worth, unit)
	whole, rest := new(big.Int).DivMod(worth, big.NewInt(1_000_000), new(big.Int))
	return fmt.Sprintf("%s.%06d %s", whole, rest, p.Currency)
}

// ReadPrice reads "0.052 USD"; the blank may be left out.
func ReadPrice(text string) (Price, error) {
	const digits, letters = 6, 3
	currency := text[max(len(text)-letters, 0):]
	whole, rest, _ := strings.Cut(strings.TrimSpace(strings.TrimSuffix(text, currency)), ".")
	if whole != "" && len(rest) <= digits && len(currency) == letters && strings.Trim(currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
		micros, err := strconv.ParseUint(whole+rest+strings.Repeat("0", digits-len(rest)), 10, 63)
		if err == nil {
			return Price{Micros: micros, Currency: currency}, nil
		}
	}
	return Price{}, fmt.Errorf("want a price such as \"0.052 USD\", not %q: %w", text, ErrInvalid)
}

// MostListed is how many of a list an act answers at once: the newest.
const MostListed = 64

// Before is the parameter by which a list is gone on with.
func Before(kind ParamKind) Param {
	return Param{Name: "before", Kind: kind, Help: "only what is older than this one, which ls printed: how a list of more than 64 is gone on with"}
}

// Newest reads the newest events that read wants, at most [MostListed], oldest first. after, if not
// nil, says of which one the list is gone on with: only what is older is read. ErrNotFound: no event is
// that one.
func Newest[T any](
	ctx context.Context, desk Desk, contract, event string, topics []Hash, after func(T) bool, read func(ChainEvent) (one T, wanted bool, err error),
) ([]T, error) {
	list := []T{}
	err := desk.Each(ctx, contract, Address{}, event, topics, func(e ChainEvent) (bool, error) {
		one, wanted, err := read(e)
		switch {
		case err != nil:
			return false, err
		case after != nil:
			if after(one) {
				after = nil
			}
		case wanted:
			list = append(list, one)
		}
		return len(list) < MostListed, nil
	})
	if err == nil && after != nil {
		err = fmt.Errorf("%s has told of none that is the one before which to go on: %w", contract, ErrNotFound)
	}
	if err != nil {
		return nil, err
	}
	slices.Reverse(list)
	return list, nil
}

// AfterOf is what [Newest] goes on after: nil where the parameter before was not given.
func AfterOf[K comparable, T any](given Given, key func(T) K) func(T) bool {
	last, ok := given["before"].(K)
	if !ok {
		return nil
	}
	return func(one T) bool { return key(one) == last }
}
