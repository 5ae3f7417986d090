package file_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/keys/file"
)

// rotationEnv holds the rotation that this test binary does as a child, in JSON.
const rotationEnv = "SINSO_TEST_ROTATION"

// turn is one rotation in a process of its own.
type turn struct {
	Dir    string `json:"dir"`
	Key    string `json:"key"`    // the key file; "": none before
	From   string `json:"from"`   // the passphrase of before; "": the key file
	To     string `json:"to"`     // the passphrase of after; "": the key file
	KillAt int    `json:"killAt"` // the step before which it ends; 0: never
}

func TestMain(m *testing.M) {
	if text := os.Getenv(rotationEnv); text != "" {
		if err := rotate(text); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func rotate(text string) error {
	var r turn
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return err
	}
	k, err := file.Open(r.Dir, r.unlock(r.From), rand.Reader)
	if err != nil {
		return err
	}
	steps := 0
	return k.Rotate(context.Background(), r.unlock(r.To), func(name string) {
		if steps++; steps == r.KillAt {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // the signal is on its way
		}
		fmt.Println(name)
	})
}

func (r turn) unlock(passphrase string) file.Unlock {
	if passphrase == "" {
		return file.Unlock{KeyFile: r.Key}
	}
	return file.Unlock{Passphrase: func() ([]byte, error) { return []byte(passphrase), nil }}
}

// run does the rotation, and returns the steps that it began. killed: it did not come to
// its end.
func (r turn) run(t *testing.T) (steps []string, killed bool) {
	t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), rotationEnv+"="+string(text))
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err = cmd.Run()
	var exit *exec.ExitError
	killed = errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL
	if err != nil && !killed {
		t.Fatalf("rotation killed at %d: %v\n%s", r.KillAt, err, errOut.String())
	}
	return strings.Split(strings.TrimSpace(out.String()), "\n"), killed
}

// witness is what must not change: secrets, and wraps that open.
type witness struct {
	secrets map[string][32]byte
	wraps   []sinso.WrappedKey
}

var purposes = []string{"journal", "index", "names", "account", "sign", "identity"}

