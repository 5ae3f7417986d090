package volume

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
	"sinso.dev/sinso/internal/format/dicom/phantom"
)

const (
	columns, rows, count = 7, 5, 6
	enough               = 1 << 20 // voxels
)

// where says how a test's slice n lies.
type where struct {
	position    func(n int) [3]float64
	orientation [6]float64
}

func axial(step [3]float64) where {
	return where{func(n int) [3]float64 {
		f := float64(n)
		return [3]float64{-10 + f*step[0], -20 + f*step[1], 30 + f*step[2]}
	}, [6]float64{1, 0, 0, 0, 1, 0}}
}

// stored is what stands at a place of slice n: another at each.
func stored(column, row, n int) uint16 { return uint16(1000 + column + 10*row + 100*n) }

func numbers(values ...float64) (out []string) {
	for _, v := range values {
		out = append(out, fmt.Sprintf("%.6g", v))
	}
	return out
}

// image is the part of a data set that single and enhanced objects share.
func image(frames int) dicom.Dataset {
	var ds dicom.Dataset
	ds.SetString(0x00080016, dicom.VRUI, "1.2.840.10008.5.1.4.1.1.2")
	ds.SetString(0x00080060, dicom.VRCS, "CT")
	ds.SetString(0x00280004, dicom.VRCS, "MONOCHROME2")
	if frames > 1 {
		ds.SetString(0x00080016, dicom.VRUI, "1.2.840.10008.5.1.4.1.1.2.1")
		ds.SetString(tagFrames, dicom.VRIS, strconv.Itoa(frames))
	}
	for tag, v := range map[dicom.Tag]uint16{0x00280002: 1, 0x00280010: rows, 0x00280011: columns, 0x00280100: 16, 0x00280101: 12, 0x00280102: 11, 0x00280103: 0} {
		number(&ds, tag, v)
	}
	return ds
}

func number(ds *dicom.Dataset, tag dicom.Tag, v uint16) {
	ds.Set(dicom.DataElement{Tag: tag, VR: dicom.VRUS, Value: binary.LittleEndian.AppendUint16(nil, v)})
}

func pixels(n int) (out []byte) {
	for row := range rows {
		for column := range columns {
			out = binary.LittleEndian.AppendUint16(out, stored(column, row, n))
		}
	}
	return out
}

// single is slice n as an object of its own; its number runs against its place.
func single(n int, w where) dicom.Dataset {
	ds := image(1)
	p := w.position(n)
	ds.SetString(0x00080018, dicom.VRUI, fmt.Sprintf("1.2.3.%d", n+1))
	ds.SetString(0x00200013, dicom.VRIS, strconv.Itoa(100-n))
	ds.SetString(tagPosition, dicom.VRDS, numbers(p[:]...)...)
	ds.SetString(tagOrientation, dicom.VRDS, numbers(w.orientation[:]...)...)
	ds.SetString(tagSpacing, dicom.VRDS, "0.5", "0.75")
	ds.SetString(tagIntercept, dicom.VRDS, "-1024")
	ds.SetString(tagSlope, dicom.VRDS, "2")
	ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROW, Value: pixels(n)})
	return ds
}

func series(w where, edit func(n int, ds *dicom.Dataset)) (all []dicom.Dataset) {
	for n := range count {
		ds := single(n, w)
		if edit != nil {
			edit(n, &ds)
		}
		all = append(all, ds)
	}
	return all
}

func from(open func(context.Context, int) ([]byte, error)) Source { return Source{open, codec.Frame} }

// read encodes the objects, and reads them in an order that is not that of their places.
func read(t testing.TB, all []dicom.Dataset, most int64) (*Volume, error) {
	t.Helper()
	order := rand.New(rand.NewPCG(1, 2)).Perm(len(all))
	return Read(t.Context(), len(all), from(func(_ context.Context, n int) ([]byte, error) {
		return dicom.Encode(dicom.ExplicitLittleEndian, all[order[n]])
	}), most)
}

func near(a, b [3]float64) bool { return length(sub(a, b)) < 1e-4 }

