package dicom_test

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// The bounds that hold for any file.
const (
	allowedTimes = 4                        // of the file's bytes
	allowedMore  = 16 << 20                 // bytes
	allowedTime  = slower * 3 * time.Second // on a busy machine
)

// measured reads a file and returns what that allocated, in bytes.
func measured(b []byte) (f *dicom.File, allocated uint64, took time.Duration, err error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	f, err = dicom.Read(b)
	took = time.Since(start)
	runtime.ReadMemStats(&after)
	return f, after.TotalAlloc - before.TotalAlloc, took, err
}

// check reads one mutant with everything that looks at it afterwards.
func check(t *testing.T, name string, b []byte) bool {
	t.Helper()
	f, bytesUsed, took, err := measured(b)
	if limit := uint64(allowedTimes*len(b) + allowedMore); bytesUsed > limit || took > allowedTime {
		t.Errorf("%s: %d bytes, allocated %d, took %v", name, len(b), bytesUsed, took)
	}
	if lenient, err := dicom.ReadTruncated(b); err == nil {
		look(lenient)
	}
	if err != nil {
		if !errors.Is(err, sinso.ErrCorrupt) && !errors.Is(err, sinso.ErrInvalid) && !errors.Is(err, sinso.ErrUnsupported) {
			t.Errorf("%s: no class: %v", name, err)
		}
		return false
	}
	start := time.Now()
	look(f)
	_, _ = f.Directory()
	if took := time.Since(start); took > allowedTime {
		t.Errorf("%s: looking at it took %v", name, took)
	}
	return true
}

// look asks a file everything.
func look(f *dicom.File) {
	for _, e := range f.Elements() {
		_ = f.Value(e)
		_ = e.VR()
	}
	for _, tag := range []dicom.Tag{0x00080018, 0x00100010, 0x00280008, 0x00280010, 0x00280030, 0x00104000} {
		_, _, _ = f.String(tag), f.Strings(tag), f.Floats(tag)
	}
	if ds, err := f.Tree(); err == nil {
		_, _ = dicom.EncodeMeta(f.Syntax().UID, f.MetaTree(), ds)
	}
	_, _ = f.Frames()
}

// mutate damages a file in one of the ways that files are damaged.
func mutate(r *rand.Rand, b []byte) []byte {
	b = bytes.Clone(b)
	if len(b) < 200 {
		return b
	}
	headers := min(len(b), 4000) // where most elements are
	switch r.IntN(6) {
	case 0: // cut off
		return b[:r.IntN(len(b))]
	case 1: // flipped bits
		for range 1 + r.IntN(20) {
			b[r.IntN(len(b))] ^= 1 << r.IntN(8)
		}
	case 2: // flipped bits where the headers are
		for range 1 + r.IntN(8) {
			b[132+r.IntN(headers-132)] ^= 1 << r.IntN(8)
		}
	case 3: // lying lengths
		lies := []uint32{0xFFFFFFFF, 0xFFFFFFFE, 0x7FFFFFFF, 0x80000000, 0, 1, uint32(len(b)), uint32(r.Uint64())}
		at := 132 + r.IntN(headers-136)
		binary.LittleEndian.PutUint32(b[at:], lies[r.IntN(len(lies))])
	case 4: // huge counts
		for range 4 {
			at := 132 + r.IntN(headers-140)
			copy(b[at:], "2147483")
		}
	default: // a piece repeated, or taken out
		from := r.IntN(len(b) - 100)
		piece := b[from : from+r.IntN(min(len(b)-from, 2000))]
		if r.IntN(2) == 0 {
			return slices.Insert(b, r.IntN(len(b)), bytes.Clone(piece)...)
		}
		return slices.Delete(b, from, from+len(piece))
	}
	return b
}

// TestMutantsOfPydicomFiles damages pydicom's files 5,000 times: nothing panics,
// hangs, or takes memory that the file does not justify. It is not parallel, since
// it measures what is allocated.
func TestMutantsOfPydicomFiles(t *testing.T) {
	mutants(t, pydicomFiles(t), 5000)
}

// TestMutantsOfWrittenFiles does so with files of ours, in every form.
func TestMutantsOfWrittenFiles(t *testing.T) {
	files := map[string][]byte{}
	for _, syntax := range []string{dicom.ExplicitLittleEndian, dicom.ImplicitLittleEndian, dicom.ExplicitBigEndian, dicom.DeflatedExplicitLittleEndian} {
		files[syntax] = mustEncode(t, syntax, ct(16))
	}
	mutants(t, files, 2000)
}

