package ingest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/ingest"
)

// inParts reads bytes as a large file.
func inParts(t *testing.T, name string, data []byte) (record sinso.Record, err error) {
	t.Helper()
	walkErr := ingest.Walker{Large: 1}.File(t.Context(), bytes.NewReader(data), int64(len(data)), sinso.NewPHI(name), func(f ingest.Found) error {
		if f.Item.Content == nil || f.Item.Bytes != nil || f.Item.Size() != int64(len(data)) {
			t.Errorf("%s: not in parts", name)
		}
		record, err = ingest.Read(f.Item)
		return nil
	})
	if walkErr != nil {
		t.Fatal(walkErr)
	}
	return record, err
}

// wantSame checks that an object is one thing, held in memory or read in parts.
func wantSame(t *testing.T, name string, data []byte) {
	t.Helper()
	whole, err := ingest.Read(sinso.Item{Bytes: data, Name: sinso.NewPHI(name)})
	parts, partsErr := inParts(t, name, data)
	if fmt.Sprint(err) != fmt.Sprint(partsErr) {
		t.Errorf("%s: held: %v, in parts: %v", name, err, partsErr)
	}
	if err != nil || partsErr != nil {
		return
	}
	if diff := cmp.Diff(headerOf(whole), headerOf(parts)); diff != "" {
		t.Errorf("%s: another header: %s", name, diff)
	}
	if !bytes.Equal(whole.Metadata, parts.Metadata) {
		t.Errorf("%s: other metadata: %s, want %s", name, parts.Metadata, whole.Metadata)
	}
	one, err := ingest.ReadNote(whole)
	two, partsErr := ingest.ReadNote(parts)
	if !cmp.Equal(one, two) || fmt.Sprint(err) != fmt.Sprint(partsErr) {
		t.Errorf("%s: another note: %v, %v, want %v, %v", name, two, partsErr, one, err)
	}
	if parts.Bytes != nil && !bytes.Equal(parts.Bytes, data) {
		t.Errorf("%s: other bytes", name)
	}
}

func headerOf(r sinso.Record) map[string]string {
	h := reveal(r.Header)
	h["rest"] = fmt.Sprint(r.Kind, r.Header.Derived, r.Header.Deidentified, r.Header.InstanceNumber, r.Header.Frames, r.Header.Rows, r.Header.Columns)
	return h
}

