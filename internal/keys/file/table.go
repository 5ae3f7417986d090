package file

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"sinso.dev/sinso"
)

// ErrOtherKey is of a root key that is sound, and not the table's.
var ErrOtherKey = errors.New("the root key is not the one of this key table")

const (
	tableVersion = 1
	tableMagic   = "sinso-keys-1\n"
	// trailerBytes are two lines of 64 hex digits: the MAC and the checksum.
	trailerBytes  = 2 * (2*sha256.Size + 1)
	maxTableBytes = 512 << 20 // about 250,000 custodians

	macLabel   = "sinso/keys/mac/v1"
	checkLabel = "sinso/keys/check/v1"
	wrapLabel  = "sinso/keys/wrap/v1"
	seedLabel  = "sinso/keys/seed/v1"

	checkBytes = 16
	nonceBytes = 12 // of AES-GCM
)

// table is the content of the key table.
type table struct {
	Version    int           `json:"version"`
	Generation uint64        `json:"generation"` // counts the changes
	Root       rootRow       `json:"root"`
	Custodians []custodian   `json:"custodians"` // ascending by ID
	Tombstones []sinso.KeyID `json:"tombstones"` // ascending
}

// rootRow says where the root key comes from.
type rootRow struct {
	Kind   string  `json:"kind"` // KindKeyFile or KindPassphrase
	Check  []byte  `json:"check"`
	Argon2 *argon2 `json:"argon2id,omitempty"`
}

// custodian is one key.
type custodian struct {
	ID     sinso.KeyID `json:"id"`
	Public []byte      `json:"public"` // of crypt/hpke
	Seed   []byte      `json:"seed"`   // nonce, and 32 bytes under the root key
}

// clone returns a table that can be changed apart; rows share their bytes, which
// nobody changes.
func (t *table) clone() *table {
	c := *t
	c.Custodians, c.Tombstones = slices.Clone(t.Custodians), slices.Clone(t.Tombstones)
	return &c
}

func (t *table) search(id sinso.KeyID) (int, bool) {
	return slices.BinarySearchFunc(t.Custodians, id, func(c custodian, id sinso.KeyID) int {
		return strings.Compare(string(c.ID), string(id))
	})
}

func (t *table) custodian(id sinso.KeyID) *custodian {
	if i, ok := t.search(id); ok {
		return &t.Custodians[i]
	}
	return nil
}

func (t *table) add(c custodian) {
	i, _ := t.search(c.ID)
	t.Custodians = slices.Insert(t.Custodians, i, c)
}

func (t *table) destroyed(id sinso.KeyID) bool {
	_, ok := slices.BinarySearch(t.Tombstones, id)
	return ok
}

// bury removes a custodian and leaves a tombstone.
func (t *table) bury(id sinso.KeyID) {
	if i, ok := t.search(id); ok {
		t.Custodians = slices.Delete(t.Custodians, i, i+1)
	}
	if i, ok := slices.BinarySearch(t.Tombstones, id); !ok {
		t.Tombstones = slices.Insert(t.Tombstones, i, id)
	}
}

// derive makes a key for one use from the root key.
func derive(root []byte, label string, n int) ([]byte, error) {
	key, err := hkdf.Key(sha256.New, root, nil, label, n)
	if err != nil {
		return nil, fmt.Errorf("keys: derive: %w", err)
	}
	return key, nil
}

// checkValue tells a wrong root key from a changed table.
func checkValue(root []byte) ([]byte, error) { return derive(root, checkLabel, checkBytes) }

// marshal writes the table: a line that names the format, JSON on one line, a
// MAC under the root key and, for a locked node, a checksum.
func (t *table) marshal(root []byte) ([]byte, error) {
	content, err := json.Marshal(t)
	if err != nil {
		return nil, fmt.Errorf("keys: write the table: %w", err)
	}
	b := append(append([]byte(tableMagic), content...), '\n')
	mac, err := tableMAC(root, b)
	if err != nil {
		return nil, err
	}
	b = append(append(b, mac...), '\n')
	sum := sha256.Sum256(b)
	b = append(append(b, hex.EncodeToString(sum[:])...), '\n')
	if len(b) > maxTableBytes {
		return nil, fmt.Errorf("keys: the table is full: %w", sinso.ErrUnavailable)
	}
	return b, nil
}

