// Package keytest is the conformance suite of port [sinso.Keys]: every adapter
// runs it, and a new promise of the port is added here.
package keytest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"sinso.dev/sinso"
)

// Table is the port and what a node needs besides it.
type Table interface {
	sinso.Keys
	Close() error
	// Locked reports whether the root key is missing.
	Locked() bool
	// Tombstones returns who was destroyed.
	Tombstones() []sinso.KeyID
	// Replay destroys again whoever was destroyed.
	Replay(ctx context.Context, tombstones []sinso.KeyID) error
}

// Store is where one test's keys are kept: empty at first.
type Store interface {
	// Open opens the keys, with the root key or without.
	Open(t *testing.T, unlocked bool) Table
	// Save copies what is stored; the function it returns puts it back.
	Save(t *testing.T) (restore func())
}

// Test runs the suite.
func Test(t *testing.T, fresh func(t *testing.T) Store) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, Store){
		"CreateMakesAKey":                  testCreate,
		"UnwrapGivesWhatWasWrapped":        testWrap,
		"UnwrapOfAnythingElseIsCorrupt":    testUnwrapOther,
		"SecretIsTheSameForEver":           testSecret,
		"LockedNodeWrapsAndOpensNothing":   testLocked,
		"DestroyedIsGone":                  testDestroyed,
		"DestroyOfNobodyIsNotFound":        testDestroyNobody,
		"RestoredTableStaysDestroyed":      testRestored,
		"RestoreUnderAnOpenTable":          testRestoredUnder,
		"ReplayOfTheUnknown":               testReplayUnknown,
		"TwoHandlesLoseNothing":            testTwoHandles,
		"ConcurrentCalls":                  testConcurrent,
		"CancelledCallsEnd":                testCancelled,
		"BadNamesAreInvalid":               testBadNames,
		"ClosedIsUnavailable":              testClosed,
		"NoKeyInMessages":                  testQuiet,
		"ManyCustodians":                   testMany,
		"CustodianNodeIsLikeTheOthers":     testNode,
		"CreateOfTheDestroyedStaysRefused": testNeverAgain,
		"RecordsAreCustodians":             testRecords,
	} {
		t.Run(name, func(t *testing.T) { test(t, fresh(t)) })
	}
}

const (
	alice = sinso.KeyID("person:p_alice")
	bob   = sinso.KeyID("person:p_bob")
)

var (
	cek  = sinso.CEK{1, 2, 3, 31: 32}
	info = []byte("what it is for")
)