// TestSlicesAreStackedByTheirPlace: whatever the order and the numbers, from feet to head
// along the normal, with values in HU; also where the gantry was tilted, from head to feet,
// and across other axes.
func TestSlicesAreStackedByTheirPlace(t *testing.T) {
	t.Parallel()
	sagittal := where{func(n int) [3]float64 { return [3]float64{float64(n) * 2, 5, 6} }, [6]float64{0, 1, 0, 0, 0, -1}}
	for name, tt := range map[string]struct {
		where
		step     [3]float64
		backward bool
	}{
		"axial":                   {axial([3]float64{0, 0, 1.5}), [3]float64{0, 0, 1.5}, false},
		"gantry tilted by 15°":    {axial([3]float64{0, 0.4, 1.5}), [3]float64{0, 0.4, 1.5}, false},
		"numbered head to feet":   {axial([3]float64{0, 0, -1.5}), [3]float64{0, 0, 1.5}, true},
		"sagittal, normal is -x":  {sagittal, [3]float64{-2, 0, 0}, true},
		"positions to the tenth":  {where{func(n int) [3]float64 { return [3]float64{0, 0, math.Round(float64(n)*6.25) / 10} }, [6]float64{1, 0, 0, 0, 1, 0}}, [3]float64{0, 0, 0.62}, false},
		"feet first, left handed": {where{axial([3]float64{0, 0, 2}).position, [6]float64{-1, 0, 0, 0, 1, 0}}, [3]float64{0, 0, -2}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, err := read(t, series(tt.where, nil), enough)
			if err != nil {
				t.Fatal(err)
			}
			first := 0
			if tt.backward {
				first = count - 1
			}
			if v.Columns != columns || v.Rows != rows || len(v.Slices) != count || !v.CT || v.Spacing != [2]float64{0.75, 0.5} {
				t.Errorf("got %d × %d × %d, CT %v, spacing %v", v.Columns, v.Rows, len(v.Slices), v.CT, v.Spacing)
			}
			if !near(v.Step, tt.step) || !near(v.Origin, tt.position(first)) {
				t.Errorf("step %v from %v, want %v", v.Step, v.Origin, tt.step)
			}
			if got := append(v.Row[:], v.Column[:]...); !slices.Equal(got, tt.orientation[:]) {
				t.Errorf("directions %v", got)
			}
			for n, s := range v.Slices {
				if tt.backward {
					n = count - 1 - n
				}
				for i, got := range s {
					if want := int16(stored(i%columns, i/columns, n))*2 - 1024; got != want {
						t.Fatalf("slice %d, place %d: %d, want %d", n, i, got, want)
					}
				}
			}
		})
	}
}

// TestEnhancedObjectIsTheSame as single slices: one object whose functional groups say
// where its frames lie.
func TestEnhancedObjectIsTheSame(t *testing.T) {
	t.Parallel()
	w := axial([3]float64{0, 0.3, 1.5})
	want, err := read(t, series(w, nil), enough)
	if err != nil {
		t.Fatal(err)
	}
	ds := image(count)
	macro := func(tag dicom.Tag, set func(*dicom.Dataset)) dicom.DataElement {
		var item dicom.Dataset
		set(&item)
		return dicom.DataElement{Tag: tag, VR: dicom.VRSQ, Items: []dicom.Dataset{item}}
	}
	var shared dicom.Dataset
	shared.Set(macro(macroOrientation, func(d *dicom.Dataset) { d.SetString(tagOrientation, dicom.VRDS, numbers(w.orientation[:]...)...) }))
	shared.Set(macro(macroMeasures, func(d *dicom.Dataset) { d.SetString(tagSpacing, dicom.VRDS, "0.5", "0.75") }))
	var frames []dicom.Dataset
	var data []byte
	for n := range count {
		n = (n + 2) % count // not in the order of their places
		var item dicom.Dataset
		p := w.position(n)
		item.Set(macro(macroPosition, func(d *dicom.Dataset) { d.SetString(tagPosition, dicom.VRDS, numbers(p[:]...)...) }))
		item.Set(macro(macroTransform, func(d *dicom.Dataset) {
			d.SetString(tagIntercept, dicom.VRDS, "-1024")
			d.SetString(tagSlope, dicom.VRDS, "2")
		}))
		frames, data = append(frames, item), append(data, pixels(n)...)
	}
	ds.Set(dicom.DataElement{Tag: tagShared, VR: dicom.VRSQ, Items: []dicom.Dataset{shared}})
	ds.Set(dicom.DataElement{Tag: tagPerFrame, VR: dicom.VRSQ, Items: frames})
	ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROW, Value: data})
	got, err := read(t, []dicom.Dataset{ds}, enough)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(got.Slices, want.Slices, slices.Equal[[]int16]) || got.Step != want.Step || got.Origin != want.Origin || got.Spacing != want.Spacing {
		t.Errorf("got %v from %v, want %v from %v", got.Step, got.Origin, want.Step, want.Origin)
	}
}

