// Package vectortest reads and writes the test vectors in testdata/vectors, which
// packages share and other implementations can run.
//
// A file is a list of vectors with an empty line between two. A vector is a list
// of lines "key: value"; the first two are its name and what to expect: success,
// or the class of the error. A key may stand more than once. Lines with # are
// comments. Bytes are in hexadecimal.
package vectortest

import (
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"sinso.dev/sinso"
)

// Success is what a vector expects that is no error class.
const Success = "success"

// Vector is one case.
type Vector struct {
	Name   string
	Expect string
	fields [][2]string
}

// New returns a vector with keys and values, one after the other.
func New(name, expect string, keysAndValues ...string) Vector {
	v := Vector{Name: name, Expect: expect}
	for i := 0; i+1 < len(keysAndValues); i += 2 {
		v.fields = append(v.fields, [2]string{keysAndValues[i], keysAndValues[i+1]})
	}
	return v
}

// With returns the vector with another name and expectation and one value
// replaced.
func (v Vector) With(name, expect, key, value string) Vector {
	changed := Vector{Name: name, Expect: expect}
	for _, field := range v.fields {
		if field[0] == key {
			field[1] = value
		}
		changed.fields = append(changed.fields, field)
	}
	return changed
}

// Path returns where the vectors of this name are, looking for the module's root
// upwards from the test's folder.
func Path(tb testing.TB, name string) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, "testdata", "vectors", name+".txt")
		}
	}
	tb.Fatal("no go.mod above the test's folder")
	return ""
}

// Read returns the vectors of a file. None, or one without name or expectation,
// fails the test.
func Read(tb testing.TB, name string) []Vector {
	tb.Helper()
	text, err := os.ReadFile(Path(tb, name))
	if err != nil {
		tb.Fatal(err)
	}
	var vectors []Vector
	for part := range strings.SplitSeq(string(text), "\n\n") {
		var v Vector
		for line := range strings.Lines(part) {
			line = strings.TrimSuffix(line, "\n")
			if line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			key, value, ok := strings.Cut(line, ":")
			if !ok {
				tb.Fatalf("%s: line %q: want key: value", name, line)
			}
			v.set(key, strings.TrimSpace(value))
		}
		if v.Name == "" && v.Expect == "" && v.fields == nil {
			continue
		}
		if v.Name == "" || v.Expect == "" {
			tb.Fatalf("%s: vector %q lacks its name or what to expect", name, v.Name)
		}
		vectors = append(vectors, v)
	}
	if len(vectors) == 0 {
		tb.Fatalf("%s: no vectors", name)
	}
	return vectors
}

func (v *Vector) set(key, value string) {
	switch key {
	case "name":
		v.Name = value
	case "expect":
		v.Expect = value
	default:
		v.fields = append(v.fields, [2]string{key, value})
	}
}

// Golden compares the file with made vectors and returns them; update writes the
// file instead.
func Golden(tb testing.TB, update bool, name, comment string, made []Vector) []Vector {
	tb.Helper()
	var text strings.Builder
	for line := range strings.Lines(comment) {
		text.WriteString("# " + strings.TrimSuffix(line, "\n") + "\n")
	}
	for _, v := range made {
		text.WriteString("\nname: " + v.Name + "\nexpect: " + v.Expect + "\n")
		for _, field := range v.fields {
			text.WriteString(strings.TrimSuffix(field[0]+": "+field[1], " ") + "\n")
		}
	}
	path := Path(tb, name)
	if update {
		if err := os.WriteFile(path, []byte(text.String()), 0o644); err != nil { //nolint:gosec // test data, for all to read
			tb.Fatal(err)
		}
	}
	stored, err := os.ReadFile(path) //nolint:gosec // a path that a test names
	if err != nil {
		tb.Fatal(err)
	}
	if string(stored) != text.String() {
		tb.Fatalf("%s is not what this version makes; if the change is meant, run the test with -update", name)
	}
	return Read(tb, name)
}

// Text returns the value of a key, which must be there.
func (v Vector) Text(tb testing.TB, key string) string {
	tb.Helper()
	for _, field := range v.fields {
		if field[0] == key {
			return field[1]
		}
	}
	tb.Fatalf("vector %q has no %s", v.Name, key)
	return ""
}

// All returns every value of a key, in order.
func (v Vector) All(key string) []string {
	var values []string
	for _, field := range v.fields {
		if field[0] == key {
			values = append(values, field[1])
		}
	}
	return values
}

// Bytes returns the bytes of a key.
func (v Vector) Bytes(tb testing.TB, key string) []byte {
	tb.Helper()
	b, err := hex.DecodeString(v.Text(tb, key))
	if err != nil {
		tb.Fatalf("vector %q: %s: %v", v.Name, key, err)
	}
	return b
}

// Word returns the 32 bytes of a key.
func (v Vector) Word(tb testing.TB, key string) [32]byte {
	tb.Helper()
	b := v.Bytes(tb, key)
	if len(b) != 32 {
		tb.Fatalf("vector %q: %s has %d bytes, want 32", v.Name, key, len(b))
	}
	return [32]byte(b)
}

// Int returns the whole number of a key.
func (v Vector) Int(tb testing.TB, key string) int64 {
	tb.Helper()
	n, err := strconv.ParseInt(v.Text(tb, key), 10, 64)
	if err != nil {
		tb.Fatalf("vector %q: %s: %v", v.Name, key, err)
	}
	return n
}

// Judge fails the test unless err is what the vector expects, and reports whether
// that was success.
func (v Vector) Judge(tb testing.TB, err error) bool {
	tb.Helper()
	if v.Expect == Success {
		if err != nil {
			tb.Fatalf("vector %q: got %v, want success", v.Name, err)
		}
		return true
	}
	class := map[string]error{
		"invalid": sinso.ErrInvalid, "not found": sinso.ErrNotFound, "corrupt": sinso.ErrCorrupt,
		"denied": sinso.ErrDenied, "unsupported": sinso.ErrUnsupported,
	}[v.Expect]
	if class == nil {
		tb.Fatalf("vector %q: expects %q, which is no class", v.Name, v.Expect)
	}
	if !errors.Is(err, class) {
		tb.Fatalf("vector %q: got %v, want %s", v.Name, err, v.Expect)
	}
	return false
}
