// Package peer keeps blocks with another node that holds them for this one: the engine
// "peer:" of the port [sinso.NamedBlobs]. The peer has ciphertext alone.
//
// Its answers are not believed: a block must match its CID, each answer is bounded in size
// and time, and that a block is there is known only when it is proven ([Blobs.Prove]).
package peer

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/wire/held"
)

const (
	// Scheme is what a URL of this engine begins with.
	Scheme = "peer:"

	defaultTimeout = 30 * time.Second
	reclaimTime    = 15 * time.Minute // a peer rewrites what it frees
	nonceBytes     = 32
	batch          = 4 << 20 // bytes of blocks in one call, or one block; held.MaxBody has room for more
)

// Config says where the peer is.
type Config struct {
	// URL is the base URL of its node: https, or http on this machine.
	URL string
	// Token is what sinso peer hold printed there.
	Token string
	// Timeout bounds each call; what has more than 3 MiB may take four times as long. Default
	// 30 s.
	Timeout time.Duration
}

// Blobs are the blocks that a peer holds.
type Blobs struct {
	client  *http.Client
	url     string
	token   string
	timeout time.Duration
	closed  atomic.Bool
}

var (
	_ sinso.NamedBlobs      = (*Blobs)(nil)
	_ sinso.ReclaimingBlobs = (*Blobs)(nil)
)

// Open returns the blocks at a peer, which is not asked yet.
func Open(cfg Config) (*Blobs, error) {
	at, err := Parse(cfg.URL)
	if err != nil {
		return nil, err
	}
	if strings.Trim(cfg.Token, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" || cfg.Token == "" {
		return nil, fmt.Errorf("peer: want the token that sinso peer hold printed there (SINSO_PEER_TOKEN, or --token-file): %w", sinso.ErrInvalid)
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = defaultTimeout
	}
	return &Blobs{client: newClient(), url: at, token: cfg.Token, timeout: cfg.Timeout}, nil
}

// Close ends the connections; later calls are ErrUnavailable.
func (b *Blobs) Close() error {
	b.closed.Store(true)
	b.client.CloseIdleConnections()
	return nil
}

// Put implements [sinso.Blobs], in batches: what was put before one fails stays. A batch is
// there whole or not at all.
func (b *Blobs) Put(ctx context.Context, blocks ...sinso.Block) error {
	for _, block := range blocks {
		if err := check(block); err != nil {
			return err
		}
	}
	for len(blocks) > 0 {
		n, size := 0, 0
		for n < len(blocks) && (n == 0 || size+len(blocks[n].Data) <= batch) && n < held.MaxCIDs {
			size += len(blocks[n].Data)
			n++
		}
		body, err := held.Encode(blocks[:n])
		if err != nil {
			return err
		}
		if _, err := b.call(ctx, call{doing: "put blocks", method: http.MethodPost, path: held.BlocksPath, body: body, binary: true, most: maxAnswer}); err != nil {
			return err
		}
		blocks = blocks[n:]
	}
	return nil
}

// check says whether a block can be stored.
func check(block sinso.Block) error {
	if _, err := block.CID.Bytes(); err != nil {
		return err
	}
	if len(block.Data) > held.MaxBlock {
		return fmt.Errorf("block %s: %d bytes, at most %d: %w", block.CID, len(block.Data), held.MaxBlock, sinso.ErrInvalid)
	}
	if block.Fresh {
		return nil
	}
	if err := block.CID.Verify(block.Data); err != nil {
		return fmt.Errorf("block %s: bytes do not match their CID: %w", block.CID, sinso.ErrInvalid)
	}
	return nil
}

// Get implements [sinso.Blobs].
func (b *Blobs) Get(ctx context.Context, cid sinso.CID) ([]byte, error) {
	if _, err := cid.Bytes(); err != nil {
		return nil, err
	}
	data, err := b.call(ctx, call{doing: "get " + string(cid), method: http.MethodGet, path: held.BlocksPath + "/" + string(cid), most: held.MaxBlock})
	if err != nil {
		return nil, err
	}
	return data, cid.Verify(data)
}

// Has implements [sinso.Blobs]: what the peer says, which proves nothing.
func (b *Blobs) Has(ctx context.Context, cid sinso.CID) (bool, error) {
	if _, err := cid.Bytes(); err != nil {
		return false, err
	}
	present, err := b.Present(ctx, cid)
	if err != nil {
		return false, err
	}
	return present[0], nil
}

// Present says of each block whether the peer says that it has it.
func (b *Blobs) Present(ctx context.Context, cids ...sinso.CID) ([]bool, error) {
	var present []bool
	for some := range slices.Chunk(cids, held.MaxCIDs) {
		var answer held.Presence
		if err := b.ask(ctx, call{doing: "ask what it has", method: http.MethodPost, path: held.HasPath}, held.CIDs{CIDs: some}, &answer); err != nil {
			return nil, err
		}
		if len(answer.Present) != len(some) {
			return nil, fmt.Errorf("peer: ask what it has: the answer is about other blocks: %w", sinso.ErrCorrupt)
		}
		present = append(present, answer.Present...)
	}
	return present, nil
}

