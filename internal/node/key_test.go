package node

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/bip39"
)

// keyHome makes a node without a chain, whose key file is beside it.
func keyHome(t *testing.T) (Config, Made) {
	t.Helper()
	cfg, err := Config{Data: filepath.Join(t.TempDir(), "node"), Chain: "none", ChainListen: "none", DIMSEListen: "none"}.Load(func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	made, err := Make(t.Context(), cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	return cfg, made
}

// account opens a node and returns the account that it derives.
func account(t *testing.T, cfg Config) sinso.Address {
	t.Helper()
	n, err := Open(t.Context(), cfg, Options{})
	if err != nil {
		t.Fatal(err)
	}
	status, err := n.Status(t.Context())
	if err := errors.Join(err, n.Close()); err != nil {
		t.Fatal(err)
	}
	return status.Account
}

func nothing(string) {}

// TestRotationOfARunningNodeIsRefused: it is told at once, before anything is asked, and
// nothing is changed.
func TestRotationOfARunningNodeIsRefused(t *testing.T) {
	t.Parallel()
	cfg, made := keyHome(t)
	n, err := Open(t.Context(), cfg, Options{})
	if err != nil {
		t.Fatal(err)
	}
	asked := func() ([]byte, error) {
		t.Error("asked for a passphrase")
		return nil, sinso.ErrInvalid
	}
	if _, err := RotateKey(t.Context(), cfg, KindPassphrase, asked, asked, nothing); !errors.Is(err, sinso.ErrBusy) {
		t.Errorf("got %v, want busy", err)
	}
	facts, err := ShowKey(cfg) // works beside it, and so does the phrase
	if err != nil || facts.Fingerprint != made.Fingerprint || facts.KeyFileState != "fits" {
		t.Errorf("got %+v, %v, want the key of before", facts, err)
	}
	if key, err := ExportPhrase(cfg, nil); err != nil || key.Words[0] != made.Phrase {
		t.Errorf("the phrase of a running node: %v, or another one", err)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
}

// stopAt ends a rotation at a step, as a crash does: nothing is tidied up.
func stopAt(t *testing.T, cfg Config, name, kind string, ask, askNew Ask) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Fatalf("there was no step %q", name)
		}
	}()
	_, err := RotateKey(t.Context(), cfg, kind, ask, askNew, func(step string) {
		if step == name {
			panic(name)
		}
	})
	t.Errorf("the rotation ended with %v", err)
}

// TestRotationThatWasCutOffIsFinishedByTheNext: after the mark the next one finishes it and
// begins none; before it, the next one begins anew.
func TestRotationThatWasCutOffIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	for step, finished := range map[string]bool{"write table": false, "mark": false, "rename table.next": true, "remove the mark": true, "key file": true} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			cfg, made := keyHome(t)
			was := account(t, cfg)
			stopAt(t, cfg, step, "", nil, nil)
			done, err := RotateKey(t.Context(), cfg, "", nil, nil, nothing)
			if err != nil {
				t.Fatal(err)
			}
			if done.Finished != finished || done.Fingerprint == made.Fingerprint || (done.Before == made.Fingerprint) == finished {
				t.Errorf("got %+v, want finished %t", done, finished)
			}
			key, err := bip39.Decode(done.Phrase)
			if err != nil || done.Phrase == made.Phrase {
				t.Errorf("the phrase is the one of before, or %v", err)
			}
			if _, err := RecoverKey(t.Context(), cfg, key, "", nil); err != nil {
				t.Errorf("its phrase does not fit: %v", err)
			}
			if got := account(t, cfg); got != was {
				t.Errorf("the account is another one: got %s, want %s", got, was)
			}
			if _, err := os.Lstat(cfg.KeyFile + ".next"); err == nil {
				t.Error("a key file is left")
			}
		})
	}
}

// TestTheSameCommandFinishesAPassphrase: the new passphrase of a rotation that was cut off
// opens the node, and the command that gave it finishes it.
func TestTheSameCommandFinishesAPassphrase(t *testing.T) {
	t.Parallel()
	says := func(phrase string) Ask { return func() ([]byte, error) { return []byte(phrase), nil } }
	const first, second = "correct horse battery", "another horse battery"
	cfg, made := keyHome(t)
	stopAt(t, cfg, "rename table.next", KindPassphrase, nil, says(first))
	done, err := RotateKey(t.Context(), cfg, KindPassphrase, nil, says(first), nothing)
	if err != nil || !done.Finished || done.Kind != KindPassphrase || done.Fingerprint == made.Fingerprint {
		t.Fatalf("from the key file: got %+v, %v", done, err)
	}
	stopAt(t, cfg, "rename table.next", "", says(first), says(second))
	again, err := RotateKey(t.Context(), cfg, "", says(first), says(second), nothing)
	if err != nil || !again.Finished || again.Fingerprint == done.Fingerprint {
		t.Errorf("from a passphrase: got %+v, %v", again, err)
	}
	if _, _, err := openRoot(cfg, says(first)); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("the passphrase of before: got %v, want denied", err)
	}
}

