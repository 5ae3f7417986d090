package s3_test

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"go.uber.org/goleak"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/blobtest"
	"sinso.dev/sinso/internal/blob/s3"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	bucket = "blocks-of-a-test"
	keyID  = "test-key-id"
	secret = "test-secret-key-of-nobody"
)

// server runs versitygw with an empty bucket until the test ends, and returns its URL.
func server(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("needs an S3 server: versitygw")
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(cache, "sinso", "versitygw-1.8.0", "s3server")
	if _, err := os.Stat(program); err != nil {
		t.Fatal("the S3 server is missing: scripts/test-deps installs it")
	}
	address := freeAddress(t)
	cmd := exec.CommandContext(t.Context(), program, address, t.TempDir())
	cmd.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID="+keyID, "AWS_SECRET_ACCESS_KEY="+secret)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &said, &said, 5*time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was ended
		if t.Failed() {
			t.Logf("the server: %s", said.String())
		}
	})
	makeBucket(t, address)
	return "s3:http://" + address + "/" + bucket
}

// freeAddress returns one of loopback where nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	return listener.Addr().String()
}

// makeBucket waits for the server and makes the bucket.
func makeBucket(t *testing.T, address string) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range 500 {
		if conn, err := net.Dial("tcp", address); err == nil {
			_ = conn.Close()
			break
		}
		<-tick.C
	}
	transport, err := minio.DefaultTransport(false)
	if err != nil {
		t.Fatal(err)
	}
	defer transport.CloseIdleConnections()
	client, err := minio.New(address, &minio.Options{Creds: credentials.NewStaticV4(keyID, secret, ""), Region: "us-east-1", Transport: transport})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.MakeBucket(t.Context(), bucket, minio.MakeBucketOptions{Region: "us-east-1"}); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, url string) *s3.Blobs {
	t.Helper()
	b, err := s3.Open(t.Context(), s3.Config{URL: url, AccessKeyID: keyID, SecretAccessKey: secret})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func opened(t *testing.T, url string) *s3.Blobs {
	t.Helper()
	b := open(t, url)
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func block(text string) sinso.Block {
	return sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, []byte(text)), Data: []byte(text)}
}

// TestServer runs the suites of blocks and names on a real server, and what else needs
// one.
func TestServer(t *testing.T) {
	url := server(t)
	var places atomic.Int64
	fresh := func() string { return fmt.Sprintf("%s/of/test-%d", url, places.Add(1)) }
	t.Run("Blobs", func(t *testing.T) {
		blobtest.TestBlobs(t, func(*testing.T) blobtest.OpenBlobs {
			at := fresh()
			return func(t *testing.T) blobtest.BlobStore { return open(t, at) }
		})
	})
	t.Run("Names", func(t *testing.T) {
		blobtest.TestNamed(t, func(*testing.T) blobtest.OpenNamed {
			at := fresh()
			return func(t *testing.T) blobtest.NamedStore { return open(t, at) }
		})
	})
	t.Run("PrefixesAreApart", func(t *testing.T) { testPrefixes(t, url, fresh()) })
	t.Run("ManyPages", func(t *testing.T) { testPages(t, fresh()) })
	t.Run("WrongKeyIsDenied", func(t *testing.T) { testWrongKey(t, url) })
	t.Run("NoBucketIsNotFound", func(t *testing.T) { testNoBucket(t, url) })
	t.Run("KeysFromAFile", func(t *testing.T) { testKeysFile(t, url) })
}

func testPrefixes(t *testing.T, whole, one string) {
	a, b := opened(t, one), opened(t, whole)
	if err := a.Put(t.Context(), block("in a prefix")); err != nil {
		t.Fatal(err)
	}
	if has, err := b.Has(t.Context(), block("in a prefix").CID); err != nil || has {
		t.Errorf("has, in the whole bucket: got %t, %v", has, err)
	}
	err := b.List(t.Context(), func(cid sinso.CID) error { return fmt.Errorf("listed %s", cid) })
	if err != nil {
		t.Error(err)
	}
}

