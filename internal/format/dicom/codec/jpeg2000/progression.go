package jpeg2000

import (
	"cmp"
	"slices"
)

// Progressions (T.800 Table A.16).
const (
	orderLRCP = iota
	orderRLCP
	orderRPCL
	orderPCRL
	orderCPRL
)

// volumesOf returns what a tile's packets go through: its POC, the main header's, or
// all in the one order of COD.
func (t *tile) volumesOf() []volume {
	if len(t.volumes) > 0 {
		return t.volumes
	}
	return []volume{{order: t.order, layers: t.layers, lastResolution: maxLevels + 1, behindComponents: maxSamples}}
}

// volume reads the packets of a volume; more is false if the data ended.
//
// Each progression is groups of precincts, in which layers come first: all are one
// group (LRCP), those of a resolution (RLCP), or each alone.
func (p *packets) volume(v volume) (more bool, err error) {
	layers := min(v.layers, p.tile.layers)
	for _, group := range grouped(p.tile.precincts, v) {
		layer := layers
		for _, precinct := range group {
			layer = min(layer, precinct.layers)
		}
		for ; layer < layers; layer++ {
			for _, precinct := range group {
				if precinct.layers > layer {
					continue // an earlier volume had it
				}
				if !p.more() {
					return false, nil
				}
				if err := p.packet(precinct); err != nil {
					return false, err
				}
			}
		}
	}
	return true, nil
}

// grouped returns the groups of precincts of a volume in order.
func grouped(all []*precinct, v volume) [][]*precinct {
	var in []*precinct
	for _, p := range all {
		if p.resolution >= v.firstResolution && p.resolution < v.lastResolution &&
			p.component >= v.firstComponent && p.component < v.behindComponents {
			in = append(in, p)
		}
	}
	slices.SortStableFunc(in, func(a, b *precinct) int {
		resolution, component := cmp.Compare(a.resolution, b.resolution), cmp.Compare(a.component, b.component)
		position := cmp.Or(cmp.Compare(a.y, b.y), cmp.Compare(a.x, b.x))
		number := cmp.Compare(a.number, b.number)
		switch v.order {
		case orderRPCL:
			return cmp.Or(resolution, position, component, number)
		case orderPCRL:
			return cmp.Or(position, component, resolution, number)
		case orderCPRL:
			return cmp.Or(component, position, resolution, number)
		default:
			return cmp.Or(resolution, component, number)
		}
	})
	if v.order == orderLRCP {
		return [][]*precinct{in}
	}
	var groups [][]*precinct
	for len(in) > 0 {
		n := 1
		for v.order == orderRLCP && n < len(in) && in[n].resolution == in[0].resolution {
			n++
		}
		groups = append(groups, in[:n])
		in = in[n:]
	}
	return groups
}
