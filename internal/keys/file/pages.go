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
	"strings"
	"sync"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/durable"
)

// Persons and their records come by the thousand, and each would rewrite a table that
// holds them all. Their keys lie in pages instead: a page of keys that nobody has yet is
// made ahead and written once, and who comes takes the next one by a line in the file of
// names. A destroyed key is taken out by rewriting its page.

const (
	pageRows     = 64 // keys on a page
	namesFile    = "names"
	namesMagic   = "sinso-names-1\n"
	namesLabel   = "sinso/keys/names/v1"
	nameMACHex   = 32 // digits: 128 bits
	personPrefix = "person:"
	maxPages     = 32 // in memory, some 100 kB each
)

// pages are the keys of persons and records.
type pages struct {
	dir  string
	root []byte // nil: locked

	mu    sync.Mutex // guards what follows; held after Keys.mu
	order []sinso.KeyID
	by    map[sinso.KeyID]int // place in order
	size  int64               // of the file of names that was read
	chain []byte              // MAC of the last name, without root key nil
	held  map[int]*table      // pages in memory, from 1
}

func inPages(id sinso.KeyID) bool {
	return strings.HasPrefix(string(id), personPrefix) || id.IsRecord()
}

// beginsName reports whether text may be the beginning of a name that was cut off.
func beginsName(text string) bool {
	id := sinso.KeyID(text)
	return checkID(id) == nil && (inPages(id) || strings.HasPrefix(personPrefix, text) || strings.HasPrefix(string(sinso.RecordKey("")), text))
}

func pageOf(place int) int { return place/pageRows + 1 }

// slotID names a key on a page, whoever has it.
func slotID(place int) sinso.KeyID {
	return sinso.KeyID(fmt.Sprintf("slot:%06d.%02d", pageOf(place), place%pageRows))
}

func pageFile(page int) string { return fmt.Sprintf("page-%06d", page) }

func openPages(dir string, root []byte) (*pages, error) {
	p := &pages{dir: dir, root: root, by: map[sinso.KeyID]int{}, held: map[int]*table{}}
	return p, p.refresh()
}

// update reads the names that others wrote since.
func (p *pages) update() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.refresh()
}

// close wipes the root key's copy; the pages hold wrapped seeds only.
func (p *pages) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.root = nil
}

// find returns the row of a person's key: ErrNotFound if they have none, ErrDenied
// if it was destroyed.
func (p *pages) find(id sinso.KeyID) (*custodian, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	place, known := p.by[id]
	if !known {
		return nil, fmt.Errorf("keys: no key of %s: %w", id, sinso.ErrNotFound)
	}
	t, err := p.page(pageOf(place))
	if err != nil {
		return nil, err
	}
	if row := t.custodian(slotID(place)); row != nil {
		return row, nil
	}
	return nil, errDestroyed(id)
}

// has reports whether a person has, or had, a key.
func (p *pages) has(id sinso.KeyID) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, known := p.by[id]
	return known
}

// create gives a person the next key. The caller holds the lock on the folder.
func (p *pages) create(id sinso.KeyID, like *table, rand sinso.Rand) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, known := p.by[id]; known {
		return fmt.Errorf("keys: there is a key of %s: %w", id, sinso.ErrExists)
	}
	for {
		there, err := p.ready(len(p.order), like, rand)
		if err != nil {
			return err
		}
		if there {
			return p.assign(id)
		}
		// An older file of names was put back, and somebody destroyed this key since:
		// nobody gets it.
		if err := p.assign(sinso.KeyID(fmt.Sprintf("%sgone-%d", personPrefix, len(p.order)))); err != nil {
			return err
		}
	}
}

// ready makes the page of a place, if there is none, and reports whether the
// place's key is on it.
func (p *pages) ready(place int, like *table, rand sinso.Rand) (bool, error) {
	t, err := p.page(pageOf(place))
	if errors.Is(err, fs.ErrNotExist) && place%pageRows == 0 { // nobody has a key on it
		t, err = p.makePage(pageOf(place), like, rand)
	}
	if err != nil {
		return false, err
	}
	return t.custodian(slotID(place)) != nil, nil
}

