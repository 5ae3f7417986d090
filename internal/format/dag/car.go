package dag

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"

	"sinso.dev/sinso"
)

// carHead is the DAG-CBOR of {"roots": [CID], "version": 1} up to the CID, a byte string
// of 1 + 36 under tag 42 (CARv1, "Header"; DAG-CBOR, "Links"), and carTail what is behind it.
const (
	carHead = "\xa2\x65roots\x81\xd8\x2a\x58\x25\x00"
	carTail = "\x67version\x01"
)

// CAROptions choose what of a DAG a CAR has. The zero value is all of it, each block once.
type CAROptions struct {
	// RootOnly leaves out all blocks but the root.
	RootOnly bool
	// Duplicates has a block as often as it is linked to. Without it 36 bytes and their
	// share of a table are held for each block that was written.
	Duplicates bool
}

// WriteCAR writes the DAG under root as a CARv1, depth first: each block before those that
// it links to. It holds one leaf, and an inner node for each row of them. Every block is
// verified before it is written; errors as [Read], without a limit. What was written when
// it fails is a CAR that has less than it should.
func WriteCAR(ctx context.Context, w io.Writer, root sinso.CID, get Get, o CAROptions) error {
	c := &carWriter{w: w}
	if !o.Duplicates {
		c.seen = map[[cidBytes]byte]struct{}{}
	}
	r := reader{get: get, limit: maxFile}
	if o.RootOnly {
		data, _, err := r.start(ctx, root)
		if err != nil {
			return err
		}
		return c.root(root, data)
	}
	return r.walk(ctx, root, func(cid sinso.CID, node []byte, leaf func() ([]byte, error)) error {
		raw, again, err := c.known(cid)
		if err != nil || again {
			return err
		}
		if leaf != nil {
			if node, err = leaf(); err != nil {
				return err
			}
		}
		if !c.begun {
			return c.root(root, node)
		}
		return c.frame(raw, node)
	})
}

// carWriter writes the parts of a CAR.
type carWriter struct {
	w     io.Writer
	begun bool
	seen  map[[cidBytes]byte]struct{} // blocks that were written; nil: nobody asks
}

// known returns the bytes of a block's CID, and whether it was written and need not be again.
func (c *carWriter) known(cid sinso.CID) (raw []byte, again bool, err error) {
	if raw, err = cid.Bytes(); err != nil || c.seen == nil {
		return raw, false, err
	}
	key := [cidBytes]byte(raw)
	if _, again = c.seen[key]; !again {
		c.seen[key] = struct{}{}
	}
	return raw, again, nil
}

// root writes the header and the root's block.
func (c *carWriter) root(root sinso.CID, data []byte) error {
	raw, err := root.Bytes()
	if err != nil {
		return err
	}
	c.begun = true
	if err := c.frame([]byte(carHead+string(raw)+carTail), nil); err != nil {
		return err
	}
	return c.frame(raw, data)
}

// frame writes head and data behind the length of both: a CID and its block (CARv1, "Data"),
// or the header.
func (c *carWriter) frame(head, data []byte) error {
	front := append(binary.AppendUvarint(nil, uint64(len(head)+len(data))), head...)
	for _, part := range [][]byte{front, data} {
		if _, err := c.w.Write(part); err != nil {
			return fmt.Errorf("dag: write a CAR: %w", err)
		}
	}
	return nil
}