// bear makes a table with custodians, more persons than a page holds, and one destroyed.
func bear(t *testing.T, k *file.Keys) witness {
	t.Helper()
	w := witness{secrets: map[string][32]byte{}}
	ids := []sinso.KeyID{sinso.KeyNode, sinso.KeyInstitution, "person:p_gone"}
	for i := range 66 {
		ids = append(ids, sinso.KeyID(fmt.Sprintf("person:p_%d", i)))
	}
	for i, id := range ids {
		if err := k.Create(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if i > 4 && i < len(ids)-2 {
			continue // the others are there for their number
		}
		wrapped, err := k.Wrap(t.Context(), id, sinso.CEK{byte(i)}, info)
		if err != nil {
			t.Fatal(err)
		}
		w.wraps = append(w.wraps, wrapped)
		for _, purpose := range purposes {
			if w.secrets[string(id)+" "+purpose], err = k.Secret(t.Context(), id, purpose); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := k.Destroy(t.Context(), "person:p_gone"); err != nil {
		t.Fatal(err)
	}
	return w
}

var info = []byte("what for")

// holds checks that all is as it was.
func (w witness) holds(t *testing.T, k *file.Keys) {
	t.Helper()
	for name, want := range w.secrets {
		id, purpose, _ := strings.Cut(name, " ")
		got, err := k.Secret(t.Context(), sinso.KeyID(id), purpose)
		if id == "person:p_gone" {
			is(t, "secret of who was destroyed", err, sinso.ErrDenied)
		} else if err != nil || got != want {
			t.Errorf("secret %s: got another one or %v", name, err)
		}
	}
	for _, wrapped := range w.wraps {
		_, err := k.Unwrap(t.Context(), wrapped, info)
		if wrapped.To == "person:p_gone" {
			is(t, "unwrap of who was destroyed", err, sinso.ErrDenied)
		} else if err != nil {
			t.Errorf("unwrap of %s: %v", wrapped.To, err)
		}
	}
	if err := k.Create(t.Context(), "person:p_0"); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("create who is there: got %v", err)
	}
	is(t, "create who was destroyed", k.Create(t.Context(), "person:p_gone"), sinso.ErrDenied)
}

// rotations are the four ways from one root key to another.
func rotations(h home) map[string]turn {
	return map[string]turn{
		"file to file":             {Dir: h.dir, Key: h.key},
		"file to passphrase":       {Dir: h.dir, Key: h.key, To: "the passphrase after"},
		"passphrase to file":       {Dir: h.dir, Key: h.key, From: "the passphrase before"},
		"passphrase to passphrase": {Dir: h.dir, Key: h.key, From: "the passphrase before", To: "the passphrase after"},
	}
}

// TestRotationKeepsEverythingButTheRootKey rotates in each way: all that was derived and
// wrapped is as before, the old root key opens nothing, and no file of it is left.
func TestRotationKeepsEverythingButTheRootKey(t *testing.T) {
	t.Parallel()
	for name := range rotations(home{}) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			r := rotations(h)[name]
			k, err := file.Create(h.dir, r.unlock(r.From), rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			w := bear(t, k)
			old, err := k.Root()
			if err != nil {
				t.Fatal(err)
			}
			before := files(t, h.dir)
			write(t, filepath.Join(h.dir, ".page-000001.12345"), read(t, filepath.Join(h.dir, "page-000001")), 0o600) // a write that was cut off
			if err := k.Rotate(t.Context(), r.unlock(r.To), func(string) {}); err != nil {
				t.Fatal(err)
			}
			_, err = k.Secret(t.Context(), sinso.KeyNode, "journal")
			is(t, "the handle afterwards", err, sinso.ErrUnavailable)
			again, err := file.Open(h.dir, r.unlock(r.To), rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			w.holds(t, again)
			if root, err := again.Root(); err != nil || root == old {
				t.Errorf("the root key is the old one, or %v", err)
			}
			_, err = file.Open(h.dir, file.Unlock{Root: &old}, rand.Reader)
			is(t, "open with the old root key", err, sinso.ErrDenied)
			after := files(t, h.dir)
			for name, content := range before {
				if name != "lock" && (after[name] == "" || after[name] == content) {
					t.Errorf("%s is as before, or gone", name)
				}
			}
			if len(after) != len(before) {
				t.Errorf("got %d files, want %d", len(after), len(before))
			}
			if _, err := os.Lstat(h.key + ".next"); err == nil {
				t.Error("the next key file is left")
			}
		})
	}
}

func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{"lock": ""}
	for _, name := range names(t, dir) {
		found[name] = string(read(t, filepath.Join(dir, name)))
	}
	return found
}

// TestRotationKilledAtEveryStep ends a rotation by SIGKILL before each of its steps. The
// table then opens with the old root key or with the new one, up to the mark with the old
// and from then on with the new, and a rotation after it comes to its end.
func TestRotationKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	for name := range rotations(home{}) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if testing.Short() && name == "passphrase to passphrase" {
				t.Skip("left out by -short: its steps are those of the others, and each costs Argon2id four times")
			}
			model := newHome(t)
			of := rotations(model)[name]
			k, err := file.Create(model.dir, of.unlock(of.From), rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			w := bear(t, k)
			if err := k.Close(); err != nil {
				t.Fatal(err)
			}
			stride := 1
			if of.From+of.To != "" {
				stride = 3 // each passphrase costs a tenth of a second, several times
			}
			if testing.Short() {
				stride += 2 // on both sides of the mark still
			}
			marked := false
			for at := 1; ; at += stride {
				h := newHome(t)
				copyHome(t, model, h)
				r := rotations(h)[name]
				r.KillAt = at
				steps, killed := r.run(t)
				if !killed {
					if !marked || len(steps) < 10 {
						t.Errorf("killed at no step after the mark: %q", steps)
					}
					break
				}
				marked = marked || slices.Contains(steps, "mark")
				survives(t, r, w, fmt.Sprintf("killed at %d, after %s", at, steps[len(steps)-1]), marked)
			}
		})
	}
}