// assign writes a name behind the others, durably.
func (p *pages) assign(id sinso.KeyID) error {
	line, mac, err := p.line(id, p.chain)
	if err != nil {
		return err
	}
	if p.size == 0 {
		line = append([]byte(namesMagic), line...)
	}
	f, err := os.OpenFile(filepath.Join(p.dir, namesFile), os.O_WRONLY|os.O_CREATE, 0o600)
	if err == nil {
		_, err = f.WriteAt(line, p.size) // over what a crash left behind the last whole line
		if err == nil {
			err = f.Truncate(p.size + int64(len(line)))
		}
		if err == nil {
			err = durable.Datasync(f)
		}
		err = errors.Join(err, f.Close())
	}
	if err == nil && p.size == 0 {
		err = durable.SyncDir(p.dir)
	}
	if err != nil {
		return fmt.Errorf("keys: write a name: %w: %w", sinso.ErrUnavailable, err)
	}
	p.take(id, mac)
	p.size += int64(len(line))
	return nil
}

func (p *pages) take(id sinso.KeyID, mac []byte) {
	p.by[id] = len(p.order)
	p.order = append(p.order, id)
	p.chain = mac
}

// line is a name with its MAC, which chains it to those before.
func (p *pages) line(id sinso.KeyID, chain []byte) (line, mac []byte, err error) {
	key, err := derive(p.root, namesLabel, sha256.Size)
	if err != nil {
		return nil, nil, err
	}
	h := hmac.New(sha256.New, key)
	h.Write(chain)
	h.Write([]byte(id))
	mac = h.Sum(nil)
	return []byte(string(id) + " " + hex.EncodeToString(mac)[:nameMACHex] + "\n"), mac, nil
}

// refresh reads the names that others wrote since. If the file is an older one,
// the names that are known here are written again: their keys are not given twice.
func (p *pages) refresh() error {
	f, err := os.Open(filepath.Join(p.dir, namesFile))
	if errors.Is(err, fs.ErrNotExist) {
		return p.rewrite(0)
	}
	if err != nil {
		return fmt.Errorf("keys: open the names: %w: %w", sinso.ErrUnavailable, err)
	}
	defer func() { _ = f.Close() }() // it was read only
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("keys: the names: %w: %w", sinso.ErrUnavailable, err)
	}
	switch {
	case info.Size() == p.size:
		return nil
	case info.Size() < p.size:
		return p.rewrite(info.Size())
	case info.Size() > maxTableBytes:
		return badNames("is too long")
	}
	raw := make([]byte, info.Size()-p.size)
	if _, err := f.ReadAt(raw, p.size); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("keys: read the names: %w: %w", sinso.ErrUnavailable, err)
	}
	return p.read(raw)
}

// read takes whole lines; what is behind the last is of a crash.
func (p *pages) read(raw []byte) error {
	if p.size == 0 {
		rest, ok := bytes.CutPrefix(raw, []byte(namesMagic))
		if !ok && len(raw) >= len(namesMagic) {
			return badNames("is of another version, or damaged")
		}
		if !ok {
			return nil
		}
		raw, p.size = rest, int64(len(namesMagic))
	}
	for {
		line, rest, whole := bytes.Cut(raw, []byte("\n"))
		if !whole {
			return p.torn(raw)
		}
		name, digits, ok := strings.Cut(string(line), " ")
		id := sinso.KeyID(name)
		if _, twice := p.by[id]; !ok || twice || !inPages(id) || checkID(id) != nil || len(digits) != nameMACHex {
			return badNames("has a damaged line")
		}
		var mac []byte
		if p.root != nil {
			want, sum, err := p.line(id, p.chain)
			if err != nil {
				return err
			}
			if !hmac.Equal(want[:len(want)-1], line) {
				return badNames("was changed by somebody without the root key")
			}
			mac = sum
		}
		p.take(id, mac)
		p.size += int64(len(line)) + 1
		raw = rest
	}
}

// torn looks at what stands behind the last line. A write that was cut off left the
// beginning of a line, or room that was never written; anything else is damage, of a
// name that may have been acknowledged.
func (p *pages) torn(tail []byte) error {
	tail = bytes.TrimRight(tail, "\x00")
	name, _, named := bytes.Cut(tail, []byte(" "))
	if len(name) > 0 && !beginsName(string(name)) {
		return badNames("ends in something that is no name")
	}
	if !named || p.root == nil {
		return nil
	}
	want, _, err := p.line(sinso.KeyID(name), p.chain)
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(want[:len(want)-1], tail) {
		return badNames("ends in a damaged line")
	}
	return nil
}

func badNames(why string) error {
	return fmt.Errorf("keys: the file of names %s: %w", why, sinso.ErrCorrupt)
}

