package dimse_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"hash"
	"io"
	"sync"
	"testing"
	"testing/iotest"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/wire/dimse"
)

// TestEchoIsAnswered checks C-ECHO.
func TestEchoIsAnswered(t *testing.T) {
	t.Parallel()
	address := serve(t, dimse.Config{})
	a := dial(t, address, only(dimse.Verification, dicom.ImplicitLittleEndian))
	for range 3 {
		if status, err := a.Echo(t.Context()); err != nil || status != dimse.StatusSuccess {
			t.Fatalf("got %v, %v", status, err)
		}
	}
}

// lateSum hashes what has arrived as late as it may.
type lateSum struct {
	sum hash.Hash
	all []byte
	n   int // bytes hashed
}

func (s *lateSum) Arrived(all []byte) { s.all = all }

func (s *lateSum) Drop() { s.Settle() }

func (s *lateSum) Settle() {
	s.sum.Write(s.all[s.n:])
	s.n = len(s.all)
}

const maxFragment = dimse.DefaultMaxPDU - 6

// TestStoredObjectIsWhatWasSent sends objects around all sizes at which something
// changes: PDUs, reads, buffers.
func TestStoredObjectIsWhatWasSent(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	got := map[string][]byte{}
	sums := map[string][32]byte{}
	address := serve(t, dimse.Config{
		Supports: everything,
		StoreBegin: func(context.Context, *dimse.Association, *dimse.StoreRequest) (dimse.Sink, dimse.Status) {
			return &lateSum{sum: sha256.New()}, dimse.StatusSuccess
		},
		Store: func(_ context.Context, _ *dimse.Association, r *dimse.StoreRequest) dimse.Status {
			mu.Lock()
			defer mu.Unlock()
			got[r.SOPInstance] = bytes.Clone(r.Part10())
			r.Sink.Settle()
			sums[r.SOPInstance] = [32]byte(r.Sink.(*lateSum).sum.Sum(nil))
			if !bytes.HasSuffix(r.Part10(), r.Data()) {
				t.Error("Data is no part of Part10")
			}
			return dimse.StatusSuccess
		},
	})
	a := dial(t, address, only(ctStorage, dicom.ImplicitLittleEndian), only(ctStorage, dicom.ExplicitLittleEndian))
	totals := []int{
		0, 3000, 4096, 65000, 65536, 130000, maxFragment - 2, maxFragment, maxFragment + 2, 131072, 140000,
		2*maxFragment - 2, 2 * maxFragment, 525000, 8 * maxFragment, 2 << 20, 16 * maxFragment, 5<<20 + 2,
	}
	for i, total := range totals { // bytes of the data set, if it is not empty of pixels
		for k, syntax := range []string{dicom.ImplicitLittleEndian, dicom.ExplicitLittleEndian} {
			size := max(0, total-len(parsed(t, object(t, syntax, fmt.Sprintf("1.2.3.%d.%d", i+1, k+1), 0)).Data))
			uid := fmt.Sprintf("1.2.3.%d.%d", i+1, k+1)
			file := object(t, syntax, uid, size)
			status, err := a.Store(t.Context(), parsed(t, file))
			if err != nil || status != dimse.StatusSuccess {
				t.Fatalf("size %d: %v, %v", size, status, err)
			}
			o := parsed(t, file)
			o.Reader, o.Data, o.SOPInstance = iotest.HalfReader(bytes.NewReader(o.Data)), nil, uid+".1"
			if status, err := a.Store(t.Context(), o); err != nil || status != dimse.StatusSuccess {
				t.Fatalf("size %d, from a reader: %v, %v", size, status, err)
			}
			mu.Lock()
			if !bytes.HasSuffix(got[uid+".1"], parsed(t, file).Data) {
				t.Errorf("size %d, from a reader: another object arrived", size)
			}
			if !bytes.Equal(got[uid], file) {
				t.Errorf("size %d, %s: another file arrived: %d bytes, want %d", size, syntax, len(got[uid]), len(file))
			}
			if sums[uid] != sha256.Sum256(file) {
				t.Errorf("size %d: the sink saw other bytes", size)
			}
			mu.Unlock()
		}
	}
}

