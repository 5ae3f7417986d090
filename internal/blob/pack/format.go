package pack

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"sinso.dev/sinso"
)

// The bytes are described in docs/formats.md, "journal". All integers are big
// endian. Every byte is under a SHA-256: payloads under the digest in their
// table entry, the table under the batch header, the header under its own seal,
// and the seal of one batch is in the header of the next.
const (
	segmentHeaderBytes = 96
	batchHeaderBytes   = 128
	tableEntryBytes    = 40
	markBytes          = 96

	segmentMagic   = "SNS\x01"
	condensedMagic = "SNS\x02"
	batchMagic     = "SNB\x01"
	markMagic      = "SNM\x01"
)

// Limits of one batch, so that a damaged or hostile header asks for no more
// memory than this.
const (
	MaxEntryBytes   = 64 << 20 // of one entry's data
	MaxBatchEntries = 1 << 16  // of one Append
	MaxBatchBytes   = 1 << 30  // of one Append, framing included
)

// logID is a random name of one log. It goes into every seal, so that no bytes
// inside a block can pass for a batch of this log.
type logID [16]byte

// digest is a SHA-256.
type digest = [sha256.Size]byte

// errFormat says that bytes are not in the format, or not under their seal.
var errFormat = errors.New("bytes do not match their checksum")

func seal(label string, id logID, b []byte) digest {
	h := sha256.New()
	h.Write([]byte(label))
	h.Write(id[:])
	h.Write(b)
	return digest(h.Sum(nil))
}

const (
	segmentLabel = "sinso/journal-segment/v1"
	batchLabel   = "sinso/journal-batch/v1"
	keptLabel    = "sinso/journal-kept/v1"
	markLabel    = "sinso/journal-mark/v1"
)

// segmentHeader begins a segment. It is written and synced before any batch
// behind it, and after every batch of the segment before it was synced.
type segmentHeader struct {
	number uint32
	first  sinso.Position // of the first batch in it
	id     logID
	chain  digest // seal of the last batch before it
	// condensed says that a list of the payloads that are there follows each table.
	condensed bool
}

func (h segmentHeader) bytes() []byte {
	b, magic := make([]byte, 0, segmentHeaderBytes), segmentMagic
	if h.condensed {
		magic = condensedMagic
	}
	b = append(b, magic...)
	b = binary.BigEndian.AppendUint32(b, h.number)
	b = binary.BigEndian.AppendUint64(b, uint64(h.first))
	b = append(b, h.id[:]...)
	b = append(b, h.chain[:]...)
	sum := seal(segmentLabel, h.id, b)
	return append(b, sum[:]...)
}

func parseSegmentHeader(b []byte) (h segmentHeader, err error) {
	if len(b) != segmentHeaderBytes {
		return h, errFormat
	}
	h.condensed = string(b[:4]) == condensedMagic
	h.number = binary.BigEndian.Uint32(b[4:])
	h.first = sinso.Position(binary.BigEndian.Uint64(b[8:]))
	h.id, h.chain = logID(b[16:32]), digest(b[32:64])
	if !bytes.Equal(h.bytes(), b) {
		return segmentHeader{}, errFormat
	}
	return h, nil
}

// mark says how far the log was durable when it was written: after each sync. It
// is not synced itself (but now and then), so after loss of power it may be
// older than the log, never newer.
type mark struct {
	segment  uint32 // number of the last segment; 0 if there is none yet
	position sinso.Position
	id       logID
	chain    digest // seal of the batch that ends at position
}

func (m mark) bytes() []byte {
	b := make([]byte, 0, markBytes)
	b = append(b, markMagic...)
	b = binary.BigEndian.AppendUint32(b, m.segment)
	b = binary.BigEndian.AppendUint64(b, uint64(m.position))
	b = append(b, m.id[:]...)
	b = append(b, m.chain[:]...)
	sum := seal(markLabel, m.id, b)
	return append(b, sum[:]...)
}

func parseMark(b []byte) (m mark, err error) {
	if len(b) != markBytes {
		return m, errFormat
	}
	m.segment = binary.BigEndian.Uint32(b[4:])
	m.position = sinso.Position(binary.BigEndian.Uint64(b[8:]))
	m.id, m.chain = logID(b[16:32]), digest(b[32:64])
	if !bytes.Equal(m.bytes(), b) {
		return mark{}, errFormat
	}
	return m, nil
}

