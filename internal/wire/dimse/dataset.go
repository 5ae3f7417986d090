package dimse

import (
	"encoding/binary"
	"fmt"
	"io"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

const (
	preambleBytes = 128 // PS3.10 §7.1
	metaLengthEnd = preambleBytes + 4 + 12
)

// fileHead appends preamble, prefix and file meta information (PS3.10 §7.1) to b.
// Empty class and instance are left out.
func fileHead(b []byte, class, instance, syntax string) []byte {
	start := len(b)
	b = append(b, make([]byte, preambleBytes)...)
	b = append(b, "DICM\x02\x00\x00\x00UL\x04\x00\x00\x00\x00\x00"...)
	b = append(b, "\x02\x00\x01\x00OB\x00\x00\x02\x00\x00\x00\x00\x01"...)
	b = metaText(b, 0x0002, "UI", class)
	b = metaText(b, 0x0003, "UI", instance)
	b = metaText(b, 0x0010, "UI", syntax)
	b = metaText(b, 0x0012, "UI", dicom.ImplementationClassUID)
	b = metaText(b, 0x0013, "SH", dicom.ImplementationVersionName)
	end := start + metaLengthEnd
	binary.LittleEndian.PutUint32(b[end-4:], uint32(len(b)-end)) //nolint:gosec // some hundred bytes
	return b
}

// metaText appends an element of group 0002, if it has a value.
func metaText(b []byte, element uint16, vr, value string) []byte {
	if value == "" {
		return b
	}
	b = binary.LittleEndian.AppendUint16(append(b, 2, 0), element)
	b = append(b, vr...)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(value)+len(value)%2)) //nolint:gosec // 64 at most
	b = append(b, value...)
	if len(value)%2 == 1 {
		pad := byte(0)
		if vr == "SH" {
			pad = ' '
		}
		b = append(b, pad)
	}
	return b
}

// decodeDataset reads a data set in the transfer syntax.
func decodeDataset(syntax string, data []byte) (dicom.Dataset, error) {
	file := append(fileHead(make([]byte, 0, 512+len(data)), "", "", syntax), data...)
	f, err := dicom.Read(file)
	if err != nil {
		return dicom.Dataset{}, fmt.Errorf("dimse: data set of a message: %w", err)
	}
	ds, err := f.Tree()
	if err != nil {
		return dicom.Dataset{}, fmt.Errorf("dimse: data set of a message: %w", err)
	}
	return ds, nil
}

// encodeDataset writes a data set in the transfer syntax.
func encodeDataset(syntax string, ds dicom.Dataset) ([]byte, error) {
	file, err := dicom.Encode(syntax, ds)
	if err != nil {
		return nil, fmt.Errorf("dimse: data set of a message: %w", err)
	}
	return file[metaLengthEnd+int(binary.LittleEndian.Uint32(file[metaLengthEnd-4:])):], nil
}

// Object is an object to be sent: its encoded data set as it is.
type Object struct {
	SOPClass, SOPInstance, Syntax string
	Priority                      Priority
	Data                          []byte    // the data set
	Reader                        io.Reader // the data set, if Data is empty: read once, in parts of a PDU
}

// ParseObject returns the object of a Part 10 file. Data is a part of it. It is
// ErrInvalid if b is no DICOM file with SOP Class UID, SOP Instance UID and
// transfer syntax, ErrCorrupt if it is damaged.
func ParseObject(b []byte) (*Object, error) {
	f, err := dicom.ReadHeader(b)
	if err != nil {
		return nil, fmt.Errorf("dimse: object: %w", err)
	}
	o := &Object{
		SOPClass: f.String(0x00080016), SOPInstance: f.String(0x00080018),
		Syntax: f.Syntax().UID,
	}
	if o.SOPClass == "" {
		o.SOPClass = f.MetaString(0x00020002)
	}
	if o.SOPInstance == "" {
		o.SOPInstance = f.MetaString(0x00020003)
	}
	switch meta := f.Meta(); {
	case len(meta) > 0:
		last := meta[len(meta)-1]
		o.Data = b[last.Offset+last.Length:]
	case len(b) >= preambleBytes+4 && string(b[preambleBytes:preambleBytes+4]) == "DICM":
		o.Data = b[preambleBytes+4:]
	default:
		o.Data = b
	}
	return o, o.check()
}

// check refuses what cannot be sent.
func (o *Object) check() error {
	if !validUID(o.SOPClass) || !validInstance(o.SOPInstance) || !validUID(o.Syntax) || len(o.Data) == 0 && o.Reader == nil {
		return fmt.Errorf("dimse: object: SOP class, SOP instance, transfer syntax or data set is missing or wrong: %w", sinso.ErrInvalid)
	}
	return nil
}

// validInstance reports whether the text can be a SOP Instance UID: a UID, or what
// some devices make in its place.
func validInstance(uid string) bool {
	if uid == "" || len(uid) > maxUID {
		return false
	}
	for _, c := range []byte(uid) {
		if c <= ' ' || c > '~' || c == '\\' || c == '?' {
			return false
		}
	}
	return true
}
