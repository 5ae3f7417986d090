package jpegls_test

import (
	"fmt"
	"testing"

	"sinso.dev/sinso/internal/format/dicom/codec/jpegls"
)

func benchCases(b *testing.B, fn func(b *testing.B, m jpegls.Image)) {
	b.Helper()
	for _, kind := range kinds {
		for _, shape := range [][2]int{{1, 8}, {1, 12}, {1, 16}, {3, 8}} {
			m := drawn(kind, 512, 512, shape[0], shape[1])
			b.Run(fmt.Sprintf("%s/%d×%d", kind, shape[0], shape[1]), func(b *testing.B) {
				b.SetBytes(int64(len(m.Pixels)))
				fn(b, m)
			})
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	benchCases(b, func(b *testing.B, m jpegls.Image) {
		data := mustEncode(b, m, 0)
		for b.Loop() {
			if _, err := jpegls.Decode(data, unlimited); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	benchCases(b, func(b *testing.B, m jpegls.Image) {
		for b.Loop() {
			mustEncode(b, m, 0)
		}
	})
}
