//go:build !race

package dicom_test

// slower is what the race detector does to times: it is not there.
const slower = 1
