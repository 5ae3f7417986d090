package quality

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"

	"sinso.dev/sinso"
)

// Sketch is a sample of the fingerprints of a release's pixels: the smallest of them, in
// their order. What two releases share is seen by what their sketches share, whatever their
// sizes.
type Sketch []uint64

// maxSketch is how many fingerprints a sketch has at most. A release of no more is in it whole;
// of a larger one the share that is on the market is known to some 3 in 100.
const maxSketch = 256

// SketchOf samples a release.
func SketchOf(series []Series) Sketch {
	all, _ := prints(series)
	return slices.Clip(all[:min(len(all), maxSketch)])
}

// prints returns the fingerprints of all pixels, each once, and how many instances should have
// one that is nobody else's in the release. Pictures without any content have none.
func prints(series []Series) (all Sketch, of int) {
	for _, s := range series {
		for _, i := range s.Instances {
			switch {
			case i.forecast || i.class == nil:
			case i.print != "":
				sum := sha256.Sum256([]byte(i.print))
				all, of = append(all, binary.BigEndian.Uint64(sum[:])), of+1
			case i.class.kind.hasPixels() && i.there == 0: // nothing new
				of++
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all), of
}

// unique judges whether a release is new: no picture in it twice, none on the market.
func (r Release) unique(into *tally, found map[finding]int) {
	all, of := prints(r.Series)
	if of == 0 {
		return
	}
	sold := 0.0
	for _, other := range r.Market {
		sold = max(sold, all.within(other))
	}
	if n := of - len(all); n > 0 {
		found[finding{Uniqueness, "doubled", 0}] = n
	}
	if sold > 0 {
		found[finding{Uniqueness, "on-market", 0}] = max(1, int(sold*float64(len(all))+0.5))
	}
	into.add(portion(float64(len(all))/float64(of)*(1-sold)), of)
}

// within is the share of a sample that is in another, 0 to 1, by what both samples reach.
func (s Sketch) within(other Sketch) float64 {
	if len(s) == 0 || len(other) == 0 {
		return 0
	}
	reach := s[len(s)-1]
	if len(other) == maxSketch {
		reach = min(reach, other[len(other)-1])
	}
	seen, shared := 0, 0
	for _, print := range s {
		if print > reach {
			break
		}
		seen++
		if _, there := slices.BinarySearch(other, print); there {
			shared++
		}
	}
	if seen == 0 {
		return 0
	}
	return float64(shared) / float64(seen)
}

// Bytes writes a sketch: 8 bytes a fingerprint, big endian.
func (s Sketch) Bytes() []byte {
	var out []byte
	for _, print := range s {
		out = binary.BigEndian.AppendUint64(out, print)
	}
	return out
}

// ReadSketch reads [Sketch.Bytes]. It is ErrCorrupt if the bytes are none.
func ReadSketch(b []byte) (Sketch, error) {
	if len(b)%8 != 0 || len(b) > 8*maxSketch {
		return nil, fmt.Errorf("quality: a sample of %d bytes: %w", len(b), sinso.ErrCorrupt)
	}
	s := make(Sketch, 0, len(b)/8)
	for ; len(b) > 0; b = b[8:] {
		s = append(s, binary.BigEndian.Uint64(b))
	}
	if !slices.IsSorted(s) {
		return nil, fmt.Errorf("quality: a sample out of order: %w", sinso.ErrCorrupt)
	}
	return s, nil
}
