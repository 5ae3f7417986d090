package deid

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
)

func segment(marker byte, text string) []byte {
	b := binary.BigEndian.AppendUint16([]byte{markerByte, marker}, uint16(len(text)+2))
	return append(b, text...)
}

// small is the shape of chest(8), and its pixels.
func small() dicom.Frame {
	ds := chest(8)
	shape := dicom.Shape{Rows: 8, Columns: 8, Samples: 1, Allocated: 16, Stored: 12, High: 11, Photometric: "MONOCHROME2"}
	return dicom.Frame{Shape: shape, Data: ds.Find(tagPixelData).Value}
}

// coded returns the frame of chest(8) in a transfer syntax, without a byte that makes it
// even.
func coded(syntax string) []byte {
	b, err := codec.EncodeFrame(syntax, small())
	if err != nil {
		panic(err) // of a test's own picture
	}
	return b
}

// with puts bytes into a stream, at a place that is counted from its end if negative.
func with(b []byte, at int, more ...byte) []byte {
	if at < 0 {
		at += len(b)
	}
	return slices.Insert(slices.Clone(b), at, more...)
}

// jpeg is the pixels of chest(8) in JPEG Lossless, with a segment behind its start and
// bytes behind its end.
func jpeg(table string, extra, behind []byte) func(*dicom.Dataset) {
	return func(ds *dicom.Dataset) {
		frame := append(with(coded(codec.JPEGLosslessSV1), 2, extra...), behind...)
		if len(frame)%2 == 1 {
			frame = append(frame, 0)
		}
		ds.Set(dicom.DataElement{Tag: tagPixelData, VR: dicom.VROB, Fragments: [][]byte{[]byte(table), frame}})
	}
}

// damagedJPEG is a stream of which the end of the scan lacks.
func damagedJPEG(ds *dicom.Dataset) {
	frame := coded(codec.JPEGLosslessSV1)
	frame = slices.Delete(frame, len(frame)-12, len(frame)-2)
	if len(frame)%2 == 1 {
		frame = append(frame, 0)
	}
	ds.Set(dicom.DataElement{Tag: tagPixelData, VR: dicom.VROB, Fragments: [][]byte{nil, frame}})
}

// holds reports whether a frame of chest(8) passes as nothing but its picture.
func holds(tb testing.TB, syntax string, frame []byte) bool {
	tb.Helper()
	if len(frame)%2 == 1 {
		frame = append(slices.Clone(frame), 0)
	}
	ds := chest(8)
	ds.Set(dicom.DataElement{Tag: tagPixelData, VR: dicom.VROB, Fragments: [][]byte{nil, frame}})
	file, tree := read(tb, part10(tb, syntax, ds))
	reason, err := compressedReason(tb.Context(), file, &tree, tree.Find(tagPixelData))
	if err != nil {
		tb.Fatal(err)
	}
	return reason == ""
}

// longer adds to the length that the first tile-part of a codestream says it has.
func longer(b []byte, more int) []byte {
	b = slices.Clone(b)
	at := bytes.Index(b, []byte{markerByte, j2kTile}) + 6
	binary.BigEndian.PutUint32(b[at:], binary.BigEndian.Uint32(b[at:])+uint32(more))
	return b
}

