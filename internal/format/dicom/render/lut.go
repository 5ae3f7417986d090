package render

import (
	"encoding/binary"
	"fmt"
	"math"

	"sinso.dev/sinso"
)

// lut is a lookup table (PS3.3 C.11.1.1, C.11.2.1.1, C.7.6.3.1.5).
type lut struct {
	first   int // the value that the first entry is for
	bits    int // of an entry, 8 to 16
	entries []uint16
}

// readDescriptor reads a LUT Descriptor: how many entries, the first value mapped,
// bits of an entry. signed tells how the second is written.
func readDescriptor(words []byte, signed bool) (table lut, entries int, err error) {
	if len(words) < 6 {
		return lut{}, 0, fmt.Errorf("render: a lookup table's descriptor of %d bytes: %w", len(words), sinso.ErrCorrupt)
	}
	entries = int(binary.LittleEndian.Uint16(words))
	if entries == 0 {
		entries = 1 << 16
	}
	first := binary.LittleEndian.Uint16(words[2:])
	table = lut{first: int(first), bits: int(binary.LittleEndian.Uint16(words[4:]))}
	if signed {
		table.first = int(int16(first)) //nolint:gosec // two's complement
	}
	if table.bits < 8 || table.bits > 16 {
		return lut{}, 0, fmt.Errorf("render: a lookup table of %d bits: %w", table.bits, sinso.ErrCorrupt)
	}
	return table, entries, nil
}

// readLUT reads a table whose entries are words, or bytes if they have 8 bits and
// there are not enough bytes for words.
func readLUT(descriptor, data []byte, signed bool) (lut, error) {
	table, n, err := readDescriptor(descriptor, signed)
	if err != nil {
		return lut{}, err
	}
	size := 2
	if table.bits == 8 && len(data) < 2*n {
		size = 1
	}
	if len(data) < size*n {
		return lut{}, fmt.Errorf("render: a lookup table of %d entries of %d bits in %d bytes: %w", n, table.bits, len(data), sinso.ErrCorrupt)
	}
	table.entries = make([]uint16, n)
	for i := range table.entries {
		if size == 1 {
			table.entries[i] = uint16(data[i])
			continue
		}
		table.entries[i] = binary.LittleEndian.Uint16(data[2*i:])
	}
	return table, nil
}

// at returns the entry for a value; values beyond the ends have those of the ends.
func (l *lut) at(v float64) uint16 {
	i := v - float64(l.first)
	switch {
	case !(i > 0): // so written for what is no number
		return l.entries[0]
	case i >= float64(len(l.entries)-1):
		return l.entries[len(l.entries)-1]
	default:
		return l.entries[int(math.Round(i))]
	}
}

// gray8 returns an entry as 8 bits of its range (PS3.3 C.11.2.1.1).
func (l *lut) gray8(entry uint16) uint8 {
	top := 1<<l.bits - 1
	return uint8(min(int(entry), top) * math.MaxUint8 / top) //nolint:gosec // at most 255
}

// colour8 returns the upper 8 bits of an entry.
func (l *lut) colour8(entry uint16) uint8 {
	return uint8(min(int(entry)>>(l.bits-8), math.MaxUint8)) //nolint:gosec // at most 255
}
