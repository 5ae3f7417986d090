package dicomweb

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

const (
	// partsFrom is from how many bytes on an object is read in parts, where that will do:
	// below, all of it costs little more.
	partsFrom = 8 << 20
	// wholeTo is up to how many bytes an object is written in another form: for that it is
	// read whole.
	wholeTo = 1 << 30
	// partBytes is what one who reads in parts holds: a block, a chunk, and what is copied.
	partBytes = 2 << 20
	copyBytes = 256 << 10 // at once: what is sealed opens in such chunks

	headFirst, headLast = 64 << 10, 1 << 20 // bytes in which a header is looked for
)

// native are the transfer syntaxes whose frames lie in the file as they are given out.
var native = map[string]bool{dicom.ExplicitLittleEndian: true, dicom.ImplicitLittleEndian: true}

// framesInParts sends frames out of a large object without reading the rest of it, and
// reports whether it did: if not, it has to be read whole, which also says what is wrong
// with it.
func (c *call) framesInParts(row sinso.InstanceRow, numbers []int, how form) (done bool, err error) {
	if row.Size < partsFrom || !native[row.Syntax] || how.syntax != "" && how.syntax != row.Syntax {
		return false, nil
	}
	parts, file, err := c.header(row)
	if err != nil || file == nil {
		return false, err
	}
	_, length, err := file.NativeFrame(0)
	need := length * int64(len(numbers))
	if err != nil || need > row.Size/2 {
		return false, nil
	}
	release, err := c.hold(need + partBytes)
	if err != nil {
		return false, err
	}
	defer release()
	frames := make([][]byte, 0, len(numbers))
	for _, n := range numbers {
		offset, length, err := file.NativeFrame(n - 1)
		if err != nil || offset+length > row.Size {
			return false, nil
		}
		frame := make([]byte, length)
		if n, err := parts.ReadAt(frame, offset); n < len(frame) {
			return false, damaged(row, cut(err))
		}
		frames = append(frames, frame)
	}
	return true, c.sendFrames(frames, how)
}

// header opens an object to be read in parts, and reads its header: nil if it is not found.
func (c *call) header(row sinso.InstanceRow) (io.ReaderAt, *dicom.File, error) {
	release, err := c.hold(partBytes) // given back before more is waited for
	if err != nil {
		return nil, nil, err
	}
	defer release()
	parts, err := c.cfg.Archive.ReadAt(c.ctx(), row)
	if err != nil {
		return nil, nil, err
	}
	return parts, head(parts, row.Size), nil
}

// head reads the header of an object, nil if it is not found.
func head(parts io.ReaderAt, size int64) *dicom.File {
	for n := int64(headFirst); n <= headLast; n *= 4 {
		b := make([]byte, min(n, size))
		if m, err := parts.ReadAt(b, 0); m < len(b) || err != nil && !errors.Is(err, io.EOF) {
			return nil
		}
		if file, err := dicom.ReadHeader(b); err == nil {
			return file
		}
	}
	return nil
}

// cut says of an object that ends early that it is damaged.
func cut(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return fmt.Errorf("it is shorter than the index says: %w", sinso.ErrCorrupt)
	}
	return err
}

// hold waits for memory.
func (c *call) hold(bytes int64) (release func(), err error) {
	weight := min(bytes, maxMemory)
	if err := c.memory.Acquire(c.ctx(), weight); err != nil {
		return nil, fmt.Errorf("dicomweb: wait for memory: %w", err)
	}
	return func() { c.memory.Release(weight) }, nil
}

// sendInParts answers with one large object as it is stored, while it is read.
func (c *call) sendInParts(row sinso.InstanceRow) error {
	release, err := c.hold(partBytes)
	if err != nil {
		return err
	}
	defer release()
	parts, err := c.cfg.Archive.ReadAt(c.ctx(), row)
	if err != nil {
		return err
	}
	h := c.w.Header()
	h.Set("Content-Type", dicomType+"; transfer-syntax="+row.Syntax)
	h.Set("Content-Length", strconv.FormatInt(row.Size, 10))
	c.w.WriteHeader(http.StatusOK)
	return copyParts(c.w, parts, row)
}

// copyParts writes all of an object that is read in parts.
func copyParts(w io.Writer, parts io.ReaderAt, row sinso.InstanceRow) error {
	part := make([]byte, copyBytes)
	for at := int64(0); at < row.Size; at += int64(len(part)) {
		part = part[:min(copyBytes, row.Size-at)]
		if n, err := parts.ReadAt(part, at); n < len(part) {
			return damaged(row, cut(err))
		}
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return nil
}
