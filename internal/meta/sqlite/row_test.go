package sqlite

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
)

var wrapped = []sinso.WrappedKey{{To: "person:p_1", Wrapped: []byte{1, 2, 3}}, {To: "institution", Wrapped: bytes.Repeat([]byte{7}, 300)}}

func sampleStudy() sinso.StudyRow {
	return sinso.StudyRow{
		ID: "s_1", Person: "p_1", UID: "1.2.3", PatientID: "MRN", PatientName: "Yamada^Tarou=山田^太郎", Date: "20310504", Time: "1011",
		Accession: "ACC", Description: "chest", Origin: sinso.OriginGateway, Tier: sinso.T3, Manifest: "bafy", Keys: wrapped, Listed: 3,
		ImportSeq: 1<<63 - 1, Imported: time.Date(2031, 1, 2, 3, 4, 5, 678, time.UTC), Header: []byte(`{"00100010":{}}`),
	}
}

func sampleInstance() sinso.InstanceRow {
	return sinso.InstanceRow{
		Fingerprint: strings.Repeat("ab", 32), SOPClass: "1.2.840.10008.5.1.4.1.1.2", Syntax: "1.2.840.10008.1.2.1",
		CID: "bafy", Origin: sinso.OriginSelf, Frames: -1, Rows: 512, Columns: 256, Size: 1 << 40, Tier: sinso.T2, Keys: wrapped,
	}
}

func TestPackedRowsComeBack(t *testing.T) {
	t.Parallel()
	for _, row := range []sinso.StudyRow{sampleStudy(), {Imported: time.Time{}, Keys: []sinso.WrappedKey{}}} {
		b, err := packStudy(row)
		if err != nil {
			t.Fatal(err)
		}
		got, err := unpackStudy(b)
		if diff := cmp.Diff(row, got); diff != "" || err != nil {
			t.Errorf("study: %v (-want +got):\n%s", err, diff)
		}
	}
	series := sinso.SeriesRow{ID: "e_1", Study: "s_1", UID: "1.2", Modality: "CT", BodyPart: "CHEST", Description: "axial", Header: []byte("{}")}
	if got, err := unpackSeries(packSeries(series)); err != nil || cmp.Diff(series, got) != "" {
		t.Errorf("series: got %+v, %v", got, err)
	}
	want, got := sampleInstance(), sinso.InstanceRow{}
	if err := unpackInstance(packInstance(want), &got); err != nil || cmp.Diff(want, got) != "" {
		t.Errorf("instance: got %+v, %v", got, err)
	}
	if _, err := packStudy(sinso.StudyRow{ImportSeq: 1 << 63}); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("a number that is too large: got %v", err)
	}
}

