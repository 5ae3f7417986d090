package file

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"unicode/utf8"

	kdf "golang.org/x/crypto/argon2"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/durable"
)

// Unlock says where the root key comes from: one of the three, or, to open a table
// without it, none.
type Unlock struct {
	// KeyFile is the path of the key file. It must lie outside the node folder
	// and be readable by its owner only.
	KeyFile string
	// Passphrase asks for the passphrase. What it returns is wiped.
	Passphrase func() ([]byte, error)
	// Root is the root key itself, as its recovery phrase and its shares give it back. It
	// opens a table of either kind, and makes none.
	Root *[32]byte
	// Node is the node folder. Default: the folder that the table's folder is in.
	Node string
}

// The kinds of root key.
const (
	KindKeyFile    = "key-file"
	KindPassphrase = "passphrase"
)

const (
	keyFileMagic = "sinso-root-key-1 "
	keyCheckHex  = 8 // hex digits of a checksum, against a slip of the pen
	maxKeyFile   = 4 << 10

	minPassphrase = 12 // characters of a new one: whoever has the table can try as many as they like
)

// argon2 are the parameters of Argon2id (RFC 9106).
type argon2 struct {
	Salt      []byte `json:"salt"`
	Passes    uint32 `json:"passes"`
	MemoryKiB uint32 `json:"memoryKiB"`
	Lanes     uint8  `json:"lanes"`
}

// The second recommended option of RFC 9106 §4.
const (
	argonPasses = 3
	argonMemory = 64 << 10 // KiB
	argonLanes  = 4
	argonSalt   = 16 // bytes
)

// Limits of what a table may ask for.
const (
	maxArgonPasses = 16
	maxArgonMemory = 1 << 20 // KiB
	maxArgonLanes  = 16
)

// locked reports whether there is nothing to unlock with.
func (u Unlock) locked() bool { return u.KeyFile == "" && u.Passphrase == nil && u.Root == nil }

func (u Unlock) check() error {
	if (u.KeyFile != "" || u.Root != nil) && u.Passphrase != nil || u.KeyFile != "" && u.Root != nil {
		return fmt.Errorf("keys: a key file, a passphrase or the root key, not two of them: %w", sinso.ErrInvalid)
	}
	return nil
}

// create returns a root key for a new table. A key file that is not there is
// made.
func (u Unlock) create(dir string, rand sinso.Rand) ([]byte, rootRow, error) {
	if err := u.check(); err != nil {
		return nil, rootRow{}, err
	}
	if u.KeyFile == "" && u.Passphrase == nil {
		return nil, rootRow{}, fmt.Errorf("keys: a new table needs a key file or a passphrase: %w", sinso.ErrInvalid)
	}
	if u.KeyFile != "" {
		if err := u.makeKeyFile(dir, rand); err != nil {
			return nil, rootRow{}, err
		}
		root, err := u.readKeyFile(dir)
		return root, rootRow{Kind: KindKeyFile}, err
	}
	a := argon2{Salt: make([]byte, argonSalt), Passes: argonPasses, MemoryKiB: argonMemory, Lanes: argonLanes}
	if _, err := io.ReadFull(rand, a.Salt); err != nil {
		return nil, rootRow{}, fmt.Errorf("keys: randomness: %w: %w", sinso.ErrUnavailable, err)
	}
	root, err := u.fromPassphrase(&a, minPassphrase)
	return root, rootRow{Kind: KindPassphrase, Argon2: &a}, err
}

// open returns the root key of a table, or nil to leave it locked.
func (u Unlock) open(dir string, how rootRow) ([]byte, error) {
	if err := u.check(); err != nil || u.locked() {
		return nil, err
	}
	switch {
	case u.Root != nil:
		return bytes.Clone(u.Root[:]), nil
	case how.Kind == KindKeyFile && u.KeyFile != "":
		return u.fitting(dir, how.Check)
	case how.Kind == KindPassphrase && u.Passphrase != nil:
		return u.fromPassphrase(how.Argon2, 1)
	case how.Kind == KindKeyFile || how.Kind == KindPassphrase:
		return nil, fmt.Errorf("keys: this key table is unlocked by a %s: %w", how.Kind, sinso.ErrDenied)
	}
	return nil, badTable("names no kind of root key")
}

