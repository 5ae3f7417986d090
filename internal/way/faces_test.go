package way

import (
	"encoding/binary"
	"slices"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/deid/deface/headphantom"
)

// drawnHead is a drawn head as it was scanned, and its objects.
type drawnHead struct {
	scan    headphantom.Scan
	head    headphantom.Head
	series  headphantom.Series
	objects [][]byte
}

func scanHead(t *testing.T, scan headphantom.Scan, series headphantom.Series) drawnHead {
	t.Helper()
	h := drawnHead{scan: scan, head: headphantom.Adult(), series: series}
	h.series.Volume = scan.Measure(h.head.At)
	h.objects = must[[][]byte](t)(h.series.Objects())
	return h
}

// sells is an archive that releases under a preset.
func sells(t *testing.T, preset string) scene {
	t.Helper()
	s := newScene(t)
	s.Chain = contractsOnly{}
	s.profile = must[*deid.Profile](t)(deid.Preset(preset))
	return s
}

// files are the derivatives of a release.
func (s scene) files(row sinso.ReleaseRow) (all []*dicom.File) {
	s.t.Helper()
	ctx := s.t.Context()
	key := must[sinso.CEK](s.t)(s.sealer.Key(ctx, row.Manifest, row.Keys, row.Custodian()))
	for _, object := range must[sinso.Manifest](s.t)(s.readManifest(ctx, row.Manifest, key)).Objects {
		all = append(all, must[*dicom.File](s.t)(dicom.Read(must[[]byte](s.t)(s.open(ctx, object.CID, sinso.CEK(object.Key))))))
	}
	return all
}

// TestHeadIsReleasedWithoutItsFace takes series of a head in, of CT and MR in all
// directions, named or not or named wrongly: under a profile that leaves faces where they
// are nothing is released; under one that takes them out every slice is, in its place and
// with its values, but for the face.
func TestHeadIsReleasedWithoutItsFace(t *testing.T) {
	t.Parallel()
	ct, t1 := headphantom.CT(), headphantom.T1()
	for name, tt := range map[string]struct {
		scan   headphantom.Scan
		series headphantom.Series
	}{
		"CT":                         {headphantom.HeadFirst(ct, 5), headphantom.Series{Name: "A", BodyPart: "HEAD"}},
		"CT, named chest":            {headphantom.HeadFirst(ct, 3), headphantom.Series{Name: "C", BodyPart: "CHEST", Description: "Chest routine"}},
		"CT, gantry tilt, not named": {headphantom.Tilted(headphantom.HeadFirst(ct, 3), 20, true), headphantom.Series{Name: "D", Tilt: 20}},
		"MR, sagittal, not named":    {headphantom.Sagittal(t1, 2, 2), headphantom.Series{Name: "E"}},
		"MR, coronal, named chest":   {headphantom.Coronal(headphantom.FLAIR(), 2, 4), headphantom.Series{Name: "F", BodyPart: "CHEST"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if testing.Short() && name != "CT" {
				t.Skip("left out by -short: needs a second each")
			}
			h := scanHead(t, tt.scan, tt.series)
			s := sells(t, "research-sale")
			study := s.imports(h.objects...).Studies[0]
			row := s.draft(study)
			if row.State != sinso.ReleaseIsRefused || row.Reason != deid.ReasonFace || row.Withheld[deid.ReasonFace] != len(h.objects) {
				t.Fatalf("under research-sale it is %s for %q, withheld %v; want it refused for its face", row.State, row.Reason, row.Withheld)
			}
			s.profile = must[*deid.Profile](t)(deid.Preset("research-sale-defaced"))
			row = s.draft(study)
			if row.State != sinso.ReleaseIsStored || row.Instances != len(h.objects) {
				t.Fatalf("defaced it is %s with %d of %d, withheld %v", row.State, row.Instances, len(h.objects), row.Withheld)
			}
			h.compare(t, s.files(row))
		})
	}
}

// planeTags are what says where a slice lies, and how its values are read and shown.
var planeTags = []dicom.Tag{
	0x00080060, 0x00180050, 0x00181120, 0x00200012, 0x00200013, 0x00200032, 0x00200037, 0x00280002, 0x00280004, 0x00280010, 0x00280011,
	0x00280030, 0x00280100, 0x00280101, 0x00280102, 0x00280103, 0x00281050, 0x00281051, 0x00281052, 0x00281053, 0x00281054,
}

