package serve

import "sinso.dev/sinso"

func (s *Server) indexing() []route {
	return []route{
		{"GET", api + "/local/chain", "chain", keeper, "how far the index of the chain is, and why it does not go on if it does not", nil, answer((*call).chainIndex)},
	}
}

func (c *call) chainIndex() (sinso.IndexState, error) {
	if c.cfg.ChainIndex == nil {
		return sinso.IndexState{}, sinso.ErrNotFound
	}
	return c.cfg.ChainIndex(c.ctx())
}
