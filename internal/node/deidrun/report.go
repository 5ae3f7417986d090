package deidrun

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"sinso.dev/sinso"
)

// sink takes what became of each input, and then the whole.
type sink interface {
	add(f *fate, name string) error
	end(t *tally) error
}

// reports are the reports of a run.
type reports struct {
	o     Options
	files []*os.File
	out   []*bufio.Writer
	sinks []func(*tally, *bufio.Writer) sink
}

// openReports opens the files of the reports before anything is done, so that a
// report that cannot be written is known then. What is in them stays until the end.
func openReports(o Options) (*reports, error) {
	r := &reports{o: o}
	for _, path := range o.Reports {
		file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // the caller names the file
		if err != nil {
			return nil, fmt.Errorf("deid: the report cannot be written: %w: %w", bare(err), errors.Join(sinso.ErrUnavailable, r.close()))
		}
		r.files = append(r.files, file)
		r.out = append(r.out, bufio.NewWriterSize(file, 1<<20))
		r.sinks = append(r.sinks, kindOf(path))
	}
	if o.DryRun && o.Lines != nil && len(o.Reports) == 0 {
		r.out = append(r.out, bufio.NewWriterSize(o.Lines, 1<<16))
		r.sinks = append(r.sinks, newLines)
	}
	return r, nil
}

// kindOf returns the report for a file's name.
func kindOf(path string) func(*tally, *bufio.Writer) sink {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".html", ".htm":
		return newPage
	default:
		return newLines
	}
}

// write counts, and writes all reports.
func (r *reports) write(ctx context.Context, t *tally) error {
	for _, file := range r.files {
		if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
			if err := file.Truncate(0); err != nil {
				return cannotReport(err)
			}
		}
	}
	sinks := make([]sink, len(r.sinks))
	for i, open := range r.sinks {
		sinks[i] = open(t, r.out[i])
	}
	err := t.count(ctx, func(f *fate) error {
		if len(sinks) == 0 {
			return nil
		}
		name := t.lists.names.opened(f.Name) // to the report of whoever gave the file
		for _, s := range sinks {
			if err := s.add(f, name); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, s := range sinks {
		if err := s.end(t); err != nil {
			return err
		}
		if err := r.out[i].Flush(); err != nil {
			return cannotReport(err)
		}
	}
	return r.sync()
}

// sync makes the reports durable: after the run's key is gone, nobody can write them
// again.
func (r *reports) sync() error {
	for _, file := range r.files {
		if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
			if err := file.Sync(); err != nil {
				return cannotReport(err)
			}
		}
	}
	return nil
}

func cannotReport(err error) error {
	return fmt.Errorf("deid: the report cannot be written: %w: %w", bare(err), sinso.ErrUnavailable)
}

func (r *reports) close() error {
	var errs []error
	for _, file := range r.files {
		if err := file.Close(); err != nil {
			errs = append(errs, cannotReport(err))
		}
	}
	return errors.Join(errs...)
}

// reportLine is what the report says of one input. It names the file that came in,
// so it stays with whoever owns that (docs/formats.md, "deid --report").
type reportLine struct {
	In      string          `json:"in"`
	Out     string          `json:"out,omitempty"`
	Reasons []sinso.Reason  `json:"reasons,omitempty"`
	Detail  string          `json:"detail,omitempty"`
	Changes json.RawMessage `json:"changes,omitempty"`
}

// seriesLine is what the report says, behind the files, of a series that may show a head.
type seriesLine struct {
	Series judged `json:"series"`
}

// lines is the report as JSON lines, in the order in which the inputs were done.
type lines struct {
	t     *tally
	to    io.Writer
	lists map[int64]json.RawMessage // of changes, of late
}

// maxCached bounds the lists of changes that are kept in memory for those that come
// again.
const maxCached = 256

func newLines(t *tally, to *bufio.Writer) sink {
	return &lines{t: t, to: to, lists: map[int64]json.RawMessage{}}
}

func (l *lines) add(f *fate, name string) (err error) {
	line := reportLine{In: name, Reasons: f.Reasons, Detail: f.Detail}
	if f.File != "" {
		line.Out = filepath.Join(l.t.o.Out, f.File)
		if line.Changes, err = l.changes(f.Changes); err != nil {
			return err
		}
	}
	return l.write(line)
}

func (l *lines) write(line any) error {
	text, err := json.Marshal(line)
	if err != nil {
		return fmt.Errorf("deid: the report: %w", err)
	}
	if _, err := l.to.Write(append(text, '\n')); err != nil {
		return cannotReport(err)
	}
	return nil
}

func (l *lines) changes(at int64) (json.RawMessage, error) {
	if list, ok := l.lists[at]; ok {
		return list, nil
	}
	list, err := l.t.journal.bodyAt(at)
	if err != nil {
		return nil, err
	}
	if len(l.lists) >= maxCached {
		clear(l.lists)
	}
	l.lists[at] = list
	return list, nil
}

func (l *lines) end(t *tally) error {
	for _, j := range t.judgements() {
		line := seriesLine{*j}
		line.Series.Members = id{}
		if err := l.write(line); err != nil {
			return err
		}
	}
	return nil
}
