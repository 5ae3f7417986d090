package burnedin

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
)

var (
	fitFrom  = flag.String("fit", "", "folder of frames by testdata/planted.py: fit the trees to them and rewrite model_gen.go")
	fitStage = flag.Int("fit-stage", 1, "the first stage whose trees are fitted: 1 and 2 look at cells, 3 at cells of lines, 4 at lines")
)

// planted is a frame of testdata/planted.py.
type planted struct {
	dicom.Frame
	Modality, Name string
	Boxes          [][4]int
	Kinds          []string // how each was drawn: style, size of the font in pixels, angle in degrees
	Mask           []byte   // by pixel: how much of it is text
}

func readPlanted(t testing.TB, name string) planted {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	head, data, _ := bytes.Cut(b, []byte("\n"))
	var h struct {
		Rows, Columns, Samples, Allocated, Stored, High int
		Signed, Planar                                  bool
		Photometric, Modality, Name                     string
		Boxes                                           [][4]int
		Kinds                                           []string
		Mask                                            bool
	}
	if err := json.Unmarshal(head, &h); err != nil {
		t.Fatal(err)
	}
	p := planted{Modality: h.Modality, Name: h.Name, Boxes: h.Boxes, Kinds: h.Kinds}
	p.Shape = dicom.Shape{
		Rows: h.Rows, Columns: h.Columns, Samples: h.Samples, Allocated: h.Allocated,
		Stored: h.Stored, High: h.High, Signed: h.Signed, Planar: h.Planar, Photometric: h.Photometric,
	}
	n := p.Bytes()
	p.Data, p.Mask = data[:n:n], data[n:]
	return p
}

func (p planted) rectangles() []image.Rectangle {
	out := make([]image.Rectangle, 0, len(p.Boxes))
	for _, b := range p.Boxes {
		out = append(out, image.Rect(b[0], b[1], b[2], b[3]))
	}
	return out
}

// label says what a cell of a level holds: 1 strokes of text, 0 none, -1 what is
// not to be learnt from: little of a stroke, the gaps in a text, or a text too large
// or too small for the level. near is whether a text is in a neighbouring cell.
func (p planted) label(n, x, y int) (label int, near bool) {
	size := side << n
	cell := image.Rect(x*size, y*size, (x+1)*size, (y+1)*size)
	for i, r := range p.rectangles() {
		if !cell.Overlaps(r.Inset(-size)) {
			continue
		}
		high, _ := strconv.Atoi(strings.Fields(p.Kinds[i])[1])
		switch {
		case n == 0 && high > 44 || n == 1 && high < 14:
			return -1, true
		case !cell.Overlaps(r):
			near = true
		case p.ink(cell) < 4<<(2*n):
			return -1, true
		default:
			return 1, true
		}
	}
	return 0, near
}

func (p planted) ink(r image.Rectangle) int {
	r = r.Intersect(image.Rect(0, 0, p.Columns, p.Rows))
	n := 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if p.Mask[y*p.Columns+x] > 96 {
				n++
			}
		}
	}
	return n
}

// lesson is what trees learn from: features and answers, row by row.
type lesson struct {
	features [][]float32
	yes      []bool
}

// lessons collects cells of the frames: all of text, and of the others as many as
// keep says.
func lessons(t *testing.T, files []string, stage int, keep float64) lesson {
	t.Helper()
	var mu sync.Mutex
	var out lesson
	var wait sync.WaitGroup
	jobs := make(chan string)
	for range runtime.NumCPU() {
		wait.Go(func() {
			for name := range jobs {
				p := readPlanted(t, name)
				r := rand.New(rand.NewPCG(uint64(len(p.Data)), 7))
				var part lesson
				take := func(n, nx int) func(i int, features []float32) {
					return func(i int, features []float32) {
						if v, near := p.label(n, i%nx, i/nx); v == 1 || v == 0 && (near || r.Float64() < keep) {
							part.features = append(part.features, slices.Clone(features))
							part.yes = append(part.yes, v == 1)
						}
					}
				}
				for _, pl := range planes(p.Frame) {
					switch stage {
					case 3:
						p.learnParts(pl, &part)
						continue
					case 4:
						p.learnLines(pl, &part)
						continue
					}
					all := glance(pl)
					for n, l := range all {
						if stage == 2 {
							l.places(n, all[len(all)-1-n], take(n, l.grids[0].nx))
							continue
						}
						for k, g := range l.grids {
							g.each(n, l.grids[1-k], take(n, g.nx))
						}
					}
				}
				mu.Lock()
				out.features = append(out.features, part.features...)
				out.yes = append(out.yes, part.yes...)
				mu.Unlock()
			}
		})
	}
	for _, f := range files {
		jobs <- f
	}
	close(jobs)
	wait.Wait()
	return out
}

