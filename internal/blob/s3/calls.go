package s3

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/minio/minio-go/v7"

	"sinso.dev/sinso"
)

// call runs do, one call to the server, in the time that it may take, and gives its error
// a class. doing names it.
func (b *Blobs) call(ctx context.Context, doing string, do func(context.Context) error) error {
	if b.closed.Load() {
		return fmt.Errorf("s3: %s: closed: %w", doing, sinso.ErrUnavailable)
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("s3: %s: %w", doing, err)
	}
	within, cancel := context.WithTimeout(ctx, b.timeout)
	defer cancel()
	err := do(within)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("s3: %s: %w", doing, ctx.Err())
	case within.Err() != nil:
		return fmt.Errorf("s3: %s: no answer in %s: %w", doing, b.timeout, sinso.ErrUnavailable)
	}
	return fmt.Errorf("s3: %s: %w", doing, classify(err))
}

// classify gives an error its class. Of what the server says its code alone is kept: the
// rest is its own words, which may name keys, or be anything.
func classify(err error) error {
	for _, class := range []error{sinso.ErrNotFound, sinso.ErrCorrupt} {
		if errors.Is(err, class) {
			return err
		}
	}
	var answer minio.ErrorResponse
	if !errors.As(err, &answer) || answer.StatusCode == 0 && answer.Code == "" {
		return fmt.Errorf("the server cannot be reached, or broke off: %w", sinso.ErrUnavailable)
	}
	class := sinso.ErrUnavailable
	switch status := answer.StatusCode; {
	case status == http.StatusUnauthorized, status == http.StatusForbidden, answer.Code == minio.AccessDenied:
		class = sinso.ErrDenied
	case answer.Code == minio.NoSuchBucket: // which is not that the block is not there
	case status == http.StatusNotFound, answer.Code == minio.NoSuchKey: // of one key of many there is no status
		class = sinso.ErrNotFound
	}
	return fmt.Errorf("the server answers %d %s: %w", answer.StatusCode, code(answer.Code), class)
}

// code returns an S3 error code if it looks like one.
func code(text string) string {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	if text == "" || len(text) > 64 || strings.Trim(text, letters) != "" {
		return "without a code"
	}
	return text
}

// page returns the keys of at most b.pageKeys objects below blocks, after last: fewer are
// the end of the list. A server that has them out of order is ErrCorrupt.
func (b *Blobs) page(ctx context.Context, last string) (keys []string, err error) {
	err = b.call(ctx, "list", func(ctx context.Context) error {
		owner := false
		objects := b.client.ListObjectsIter(ctx, b.at.bucket, minio.ListObjectsOptions{
			Prefix: b.at.blocks, Recursive: true, MaxKeys: b.pageKeys, StartAfter: last, FetchOwner: &owner,
		})
		for object := range objects {
			if object.Err != nil {
				return object.Err
			}
			if object.Key <= last || !strings.HasPrefix(object.Key, b.at.blocks) {
				return fmt.Errorf("the list is out of order: %w", sinso.ErrCorrupt)
			}
			last = object.Key
			if keys = append(keys, last); len(keys) == b.pageKeys {
				return nil
			}
		}
		return ctx.Err() // at which the list ends without a word
	})
	return keys, err
}

// remove deletes objects, b.pageKeys in one request.
func (b *Blobs) remove(ctx context.Context, doing string, keys []string) error {
	for {
		batch := keys[:min(len(keys), b.pageKeys)]
		keys = keys[len(batch):]
		err := b.call(ctx, doing, func(ctx context.Context) error {
			if len(batch) == 0 {
				return nil
			}
			return b.removeBatch(ctx, batch)
		})
		if err != nil || len(keys) == 0 {
			return err
		}
	}
}

func (b *Blobs) removeBatch(ctx context.Context, keys []string) error {
	results, err := b.client.RemoveObjectsWithIter(ctx, b.at.bucket, func(yield func(minio.ObjectInfo) bool) {
		for _, key := range keys {
			if !yield(minio.ObjectInfo{Key: key}) {
				return
			}
		}
	}, minio.RemoveObjectsOptions{})
	if err != nil {
		return err
	}
	for result := range results {
		if result.Err != nil && !errors.Is(classify(result.Err), sinso.ErrNotFound) {
			err = result.Err
		}
	}
	return errors.Join(err, ctx.Err()) // at which nothing is asked, without a word
}
