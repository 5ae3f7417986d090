package serve

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/ingest"
	"sinso.dev/sinso/internal/way"
)

// film is a synthetic object with so many bytes of pixels, in frames of 1 MiB.
func film(t *testing.T, megabytes int) []byte {
	t.Helper()
	ds := must[dicom.Dataset](t)(must[*dicom.File](t)(dicom.Read(drawn(t, 31, 1)[0])).Tree())
	pixels := make([]byte, megabytes<<20)
	for i := range pixels {
		pixels[i] = byte(i>>20 + i>>8*3)
	}
	ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROW, Value: pixels})
	return must[[]byte](t)(dicom.Encode(dicom.ExplicitLittleEndian, ds))
}

// TestALargeUploadIsFiledAndGivenBack: an upload beyond what is held in memory is filed as
// any other, a second time as a duplicate, and its file comes back as it was.
func TestALargeUploadIsFiledAndGivenBack(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: it uploads 140 MB")
	}
	g := newRig(t)
	file := film(t, ingest.Large>>20+6)
	for turn, want := range []way.ImportResult{{Instances: 1}, {Duplicates: 1}} {
		at := g.begin(t, "owner", len(file), meta("filename", "film.dcm", "batch", string(rune('a'+turn))))
		for offset := 0; offset < len(file); {
			part := file[offset:min(len(file), offset+16<<20)]
			if got := g.patch(t, "owner", at, offset, part); got.StatusCode != 204 {
				t.Fatalf("at %d: %d %s", offset, got.StatusCode, got.body)
			}
			offset += len(part)
		}
		got := g.done(t, "owner", string(rune('a'+turn))).Outcome
		if got.Instances != want.Instances || got.Duplicates != want.Duplicates || got.Bytes != int64(len(file)) {
			t.Fatalf("upload %d: %+v", turn, got)
		}
		if turn == 1 {
			row := must[[]sinso.InstanceRow](t)(g.way.Instances(t.Context(), got.Studies[0]))[0]
			answer := g.want(t, 200, "owner", "GET", api+"/records/"+string(row.ID)+"/file", "")
			if !bytes.Equal(answer.body, file) || answer.ContentLength != int64(len(file)) {
				t.Errorf("%d bytes of %d came back, or other ones", len(answer.body), len(file))
			}
		}
	}
	if opened := g.opened(t); len(opened) != 1 {
		t.Errorf("opened: %v", opened)
	}
}

// TestALargeFileThatIsDamagedLooksNotWhole: whatever block of it is lost.
func TestALargeFileThatIsDamagedLooksNotWhole(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	before := map[sinso.CID]bool{}
	each := func(fn func(sinso.CID)) {
		if err := g.way.Blobs.List(t.Context(), func(cid sinso.CID) error { fn(cid); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	each(func(cid sinso.CID) { before[cid] = true })
	study := must[way.ImportResult](t)(g.way.Import(t.Context(), source([][]byte{film(t, 9)}), way.ImportOptions{Actor: "test", Person: g.a})).Studies[0]
	row := must[[]sinso.InstanceRow](t)(g.way.Instances(t.Context(), study))[0]
	list := must[sinso.StudyRow](t)(g.way.Study(t.Context(), study)).Manifest
	var leaves []sinso.CID
	each(func(cid sinso.CID) {
		if !before[cid] && cid != list && cid.Codec() == sinso.CodecRaw {
			leaves = append(leaves, cid)
		}
	})
	if len(leaves) < 9 {
		t.Fatalf("%d blocks only", len(leaves))
	}
	for _, cid := range leaves {
		block := must[[]byte](t)(g.way.Blobs.Get(t.Context(), cid))
		if err := g.way.Blobs.Delete(t.Context(), cid); err != nil {
			t.Fatal(err)
		}
		request := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), "GET", g.url+api+"/records/"+string(row.ID)+"/file", nil))
		request.Header.Set("Authorization", "Bearer "+g.token["owner"])
		answer, err := g.client.Do(request)
		if err == nil {
			_, err = io.Copy(io.Discard, answer.Body)
			_ = answer.Body.Close()
			if err == nil && answer.StatusCode == 200 {
				t.Error("without a block it looks whole")
			}
		}
		if err := g.way.Blobs.Put(t.Context(), sinso.Block{CID: cid, Data: block}); err != nil {
			t.Fatal(err)
		}
	}
}
