package dicomweb_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
)

// loaded is a rig with a series of 300 slices of 512 × 512 and 1,000 small studies.
func loaded(b testing.TB) *rig {
	b.Helper()
	g := newRig(b)
	pixels := make([]byte, 2*512*512)
	for i := range pixels {
		pixels[i] = byte(i * i >> 7)
	}
	var large, small [][]byte
	for i := range 300 {
		large = append(large, slice{uid: fmt.Sprint("2.25.1", 1000+i), number: i + 1, edit: func(ds *dicom.Dataset) {
			ds.Set(dicom.DataElement{Tag: 0x00280010, VR: "US", Value: []byte{0, 2}})
			ds.Set(dicom.DataElement{Tag: 0x00280011, VR: "US", Value: []byte{0, 2}})
			ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: "OW", Value: pixels})
			for k := range 60 { // as many attributes as a CT has
				ds.SetString(dicom.Tag(0x00091010+k), "LO", fmt.Sprint("private value ", k, " of slice ", i))
			}
		}}.bytes(b))
	}
	for i := range 1000 {
		n := strconv.Itoa(5000 + i)
		small = append(small, slice{study: "2.25.2" + n, series: "2.25.3" + n, uid: "2.25.4" + n}.bytes(b))
	}
	g.put("owner", large...)
	g.put("owner", small...)
	return g
}

// BenchmarkDoor measures the door over HTTP on 127.0.0.1, before an archive of maps.
func BenchmarkDoor(b *testing.B) {
	g := loaded(b)
	g.archive.freeze()
	for _, bb := range []struct{ name, path string }{
		{"study of 300 slices", studyA},
		{"all studies", "/studies"},
		{"25 studies", "/studies?limit=25"},
		{"instances of 300", seriesA + "/instances"},
		{"metadata of 300", seriesA + "/metadata"},
		{"rendered", seriesA + "/instances/2.25.11000/rendered"},
		{"frame", seriesA + "/instances/2.25.11000/frames/1"},
	} {
		b.Run(bb.name, func(b *testing.B) {
			piece := make([]byte, 1<<20)
			for range b.N {
				r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, g.url+bb.path, nil)
				if err != nil {
					b.Fatal(err)
				}
				r.Header.Set("Authorization", "Bearer "+g.token["owner"])
				response, err := g.client.Do(r)
				if err != nil || response.StatusCode != http.StatusOK {
					b.Fatal(response, err)
				}
				n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{response.Body}, piece)
				if err != nil {
					b.Fatal(err)
				}
				_ = response.Body.Close()
				b.SetBytes(n)
			}
		})
	}
	b.Run("store 40 slices", func(b *testing.B) {
		var objects [][]byte
		for _, row := range g.archive.instances[:40] {
			objects = append(objects, g.archive.plain[row.ID])
		}
		body := stow("BOUND", objects...)
		b.SetBytes(int64(len(body)))
		for range b.N {
			if got := g.do("owner", "POST", "/studies", body, "Content-Type", stowType); got.StatusCode != 200 || bytes.Contains(got.body, []byte("00081198")) {
				b.Fatal(got.StatusCode)
			}
		}
	})
}
