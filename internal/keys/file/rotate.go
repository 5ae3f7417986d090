package file

import (
	"bytes"
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/durable"
)

// A rotation writes all files of the table anew beside the old ones, under the next root
// key, and proves them; then one file, the mark, says that the new ones count; then they
// are renamed into their places. Cut off before the mark the old key opens, after it the
// new one: [Open] does what is left of either.

// NextSuffix is what a rotation puts behind the name of a file that it makes.
const NextSuffix = ".next"

const (
	markFile  = "rotated"
	markMagic = "sinso-rotated-1\n"
	tableNext = tableFile + NextSuffix
)

// rotation is one change of the root key.
type rotation struct {
	dir       string
	old, root []byte
	how       rootRow
	rand      sinso.Rand
	step      func(string) // before each step
}

// Rotate gives the table a new root key: one that to makes, a key file or a passphrase. All
// rows are wrapped again; seeds, and so everything that was wrapped or derived, stay as they
// are. A key file is made beside its place, as FILE.next, and put there when all is proven; one
// that is there is replaced if it is the one of before, else it is ErrExists. The handle is
// closed by it, whatever comes of it.
//
// After an error, or a crash, the table opens with the old key or the new one; [Open] with
// the path of the key file finds which.
func (k *Keys) Rotate(ctx context.Context, to Unlock, onStep func(string)) error {
	err := k.locked(ctx, sinso.KeyNode, func(t *table) error {
		defer k.wipe()
		r := &rotation{dir: k.dir, old: k.root, rand: k.rand, step: onStep}
		if err := r.begin(to); err != nil {
			return err
		}
		defer clear(r.root)
		if err := r.writeAll(t, k.pages); err != nil {
			return err
		}
		r.step("mark")
		if err := durable.CreateFile(filepath.Join(k.dir, markFile), []byte(markMagic), 0o600); err != nil {
			return fmt.Errorf("keys: write the mark of the rotation: %w: %w", sinso.ErrUnavailable, err)
		}
		if err := finish(k.dir, r.step); err != nil {
			return err
		}
		if to.KeyFile == "" {
			return nil
		}
		r.step("key file")
		return to.promote()
	})
	return errors.Join(err, k.Close())
}

// begin removes what earlier tries left, and makes the new root key.
func (r *rotation) begin(to Unlock) (err error) {
	if err := sweep(r.dir, r.step); err != nil {
		return err
	}
	if to.KeyFile != "" {
		if err := to.mayReplace(r.dir, r.old); err != nil {
			return err
		}
		to = to.next()
		r.step("remove a key file that was left")
		if err := to.removeLeft(r.dir); err != nil {
			return err
		}
	}
	r.step("make the root key")
	if r.root, r.how, err = to.create(r.dir, r.rand); err != nil {
		return err
	}
	r.how.Check, err = checkValue(r.root)
	return err
}

// mayReplace is ErrExists if the key file is there and holds another root key.
func (u Unlock) mayReplace(dir string, root []byte) error {
	if _, err := os.Lstat(u.KeyFile); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	same, err := u.Holds(dir, [32]byte(root))
	if err != nil || !same {
		return fmt.Errorf("keys: the key file holds another key, and is not overwritten: %w", sinso.ErrExists)
	}
	return nil
}

// Holds reports whether the key file is there and holds this root key.
func (u Unlock) Holds(dir string, root [32]byte) (bool, error) {
	if _, err := os.Lstat(u.KeyFile); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	there, err := u.readKeyFile(dir)
	defer clear(there)
	return err == nil && hmac.Equal(there, root[:]), err
}

// removeLeft removes a key file of a rotation that came to nothing. What is no key file
// stays, and is ErrExists.
func (u Unlock) removeLeft(dir string) error {
	if _, err := os.Lstat(u.KeyFile); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	root, err := u.readKeyFile(dir)
	if err != nil {
		return fmt.Errorf("keys: %s is in the way, and is no key file: %w", filepath.Base(u.KeyFile), sinso.ErrExists)
	}
	clear(root)
	if err := os.Remove(u.KeyFile); err != nil {
		return fmt.Errorf("keys: remove a key file that was left: %w: %w", sinso.ErrUnavailable, err)
	}
	return nil
}

