//go:build !nochain

package devchain

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/durable"
)

// The journal is one file: a head of 32 bytes and then records. Record 0 is the
// genesis as JSON, record n is block n as RLP.
//
//	head    name[15] version[1] mark: end[8] sum[8]
//	record  length[4] number[8] sum[32] payload[length]
//
// Integers are big-endian. A record's sum is the SHA-256 of its length, number
// and payload; the mark's sum is the first 8 bytes of the SHA-256 of its end.
//
// The mark says up to where the journal was durable when it was last written. It
// is written after each sync without one of its own: after kill -9 it is
// current, after loss of power it may be older, never newer. What does not
// fit behind the mark was never acknowledged and is cut off; what does not fit
// before it is damage, and is told.
const (
	journalName    = "sinso-devchain\x00"
	journalVersion = 1
	journalHead    = 32
	recordHead     = 4 + 8 + sha256.Size
	maxRecord      = 64 << 20 // bytes of payload; a block has at most 8 MiB (EIP-7934)
)

// journal is open for appending; its methods are for one goroutine.
type journal struct {
	file    *os.File
	offsets []int64 // of each record, by its number
	end     int64   // all before it is durable
	cut     int64   // bytes that opening cut off
	broken  error   // why nothing may be appended any more
}

// createJournal makes the file at path with its record 0, whole or not at all.
func createJournal(path string, genesis []byte) error {
	head := append([]byte(journalName), journalVersion)
	record := frame(0, genesis)
	head = append(head, mark(int64(journalHead+len(record)))...)
	if err := durable.CreateFile(path, append(head, record...), 0o600); err != nil {
		return fmt.Errorf("devchain: create journal: %w", err)
	}
	return nil
}

// openJournal reads the whole file and verifies it. A torn end is cut off; damage
// is ErrCorrupt and names the block.
func openJournal(path string) (*journal, error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0) //nolint:gosec // in the chain's own folder
	if err != nil {
		return nil, fmt.Errorf("devchain: open journal: %w", err)
	}
	j := &journal{file: file}
	if err := j.scan(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return j, nil
}

func (j *journal) scan() error {
	info, err := j.file.Stat()
	if err != nil {
		return fmt.Errorf("devchain: read journal: %w", err)
	}
	durableTo, err := j.readHead(info.Size())
	if err != nil {
		return err
	}
	j.end = journalHead
	var last []byte
	for j.end < info.Size() {
		number := uint64(len(j.offsets))
		payload, err := j.readAt(j.end, number, info.Size())
		if errors.Is(err, sinso.ErrCorrupt) && j.end >= durableTo && number > 0 {
			break // torn
		}
		if err != nil {
			return err
		}
		last = payload
		j.offsets = append(j.offsets, j.end)
		j.end += recordHead + int64(len(payload))
	}
	if j.end < durableTo || len(j.offsets) == 0 {
		return fmt.Errorf("devchain: the journal ends before block %d, which was acknowledged; restore the journal from a backup: %w", len(j.offsets), sinso.ErrCorrupt)
	}
	j.cut = info.Size() - j.end
	return j.settle(last)
}

// settle cuts off what is behind the last record and makes that record durable:
// whoever wrote it may have died before its sync, or the sync may have failed.
func (j *journal) settle(last []byte) error {
	err := j.file.Truncate(j.end)
	if err == nil {
		_, err = j.file.WriteAt(frame(j.last(), last), j.offsets[j.last()])
	}
	if err == nil {
		err = durable.Datasync(j.file)
	}
	if err == nil {
		err = j.writeMark()
	}
	if err != nil {
		return fmt.Errorf("devchain: settle the journal's end: %w", err)
	}
	return nil
}