// fitting reads the root key of a table. A rotation that was cut off after its end left the
// table's key beside the older one, under the name of the next: it takes its place now.
func (u Unlock) fitting(dir string, check []byte) ([]byte, error) {
	root, err := u.readKeyFile(dir)
	if err == nil && fits(root, check) {
		return root, nil
	}
	later := u.next()
	next, nextErr := later.readKeyFile(dir)
	if nextErr != nil || !fits(next, check) {
		return root, err
	}
	clear(root)
	return next, u.promote()
}

// NextFile is the key file that a rotation makes, beside the file that a link leads to.
func NextFile(keyFile string) string { return place(keyFile) + NextSuffix }

// place is where a link leads to.
func place(path string) string {
	if found, err := resolve(path); err == nil {
		return found
	}
	return path
}

func (u Unlock) next() Unlock {
	u.KeyFile = NextFile(u.KeyFile)
	return u
}

// promote puts the next key file in the place of the key file.
func (u Unlock) promote() error {
	at := place(u.KeyFile)
	err := os.Rename(NextFile(u.KeyFile), at)
	if err == nil {
		err = durable.SyncDir(filepath.Dir(at))
	}
	if err != nil {
		return fmt.Errorf("keys: put the new key file in its place: %w: %w", sinso.ErrUnavailable, err)
	}
	return nil
}

func fits(root, check []byte) bool {
	value, err := checkValue(root)
	return err == nil && hmac.Equal(value, check)
}

func (u Unlock) fromPassphrase(a *argon2, least int) ([]byte, error) {
	if a == nil || len(a.Salt) != argonSalt || a.Passes == 0 || a.Passes > maxArgonPasses ||
		a.MemoryKiB > maxArgonMemory || a.Lanes == 0 || a.Lanes > maxArgonLanes {
		return nil, badTable("has parameters for the passphrase that are out of bounds")
	}
	phrase, err := u.Passphrase()
	if err != nil {
		return nil, fmt.Errorf("keys: ask for the passphrase: %w: %w", sinso.ErrDenied, err)
	}
	defer clear(phrase)
	if len(phrase) == 0 {
		return nil, fmt.Errorf("keys: an empty passphrase: %w", sinso.ErrInvalid)
	}
	if utf8.RuneCount(phrase) < least {
		return nil, fmt.Errorf("keys: a passphrase has %d characters or more: %w", least, sinso.ErrInvalid)
	}
	return kdf.IDKey(phrase, a.Salt, a.Passes, a.MemoryKiB, a.Lanes, 32), nil
}

// makeKeyFile makes a key file, if there is none: format, key, checksum.
func (u Unlock) makeKeyFile(dir string, rand sinso.Rand) error {
	if _, err := os.Lstat(u.KeyFile); !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var root [32]byte
	if _, err := io.ReadFull(rand, root[:]); err != nil {
		return fmt.Errorf("keys: randomness: %w: %w", sinso.ErrUnavailable, err)
	}
	defer clear(root[:])
	return u.WriteKeyFile(dir, root)
}

// WriteKeyFile writes a root key to the key file, which must not be there: ErrExists. dir
// is the folder of the key table, whether it is there or not.
func (u Unlock) WriteKeyFile(dir string, root [32]byte) error {
	if err := u.outside(dir, filepath.Dir(u.KeyFile), "key file"); err != nil {
		return err
	}
	line := []byte(keyFileMagic + hex.EncodeToString(root[:]) + " " + keyCheck(root[:]) + "\n")
	defer clear(line)
	err := durable.CreateFile(u.KeyFile, line, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("keys: there is a key file, and it is not overwritten: %w", sinso.ErrExists)
	}
	if err != nil {
		return fmt.Errorf("keys: make the key file: %w: %w", sinso.ErrUnavailable, err)
	}
	return nil
}

