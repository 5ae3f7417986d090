package dimse

import (
	"fmt"
	"time"

	"sinso.dev/sinso"
)

// filled returns the options with their defaults, ErrInvalid if one cannot be.
func (o Options) filled() (Options, error) {
	number(&o.MaxPDU, DefaultMaxPDU)
	number(&o.MaxIdentifier, DefaultMaxIdentifier)
	number(&o.MaxObject, DefaultMaxObject)
	number(&o.MaxMemory, DefaultMaxMemory)
	number(&o.ARTIM, DefaultARTIM)
	number(&o.Idle, DefaultIdle)
	number(&o.Stall, DefaultStall)
	number(&o.Write, DefaultWrite)
	number(&o.Response, DefaultResponse)
	switch {
	case o.MaxPDU < minPDU || o.MaxPDU > maxPDU:
		return o, fmt.Errorf("dimse: options: a PDU has from %d to %d bytes: %w", minPDU, maxPDU, sinso.ErrInvalid)
	case o.MaxIdentifier < 0 || o.MaxObject < 0 || o.MaxMemory < 0,
		min(o.ARTIM, o.Idle, o.Stall, o.Write, o.Response) < 0:
		return o, fmt.Errorf("dimse: options: a bound is negative: %w", sinso.ErrInvalid)
	}
	if o.AETitle == "" {
		return o, nil
	}
	return o, validAE(o.AETitle)
}

func number[T int | int64 | time.Duration](v *T, otherwise T) {
	if *v == 0 {
		*v = otherwise
	}
}