// batchHeader begins a batch. Behind it come the table, one row for each entry,
// and the payloads in the same order.
type batchHeader struct {
	count     uint32
	position  sinso.Position // of the first entry
	length    int64          // of the whole batch
	watermark sinso.Position // everything before it was durable when this was written
	chain     digest         // seal of the batch before
	table     digest         // of the table
}

func (h batchHeader) bytes(id logID) (b []byte, sum digest) {
	b = make([]byte, 0, batchHeaderBytes)
	b = append(b, batchMagic...)
	b = binary.BigEndian.AppendUint32(b, h.count)
	b = binary.BigEndian.AppendUint64(b, uint64(h.position))
	b = binary.BigEndian.AppendUint64(b, uint64(h.length)) //nolint:gosec // lengths are not negative
	b = binary.BigEndian.AppendUint64(b, uint64(h.watermark))
	b = append(b, h.chain[:]...)
	b = append(b, h.table[:]...)
	sum = seal(batchLabel, id, b)
	return append(b, sum[:]...), sum
}

// parseBatchHeader checks the seal and the limits; the table and the payloads
// may still be damaged.
func parseBatchHeader(b []byte, id logID) (h batchHeader, sum digest, err error) {
	if len(b) != batchHeaderBytes || string(b[:4]) != batchMagic {
		return h, sum, errFormat
	}
	length := binary.BigEndian.Uint64(b[16:])
	if length > MaxBatchBytes {
		return h, sum, errFormat
	}
	h = batchHeader{
		count: binary.BigEndian.Uint32(b[4:]), position: sinso.Position(binary.BigEndian.Uint64(b[8:])),
		length: int64(length), watermark: sinso.Position(binary.BigEndian.Uint64(b[24:])),
		chain: digest(b[32:64]), table: digest(b[64:96]),
	}
	again, sum := h.bytes(id)
	if !bytes.Equal(again, b) || h.count == 0 || h.count > MaxBatchEntries || h.tableEnd() > h.length {
		return batchHeader{}, sum, errFormat
	}
	return h, sum, nil
}

// tableEnd is the length of header and table.
func (h batchHeader) tableEnd() int64 { return batchHeaderBytes + int64(h.count)*tableEntryBytes }

// end is the position after the batch.
func (h batchHeader) end() sinso.Position { return h.position + sinso.Position(h.count) }

// row describes one entry in a batch's table.
type row struct {
	kind   sinso.EntryKind
	codec  sinso.Codec // of blocks and deletions, else 0
	length uint32      // of the payload
	digest digest      // of the payload; of a deletion, the CID's
	// dropped says that the payload of a block is not in the log any more.
	dropped bool
}

// stored returns how many bytes of the payload are in the log.
func (r row) stored() int64 {
	if r.dropped {
		return 0
	}
	return int64(r.length)
}

func (r row) append(b []byte) []byte {
	b = append(b, byte(r.kind), byte(r.codec), 0, 0)
	b = binary.BigEndian.AppendUint32(b, r.length)
	return append(b, r.digest[:]...)
}

// cid returns the CID of a block or a deletion, and "" of anything else.
func (r row) cid() sinso.CID {
	if r.codec == 0 {
		return ""
	}
	return sinso.CIDOfDigest(r.codec, r.digest)
}

// key returns what the index knows a block by.
func (r row) key() key {
	var k key
	k[0] = byte(r.codec)
	copy(k[1:], r.digest[:])
	return k
}

// parseTable reads the rows of a batch whose header is sound.
func parseTable(h batchHeader, b []byte) ([]row, error) {
	if sha256.Sum256(b) != h.table {
		return nil, errFormat
	}
	rows := make([]row, 0, h.count)
	length := h.tableEnd()
	for ; len(b) >= tableEntryBytes; b = b[tableEntryBytes:] {
		r := row{
			kind: sinso.EntryKind(b[0]), codec: sinso.Codec(b[1]),
			length: binary.BigEndian.Uint32(b[4:]), digest: digest(b[8:tableEntryBytes]),
		}
		if b[2] != 0 || b[3] != 0 || !r.valid() {
			return nil, errFormat
		}
		length += int64(r.length)
		rows = append(rows, r)
	}
	if length != h.length {
		return nil, errFormat
	}
	return rows, nil
}

