package web_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestGuidesShowWhatTheRunTakes: every picture that a guide or the README names is one that
// `make guide` takes from the real pages, is there, and is small; and each is named.
func TestGuidesShowWhatTheRunTakes(t *testing.T) {
	const most = 60_000 // bytes
	code, err := os.ReadFile("e2e/guide.ts")
	if err != nil {
		t.Fatal(err)
	}
	taken := matches(`\{ name: "([\w-]+)", role: `, string(code))
	if len(taken) < 5 {
		t.Fatalf("got %v: the pictures are not read", taken)
	}
	texts, err := filepath.Glob("../docs/guide/*.md")
	if err != nil || len(texts) == 0 {
		t.Fatalf("got %v, %v", texts, err)
	}
	var named []string
	for _, name := range append(texts, "../README.md") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, picture := range matches(`img/guide/([^)\s]+)\.webp`, string(text)) {
			named = append(named, picture)
			if !slices.Contains(taken, picture) {
				t.Errorf("%s shows %q, which the run does not take", name, picture)
			}
		}
	}
	for _, picture := range taken {
		if !slices.Contains(named, picture) {
			t.Errorf("no guide shows %q", picture)
		}
		if info, err := os.Stat("../docs/img/guide/" + picture + ".webp"); err != nil || info.Size() > most {
			t.Errorf("%s: %v, or more than %d bytes", picture, err, most)
		}
	}
	files, err := os.ReadDir("../docs/img/guide")
	if err != nil || len(files) != len(taken) {
		t.Errorf("%d files, want %d: %v", len(files), len(taken), err)
	}
}
