package dimse_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/wire/dimse"
)

// TestCommitmentIsReported asks for storage commitment and has the report on an
// association that the server opens, and one that the client listens on.
func TestCommitmentIsReported(t *testing.T) {
	t.Parallel()
	reports := make(chan uint16, 2)
	take := func(_ context.Context, _ *dimse.Association, r *dimse.EventReport) dimse.Status {
		if e := r.Information.Find(0x00081195); e == nil || r.SOPInstance != dimse.StorageCommitmentInstance {
			return dimse.StatusInvalidArgumentValue
		}
		reports <- r.EventType
		return dimse.StatusSuccess
	}
	asker := serve(t, dimse.Config{Supports: everything, Event: take})
	info := dicom.Dataset{}
	info.SetString(0x00081195, dicom.VRUI, "1.2.3.77") // Transaction UID
	address := serve(t, dimse.Config{Supports: everything, Action: func(ctx context.Context, _ *dimse.Association, r *dimse.ActionRequest) (dimse.Status, *dicom.Dataset) {
		if r.ActionType != dimse.ActionRequestCommitment {
			return dimse.StatusNoSuchActionType, nil
		}
		b, err := dimse.Dial(ctx, asker, dimse.ClientConfig{
			Options: dimse.Options{AETitle: "THEM"}, Called: "US",
			Contexts: []dimse.Context{{Abstract: dimse.StorageCommitment, Syntaxes: []string{dicom.ImplicitLittleEndian}, SCP: true, NotSCU: true}},
		})
		if err != nil {
			t.Error(err)
			return dimse.StatusProcessingFailure, nil
		}
		defer func() { _ = b.Release(ctx) }()
		status, _, err := b.Report(ctx, &dimse.EventReport{
			SOPClass: r.SOPClass, SOPInstance: r.SOPInstance, EventType: dimse.EventCommitmentSuccessful, Information: r.Information,
		})
		if err != nil || status != dimse.StatusSuccess {
			t.Error(status, err)
		}
		return status, nil
	}})
	a := dial(t, address, only(dimse.StorageCommitment, dicom.ExplicitLittleEndian))
	request := &dimse.ActionRequest{SOPClass: dimse.StorageCommitment, SOPInstance: dimse.StorageCommitmentInstance, ActionType: 1, Information: info}
	if status, _, err := a.Action(t.Context(), request); err != nil || status != dimse.StatusSuccess {
		t.Fatal(status, err)
	}
	if got := <-reports; got != dimse.EventCommitmentSuccessful {
		t.Errorf("event %d", got)
	}
	request.ActionType = 9
	if status, _, err := a.Action(t.Context(), request); err != nil || status != dimse.StatusNoSuchActionType {
		t.Error(status, err)
	}
}