// TestRowWithoutNewFieldsIsRead cuts a packed row between fields: what is missing is zero.
func TestRowWithoutNewFieldsIsRead(t *testing.T) {
	t.Parallel()
	p := packer{}
	p.text("s_1")
	p.text("p_1")
	got, err := unpackStudy(p)
	want := sinso.StudyRow{ID: "s_1", Person: "p_1", Keys: []sinso.WrappedKey{}, Imported: time.Unix(0, 0).UTC()}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// readAll reads bytes as every packed thing there is: it may refuse them, and no more.
func readAll(b []byte) (errs [5]error) {
	_, errs[0] = unpackStudy(b)
	_, errs[1] = unpackSeries(b)
	errs[2] = unpackInstance(b, &sinso.InstanceRow{})
	var fields studyFields
	errs[3] = unpackFields(b, fields[:])
	_, errs[4] = undelta([]byte("a base that is copied from"), b)
	fieldsOfStudy(sinso.StudyRow{Header: b})
	fieldsOfSeries(sinso.SeriesRow{Header: b})
	return errs
}

func seeds(tb testing.TB) [][]byte {
	tb.Helper()
	study, err := packStudy(sampleStudy())
	if err != nil {
		tb.Fatal(err)
	}
	fields := fieldsOfStudy(sampleStudy())
	return [][]byte{
		study, packInstance(sampleInstance()), packFields(fields[:]),
		newDelta([]byte("a base that is copied from")).encode([]byte("a base that was copied from a base that is")),
		[]byte(`{"00100010":{"vr":"PN","Value":[{"Alphabetic":"A^B"},"x",null,[1],7]},"00400275":{"vr":"SQ","Value":[{"00400009":{"Value":["1"]}}]}}`),
		{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
		bytes.Repeat([]byte{0x80}, 20),
	}
}

// TestDamagedRowsAreRefused truncates, flips and lengthens: no panic, no memory beyond
// what is there, and only ErrCorrupt.
func TestDamagedRowsAreRefused(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	refused := 0
	for _, seed := range seeds(t) {
		for i := range 1500 {
			b := bytes.Clone(seed)
			switch i % 3 {
			case 0:
				b = b[:r.IntN(len(b)+1)]
			case 1:
				b[r.IntN(len(b))] ^= 1 << r.IntN(8)
			default:
				at := r.IntN(len(b))
				b = append(append(append([]byte{}, b[:at]...), 0xff, 0xff, 0xff, 0xff, byte(r.IntN(256))), b[at:]...)
			}
			for _, err := range readAll(b) {
				if err != nil {
					refused++
					if !errors.Is(err, sinso.ErrCorrupt) {
						t.Fatalf("got %v, want %v", err, sinso.ErrCorrupt)
					}
				}
			}
		}
	}
	if refused == 0 {
		t.Error("nothing was refused")
	}
}

func FuzzReadRows(f *testing.F) {
	for _, seed := range seeds(f) {
		f.Add(seed)
	}
	f.Fuzz(func(_ *testing.T, b []byte) { readAll(b) })
}

func FuzzDeltaComesBack(f *testing.F) {
	f.Add([]byte("a base that is copied from"), []byte("a base that was copied from a base"))
	f.Add([]byte{}, []byte("aaaaaaaaaaaaaaaaaaaaaaaa"))
	f.Add(bytes.Repeat([]byte("ab"), 100), bytes.Repeat([]byte("ba"), 100))
	f.Fuzz(func(t *testing.T, base, text []byte) {
		got, err := undelta(base, newDelta(base).encode(text))
		if err != nil || !bytes.Equal(got, text) {
			t.Fatalf("got %q, %v, want %q", got, err, text)
		}
	})
}

// TestDeltaOfASliceIsSmall is why metadata are stored as they are.
func TestDeltaOfASliceIsSmall(t *testing.T) {
	t.Parallel()
	tail := strings.Repeat(`,"00180050":{"vr":"DS","Value":[1.25]}`, 1) + strings.Repeat("x", 2900)
	slice := func(i int) []byte {
		return fmt.Appendf(nil, `{"00080018":{"vr":"UI","Value":["1.2.3.%d"]},"00200013":{"vr":"IS","Value":[%d]}%s,"00281050":{"Value":[%d]}}`, 1000+i, i, tail, i)
	}
	d := newDelta(slice(1))
	for i := range 300 {
		packed := d.encode(slice(i))
		if len(packed) > 150 {
			t.Fatalf("slice %d: %d bytes for %d", i, len(packed), len(slice(i)))
		}
		if got, err := undelta(slice(1), packed); err != nil || !bytes.Equal(got, slice(i)) {
			t.Fatalf("slice %d does not come back: %v", i, err)
		}
	}
}

// TestGlobEndsInTime has a pattern that a matcher which tries all ways would not end with.
func TestGlobEndsInTime(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		pattern, text string
		want          bool
	}{
		{strings.Repeat("*a", 30) + "b", strings.Repeat("a", 5000), false},
		{"*", "", true},
		{"", "", true},
		{"?", "山", true},
		{"??", "山", false},
		{"*太?", "山田^太郎", true},
		{"a*b*c", "a__b__b_c", true},
		{"a*b*c", "a__c__b", false},
	} {
		if got := glob(tt.pattern, tt.text); got != tt.want {
			t.Errorf("glob(%q, %q): got %t", tt.pattern[:min(9, len(tt.pattern))], tt.text[:min(9, len(tt.text))], got)
		}
	}
}
