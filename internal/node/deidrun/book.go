package deidrun

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
)

// book is what a run knows of all inputs: some fifty bytes of each, whatever it was.
type book struct {
	mu     sync.Mutex      // guards done
	done   map[id]bool     // by earlier runs: inputs and whole zips; true once the input was met again
	first  map[id]firstOf  // by uidKey: what has the plain name
	shared map[id]bool     // UIDs of several derivatives that differ, or did
	remade map[id]int64    // where the record of an input is that supersedes its earlier ones
	faces  map[id]*judged  // by series, of those that may show a head
	waits  bool            // a series decides on some derivative
	lists  map[id]int64    // where lists of changes begin
	temps  map[string]bool // files in newDir that an earlier run left

	sessions int // processes that have begun
}

// firstOf is the first derivative of a SOP Instance UID.
type firstOf struct {
	sum     id
	class   class
	counted bool  // by the tally
	inputs  int32 // that became it
}

// maxLists bounds how many lists of changes are told apart. What comes back after so
// many others is written again.
const maxLists = 1 << 15

// load reads the journal of earlier runs, and does again what followed their last
// entries.
func (r *run) load() (err error) {
	if r.journal, err = openJournal(filepath.Join(r.state.dir, journalFile)); err != nil {
		return err
	}
	r.book = &book{
		done: map[id]bool{}, first: map[id]firstOf{}, shared: map[id]bool{}, remade: map[id]int64{}, faces: map[id]*judged{}, lists: map[id]int64{}, temps: map[string]bool{},
	}
	if r.lists, err = newLister(r); err != nil {
		return errors.Join(err, r.journal.close())
	}
	if err := errors.Join(r.leftOver(), r.journal.each(0, r.replay)); err != nil {
		return errors.Join(err, r.journal.close())
	}
	for name := range r.book.temps {
		if err := removeAll(filepath.Join(r.state.dir, newDir, name)); err != nil {
			return errors.Join(err, r.journal.close())
		}
	}
	return nil
}

// leftOver lists what an earlier run had written and not yet named.
func (r *run) leftOver() error {
	if r.o.DryRun {
		return nil
	}
	entries, err := os.ReadDir(filepath.Join(r.state.dir, newDir))
	if err != nil {
		return fmt.Errorf("deid: the state of the run cannot be read: %w: %w", bare(err), sinso.ErrUnavailable)
	}
	for _, entry := range entries {
		r.book.temps[entry.Name()] = true
	}
	return nil
}

// replay takes one line of the journal in.
func (r *run) replay(l line) error {
	switch l.kind {
	case kindSession:
		r.book.sessions++
	case kindWhole:
		var whole record
		if err := json.Unmarshal(l.body, &whole); err != nil {
			return fmt.Errorf("deid: the journal of the run: %w", sinso.ErrCorrupt)
		}
		r.book.done[whole.ID] = false
	case kindFace:
		j, err := l.judged()
		if err != nil {
			return err
		}
		r.book.faces[groupOf(j.Study, j.Series)] = j
	case kindRecord:
		rec, err := l.record()
		if err != nil {
			return err
		}
		if !rec.Again {
			r.book.done[rec.ID] = false
		}
		if rec.File == "" {
			return nil
		}
		r.book.enter(&rec)
		if rec.remade() {
			r.book.remade[rec.ID] = rec.at
		}
		if r.book.temps[rec.Temp] {
			delete(r.book.temps, rec.Temp)
			return r.name(&rec)
		}
	}
	return nil
}

// enter gives a derivative its place and takes it in. What has the UID of another
// with other bytes, or with the same and another fate, gets a second name.
func (b *book) enter(r *record) {
	key := uidKey(r.uid())
	first, known := b.first[key]
	if known && r.remade() { // in the place of its earlier record
		first.inputs--
		known = first.inputs > 0 || b.shared[key]
	}
	switch {
	case !known:
		first = firstOf{sum: r.Sum, class: r.Class}
	case first.sum != r.Sum || first.class != r.Class:
		b.shared[key] = true
		r.File = r.Class.path(secondName(r.uid(), r.Sum))
	}
	first.inputs++
	b.first[key] = first
	b.waits = b.waits || r.From != id{}
}

