package quality_test

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/quality"
)

func newGate(tb testing.TB) *quality.Gate {
	tb.Helper()
	g, err := quality.New()
	if err != nil {
		tb.Fatal(err)
	}
	return g
}

func printed(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// chest is the derivatives of n slices of a synthetic chest.
func chest(tb testing.TB, n int) []dicom.Dataset {
	tb.Helper()
	profile, err := deid.Preset(deid.DefaultPreset)
	if err != nil {
		tb.Fatal(err)
	}
	var all []dicom.Dataset
	err = phantom.Series(phantom.Options{Slices: n, Rows: 64, Columns: 64}, func(_ string, raw []byte) error {
		result, err := profile.Clean(tb.Context(), sinso.Record{Kind: sinso.KindDICOM, Bytes: raw}, deid.Release{Secret: [32]byte{1}, Believe: true})
		if err != nil {
			return err
		}
		all = append(all, tree(tb, result.Clean.Bytes))
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return all
}

func tree(tb testing.TB, file []byte) dicom.Dataset {
	tb.Helper()
	f, err := dicom.Read(file)
	if err != nil {
		tb.Fatal(err)
	}
	ds, err := f.Tree()
	if err != nil {
		tb.Fatal(err)
	}
	return ds
}

func encode(tb testing.TB, ds dicom.Dataset) []byte {
	tb.Helper()
	file, err := dicom.Encode(dicom.ExplicitLittleEndian, ds)
	if err != nil {
		tb.Fatal(err)
	}
	return file
}

func series(tb testing.TB, g *quality.Gate, all []dicom.Dataset) quality.Series {
	tb.Helper()
	var s quality.Series
	for _, ds := range all {
		i, err := g.Read(encode(tb, ds), printed)
		if err != nil {
			tb.Fatal(err)
		}
		s.Instances = append(s.Instances, i)
	}
	return s
}

func assess(tb testing.TB, g *quality.Gate, all []dicom.Dataset) sinso.Quality {
	tb.Helper()
	return quality.Assess(quality.Release{Series: []quality.Series{series(tb, g, all)}})
}

func part(q sinso.Quality, name quality.Part) sinso.QualityPart {
	return q.Parts[slices.Index(quality.Parts(), name)]
}

func has(q sinso.Quality, name quality.Part, finding string) bool {
	return slices.ContainsFunc(part(q, name).Findings, func(f sinso.QualityFinding) bool { return f.Finding == finding })
}

func us(v uint16) []byte { return binary.LittleEndian.AppendUint16(nil, v) }

func each(fn func(*dicom.Dataset)) func([]dicom.Dataset) []dicom.Dataset {
	return func(all []dicom.Dataset) []dicom.Dataset {
		for i := range all {
			fn(&all[i])
		}
		return all
	}
}

func TestProperSeriesPasses(t *testing.T) {
	t.Parallel()
	q := assess(t, newGate(t), chest(t, 20))
	if q.Score < 85 || q.Instances != 20 || q.Version != quality.Version {
		t.Errorf("got %+v", q)
	}
	for _, p := range q.Parts {
		if p.Part != string(quality.Resolution) && p.Part != string(quality.Structure) && p.Score != 100 {
			t.Errorf("%s: got %+v", p.Part, p)
		}
	}
	t.Logf("%+v", q)
}

// TestBrokenSeriesAreFound breaks a series in one way each.
func TestBrokenSeriesAreFound(t *testing.T) {
	t.Parallel()
	g := newGate(t)
	without := func(tags ...dicom.Tag) func([]dicom.Dataset) []dicom.Dataset {
		return each(func(ds *dicom.Dataset) {
			for _, tag := range tags {
				ds.Remove(tag)
			}
		})
	}
	text := func(tag dicom.Tag, vr dicom.VR, values ...string) func([]dicom.Dataset) []dicom.Dataset {
		return each(func(ds *dicom.Dataset) { ds.SetString(tag, vr, values...) })
	}
	for name, tt := range map[string]struct {
		change  func([]dicom.Dataset) []dicom.Dataset
		part    quality.Part
		finding string
		refused bool
	}{
		"no spacing":          {without(0x00280030), quality.Validity, "missing", true},
		"an empty position":   {text(0x00200032, "DS"), quality.Validity, "empty", true},
		"no class":            {without(0x00080016), quality.Validity, "missing", true},
		"no sex":              {without(0x00100040), quality.Validity, "missing", false},
		"a sex that is none":  {text(0x00100040, "CS", "X"), quality.Validity, "value", false},
		"a date that is none": {text(0x00080020, "DA", "20241399"), quality.Validity, "value", false},
		"text for a number":   {text(0x00281053, "DS", "one"), quality.Validity, "value", false},
		"bits beyond cells":   {each(func(ds *dicom.Dataset) { ds.Find(0x00280101).Value = us(17) }), quality.Validity, "value", true},
		"a colour CT":         {each(func(ds *dicom.Dataset) { ds.Find(0x00280002).Value = us(3) }), quality.Validity, "missing", true},
		"a class of its own":  {text(0x00080016, "UI", "1.2.3"), quality.Validity, "unknown-class", false},
		"half a code": {each(func(ds *dicom.Dataset) {
			ds.Set(dicom.DataElement{Tag: 0x00082218, VR: "SQ", Items: []dicom.Dataset{{Elements: []dicom.DataElement{{Tag: 0x00080104, VR: "LO", Value: []byte("Chest ")}}}}})
		}), quality.Validity, "code", false},
		"text without a character set": {each(func(ds *dicom.Dataset) {
			ds.Remove(0x00080005)
			ds.Set(dicom.DataElement{Tag: 0x00080070, VR: "LO", Value: []byte("M\xfcller")})
		}), quality.Structure, "charset", false},
		"pixels cut off": {each(func(ds *dicom.Dataset) { e := ds.Find(0x7FE00010); e.Value = e.Value[:len(e.Value)/2] }), quality.Completeness, "frames", true},
		"no pixels":      {without(0x7FE00010), quality.Completeness, "frames", true},
		"one slice less": {func(all []dicom.Dataset) []dicom.Dataset { return slices.Delete(all, 9, 10) }, quality.Completeness, "slices", false},
		"six slices less": {func(all []dicom.Dataset) []dicom.Dataset {
			for _, at := range []int{17, 14, 11, 8, 5, 2} {
				all = slices.Delete(all, at, at+1)
			}
			return all
		}, quality.Continuity, "gap", true},
		"every second slice": {func(all []dicom.Dataset) (half []dicom.Dataset) {
			for i := 0; i < len(all); i += 2 {
				half = append(half, all[i])
			}
			return half
		}, quality.Completeness, "numbers", false},
		"a slice twice": {func(all []dicom.Dataset) []dicom.Dataset { return append(all, all[3]) }, quality.Continuity, "double", false},
		"two frames of reference": {func(all []dicom.Dataset) []dicom.Dataset {
			for i := range all[:8] {
				all[i].SetString(0x00200052, "UI", "1.2.3.4")
			}
			return all
		}, quality.Continuity, "reference", true},
		"turned": {func(all []dicom.Dataset) []dicom.Dataset {
			for i := range all[:8] {
				all[i].SetString(0x00200037, "DS", "0", "1", "0", "0", "0", "-1")
			}
			return all
		}, quality.Continuity, "turned", true},
		"uneven": {func(all []dicom.Dataset) []dicom.Dataset {
			z := 0.0
			for i := range all {
				z += float64(1 + i*i%5)
				all[i].SetString(0x00200032, "DS", "0", "0", fmt.Sprint(z))
			}
			return all
		}, quality.Continuity, "uneven", true},
		"nowhere":    {text(0x00200032, "DS", "NaN", "NaN", "NaN"), quality.Continuity, "unplaced", true},
		"not marked": {without(0x00120062, 0x00120063, 0x00120064, 0x00280303, 0x00280301), quality.Deid, "not-marked", true},
		"all alike": {func(all []dicom.Dataset) []dicom.Dataset {
			for i := range all {
				all[i].Find(0x7FE00010).Value = all[0].Find(0x7FE00010).Value
			}
			return all
		}, quality.Uniqueness, "doubled", true},
		"all alike, of another class": {func(all []dicom.Dataset) []dicom.Dataset {
			for i := range all {
				all[i].SetString(0x00080016, "UI", "1.2.3")
				all[i].Find(0x7FE00010).Value = all[0].Find(0x7FE00010).Value
			}
			return all
		}, quality.Uniqueness, "doubled", true},
		"cut off, of another class": {each(func(ds *dicom.Dataset) {
			ds.SetString(0x00080016, "UI", "1.2.3")
			e := ds.Find(0x7FE00010)
			e.Value = e.Value[:len(e.Value)/2]
		}), quality.Completeness, "frames", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := assess(t, g, tt.change(chest(t, 20)))
			if !has(q, tt.part, tt.finding) {
				t.Errorf("%s has no finding %q: %+v", tt.part, tt.finding, q)
			}
			if got := q.Score < quality.Least; got != tt.refused {
				t.Errorf("refused is %v: %+v", got, q)
			}
		})
	}
}

// TestTakingOutNeverRaises: whatever else is wrong, a required attribute that is taken out of
// any of the instances raises no part and not the whole.
func TestTakingOutNeverRaises(t *testing.T) {
	t.Parallel()
	g := newGate(t)
	whole := chest(t, 4)
	required := g.Required("1.2.840.10008.5.1.4.1.1.2")
	if len(required) < 40 {
		t.Fatalf("%d attributes are required of a CT", len(required))
	}
	rapid.Check(t, func(t *rapid.T) {
		all := make([]dicom.Dataset, len(whole))
		for i := range all {
			all[i].Elements = slices.Clone(whole[i].Elements)
		}
		damage := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) [3]int {
			return [3]int{rapid.IntRange(0, len(all)-1).Draw(t, "instance"), rapid.IntRange(0, len(required)-1).Draw(t, "attribute"), rapid.IntRange(0, 4).Draw(t, "how")}
		}), 0, 12).Draw(t, "damage")
		for _, d := range damage {
			hurt(&all[d[0]], required[d[1]], d[2], &all[(d[0]+1)%len(all)])
		}
		judge := func() sinso.Quality {
			var s quality.Series
			for _, ds := range all {
				file, err := dicom.Encode(dicom.ExplicitLittleEndian, ds)
				if err != nil {
					t.Skip("cannot be written")
				}
				i, err := g.Read(file, printed)
				if err != nil {
					t.Skip("cannot be read")
				}
				s.Instances = append(s.Instances, i)
			}
			return quality.Assess(quality.Release{Series: []quality.Series{s}})
		}
		before := judge()
		tag := rapid.SampledFrom(required).Draw(t, "taken out")
		all[rapid.IntRange(0, len(all)-1).Draw(t, "of")].Remove(tag)
		after := judge()
		if after.Score > before.Score {
			t.Errorf("without %v the score is %d, was %d:\n%+v\n%+v", tag, after.Score, before.Score, after, before)
		}
	})
}