// testPages lists and deletes more than one page.
func testPages(t *testing.T, url string) {
	const n = 123
	b, err := s3.Open(t.Context(), s3.Config{URL: url, AccessKeyID: keyID, SecretAccessKey: secret, PageKeys: 40})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	var blocks []sinso.Block
	var cids []sinso.CID
	for i := range n {
		blocks = append(blocks, block(strconv.Itoa(i)))
		cids = append(cids, blocks[i].CID)
	}
	if err := b.Put(t.Context(), blocks...); err != nil {
		t.Fatal(err)
	}
	count := func() (n int) {
		last := sinso.CID("")
		err := b.List(t.Context(), func(cid sinso.CID) error {
			if n++; cid <= last {
				t.Errorf("%s after %s", cid, last)
			}
			last = cid
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		return n
	}
	if got := count(); got != n {
		t.Errorf("listed: got %d, want %d", got, n)
	}
	if err := b.Delete(t.Context(), cids[:n-1]...); err != nil {
		t.Fatal(err)
	}
	if got := count(); got != 1 {
		t.Errorf("left: got %d, want 1", got)
	}
}

func testWrongKey(t *testing.T, url string) {
	_, err := s3.Open(t.Context(), s3.Config{URL: url, AccessKeyID: keyID, SecretAccessKey: "a-wrong-secret"})
	if !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("got %v, want ErrDenied", err)
	}
	if err != nil && (strings.Contains(err.Error(), keyID) || strings.Contains(err.Error(), "a-wrong-secret")) {
		t.Errorf("the error names the key: %v", err)
	}
}

func testNoBucket(t *testing.T, url string) {
	_, err := s3.Open(t.Context(), s3.Config{URL: url + "-not", AccessKeyID: keyID, SecretAccessKey: secret})
	if !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
}

func testKeysFile(t *testing.T, url string) {
	path := filepath.Join(t.TempDir(), "credentials")
	text := "[default]\naws_access_key_id = " + keyID + "\naws_secret_access_key = " + secret + "\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := s3.Open(t.Context(), s3.Config{URL: url, CredentialsFile: path})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
}

// TestURL reads what a URL may be and refuses the rest without repeating it.
func TestURL(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"", "s3:", "https://host/bucket", "s3:host/bucket", "s3:https:///bucket", "s3:https://host", "s3:https://host/", "s3:https://host/B",
		"s3:http://example.org/bucket", "s3:ftp://host/bucket", "s3:https://very:private@host/bucket", "s3:https://host/bucket?secret=very-private",
		"s3:https://host/bucket?region=%0a", "s3:https://host/bucket#very-private", "s3:https://host/bucket/../other", "s3:https://host/bucket/a//b",
		"s3:https://host/bucket/.hidden", "s3:https://host/bucket/a%2f..%2fb", "s3:https://host/bucket/" + strings.Repeat("a/", 9) + "a", "s3:https://127.0.0.1.example.org:x/bucket",
	} {
		_, err := s3.Open(t.Context(), s3.Config{URL: url, AccessKeyID: keyID, SecretAccessKey: secret})
		if !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: got %v, want ErrInvalid", url, err)
		}
		if err != nil && strings.Contains(err.Error(), "private") {
			t.Errorf("%s: the error repeats it: %v", url, err)
		}
	}
}

// TestNoKeysIsInvalid: without keys nothing is asked, and what is in a file that is not
// one of keys is not repeated.
func TestNoKeysIsInvalid(t *testing.T) {
	t.Parallel()
	const url = "s3:http://127.0.0.1:1/bucket"
	path := filepath.Join(t.TempDir(), "credentials")
	if err := os.WriteFile(path, []byte("[default\nvery-private"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, cfg := range []s3.Config{{URL: url}, {URL: url, AccessKeyID: keyID}, {URL: url, CredentialsFile: path}, {URL: url, CredentialsFile: path + "-not"}} {
		_, err := s3.Open(t.Context(), cfg)
		if !errors.Is(err, sinso.ErrInvalid) || strings.Contains(err.Error(), "private") {
			t.Errorf("got %v, want ErrInvalid", err)
		}
	}
}

// TestNobodyThereIsUnavailable asks where nobody listens.
func TestNobodyThereIsUnavailable(t *testing.T) {
	t.Parallel()
	_, err := s3.Open(t.Context(), s3.Config{URL: "s3:http://" + freeAddress(t) + "/bucket", AccessKeyID: keyID, SecretAccessKey: secret})
	if !errors.Is(err, sinso.ErrUnavailable) {
		t.Errorf("got %v, want ErrUnavailable", err)
	}
}
