package attest_test

import (
	"testing"

	"sinso.dev/sinso"

	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/stage/attest"
)

// BenchmarkInstance builds and verifies the evidence of one 512×512 slice.
func BenchmarkInstance(b *testing.B) {
	var original []byte
	if err := phantom.Series(phantom.Options{Slices: 1}, func(_ string, file []byte) error {
		original = file
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	derivative := clean(b, original)
	b.Run("build", func(b *testing.B) {
		b.SetBytes(int64(len(original)))
		for b.Loop() {
			if _, _, err := attest.Build(secret, 0, original, sinso.NewHashed(derivative)); err != nil {
				b.Fatal(err)
			}
		}
	})
	evidence, _, err := attest.Build(secret, 0, original, sinso.NewHashed(derivative))
	if err != nil {
		b.Fatal(err)
	}
	b.Run("verify", func(b *testing.B) {
		b.SetBytes(int64(len(derivative)))
		for b.Loop() {
			if _, _, err := attest.VerifyInstance(evidence, derivative); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(evidence.Leaves)), "leafbytes")
	})
}
