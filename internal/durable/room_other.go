//go:build !unix

package durable

import "errors"

// Room is not known on this system.
func Room(string) (free, total int64, err error) { return 0, 0, errors.ErrUnsupported }
