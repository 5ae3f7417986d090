// Package identity answers whose an object is, and gives persons, studies,
// series and instances their opaque names.
//
// A hash of a small identifier is the identifier (a medical record number can be
// guessed), so every name is keyed with a secret of the node. Names are the same
// on every run of the node, and tell a stranger nothing.
package identity

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"golang.org/x/text/unicode/norm"

	"sinso.dev/sinso"
)

// Namer derives opaque names from DICOM identities with the node's secret.
type Namer struct {
	key   [32]byte
	ghash cipher.AEAD // of a key of its own
	point [16]byte    // where ghash takes its polynomials: zeros, encrypted
}

// NewNamer returns a Namer. key is the node's secret for names.
func NewNamer(key [32]byte) *Namer {
	mac := hmac.New(sha256.New, key[:])
	mac.Write([]byte("sinso/fingerprint/v1"))
	block, err := aes.NewCipher(mac.Sum(nil))
	if err != nil {
		panic(err) // 32 bytes are a key of AES-256
	}
	ghash, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // AES has blocks of 16 bytes
	}
	n := &Namer{key: key, ghash: ghash}
	block.Encrypt(n.point[:], n.point[:])
	return n
}

var encoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// nameBytes gives 26 base32 digits: 128 bits and a little, beyond collision.
const nameBytes = 16

// name is HMAC-SHA256 over length-delimited parts, cut to 128 bits.
func (n *Namer) name(prefix string, parts ...string) string {
	mac := hmac.New(sha256.New, n.key[:])
	mac.Write([]byte(prefix))
	for _, part := range parts {
		var length [4]byte
		for i := range length {
			length[i] = byte(len(part) >> (8 * i)) //nolint:gosec // one byte of the length at a time
		}
		mac.Write(length[:])
		mac.Write([]byte(part))
	}
	return prefix + encoding.EncodeToString(mac.Sum(nil)[:nameBytes])
}

// Fingerprint tells objects apart by all of their bytes: on one node two have the
// same only if they are the same.
//
// It is HMAC over the tag that AES-GCM gives the bytes as associated data: a hash
// that is universal to whoever does not know the key (NIST SP 800-38D §8; a
// collision has a chance of 2^-95 for objects of 64 GiB, and is not to be found
// without the key), behind a function that shows nothing of it. A seventh of the time of
// SHA-256, and unlike it nothing by which two nodes' objects, or a copy of one that
// somebody has, could be told to be the same.
func (n *Namer) Fingerprint(plain []byte) string {
	var nonce [12]byte // the same for all: nothing is encrypted, and the tag stays in here
	tag := n.ghash.Seal(nil, nonce[:], nil, plain)
	return n.name("f_", string(tag))
}

// Named is how an object names its patient.
type Named struct {
	Match string             // [Namer.Match]
	By    sinso.PatientMatch // what Match is made of

	ID, Issuer, Name, Birth sinso.PHI[string]
}

// Named reads it.
func (n *Namer) Named(h sinso.Header) Named {
	// Revealed into what is hidden again.
	id, name, birth := fold(h.PatientID.Reveal()), foldName(h.PatientName.Reveal()), fold(h.PatientBirthDate.Reveal())
	by := sinso.MatchStudy
	switch {
	case id != "":
		by = sinso.MatchID
	case name != "" && birth != "":
		by = sinso.MatchName
	}
	return Named{
		Match: n.Match(h), By: by,
		ID: sinso.NewPHI(id), Issuer: sinso.NewPHI(fold(h.PatientIssuer.Reveal())), Name: sinso.NewPHI(name), Birth: sinso.NewPHI(birth),
	}
}

// Differs reports whether two that have one Match differ in name or in birth date. What one
// of them leaves out is no difference, and of names each way of writing (PS3.5 §6.2.1.2) is
// compared for itself, without case.
func (a Named) Differs(b Named) (name, birth bool) {
	// Revealed to be compared.
	mine, other := strings.Split(a.Name.Reveal(), "="), strings.Split(b.Name.Reveal(), "=")
	for i := range min(len(mine), len(other)) {
		name = name || mine[i] != "" && other[i] != "" && !strings.EqualFold(mine[i], other[i])
	}
	born, said := a.Birth.Reveal(), b.Birth.Reveal()
	return name, born != "" && said != "" && born != said
}

