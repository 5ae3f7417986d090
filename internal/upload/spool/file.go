package spool

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/fee"
	"sinso.dev/sinso/internal/durable"
)

const (
	magic       = "sinso-upload-1\n"
	wrapLabel   = "sinso/upload/v1"
	recordLabel = "sinso/upload/record/v1"

	maxWrapped = 4 << 10 // bytes of a wrapped key
	saltBytes  = 16
	prefix     = 1 + saltBytes + 4 // kind, salt, length of the envelope

	// partBytes is how many plain bytes a part has at most: what is held in memory of an
	// upload, and synced at once.
	partBytes = 2 << 20
	// maxText bounds what is no part: its JSON has names of bounded length, and lists of
	// bounded number.
	maxText = 1 << 20
)

// kind is what a record holds.
type kind byte

const (
	kindInfo    kind = 1 // the first: JSON of info
	kindPart    kind = 2 // the next plain bytes
	kindOutcome kind = 3 // JSON of outcome, after which nothing follows
)

// part is where a part of the plain bytes is.
type part struct {
	plain  int64 // its first byte in the upload
	size   int64 // plain bytes
	at     int64 // of its envelope in the file
	length int64 // of the envelope
	salt   [saltBytes]byte
}

// info is what is known of an upload before its first byte.
type info struct {
	Number   uint64         `json:"number"`
	Owner    string         `json:"owner"`
	Actor    string         `json:"actor"`
	Batch    string         `json:"batch,omitempty"`
	Person   sinso.PersonID `json:"person,omitempty"`
	Research bool           `json:"research,omitempty"`
	Ask      bool           `json:"ask,omitempty"`
	Name     string         `json:"name,omitempty"`
	Type     string         `json:"type,omitempty"`
	Size     int64          `json:"size"`
	Created  time.Time      `json:"created"`
}

func infoOf(u sinso.Upload) info {
	return info{
		Number: u.Number, Owner: u.Owner, Actor: u.Actor, Batch: u.Batch, Person: u.Person, Research: u.Research, Ask: u.Ask,
		Name: u.Name.Reveal(), Type: u.Type.Reveal(), // into the sealed record
		Size: u.Size, Created: u.Created,
	}
}

func (i info) upload(id sinso.UploadID) sinso.Upload {
	return sinso.Upload{
		ID: id, Number: i.Number, Owner: i.Owner, Actor: i.Actor, Batch: i.Batch, Person: i.Person, Research: i.Research, Ask: i.Ask,
		Name: sinso.NewPHI(i.Name), Type: sinso.NewPHI(i.Type), Size: i.Size, Created: i.Created, State: sinso.UploadReceiving,
	}
}

// recordKey is the key of one record: no two records of a file have the same, for each
// has a salt, and none fits at another place.
func recordKey(cek sinso.CEK, k kind, plain int64, salt [saltBytes]byte) sinso.CEK {
	mac := hmac.New(sha256.New, cek[:])
	mac.Write([]byte(recordLabel))
	mac.Write([]byte{byte(k)})
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(plain))) //nolint:gosec // never negative
	mac.Write(salt[:])
	return sinso.CEK(mac.Sum(nil))
}

// base is that of the nonces of a record, whose key is used for nothing else.
func base(salt [saltBytes]byte) [7]byte { return [7]byte(salt[:7]) }

// seal appends a record to dst and says where its envelope is in it.
func (s *Spool) seal(dst []byte, cek sinso.CEK, k kind, offset int64, plain []byte) ([]byte, part, error) {
	p := part{plain: offset, size: int64(len(plain))}
	if _, err := io.ReadFull(s.cfg.Rand, p.salt[:]); err != nil {
		return nil, p, fmt.Errorf("upload: randomness: %w: %w", sinso.ErrUnavailable, err)
	}
	envelope, err := fee.Seal(recordKey(cek, k, offset, p.salt), base(p.salt), plain)
	if err != nil {
		return nil, p, fmt.Errorf("upload: seal: %w", err)
	}
	p.length = int64(len(envelope))
	dst = append(append(dst, byte(k)), p.salt[:]...)
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(envelope))) //nolint:gosec // a part and its header
	p.at = int64(len(dst))
	return append(dst, envelope...), p, nil
}

