package node

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"sinso.dev/sinso"
)

// TestOpenBlobsByURL opens each engine by its URL; what is stored in a folder is there when
// it is opened again.
func TestOpenBlobsByURL(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	t.Setenv("AWS_ACCESS_KEY_ID", "of-nobody")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "of-nobody")
	folder := "pack:" + filepath.Join(t.TempDir(), "backup")
	data := []byte("a block")
	block := sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, data), Data: data}
	blocks := "ipfs:" + filepath.Join(t.TempDir(), "blocks")
	for _, url := range []string{folder, folder, blocks, blocks, "s3:" + server.URL + "/bucket", "kubo:" + server.URL} {
		blobs, closeBlobs, err := OpenBlobs(t.Context(), url)
		if err != nil {
			t.Fatalf("%s: %v", url, err)
		}
		if _, ok := blobs.(sinso.NamedBlobs); !ok {
			t.Errorf("%s keeps no names", url)
		}
		if url == folder {
			if err := blobs.Put(t.Context(), block); err != nil {
				t.Error(err)
			}
		}
		if err := closeBlobs(); err != nil {
			t.Errorf("%s: close: %v", url, err)
		}
	}
	blobs, closeBlobs, err := OpenBlobs(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = closeBlobs() }()
	if got, err := blobs.Get(t.Context(), block.CID); err != nil || string(got) != string(data) {
		t.Errorf("get: got %q, %v", got, err)
	}
}

// TestOpenBlobsOfAnotherURL names the engines there are, and does not repeat the URL.
func TestOpenBlobsOfAnotherURL(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "pack:", "pack://private", "ipfs:", "ipfs://private", "ftp://private:private@host/x", "/private", "s3:https://private@host/bucket", "kubo:http://private.example.org"} {
		_, _, err := OpenBlobs(t.Context(), url)
		if !errors.Is(err, sinso.ErrInvalid) || strings.Contains(err.Error(), "private") {
			t.Errorf("%s: got %v, want ErrInvalid", url, err)
		}
	}
	_, _, err := OpenBlobs(t.Context(), "nfs:host")
	for _, scheme := range []string{"pack:", "ipfs:", "s3:", "kubo:"} {
		if err == nil || !strings.Contains(err.Error(), scheme) {
			t.Errorf("%v does not name %s", err, scheme)
		}
	}
}
