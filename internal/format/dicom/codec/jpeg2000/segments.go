package jpeg2000

import (
	"encoding/binary"
	"math"
)

// readSIZ reads the SIZ segment (T.800 §A.5.1).
func (h *codestream) readSIZ(b []byte) error {
	if h.components != nil {
		return corrupt("SIZ twice")
	}
	if len(b) < 36 || len(b) != 36+3*int(binary.BigEndian.Uint16(b[34:])) {
		return corrupt("SIZ of %d bytes", len(b))
	}
	var v [8]int
	for i := range v {
		u := binary.BigEndian.Uint32(b[2+4*i:])
		if u > math.MaxInt32 {
			if i != 4 && i != 5 {
				return unsupported("a grid of 2^31 points and more")
			}
			u = math.MaxInt32 // one tile is all the same
		}
		v[i] = int(u)
	}
	h.sizes = sizes{x1: v[0], y1: v[1], x0: v[2], y0: v[3], tx: v[4], ty: v[5], tileX0: v[6], tileY0: v[7]}
	switch {
	case h.x0 >= h.x1 || h.y0 >= h.y1 || h.tx == 0 || h.ty == 0,
		h.tileX0 > h.x0 || h.tileY0 > h.y0 || h.tileX0+h.tx <= h.x0 || h.tileY0+h.ty <= h.y0:
		return corrupt("an image or tiles that cannot be")
	case len(b) == 36:
		return corrupt("no component")
	case len(b) > 36+3*maxSamples:
		return unsupported("%d components", (len(b)-36)/3)
	}
	for b = b[36:]; len(b) > 0; b = b[3:] {
		c := component{precision: int(b[0]&0x7F) + 1, signed: b[0]&0x80 != 0, dx: int(b[1]), dy: int(b[2])}
		switch {
		case c.dx == 0 || c.dy == 0 || c.precision > 38:
			return corrupt("a component that cannot be")
		case c.precision > 24:
			return unsupported("%d bits of precision", c.precision)
		case ceilDiv(h.x0, c.dx) >= ceilDiv(h.x1, c.dx) || ceilDiv(h.y0, c.dy) >= ceilDiv(h.y1, c.dy):
			return corrupt("a component without a sample")
		}
		h.components = append(h.components, c)
	}
	for _, c := range h.components {
		if first := h.components[0]; c.precision != first.precision || c.signed != first.signed {
			return unsupported("components of different precision")
		}
	}
	return nil
}

// readCOD reads the COD segment (T.800 §A.6.1).
func (p *params) readCOD(b []byte) error {
	if len(b) < 10 {
		return corrupt("COD of %d bytes", len(b))
	}
	p.tile.set = true
	p.tile.sop, p.tile.eph = b[0]&2 != 0, b[0]&4 != 0
	p.tile.order, p.tile.layers = b[1], int(binary.BigEndian.Uint16(b[2:]))
	p.tile.mct = b[4] == 1
	if p.tile.order > orderCPRL || p.tile.layers == 0 || b[4] > 1 {
		return corrupt("COD: a progression, layers or a transform that cannot be")
	}
	c, err := readCoding(b[5:], b[0]&1 != 0)
	p.cod = c
	return err
}

// readCOC reads the COC segment (T.800 §A.6.2).
func (h *codestream) readCOC(p *params, b []byte) error {
	c, b, err := h.componentOf(b)
	if err != nil {
		return err
	}
	if len(b) < 6 {
		return corrupt("COC is short")
	}
	p.coc[c], err = readCoding(b[1:], b[0]&1 != 0)
	return err
}

// componentOf takes the component that a segment is for, one byte below 257.
func (h *codestream) componentOf(b []byte) (c int, after []byte, err error) {
	if len(b) == 0 || int(b[0]) >= len(h.components) {
		return 0, nil, corrupt("a segment for a component that is not there")
	}
	return int(b[0]), b[1:], nil
}

// readCoding reads SPcod or SPcoc (T.800 Table A.20).
func readCoding(b []byte, precincts bool) (*coding, error) {
	c := &coding{levels: int(b[0]), xcb: int(b[1]&15) + 2, ycb: int(b[2]&15) + 2, style: b[3], reversible: b[4] == 1}
	switch {
	case c.levels > maxLevels || c.xcb > 10 || c.ycb > 10 || c.xcb+c.ycb > 12 || b[4] > 1:
		return nil, corrupt("levels, code-blocks or a wavelet that cannot be")
	case c.style&styleHT != 0:
		return nil, unsupported("high throughput (part 15)")
	case precincts && len(b) < 6+c.levels:
		return nil, corrupt("%d precinct sizes for %d levels", len(b)-5, c.levels)
	}
	for i := range c.precincts {
		c.precincts[i] = 0xFF
		if precincts && i <= c.levels {
			if c.precincts[i] = b[5+i]; i > 0 && (b[5+i]&15 == 0 || b[5+i]>>4 == 0) {
				return nil, corrupt("a precinct of one sample")
			}
		}
	}
	return c, nil
}

// readQuantisation reads QCD, or QCC behind its component (T.800 §A.6.4).
func readQuantisation(b []byte) (*quantisation, error) {
	if len(b) < 2 {
		return nil, corrupt("QCD or QCC is short")
	}
	q := &quantisation{guard: int(b[0] >> 5), none: b[0]&0x1F == 0, derived: b[0]&0x1F == 1}
	style := b[0] & 0x1F
	b = b[1:]
	switch {
	case style == 0:
		for _, v := range b {
			q.steps = append(q.steps, quantum{exponent: int(v >> 3)})
		}
	case style <= 2 && len(b) >= 2:
		for ; len(b) >= 2; b = b[2:] {
			v := int(binary.BigEndian.Uint16(b))
			q.steps = append(q.steps, quantum{exponent: v >> 11, mantissa: v & 0x7FF})
		}
	default:
		return nil, corrupt("a style of quantisation that cannot be")
	}
	return q, nil
}

// readRGN reads the RGN segment (T.800 §A.6.3).
func (h *codestream) readRGN(p *params, b []byte) error {
	c, b, err := h.componentOf(b)
	if err != nil {
		return err
	}
	if len(b) < 2 || b[0] != 0 {
		return corrupt("RGN that cannot be")
	}
	p.rgn[c], p.rgnSet[c] = int(b[1]), true
	return nil
}

// readPOC reads the POC segment (T.800 §A.6.6).
func (h *codestream) readPOC(p *params, b []byte) error {
	const entry = 7 // with components of a byte
	if len(b) == 0 || len(b)%entry != 0 {
		return corrupt("POC of %d bytes", len(b))
	}
	for ; len(b) > 0; b = b[entry:] {
		v := volume{
			firstResolution: int(b[0]), firstComponent: int(b[1]),
			layers: int(binary.BigEndian.Uint16(b[2:])), lastResolution: int(b[4]),
			behindComponents: int(b[5]), order: b[6],
		}
		if v.behindComponents == 0 { // 256
			v.behindComponents = len(h.components)
		}
		if v.order > orderCPRL {
			return corrupt("POC: a progression that cannot be")
		}
		p.volumes = append(p.volumes, v)
	}
	if len(p.volumes) > maxPOC {
		return unsupported("%d changes of progression", len(p.volumes))
	}
	return nil
}
