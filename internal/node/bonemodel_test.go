package node

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"math"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/encapsulated"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/ingest"
)

// chestWithBones draws a chest that is large enough for its bones, and a slice of another
// series, which is no block.
func chestWithBones(t *testing.T) (files [][]byte) {
	t.Helper()
	for _, o := range []phantom.Options{{Seed: 11, Slices: 24, Rows: 96, Columns: 96}, {Seed: 12, Slices: 1, Rows: 96, Columns: 96}} {
		err := phantom.Series(o, func(_ string, raw []byte) error {
			files = append(files, raw)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// stlIn returns the corners of the triangles of an Encapsulated STL, in mm.
func stlIn(t *testing.T, raw []byte) (corners [][3]float32) {
	t.Helper()
	file, err := dicom.Read(raw)
	if err != nil {
		t.Fatal(err)
	}
	if got := file.String(0x00080016); got != encapsulated.STLClass {
		t.Fatalf("it is of class %s", got)
	}
	tree, err := file.Tree()
	if err != nil {
		t.Fatal(err)
	}
	stl := tree.Find(0x00420011).Value
	for n := range int(binary.LittleEndian.Uint32(stl[80:])) {
		for corner := range 3 {
			var p [3]float32
			for axis := range 3 {
				p[axis] = math.Float32frombits(binary.LittleEndian.Uint32(stl[84+50*n+12+12*corner+4*axis:]))
			}
			corners = append(corners, p)
		}
	}
	return corners
}

// TestABoneModelIsMadeOfTheSeriesThatHasBones: of several the one that is a block, twice
// the same bytes; and what has no CT, or no bone, has none.
func TestABoneModelIsMadeOfTheSeriesThatHasBones(t *testing.T) {
	t.Parallel()
	files := chestWithBones(t)
	from := func(files [][]byte) func(int) ([]byte, error) {
		return func(i int) ([]byte, error) { return files[i], nil }
	}
	raw, err := boneModel(t.Context(), len(files), from(files))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := boneModel(t.Context(), len(files), from(files)); err != nil || !bytes.Equal(raw, again) {
		t.Errorf("made again it is other bytes, or %v", err)
	}
	corners := stlIn(t, raw)
	if len(corners) < 3000 || len(corners) > 3*boneTriangles*11/10 {
		t.Errorf("it has %d triangles", len(corners)/3)
	}
	for i, p := range corners {
		if math.Abs(float64(p[0])) > 200 || math.Abs(float64(p[1])) > 200 || math.Abs(float64(p[2])) > 200 {
			t.Fatalf("corner %d is at %v mm: outside of the chest", i, p)
		}
	}
	if _, err := boneModel(t.Context(), 0, nil); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("of nothing: %v", err)
	}
	if _, err := boneModel(t.Context(), 1, from(files[len(files)-1:])); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("of one object: %v", err)
	}
}

// openTown opens both nodes for a test.
func openTown(t *testing.T) *town {
	t.Helper()
	tn := &town{dir: t.TempDir(), clock: fastClock{time.Now(), 60}}
	t.Cleanup(func() {
		if err := tn.close(); err != nil {
			t.Error(err)
		}
	})
	if err := tn.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	return tn
}

// TestABoneModelIsSoldWithItsSurgeon: the surgeon signed it and is in the split, the buyer
// gets it beside the images, in their study, and nothing in it is of the person.
func TestABoneModelIsSoldWithItsSurgeon(t *testing.T) {
	tn := openTown(t)
	files := chestWithBones(t)
	tn.take(t, files)
	surgeon, err := tn.seller.CreatePerson(t.Context(), "test", "m_surgeon", "")
	if err != nil {
		t.Fatal(err)
	}
	row := tn.releaseLargest(t, &sinso.PlannedAuthor{Person: surgeon, Role: "doctor", Work: WorkBoneModel, Bps: 2500})
	if row.State != sinso.ReleaseIsRegistered || row.Instances != 24 {
		t.Fatalf("the release is %s, %s, with %d instances", row.State, row.Reason, row.Instances)
	}
	orders, err := tn.seller.Orders(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	purchase, err := tn.buy(t.Context(), orders[0].Offer)
	if err != nil {
		t.Fatal(err)
	}
	var works, images [][]byte
	err = tn.buyer.Export(t.Context(), purchase, func(name string, plain []byte) error {
		if len(name) > 6 && name[:6] == "works/" {
			works = append(works, plain)
		} else {
			images = append(images, plain)
		}
		return nil
	})
	if err != nil || len(works) != 1 || len(images) != 24 {
		t.Fatalf("%d works and %d images, %v", len(works), len(images), err)
	}
	if len(stlIn(t, works[0])) < 3000 {
		t.Error("the model is empty")
	}
	model, image := read(t, works[0]), read(t, images[0])
	for tag, what := range map[dicom.Tag]string{0x0020000D: "study", 0x00200052: "frame of reference", 0x00100020: "patient"} {
		if got, want := model.String(tag), image.String(tag); got != want || got == "" {
			t.Errorf("it is of %s %q, the images of %q", what, got, want)
		}
	}
	for _, name := range []string{"PHANTOM^CHEST", "PHANTOM-0001", "REFERRER", "Synthetic General", "19700101", "20240117", read(t, files[0]).String(0x0020000D)} {
		if bytes.Contains(works[0], []byte(name)) {
			t.Errorf("it has %q of the original", name)
		}
	}
}

// take imports files into the seller's node.
func (tn *town) take(t *testing.T, files [][]byte) {
	t.Helper()
	_, err := tn.seller.Import(t.Context(), func(_ context.Context, fn func(ingest.Found) error) error {
		for _, raw := range files {
			if err := fn(ingest.Found{Item: sinso.Item{Bytes: raw, Name: sinso.NewPHI("a")}}); err != nil {
				return err
			}
		}
		return nil
	}, ImportOptions{Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, raw []byte) *dicom.File {
	t.Helper()
	file, err := dicom.Read(raw)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// releaseLargest releases the study with the most instances.
func (tn *town) releaseLargest(t *testing.T, author *sinso.PlannedAuthor) sinso.ReleaseRow {
	t.Helper()
	studies, err := tn.seller.Studies(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	study := studies[0]
	for _, other := range studies {
		if other.Instances > study.Instances {
			study = other
		}
	}
	row, err := tn.seller.Release(t.Context(), study.ID, ReleaseOptions{Actor: "test", Price: testPrice, Author: author, Accepted: true})
	if err != nil {
		t.Fatal(err)
	}
	return row
}

// TestAWorkThatCannotBeMadeRefusesTheReleaseAndNoLater: one slice has no
// shape; without the surgeon it is sold.
func TestAWorkThatCannotBeMadeRefusesTheReleaseAndNoLater(t *testing.T) {
	tn := openTown(t)
	files := chestWithBones(t)
	tn.take(t, files[len(files)-1:])
	surgeon, err := tn.seller.CreatePerson(t.Context(), "test", "m_surgeon", "")
	if err != nil {
		t.Fatal(err)
	}
	row := tn.releaseLargest(t, &sinso.PlannedAuthor{Person: surgeon, Role: "doctor", Work: WorkBoneModel, Bps: 2500})
	if row.State != sinso.ReleaseIsRefused || row.Reason != "no-work" || Explain(row.Reason) == "" {
		t.Fatalf("the release is %s, %q", row.State, row.Reason)
	}
	if row := tn.releaseLargest(t, nil); row.State != sinso.ReleaseIsRegistered {
		t.Fatalf("without a work the release is %s, %q", row.State, row.Reason)
	}
}

// TestAHeadHasNoModel: what the face gate withholds is in no work, and who asked for one is
// told of the face.
func TestAHeadHasNoModel(t *testing.T) {
	tn := openTown(t)
	var files [][]byte
	for _, raw := range chestWithBones(t)[:24] {
		tree, err := read(t, raw).Tree()
		if err != nil {
			t.Fatal(err)
		}
		tree.SetString(0x00180015, dicom.VRCS, "HEAD")
		head, err := dicom.Encode(dicom.ExplicitLittleEndian, tree)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, head)
	}
	tn.take(t, files)
	surgeon, err := tn.seller.CreatePerson(t.Context(), "test", "m_surgeon", "")
	if err != nil {
		t.Fatal(err)
	}
	row := tn.releaseLargest(t, &sinso.PlannedAuthor{Person: surgeon, Role: "doctor", Work: WorkBoneModel, Bps: 2500})
	if row.State != sinso.ReleaseIsRefused || row.Reason != deid.ReasonFace || row.Manifest != "" {
		t.Fatalf("the release is %s, %q", row.State, row.Reason)
	}
}