// learnParts adds the cells of the lines of text that are found in a plane.
func (p planted) learnParts(pl plane, out *lesson) {
	for n, l := range scan(pl) {
		l.odds = make([]float32, len(l.score))
		lines, _ := l.lines()
		for _, t := range lines {
			v := l.viewOf(t, n)
			v.each(func(i int, features []float32) {
				if yes, _ := p.label(n, i%v.grid.nx, i/v.grid.nx); yes >= 0 {
					out.features = append(out.features, slices.Clone(features))
					out.yes = append(out.yes, yes == 1)
				}
			})
		}
	}
}

// learnLines adds the texts that are found in a plane.
func (p planted) learnLines(pl plane, out *lesson) {
	for n, l := range scan(pl) {
		var texts []text
		l.odds = make([]float32, len(l.score))
		lines, _ := l.lines()
		for _, line := range lines {
			texts = append(texts, l.viewOf(line, n).refined()...)
		}
		for _, t := range texts {
			if yes, known := p.labelLine(image.Rectangle{Min: t.Min.Mul(1 << n), Max: t.Max.Mul(1 << n)}); known {
				out.features = append(out.features, l.describe(t, n, nil))
				out.yes = append(out.yes, yes)
			}
		}
	}
}

// labelLine says whether a box has text: much of one, or it is much of the box. Of what
// has little there is nothing to learn.
func (p planted) labelLine(box image.Rectangle) (yes, known bool) {
	area := func(r image.Rectangle) int { return r.Dx() * r.Dy() }
	near := false
	for _, r := range p.rectangles() {
		in := area(r.Intersect(box))
		if 3*in > area(r) || 2*in > area(box) {
			return true, true
		}
		near = near || in > 0
	}
	return false, !near
}

const bins = 64

// fit boosts trees to the logistic loss, each on a part of the cells.
func fit(t *testing.T, l lesson, rounds int, rate float64) []tree {
	t.Helper()
	n, m := len(l.yes), len(l.features[0])
	borders, binned := bin(l, m)
	odds, grad, hess := make([]float64, n), make([]float64, n), make([]float64, n)
	leaf := make([]uint8, n)
	const calm, part = 5, .4
	var trees []tree
	r := rand.New(rand.NewPCG(1, 2))
	for round := range rounds {
		loss := 0.
		var rows []int32
		for i := range odds {
			p := 1 / (1 + math.Exp(-odds[i]))
			y := 0.
			if l.yes[i] {
				y = 1
			}
			grad[i], hess[i], leaf[i] = y-p, p*(1-p), 0
			loss -= y*math.Log(p+1e-12) + (1-y)*math.Log(1-p+1e-12)
			if r.Float64() < part {
				rows = append(rows, int32(i))
			}
		}
		var tr tree
		for d := range depth {
			f, b := split(binned, borders, grad, hess, leaf, rows, d, calm)
			tr.feature[d], tr.over[d] = uint8(f), borders[f][b]
			for i := range leaf {
				if binned[f][i] > uint8(b) {
					leaf[i] |= 1 << d
				}
			}
		}
		var sg, sh [1 << depth]float64
		for _, i := range rows {
			sg[leaf[i]] += grad[i]
			sh[leaf[i]] += hess[i]
		}
		for k := range sg {
			tr.leaf[k] = int8(min(127, max(-127, math.Round(rate*scale*sg[k]/(sh[k]+calm)))))
		}
		for i, k := range leaf {
			odds[i] += float64(tr.leaf[k]) / scale
		}
		trees = append(trees, tr)
		if round%40 == 39 {
			t.Logf("round %d: loss %.5f of %d cells", round+1, loss/float64(n), n)
		}
	}
	return trees
}

