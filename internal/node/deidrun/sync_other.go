//go:build !linux

package deidrun

// groupSync reports that each file is synced when it is written.
func groupSync() bool { return false }

// syncFiles has nothing left to do.
func syncFiles(string) error { return nil }
