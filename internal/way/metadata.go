package way

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"sync"

	"sinso.dev/sinso"
)

// maxMetadata bounds the metadata of one instance, inflated.
const maxMetadata = 64 << 20 // bytes

// deflater compresses metadata for the log. Its writers are large, so they are kept.
type deflater struct{ writers sync.Pool }

// deflate writes [sinso.InstanceSealed.Metadata]. What could not be read again is
// left out.
func (d *deflater) deflate(metadata []byte) ([]byte, error) {
	if len(metadata) == 0 || len(metadata) > maxMetadata {
		return nil, nil
	}
	var out bytes.Buffer
	w, _ := d.writers.Get().(*flate.Writer)
	if w == nil {
		var err error
		if w, err = flate.NewWriter(&out, flate.BestSpeed); err != nil {
			return nil, fmt.Errorf("way: deflate: %w", err)
		}
	}
	w.Reset(&out)
	_, err := w.Write(metadata)
	if err == nil {
		err = w.Close()
	}
	d.writers.Put(w)
	if err != nil {
		return nil, fmt.Errorf("way: deflate: %w", err)
	}
	return out.Bytes(), nil
}

// inflate reads [sinso.InstanceSealed.Metadata].
func inflate(deflated []byte) ([]byte, error) {
	var plain bytes.Buffer
	n, err := io.Copy(&plain, io.LimitReader(flate.NewReader(bytes.NewReader(deflated)), maxMetadata+1))
	if err != nil || n > maxMetadata {
		return nil, fmt.Errorf("metadata cannot be inflated: %w", sinso.ErrCorrupt)
	}
	return plain.Bytes(), nil
}
