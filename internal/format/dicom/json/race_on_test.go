//go:build race

package json_test

const slower = 10 // times that the race detector slows a test down
