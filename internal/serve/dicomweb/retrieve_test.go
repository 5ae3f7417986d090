package dicomweb_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"image"
	_ "image/jpeg" // decodes what is drawn
	_ "image/png"
	"io"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
	"sinso.dev/sinso/internal/wire/multipart"
)

const (
	studyA    = "/studies/2.25.11"
	seriesA   = studyA + "/series/2.25.12"
	instanceA = seriesA + "/instances/2.25.13"
	multiA    = seriesA + "/instances/2.25.15" // of 3 frames
)

// TestRetrieveGivesTheVeryBytes retrieves at three levels, and each retrieve is one
// opening in the log.
func TestRetrieveGivesTheVeryBytes(t *testing.T) {
	t.Parallel()
	g := filled(t)
	one, two, three, pet := slice{uid: "2.25.13", number: 1}.bytes(t), slice{uid: "2.25.14", number: 2}.bytes(t), slice{uid: "2.25.15", number: 3, frames: 3}.bytes(t), slice{series: "2.25.22", uid: "2.25.23", modality: "PT"}.bytes(t)
	for path, tt := range map[string]struct {
		want   [][]byte
		opened string
	}{
		studyA: {[][]byte{one, two, three, pet}, "s_"}, seriesA: {[][]byte{one, two, three}, "e_"}, instanceA: {[][]byte{one}, "i_"},
	} {
		for _, accept := range []string{"", "*/*", "multipart/related", `multipart/related; type="application/dicom"`, "multipart/related;type=application/dicom", `multipart/related; type="application/dicom"; transfer-syntax=*`, `multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.1`} {
			g.archive.openings()
			got := g.get(path, "Accept", accept)
			parts := got.parts(t)
			if len(parts) != len(tt.want) {
				t.Fatalf("%s: %d parts", path, len(parts))
			}
			for _, want := range tt.want {
				if !slices.ContainsFunc(parts, func(p multipart.Part) bool { return bytes.Equal(p.Body, want) }) {
					t.Errorf("%s, %s: an object is missing", path, accept)
				}
			}
			contains(t, parts[0].Header.Get("Content-Type"), "application/dicom; transfer-syntax=1.2.840.10008.1.2.1")
			contains(t, got.Header.Get("Content-Type"), `multipart/related; type="application/dicom"; boundary=`)
			if got.ContentLength != int64(len(got.body)) {
				t.Errorf("%s: Content-Length %d of %d bytes", path, got.ContentLength, len(got.body))
			}
			if opened := g.archive.openings(); !slices.Equal(opened, []string{"owner " + string(personA) + " " + tt.opened + " retrieve"}) {
				t.Errorf("%s: written down: %q", path, opened)
			}
		}
	}
	got := g.get(studyA, "Accept", "application/zip")
	z, err := zip.NewReader(bytes.NewReader(got.body), int64(len(got.body)))
	if err != nil || len(z.File) != 4 {
		t.Fatalf("the zip has %v, %v", z, err)
	}
	f, err := z.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(f); err != nil || !slices.ContainsFunc([][]byte{one, pet}, func(want []byte) bool { return bytes.Equal(b, want) }) {
		t.Errorf("the zip's first file is none of the objects: %v", err)
	}
	for _, accept := range []string{"application/dicom", "text/html", `multipart/related; type="application/dicom+xml"`, "application/dicom+json"} {
		g.want(406, "owner", "GET", studyA, nil, "Accept", accept)
	}
	g.want(400, "owner", "GET", studyA, nil, "Accept", "nonsense")
	g.want(404, "owner", "GET", "/studies/2.25.999", nil)
	g.want(404, "owner", "GET", "/studies/'; drop table", nil)
}

