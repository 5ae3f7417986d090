package company

import (
	"context"
	"fmt"
	"time"

	"sinso.dev/sinso"
)

const entryType = "Entry(address member,uint64 endsAt,bytes32 nullifier,bytes32 evidence)"

func entering() []sinso.Act {
	return []sinso.Act{
		{
			Noun: "company", Verb: "found", Short: "Found a company, with this node's account as its registrar",
			Long: "The cap is how many shares there may be; only holders can change it. Founding the same again needs another salt.",
			Params: []sinso.Param{
				{Name: "cap", Kind: sinso.KindNumber, Needed: true, Help: "how many shares there may be"},
				{Name: "currency", Kind: sinso.KindAddress, Help: "the ERC-20 token of dividends and reserve; none: the chain's own money"},
				{Name: "salt", Kind: sinso.KindHash, Help: "tells companies of the same terms apart"},
			},
			Draft: found,
		},
		{
			Noun: "company", Verb: "apply", Short: "Ask a company to let a person in: prints what the company needs, and signs it", Who: sinso.ActsMember,
			Long: "The application has a fresh address and a number that only this person has at this company, and nothing else of the\n" +
				"person. Give it to the company in confidence, with what it wants to see of you.",
			Params: []sinso.Param{
				person, at,
				{Name: "evidence", Kind: sinso.KindHash, Help: "salted hash of what the company is shown; it stands on the chain"},
			},
			Ask: apply, Signs: "Entry",
		},
		{
			Noun: "company", Verb: "admit", Short: "As registrar, let in who applied: checks the application, and prints it signed",
			Long: "The chain knows that nobody enters twice with one number. That a person stands behind it is the registrar's word: look\n" +
				"before you sign.",
			Params: []sinso.Param{{Name: "application", Kind: sinso.KindText, Needed: true, Help: "what company apply printed"}},
			Ask:    admit, Signs: "Entry",
		},
		{
			Noun: "company", Verb: "join", Short: "Enter a company's register by its admission", Who: sinso.ActsMember,
			Long:   "The account's key is the person's, on this node: who is to be erased from it leaves and withdraws first.",
			Params: []sinso.Param{person, at, {Name: "admission", Kind: sinso.KindText, Needed: true, Help: "what company admit printed"}},
			Draft:  draft(join),
		},
	}
}

type terms struct {
	Registrar sinso.Address
	Cap       uint64
	Currency  sinso.Address
	Salt      sinso.Hash
}

// Founded is a company that was founded.
type Founded struct {
	Company sinso.Address `json:"company"`
}

func found(_ context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	t := terms{desk.Actor(), sinso.Of[uint64](given, "cap"), sinso.Of[sinso.Address](given, "currency"), sinso.Of[sinso.Hash](given, "salt")}
	step := sinso.Step{Deed: sinso.Deed{Doing: "found a company", Call: sinso.Call{Contract: "Companies", Method: "found", Args: []any{t}}}}
	return sinso.Draft{Steps: []sinso.Step{step}, Result: told("Companies", "Founded", &Founded{})}, nil
}

// Entry is a person's entry, as the register has it.
type Entry struct {
	Member    sinso.Address `json:"member"`
	EndsAt    time.Time     `json:"endsAt"`
	Nullifier sinso.Hash    `json:"nullifier"`
	Evidence  sinso.Hash    `json:"evidence"`
}

func (c register) entering(e Entry) sinso.Text {
	return c.text(entryType, e.Member, e.EndsAt, e.Nullifier, e.Evidence)
}

// Application is an entry that its member signed.
type Application struct {
	Company sinso.Address `json:"company"`
	Entry   Entry         `json:"entry"`
	Member  []byte        `json:"memberSignature"`
}

// Admission is an application that the registrar signed too.
type Admission struct {
	Application
	Registrar []byte `json:"registrarSignature"`
}

func apply(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	c, err := find(ctx, desk, sinso.Of[sinso.Address](given, "at"))
	if err != nil {
		return nil, err
	}
	e := Entry{Member: desk.Actor(), EndsAt: ends(desk), Evidence: sinso.Of[sinso.Hash](given, "evidence")}
	if e.Nullifier, err = desk.Nullifier(c.at); err != nil {
		return nil, err
	}
	if err := c.fresh(ctx, desk, e); err != nil {
		return nil, err
	}
	signature, err := desk.SignText(ctx, c.entering(e))
	return Application{c.at, e, signature}, err
}

// fresh is ErrDenied if the person or the address was in the register before.
func (c register) fresh(ctx context.Context, desk sinso.Desk, e Entry) error {
	var entered bool
	if err := desk.Ask(ctx, c.call("entered", e.Nullifier), &entered); err != nil {
		return err
	}
	s, err := c.standing(ctx, desk, e.Member)
	if err == nil && (entered || s.Standing != 0) {
		err = fmt.Errorf("company: this person has entered the register before, and nobody enters twice: %w", sinso.ErrDenied)
	}
	return err
}

// checked looks at an application that came from somebody else.
func (a Application) checked(ctx context.Context, desk sinso.Desk) (register, sinso.Text, error) {
	c, err := find(ctx, desk, a.Company)
	if err == nil {
		err = inTime(desk, a.Entry.EndsAt)
	}
	text := c.entering(a.Entry)
	if err == nil && !signed(desk, a.Entry.Member, text, a.Member) {
		err = fmt.Errorf("company: the member did not sign this application to this company; nothing is signed: %w", sinso.ErrDenied)
	}
	return c, text, err
}

func admit(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	var a Application
	if err := parse("application", sinso.Of[string](given, "application"), &a); err != nil {
		return nil, err
	}
	c, text, err := a.checked(ctx, desk)
	if err != nil {
		return nil, err
	}
	if err := c.asRegistrar(desk); err != nil {
		return nil, err
	}
	if err := c.fresh(ctx, desk, a.Entry); err != nil {
		return nil, err
	}
	signature, err := desk.SignText(ctx, text)
	return Admission{a, signature}, err
}

// asRegistrar is ErrDenied if who acts does not sign for the company.
func (c register) asRegistrar(desk sinso.Desk) error {
	if desk.Actor() != c.rules.Registrar {
		return fmt.Errorf("company: this node's account is not the registrar of this company: %w", sinso.ErrDenied)
	}
	return nil
}

func join(ctx context.Context, desk sinso.Desk, c register, given sinso.Given) (sinso.Draft, error) {
	var a Admission
	if err := parse("admission", sinso.Of[string](given, "admission"), &a); err != nil {
		return sinso.Draft{}, err
	}
	number, err := desk.Nullifier(c.at)
	if err != nil {
		return sinso.Draft{}, err
	}
	if a.Company != c.at || a.Entry.Member != desk.Actor() || a.Entry.Nullifier != number {
		return sinso.Draft{}, fmt.Errorf("company: this admission is another person's, or another company's; nothing is sent: %w", sinso.ErrInvalid)
	}
	_, text, err := a.checked(ctx, desk)
	if err == nil {
		err = c.byRegistrar(desk, text, a.Registrar)
	}
	if err != nil {
		return sinso.Draft{}, err
	}
	// Signed again, and the same: the application's signature would be shown by a dry run.
	signature, err := desk.SignText(ctx, text)
	return carried(c.step("enter the register", "join", a.Entry, a.Registrar, signature)), err
}