// hurt makes something of an attribute: nothing, empty, a strange value, its neighbour's.
func hurt(ds *dicom.Dataset, tag dicom.Tag, how int, other *dicom.Dataset) {
	e := ds.Find(tag)
	switch {
	case e == nil:
	case how == 0:
		ds.Remove(tag)
	case how == 1:
		e.Value, e.Items = nil, nil
	case how == 2 && e.VR != "SQ":
		e.Value = []byte("XYZ ")
	case how == 3 && len(e.Value) == 2:
		e.Value = us(3)
	case other.Find(tag) != nil:
		*e = *other.Find(tag)
	}
}

// TestPartOfALargeReleaseIsKnown: by their samples it is seen how much of a release another has.
func TestPartOfALargeReleaseIsKnown(t *testing.T) {
	t.Parallel()
	g := newGate(t)
	one := chest(t, 1)[0]
	many := func(from, to int) quality.Series {
		var all []dicom.Dataset
		for i := from; i < to; i++ {
			ds := dicom.Dataset{Elements: slices.Clone(one.Elements)}
			pixels := slices.Clone(ds.Find(0x7FE00010).Value)
			binary.LittleEndian.PutUint32(pixels, uint32(i))
			ds.Find(0x7FE00010).Value = pixels
			all = append(all, ds)
		}
		return series(t, g, all)
	}
	sold := many(0, 1000)
	sketch := quality.SketchOf([]quality.Series{sold})
	again, err := quality.ReadSketch(sketch.Bytes())
	if err != nil || !slices.Equal(again, sketch) || len(sketch) != 256 {
		t.Fatalf("a sample of %d is read as %d, %v", len(sketch), len(again), err)
	}
	for name, tt := range map[string]struct{ from, to, least, most int }{
		"none of it": {1000, 1200, 100, 100}, "a small part of it": {100, 140, 0, 0}, "all of it": {0, 1000, 0, 0}, "half of it and as much else": {500, 1500, 38, 62},
	} {
		own := many(tt.from, tt.to)
		q := quality.Assess(quality.Release{Series: []quality.Series{own}, Market: []quality.Sketch{sketch}})
		if got := part(q, quality.Uniqueness).Score; got < tt.least || got > tt.most {
			t.Errorf("%s: uniqueness %d, want %d to %d", name, got, tt.least, tt.most)
		}
		if tt.most == 0 && q.Score > quality.Slack {
			t.Errorf("%s: the score is %d", name, q.Score)
		}
		fresh := quality.Assess(quality.Release{Series: []quality.Series{own}})
		if now := quality.Renewed(fresh, quality.SketchOf([]quality.Series{own}), []quality.Sketch{sketch}); part(now, quality.Uniqueness).Score < tt.least || part(now, quality.Uniqueness).Score > tt.most {
			t.Errorf("%s: later uniqueness is %d, want %d to %d", name, part(now, quality.Uniqueness).Score, tt.least, tt.most)
		}
	}
	for name, b := range map[string][]byte{"cut": sketch.Bytes()[:9], "too long": make([]byte, 8*257), "out of order": append(slices.Clone(sketch.Bytes()[8:16]), sketch.Bytes()[:8]...)} {
		if _, err := quality.ReadSketch(b); err == nil {
			t.Errorf("a sample that is %s is read", name)
		}
	}
}