// TestObjectThatCannotBeReadEndsTheAssociation checks that half an object is none.
func TestObjectThatCannotBeReadEndsTheAssociation(t *testing.T) {
	t.Parallel()
	var k kept
	ended := make(chan error, 1)
	address := serve(t, dimse.Config{Supports: everything, Store: k.store, Ended: func(_ *dimse.Association, err error) { ended <- err }})
	a := dial(t, address, only(ctStorage, dicom.ExplicitLittleEndian))
	broken := errors.New("broken")
	o := &dimse.Object{
		SOPClass: ctStorage, SOPInstance: "1.2.3", Syntax: dicom.ExplicitLittleEndian,
		Reader: io.MultiReader(bytes.NewReader(make([]byte, 300000)), iotest.ErrReader(broken)),
	}
	_, err := a.Store(t.Context(), o)
	mustBe(t, "half an object", err, broken)
	var aborted *dimse.Abort
	if err := <-ended; !errors.As(err, &aborted) || k.count() != 0 {
		t.Errorf("the server saw %v and has %d objects", err, k.count())
	}
}

// BenchmarkStore measures objects of 525 kB from our client to our server.
func BenchmarkStore(b *testing.B) {
	address := serve(b, dimse.Config{
		Supports: everything,
		Store: func(context.Context, *dimse.Association, *dimse.StoreRequest) dimse.Status {
			return dimse.StatusSuccess
		},
	})
	a := dial(b, address, only(ctStorage, dicom.ExplicitLittleEndian))
	o := parsed(b, object(b, dicom.ExplicitLittleEndian, "1.2.3", 524288))
	b.SetBytes(int64(len(o.Data)))
	b.ReportAllocs()
	for b.Loop() {
		if status, err := a.Store(b.Context(), o); err != nil || status != dimse.StatusSuccess {
			b.Fatal(status, err)
		}
	}
}

// BenchmarkStoreTLS measures the same over TLS.
func BenchmarkStoreTLS(b *testing.B) {
	ca := newAuthority(b)
	address := ca.serveTLS(dimse.Config{
		Supports: everything,
		Store: func(context.Context, *dimse.Association, *dimse.StoreRequest) dimse.Status {
			return dimse.StatusSuccess
		},
	})
	_, _, pair := ca.issue("us")
	a, err := dimse.Dial(b.Context(), address, dimse.ClientConfig{
		Options: dimse.Options{AETitle: "US"}, Called: "THEM", Contexts: []dimse.Context{only(ctStorage, dicom.ExplicitLittleEndian)},
		TLS: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: ca.pool, Certificates: []tls.Certificate{pair}},
	})
	if err != nil {
		b.Fatal(err)
	}
	defer a.Abort()
	o := parsed(b, object(b, dicom.ExplicitLittleEndian, "1.2.3", 524288))
	b.SetBytes(int64(len(o.Data)))
	for b.Loop() {
		if status, err := a.Store(b.Context(), o); err != nil || status != dimse.StatusSuccess {
			b.Fatal(status, err)
		}
	}
}

// BenchmarkFind measures a query of 1,000 matches.
func BenchmarkFind(b *testing.B) {
	address := serve(b, dimse.Config{Supports: everything, Find: func(ctx context.Context, _ *dimse.Association, r *dimse.FindRequest) dimse.Status {
		for i := range 1000 {
			if r.Pending(ctx, match(i%10), false) != nil {
				return dimse.StatusCancel
			}
		}
		return dimse.StatusSuccess
	}})
	a := dial(b, address, only(dimse.StudyRootFind, dicom.ExplicitLittleEndian))
	for b.Loop() {
		n := 0
		if _, err := a.Find(b.Context(), dimse.StudyRootFind, studyKeys(), func(dicom.Dataset) error { n++; return nil }); err != nil || n != 1000 {
			b.Fatal(n, err)
		}
	}
}