func tableMAC(root, b []byte) (string, error) {
	key, err := derive(root, macLabel, sha256.Size)
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write(b)
	return hex.EncodeToString(mac.Sum(nil)), nil
}

func badTable(why string) error {
	return fmt.Errorf("keys: the key table %s: %w", why, sinso.ErrCorrupt)
}

// parseTable reads a table and checks its checksum and its order.
func parseTable(raw []byte) (*table, error) {
	if len(raw) > maxTableBytes || len(raw) < len(tableMagic)+trailerBytes+1 {
		return nil, badTable("has a wrong size")
	}
	body, sumLine := raw[:len(raw)-trailerBytes/2], raw[len(raw)-trailerBytes/2:]
	sum := sha256.Sum256(body)
	if string(sumLine) != hex.EncodeToString(sum[:])+"\n" {
		return nil, badTable("does not match its checksum")
	}
	content, ok := bytes.CutPrefix(body[:len(body)-trailerBytes/2], []byte(tableMagic))
	if !ok {
		return nil, fmt.Errorf("keys: the key table is of another version: %w", sinso.ErrUnsupported)
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	t := &table{}
	if err := decoder.Decode(t); err != nil {
		return nil, badTable("is not in the format of version 1") // the cause would quote it
	}
	if t.Version != tableVersion || len(t.Root.Check) != checkBytes || !t.ordered() {
		return nil, badTable("is not in the format of version 1")
	}
	return t, nil
}

// ordered reports whether rows and tombstones ascend, and no row is destroyed.
func (t *table) ordered() bool {
	for i, c := range t.Custodians {
		if checkID(c.ID) != nil || t.destroyed(c.ID) || (i > 0 && t.Custodians[i-1].ID >= c.ID) {
			return false
		}
	}
	for i, id := range t.Tombstones {
		if checkID(id) != nil || (i > 0 && t.Tombstones[i-1] >= id) {
			return false
		}
	}
	return true
}

// verify checks the root key and the MAC.
func (t *table) verify(raw, root []byte) error {
	check, err := checkValue(root)
	if err != nil {
		return err
	}
	if !hmac.Equal(check, t.Root.Check) {
		return fmt.Errorf("keys: %w: %w", ErrOtherKey, sinso.ErrDenied)
	}
	mac, err := tableMAC(root, raw[:len(raw)-trailerBytes])
	if err != nil {
		return err
	}
	line := raw[len(raw)-trailerBytes : len(raw)-trailerBytes/2]
	if !hmac.Equal([]byte(mac+"\n"), line) {
		return badTable("was changed by somebody without the root key")
	}
	return nil
}

func seedAEAD(root []byte) (cipher.AEAD, error) {
	key, err := derive(root, wrapLabel, 32)
	if err != nil {
		return nil, err
	}
	defer clear(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	return aead, nil
}

// wrapSeed wraps a seed under the root key, bound to its custodian.
func wrapSeed(root []byte, id sinso.KeyID, seed [32]byte, rand sinso.Rand) ([]byte, error) {
	aead, err := seedAEAD(root)
	if err != nil {
		return nil, err
	}
	b := make([]byte, nonceBytes)
	if _, err := io.ReadFull(rand, b); err != nil {
		return nil, fmt.Errorf("keys: randomness: %w: %w", sinso.ErrUnavailable, err)
	}
	return aead.Seal(b, b, seed[:], []byte(seedLabel+string(id))), nil
}

func unwrapSeed(root []byte, id sinso.KeyID, wrapped []byte) (seed [32]byte, err error) {
	aead, err := seedAEAD(root)
	if err != nil {
		return seed, err
	}
	if len(wrapped) != nonceBytes+len(seed)+aead.Overhead() {
		return seed, badTable("has a damaged row")
	}
	plain, err := aead.Open(nil, wrapped[:nonceBytes], wrapped[nonceBytes:], []byte(seedLabel+string(id)))
	if err != nil {
		return seed, badTable("has a damaged row")
	}
	defer clear(plain)
	return [32]byte(plain), nil
}
