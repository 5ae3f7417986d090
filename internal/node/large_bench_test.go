package node

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// BenchmarkLargeObject imports a whole-slide image of BENCH_LARGE bytes into a node that
// serves, and downloads its file; it reports the most memory that all of it took.
func BenchmarkLargeObject(b *testing.B) {
	size, err := strconv.ParseInt(os.Getenv("BENCH_LARGE"), 10, 64)
	if err != nil {
		b.Skip("BENCH_LARGE says of how many bytes")
	}
	const mega = 1e6
	n := answering(b, Config{Chain: noChain, ChainListen: none, DIMSEListen: none, Listen: "127.0.0.1:0"}, nil)
	token, err := n.CreateToken(b.Context(), sinso.RoleClinician, "", time.Hour, "bench")
	if err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(b.TempDir(), "slide.dcm")
	want, err := drawSlide(path, size)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		began := time.Now()
		result, err := n.ImportPaths(b.Context(), []string{path}, ImportOptions{Actor: "bench"})
		if err != nil || result.Instances != 1 {
			b.Fatalf("%+v, %v", result, err)
		}
		b.ReportMetric(float64(size)/mega/time.Since(began).Seconds(), "in-MB/s")
		rows, err := n.Instances(b.Context(), result.Studies[0])
		if err != nil {
			b.Fatal(err)
		}
		began = time.Now()
		if got := download(b, n.Config.URL+"/api/v1/records/"+string(rows[0].ID)+"/file", token); !bytes.Equal(got, want.Sum(nil)) {
			b.Fatal("other bytes came back")
		}
		b.ReportMetric(float64(size)/mega/time.Since(began).Seconds(), "out-MB/s")
		b.ReportMetric(peakMB(b), "peak-MB")
	}
}

// download returns the SHA-256 of what is answered.
func download(b *testing.B, url, token string) []byte {
	b.Helper()
	request, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, nil)
	if err != nil {
		b.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		b.Fatal(err)
	}
	got := sha256.New()
	if _, err := io.Copy(got, answer.Body); err != nil || answer.StatusCode != http.StatusOK {
		b.Fatalf("%s, %v", answer.Status, err)
	}
	if err := answer.Body.Close(); err != nil {
		b.Fatal(err)
	}
	return got.Sum(nil)
}

// drawSlide writes a synthetic whole-slide image of about size bytes: each tile is a fragment
// of 1 MiB, of which the first bytes tell which it is. The rest is a hole, which takes no
// room on the disk. It returns the SHA-256 of the file.
func drawSlide(path string, size int64) (digest hash.Hash, err error) {
	const tile = 1 << 20
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	head, err := slideHead(int(size / tile))
	if err != nil {
		return nil, err
	}
	digest = sha256.New()
	both := io.MultiWriter(file, digest)
	if _, err := both.Write(head); err != nil {
		return nil, err
	}
	zeros := make([]byte, tile)
	for i := range size / tile {
		item := []byte{0xFE, 0xFF, 0x00, 0xE0} // (FFFE,E000), its length, which tile it is
		item = binary.LittleEndian.AppendUint32(item, tile)
		item = binary.LittleEndian.AppendUint64(item, uint64(i))
		if _, err := both.Write(item); err != nil {
			return nil, err
		}
		digest.Write(zeros[8:])
		if _, err := file.Seek(tile-8, io.SeekCurrent); err != nil {
			return nil, err
		}
	}
	_, err = both.Write([]byte{0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0}) // (FFFE,E0DD)
	return digest, err
}

// slideHead is the file up to its first tile.
func slideHead(frames int) ([]byte, error) {
	const class, jpeg = "1.2.840.10008.5.1.4.1.1.77.1.6", "1.2.840.10008.1.2.4.50" // VL Whole Slide Microscopy, JPEG Baseline
	var ds dicom.Dataset
	for tag, value := range map[dicom.Tag]string{
		0x00080016: class, 0x00080018: "2.25.1", 0x0020000D: "2.25.2", 0x0020000E: "2.25.3", 0x00080060: "SM",
		0x00100010: "PHANTOM^SLIDE", 0x00100020: "PHANTOM-SLIDE", 0x00280008: strconv.Itoa(frames),
	} {
		attribute, _ := dicom.Lookup(tag)
		ds.SetString(tag, attribute.VRs[0], value)
	}
	ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROB, Fragments: [][]byte{{}}})
	whole, err := dicom.Encode(jpeg, ds)
	if err != nil {
		return nil, err
	}
	return whole[:len(whole)-8], nil // without the delimiter
}

// peakMB is the most memory that this process had resident.
func peakMB(b *testing.B) float64 {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip("this system does not tell: ", err)
	}
	for line := range strings.Lines(string(status)) {
		var kib float64
		if n, _ := fmt.Sscanf(line, "VmHWM: %f kB", &kib); n == 1 {
			return kib * 1024 / 1e6
		}
	}
	b.Fatal("no VmHWM")
	return 0
}
