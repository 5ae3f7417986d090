package node

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/way"
)

// WorkMeasurement is a doctor's measurement report on a derivative: a DICOM SR.
const WorkMeasurement = "measurement"

// WorkBoneModel is a surgeon's model of the bones in a derivative: a DICOM Encapsulated STL.
const WorkBoneModel = "bone-model"

// makers are the works that a co-creator can have this node make. They are given
// derivatives and never an original, so that none shows more than a derivative does: where
// a face was withheld or taken out, it is in no work either.
func makers() map[string]way.Maker {
	return map[string]way.Maker{WorkMeasurement: measure, WorkBoneModel: boneModel}
}

// Works are the names of the works that a co-creator can have this node make.
func Works() []string { return slices.Sorted(maps.Keys(makers())) }

// measure reads the derivatives one by one, measures them and writes the report.
// Of all but the one in the middle only the header is kept: a study may be larger
// than the memory.
func measure(ctx context.Context, count int, derivative func(int) ([]byte, error)) ([]byte, error) {
	files := make([]*dicom.File, count)
	for i := range count {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		plain, err := derivative(i)
		if err != nil {
			return nil, err
		}
		if files[i], err = header(plain); err != nil {
			return nil, fmt.Errorf("measure derivative %d: %w", i, err)
		}
	}
	if count > 0 {
		middle := middleOf(files)
		plain, err := derivative(middle)
		if err != nil {
			return nil, err
		}
		if files[middle], err = dicom.Read(plain); err != nil {
			return nil, fmt.Errorf("measure derivative %d: %w", middle, err)
		}
	}
	measurements, err := phantom.Measure(files)
	if err != nil {
		return nil, err
	}
	return phantom.Report(phantom.ReportInput{Files: files, Measurements: measurements})
}

// middleOf returns the index of the instance that [phantom.Measure] takes the mean
// of: the middle along the slices' normal (PS3.3 C.7.6.2.1.1), or of the order
// given where one does not say its position.
func middleOf(files []*dicom.File) int {
	const imagePosition, imageOrientation = 0x00200032, 0x00200037
	order, at := make([]int, len(files)), make([]float64, len(files))
	o := files[0].Floats(imageOrientation)
	for i, file := range files {
		p := file.Floats(imagePosition)
		if len(o) != 6 || len(p) != 3 {
			return len(files) / 2
		}
		order[i] = i
		at[i] = (o[1]*o[5]-o[2]*o[4])*p[0] + (o[2]*o[3]-o[0]*o[5])*p[1] + (o[0]*o[4]-o[1]*o[3])*p[2]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(at[a], at[b]) })
	return order[len(order)/2]
}

// header reads a file and keeps no more of its bytes than go before the pixels.
func header(plain []byte) (*dicom.File, error) {
	const pixelData, transferSyntax, deflated = 0x7FE00010, 0x00020010, "1.2.840.10008.1.2.1.99"
	file, err := dicom.Read(plain)
	if err != nil {
		return nil, err
	}
	pixels, found := file.Find(pixelData)
	if !found || file.MetaString(transferSyntax) == deflated { // its offsets are not those of plain
		return file, nil
	}
	return dicom.ReadHeader(bytes.Clone(plain[:pixels.Offset]))
}
