package pack

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"sinso.dev/sinso"
)

// scanner walks the headers and tables of a log from its beginning. It is used
// when a log is opened and when it is checked.
type scanner struct {
	id logID
	// vouched is how far something says that the log was acknowledged: the mark,
	// and whatever later header the scan meets.
	vouched sinso.Position
	next    sinso.Position // of the batch that is due
	chain   digest         // seal of the batch before it
	lost    bool           // chain is not known: something before was unreadable
	bad     []badPlace
	// payloads says from which position on payloads are read and checked.
	payloads sinso.Position
	// found is called with each batch whose frames are sound, and the index of its
	// segment. What is bad in it or before it is in s.bad by then.
	found func(segment int, b batch) error
	// read is called with the bytes that were gone through.
	read func(n int64)
	buf  []byte // for payloads
}

// badPlace is damage that may turn out to be a torn tail.
type badPlace struct {
	Damage
	segment int
	cut     int64          // where its batch begins
	from    sinso.Position // of its batch
	payload bool           // only a payload is damaged: all frames are sound
}

// batch is a batch whose header and table are sound.
type batch struct {
	batchHeader
	seal   digest
	offset int64
	rows   []row
	kept   int64 // bytes of the list of kept payloads
}

// payload returns the offset of the payload of the n-th entry.
func (b batch) payload(n int) int64 {
	offset := b.offset + b.tableEnd() + b.kept
	for _, r := range b.rows[:n] {
		offset += r.stored()
	}
	return offset
}

// stored returns how many bytes the batch has in the log.
func (b batch) stored() int64 { return b.payload(len(b.rows)) - b.offset }

// segment walks one segment. Only a failure to read at all is an error; damage goes
// to s.bad.
func (s *scanner) segment(i int, seg *segment) error {
	w := seg.window()
	if err := s.header(i, seg, w); err != nil {
		return err
	}
	offset := int64(segmentHeaderBytes)
	for offset < w.size {
		b, why, err := s.batch(w, offset)
		if err != nil {
			return err
		}
		if why == "" && b.position < s.next {
			why = "a batch stands where it does not belong"
		}
		if why != "" {
			to, err := s.resync(w, offset+1)
			if err != nil {
				return err
			}
			s.spoil(i, seg, offset, to-offset, why)
			s.lost, offset = true, to
			continue
		}
		if err := s.accept(i, seg, w, b); err != nil {
			return err
		}
		offset += b.stored()
	}
	return nil
}

func (s *scanner) spoil(i int, seg *segment, offset, length int64, why string) {
	s.bad = append(s.bad, badPlace{Damage{
		File: segmentName(seg.number), Offset: offset, Length: length, Position: s.next, Why: why,
	}, i, offset, s.next, false})
}

// header checks the segment's header.
func (s *scanner) header(i int, seg *segment, w *window) error {
	raw, err := w.bytes(0, segmentHeaderBytes)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	h, parseErr := parseSegmentHeader(raw)
	switch {
	case err != nil || parseErr != nil:
		s.spoil(i, seg, 0, segmentHeaderBytes, "the segment's header does not match its checksum")
		seg.first, s.lost = s.next, true
		w.condensed = true // as its first batch says, if it can be read
		_, unlike := readBatch(w, segmentHeaderBytes, s.id)
		w.condensed = unlike == nil
		seg.condensed = w.condensed
		return nil //nolint:nilerr // what does not read is damage, and told as such
	case h.id != s.id || h.number != seg.number:
		s.spoil(i, seg, 0, segmentHeaderBytes, "the segment belongs to another log or another place")
		seg.first, s.lost = s.next, true
		seg.condensed, w.condensed = h.condensed, h.condensed
		return nil
	case h.first < s.next || (!s.lost && (h.first != s.next || h.chain != s.chain)):
		s.spoil(i, seg, 0, 0, fmt.Sprintf("entries %d to %d before this segment are missing or changed", s.next, h.first))
	}
	s.next, s.chain, s.lost = max(s.next, h.first), h.chain, false
	seg.first, seg.chain, seg.condensed = s.next, h.chain, h.condensed
	w.condensed = h.condensed
	s.vouched = max(s.vouched, h.first)
	return nil
}

