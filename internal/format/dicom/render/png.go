package render

import (
	"encoding/binary"
	"fmt"
	"hash"
	"hash/adler32"
	"hash/crc32"
	"image"
	"image/draw"
	"image/jpeg"
	"io"

	"sinso.dev/sinso"
)

const defaultQuality = 90 // of a JPEG, 1 to 100

// EncodeJPEG writes a picture as a JPEG (T.81), gray ones with one component.
// quality is 1 to 100, 0 is 90.
func EncodeJPEG(w io.Writer, picture image.Image, quality int) error {
	if quality == 0 {
		quality = defaultQuality
	}
	if quality < 1 || quality > 100 {
		return fmt.Errorf("render: jpeg: a quality of %d: %w", quality, sinso.ErrInvalid)
	}
	if err := jpeg.Encode(w, picture, &jpeg.Options{Quality: quality}); err != nil {
		return fmt.Errorf("render: jpeg: %w", err)
	}
	return nil
}

// The numbers of a PNG (PNG, third edition, §11.2, §9).
const (
	pngGray, pngColour = 0, 2
	filterAverage      = 3

	blockBytes = 1 << 16 // of rows that are compressed together
	cutBytes   = 1 << 13 // less of them is not compressed alone
)

// EncodePNG writes a picture as a PNG of 8 bits: gray for an [image.Gray], else red,
// green and blue, without transparency. It is made for speed: a fixed filter, runs
// and a Huffman code for each 64 KiB. It takes some 300 KiB beside the picture.
func EncodePNG(w io.Writer, picture image.Image) error {
	e := pngWriter{w: w, sum: adler32.New()}
	bounds := picture.Bounds()
	if bounds.Empty() || bounds.Dx() > maxPictureSide*8 || bounds.Dy() > maxPictureSide*8 {
		return fmt.Errorf("render: png: %d by %d pixels: %w", bounds.Dx(), bounds.Dy(), sinso.ErrInvalid)
	}
	var err error
	switch p := picture.(type) {
	case *image.Gray:
		err = e.encode(bounds, 1, func(dst []byte, y int) { copy(dst, p.Pix[p.PixOffset(bounds.Min.X, y):]) })
	case *image.RGBA:
		err = e.rgba(p)
	default:
		q := image.NewRGBA(bounds)
		draw.Draw(q, bounds, picture, bounds.Min, draw.Src)
		err = e.rgba(q)
	}
	if err != nil {
		return fmt.Errorf("render: png: %w", err)
	}
	return nil
}

// pngWriter writes chunks.
type pngWriter struct {
	w    io.Writer
	sum  hash.Hash32 // Adler-32 of all rows with their filters (RFC 1950 §2.2)
	out  deflater
	rows []byte // filtered, of one block
}

func (e *pngWriter) rgba(p *image.RGBA) error {
	return e.encode(p.Rect, 3, func(dst []byte, y int) {
		from := p.Pix[p.PixOffset(p.Rect.Min.X, y):]
		for i := 0; i+2 < len(dst); i += 3 {
			pixel := from[:4]
			dst[i], dst[i+1], dst[i+2] = pixel[0], pixel[1], pixel[2]
			if from = from[4:]; len(from) < 4 {
				return
			}
		}
	})
}

func (e *pngWriter) encode(bounds image.Rectangle, channels int, row func(dst []byte, y int)) error {
	head := make([]byte, 0, 13)
	head = binary.BigEndian.AppendUint32(head, uint32(bounds.Dx())) //nolint:gosec // bounded
	head = binary.BigEndian.AppendUint32(head, uint32(bounds.Dy())) //nolint:gosec // bounded
	kind := byte(pngGray)
	if channels == 3 {
		kind = pngColour
	}
	head = append(head, 8, kind, 0, 0, 0)
	if _, err := io.WriteString(e.w, "\x89PNG\r\n\x1a\n"); err != nil {
		return err
	}
	if err := e.chunk("IHDR", head); err != nil {
		return err
	}
	if err := e.data(bounds, channels, row); err != nil {
		return err
	}
	return e.chunk("IEND", nil)
}

// data filters the rows and writes them compressed, in one chunk a block.
func (e *pngWriter) data(bounds image.Rectangle, channels int, row func(dst []byte, y int)) error {
	size := bounds.Dx() * channels
	e.rows = make([]byte, 0, min(blockBytes+1+size, bounds.Dy()*(1+size)))
	above, line := make([]byte, size), make([]byte, size)
	e.out.begin()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		row(line, y)
		e.rows = filter(e.rows, line, above, channels)
		above, line = line, above
		if len(e.rows) < blockBytes && y+1 < bounds.Max.Y {
			continue
		}
		if err := e.block(y+1 == bounds.Max.Y); err != nil {
			return err
		}
	}
	return nil
}

// block compresses the rows in hand.
func (e *pngWriter) block(last bool) error {
	_, _ = e.sum.Write(e.rows) // a hash never fails
	for rest := e.rows; len(rest) > 0; {
		n := min(len(rest), blockBytes)
		if len(rest)-n < cutBytes {
			n = len(rest)
		}
		e.out.block(rest[:n], last && n == len(rest))
		if rest = rest[n:]; last && len(rest) == 0 {
			e.out.end(e.sum.Sum32())
		}
		if err := e.chunk("IDAT", e.out.take()); err != nil {
			return err
		}
	}
	e.rows = e.rows[:0]
	return nil
}

// chunk writes one chunk (PNG §5.3).
func (e *pngWriter) chunk(kind string, data []byte) error {
	var head [8]byte
	binary.BigEndian.PutUint32(head[:], uint32(len(data))) //nolint:gosec // a block
	copy(head[4:], kind)
	sum := crc32.Update(crc32.ChecksumIEEE(head[4:]), crc32.IEEETable, data)
	if _, err := e.w.Write(head[:]); err != nil {
		return err
	}
	if _, err := e.w.Write(data); err != nil {
		return err
	}
	_, err := e.w.Write(binary.BigEndian.AppendUint32(nil, sum))
	return err
}