// TestServerReportsOnTheSameAssociation has a report come while the client listens.
func TestServerReportsOnTheSameAssociation(t *testing.T) {
	t.Parallel()
	peer := make(chan *dimse.Association, 1)
	address := serve(t, dimse.Config{Supports: everything, Echo: func(_ context.Context, a *dimse.Association) dimse.Status {
		peer <- a
		return dimse.StatusSuccess
	}})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	a, err := dimse.Dial(ctx, address, dimse.ClientConfig{
		Options: dimse.Options{AETitle: "US"}, Called: "THEM",
		Contexts: []dimse.Context{only(dimse.Verification, dicom.ImplicitLittleEndian), only(dimse.StorageCommitment, dicom.ImplicitLittleEndian)},
		Event: func(_ context.Context, _ *dimse.Association, r *dimse.EventReport) dimse.Status {
			cancel()
			return dimse.Status(r.EventType)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Echo(ctx); err != nil {
		t.Fatal(err)
	}
	answer := make(chan error, 1)
	go func() {
		status, _, err := (<-peer).Report(t.Context(), &dimse.EventReport{
			SOPClass: dimse.StorageCommitment, SOPInstance: dimse.StorageCommitmentInstance, EventType: dimse.EventCommitmentFailuresSeen,
		})
		if err == nil && status != 2 {
			err = errors.New(status.String())
		}
		answer <- err
	}()
	if err := a.Listen(ctx); err != nil {
		t.Error(err)
	}
	if err := <-answer; err != nil {
		t.Error(err)
	}
	if err := a.Release(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestListenEndsWithItsContext checks that the association can be used on.
func TestListenEndsWithItsContext(t *testing.T) {
	t.Parallel()
	a := dial(t, serve(t, dimse.Config{}), only(dimse.Verification, dicom.ImplicitLittleEndian))
	for range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		if err := a.Listen(ctx); err != nil {
			t.Fatal(err)
		}
		cancel()
		if status, err := a.Echo(t.Context()); err != nil || status != 0 {
			t.Fatal(status, err)
		}
	}
}

// TestServeEndsWithItsContext checks that idle peers are aborted and that a store at
// work is answered.
func TestServeEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s, err := dimse.NewServer(dimse.Config{Supports: everything, Store: func(ctx context.Context, _ *dimse.Association, _ *dimse.StoreRequest) dimse.Status {
		cancel()
		<-ctx.Done()
		return dimse.StatusSuccess
	}})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, ln) }()
	idle := dial(t, ln.Addr().String(), only(dimse.Verification, dicom.ImplicitLittleEndian))
	a := dial(t, ln.Addr().String(), only(ctStorage, dicom.ExplicitLittleEndian))
	status, err := a.Store(t.Context(), parsed(t, object(t, dicom.ExplicitLittleEndian, "1.2.3", 100)))
	if err != nil || status != dimse.StatusSuccess {
		t.Errorf("the store at work: %v, %v", status, err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	_, err = idle.Echo(t.Context())
	mustBe(t, "an idle association", err, sinso.ErrUnavailable)
}

// TestPeerIsToldToTheHandlers checks what Accept and the handlers know of a peer, and
// that a rejection arrives as it was given.
func TestPeerIsToldToTheHandlers(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 1)
	address := serve(t, dimse.Config{
		Accept: func(_ context.Context, p *dimse.Peer) *dimse.Rejection {
			if p.Calling == "STRANGER" {
				return dimse.RejectCallingAE()
			}
			if p.Identity == nil || !bytes.Equal(p.Identity.Primary.Reveal(), []byte("token")) || p.Identity.Type != dimse.IdentityJWT || p.TLS != nil {
				t.Error("another identity")
			}
			return nil
		},
		Echo: func(_ context.Context, a *dimse.Association) dimse.Status {
			if p := a.Peer(); p.Calling != "US" || p.Called != "THEM" || p.Remote == nil || p.ImplementationClassUID != dicom.ImplementationClassUID {
				t.Errorf("got %+v", p)
			}
			return dimse.StatusSuccess
		},
		Ended: func(_ *dimse.Association, err error) { ended <- err },
	})
	c := dimse.ClientConfig{
		Options: dimse.Options{AETitle: "US"}, Called: "THEM", Contexts: []dimse.Context{only(dimse.Verification, dicom.ImplicitLittleEndian)},
		Identity: &dimse.UserIdentity{Type: dimse.IdentityJWT, Primary: sinso.NewPHI([]byte("token"))},
	}
	a, err := dimse.Dial(t.Context(), address, c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Echo(t.Context()); err != nil {
		t.Error(err)
	}
	if err := a.Release(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("a released association ended with %v", err)
	}
	mustBe(t, "release twice", a.Release(t.Context()), sinso.ErrUnavailable)
	c.AETitle = "STRANGER"
	_, err = dimse.Dial(t.Context(), address, c)
	var no *dimse.Rejection
	if !errors.As(err, &no) || *no != *dimse.RejectCallingAE() {
		t.Errorf("got %v", err)
	}
	mustBe(t, "a stranger", err, sinso.ErrDenied)
}

// TestReleaseCollisionIsResolved plays a server that asks for a release at the same
// time (PS3.8 §9.2, Sta9 and Sta11), after data nobody asked for.
func TestReleaseCollisionIsResolved(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	go func() {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		r := &raw{t, conn}
		defer func() { _ = conn.Close() }()
		r.hear()
		r.say(pduOf(2, requestOf(16384)[6:6+68]...))
		if kind, _ := r.hear(); kind != 5 {
			t.Errorf("PDU %d, want an A-RELEASE-RQ", kind)
		}
		r.say(pduOf(4, 1, 2, 3)).say(pduOf(5, 0, 0, 0, 0))
		if kind, _ := r.hear(); kind != 6 {
			t.Errorf("PDU %d, want an A-RELEASE-RP", kind)
		}
		r.say(pduOf(6, 0, 0, 0, 0))
		r.closed()
	}()
	a := dial(t, ln.Addr().String(), only(dimse.Verification, dicom.ImplicitLittleEndian))
	if err := a.Release(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestRequestWithoutTimeLeavesTheAssociation asks with a context that has ended.
func TestRequestWithoutTimeLeavesTheAssociation(t *testing.T) {
	t.Parallel()
	a := dial(t, serve(t, dimse.Config{}), only(dimse.Verification, dicom.ImplicitLittleEndian))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 10 {
		_, err := a.Echo(ctx)
		mustBe(t, "an echo without time", err, context.Canceled)
	}
	if status, err := a.Echo(t.Context()); err != nil || status != 0 {
		t.Error(status, err)
	}
}

// TestHandlerMayAbort checks that the peer is told.
func TestHandlerMayAbort(t *testing.T) {
	t.Parallel()
	address := serve(t, dimse.Config{Echo: func(_ context.Context, a *dimse.Association) dimse.Status {
		a.Abort()
		return dimse.StatusProcessingFailure
	}})
	a := dial(t, address, only(dimse.Verification, dicom.ImplicitLittleEndian))
	if status, err := a.Echo(t.Context()); err != nil || status != dimse.StatusProcessingFailure {
		t.Errorf("the answer: %v, %v", status, err)
	}
	_, err := a.Echo(t.Context())
	var aborted *dimse.Abort
	if !errors.As(err, &aborted) || aborted.Provider {
		t.Errorf("got %v, want an abort", err)
	}
}

// TestAbortEndsWhatIsAtWork aborts from another goroutine.
func TestAbortEndsWhatIsAtWork(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 1)
	address := serve(t, dimse.Config{Supports: everything, Find: matchesUntilCancelled, Ended: func(_ *dimse.Association, err error) { ended <- err }})
	a := dial(t, address, only(dimse.StudyRootFind, dicom.ImplicitLittleEndian))
	n := 0
	_, err := a.Find(t.Context(), dimse.StudyRootFind, studyKeys(), func(dicom.Dataset) error {
		if n++; n == 2 {
			go a.Abort()
		}
		return nil
	})
	mustBe(t, "an aborted query", err, sinso.ErrUnavailable)
	if err := <-ended; err == nil {
		t.Error("the server saw a release")
	}
	_, err = a.Echo(t.Context())
	mustBe(t, "an echo after an abort", err, sinso.ErrUnsupported)
}
