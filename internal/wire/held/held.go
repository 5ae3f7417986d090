// Package held is what a node says to a peer that holds its blocks, and what that answers
// (docs/formats.md, "held blocks").
package held

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"sinso.dev/sinso"
)

// Bounds of what is said at once.
const (
	MaxBlock  = 2<<20 + 1<<10 // bytes of a block: what nodes exchange elsewhere too
	MaxBody   = 8 << 20       // bytes of blocks in one body, framing included
	MaxCIDs   = 4096          // in one question
	MaxProofs = 64            // blocks in one challenge
	MaxPage   = 1 << 16
	MinNonce  = 16 // bytes
	MaxNonce  = 64

	cidBytes = 36
)

// The last line of a page of a list: without one it was cut off.
const (
	End  = "end"  // nothing is behind it
	More = "more" // ask again, with the last CID
)

// Routes, below the base URL of the peer.
const (
	BlocksPath  = "/api/v1/held/blocks"
	HasPath     = "/api/v1/held/presence"
	DeletePath  = "/api/v1/held/deletions"
	ReclaimPath = "/api/v1/held/reclaims"
	ProofsPath  = "/api/v1/held/proofs"
	NamesPath   = "/api/v1/held/names"
)

// CIDs are the blocks that a question is about.
type CIDs struct {
	CIDs []sinso.CID `json:"cids"`
}

// Presence says of each block that was asked for whether it is there. It proves nothing.
type Presence struct {
	Present []bool `json:"present"`
}

// Challenge asks for proof that blocks are there now.
type Challenge struct {
	Nonce []byte      `json:"nonce"` // 16 to 64 bytes that were never used before
	CIDs  []sinso.CID `json:"cids"`
}

// Proofs answer a challenge: for each block [Proof], or null if it is not there, or not whole.
type Proofs struct {
	Proofs [][]byte `json:"proofs"`
}

// Count says how many blocks, or bytes, something was done with.
type Count struct {
	Done int64 `json:"done"`
}

// Named is the CID under a name; "" takes the name away.
type Named struct {
	CID sinso.CID `json:"cid"`
}

// Proof is what only who has a block's bytes can say to a nonce. The nonce comes before the
// bytes, so that nothing can be kept in their place.
func Proof(nonce []byte, cid sinso.CID, data []byte) [sha256.Size]byte {
	h := sha256.New()
	h.Write([]byte("sinso/held-proof/v1\x00"))
	h.Write(binary.AppendUvarint(nil, uint64(len(nonce))))
	h.Write(nonce)
	h.Write([]byte(cid))
	h.Write([]byte{0})
	h.Write(data)
	return [sha256.Size]byte(h.Sum(nil))
}

// carHeader begins a CARv1 file without roots: its length, and {"roots": [], "version": 1}
// in DAG-CBOR (CARv1 §Header).
var carHeader = []byte("\x11\xa2eroots\x80gversion\x01")

// Encode returns blocks as a CARv1 file.
func Encode(blocks []sinso.Block) ([]byte, error) {
	body := bytes.Clone(carHeader)
	for _, b := range blocks {
		cid, err := b.CID.Bytes()
		if err != nil {
			return nil, err
		}
		body = binary.AppendUvarint(body, uint64(len(cid)+len(b.Data)))
		body = append(append(body, cid...), b.Data...)
	}
	return body, nil
}

// Decode reads what Encode wrote: ErrInvalid for anything else. The bytes are not compared
// with the CIDs.
func Decode(from io.Reader) (blocks []sinso.Block, err error) {
	r := bufio.NewReader(from)
	head := make([]byte, len(carHeader))
	if _, err := io.ReadFull(r, head); err != nil || !bytes.Equal(head, carHeader) {
		return nil, broken("it does not begin as a CARv1 file without roots", err)
	}
	for {
		if _, err := r.Peek(1); errors.Is(err, io.EOF) {
			return blocks, nil
		}
		length, err := readLength(r)
		if err != nil || length < cidBytes || length > cidBytes+MaxBlock {
			return nil, broken("the length of a block is not 0 to 2 MiB", err)
		}
		section := make([]byte, length)
		if _, err := io.ReadFull(r, section); err != nil {
			return nil, broken("a block is cut off", err)
		}
		cid, err := sinso.CIDFrom([cidBytes]byte(section))
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, sinso.Block{CID: cid, Data: section[cidBytes:]})
	}
}

// readLength reads an unsigned varint of at most four bytes, in its shortest form.
func readLength(r io.ByteReader) (length int, err error) {
	for shift := 0; shift < 28; shift += 7 {
		b, err := r.ReadByte()
		if err != nil {
			return 0, err
		}
		length |= int(b&0x7f) << shift
		if b < 0x80 {
			if b == 0 && shift > 0 {
				return 0, nil // it could be shorter
			}
			return length, nil
		}
	}
	return 0, nil
}

// broken keeps what the reader said: it may be that the body is too long, or stalled.
func broken(why string, err error) error {
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("held: blocks: %s: %w", why, sinso.ErrInvalid)
	}
	return fmt.Errorf("held: blocks: %w: %w", err, sinso.ErrInvalid)
}
