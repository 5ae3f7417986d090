// Package kubo keeps blocks in a running Kubo, over its RPC: the engine "kubo:" of the
// port [sinso.NamedBlobs].
//
// Each block has a direct pin of its own, so that Kubo's garbage collection keeps it, and
// so that it is told from what others keep there: a block without one is not ours. A name
// is a file of MFS, /sinso/names/NAME, which holds the CID as text. Nothing is ever looked
// for in the network.
//
// Kubo's answers are not believed: a block must match its CID, and each answer is bounded
// in size and time.
package kubo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob"
)

const (
	maxName = 1 << 10 // bytes of a name's file; a CID has 59

	atOnce  = 4   // blocks that are sent at once: Kubo writes each to a file of its own
	atATime = 200 // CIDs in one request: a URL of 16 KB

	names = "/sinso/names/"
)

// Config says where Kubo's RPC is.
type Config struct {
	// URL is kubo:http://127.0.0.1:5001. Kubo's RPC is for its own machine alone: whoever
	// reaches it may do everything.
	URL string
	// Timeout bounds each call. Default 2 min.
	Timeout time.Duration
}

// Blobs is a Kubo.
type Blobs struct {
	client  *http.Client
	api     string // URL that calls are below
	timeout time.Duration
	closed  atomic.Bool
}

var _ sinso.NamedBlobs = (*Blobs)(nil)

