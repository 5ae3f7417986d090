package serve

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
)

// TestTusConformance holds requests against tus 1.0.0.
func TestTusConformance(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(c *Config) { c.MaxUpload = 1 << 20 })
	at := g.begin(t, "owner", 10, "")
	if got := g.patch(t, "owner", at, 0, []byte("01234")); got.StatusCode != 204 || got.Header.Get("Upload-Offset") != "5" || got.Header.Get("Tus-Resumable") != "1.0.0" {
		t.Fatalf("PATCH: %d %v", got.StatusCode, got.Header)
	}
	const version, chunked = "Tus-Resumable", "Content-Type"
	nothing := tusPath + "u_" + strings.Repeat("a", 26)
	for name, tt := range map[string]struct {
		method, path, body string
		headers            []string
		status             int
	}{
		"no version":               {"PATCH", at, "5", []string{"Upload-Offset", "5", chunked, tusChunk}, 412},
		"another version":          {"POST", tusPath, "", []string{version, "0.2.2", "Upload-Length", "1"}, 412},
		"no version to end":        {"DELETE", at, "", nil, 412},
		"offset before":            {"PATCH", at, "4", []string{version, "1.0.0", "Upload-Offset", "4", chunked, tusChunk}, 409},
		"offset beyond":            {"PATCH", at, "6", []string{version, "1.0.0", "Upload-Offset", "6", chunked, tusChunk}, 409},
		"no offset":                {"PATCH", at, "5", []string{version, "1.0.0", chunked, tusChunk}, 400},
		"negative offset":          {"PATCH", at, "5", []string{version, "1.0.0", "Upload-Offset", "-1", chunked, tusChunk}, 400},
		"another media type":       {"PATCH", at, "5", []string{version, "1.0.0", "Upload-Offset", "5", chunked, "application/dicom"}, 400},
		"too long":                 {"PATCH", at, "567890", []string{version, "1.0.0", "Upload-Offset", "5", chunked, tusChunk}, 413},
		"not there":                {"PATCH", nothing, "0", []string{version, "1.0.0", "Upload-Offset", "0", chunked, tusChunk}, 404},
		"no id":                    {"PATCH", tusPath + "x", "0", []string{version, "1.0.0", "Upload-Offset", "0", chunked, tusChunk}, 404},
		"head of nothing":          {"HEAD", nothing, "", []string{version, "1.0.0"}, 404},
		"end of nothing":           {"DELETE", nothing, "", []string{version, "1.0.0"}, 404},
		"no length":                {"POST", tusPath, "", []string{version, "1.0.0"}, 400},
		"length below 0":           {"POST", tusPath, "", []string{version, "1.0.0", "Upload-Length", "-1"}, 400},
		"length to come":           {"POST", tusPath, "", []string{version, "1.0.0", "Upload-Defer-Length", "1"}, 501},
		"larger than allowed":      {"POST", tusPath, "", []string{version, "1.0.0", "Upload-Length", "1048577"}, 413},
		"more than was announced":  {"POST", tusPath, "0123", []string{version, "1.0.0", "Upload-Length", "3", chunked, tusChunk}, 413},
		"metadata without base64":  {"POST", tusPath, "", []string{version, "1.0.0", "Upload-Length", "1", "Upload-Metadata", "filename %%"}, 400},
		"metadata with a mistake":  {"POST", tusPath, "", []string{version, "1.0.0", "Upload-Length", "1", "Upload-Metadata", meta("persn", string(g.a))}, 400},
		"metadata twice":           {"POST", tusPath, "", []string{version, "1.0.0", "Upload-Length", "1", "Upload-Metadata", meta("batch", "a", "batch", "b")}, 400},
		"metadata too long":        {"POST", tusPath, "", []string{version, "1.0.0", "Upload-Length", "1", "Upload-Metadata", meta("filename", strings.Repeat("x", 4097))}, 400},
		"a batch with a space":     {"POST", tusPath, "", []string{version, "1.0.0", "Upload-Length", "1", "Upload-Metadata", meta("batch", "a b")}, 400},
		"research neither nor":     {"POST", tusPath, "", []string{version, "1.0.0", "Upload-Length", "1", "Upload-Metadata", meta("research", "maybe")}, 400},
		"another person":           {"POST", tusPath, "", []string{version, "1.0.0", "Upload-Length", "1", "Upload-Metadata", meta("person", string(g.b))}, 404},
		"another method by header": {"POST", tusPath, "", []string{version, "1.0.0", "X-HTTP-Method-Override", "DELETE"}, 400},
		"a method there is not":    {"PUT", at, "", []string{version, "1.0.0"}, 405},
	} {
		got := g.do(t, "owner", tt.method, tt.path, tt.body, tt.headers...)
		if got.StatusCode != tt.status {
			t.Errorf("%s: got %d %s, want %d", name, got.StatusCode, got.body, tt.status)
		}
		if tt.method != "HEAD" && got.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: the refusal is %q: %s", name, got.Header.Get("Content-Type"), got.body)
		}
		if tt.status == 412 && got.Header.Get("Tus-Version") != "1.0.0" {
			t.Errorf("%s: does not say which version", name)
		}
		if offset := g.offset(t, "owner", at); offset != 5 {
			t.Fatalf("%s: the offset is %d, want 5", name, offset)
		}
	}
	options := g.want(t, 204, "owner", "OPTIONS", tusPath, "").Header
	if options.Get("Tus-Version") != "1.0.0" || options.Get("Tus-Extension") != tusExtensions || options.Get("Tus-Max-Size") != "1048576" {
		t.Errorf("OPTIONS: %v", options)
	}
	head := g.want(t, 200, "owner", "HEAD", at, "").Header
	expires, err := http.ParseTime(head.Get("Upload-Expires"))
	if in := time.Until(expires); err != nil || in < 6*24*time.Hour || in > 8*24*time.Hour || head.Get("Cache-Control") != "no-store" || head.Get("Upload-Length") != "10" {
		t.Errorf("HEAD: %v, %v", head, err)
	}
	g.want(t, 204, "owner", "DELETE", at, "", version, "1.0.0")
	g.want(t, 404, "owner", "HEAD", at, "", version, "1.0.0")
	if got := g.patch(t, "owner", at, 5, []byte("56789")); got.StatusCode != 404 {
		t.Errorf("going on with what was ended: %d", got.StatusCode)
	}
}

// FuzzMetadata reads what a caller may write in Upload-Metadata: what is taken has the
// known keys alone, each within its bound.
func FuzzMetadata(f *testing.F) {
	for _, header := range []string{"", ",", "filename", meta("filename", "x", "batch", "b"), "batch YQ==,batch YQ==", "person  YQ==", "\x00 \xff"} {
		f.Add(header)
	}
	f.Fuzz(func(t *testing.T, header string) {
		found, err := parseMetadata([]string{header})
		if err != nil {
			if !errors.Is(err, sinso.ErrInvalid) {
				t.Errorf("got %v, want %v", err, sinso.ErrInvalid)
			}
			return
		}
		for key, value := range found {
			if limit, known := metadataLimits()[key]; !known || len(value) > limit {
				t.Errorf("%q of %d bytes was taken", key, len(value))
			}
		}
	})
}
