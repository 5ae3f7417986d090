package dicom_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	dicomjson "sinso.dev/sinso/internal/format/dicom/json"
)

// sameInParts says in what an object that is read in parts differs from one that is read
// whole; "" if in nothing.
func sameInParts(b []byte) string {
	whole, err := dicom.Read(b)
	parts, partsErr := dicom.ReadFrom(bytes.NewReader(b), int64(len(b)))
	if partsErr != nil && strings.Contains(partsErr.Error(), "is not read in parts") {
		return "" // a deflated data set
	}
	switch {
	case (err == nil) != (partsErr == nil), err != nil && err.Error() != partsErr.Error():
		return "whole: " + said(err) + ", in parts: " + said(partsErr)
	case err != nil:
		return ""
	case whole.Syntax() != parts.Syntax():
		return "another transfer syntax"
	case whole.Deidentified() != parts.Deidentified():
		return "another de-identification"
	}
	for _, tag := range []dicom.Tag{0x00080016, 0x00080018, 0x00100010, 0x00280008, 0x00280010, 0x00280030, 0x00104000, 0x0020000D} {
		if whole.String(tag) != parts.String(tag) || whole.MetaString(tag) != parts.MetaString(tag) {
			return "another value of " + tag.String()
		}
	}
	if len(whole.Meta()) != len(parts.Meta()) {
		return "other file meta information"
	}
	for i, e := range whole.Meta() {
		if other := parts.Meta()[i]; e.Tag != other.Tag || e.Length != other.Length || !bytes.Equal(whole.Value(e), parts.Value(other)) {
			return "another " + e.Tag.String()
		}
	}
	options := dicomjson.Options{BulkURI: func(path string) string { return "bulk/" + path }}
	one, err := dicomjson.Encode(whole, options)
	two, partsErr := dicomjson.Encode(parts, options)
	if said(err) != said(partsErr) || !bytes.Equal(one, two) {
		return "other metadata: " + string(one) + " and " + string(two)
	}
	return ""
}

func said(err error) string {
	if err == nil {
		return "no error"
	}
	return err.Error()
}

