package codec

import (
	"encoding/binary"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// mostBits are what a background can have: an int64 holds all their values.
const mostBits = 62

// background returns the value of each sample of a pixel that is shown darkest, of so
// many stored bits, and keeps it in b.values.
func (b *blanker) background(photometric string, bits int) ([]int64, error) {
	if bits > mostBits {
		return nil, fmt.Errorf("codec: blank: samples of %d bits: %w", bits, sinso.ErrUnsupported)
	}
	low, high := int64(0), int64(1)<<bits-1
	if b.shape.Signed {
		low, high = -1<<(bits-1), 1<<(bits-1)-1
	}
	samples := 1
	var values []int64
	switch photometric {
	case "MONOCHROME2":
		values = []int64{b.padding(low, high)}
	case "MONOCHROME1":
		values = []int64{high}
	case "PALETTE COLOR":
		place, err := b.darkest(low, high)
		if err != nil {
			return nil, err
		}
		values = []int64{place}
	case "RGB", "YBR_RCT", "YBR_ICT":
		samples, values = 3, []int64{0, 0, 0}
	case "YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_422", "YBR_PARTIAL_420":
		centre := int64(1) << (bits - 1)
		samples, values = 3, []int64{0, centre, centre}
	}
	if values == nil || samples != b.shape.Samples {
		return nil, fmt.Errorf("codec: blank: %d samples in a photometric interpretation that is not known or has others: %w",
			b.shape.Samples, sinso.ErrUnsupported)
	}
	b.values = values
	return values, nil
}

// padding returns Pixel Padding Value (PS3.3 C.7.5.1.1.2) of signed samples, if there
// is one between the two values, else the lower of these: the lowest number of 16 bits
// would stretch every window that is fitted to the values.
func (b *blanker) padding(low, high int64) int64 {
	e := b.tree.Find(tagPadding)
	if !b.shape.Signed || e == nil || len(e.Value) < 2 {
		return low
	}
	v := int64(int16(binary.LittleEndian.Uint16(e.Value))) //nolint:gosec // two's complement
	if v < low || v > high {
		return low
	}
	return v
}

// darkest returns the place of the darkest entry of the palette (PS3.3 C.7.9) between
// two stored values.
func (b *blanker) darkest(low, high int64) (int64, error) {
	var tables [3]palette
	for i := range tables {
		table, ok := readPalette(b.tree.Find(tagDescriptor+dicom.Tag(i)), b.tree.Find(tagEntries+dicom.Tag(i)), b.shape.Signed)
		if !ok {
			return 0, fmt.Errorf("codec: blank: no palette, or one in segments: %w", sinso.ErrUnsupported)
		}
		tables[i] = table
	}
	place, least := int64(0), -1
	for i := range tables[0].entries {
		at := tables[0].first + int64(i)
		if at < low || at > high {
			continue
		}
		sum := 0
		for k := range tables {
			sum += tables[k].at(at)
		}
		if least < 0 || sum < least {
			place, least = at, sum
		}
	}
	if least < 0 {
		return 0, fmt.Errorf("codec: blank: no entry of the palette is a stored value: %w", sinso.ErrUnsupported)
	}
	return place, nil
}

// palette is the table of one colour.
type palette struct {
	first   int64 // the stored value of the first entry
	entries int
	size    int // bytes of an entry
	data    []byte
}

func readPalette(descriptor, data *dicom.DataElement, signed bool) (palette, bool) {
	if descriptor == nil || data == nil || len(descriptor.Value) < 6 {
		return palette{}, false
	}
	p := palette{data: data.Value, size: 2, entries: int(binary.LittleEndian.Uint16(descriptor.Value))}
	if p.entries == 0 {
		p.entries = 1 << 16
	}
	first := binary.LittleEndian.Uint16(descriptor.Value[2:])
	if p.first = int64(first); signed {
		p.first = int64(int16(first)) //nolint:gosec // two's complement
	}
	if len(p.data) < 2*p.entries { // entries of 8 bits may be packed, two in a word
		p.size = 1
	}
	return p, len(p.data) >= p.size*p.entries
}

// at returns the entry of a stored value; those outside have the nearest.
func (p *palette) at(stored int64) int {
	i := int(min(max(stored-p.first, 0), int64(p.entries-1)))
	if p.size == 1 {
		return int(p.data[i])
	}
	return int(binary.LittleEndian.Uint16(p.data[2*i:]))
}
