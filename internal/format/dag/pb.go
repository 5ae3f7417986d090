package dag

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"sinso.dev/sinso"
)

// Keys of the protobuf fields: number<<3 | wire type (0 number, 2 bytes). Links come before Data
// (DAG-PB specification, "Serial Format"; UnixFS specification, "Data Format").
const (
	keyNodeLink   = 2<<3 | 2 // PBNode.Links
	keyNodeData   = 1<<3 | 2 // PBNode.Data
	keyLinkHash   = 1<<3 | 2 // PBLink.Hash
	keyLinkName   = 2<<3 | 2 // PBLink.Name: empty, and written
	keyLinkTsize  = 3 << 3   // PBLink.Tsize
	keyType       = 1 << 3   // Data.Type
	keyFileSize   = 3 << 3   // Data.filesize
	keyBlockSizes = 4 << 3   // Data.blocksizes, not packed

	typeFile = 2  // Data.DataType.File
	cidBytes = 36 // of a CIDv1 with sha2-256
)

// maxNode bounds the bytes of an inner node: MaxLinks links of at most 54 bytes
// and sizes of at most 11, in frames of a few bytes.
const maxNode = MaxLinks*(54+11) + 64

// encode returns the DAG-PB bytes of the inner node over links.
func encode(links []link) []byte {
	node := make([]byte, 0, len(links)*64+32)
	data := make([]byte, 0, len(links)*8+32)
	size := uint64(0)
	for _, l := range links {
		size += l.size
	}
	data = append(data, keyType, typeFile, keyFileSize)
	data = binary.AppendUvarint(data, size)
	for _, l := range links {
		cid, _ := l.cid.Bytes() // made by CIDOf, or read by decode
		entry := append([]byte{keyLinkHash, cidBytes}, cid...)
		entry = append(entry, keyLinkName, 0, keyLinkTsize)
		entry = binary.AppendUvarint(entry, l.sum)
		node = append(node, keyNodeLink, byte(len(entry))) //nolint:gosec // at most 51
		node = append(node, entry...)
		data = append(data, keyBlockSizes)
		data = binary.AppendUvarint(data, l.size)
	}
	node = append(node, keyNodeData)
	node = binary.AppendUvarint(node, uint64(len(data)))
	return append(node, data...)
}

// decode reads the links of an inner node. It takes only what encode writes:
// anything else is ErrCorrupt.
func decode(cid sinso.CID, data []byte) ([]link, error) {
	links, ok := parse(data)
	if !ok || !bytes.Equal(data, encode(links)) {
		return nil, fmt.Errorf("dag: block %s is not an inner node that this node writes: %w", cid, sinso.ErrCorrupt)
	}
	return links, nil
}

// parse is generous where decode is strict.
func parse(data []byte) ([]link, bool) {
	if len(data) > maxNode {
		return nil, false
	}
	var links []link
	c := cursor{left: data, ok: true}
	for c.next(keyNodeLink) {
		c.uvarint() // its length: fixed by what it holds
		c.expect(keyLinkHash, cidBytes)
		cid := cidOf(c.take(cidBytes))
		c.expect(keyLinkName, 0, keyLinkTsize)
		links = append(links, link{cid: cid, sum: c.uvarint()})
		if cid.Codec() == 0 || len(links) > MaxLinks {
			return nil, false
		}
	}
	c.expect(keyNodeData)
	c.uvarint()
	c.expect(keyType, typeFile, keyFileSize)
	c.uvarint()
	for i := range links {
		c.expect(keyBlockSizes)
		links[i].size = c.uvarint()
		if links[i].size > maxFile || links[i].sum > 2*maxFile {
			return nil, false
		}
	}
	return links, c.ok && len(c.left) == 0
}

// cidOf returns the CID with these bytes, which may be none.
func cidOf(b []byte) sinso.CID {
	if len(b) != cidBytes {
		return ""
	}
	cid := sinso.CIDOfDigest(sinso.Codec(b[1]), [32]byte(b[4:]))
	if again, err := cid.Bytes(); err != nil || string(again) != string(b) {
		return ""
	}
	return cid
}

// cursor reads bytes from the front. Once ok is false everything reads as zero.
type cursor struct {
	left []byte
	ok   bool
}

func (c *cursor) take(n int) []byte {
	if !c.ok || len(c.left) < n {
		c.ok = false
		return nil
	}
	b := c.left[:n]
	c.left = c.left[n:]
	return b
}

func (c *cursor) next(key byte) bool {
	if !c.ok || len(c.left) == 0 || c.left[0] != key {
		return false
	}
	c.left = c.left[1:]
	return true
}

func (c *cursor) expect(want ...byte) {
	if string(c.take(len(want))) != string(want) {
		c.ok = false
	}
}

func (c *cursor) uvarint() uint64 {
	v, n := binary.Uvarint(c.left)
	if !c.ok || n <= 0 {
		c.ok = false
		return 0
	}
	c.left = c.left[n:]
	return v
}
