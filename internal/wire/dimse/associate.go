package dimse

import (
	"encoding/binary"
	"fmt"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

const (
	maxContexts    = 128 // odd numbers from 1 to 255 (PS3.8 §9.3.2.2)
	maxUID         = 64  // characters, PS3.5 §9.1
	maxAE          = 16  // characters, PS3.5 Table 6.2-1
	associateFixed = 68  // bytes before the items (PS3.8 Table 9-11)
	maxSyntaxes    = 256 // that one context may propose: there are about 60
)

// Results of a presentation context (PS3.8 Table 9-18).
const (
	resultAccepted = 0
	resultUser     = 1
	resultAbstract = 3
	resultTransfer = 4
)

// associate is an A-ASSOCIATE-RQ or AC (PS3.8 §9.3.2, §9.3.3).
type associate struct {
	version         uint16
	called, calling string
	application     string
	contexts        []proposal
	maxLength       uint32 // of a P-DATA-TF that its sender takes; 0: no limit
	classUID        string
	versionName     string
	async           bool // an Asynchronous Operations Window was given
	roles           []role
	extended        []extension
	identity        *UserIdentity // of an RQ
	identityTaken   bool          // of an AC
}

// proposal is a presentation context: proposed, or the answer.
type proposal struct {
	id       byte
	result   byte // of an AC
	abstract string
	syntaxes []string // one in an AC
}

// role is SCP/SCU Role Selection (PS3.7 D.3.3.4).
type role struct {
	class    string
	scu, scp bool
}

// extension is SOP Class Extended Negotiation (PS3.7 D.3.3.5).
type extension struct {
	class string
	info  []byte
}

// parseAssociate reads the body of an A-ASSOCIATE-RQ or AC. Unknown items are left
// out, as PS3.8 §9.3.1 wants.
func parseAssociate(kind pduType, b []byte) (*associate, error) {
	if len(b) < associateFixed {
		return nil, invalid("association: %d bytes, %d are needed", len(b), associateFixed)
	}
	a := &associate{
		version: binary.BigEndian.Uint16(b),
		called:  trimAE(b[4:20]), calling: trimAE(b[20:36]),
	}
	err := eachItem(b[associateFixed:], func(item byte, value []byte) error {
		switch {
		case item == itemApplication:
			a.application = trimUID(value)
		case item == itemContextRQ && kind == pduAssociateRQ, item == itemContextAC && kind == pduAssociateAC:
			return a.addContext(item, value)
		case item == itemUserInfo:
			return eachItem(value, a.addUserInfo)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return a, nil
}

// addContext reads a presentation context item.
func (a *associate) addContext(item byte, b []byte) error {
	if len(b) < 4 {
		return invalid("association: a presentation context of %d bytes", len(b))
	}
	p := proposal{id: b[0], result: b[2]}
	if p.id%2 == 0 || len(a.contexts) == maxContexts {
		return invalid("association: presentation context %d of %d", p.id, len(a.contexts)+1)
	}
	for i := range a.contexts {
		if a.contexts[i].id == p.id {
			return invalid("association: presentation context %d twice", p.id)
		}
	}
	err := eachItem(b[4:], func(sub byte, value []byte) error {
		uid := trimUID(value)
		if sub != itemAbstract && sub != itemTransfer {
			return nil
		}
		if !validUID(uid) && (item == itemContextRQ || p.result == resultAccepted) {
			return invalid("association: presentation context %d has a name that is no UID", p.id)
		}
		if sub == itemAbstract {
			p.abstract = uid
		} else if len(p.syntaxes) < maxSyntaxes {
			p.syntaxes = append(p.syntaxes, uid)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if item == itemContextRQ && (p.abstract == "" || len(p.syntaxes) == 0) || item == itemContextAC && p.result == resultAccepted && len(p.syntaxes) != 1 {
		return invalid("association: presentation context %d is not complete", p.id)
	}
	a.contexts = append(a.contexts, p)
	return nil
}

// addUserInfo reads an item of the user information.
func (a *associate) addUserInfo(item byte, b []byte) error {
	switch item {
	case itemMaxLength:
		if len(b) != 4 {
			return invalid("association: a maximum length of %d bytes", len(b))
		}
		a.maxLength = binary.BigEndian.Uint32(b)
	case itemClassUID:
		a.classUID = printable(b, maxUID)
	case itemVersionName:
		a.versionName = printable(b, maxAE)
	case itemAsyncOps:
		if len(b) != 4 {
			return invalid("association: an asynchronous operations window of %d bytes", len(b))
		}
		a.async = true
	case itemRole:
		return a.addRole(b)
	case itemExtended:
		return a.addExtension(b)
	case itemIdentityRQ:
		return a.addIdentity(b)
	case itemIdentityAC:
		a.identityTaken = true
	}
	return nil
}

// counted cuts a value off b that 16 bits of length stand before.
func counted(b []byte, what string) (value, rest []byte, err error) {
	if len(b) < 2 || int(binary.BigEndian.Uint16(b)) > len(b)-2 {
		return nil, nil, invalid("association: %s that is cut off", what)
	}
	end := 2 + int(binary.BigEndian.Uint16(b))
	return b[2:end], b[end:], nil
}

func (a *associate) addRole(b []byte) error {
	uid, rest, err := counted(b, "a role selection")
	if err != nil {
		return err
	}
	if len(rest) != 2 || len(a.roles) == maxContexts {
		return invalid("association: a role selection of %d bytes", len(b))
	}
	a.roles = append(a.roles, role{trimUID(uid), rest[0] == 1, rest[1] == 1})
	return nil
}

func (a *associate) addExtension(b []byte) error {
	uid, rest, err := counted(b, "an extended negotiation")
	if err != nil {
		return err
	}
	if len(a.extended) == maxContexts {
		return invalid("association: more than %d extended negotiations", maxContexts)
	}
	a.extended = append(a.extended, extension{trimUID(uid), append([]byte(nil), rest...)})
	return nil
}

func (a *associate) addIdentity(b []byte) error {
	if len(b) < 2 {
		return invalid("association: a user identity of %d bytes", len(b))
	}
	primary, rest, err := counted(b[2:], "a user identity")
	if err != nil {
		return err
	}
	secondary, _, err := counted(rest, "a user identity")
	if err != nil {
		return err
	}
	a.identity = &UserIdentity{
		Type: UserIdentityType(b[0]), Response: b[1] == 1,
		Primary:   sinso.NewPHI(append([]byte(nil), primary...)),
		Secondary: sinso.NewPHI(append([]byte(nil), secondary...)),
	}
	return nil
}

// encode writes an A-ASSOCIATE-RQ or AC.
func (a *associate) encode(kind pduType) ([]byte, error) {
	w := items{b: make([]byte, associateFixed, 1024)}
	binary.BigEndian.PutUint16(w.b, 1) // protocol version
	copy(w.b[4:36], fmt.Sprintf("%-16s%-16s", a.called, a.calling))
	w.text(itemApplication, applicationContext)
	for i := range a.contexts {
		a.contexts[i].encode(&w, kind)
	}
	w.item(itemUserInfo, func() { a.encodeUserInfo(&w) })
	if w.err != nil {
		return nil, w.err
	}
	if len(w.b) > maxAssociate {
		return nil, fmt.Errorf("dimse: association: the presentation contexts need %d bytes: %w", len(w.b), sinso.ErrInvalid)
	}
	return pdu(kind, w.b), nil
}

func (p *proposal) encode(w *items, kind pduType) {
	item := byte(itemContextRQ)
	if kind == pduAssociateAC {
		item = itemContextAC
	}
	w.item(item, func() {
		w.b = append(w.b, p.id, 0, p.result, 0)
		if kind == pduAssociateRQ {
			w.text(itemAbstract, p.abstract)
		}
		for _, syntax := range p.syntaxes {
			w.text(itemTransfer, syntax)
		}
	})
}

func (a *associate) encodeUserInfo(w *items) {
	w.bytes(itemMaxLength, binary.BigEndian.AppendUint32(nil, a.maxLength))
	w.text(itemClassUID, dicom.ImplementationClassUID)
	if a.async {
		w.bytes(itemAsyncOps, []byte{0, 1, 0, 1}) // one at a time, both ways
	}
	for _, r := range a.roles {
		w.item(itemRole, func() {
			w.uint16(len(r.class))
			w.b = append(w.b, r.class...)
			w.b = append(w.b, bit(r.scu), bit(r.scp))
		})
	}
	w.text(itemVersionName, dicom.ImplementationVersionName)
	for _, e := range a.extended {
		w.item(itemExtended, func() {
			w.uint16(len(e.class))
			w.b = append(w.b, e.class...)
			w.b = append(w.b, e.info...)
		})
	}
	if u := a.identity; u != nil {
		w.item(itemIdentityRQ, func() {
			w.b = append(w.b, byte(u.Type), bit(u.Response))
			for _, field := range [][]byte{u.Primary.Reveal(), u.Secondary.Reveal()} { // to the peer, who is to know the user
				w.uint16(len(field))
				w.b = append(w.b, field...)
			}
		})
	}
	if a.identityTaken {
		w.bytes(itemIdentityAC, []byte{0, 0}) // no server response
	}
}

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// trimAE cuts the padding of an AE title (PS3.8 Table 9-11): what is no printable
// ASCII becomes a question mark, so that a title can be logged.
func trimAE(b []byte) string { return strings.Trim(printable(b, maxAE), " ") }

// printable returns at most limit characters of b, without what pads its end; a
// character that is no printable ASCII is a question mark.
func printable(b []byte, limit int) string {
	text := strings.TrimRight(string(b), " \x00")
	text = text[:min(len(text), limit)]
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, text)
}

// trimUID cuts the padding of a UID, which some peers make with blanks.
func trimUID(b []byte) string {
	if len(b) > maxUID+2 {
		b = b[:maxUID+2]
	}
	return strings.TrimRight(string(b), " \x00")
}

// validUID reports whether the text is a UID (PS3.5 §9.1); leading zeros of a
// component are let pass, since devices make them.
func validUID(uid string) bool {
	if uid == "" || len(uid) > maxUID {
		return false
	}
	for _, c := range []byte(uid) {
		if c != '.' && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// validAE refuses what is no AE title (PS3.5 Table 6.2-1).
func validAE(title string) error {
	ok := len(title) <= maxAE && strings.Trim(title, " ") != ""
	for _, c := range []byte(title) {
		ok = ok && c >= ' ' && c <= '~' && c != '\\'
	}
	if !ok {
		return fmt.Errorf("dimse: an AE title has 1 to %d printable characters: %w", maxAE, sinso.ErrInvalid)
	}
	return nil
}
