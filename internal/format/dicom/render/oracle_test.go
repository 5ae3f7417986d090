package render_test

import (
	"bytes"
	"image"
	"image/png"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/render"
)

const pydicomFiles = "/usr/lib/python3/dist-packages/pydicom/data/test_files"

// dcm2pnm has dcmtk draw a file.
func dcm2pnm(t *testing.T, path string, args ...string) (image.Image, error) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out.png")
	args = append(append([]string{"-q", "--write-png"}, args...), path, out)
	if b, err := exec.Command("dcm2pnm", args...).CombinedOutput(); err != nil {
		if _, missing := exec.LookPath("dcm2pnm"); missing != nil {
			t.Fatal("dcm2pnm is missing: install the Debian package dcmtk")
		}
		t.Logf("dcm2pnm: %s", b)
		return nil, err
	}
	b, err := os.ReadFile(out)
	if err != nil {
		return nil, err
	}
	return png.Decode(bytes.NewReader(b))
}

// sameWithin compares pictures by their 8-bit samples.
func sameWithin(t *testing.T, name string, got, want image.Image, most int) {
	t.Helper()
	if got.Bounds() != want.Bounds() {
		t.Errorf("%s: got %v, want %v", name, got.Bounds(), want.Bounds())
		return
	}
	wrong, worst := 0, 0
	for y := range want.Bounds().Dy() {
		for x := range want.Bounds().Dx() {
			r, g, b, _ := got.At(x, y).RGBA()
			r2, g2, b2, _ := want.At(x, y).RGBA()
			for _, pair := range [...][2]uint32{{r, r2}, {g, g2}, {b, b2}} {
				off := int(pair[0]>>8) - int(pair[1]>>8)
				if off = max(off, -off); off > most {
					if wrong == 0 {
						t.Logf("%s: (%d,%d): got %d, want %d", name, x, y, pair[0]>>8, pair[1]>>8)
					}
					wrong++
					worst = max(worst, off)
				}
			}
		}
	}
	if wrong > 0 {
		t.Errorf("%s: %d samples differ by more than %d, the worst by %d", name, wrong, most, worst)
	}
}

// drawn is a frame as Thumbnail cuts it and Picture draws it, at its size.
func drawn(t *testing.T, part10 []byte, index int, o render.Options) (image.Image, error) {
	t.Helper()
	f, err := dicom.Read(part10)
	if err != nil {
		return nil, err
	}
	frame, err := render.NativeFrame(f, index)
	if err != nil {
		return nil, err
	}
	return render.Picture(f, frame, index, o)
}

// TestDrawsPydicomFilesAsDcmtkDoes compares the first and the last frame of every
// native file of pydicom's that dcmtk draws.
func TestDrawsPydicomFilesAsDcmtkDoes(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs dcm2pnm and the files of pydicom")
	}
	compared := 0
	err := filepath.WalkDir(pydicomFiles, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if !strings.Contains(path, "rtdose_expb") { // dcmtk swaps words of 16 bits only
			compared += compareFile(t, path)
		}
		return nil
	})
	if err != nil {
		t.Fatalf("%v: install the Debian package python3-pydicom", err)
	}
	if compared < 48 {
		t.Errorf("%d frames were compared, want 48", compared)
	}
	t.Logf("%d frames compared", compared)
}

func compareFile(t *testing.T, path string) (compared int) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := dicom.Read(b)
	if err != nil {
		return 0
	}
	if _, err := f.PixelBytes(); err != nil {
		return 0
	}
	frames, _ := f.Int(0x00280008)
	args := []string{"+Wm", "-O"}
	if _, ok := f.Float(0x00281050); ok {
		args[0] = "+Wi=1"
	}
	if f.String(0x00280002) == "3" {
		args = []string{"-O"}
	}
	for _, frame := range map[bool][]int{true: {0, frames - 1}, false: {0}}[frames > 1] {
		name := strings.TrimPrefix(path, pydicomFiles+"/") + " frame " + strconv.Itoa(frame)
		want, err := dcm2pnm(t, path, expand(append(args, "+F="+strconv.Itoa(frame+1)))...)
		if err != nil {
			t.Logf("%s: dcmtk does not draw it", name)
			continue
		}
		got, err := drawn(t, b, frame, render.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		compared++
		sameWithin(t, name, got, want, 1)
	}
	return compared
}

// expand cuts options from their values.
func expand(args []string) []string {
	var out []string
	for _, arg := range args {
		out = append(out, strings.Split(arg, "=")...)
	}
	return out
}