// bin cuts each feature at its quantiles.
func bin(l lesson, m int) (borders [][]float32, binned [][]uint8) {
	borders, binned = make([][]float32, m), make([][]uint8, m)
	n := len(l.yes)
	for f := range m {
		v := make([]float32, 0, 1<<16)
		for i := 0; i < n; i += max(1, n>>16) {
			v = append(v, l.features[i][f])
		}
		slices.Sort(v)
		for b := range bins - 1 {
			x := v[(b+1)*len(v)/bins]
			if len(borders[f]) == 0 || x > borders[f][len(borders[f])-1] {
				borders[f] = append(borders[f], x)
			}
		}
		binned[f] = make([]uint8, n)
		for i := range n {
			k, _ := slices.BinarySearch(borders[f], l.features[i][f])
			binned[f][i] = uint8(k) // borders below the value
		}
	}
	return borders, binned
}

// split finds the question that parts all leaves best.
func split(binned [][]uint8, borders [][]float32, grad, hess []float64, leaf []uint8, rows []int32, d int, calm float64) (feature, border int) {
	m := len(binned)
	gains := make([]struct {
		gain   float64
		border int
	}, m)
	var wait sync.WaitGroup
	jobs := make(chan int)
	for range runtime.NumCPU() {
		wait.Go(func() {
			var g, h [1 << depth][bins]float64
			for f := range jobs {
				for k := range 1 << d {
					g[k], h[k] = [bins]float64{}, [bins]float64{}
				}
				for _, i := range rows {
					k, b := leaf[i], binned[f][i]
					g[k][b] += grad[i]
					h[k][b] += hess[i]
				}
				var gain [bins]float64
				for k := range 1 << d {
					var tg, th, lg, lh float64
					for b := range bins {
						tg += g[k][b]
						th += h[k][b]
					}
					for b := range bins - 1 {
						lg += g[k][b]
						lh += h[k][b]
						gain[b] += lg*lg/(lh+calm) + (tg-lg)*(tg-lg)/(th-lh+calm)
					}
				}
				for b := range borders[f] {
					if gain[b] > gains[f].gain {
						gains[f].gain, gains[f].border = gain[b], b
					}
				}
			}
		})
	}
	for f := range m {
		jobs <- f
	}
	close(jobs)
	wait.Wait()
	for f := range gains {
		if gains[f].gain > gains[feature].gain {
			feature = f
		}
	}
	return feature, gains[feature].border
}

// TestFit rewrites the model; without -fit there is nothing to do.
func TestFit(t *testing.T) {
	if *fitFrom == "" {
		t.Skip("left out without -fit: it rewrites the model, and checks nothing")
	}
	files, _ := filepath.Glob(*fitFrom + "/*.frm")
	// No stage learns from frames that one before it learnt from: it would take their answers for better than they are.
	part := func(from, to int) []string { return files[len(files)*from/100 : len(files)*to/100] }
	if *fitStage <= 1 {
		firstTrees = fit(t, lessons(t, part(0, 25), 1, .05), 130, .25)
	}
	if *fitStage <= 2 {
		secondTrees = fit(t, lessons(t, part(25, 50), 2, .35), 130, .25)
	}
	if *fitStage <= 3 {
		partTrees = fit(t, lessons(t, part(50, 75), 3, 1), 300, .15)
	}
	lineTrees = fit(t, lessons(t, part(75, 100), 4, 1), 400, .12)
	var b bytes.Buffer
	b.WriteString("// Code generated by TestFit. DO NOT EDIT.\n\npackage burnedin\n")
	write := func(name, doc string, trees []tree) {
		fmt.Fprintf(&b, "\n// %s %s\nvar %s = []tree{\n", name, doc, name)
		for _, tr := range trees {
			fmt.Fprintf(&b, "\t{%s, %s, %s},\n", short(tr.feature), short(tr.over), short(tr.leaf))
		}
		b.WriteString("}\n")
	}
	write("firstTrees", "look at a cell by itself.", firstTrees)
	write("secondTrees", "look at a cell and its neighbours.", secondTrees)
	write("partTrees", "look at a cell of a line.", partTrees)
	write("lineTrees", "look at a line as a whole.", lineTrees)
	if err := os.WriteFile("model_gen.go", b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func short(v any) string {
	kind := map[string]string{"[6]uint8": "[depth]uint8", "[6]float32": "[depth]float32", "[64]int8": "[1 << depth]int8"}[fmt.Sprintf("%T", v)]
	return kind + "{" + strings.ReplaceAll(strings.Trim(fmt.Sprint(v), "[]"), " ", ", ") + "}"
}
