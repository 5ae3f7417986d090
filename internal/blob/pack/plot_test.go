package pack_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// plotted names the file that BenchmarkBlocksByTheMillion draws its rates into, as SVG; none
// if it is not set.
const plotted = "SINSO_BENCH_PLOT"

// rate is how fast blocks are put and got when a store has so many.
type rate struct {
	blocks    int
	put, read float64 // a second
}

// plot draws the rates over the number of blocks.
func plot(b *testing.B, path string, rates []rate) {
	b.Helper()
	const left, right, top, bottom = 80.0, 640.0, 40.0, 320.0
	most := 0.0
	for _, r := range rates {
		most = max(most, r.put, r.read)
	}
	const step = 50_000
	lines := int(most)/step + 1
	last := float64(rates[len(rates)-1].blocks)
	x := func(blocks float64) float64 { return left + (right-left)*blocks/last }
	y := func(a float64) float64 { return bottom - (bottom-top)*a/float64(lines*step) }
	var s strings.Builder
	s.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 380" font-family="sans-serif" font-size="12">
<title>Blocks stored and read a second, by how many there are</title>
<rect width="760" height="380" fill="#ffffff"/>
<text x="80" y="22" font-size="14" fill="#111">Blocks of 400 bytes a second, by how many there are</text>
`)
	for i := range lines + 1 {
		at := y(float64(i * step))
		fmt.Fprintf(&s, "<line x1=\"%.0f\" y1=\"%.1f\" x2=\"%.0f\" y2=\"%.1f\" stroke=\"#ddd\"/><text x=\"72\" y=\"%.1f\" text-anchor=\"end\" fill=\"#444\">%dk</text>\n", left, at, right, at, at+4, i*step/1000)
	}
	for _, r := range rates {
		fmt.Fprintf(&s, "<text x=\"%.1f\" y=\"340\" text-anchor=\"middle\" fill=\"#444\">%.3g</text>\n", x(float64(r.blocks)), float64(r.blocks)/1e6)
	}
	fmt.Fprintf(&s, "<text x=\"%.0f\" y=\"362\" text-anchor=\"middle\" fill=\"#444\">million blocks</text>\n", (left+right)/2)
	for _, line := range []struct {
		name, color string
		of          func(rate) float64
	}{{"read", "#0f6b66", func(r rate) float64 { return r.read }}, {"stored, synced", "#a3420c", func(r rate) float64 { return r.put }}} {
		var points []string
		for _, r := range rates {
			points = append(points, fmt.Sprintf("%.1f,%.1f", x(float64(r.blocks)), y(line.of(r))))
		}
		fmt.Fprintf(&s, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>\n<text x=\"650\" y=\"%.1f\" fill=\"%s\">%s</text>\n",
			line.color, strings.Join(points, " "), y(line.of(rates[len(rates)-1]))+4, line.color, line.name)
	}
	s.WriteString("</svg>\n")
	if err := os.WriteFile(path, []byte(s.String()), 0o644); err != nil {
		b.Fatal(err)
	}
}
