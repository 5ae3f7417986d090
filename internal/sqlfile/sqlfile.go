// Package sqlfile encrypts SQLite files page by page with Adiantum
// (docs/adr/0003-encrypted-sqlite.md), for each adapter that keeps such a file.
package sqlfile

import (
	"sync"

	"github.com/ncruces/go-sqlite3/util/vfsutil"
	"github.com/ncruces/go-sqlite3/vfs"
	"github.com/ncruces/go-sqlite3/vfs/adiantum"
)

// VFS is the name of the encrypting VFS over whole blocks. A connection gives its
// key by "PRAGMA hexkey".
const VFS = "sinso-adiantum"

func init() { vfs.Register(VFS, adiantum.Wrap(&wholeVFS{VFS: vfs.Find("")}, nil)) }

// wholeVFS lets nobody read a block while it is written. Frames of a write-ahead
// log are no multiple of a cipher's block, so that adding one writes the block
// again in which the one before it ends. SQLite reads that one meanwhile, as it
// may of a log that only grows; and half a block of ciphertext decrypts to
// nothing. The system does not keep a read apart from a write; these locks do, for
// the one process that has an index open.
type wholeVFS struct {
	vfs.VFS

	blocks sync.Map // of *sync.RWMutex, by path
}

// OpenFilename implements [vfs.VFSFilename].
func (v *wholeVFS) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	file, flags, err := vfsutil.WrapOpenFilename(v.VFS, name, flags)
	if err != nil || name == nil { // a temporary file has one reader
		return file, flags, err
	}
	lock, _ := v.blocks.LoadOrStore(name.String(), new(sync.RWMutex))
	return &wholeFile{File: file, lock: lock.(*sync.RWMutex)}, flags, nil //nolint:forcetypeassert // nothing else is stored
}

// wholeFile is a file of which each call reads or writes one block of the cipher.
type wholeFile struct {
	vfs.File

	lock *sync.RWMutex
}

func (f *wholeFile) ReadAt(p []byte, off int64) (int, error) {
	f.lock.RLock()
	defer f.lock.RUnlock()
	return f.File.ReadAt(p, off)
}

func (f *wholeFile) WriteAt(p []byte, off int64) (int, error) {
	f.lock.Lock()
	defer f.lock.Unlock()
	return f.File.WriteAt(p, off)
}

// What the file below can do besides.

func (f *wholeFile) Unwrap() vfs.File                { return f.File }
func (f *wholeFile) SharedMemory() vfs.SharedMemory  { return vfsutil.WrapSharedMemory(f.File) }
func (f *wholeFile) LockState() vfs.LockLevel        { return vfsutil.WrapLockState(f.File) }
func (f *wholeFile) PersistentWAL() bool             { return vfsutil.WrapPersistWAL(f.File) }
func (f *wholeFile) SetPersistentWAL(keep bool)      { vfsutil.WrapSetPersistWAL(f.File, keep) }
func (f *wholeFile) ChunkSize(size int)              { vfsutil.WrapChunkSize(f.File, size) }
func (f *wholeFile) SizeHint(size int64) error       { return vfsutil.WrapSizeHint(f.File, size) }
func (f *wholeFile) HasMoved() (bool, error)         { return vfsutil.WrapHasMoved(f.File) }
func (f *wholeFile) BusyHandler(handler func() bool) { vfsutil.WrapBusyHandler(f.File, handler) }
