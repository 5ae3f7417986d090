package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/node"
)

// asProgram makes the test's binary the program itself. Its name does not begin
// with SINSO_: the demo hands such variables to nobody.
const asProgram = "RUN_AS_SINSO"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// TestScripts types the commands that a person types: what they print, and how
// they end. A line of a script is one of
//
//	exits CODE PROGRAM ARG…   run it; it must end with CODE
//	stdout REGEXP             of the last run, by lines; likewise stderr
//	grep REGEXP FILE
//	jsonkeys KEY…             stdout is one JSON object with exactly these keys
//	exists FILE…
//	mv OLD NEW, chmod MODE FILE, env NAME=VALUE
//
// with ! before stdout, stderr, grep and exists for their contrary, and single
// quotes around what has spaces. Files follow, each below a line "-- NAME --".
func TestScripts(t *testing.T) {
	t.Parallel()
	scripts, err := filepath.Glob(filepath.Join("testdata", "script", "*.txtar"))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("got %d scripts, err %v, want some", len(scripts), err)
	}
	bin := programDir(t)
	for _, path := range scripts {
		name := strings.TrimSuffix(filepath.Base(path), ".txtar")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if testing.Short() && name == "deid" {
				t.Skip("left out by -short: needs half a minute under the race detector, where internal/node/deidrun is tested too")
			}
			s := newScript(t, bin)
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for i, line := range s.unpack(string(text)) {
				if err := s.line(line); err != nil {
					t.Fatalf("%s:%d: %s: %v\nstdout:\n%s\nstderr:\n%s", path, i+1, line, err, s.stdout, s.stderr)
				}
			}
		})
	}
}

// programDir returns a folder in which the test's binary is called sinso.
func programDir(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(self, filepath.Join(dir, "sinso")); err != nil {
		t.Fatal(err)
	}
	return dir
}

type script struct {
	t              *testing.T
	dir, bin       string
	env            []string
	stdout, stderr string
}

// newScript begins in a folder with a chest of three slices, without a chain: the
// demo's test has one.
func newScript(t *testing.T, bin string) *script {
	t.Helper()
	s := &script{t: t, dir: t.TempDir(), bin: bin}
	s.env = []string{
		"PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH"), asProgram + "=1", "SINSO_CHAIN=none", "TMPDIR=" + s.dir,
	}
	if err := os.Mkdir(s.path("chest"), 0o700); err != nil {
		t.Fatal(err)
	}
	const slices = 3
	err := node.DrawPhantom(slices, func(name string, part10 []byte) error {
		return os.WriteFile(s.path("chest/"+filepath.Base(name)), part10, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *script) path(name string) string { return filepath.Join(s.dir, filepath.FromSlash(name)) }

// unpack writes a script's files and returns its lines.
func (s *script) unpack(text string) (lines []string) {
	name := regexp.MustCompile(`(?m)^-- (\S+) --\n`)
	files := name.FindAllStringSubmatchIndex(text, -1)
	end := len(text)
	for _, at := range slices.Backward(files) {
		path := s.path(text[at[2]:at[3]])
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			s.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text[at[1]:end]), 0o600); err != nil {
			s.t.Fatal(err)
		}
		end = at[0]
	}
	return strings.Split(text[:end], "\n")
}

var word = regexp.MustCompile(`'[^']*'|\S+`)

func (s *script) line(line string) error {
	words := word.FindAllString(line, -1)
	if len(words) == 0 || strings.HasPrefix(words[0], "#") {
		return nil
	}
	for i := range words {
		words[i] = strings.Trim(words[i], "'")
	}
	want := words[0] != "!"
	if !want {
		words = words[1:]
	}
	args := words[1:]
	switch words[0] {
	case "exits":
		return s.exits(args)
	case "stdout":
		return match(s.stdout, args[0], want)
	case "stderr":
		return match(s.stderr, args[0], want)
	case "grep":
		text, err := os.ReadFile(s.path(args[1]))
		return errors.Join(err, match(string(text), args[0], want))
	case "jsonkeys":
		var object map[string]json.RawMessage
		return errors.Join(json.Unmarshal([]byte(s.stdout), &object), sameKeys(object, args))
	case "exists":
		return s.exists(args, want)
	case "mv":
		return os.Rename(s.path(args[0]), s.path(args[1]))
	case "chmod":
		mode, err := strconv.ParseUint(args[0], 8, 32)
		return errors.Join(err, os.Chmod(s.path(args[1]), os.FileMode(mode)))
	case "env":
		s.env = append(s.env, args[0])
		return nil
	}
	return fmt.Errorf("there is no command %q", words[0])
}

func (s *script) exits(args []string) error {
	want, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	program := args[1]
	if program == "sinso" {
		program = filepath.Join(s.bin, "sinso")
	}
	cmd := exec.CommandContext(s.t.Context(), program, args[2:]...)
	var out, errOut bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = s.dir, s.env, &out, &errOut
	err = cmd.Run()
	s.stdout, s.stderr = out.String(), errOut.String()
	if err != nil && !errors.As(err, new(*exec.ExitError)) {
		return err
	}
	if got := cmd.ProcessState.ExitCode(); got != want {
		return fmt.Errorf("got exit %d, want %d", got, want)
	}
	return nil
}

func (s *script) exists(names []string, want bool) error {
	for _, name := range names {
		if _, err := os.Lstat(s.path(name)); (err == nil) != want {
			return fmt.Errorf("%s: got it there: %t, want %t", name, err == nil, want)
		}
	}
	return nil
}

func match(text, pattern string, want bool) error {
	found, err := regexp.MatchString("(?m)"+pattern, text)
	if err == nil && found != want {
		return fmt.Errorf("got a match: %t, want %t", found, want)
	}
	return err
}

func sameKeys[V any](object map[string]V, want []string) error {
	got := slices.Sorted(maps.Keys(object))
	if want = slices.Sorted(slices.Values(want)); !slices.Equal(got, want) {
		return fmt.Errorf("got keys %v, want %v", got, want)
	}
	return nil
}
