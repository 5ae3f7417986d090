package deid

import (
	"context"
	"fmt"
	"image"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
	"sinso.dev/sinso/internal/stage/deid/burnedin"
)

// read marks the words that can still be read once the marks are blanked. It looks at
// the first, the middle and the last frame, since a reader takes a hundred times as long
// as the detector, and what is written over a picture stays where it is: what it finds
// in one is blanked in all.
func (v *visible) read(ctx context.Context, reader sinso.TextReader, file *dicom.File, frames int, bounds image.Rectangle) error {
	if reader == nil {
		return nil
	}
	found := v.marks
	for _, n := range slices.Compact([]int{0, frames / 2, frames - 1}) {
		words, err := wordsOf(ctx, reader, file, n, found)
		if err != nil {
			return err
		}
		if len(words) > maxWords || len(words)*frames > maxMarks {
			v.share, v.page = 1, true
			return nil
		}
		for k := range frames {
			for _, word := range words {
				v.marks = append(v.marks, Mark{k, word.Inset(-wordMargin).Intersect(bounds), ByReader})
			}
		}
	}
	return nil
}

// wordsOf returns the words in one frame beside its marks.
func wordsOf(ctx context.Context, reader sinso.TextReader, file *dicom.File, n int, marks []Mark) ([]image.Rectangle, error) {
	frame, err := codec.Frame(file, n)
	if err != nil {
		return nil, fmt.Errorf("deid: frame %d: %w", n, err)
	}
	picture, err := burnedin.Gray(frame)
	if err != nil {
		return nil, fmt.Errorf("deid: frame %d: %w", n, err)
	}
	for _, mark := range marks {
		if mark.Frame == n {
			blacken(picture, mark.Box)
		}
	}
	words, err := reader.Words(ctx, picture)
	if err != nil {
		return nil, fmt.Errorf("deid: frame %d: a second look for text: %w", n, err)
	}
	return words, nil
}

const (
	// maxWords is how many words a frame may have: with more it is a page of text.
	maxWords = 200
	// wordMargin is how many pixels around a word go with it: parts of its letters.
	wordMargin = 3
)

// blacken blanks a rectangle of a picture.
func blacken(picture *image.Gray, box image.Rectangle) {
	box = box.Intersect(picture.Rect)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		clear(picture.Pix[picture.PixOffset(box.Min.X, y):picture.PixOffset(box.Max.X, y)])
	}
}
