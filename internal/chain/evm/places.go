package evm

import (
	"maps"

	"sinso.dev/sinso"
)

// places is where contracts stand on one chain, by their names in Solidity.
type places map[string]sinso.Address

func (p places) at(name string) (sinso.Address, bool) {
	at, ok := p[name]
	return at, ok && at != sinso.Address{}
}

func (p places) name(at sinso.Address) (string, bool) {
	for name, place := range p {
		if place == at {
			return name, true
		}
	}
	return "", false
}

// core is the part of places that [sinso.Contracts] names.
func core(at sinso.Contracts) places {
	return places{"Identity": at.Identity, "Assets": at.Assets, "Exchange": at.Exchange}
}

// Places returns where contracts stand on this chain, by their names in Solidity.
func (c *Chain) Places() map[string]sinso.Address {
	c.placing.RLock()
	defer c.placing.RUnlock()
	return maps.Clone(c.placed)
}
