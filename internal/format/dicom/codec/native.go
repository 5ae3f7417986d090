package codec

import (
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// fromNative makes a frame of little endian native data. What is longer than the
// shape says is padding.
func fromNative(data []byte, shape dicom.Shape) (dicom.Frame, error) {
	out := shape
	out.Planar, out.Photometric = false, unshared(shape.Photometric)
	size := shape.Bytes()
	switch shape.Photometric {
	case "YBR_FULL_422":
		if shape.Allocated != 8 || shape.Samples != 3 || shape.Columns%2 == 1 {
			return dicom.Frame{}, fmt.Errorf("codec: decode: YBR_FULL_422 of %d bits, %d samples: %w", shape.Allocated, shape.Samples, sinso.ErrUnsupported)
		}
		size = size / 3 * 2
	case "YBR_PARTIAL_422", "YBR_PARTIAL_420":
		return dicom.Frame{}, fmt.Errorf("codec: decode: native pixel data in a retired Photometric Interpretation: %w", sinso.ErrUnsupported)
	}
	if int64(len(data)) < size {
		return dicom.Frame{}, fmt.Errorf("codec: decode: a frame of %d bytes, the header says %d: %w", len(data), size, sinso.ErrCorrupt)
	}
	data = data[:size:size]
	switch {
	case shape.Photometric == "YBR_FULL_422":
		data = unshare(data)
	case shape.Planar && shape.Samples > 1:
		data = interleave(data, shape.Samples, shape.Allocated/8)
	}
	return dicom.Frame{Shape: out, Data: data}, nil
}

// unshare gives each of two pixels the chrominance that they share: Y1 Y2 Cb Cr
// (PS3.3 C.7.6.3.1.2).
func unshare(data []byte) []byte {
	out := make([]byte, 0, len(data)/2*3)
	for at := 0; at+3 < len(data); at += 4 {
		cb, cr := data[at+2], data[at+3]
		out = append(out, data[at], cb, cr, data[at+1], cb, cr)
	}
	return out
}

// interleave joins planes of cells.
func interleave(data []byte, samples, cell int) []byte {
	out := make([]byte, len(data))
	plane := len(data) / samples
	for s := range samples {
		in := data[s*plane : (s+1)*plane]
		if cell == 1 {
			for i, v := range in {
				out[i*samples+s] = v
			}
			continue
		}
		for i := range plane / cell {
			copy(out[(i*samples+s)*cell:(i*samples+s+1)*cell], in[i*cell:])
		}
	}
	return out
}
