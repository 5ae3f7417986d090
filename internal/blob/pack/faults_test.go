package pack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sinso.dev/sinso"
)

// fault is how and when a disk fails.
type fault struct {
	kind    string // of the call that fails
	at      int    // which of its kind, from 1
	lasting bool   // and all after it
	done    bool   // it is done, though it says that it is not
	half    bool   // of a read or write, half is done
	then    string // and every call of this kind after it
}

func (f fault) String() string {
	return fmt.Sprintf("%s %d, lasting %t, done %t, half %t, then %q", f.kind, f.at, f.lasting, f.done, f.half, f.then)
}

var errIO = errors.New("input/output error")

// faultyDisk is a disk of which one call fails, or all from one on.
type faultyDisk struct {
	*simDisk
	fault fault
	calls int // of the fault's kind
}

// call does what is asked, unless it is to fail.
func (d *faultyDisk) call(kind string, do func() error) error {
	if kind == d.fault.then && d.calls >= d.fault.at {
		return errIO
	}
	if kind != d.fault.kind {
		return do()
	}
	d.calls++
	if d.calls < d.fault.at || (d.calls > d.fault.at && !d.fault.lasting) {
		return do()
	}
	if d.fault.done {
		if err := do(); err != nil {
			return err
		}
	}
	return errIO
}

func (d *faultyDisk) list() (names []string, err error) {
	err = d.call("list", func() (err error) { names, err = d.simDisk.list(); return err })
	return names, err
}

func (d *faultyDisk) wrap(kind string, do func() (file, error)) (f file, err error) {
	if err := d.call(kind, func() (err error) { f, err = do(); return err }); err != nil {
		return nil, err
	}
	return &faultyFile{f, d}, nil
}

func (d *faultyDisk) open(name string) (file, error) {
	return d.wrap("open", func() (file, error) { return d.simDisk.open(name) })
}

func (d *faultyDisk) create(name string) (file, error) {
	return d.wrap("create", func() (file, error) { return d.simDisk.create(name) })
}

func (d *faultyDisk) remove(name string) error {
	return d.call("remove", func() error { return d.simDisk.remove(name) })
}

func (d *faultyDisk) rename(from, to string) error {
	return d.call("rename", func() error { return d.simDisk.rename(from, to) })
}

func (d *faultyDisk) write(name string, data []byte) error {
	return d.call("whole file", func() error { return d.simDisk.write(name, data) })
}

func (d *faultyDisk) syncDir() error { return d.call("sync of the folder", d.simDisk.syncDir) }

type faultyFile struct {
	file
	disk *faultyDisk
}

func (f *faultyFile) ReadAt(b []byte, offset int64) (n int, err error) {
	err = f.disk.call("read", func() (err error) { n, err = f.file.ReadAt(b, offset); return err })
	if errors.Is(err, errIO) && f.disk.fault.half {
		n, _ = f.file.ReadAt(b[:len(b)/2], offset)
	}
	return n, err
}

func (f *faultyFile) WriteAt(b []byte, offset int64) (n int, err error) {
	err = f.disk.call("write", func() (err error) { n, err = f.file.WriteAt(b, offset); return err })
	if errors.Is(err, errIO) && f.disk.fault.half {
		sectors := (offset + int64(len(b))/2) / sectorBytes * sectorBytes // of which each is written or not
		n, _ = f.file.WriteAt(b[:max(0, sectors-offset)], offset)
	}
	return n, err
}

func (f *faultyFile) Truncate(size int64) error {
	return f.disk.call("truncate", func() error { return f.file.Truncate(size) })
}

func (f *faultyFile) size() (n int64, err error) {
	err = f.disk.call("size", func() (err error) { n, err = f.file.size(); return err })
	return n, err
}

func (f *faultyFile) datasync() error {
	err := f.disk.call("sync", f.file.datasync)
	if errors.Is(err, errIO) && !f.disk.fault.done { // the pages are clean now, and not on the disk
		f.disk.failSync = true
		return errors.Join(err, f.file.datasync())
	}
	return err
}

func (f *faultyFile) Close() error { return f.disk.call("close", f.file.Close) }