func is(t *testing.T, what string, err, class error) {
	t.Helper()
	if !errors.Is(err, class) {
		t.Errorf("%s: got error %v, want %v", what, err, class)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// with opens the store for the length of do.
func with(t *testing.T, s Store, unlocked bool, do func(Table)) {
	t.Helper()
	k := s.Open(t, unlocked)
	do(k)
	must(t, k.Close())
}

func testCreate(t *testing.T, s Store) {
	with(t, s, true, func(k Table) {
		if has, err := k.Has(t.Context(), alice); err != nil || has {
			t.Errorf("has before create: got %t, %v", has, err)
		}
		must(t, k.Create(t.Context(), alice))
		is(t, "create twice", k.Create(t.Context(), alice), sinso.ErrExists)
	})
	for _, unlocked := range []bool{true, false} {
		with(t, s, unlocked, func(k Table) {
			if has, err := k.Has(t.Context(), alice); err != nil || !has {
				t.Errorf("has: got %t, %v", has, err)
			}
			if has, err := k.Has(t.Context(), bob); err != nil || has {
				t.Errorf("has of another: got %t, %v", has, err)
			}
			if k.Locked() == unlocked {
				t.Errorf("locked: got %t, want %t", k.Locked(), !unlocked)
			}
		})
	}
}

func testWrap(t *testing.T, s Store) {
	var first, second sinso.WrappedKey
	with(t, s, true, func(k Table) {
		must(t, k.Create(t.Context(), alice))
		var err error
		first, err = k.Wrap(t.Context(), alice, cek, info)
		must(t, err)
		second, err = k.Wrap(t.Context(), alice, cek, info)
		must(t, err)
		_, err = k.Wrap(t.Context(), bob, cek, info)
		is(t, "wrap to nobody", err, sinso.ErrNotFound)
	})
	if bytes.Equal(first.Wrapped, second.Wrapped) {
		t.Error("two wraps of one key are the same bytes")
	}
	if first.To != alice || bytes.Contains(first.Wrapped, cek[:8]) {
		t.Errorf("wrapped key: to %s, want %s, and nothing of the key", first.To, alice)
	}
	with(t, s, true, func(k Table) {
		for _, w := range []sinso.WrappedKey{first, second} {
			if got, err := k.Unwrap(t.Context(), w, info); err != nil || got != cek {
				t.Errorf("unwrap: got another key or %v", err)
			}
		}
	})
}

func testUnwrapOther(t *testing.T, s Store) {
	with(t, s, true, func(k Table) {
		must(t, k.Create(t.Context(), alice))
		must(t, k.Create(t.Context(), bob))
		w, err := k.Wrap(t.Context(), alice, cek, info)
		must(t, err)
		_, err = k.Unwrap(t.Context(), w, []byte("another use"))
		is(t, "other info", err, sinso.ErrCorrupt)
		_, err = k.Unwrap(t.Context(), sinso.WrappedKey{To: bob, Wrapped: w.Wrapped}, info)
		is(t, "other custodian", err, sinso.ErrCorrupt)
		_, err = k.Unwrap(t.Context(), sinso.WrappedKey{To: "person:p_carol", Wrapped: w.Wrapped}, info)
		is(t, "custodian that never was", err, sinso.ErrNotFound)
		for _, n := range []int{0, 1, len(w.Wrapped) / 2, len(w.Wrapped) - 1} {
			_, err = k.Unwrap(t.Context(), sinso.WrappedKey{To: alice, Wrapped: w.Wrapped[:n]}, info)
			is(t, fmt.Sprint("cut to ", n), err, sinso.ErrCorrupt)
		}
		for at := 0; at < len(w.Wrapped); at += 13 {
			flipped := bytes.Clone(w.Wrapped)
			flipped[at] ^= 1
			_, err = k.Unwrap(t.Context(), sinso.WrappedKey{To: alice, Wrapped: flipped}, info)
			is(t, fmt.Sprint("byte ", at, " flipped"), err, sinso.ErrCorrupt)
		}
	})
}

func testSecret(t *testing.T, s Store) {
	want := map[string][32]byte{}
	for range 2 {
		with(t, s, true, func(k Table) {
			for _, id := range []sinso.KeyID{alice, bob} {
				if err := k.Create(t.Context(), id); !errors.Is(err, sinso.ErrExists) {
					must(t, err)
				}
				for _, purpose := range []string{"a", "b"} {
					got, err := k.Secret(t.Context(), id, purpose)
					must(t, err)
					name := string(id) + purpose
					if before, ok := want[name]; ok && before != got {
						t.Errorf("%s: the secret changed", name)
					}
					want[name] = got
				}
			}
			_, err := k.Secret(t.Context(), "person:p_carol", "a")
			is(t, "secret of nobody", err, sinso.ErrNotFound)
			_, err = k.Secret(t.Context(), alice, "")
			is(t, "secret without purpose", err, sinso.ErrInvalid)
		})
	}
	distinct := map[[32]byte]bool{}
	for _, secret := range want {
		distinct[secret] = true
	}
	if len(distinct) != 4 || distinct[[32]byte{}] {
		t.Errorf("secrets: got %d different, want 4", len(distinct))
	}
}

func testLocked(t *testing.T, s Store) {
	with(t, s, true, func(k Table) { must(t, k.Create(t.Context(), alice)) })
	var w sinso.WrappedKey
	with(t, s, false, func(k Table) {
		var err error
		w, err = k.Wrap(t.Context(), alice, cek, info)
		must(t, err)
		_, err = k.Unwrap(t.Context(), w, info)
		is(t, "unwrap", err, sinso.ErrDenied)
		_, err = k.Secret(t.Context(), alice, "a")
		is(t, "secret", err, sinso.ErrDenied)
		is(t, "create", k.Create(t.Context(), bob), sinso.ErrDenied)
		is(t, "destroy", k.Destroy(t.Context(), alice), sinso.ErrDenied)
	})
	with(t, s, true, func(k Table) {
		if got, err := k.Unwrap(t.Context(), w, info); err != nil || got != cek {
			t.Errorf("unwrap what the locked node wrapped: got another key or %v", err)
		}
	})
}

// destroyed checks that nothing of id works.
func destroyed(t *testing.T, k Table, w sinso.WrappedKey) {
	t.Helper()
	if has, err := k.Has(t.Context(), w.To); err != nil || has {
		t.Errorf("has: got %t, %v", has, err)
	}
	_, err := k.Unwrap(t.Context(), w, info)
	is(t, "unwrap", err, sinso.ErrDenied)
	_, err = k.Wrap(t.Context(), w.To, cek, info)
	is(t, "wrap", err, sinso.ErrDenied)
	_, err = k.Secret(t.Context(), w.To, "a")
	is(t, "secret", err, sinso.ErrDenied)
	is(t, "create", k.Create(t.Context(), w.To), sinso.ErrDenied)
}

// made makes alice and bob and wraps a key to alice.
func made(t *testing.T, k Table) sinso.WrappedKey {
	t.Helper()
	must(t, k.Create(t.Context(), alice))
	must(t, k.Create(t.Context(), bob))
	w, err := k.Wrap(t.Context(), alice, cek, info)
	must(t, err)
	_, err = k.Unwrap(t.Context(), w, info) // so that it is in memory
	must(t, err)
	return w
}

func testDestroyed(t *testing.T, s Store) {
	var w, other sinso.WrappedKey
	with(t, s, true, func(k Table) {
		w = made(t, k)
		var err error
		other, err = k.Wrap(t.Context(), bob, cek, info)
		must(t, err)
		must(t, k.Destroy(t.Context(), alice))
		destroyed(t, k, w)
		must(t, k.Destroy(t.Context(), alice))
	})
	with(t, s, true, func(k Table) {
		destroyed(t, k, w)
		if got := k.Tombstones(); len(got) != 1 || got[0] != alice {
			t.Errorf("tombstones: got %v, want %s", got, alice)
		}
		if got, err := k.Unwrap(t.Context(), other, info); err != nil || got != cek {
			t.Errorf("the other custodian's: got another key or %v", err)
		}
	})
}

func testDestroyNobody(t *testing.T, s Store) {
	with(t, s, true, func(k Table) {
		is(t, "destroy", k.Destroy(t.Context(), alice), sinso.ErrNotFound)
		must(t, k.Create(t.Context(), alice))
	})
}

func testRestored(t *testing.T, s Store) {
	var w sinso.WrappedKey
	var tombstones []sinso.KeyID
	with(t, s, true, func(k Table) { w = made(t, k) })
	restore := s.Save(t)
	with(t, s, true, func(k Table) {
		must(t, k.Destroy(t.Context(), alice))
		tombstones = k.Tombstones()
	})
	restore()
	with(t, s, true, func(k Table) {
		must(t, k.Replay(t.Context(), tombstones))
		destroyed(t, k, w)
		must(t, k.Replay(t.Context(), tombstones))
	})
	with(t, s, true, func(k Table) { destroyed(t, k, w) })
}

func testRestoredUnder(t *testing.T, s Store) {
	with(t, s, true, func(k Table) {
		w := made(t, k)
		restore := s.Save(t)
		must(t, k.Destroy(t.Context(), alice))
		restore()
		must(t, k.Create(t.Context(), "person:p_carol")) // writes the table
		destroyed(t, k, w)
		with(t, s, true, func(again Table) { destroyed(t, again, w) })
	})
}

func testReplayUnknown(t *testing.T, s Store) {
	with(t, s, true, func(k Table) {
		must(t, k.Replay(t.Context(), []sinso.KeyID{alice}))
		is(t, "create", k.Create(t.Context(), alice), sinso.ErrDenied)
		is(t, "replay of a bad name", k.Replay(t.Context(), []sinso.KeyID{bob, ""}), sinso.ErrInvalid)
		must(t, k.Create(t.Context(), bob))
		must(t, k.Replay(t.Context(), nil))
	})
}

func testTwoHandles(t *testing.T, s Store) {
	a, b := s.Open(t, true), s.Open(t, true)
	must(t, a.Create(t.Context(), alice))
	must(t, b.Create(t.Context(), bob))
	is(t, "create what the other made", b.Create(t.Context(), alice), sinso.ErrExists)
	must(t, a.Destroy(t.Context(), bob))
	must(t, a.Close())
	must(t, b.Close())
	with(t, s, true, func(k Table) {
		for id, want := range map[sinso.KeyID]bool{alice: true, bob: false} {
			if has, err := k.Has(t.Context(), id); err != nil || has != want {
				t.Errorf("has %s: got %t, %v, want %t", id, has, err, want)
			}
		}
	})
}

func testConcurrent(t *testing.T, s Store) {
	with(t, s, true, func(k Table) {
		var wait sync.WaitGroup
		for n := range 8 {
			wait.Go(func() {
				id := sinso.KeyID(fmt.Sprintf("person:p_%d", n))
				if err := k.Create(t.Context(), id); err != nil {
					t.Errorf("create: %v", err)
				}
				w, err := k.Wrap(t.Context(), id, cek, info)
				if err == nil {
					_, err = k.Unwrap(t.Context(), w, info)
				}
				if err != nil {
					t.Errorf("wrap and unwrap: %v", err)
				}
				if err := k.Destroy(t.Context(), id); err != nil {
					t.Errorf("destroy: %v", err)
				}
				_, err = k.Unwrap(t.Context(), w, info)
				is(t, "unwrap", err, sinso.ErrDenied)
			})
		}
		wait.Wait()
		if got := len(k.Tombstones()); got != 8 {
			t.Errorf("tombstones: got %d, want 8", got)
		}
	})
}

func testCancelled(t *testing.T, s Store) {
	with(t, s, true, func(k Table) {
		w := made(t, k)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		is(t, "create", k.Create(ctx, "person:p_carol"), context.Canceled)
		is(t, "destroy", k.Destroy(ctx, alice), context.Canceled)
		_, err := k.Unwrap(ctx, w, info)
		is(t, "unwrap", err, context.Canceled)
		if has, err := k.Has(t.Context(), alice); err != nil || !has {
			t.Errorf("has after a destroy that was cancelled: got %t, %v", has, err)
		}
	})
}

func testBadNames(t *testing.T, s Store) {
	with(t, s, true, func(k Table) {
		for _, id := range []sinso.KeyID{"", "a b", "a\n", "ä", sinso.KeyID(strings.Repeat("x", 1000))} {
			is(t, "create", k.Create(t.Context(), id), sinso.ErrInvalid)
			_, err := k.Has(t.Context(), id)
			is(t, "has", err, sinso.ErrInvalid)
			_, err = k.Secret(t.Context(), id, "a")
			is(t, "secret", err, sinso.ErrInvalid)
		}
	})
}

func testClosed(t *testing.T, s Store) {
	k := s.Open(t, true)
	w := made(t, k)
	must(t, k.Close())
	must(t, k.Close())
	_, err := k.Unwrap(t.Context(), w, info)
	is(t, "unwrap", err, sinso.ErrUnavailable)
	_, err = k.Wrap(t.Context(), alice, cek, info)
	is(t, "wrap", err, sinso.ErrUnavailable)
	is(t, "create", k.Create(t.Context(), "person:p_carol"), sinso.ErrUnavailable)
	is(t, "destroy", k.Destroy(t.Context(), alice), sinso.ErrUnavailable)
}

func testQuiet(t *testing.T, s Store) {
	with(t, s, true, func(k Table) {
		w := made(t, k)
		secret, err := k.Secret(t.Context(), alice, "a")
		must(t, err)
		_, err = k.Unwrap(t.Context(), w, []byte("other"))
		text := fmt.Sprintf("%v %+v %#v %s", err, cek, cek, w.To)
		for _, key := range []string{string(secret[:]), string(cek[:]), fmt.Sprintf("%x", secret), fmt.Sprintf("%x", cek[:])} {
			if strings.Contains(text, key) {
				t.Errorf("a key is in a message: %s", text)
			}
		}
	})
}

func testMany(t *testing.T, s Store) {
	const n = 40
	wrapped := map[sinso.KeyID]sinso.WrappedKey{}
	with(t, s, true, func(k Table) {
		for i := range n {
			id := sinso.KeyID(fmt.Sprintf("person:p_%d", (i*17)%n))
			must(t, k.Create(t.Context(), id))
			w, err := k.Wrap(t.Context(), id, sinso.CEK{byte(i)}, info)
			must(t, err)
			wrapped[id] = w
		}
	})
	with(t, s, true, func(k Table) {
		for i := range n {
			id := sinso.KeyID(fmt.Sprintf("person:p_%d", (i*17)%n))
			if got, err := k.Unwrap(t.Context(), wrapped[id], info); err != nil || got != (sinso.CEK{byte(i)}) {
				t.Errorf("unwrap of %s: got another key or %v", id, err)
			}
		}
	})
}

func testNode(t *testing.T, s Store) {
	with(t, s, true, func(k Table) {
		for _, id := range []sinso.KeyID{sinso.KeyNode, sinso.KeyInstitution} {
			must(t, k.Create(t.Context(), id))
			_, err := k.Secret(t.Context(), id, "a")
			must(t, err)
		}
	})
	with(t, s, false, func(k Table) {
		_, err := k.Secret(t.Context(), sinso.KeyNode, "a")
		is(t, "secret of the node on a locked node", err, sinso.ErrDenied)
	})
}

// testRecords makes keys of persons and records in turn, and destroys one of a record.
func testRecords(t *testing.T, s Store) {
	id := func(n int) sinso.KeyID {
		if n%2 == 0 {
			return sinso.RecordKey(fmt.Sprintf("s_%d", n))
		}
		return sinso.PersonKey(sinso.PersonID(fmt.Sprintf("p_%d", n)))
	}
	secrets := make([][32]byte, 200)
	with(t, s, true, func(k Table) {
		for n := range secrets {
			must(t, k.Create(t.Context(), id(n)))
			var err error
			secrets[n], err = k.Secret(t.Context(), id(n), "events")
			must(t, err)
		}
		must(t, k.Destroy(t.Context(), id(70)))
	})
	with(t, s, true, func(k Table) {
		for n, want := range secrets {
			got, err := k.Secret(t.Context(), id(n), "events")
			if n == 70 {
				is(t, "secret of a destroyed record", err, sinso.ErrDenied)
				continue
			}
			if err != nil || got != want {
				t.Errorf("%s: another secret, or %v", id(n), err)
			}
		}
	})
}

func testNeverAgain(t *testing.T, s Store) {
	with(t, s, true, func(k Table) {
		must(t, k.Create(t.Context(), alice))
		must(t, k.Destroy(t.Context(), alice))
		for range 3 {
			is(t, "create", k.Create(t.Context(), alice), sinso.ErrDenied)
		}
	})
	with(t, s, true, func(k Table) { is(t, "create after reopening", k.Create(t.Context(), alice), sinso.ErrDenied) })
}
