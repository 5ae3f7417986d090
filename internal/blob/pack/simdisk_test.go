package pack

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"sync"
)

// simDisk is a model of a disk under a page cache. What is written is seen at
// once, and is durable only after a sync. A crash keeps what was durable and,
// of what was not, any subset: single sectors, truncations, names.
type simDisk struct {
	mu sync.Mutex // guards everything, files too
	// names as programs see them, and as they are on the disk.
	live, durable map[string]*inode
	renames       []nameChange // not durable yet
	left          int          // operations until the power fails; negative: it does not
	room          int64        // bytes that may still be written; negative: no end
	failSync      bool         // the next datasync fails and forgets what it should write
	locked        bool
}

type nameChange struct {
	name string
	node *inode // nil: removed
	from string // of a rename: the name that goes with it
}

// inode is a file: its bytes as programs see them, and as they are on the disk.
type inode struct {
	live, durable []byte
	pending       []change
}

// change is what a sync makes durable: one sector, or a new size.
type change struct {
	offset int64
	sector []byte // nil: truncate to offset
}

const sectorBytes = 512

var (
	errPower = errors.New("the power failed")
	errFull  = errors.New("no space left on device")
	errSync  = errors.New("input/output error")
)

func newSimDisk() *simDisk {
	return &simDisk{live: map[string]*inode{}, durable: map[string]*inode{}, left: -1, room: -1}
}

// step counts an operation and says whether the power is still there. d.mu is held.
func (d *simDisk) step() error {
	if d.left == 0 {
		return errPower
	}
	if d.left > 0 {
		d.left--
	}
	return nil
}

// crash returns the disk as it is found after loss of power. keep decides for
// each change that was not durable whether it reached the disk.
func (d *simDisk) crash(keep func() bool) *simDisk {
	d.mu.Lock()
	defer d.mu.Unlock()
	after := newSimDisk()
	names := maps.Clone(d.durable)
	for _, c := range d.renames {
		if keep() {
			delete(names, c.from)
			if c.node == nil {
				delete(names, c.name)
			} else {
				names[c.name] = c.node
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		content := slices.Clone(names[name].durable)
		for _, c := range names[name].pending {
			if keep() {
				content = c.apply(content)
			}
		}
		node := &inode{live: content, durable: slices.Clone(content)}
		after.live[name], after.durable[name] = node, node
	}
	return after
}

// killed returns the disk as the next process finds it after kill -9: nothing
// that was written is lost, and nothing more is durable.
func (d *simDisk) killed() *simDisk {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.left, d.locked = -1, false
	return d
}

func (c change) apply(content []byte) []byte {
	end := c.offset + int64(len(c.sector))
	if c.sector == nil && int64(len(content)) > c.offset {
		return content[:c.offset]
	}
	if grow := end - int64(len(content)); grow > 0 {
		content = append(content, make([]byte, grow)...)
	}
	copy(content[c.offset:], c.sector)
	return content
}

func (d *simDisk) lock() (func() error, error) {
	d.locked = true
	return func() error { d.locked = false; return nil }, nil
}

func (d *simDisk) list() ([]string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Sorted(maps.Keys(d.live)), nil
}

func (d *simDisk) open(name string) (file, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	node, ok := d.live[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return &simFile{d, node}, nil
}

func (d *simDisk) create(name string) (file, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step(); err != nil {
		return nil, err
	}
	node := &inode{}
	d.live[name] = node
	d.renames = append(d.renames, nameChange{name: name, node: node})
	return &simFile{d, node}, nil
}

func (d *simDisk) remove(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step(); err != nil {
		return err
	}
	delete(d.live, name)
	d.renames = append(d.renames, nameChange{name: name})
	return nil
}

func (d *simDisk) rename(from, to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step(); err != nil {
		return err
	}
	node, ok := d.live[from]
	if !ok {
		return fs.ErrNotExist
	}
	delete(d.live, from)
	d.live[to] = node
	d.renames = append(d.renames, nameChange{to, node, from})
	return nil
}

func (d *simDisk) write(name string, data []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step(); err != nil {
		return err
	}
	node := &inode{live: slices.Clone(data), durable: slices.Clone(data)}
	d.live[name], d.durable[name] = node, node
	return nil
}

func (d *simDisk) syncDir() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step(); err != nil {
		return err
	}
	d.durable, d.renames = maps.Clone(d.live), nil
	return nil
}

type simFile struct {
	disk *simDisk
	node *inode
}

func (f *simFile) ReadAt(b []byte, offset int64) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if offset >= int64(len(f.node.live)) {
		return 0, io.EOF
	}
	n := copy(b, f.node.live[offset:])
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

func (f *simFile) WriteAt(b []byte, offset int64) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.disk.step(); err != nil {
		return 0, err
	}
	var short error
	if f.disk.room >= 0 {
		grow := max(0, offset+int64(len(b))-int64(len(f.node.live)))
		if grow > f.disk.room {
			b, short = b[:max(0, int64(len(b))-(grow-f.disk.room))], errFull // a hole takes room too
			grow = f.disk.room
		}
		f.disk.room -= grow
	}
	for n := 0; n < len(b); {
		at := offset + int64(n)
		size := min(sectorBytes-int(at%sectorBytes), len(b)-n)
		c := change{at, slices.Clone(b[n : n+size])}
		f.node.live = c.apply(f.node.live)
		f.node.pending = append(f.node.pending, c)
		n += size
	}
	return len(b), short
}

func (f *simFile) Truncate(size int64) error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.disk.step(); err != nil {
		return err
	}
	if f.disk.room >= 0 {
		f.disk.room += max(0, int64(len(f.node.live))-size)
	}
	c := change{offset: size}
	f.node.live = c.apply(f.node.live)
	f.node.pending = append(f.node.pending, c)
	return nil
}

func (f *simFile) size() (int64, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	return int64(len(f.node.live)), nil
}

func (f *simFile) datasync() error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.disk.step(); err != nil {
		return err
	}
	if f.disk.failSync {
		f.disk.failSync = false
		f.node.pending = nil // as Linux does: the pages are clean now, and not on the disk
		return errSync
	}
	for _, c := range f.node.pending {
		f.node.durable = c.apply(f.node.durable)
	}
	f.node.pending = nil
	return nil
}

func (*simFile) startWriting(int64, int64) {} // a crash keeps any of what is not synced

func (*simFile) Close() error { return nil }

// image returns the bytes of all files as programs see them.
func (d *simDisk) image() map[string]string {
	d.mu.Lock()
	defer d.mu.Unlock()
	files := map[string]string{}
	for name, node := range d.live {
		files[name] = string(node.live)
	}
	return files
}

// diskOf returns a disk that holds files, all durable.
func diskOf(files map[string]string) *simDisk {
	d := newSimDisk()
	for name, content := range files {
		if err := d.write(name, []byte(content)); err != nil {
			panic(fmt.Sprintf("simdisk: %v", err))
		}
	}
	return d
}
