package burnedin

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// TestPagesOfWordsAreHidden: where everything is text nothing around it is quiet, and a line
// has no ground of its own to stand out from.
func TestPagesOfWordsAreHidden(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: needs python3-pil and fonts-dejavu-core")
	}
	t.Parallel()
	out := t.TempDir()
	if b, err := exec.CommandContext(t.Context(), "/usr/bin/python3", "testdata/pages.py", "--out", out, "--seed", "4").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	files, err := filepath.Glob(out + "/*.frm")
	if err != nil || len(files) != 56 {
		t.Fatal(len(files), err)
	}
	words, hidden := 0, 0
	for _, name := range files {
		p := readPlanted(t, name)
		boxes, err := Find(p.Frame)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, r := range p.rectangles() {
			if covered(r, boxes) {
				n++
			}
		}
		if words, hidden = words+len(p.Boxes), hidden+n; 100*n < 80*len(p.Boxes) {
			t.Errorf("%s: %d of %d words are hidden, want 80 %%", p.Name, n, len(p.Boxes))
		}
	}
	t.Logf("%d of %d words are hidden", hidden, words)
	if 1000*hidden < 995*words {
		t.Errorf("%d of %d words are hidden, want 99.5 %%", hidden, words)
	}
}
