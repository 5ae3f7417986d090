package dimse_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/wire/dimse"
)

func studyKeys() dicom.Dataset {
	keys := dicom.Dataset{}
	keys.SetString(0x00080052, dicom.VRCS, "STUDY")
	keys.SetString(0x0020000D, dicom.VRUI)
	return keys
}

// TestTooLargeObjectIsRefused checks that the association stands on, and that the
// next object is stored.
func TestTooLargeObjectIsRefused(t *testing.T) {
	t.Parallel()
	var k kept
	address := serve(t, dimse.Config{Options: dimse.Options{MaxObject: 300 << 10}, Supports: everything, Store: k.store})
	a := dial(t, address, only(ctStorage, dicom.ExplicitLittleEndian))
	for _, tt := range []struct {
		size int
		want dimse.Status
	}{{200 << 10, 0}, {400 << 10, dimse.StatusOutOfResources}, {250 << 10, 0}} {
		status, err := a.Store(t.Context(), parsed(t, object(t, dicom.ExplicitLittleEndian, "1.2.3", tt.size)))
		if err != nil || status != tt.want {
			t.Errorf("%d bytes: %v, %v, want %v", tt.size, status, err, tt.want)
		}
	}
	_, err := a.Store(t.Context(), parsed(t, object(t, dicom.ExplicitLittleEndian, "1.2.3", 2<<20)))
	mustBe(t, "an object that is no end of", err, sinso.ErrUnavailable)
}

