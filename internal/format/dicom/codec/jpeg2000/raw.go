package jpeg2000

// rawBits reads the bits of a bypassed pass (T.800 §D.6): after a byte of all ones
// the first bit of the next is left out.
type rawBits struct {
	data  []byte
	at    int
	last  byte
	count uint
}

func (r *rawBits) bit() uint32 {
	if r.count == 0 {
		r.count = 8
		if r.last == 0xFF {
			r.count = 7
		}
		r.last = 0xFF // behind the end, as for the arithmetic decoder
		if r.at < len(r.data) {
			r.last = r.data[r.at]
			r.at++
		}
	}
	r.count--
	return uint32(r.last>>r.count) & 1
}

// rawSignificance is the significance propagation pass without arithmetic coding.
func (d *blockDecoder) rawSignificance(plane uint) {
	value := uint32(3) << (plane & 31) >> 1
	for y := 0; y < d.height; y += stripe {
		rows := uint32(min(stripe, d.height-y)) //nolint:gosec // 1 to 4
		p := (y>>stripeLog+1)*d.stride + 1
		words := d.flags[p : p+d.width]
		columns := d.magnitudes[y*d.width:]
		for x, f := range words {
			if f == 0 {
				continue
			}
			cells := (*[stripe]uint32)(columns[x*stripe:])
			for j := range rows {
				around := f >> (3 * j & 31)
				if around&flagSelf != 0 || around&flagAround == 0 {
					continue
				}
				f |= flagVisited << (j & 31)
				if d.raw.bit() == 0 {
					continue
				}
				sign := d.raw.bit()
				cells[j&3] = value | sign<<31
				f |= flagSelf<<(3*j&31) | sign<<((signSelf+j)&31)
				d.tell(p+x, j, sign)
			}
			words[x] = f
		}
	}
}

// rawRefinement is the magnitude refinement pass without arithmetic coding.
func (d *blockDecoder) rawRefinement(plane uint) {
	half := uint32(1) << (plane & 31) >> 1
	for y := 0; y < d.height; y += stripe {
		p := (y>>stripeLog+1)*d.stride + 1
		words := d.flags[p : p+d.width]
		columns := d.magnitudes[y*d.width:]
		for x, f := range words {
			if f&flagSelves == 0 {
				continue
			}
			cells := (*[stripe]uint32)(columns[x*stripe:])
			for j := range uint32(stripe) {
				if f>>(3*j&31)&flagSelf == 0 || f>>(j&31)&flagVisited != 0 {
					continue
				}
				cells[j&3] += d.raw.bit()<<(plane&31) - half
				f |= flagRefined << (j & 31)
			}
			words[x] = f
		}
	}
}