// met reports whether an input is done, and notes that it was met.
func (b *book) met(i id) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, done := b.done[i]; !done {
		return false
	}
	b.done[i] = true
	return true
}

// shows reports whether a derivative shows a face, as its series was judged: also if it
// was not made by the last plan for that.
func (b *book) shows(r *record) bool {
	j := b.faces[r.group()]
	switch {
	case r.From == id{}:
		return false
	case r.remade():
		return j == nil || j.Members != r.Plan
	default:
		return r.Head || j != nil && j.Face
	}
}

// unjudged reports whether another run may judge a series that this one could not read
// again.
func (b *book) unjudged() bool {
	for _, j := range b.faces {
		if j.Members == (id{}) {
			return true
		}
	}
	return false
}

// name gives a derivative that is in the journal its name.
func (r *run) name(rec *record) error {
	to := filepath.Join(r.o.Out, rec.File)
	if rec.Class != classClean {
		if err := r.makeWithheld(); err != nil {
			return err
		}
	}
	return r.move(filepath.Join(r.state.dir, newDir, rec.Temp), to)
}

func (r *run) makeWithheld() error {
	if err := os.MkdirAll(filepath.Join(r.o.Out, withheldDir), 0o700); err != nil {
		return fmt.Errorf("deid: the folder for the output cannot be made: %w: %w", bare(err), sinso.ErrUnavailable)
	}
	return nil
}

// commit makes outcomes durable, enters them, and then gives the derivatives their
// names. Cut off between any two steps, the next run comes to the same end.
func (r *run) commit(batch []outcome) error {
	written := false
	for i := range batch {
		written = written || batch[i].rec.Temp != ""
	}
	if written {
		r.o.step()
		if err := syncFiles(r.state.dir); err != nil {
			return err
		}
	}
	for i := range batch {
		if err := r.enter(&batch[i]); err != nil {
			return err
		}
	}
	r.o.step()
	if err := r.journal.flush(!r.o.DryRun); err != nil {
		return err
	}
	for i := range batch {
		if batch[i].rec.Temp == "" {
			continue
		}
		if err := r.name(&batch[i].rec); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) enter(o *outcome) error {
	kind, entry := byte(kindRecord), any(&o.rec)
	switch {
	case o.whole:
		kind = kindWhole
	case o.face != nil:
		kind, entry = kindFace, o.face
		r.book.faces[groupOf(o.face.Study, o.face.Series)] = o.face
	case o.rec.File != "":
		r.book.enter(&o.rec)
		if o.changes == nil { // as they were
			break
		}
		at, err := r.list(o.changes)
		if err != nil {
			return err
		}
		o.rec.Changes = at
	}
	body, err := json.Marshal(entry)
	if err != nil {
		return fmt.Errorf("deid: the journal of the run: %w", err)
	}
	at := r.journal.add(kind, body)
	if o.rec.remade() {
		r.book.remade[o.rec.ID] = at
	}
	return nil
}

// list returns where the journal has a list of changes. Objects of one series mostly
// have the same.
func (r *run) list(changes []deid.Change) (int64, error) {
	hash := sha256.New()
	var text []byte
	for _, c := range changes {
		text = binary.AppendUvarint(text[:0], uint64(len(c.Path)))
		text = append(append(append(text, c.Path...), c.Action...), c.Cause...)
		hash.Write(text)
	}
	key := id(hash.Sum(nil)[:16])
	if at, ok := r.book.lists[key]; ok {
		return at, nil
	}
	body, err := json.Marshal(changes)
	if err != nil {
		return 0, fmt.Errorf("deid: the journal of the run: %w", err)
	}
	if len(r.book.lists) >= maxLists {
		clear(r.book.lists)
	}
	at := r.journal.add(kindChanges, body)
	r.book.lists[key] = at
	return at, nil
}

// fileUID returns what a derivative is called by: its UID, if that is one.
func fileUID(uid string) string {
	const longest = 64 // PS3.5 §9.1
	if uid == "" || len(uid) > longest || strings.Trim(uid, "0123456789.") != "" || strings.HasPrefix(uid, ".") {
		sum := sha256.Sum256([]byte(uid))
		return hex.EncodeToString(sum[:16])
	}
	return uid
}