func wrapInfo(id sinso.UploadID) []byte { return []byte(wrapLabel + string(id)) }

// write makes the file of an entry under a fresh key: its info and, if it is done, what
// became of it. It replaces a file that is there, whose key goes with it.
func (s *Spool) write(ctx context.Context, e *entry, done *outcome) error {
	var cek sinso.CEK
	if _, err := io.ReadFull(s.cfg.Rand, cek[:]); err != nil {
		return fmt.Errorf("upload: randomness: %w: %w", sinso.ErrUnavailable, err)
	}
	wrapped, err := s.cfg.Keys.Wrap(ctx, sinso.KeyNode, cek, wrapInfo(e.upload.ID))
	if err != nil {
		return fmt.Errorf("upload: wrap the key: %w", err)
	}
	b := binary.BigEndian.AppendUint16([]byte(magic), uint16(len(wrapped.Wrapped))) //nolint:gosec // about 1,200
	b = append(b, wrapped.Wrapped...)
	if b, err = s.sealJSON(b, cek, kindInfo, infoOf(e.upload)); err != nil {
		return err
	}
	put := durable.CreateFile
	if done != nil {
		put = durable.WriteFile
		if b, err = s.sealJSON(b, cek, kindOutcome, done); err != nil {
			return err
		}
	}
	if err := put(s.path(e.upload.ID), b, 0o600); err != nil {
		return fmt.Errorf("upload: write: %w", failed(err))
	}
	e.cek, e.end = cek, int64(len(b))
	return nil
}

func (s *Spool) sealJSON(dst []byte, cek sinso.CEK, k kind, v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("upload: %w", err)
	}
	if len(text) > maxText {
		return nil, fmt.Errorf("upload: names of %d bytes: %w", len(text), sinso.ErrInvalid)
	}
	dst, _, err = s.seal(dst, cek, k, 0, text)
	return dst, err
}

// outcome is what is kept of an upload that is done.
type outcome struct {
	sinso.UploadOutcome
	At time.Time `json:"at"`
}

func corrupt(why string) error { return fmt.Errorf("upload: the file %s: %w", why, sinso.ErrCorrupt) }

// isID reports whether a file's name is that of an upload.
func isID(name string) bool {
	digits, ok := strings.CutPrefix(name, idPrefix)
	raw, err := encoding().DecodeString(digits)
	return ok && err == nil && len(raw) == idBytes
}

// read reads an entry's file: its info, where its parts are, and what became of it. Only
// the last part is opened: every part was synced before the next was begun, so no other
// can be torn.
func (s *Spool) read(ctx context.Context, id sinso.UploadID) (*entry, error) {
	if !isID(string(id)) {
		return nil, corrupt("has no name of an upload")
	}
	file, err := os.OpenFile(s.path(id), os.O_RDWR, 0)
	if err != nil {
		return nil, fmt.Errorf("upload: open: %w", failed(err))
	}
	stat, err := file.Stat()
	if err == nil && !stat.Mode().IsRegular() {
		err = corrupt("is none")
	}
	var e *entry
	if err == nil {
		e, err = s.parse(ctx, id, file, stat.Size())
	}
	if err == nil && e.end < stat.Size() { // torn, and not acknowledged
		err = file.Truncate(e.end)
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("upload: read: %w", err)
	}
	if e.touched.IsZero() {
		e.touched = stat.ModTime()
	}
	return e, nil
}

// parse reads an entry from a file of size bytes.
func (s *Spool) parse(ctx context.Context, id sinso.UploadID, file io.ReaderAt, size int64) (*entry, error) {
	cek, at, err := s.readKey(ctx, id, file)
	if err != nil {
		return nil, err
	}
	k, p, ok := readRecord(file, at, size, 0)
	var i info
	if !ok || k != kindInfo || openJSON(file, cek, kindInfo, p, &i) != nil || i.Size < 0 || i.Owner == "" {
		return nil, corrupt("does not say what it is")
	}
	e := &entry{upload: i.upload(id), cek: cek, end: p.at + p.length}
	for {
		k, p, ok := readRecord(file, e.end, size, e.upload.Offset)
		switch {
		case !ok || k == kindInfo || (k == kindPart && p.size > i.Size-e.upload.Offset):
			return e, e.last(file)
		case k == kindOutcome:
			var done outcome
			if len(e.parts) > 0 || openJSON(file, cek, kindOutcome, p, &done) != nil {
				return e, e.last(file)
			}
			done.Shorten()
			e.upload.State, e.upload.Outcome, e.touched = sinso.UploadDone, done.UploadOutcome, done.At
			e.upload.Offset, e.end = i.Size, p.at+p.length
			return e, nil
		}
		e.parts = append(e.parts, p)
		e.upload.Offset, e.end = e.upload.Offset+p.size, p.at+p.length
	}
}