// compare wants every slice in a release, as it was but for the face.
func (h drawnHead) compare(t *testing.T, released []*dicom.File) {
	t.Helper()
	if len(released) != len(h.objects) {
		t.Fatalf("%d slices are released, want %d", len(released), len(h.objects))
	}
	originals := map[string]int{}
	for n, object := range h.objects {
		originals[must[*dicom.File](t)(dicom.Read(object)).String(0x00200013)] = n
	}
	numbers, frames := map[string]bool{}, map[string]bool{}
	brain, vault, changed, nose, noseLeft := 0, 0, 0, 0, 0
	for _, after := range released {
		n, known := originals[after.String(0x00200013)]
		if !known {
			t.Fatalf("slice %q is of no original", after.String(0x00200013))
		}
		before := must[*dicom.File](t)(dicom.Read(h.objects[n]))
		numbers[after.String(0x00200013)], frames[after.String(0x00200052)+after.String(0x0020000E)] = true, true
		for _, tag := range planeTags {
			if got, want := after.Strings(tag), before.Strings(tag); !slices.Equal(got, want) {
				t.Errorf("slice %d: %v is %q, was %q", n, tag, got, want)
			}
		}
		if got, want := after.Strings(0x00080008), before.Strings(0x00080008); got[0] != "DERIVED" || !slices.Equal(got[1:], want[1:]) {
			t.Errorf("slice %d: its pixels changed, and it is %q, was %q", n, got, want)
		}
		was, is := must[[][]byte](t)(before.Frames())[0], must[[][]byte](t)(after.Frames())[0]
		if len(was) != len(is) {
			t.Fatalf("slice %d: %d bytes of pixels, were %d", n, len(is), len(was))
		}
		for i := range len(was) / 2 {
			p := h.scan.In(h.series.Place(i%h.series.Columns, i/h.series.Columns, n))
			same := binary.LittleEndian.Uint16(was[2*i:]) == binary.LittleEndian.Uint16(is[2*i:])
			if !same {
				changed++
			}
			switch what, above := h.head.Skull(p); {
			case !same && (what == headphantom.Brain || what == headphantom.Fluid):
				brain++
			case !same && what == headphantom.Bone && above > 0:
				vault++
			}
			if noseTip(p) && h.head.At(p) == headphantom.Muscle {
				nose++
				if same {
					noseLeft++
				}
			}
		}
	}
	if len(numbers) != len(h.objects) || len(frames) != 1 {
		t.Errorf("%d numbers of %d slices in %d series and frames of reference", len(numbers), len(h.objects), len(frames))
	}
	voxels := len(h.series.Values)
	t.Logf("%.1f %% of the voxels changed; of %d of the nose %d are left", 100*float64(changed)/float64(voxels), nose, noseLeft)
	if brain > 0 || vault > 0 {
		t.Errorf("%d voxels of the brain and %d of the skull around it changed", brain, vault)
	}
	if nose == 0 || 20*noseLeft > nose {
		t.Errorf("of %d voxels of the nose %d are left", nose, noseLeft)
	}
}

// noseTip reports whether a place is where the nose stands out of the face.
func noseTip(p headphantom.Place) bool {
	return headphantom.Oval(p, headphantom.Place{0, -108, -56}, headphantom.Place{12, 16, 12})
}

// TestBrokenHeadsStay: what is no whole block of slices stays where it is under a profile
// that takes faces out, whether its words name a head or nothing.
func TestBrokenHeadsStay(t *testing.T) {
	t.Parallel()
	head := func(name, part string) drawnHead {
		return scanHead(t, headphantom.HeadFirst(headphantom.CT(), 5), headphantom.Series{Name: name, BodyPart: part})
	}
	for name, tt := range map[string]struct {
		part  string
		spoil func(t *testing.T, h *drawnHead)
	}{
		"slices missing": {"HEAD", func(_ *testing.T, h *drawnHead) { h.objects = slices.Delete(h.objects, 20, 24) }},
		"slices missing, not named": {"", func(_ *testing.T, h *drawnHead) {
			h.objects = slices.Delete(h.objects, 12, 14)
		}},
		"one slice of another size": {"HEAD", func(t *testing.T, h *drawnHead) {
			t.Helper()
			small := h.series
			small.Rows = h.series.Rows - 10
			size := small.Rows * small.Columns
			small.Slices, small.Values = 21, slices.Repeat(h.series.Values[:size], 21)
			h.objects[20] = must[[][]byte](t)(small.Objects())[20]
		}},
		"one slice turned": {"HEAD", func(t *testing.T, h *drawnHead) {
			t.Helper()
			turned := h.series
			turned.Row, turned.Column = [3]float64{0, 1, 0}, [3]float64{1, 0, 0}
			h.objects[20] = must[[][]byte](t)(turned.Objects())[20]
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := head("G", tt.part)
			tt.spoil(t, &h)
			s := sells(t, "research-sale-defaced")
			row := s.draft(s.imports(h.objects...).Studies[0])
			if row.State != sinso.ReleaseIsRefused || row.Reason != deid.ReasonFace || row.Withheld[deid.ReasonFace] != len(h.objects) {
				t.Errorf("it is %s for %q, withheld %v of %d", row.State, row.Reason, row.Withheld, len(h.objects))
			}
		})
	}
}