// TestWhatIsNoBlockIsRefused, with a reason that names nothing of the object.
func TestWhatIsNoBlockIsRefused(t *testing.T) {
	t.Parallel()
	set := func(at int, tag dicom.Tag, values ...string) func(int, *dicom.Dataset) {
		return func(n int, ds *dicom.Dataset) {
			if n == at || at < 0 {
				ds.SetString(tag, dicom.VRDS, values...)
			}
		}
	}
	remove := func(tag dicom.Tag) func(int, *dicom.Dataset) {
		return func(_ int, ds *dicom.Dataset) { ds.Remove(tag) }
	}
	for name, edit := range map[string]func(int, *dicom.Dataset){
		"two at one place":      set(3, tagPosition, "-10", "-20", "33"),
		"uneven":                set(3, tagPosition, "-10", "-20", "35.2"),
		"shifted to the side":   set(3, tagPosition, "-8", "-20", "34.5"),
		"turned":                set(3, tagOrientation, "0", "1", "0", "0", "0", "-1"),
		"leaning":               set(3, tagOrientation, "1", "0", "0", "0", "0.996", "0.087"),
		"skewed":                set(-1, tagOrientation, "1", "0", "0", "0.5", "0.866", "0"),
		"no unit vectors":       set(-1, tagOrientation, "2", "0", "0", "0", "1", "0"),
		"other spacing":         set(2, tagSpacing, "0.5", "0.8"),
		"no spacing":            remove(tagSpacing),
		"spacing of zero":       set(-1, tagSpacing, "0", "0.8"),
		"spacing below zero":    set(-1, tagSpacing, "-1", "0.8"),
		"spacing without end":   set(-1, tagSpacing, "1e300", "0.8"),
		"spacing of three":      set(-1, tagSpacing, "1", "1", "1"),
		"no position":           remove(tagPosition),
		"position that is none": set(0, tagPosition, "x", "y", "z"),
		"position far away":     set(1, tagPosition, "0", "0", "1e12"),
		"no orientation":        remove(tagOrientation),
		"slope of zero":         set(1, tagSlope, "0"),
		"slope that is none":    set(1, tagSlope, "NaN"),
		"no pixels":             remove(0x7FE00010),
		"one of MR": func(n int, ds *dicom.Dataset) {
			if n == 2 {
				ds.SetString(0x00080016, dicom.VRUI, "1.2.840.10008.5.1.4.1.1.4")
				ds.SetString(0x00080060, dicom.VRCS, "MR")
			}
		},
		"one of another size": func(n int, ds *dicom.Dataset) {
			if n == 2 {
				number(ds, 0x00280010, rows-1)
			}
		},
		"colour": func(_ int, ds *dicom.Dataset) { ds.SetString(0x00280004, dicom.VRCS, "PALETTE COLOR") },
		"frames that lie nowhere": func(_ int, ds *dicom.Dataset) {
			ds.SetString(tagFrames, dicom.VRIS, "2")
			ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROW, Value: append(pixels(0), pixels(1)...)})
		},
		"steps too long": func(n int, ds *dicom.Dataset) { set(n, tagPosition, "0", "0", strconv.Itoa(200*n))(n, ds) },
		"tilted by 70°": func(n int, ds *dicom.Dataset) {
			set(n, tagPosition, "0", fmt.Sprint(2.75*float64(n)), strconv.Itoa(n))(n, ds)
		},
	} {
		_, err := read(t, series(axial([3]float64{0, 0, 1.5}), edit), enough)
		if !errors.Is(err, sinso.ErrUnsupported) {
			t.Errorf("%s: %v", name, err)
		}
		t.Logf("%s: %v", name, err)
	}
	whole := series(axial([3]float64{0, 0, 1.5}), nil)
	for name, all := range map[string][]dicom.Dataset{"one missing": slices.Delete(slices.Clone(whole), 2, 3), "one": whole[:1], "none": nil} {
		_, err := read(t, all, enough)
		if !errors.Is(err, sinso.ErrUnsupported) {
			t.Errorf("%s: %v", name, err)
		}
		t.Logf("%s: %v", name, err)
	}
}

