package held_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node/held"
)

type wall struct{}

func (wall) Now() time.Time { return time.Now() }

// TestADamagedGuestIsNamedAndTheOthersGoOn: whatever is in one guest's file, it is listed as
// damaged, others are added, found and removed, and it can be removed by its id.
func TestADamagedGuestIsNamedAndTheOthersGoOn(t *testing.T) {
	t.Parallel()
	hash := func(digit string) string { return strings.Repeat(digit, 64) }
	for name, damage := range map[string]func(path string) error{
		"cut off":         func(path string) error { return os.Truncate(path, 5) },
		"empty":           func(path string) error { return os.Truncate(path, 0) },
		"too long":        func(path string) error { return os.Truncate(path, 1<<20) },
		"another version": func(path string) error { return os.WriteFile(path, []byte(`{"version":2}`), 0o600) },
		"another's": func(path string) error {
			return os.WriteFile(path, []byte(`{"version":1,"name":"x","hash":"bb"}`), 0o600)
		},
		"a folder": func(path string) error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o700)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			h := held.New(dir, wall{})
			t.Cleanup(func() { _ = h.Close() })
			add := func(name, digit string) {
				t.Helper()
				if _, err := h.Add(name, hash(digit), 1<<20); err != nil {
					t.Fatalf("add %s: %v", name, err)
				}
			}
			add("clinic", "a")
			add("friend", "c")
			if err := damage(filepath.Join(dir, hash("a")[:12], "guest.json")); err != nil {
				t.Fatal(err)
			}
			add("another", "d")
			var got []string
			all, err := h.Guests()
			for _, one := range all {
				if one.Damaged != (one.ID == hash("a")[:12]) {
					t.Errorf("got %+v", one)
				}
				got = append(got, one.Name)
			}
			if want := hash("a")[:12] + " another friend"; err != nil || strings.Join(got, " ") != want {
				t.Fatalf("got %q, %v, want %q", got, err, want)
			}
			if _, err := h.Bearer(t.Context(), hash("a")); err == nil || errors.Is(err, sinso.ErrNotFound) {
				t.Errorf("the damaged guest's token: got %v, want that its file is damaged", err)
			}
			if _, err := h.Bearer(t.Context(), hash("c")); err != nil {
				t.Errorf("another's token: %v", err)
			}
			if _, err := h.RemoveGuest("friend"); err != nil {
				t.Errorf("remove another: %v", err)
			}
			if one, err := h.RemoveGuest(hash("a")[:12]); err != nil || !one.Damaged {
				t.Errorf("remove the damaged: got %+v, %v", one, err)
			}
			if all, err := h.Guests(); err != nil || len(all) != 1 {
				t.Errorf("left: got %+v, %v", all, err)
			}
		})
	}
}

// TestOfTwoGuestsOfANameNoneIsRemovedByIt: one whose file was damaged, and was mended when
// its name had been given again.
func TestOfTwoGuestsOfANameNoneIsRemovedByIt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	h := held.New(dir, wall{})
	t.Cleanup(func() { _ = h.Close() })
	first, err := h.Add("clinic", strings.Repeat("a", 64), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, first.ID, "guest.json")
	whole, err := os.ReadFile(file)
	if err := errors.Join(err, os.Truncate(file, 0)); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Add("clinic", strings.Repeat("b", 64), 1<<20); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := h.RemoveGuest("clinic"); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("got %v, want ErrInvalid", err)
	}
	if one, err := h.RemoveGuest(first.ID); err != nil || one.ID != first.ID {
		t.Errorf("by its id: got %+v, %v", one, err)
	}
	if all, err := h.Guests(); err != nil || len(all) != 1 || all[0].ID == first.ID {
		t.Errorf("left: got %+v, %v", all, err)
	}
}
