package deid

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// letters are lines between points of a grid that is 2 wide and 4 high: x and y of each,
// two points a line.
var letters = []string{
	"0004 0024 2420", "0004 0414 1423 2321 2110 1000", "2000 0004 0424", "0004 0020 0212", "0004 2024 0222", "0004 0424",
	"0004 0412 1224 2420", "0004 0024 2420 2404", "0004 0020 2022 2202 1224", "2000 0002 0222 2224 2404", "0020 1014", "0004 0424 2420 2000",
}

// pageOfText is a picture full of lines of words, as sharp as pixels allow.
func pageOfText(side int) []byte {
	const unit, thick = 3.25, 1.6
	ink := make([]float64, side*side)
	stroke := func(x0, y0, x1, y1 float64) {
		for y := int(min(y0, y1)) - 2; y <= int(max(y0, y1))+2; y++ {
			for x := int(min(x0, x1)) - 2; x <= int(max(x0, x1))+2; x++ {
				dx, dy := x1-x0, y1-y0
				t := min(1, max(0, ((float64(x)-x0)*dx+(float64(y)-y0)*dy)/(dx*dx+dy*dy)))
				far := math.Hypot(float64(x)-x0-t*dx, float64(y)-y0-t*dy)
				ink[y*side+x] = max(ink[y*side+x], min(1, max(0, thick/2+.5-far)))
			}
		}
	}
	for line := range (side - 24) / 18 {
		for n := range (side - 16) / 10 {
			if n%11 > 7 {
				continue
			}
			at := letters[(n*5+line*7+n*n)%len(letters)]
			for i := 0; i < len(at); i += 5 {
				p := func(k int, from float64) float64 { return from + unit*float64(at[i+k]-'0') }
				x, y := 8+float64(n)*10.4, 8+float64(line)*18
				stroke(p(0, x), p(1, y), p(2, x), p(3, y))
			}
		}
	}
	out := make([]byte, 0, 2*side*side)
	for _, v := range ink {
		out = binary.LittleEndian.AppendUint16(out, uint16(300+1500*v))
	}
	return out
}

// TestAScannersOwnPictureIsNoPageOfText: of what has more lines than gaps, as a phantom
// for quality control may, a scanner's picture passes as it is; said to be of a screen it
// does not.
func TestAScannersOwnPictureIsNoPageOfText(t *testing.T) {
	t.Parallel()
	const side = 256
	ds := chest(side)
	ds.Set(dicom.DataElement{Tag: tagPixelData, VR: dicom.VROW, Value: pageOfText(side)})
	if held := clean(t, salesProfile(t), part10(t, dicom.ExplicitLittleEndian, ds), 1).Clean.Withheld; len(held) > 0 {
		t.Errorf("a scanner's picture is withheld: %v", held)
	}
	ds.SetString(tagImageType, dicom.VRCS, "DERIVED", "SECONDARY", "SCREEN SAVE")
	if held := clean(t, salesProfile(t), part10(t, dicom.ExplicitLittleEndian, ds), 1).Clean.Withheld; !slices.Equal(held, []sinso.Reason{ReasonText}) {
		t.Errorf("of a screen it is withheld for %v, want %s", held, ReasonText)
	}
}