// TestLargeIsReadAsAnyOther: of every kind of object, and of what is none.
func TestLargeIsReadAsAnyOther(t *testing.T) {
	t.Parallel()
	whole := object(t, nil)
	noise := bytes.Repeat([]byte("noise "), 2000)
	for name, data := range map[string][]byte{
		"explicit":    whole,
		"implicit":    objectIn(t, dicom.ImplicitLittleEndian, nil),
		"big endian":  objectIn(t, dicom.ExplicitBigEndian, nil),
		"deflated":    objectIn(t, deflated, nil),
		"no meta":     objectIn(t, dicom.ImplicitLittleEndian, nil)[132:],
		"no UIDs":     object(t, func(ds *dicom.Dataset) { ds.Remove(0x00080018); ds.Remove(0x0020000D); ds.Remove(0x0020000E) })[0:],
		"no pixels":   object(t, func(ds *dicom.Dataset) { ds.Remove(pixelData) }),
		"many pixels": object(t, func(ds *dicom.Dataset) { ds.Set(dicom.DataElement{Tag: pixelData, VR: "OW", Value: noise}) }),
		"long text":   object(t, func(ds *dicom.Dataset) { ds.SetString(0x00104000, "LT", string(noise)) }),
		"derivative": object(t, func(ds *dicom.Dataset) {
			ds.SetString(0x00120062, "CS", "YES")
			ds.SetString(0x00120063, "LO", "SINSO_1 x")
		}),
		"directory":    object(t, func(ds *dicom.Dataset) { ds.SetString(0x00080016, "UI", "1.2.840.10008.1.3.10") }),
		"key objects":  object(t, func(ds *dicom.Dataset) { ds.SetString(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.88.59") }),
		"long ID":      object(t, func(ds *dicom.Dataset) { ds.SetString(patientID, "LO", string(noise)) }),
		"cut off":      whole[:len(whole)-8],
		"cut in a UID": whole[:300],
		"nested":       nested(70),
		"a zip inside": append(make([]byte, 0), zipOf(t, entry{name: "x", data: whole})[1:]...),
		"text":         []byte("Dear doctor,\n"),
		"._IM1":        []byte("\x00\x05\x16\x07"),
		"one byte":     {1, 2},
	} {
		wantSame(t, name, data)
	}
}

// TestPydicomsFilesAreReadInPartsAsAnyOther does so with pydicom's own.
func TestPydicomsFilesAreReadInPartsAsAnyOther(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("reads the files of pydicom, which -short leaves out")
	}
	n := 0
	err := ingest.Walk(t.Context(), []string{filepath.Join(pydicomData, "test_files"), filepath.Join(pydicomData, "charset_files")}, func(f ingest.Found) error {
		if n++; f.Item.Size() > 1 {
			wantSame(t, strings.TrimPrefix(f.Item.Name.Reveal(), pydicomData+"/"), f.Item.Bytes)
		}
		return nil
	})
	if err != nil || n < 170 {
		t.Errorf("%d files, %v: install the Debian package python3-pydicom", n, err)
	}
}

// changing is a file that is another one from a reading on.
type changing struct {
	now, then []byte
	reads     int // until it changes
	broken    error
}

func (c *changing) ReadAt(p []byte, offset int64) (int, error) {
	if c.reads--; c.reads < 0 {
		if c.broken != nil {
			return 0, c.broken
		}
		c.now = c.then
	}
	return bytes.NewReader(c.now).ReadAt(p, offset)
}

// TestAFileThatChangesIsNotTaken: between two readings a byte changes, or there are fewer, or
// more; or it cannot be read any more. What was read before was as it said.
func TestAFileThatChangesIsNotTaken(t *testing.T) {
	t.Parallel()
	data := bytes.Repeat(object(t, nil), 3000) // some MiB
	changed := bytes.Clone(data)
	for i := range changed {
		changed[i] ^= 1
	}
	for name, tt := range map[string]struct {
		then   []byte
		broken error
		says   string
	}{
		"other bytes":    {changed, nil, "changed while it was read"},
		"one byte fewer": {data[:len(data)-1], nil, "changed while it was read"},
		"one byte more":  {append(bytes.Clone(data), 0), nil, "changed while it was read"},
		"not readable":   {data, &os.PathError{Op: "read", Path: "/cd/DOE^JANE", Err: errors.New("input/output error")}, "cannot be read to its end (input/output error)"},
	} {
		for reads := range 1 + 2*(len(data)>>20+1) {
			file := &changing{now: data, then: tt.then, broken: tt.broken, reads: reads + 1} // the first one is for a zip
			err := ingest.Walker{Large: 1}.File(t.Context(), file, int64(len(data)), sinso.PHI[string]{}, func(f ingest.Found) error {
				var once, again bytes.Buffer
				err := ingest.Copy(&once, f.Item.Content)
				if err == nil {
					err = ingest.Copy(&again, f.Item.Content)
				}
				if !bytes.HasPrefix(once.Bytes(), again.Bytes()) {
					t.Errorf("%s: the second time other bytes were read", name)
				}
				return err
			})
			var refusal *ingest.RefusalError
			wantsRefusal := reads < 2*(len(data)>>20+1) && (reads > 0 || name != "other bytes") // else they are so from the first on
			if wantsRefusal != errors.As(err, &refusal) || wantsRefusal && (refusal.Reason != ingest.ReasonUnreadable || !strings.Contains(refusal.Detail, tt.says) || strings.Contains(refusal.Detail, "DOE")) {
				t.Errorf("%s, after %d readings: got %v", name, reads, err)
			}
		}
	}
}

// TestALargeFileEndsWithItsContext: whoever stops an import does not wait for its end.
func TestALargeFileEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	data := object(t, nil)
	err := ingest.Walker{Large: 1}.File(ctx, bytes.NewReader(data), int64(len(data)), sinso.PHI[string]{}, func(f ingest.Found) error {
		cancel()
		_, err := ingest.Read(f.Item)
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want canceled", err)
	}
}

// huge is a file that begins with some bytes, and has zeros behind them.
type huge struct{ head []byte }

func (h huge) ReadAt(p []byte, offset int64) (int, error) {
	clear(p)
	if offset < int64(len(h.head)) {
		copy(p, h.head[offset:])
	}
	return len(p), nil
}

// ends is a reader of so many bytes.
type ends struct {
	io.ReaderAt
	size int64
}

func (e ends) ReadAt(p []byte, offset int64) (int, error) {
	if left := e.size - offset; left < int64(len(p)) {
		n, _ := e.ReaderAt.ReadAt(p[:max(0, left)], offset)
		return n, io.EOF
	}
	return e.ReaderAt.ReadAt(p, offset)
}

// TestWhatMemoryCannotHoldIsRefused: two gigabytes of what can only be read whole, and more
// than one object may have.
func TestWhatMemoryCannotHoldIsRefused(t *testing.T) {
	t.Parallel()
	const size = 2 << 30
	withPixels := func(syntax, class string) []byte {
		data := objectIn(t, syntax, func(ds *dicom.Dataset) {
			ds.SetString(0x00080016, "UI", class)
			ds.Set(dicom.DataElement{Tag: pixelData, VR: "OW", Value: make([]byte, 32)})
		})
		if syntax == deflated {
			return data
		}
		head := data[:len(data)-36]
		rest := size - int64(len(head)) - 4
		return append(head, byte(rest), byte(rest>>8), byte(rest>>16), byte(rest>>24))
	}
	for name, tt := range map[string]struct {
		head   []byte
		size   int64
		reason sinso.Reason
	}{
		"deflated":    {withPixels(deflated, "1.2.840.10008.5.1.4.1.1.2"), size, ingest.ReasonUnsupported},
		"key objects": {withPixels(dicom.ExplicitLittleEndian, "1.2.840.10008.5.1.4.1.1.88.59"), size, ingest.ReasonUnsupported},
		"an image":    {withPixels(dicom.ExplicitLittleEndian, "1.2.840.10008.5.1.4.1.1.2"), size, ""},
		"too large":   {withPixels(dicom.ExplicitLittleEndian, "1.2.840.10008.5.1.4.1.1.2"), 64<<30 + 1, ingest.ReasonTooLarge},
	} {
		var reason sinso.Reason
		err := ingest.Walker{Large: ingest.Large}.File(t.Context(), ends{huge{tt.head}, tt.size}, tt.size, sinso.PHI[string]{}, func(f ingest.Found) error {
			if f.Refusal != nil {
				reason = f.Refusal.Reason
				return nil //nolint:nilerr // it is what is wanted
			}
			_, err := ingest.Read(f.Item)
			var refusal *ingest.RefusalError
			if errors.As(err, &refusal) {
				reason, err = refusal.Reason, nil
			}
			return err
		})
		if err != nil || reason != tt.reason {
			t.Errorf("%s: got %q, %v, want %q", name, reason, err, tt.reason)
		}
	}
}
