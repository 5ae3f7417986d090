package tesseract

import (
	"context"
	"errors"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"testing"

	"sinso.dev/sinso"
)

var _ sinso.TextReader = (*Reader)(nil)

func reader(t *testing.T) *Reader {
	t.Helper()
	r, err := Find(t.Context())
	if err != nil {
		t.Fatalf("tesseract is needed: %v", err)
	}
	return r
}

// letters of 5 × 7 dots, enough for a name.
var dots = map[rune][7]string{
	'M': {"#...#", "##.##", "#.#.#", "#.#.#", "#...#", "#...#", "#...#"},
	'I': {"#####", "..#..", "..#..", "..#..", "..#..", "..#..", "#####"},
	'L': {"#....", "#....", "#....", "#....", "#....", "#....", "#####"},
	'E': {"#####", "#....", "#....", "####.", "#....", "#....", "#####"},
	'R': {"####.", "#...#", "#...#", "####.", "#.#..", "#..#.", "#...#"},
}

// write draws a word with dots of so many pixels, and returns where it stands.
func write(picture *image.Gray, word string, at image.Point, dot int, ink uint8) image.Rectangle {
	x := at.X
	for _, letter := range word {
		for row, line := range dots[letter] {
			for column, c := range line {
				for i := range dot * dot {
					if c == '#' {
						picture.SetGray(x+column*dot+i%dot, at.Y+row*dot+i/dot, color.Gray{Y: ink})
					}
				}
			}
		}
		x += 7 * dot
	}
	return image.Rect(at.X, at.Y, x-2*dot, at.Y+7*dot)
}

func TestWordsAreFoundInBothPolarities(t *testing.T) {
	t.Parallel()
	r := reader(t)
	for name, c := range map[string]struct{ paper, ink uint8 }{"bright on dark": {20, 230}, "dark on bright": {230, 20}} {
		picture := image.NewGray(image.Rect(0, 0, 400, 300))
		for i := range picture.Pix {
			picture.Pix[i] = c.paper
		}
		want := write(picture, "MILLER", image.Pt(90, 120), 3, c.ink)
		found, err := r.Words(t.Context(), picture)
		if err != nil {
			t.Fatal(err)
		}
		covered := false
		for _, box := range found {
			covered = covered || want.Inset(6).In(box) && box.In(want.Inset(-12))
		}
		if !covered {
			t.Errorf("%s: the word is at %v, found %v", name, want, found)
		}
	}
}

func TestNothingIsReadWhereNothingStands(t *testing.T) {
	t.Parallel()
	picture := image.NewGray(image.Rect(0, 0, 256, 256))
	for y := range 256 {
		for x := range 256 {
			if (x-128)*(x-128)+(y-128)*(y-128) < 90*90 {
				picture.SetGray(x, y, color.Gray{Y: uint8(100 + (x*y)%7)})
			}
		}
	}
	found, err := reader(t).Words(t.Context(), picture)
	if err != nil || len(found) != 0 {
		t.Errorf("found %v, %v", found, err)
	}
}

func TestALargePictureIsReadInPlace(t *testing.T) {
	t.Parallel()
	picture := image.NewGray(image.Rect(0, 0, 3001, 2003))
	want := write(picture, "MILLER", image.Pt(1500, 1200), 9, 255)
	found, err := reader(t).Words(t.Context(), picture)
	if err != nil || len(found) == 0 || !found[0].Overlaps(want) || !found[0].In(want.Inset(-30)) {
		t.Errorf("the word is at %v, found %v, %v", want, found, err)
	}
}

func TestAPictureWithoutPixelsHasNoWords(t *testing.T) {
	t.Parallel()
	if found, err := reader(t).Words(t.Context(), &image.Gray{}); err != nil || found != nil {
		t.Errorf("found %v, %v", found, err)
	}
}

// TestABrokenProgramIsUnavailable: what fails, floods or hangs is an error, never a
// picture without words.
func TestABrokenProgramIsUnavailable(t *testing.T) {
	t.Parallel()
	picture := image.NewGray(image.Rect(0, 0, 40, 40))
	for name, script := range map[string]string{"fails": "exit 3", "floods": "yes", "is killed": "kill -9 $$"} {
		path := filepath.Join(t.TempDir(), "program")
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		r := &Reader{path: path, languages: "eng"}
		if _, err := r.Words(t.Context(), picture); !errors.Is(err, sinso.ErrUnavailable) {
			t.Errorf("a program that %s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := reader(t).Words(ctx, picture); !errors.Is(err, context.Canceled) {
		t.Errorf("a canceled look: %v", err)
	}
}

// TestOnlyWordsOfTheTableCount: forged or broken lines are passed over.
func TestOnlyWordsOfTheTableCount(t *testing.T) {
	t.Parallel()
	const table = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n" +
		"1\t1\t0\t0\t0\t0\t0\t0\t640\t480\t-1\t\n" +
		"5\t1\t1\t1\t1\t1\t10\t20\t30\t8\t96.5\tMILLER\n" +
		"5\t1\t1\t1\t1\t2\t50\t20\t30\t8\t59.9\tMILLER\n" +
		"5\t1\t1\t1\t1\t3\t50\t20\t30\t8\t96\t--|--\n" +
		"5\t1\t1\t1\t1\t4\t60\t20\t20\t20\t91\t王伟\n" +
		"5\t1\t1\t1\t1\t5\t-3\t20\t30\t8\t96\tMILLER\n" +
		"5\t1\t1\t1\t1\t6\t99999999\t20\t30\t8\t96\tMILLER\n" +
		"5\t1\t1\t1\t1\t7\tx\t20\t30\t8\t96\tMILLER\n" +
		"5\t1\t1\n"
	found := words([]byte(table))
	if len(found) != 2 || found[0] != image.Rect(10, 20, 40, 28) || found[1] != image.Rect(60, 20, 80, 40) {
		t.Errorf("found %v", found)
	}
}

func FuzzWords(f *testing.F) {
	f.Add([]byte("5\t1\t1\t1\t1\t1\t10\t20\t30\t8\t96.5\tMILLER\n"))
	f.Fuzz(func(t *testing.T, table []byte) {
		for _, r := range words(table) {
			if r.Min.X < 0 || r.Min.Y < 0 || r.Max.X > 4*longest || r.Max.Y > 4*longest {
				t.Fatalf("%v", r)
			}
		}
	})
}
