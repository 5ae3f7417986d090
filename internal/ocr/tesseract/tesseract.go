// Package tesseract reads words in pictures with the program of that name
// (Apache-2.0, https://tesseract-ocr.github.io), where it is installed. It implements
// [sinso.TextReader].
//
// The picture goes to the program over a pipe and its table of words comes back so:
// no pixel and no word touches a disk.
package tesseract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
	"unicode"

	"sinso.dev/sinso"
)

const (
	program = "tesseract"
	// small is the longer side of a picture that is shown to the program twice as
	// large: it reads letters of 20 pixels best, and pictures have some of 8.
	small = 1200
	// longest is the longer side that any picture is made to have at most.
	longest = 2400
	// sure is the confidence in per cent from which a word counts, and letters how
	// many letters and digits it has at least: below, most of it is texture.
	sure, letters = 60, 3
	// patience bounds one look.
	patience = 30 * time.Second
	// maxTable bounds what the program may answer, in bytes.
	maxTable = 4 << 20
)

// Reader runs the program, once for each picture and polarity.
type Reader struct{ path, languages string }

// Find returns the reader if the program is installed with a language that it can
// read. It is ErrNotFound if not.
func Find(ctx context.Context) (*Reader, error) {
	path, err := exec.LookPath(program)
	if err != nil {
		return nil, fmt.Errorf("tesseract: the program is not installed: %w", sinso.ErrNotFound)
	}
	out, err := (&Reader{path: path}).run(ctx, nil, "--list-langs")
	if err != nil {
		return nil, err
	}
	var languages []string
	for _, line := range strings.Fields(string(out)) {
		if line == "eng" || line == "chi_sim" || line == "chi_tra" {
			languages = append(languages, line)
		}
	}
	if len(languages) == 0 {
		return nil, fmt.Errorf("tesseract: it has neither English nor Chinese: %w", sinso.ErrNotFound)
	}
	return &Reader{path, strings.Join(languages, "+")}, nil
}

// Words implements [sinso.TextReader]: bright letters on dark and dark ones on bright.
func (r *Reader) Words(ctx context.Context, picture *image.Gray) ([]image.Rectangle, error) {
	size := picture.Bounds().Size()
	if size.X < 1 || size.Y < 1 {
		return nil, nil
	}
	shown := sized(picture)
	var out []image.Rectangle
	for range 2 {
		table, err := r.run(ctx, pgm(shown), "stdin", "stdout", "--psm", "11", "-l", r.languages, "tsv")
		if err != nil {
			return nil, err
		}
		for _, word := range words(table) {
			word = scaled(word, shown.Bounds().Size(), size).Add(picture.Bounds().Min).Intersect(picture.Bounds())
			if !word.Empty() {
				out = append(out, word)
			}
		}
		for i, v := range shown.Pix {
			shown.Pix[i] = 255 - v
		}
	}
	return out, nil
}

// run starts the program and returns what it prints.
func (r *Reader) run(ctx context.Context, input []byte, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, r.path, args...) //nolint:gosec // found on the operator's path, words of our own
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
	cmd.Stdin = bytes.NewReader(input)
	cmd.WaitDelay = time.Second
	out := &limited{stop: cancel}
	cmd.Stdout = out // what it says of errors may quote the picture: it is not kept
	err := cmd.Run()
	switch {
	case out.over:
		return nil, fmt.Errorf("tesseract: it answers with more than %d bytes: %w", maxTable, sinso.ErrUnavailable)
	case ctx.Err() != nil && errors.Is(ctx.Err(), context.Canceled):
		return nil, fmt.Errorf("tesseract: %w", ctx.Err())
	case err != nil:
		return nil, fmt.Errorf("tesseract: the program failed, or took more than %v: %w", patience, sinso.ErrUnavailable)
	}
	return out.kept.Bytes(), nil
}

// limited keeps so much of an answer and no more.
type limited struct {
	kept bytes.Buffer // no embedded one, whose ReadFrom would read all
	over bool
	stop func() // ends the program
}

func (l *limited) Write(p []byte) (int, error) {
	if l.kept.Len()+len(p) > maxTable {
		l.over = true
		l.stop()
		return 0, sinso.ErrUnavailable
	}
	return l.kept.Write(p) //nolint:wrapcheck // it never fails
}

