package codec

import (
	"bytes"
	"encoding/binary"
	"errors"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// misfit returns the error of a codec, or, if it was refused as too large or of too
// many components, whether that is because the stream is not of the header's image.
func misfit(err error, data []byte, s dicom.Shape) error {
	if !errors.Is(err, sinso.ErrUnsupported) {
		return err
	}
	d, ok := announced(data)
	if !ok {
		return err
	}
	if other := d.fit(s); other != nil {
		return other
	}
	return err
}

// announced reads what a JPEG, JPEG-LS or JPEG 2000 stream says of its size, without
// decoding it.
func announced(data []byte) (decoded, bool) {
	if i := bytes.Index(data, []byte{0xFF, 0x4F, 0xFF, 0x51}); i >= 0 && len(data)-i >= 42 { // SOC, SIZ: T.800 §A.5.1
		get := func(at int) int { return int(binary.BigEndian.Uint32(data[i+at:])) }
		samples := int(binary.BigEndian.Uint16(data[i+40:]))
		return decoded{rows: get(12) - get(20), columns: get(8) - get(16), samples: samples}, true
	}
	i := bytes.Index(data, []byte{0xFF, 0xD8})
	if i < 0 {
		return decoded{}, false
	}
	for at := i + 2; at+10 <= len(data) && data[at] == 0xFF; {
		mark, length := data[at+1], int(binary.BigEndian.Uint16(data[at+2:]))
		switch {
		case mark == 0xFF:
			at++
			continue
		case isFrameHeader(mark):
			return decoded{
				rows: int(binary.BigEndian.Uint16(data[at+5:])), columns: int(binary.BigEndian.Uint16(data[at+7:])),
				samples: int(data[at+9]), precision: int(data[at+4]),
			}, true
		}
		at += 2 + length
	}
	return decoded{}, false
}

// isFrameHeader reports whether a marker is SOF0 to SOF15 or SOF55 (T.81 Table B.1,
// T.87 Table C.1).
func isFrameHeader(mark byte) bool {
	return mark >= 0xC0 && mark <= 0xCF && mark != 0xC4 && mark != 0xC8 && mark != 0xCC || mark == 0xF7
}
