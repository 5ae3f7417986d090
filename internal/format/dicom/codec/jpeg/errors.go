package jpeg

import (
	"fmt"

	"sinso.dev/sinso"
)

func corrupt(format string, values ...any) error {
	return fmt.Errorf("jpeg: decode: "+format+": %w", append(values, sinso.ErrCorrupt)...)
}

func unsupported(format string, values ...any) error {
	return fmt.Errorf("jpeg: decode: "+format+": %w", append(values, sinso.ErrUnsupported)...)
}

func invalid(format string, values ...any) error {
	return fmt.Errorf("jpeg: encode: "+format+": %w", append(values, sinso.ErrInvalid)...)
}
