package jpeg2000

import "testing"

// TestBytesThatNoPassNeedsAreSpare: what is put behind a code-block's own bytes is
// counted, and an encoder's own bytes are not.
func TestBytesThatNoPassNeedsAreSpare(t *testing.T) {
	t.Parallel()
	m := Image{Rows: 64, Columns: 64, Samples: 1, Precision: 8, Pixels: make([]byte, 64*64)}
	for i := range m.Pixels {
		m.Pixels[i] = byte(i * i >> 5)
	}
	data, err := EncodeLossless(m)
	if err != nil {
		t.Fatal(err)
	}
	if m, err = Decode(data, 1<<20); err != nil || m.Spare != 0 {
		t.Fatalf("%d bytes to spare of our own: %v", m.Spare, err)
	}
	h, err := parse(data)
	if err != nil {
		t.Fatal(err)
	}
	d := decoder{codestream: h, canvas: newCanvas(h), workers: 1}
	tile, err := d.newTile(0, len(data))
	if err != nil {
		t.Fatal(err)
	}
	if err := tile.read(); err != nil {
		t.Fatal(err)
	}
	jobs := tile.jobs(0)
	if len(jobs) == 0 {
		t.Fatal("no code-block")
	}
	for _, job := range jobs {
		last := &job.segments[len(job.segments)-1]
		last.data = append(last.data[:len(last.data):len(last.data)], "DOE^JANE"...)
		if err := new(blockDecoder).decode(job.block, job.band.orientation, tile.parts[0].style); err != nil {
			t.Fatal(err)
		}
		if job.spare <= slack {
			t.Errorf("a code-block of %d bytes has %d to spare", len(last.data), job.spare)
		}
	}
}
