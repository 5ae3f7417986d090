package dimse_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/wire/dimse"
)

// TestDcmqrscpAnswersOurClient stores, finds, moves and gets with dcmtk's archive.
func TestDcmqrscpAnswersOurClient(t *testing.T) {
	if testing.Short() {
		t.Skip("needs dcmtk")
	}
	t.Parallel()
	var moved kept
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serveOn(t, dimse.Config{Supports: everything, Store: moved.store}, ln)
	port := qrscp(t, portOf(ln.Addr().String()))
	paths := files(t, 4)
	a := dial(t, "127.0.0.1:"+port,
		only(dimse.StudyRootFind, dicom.ImplicitLittleEndian), only(dimse.StudyRootMove, dicom.ExplicitLittleEndian),
		only(dimse.StudyRootGet, dicom.ExplicitLittleEndian),
		dimse.Context{Abstract: ctStorage, Syntaxes: []string{dicom.ExplicitLittleEndian}, SCP: true})
	for _, o := range (&archive{t, paths}).objects() {
		if status, err := a.Store(t.Context(), o); err != nil || status != dimse.StatusSuccess {
			t.Fatal(status, err)
		}
	}
	keys := dicom.Dataset{}
	keys.SetString(0x00080052, dicom.VRCS, "IMAGE")
	keys.SetString(0x0020000D, dicom.VRUI, "1.2.3")
	keys.SetString(0x0020000E, dicom.VRUI, "1.2.3.4")
	keys.SetString(0x00080018, dicom.VRUI)
	found := 0
	status, err := a.Find(t.Context(), dimse.StudyRootFind, keys, func(ds dicom.Dataset) error {
		if ds.Find(0x00080018) != nil {
			found++
		}
		return nil
	})
	if err != nil || status != dimse.StatusSuccess || found != len(paths) {
		t.Errorf("find: %v, %v, %d found", status, err, found)
	}
	keys = dicom.Dataset{}
	keys.SetString(0x00080052, dicom.VRCS, "STUDY")
	keys.SetString(0x0020000D, dicom.VRUI, "1.2.3")
	steps := 0
	out, err := a.Move(t.Context(), dimse.StudyRootMove, "US", keys, func(dimse.Counts) { steps++ })
	if err != nil || out.Status != dimse.StatusSuccess || out.Counts.Completed != len(paths) || steps == 0 {
		t.Errorf("move: %+v, %v, %d steps", out, err, steps)
	}
	moved.same(t, paths)
	var got kept
	out, err = a.Get(t.Context(), dimse.StudyRootGet, keys, func(ctx context.Context, r *dimse.StoreRequest) dimse.Status {
		return got.store(ctx, a, r)
	}, nil)
	if err != nil || out.Status != dimse.StatusSuccess || out.Counts.Completed != len(paths) {
		t.Errorf("get: %+v, %v", out, err)
	}
	got.same(t, paths)
	if err := a.Release(t.Context()); err != nil {
		t.Error(err)
	}
}

// qrscp starts dcmqrscp, which knows US at a port of loopback, and returns its own.
func qrscp(t *testing.T, back string) string {
	t.Helper()
	dir := t.TempDir()
	port := freePort(t)
	config := filepath.Join(dir, "dcmqrscp.cfg")
	text := fmt.Sprintf(`NetworkTCPPort = %s
MaxPDUSize = 16384
MaxAssociations = 16
HostTable BEGIN
us = (US, 127.0.0.1, %s)
HostTable END
VendorTable BEGIN
VendorTable END
AETable BEGIN
THEM %s RW (200, 1024mb) ANY
AETable END
`, port, back, dir)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, port, "dcmqrscp", "-v", "-c", config, "--single-process")
	return port
}