// sized returns a copy of the size that the program reads best: twice as large, or
// halved until it is not too large.
func sized(picture *image.Gray) *image.Gray {
	size := picture.Bounds().Size()
	if max(size.X, size.Y) <= small {
		return doubled(picture)
	}
	out := image.NewGray(image.Rectangle{Max: size})
	for y := range size.Y {
		copy(out.Pix[y*out.Stride:], picture.Pix[y*picture.Stride:y*picture.Stride+size.X])
	}
	for max(out.Rect.Dx(), out.Rect.Dy()) > longest {
		out = halved(out)
	}
	return out
}

// doubled returns a picture of twice the size, each pixel the mean of the nearest of
// the picture by their distance.
func doubled(picture *image.Gray) *image.Gray {
	w, h := picture.Bounds().Dx(), picture.Bounds().Dy()
	out := image.NewGray(image.Rect(0, 0, 2*w, 2*h))
	for y := range 2 * h {
		near, far := y/2, min(max(y/2+y%2*2-1, 0), h-1)
		a, b := picture.Pix[near*picture.Stride:], picture.Pix[far*picture.Stride:]
		for x := range 2 * w {
			l, r := x/2, min(max(x/2+x%2*2-1, 0), w-1)
			sum := 9*int(a[l]) + 3*int(a[r]) + 3*int(b[l]) + int(b[r])
			out.Pix[y*out.Stride+x] = uint8(sum / 16) //nolint:gosec // a mean of bytes
		}
	}
	return out
}

// halved returns a picture of half the size: the mean of each four pixels.
func halved(picture *image.Gray) *image.Gray {
	w, h := picture.Rect.Dx(), picture.Rect.Dy()
	out := image.NewGray(image.Rect(0, 0, (w+1)/2, (h+1)/2))
	for y := range out.Rect.Dy() {
		a, b := picture.Pix[2*y*picture.Stride:], picture.Pix[min(2*y+1, h-1)*picture.Stride:]
		for x := range out.Rect.Dx() {
			l, r := 2*x, min(2*x+1, w-1)
			sum := int(a[l]) + int(a[r]) + int(b[l]) + int(b[r])
			out.Pix[y*out.Stride+x] = uint8(sum / 4) //nolint:gosec // a mean of bytes
		}
	}
	return out
}

// scaled returns where a rectangle of a picture lies in one of another size, whole
// pixels around it.
func scaled(r image.Rectangle, from, to image.Point) image.Rectangle {
	up := func(v, to, from int) int { return (v*to + from - 1) / from }
	return image.Rect(r.Min.X*to.X/from.X, r.Min.Y*to.Y/from.Y, up(r.Max.X, to.X, from.X), up(r.Max.Y, to.Y, from.Y))
}

// pgm is a picture as netpbm has it: a header and the pixels.
func pgm(picture *image.Gray) []byte {
	size := picture.Bounds().Size()
	return append(fmt.Appendf(nil, "P5\n%d %d\n255\n", size.X, size.Y), picture.Pix...)
}

// words reads the program's table: level, page, block, paragraph, line, word, left,
// top, width, height, confidence, text. Lines that are no words are passed over.
func words(table []byte) []image.Rectangle {
	const wordLevel, columns = "5", 12
	var out []image.Rectangle
	for line := range strings.Lines(string(table)) {
		fields := strings.SplitN(strings.TrimRight(line, "\r\n"), "\t", columns)
		if len(fields) < columns || fields[0] != wordLevel {
			continue
		}
		var at [4]int
		ok := true
		for i := range at {
			v, err := strconv.Atoi(fields[6+i])
			ok = ok && err == nil && v >= 0 && v <= 2*longest
			at[i] = v
		}
		confidence, err := strconv.ParseFloat(fields[10], 64)
		if ok && err == nil && confidence >= sure && written(fields[11]) >= letters {
			out = append(out, image.Rect(at[0], at[1], at[0]+at[2], at[1]+at[3]))
		}
	}
	return out
}

// written counts letters and digits. A Chinese character counts as two: a name may
// have no more than that many.
func written(text string) int {
	n := 0
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Han, r):
			n += 2
		case unicode.IsLetter(r), unicode.IsDigit(r):
			n++
		}
	}
	return n
}
