package node

import (
	"context"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/stage/ingest"
)

// chestBut imports a chest of twelve small slices, those that some says.
func chestBut(ctx context.Context, n *Node, some func(int) bool) error {
	_, err := n.Import(ctx, func(_ context.Context, fn func(ingest.Found) error) error {
		at := -1
		return phantom.Series(phantom.Options{Slices: 12, Rows: 32, Columns: 32}, func(name string, part10 []byte) error {
			if at++; !some(at) {
				return nil
			}
			return fn(ingest.Found{Item: sinso.Item{Bytes: part10, Name: sinso.NewPHI(name)}})
		})
	}, ImportOptions{Actor: "test"})
	return err
}

// TestRefusedMendedAndSold walks the whole way with a series that lacks slices at first: it is
// refused, says why, is sold when they have come, and the buyer sees how good it is before
// paying and finds the same in what was bought.
func TestRefusedMendedAndSold(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	tn := &town{dir: t.TempDir(), clock: fastClock{From: time.Now(), Speed: 60}}
	if err := tn.open(ctx); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tn.close(); err != nil {
			t.Error(err)
		}
	})
	if err := chestBut(ctx, tn.seller, func(i int) bool { return i%3 != 1 }); err != nil {
		t.Fatal(err)
	}
	studies, err := tn.seller.Studies(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	options := ReleaseOptions{Actor: "test", Price: testPrice}
	row, err := tn.seller.Release(ctx, studies[0].ID, options)
	if err != nil || row.State != sinso.ReleaseIsRefused || row.Reason != ReasonQuality {
		t.Fatalf("got %s for %q, %v; want it refused for its quality", row.State, row.Reason, err)
	}
	if says := Explain(row.Reason); !strings.Contains(says, "sinso asset grade") { // and not what an archive means by the quality of an image
		t.Errorf("the reason is explained as %q", says)
	}
	report, err := tn.seller.QualityUnder(ctx, string(row.ID), "")
	if err != nil || report.Enough || report.Forecast || report.Parts[4].Part != "continuity" || report.Parts[4].Findings[0].Helps == "" {
		t.Fatalf("told as %+v, %v", report, err)
	}
	if err := chestBut(ctx, tn.seller, func(i int) bool { return i%3 == 1 }); err != nil {
		t.Fatal(err)
	}
	if before, err := tn.seller.QualityUnder(ctx, string(studies[0].ID), ""); err != nil || !before.Enough || !before.Forecast {
		t.Fatalf("mended, the forecast is %+v, %v", before, err)
	}
	offer, err := tn.sell(ctx)
	if err != nil {
		t.Fatal(err)
	}
	look, err := tn.buyer.Look(ctx, offer)
	if err != nil || look.Fields.Quality.Score < 70 {
		t.Fatalf("before paying the buyer sees %+v, %v", look.Fields.Quality, err)
	}
	bought, err := tn.buy(ctx, offer)
	if err != nil {
		t.Fatal(err)
	}
	found, err := tn.buyer.Verify(ctx, bought.Token)
	if err != nil {
		t.Fatal(err)
	}
	said := false
	for _, step := range found.Steps {
		said = said || strings.Contains(step.Says, "quality ")
	}
	if !said {
		t.Errorf("the verification says nothing of it: %+v", found.Steps)
	}
}