// clone returns another disk in the same state.
func (d *simDisk) clone() *simDisk {
	d.mu.Lock()
	defer d.mu.Unlock()
	copies := map[*inode]*inode{}
	of := func(names map[string]*inode) map[string]*inode {
		other := map[string]*inode{}
		for name, node := range names {
			if copies[node] == nil {
				copies[node] = &inode{slices.Clone(node.live), slices.Clone(node.durable), slices.Clone(node.pending)}
			}
			other[name] = copies[node]
		}
		return other
	}
	after := newSimDisk()
	after.live, after.durable = of(d.live), of(d.durable)
	for _, c := range d.renames {
		if c.node != nil {
			c.node = of(map[string]*inode{"": c.node})[""]
		}
		after.renames = append(after.renames, c)
	}
	return after
}

// TestEveryFault runs the script with the n-th call of each kind failing, for every n, once
// or from then on, with the call done by half, done or not done at all, and what is to mend it
// failing too. Then the process is
// killed, or the power fails, and the disk is sound again: all that was acknowledged is there,
// nothing else but a batch of which nobody knew, and nothing is left behind.
func TestEveryFault(t *testing.T) {
	t.Parallel()
	for _, kinds := range [][2]string{
		{"list"},
		{"open"},
		{"create"},
		{"rename"},
		{"whole file"},
		{"sync of the folder"},
		{"read"},
		{"write"},
		{"size"},
		{"sync"},
		{"close"},
		{"truncate"},
		{"write", "truncate"},
		{"write", "remove"},
		{"sync", "remove"},
		{"rename", "remove"},
	} {
		kind, then := kinds[0], kinds[1]
		t.Run(kind+" "+then, func(t *testing.T) {
			t.Parallel()
			runs := 0
			for variant := range 8 {
				f := fault{kind: kind, lasting: variant&1 > 0, done: variant&2 > 0, half: variant&4 > 0, then: then}
				if f.half && (f.done || (kind != "read" && kind != "write")) {
					continue
				}
				for f.at = 1; oneFault(t, f); f.at++ {
					runs++
				}
			}
			if runs == 0 {
				t.Errorf("no call of this kind failed")
			}
		})
	}
}

// oneFault reports whether the fault came to pass.
func oneFault(t *testing.T, f fault) bool {
	t.Helper()
	d, s := &faultyDisk{simDisk: newSimDisk(), fault: f}, &shadow{}
	for _, err := range errorsOf(script(t.Context(), d, s)) {
		if !errors.Is(err, sinso.ErrUnavailable) {
			t.Errorf("%s: got %v, want ErrUnavailable", f, err)
		}
	}
	happened := d.calls >= f.at
	afterwards(t, f.String()+", killed", *s, d.clone().killed())
	afterwards(t, f.String()+", power lost", *s, d.crash(func() bool { return false }))
	return happened
}

// afterwards opens a log on a sound disk and compares it with what it must hold. It goes on
// from there.
func afterwards(t *testing.T, what string, s shadow, d *simDisk) {
	t.Helper()
	s.acked = slices.Clone(s.acked)
	for range 2 {
		p, err := open(d, Options{SegmentBytes: 2500})
		if err != nil {
			t.Fatalf("%s: open: %v", what, err)
		}
		if err := s.settle(t.Context(), p); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if _, ok := d.image()[condensingName]; ok {
			t.Errorf("%s: a temporary file is left", what)
		}
		if err := s.append(t.Context(), p, testBlock("afterwards", 100)); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if _, err := p.Condense(t.Context(), CondenseOptions{Last: true}); err != nil {
			t.Fatalf("%s: condense: %v", what, err)
		}
		if dead, _ := p.Dead(); dead > 0 {
			t.Errorf("%s: %d bytes are dead after everything was condensed", what, dead)
		}
		if err := errors.Join(s.settle(t.Context(), p), p.Close()); err != nil {
			t.Fatalf("%s: condensed: %v", what, err)
		}
	}
}

// TestPowerFailsAnywhere cuts the power at each operation of the script and keeps all,
// none or some of what was not durable.
func TestPowerFailsAnywhere(t *testing.T) {
	t.Parallel()
	for left, on := 0, true; on; left++ {
		d, s := newSimDisk(), &shadow{}
		d.left = left
		on = false
		for _, err := range errorsOf(script(t.Context(), d, s)) {
			on = on || errors.Is(err, errPower)
			if !errors.Is(err, sinso.ErrUnavailable) {
				t.Errorf("power lost at %d: got %v, want ErrUnavailable", left, err)
			}
		}
		for name, keep := range map[string]func(n int) bool{
			"nothing":       func(int) bool { return false },
			"everything":    func(int) bool { return true },
			"every second":  func(n int) bool { return n%2 == 0 },
			"the others":    func(n int) bool { return n%2 == 1 },
			"all but first": func(n int) bool { return n > 0 },
		} {
			n := -1
			afterwards(t, fmt.Sprintf("power lost at %d, %s kept", left, name), *s, d.crash(func() bool { n++; return keep(n) }))
		}
		afterwards(t, fmt.Sprintf("killed at %d", left), *s, d.clone().killed())
	}
}

