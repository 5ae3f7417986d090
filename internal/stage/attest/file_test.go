package attest_test

import (
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
)

const explicitLittle = "1.2.840.10008.1.2.1"

func tree(tb testing.TB, part10 []byte) dicom.Dataset {
	tb.Helper()
	f, err := dicom.Read(part10)
	if err != nil {
		tb.Fatal(err)
	}
	ds, err := f.Tree()
	if err != nil {
		tb.Fatal(err)
	}
	return ds
}

func encode(tb testing.TB, syntax string, ds dicom.Dataset) []byte {
	tb.Helper()
	b, err := dicom.Encode(syntax, ds)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}
