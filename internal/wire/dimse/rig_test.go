package dimse_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"runtime"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/wire/dimse"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	ctStorage = "1.2.840.10008.5.1.4.1.1.2"
	mrStorage = "1.2.840.10008.5.1.4.1.1.4"
)

// serve runs a server on loopback until the test ends, and returns its address.
func serve(tb testing.TB, c dimse.Config) string {
	tb.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	return serveOn(tb, c, ln)
}

func serveOn(tb testing.TB, c dimse.Config, ln net.Listener) string {
	tb.Helper()
	s, err := dimse.NewServer(c)
	if err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, ln) }()
	tb.Cleanup(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				tb.Errorf("Serve: %v", err)
			}
		case <-time.After(20 * time.Second):
			tb.Error("Serve does not return")
		}
	})
	return ln.Addr().String()
}

// everything supports all classes.
func everything(string) bool { return true }

// dial makes an association that is released when the test ends.
func dial(tb testing.TB, address string, contexts ...dimse.Context) *dimse.Association {
	tb.Helper()
	a, err := dimse.Dial(context.Background(), address, dimse.ClientConfig{
		Options: dimse.Options{AETitle: "US"}, Called: "THEM", Contexts: contexts,
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = a.Release(ctx)
	})
	return a
}

// context of one class and one syntax.
func only(class, syntax string) dimse.Context {
	return dimse.Context{Abstract: class, Syntaxes: []string{syntax}}
}

// object returns a synthetic object with a value of that many bytes.
func object(tb testing.TB, syntax, uid string, size int) []byte {
	tb.Helper()
	ds := dicom.Dataset{}
	ds.SetString(0x00080016, dicom.VRUI, ctStorage)
	ds.SetString(0x00080018, dicom.VRUI, uid)
	ds.SetString(0x00080060, dicom.VRCS, "CT")
	ds.SetString(0x00100010, dicom.VRPN, "TEST^SYNTHETIC")
	ds.SetString(0x0020000D, dicom.VRUI, "1.2.3")
	ds.SetString(0x0020000E, dicom.VRUI, "1.2.3.4")
	value := bytes.Repeat([]byte{1, 2, 3, 4, 5, 6, 7, 8}, (size+7)/8)[:size]
	ds.Set(dicom.DataElement{Tag: 0x00280010, VR: dicom.VRUS, Value: []byte{1, 0}})
	ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROW, Value: value})
	b, err := dicom.Encode(syntax, ds)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func parsed(tb testing.TB, b []byte) *dimse.Object {
	tb.Helper()
	o, err := dimse.ParseObject(b)
	if err != nil {
		tb.Fatal(err)
	}
	return o
}

func mustBe(tb testing.TB, what string, err, class error) {
	tb.Helper()
	if !errors.Is(err, class) {
		tb.Errorf("%s: got %v, want %v", what, err, class)
	}
}

var errUnsupported = sinso.ErrUnsupported

func runtimeYield() { runtime.Gosched() }
