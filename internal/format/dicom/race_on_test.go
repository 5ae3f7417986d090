//go:build race

package dicom_test

// slower is what the race detector does to times.
const slower = 20