// TestTransferSyntaxIsNegotiated stores objects in several, and asks for others.
func TestTransferSyntaxIsNegotiated(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	native := slice{}.bytes(t)
	file, err := dicom.Read(native)
	if err != nil {
		t.Fatal(err)
	}
	jls, err := codec.Transcode(file, codec.JPEGLSLossless)
	if err != nil {
		t.Fatal(err)
	}
	implicit := slice{study: "2.25.21", uid: "2.25.23", syntax: dicom.ImplicitLittleEndian}.bytes(t)
	video := slice{study: "2.25.31", uid: "2.25.33", edit: func(ds *dicom.Dataset) {
		ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: "OB", Fragments: [][]byte{{}, {1, 2, 3, 4}}})
	}, syntax: "1.2.840.10008.1.2.4.102"}.bytes(t)
	g.put("owner", jls, implicit, video)
	g.put("owner", slice{study: "2.25.31", uid: "2.25.34"}.bytes(t))
	object := "/series/2.25.12/instances/"
	for _, tt := range []struct{ path, syntax, want string }{
		{"/studies/2.25.11" + object + "2.25.13", "", dicom.ExplicitLittleEndian},
		{"/studies/2.25.11" + object + "2.25.13", "*", codec.JPEGLSLossless},
		{"/studies/2.25.11" + object + "2.25.13", codec.JPEGLSLossless, codec.JPEGLSLossless},
		{"/studies/2.25.11" + object + "2.25.13", dicom.ImplicitLittleEndian, dicom.ImplicitLittleEndian},
		{"/studies/2.25.21" + object + "2.25.23", "", dicom.ExplicitLittleEndian},
		{"/studies/2.25.21" + object + "2.25.23", "*", dicom.ImplicitLittleEndian},
		{"/studies/2.25.21" + object + "2.25.23", codec.RLELossless, codec.RLELossless},
		{"/studies/2.25.31" + object + "2.25.33", "*", "1.2.840.10008.1.2.4.102"},
		{"/studies/2.25.31" + object + "2.25.33", "", "406"},
		{"/studies/2.25.21" + object + "2.25.23", "1.2.3", "406"},
		{"/studies/2.25.21" + object + "2.25.23", "1.2.840.10008.1.2.4.102", "406"},
	} {
		accept := "application/dicom"
		if tt.syntax != "" {
			accept += "; transfer-syntax=" + tt.syntax
		}
		got := g.do("owner", "GET", tt.path, nil, "Accept", accept)
		if tt.want == "406" {
			if got.StatusCode != 406 {
				t.Errorf("%s as %q: got %d", tt.path, tt.syntax, got.StatusCode)
			}
			continue
		}
		f, err := dicom.Read(got.body)
		if err != nil || f.Syntax().UID != tt.want {
			t.Fatalf("%s as %q: %d, %v, want %s", tt.path, tt.syntax, got.StatusCode, err, tt.want)
		}
		contains(t, got.Header.Get("Content-Type"), "transfer-syntax="+tt.want)
		if tt.path == "/studies/2.25.11"+object+"2.25.13" && tt.want == dicom.ExplicitLittleEndian {
			was, _ := file.PixelBytes()
			if is, err := f.PixelBytes(); err != nil || !bytes.Equal(was, is) {
				t.Errorf("pixels changed on the way through JPEG-LS: %v", err)
			}
		}
	}
	both := `multipart/related; type="application/dicom"; transfer-syntax=1.2.3, multipart/related; type="application/dicom"; transfer-syntax=*; q=0.5`
	if parts := g.get("/studies/2.25.11", "Accept", both).parts(t); !bytes.Equal(parts[0].Body, jls) {
		t.Error("the second choice is not what is stored")
	}
	// Of a study, what can't be given out is left out, and the status says so.
	if parts := g.want(206, "owner", "GET", "/studies/2.25.31", nil).parts(t); len(parts) != 1 {
		t.Errorf("%d parts, want the one that can be given out", len(parts))
	}
}