// writeAll writes the table, each page and the names for the new root key. The table comes
// first: where it is, there may be the others.
func (r *rotation) writeAll(t *table, p *pages) error {
	if err := r.write(tableFile, t); err != nil {
		return err
	}
	files, err := list(r.dir, func(name string) bool { return strings.HasPrefix(name, "page-") && !strings.Contains(name, ".") })
	if err != nil {
		return err
	}
	for _, name := range files {
		raw, err := os.ReadFile(filepath.Join(r.dir, name)) //nolint:gosec // of the folder of the keys
		if err != nil {
			return fmt.Errorf("keys: read %s: %w: %w", name, sinso.ErrUnavailable, err)
		}
		page, err := parseTable(raw)
		if err == nil {
			err = page.verify(raw, r.old)
		}
		if err != nil {
			return fmt.Errorf("keys: %s: %w", name, err)
		}
		if err := r.write(name, page); err != nil {
			return err
		}
	}
	return r.writeNames(p)
}

// write writes a table or page for the new root key, reads it back, and compares.
func (r *rotation) write(name string, t *table) error {
	next := t.clone()
	next.Generation++
	next.Root = r.how
	for i, row := range t.Custodians {
		seed, err := unwrapSeed(r.old, row.ID, row.Seed)
		if err != nil {
			return fmt.Errorf("keys: %s: %w", name, err)
		}
		next.Custodians[i].Seed, err = wrapSeed(r.root, row.ID, seed, r.rand)
		clear(seed[:])
		if err != nil {
			return err
		}
	}
	raw, err := next.marshal(r.root)
	if err != nil {
		return err
	}
	r.step("write " + name)
	if err := durable.WriteFile(filepath.Join(r.dir, name+NextSuffix), raw, 0o600); err != nil {
		return fmt.Errorf("keys: write %s: %w: %w", name, sinso.ErrUnavailable, err)
	}
	return r.prove(name, t)
}

// prove reads what was written, and opens every row of it.
func (r *rotation) prove(name string, t *table) error {
	raw, err := os.ReadFile(filepath.Join(r.dir, name+NextSuffix)) //nolint:gosec // of the folder of the keys
	if err != nil {
		return fmt.Errorf("keys: read %s back: %w: %w", name, sinso.ErrUnavailable, err)
	}
	next, err := parseTable(raw)
	if err == nil {
		err = next.verify(raw, r.root)
	}
	if err != nil {
		return fmt.Errorf("keys: %s, read back: %w", name, err)
	}
	same := len(next.Custodians) == len(t.Custodians) && slices.Equal(next.Tombstones, t.Tombstones)
	for i := 0; same && i < len(t.Custodians); i++ {
		was, is := t.Custodians[i], next.Custodians[i]
		before, err := unwrapSeed(r.old, was.ID, was.Seed)
		after, nextErr := unwrapSeed(r.root, is.ID, is.Seed)
		same = err == nil && nextErr == nil && before == after && was.ID == is.ID && bytes.Equal(was.Public, is.Public)
		clear(before[:])
		clear(after[:])
	}
	if !same {
		return fmt.Errorf("keys: %s, read back, is not what was written: %w", name, sinso.ErrCorrupt)
	}
	return nil
}

