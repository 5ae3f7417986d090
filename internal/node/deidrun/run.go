// Package deidrun de-identifies files and folders of any size into a folder,
// without a node: in parallel, within bounded memory, and so that a run that was
// cut off at any moment goes on where it was and ends with the same files
// ([ADR 20], docs/formats.md "state of a run of deid").
//
// A run lists, reads, cleans and writes side by side. A derivative is written under
// a name of the run's own; many at a time are then made durable, entered in the
// journal of the run, and given their names. What is decided over more than one
// file (two files of one SOP Instance UID) is decided at the end, from the journal, so
// that it does not depend on who came first.
//
// So it is with heads ([ADR 25]). What a series decides on lies in OUT/withheld until all
// files were seen. Then the series that may show a head are judged by their originals,
// which are opened again, and those whose face is taken out are made again: their
// records in the journal supersede the first ones.
//
// [ADR 20]: docs/adr/0020-deid-on-folders.md
// [ADR 25]: docs/adr/0025-faces.md
package deidrun

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
)

// Options say what is de-identified, and how.
type Options struct {
	In, Out string // a file, folder or zip; a folder
	// Reports are files to write a report to: a page if the name ends in .html or
	// .htm, JSON lines if not. JSON lines hold the names of the files that were read.
	Reports []string
	Names   bool          // the page holds them too
	Key     *[32]byte     // of the pseudonyms; nil: one of the run's own, kept in Out until the run is complete
	Jobs    int           // how many files are read, and how many cleaned, at a time; 0: one for each processor
	Restart bool          // remove what earlier runs made in Out, and begin again
	Profile *deid.Profile // nil: the preset for sales
	// Reader looks for what the detector left of writing in pixels; nil for none.
	Reader sinso.TextReader
	// DryRun writes nothing in Out. Its report goes to Lines if Reports names no file.
	DryRun   bool
	Lines    io.Writer
	Tool     string         // name and version of the program, for the page
	Progress func(Progress) // may be nil; called from one goroutine, some times a second

	step func() // of tests: called before each change of a file
}

// Progress is how far a run is.
type Progress struct {
	Done  int // files and zip files that were looked at, with those of earlier runs
	Total int // of so many; 0 while they are not counted yet
	Result
}

// Result counts what became of each file, and of each entry of a zip. Files is the
// sum of Clean, Withheld, Refused, Skipped and Duplicates.
type Result struct {
	Files      int                  `json:"files"`
	Clean      int                  `json:"clean"`
	Withheld   int                  `json:"withheld"` // cleaned, but may still identify: in OUT/withheld
	Refused    int                  `json:"refused"`  // not read
	Skipped    int                  `json:"skipped"`
	Duplicates int                  `json:"duplicates"` // the derivative was there already
	Conflicts  int                  `json:"conflicts"`  // of the clean and withheld: have the SOP Instance UID of another with other bytes
	Earlier    int                  `json:"earlier"`    // of the files: done by an earlier run
	Faceless   int                  `json:"faceless"`   // of the clean: a face that was in them is taken out
	Reasons    map[sinso.Reason]int `json:"reasons"`
	// KeyKept is set if the run's own key stays in Out, since files could not be read
	// that the same command may read another time.
	KeyKept bool `json:"-"`
}

// Check is ErrInvalid if what is written would lie among the originals, or on one, or
// an original in Out, whose files are passed on.
func (o Options) Check() error {
	in := resolve(o.In)
	if strings.HasPrefix(in, resolve(o.Out)+string(filepath.Separator)) {
		return fmt.Errorf("deid: an original must not lie in OUT, whose files are passed on; name a folder of its own for OUT: %w", sinso.ErrInvalid)
	}
	for _, path := range append([]string{o.Out}, o.Reports...) {
		if path = resolve(path); path == in || strings.HasPrefix(path, in+string(filepath.Separator)) {
			return fmt.Errorf("deid: what is written must not lie among the originals; name a place outside of them: %w", sinso.ErrInvalid)
		}
	}
	return nil
}

// resolve resolves a path of which the last parts need not be there yet.
func resolve(path string) string {
	path, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	for dir, rest := path, ""; ; dir, rest = filepath.Dir(dir), filepath.Join(filepath.Base(dir), rest) {
		if target, err := filepath.EvalSymlinks(dir); err == nil {
			return filepath.Join(target, rest)
		}
		if dir == filepath.Dir(dir) {
			return path
		}
	}
}

// run is one run.
type run struct {
	o       Options
	profile *deid.Profile
	state   *state
	journal *journal
	book    *book
	lists   *lister
	so      Progress
	seen    seen
}

// Run de-identifies files. A name in Out is the file's new SOP Instance UID and
// tells nothing of the old one. It returns ErrNotFound if In is not there,
// ErrBusy if another run works in Out, ErrInvalid if Out holds a run under another
// key or profile, ErrUnavailable if something cannot be written. Whatever it
// returns, the same run again goes on where this one was.
func Run(ctx context.Context, o Options) (result Result, err error) {
	result.Reasons = map[sinso.Reason]int{}
	if o.Jobs <= 0 {
		o.Jobs = runtime.GOMAXPROCS(0)
	}
	if err := o.Check(); err != nil {
		return result, err
	}
	if _, err := os.Stat(o.In); errors.Is(err, os.ErrNotExist) {
		return result, fmt.Errorf("deid: the path that was given is not there: %w", sinso.ErrNotFound)
	}
	if o.step == nil {
		o.step = func() {}
	}
	r := &run{o: o}
	if r.profile = o.Profile; r.profile == nil {
		if r.profile, err = deid.NewProfile(); err != nil {
			return result, err
		}
	}
	if !o.DryRun {
		if err := os.MkdirAll(o.Out, 0o700); err != nil { // a report may be in it
			return result, fmt.Errorf("deid: the folder for the output cannot be made: %w: %w", bare(err), sinso.ErrUnavailable)
		}
	}
	reports, err := openReports(o)
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, reports.close()) }()
	if r.state, err = openState(o, r.profile.Hash()); err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, r.state.close()) }()
	if err := r.load(); err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, r.journal.close()) }()
	if r.state.Complete == nil {
		if err = r.work(ctx); err == nil {
			err = r.judge(ctx)
		}
	} else {
		err = r.isSame(ctx)
	}
	if err != nil {
		return result, err
	}
	return r.finish(ctx, reports)
}

// isSame is ErrInvalid if In is not what the complete run in Out read under a key
// that nobody has any more.
func (r *run) isSame(ctx context.Context) error {
	if err := r.lists.all(ctx, func(unit) error { return nil }); err != nil {
		return err
	}
	if r.lists.digest() != r.state.Complete.Listing {
		return fmt.Errorf("deid: OUT holds a complete run over other files, or over these before they changed, and its key is gone: %w", sinso.ErrInvalid)
	}
	return nil
}

// finish decides what only the whole tells, writes the reports and, if the run's
// key is its own, removes it.
func (r *run) finish(ctx context.Context, reports *reports) (Result, error) {
	t := newTally(r)
	if err := t.settle(ctx); err != nil {
		return t.result, err
	}
	r.o.step()
	if err := reports.write(ctx, t); err != nil {
		return t.result, err
	}
	if r.o.DryRun || !r.state.Fresh {
		return t.result, nil
	}
	if t.unreadable > 0 || t.book.unjudged() {
		t.result.KeyKept = true
		return t.result, nil
	}
	return t.result, r.state.complete(r.lists.digest())
}