// TestStreamsWithNothingButThePicture: what a decoder does not need of a compressed frame
// withholds it, wherever it is.
func TestStreamsWithNothingButThePicture(t *testing.T) {
	t.Parallel()
	const name = "DOE^JANE"
	text := []byte(name)
	lossless, ls, j2k := coded(codec.JPEGLosslessSV1), coded(codec.JPEGLSLossless), coded(codec.JPEG2000Lossless)
	rle := coded(codec.RLELossless)
	tile := bytes.Index(j2k, []byte{markerByte, j2kTile})
	for what, tt := range map[string]struct {
		syntax string
		frame  []byte
		want   bool
	}{
		"JPEG":                          {codec.JPEGLosslessSV1, lossless, true},
		"JPEG, a name of an encoder":    {codec.JPEGLosslessSV1, with(lossless, 2, segment(jpegComment, "LEAD Technologies Inc. V1.01\x00")...), true},
		"JPEG, comment":                 {codec.JPEGLosslessSV1, with(lossless, 2, segment(jpegComment, name)...), false},
		"JPEG, reserved marker":         {codec.JPEGLosslessSV1, with(lossless, 2, segment(0x02, name)...), false},
		"JPEG, extension marker":        {codec.JPEGLosslessSV1, with(lossless, 2, segment(0xF5, name)...), false},
		"JPEG, table of text":           {codec.JPEGLosslessSV1, with(lossless, 2, segment(jpegQuantise, name)...), false},
		"JPEG, codes of text":           {codec.JPEGLosslessSV1, with(lossless, 2, segment(jpegHuffman, "\x03"+strings.Repeat("\x00", 15)+"\x08"+name)...), false},
		"JPEG, behind its scan":         {codec.JPEGLosslessSV1, with(lossless, -2, text...), false},
		"JPEG, thumbnail":               {codec.JPEGLosslessSV1, with(lossless, 2, segment(jpegApp0, "JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x01\x01RGB")...), false},
		"JPEG, behind its end":          {codec.JPEGLosslessSV1, append(slices.Clone(lossless), name...), false},
		"JPEG, cut off":                 {codec.JPEGLosslessSV1, lossless[:len(lossless)-4], false},
		"JPEG as RLE":                   {codec.RLELossless, lossless, false},
		"JPEG as JPEG 2000":             {codec.JPEG2000Lossless, lossless, false},
		"JPEG-LS":                       {codec.JPEGLSLossless, ls, true},
		"JPEG-LS, behind its scan":      {codec.JPEGLSLossless, with(ls, -2, text...), false},
		"JPEG-LS, parameters of text":   {codec.JPEGLSLossless, with(ls, 2, segment(jlsParameters, "\x02"+name)...), false},
		"JPEG 2000":                     {codec.JPEG2000Lossless, j2k, true},
		"JPEG 2000, Kakadu":             {codec.JPEG2000Lossless, with(j2k, tile, segment(j2kComment, "\x00\x01Kakadu-v5.2.1")...), true},
		"JPEG 2000, comment":            {codec.JPEG2000Lossless, with(j2k, tile, segment(j2kComment, "\x00\x01"+name)...), false},
		"JPEG 2000, Kakadu and a name":  {codec.JPEG2000Lossless, with(j2k, tile, segment(j2kComment, "\x00\x01Kakadu-v5 "+name)...), false},
		"JPEG 2000, unknown marker":     {codec.JPEG2000Lossless, with(j2k, tile, segment(0x6F, name)...), false},
		"JPEG 2000, lengths of tiles":   {codec.JPEG2000Lossless, with(j2k, tile, segment(j2kLengths, "\x00\x40"+name)...), false},
		"JPEG 2000, in a tile's header": {codec.JPEG2000Lossless, longer(with(j2k, tile+12, segment(j2kComment, "\x00\x01"+name)...), 14), false},
		"JPEG 2000, lengths of packets": {codec.JPEG2000Lossless, longer(with(j2k, tile+12, segment(j2kPackets, "\x00"+name)...), 13), false},
		"JPEG 2000, behind its packets": {codec.JPEG2000Lossless, longer(with(j2k, -2, text...), len(text)), false},
		"JPEG 2000, behind its end":     {codec.JPEG2000Lossless, append(slices.Clone(j2k), name...), false},
		"JPEG 2000, cut off":            {codec.JPEG2000Lossless, j2k[:len(j2k)-6], false},
		"RLE":                           {codec.RLELossless, rle, true},
		"RLE, behind its segments":      {codec.RLELossless, append(slices.Clone(rle), name...), false},
		"RLE, text in the header":       {codec.RLELossless, slices.Concat(rle[:56], text, rle[64:]), false},
		"RLE, a segment more":           {codec.RLELossless, hiddenSegment(rle, append([]byte{63}, bytes.Repeat(text, 8)...)), false},
		"RLE, no segment":               {codec.RLELossless, make([]byte, 64), false},
		"nothing":                       {codec.JPEGLosslessSV1, nil, false},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			if got := holds(t, tt.syntax, tt.frame); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// hiddenSegment adds a third segment to an RLE frame of two.
func hiddenSegment(rle, hidden []byte) []byte {
	out := slices.Concat(rle, hidden)
	binary.LittleEndian.PutUint32(out, 3)
	binary.LittleEndian.PutUint32(out[12:], uint32(len(rle)))
	return out
}

// TestStreamsAreOfTheirHeadersSize: a stream of other rows than its header says is none
// of it.
func TestStreamsAreOfTheirHeadersSize(t *testing.T) {
	t.Parallel()
	for _, syntax := range []string{codec.JPEGLosslessSV1, codec.JPEGLSLossless, codec.JPEG2000Lossless, codec.RLELossless} {
		large := small()
		large.Rows, large.Data = 16, slices.Concat(large.Data, large.Data)
		frame, err := codec.EncodeFrame(syntax, large)
		if err != nil {
			t.Fatal(err)
		}
		if holds(t, syntax, frame) {
			t.Errorf("%s: 16 rows where the header says 8", syntax)
		}
	}
}

// TestBitsBesideCompressedPixelsAreSeen: a picture in bits that are not stored ones
// withholds a compressed object, believed or looked at.
func TestBitsBesideCompressedPixelsAreSeen(t *testing.T) {
	t.Parallel()
	for _, syntax := range []string{codec.JPEGLosslessSV1, codec.JPEGLSLossless, codec.JPEG2000Lossless, codec.RLELossless} {
		for _, believe := range []bool{true, false} {
			for _, hidden := range []bool{true, false} {
				frame := small()
				frame.Data = slices.Clone(frame.Data)
				frame.Stored, frame.High = 16, 15 // so that the codec keeps all bits
				if hidden {
					frame.Data[21] |= 0x80
				}
				stream, err := codec.EncodeFrame(syntax, frame)
				if err != nil {
					t.Fatal(err)
				}
				if len(stream)%2 == 1 {
					stream = append(stream, 0)
				}
				ds := chest(8)
				ds.Set(dicom.DataElement{Tag: tagPixelData, VR: dicom.VROB, Fragments: [][]byte{nil, stream}})
				release := testRelease(1)
				release.Believe = believe
				result, err := salesProfile(t).Clean(t.Context(), sinso.Record{Bytes: part10(t, syntax, ds)}, release)
				if err != nil {
					t.Fatal(err)
				}
				if got := slices.Contains(result.Clean.Withheld, ReasonOverlay); got != hidden {
					t.Errorf("%s, believed %v, hidden %v: withheld %v", syntax, believe, hidden, result.Clean.Withheld)
				}
			}
		}
	}
}

// TestStreamsNeverPanic walks and decodes every stream cut off and flipped at every byte.
func TestStreamsNeverPanic(t *testing.T) {
	t.Parallel()
	shape := small().Shape
	for _, syntax := range []string{codec.JPEGLosslessSV1, codec.JPEGLSLossless, codec.JPEG2000Lossless, codec.RLELossless} {
		frame := coded(syntax)
		for i := range frame {
			plainStream(syntax, frame[:i], shape)
			for _, flip := range []byte{0x01, 0x80, 0xFF} {
				mutant := slices.Clone(frame)
				mutant[i] ^= flip
				for _, as := range []string{syntax, codec.RLELossless, codec.JPEG2000, codec.JPEGBaseline} {
					plainStream(as, mutant, shape)
				}
				_, _, _ = codec.Inspect(syntax, mutant, shape)
			}
		}
	}
}

// TestEncodersNamesAreNoComment: behind the name of an encoder stands its version, and
// nothing else.
func TestEncodersNamesAreNoComment(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Kakadu-2.2": true, "Kakadu-v7.10": true, "Kakadu-v5.2.1\x00": true, "Created by OpenJPEG version 2.5.0": true,
		"Created by GDCM/OpenJPEG version 2.0": true, "Creator: JasPer Version 1.701.0": true, "LEAD Technologies Inc. V1.01\x00": true, "Aware, Inc.": true,
		"CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 90\n": true, "CREATOR: gd-jpeg v1.0 (using IJG JPEG v80), default quality\n": true,
		"Kakadu-v7.10 PATIENT NAME": false, "Kakadu-DOE JANE": false, "Kakadu-v19700101": false, "Kakadu-v7.10\nDOE": false, "Kakadu-v7.1970.0101": false,
		"Created by OpenJPEG version 2.5.0 for Jane": false, "Creator: JasPer Version Jane Doe": false, "LEAD Technologies Jane Doe": false,
		"Aware, Inc. of Jane Doe": false, "CREATOR: gd-jpeg Jane Doe": false, "CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), Jane Doe": false, "": false,
	} {
		if got := encoderText([]byte(text)); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// TestLayersOfKakaduAreNoComment: nearly every stream of that encoder tells of its layers.
func TestLayersOfKakaduAreNoComment(t *testing.T) {
	t.Parallel()
	const head = "Kdu-Layer-Info: log_2{Delta-D(squared-error)/Delta-L(bytes)}, L(bytes)\n"
	for text, want := range map[string]bool{
		head + "-192.0,  3.8e+06\n": true,
		"Kdu-Layer-Info: log_2{Delta-D(MSE)/[2^16*Delta-L(bytes)]}, L(bytes)\n -65.4, 6.8e+004\n -66.3, 1.0e+005\n": true,
		head:                           false,
		head + "DOE^JANE\n":            false,
		head + "19700101.0, 6.8e+04\n": false,
	} {
		if got := encoderText([]byte(text)); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
