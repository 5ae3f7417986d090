package render

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"sinso.dev/sinso"
)

// Options say how a frame is drawn; the zero value draws all of it, at its size,
// with the first window or VOI LUT of the file, without overlays.
type Options struct {
	Window   *Window   // instead of those of the file; for gray frames
	VOI      int       // which of the file: its windows from 0, its VOI LUTs after them
	MaxSide  int       // pixels of the longer side if that is less than the frame's; 0 is any
	Viewport *Viewport // instead of MaxSide
	Overlays bool      // draw those of groups 60xx, in white
}

// The functions of a window (VOI LUT Function, PS3.3 C.11.2.1.3).
const (
	Linear      = "LINEAR" // and what is empty
	LinearExact = "LINEAR_EXACT"
	Sigmoid     = "SIGMOID"
)

// Window is a VOI LUT given by its center and width, in the units that the
// Modality LUT gives out (PS3.3 C.11.2.1.2). Width is at least 1 if Function is
// Linear, else above 0.
type Window struct {
	Center, Width float64
	Function      string
}

// ParseWindow reads the value of the query parameter window: center, width and
// function with commas between (PS3.18 §8.3.5.1.4). The function may be left out.
func ParseWindow(text string) (Window, error) {
	parts := strings.Split(text, ",")
	if len(parts) == 2 {
		parts = append(parts, "linear")
	}
	function, known := map[string]string{"linear": Linear, "linear-exact": LinearExact, "sigmoid": Sigmoid}[strings.ToLower(parts[len(parts)-1])]
	if len(parts) != 3 || !known {
		return Window{}, fmt.Errorf("render: window: not a center, a width and a function: %w", sinso.ErrInvalid)
	}
	center, err := strconv.ParseFloat(parts[0], 64)
	width, err2 := strconv.ParseFloat(parts[1], 64)
	w := Window{Center: center, Width: width, Function: function}
	if _, ok := w.ramp(); !ok || err != nil || err2 != nil {
		return Window{}, fmt.Errorf("render: window: its center or width: %w", sinso.ErrInvalid)
	}
	return w, nil
}

// Viewport is the area to draw in and the part of the frame to draw (PS3.18
// §8.3.5.1.3). The part is scaled, its proportions kept, to the largest size that
// fits. All of the source is in pixels of the frame; what of it lies outside is
// left out.
type Viewport struct {
	Width, Height int     // pixels of the area
	X, Y          float64 // left and top of the source; signs do not count
	W, H          float64 // of the source, 0 up to the edge; a negative one mirrors it
}

// ParseViewport reads the value of the query parameter viewport: vw, vh and
// sx, sy, sw, sh with commas between (PS3.18 §8.3.5.1.3). The last four may be
// left out or be empty.
func ParseViewport(text string) (Viewport, error) {
	bad := fmt.Errorf("render: viewport: not two or six numbers: %w", sinso.ErrInvalid)
	parts := strings.Split(text, ",")
	if len(parts) != 2 && len(parts) != 6 {
		return Viewport{}, bad
	}
	var v Viewport
	for i, to := range [...]*int{&v.Width, &v.Height} {
		n, err := strconv.Atoi(parts[i])
		if err != nil || n < 1 {
			return Viewport{}, bad
		}
		*to = n
	}
	for i, to := range [...]*float64{&v.X, &v.Y, &v.W, &v.H} {
		if i+2 >= len(parts) || parts[i+2] == "" {
			continue
		}
		n, err := strconv.ParseFloat(parts[i+2], 64)
		if err != nil || !finite(n) {
			return Viewport{}, bad
		}
		*to = n
	}
	return v, nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// placement is which part of a frame is drawn and how large.
type placement struct {
	left, top, columns, rows int // of the frame
	mirrorX, mirrorY         bool
	width, height            int // of the picture
}

// placement returns where a frame of that size goes.
func (o Options) placement(columns, rows int) (placement, error) {
	at := placement{columns: columns, rows: rows, width: columns, height: rows}
	switch {
	case o.VOI < 0 || o.MaxSide < 0 || o.MaxSide > maxPictureSide:
		return at, fmt.Errorf("render: options: a number that cannot be: %w", sinso.ErrInvalid)
	case o.Viewport != nil:
		if err := o.Viewport.place(&at); err != nil {
			return at, err
		}
	case o.MaxSide > 0 && max(columns, rows) > o.MaxSide:
		longest := max(columns, rows)
		at.width, at.height = max(1, columns*o.MaxSide/longest), max(1, rows*o.MaxSide/longest)
	}
	if int64(at.width)*int64(at.height) > maxPicturePixels {
		return at, fmt.Errorf("render: a picture of %d by %d pixels: %w", at.width, at.height, sinso.ErrUnsupported)
	}
	return at, nil
}

// place changes at, which holds the whole frame.
func (v *Viewport) place(at *placement) error {
	if v.Width < 1 || v.Height < 1 || v.Width > maxPictureSide || v.Height > maxPictureSide ||
		!finite(v.X) || !finite(v.Y) || !finite(v.W) || !finite(v.H) {
		return fmt.Errorf("render: viewport: a number that cannot be: %w", sinso.ErrInvalid)
	}
	at.left, at.columns = span(v.X, v.W, at.columns)
	at.top, at.rows = span(v.Y, v.H, at.rows)
	if at.columns < 1 || at.rows < 1 {
		return fmt.Errorf("render: viewport: its source lies outside of the frame: %w", sinso.ErrInvalid)
	}
	at.mirrorX, at.mirrorY = v.W < 0, v.H < 0
	if at.columns*v.Height <= at.rows*v.Width { // the height decides
		at.width, at.height = (at.columns*v.Height+at.rows/2)/at.rows, v.Height
	} else {
		at.width, at.height = v.Width, (at.rows*v.Width+at.columns/2)/at.columns
	}
	at.width, at.height = max(1, at.width), max(1, at.height)
	return nil
}

// span returns the whole pixels from start on that lie within size.
func span(start, length float64, size int) (from, count int) {
	start, length = math.Abs(start), math.Abs(length)
	if start >= float64(size) {
		return 0, 0
	}
	from = int(start)
	if length == 0 {
		return from, size - from
	}
	end := min(math.Round(start+length), float64(size))
	return from, max(1, int(end)-from)
}