// Prove challenges the peer with a fresh nonce: it says of each block whether the peer has
// shown that it has it now, whole. ErrCorrupt if the answer is no answer to that.
func (b *Blobs) Prove(ctx context.Context, blocks ...sinso.Block) (proven []bool, err error) {
	for some := range slices.Chunk(blocks, held.MaxProofs) {
		ask := held.Challenge{Nonce: make([]byte, nonceBytes)}
		if _, err := rand.Read(ask.Nonce); err != nil {
			return nil, fmt.Errorf("peer: challenge: %w", err)
		}
		for _, block := range some {
			ask.CIDs = append(ask.CIDs, block.CID)
		}
		var answer held.Proofs
		if err := b.ask(ctx, call{doing: "challenge", method: http.MethodPost, path: held.ProofsPath}, ask, &answer); err != nil {
			return nil, err
		}
		if len(answer.Proofs) != len(some) {
			return nil, fmt.Errorf("peer: challenge: the answer is about other blocks: %w", sinso.ErrCorrupt)
		}
		for i, block := range some {
			want := held.Proof(ask.Nonce, block.CID, block.Data)
			proven = append(proven, subtle.ConstantTimeCompare(want[:], answer.Proofs[i]) == 1)
		}
	}
	return proven, nil
}

// Delete implements [sinso.Blobs].
func (b *Blobs) Delete(ctx context.Context, cids ...sinso.CID) error {
	for _, cid := range cids {
		if _, err := cid.Bytes(); err != nil {
			return err
		}
	}
	for some := range slices.Chunk(cids, held.MaxCIDs) {
		var answer held.Count
		if err := b.ask(ctx, call{doing: "delete", method: http.MethodPost, path: held.DeletePath}, held.CIDs{CIDs: some}, &answer); err != nil {
			return err
		}
	}
	return nil
}

// Reclaim implements [sinso.ReclaimingBlobs].
func (b *Blobs) Reclaim(ctx context.Context) (freed int64, err error) {
	var answer held.Count
	err = b.ask(ctx, call{doing: "free bytes", method: http.MethodPost, path: held.ReclaimPath, within: reclaimTime}, nil, &answer)
	return answer.Done, err
}

// List implements [sinso.Blobs], a page of 65,536 CIDs in memory at a time.
func (b *Blobs) List(ctx context.Context, fn func(sinso.CID) error) error {
	for after := sinso.CID(""); ; {
		page, more, err := b.page(ctx, after)
		if err != nil {
			return err
		}
		for _, cid := range page {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("peer: list: %w", err)
			}
			if err := fn(cid); err != nil {
				return err
			}
		}
		if !more {
			return nil
		}
		after = page[len(page)-1]
	}
}

// page gets the CIDs behind one. What is not sorted, or is cut off, is ErrCorrupt.
func (b *Blobs) page(ctx context.Context, after sinso.CID) (page []sinso.CID, more bool, err error) {
	const line = 60 // bytes of a CID and its end
	path := held.BlocksPath
	if after != "" {
		path += "?after=" + string(after)
	}
	text, err := b.call(ctx, call{doing: "list", method: http.MethodGet, path: path, most: held.MaxPage*line + line})
	if err != nil {
		return nil, false, err
	}
	wrong := fmt.Errorf("peer: list: the answer is no page of a sorted list: %w", sinso.ErrCorrupt)
	for raw := range bytes.Lines(text) {
		one := strings.TrimSuffix(string(raw), "\n")
		if one == held.End || one == held.More {
			more = one == held.More
			if more && len(page) == 0 {
				return nil, false, wrong
			}
			return page, more, nil
		}
		cid, err := sinso.ParseCID(one)
		if err != nil || cid <= after || len(page) == held.MaxPage {
			return nil, false, wrong
		}
		page, after = append(page, cid), cid
	}
	return nil, false, wrong
}

// SetName implements [sinso.NamedBlobs].
func (b *Blobs) SetName(ctx context.Context, name string, cid sinso.CID) error {
	if err := sinso.CheckName(name); err != nil {
		return err
	}
	if cid != "" {
		if _, err := cid.Bytes(); err != nil {
			return err
		}
	}
	var answer held.Named
	return b.ask(ctx, call{doing: "set name " + name, method: http.MethodPut, path: held.NamesPath + "/" + name}, held.Named{CID: cid}, &answer)
}

// Name implements [sinso.NamedBlobs].
func (b *Blobs) Name(ctx context.Context, name string) (sinso.CID, error) {
	if err := sinso.CheckName(name); err != nil {
		return "", err
	}
	var answer held.Named
	if err := b.ask(ctx, call{doing: "name " + name, method: http.MethodGet, path: held.NamesPath + "/" + name}, nil, &answer); err != nil {
		return "", err
	}
	if _, err := answer.CID.Bytes(); err != nil {
		return "", fmt.Errorf("peer: name %s: what is there is no CID: %w", name, sinso.ErrCorrupt)
	}
	return answer.CID, nil
}
