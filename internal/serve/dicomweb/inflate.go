package dicomweb

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"

	"sinso.dev/sinso"
)

// errEnough ends a search that has found what it wanted.
var errEnough = errors.New("dicomweb: enough")

const maxMetadata = 256 << 20 // bytes of one instance's JSON

// inflated reads metadata, one after the other, into the same memory.
type inflated struct {
	in     bytes.Reader
	reader io.ReadCloser
	out    bytes.Buffer
}

// object returns metadata as a JSON object: as it is, or out of raw DEFLATE (RFC
// 1951). The two are told apart by the first byte: a stream that begins with that
// of "{" has one block of fixed codes (§3.2.6), and the first of them is not that
// of "{". It is good until the next call.
func (z *inflated) object(stored []byte) ([]byte, error) {
	if len(stored) == 0 {
		return []byte("{}"), nil
	}
	if stored[0] == '{' {
		return stored, nil
	}
	z.in.Reset(stored)
	if again, ok := z.reader.(flate.Resetter); !ok || again.Reset(&z.in, nil) != nil {
		z.reader = flate.NewReader(&z.in)
	}
	z.out.Reset()
	n, err := z.out.ReadFrom(io.LimitReader(z.reader, maxMetadata+1))
	if err != nil || n > maxMetadata {
		return nil, fmt.Errorf("dicomweb: metadata is damaged or too long: %w", sinso.ErrCorrupt)
	}
	return z.out.Bytes(), nil
}

// bulkMark begins the URI of bulk data in stored metadata.
const bulkMark = `"BulkDataURI":"bulk/`

// bulkURIs appends an object to out, with the URIs of its bulk data made absolute.
func bulkURIs(out, object []byte, instance string) []byte {
	for {
		at := bytes.Index(object, []byte(bulkMark))
		if at < 0 {
			return append(out, object...)
		}
		out = append(append(out, object[:at]...), `"BulkDataURI":"`...)
		out = append(append(out, instance...), "/bulkdata/"...)
		object = object[at+len(bulkMark):]
	}
}