// TestFrames gives out frames as they lie in the object, decoded or compressed.
func TestFrames(t *testing.T) {
	t.Parallel()
	g := filled(t)
	file, err := dicom.Read(slice{frames: 3}.bytes(t))
	if err != nil {
		t.Fatal(err)
	}
	frames, err := file.Frames()
	if err != nil {
		t.Fatal(err)
	}
	jls, err := codec.Transcode(file, codec.JPEGLSLossless)
	if err != nil {
		t.Fatal(err)
	}
	packed, err := dicom.Read(jls)
	if err != nil {
		t.Fatal(err)
	}
	compressed, err := packed.Frames()
	if err != nil {
		t.Fatal(err)
	}
	g.put("owner", must(codec.Transcode(must(dicom.Read(slice{study: "2.25.51", uid: "2.25.53", frames: 3}.bytes(t))), codec.JPEGLSLossless)))
	stored := "/studies/2.25.51/series/2.25.12/instances/2.25.53"
	octets, ofJLS := `multipart/related; type="application/octet-stream"`, `multipart/related; type="image/jls"`
	for _, tt := range []struct {
		path, list, accept, media string
		want                      [][]byte
	}{
		{multiA, "1", "", "application/octet-stream", frames[:1]},
		{multiA, "1,2,3", octets, "application/octet-stream", frames},
		{multiA, "3,1", octets + "; transfer-syntax=*", "application/octet-stream", [][]byte{frames[2], frames[0]}},
		{multiA, "2%2C2", "multipart/related; type=application/octet-stream; transfer-syntax=*", "application/octet-stream", [][]byte{frames[1], frames[1]}},
		{multiA, "2", ofJLS, "image/jls; transfer-syntax=1.2.840.10008.1.2.4.80", compressed[1:2]},
		{stored, "1,3", "", "application/octet-stream", [][]byte{frames[0], frames[2]}},
		{stored, "1,3", octets + "; transfer-syntax=*", "image/jls; transfer-syntax=1.2.840.10008.1.2.4.80", [][]byte{compressed[0], compressed[2]}},
		{stored, "2", ofJLS, "image/jls; transfer-syntax=1.2.840.10008.1.2.4.80", compressed[1:2]},
		{stored, "2", ofJLS + "; transfer-syntax=1.2.840.10008.1.2.4.80", "image/jls; transfer-syntax=1.2.840.10008.1.2.4.80", compressed[1:2]},
	} {
		g.archive.openings()
		parts := g.get(tt.path+"/frames/"+tt.list, "Accept", tt.accept).parts(t)
		if len(parts) != len(tt.want) {
			t.Fatalf("%v: %d parts", tt.list, len(parts))
		}
		for i, part := range parts {
			if !bytes.Equal(part.Body, tt.want[i]) || part.Header.Get("Content-Type") != tt.media {
				t.Errorf("%s %s as %q: part %d is %d bytes of %q, want %d of %q", tt.path, tt.list, tt.accept, i, len(part.Body), part.Header.Get("Content-Type"), len(tt.want[i]), tt.media)
			}
		}
		if opened := g.archive.openings(); len(opened) != 1 {
			t.Errorf("written down: %q", opened)
		}
	}
	if got := g.get(multiA+"/frames/2", "Accept", "application/octet-stream"); !bytes.Equal(got.body, frames[1]) {
		t.Error("a single frame without parts is another one")
	}
	for path, want := range map[string]string{multiA: "", stored: "MONOCHROME2"} {
		if got := g.get(path+"/frames/1", "Accept", "application/octet-stream").Header.Get("Photometric-Interpretation"); got != want {
			t.Errorf("%s: what became of its colours is said to be %q, want %q", path, got, want)
		}
	}
	for list, status := range map[string]int{"0": 400, "x": 400, "1,": 400, "-1": 400, "99999999999": 400, "4": 404, "1,4": 404} {
		g.want(status, "owner", "GET", multiA+"/frames/"+list, nil)
	}
	g.want(406, "owner", "GET", multiA+"/frames/1", nil, "Accept", "video/mp4")
	g.want(406, "owner", "GET", multiA+"/frames/1,2", nil, "Accept", "application/octet-stream")
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestBulkDataByPathAndRange follows the URIs of metadata, into sequences too.
func TestBulkDataByPathAndRange(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	lut := bytes.Repeat([]byte("abcdefgh"), 500)
	g.put("owner", slice{edit: func(ds *dicom.Dataset) {
		ds.Set(dicom.DataElement{Tag: 0x00283010, VR: "SQ", Items: []dicom.Dataset{{}, {Elements: []dicom.DataElement{{Tag: 0x00283006, VR: "OW", Value: lut}}}}})
	}}.bytes(t))
	g.archive.openings()
	meta := g.get(instanceA + "/metadata").list(t)[0]
	uri := meta.items(t, "00283010")[1]["00283006"].BulkDataURI
	if want := g.url + instanceA + "/bulkdata/00283010/1/00283006"; uri != want {
		t.Fatalf("got %q, want %q", uri, want)
	}
	path := strings.TrimPrefix(uri, g.url)
	if got := g.get(path); !bytes.Equal(got.body, lut) || got.Header.Get("Accept-Ranges") != "bytes" {
		t.Errorf("got %d bytes", len(got.body))
	}
	if got := g.want(206, "owner", "GET", path, nil, "Range", "bytes=8-11"); string(got.body) != "abcd" || got.Header.Get("Content-Range") != "bytes 8-11/4000" {
		t.Errorf("got %q of %q", got.body, got.Header.Get("Content-Range"))
	}
	g.want(416, "owner", "GET", path, nil, "Range", "bytes=9999-")
	if parts := g.get(path, "Accept", `multipart/related; type="application/octet-stream"`).parts(t); !bytes.Equal(parts[0].Body, lut) {
		t.Error("the part is not the value")
	}
	if opened := g.archive.openings(); len(opened) != 5 || !strings.HasSuffix(opened[1], "bulk data") {
		t.Errorf("written down: %q", opened)
	}
	for _, wrong := range []string{"", "7FE00011", "xyz", "00283010", "00283010/0", "00283010/0/00283006", "00283010/2/00283006", "00283010/-1/00283006", "00100010/0/00100010", strings.Repeat("00283010/1/", 80) + "00283006"} {
		g.want(404, "owner", "GET", instanceA+"/bulkdata/"+wrong, nil)
	}
}

// TestMetadataAtThreeLevels counts, and finds each instance's own.
func TestMetadataAtThreeLevels(t *testing.T) {
	t.Parallel()
	g := filled(t)
	for path, want := range map[string]int{studyA: 4, seriesA: 3, instanceA: 1} {
		list := g.get(path+"/metadata", "Accept", "application/dicom+json").list(t)
		if len(list) != want {
			t.Errorf("%s: %d", path, len(list))
		}
		for _, one := range list {
			if uri := one["7FE00010"].BulkDataURI; uri != g.url+studyA+"/series/"+one.text("0020000E")+"/instances/"+one.text("00080018")+"/bulkdata/7FE00010" {
				t.Errorf("%s: bulk data at %q", path, uri)
			}
		}
		g.want(406, "owner", "GET", path+"/metadata", nil, "Accept", `multipart/related; type="application/dicom+xml"`)
	}
	if opened := g.archive.openings(); len(opened) != 3 || !strings.HasSuffix(opened[0], "metadata") {
		t.Errorf("written down: %q", opened)
	}
}

// TestMetadataGoesByGzip sends the headers of many by gzip to who takes it, and the same
// without to who does not.
func TestMetadataGoesByGzip(t *testing.T) {
	t.Parallel()
	g := filled(t)
	for path, want := range map[string]string{studyA: "gzip", seriesA: "gzip", instanceA: ""} {
		plain := g.want(200, "owner", "GET", path+"/metadata", nil, "Accept-Encoding", "identity")
		if got := plain.Header.Get("Content-Encoding"); got != "" {
			t.Errorf("%s: by %q to who takes nothing", path, got)
		}
		coded := g.want(200, "owner", "GET", path+"/metadata", nil, "Accept-Encoding", "gzip")
		if got := coded.Header.Get("Content-Encoding"); got != want {
			t.Errorf("%s: by %q, want %q", path, got, want)
		}
		if want == "" {
			continue
		}
		if !strings.Contains(strings.Join(plain.Header.Values("Vary"), ","), "Accept-Encoding") {
			t.Errorf("%s: caches are not told", path)
		}
		z, err := gzip.NewReader(bytes.NewReader(coded.body))
		if err != nil {
			t.Fatal(err)
		}
		if whole, err := io.ReadAll(z); err != nil || !bytes.Equal(whole, plain.body) {
			t.Errorf("%s: other bytes by gzip, %v", path, err)
		}
	}
}

// TestPictures draws frames, of the size and in the window that is asked for.
func TestPictures(t *testing.T) {
	t.Parallel()
	g := filled(t)
	uri := func(more string) string {
		return "/wado?requestType=WADO&studyUID=2.25.11&seriesUID=2.25.12&objectUID=2.25.15" + more
	}
	for _, tt := range []struct {
		path, accept, format string
		width, height        int
	}{
		{instanceA + "/rendered", "", "jpeg", 8, 8},
		{instanceA + "/rendered", "image/png", "png", 8, 8},
		{instanceA + "/rendered?accept=image/png", "text/html", "png", 8, 8},
		{instanceA + "/rendered?viewport=4,4&quality=50&window=100,50,linear", "image/jpeg", "jpeg", 4, 4},
		{multiA + "/frames/3/rendered?window=1,5,sigmoid&annotation=patient", "image/*", "jpeg", 8, 8},
		{multiA + "/frames/2/thumbnail", "image/png", "png", 8, 8},
		{instanceA + "/thumbnail", "", "jpeg", 8, 8},
		{seriesA + "/thumbnail", "", "jpeg", 8, 8},
		{studyA + "/thumbnail?viewport=2,2", "", "jpeg", 2, 2},
		{uri("&contentType=image/png&frameNumber=2&rows=4&columns=4&windowCenter=500&windowWidth=100"), "", "png", 4, 4},
		{uri("&contentType=image/jpeg&imageQuality=90&region=0,0,0.5,0.5&rows=4&columns=4"), "", "jpeg", 4, 4},
	} {
		got := g.get(tt.path, "Accept", tt.accept)
		config, format, err := image.DecodeConfig(bytes.NewReader(got.body))
		if err != nil || format != tt.format || config.Width != tt.width || config.Height != tt.height || got.Header.Get("Content-Type") != "image/"+tt.format {
			t.Errorf("%s: got %s %d×%d as %q, %v", tt.path, format, config.Width, config.Height, got.Header.Get("Content-Type"), err)
		}
	}
	dark, light := g.get(instanceA+"/rendered?window=4000,10,linear", "Accept", "image/png"), g.get(instanceA+"/rendered?window=1,2,linear", "Accept", "image/png")
	if mean(t, dark.body) >= mean(t, light.body) {
		t.Error("the window changes nothing")
	}
	for _, path := range []string{
		instanceA + "/rendered?window=x", instanceA + "/rendered?viewport=0,0", instanceA + "/rendered?quality=0", instanceA + "/rendered?annotation=none", instanceA + "/rendered?nonsense=1",
		multiA + "/frames/1,2/rendered", instanceA + "/rendered?quality=1&quality=2", uri("&contentType=image/png&frameNumber=9"), uri("&rows=x&contentType=image/png"), uri("&contentType=image/png&region=1,1,0,0"), "/wado?requestType=WADO", uri("&x=y"), strings.Replace(uri(""), "WADO&", "X&", 1),
	} {
		g.want(400, "owner", "GET", path, nil)
	}
	g.want(404, "owner", "GET", multiA+"/frames/4/rendered", nil)
	g.want(406, "owner", "GET", instanceA+"/rendered", nil, "Accept", "image/gif")
	g.want(501, "owner", "GET", uri("&anonymize=yes"), nil)
	if got := g.get(uri("")); got.Header.Get("Content-Type") != "application/dicom; transfer-syntax=1.2.840.10008.1.2.1" {
		t.Errorf("of several frames, the object itself is the default: got %q", got.Header.Get("Content-Type"))
	}
}

func mean(t *testing.T, b []byte) int {
	t.Helper()
	picture, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	for y := range 8 {
		for x := range 8 {
			r, _, _, _ := picture.At(x, y).RGBA()
			sum += int(r)
		}
	}
	return sum / 64
}

// TestAnInstanceIsSentOnce answers a client that has it with 304, and opens nothing.
func TestAnInstanceIsSentOnce(t *testing.T) {
	t.Parallel()
	g := filled(t)
	tags := map[string]bool{}
	for _, path := range []string{instanceA, instanceA + "/metadata", instanceA + "/frames/1", multiA + "/frames/1", multiA + "/frames/2", instanceA + "/rendered", instanceA + "/rendered?quality=3", instanceA + "/bulkdata/7FE00010"} {
		tag := g.get(path).Header.Get("ETag")
		if tag == "" || tags[tag] {
			t.Errorf("%s: ETag %q", path, tag)
		}
		tags[tag] = true
		g.archive.openings()
		if got := g.want(304, "owner", "GET", path, nil, "If-None-Match", `"x", `+tag); len(got.body) > 0 {
			t.Errorf("%s: a body with 304", path)
		}
		if opened := g.archive.openings(); len(opened) > 0 {
			t.Errorf("%s: written down: %q", path, opened)
		}
		g.want(200, "owner", "GET", path, nil, "If-None-Match", `"x"`)
	}
}

// TestHalfAnAnswerDoesNotLookWhole breaks the connection off when an object that
// was announced cannot be read.
func TestHalfAnAnswerDoesNotLookWhole(t *testing.T) {
	t.Parallel()
	g := filled(t)
	g.archive.mu.Lock()
	for _, row := range g.archive.instances {
		if row.UID == "2.25.15" {
			delete(g.archive.plain, row.ID)
		}
	}
	g.archive.mu.Unlock()
	for _, accept := range []string{"", "application/zip"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, g.url+seriesA, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", accept)
		r.Header.Set("Authorization", "Bearer "+g.token["owner"])
		response, err := g.client.Do(r)
		if err != nil {
			continue // nothing came at all
		}
		_, err = io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err == nil && response.StatusCode == http.StatusOK {
			t.Errorf("%q: the answer looks whole", accept)
		}
	}
	got := g.want(502, "owner", "GET", multiA, nil)
	contains(t, got.Header.Get("Content-Type"), "application/problem+json")
	if got.Header.Get("ETag") != "" {
		t.Error("an error has an ETag")
	}
}

// TestReadAheadIsBounded retrieves many objects, and none is lost or out of order.
func TestReadAheadIsBounded(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	var objects [][]byte
	for i := range 120 {
		objects = append(objects, slice{uid: fmt.Sprint("2.25.1", 1000+i), number: i + 1, frames: 1 + i%50}.bytes(t))
	}
	g.put("owner", objects...)
	for range 3 {
		parts := g.get(studyA).parts(t)
		if len(parts) != len(objects) {
			t.Fatalf("%d parts", len(parts))
		}
		for i := range parts {
			if !bytes.Equal(parts[i].Body, objects[i]) {
				t.Fatalf("part %d is another object", i)
			}
		}
	}
}

// TestDcmtkReadsWhatIsGivenOut has dcmdump read objects in three transfer syntaxes.
func TestDcmtkReadsWhatIsGivenOut(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs dcmtk")
	}
	g := filled(t)
	for _, syntax := range []string{dicom.ExplicitLittleEndian, dicom.ImplicitLittleEndian, codec.JPEGLSLossless, codec.RLELossless} {
		got := g.get(multiA, "Accept", "application/dicom; transfer-syntax="+syntax)
		dump := exec.CommandContext(t.Context(), "dcmdump", "-q", "+P", "0020,000d", "-")
		dump.Stdin = bytes.NewReader(got.body)
		out, err := dump.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "2.25.11") {
			t.Errorf("%s: %v %s", syntax, err, out)
		}
	}
}