// rewrite writes the names that are known here over a file that has fewer.
func (p *pages) rewrite(size int64) error {
	if len(p.order) == 0 || p.root == nil {
		return nil
	}
	b, err := p.lines()
	if err != nil {
		return err
	}
	if int64(len(b)) <= size {
		return badNames("is not the one that was read")
	}
	if err := durable.WriteFile(filepath.Join(p.dir, namesFile), b, 0o600); err != nil {
		return fmt.Errorf("keys: write the names: %w: %w", sinso.ErrUnavailable, err)
	}
	p.size = int64(len(b))
	return nil
}

// lines is a whole file of names.
func (p *pages) lines() ([]byte, error) {
	b, chain := []byte(namesMagic), []byte(nil)
	for _, id := range p.order {
		line, mac, err := p.line(id, chain)
		if err != nil {
			return nil, err
		}
		b, chain = append(b, line...), mac
	}
	return b, nil
}

// page returns a page, read and checked if it is not in memory.
func (p *pages) page(page int) (*table, error) {
	if t := p.held[page]; t != nil {
		return t, nil
	}
	raw, err := os.ReadFile(filepath.Join(p.dir, pageFile(page)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("keys: page %d of keys is not there: %w: %w", page, sinso.ErrCorrupt, fs.ErrNotExist)
	}
	if err != nil {
		return nil, fmt.Errorf("keys: read page %d of keys: %w: %w", page, sinso.ErrUnavailable, err)
	}
	t, err := parseTable(raw)
	if err != nil {
		return nil, fmt.Errorf("keys: page %d: %w", page, err)
	}
	if p.root != nil {
		if err := t.verify(raw, p.root); err != nil {
			return nil, fmt.Errorf("keys: page %d: %w", page, err)
		}
	}
	p.hold(page, t)
	return t, nil
}

func (p *pages) hold(page int, t *table) {
	if len(p.held) >= maxPages {
		clear(p.held)
	}
	p.held[page] = t
}

// makePage makes a page of fresh keys.
func (p *pages) makePage(page int, like *table, rand sinso.Rand) (*table, error) {
	t := &table{Version: tableVersion, Generation: 1, Root: like.Root, Tombstones: []sinso.KeyID{}}
	first := (page - 1) * pageRows
	for place := first; place < first+pageRows; place++ {
		row, err := newCustodian(slotID(place), p.root, rand)
		if err != nil {
			return nil, err
		}
		t.Custodians = append(t.Custodians, row)
	}
	raw, err := t.marshal(p.root)
	if err != nil {
		return nil, err
	}
	if err := durable.CreateFile(filepath.Join(p.dir, pageFile(page)), raw, 0o600); err != nil {
		return nil, fmt.Errorf("keys: write page %d of keys: %w: %w", page, sinso.ErrUnavailable, err)
	}
	p.hold(page, t)
	return t, nil
}

// newCustodian makes a row with a fresh random seed.
func newCustodian(id sinso.KeyID, root []byte, rand sinso.Rand) (custodian, error) {
	var seed [32]byte
	if _, err := io.ReadFull(rand, seed[:]); err != nil {
		return custodian{}, fmt.Errorf("keys: randomness: %w: %w", sinso.ErrUnavailable, err)
	}
	defer clear(seed[:])
	key, err := keyPair(seed, id)
	if err != nil {
		return custodian{}, err
	}
	wrapped, err := wrapSeed(root, id, seed, rand)
	return custodian{ID: id, Public: key.Public(), Seed: wrapped}, err
}

// destroy takes a person's key off its page. The caller holds the lock on the
// folder. Nobody's, or one that is gone, is no error.
func (p *pages) destroy(id sinso.KeyID) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	place, known := p.by[id]
	if !known {
		return nil
	}
	delete(p.held, pageOf(place)) // as it is on the disk
	t, err := p.page(pageOf(place))
	if err != nil || t.custodian(slotID(place)) == nil {
		return err
	}
	t = t.clone()
	i, _ := t.search(slotID(place))
	t.Custodians = append(t.Custodians[:i], t.Custodians[i+1:]...)
	t.Generation++
	raw, err := t.marshal(p.root)
	if err != nil {
		return err
	}
	if err := durable.WriteFile(filepath.Join(p.dir, pageFile(pageOf(place))), raw, 0o600); err != nil {
		return fmt.Errorf("keys: write page %d of keys: %w: %w", pageOf(place), sinso.ErrUnavailable, err)
	}
	p.hold(pageOf(place), t)
	return nil
}

// check reads every page: ErrCorrupt if one is damaged.
func (p *pages) check() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for page := 1; page <= pageOf(len(p.order)-1) && len(p.order) > 0; page++ {
		delete(p.held, page)
		if _, err := p.page(page); err != nil {
			return err
		}
	}
	return nil
}
