package node

import (
	"bytes"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/phantom"
)

// TestMeasureOfHeadersIsThatOfWholeFiles compares the report that is made with
// the pixels of one instance alone with the one made of everything, and counts
// what is read twice.
func TestMeasureOfHeadersIsThatOfWholeFiles(t *testing.T) {
	t.Parallel()
	var plain [][]byte
	var whole []*dicom.File
	err := DrawPhantom(7, func(_ string, part10 []byte) error {
		file, err := dicom.Read(part10)
		plain, whole = append(plain, part10), append(whole, file)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	// Out of order, so that the middle is not the one in the middle of the list.
	plain[0], plain[3] = plain[3], plain[0]
	whole[0], whole[3] = whole[3], whole[0]
	measurements, err := phantom.Measure(whole)
	if err != nil || measurements.MeanOf.InstanceUID == "" {
		t.Fatalf("got mean of %q, err %v, want an instance in the middle", measurements.MeanOf.InstanceUID, err)
	}
	want, err := phantom.Report(phantom.ReportInput{Files: whole, Measurements: measurements})
	if err != nil {
		t.Fatal(err)
	}
	reads := 0
	got, err := measure(t.Context(), len(plain), func(i int) ([]byte, error) {
		reads++
		return plain[i], nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("got a report of %d bytes, want the %d bytes of whole files", len(got), len(want))
	}
	if reads != len(plain)+1 {
		t.Errorf("got %d reads, want one of each and one more of the middle", reads)
	}
}

// TestHeaderKeepsNoPixels checks that a file that was cut before its pixels says
// the same of itself, and holds none of them.
func TestHeaderKeepsNoPixels(t *testing.T) {
	t.Parallel()
	err := DrawPhantom(1, func(_ string, part10 []byte) error {
		file, err := header(part10)
		if err != nil {
			return err
		}
		if got := file.String(0x00080060); got != "CT" {
			t.Errorf("got modality %q, want CT", got)
		}
		if pixels, err := file.PixelBytes(); err == nil {
			t.Errorf("got %d bytes of pixels, want none", len(pixels))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
