package json_test

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/json"
)

// seeds are objects that mutants are made of.
func seeds(tb testing.TB) [][]byte {
	tb.Helper()
	header, err := json.EncodeDataset(ct(), json.Options{BulkURI: func(path string) string { return path }})
	if err != nil {
		tb.Fatal(err)
	}
	return [][]byte{header, []byte(nestedJSON), []byte(`{"00100010":{"Value":[{"Alphabetic":"\ud83d\ude00","Phonetic":null}],"vr":"PN"},"00280010":{"vr":"US","Value":[1,"2"]},` +
		`"00409224":{"vr":"FD","Value":["NaN",1e5]},"00282000":{"vr":"OB","InlineBinary":"AQIDBA=="},"00280009":{"vr":"AT","Value":["00181063"]}}`)}
}

// mutate damages JSON.
func mutate(r *rand.Rand, b []byte) []byte {
	b = bytes.Clone(b)
	switch r.IntN(5) {
	case 0:
		return b[:r.IntN(len(b))]
	case 1:
		for range 1 + r.IntN(4) {
			b[r.IntN(len(b))] ^= 1 << r.IntN(8)
		}
	case 2: // signs that mean something
		for range 1 + r.IntN(3) {
			b[r.IntN(len(b))] = `{}[]",:\0eun-`[r.IntN(13)]
		}
	case 3: // a piece repeated
		from := r.IntN(len(b))
		piece := b[from : from+r.IntN(min(len(b)-from, 300))]
		return slices.Insert(b, r.IntN(len(b)), bytes.Repeat(piece, 1+r.IntN(20))...)
	default: // a piece taken out
		from := r.IntN(len(b))
		return slices.Delete(b, from, from+r.IntN(min(len(b)-from, 100)))
	}
	return b
}

// look reads an object in every way; what was read is written, and is JSON that is
// read again.
func look(t *testing.T, b []byte) bool {
	t.Helper()
	if picked := json.Pick(b, func(tag dicom.Tag) bool { return tag != 0 }, nil); len(picked) > len(b)+2 {
		t.Errorf("picked %d bytes of %d", len(picked), len(b))
	}
	merged := json.Merge(nil, b, []byte(nestedJSON))
	if len(merged) > len(b)+len(nestedJSON)+2 {
		t.Errorf("merged %d bytes of %d", len(merged), len(b))
	}
	if objects, err := json.Split(b); err != nil && !errors.Is(err, sinso.ErrInvalid) || len(objects) > len(b) {
		t.Errorf("split: %d, %v", len(objects), err)
	}
	ds, err := json.Decode(b, func(string) ([]byte, error) { return []byte{1, 2}, nil })
	if err != nil {
		if !errors.Is(err, sinso.ErrInvalid) && !errors.Is(err, sinso.ErrUnsupported) {
			t.Errorf("no class: %v", err)
		}
		return false
	}
	written, err := json.EncodeDataset(ds, json.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !stdjson.Valid(written) {
		t.Errorf("what is written is no JSON: %q", written)
	}
	if _, err := json.Decode(written, nil); err != nil {
		t.Errorf("what was written is not read: %v", err)
	}
	return true
}

// TestMutantsAreRefusedOrRead damages objects 3,000 times: nothing panics, hangs, or
// takes memory that the text does not justify. It is not parallel, since it measures
// what is allocated.
func TestMutantsAreRefusedOrRead(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	all, taken := seeds(t), 0
	for i := range 3000 {
		b := mutate(r, all[i%len(all)])
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		_, _ = json.Decode(b, nil)
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		if allocated := after.TotalAlloc - before.TotalAlloc; allocated > uint64(20*len(b)+1<<16) || took > slower*3*time.Second {
			t.Errorf("%d bytes: allocated %d, took %v", len(b), allocated, took)
		}
		if look(t, b) {
			taken++
		}
	}
	if taken < 100 || taken > 2900 {
		t.Errorf("%d of 3000 mutants were read: the damage is none, or total", taken)
	}
	t.Logf("%d of 3000 mutants were read, the rest refused", taken)
}

// TestWorstObjectsAreBounded reads objects made to cost most.
func TestWorstObjectsAreBounded(t *testing.T) {
	behind := strings.Repeat(`{"00091001":{"Value":[`, 60) + "{}" + strings.Repeat(" ", 1<<20) + strings.Repeat(`],"vr":"SQ"}}`, 60)
	var elements strings.Builder
	for i := range 1 << 16 {
		elements.WriteString(`,"0011`)
		elements.WriteString(strings.ToUpper(string([]byte{hex(i >> 12), hex(i >> 8), hex(i >> 4), hex(i)})))
		elements.WriteString(`":{"vr":"UN"}`)
	}
	for name, b := range map[string]string{
		"a million items":         `{"00091001":{"vr":"SQ","Value":[{}` + strings.Repeat(",{}", 1<<20) + `]}}`,
		"a million values":        `{"00091001":{"vr":"UV","Value":[1` + strings.Repeat(",1", 1<<20) + `]}}`,
		"many elements":           `{` + elements.String()[1:] + `}`,
		"VRs behind their values": behind,
		"escapes":                 `{"00091001":{"vr":"LT","Value":["` + strings.Repeat(`\u0001`, 1<<18) + `"]}}`,
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		_, err := json.Decode([]byte(b), nil)
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		allocated := after.TotalAlloc - before.TotalAlloc
		t.Logf("%s: %d bytes, allocated %d, took %v, %v", name, len(b), allocated, took, err)
		if allocated > uint64(50*len(b)) || took > slower*3*time.Second {
			t.Errorf("%s: %d bytes, allocated %d, took %v", name, len(b), allocated, took)
		}
	}
}

func hex(v int) byte { return "0123456789ABCDEF"[v&15] }

// FuzzDecode reads anything.
func FuzzDecode(f *testing.F) {
	for _, seed := range seeds(f) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, b []byte) { look(t, b) })
}

// FuzzEncode writes any file: it is JSON that is read.
func FuzzEncode(f *testing.F) {
	for _, ds := range []dicom.Dataset{ct(), nested()} {
		for _, syntax := range []string{dicom.ExplicitLittleEndian, dicom.ImplicitLittleEndian, dicom.ExplicitBigEndian} {
			b, err := dicom.Encode(syntax, ds)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := dicom.ReadTruncated(b)
		if err != nil {
			return
		}
		written, err := json.Encode(file, json.Options{BulkURI: func(path string) string { return path }})
		if err != nil {
			t.Fatal(err)
		}
		if !stdjson.Valid(written) {
			t.Fatalf("what is written is no JSON: %q", written)
		}
		if _, err := json.Decode(written, nil); err != nil {
			t.Fatalf("what was written is not read: %v", err)
		}
	})
}
