package deidrun

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/ingest"
)

// unit is one file of the input: an object, or a zip or list of them.
type unit struct {
	path    string
	id      id
	size    int64
	refusal *ingest.RefusalError // why it is not to be read
	link    bool                 // to a folder
}

// lister lists the input, and hashes the list.
type lister struct {
	in      string // as it was given
	whole   string // resolved, for ids
	names   *namer
	sum     hash.Hash
	salt    string
	met     func(id) bool
	earlier atomic.Int64 // units that were done
	total   atomic.Int64 // how many there are; 0: not counted yet
}

func newLister(r *run) (*lister, error) {
	names, err := newNamer(r.state.secret)
	if err != nil {
		return nil, err
	}
	l := &lister{in: r.o.In, whole: resolve(r.o.In), names: names, sum: sha256.New(), salt: rand.Text(), met: r.book.met}
	if c := r.state.Complete; c != nil {
		l.salt, _, _ = strings.Cut(c.Listing, ":")
	}
	l.sum.Write([]byte(l.salt))
	return l, nil
}

// digest returns a salted hash of everything that was listed. Whoever has the state
// of a run can try a whole list of paths, sizes and times against it, but no single
// name.
func (l *lister) digest() string { return l.salt + ":" + hex.EncodeToString(l.sum.Sum(nil)) }

// all calls fn with each file that is not done, in lexical order. A link to a file
// is followed, one to a folder is refused.
func (l *lister) all(ctx context.Context, fn func(unit) error) error {
	info, err := os.Stat(l.in)
	if err != nil {
		return fmt.Errorf("deid: the path that was given cannot be read: %w: %w", bare(err), sinso.ErrInvalid)
	}
	root := l.in
	if info.IsDir() {
		root += string(filepath.Separator) // WalkDir follows no link, but this it takes for the folder behind it
	}
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil && entry.IsDir() {
			return skipState(entry)
		}
		u := l.unit(path, err)
		if !l.isList(path) && l.met(u.id) {
			l.earlier.Add(1)
			return nil
		}
		return fn(u)
	})
}

// isList reports whether a path is the list of a medium that was given by itself: what
// it lists may be undone when it is done.
func (l *lister) isList(path string) bool {
	return path == l.in && strings.EqualFold(filepath.Base(path), "DICOMDIR") // PS3.10 §8.6
}

// skipState leaves out what a run keeps in its OUT, when that is the input of
// another.
func skipState(entry fs.DirEntry) error {
	if entry.Name() == stateDir {
		return filepath.SkipDir
	}
	return nil
}

// unit looks at a file.
func (l *lister) unit(path string, err error) unit {
	u := unit{path: path}
	var info fs.FileInfo
	if err == nil {
		info, err = os.Stat(path) // follows a link
	}
	switch {
	case err != nil:
		u.refusal = unreadable("the file or folder cannot be read (%v)", bare(err))
	case info.IsDir():
		u.link = true
		u.refusal = unreadable("this is a link to a folder, which is not followed: de-identify that folder by itself")
	default:
		u.size = info.Size()
	}
	relative, relErr := filepath.Rel(l.in, path)
	if relErr != nil {
		relative = path
	}
	parts := []string{filepath.Join(l.whole, relative)}
	if u.refusal == nil {
		parts = append(parts, strconv.FormatInt(info.Size(), 10), strconv.FormatInt(info.ModTime().UnixNano(), 10))
	}
	u.id = l.names.id(parts...)
	hashParts(l.sum, parts)
	return u
}

func unreadable(format string, args ...any) *ingest.RefusalError {
	return &ingest.RefusalError{Reason: ingest.ReasonUnreadable, Detail: fmt.Sprintf(format, args...)}
}

// count counts the files without looking at them, which takes seconds for a million.
func (l *lister) count(ctx context.Context) {
	n := int64(0)
	err := filepath.WalkDir(l.in+string(filepath.Separator), func(_ string, entry fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil && entry.IsDir() {
			return skipState(entry)
		}
		n++
		return nil
	})
	if err == nil {
		l.total.Store(n)
	}
}
