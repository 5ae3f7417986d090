package dicom_test

import (
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
)

// BenchmarkReadHeader reads the header of a 512×512 CT: the promise is 15 µs.
func BenchmarkReadHeader512CT(b *testing.B) {
	for name, syntax := range map[string]string{"explicit": dicom.ExplicitLittleEndian, "implicit": dicom.ImplicitLittleEndian} {
		file := mustEncode(b, syntax, ct(512))
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := dicom.ReadHeader(file); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRead reads all of it.
func BenchmarkRead512CT(b *testing.B) {
	file := mustEncode(b, dicom.ExplicitLittleEndian, ct(512))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := dicom.Read(file); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTree makes the tree that de-identification edits.
func BenchmarkTree512CT(b *testing.B) {
	f := mustRead(b, mustEncode(b, dicom.ExplicitLittleEndian, ct(512)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.Tree(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEncode writes a file, pixels and all.
func BenchmarkEncode512CT(b *testing.B) {
	ds := ct(512)
	b.SetBytes(2 * 512 * 512)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := dicom.Encode(dicom.ExplicitLittleEndian, ds); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNames reads the twenty attributes that filing needs.
func BenchmarkNames(b *testing.B) {
	f := mustRead(b, mustEncode(b, dicom.ExplicitLittleEndian, ct(512)))
	b.ReportAllocs()
	for b.Loop() {
		for range 5 {
			_, _, _, _ = f.String(0x00100010), f.String(0x00100020), f.String(0x0020000D), f.String(0x00080018)
		}
	}
}
