//go:build !race

package json_test

const slower = 1 // times that the race detector slows a test down
