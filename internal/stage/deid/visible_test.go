package deid

import (
	"encoding/binary"
	"fmt"
	"image"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/phantom"
)

// salesProfile is the preset that a node sells under.
func salesProfile(tb testing.TB) *Profile {
	tb.Helper()
	p, err := NewProfile()
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// plain gives an object pixels of one value.
func plain(value uint16) func(*dicom.Dataset) {
	return func(ds *dicom.Dataset) {
		pixels := ds.Find(tagPixelData).Value
		for i := 0; i < len(pixels); i += 2 {
			binary.LittleEndian.PutUint16(pixels[i:], value)
		}
	}
}

func withoutPixelData(ds *dicom.Dataset) { ds.Remove(tagPixelData) }

func rectangles(marks []Mark) []image.Rectangle {
	var out []image.Rectangle
	for _, mark := range marks {
		out = append(out, mark.Box)
	}
	return out
}

// TestGateOfASaleWithholds is [TestGateWithholds] for the profile that cleans.
func TestGateOfASaleWithholds(t *testing.T) {
	t.Parallel()
	const root = "1.2.840.10008.5.1.4.1.1."
	for name, tt := range map[string]struct {
		change func(*dicom.Dataset)
		want   []sinso.Reason
	}{
		"a chest CT":              {noBurnedIn, nil},
		"ultrasound":              {both(class(root+"6.1", "US"), plain(7)), nil},
		"a radiograph":            {both(class(root+"1.1", "DX"), plain(7)), nil},
		"a mammogram":             {both(class(root+"1.2", "MG"), plain(7)), nil},
		"angiography":             {both(class(root+"12.1", "XA"), plain(7)), nil},
		"teeth":                   {both(class(root+"1.3", "IO"), plain(7)), []sinso.Reason{ReasonImageKind}},
		"a photograph":            {both(class(root+"77.1.4", "XC"), plain(7)), []sinso.Reason{ReasonImageKind}},
		"an eye":                  {both(class(root+"77.1.5.1", "OP"), plain(7)), []sinso.Reason{ReasonImageKind}},
		"a screen":                {both(class(root+"7", "OT"), plain(7), set(tagConversionType, dicom.VRCS, "WSD")), nil},
		"a page that was scanned": {both(class(root+"7", "OT"), plain(7), set(tagConversionType, dicom.VRCS, "SD")), []sinso.Reason{ReasonCapture}},
		"a computer's picture":    {both(class(root+"7", "OT"), plain(7), set(tagConversionType, dicom.VRCS, "SYN")), nil},
		"a drawing":               {both(class(root+"7", "OT"), plain(7), set(tagConversionType, dicom.VRCS, "DRW")), []sinso.Reason{ReasonCapture}},
		"a picture of a film":     {both(class(root+"7", "OT"), plain(7), set(tagConversionType, dicom.VRCS, "SI")), []sinso.Reason{ReasonCapture}},
		"says YES, nothing found": {both(plain(7), set(tagBurnedIn, dicom.VRCS, "YES")), []sinso.Reason{ReasonBurnedIn}},
		"derived":                 {both(plain(7), set(tagImageType, dicom.VRCS, "DERIVED", "SECONDARY")), nil},
		"bits beside the pixels":  {pixel(9, 0x8123), []sinso.Reason{ReasonOverlay}},
		"PDF":                     {class(root+"104.1", "DOC"), []sinso.Reason{ReasonDocument}},
		"PDF in a report's dress": {both(class(root+"104.1", "SR"), withoutPixelData), []sinso.Reason{ReasonDocument}},
		"report":                  {both(class(root+"88.11", "SR"), withoutPixelData), nil},
		"report with pixels":      {class(root+"88.11", "SR"), []sinso.Reason{ReasonStructured}},
		"ECG":                     {both(class(root+"9.1.1", "ECG"), withoutPixelData), []sinso.Reason{ReasonWaveform}},
		"presentation state":      {both(class(root+"11.1", "PR"), withoutPixelData), nil},
		"plan":                    {both(class(root+"481.5", "RTPLAN"), withoutPixelData), nil},
		"structures of a chest":   {both(class(root+"481.3", "RTSTRUCT"), withoutPixelData), nil},
		"structures of a head": {
			both(class(root+"481.3", "RTSTRUCT"), withoutPixelData, set(tagStudyDescription, dicom.VRLO, "RT planning brain")), []sinso.Reason{ReasonFace},
		},
		"registration":                 {both(class(root+"66.1", "REG"), withoutPixelData), nil},
		"a mesh":                       {both(class(root+"66.5", "SEG"), withoutPixelData), []sinso.Reason{ReasonNotImage}},
		"private class without pixels": {both(class("1.3.46.670589.5.0.1", "MR"), withoutPixelData), []sinso.Reason{ReasonNotImage}},
		"compressed, and unreadable":   {both(class(root+"1.1", "DX"), damagedJPEG), []sinso.Reason{ReasonPixelUnread}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ds := chest(8)
			tt.change(&ds)
			syntax := dicom.ExplicitLittleEndian
			if pixels := ds.Find(tagPixelData); pixels != nil && pixels.Fragments != nil {
				syntax = "1.2.840.10008.1.2.4.70"
			}
			result := clean(t, salesProfile(t), part10(t, syntax, ds), 1)
			if got := result.Clean.Withheld; !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// TestOutsideIsTheRest: what is outside of regions and the regions together are the
// picture, and no pixel is in both.
func TestOutsideIsTheRest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		bounds := image.Rect(0, 0, rapid.IntRange(1, 30).Draw(t, "columns"), rapid.IntRange(1, 30).Draw(t, "rows"))
		var regions []image.Rectangle
		for range rapid.IntRange(0, 4).Draw(t, "regions") {
			x, y := rapid.IntRange(-2, 30).Draw(t, "x"), rapid.IntRange(-2, 30).Draw(t, "y")
			regions = append(regions, image.Rect(x, y, x+rapid.IntRange(1, 20).Draw(t, "w"), y+rapid.IntRange(1, 20).Draw(t, "h")).Intersect(bounds))
		}
		regions = slices.DeleteFunc(regions, image.Rectangle.Empty)
		rest := outside(bounds, regions)
		for y := range bounds.Dy() {
			for x := range bounds.Dx() {
				at := func(r image.Rectangle) bool { return image.Pt(x, y).In(r) }
				if slices.ContainsFunc(rest, at) == slices.ContainsFunc(regions, at) {
					t.Fatalf("(%d,%d) of %v: regions %v, rest %v", x, y, bounds, regions, rest)
				}
			}
		}
	})
}

// region returns one item of an ultrasound image's calibration.
func region(x0, y0, x1, y1 uint32) dicom.Dataset {
	var item dicom.Dataset
	for tag, v := range map[dicom.Tag]uint32{tagRegionX0: x0, tagRegionY0: y0, tagRegionX1: x1, tagRegionY1: y1} {
		item.Set(dicom.DataElement{Tag: tag, VR: dicom.VRUL, Value: binary.LittleEndian.AppendUint32(nil, v)})
	}
	return item
}

func TestUltrasoundIsBlankedOutsideOfItsRegions(t *testing.T) {
	t.Parallel()
	ds := chest(32)
	both(class("1.2.840.10008.5.1.4.1.1.6.1", "US"), plain(500))(&ds)
	ds.Set(dicom.DataElement{Tag: tagUltrasoundRegions, VR: dicom.VRSQ, Items: []dicom.Dataset{
		region(4, 8, 27, 27),
		region(20, 4, 9, 5),        // turned round: none
		region(0, 0, 1<<31, 1<<31), // of nothing that is there
	}})
	for _, syntax := range []string{dicom.ExplicitLittleEndian, dicom.ImplicitLittleEndian, dicom.ExplicitBigEndian} {
		result := clean(t, salesProfile(t), part10(t, syntax, ds), 1)
		file, tree := read(t, result.Clean.Bytes)
		pixels := tree.Find(tagPixelData).Value
		for i := range 32 * 32 {
			inside := image.Pt(i%32, i/32).In(image.Rect(4, 8, 28, 28))
			if got := binary.LittleEndian.Uint16(pixels[2*i:]); (got == 500) != inside || !inside && got != 0 {
				t.Fatalf("%s: (%d,%d) is %d", syntax, i%32, i/32, got)
			}
		}
		if len(result.Marks) == 0 || result.Marks[0].By != ByRegion || len(result.Clean.Withheld) > 0 || file.String(tagBurnedIn) != "NO" {
			t.Errorf("%s: marks %v, withheld %v", syntax, result.Marks, result.Clean.Withheld)
		}
		if !slices.Contains(methodCodes(tree), "113101") {
			t.Error("it does not say that its pixels were cleaned")
		}
		if change := changeOf(result, "(7FE0,0010)"); change.Action != Cleaned || change.Cause != ByPixels {
			t.Errorf("Pixel Data: %s by %s", change.Action, change.Cause)
		}
	}
}

// TestRegionsWithoutEndShowNothing bounds the time and memory that regions take.
func TestRegionsWithoutEndShowNothing(t *testing.T) {
	t.Parallel()
	ds := chest(32)
	both(class("1.2.840.10008.5.1.4.1.1.6.1", "US"), plain(500))(&ds)
	regions := dicom.DataElement{Tag: tagUltrasoundRegions, VR: dicom.VRSQ}
	for i := range uint32(20_000) {
		regions.Items = append(regions.Items, region(i%30, i%29, 31, 31))
	}
	ds.Set(regions)
	result := clean(t, salesProfile(t), part10(t, dicom.ExplicitLittleEndian, ds), 1)
	if !slices.Equal(result.Clean.Withheld, []sinso.Reason{ReasonText}) || len(result.Marks) > 2 {
		t.Errorf("withheld %v with %d marks", result.Clean.Withheld, len(result.Marks))
	}
}

func changeOf(result Result, path string) Change {
	for _, change := range result.Changes {
		if change.Path == path {
			return change
		}
	}
	return Change{}
}

func TestTemplateBlanksItsDeviceAlone(t *testing.T) {
	t.Parallel()
	p := parsed(t, `options = ["clean-pixel-data"]
[[template]]
manufacturer = "Synthetic Imaging Works"
model = "ellipsoid 64"
modality = "US"
rows = 32
columns = 32
boxes = [[0, 0, 32, 4], [30, 30, 32, 32]]
`)
	for name, tt := range map[string]struct {
		change func(*dicom.Dataset)
		want   []image.Rectangle
	}{
		"its device":     {noBurnedIn, []image.Rectangle{image.Rect(0, 0, 32, 4), image.Rect(30, 30, 32, 32)}},
		"another model":  {set(tagModel, dicom.VRLO, "Ellipsoid 65"), nil},
		"another maker":  {set(tagManufacturer, dicom.VRLO, "Somebody"), nil},
		"another device": {func(ds *dicom.Dataset) { ds.Remove(tagManufacturer) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ds := chest(32)
			both(class("1.2.840.10008.5.1.4.1.1.6.1", "US"), plain(500), tt.change)(&ds)
			result := clean(t, p, part10(t, dicom.ExplicitLittleEndian, ds), 1)
			if got := rectangles(result.Marks); !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// TestEveryFrameIsLookedAt: a region is blanked in each frame of several.
func TestEveryFrameIsLookedAt(t *testing.T) {
	t.Parallel()
	ds := chest(32)
	both(class("1.2.840.10008.5.1.4.1.1.3.1", "US"), plain(500))(&ds)
	ds.SetString(tagFrames, dicom.VRIS, "3")
	pixels := ds.Find(tagPixelData)
	pixels.Value = slices.Concat(pixels.Value, pixels.Value, pixels.Value)
	ds.Set(dicom.DataElement{Tag: tagUltrasoundRegions, VR: dicom.VRSQ, Items: []dicom.Dataset{region(0, 4, 31, 31)}})
	result := clean(t, salesProfile(t), part10(t, dicom.ExplicitLittleEndian, ds), 1)
	_, tree := read(t, result.Clean.Bytes)
	for i := range 3 * 32 * 32 {
		if got := binary.LittleEndian.Uint16(tree.Find(tagPixelData).Value[2*i:]); (got == 0) != (i/32%32 < 4) {
			t.Fatalf("frame %d, row %d: %d", i/1024, i/32%32, got)
		}
	}
	if len(result.Marks) != 3 || result.Marks[2].Frame != 2 {
		t.Errorf("marks: %v", result.Marks)
	}
}

// overlay returns a plane of side × side with a filled square in its middle.
func overlay(side int) []dicom.DataElement {
	data := make([]byte, side*side/8)
	for i := range side * side {
		if image.Pt(i%side, i/side).In(image.Rect(side/4, side/4, side*3/4, side*3/4)) {
			data[i/8] |= 1 << (i % 8)
		}
	}
	return []dicom.DataElement{
		{Tag: 0x60000010, VR: dicom.VRUS, Value: us(side)},
		{Tag: 0x60000011, VR: dicom.VRUS, Value: us(side)},
		{Tag: 0x60000022, VR: dicom.VRLO, Value: []byte("DOE^JANE")},
		{Tag: 0x60000040, VR: dicom.VRCS, Value: []byte("G ")},
		{Tag: 0x60000050, VR: dicom.VRSS, Value: []byte{1, 0, 1, 0}},
		{Tag: 0x60000100, VR: dicom.VRUS, Value: us(1)},
		{Tag: 0x60000102, VR: dicom.VRUS, Value: us(0)},
		{Tag: 0x60003000, VR: dicom.VROW, Value: data},
		{Tag: 0x60004000, VR: dicom.VRLT, Value: []byte("DOE^JANE")},
	}
}

func TestOverlayStaysIfItCanBeLookedAt(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		p      *Profile
		change func(*dicom.Dataset)
		stays  bool
	}{
		"a plane":             {salesProfile(t), noBurnedIn, true},
		"without the option":  {newProfile(t), noBurnedIn, false},
		"longer than it says": {salesProfile(t), func(ds *dicom.Dataset) { ds.Find(0x60003000).Value = append(ds.Find(0x60003000).Value, "DOE^JANE"...) }, false},
		"shorter":             {salesProfile(t), func(ds *dicom.Dataset) { ds.Find(0x60003000).Value = ds.Find(0x60003000).Value[:100] }, false},
		"in the pixels":       {salesProfile(t), number(0x60000102, 12), false},
		"of no rows":          {salesProfile(t), number(0x60000010, 0), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ds := chest(8)
			for _, e := range overlay(64) {
				ds.Set(e)
			}
			want := slices.Clone(ds.Find(0x60003000).Value)
			tt.change(&ds)
			_, tree := read(t, clean(t, tt.p, part10(t, dicom.ExplicitLittleEndian, ds), 1).Clean.Bytes)
			n := 0
			for _, e := range tree.Elements {
				if isPattern(e.Tag) {
					n++
				}
			}
			if !tt.stays && n > 0 || tt.stays && n < 7 {
				t.Fatalf("%d of its elements are there", n)
			}
			if tt.stays && !slices.Equal(tree.Find(0x60003000).Value, want) {
				t.Error("the plane changed")
			}
			if tt.stays && (tree.Find(0x60000022) != nil || tree.Find(0x60004000) != nil) {
				t.Error("a name is there")
			}
		})
	}
}

// TestFramesWithoutEndAreNotLookedAt: an object of a few bytes that says it has
// millions of frames is withheld at once.
func TestFramesWithoutEndAreNotLookedAt(t *testing.T) {
	t.Parallel()
	ds := chest(8)
	both(class("1.2.840.10008.5.1.4.1.1.3.1", "US"), number(tagRows, 20000), number(tagColumns, 20000), set(tagFrames, dicom.VRIS, "9"))(&ds)
	file, tree := read(t, part10(t, dicom.ExplicitLittleEndian, ds))
	seen, reason, err := salesProfile(t).see(t.Context(), file, &tree, true, look{})
	if err != nil || reason != ReasonPixelUnread || seen.looked {
		t.Errorf("got %q, looked %v, %v", reason, seen.looked, err)
	}
}

// TestAPhantomIsNotTakenForWriting: neither in CT nor in ultrasound are the sharp edges of
// a small phantom blanked, but for a twentieth of it.
func TestAPhantomIsNotTakenForWriting(t *testing.T) {
	t.Parallel()
	var original []byte
	if err := phantom.Series(phantom.Options{Slices: 1, Rows: 64, Columns: 64}, func(_ string, raw []byte) error {
		original = raw
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*dicom.Dataset){"CT": noBurnedIn, "US": class("1.2.840.10008.5.1.4.1.1.6.1", "US")} {
		_, ds := read(t, original)
		change(&ds)
		result := clean(t, salesProfile(t), part10(t, dicom.ExplicitLittleEndian, ds), 1)
		if len(result.Clean.Withheld) > 0 {
			t.Errorf("%s: withheld %v with %d marks", name, result.Clean.Withheld, len(result.Marks))
			continue
		}
		blanked := cover{bounds: image.Rect(0, 0, 64, 64)}
		if blanked.add(result.Marks); 20*blanked.found > 64*64 {
			t.Errorf("%s: %d of %d pixels are blanked: %v", name, blanked.found, 64*64, result.Marks)
		}
	}
}

// TestWritingInAThirdOfTheFramesIsBlankedInAll, where it stands still; what is found in fewer
// frames, or is fixed, is not carried on.
func TestWritingInAThirdOfTheFramesIsBlankedInAll(t *testing.T) {
	t.Parallel()
	text, nearly, rare := image.Rect(10, 20, 90, 40), image.Rect(11, 20, 89, 40), image.Rect(200, 100, 260, 120)
	marks := [][]Mark{
		{{0, text, ByDetection}, {0, image.Rect(0, 0, 300, 10), ByRegion}},
		{{1, rare, ByDetection}},
		{{2, nearly, ByDetection}},
		{},
		{},
		{},
	}
	if got := standing(marks, image.Rect(0, 0, 300, 200)); !slices.Equal(got, []image.Rectangle{text}) {
		t.Errorf("got %v, want %v alone", got, text)
	}
	marks[0], marks[2] = nil, nil
	if got := standing(marks[:4], image.Rect(0, 0, 300, 200)); len(got) > 0 {
		t.Errorf("got %v of what is in one frame of four", got)
	}
	if got := standing([][]Mark{{{0, text, ByDetection}}}, image.Rect(0, 0, 300, 200)); len(got) > 0 {
		t.Errorf("got %v of one frame", got)
	}
}

// TestMostlyTextSaysHowMuch: the sentence names the bound that is in force.
func TestMostlyTextSaysHowMuch(t *testing.T) {
	t.Parallel()
	if want := fmt.Sprintf("%g %%", 100*mostlyBlank); !strings.Contains(Explain(ReasonText), want) {
		t.Errorf("%q does not say %s", Explain(ReasonText), want)
	}
}
