// Package s3 keeps blocks on a server that speaks S3: the engine "s3:" of the port
// [sinso.NamedBlobs].
//
// A block is the object PREFIX/blocks/CID, a name the object PREFIX/names/NAME, which
// holds the CID as text. The server sees ciphertext, its size and its CID. It may be
// hostile: nothing that it sends is believed before it matches its CID, every answer is
// bounded in size and time, and what it says of an error is not repeated.
//
// Durable is what the server says it is. In a bucket that keeps versions, what is deleted
// stays as an older version.
package s3

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob"
)

const (
	maxAnswer = 4 << 20  // bytes of any answer; a page of a list has some 400 a key
	maxName   = 1 << 10  // bytes of a name's object; a CID has 59
	maxHeader = 64 << 10 // bytes of an answer's headers

	mostKeys   = 1000 // of a list and of a deletion: the most that S3 takes
	atOnce     = 8    // blocks that are sent at once: enough to hide a round trip of 50 ms
	maxTries   = 3    // of one request
	dialTime   = 10 * time.Second
	headerTime = 30 * time.Second
	idleTime   = 60 * time.Second
)

// Config says where the blocks are and how the server lets us in.
type Config struct {
	// URL is s3:https://HOST[:PORT]/BUCKET[/PREFIX][?region=R]; http only on loopback.
	// Region is us-east-1 if there is none.
	URL string
	// AccessKeyID and SecretAccessKey sign what is asked; SessionToken goes with those
	// that end.
	AccessKeyID, SecretAccessKey, SessionToken string
	// CredentialsFile is a file of AWS's form that holds them, used if they are empty.
	CredentialsFile string
	// Timeout bounds one call to the server, all tries together. Default 2 min.
	Timeout time.Duration
	// PageKeys is how many blocks are listed or deleted by one call. Default 1000, the most
	// that S3 takes.
	PageKeys int
}

// Blobs is a bucket, or what is below a prefix in one.
type Blobs struct {
	client    *minio.Client
	transport *http.Transport
	at        place
	timeout   time.Duration
	pageKeys  int
	closed    atomic.Bool
}

var _ sinso.NamedBlobs = (*Blobs)(nil)

// Open returns the blocks at cfg.URL once the server has said that the bucket is there:
// ErrNotFound if it is not, ErrDenied if we are not let in, ErrUnavailable if it cannot be
// reached.
func Open(ctx context.Context, cfg Config) (*Blobs, error) {
	at, err := parse(cfg.URL)
	if err != nil {
		return nil, err
	}
	keys, err := cfg.credentials()
	if err != nil {
		return nil, err
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = 2 * time.Minute
	}
	if cfg.PageKeys <= 0 || cfg.PageKeys > mostKeys {
		cfg.PageKeys = mostKeys
	}
	b := &Blobs{at: at, timeout: cfg.Timeout, pageKeys: cfg.PageKeys, transport: &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: dialTime}).DialContext,
		TLSHandshakeTimeout:    dialTime,
		ResponseHeaderTimeout:  headerTime,
		IdleConnTimeout:        idleTime,
		MaxIdleConnsPerHost:    atOnce,
		MaxResponseHeaderBytes: maxHeader,
		DisableCompression:     true, // ciphertext does not shrink, and a bomb would grow
		ForceAttemptHTTP2:      true,
	}}
	b.client, err = minio.New(at.host, &minio.Options{
		Creds: keys, Secure: at.secure, Region: at.region, Transport: bounded{b.transport}, MaxRetries: maxTries,
	})
	if err != nil {
		return nil, fmt.Errorf("s3: %w: the URL's host: %w", sinso.ErrInvalid, err)
	}
	if err := b.hasBucket(ctx); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

func (cfg Config) credentials() (*credentials.Credentials, error) {
	if cfg.AccessKeyID != "" && cfg.SecretAccessKey != "" {
		return credentials.NewStaticV4(cfg.AccessKeyID, cfg.SecretAccessKey, cfg.SessionToken), nil
	}
	if cfg.CredentialsFile == "" {
		return nil, fmt.Errorf("s3: no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_SHARED_CREDENTIALS_FILE: %w", sinso.ErrInvalid)
	}
	keys := credentials.NewFileAWSCredentials(cfg.CredentialsFile, "")
	// What it says of a file that cannot be read may hold lines of it.
	if value, err := keys.GetWithContext(nil); err != nil || value.AccessKeyID == "" || value.SecretAccessKey == "" {
		return nil, fmt.Errorf("s3: the credentials file cannot be read, or has no keys: %w", sinso.ErrInvalid)
	}
	return keys, nil
}

func (b *Blobs) hasBucket(ctx context.Context) error {
	return b.call(ctx, "open", func(ctx context.Context) error {
		there, err := b.client.BucketExists(ctx, b.at.bucket)
		if err == nil && !there {
			return fmt.Errorf("there is no such bucket: %w", sinso.ErrNotFound)
		}
		return err
	})
}

// Close ends the connections; later calls are ErrUnavailable.
func (b *Blobs) Close() error {
	b.closed.Store(true)
	b.transport.CloseIdleConnections()
	return nil
}

// Put implements [sinso.Blobs]. Blocks that are there are not sent again.
func (b *Blobs) Put(ctx context.Context, blocks ...sinso.Block) error {
	return blob.PutEach(ctx, blocks, atOnce, b.put)
}

