package jpeg_test

import (
	"bytes"
	"fmt"
	"strconv"
	"testing"

	"sinso.dev/sinso/internal/format/dicom/codec/jpeg"
)

// sizes are rows and columns whose last blocks and MCUs are full, short and single.
var sizes = [][2]int{{64, 64}, {1, 1}, {5, 3}, {8, 17}, {33, 31}, {67, 130}}

// encodeByDCMTK has dcmcjpeg make a stream.
func encodeByDCMTK(t *testing.T, m jpeg.Image, args ...string) (object, stream []byte) {
	t.Helper()
	object = run(t, native(t, m), "dcmcjpeg", append([]string{"+un"}, args...)...)
	return object, frames(t, object)[0]
}

// TestLosslessOfDCMTKIsExact decodes what dcmcjpeg encodes, with every predictor.
func TestLosslessOfDCMTKIsExact(t *testing.T) {
	if testing.Short() {
		t.Skip("needs dcmtk")
	}
	t.Parallel()
	for _, size := range sizes {
		for _, shape := range [][2]int{{1, 8}, {1, 12}, {1, 16}, {3, 8}} {
			for predictor := range 8 {
				m := texture(size[0], size[1], shape[0], shape[1])
				args := []string{"+e1"}
				if predictor > 0 {
					args = []string{"+el", "+sv", strconv.Itoa(predictor)}
				}
				_, stream := encodeByDCMTK(t, m, args...)
				got := decode(t, stream)
				if !bytes.Equal(got.Pixels, m.Pixels) || !got.Lossless || got.Rows != m.Rows || got.Columns != m.Columns || got.Samples != m.Samples {
					t.Errorf("%v, %v, predictor %d: another image", size, shape, predictor)
				}
			}
		}
	}
}

// TestPointTransformOfDCMTK decodes what dcmcjpeg encodes without its lowest bits.
func TestPointTransformOfDCMTK(t *testing.T) {
	if testing.Short() {
		t.Skip("needs dcmtk")
	}
	t.Parallel()
	for _, precision := range []int{8, 16} {
		m := texture(33, 31, 1, precision)
		_, stream := encodeByDCMTK(t, m, "+el", "+sv", "4", "+pt", "3")
		got := decode(t, stream)
		want := bytes.Clone(m.Pixels)
		for i := range want {
			if precision == 8 || i%2 == 0 {
				want[i] &^= 7
			}
		}
		if got.Lossless || !bytes.Equal(got.Pixels, want) {
			t.Errorf("%d bits: another image, or it is said to be lossless", precision)
		}
	}
}

// TestLossyOfDCMTKIsDecodedAsDCMTKDoes decodes what dcmcjpeg encodes, and compares
// it with what dcmdjpeg makes of it.
func TestLossyOfDCMTKIsDecodedAsDCMTKDoes(t *testing.T) {
	if testing.Short() {
		t.Skip("needs dcmtk")
	}
	t.Parallel()
	for _, process := range []string{"+eb", "+ee", "+es", "+ep"} {
		for _, sampling := range []string{"+s4", "+s2", "+n2", "+n1", "+np"} {
			for i, size := range sizes {
				for _, shape := range [][2]int{{1, 8}, {1, 12}, {3, 8}} {
					if shape[0] == 1 && sampling != "+s4" || shape[1] == 12 && process == "+eb" {
						continue
					}
					q := []string{"95", "40"}[i%2]
					t.Run(fmt.Sprintf("%s %s %v %v q%s", process, sampling, size, shape, q), func(t *testing.T) {
						t.Parallel()
						m := texture(size[0], size[1], shape[0], shape[1])
						object, stream := encodeByDCMTK(t, m, process, sampling, "+q", q)
						got := decode(t, stream)
						want := frames(t, run(t, object, "dcmdjpeg", "+cn", "+px"))[0]
						if got.Precision != shape[1] {
							t.Errorf("%d bits, want %d", got.Precision, shape[1])
						}
						if largest, n := difference(t, got.Pixels, want, got.Precision); n > 0 {
							t.Errorf("%d of %d samples differ, by up to %d", n, len(want), largest)
						}
					})
				}
			}
		}
	}
}

// TestStreamsOfGDCM decodes what gdcmconv encodes: as it was, or as dcmdjpeg does.
func TestStreamsOfGDCM(t *testing.T) {
	if testing.Short() {
		t.Skip("needs gdcm and dcmtk")
	}
	t.Parallel()
	for _, size := range sizes {
		for _, shape := range [][2]int{{1, 8}, {1, 12}, {1, 16}, {3, 8}} {
			m := texture(size[0], size[1], shape[0], shape[1])
			stream := frames(t, run(t, native(t, m), "gdcmconv", "--jpeg"))[0]
			if got := decode(t, stream); !bytes.Equal(got.Pixels, m.Pixels) || !got.Lossless {
				t.Errorf("%v %v: another image", size, shape)
			}
			if m.Precision == 8 { // gdcm writes DCT frames of 16 bits, which T.81 has not
				compareWithDCMTK(t, frames(t, run(t, native(t, m), "gdcmconv", "--jpeg", "--lossy"))[0])
			}
		}
	}
}