// TestSeveralVolumesAtOnePlaceAreNoDoubles: phases of one series lie at the same places.
func TestSeveralVolumesAtOnePlaceAreNoDoubles(t *testing.T) {
	t.Parallel()
	all := chest(t, 8)
	phases := slices.Clone(all)
	for i, ds := range all {
		other := dicom.Dataset{Elements: slices.Clone(ds.Elements)}
		other.SetString(0x00200013, "IS", strconv.Itoa(i+9))
		pixels := slices.Clone(other.Find(0x7FE00010).Value)
		pixels[0]++
		other.Find(0x7FE00010).Value = pixels
		phases = append(phases, other)
	}
	q := assess(t, newGate(t), phases)
	if part(q, quality.Continuity).Score != 100 || part(q, quality.Completeness).Score != 100 {
		t.Errorf("got %+v", q)
	}
	if q := assess(t, newGate(t), phases[:15]); part(q, quality.Continuity).Score == 100 || !has(q, quality.Completeness, "slices") {
		t.Errorf("with one of a phase missing: %+v", q)
	}
}

func BenchmarkRead(b *testing.B) {
	g := newGate(b)
	var file []byte
	if err := phantom.Series(phantom.Options{Slices: 1, Rows: 512, Columns: 512}, func(_ string, raw []byte) error {
		file = raw
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		if _, err := g.Read(file, func([]byte) string { return "f" }); err != nil {
			b.Fatal(err)
		}
	}
}

// TestAPixelOfNothing: one pixel of one bit, whose chrominance is shared, is a frame of no
// whole bit.
func TestAPixelOfNothing(t *testing.T) {
	t.Parallel()
	ds := chest(t, 1)[0]
	for tag, v := range map[dicom.Tag]byte{0x00280010: 1, 0x00280011: 1, 0x00280002: 1, 0x00280100: 1, 0x00280101: 1, 0x00280102: 0} {
		ds.Set(dicom.DataElement{Tag: tag, VR: dicom.VRUS, Value: []byte{v, 0}})
	}
	ds.SetString(0x00280004, dicom.VRCS, "YBR_X_422")
	ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROB, Value: []byte{1, 0}})
	if q := assess(t, newGate(t), []dicom.Dataset{ds}); q.Score >= quality.Least {
		t.Errorf("it is good enough: %+v", q)
	}
}