// TestVoxelsAreBounded: a series with more than the caller allows is refused, however few
// are missing.
func TestVoxelsAreBounded(t *testing.T) {
	t.Parallel()
	all := series(axial([3]float64{0, 0, 1.5}), nil)
	if _, err := read(t, all, columns*rows*count); err != nil {
		t.Error(err)
	}
	if _, err := read(t, all, columns*rows*count-1); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("got %v", err)
	}
}

// TestValuesAreHounsfieldWhateverTheirBits: signed, unsigned, with bits above the stored
// ones, of 8 bits, padded, and compressed.
func TestValuesAreHounsfieldWhateverTheirBits(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		edit func(*dicom.Dataset)
		cell uint16
		want int16
	}{
		"12 bits":            {nil, 1064, 40},
		"bits above":         {nil, 0xF000 | 1064, 40},
		"signed":             {func(ds *dicom.Dataset) { number(ds, 0x00280103, 1); ds.SetString(tagIntercept, dicom.VRDS, "0") }, 0x0FFF, -1},
		"signed, low":        {func(ds *dicom.Dataset) { number(ds, 0x00280103, 1); ds.SetString(tagIntercept, dicom.VRDS, "0") }, 0x0800, huAir},
		"padding":            {func(ds *dicom.Dataset) { number(ds, tagPadding, 3000) }, 3000, huAir},
		"below air":          {func(ds *dicom.Dataset) { ds.SetString(tagIntercept, dicom.VRDS, "-3024") }, 0, huAir},
		"a slope and a half": {func(ds *dicom.Dataset) { ds.SetString(tagSlope, dicom.VRDS, "1.5") }, 1001, 478},
		"clamped":            {func(ds *dicom.Dataset) { ds.SetString(tagSlope, dicom.VRDS, "1000") }, 4095, math.MaxInt16},
		"MR below zero stays": {func(ds *dicom.Dataset) {
			ds.SetString(0x00080060, dicom.VRCS, "MR")
			ds.SetString(0x00080016, dicom.VRUI, "1.2.3")
			ds.SetString(tagIntercept, dicom.VRDS, "-4000")
		}, 1, -3999},
	} {
		all := series(axial([3]float64{0, 0, 1.5}), func(_ int, ds *dicom.Dataset) {
			ds.SetString(tagSlope, dicom.VRDS, "1")
			if tt.edit != nil {
				tt.edit(ds)
			}
			data := slices.Clone(pixels(0))
			binary.LittleEndian.PutUint16(data[2*9:], tt.cell)
			ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROW, Value: data})
		})
		v, err := read(t, all, enough)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := v.Slices[3][9]; got != tt.want {
			t.Errorf("%s: got %d, want %d", name, got, tt.want)
		}
	}
}

