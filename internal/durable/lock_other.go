//go:build !unix

package durable

import (
	"errors"
	"os"
)

// flock refuses: without a lock that ends with its process, two nodes could
// open one folder.
func flock(*os.File, bool) error {
	return errors.Join(errors.New("durable: no lock on this system"), errors.ErrUnsupported)
}

func unflock(*os.File) error { return nil }