// keptBytes is the length of the list of kept payloads of a batch: a bit for each
// entry and a seal.
func keptBytes(entries uint32) int { return (int(entries)+7)/8 + sha256.Size }

// appendKept appends the list of kept payloads of a batch that has this seal. Bit n,
// counted from the lowest of the first byte, is 1 if the n-th payload is there.
func appendKept(b []byte, rows []row, id logID, batch digest) []byte {
	bits := make([]byte, (len(rows)+7)/8)
	for n, r := range rows {
		if !r.dropped {
			bits[n/8] |= 1 << (n % 8)
		}
	}
	sum := seal(keptLabel, id, append(batch[:], bits...))
	return append(append(b, bits...), sum[:]...)
}

// parseKept notes in rows what a list of kept payloads says.
func parseKept(b []byte, rows []row, id logID, batch digest) error {
	for n := range rows {
		rows[n].dropped = b[n/8]&(1<<(n%8)) == 0
		if rows[n].dropped && rows[n].kind != sinso.EntryBlock {
			return errFormat
		}
	}
	if !bytes.Equal(appendKept(nil, rows, id, batch), b) {
		return errFormat
	}
	return nil
}

func (r row) valid() bool {
	named := r.codec == sinso.CodecRaw || r.codec == sinso.CodecDagPB
	switch r.kind {
	case sinso.EntryBlock:
		return named && r.length <= MaxEntryBytes
	case sinso.EntryEvent, sinso.EntryLeaf:
		return r.codec == 0 && r.length <= MaxEntryBytes
	case sinso.EntryDelete:
		return named && r.length == 0
	default:
		return false
	}
}

// rowOf checks an entry that is to be written and describes it.
func rowOf(e sinso.JournalEntry) (row, error) {
	if len(e.Data) > MaxEntryBytes {
		return row{}, fmt.Errorf("journal: entry of %d bytes, at most %d: %w", len(e.Data), MaxEntryBytes, sinso.ErrInvalid)
	}
	switch e.Kind {
	case sinso.EntryBlock, sinso.EntryDelete:
		return namedRow(e)
	case sinso.EntryEvent, sinso.EntryLeaf:
		if e.CID != "" {
			return row{}, fmt.Errorf("journal: an entry of kind %d has no CID: %w", e.Kind, sinso.ErrInvalid)
		}
		return row{kind: e.Kind, length: uint32(len(e.Data)), digest: sha256.Sum256(e.Data)}, nil //nolint:gosec // bounded by MaxEntryBytes
	default:
		return row{}, fmt.Errorf("journal: no entry of kind %d: %w", e.Kind, sinso.ErrInvalid)
	}
}

func namedRow(e sinso.JournalEntry) (row, error) {
	k, err := keyOf(e.CID)
	if err != nil {
		return row{}, err
	}
	r := row{kind: e.Kind, codec: sinso.Codec(k[0]), length: uint32(len(e.Data)), digest: digest(k[1:])} //nolint:gosec // bounded by MaxEntryBytes
	if e.Kind == sinso.EntryDelete && len(e.Data) > 0 {
		return row{}, fmt.Errorf("journal: a deletion has no data: %w", sinso.ErrInvalid)
	}
	if e.Kind == sinso.EntryBlock && !e.Fresh && sha256.Sum256(e.Data) != r.digest {
		return row{}, fmt.Errorf("journal: block %s: bytes do not match their CID: %w", e.CID, sinso.ErrInvalid)
	}
	return r, nil
}

// key is a CID in the index: codec and digest.
type key [1 + sha256.Size]byte

func keyOf(cid sinso.CID) (key, error) {
	if _, err := sinso.ParseCID(string(cid)); err != nil {
		return key{}, err
	}
	b, err := cid.Bytes()
	if err != nil {
		return key{}, err
	}
	var k key
	k[0] = b[1]
	copy(k[1:], b[len(b)-sha256.Size:])
	return k, nil
}

func (k key) cid() sinso.CID { return sinso.CIDOfDigest(sinso.Codec(k[0]), digest(k[1:])) }