// TestDiskFillsUpAnywhere runs the script on disks of every size.
func TestDiskFillsUpAnywhere(t *testing.T) {
	t.Parallel()
	for room, full := int64(markBytes), true; full; room += 50 {
		d, s := newSimDisk(), &shadow{}
		d.room = room
		full = false
		for _, err := range errorsOf(script(t.Context(), d, s)) {
			full = full || strings.Contains(err.Error(), errFull.Error())
			if !errors.Is(err, sinso.ErrUnavailable) {
				t.Errorf("%d bytes: got %v, want ErrUnavailable", room, err)
			}
		}
		d.room = -1
		afterwards(t, fmt.Sprintf("%d bytes", room), *s, d.clone().killed())
	}
}

// TestAnyRunSurvivesLossOfPower appends, deletes, stores again and condenses at random, some of
// it written early, and cuts the power or kills the process anywhere, several times over one log.
func TestAnyRunSurvivesLossOfPower(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	rapid.Check(t, func(t *rapid.T) {
		d, s := newSimDisk(), &shadow{}
		opts := Options{SegmentBytes: rapid.SampledFrom([]int64{1 << 10, 4 << 10, 1 << 20}).Draw(t, "segment")}
		for range rapid.IntRange(1, 4).Draw(t, "crashes") {
			d.left = rapid.IntRange(0, 80).Draw(t, "operations")
			p, err := open(d, opts)
			if err == nil {
				err = s.settle(ctx, p)
			}
			if err != nil && !errors.Is(err, errPower) {
				t.Fatal(err)
			}
			for n := rapid.IntRange(0, 12).Draw(t, "steps"); err == nil && n > 0; n-- {
				anyStep(ctx, t, p, s)
			}
			if rapid.Bool().Draw(t, "killed") {
				d = d.killed()
				continue
			}
			keep := rapid.IntRange(0, 4).Draw(t, "of four pending changes, kept")
			d = d.crash(func() bool { return rapid.IntRange(0, 3).Draw(t, "keep") < keep })
		}
		d.left = -1
		p, err := open(d, opts)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Condense(ctx, CondenseOptions{Last: true}); err != nil {
			t.Fatal(err)
		}
		if dead, _ := p.Dead(); dead > 0 {
			t.Fatalf("%d bytes are dead", dead)
		}
		if err := s.settle(ctx, p); err != nil {
			t.Fatal(err)
		}
	})
}

// anyStep does something to a log. It may fail.
func anyStep(ctx context.Context, t *rapid.T, p *Pack, s *shadow) {
	name := fmt.Sprintf("entry %d.%d", len(s.acked), len(s.doubted))
	live, blocks := s.live(), []sinso.JournalEntry{}
	for _, e := range s.acked {
		if e.Kind == sinso.EntryBlock {
			blocks = append(blocks, e)
		}
	}
	b := testBlock(name, rapid.IntRange(0, 1500).Draw(t, "bytes"))
	old := len(blocks) > 0
	if old {
		old = rapid.Bool().Draw(t, "of those there were")
	}
	if old {
		b = blocks[rapid.IntRange(0, len(blocks)-1).Draw(t, "block")]
		b.Early = nil
	}
	switch step := rapid.IntRange(0, 4).Draw(t, "step"); {
	case step == 0:
		_, _ = p.Condense(ctx, CondenseOptions{Last: rapid.Bool().Draw(t, "last"), Share: rapid.SampledFrom([]float64{0, 0.3}).Draw(t, "share")})
	case old && live[b.CID] != nil:
		_ = s.append(ctx, p, testEvent(name), deletion(b))
	case step == 1:
		p.worth, p.sparing = 1, 0
		if b.Early = p.Early(int64(len(b.Data)), 1); b.Early != nil {
			_, _ = b.Early.Write(b.Data[:rapid.IntRange(0, len(b.Data)).Draw(t, "written early")])
		}
		if rapid.Bool().Draw(t, "used") {
			_ = s.append(ctx, p, b, testEvent(name))
		}
	default:
		_ = s.append(ctx, p, testEvent(name), b)
	}
}