// put sends a block, unless one of its size is there.
func (b *Blobs) put(ctx context.Context, cid sinso.CID, data []byte) error {
	size, err := b.size(ctx, cid)
	if err == nil && size == int64(len(data)) {
		return nil
	}
	if err != nil && !errors.Is(err, sinso.ErrNotFound) {
		return err
	}
	return b.send(ctx, "put "+string(cid), b.at.blocks+string(cid), data)
}

func (b *Blobs) send(ctx context.Context, doing, key string, data []byte) error {
	return b.call(ctx, doing, func(ctx context.Context) error {
		_, err := b.client.PutObject(ctx, b.at.bucket, key, bytes.NewReader(data), int64(len(data)), minio.PutObjectOptions{
			ContentType: "application/octet-stream", DisableMultipart: true, SendContentMd5: true, // so that it notices what the way changed
		})
		return err
	})
}

// Get implements [sinso.Blobs].
func (b *Blobs) Get(ctx context.Context, cid sinso.CID) ([]byte, error) {
	if _, err := cid.Bytes(); err != nil {
		return nil, err
	}
	data, err := b.receive(ctx, "get "+string(cid), b.at.blocks+string(cid), blob.MaxBlock)
	if err != nil {
		return nil, err
	}
	return data, cid.Verify(data)
}

// receive returns an object's bytes; more than most are ErrCorrupt.
func (b *Blobs) receive(ctx context.Context, doing, key string, most int64) (data []byte, err error) {
	err = b.call(ctx, doing, func(ctx context.Context) error {
		body, _, _, err := minio.Core{Client: b.client}.GetObject(ctx, b.at.bucket, key, minio.GetObjectOptions{})
		if err != nil {
			return err
		}
		defer func() { _ = body.Close() }() // everything that is wanted was read
		if data, err = io.ReadAll(io.LimitReader(body, most+1)); err != nil {
			return err
		}
		if int64(len(data)) > most {
			return errTooLong
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return data, nil
}

// Has implements [sinso.Blobs].
func (b *Blobs) Has(ctx context.Context, cid sinso.CID) (bool, error) {
	if _, err := cid.Bytes(); err != nil {
		return false, err
	}
	_, err := b.size(ctx, cid)
	if errors.Is(err, sinso.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// size returns how many bytes the server has under a CID, or ErrNotFound.
func (b *Blobs) size(ctx context.Context, cid sinso.CID) (size int64, err error) {
	err = b.call(ctx, "has "+string(cid), func(ctx context.Context) error {
		info, err := b.client.StatObject(ctx, b.at.bucket, b.at.blocks+string(cid), minio.StatObjectOptions{})
		size = info.Size
		return err
	})
	return size, err
}

// Delete implements [sinso.Blobs], a thousand in one request.
func (b *Blobs) Delete(ctx context.Context, cids ...sinso.CID) error {
	keys := make([]string, 0, len(cids))
	for _, cid := range cids {
		if _, err := cid.Bytes(); err != nil {
			return err
		}
		keys = append(keys, b.at.blocks+string(cid))
	}
	return b.remove(ctx, "delete", keys)
}

// SetName implements [sinso.NamedBlobs].
func (b *Blobs) SetName(ctx context.Context, name string, cid sinso.CID) error {
	if err := sinso.CheckName(name); err != nil {
		return err
	}
	if cid == "" {
		return b.remove(ctx, "take away name "+name, []string{b.at.names + name})
	}
	if _, err := cid.Bytes(); err != nil {
		return err
	}
	return b.send(ctx, "set name "+name, b.at.names+name, []byte(cid))
}

// Name implements [sinso.NamedBlobs]. What is no CID is ErrCorrupt.
func (b *Blobs) Name(ctx context.Context, name string) (sinso.CID, error) {
	if err := sinso.CheckName(name); err != nil {
		return "", err
	}
	text, err := b.receive(ctx, "name "+name, b.at.names+name, maxName)
	if err != nil {
		return "", err
	}
	cid, err := sinso.ParseCID(string(text))
	if err != nil {
		return "", fmt.Errorf("s3: name %s: what is there is no CID: %w", name, sinso.ErrCorrupt)
	}
	return cid, nil
}

// List implements [sinso.Blobs], a page in memory at a time. What lies among the blocks
// and is none is passed over.
func (b *Blobs) List(ctx context.Context, fn func(sinso.CID) error) error {
	last := ""
	for {
		keys, err := b.page(ctx, last)
		if err != nil {
			return err
		}
		for _, key := range keys {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("s3: list: %w", err)
			}
			cid, err := sinso.ParseCID(strings.TrimPrefix(key, b.at.blocks))
			if err != nil {
				continue
			}
			if err := fn(cid); err != nil {
				return err
			}
		}
		if len(keys) < b.pageKeys {
			return nil
		}
		last = keys[len(keys)-1]
	}
}

// bounded ends each answer that is longer than any that we want.
type bounded struct{ http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (t bounded) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := t.RoundTripper.RoundTrip(request)
	if err == nil {
		response.Body = &boundedBody{ReadCloser: response.Body, left: maxAnswer}
	}
	return response, err
}

type boundedBody struct {
	io.ReadCloser
	left int
}

var errTooLong = fmt.Errorf("the answer is longer than it may be: %w", sinso.ErrCorrupt)

// Read implements [io.Reader].
func (b *boundedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.left -= n; b.left < 0 {
		return 0, errTooLong
	}
	return n, err
}
