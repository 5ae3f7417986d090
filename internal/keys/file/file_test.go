package file_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/keys/file"
	"sinso.dev/sinso/internal/keys/keytest"
)

// home is a node folder with a key file beside it.
type home struct{ dir, key string }

func newHome(t testing.TB) home {
	t.Helper()
	base := t.TempDir()
	return home{dir: filepath.Join(base, "node", "keys"), key: filepath.Join(base, "node.key")}
}

func (h home) unlock() file.Unlock { return file.Unlock{KeyFile: h.key} }

func (h home) table() string { return filepath.Join(h.dir, "table") }

func (h home) create(t testing.TB) *file.Keys {
	t.Helper()
	k, err := file.Create(h.dir, h.unlock(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func (h home) Open(t *testing.T, unlocked bool) keytest.Table {
	t.Helper()
	unlock := file.Unlock{}
	if unlocked {
		unlock = h.unlock()
	}
	k, err := file.Open(h.dir, unlock, rand.Reader)
	if errors.Is(err, sinso.ErrNotFound) {
		return h.create(t)
	}
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func (h home) Save(t *testing.T) func() {
	t.Helper()
	saved := map[string][]byte{}
	for _, name := range names(t, h.dir) {
		saved[name] = read(t, filepath.Join(h.dir, name))
	}
	return func() {
		for _, name := range names(t, h.dir) {
			if _, was := saved[name]; !was {
				if err := os.Remove(filepath.Join(h.dir, name)); err != nil {
					t.Fatal(err)
				}
			}
		}
		for name, content := range saved {
			write(t, filepath.Join(h.dir, name), content, 0o600)
		}
	}
}

func names(t testing.TB, dir string) (found []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != "lock" {
			found = append(found, e.Name())
		}
	}
	return found
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func write(t testing.TB, path string, b []byte, perm os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, b, perm); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, perm); err != nil {
		t.Fatal(err)
	}
}

func is(t *testing.T, what string, err, class error) {
	t.Helper()
	if !errors.Is(err, class) {
		t.Errorf("%s: got error %v, want %v", what, err, class)
	}
}

// TestFileIsKeys runs the suite of the port.
func TestFileIsKeys(t *testing.T) {
	t.Parallel()
	keytest.Test(t, func(t *testing.T) keytest.Store { return newHome(t) })
}

// filled makes a table with two custodians and a tombstone.
func filled(t *testing.T, k *file.Keys) {
	t.Helper()
	for _, id := range []sinso.KeyID{"node", "person:p_a", "person:p_gone"} {
		if err := k.Create(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	if err := k.Destroy(t.Context(), "person:p_gone"); err != nil {
		t.Fatal(err)
	}
}

// TestEveryFlippedByteOfTheTableIsFound checks it for a locked node too, and that
// a table cut short is found.
func TestEveryFlippedByteOfTheTableIsFound(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	filled(t, h.create(t))
	table := read(t, h.table())
	for at := range table {
		if testing.Short() && at%5 != 0 {
			continue
		}
		flipped := bytes.Clone(table)
		flipped[at] ^= 1 << (at % 8)
		write(t, h.table(), flipped, 0o600)
		_, err := file.Open(h.dir, file.Unlock{}, rand.Reader)
		is(t, fmt.Sprint("locked, byte ", at), err, sinso.ErrCorrupt)
		if at%50 == 0 {
			_, err = file.Open(h.dir, h.unlock(), rand.Reader)
			is(t, fmt.Sprint("unlocked, byte ", at), err, sinso.ErrCorrupt)
			write(t, h.table(), table[:at], 0o600)
			_, err = file.Open(h.dir, file.Unlock{}, rand.Reader)
			is(t, fmt.Sprint("cut to ", at), err, sinso.ErrCorrupt)
		}
	}
}

// TestForgedTableIsFound changes the table as somebody can who knows the format
// and not the root key.
func TestForgedTableIsFound(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	filled(t, h.create(t))
	forged := bytes.Replace(read(t, h.table()), []byte(`"tombstones":["person:p_gone"]`), []byte(`"tombstones":[]`), 1)
	body := forged[:len(forged)-65]
	sum := sha256.Sum256(body)
	write(t, h.table(), append(body, hex.EncodeToString(sum[:])+"\n"...), 0o600)
	if _, err := file.Open(h.dir, file.Unlock{}, rand.Reader); err != nil {
		t.Fatalf("the forgery is not what it should be: %v", err)
	}
	_, err := file.Open(h.dir, h.unlock(), rand.Reader)
	is(t, "open", err, sinso.ErrCorrupt)
}

// TestKeyFileMustBeSafe checks where the key file may lie and who may read it.
func TestKeyFileMustBeSafe(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	k := h.create(t)
	if info, err := os.Stat(h.key); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode of a new key file: %v, %v, want 0600", info.Mode(), err)
	}
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
	good := read(t, h.key)
	inside := filepath.Join(h.dir, "root")
	beside := filepath.Join(filepath.Dir(h.dir), "root") // in the node folder
	link := filepath.Join(filepath.Dir(h.key), "link")
	write(t, inside, good, 0o600)
	write(t, beside, good, 0o600)
	if err := os.Symlink(inside, link); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{"in the table's folder": inside, "in the node folder": beside, "by a link": link} {
		_, err := file.Open(h.dir, file.Unlock{KeyFile: path}, rand.Reader)
		is(t, name, err, sinso.ErrDenied)
		_, err = file.Create(filepath.Join(filepath.Dir(h.dir), "keys2"), file.Unlock{KeyFile: path + "x", Node: filepath.Dir(h.key)}, rand.Reader)
		is(t, "create "+name, err, sinso.ErrDenied)
	}
	for _, perm := range []os.FileMode{0o640, 0o604, 0o660} {
		write(t, h.key, good, perm)
		_, err := file.Open(h.dir, h.unlock(), rand.Reader)
		is(t, perm.String(), err, sinso.ErrDenied)
	}
	write(t, h.key, good, 0o400)
	if _, err := file.Open(h.dir, h.unlock(), rand.Reader); err != nil {
		t.Errorf("read only: %v", err)
	}
}

// TestWrongKeyFileIsTold tells a wrong key from a damaged one and a missing one.
func TestWrongKeyFileIsTold(t *testing.T) {
	t.Parallel()
	h, other := newHome(t), newHome(t)
	h.create(t)
	other.create(t)
	_, err := file.Open(h.dir, other.unlock(), rand.Reader)
	is(t, "another node's key", err, sinso.ErrDenied)
	_, err = file.Open(h.dir, file.Unlock{KeyFile: h.key + "x"}, rand.Reader)
	is(t, "missing", err, sinso.ErrDenied)
	_, err = file.Open(h.dir, file.Unlock{Passphrase: func() ([]byte, error) { return []byte("x"), nil }}, rand.Reader)
	is(t, "a passphrase", err, sinso.ErrDenied)
	_, err = file.Open(h.dir, file.Unlock{KeyFile: h.key, Passphrase: func() ([]byte, error) { return nil, nil }}, rand.Reader)
	is(t, "both", err, sinso.ErrInvalid)
	key := read(t, h.key)
	for at := range len(key) - 1 { // the line's end does not matter
		flipped := bytes.Clone(key)
		flipped[at] ^= 1
		write(t, h.key, flipped, 0o600)
		_, err := file.Open(h.dir, h.unlock(), rand.Reader)
		if !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("byte %d flipped: got %v, want ErrCorrupt", at, err)
		}
		if err != nil && strings.Contains(err.Error(), string(key[20:30])) {
			t.Errorf("the error quotes the key file")
		}
	}
}

// TestPassphrase makes and opens a table by passphrase.
func TestPassphrase(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	phrase := func(s string) file.Unlock {
		return file.Unlock{Passphrase: func() ([]byte, error) { return []byte(s), nil }}
	}
	k, err := file.Create(h.dir, phrase("correct horse"), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	filled(t, k)
	want, err := k.Secret(t.Context(), "node", "a")
	if err != nil {
		t.Fatal(err)
	}
	again, err := file.Open(h.dir, phrase("correct horse"), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Secret(t.Context(), "node", "a"); err != nil || got != want {
		t.Errorf("secret: got another one or %v", err)
	}
	_, err = file.Open(h.dir, phrase("wrong horse"), rand.Reader)
	is(t, "wrong passphrase", err, sinso.ErrDenied)
	_, err = file.Open(h.dir, phrase(""), rand.Reader)
	is(t, "empty passphrase", err, sinso.ErrInvalid)
	_, err = file.Open(h.dir, file.Unlock{KeyFile: h.key}, rand.Reader)
	is(t, "a key file", err, sinso.ErrDenied)
	asked := errors.New("nobody there")
	_, err = file.Open(h.dir, file.Unlock{Passphrase: func() ([]byte, error) { return nil, asked }}, rand.Reader)
	is(t, "nobody to ask", err, asked)
}

// TestCreateAndOpenSayWhatIsThere checks the classes around a missing table.
func TestCreateAndOpenSayWhatIsThere(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	_, err := file.Open(h.dir, file.Unlock{}, rand.Reader)
	is(t, "open of nothing", err, sinso.ErrNotFound)
	_, err = file.Create(h.dir, file.Unlock{}, rand.Reader)
	is(t, "create without a root key", err, sinso.ErrInvalid)
	h.create(t)
	_, err = file.Create(h.dir, h.unlock(), rand.Reader)
	is(t, "create twice", err, sinso.ErrExists)
}

// TestNothingOfADestroyedKeyStays checks the folder's files for the wrapped seed,
// and for any secret in clear.
func TestNothingOfADestroyedKeyStays(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	k, err := file.Create(h.dir, h.unlock(), &counter{})
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Create(t.Context(), "person:p_a"); err != nil {
		t.Fatal(err)
	}
	page := bytes.Split(read(t, filepath.Join(h.dir, "page-000001")), []byte(`"seed":"`))
	row := page[1][:60]
	public := bytes.Split(page[0], []byte(`"public":"`))[1][:60]
	if err := k.Destroy(t.Context(), "person:p_a"); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(h.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		content := read(t, filepath.Join(h.dir, e.Name()))
		if bytes.Contains(content, row) || bytes.Contains(content, public) {
			t.Errorf("%s holds the destroyed key", e.Name())
		}
	}
	if len(entries) != 4 { // table, names, a page and lock
		t.Errorf("files: got %d, want 4", len(entries))
	}
	for _, name := range names(t, h.dir) {
		content := read(t, filepath.Join(h.dir, name))
		for n := range 256 { // the counter's blocks: root, seeds, nonces
			plain := bytes.Repeat([]byte{byte(n)}, 32)
			if bytes.Contains(content, plain) || bytes.Contains(content, []byte(hex.EncodeToString(plain))) {
				t.Errorf("a secret is in %s in clear", name)
			}
		}
	}
}

// counter is randomness that is known: each read is filled with the next byte.
type counter struct{ n byte }

func (c *counter) Read(p []byte) (int, error) {
	c.n++
	for i := range p {
		p[i] = c.n
	}
	return len(p), nil
}

// TestSecretVector pins the derivation: HKDF-SHA-256 of the seed, computed apart
// from this code. The seed is 32 times 0x2a.
func TestSecretVector(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	k, err := file.Create(h.dir, h.unlock(), &counter{n: 0x28}) // 0x29: the root key
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Create(t.Context(), "node"); err != nil {
		t.Fatal(err)
	}
	got, err := k.Secret(t.Context(), "node", "index")
	if err != nil {
		t.Fatal(err)
	}
	const want = "94bd5f550d935a1a7061c7f8407fd3c9e3eefa78962f38f2d6567c4bcb4d67f0"
	if hex.EncodeToString(got[:]) != want {
		t.Errorf("secret: got %x, want %s", got, want)
	}
}

// BenchmarkCreate adds a custodian to a table of a thousand.
func BenchmarkCreate(b *testing.B) {
	k := newHome(b).create(b)
	for n := range 1000 {
		if err := k.Create(b.Context(), sinso.KeyID(fmt.Sprintf("person:p_%d", n))); err != nil {
			b.Fatal(err)
		}
	}
	n := 1000
	for b.Loop() {
		if err := k.Create(b.Context(), sinso.KeyID(fmt.Sprintf("person:p_%d", n))); err != nil {
			b.Fatal(err)
		}
		n++
	}
}

// BenchmarkWrapUnwrap is the cost of one content key.
func BenchmarkWrapUnwrap(b *testing.B) {
	k := newHome(b).create(b)
	if err := k.Create(b.Context(), "node"); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		w, err := k.Wrap(b.Context(), "node", sinso.CEK{1}, nil)
		if err == nil {
			_, err = k.Unwrap(b.Context(), w, nil)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