// writeNames writes the file of names for the new root key, if there is one.
func (r *rotation) writeNames(p *pages) error {
	p.mu.Lock()
	order := slices.Clone(p.order)
	p.mu.Unlock()
	if len(order) == 0 {
		return nil
	}
	raw, err := (&pages{root: r.root, order: order}).lines()
	if err != nil {
		return err
	}
	r.step("write " + namesFile)
	if err := durable.WriteFile(filepath.Join(r.dir, namesFile+NextSuffix), raw, 0o600); err != nil {
		return fmt.Errorf("keys: write the names: %w: %w", sinso.ErrUnavailable, err)
	}
	if raw, err = os.ReadFile(filepath.Join(r.dir, namesFile+NextSuffix)); err != nil {
		return fmt.Errorf("keys: read the names back: %w: %w", sinso.ErrUnavailable, err)
	}
	again := &pages{root: r.root, by: map[sinso.KeyID]int{}}
	if err := again.read(raw); err != nil {
		return err
	}
	if !slices.Equal(again.order, order) {
		return badNames("is, read back, not what was written")
	}
	return nil
}

// list returns the files of a folder that fit, in ascending order.
func list(dir string, fit func(string) bool) (names []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("keys: list the folder of the keys: %w: %w", sinso.ErrUnavailable, err)
	}
	for _, e := range entries {
		if fit(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// leftNext lists the files of a rotation, the table last: while it is there, there may be
// others.
func leftNext(dir string) ([]string, error) {
	names, err := list(dir, func(name string) bool {
		return strings.HasSuffix(name, NextSuffix) && !strings.HasPrefix(name, ".") && name != tableNext
	})
	if _, there := os.Lstat(filepath.Join(dir, tableNext)); there == nil {
		names = append(names, tableNext)
	}
	return names, err
}

// sweep removes the files of a rotation that came to nothing, and temporary files of writes
// that were cut off: they hold wrapped keys, maybe of somebody who was destroyed since.
func sweep(dir string, step func(string)) error {
	names, err := list(dir, func(name string) bool {
		return strings.HasPrefix(name, "."+tableFile) || strings.HasPrefix(name, ".page-") || strings.HasPrefix(name, "."+namesFile)
	})
	if err != nil {
		return err
	}
	next, err := leftNext(dir)
	if err != nil {
		return err
	}
	for _, name := range append(names, next...) {
		step("remove " + name)
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("keys: remove what a rotation left: %w: %w", sinso.ErrUnavailable, err)
		}
	}
	return syncKeys(dir)
}

// finish puts the files of a rotation into their places, and takes the mark away.
func finish(dir string, step func(string)) error {
	names, err := leftNext(dir)
	if err != nil {
		return err
	}
	for _, name := range names {
		step("rename " + name)
		path := filepath.Join(dir, name)
		if err := os.Rename(path, strings.TrimSuffix(path, NextSuffix)); err != nil {
			return fmt.Errorf("keys: put %s in its place: %w: %w", name, sinso.ErrUnavailable, err)
		}
	}
	if err := syncKeys(dir); err != nil {
		return err
	}
	step("remove the mark")
	if err := os.Remove(filepath.Join(dir, markFile)); err != nil {
		return fmt.Errorf("keys: remove the mark of the rotation: %w: %w", sinso.ErrUnavailable, err)
	}
	return syncKeys(dir)
}

func syncKeys(dir string) error {
	if err := durable.SyncDir(dir); err != nil {
		return fmt.Errorf("keys: %w: %w", sinso.ErrUnavailable, err)
	}
	return nil
}

// cutOff reports whether a rotation of this folder was cut off, and whether its new files
// count.
func cutOff(dir string) (left, counts bool) {
	_, mark := os.Lstat(filepath.Join(dir, markFile))
	_, next := os.Lstat(filepath.Join(dir, tableNext))
	return mark == nil || next == nil, mark == nil
}

// settle does what a rotation that was cut off left to do. It needs no key.
func settle(dir string) (err error) {
	if left, _ := cutOff(dir); !left {
		return nil
	}
	lock, err := durable.WaitLock(filepath.Join(dir, lockFile)) // of a rotation that is at work
	if err != nil {
		return fmt.Errorf("keys: lock the table: %w: %w", sinso.ErrUnavailable, err)
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	quietly := func(string) {}
	switch left, counts := cutOff(dir); {
	case counts:
		return finish(dir, quietly)
	case left:
		return sweep(dir, quietly)
	}
	return nil
}
