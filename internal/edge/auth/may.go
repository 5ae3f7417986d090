package auth

import (
	"fmt"
	"time"

	"sinso.dev/sinso"
)

// Action is what a caller wants to do. Actions are few: a route names the one
// that fits.
type Action string

// The actions. Those on a person's things are asked with that person.
const (
	See    Action = "see"    // know of a person's studies, releases, orders: lists and states
	Open   Action = "open"   // read identified content: pixels, files, thumbnails
	Import Action = "import" // add to a person's records
	Sell   Action = "sell"   // mint, order, grant, revoke: decide over a person's things
	Share  Action = "share"  // show a person's things to whoever has a link, and end that
	Follow Action = "follow" // read what the log says of a person's things
	Review Action = "review" // see what the pixel gate doubts in a person's records, and decide over it

	Trade   Action = "trade"   // buy, and open what was bought
	Audit   Action = "audit"   // read the whole log
	Operate Action = "operate" // health, quarantine, scrub
	// Template is to say where devices write into their pictures, for all that is released.
	Template Action = "template"
)

// answer is what a role may do.
type answer uint8

const (
	hidden answer = iota // the thing does not exist for this caller
	denied               // it may be known of, but not this
	own                  // of one's own person; hidden otherwise
	yes
)

// rules is the whole policy. What is not in it is hidden.
//
//   - An operator works the archive: sees and imports, opens nothing, sells nothing; and
//     keeps the templates of its devices.
//   - A clinician reads what the institution treats, adds to it and reviews what copies of it
//     would show, and decides over nothing else of it.
//   - A member has no rights on this node's data yet.
var rules = map[Action]map[sinso.Role]answer{
	See:    {sinso.RoleOwner: own, sinso.RoleOperator: yes, sinso.RoleClinician: yes},
	Open:   {sinso.RoleOwner: own, sinso.RoleOperator: denied, sinso.RoleClinician: yes},
	Import: {sinso.RoleOwner: own, sinso.RoleOperator: yes, sinso.RoleClinician: yes},
	Sell:   {sinso.RoleOwner: own, sinso.RoleOperator: denied, sinso.RoleClinician: denied},
	Share:  {sinso.RoleOwner: own, sinso.RoleOperator: denied, sinso.RoleClinician: denied},
	Follow: {sinso.RoleOwner: own, sinso.RoleOperator: denied, sinso.RoleClinician: denied, sinso.RoleAuditor: yes},
	Review: {sinso.RoleOwner: own, sinso.RoleOperator: denied, sinso.RoleClinician: yes},

	Trade: {sinso.RoleBuyer: yes, sinso.RoleOwner: denied, sinso.RoleOperator: denied, sinso.RoleClinician: denied, sinso.RoleAuditor: denied, sinso.RoleMember: denied},
	Audit: {sinso.RoleAuditor: yes, sinso.RoleOwner: denied, sinso.RoleOperator: denied, sinso.RoleClinician: denied, sinso.RoleBuyer: denied, sinso.RoleMember: denied},
	Operate: {
		sinso.RoleOperator: yes, sinso.RoleOwner: denied, sinso.RoleClinician: denied,
		sinso.RoleBuyer: denied, sinso.RoleAuditor: denied, sinso.RoleMember: denied,
	},
	Template: {
		sinso.RoleOperator: yes, sinso.RoleClinician: yes, sinso.RoleOwner: denied,
		sinso.RoleBuyer: denied, sinso.RoleAuditor: denied, sinso.RoleMember: denied,
	},
}

// Actions lists every action.
func Actions() []Action {
	return []Action{See, Open, Import, Sell, Share, Follow, Review, Trade, Audit, Operate, Template}
}

// Caller is who sent a request.
type Caller struct {
	Role   sinso.Role
	Person sinso.PersonID // of an owner
	// ID tells callers apart in the log: the role, and the first digits of the
	// token's hash. It opens nothing.
	ID string
	// Expires is when what they signed in by ends; zero: it does not, or is no token.
	Expires time.Time
	// Research says that what is shown is for research: nobody is treated by it.
	Research bool
	// local is the keeper of the node folder, at its socket.
	local bool
}

// Local is the caller at the node's own socket. Whoever reaches it has the node
// folder and the root key, and so may do all that the node can.
func Local() Caller { return Caller{ID: "local", local: true} }

// May returns nil if the caller may do action to something of person: ErrDenied
// if not, and ErrNotFound if the caller may not even know that it exists. Use
// person "" for actions that concern no person; an owner then has none.
func (c Caller) May(action Action, person sinso.PersonID) error {
	if c.local {
		return nil
	}
	switch rules[action][c.Role] {
	case yes:
		return nil
	case own:
		if c.Person != "" && c.Person == person {
			return nil
		}
	case denied:
		return fmt.Errorf("auth: a token of role %s may not %s: %w", c.Role, action, sinso.ErrDenied)
	case hidden:
	}
	return fmt.Errorf("auth: %s: %w", action, sinso.ErrNotFound)
}

// Treats reports whether the caller may treat people by what they are shown: a clinician
// whose token is not for research. De-identified copies, whose dates may be moved, are
// not for them.
func (c Caller) Treats() bool {
	return !c.local && c.Role == sinso.RoleClinician && !c.Research
}

// Scope returns whose things a list may show the caller: a person, or all of
// them ("", true). ErrDenied or ErrNotFound as [Caller.May].
func (c Caller) Scope(action Action) (person sinso.PersonID, all bool, err error) {
	if c.local || rules[action][c.Role] == yes {
		return "", true, nil
	}
	if err := c.May(action, c.Person); err != nil {
		return "", false, err
	}
	return c.Person, false, nil
}
