package way

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/meta/sqlite"
)

// eventTypes reads the types that the root package declares.
func eventTypes(t *testing.T) []sinso.EventType {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../event.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var types []sinso.EventType
	ast.Inspect(file, func(n ast.Node) bool {
		spec, is := n.(*ast.ValueSpec)
		if !is {
			return true
		}
		if name, is := spec.Type.(*ast.Ident); is && name.Name == "EventType" {
			text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			types = append(types, sinso.EventType(text))
		}
		return true
	})
	return types
}

// project runs one event on a fresh index.
func projected(t *testing.T, event sinso.Event) (cursor uint64, err error) {
	t.Helper()
	index, err := sqlite.Open(t.Context(), sqlite.Config{Path: filepath.Join(t.TempDir(), "index"), Key: [32]byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	defer index.Close() //nolint:errcheck // it is a test's
	err = index.Tx(t.Context(), func(tx sinso.MetaTx) error { return project(tx, event) })
	if viewErr := index.View(t.Context(), func(tx sinso.MetaTx) (err error) {
		cursor, err = tx.Cursor()
		return err
	}); viewErr != nil {
		t.Fatal(viewErr)
	}
	return cursor, err
}

// TestEveryEventHasAProjection wants each type that is declared to be known, one with
// another body to be refused without a trace, and nothing else to be known.
func TestEveryEventHasAProjection(t *testing.T) {
	t.Parallel()
	types := eventTypes(t)
	if len(types) != len(projections) {
		t.Errorf("%d types are declared, %d are known", len(types), len(projections))
	}
	for _, kind := range types {
		cursor, err := projected(t, sinso.Event{Type: kind, Body: []byte(`"another body"`)})
		if !errors.Is(err, sinso.ErrCorrupt) || cursor != 0 {
			t.Errorf("%s: cursor %d, %v; want ErrCorrupt and nothing done", kind, cursor, err)
		}
	}
}

// TestUnknownEventIsUnsupported is a log of a later version.
func TestUnknownEventIsUnsupported(t *testing.T) {
	t.Parallel()
	cursor, err := projected(t, sinso.Event{Seq: 4, Type: "of-tomorrow", Body: []byte("{}")})
	if !errors.Is(err, sinso.ErrUnsupported) || cursor != 0 {
		t.Errorf("cursor %d, %v; want ErrUnsupported and nothing done", cursor, err)
	}
}

// TestTurnIsOnes lets many wait for one turn: one at a time has it, and who gives up
// waiting is told so.
func TestTurnIsOnes(t *testing.T) {
	t.Parallel()
	all := turns{taken: map[sinso.Hash]chan struct{}{}}
	end, err := all.take(t.Context(), sinso.Hash{1})
	if err != nil {
		t.Fatal(err)
	}
	if other, running := all.try(sinso.Hash{2}); running != nil {
		t.Error("another order has to wait")
	} else {
		other()
	}
	if _, running := all.try(sinso.Hash{1}); running == nil {
		t.Error("two have one turn")
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := all.take(gone, sinso.Hash{1}); !errors.Is(err, context.Canceled) {
		t.Errorf("waited for: %v", err)
	}
	const many = 50
	inside, done := 0, make(chan struct{})
	for range many {
		go func() {
			defer func() { done <- struct{}{} }()
			end, err := all.take(t.Context(), sinso.Hash{1})
			if err != nil {
				t.Error(err)
				return
			}
			inside++ // the race detector tells of two
			end()
		}()
	}
	end()
	for range many {
		<-done
	}
	if inside != many || len(all.taken) != 0 {
		t.Errorf("%d had the turn, %d have it still", inside, len(all.taken))
	}
}

// TestRoleIsAWord wants no text of a stranger to pass for a role.
func TestRoleIsAWord(t *testing.T) {
	t.Parallel()
	for role, no := range map[string]bool{
		"patient": false, "research-nurse": false, "": true, "Doctor": true, "a b": true, "d\x1b[2J": true, "d\u202e": true,
		"abcdefghijklmnopqrstuvwxyzabcdefg": true,
	} {
		if isNoRole(role) != no {
			t.Errorf("%q: got %t", role, !no)
		}
	}
}

// TestInstanceWithoutFingerprintIsUnsupported: such a log cannot tell its objects
// apart, and is not half read.
func TestInstanceWithoutFingerprintIsUnsupported(t *testing.T) {
	t.Parallel()
	body := []byte(`{"study":{"id":"s_1"},"series":{"id":"e_1"},"instance":{"id":"i_1","sha256":"00"}}`)
	cursor, err := projected(t, sinso.Event{Type: sinso.EventInstanceSealed, Body: body})
	if !errors.Is(err, sinso.ErrUnsupported) || cursor != 0 {
		t.Errorf("got error %v, the index at %d", err, cursor)
	}
}
