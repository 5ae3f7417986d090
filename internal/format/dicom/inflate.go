package dicom

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"

	"sinso.dev/sinso"
)

// What a deflated data set may unpack to. DEFLATE reaches about 1,032 to 1; images
// and label maps that are mostly background reach some hundred.
const (
	inflateFree  = 64 << 20 // bytes that any file may unpack to
	inflateRatio = 128      // beyond them, of the packed bytes
)

// inflate unpacks a raw DEFLATE stream (PS3.5 A.5). It counts what comes out
// before it takes memory for it, so that a bomb costs time only, and little of it.
func (r *reader) inflate(packed []byte) ([]byte, error) {
	limit := min(max(inflateFree, int64(len(packed))*inflateRatio), maxBytes)
	stream := flate.NewReader(bytes.NewReader(packed))
	size, err := io.Copy(io.Discard, io.LimitReader(stream, limit+1))
	switch {
	case r.lenient && size > 0 && errors.Is(err, io.ErrUnexpectedEOF):
		r.cut = true
	case err != nil:
		return nil, damaged(err)
	case size > limit:
		return nil, fmt.Errorf("dicom: the deflated data set unpacks to more than the %d bytes allowed for it: %w", limit, sinso.ErrUnsupported)
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(flate.NewReader(bytes.NewReader(packed)), data); err != nil {
		return nil, damaged(err)
	}
	return data, nil
}

func damaged(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("dicom: the file is cut off: its deflated data set has no end: %w", sinso.ErrCorrupt)
	}
	return fmt.Errorf("dicom: the deflated data set cannot be unpacked: %w", sinso.ErrCorrupt)
}

// deflate packs a data set, and pads it to an even length (PS3.5 A.5).
func deflate(out *bytes.Buffer, data []byte) error {
	start := out.Len()
	stream, err := flate.NewWriter(out, flate.DefaultCompression)
	if err != nil {
		return fmt.Errorf("dicom: deflate: %w", err)
	}
	if _, err := stream.Write(data); err != nil {
		return fmt.Errorf("dicom: deflate: %w", err)
	}
	if err := stream.Close(); err != nil {
		return fmt.Errorf("dicom: deflate: %w", err)
	}
	if (out.Len()-start)%2 == 1 {
		out.WriteByte(0)
	}
	return nil
}