// TestMemoryIsSharedByWaiting keeps the buffers of all objects: the next one waits
// until one is given back.
func TestMemoryIsSharedByWaiting(t *testing.T) {
	t.Parallel()
	releases := make(chan func(), 10)
	address := serve(t, dimse.Config{
		Options: dimse.Options{MaxMemory: 2 << 20}, Supports: everything,
		Store: func(_ context.Context, _ *dimse.Association, r *dimse.StoreRequest) dimse.Status {
			releases <- r.Keep()
			return dimse.StatusSuccess
		},
	})
	a := dial(t, address, only(ctStorage, dicom.ExplicitLittleEndian))
	o := parsed(t, object(t, dicom.ExplicitLittleEndian, "1.2.3", 900<<10))
	stored := make(chan error, 10)
	go func() {
		defer close(stored)
		for range 4 {
			_, err := a.Store(t.Context(), o)
			stored <- err
		}
	}()
	for range 2 { // two of 1 MiB fit
		if err := <-stored; err != nil {
			t.Fatal(err)
		}
	}
	select {
	case err := <-stored:
		t.Fatalf("a third object was taken: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	for range 2 {
		release := <-releases
		release()
		release() // twice is once
		if err := <-stored; err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		(<-releases)()
	}
	if status, err := a.Store(t.Context(), parsed(t, object(t, dicom.ExplicitLittleEndian, "1.2.3", 5<<20))); err != nil || status != 0 {
		t.Errorf("an object larger than the limit, alone: %v, %v", status, err)
	}
	(<-releases)()
}

// TestRefusedStoreIsThrownAway refuses before the data arrives.
func TestRefusedStoreIsThrownAway(t *testing.T) {
	t.Parallel()
	var open atomic.Bool
	address := serve(t, dimse.Config{
		Supports: everything, Store: new(kept).store,
		StoreBegin: func(context.Context, *dimse.Association, *dimse.StoreRequest) (w dimse.Sink, s dimse.Status) {
			if !open.Load() {
				s = dimse.StatusNotAuthorized
			}
			return nil, s
		},
	})
	a := dial(t, address, only(ctStorage, dicom.ExplicitLittleEndian))
	o := parsed(t, object(t, dicom.ExplicitLittleEndian, "1.2.3", 900<<10))
	if status, err := a.Store(t.Context(), o); err != nil || status != dimse.StatusNotAuthorized {
		t.Errorf("got %v, %v", status, err)
	}
	open.Store(true)
	if status, err := a.Store(t.Context(), o); err != nil || status != dimse.StatusSuccess {
		t.Errorf("got %v, %v", status, err)
	}
}

// TestSyntaxIsTakenAsProposed checks the choice of a transfer syntax.
func TestSyntaxIsTakenAsProposed(t *testing.T) {
	t.Parallel()
	const jpeg2000 = "1.2.840.10008.1.2.4.90"
	address := serve(t, dimse.Config{Supports: func(class string) bool { return class != mrStorage }})
	for name, tt := range map[string]struct {
		class    string
		proposed []string
		want     []string
	}{
		"first":            {ctStorage, []string{jpeg2000, dicom.ExplicitLittleEndian}, []string{jpeg2000}},
		"big endian last":  {ctStorage, []string{dicom.ExplicitBigEndian, dicom.ImplicitLittleEndian}, []string{dicom.ImplicitLittleEndian}},
		"big endian alone": {ctStorage, []string{dicom.ExplicitBigEndian}, []string{dicom.ExplicitBigEndian}},
		"unknown first":    {ctStorage, []string{"1.2.3.4", dicom.ExplicitLittleEndian}, []string{dicom.ExplicitLittleEndian}},
		"unknown alone":    {ctStorage, []string{"1.2.3.4"}, nil},
		"unknown class":    {mrStorage, []string{dicom.ExplicitLittleEndian}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := dial(t, address, dimse.Context{Abstract: tt.class, Syntaxes: tt.proposed})
			got := a.Syntaxes(tt.class)
			if len(got) != len(tt.want) || len(got) == 1 && got[0] != tt.want[0] {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// TestFindIsCancelled ends queries from the client's side in each way.
func TestFindIsCancelled(t *testing.T) {
	t.Parallel()
	address := serve(t, dimse.Config{Supports: everything, Find: matchesUntilCancelled})
	a := dial(t, address, only(dimse.StudyRootFind, dicom.ImplicitLittleEndian))
	enough := errors.New("enough")
	n := 0
	status, err := a.Find(t.Context(), dimse.StudyRootFind, studyKeys(), func(dicom.Dataset) error {
		if n++; n == 3 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || status != dimse.StatusCancel || n != 3 {
		t.Errorf("by the callback: %v, %v, %d matches", status, err, n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	status, err = a.Find(ctx, dimse.StudyRootFind, studyKeys(), func(dicom.Dataset) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) || status != dimse.StatusCancel {
		t.Errorf("by the context: %v, %v", status, err)
	}
	if _, err := a.Find(t.Context(), dimse.StudyRootFind, studyKeys(), func(dicom.Dataset) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("the association is lost: %v", err)
	}
}

// TestGetTellsWhatFailed checks the counts and the list of a C-GET in which the
// client refuses an object and does not take another.
func TestGetTellsWhatFailed(t *testing.T) {
	t.Parallel()
	r := &archive{t, files(t, 3)}
	address := serve(t, dimse.Config{Supports: everything, Get: func(ctx context.Context, a *dimse.Association, rq *dimse.GetRequest) dimse.Outcome {
		if got := rq.Syntaxes(ctStorage); len(got) != 1 || got[0] != dicom.ExplicitLittleEndian {
			t.Errorf("syntaxes: %v", got)
		}
		out := r.get(ctx, a, rq)
		o := *r.objects()[0]
		o.SOPClass, o.SOPInstance = mrStorage, "1.2.9"
		status, err := rq.Store(ctx, &o)
		mustBe(t, "a class that the client does not take", err, sinso.ErrUnsupported)
		out.Counts.Remaining++
		r.count(&out, &o, status, err)
		return out
	}})
	a := dial(t, address, only(dimse.StudyRootGet, dicom.ImplicitLittleEndian),
		dimse.Context{Abstract: ctStorage, Syntaxes: []string{dicom.ExplicitLittleEndian}, SCP: true}, only(mrStorage, dicom.ExplicitLittleEndian))
	n, steps := 0, 0
	out, err := a.Get(t.Context(), dimse.StudyRootGet, studyKeys(), func(context.Context, *dimse.StoreRequest) dimse.Status {
		if n++; n == 2 {
			return dimse.StatusOutOfResources
		}
		return dimse.StatusSuccess
	}, func(dimse.Counts) { steps++ })
	if err != nil || out.Status != dimse.StatusSubOperationsFailed || out.Counts != (dimse.Counts{Completed: 2, Failed: 2}) || steps != 3 ||
		len(out.Failed) != 2 || out.Failed[0] != "1.2.3.4.2" || out.Failed[1] != "1.2.9" {
		t.Errorf("got %+v, %v, %d steps", out, err, steps)
	}
}

// TestContextsAreSplit checks what does not fit one association.
func TestContextsAreSplit(t *testing.T) {
	t.Parallel()
	var pairs []dimse.Pair
	for i := range 300 {
		pairs = append(pairs, dimse.Pair{Class: "1.2." + string(rune('1'+i%9)) + "." + string(rune('1'+i/9%9)) + "." + string(rune('1'+i/81)), Syntax: dicom.ExplicitLittleEndian})
	}
	groups := dimse.ContextsOf(append(pairs, pairs[0])...)
	if len(groups) != 3 || len(groups[0]) != 128 || len(groups[2]) != 300-256 {
		t.Fatalf("%d groups", len(groups))
	}
	a := dial(t, serve(t, dimse.Config{Supports: everything}), groups[0]...)
	for _, p := range pairs[:128] {
		if len(a.Syntaxes(p.Class)) != 1 {
			t.Fatal("a context was not accepted")
		}
	}
	_, err := dimse.Dial(t.Context(), "127.0.0.1:1", dimse.ClientConfig{Options: dimse.Options{AETitle: "US"}, Called: "THEM", Contexts: append(groups[0], groups[1]...)})
	mustBe(t, "256 contexts", err, sinso.ErrInvalid)
}