// Open returns the blocks of the Kubo at cfg.URL once it has answered. ErrUnsupported if it
// does not sync what it stores: then Put could promise nothing.
func Open(ctx context.Context, cfg Config) (*Blobs, error) {
	api, err := parse(cfg.URL)
	if err != nil {
		return nil, err
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = 2 * time.Minute
	}
	b := &Blobs{api: api, timeout: cfg.Timeout, client: newClient()}
	if err := b.syncs(ctx); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// syncs asks how Kubo stores blocks.
func (b *Blobs) syncs(ctx context.Context) error {
	spec, err := b.call(ctx, call{doing: "open", path: "config", args: []string{"Datastore.Spec"}, most: maxAnswer})
	if err != nil {
		return err
	}
	spec = bytes.Join(bytes.Fields(spec), nil)
	// The names of flatfs and of badger.
	if bytes.Contains(spec, []byte(`"sync":false`)) || bytes.Contains(spec, []byte(`"syncWrites":false`)) {
		return fmt.Errorf("kubo: it does not sync what it stores: set \"sync\": true in Datastore.Spec of its config, and start it again: %w", sinso.ErrUnsupported)
	}
	return nil
}

// Close ends the connections; later calls are ErrUnavailable.
func (b *Blobs) Close() error {
	b.closed.Store(true)
	b.client.CloseIdleConnections()
	return nil
}

// Put implements [sinso.Blobs]. Blocks that are there are not sent again.
func (b *Blobs) Put(ctx context.Context, blocks ...sinso.Block) error {
	return blob.PutEach(ctx, blocks, atOnce, b.put)
}

// put sends a block and then pins it. A collection in between makes the pin fail.
func (b *Blobs) put(ctx context.Context, cid sinso.CID, data []byte) error {
	has, err := b.pinned(ctx, cid)
	if err != nil || has {
		return err
	}
	codec := "raw"
	if cid.Codec() == sinso.CodecDagPB {
		codec = "dag-pb"
	}
	_, err = b.call(ctx, call{
		doing: "put " + string(cid), path: "block/put", most: maxAnswer, file: data, sends: true,
		options: []string{"cid-codec", codec, "mhtype", "sha2-256"},
	})
	if err != nil {
		return err
	}
	_, err = b.call(ctx, call{
		doing: "pin " + string(cid), path: "pin/add", args: []string{string(cid)}, most: maxAnswer,
		options: []string{"recursive", "false", "offline", "true"},
	})
	return err
}

// pinned reports whether a block is ours.
func (b *Blobs) pinned(ctx context.Context, cid sinso.CID) (bool, error) {
	_, err := b.call(ctx, call{
		doing: "has " + string(cid), path: "pin/ls", args: []string{string(cid)}, most: maxAnswer,
		options: []string{"type", "direct", "offline", "true"},
	})
	if errors.Is(err, sinso.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Has implements [sinso.Blobs].
func (b *Blobs) Has(ctx context.Context, cid sinso.CID) (bool, error) {
	if _, err := cid.Bytes(); err != nil {
		return false, err
	}
	return b.pinned(ctx, cid)
}

// Get implements [sinso.Blobs].
func (b *Blobs) Get(ctx context.Context, cid sinso.CID) ([]byte, error) {
	has, err := b.Has(ctx, cid)
	if err != nil {
		return nil, err
	}
	if !has {
		return nil, fmt.Errorf("block %s: %w", cid, sinso.ErrNotFound)
	}
	data, err := b.call(ctx, call{
		doing: "get " + string(cid), path: "block/get", args: []string{string(cid)}, most: blob.MaxBlock,
		options: []string{"offline", "true"},
	})
	if err != nil {
		return nil, err
	}
	return data, cid.Verify(data)
}

// Delete implements [sinso.Blobs]. The bytes are removed at once if Kubo can: what else
// names them there, its garbage collection knows.
func (b *Blobs) Delete(ctx context.Context, cids ...sinso.CID) error {
	for _, cid := range cids {
		if _, err := cid.Bytes(); err != nil {
			return err
		}
	}
	if len(cids) == 0 {
		return nil
	}
	for _, cid := range cids {
		_, err := b.call(ctx, call{doing: "unpin " + string(cid), path: "pin/rm", args: []string{string(cid)}, most: maxAnswer, options: []string{"recursive", "false", "offline", "true"}})
		if err != nil && !errors.Is(err, sinso.ErrNotFound) {
			return err
		}
	}
	for some := range slices.Chunk(cids, atATime) {
		if err := b.free(ctx, some); err != nil {
			return err
		}
	}
	return nil
}

// free removes the bytes of blocks without a pin. Kubo stores bytes by their hash alone, so
// they stay if the block of the other codec is ours.
func (b *Blobs) free(ctx context.Context, cids []sinso.CID) error {
	var args []string
	for _, cid := range cids {
		raw, err := cid.Bytes()
		if err != nil {
			return err
		}
		other := sinso.CodecRaw
		if cid.Codec() == sinso.CodecRaw {
			other = sinso.CodecDagPB
		}
		shared, err := b.pinned(ctx, sinso.CIDOfDigest(other, [32]byte(raw[4:])))
		if err != nil {
			return err
		}
		if !shared {
			args = append(args, string(cid))
		}
	}
	if len(args) == 0 {
		return nil
	}
	_, err := b.call(ctx, call{doing: "delete", path: "block/rm", args: args, most: maxAnswer, options: []string{"force", "true", "quiet", "true"}})
	return err
}

// List implements [sinso.Blobs]. The CIDs are sorted in memory, 80 bytes each.
func (b *Blobs) List(ctx context.Context, fn func(sinso.CID) error) error {
	answer, err := b.call(ctx, call{doing: "list", path: "pin/ls", most: maxList, options: []string{"type", "direct", "stream", "true"}})
	if err != nil {
		return err
	}
	var cids []sinso.CID
	decoder := json.NewDecoder(bytes.NewReader(answer))
	for {
		var pin struct{ Cid string }
		err := decoder.Decode(&pin)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("kubo: list: the answer cannot be read: %w", sinso.ErrCorrupt)
		}
		if cid, err := sinso.ParseCID(pin.Cid); err == nil { // others may pin what we never write
			cids = append(cids, cid)
		}
	}
	slices.Sort(cids)
	for _, cid := range slices.Compact(cids) {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("kubo: list: %w", err)
		}
		if err := fn(cid); err != nil {
			return err
		}
	}
	return nil
}

// SetName implements [sinso.NamedBlobs].
func (b *Blobs) SetName(ctx context.Context, name string, cid sinso.CID) error {
	if err := sinso.CheckName(name); err != nil {
		return err
	}
	if cid == "" {
		_, err := b.call(ctx, call{doing: "take away name " + name, path: "files/rm", args: []string{names + name}, most: maxAnswer})
		if errors.Is(err, sinso.ErrNotFound) {
			return nil
		}
		return err
	}
	if _, err := cid.Bytes(); err != nil {
		return err
	}
	_, err := b.call(ctx, call{
		doing: "set name " + name, path: "files/write", args: []string{names + name}, most: maxAnswer, file: []byte(cid), sends: true,
		options: []string{"create", "true", "parents", "true", "truncate", "true", "flush", "true"},
	})
	return err
}

// Name implements [sinso.NamedBlobs]. What is no CID is ErrCorrupt.
func (b *Blobs) Name(ctx context.Context, name string) (sinso.CID, error) {
	if err := sinso.CheckName(name); err != nil {
		return "", err
	}
	text, err := b.call(ctx, call{doing: "name " + name, path: "files/read", args: []string{names + name}, most: maxName, options: []string{"offline", "true"}})
	if err != nil {
		return "", err
	}
	cid, err := sinso.ParseCID(string(text))
	if err != nil {
		return "", fmt.Errorf("kubo: name %s: what is there is no CID: %w", name, sinso.ErrCorrupt)
	}
	return cid, nil
}

// Scheme is what a URL of this engine begins with.
const Scheme = "kubo:"

// missing are the ends of what Kubo says of what is not there: its answers have no code.
var missing = []string{"is not pinned", "not pinned or pinned indirectly", "file does not exist"}

// isMissing reads an error's text.
func isMissing(text string) bool {
	text = strings.TrimRight(text, "\"\n ")
	return strings.Contains(text, "block was not found locally") ||
		slices.ContainsFunc(missing, func(end string) bool { return strings.HasSuffix(text, end) })
}
