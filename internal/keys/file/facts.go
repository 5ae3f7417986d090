package file

import (
	"encoding/hex"
	"errors"

	"sinso.dev/sinso"
)

// fingerprintBytes are those of a root key's check value that people compare.
const fingerprintBytes = 8

// Facts are what a key table says of itself; nothing in it is secret.
type Facts struct {
	Kind        string // KindKeyFile or KindPassphrase
	Fingerprint string // of the root key
	Custodians  int    // that are no persons: the node, the institution
	Persons     int    // who have a key
	Records     int    // that have one
	Destroyed   int    // custodians whose key was destroyed
	Generation  uint64 // counts the changes of the table
}

// Fingerprint names a root key: 16 hex digits, which tell nothing of it.
func Fingerprint(root [32]byte) (string, error) {
	check, err := checkValue(root[:])
	if err != nil {
		return "", err
	}
	return fingerprint(check), nil
}

func fingerprint(check []byte) string { return hex.EncodeToString(check[:fingerprintBytes]) }

// Look returns the facts of the table in dir. ErrNotFound if there is none.
func Look(dir string) (Facts, error) {
	k, err := Open(dir, Unlock{}, nil)
	if err != nil {
		return Facts{}, err
	}
	facts, err := k.facts()
	return facts, errors.Join(err, k.Close())
}

// Kind returns the kind of root key of the table in dir. If a rotation was cut off after
// its end, finished says that its last steps were done now.
func Kind(dir string) (kind string, finished bool, err error) {
	_, counts := cutOff(dir)
	if err := settle(dir); err != nil {
		return "", false, err
	}
	raw, err := readTable(dir)
	if err != nil {
		return "", counts, err
	}
	t, err := parseTable(raw)
	if err != nil {
		return "", counts, err
	}
	return t.Root.Kind, counts, nil
}

func (k *Keys) facts() (Facts, error) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	f := Facts{
		Kind: k.table.Root.Kind, Fingerprint: fingerprint(k.table.Root.Check),
		Destroyed: len(k.table.Tombstones), Generation: k.table.Generation,
	}
	for _, c := range k.table.Custodians {
		if inPages(c.ID) {
			f.Persons++ // of before there were pages
		} else {
			f.Custodians++
		}
	}
	for _, id := range k.pages.order {
		_, err := k.pages.find(id)
		switch {
		case err == nil && id.IsRecord():
			f.Records++
		case err == nil:
			f.Persons++
		case !errors.Is(err, sinso.ErrDenied):
			return f, err
		}
	}
	return f, nil
}

// Root returns the root key, for its recovery phrase and its shares. ErrDenied if the node
// is locked.
func (k *Keys) Root() (root [32]byte, err error) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.root == nil {
		return root, errLocked()
	}
	return [32]byte(k.root), nil
}
