package node

import (
	"context"
	"fmt"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/way"
)

// WorkMeasurement is a doctor's measurement report on a derivative: a DICOM SR.
const WorkMeasurement = "measurement"

// makers are the works that a co-creator can have this node make.
func makers() map[string]way.Maker {
	return map[string]way.Maker{WorkMeasurement: measure}
}

// measure reads the derivatives one by one, measures them and writes the report.
func measure(ctx context.Context, count int, derivative func(int) ([]byte, error)) ([]byte, error) {
	files := make([]*dicom.File, 0, count)
	for i := range count {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		plain, err := derivative(i)
		if err != nil {
			return nil, err
		}
		file, err := dicom.Read(plain)
		if err != nil {
			return nil, fmt.Errorf("measure derivative %d: %w", i, err)
		}
		files = append(files, file)
	}
	measurements, err := phantom.Measure(files)
	if err != nil {
		return nil, err
	}
	return phantom.Report(phantom.ReportInput{Files: files, Measurements: measurements})
}
