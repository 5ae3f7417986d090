package node

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// TestReleaseEndsUnderTheProfileItWasBegunUnder cuts a release off before its
// derivatives are made, sets another profile, and buys: what the buyer opens, and what
// the log says, is of the first profile. What is released afterwards is of the second.
func TestReleaseEndsUnderTheProfileItWasBegunUnder(t *testing.T) {
	t.Parallel()
	ctx, cut := context.WithCancel(t.Context())
	tn := &town{dir: t.TempDir(), clock: fastClock{time.Now(), 60}, profile: "basic", onStep: func(step string) {
		if step == "derive" {
			cut()
		}
	}}
	if err := tn.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := smallChest(t.Context(), tn.seller); err != nil {
		t.Fatal(err)
	}
	if _, err := tn.sell(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("cut off: %v", err)
	}
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}

	tn.profile, tn.onStep = "teaching", nil
	if err := tn.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := tn.close(); err != nil {
			t.Error(err)
		}
	}()
	if err := tn.seller.Resume(t.Context(), "test"); err != nil {
		t.Fatal(err)
	}
	orders, err := tn.seller.Orders(t.Context(), "")
	if err != nil || len(orders) != 1 {
		t.Fatalf("%d orders, %v", len(orders), err)
	}
	row, err := tn.buy(t.Context(), orders[0].Offer)
	if err != nil {
		t.Fatal(err)
	}
	basic, err := DeidProfile("basic")
	if err != nil {
		t.Fatal(err)
	}
	images := 0
	if err := tn.buyer.Export(t.Context(), row, func(_ string, plain []byte) error {
		file, err := dicom.Read(plain)
		if err != nil {
			return err
		}
		if file.String(0x00080060) != "CT" { // the doctor's work
			return nil
		}
		images++
		traced, err := tn.seller.Trace(t.Context(), orders[0].Release, file.String(0x00080018))
		if err != nil || traced.Kind != "instance" || traced.Original == file.String(0x00080018) {
			t.Errorf("the instance leads to %+v, %v", traced, err)
		}
		if got, want := file.String(0x00120063), fmt.Sprintf("%x", basic.Hash()); !strings.HasSuffix(got, want) {
			t.Errorf("made by %q, want profile %s", got, want)
		}
		return nil
	}); err != nil || images != 3 {
		t.Errorf("%d images, %v", images, err)
	}

	if _, err := tn.seller.Trace(t.Context(), orders[0].Release, "2.25.1"); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("a name that nobody gave: %v", err)
	}
	studies, err := tn.seller.Studies(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	later, err := tn.seller.Release(t.Context(), studies[0].ID, ReleaseOptions{Actor: "test", Price: testPrice})
	if err != nil || later.State != sinso.ReleaseIsRegistered || !strings.Contains(later.Profile, `"teaching"`) {
		t.Errorf("the next release: %s under %.80q, %v", later.State, later.Profile, err)
	}
}

// TestProfilesThatMayNotSellAreRefused: a node whose releases would be limited data
// does not open; nor one whose profile is not there or not understood.
func TestProfilesThatMayNotSellAreRefused(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: slow under the race detector")
	}
	dir := t.TempDir()
	own := filepath.Join(dir, "own.toml")
	if err := os.WriteFile(own, []byte("format = 1\nname = \"own\"\ntable = \"PS3.15-2024b\"\noptions = [\"clean-everything\"]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for profile, want := range map[string]error{
		"clinical-share": sinso.ErrInvalid, "registry": sinso.ErrInvalid, own: sinso.ErrInvalid,
		filepath.Join(dir, "none.toml"): sinso.ErrNotFound,
	} {
		tn := &town{dir: filepath.Join(dir, "node of "+filepath.Base(profile)), clock: wall{}, profile: profile}
		if err := tn.open(t.Context()); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", profile, err, want)
		}
		_ = tn.close()
	}
}
