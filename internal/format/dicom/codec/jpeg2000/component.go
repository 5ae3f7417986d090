package jpeg2000

import "sync"

// blockJob is a code-block with where it belongs.
type blockJob struct {
	*block
	band *band
}

// jobs returns the code-blocks of a component that have something.
func (t *tile) jobs(c int) []blockJob {
	var jobs []blockJob
	for _, p := range t.precincts {
		if p.component != c {
			continue
		}
		for i := range p.bands {
			b := &p.bands[i]
			for k := range b.blocks {
				if b.blocks[k].included {
					jobs = append(jobs, blockJob{&b.blocks[k], b.band})
				}
			}
		}
	}
	return jobs
}

// writer writes a row of a decoded code-block: for each cell magnitudes with one bit
// of fraction and a sign, a stripe's height apart.
type writer[T coefficient] func(to []T, magnitudes []uint32, step float32)

// synthesised decodes the code-blocks of a component of a tile, and undoes its wavelet.
func synthesised[T coefficient](d *decoder, t *tile, c int, write writer[T], lift lifter[T]) (plane[T], error) {
	tc := &t.parts[c]
	p := plane[T]{stride: tc.x1 - tc.x0}
	p.cells = make([]T, p.stride*(tc.y1-tc.y0))
	jobs := t.jobs(c)
	var mu sync.Mutex // guards failed
	var failed error
	roi := d.shift(&t.params, c)
	parallel(d.workers, len(jobs), func() func(int) {
		decoder, _ := d.blocks.Get().(*blockDecoder)
		if decoder == nil {
			decoder = new(blockDecoder)
		}
		return func(i int) {
			job := jobs[i]
			if err := decoder.decode(job.block, job.band.orientation, tc.style); err != nil {
				mu.Lock()
				failed = err
				mu.Unlock()
				return
			}
			if roi > 0 {
				decoder.unscale(roi)
			}
			at := (job.y0-job.band.y0+job.band.atY)*p.stride + job.x0 - job.band.x0 + job.band.atX
			for y := range decoder.height {
				from := decoder.magnitudes[(y&^(stripe-1))*decoder.width+y&(stripe-1):]
				write(p.cells[at+y*p.stride:][:decoder.width], from, job.band.step)
			}
		}
	})
	if failed != nil {
		return p, failed
	}
	for _, job := range jobs {
		d.canvas.image.Spare += max(job.spare-slack, 0)
	}
	for _, r := range tc.resolutions[1:] {
		if !r.empty() {
			p.synthesise(span{r.x0, r.y0, r.x1 - r.x0, r.y1 - r.y0}, d.workers, lift)
		}
	}
	return p, nil
}

// unscale undoes the scaling of the region of interest (T.800 §H.1): what is so
// large that it can't be background is shifted down.
func (d *blockDecoder) unscale(roi int) {
	stripes := (d.height + stripe - 1) >> stripeLog
	cells := d.magnitudes[:d.width*stripes*stripe]
	for i, v := range cells {
		if magnitude := v &^ signBit; uint64(magnitude) >= 2<<roi {
			cells[i] = magnitude>>roi | v&signBit
		}
	}
}

// wholeCells writes coefficients of the reversible wavelet.
func wholeCells(to []int32, magnitudes []uint32, _ float32) {
	for i := range to {
		v := magnitudes[i*stripe]
		magnitude := int32(v &^ signBit >> 1)
		if v&signBit != 0 {
			magnitude = -magnitude
		}
		to[i] = magnitude
	}
}

// realCells writes coefficients of the irreversible wavelet.
func realCells(to []float32, magnitudes []uint32, step float32) {
	for i := range to {
		v := magnitudes[i*stripe]
		magnitude := float32(v&^signBit) * step
		if v&signBit != 0 {
			magnitude = -magnitude
		}
		to[i] = magnitude
	}
}