// survives opens what a rotation left that was killed, and rotates it.
func survives(t *testing.T, r turn, w witness, what string, marked bool) {
	t.Helper()
	kind, finished, err := file.Kind(r.Dir)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	opener := r.From
	if marked {
		opener = r.To
	}
	if wantKind := map[bool]string{true: file.KindKeyFile, false: file.KindPassphrase}[opener == ""]; kind != wantKind {
		t.Errorf("%s: got kind %s, want %s", what, kind, wantKind)
	}
	if finished && !marked {
		t.Errorf("%s: said that it was finished, before its mark", what)
	}
	if !bytes.Equal([]byte(r.From), []byte(r.To)) { // with one key file there is one way to open
		other := r.To
		if marked {
			other = r.From
		}
		if k, err := file.Open(r.Dir, r.unlock(other), rand.Reader); err == nil {
			t.Errorf("%s: the other key opens too", what)
			_ = k.Close()
		}
	}
	k, err := file.Open(r.Dir, r.unlock(opener), rand.Reader)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	w.holds(t, k)
	for _, name := range names(t, r.Dir) {
		if strings.HasSuffix(name, ".next") || name == "rotated" {
			t.Errorf("%s: %s is left", what, name)
		}
	}
	if marked {
		if err := k.Close(); err != nil {
			t.Fatal(err)
		}
		return
	}
	if err := k.Rotate(t.Context(), r.unlock(r.To), func(string) {}); err != nil {
		t.Fatalf("%s, and rotated again: %v", what, err)
	}
	again, err := file.Open(r.Dir, r.unlock(r.To), rand.Reader)
	if err != nil {
		t.Fatalf("%s, and rotated again: %v", what, err)
	}
	w.holds(t, again)
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
}

