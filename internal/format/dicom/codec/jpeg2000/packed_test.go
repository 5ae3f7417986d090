package jpeg2000_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom/codec/jpeg2000"
)

// repack moves the packet headers of a codestream with SOP and EPH markers to PPM
// (main header) or PPT segments, which it cuts where it comes.
func repack(t *testing.T, data []byte, main bool) []byte {
	t.Helper()
	const sot, sotLength = 0xFF90, 12
	at := bytes.Index(data, []byte{0xFF, sot & 0xFF, 0, 10})
	head, rest := slices.Clone(data[:at]), data[at:]
	var ppm, tiles []byte
	for binary.BigEndian.Uint16(rest) == sot {
		length := binary.BigEndian.Uint32(rest[6:])
		part := rest[:length]
		rest = rest[length:]
		sod := bytes.Index(part, []byte{0xFF, 0x93})
		var headers, bodies []byte
		for packets := part[sod+2:]; len(packets) > 0; {
			end := bytes.Index(packets[2:], []byte{0xFF, 0x91, 0, 4}) + 2
			if end < 2 {
				end = len(packets)
			}
			eph := bytes.Index(packets, []byte{0xFF, 0x92}) + 2
			headers = append(headers, packets[6:eph]...)
			bodies = append(bodies, packets[:6]...)
			bodies = append(bodies, packets[eph:end]...)
			packets = packets[end:]
		}
		header := slices.Clone(part[:sod])
		if main {
			ppm = binary.BigEndian.AppendUint32(ppm, uint32(len(headers)))
			ppm = append(ppm, headers...)
		} else {
			header = append(header, segments(0x61, headers)...)
		}
		whole := slices.Concat(header, []byte{0xFF, 0x93}, bodies)
		binary.BigEndian.PutUint32(whole[6:], uint32(len(whole)))
		tiles = append(tiles, whole...)
	}
	if main {
		head = append(head, segments(0x60, ppm)...)
	}
	return slices.Concat(head, tiles, rest)
}

// segments returns packed packet headers in segments of up to 700 bytes.
func segments(mark byte, b []byte) (out []byte) {
	for i := byte(0); len(b) > 0; i++ {
		n := min(700, len(b))
		out = append(out, 0xFF, mark)
		out = binary.BigEndian.AppendUint16(out, uint16(n+3))
		out = append(out, i)
		out = append(out, b[:n]...)
		b = b[n:]
	}
	return out
}

// TestReadsPackedPacketHeaders reads packet headers in PPM and PPT segments.
func TestReadsPackedPacketHeaders(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs opj_compress and opj_decompress")
	}
	m := picture(150, 130, 3, 12, false)
	data := compress(t, m, "-SOP", "-EPH", "-t", "100,100", "-b", "4,4", "-r", "30,1")
	for name, main := range map[string]bool{"PPM": true, "PPT": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			packed := repack(t, data, main)
			got, err := jpeg2000.Decode(packed, limit)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Pixels, m.Pixels) {
				t.Error("it is not the original")
			}
			if most, _ := furthest(got, interleaved(t, got, decompress(t, packed))); most > 0 {
				t.Error("OpenJPEG reads something else")
			}
		})
	}
}

// lessPackets leaves out the last packets of a codestream of one tile-part with SOP
// markers, and says so in its header.
func lessPackets(t *testing.T, data []byte, out int) []byte {
	t.Helper()
	end := len(data) - 2
	for range out {
		end = bytes.LastIndex(data[:end], []byte{0xFF, 0x91, 0, 4})
	}
	sot := bytes.Index(data, []byte{0xFF, 0x90, 0, 10})
	if sot < 0 || end <= sot {
		t.Fatalf("no tile-part of more than %d packets", out)
	}
	less := append(slices.Clone(data[:end]), 0xFF, 0xD9)
	binary.BigEndian.PutUint32(less[sot+6:], uint32(end-sot))
	return less
}

// TestMissingPacketsAreForLossyImages leaves out packets: an irreversible image is
// read as OpenJPEG reads it, a reversible one is corrupt; so is any that its header
// says to be longer.
func TestMissingPacketsAreForLossyImages(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs opj_compress and opj_decompress")
	}
	m := picture(150, 130, 1, 12, false)
	lossy := compress(t, m, "-SOP", "-I", "-r", "40,20,10")
	less := lessPackets(t, lossy, 4)
	got, err := jpeg2000.Decode(less, limit)
	if err != nil {
		t.Fatal(err)
	}
	if most, at := furthest(got, interleaved(t, got, decompress(t, less))); most > 1 {
		t.Errorf("differs by %d, at %d", most, at)
	}
	for name, data := range map[string][]byte{
		"lossless without packets": lessPackets(t, compress(t, m, "-SOP", "-r", "40,20,1"), 4),
		"lossy, cut in a packet":   lossy[:len(lossy)-40],
	} {
		if _, err := jpeg2000.Decode(data, limit); !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("%s: got %v, want ErrCorrupt", name, err)
		}
	}
}