func mutants(t *testing.T, files map[string][]byte, n int) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	names := slices.Sorted(maps.Keys(files))
	taken := 0
	for i := range n {
		name := names[i%len(names)]
		if check(t, name, mutate(r, files[name])) {
			taken++
		}
	}
	if taken == 0 || taken == n {
		t.Errorf("%d of %d mutants were read: the damage is none, or total", taken, n)
	}
	t.Logf("%d of %d mutants were read, the rest refused", taken, n)
}

// TestWorstFilesAreBounded reads files made to cost most.
func TestWorstFilesAreBounded(t *testing.T) {
	explicit := func(b []byte) []byte { return part10(dicom.ExplicitLittleEndian, b) }
	implicit := func(b []byte) []byte { return part10(dicom.ImplicitLittleEndian, b) }
	smallest := bytes.Repeat(put(nil, 0x00100010, "PN", ""), 1<<18)
	items := bytes.Repeat(head(nil, item, 0), 1<<18)
	var nested []byte
	for range 60 {
		nested = head(append(head(nil, item, uint32(len(nested))), nested...), 0x00100010, 0)
		nested = append(head(nil, 0x00091010, uint32(len(nested))), nested...)
	}
	zeros := make([]byte, 1<<23)
	zeros[len(zeros)-1] = 1
	for name, b := range map[string][]byte{
		"a quarter million elements":      explicit(smallest),
		"a quarter million items":         explicit(append(put(nil, 0x00081140, "SQ", "")[:8], append(binary.LittleEndian.AppendUint32(nil, uint32(len(items))), items...)...)),
		"a quarter million fragments":     explicit(head(append(unknown(pixelData, "OB"), items...), sequenceEnd, 0)),
		"a quarter million meta elements": append(append(make([]byte, 128), "DICM"...), bytes.Repeat(put(nil, 0x00020016, "AE", ""), 1<<18)...),
		"sequences that fail inside":      implicit(bytes.Repeat(append(head(nil, 0x00091010, uint32(len(nested)+8)), append(head(nil, item, uint32(len(nested))), nested...)...), 500)),
		"zeros that are not all zero":     implicit(zeros),
		"more elements than are read":     explicit(bytes.Repeat(smallest, 17)),
		"unknown elements, all private":   implicit(bytes.Repeat(head(nil, 0x00091010, 0), 1<<18)),
		"repeating groups":                implicit(bytes.Repeat(head(nil, 0x7F7E0041, 0), 1<<18)),
	} {
		f, bytesUsed, took, err := measured(b)
		t.Logf("%s: %d bytes, allocated %d, took %v, %v", name, len(b), bytesUsed, took, err)
		if limit := uint64(allowedTimes*len(b) + allowedMore); bytesUsed > limit || took > allowedTime {
			t.Errorf("%s: %d bytes, allocated %d, took %v", name, len(b), bytesUsed, took)
		}
		if f != nil {
			look(f)
		}
	}
}

// bomb is a deflated file that unpacks to size zeros in an element.
func bomb(t *testing.T, size int) []byte {
	t.Helper()
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	header := binary.LittleEndian.AppendUint32(put(nil, pixelData, "OB", "")[:8], uint32(size))
	_, _ = w.Write(header)
	chunk := make([]byte, 1<<20)
	for size > 0 {
		n := min(size, len(chunk))
		_, _ = w.Write(chunk[:n])
		size -= n
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return part10(dicom.DeflatedExplicitLittleEndian, packed.Bytes())
}

// TestBombIsRefused reads a deflated file of 300 kB that unpacks to 300 MB. What it
// may not have costs no memory; what it may have is read.
func TestBombIsRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: slow under the race detector, and one goroutine")
	}
	_, bytesUsed, took, err := measured(bomb(t, 300<<20))
	if !errors.Is(err, sinso.ErrUnsupported) || bytesUsed > 1<<20 || took > allowedTime {
		t.Errorf("got %v, allocated %d, took %v", err, bytesUsed, took)
	}
	f, bytesUsed, _, err := measured(bomb(t, 20<<20))
	if err != nil || bytesUsed > 22<<20 || len(f.Elements()) != 1 {
		t.Errorf("got %v, allocated %d", err, bytesUsed)
	}
	short := bomb(t, 1<<20)
	if _, err := dicom.Read(short[:len(short)-9]); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("cut off: got %v", err)
	}
	if _, err := dicom.Read(part10(dicom.DeflatedExplicitLittleEndian, []byte("this is not deflated"))); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("not deflated: got %v", err)
	}
}
