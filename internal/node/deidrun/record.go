package deidrun

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"path/filepath"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
)

// id names an input, or a derivative's bytes: the first half of a hash.
type id [16]byte

// MarshalText implements [encoding.TextMarshaler].
func (i id) MarshalText() ([]byte, error) {
	return base64.RawURLEncoding.AppendEncode(nil, i[:]), nil
}

// UnmarshalText implements [encoding.TextUnmarshaler].
func (i *id) UnmarshalText(text []byte) error {
	raw, err := base64.RawURLEncoding.DecodeString(string(text))
	if err != nil || len(raw) != len(i) {
		return fmt.Errorf("deid: this is no id: %w", sinso.ErrCorrupt)
	}
	*i = id(raw)
	return nil
}

// class is what was decided over a derivative when it was made.
type class uint8

const (
	classClean    class = iota
	classWithheld       // for the reasons in its record
	classWaits          // its series decides, at the end
)

func (c class) dir() string {
	if c == classClean {
		return ""
	}
	return withheldDir
}

func (c class) path(name string) string { return filepath.Join(c.dir(), name) }

// record is what the journal says of one input. Of what names people it holds keyed
// hashes, and the sealed name.
type record struct {
	ID   id     `json:"id"`             // of path, size and time of the file, or of an entry
	Unit id     `json:"unit,omitzero"`  // of the zip or list that the entry is of
	Name []byte `json:"name,omitempty"` // of the input, sealed

	// Of a derivative.
	File     string `json:"file,omitempty"` // below OUT
	Temp     string `json:"temp,omitempty"` // below newDir, where it was before
	Sum      id     `json:"sum,omitzero"`   // of its bytes
	Class    class  `json:"class,omitempty"`
	Study    string `json:"study,omitempty"` // this and the next two are of the derivative
	Series   string `json:"series,omitempty"`
	Patient  string `json:"patient,omitempty"`
	Modality string `json:"modality,omitempty"`
	Changes  int64  `json:"changes,omitempty"`

	// Of one that its series decides on.
	From   id    `json:"from,omitzero"`   // of the original's bytes
	Head   bool  `json:"head,omitempty"`  // a head is in it, by its words
	Other  bool  `json:"other,omitempty"` // it names other parts of the body; if neither, none
	Heads  int   `json:"heads,omitempty"` // frames of a head's size
	Voxels int64 `json:"voxels,omitempty"`
	// Plan is set if the record supersedes the earlier ones of the same ID: the members
	// of the series without whose face it was made.
	Plan id `json:"plan,omitzero"`

	Reasons []sinso.Reason `json:"reasons,omitempty"` // why it is withheld, was refused or skipped
	Detail  string         `json:"detail,omitempty"`
	Skip    bool           `json:"skip,omitempty"`
	Again   bool           `json:"again,omitempty"` // the next run shall try it again: it may be readable then, and its size and time need not tell

	at    int64 // in the journal
	stale bool  // another supersedes it
}

func (r *record) remade() bool { return r.Plan != id{} }

// group names the series of a record that has one.
func (r *record) group() id { return groupOf(r.Study, r.Series) }

// sight returns what the object showed.
func (r *record) sight() deid.Sight {
	return deid.Sight{Study: r.Study, Series: r.Series, Named: r.Head, Unnamed: !r.Head && !r.Other, Other: r.Other, Heads: r.Heads}
}

// uid returns the SOP Instance UID of a derivative.
func (r *record) uid() string {
	name, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(r.File), ".dcm"), "-")
	return name
}

// plainName is what a derivative is called, and second what the second of one UID is.
func plainName(uid string) string         { return uid + ".dcm" }
func secondName(uid string, s id) string  { return uid + "-" + hex.EncodeToString(s[:]) + ".dcm" }
func uidKey(uid string) id                { return half(sha256.Sum256([]byte(uid))) }
func half(sum [sha256.Size]byte) (out id) { return id(sum[:16]) }

// places returns everywhere below out where a derivative may have come to lie.
func (r *record) places(out string) []string {
	var paths []string
	for _, dir := range []string{"", withheldDir} {
		paths = append(paths, filepath.Join(out, dir, plainName(r.uid())), filepath.Join(out, dir, secondName(r.uid(), r.Sum)))
	}
	return paths
}

// namer makes ids of inputs and seals their names, under the key of the run.
type namer struct {
	ids  []byte
	seal cipher.AEAD
}

func newNamer(secret [32]byte) (*namer, error) {
	block, err := aes.NewCipher(derived(secret, labelNames))
	if err != nil {
		return nil, fmt.Errorf("deid: the key of the names: %w", err)
	}
	seal, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("deid: the key of the names: %w", err)
	}
	return &namer{derived(secret, labelIDs), seal}, nil
}

// id hashes parts.
func (n *namer) id(parts ...string) id {
	mac := hmac.New(sha256.New, n.ids)
	hashParts(mac, parts)
	return id(mac.Sum(nil)[:16])
}

// hashParts hashes each part with its length before it.
func hashParts(to hash.Hash, parts []string) {
	for _, part := range parts {
		to.Write(binary.AppendUvarint(nil, uint64(len(part))))
		to.Write([]byte(part))
	}
}

// sealed seals a name. The cipher makes the nonce.
func (n *namer) sealed(name string) []byte {
	return n.seal.Seal(nil, nil, []byte(name), nil) //nolint:gosec // no nonce of ours: see newNamer
}

// opened returns a name, "" if it was sealed under another key.
func (n *namer) opened(sealed []byte) string {
	name, err := n.seal.Open(nil, nil, sealed, nil)
	if err != nil {
		return ""
	}
	return string(name)
}

// newSession returns what the names of one process's new files begin with.
func newSession() string {
	return strings.ToLower(rand.Text()[:10]) + "-"
}

func (l *line) record() (record, error) {
	var r record
	if err := json.Unmarshal(l.body, &r); err != nil {
		return r, fmt.Errorf("deid: the journal of the run: %w", sinso.ErrCorrupt)
	}
	r.at = l.at
	return r, nil
}
