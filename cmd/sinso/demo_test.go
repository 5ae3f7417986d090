package main

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// demoKeys are the keys that the demo's help and its readers know.
var demoKeys = map[string][]string{
	"":           strings.Split("ok reason origin settlement import original derivative identity asset trade opened provenance revoked seconds", " "),
	"import":     strings.Split("files instances duplicates conflicts quarantined skipped bytes", " "),
	"original":   {"cid", "tier"},
	"derivative": {"cid", "tier", "instances", "withheld"},
	"identity":   {"token"},
	"asset":      {"token", "tx", "gas"},
	"trade":      {"fillTx", "deliverTx", "releaseTx", "gas", "priceWei", "payouts"},
	"opened":     {"instances", "verified", "dir"},
	"provenance": {"verified", "events"},
	"revoked":    {"deniedAfter"},
}

// TestDemoGoesTheWholeWay runs the demo as a person does, in processes of its own,
// on a chest of three slices: its JSON, what it leaves, and what the buyer got.
func TestDemoGoesTheWholeWay(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes about 13 s; left out by -short")
	}
	s := newScript(t, programDir(t))
	for _, line := range []string{
		"exits 0 sinso demo --json --keep kept chest",
		"exists kept/seller kept/seller.key kept/buyer kept/buyer.key kept/opened",
		"stderr 'cannot be called back by anyone'",
	} {
		if err := s.line(line); err != nil {
			t.Fatalf("%s: %v\nstderr:\n%s", line, err, s.stderr)
		}
	}
	hasDemoKeys(t, s.stdout)
	var got demoResult
	if err := json.Unmarshal([]byte(s.stdout), &got); err != nil {
		t.Fatal(err)
	}
	const all = 3
	if !got.OK || got.Reason != "" || got.Import.Instances != all || got.Derivative.Instances != all || got.Opened.Instances != all {
		t.Errorf("got ok %t, reason %q, %d imported, %d derived, %d opened, want ok and %d of each",
			got.OK, got.Reason, got.Import.Instances, got.Derivative.Instances, got.Opened.Instances, all)
	}
	if !got.Opened.Verified || !got.Provenance.Verified || !got.Revoked.DeniedAfter {
		t.Errorf("got verified %t, provenance %t, denied after %t, want all", got.Opened.Verified, got.Provenance.Verified, got.Revoked.DeniedAfter)
	}
	for _, line := range []string{ // both folders are as they were written; a second demo keeps off
		"exits 0 sinso check --data kept/seller --chain dev:",
		"exits 0 sinso check --data kept/buyer",
		"exits 0 sinso license ls --data kept/buyer --chain dev: --json", // it bought on the seller's
		`stdout '^\[\]$'`,
		"stderr '^1 purchase was made on another chain, or other contracts, than this node is opened on: chain ID 357712155471'",
		"exits 1 sinso demo --keep kept chest",
		"stderr 'is not empty'",
	} {
		if err := s.line(line); err != nil {
			t.Errorf("%s: %v\nstderr:\n%s", line, err, s.stderr)
		}
	}
	saysNothing(t, s)
	isValid(t, s)
	for _, line := range []string{ // what was sold is no original: not here, where it is known, and nowhere else
		"exits 3 sinso import --data kept/seller kept/opened",
		"stdout '^taken +0 '",
		"stdout '^  [0-9]+ derivative\n'",
		"exits 0 sinso record ls --data kept/seller --quarantined --json",
		`stdout '"reason":"derivative".*"person":"p_.*"release":"r_'`,
		"exits 0 sinso init --data clinic",
		"exits 3 sinso import --data clinic kept/opened",
		"stdout '^taken +0 '",
		"exits 0 sinso import --data clinic --research kept/opened",
		"exits 0 sinso study ls --data clinic --json",
		`stdout '"deidentified":[1-9]'`,
	} {
		if err := s.line(line); err != nil {
			t.Errorf("%s: %v\nstdout:\n%s\nstderr:\n%s", line, err, s.stdout, s.stderr)
		}
	}
}

func hasDemoKeys(t *testing.T, text string) {
	t.Helper()
	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &object); err != nil {
		t.Fatal(err)
	}
	for name, keys := range demoKeys {
		part := object
		if name != "" {
			part = nil
			if err := json.Unmarshal(object[name], &part); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if err := sameKeys(part, keys); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// saysNothing looks in the logs of both nodes for what identifies the patient.
func saysNothing(t *testing.T, s *script) {
	t.Helper()
	originals, err := filepath.Glob(s.path("chest/*"))
	if err != nil || len(originals) == 0 {
		t.Fatalf("got %d originals, err %v, want some", len(originals), err)
	}
	for _, name := range []string{"kept/seller.log", "kept/buyer.log"} {
		log, err := os.ReadFile(s.path(name))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range originals {
			if strings.Contains(string(log), filepath.Base(path)) {
				t.Errorf("%s names a file of the patient", name)
			}
		}
		for _, secret := range []string{"1.2.826", "2.25.", "^"} {
			if strings.Contains(string(log), secret) {
				t.Errorf("%s holds %q", name, secret)
			}
		}
	}
}

// isValid compares what dciodvfy finds wrong with what the buyer got with what it
// found wrong with the originals.
func isValid(t *testing.T, s *script) {
	t.Helper()
	before, after := dicomErrors(t, s.path("chest")), dicomErrors(t, s.path("kept/opened"))
	for text := range maps.Keys(after) {
		if !before[text] {
			t.Errorf("dciodvfy finds in what was bought, and not in the originals: %s", text)
		}
	}
}

// dicomErrors returns the lines with errors of dciodvfy, for all files of a folder.
func dicomErrors(t *testing.T, dir string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.dcm"))
	if err != nil || len(files) == 0 {
		t.Fatalf("got %d files in %s, err %v, want some", len(files), dir, err)
	}
	found := map[string]bool{}
	for _, file := range slices.Sorted(slices.Values(files)) {
		out, err := exec.CommandContext(t.Context(), "dciodvfy", file).CombinedOutput()
		if err != nil && len(out) == 0 {
			t.Fatalf("dciodvfy (scripts/test-deps installs it): %v", err)
		}
		for line := range strings.Lines(string(out)) {
			if strings.HasPrefix(line, "Error") {
				found[line] = true
			}
		}
	}
	return found
}
