package node

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// BenchmarkTake takes in CT slices of 512² over and over, each another object of one
// study, as an association would: one after the other, sealed and durable.
func BenchmarkTake(b *testing.B) { benchTake(b, func(int) string { return "1.2.3" }) }

// BenchmarkTakeTinyStudies takes in objects that are a study and a person each.
func BenchmarkTakeTinyStudies(b *testing.B) {
	b.Run("64x64", func(b *testing.B) { benchTakeOf(b, 64, func(i int) string { return fmt.Sprintf("1.2.3.%d", i) }) })
}

func benchTake(b *testing.B, study func(int) string) { benchTakeOf(b, 512, study) }

func benchTakeOf(b *testing.B, side int, study func(int) string) {
	b.Helper()
	dir := b.TempDir()
	cfg, err := Config{Data: filepath.Join(dir, "node"), Chain: noChain, ChainListen: none, DIMSEListen: none}.Load(func(string) string { return "" })
	if err != nil {
		b.Fatal(err)
	}
	if _, err := Init(b.Context(), cfg); err != nil {
		b.Fatal(err)
	}
	n, err := Open(b.Context(), cfg, Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = n.Close() }() // what is measured is durable
	go func() { _ = n.Index(b.Context()) }()
	pixels := make([]byte, 2*side*side)
	if _, err := rand.Read(pixels); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(pixels)))
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		file := slice(b, side, study(i), i, pixels)
		b.StartTimer()
		if _, err := n.Take(b.Context(), sinso.Item{Bytes: file}, ImportOptions{Actor: "bench", Origin: sinso.OriginGateway, DataSet: true}); err != nil {
			b.Fatal(err)
		}
	}
}

// answering opens a fresh node that answers at the addresses of cfg until the test
// ends. before, if not nil, is called before it listens.
func answering(tb testing.TB, cfg Config, before func(*Node)) *Node {
	tb.Helper()
	cfg.Data = filepath.Join(tb.TempDir(), "node")
	cfg, err := cfg.Load(func(string) string { return "" })
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := Init(tb.Context(), cfg); err != nil {
		tb.Fatal(err)
	}
	n, err := Open(tb.Context(), cfg, Options{})
	if err != nil {
		tb.Fatal(err)
	}
	if before != nil {
		before(n)
	}
	listener, err := n.Listen(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(tb.Context()))
	served := make(chan error, 1)
	go func() { served <- n.Serve(ctx, listener) }()
	tb.Cleanup(func() {
		cancel()
		if err := errors.Join(<-served, n.Close()); err != nil {
			tb.Error(err)
		}
	})
	return n
}

// slice is one CT Image Storage object of a person who does not exist.
func slice(tb testing.TB, side int, study string, i int, pixels []byte) []byte {
	tb.Helper()
	var ds dicom.Dataset
	text := func(tag dicom.Tag, vr dicom.VR, values ...string) { ds.SetString(tag, vr, values...) }
	word := func(tag dicom.Tag, v int) {
		ds.Set(dicom.DataElement{Tag: tag, VR: dicom.VRUS, Value: []byte{byte(v), byte(v >> 8)}})
	}
	text(0x00080008, dicom.VRCS, "ORIGINAL", "PRIMARY", "AXIAL")
	text(0x00080016, dicom.VRUI, "1.2.840.10008.5.1.4.1.1.2")
	text(0x00080018, dicom.VRUI, fmt.Sprintf("%s.1.%d", study, i+1))
	text(0x00080020, dicom.VRDA, "20240506")
	text(0x00080030, dicom.VRTM, "070809")
	text(0x00080050, dicom.VRSH, "A1")
	text(0x00080060, dicom.VRCS, "CT")
	text(0x00081030, dicom.VRLO, "CT CHEST")
	text(0x0008103E, dicom.VRLO, "CHEST 1.0")
	text(0x00100010, dicom.VRPN, "SYNTHETIC^PERSON")
	text(0x00100020, dicom.VRLO, "P"+study)
	text(0x00180015, dicom.VRCS, "CHEST")
	text(0x0020000D, dicom.VRUI, study)
	text(0x0020000E, dicom.VRUI, study+".1")
	text(0x00200011, dicom.VRIS, "1")
	text(0x00200013, dicom.VRIS, strconv.Itoa(i+1))
	text(0x00280004, dicom.VRCS, "MONOCHROME2")
	word(0x00280002, 1)
	word(0x00280010, side)
	word(0x00280011, side)
	word(0x00280100, 16)
	word(0x00280101, 12)
	word(0x00280102, 11)
	word(0x00280103, 0)
	ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROW, Value: pixels})
	file, err := dicom.Encode(dicom.ExplicitLittleEndian, ds)
	if err != nil {
		tb.Fatal(err)
	}
	return file
}