// readHead returns the mark. Where the mark itself is damaged, nothing may be
// taken for torn, and the mark is the size.
func (j *journal) readHead(size int64) (durableTo int64, err error) {
	var head [journalHead]byte
	if _, err := j.file.ReadAt(head[:], 0); err != nil && !errors.Is(err, io.EOF) {
		return 0, fmt.Errorf("devchain: read journal: %w", err)
	}
	if size < journalHead || string(head[:len(journalName)]) != journalName {
		return 0, fmt.Errorf("devchain: the journal does not begin like one: %w", sinso.ErrCorrupt)
	}
	if v := head[len(journalName)]; v != journalVersion {
		return 0, fmt.Errorf("devchain: the journal has version %d, this program knows %d: %w", v, journalVersion, sinso.ErrUnsupported)
	}
	end := int64(binary.BigEndian.Uint64(head[16:])) //nolint:gosec // a negative one fails the comparison below
	if string(mark(end)) != string(head[16:]) || end < journalHead {
		return size, nil
	}
	return end, nil
}

// readAt returns the payload of the record at offset, which must be of the given number.
func (j *journal) readAt(offset int64, number uint64, size int64) ([]byte, error) {
	damaged := fmt.Errorf("devchain: the journal is damaged at block %d; nothing was changed; restore the journal from a backup: %w", number, sinso.ErrCorrupt)
	var head [recordHead]byte
	if size-offset < recordHead {
		return nil, damaged
	}
	if _, err := j.file.ReadAt(head[:], offset); err != nil {
		return nil, fmt.Errorf("devchain: read journal at block %d: %w", number, err)
	}
	length := int64(binary.BigEndian.Uint32(head[:]))
	if length > maxRecord || length > size-offset-recordHead {
		return nil, damaged
	}
	record := make([]byte, length)
	if _, err := j.file.ReadAt(record, offset+recordHead); err != nil {
		return nil, fmt.Errorf("devchain: read journal at block %d: %w", number, err)
	}
	if string(frame(number, record)[:recordHead]) != string(head[:]) {
		return nil, damaged
	}
	return record, nil
}

// read returns the payload of a record that openJournal has seen.
func (j *journal) read(number uint64) ([]byte, error) {
	return j.readAt(j.offsets[number], number, j.end)
}

// last returns the number of the newest record.
func (j *journal) last() uint64 { return uint64(len(j.offsets)) - 1 }

// append makes the next record durable. After a failure to sync, or to take a
// failed write back, the journal takes nothing more until it is opened again: it
// is not known what the disk holds.
func (j *journal) append(payload []byte) error {
	if j.broken != nil {
		return fmt.Errorf("devchain: the journal failed before and takes no more blocks until the chain is opened again: %w: %w", j.broken, sinso.ErrUnavailable)
	}
	record := frame(uint64(len(j.offsets)), payload)
	if _, err := j.file.WriteAt(record, j.end); err != nil {
		j.broken = j.file.Truncate(j.end)
		return fmt.Errorf("devchain: write journal: %w: %w", err, sinso.ErrUnavailable)
	}
	if err := durable.Datasync(j.file); err != nil {
		j.broken = errors.Join(err, j.file.Truncate(j.end))
		return fmt.Errorf("devchain: sync journal: %w: %w", err, sinso.ErrUnavailable)
	}
	j.offsets = append(j.offsets, j.end)
	j.end += int64(len(record))
	// The block is durable without its mark; the next one is not begun.
	j.broken = j.writeMark()
	return nil
}

func (j *journal) writeMark() error {
	_, err := j.file.WriteAt(mark(j.end), 16)
	return err
}

func (j *journal) close() error {
	if err := j.file.Close(); err != nil {
		return fmt.Errorf("devchain: close journal: %w", err)
	}
	return nil
}

// frame returns a whole record.
func frame(number uint64, payload []byte) []byte {
	record := make([]byte, 0, recordHead+len(payload))
	record = binary.BigEndian.AppendUint32(record, uint32(len(payload))) //nolint:gosec // blocks are under maxRecord
	record = binary.BigEndian.AppendUint64(record, number)
	hash := sha256.New()
	hash.Write(record)
	hash.Write(payload)
	return append(hash.Sum(record), payload...)
}

// mark returns the mark's 16 bytes.
func mark(end int64) []byte {
	text := binary.BigEndian.AppendUint64(nil, uint64(end)) //nolint:gosec // a file's size
	sum := sha256.Sum256(text)
	return append(text, sum[:8]...)
}
