package pack

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
)

// Snapshot is a log as it was at one moment: the files that make it when they are
// written into an empty folder. Appends and condensing go on meanwhile.
type Snapshot struct {
	ID    string // [Pack.ID]
	Files []SnapshotFile

	segments []segment
}

// SnapshotFile is one file of a snapshot.
type SnapshotFile struct {
	Name string
	Size int64
	// Tag is the same for two segments of one name only if their bytes are: a segment grows
	// by batches, each of which seals all before it, and is condensed to another size. Empty
	// for a file that is small.
	Tag string

	io.ReaderAt
}

// Snapshot returns the log as it is now. It is held until Release; a damaged log has none.
func (p *Pack) Snapshot(ctx context.Context) (*Snapshot, error) {
	// The leader's own state is that of the last durable batch.
	select {
	case p.leader <- struct{}{}:
		defer func() { <-p.leader }()
	case <-ctx.Done():
		return nil, fmt.Errorf("journal: snapshot: %w", ctx.Err())
	}
	p.mu.RLock()
	defer p.mu.RUnlock()
	if err := p.usable(ctx); err != nil {
		return nil, err
	}
	if p.broken {
		return nil, fmt.Errorf("journal: a damaged log is not copied: %w", p.damage[0].err())
	}
	s := &Snapshot{ID: p.ID(), segments: p.hold()}
	last := uint32(0)
	for i := range s.segments {
		one := &s.segments[i]
		seal := p.chain
		if i+1 < len(s.segments) {
			seal = s.segments[i+1].chain
		}
		s.Files = append(s.Files, SnapshotFile{
			Name: segmentName(one.number), Size: one.size, Tag: fmt.Sprintf("%d-%t-%s", one.size, one.condensed, hex.EncodeToString(seal[:])), ReaderAt: one.file,
		})
		last = one.number
	}
	at := mark{segment: last, position: p.end, id: p.id, chain: p.chain}.bytes()
	s.Files = append(s.Files, SnapshotFile{Name: markName, Size: int64(len(at)), ReaderAt: readerOf(at)})
	return s, nil
}

// Release lets go of the files.
func (s *Snapshot) Release() { releaseAll(s.segments) }

// readerOf reads bytes that are in memory.
type readerOf []byte

// ReadAt implements [io.ReaderAt].
func (r readerOf) ReadAt(p []byte, offset int64) (int, error) {
	if offset >= int64(len(r)) {
		return 0, io.EOF
	}
	n := copy(p, r[offset:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}
