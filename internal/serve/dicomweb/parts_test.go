package dicomweb_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
)

const manyOctets = `multipart/related; type="application/octet-stream"`

// TestALargeObjectIsReadInParts asks for frames of an uncompressed object of 9 MB, and for
// the object: the answers are those of a whole one, and a frame is read alone.
func TestALargeObjectIsReadInParts(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	const count = 70_000
	plain := slice{uid: "2.25.15", frames: count, edit: func(ds *dicom.Dataset) {
		pixels := make([]byte, 128*count)
		for i := range pixels {
			pixels[i] = byte(i / 128 * 7)
		}
		ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: "OW", Value: pixels})
	}}.bytes(t)
	g.put("owner", plain)
	file, err := dicom.Read(plain)
	if err != nil {
		t.Fatal(err)
	}
	frames, err := file.Frames()
	if err != nil {
		t.Fatal(err)
	}
	for accept, media := range map[string]string{manyOctets: "application/octet-stream", manyOctets + "; transfer-syntax=*": "application/octet-stream"} {
		g.archive.read.Store(0)
		parts := g.get(multiA+"/frames/1,70000,35000", "Accept", accept).parts(t)
		if len(parts) != 3 || !bytes.Equal(parts[0].Body, frames[0]) || !bytes.Equal(parts[1].Body, frames[count-1]) || !bytes.Equal(parts[2].Body, frames[count/2-1]) {
			t.Errorf("%s: %d parts, or other bytes", accept, len(parts))
		}
		if len(parts) > 0 {
			contains(t, parts[0].Header.Get("Content-Type"), media)
		}
		if read := g.archive.read.Load(); read == 0 || read > 100_000 {
			t.Errorf("%s: %d bytes were read for three frames", accept, read)
		}
	}
	whole := g.get(multiA, "Accept", "application/dicom; transfer-syntax=*")
	if !bytes.Equal(whole.body, plain) || whole.ContentLength != int64(len(plain)) {
		t.Errorf("the object: %d bytes, announced %d, want %d", len(whole.body), whole.ContentLength, len(plain))
	}
	g.want(404, "owner", "GET", multiA+"/frames/70001", nil)

	small := slice{uid: "2.25.16"}.bytes(t)
	g.put("owner", small)
	series := strings.Split(multiA, "/instances/")[0]
	g.archive.wholes.Store(0)
	both := g.get(series, "Accept", `multipart/related; type="application/dicom"; transfer-syntax=*`).parts(t)
	if len(both) != 2 || !bytes.Equal(both[0].Body, plain) && !bytes.Equal(both[1].Body, plain) {
		t.Errorf("the series: %d parts, or other bytes", len(both))
	}
	zipped := g.get(series, "Accept", "application/zip; transfer-syntax=*").body
	archive, err := zip.NewReader(bytes.NewReader(zipped), int64(len(zipped)))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, entry := range archive.File {
		from, err := entry.Open()
		if err != nil {
			t.Fatal(err)
		}
		if data, err := io.ReadAll(from); err == nil && (bytes.Equal(data, plain) || bytes.Equal(data, small)) {
			found++
		}
	}
	if found != 2 || len(archive.File) != 2 {
		t.Errorf("the zip has %d files, %d of them as they were", len(archive.File), found)
	}
	if n := g.archive.wholes.Load(); n != 2 { // the small one, each time
		t.Errorf("%d objects were read whole", n)
	}
}

// TestALargeObjectThatIsGoneLooksNotWhole: before anything was sent it is an error, and one
// that is shorter than was announced is broken off.
func TestALargeObjectThatIsGoneLooksNotWhole(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	plain := slice{uid: "2.25.15", frames: 70_000}.bytes(t)
	g.put("owner", plain)
	id := g.archive.instances[0].ID
	g.archive.mu.Lock()
	g.archive.plain[id] = plain[:len(plain)/2]
	g.archive.mu.Unlock()
	if got, err := g.try(multiA, "application/dicom; transfer-syntax=*"); err == nil {
		t.Errorf("half of it looks whole: %d bytes", len(got))
	}
	g.want(502, "owner", "GET", multiA+"/frames/70000", nil, "Accept", manyOctets)
	g.archive.mu.Lock()
	delete(g.archive.plain, id)
	g.archive.mu.Unlock()
	g.want(502, "owner", "GET", multiA, nil, "Accept", "application/dicom; transfer-syntax=*")
	g.want(502, "owner", "GET", multiA+"/frames/1", nil, "Accept", manyOctets)
}