// large are objects whose bulk data is not held.
func large(tb testing.TB) map[string][]byte {
	tb.Helper()
	noise := bytes.Repeat([]byte{1, 2, 3, 0}, 5000)
	fragments := unknown(pixelData, "OB")
	fragments = head(fragments, item, 0)
	for range 3 {
		fragments = append(head(fragments, item, uint32(len(noise))), noise...)
	}
	fragments = head(fragments, sequenceEnd, 0)
	last := put(nil, 0x00100010, "PN", "DOE^SYNTHETIC ")
	private := append(append(head(nil, 0x00190010, 18), "SIEMENS MR HEADER "...), append(head(nil, 0x0019100C, uint32(len(noise))), noise...)...)
	cut := part10(dicom.ExplicitLittleEndian, append(put(nil, 0x00091010, "OB", string(noise)), put(nil, pixelData, "OW", string(noise))...))
	return map[string][]byte{
		"native":          part10(dicom.ExplicitLittleEndian, append(append(bytes.Clone(last), put(nil, pixelData, "OW", string(noise))...), put(nil, 0xFFFCFFFC, "OB", string(noise))...)),
		"fragments":       part10("1.2.840.10008.1.2.4.50", append(append(bytes.Clone(last), fragments...), put(nil, 0xFFFCFFFC, "OB", "\x00\x00")...)),
		"cut fragments":   part10("1.2.840.10008.1.2.4.50", fragments[:len(fragments)-20]),
		"no delimiter":    part10("1.2.840.10008.1.2.4.50", fragments[:len(fragments)-8]),
		"cut off":         cut[:len(cut)-7],
		"binary values":   part10(dicom.ExplicitLittleEndian, append(put(nil, 0x00091010, "OB", string(noise)), put(nil, 0x00091011, "UN", string(noise))...)),
		"UN that is text": part10(dicom.ExplicitLittleEndian, put(nil, 0x00104000, "UN", strings.Repeat("long ", 3000))),
		"UN that is FD":   part10(dicom.ExplicitLittleEndian, put(nil, 0x00189087, "UN", string(noise))),
		"text":            part10(dicom.ExplicitLittleEndian, put(nil, 0x00104000, "UT", strings.Repeat("long ", 3000))),
		"private":         part10(dicom.ImplicitLittleEndian, private),
		"UN of items":     part10(dicom.ExplicitLittleEndian, put(nil, 0x00091010, "UN", string(append(head(nil, item, uint32(len(noise))+12), put(nil, 0x00091010, "OB", string(noise))...)))),
		"UN, nearly":      part10(dicom.ExplicitLittleEndian, put(nil, 0x00091010, "UN", string(append(append(head(nil, item, 14), last[:14]...), noise...)))),
		"padding":         append(part10(dicom.ExplicitLittleEndian, last), make([]byte, 20_000)...),
		"no padding":      append(append(part10(dicom.ImplicitLittleEndian, last), make([]byte, 20_000)...), 1, 0, 2, 0, 0, 0, 0, 0),
		"odd padding":     append(append(part10(dicom.ImplicitLittleEndian, last), make([]byte, 20_003)...), 1),
		"big endian":      mustEncode(tb, dicom.ExplicitBigEndian, ct(200)),
		"long UID":        part10(strings.Repeat("1.2.", 200), last),
		"long charset":    part10(dicom.ExplicitLittleEndian, put(nil, 0x00080005, "OB", strings.Repeat(`ISO_IR 100\`, 400))),
		"two pixels":      part10(dicom.ExplicitLittleEndian, append(put(nil, pixelData, "OW", string(noise)), put(nil, pixelData, "OW", "ab")...)),
	}
}

// TestReadFromSaysWhatReadSays: of what is not held only the bytes are missing.
func TestReadFromSaysWhatReadSays(t *testing.T) {
	t.Parallel()
	for name, b := range large(t) {
		if why := sameInParts(b); why != "" {
			t.Errorf("%s: %.300s", name, why)
		}
		for at := 0; at < len(b); at += 1 + len(b)/97 {
			if why := sameInParts(b[:at]); why != "" {
				t.Errorf("%s, cut at %d: %.300s", name, at, why)
			}
		}
	}
}

// FuzzReadFrom compares reading in parts with reading whole, on anything.
func FuzzReadFrom(f *testing.F) {
	seeds(f)
	for _, b := range large(f) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if why := sameInParts(b); why != "" {
			t.Error(why)
		}
	})
}

// sparse is a file of zeros with bytes at places.
type sparse struct {
	size int64
	at   map[int64][]byte
	read int64 // bytes in all
}

func (s *sparse) ReadAt(p []byte, offset int64) (int, error) {
	clear(p)
	n := len(p)
	if offset+int64(n) > s.size {
		n = int(max(0, s.size-offset))
	}
	for at, b := range s.at {
		if from := max(at, offset); from < min(at+int64(len(b)), offset+int64(n)) {
			copy(p[from-offset:n], b[from-at:])
		}
	}
	s.read += int64(n)
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// TestReadFromReadsWhatMemoryHoldsNot: an object beyond four gigabytes, of which a few
// thousand bytes are read; what follows its pixels too.
func TestReadFromReadsWhatMemoryHoldsNot(t *testing.T) {
	t.Parallel()
	const frame = 3 << 30
	begin := part10("1.2.840.10008.1.2.4.90", append(put(nil, 0x00100010, "PN", "DOE^SYNTHETIC "), head(head(unknown(pixelData, "OB"), item, 0), item, frame)...))
	second, end := int64(len(begin))+frame, int64(len(begin))+2*frame+8
	last := append(head(nil, sequenceEnd, 0), put(nil, 0xFFFCFFFC, "OB", "ab")...)
	from := &sparse{size: end + int64(len(last)), at: map[int64][]byte{0: begin, second: head(nil, item, frame), end: last}}
	file, err := dicom.ReadFrom(from, from.size)
	if err != nil {
		t.Fatal(err)
	}
	if got := file.String(0x00100010); got != "DOE^SYNTHETIC" || from.read > 64<<10 {
		t.Errorf("the name is %q, %d bytes were read", got, from.read)
	}
	if _, ok := file.Find(0xFFFCFFFC); !ok {
		t.Error("what follows the pixels is not there")
	}
	if _, err := file.Frames(); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("frames that are not held: got %v, want invalid", err)
	}
	from.at[second] = head(nil, item, frame+1) // beyond the delimiter
	if _, err := dicom.ReadFrom(from, from.size); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("a fragment that is too long: got %v, want corrupt", err)
	}
}

// TestReadFromHoldsNoMoreThanItMay: text without end is refused before it is held.
func TestReadFromHoldsNoMoreThanItMay(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string][]byte{
		"one text":      put(nil, 0x00104000, "UT", ""),
		"file meta":     nil,
		"many of 1 KiB": put(nil, 0x00091010, "OB", ""),
	} {
		size := int64(3 << 30)
		from := &sparse{size: size, at: map[int64][]byte{}}
		switch name {
		case "one text":
			b := part10(dicom.ExplicitLittleEndian, begin)
			b[len(b)-4], b[len(b)-3], b[len(b)-2], b[len(b)-1] = 0, 0, 0, 0x80
			from.at[0] = b
		case "file meta":
			from.at[0] = append(append(make([]byte, 128), "DICM"...), head(nil, 0x00020010, 1<<31)...)
		default:
			from.at[0] = part10(dicom.ExplicitLittleEndian, nil)
			var many []byte
			for range 70 << 10 {
				many = put(many, 0x00091010, "OB", strings.Repeat("x", 1024))
			}
			from.at[int64(len(from.at[0]))] = many
		}
		if _, err := dicom.ReadFrom(from, size); !errors.Is(err, sinso.ErrUnsupported) {
			t.Errorf("%s: got %v, want unsupported", name, err)
		}
		if from.read > 128<<20 {
			t.Errorf("%s: %d bytes were read", name, from.read)
		}
	}
}

// TestReadFromPassesOnWhyItCannotRead: it is not damage of the object.
func TestReadFromPassesOnWhyItCannotRead(t *testing.T) {
	t.Parallel()
	b := large(t)["native"]
	for at := range int64(len(b)) {
		file, err := dicom.ReadFrom(failing{bytes.NewReader(b), at}, int64(len(b)))
		if file == nil && !errors.Is(err, errFailing) || file != nil && at < 4096 {
			t.Errorf("failing from byte %d on: got %v", at, err)
		}
	}
}

var errFailing = errors.New("failing")

// failing fails where more than its first bytes are read.
type failing struct {
	io.ReaderAt
	good int64
}

func (f failing) ReadAt(p []byte, offset int64) (int, error) {
	if offset+int64(len(p)) > f.good {
		return 0, errFailing
	}
	return f.ReaderAt.ReadAt(p, offset)
}
