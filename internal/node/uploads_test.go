package node

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/format/dicom/phantom"
)

func TestUploadsSetting(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		keep  time.Duration
		quota int64
	}{"": {}, "7,32": {168 * time.Hour, 32 << 30}, "1, 10000": {24 * time.Hour, 10_000 << 30}} {
		if keep, quota, err := (Config{Uploads: text}).uploads(); err != nil || keep != want.keep || quota != want.quota {
			t.Errorf("%q: got %s, %d, %v, want %+v", text, keep, quota, err, want)
		}
	}
	for _, text := range []string{"7", "7,", ",32", "0,32", "7,0", "-7,32", "x,y", "7,32,1", "10001,1", "7,10001", "1.5,2"} {
		if _, _, err := (Config{Uploads: text}).uploads(); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%q: got %v, want it refused", text, err)
		}
	}
}

// upload sends a request of tus to a node.
func (a *archive) upload(t *testing.T, token, method, path, body string, headers ...string) (status int, header http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, a.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	headers = append(headers, "Authorization", "Bearer "+token, "Tus-Resumable", "1.0.0", "Content-Type", "application/offset+octet-stream")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode, response.Header
}

// TestUploadGoesOnInTheNextLifeOfTheNode ends a node in the middle of an upload: no file
// in its folder holds a part of it in the clear, before or after, the folder is sound, and
// the next life takes the upload in.
func TestUploadGoesOnInTheNextLifeOfTheNode(t *testing.T) {
	t.Parallel()
	var file []byte
	err := phantom.Series(phantom.Options{Seed: 51, Slices: 1}, func(_ string, part10 []byte) error {
		file = part10
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	a := openArchive(t, Config{DIMSEListen: none}, Options{})
	token, row, err := auth.Issue(rand.Reader, time.Now(), sinso.RoleOperator, "", time.Hour)
	if err == nil {
		err = a.SaveBearer(t.Context(), row, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
	half := len(file) / 2
	status, header := a.upload(t, token, "POST", "/api/v1/uploads/", string(file[:half]), "Upload-Length", strconv.Itoa(len(file)))
	at := header.Get("Location")
	if status != 201 || header.Get("Upload-Offset") != strconv.Itoa(half) {
		t.Fatalf("got %d %v", status, header)
	}
	noPart(t, a.Config.Data, file)
	a.stop()
	if result, err := Check(t.Context(), a.Config, Options{}, func(int64, int64) {}); err != nil || len(result.Damage) > 0 {
		t.Errorf("check: %+v, %v", result, err)
	}
	next := openArchive(t, a.Config, Options{})
	if _, header = next.upload(t, token, "HEAD", at, ""); header.Get("Upload-Offset") != strconv.Itoa(half) {
		t.Fatalf("offset %q, want %d", header.Get("Upload-Offset"), half)
	}
	if status, _ = next.upload(t, token, "PATCH", at, string(file[half:]), "Upload-Offset", strconv.Itoa(half)); status != 204 {
		t.Fatalf("got %d", status)
	}
	for end := time.Now().Add(time.Minute); len(next.rows(t)) == 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("after a minute nothing was taken in")
		}
	}
	if plain, err := next.Read(t.Context(), next.rows(t)[0]); err != nil || !bytes.Equal(plain, file) {
		t.Errorf("what was taken in are %d other bytes, %v", len(plain), err)
	}
	noPart(t, a.Config.Data, file)
}

// noPart looks for a piece of a file in all files of a folder.
func noPart(t *testing.T, dir string, file []byte) {
	t.Helper()
	piece, files := file[len(file)/3:len(file)/3+48], 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		files++
		data, err := os.ReadFile(path)
		if bytes.Contains(data, piece) {
			t.Errorf("%s holds a piece of the upload in the clear", filepath.Base(path))
		}
		return err
	})
	if err != nil || files < 5 {
		t.Errorf("%d files, %v", files, err)
	}
}
