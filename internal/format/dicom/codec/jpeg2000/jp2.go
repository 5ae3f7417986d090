package jpeg2000

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"sinso.dev/sinso"
)

// unwrap returns the codestream: data itself, or the contiguous codestream box of a
// JP2 file (T.800 §I.5.4), which PS3.5 A.4.4 forbids and some devices write. The
// other boxes are not looked at: colours are the data set's.
func unwrap(data []byte) ([]byte, error) {
	if len(data) >= 2 && binary.BigEndian.Uint16(data) == markSOC {
		return data, nil
	}
	if len(data) < 12 || !bytes.Equal(data[4:8], []byte("jP  ")) {
		return nil, fmt.Errorf("jpeg2000: decode: no start of a codestream or of a jp2 file: %w", sinso.ErrCorrupt)
	}
	for rest := data; len(rest) >= 8; {
		size, head := uint64(binary.BigEndian.Uint32(rest)), uint64(8)
		switch {
		case size == 0:
			size = uint64(len(rest))
		case size == 1 && len(rest) >= 16:
			size, head = binary.BigEndian.Uint64(rest[8:]), 16
		}
		codestream := bytes.Equal(rest[4:8], []byte("jp2c"))
		if codestream && size > uint64(len(rest)) {
			size = uint64(len(rest)) // what is missing shows in the codestream
		}
		if size < head || size > uint64(len(rest)) {
			return nil, fmt.Errorf("jpeg2000: decode: a box of %d bytes where %d are left: %w", size, len(rest), sinso.ErrCorrupt)
		}
		if codestream {
			return rest[head:size], nil
		}
		rest = rest[size:]
	}
	return nil, fmt.Errorf("jpeg2000: decode: a jp2 file without a codestream: %w", sinso.ErrCorrupt)
}
