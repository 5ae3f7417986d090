package node

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/wire/dimse"
)

// TestFullDiskIsToldToThePeer stores until the disk is full: the peer gets A700H,
// nothing that was acknowledged is lost, and the node takes more once there is room,
// without being started again.
func TestFullDiskIsToldToThePeer(t *testing.T) {
	t.Parallel()
	disk := shortDir(t)
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=48m"); err != nil {
		t.Skip("needs the right to mount a small file system:", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	data := filepath.Join(disk, "n")
	a := openArchive(t, Config{Data: data}, Options{}, peerAt("SCU", ""))
	fill := filepath.Join(disk, "fill")
	if err := os.WriteFile(fill, make([]byte, 20<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	assoc := a.dial(t, "SCU", dimse.Context{Abstract: classes["CT"], Syntaxes: []string{dicom.ExplicitLittleEndian}})
	acknowledged := map[string][]byte{}
	store := func(n int) dimse.Status {
		object, err := dimse.ParseObject(image{
			patient: "P-91", name: "SYNTHETIC^91", study: "91", series: "1", uid: strconv.Itoa(n), modality: "CT", date: "20200102", size: 500_000,
		}.file(t))
		if err != nil {
			t.Fatal(err)
		}
		status, err := assoc.Store(t.Context(), object)
		if err != nil {
			t.Fatalf("object %d: the association is lost: %v", n, err)
		}
		if status == dimse.StatusSuccess {
			acknowledged[object.SOPInstance] = object.Data
		}
		return status
	}
	const most = 200 // objects of half a MiB: more than there is room for
	n, refused := 1, 0
	for ; n < most && refused < 10; n++ {
		switch status := store(n); status { //nolint:exhaustive // all others are wrong
		case dimse.StatusSuccess:
			if refused > 0 {
				t.Logf("object %d found room", n)
			}
		case dimse.StatusOutOfResources:
			refused++
		default:
			t.Fatalf("object %d: %v", n, status)
		}
	}
	if refused == 0 || len(acknowledged) < 5 {
		t.Fatalf("%d acknowledged, %d refused", len(acknowledged), refused)
	}
	// What the index has no room for cannot be asked for yet; it is not denied either.
	for uid := range acknowledged {
		rows, err := a.InstancesByUID(t.Context(), uid)
		if len(rows) != 1 && !errors.Is(err, sinso.ErrUnavailable) {
			t.Errorf("an acknowledged object, while the disk is full: %d rows, %v", len(rows), err)
		}
	}
	other, err := dimse.Dial(t.Context(), "127.0.0.1:"+a.port, dimse.ClientConfig{
		Options: dimse.Options{AETitle: "SCU"}, Called: "SINSO", Contexts: []dimse.Context{verification},
	})
	if err == nil {
		err = other.Release(t.Context())
	}
	if err != nil && !errors.Is(err, sinso.ErrBusy) {
		t.Errorf("another association, while the disk is full: %v", err)
	}
	if err := os.Remove(fill); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if status := store(n); status != dimse.StatusSuccess {
			t.Errorf("with room: %v", status)
		}
		n++
	}
	if err := assoc.Release(t.Context()); err != nil {
		t.Error(err)
	}
	assertHeld(t, a, acknowledged)
	a.answers(t, "SCU")
	a.stop()
	checkClean(t, data, "none", wall{})
	t.Logf("%d acknowledged, %d refused", len(acknowledged), refused)
}
