package node

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/ipfs"
	"sinso.dev/sinso/internal/blob/kubo"
	"sinso.dev/sinso/internal/blob/pack"
	"sinso.dev/sinso/internal/blob/peer"
	"sinso.dev/sinso/internal/blob/s3"
)

// packScheme begins the URL of a folder that holds a pack.
const packScheme = "pack:"

// OpenBlobs opens the block store at a URL, for backups and moves:
//
//	pack:FOLDER                                      a folder, made if it is not there
//	s3:https://HOST[:PORT]/BUCKET[/PREFIX][?region=R] a bucket of an S3 server
//	ipfs:FOLDER                                      a folder of blocks as Kubo keeps them
//	kubo:http://127.0.0.1:PORT                       a running Kubo on this machine
//	peer:https://HOST[:PORT]                         a node that holds blocks for this one
//
// Credentials of S3 are AWS's own variables of the environment: AWS_ACCESS_KEY_ID and
// AWS_SECRET_ACCESS_KEY, with AWS_SESSION_TOKEN if there is one, or
// AWS_SHARED_CREDENTIALS_FILE; the token of a peer is SINSO_PEER_TOKEN. The
// caller closes the store. ErrInvalid for any other URL,
// which is not repeated in the error.
func OpenBlobs(ctx context.Context, url string) (blobs sinso.Blobs, closeBlobs func() error, err error) {
	switch {
	case strings.HasPrefix(url, packScheme):
		return openPack(strings.TrimPrefix(url, packScheme))
	case strings.HasPrefix(url, s3.Scheme):
		b, err := s3.Open(ctx, s3.Config{
			URL: url, AccessKeyID: os.Getenv("AWS_ACCESS_KEY_ID"), SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
			SessionToken: os.Getenv("AWS_SESSION_TOKEN"), CredentialsFile: os.Getenv("AWS_SHARED_CREDENTIALS_FILE"),
		})
		if err != nil {
			return nil, nil, err
		}
		return b, b.Close, nil
	case strings.HasPrefix(url, peer.Scheme):
		b, err := peer.Open(peer.Config{URL: strings.TrimPrefix(url, peer.Scheme), Token: os.Getenv("SINSO_PEER_TOKEN")})
		if err != nil {
			return nil, nil, err
		}
		return b, b.Close, nil
	case strings.HasPrefix(url, ipfs.Scheme):
		return openIPFS(strings.TrimPrefix(url, ipfs.Scheme))
	case strings.HasPrefix(url, kubo.Scheme):
		b, err := kubo.Open(ctx, kubo.Config{URL: url})
		if err != nil {
			return nil, nil, err
		}
		return b, b.Close, nil
	}
	return nil, nil, fmt.Errorf("block store: want pack:FOLDER, ipfs:FOLDER, s3:https://HOST/BUCKET, kubo:http://127.0.0.1:PORT or peer:https://HOST: %w", sinso.ErrInvalid)
}

// localFolder returns the folder in a URL of a store that is one.
func localFolder(url string) (scheme, dir string, local bool) {
	for _, scheme := range []string{packScheme, ipfs.Scheme} {
		if dir, is := strings.CutPrefix(url, scheme); is {
			return scheme, dir, true
		}
	}
	return "", "", false
}

// AbsoluteBlobs returns the URL of a block store that is the same from every folder.
func AbsoluteBlobs(url string) (string, error) {
	scheme, dir, local := localFolder(url)
	if !local || dir == "" {
		return url, nil
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("block store: its folder: %w: %w", err, sinso.ErrUnavailable)
	}
	return scheme + dir, nil
}

// openThere is OpenBlobs of a store that is to be read: a folder that is not there, or no
// block store, is ErrNotFound, and nothing is made in it.
func openThere(ctx context.Context, url string) (sinso.NamedBlobs, func() error, error) {
	if scheme, dir, local := localFolder(url); local && dir != "" {
		entries, err := os.ReadDir(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, nil, fmt.Errorf("block store: look into the folder: %w: %w", err, sinso.ErrUnavailable)
		}
		// What either kind begins with: docs/formats.md.
		is := map[string]func(string) bool{packScheme: pack.IsSegment, ipfs.Scheme: func(name string) bool { return name == "raw" }}[scheme]
		if !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return is(e.Name()) }) {
			return nil, nil, fmt.Errorf("block store: there is none in this folder: %w", sinso.ErrNotFound)
		}
	}
	return openNamed(ctx, url)
}

func openPack(dir string) (sinso.Blobs, func() error, error) {
	if dir == "" || strings.HasPrefix(dir, "//") {
		return nil, nil, fmt.Errorf("block store: want pack:FOLDER, a path such as pack:/mnt/backup: %w", sinso.ErrInvalid)
	}
	p, err := pack.Open(dir, pack.Options{})
	if err != nil {
		return nil, nil, err
	}
	return p, p.Close, nil
}

func openIPFS(dir string) (sinso.Blobs, func() error, error) {
	if dir == "" || strings.HasPrefix(dir, "//") {
		return nil, nil, fmt.Errorf("block store: want ipfs:FOLDER, a path such as ipfs:/mnt/backup: %w", sinso.ErrInvalid)
	}
	b, err := ipfs.Open(dir)
	if err != nil {
		return nil, nil, err
	}
	return b, b.Close, nil
}