func copyHome(t *testing.T, from, to home) {
	t.Helper()
	if err := os.MkdirAll(to.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, content := range files(t, from.dir) {
		write(t, filepath.Join(to.dir, name), []byte(content), 0o600)
	}
	if _, err := os.Lstat(from.key); err == nil {
		write(t, to.key, read(t, from.key), 0o600)
	}
}

// TestRotationOverwritesNoOtherKey: a key file that is not the table's stays, and so does a
// file that is in the way and is no key file.
func TestRotationOverwritesNoOtherKey(t *testing.T) {
	t.Parallel()
	other := newHome(t)
	other.create(t)
	foreign := read(t, other.key)
	for name, at := range map[string]string{"another node's": "", "in the way": ".next"} {
		h := newHome(t)
		k := h.create(t)
		root, err := k.Root()
		if err != nil {
			t.Fatal(err)
		}
		content := foreign
		if at != "" {
			content = []byte("a letter")
		}
		write(t, h.key+at, content, 0o600)
		opened, err := file.Open(h.dir, file.Unlock{Root: &root}, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		is(t, name, opened.Rotate(t.Context(), h.unlock(), func(string) {}), sinso.ErrExists)
		if !bytes.Equal(read(t, h.key+at), content) {
			t.Errorf("%s: it was overwritten", name)
		}
		if _, err := file.Open(h.dir, file.Unlock{Root: &root}, rand.Reader); err != nil {
			t.Errorf("%s: the table does not open as before: %v", name, err)
		}
	}
}

// TestRotationOfADamagedTableIsRefused: nothing is changed, and the damage is named.
func TestRotationOfADamagedTableIsRefused(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	k := h.create(t)
	bear(t, k)
	path := filepath.Join(h.dir, "page-000002")
	page := read(t, path)
	page[len(page)/2] ^= 1
	write(t, path, page, 0o600)
	before := files(t, h.dir)
	err := k.Rotate(t.Context(), h.unlock(), func(string) {})
	is(t, "rotate", err, sinso.ErrCorrupt)
	if err != nil && !strings.Contains(err.Error(), "page-000002") {
		t.Errorf("got %v, want the page's name", err)
	}
	for name, content := range before {
		if name != "lock" && string(read(t, filepath.Join(h.dir, name))) != content {
			t.Errorf("%s was changed", name)
		}
	}
}

// TestFactsTellNoSecret checks what is told without the root key.
func TestFactsTellNoSecret(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	k := h.create(t)
	bear(t, k)
	root, err := k.Root()
	if err != nil {
		t.Fatal(err)
	}
	got, err := file.Look(h.dir)
	if err != nil {
		t.Fatal(err)
	}
	fingerprint, err := file.Fingerprint(root)
	if err != nil || len(fingerprint) != 16 {
		t.Errorf("fingerprint: got %q, %v, want 16 digits", fingerprint, err)
	}
	want := file.Facts{Kind: file.KindKeyFile, Fingerprint: fingerprint, Custodians: 2, Persons: 66, Destroyed: 1, Generation: 3}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	_, err = file.Look(newHome(t).dir)
	is(t, "of nothing", err, sinso.ErrNotFound)
}

// TestRootKeyOpensEitherKind opens a table by the root key itself, which its recovery phrase
// gives, and refuses another's.
func TestRootKeyOpensEitherKind(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]turn{"key file": {}, "passphrase": {From: "correct horse"}} {
		h := newHome(t)
		r.Key = h.key
		k, err := file.Create(h.dir, r.unlock(r.From), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		w := bear(t, k)
		root, err := k.Root()
		if err != nil {
			t.Fatal(err)
		}
		again, err := file.Open(h.dir, file.Unlock{Root: &root}, rand.Reader)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		w.holds(t, again)
		root[0] ^= 1
		_, err = file.Open(h.dir, file.Unlock{Root: &root}, rand.Reader)
		is(t, name+": another root key", err, sinso.ErrDenied)
		_, err = file.Open(h.dir, file.Unlock{Root: &root, KeyFile: h.key}, rand.Reader)
		is(t, name+": two", err, sinso.ErrInvalid)
	}
}

// TestWriteKeyFile makes the key file again, and overwrites none.
func TestWriteKeyFile(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	k := h.create(t)
	root, err := k.Root()
	if err != nil {
		t.Fatal(err)
	}
	kept := read(t, h.key)
	is(t, "where there is one", h.unlock().WriteKeyFile(h.dir, root), sinso.ErrExists)
	is(t, "in the node folder", file.Unlock{KeyFile: filepath.Join(h.dir, "x")}.WriteKeyFile(h.dir, root), sinso.ErrDenied)
	if err := os.Remove(h.key); err != nil {
		t.Fatal(err)
	}
	if err := h.unlock().WriteKeyFile(h.dir, root); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(read(t, h.key), kept) {
		t.Error("the key file is another one")
	}
}

// TestNewPassphraseIsNotShort: a short one opens a table that has it, and makes none.
func TestNewPassphraseIsNotShort(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	short := file.Unlock{Passphrase: func() ([]byte, error) { return []byte("elevenchars"), nil }}
	_, err := file.Create(h.dir, short, rand.Reader)
	is(t, "create", err, sinso.ErrInvalid)
	if _, err := os.Lstat(h.table()); err == nil {
		t.Error("there is a table")
	}
}

// TestPassphraseFileMustBeSafe checks where it lies and who may read it, and that the line's
// end does not count.
func TestPassphraseFileMustBeSafe(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.create(t)
	node := filepath.Dir(h.dir)
	path := filepath.Join(filepath.Dir(node), "phrase")
	write(t, path, []byte(" correct horse \r\n"), 0o600)
	if got, err := file.ReadPassphrase(node, path); err != nil || string(got) != " correct horse " {
		t.Errorf("got %q, %v", got, err)
	}
	write(t, path, []byte("correct horse"), 0o644)
	_, err := file.ReadPassphrase(node, path)
	is(t, "that others read", err, sinso.ErrDenied)
	inside := filepath.Join(node, "phrase")
	write(t, inside, []byte("correct horse"), 0o600)
	_, err = file.ReadPassphrase(node, inside)
	is(t, "in the node folder", err, sinso.ErrDenied)
	_, err = file.ReadPassphrase(node, path+"x")
	is(t, "missing", err, sinso.ErrDenied)
}
