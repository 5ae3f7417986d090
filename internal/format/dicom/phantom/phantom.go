// Package phantom draws a synthetic chest CT, and writes a measurement report
// about one.
//
// Nothing in a phantom is of a person: the organs are ellipsoids, and every name
// says that it is synthetic. What a scanner and a hospital would write about a
// patient is there all the same, in nested sequences and private elements too,
// so that de-identification has its full work to do.
package phantom

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/big"
	"runtime"

	"golang.org/x/sync/errgroup"

	"sinso.dev/sinso"
)

// Options say what to draw. The zero value is the phantom that the program
// draws by itself.
type Options struct {
	Seed    uint64 // the same seed gives the same bytes
	Slices  int    // 0 = 40, at most 4096
	Rows    int    // 0 = 512, at most 4096
	Columns int    // 0 = 512, at most 4096
}

const (
	defaultSlices = 40
	defaultSide   = 512
	maxSide       = 4096

	rescaleIntercept = -1024 // HU of stored value 0
	maxStored        = 1<<12 - 1
)

func (o Options) withDefaults() (Options, error) {
	if o.Slices == 0 {
		o.Slices = defaultSlices
	}
	if o.Rows == 0 {
		o.Rows = defaultSide
	}
	if o.Columns == 0 {
		o.Columns = defaultSide
	}
	for _, n := range []int{o.Slices, o.Rows, o.Columns} {
		if n < 1 || n > maxSide {
			return o, fmt.Errorf("phantom: slices, rows and columns are 1 to %d: %w", maxSide, sinso.ErrInvalid)
		}
	}
	return o, nil
}

// Series draws one series and calls emit with each slice as a Part 10 file,
// explicit little endian, from feet to head. It calls emit in order and from one
// goroutine at a time; emit may keep the bytes. An error of emit ends the series.
func Series(opts Options, emit func(name string, part10 []byte) error) error {
	opts, err := opts.withDefaults()
	if err != nil {
		return err
	}
	body := newBody(opts.Seed)
	batch := 2 * runtime.GOMAXPROCS(0) // slices in memory at a time
	files := make([][]byte, batch)
	for first := 0; first < opts.Slices; first += batch {
		var group errgroup.Group
		n := min(batch, opts.Slices-first)
		for i := range n {
			group.Go(func() error {
				var err error
				files[i], err = slice(opts, body, first+i)
				return err
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
		for i, file := range files[:n] {
			if err := emit(fmt.Sprintf("%04d.dcm", first+i+1), file); err != nil {
				return err
			}
		}
	}
	return nil
}

// slice draws and encodes one slice.
func slice(opts Options, b *body, number int) ([]byte, error) {
	ds := dataset(opts, number)
	z := opts.position(number)
	pixels := b.slice(z, opts.Rows, opts.Columns, newRand(opts.Seed, 1000+uint64(number))) //nolint:gosec // not negative
	value := make([]byte, 2*len(pixels))
	for i, v := range pixels {
		binary.LittleEndian.PutUint16(value[2*i:], v)
	}
	ds.add(0x7FE00010, "OW", value)
	return ds.encode()
}

// spacing is the distance between slices in mm.
func (o Options) spacing() float64 { return max(minSpacing, lengthMillimetres/float64(o.Slices)) }

// position is the z of a slice's centre in mm.
func (o Options) position(number int) float64 {
	return (float64(number) - float64(o.Slices-1)/2) * o.spacing()
}

// uid derives a UID from what it names (PS3.5 B.2: "2.25." and a UUID as a number).
func uid(parts ...any) string {
	sum := sha256.Sum256([]byte(fmt.Sprintln(append([]any{"sinso phantom"}, parts...)...)))
	id := sum[:16]
	id[6] = id[6]&0x0F | 0x80 // RFC 9562 version 8: made our own way
	id[8] = id[8]&0x3F | 0x80
	return "2.25." + new(big.Int).SetBytes(id).String()
}
