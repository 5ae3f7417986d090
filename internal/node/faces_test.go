package node

import (
	"context"
	"encoding/binary"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/deid/deface/headphantom"
	"sinso.dev/sinso/internal/stage/ingest"
)

// TestHeadIsSoldWithoutItsFace takes a CT of a head in and offers it: the usual profile
// refuses, for its face; the one that takes faces out sells it, and what the buyer opens
// has every slice, the brain as it was, and air where the nose was.
func TestHeadIsSoldWithoutItsFace(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: needs a chain that runs for some seconds")
	}
	ctx := t.Context()
	scan, head := headphantom.HeadFirst(headphantom.CT(), 5), headphantom.Adult()
	series := headphantom.Series{Volume: scan.Measure(head.At), Name: "HEAD"}
	objects, err := series.Objects()
	if err != nil {
		t.Fatal(err)
	}
	tn := &town{dir: t.TempDir(), clock: fastClock{time.Now(), 60}, profile: "research-sale"}
	t.Cleanup(func() {
		if err := tn.close(); err != nil {
			t.Error(err)
		}
	})
	if err := tn.open(ctx); err != nil {
		t.Fatal(err)
	}
	imported, err := tn.seller.Import(ctx, func(_ context.Context, fn func(ingest.Found) error) error {
		for _, object := range objects {
			if err := fn(ingest.Found{Item: sinso.Item{Bytes: object}}); err != nil {
				return err
			}
		}
		return nil
	}, ImportOptions{Actor: "test"})
	if err != nil || len(imported.Studies) != 1 {
		t.Fatalf("%d studies, %v", len(imported.Studies), err)
	}
	row, err := tn.seller.Release(ctx, imported.Studies[0], ReleaseOptions{Actor: "test", Price: testPrice})
	if err != nil || row.State != sinso.ReleaseIsRefused || row.Reason != deid.ReasonFace {
		t.Fatalf("as it is: %s for %q, %v; want it refused for its face", row.State, row.Reason, err)
	}
	defaced, err := DeidProfile("research-sale-defaced")
	if err != nil {
		t.Fatal(err)
	}
	row, err = tn.seller.Release(ctx, imported.Studies[0], ReleaseOptions{Actor: "test", Price: testPrice, Profile: defaced})
	if err != nil || row.State != sinso.ReleaseIsRegistered || row.Instances != len(objects) {
		t.Fatalf("defaced: %s with %d of %d, withheld %v, %v", row.State, row.Instances, len(objects), row.Withheld, err)
	}
	orders, err := tn.seller.Orders(ctx, "")
	if err != nil || len(orders) != 1 {
		t.Fatalf("%d orders, %v", len(orders), err)
	}
	bought, err := tn.buy(ctx, orders[0].Offer)
	if err != nil {
		t.Fatal(err)
	}
	places := map[string]int{} // of the slices, by where they lie
	for n := range objects {
		file, err := dicom.Read(objects[n])
		if err != nil {
			t.Fatal(err)
		}
		places[file.String(0x00200032)] = n
	}
	nose, brain, slices := 0, 0, 0
	if err := tn.buyer.Export(ctx, bought, func(_ string, plain []byte) error {
		file, err := dicom.Read(plain)
		if err != nil {
			return err
		}
		n, known := places[file.String(0x00200032)]
		frames, err := file.Frames()
		if err != nil || !known {
			t.Errorf("a slice in no place of the original, or without a frame: %v", err)
			return err
		}
		slices++
		for i := range len(frames[0]) / 2 {
			p := series.Place(i%series.Columns, i/series.Columns, n)
			hu := int16(binary.LittleEndian.Uint16(frames[0][2*i:])) - 1024
			if headphantom.Oval(p, headphantom.Place{0, -114, -56}, headphantom.Place{6, 6, 6}) && hu > -500 {
				nose++
			}
			was := series.Values[(n*series.Rows+i/series.Columns)*series.Columns+i%series.Columns]
			if what, _ := head.Skull(p); what == headphantom.Brain && hu != was {
				brain++
			}
		}
		return nil
	}); err != nil || slices != len(objects) {
		t.Fatalf("%d slices of %d, %v", slices, len(objects), err)
	}
	if nose > 0 || brain > 0 {
		t.Errorf("%d voxels of the nose are there, %d of the brain changed", nose, brain)
	}
}