// Vouches reports whether what is known of a holds for b of the same Match: they do not
// differ, and a name that b has is one that a has too, in one way of writing at least. Of
// what has no name nothing follows for what has one.
func (a Named) Vouches(b Named) bool {
	name, birth := a.Differs(b)
	if name || birth {
		return false
	}
	mine, other := strings.Split(a.Name.Reveal(), "="), strings.Split(b.Name.Reveal(), "=") // to be compared
	for i := range min(len(mine), len(other)) {
		if mine[i] != "" && other[i] != "" {
			return true
		}
	}
	return b.Name.Reveal() == ""
}

// Patient names a patient as somebody is asked, or was, whose they are: forPerson is the
// owner who is asked. parts are the match, and what tells patients of one match apart.
func (n *Namer) Patient(forPerson sinso.PersonID, parts ...string) string {
	return n.name("q_", append([]string{string(forPerson)}, parts...)...)
}

// Match is the keyed hash of the patient identity in a header, by which objects
// of one patient are filed under one Person: Patient ID with its issuer, as an
// archive does (PS3.3 C.2.1); without a Patient ID name and birth date; without
// both of these the study alone, so that two unnamed patients, or two of one name,
// are never taken for one.
func (n *Namer) Match(h sinso.Header) string {
	// Revealed into a keyed hash; nothing of it can be read back.
	id, issuer := fold(h.PatientID.Reveal()), fold(h.PatientIssuer.Reveal())
	name, birth := foldName(h.PatientName.Reveal()), fold(h.PatientBirthDate.Reveal())
	if h.Deidentified == sinso.DeidentifiedHere { // a pseudonym is nobody's Patient ID
		issuer, name = "research "+issuer, ""
		if id != "" {
			return n.name("m_", "pseudonym", issuer, id)
		}
	}
	switch {
	case id != "":
		return n.name("m_", "id", issuer, id)
	case name != "" && birth != "":
		return n.name("m_", "name", name, birth)
	default:
		return n.name("m_", "study", h.StudyUID.Reveal())
	}
}

// fold ignores what is not significant in a DICOM identity: padding at the ends
// (PS3.5 Table 6.2-1), and which of two ways a character set has to write a letter
// with its accent (Unicode NFC).
func fold(s string) string {
	return norm.NFC.String(strings.Trim(s, " \x00\t\r\n"))
}

// foldName ignores, besides, the marks of components and groups that are empty at
// the end (PS3.5 §6.2.1.1).
func foldName(s string) string {
	groups := strings.Split(s, "=")
	for i := range groups {
		groups[i] = strings.TrimRight(fold(groups[i]), "^ ")
	}
	return strings.TrimRight(strings.Join(groups, "="), "=")
}

// Person names the person of a match. A person who is created otherwise has a
// random name; this one lets an import that is cut off end the same when it is
// done again.
func (n *Namer) Person(match string) sinso.PersonID { return sinso.PersonID(n.name("p_", match)) }

// Study names a study of a person.
func (n *Namer) Study(person sinso.PersonID, h sinso.Header) sinso.StudyID {
	return sinso.StudyID(n.name("s_", string(person), h.StudyUID.Reveal()))
}

// Series names a series of a study.
func (n *Namer) Series(study sinso.StudyID, h sinso.Header) sinso.SeriesID {
	return sinso.SeriesID(n.name("e_", string(study), h.SeriesUID.Reveal()))
}

// Instance names an instance: its UID and its bytes, since two objects may
// claim one UID.
func (n *Namer) Instance(person sinso.PersonID, h sinso.Header, fingerprint string) sinso.InstanceID {
	return sinso.InstanceID(n.name("i_", string(person), h.InstanceUID.Reveal(), fingerprint))
}

// Release names the n-th release of a study.
func (n *Namer) Release(study sinso.StudyID, number string) sinso.ReleaseID {
	return sinso.ReleaseID(n.name("r_", string(study), number))
}

// Derived names a study of a release by the Study Instance UID that its derivatives have.
func (n *Namer) Derived(study string) string { return n.name("d_", study) }

// Template names a template by what it says (its JSON).
func (n *Namer) Template(canonical string) sinso.TemplateID {
	return sinso.TemplateID(n.name("t_", canonical))
}

// Review names what persons are to look at: an instance as one profile makes it, and
// whether it is withheld ("withheld") or was released ("sample").
func (n *Namer) Review(instance sinso.InstanceID, profile, kind string) sinso.ReviewID {
	return sinso.ReviewID(n.name("v_", string(instance), profile, kind))
}