// batch reads header and table at offset; why says what is wrong with them.
func (s *scanner) batch(w *window, offset int64) (b batch, why string, err error) {
	b, err = readBatch(w, offset, s.id)
	switch {
	case err == nil:
		return b, "", nil
	case errors.Is(err, io.ErrUnexpectedEOF):
		return b, "the batch is cut off", nil
	case errors.Is(err, errFormat):
		return b, "the batch does not match its checksum", nil
	}
	return b, "", err
}

// readBatch reads header and table at offset: errFormat if they do not match
// their checksums, io.ErrUnexpectedEOF if the file ends before the batch.
func readBatch(w *window, offset int64, id logID) (b batch, err error) {
	raw, err := w.bytes(offset, batchHeaderBytes)
	if err != nil {
		return b, err
	}
	b.offset = offset
	if b.batchHeader, b.seal, err = parseBatchHeader(raw, id); err != nil {
		return b, err
	}
	if raw, err = w.bytes(offset+batchHeaderBytes, int(b.count)*tableEntryBytes); err != nil {
		return b, err
	}
	if b.rows, err = parseTable(b.batchHeader, raw); err != nil {
		return b, err
	}
	if w.condensed {
		if raw, err = w.bytes(offset+b.tableEnd(), keptBytes(b.count)); err != nil {
			return b, err
		}
		b.kept = int64(len(raw))
		if err := parseKept(raw, b.rows, id, b.seal); err != nil {
			return b, err
		}
	}
	if b.stored() > w.size-offset {
		return b, io.ErrUnexpectedEOF
	}
	return b, nil
}

// accept takes a batch whose header and table are sound.
func (s *scanner) accept(i int, seg *segment, w *window, b batch) error {
	s.vouched = max(s.vouched, b.watermark)
	if b.position > s.next && !s.lost {
		s.spoil(i, seg, b.offset, 0, fmt.Sprintf("entries %d to %d before this place are missing", s.next, b.position))
	} else if !s.lost && b.chain != s.chain {
		s.spoil(i, seg, b.offset, b.stored(), "the batch does not follow from the one before it")
	}
	s.next = b.position // where spoil sees its payloads
	if b.end() > s.payloads {
		if err := s.verify(i, seg, b, w.size); err != nil {
			return err
		}
	} else if s.read != nil {
		s.read(b.stored())
	}
	s.next, s.chain, s.lost = b.end(), b.seal, false
	return s.found(i, b)
}

// verify reads the payloads of a batch against their digests.
func (s *scanner) verify(i int, seg *segment, b batch, size int64) error {
	offset := b.payload(0)
	h := sha256.New()
	if s.buf == nil {
		s.buf = make([]byte, 16<<10)
	}
	for n, r := range b.rows {
		h.Reset()
		if r.kind != sinso.EntryDelete && !r.dropped {
			m, err := io.CopyBuffer(h, io.NewSectionReader(seg.file, offset, int64(r.length)), s.buf)
			if err != nil {
				return err
			}
			if m != int64(r.length) || offset+m > size || !bytes.Equal(h.Sum(nil), r.digest[:]) {
				s.spoil(i, seg, offset, int64(r.length), "stored bytes do not match their checksum")
				last := &s.bad[len(s.bad)-1]
				last.Position, last.CID = b.entry(n), r.cid()
				last.cut, last.payload = b.offset, true
			}
		}
		offset += r.stored()
	}
	if s.read != nil {
		s.read(b.stored())
	}
	return nil
}

// resync finds the next sound batch from offset on, or returns the size.
func (s *scanner) resync(w *window, offset int64) (int64, error) {
	const piece = 1 << 20
	raw := make([]byte, piece)
	for offset < w.size {
		raw = raw[:min(piece, w.size-offset)]
		if err := readFull(w.file, raw, offset); err != nil {
			return 0, err
		}
		for at := 0; ; at++ {
			hit := bytes.Index(raw[at:], []byte(batchMagic))
			if hit < 0 {
				break
			}
			at += hit
			b, err := readBatch(w, offset+int64(at), s.id)
			if err == nil && b.position >= s.next {
				return b.offset, nil
			}
			if err != nil && !errors.Is(err, errFormat) && !errors.Is(err, io.ErrUnexpectedEOF) {
				return 0, err
			}
		}
		if len(raw) < piece {
			break
		}
		offset += piece - int64(len(batchMagic)) + 1 // the magic may lie across two pieces
	}
	return w.size, nil
}