// oracleCases are objects that dcmtk and this package must draw alike.
func oracleCases() map[string]struct {
	pic     pic
	options render.Options
	args    []string
} {
	type one = struct {
		pic     pic
		options render.Options
		args    []string
	}
	const side = 32
	mono := pic{rows: side, columns: side, allocated: 16, stored: 12, photometric: "MONOCHROME2", pixels: slope(side*side, 0, 4, 0xFFFF)}
	with := func(p pic, change func(*pic)) pic { change(&p); return p }
	windows := map[dicom.Tag]string{0x00281050: `1000\1500\600.5`, 0x00281051: `1800\700\99.5`, 0x00281052: "-24", 0x00281053: "1"}
	windowed := with(mono, func(p *pic) { p.text = windows })
	signed := with(mono, func(p *pic) { p.signed = 1; p.pixels = slope(side*side, -2048, 4, 0x0FFF) })
	colour := pic{rows: side, columns: side, samples: 3, allocated: 8, pixels: noise(side * side * 3)}
	photometric := func(p pic, text string) pic { p.photometric = text; return p }
	shape := func(p pic, text string) pic { p.more = append(p.more, cs(0x20500020, "CS", text)); return p }
	sequence := func(tag dicom.Tag, items ...dicom.Dataset) dicom.DataElement {
		return dicom.DataElement{Tag: tag, VR: "SQ", Items: items}
	}
	palette := func(bits int) []dicom.DataElement {
		var all []dicom.DataElement
		for i, top := range []int{0xFF, 0x80, 0x10} {
			table := curve(200, top<<(bits-8))
			all = append(all, usWords(0x00281101+dicom.Tag(i), "US", len(table), 20, bits))
			data := usWords(0x00281201+dicom.Tag(i), "OW", table...)
			if bits == 8 {
				data.Value = nil
				for _, v := range table {
					data.Value = append(data.Value, byte(v))
				}
			}
			all = append(all, data)
		}
		return all
	}
	indexed := pic{rows: side, columns: side, allocated: 8, photometric: "PALETTE COLOR", pixels: noise(side * side)}
	return map[string]one{
		"window 1":             {windowed, render.Options{}, []string{"+Wi=1"}},
		"window 2":             {windowed, render.Options{VOI: 1}, []string{"+Wi=2"}},
		"window 3, fractions":  {windowed, render.Options{VOI: 2}, []string{"+Wi=3"}},
		"a window asked for":   {windowed, render.Options{Window: &render.Window{Center: 40, Width: 400}}, []string{"+Ww=40=400"}},
		"a window of width 1":  {windowed, render.Options{Window: &render.Window{Center: 800, Width: 1}}, []string{"+Ww=800=1"}},
		"sigmoid asked for":    {windowed, render.Options{Window: &render.Window{Center: 800, Width: 900, Function: render.Sigmoid}}, []string{"+Wfs", "+Ww=800=900"}},
		"sigmoid of the file":  {with(windowed, func(p *pic) { p.more = append(p.more, cs(0x00281056, "CS", "SIGMOID")) }), render.Options{}, []string{"+Wi=1"}},
		"MONOCHROME1":          {photometric(windowed, "MONOCHROME1"), render.Options{}, []string{"+Wi=1"}},
		"MONOCHROME1 INVERSE":  {shape(photometric(windowed, "MONOCHROME1"), "INVERSE"), render.Options{}, []string{"+Wi=1"}},
		"MONOCHROME1 IDENTITY": {shape(photometric(windowed, "MONOCHROME1"), "IDENTITY"), render.Options{}, []string{"+Wi=1"}},
		"MONOCHROME2 INVERSE":  {shape(windowed, "INVERSE"), render.Options{}, []string{"+Wi=1"}},
		"stretched":            {mono, render.Options{}, []string{"+Wm"}},
		"signed, stretched":    {signed, render.Options{}, []string{"+Wm"}},
		"signed, rescaled":     {with(signed, func(p *pic) { p.text = map[dicom.Tag]string{0x00281052: "100.5", 0x00281053: "-0.25"} }), render.Options{}, []string{"+Wm"}},
		"a high bit of 13":     {with(mono, func(p *pic) { p.high = 13; p.pixels = slope(side*side, 3, 16, 0xFFFF) }), render.Options{}, []string{"+Wm"}},
		"8 bits, 5 stored":     {pic{rows: side, columns: side, allocated: 8, stored: 5, photometric: "MONOCHROME2", pixels: noise(side * side)}, render.Options{}, []string{"+Wm"}},
		"32 bits":              {pic{rows: side, columns: side, allocated: 32, photometric: "MONOCHROME2", pixels: noise(side * side * 4)}, render.Options{}, []string{"+Wm"}},
		"32 bits signed":       {pic{rows: side, columns: side, allocated: 32, signed: 1, photometric: "MONOCHROME2", pixels: noise(side * side * 4)}, render.Options{}, []string{"+Wm"}},
		"1 bit":                {pic{rows: side, columns: side, allocated: 1, photometric: "MONOCHROME2", pixels: noise(side * side / 8)}, render.Options{}, []string{"+Wm"}},
		"VOI LUT of 8 bits": {with(mono, func(p *pic) {
			p.more = append(p.more, sequence(0x00283010, lutItem("US", 200, 8, curve(3000, 255)...)))
		}), render.Options{}, []string{"+Wl=1"}},
		"VOI LUT of 12 bits": {with(mono, func(p *pic) {
			p.more = append(p.more, sequence(0x00283010, lutItem("US", 0, 12, curve(4096, 4095)...)))
		}), render.Options{}, []string{"+Wl=1"}},
		"VOI LUT 2 of 16 bits": {with(windowed, func(p *pic) {
			p.more = append(p.more, sequence(0x00283010, lutItem("US", 0, 8, 0, 1), lutItem("US", 100, 16, curve(3000, 65535)...)))
		}), render.Options{VOI: 4}, []string{"+Wl=2"}},
		"VOI LUT, signed": {with(signed, func(p *pic) {
			p.more = append(p.more, sequence(0x00283010, lutItem("SS", -1000&0xFFFF, 16, curve(3000, 65535)...)))
		}), render.Options{}, []string{"+Wl=1"}},
		"Modality LUT": {with(mono, func(p *pic) {
			p.more = append(p.more, sequence(0x00283000, lutItem("US", 100, 16, curve(3000, 40000)...)))
		}), render.Options{}, []string{"+Wm"}},
		"Modality LUT, window": {with(mono, func(p *pic) {
			p.more = append(p.more, sequence(0x00283000, lutItem("US", 0, 16, curve(4096, 4000)...)))
			p.text = map[dicom.Tag]string{0x00281050: "1000", 0x00281051: "1800"}
		}), render.Options{}, []string{"+Wi=1"}},
		"palette of 8 bits":    {with(indexed, func(p *pic) { p.more = palette(8) }), render.Options{}, nil},
		"palette of 16 bits":   {with(indexed, func(p *pic) { p.more = palette(16) }), render.Options{}, nil},
		"palette, 16 bits":     {with(mono, func(p *pic) { p.photometric, p.more = "PALETTE COLOR", palette(16) }), render.Options{}, nil},
		"RGB":                  {photometric(colour, "RGB"), render.Options{}, nil},
		"RGB by plane":         {with(photometric(colour, "RGB"), func(p *pic) { p.planar = 1 }), render.Options{}, nil},
		"RGB of 16 bits":       {with(photometric(colour, "RGB"), func(p *pic) { p.allocated, p.pixels = 16, noise(side*side*6) }), render.Options{}, nil},
		"RGB, 12 of 16 bits":   {with(photometric(colour, "RGB"), func(p *pic) { p.allocated, p.stored, p.pixels = 16, 12, noise(side*side*6) }), render.Options{}, nil},
		"RGB, 5 of 8 bits":     {with(photometric(colour, "RGB"), func(p *pic) { p.stored = 5 }), render.Options{}, nil},
		"YBR_FULL":             {photometric(colour, "YBR_FULL"), render.Options{}, nil},
		"YBR_FULL by plane":    {with(photometric(colour, "YBR_FULL"), func(p *pic) { p.planar = 1 }), render.Options{}, nil},
		"YBR_FULL_422":         {with(photometric(colour, "YBR_FULL_422"), func(p *pic) { p.pixels = p.pixels[:side*side*2] }), render.Options{}, nil},
		"YBR_PARTIAL_422":      {with(photometric(colour, "YBR_PARTIAL_422"), func(p *pic) { p.pixels = p.pixels[:side*side*2] }), render.Options{}, nil},
		"CMYK":                 {with(photometric(colour, "CMYK"), func(p *pic) { p.samples, p.pixels = 4, halfOf(noise(side*side*4)) }), render.Options{}, nil},
		"overlays":             {with(windowed, func(p *pic) { p.more = overlays(side) }), render.Options{Overlays: true}, []string{"+Wi=1", "+O=0"}},
		"overlays, hidden":     {with(windowed, func(p *pic) { p.more = overlays(side) }), render.Options{}, []string{"+Wi=1", "-O"}},
		"overlays on inverse":  {with(photometric(windowed, "MONOCHROME1"), func(p *pic) { p.more = overlays(side) }), render.Options{Overlays: true}, []string{"+Wi=1", "+O=0"}},
		"overlay in the cells": {with(windowed, func(p *pic) { p.more = embedded(side); p.pixels = noise(side * side * 2) }), render.Options{Overlays: true}, []string{"+Wi=1", "+O=0"}},
	}
}

// TestDrawsAsDcmtkDoes draws one object for each way that values become a picture.
func TestDrawsAsDcmtkDoes(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs dcm2pnm")
	}
	for name, tt := range oracleCases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := tt.pic.part10(t)
			path := filepath.Join(t.TempDir(), "in.dcm")
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			want, err := dcm2pnm(t, path, expand(tt.args)...)
			if err != nil {
				t.Fatalf("dcmtk: %v", err)
			}
			got, err := drawn(t, b, 0, tt.options)
			if err != nil {
				t.Fatal(err)
			}
			most := 1
			if strings.HasPrefix(tt.pic.photometric, "YBR") {
				most = 2 // dcmtk cuts off what this package rounds, in each of two terms
			}
			sameWithin(t, name, got, want, most)
		})
	}
}
