// Package merkle builds Merkle trees over leaf hashes in the shape of RFC 6962
// §2.1, proves that a leaf is in one, and makes salted leaves that can be
// disclosed one by one.
//
// Leaves and nodes are hashed with different first bytes, so no node can be
// shown as a leaf. A tree does not say how many leaves it has: who verifies a
// proof must know the number from what was signed.
package merkle

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"math/bits"

	"sinso.dev/sinso"
)

// First bytes of what is hashed (RFC 6962 §2.1).
const (
	leafPrefix = 0x00
	nodePrefix = 0x01
)

// SaltBytes is the length of a leaf's salt: too much to guess.
const SaltBytes = 16

// Root returns the root over leaf hashes. That of no leaf is sha256 of nothing,
// that of one leaf is the leaf itself. The slice is not changed.
func Root(leaves [][32]byte) [32]byte {
	var tree Tree
	for _, leaf := range leaves {
		tree.Add(leaf)
	}
	return tree.Root()
}

// Tree takes leaf hashes one after the other and keeps one hash for each level,
// so that the root over any number of leaves takes no memory. The zero value is
// an empty tree.
type Tree struct {
	size  uint64
	stack [][32]byte // roots of the full subtrees, largest first: one for each 1 bit of size
}

// Add appends a leaf.
func (t *Tree) Add(leaf [32]byte) {
	for n := t.size; n&1 == 1; n >>= 1 {
		last := len(t.stack) - 1
		leaf = node(t.stack[last], leaf)
		t.stack = t.stack[:last]
	}
	t.stack = append(t.stack, leaf)
	t.size++
}

// Size returns how many leaves were added.
func (t *Tree) Size() uint64 { return t.size }

// Root returns the root over the leaves added so far.
func (t *Tree) Root() [32]byte {
	if t.size == 0 {
		return sha256.Sum256(nil)
	}
	root := t.stack[len(t.stack)-1]
	for i := len(t.stack) - 2; i >= 0; i-- {
		root = node(t.stack[i], root)
	}
	return root
}

// Proof returns the inclusion path of leaf i, from the bottom up (RFC 6962
// §2.1.1). ErrInvalid if there is no such leaf.
func Proof(leaves [][32]byte, i int) ([][32]byte, error) {
	if i < 0 || i >= len(leaves) {
		return nil, fmt.Errorf("merkle: leaf %d of %d: %w", i, len(leaves), sinso.ErrInvalid)
	}
	path := make([][32]byte, 0, bits.Len(uint(len(leaves))))
	return proof(path, leaves, i), nil
}

func proof(path, leaves [][32]byte, i int) [][32]byte {
	if len(leaves) == 1 {
		return path
	}
	cut := split(len(leaves))
	if i < cut {
		return append(proof(path, leaves[:cut], i), Root(leaves[cut:]))
	}
	return append(proof(path, leaves[cut:], i-cut), Root(leaves[:cut]))
}

// split returns the largest power of two below n, which is at least 2.
func split(n int) int { return 1 << (bits.Len(uint(n-1)) - 1) }

// RootOf returns the root that a leaf hash, its place among n leaves and an
// inclusion path lead to. A place that is not there is ErrInvalid, a path of
// another length than that place has is ErrCorrupt.
func RootOf(leaf [32]byte, i, n int, path [][32]byte) ([32]byte, error) {
	if i < 0 || i >= n {
		return [32]byte{}, fmt.Errorf("merkle: leaf %d of %d: %w", i, n, sinso.ErrInvalid)
	}
	root, last := leaf, n-1
	for _, sibling := range path {
		switch {
		case last == 0:
			return [32]byte{}, fmt.Errorf("merkle: the path of leaf %d of %d is too long: %w", i, n, sinso.ErrCorrupt)
		case i&1 == 1:
			root = node(sibling, root)
		case i < last:
			root = node(root, sibling)
		default: // the last of an odd row goes up as it is, to where it has a left sibling
			for i&1 == 0 { // ends: i is last, and not 0
				i, last = i>>1, last>>1
			}
			root = node(sibling, root)
		}
		i, last = i>>1, last>>1
	}
	if last != 0 {
		return [32]byte{}, fmt.Errorf("merkle: the path of leaf %d of %d is too short: %w", i, n, sinso.ErrCorrupt)
	}
	return root, nil
}

// Verify checks that leaf is number i of the n leaves under root. Anything else
// is ErrCorrupt.
func Verify(root, leaf [32]byte, i, n int, path [][32]byte) error {
	got, err := RootOf(leaf, i, n, path)
	if err != nil {
		return err
	}
	if got != root {
		return fmt.Errorf("merkle: leaf %d of %d is not under this root: %w", i, n, sinso.ErrCorrupt)
	}
	return nil
}

func node(left, right [32]byte) [32]byte {
	var b [1 + 2*sha256.Size]byte
	b[0] = nodePrefix
	copy(b[1:], left[:])
	copy(b[1+sha256.Size:], right[:])
	return sha256.Sum256(b[:])
}

// PlainLeaf hashes the bytes of a leaf that needs no salt, as RFC 6962 does:
// sha256(0x00 ‖ data).
func PlainLeaf(data []byte) [32]byte {
	h := sha256.New()
	h.Write([]byte{leafPrefix})
	h.Write(data)
	return [32]byte(h.Sum(nil))
}

// LeafHash hashes a salted leaf:
// sha256(0x00 ‖ salt ‖ length of path, 4 bytes big-endian ‖ path ‖ value).
//
// With the salt unknown, the hash tells nothing of the value.
func LeafHash(salt [SaltBytes]byte, path, value []byte) [32]byte {
	leaf := NewLeaf(salt, path)
	leaf.h.Write(value)
	return leaf.Sum()
}

// Leaf is a salted leaf whose value is written in pieces.
type Leaf struct{ h hash.Hash }

// NewLeaf begins a salted leaf; write its value, then call Sum.
func NewLeaf(salt [SaltBytes]byte, path []byte) *Leaf {
	h := sha256.New()
	h.Write([]byte{leafPrefix})
	h.Write(salt[:])
	h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(path)))) //nolint:gosec // a path is an address inside a file
	h.Write(path)
	return &Leaf{h}
}

// Write adds to the leaf's value. It never fails.
func (l *Leaf) Write(p []byte) (int, error) { return l.h.Write(p) } //nolint:wrapcheck // a hash never fails

// Sum returns LeafHash of what was written.
func (l *Leaf) Sum() [32]byte { return [32]byte(l.h.Sum(nil)) }

// Digest hashes data for one use: sha256(label ‖ 0x00 ‖ data). No label holds a
// zero byte, so no two uses can be confused.
func Digest(label string, data []byte) [32]byte {
	h := sha256.New()
	h.Write([]byte(label))
	h.Write([]byte{0})
	h.Write(data)
	return [32]byte(h.Sum(nil))
}