// TestCompressedSlicesAreTheSame, and what the program draws is read.
func TestCompressedSlicesAreTheSame(t *testing.T) {
	t.Parallel()
	var native, packed [][]byte
	err := phantom.Series(phantom.Options{Slices: 4, Rows: 48, Columns: 64}, func(_ string, raw []byte) error {
		file, err := dicom.Read(raw)
		if err != nil {
			return err
		}
		smaller, err := codec.Transcode(file, codec.JPEGLSLossless)
		native, packed = append(native, raw), append(packed, smaller)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var volumes []*Volume
	for _, files := range [][][]byte{native, packed} {
		v, err := Read(t.Context(), len(files), from(func(_ context.Context, n int) ([]byte, error) { return files[n], nil }), enough)
		if err != nil {
			t.Fatal(err)
		}
		volumes = append(volumes, v)
	}
	if !slices.EqualFunc(volumes[0].Slices, volumes[1].Slices, slices.Equal[[]int16]) {
		t.Error("the values differ")
	}
	if v := volumes[0]; v.Step != [3]float64{0, 0, 75} || v.Slices[2][31*64+32] < -200 || v.Slices[2][0] > -800 {
		t.Errorf("step %v, middle %d, corner %d", v.Step, v.Slices[2][31*64+32], v.Slices[2][0])
	}
}

// TestWhatOpenFailsWithIsPassedOn, and work that is given up ends.
func TestWhatOpenFailsWithIsPassedOn(t *testing.T) {
	t.Parallel()
	gone := errors.New("gone")
	all := series(axial([3]float64{0, 0, 1}), nil)
	_, err := Read(t.Context(), count, from(func(_ context.Context, n int) ([]byte, error) {
		if n == 4 {
			return nil, gone
		}
		return dicom.Encode(dicom.ExplicitLittleEndian, all[n])
	}), enough)
	if !errors.Is(err, gone) {
		t.Errorf("got %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	_, err = Read(ctx, count, from(func(_ context.Context, n int) ([]byte, error) {
		stop()
		return dicom.Encode(dicom.ExplicitLittleEndian, all[n])
	}), enough)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestAPanicOverAnObjectIsAnError, of the first object and of those that are read at once.
func TestAPanicOverAnObjectIsAnError(t *testing.T) {
	t.Parallel()
	all := series(axial([3]float64{0, 0, 1}), nil)
	for bad := range 3 {
		_, err := Read(t.Context(), count, from(func(_ context.Context, n int) ([]byte, error) {
			if n == bad {
				panic("DOE^JANE")
			}
			return dicom.Encode(dicom.ExplicitLittleEndian, all[n])
		}), enough)
		if err == nil || strings.Contains(err.Error(), "DOE") {
			t.Errorf("object %d: got %v", bad, err)
		}
	}
}

// TestMutatedObjectsDoNoHarm flips bytes of an object: it is read or refused with a class,
// and nothing beyond the bound is taken.
func TestMutatedObjectsDoNoHarm(t *testing.T) {
	t.Parallel()
	w := axial([3]float64{0, 0, 1.5})
	var files [][]byte
	for n := range 3 {
		raw, err := dicom.Encode(dicom.ExplicitLittleEndian, single(n, w))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, raw)
	}
	r := rand.New(rand.NewPCG(3, 4))
	read, refusals := 0, 0
	for range 1500 {
		bad := slices.Clone(files[1])
		for range 1 + r.IntN(3) {
			bad[132+r.IntN(len(bad)-132)] = byte(r.Uint32())
		}
		v, err := Read(t.Context(), 3, from(func(_ context.Context, n int) ([]byte, error) {
			if n == 1 {
				return bad, nil
			}
			return files[n], nil
		}), columns*rows*3)
		switch {
		case err == nil && len(v.Slices) == 3 && len(v.Slices[1]) == columns*rows:
			read++
		case errors.Is(err, sinso.ErrUnsupported) || errors.Is(err, sinso.ErrCorrupt) || errors.Is(err, sinso.ErrInvalid) || errors.Is(err, sinso.ErrNotFound):
			refusals++
		default:
			t.Fatalf("got %v, %v", v, err)
		}
	}
	if read == 0 || refusals == 0 {
		t.Errorf("%d read, %d refused", read, refusals)
	}
}
