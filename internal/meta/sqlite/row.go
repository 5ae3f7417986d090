package sqlite

import (
	"encoding/binary"
	"fmt"
	"time"

	"sinso.dev/sinso"
)

// The packed form of the archive's rows (docs/formats.md, "index"): the fields in
// a fixed order, each a number or bytes behind their length. A field that is added
// comes last, and is zero in rows that were written before.

// packer appends fields.
type packer []byte

func (p *packer) number(v int64) { *p = binary.AppendVarint(*p, v) }

func (p *packer) text(s string) {
	*p = binary.AppendUvarint(*p, uint64(len(s)))
	*p = append(*p, s...)
}

func (p *packer) bytes(b []byte) {
	*p = binary.AppendUvarint(*p, uint64(len(b)))
	*p = append(*p, b...)
}

func (p *packer) time(at time.Time) {
	p.number(at.Unix())
	p.number(int64(at.Nanosecond()))
}

func (p *packer) keys(keys []sinso.WrappedKey) {
	p.number(int64(len(keys)))
	for _, k := range keys {
		p.text(string(k.To))
		p.bytes(k.Wrapped)
	}
}

// unpacker takes the fields off again. All text of a row shares one string, so
// that a row costs few allocations.
type unpacker struct {
	all string
	at  int
	bad bool
}

func (u *unpacker) number() int64 {
	v, n := varint(u.all[u.at:])
	u.bad = u.bad || n < 0
	u.at += max(n, 0)
	return v
}

// varint is [binary.Varint] on text; n is 0 at its end and negative if it is cut off.
func varint(s string) (v int64, n int) {
	var x uint64
	for i := range min(len(s), binary.MaxVarintLen64) {
		x |= uint64(s[i]&0x7F) << (7 * i)
		if s[i] < 0x80 {
			return int64(x>>1) ^ -int64(x&1), i + 1
		}
	}
	if s == "" {
		return 0, 0
	}
	return 0, -1
}

func (u *unpacker) text() string {
	length, n := uvarint(u.all[u.at:])
	if n < 0 || length > uint64(len(u.all)-u.at-n) { //nolint:gosec // n bytes of it were read
		u.bad, u.at = true, len(u.all)
		return ""
	}
	from := u.at + n
	u.at = from + int(length) //nolint:gosec // at most what is left
	return u.all[from:u.at]
}

// uvarint is [binary.Uvarint] on text, with n as of varint.
func uvarint(s string) (v uint64, n int) {
	for i := range min(len(s), binary.MaxVarintLen64) {
		v |= uint64(s[i]&0x7F) << (7 * i)
		if s[i] < 0x80 {
			return v, i + 1
		}
	}
	if s == "" {
		return 0, 0
	}
	return 0, -1
}

func (u *unpacker) bytes() []byte {
	s := u.text()
	if s == "" {
		return nil
	}
	return []byte(s)
}

func (u *unpacker) time() time.Time {
	seconds := u.number()
	return time.Unix(seconds, u.number()).UTC()
}

// smallestKey is how many bytes a wrapped key has at least.
const smallestKey = 2

func (u *unpacker) keys() []sinso.WrappedKey {
	n := u.number()
	if n < 0 || n > int64(len(u.all)-u.at)/smallestKey {
		u.bad = true
		return nil
	}
	keys := make([]sinso.WrappedKey, n)
	for i := range keys {
		keys[i].To = sinso.KeyID(u.text())
		keys[i].Wrapped = u.bytes()
	}
	return keys
}

func (u *unpacker) err() error {
	if u.bad {
		return fmt.Errorf("meta: a row cannot be read: %w", sinso.ErrCorrupt)
	}
	return nil
}

// packStudy packs all but what the index counts.
func packStudy(row sinso.StudyRow) ([]byte, error) {
	seq, err := number(row.ImportSeq)
	if err != nil {
		return nil, err
	}
	p := make(packer, 0, 512+len(row.Header))
	for _, s := range []string{
		string(row.ID), string(row.Person), row.UID, row.PatientID, row.PatientName, row.Date, row.Time,
		row.Accession, row.Description, string(row.Origin), string(row.Manifest),
	} {
		p.text(s)
	}
	p.number(int64(row.Tier))
	p.number(int64(row.Listed))
	p.number(seq)
	p.time(row.Imported)
	p.keys(row.Keys)
	p.bytes(row.Header)
	return p, nil
}

func unpackStudy(b []byte) (sinso.StudyRow, error) {
	u := unpacker{all: string(b)}
	row := sinso.StudyRow{
		ID: sinso.StudyID(u.text()), Person: sinso.PersonID(u.text()), UID: u.text(),
		PatientID: u.text(), PatientName: u.text(), Date: u.text(), Time: u.text(),
		Accession: u.text(), Description: u.text(), Origin: sinso.Origin(u.text()), Manifest: sinso.CID(u.text()),
		Tier: sinso.Tier(u.number()), Listed: int(u.number()), //nolint:gosec // as packed
		ImportSeq: uint64(u.number()), Imported: u.time(), //nolint:gosec // as packed, never negative
		Keys: u.keys(), Header: u.bytes(),
	}
	return row, u.err()
}

// packSeries packs all but what the index counts.
func packSeries(row sinso.SeriesRow) []byte {
	p := make(packer, 0, 128+len(row.Header))
	for _, s := range []string{string(row.ID), string(row.Study), row.UID, row.Modality, row.BodyPart, row.Description} {
		p.text(s)
	}
	p.bytes(row.Header)
	return p
}

func unpackSeries(b []byte) (sinso.SeriesRow, error) {
	u := unpacker{all: string(b)}
	row := sinso.SeriesRow{
		ID: sinso.SeriesID(u.text()), Study: sinso.StudyID(u.text()), UID: u.text(),
		Modality: u.text(), BodyPart: u.text(), Description: u.text(), Header: u.bytes(),
	}
	return row, u.err()
}

// packInstance packs what is in no column of its own or of its series and study.
func packInstance(row sinso.InstanceRow) []byte {
	p := make(packer, 0, 512)
	for _, s := range []string{row.Fingerprint, row.SOPClass, row.Syntax, string(row.CID), string(row.Origin)} {
		p.text(s)
	}
	for _, n := range []int64{int64(row.Frames), int64(row.Rows), int64(row.Columns), row.Size, int64(row.Tier)} {
		p.number(n)
	}
	p.keys(row.Keys)
	p.text(string(row.Deidentified))
	return p
}

func unpackInstance(b []byte, row *sinso.InstanceRow) error {
	u := unpacker{all: string(b)}
	row.Fingerprint, row.SOPClass, row.Syntax = u.text(), u.text(), u.text()
	row.CID, row.Origin = sinso.CID(u.text()), sinso.Origin(u.text())
	row.Frames, row.Rows, row.Columns = int(u.number()), int(u.number()), int(u.number())
	row.Size, row.Tier = u.number(), sinso.Tier(u.number()) //nolint:gosec // as packed
	row.Keys = u.keys()
	row.Deidentified = sinso.Deidentified(u.text())
	return u.err()
}