// last takes the last part out if it does not open.
func (e *entry) last(file io.ReaderAt) error {
	if len(e.parts) == 0 {
		return nil
	}
	p := e.parts[len(e.parts)-1]
	_, err := openRecord(file, e.cek, kindPart, p, nil)
	if errors.Is(err, sinso.ErrCorrupt) {
		e.parts = e.parts[:len(e.parts)-1]
		e.upload.Offset, e.end = p.plain, p.at-prefix
		return nil
	}
	return err
}

// readKey reads what stands before the records.
func (s *Spool) readKey(ctx context.Context, id sinso.UploadID, file io.ReaderAt) (cek sinso.CEK, after int64, err error) {
	var head [len(magic) + 2]byte
	if _, err := file.ReadAt(head[:], 0); err != nil || !bytes.HasPrefix(head[:], []byte(magic)) {
		return cek, 0, corrupt("is none of version 1")
	}
	n := int(binary.BigEndian.Uint16(head[len(magic):]))
	if n > maxWrapped {
		return cek, 0, corrupt("has a key of a wrong size")
	}
	wrapped := make([]byte, n)
	if _, err := file.ReadAt(wrapped, int64(len(head))); err != nil {
		return cek, 0, corrupt("ends in its key")
	}
	cek, err = s.cfg.Keys.Unwrap(ctx, sinso.WrappedKey{To: sinso.KeyNode, Wrapped: wrapped}, wrapInfo(id))
	if err != nil {
		return cek, 0, fmt.Errorf("upload: unwrap the key: %w", err)
	}
	return cek, int64(len(head) + n), nil
}

// readRecord reads where a record is, whose first plain byte is that of the upload at
// plain. What is not whole, or cannot be a record, is none.
func readRecord(file io.ReaderAt, at, size, plain int64) (k kind, p part, ok bool) {
	var head [prefix + 256]byte // an envelope's header has about 100 bytes
	n, _ := file.ReadAt(head[:min(int64(len(head)), max(0, size-at))], at)
	if n < prefix {
		return 0, p, false
	}
	k = kind(head[0])
	copy(p.salt[:], head[1:])
	p.plain, p.at, p.length = plain, at+prefix, int64(binary.BigEndian.Uint32(head[1+saltBytes:]))
	header, err := fee.ParseHeader(head[prefix:n])
	if err != nil || p.length != header.EnvelopeSize() || p.length > size-p.at {
		return 0, p, false
	}
	p.size = header.Size
	switch k {
	case kindPart:
		return k, p, p.size > 0 && p.size <= partBytes
	case kindInfo, kindOutcome:
		return k, p, p.size <= maxText
	}
	return 0, p, false
}

// openRecord opens a record into buffer's memory, as far as there is room.
func openRecord(file io.ReaderAt, cek sinso.CEK, k kind, p part, buffer []byte) ([]byte, error) {
	if int64(cap(buffer)) < p.length {
		buffer = make([]byte, p.length)
	}
	envelope := buffer[:p.length]
	if _, err := file.ReadAt(envelope, p.at); err != nil {
		return nil, fmt.Errorf("upload: read a part: %w", failed(err))
	}
	plain, err := fee.OpenInPlace(recordKey(cek, k, p.plain, p.salt), envelope)
	if err != nil {
		return nil, fmt.Errorf("upload: open a part: %w", err)
	}
	return plain, nil
}

func openJSON(file io.ReaderAt, cek sinso.CEK, k kind, p part, into any) error {
	p.plain = 0
	plain, err := openRecord(file, cek, k, p, nil)
	if err != nil {
		return err
	}
	if json.Unmarshal(plain, into) != nil {
		return corrupt("has a record that is no JSON")
	}
	return nil
}
