package deidrun

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/durable"
)

// The kinds of lines in the journal.
const (
	kindSession = 's' // a process begins: {}
	kindRecord  = 'r' // one input: record
	kindChanges = 'c' // a list of changes; records name it by where it begins
	kindFace    = 'f' // what was decided about a series: judged
	kindWhole   = 'w' // every entry of a zip has its record: {"id"}
)

// headBytes are before the body of a line: kind, CRC-32 (IEEE) of kind and body in hex,
// each with a blank behind it.
const headBytes = 1 + 1 + 8 + 1

// journal is the file in which a run enters what is done. It is appended to by one
// goroutine; a line that is not whole ends it, and all behind that is done again.
type journal struct {
	file *os.File
	end  int64 // of the lines that are whole
	out  bytes.Buffer
}

// line is one line.
type line struct {
	at   int64
	kind byte
	body []byte // valid until the next
}

func openJournal(path string) (*journal, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // the run's own folder
	if err != nil {
		return nil, fmt.Errorf("deid: the journal of the run cannot be opened: %w: %w", bare(err), sinso.ErrUnavailable)
	}
	return &journal{file: file}, nil
}

// each calls fn with each line from an offset on, and takes the last that is whole
// for the end.
func (j *journal) each(from int64, fn func(line) error) error {
	in := bufio.NewReaderSize(io.NewSectionReader(j.file, from, 1<<62), 1<<20)
	at := from
	for {
		text, err := readLine(in)
		l, whole := parseLine(text)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("deid: the journal of the run cannot be read: %w: %w", bare(err), sinso.ErrUnavailable)
		}
		if !whole {
			j.end = at
			return nil
		}
		l.at = at
		if err := fn(l); err != nil {
			return err
		}
		at += int64(len(text))
	}
}

// readLine returns a line with its end, valid until the next call.
func readLine(in *bufio.Reader) ([]byte, error) {
	text, err := in.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return text, err //nolint:wrapcheck // the caller says what was read
	}
	long := bytes.Clone(text)
	for errors.Is(err, bufio.ErrBufferFull) {
		text, err = in.ReadSlice('\n')
		long = append(long, text...)
	}
	return long, err //nolint:wrapcheck // the caller says what was read
}

func parseLine(text []byte) (l line, whole bool) {
	if len(text) <= headBytes || text[len(text)-1] != '\n' {
		return l, false
	}
	body := text[headBytes : len(text)-1]
	if string(text[1:headBytes]) != fmt.Sprintf(" %08x ", checksum(text[0], body)) {
		return l, false
	}
	return line{kind: text[0], body: body}, true
}

func checksum(kind byte, body []byte) uint32 {
	return crc32.Update(crc32.ChecksumIEEE([]byte{kind}), crc32.IEEETable, body)
}

// truncate cuts off what is not whole, before anything is appended.
func (j *journal) truncate() error {
	if err := j.file.Truncate(j.end); err != nil {
		return fmt.Errorf("deid: the journal of the run cannot be written: %w: %w", bare(err), sinso.ErrUnavailable)
	}
	return nil
}

// add adds a line to the next flush and returns where it will begin.
func (j *journal) add(kind byte, body []byte) int64 {
	at := j.end + int64(j.out.Len())
	j.out.WriteByte(kind)
	fmt.Fprintf(&j.out, " %08x ", checksum(kind, body))
	j.out.Write(body)
	j.out.WriteByte('\n')
	return at
}

// flush writes the lines that were added, durably if asked to. If it
// cannot, none of them is there.
func (j *journal) flush(durably bool) error {
	n, err := j.file.WriteAt(j.out.Bytes(), j.end)
	if err == nil && durably {
		err = durable.Datasync(j.file)
	}
	j.out.Reset()
	if err != nil {
		_ = j.file.Truncate(j.end) // what stays is cut off by the next run
		return fmt.Errorf("deid: the journal of the run cannot be written: %w: %w", bare(err), sinso.ErrUnavailable)
	}
	j.end += int64(n)
	return nil
}

// bodyAt returns the body of the line at an offset.
func (j *journal) bodyAt(at int64) ([]byte, error) {
	text, err := readLine(bufio.NewReaderSize(io.NewSectionReader(j.file, at, 1<<62), 16<<10))
	l, whole := parseLine(text)
	if !whole {
		return nil, fmt.Errorf("deid: the journal of the run is damaged: %w", errors.Join(err, sinso.ErrCorrupt))
	}
	return bytes.Clone(l.body), nil
}

func (j *journal) close() error {
	if err := j.file.Close(); err != nil {
		return fmt.Errorf("deid: the journal of the run: %w: %w", bare(err), sinso.ErrUnavailable)
	}
	return nil
}