func keyCheck(root []byte) string {
	sum := sha256.Sum256(append([]byte(keyFileMagic), root...))
	return hex.EncodeToString(sum[:])[:keyCheckHex]
}

// readKeyFile reads the root key from a file that only its owner can read.
func (u Unlock) readKeyFile(dir string) ([]byte, error) {
	raw, err := u.readSecret(dir, u.KeyFile, "key file")
	if err != nil {
		return nil, err
	}
	defer clear(raw)
	return parseKeyFile(raw)
}

// ReadPassphrase reads a passphrase from a file outside the node folder that only its owner
// can read; a line feed at its end does not count.
func ReadPassphrase(node, path string) ([]byte, error) {
	raw, err := Unlock{Node: node}.readSecret(node, path, "passphrase file")
	return bytes.TrimRight(raw, "\r\n"), err
}

// readSecret reads a small file, which must not lie in the node folder.
func (u Unlock) readSecret(dir, path, what string) ([]byte, error) {
	if err := u.outside(dir, path, what); err != nil {
		return nil, err
	}
	f, err := os.Open(path) //nolint:gosec // the operator names it
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("keys: the %s is not there: %w", what, sinso.ErrDenied)
	}
	if err != nil {
		return nil, fmt.Errorf("keys: open the %s: %w: %w", what, sinso.ErrDenied, err)
	}
	info, err := f.Stat()
	var raw []byte
	if err == nil {
		raw, err = io.ReadAll(io.LimitReader(f, maxKeyFile))
	}
	if err = errors.Join(err, f.Close()); err != nil {
		clear(raw)
		return nil, fmt.Errorf("keys: read the %s: %w: %w", what, sinso.ErrUnavailable, err)
	}
	// Windows keeps who may read in another place.
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		clear(raw)
		return nil, fmt.Errorf("keys: the %s can be read by others (mode %04o, want 0600): %w", what, info.Mode().Perm(), sinso.ErrDenied)
	}
	return raw, nil
}

func parseKeyFile(raw []byte) ([]byte, error) {
	line, ok := strings.CutPrefix(string(bytes.TrimSpace(raw)), keyFileMagic)
	digits, check, _ := strings.Cut(line, " ")
	root, err := hex.DecodeString(digits)
	if !ok || err != nil || len(root) != 32 || check != keyCheck(root) {
		return nil, fmt.Errorf("keys: the key file is not one, or was changed: %w", sinso.ErrCorrupt)
	}
	return root, nil
}

// outside refuses a path in the node folder: a thief of the folder would have
// the key with it.
func (u Unlock) outside(dir, path, what string) error {
	node := u.Node
	if node == "" {
		node = filepath.Dir(dir)
	}
	inside, err := within(node, path)
	if err == nil && !inside {
		inside, err = within(dir, path)
	}
	if err != nil {
		return fmt.Errorf("keys: where the %s is: %w: %w", what, sinso.ErrDenied, err)
	}
	if inside {
		return fmt.Errorf("keys: the %s must not lie in the node folder: %w", what, sinso.ErrDenied)
	}
	return nil
}

// Outside is ErrDenied if a file with words of a root key would lie in the node folder.
func Outside(node, path string) error {
	return Unlock{Node: node}.outside(node, path, "words of a root key")
}

// within reports whether path, its links followed, is folder or lies in it.
func within(folder, path string) (bool, error) {
	folder, err := resolve(folder)
	if err != nil {
		return false, err
	}
	if path, err = resolve(path); err != nil {
		return false, err
	}
	rel, err := filepath.Rel(folder, path)
	if err != nil {
		return false, nil //nolint:nilerr // no path leads from one to the other: on another volume
	}
	return rel == "." || filepath.IsLocal(rel), nil
}

// resolve follows links; a file that is not there has no links to follow.
func resolve(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	resolved, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, nil
	}
	return resolved, err
}