// TestRotationFollowsALink: the key file that a link leads to is replaced, and the link stays.
func TestRotationFollowsALink(t *testing.T) {
	t.Parallel()
	cfg, _ := keyHome(t)
	vault := filepath.Join(t.TempDir(), "vault")
	if err := errors.Join(os.Rename(cfg.KeyFile, vault), os.Symlink(vault, cfg.KeyFile)); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(vault)
	if err != nil {
		t.Fatal(err)
	}
	stopAt(t, cfg, "key file", "", nil, nil)
	if done, err := RotateKey(t.Context(), cfg, "", nil, nil, nothing); err != nil || !done.Finished {
		t.Errorf("got %+v, %v, want finished", done, err)
	}
	after, err := os.ReadFile(vault)
	if err != nil || string(after) == string(before) {
		t.Errorf("what the link leads to is as before, or %v", err)
	}
	if to, err := os.Readlink(cfg.KeyFile); err != nil || to != vault {
		t.Errorf("the link leads to %q, %v", to, err)
	}
}

// TestStateOfTheKeyFileIsTold puts other files in its place.
func TestStateOfTheKeyFileIsTold(t *testing.T) {
	t.Parallel()
	cfg, _ := keyHome(t)
	other, _ := keyHome(t)
	put := func(from string, mode os.FileMode) {
		t.Helper()
		content, err := os.ReadFile(from)
		if err == nil {
			err = errors.Join(os.WriteFile(cfg.KeyFile, content, 0o600), os.Chmod(cfg.KeyFile, mode))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	kept := filepath.Join(t.TempDir(), "kept")
	if err := os.Rename(cfg.KeyFile, kept); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(){
		"missing": func() { _ = os.Remove(cfg.KeyFile) },
		"fits":    func() { put(kept, 0o600) },
		"unsafe":  func() { put(kept, 0o644) },
		"other":   func() { put(other.KeyFile, 0o600) },
		"damaged": func() { put(filepath.Join(cfg.Data, "keys", "table"), 0o600) },
	} {
		change()
		facts, err := ShowKey(cfg)
		if err != nil || facts.KeyFileState != want || (facts.KeyFileMade == nil) != (want == "missing") {
			t.Errorf("got %q, %v, want %q", facts.KeyFileState, err, want)
		}
	}
}

// TestWordsAreReadInEveryForm: in one line or several, one a line, with lines that do not
// count; mixed up they are refused.
func TestWordsAreReadInEveryForm(t *testing.T) {
	t.Parallel()
	cfg, made := keyHome(t)
	shares, err := ExportShares(cfg, nil, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	want, err := bip39.Decode(made.Phrase)
	if err != nil {
		t.Fatal(err)
	}
	split := strings.Replace(made.Phrase, " ", "\n", 11)
	for name, texts := range map[string][]string{
		"a line":            {made.Phrase},
		"several lines":     {"# of the clinic\n\n" + split + "\n"},
		"two shares":        {shares.Words[2] + "\n" + shares.Words[0] + "\n"},
		"two texts":         {shares.Words[1], "# second\r\n" + strings.Replace(shares.Words[0], " ", "\n", 5)},
		"more than needed":  {strings.Join(shares.Words, "\n")},
		"one of them twice": {shares.Words[1], shares.Words[1] + "\n" + shares.Words[0]},
	} {
		w := &KeyWords{}
		for _, text := range texts {
			if err := w.Add(text); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if root, err := w.Root(); err != nil || root != want || w.Missing() != 0 {
			t.Errorf("%s: got another key, %v, or %d missing", name, err, w.Missing())
		}
	}
	for name, text := range map[string]string{
		"nothing":          "# nothing\n",
		"a word too few":   strings.Join(strings.Fields(made.Phrase)[1:], " "),
		"phrase and share": made.Phrase + "\n" + shares.Words[0],
		"two phrases":      made.Phrase + "\n" + made.Phrase,
		"too long":         strings.Repeat(" ", MaxKeyWords+1),
		"too many":         strings.Repeat(shares.Words[0]+"\n", maxShares+1),
	} {
		w := &KeyWords{}
		err := w.Add(text)
		if err == nil {
			_, err = w.Root()
		}
		if !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: got %v, want invalid", name, err)
		}
	}
}
