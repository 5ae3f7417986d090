package node

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
	"sinso.dev/sinso/internal/wire/dimse"
)

// openedFor counts the entries of the log that something was handed out for a purpose.
func (a *archive) openedFor(t *testing.T, purpose string) (n int) {
	t.Helper()
	err := a.audit.Events(t.Context(), 0, func(e sinso.Event) error {
		var body sinso.Opened
		if e.Type == sinso.EventOpened && json.Unmarshal(e.Body, &body) == nil && body.Purpose == purpose {
			n++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func ignoreSent(PeerSent)     {}
func ignorePulled(PeerPulled) {}

// TestPeerThatIsNotKnownIsNotCalled holds what cannot be asked to its class.
func TestPeerThatIsNotKnownIsNotCalled(t *testing.T) {
	t.Parallel()
	a := openArchive(t, Config{}, Options{}, peerAt("NOPORT", ""), peerAt("GONE", freePort(t)), sinso.AERow{Title: "SECURE", Host: "127.0.0.1", Port: 1, TLS: true})
	for title, class := range map[string]error{
		"NOBODY": sinso.ErrNotFound, "NOPORT": sinso.ErrUnsupported, "GONE": sinso.ErrUnavailable, "SECURE": sinso.ErrUnsupported,
	} {
		if _, err := a.EchoPeer(t.Context(), title); !errors.Is(err, class) {
			t.Errorf("echo %s: got %v, want %v", title, err, class)
		}
	}
	if _, err := a.SendToPeer(t.Context(), "GONE", []string{"1.2.3"}, "test", ignoreSent); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("a study that is not here: %v", err)
	}
	for _, ask := range []PeerAsk{{Level: "limb"}, {Level: "study", Keys: []string{"Patient=1"}}, {Level: "study", Keys: []string{"PatientID.X=1"}}} {
		if _, err := a.FindAtPeer(t.Context(), "GONE", ask); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%+v: %v", ask, err)
		}
	}
}

// TestSendWritesDownThenSendsAsItIs sends a study to a peer by each kind of id.
func TestSendWritesDownThenSendsAsItIs(t *testing.T) {
	t.Parallel()
	port, got := catcher(t, "PACS", nil)
	a := openArchive(t, Config{}, Options{}, peerAt("PACS", port), peerAt("CT1", ""))
	files := flat(studyOf(t, "1", 5, 0), studyOf(t, "2", 2, 0))
	a.put(t, "CT1", files...)
	studies, err := a.Studies(t.Context(), "")
	if err != nil || len(studies) != 2 {
		t.Fatal(len(studies), err)
	}
	before := a.openedFor(t, "dimse-send")
	records, err := a.Instances(t.Context(), studies[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	for name, ids := range map[string][]string{
		"study": {string(studies[0].ID)}, "record": {string(records[0].ID)}, "UID": {syntheticRoot + "1", syntheticRoot + "2"},
	} {
		last := PeerSent{}
		sent, err := a.SendToPeer(t.Context(), "PACS", ids, "test", func(s PeerSent) { last = s })
		if err != nil || sent.Sent != sent.Objects || sent.Failed != 0 || last.Sent != sent.Sent || sent.Objects == 0 {
			t.Errorf("by %s: %+v, %v", name, sent, err)
		}
	}
	sameData(t, got(), files...)
	if n := a.openedFor(t, "dimse-send") - before; n != 4 {
		t.Errorf("%d entries of what was handed out, want one for each study each time: 4", n)
	}
}

// TestSendTranscodesForAPeerThatTakesOnlyPlain also holds that the rest goes on where
// the peer takes an object in no way.
func TestSendTranscodesForAPeerThatTakesOnlyPlain(t *testing.T) {
	t.Parallel()
	plain := func(uid string) bool { return uid == dicom.ImplicitLittleEndian }
	port, got := catcher(t, "OLD", plain)
	a := openArchive(t, Config{}, Options{}, peerAt("OLD", port), peerAt("CT1", ""))
	files := studyOf(t, "3", 2, 0)
	for i, syntax := range []string{codec.RLELossless, codec.JPEGLosslessSV1} {
		file, err := dicom.Read(image{
			patient: "P-3", name: "SYNTHETIC^3", study: "3", series: "1", uid: string(rune('7' + i)), modality: "CT", date: "20200102",
		}.file(t))
		if err != nil {
			t.Fatal(err)
		}
		packed, err := codec.Transcode(file, syntax)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, packed)
	}
	a.put(t, "CT1", files...)
	sent, err := a.SendToPeer(t.Context(), "OLD", []string{syntheticRoot + "3"}, "test", ignoreSent)
	if err != nil || sent.Sent != 4 {
		t.Fatalf("%+v, %v", sent, err)
	}
	caught := got()
	for _, b := range files {
		want, err := dimse.ParseObject(b)
		if err != nil {
			t.Fatal(err)
		}
		o := caught[want.SOPInstance]
		if o == nil || o.Syntax != dicom.ImplicitLittleEndian {
			t.Fatalf("an object came as %+v", o)
		}
		if !bytes.Equal(pixelsOf(t, b), o.Data[len(o.Data)-512:]) {
			t.Error("another picture came")
		}
	}
}

// pixelsOf returns the pixel data of a file, decoded.
func pixelsOf(t *testing.T, b []byte) []byte {
	t.Helper()
	file, err := dicom.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	if file.Syntax().Encapsulated {
		if b, err = codec.Transcode(file, dicom.ExplicitLittleEndian); err != nil {
			t.Fatal(err)
		}
		if file, err = dicom.Read(b); err != nil {
			t.Fatal(err)
		}
	}
	e, ok := file.Find(0x7FE00010)
	if !ok {
		t.Fatal("no pixel data")
	}
	return file.Value(e)
}

// TestNodesPullFromEachOther gets a study from another node of ours, twice.
func TestNodesPullFromEachOther(t *testing.T) {
	t.Parallel()
	theirs := openArchive(t, Config{AETitle: "THERE"}, Options{}, peerAt("SINSO", ""), peerAt("CT1", ""))
	files := flat(studyOf(t, "4", 6, 0), studyOf(t, "5", 3, 0))
	theirs.put(t, "CT1", files...)
	ours := openArchive(t, Config{}, Options{}, peerAt("THERE", theirs.port))
	found, err := ours.FindAtPeer(t.Context(), "THERE", PeerAsk{Level: "study", Keys: []string{"PatientName=SYNTH*"}})
	if err != nil || len(found.Items) != 2 || found.More {
		t.Fatalf("%d found, %v", len(found.Items), err)
	}
	if found, err = ours.FindAtPeer(t.Context(), "THERE", PeerAsk{Level: "study", Limit: 1}); err != nil || len(found.Items) != 1 || !found.More {
		t.Errorf("at most one: %d found, more %t, %v", len(found.Items), found.More, err)
	}
	studies := []string{syntheticRoot + "4", syntheticRoot + "5"}
	got, err := ours.PullFromPeer(t.Context(), "THERE", studies, "test", ignorePulled)
	if want := (PeerPulled{By: "get", Objects: 9, Received: 9, Taken: 9}); err != nil || got != want {
		t.Fatalf("got %+v, %v, want %+v", got, err, want)
	}
	got, err = ours.PullFromPeer(t.Context(), "THERE", studies, "test", ignorePulled)
	if want := (PeerPulled{By: "get", Objects: 9, Received: 9, Duplicates: 9}); err != nil || got != want {
		t.Errorf("again: got %+v, %v, want %+v", got, err, want)
	}
	there := map[string]bool{}
	for _, row := range theirs.rows(t) {
		there[theirs.sum(t, row)] = true
	}
	for _, row := range ours.rows(t) {
		if row.Origin != sinso.OriginGateway {
			t.Errorf("the origin is %s", row.Origin)
		}
		if !there[ours.sum(t, row)] {
			t.Error("other bytes came than are there")
		}
	}
	if _, err = ours.PullFromPeer(t.Context(), "THERE", []string{"1.2.3"}, "test", ignorePulled); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("a study that is nowhere: %v", err)
	}
	if theirs.openedFor(t, "dimse-get") == 0 {
		t.Error("what was handed out is not written down")
	}
	if strings.Contains(ours.log.String()+theirs.log.String(), "SYNTHETIC^") {
		t.Error("a log names a person")
	}
}
