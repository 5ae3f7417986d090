package jpeg2000

import (
	"fmt"

	"sinso.dev/sinso"
)

// The styles of a code-block (T.800 Table A.19).
const (
	styleBypass   = 0x01
	styleReset    = 0x02
	styleTermAll  = 0x04
	styleCausal   = 0x08
	styleSegments = 0x20
	styleHT       = 0x40 // T.814
)

// slack is how many bytes a code-block may have that its passes do not need: an encoder
// that ends where it is sure that all is said ends late.
const slack = 2

const (
	maxPlanes    = 30 // that the magnitude of a coefficient may have, beside a fraction
	bypassPasses = 10 // that are never raw (T.800 §D.6)
	symbolPlane  = 0xA
)

// blockDecoder decodes the coefficients of code-blocks, one after the other (T.800
// Annex D). Magnitudes have one bit of fraction: what is not coded is taken as half.
type blockDecoder struct {
	blockState
	mq  mqDecoder
	raw rawBits
}

// decode decodes all passes of a block in a band of an orientation.
func (d *blockDecoder) decode(b *block, orientation int, style uint8) error {
	d.prepare(b.x1-b.x0, b.y1-b.y0, orientation, style&styleCausal != 0)
	resetContexts(&d.mq.contexts)
	plane, kind := uint(b.planes), 2 // kinds of pass: significance, refinement, cleanup
	pass := 0
	for i := range b.segments {
		s := &b.segments[i]
		b.spare += len(s.data)
		raw := style&styleBypass != 0 && pass >= bypassPasses && kind < 2
		distance := int64(0)
		if raw {
			d.raw = rawBits{data: s.data}
		} else {
			distance = d.mq.start(s.data)
		}
		for range s.passes {
			if plane == 0 {
				return fmt.Errorf("jpeg2000: code-block: more passes than bit-planes: %w", sinso.ErrCorrupt)
			}
			var err error
			if distance, err = d.pass(kind, plane, raw, distance, style); err != nil {
				return err
			}
			if style&styleReset != 0 {
				resetContexts(&d.mq.contexts)
			}
			pass++
			if kind++; kind == 3 {
				kind = 0
				plane--
			}
		}
		if raw {
			b.spare -= d.raw.at
		} else {
			b.spare -= min(d.mq.at+1, len(s.data))
		}
	}
	return nil
}

// pass decodes one pass.
func (d *blockDecoder) pass(kind int, plane uint, raw bool, distance int64, style uint8) (left int64, err error) {
	switch {
	case kind == 0 && raw:
		d.rawSignificance(plane)
		return 0, nil
	case kind == 0:
		return d.significance(plane, distance), nil
	case kind == 1 && raw:
		d.rawRefinement(plane)
		return 0, nil
	case kind == 1:
		return d.refinement(plane, distance), nil
	}
	distance = d.cleanup(plane, distance)
	if style&styleSegments == 0 {
		return distance, nil
	}
	symbol := uint32(0)
	for range 4 {
		var bit uint32
		bit, distance = d.symbol(contextUniform, distance)
		symbol = symbol<<1 | bit
	}
	if symbol != symbolPlane {
		return 0, fmt.Errorf("jpeg2000: code-block: wrong segmentation symbol: %w", sinso.ErrCorrupt)
	}
	return distance, nil
}

// symbol decodes a decision: what the passes do in line where it is frequent.
func (d *blockDecoder) symbol(context uint32, distance int64) (bit uint32, left int64) {
	s := d.mq.contexts[context&contextMask]
	if distance -= int64(s >> 32); distance >= 0 {
		return uint32(s & 1), distance
	}
	return d.mq.decide(context, distance)
}

// sign decodes the sign of coefficient j of word p, whose flags are f.
func (d *blockDecoder) sign(p int, f, j uint32, distance int64) (sign uint32, left int64) {
	c := uint32(signContexts[d.signIndex(p, f, j)&0xFF])
	sign, left = d.symbol(c&^signFlip, distance)
	return sign ^ c>>7, left
}

