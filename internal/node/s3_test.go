package node

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

const (
	s3KeyID  = "test-key-id"
	s3Secret = "test-secret-key-of-nobody"
)

// s3Server runs versitygw with an empty bucket until the test ends, and returns its URL. It
// sets the credentials in the environment: the test is not parallel.
func s3Server(t *testing.T) string {
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
	t.Setenv("AWS_ACCESS_KEY_ID", s3KeyID)
	t.Setenv("AWS_SECRET_ACCESS_KEY", s3Secret)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, address, t.TempDir())
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
	makeBucket(t, address, "blocks")
	return "s3:http://" + address + "/blocks"
}

// makeBucket waits for the server and makes a bucket.
func makeBucket(t *testing.T, address, name string) {
	t.Helper()
	transport, err := minio.DefaultTransport(false)
	if err != nil {
		t.Fatal(err)
	}
	defer transport.CloseIdleConnections()
	client, err := minio.New(address, &minio.Options{Creds: credentials.NewStaticV4(s3KeyID, s3Secret, ""), Region: "us-east-1", Transport: transport, MaxRetries: 1})
	if err != nil {
		t.Fatal(err)
	}
	for range 500 {
		if err = client.MakeBucket(t.Context(), name, minio.MakeBucketOptions{Region: "us-east-1"}); err == nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal(err)
}
