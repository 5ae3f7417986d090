package dicomweb_test

import (
	"bytes"
	"errors"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/serve/dicomweb"
)

// request is one that is changed and sent again.
type request struct{ target, accept, spare string } // spare goes into every other header that is read

var requests = []request{
	{"/studies?StudyInstanceUID=2.25.11,2.25.31&includefield=00081030,PatientSex&limit=5&offset=0&fuzzymatching=true", "application/dicom+json; q=0.5, */*", `"x"`},
	{"/instances?00400275.00401001=X&PatientName=PHANTOM*&includefield=all", "application/json", "bytes=0-"},
	{instanceA, `multipart/related; type="application/dicom"; transfer-syntax=*; q=0.9, application/dicom; transfer-syntax=1.2.840.10008.1.2.4.80`, `W/"i_x", "y"`},
	{studyA, "application/zip", ""},
	{multiA + "/frames/1,2,3", `multipart/related; type="image/jls"; transfer-syntax=1.2.840.10008.1.2.4.80`, ""},
	{multiA + "/frames/2/rendered?window=100,200,linear&viewport=4,4,0,0,-4,4&quality=50&annotation=patient", "image/png;q=1,image/*", ""},
	{instanceA + "/bulkdata/7FE00010", "application/octet-stream", "bytes=1-2,5-6,-3"},
	{uriA + "&contentType=image/png&frameNumber=1&rows=4&columns=4&region=0,0,0.5,0.5&windowCenter=5&windowWidth=10", "*/*", ""},
	{"/changes?after=1&limit=3", "application/json", "7"},
}

// TestMutantsOfRequestsAreAnswered changes paths, queries and headers. Each is
// answered as the caller's own doing, never as a failure of ours.
func TestMutantsOfRequestsAreAnswered(t *testing.T) {
	t.Parallel()
	g := filled(t)
	random := mathrand.New(mathrand.NewPCG(7, 8))
	seen := map[int]int{}
	for i := range 3000 {
		r := requests[i%len(requests)]
		base := strings.TrimPrefix(g.url, "http://")
		target := mutant(random, r.target)
		path, query, _ := strings.Cut(target, "?")
		in := httptest.NewRequestWithContext(t.Context(), http.MethodGet, g.url, nil)
		in.URL = &url.URL{Scheme: "http", Host: base, Path: "/dicom-web" + path, RawQuery: query}
		in.Header = http.Header{
			"Authorization": {"Bearer " + g.token["owner"]}, "Accept": {mutant(random, r.accept)},
			"If-None-Match": {mutant(random, r.spare)}, "Range": {mutant(random, r.spare)}, "Last-Event-ID": {mutant(random, r.spare)},
		}
		out := httptest.NewRecorder()
		g.server.ServeHTTP(out, in)
		seen[out.Code]++
		if out.Code >= 500 && out.Code != http.StatusNotImplemented {
			t.Fatalf("%q, %q: %d %s", target, in.Header, out.Code, out.Body)
		}
	}
	if seen[200] < 100 || seen[400] < 100 || seen[404] < 100 || seen[406] < 10 {
		t.Errorf("the mutants are no trial: %v", seen)
	}
}

// mutant changes a text, as a rule.
func mutant(random *mathrand.Rand, text string) string {
	b := []byte(text)
	if len(b) == 0 || random.IntN(3) == 0 {
		return text
	}
	at := random.IntN(len(b))
	switch random.IntN(6) {
	case 0:
		b = b[:at]
	case 1:
		b[at] ^= 1 << random.IntN(8)
	case 2:
		parts := []string{"99999999999999999999", "-1", "NaN", "1e309", `"`, "\\", "%", ",", ";", "=", "..", "/", "\x00", "é"}
		b = append(b[:at:at], append([]byte(parts[random.IntN(len(parts))]), b[at:]...)...)
	case 3:
		b = append(b, b[at:]...)
	case 4:
		b = append(b[:at:at], b[min(len(b), at+random.IntN(8)):]...)
	default:
		b = append(b[:at:at], append(bytes.Repeat(b[at:at+1], 1<<random.IntN(14)), b[at:]...)...)
	}
	return string(b)
}

func FuzzAccept(f *testing.F) {
	for _, r := range requests {
		f.Add(r.accept)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := dicomweb.ParseAccept(text)
		if err != nil && !errors.Is(err, sinso.ErrInvalid) || n > 32 {
			t.Errorf("%q: %d, %v", text, n, err)
		}
	})
}