// significance is the significance propagation pass (T.800 §D.3.1).
func (d *blockDecoder) significance(plane uint, distance int64) int64 {
	value := uint32(3) << (plane & 31) >> 1
	zero := d.zero
	for y := 0; y < d.height; y += stripe {
		rows := uint32(min(stripe, d.height-y)) //nolint:gosec // 1 to 4
		p := (y>>stripeLog+1)*d.stride + 1
		words := d.flags[p : p+d.width]
		columns := d.magnitudes[y*d.width:]
		for x, f := range words {
			if f == 0 || f&flagSelves == flagSelves {
				continue
			}
			cells := (*[stripe]uint32)(columns[x*stripe:])
			for j := range rows {
				around := f >> (3 * j & 31)
				if around&flagSelf != 0 || around&flagAround == 0 {
					continue
				}
				context := uint32(zero[around&511])
				var bit uint32
				s := d.mq.contexts[context&contextMask]
				if distance -= int64(s >> 32); distance >= 0 {
					bit = uint32(s & 1)
				} else {
					bit, distance = d.mq.decide(context, distance)
				}
				f |= flagVisited << (j & 31)
				if bit == 0 {
					continue
				}
				f, distance = d.appear(cells, p+x, f, j, value, distance)
			}
			words[x] = f
		}
	}
	return distance
}

// refinement is the magnitude refinement pass (T.800 §D.3.3).
func (d *blockDecoder) refinement(plane uint, distance int64) int64 {
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
				context := uint32(contextRefine)
				if f>>(3*j&31)&flagAround != 0 {
					context = contextRefine + 1
				}
				if f>>(j&31)&flagRefined != 0 {
					context = contextRefine + 2
				}
				var bit uint32
				s := d.mq.contexts[context&contextMask]
				if distance -= int64(s >> 32); distance >= 0 {
					bit = uint32(s & 1)
				} else {
					bit, distance = d.mq.decide(context, distance)
				}
				cells[j&3] += bit<<(plane&31) - half
				f |= flagRefined << (j & 31)
			}
			words[x] = f
		}
	}
	return distance
}

// cleanup is the cleanup pass (T.800 §D.3.4), which ends a bit-plane.
func (d *blockDecoder) cleanup(plane uint, distance int64) int64 {
	value := uint32(3) << (plane & 31) >> 1
	for y := 0; y < d.height; y += stripe {
		rows := uint32(min(stripe, d.height-y)) //nolint:gosec // 1 to 4
		p := (y>>stripeLog+1)*d.stride + 1
		words := d.flags[p : p+d.width]
		columns := d.magnitudes[y*d.width:]
		for x, f := range words {
			if f&flagSelves == flagSelves {
				words[x] = f &^ allVisited
				continue
			}
			cells := (*[stripe]uint32)(columns[x*stripe:])
			j := uint32(0)
			if f == 0 && rows == stripe {
				var bit, low uint32
				if bit, distance = d.symbol(contextRun, distance); bit == 0 {
					continue
				}
				j, distance = d.symbol(contextUniform, distance)
				low, distance = d.symbol(contextUniform, distance)
				j = j<<1 | low
				f, distance = d.appear(cells, p+x, f, j, value, distance)
				j++
			}
			f, distance = d.cleanColumn(cells, p+x, f, j, rows, value, distance)
			words[x] = f &^ allVisited
		}
	}
	return distance
}

// appear makes coefficient j of word p significant, with the sign that follows.
func (d *blockDecoder) appear(cells *[stripe]uint32, p int, f, j, value uint32, distance int64) (flags uint32, left int64) {
	sign, distance := d.sign(p, f, j, distance)
	cells[j&3] = value | sign<<31
	d.tell(p, j, sign)
	return f | flagSelf<<(3*j&31) | sign<<((signSelf+j)&31), distance
}

// cleanColumn decodes what no other pass did of the coefficients from j on.
func (d *blockDecoder) cleanColumn(cells *[stripe]uint32, p int, f, j, rows, value uint32, distance int64) (flags uint32, left int64) {
	for ; j < rows; j++ {
		around := f >> (3 * j & 31)
		if around&flagSelf != 0 || f>>(j&31)&flagVisited != 0 {
			continue
		}
		context := uint32(d.zero[around&511])
		var bit uint32
		s := d.mq.contexts[context&contextMask]
		if distance -= int64(s >> 32); distance >= 0 {
			bit = uint32(s & 1)
		} else {
			bit, distance = d.mq.decide(context, distance)
		}
		if bit != 0 {
			f, distance = d.appear(cells, p, f, j, value, distance)
		}
	}
	return f, distance
}
