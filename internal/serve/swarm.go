package serve

import "sinso.dev/sinso"

func (s *Server) swarming() []route {
	return []route{
		{"GET", api + "/local/swarm", "swarm", keeper, "where the node is in a private swarm of IPFS, and who is connected", nil, answer((*call).swarm)},
	}
}

func (c *call) swarm() (sinso.SwarmStatus, error) {
	if c.cfg.Swarm == nil {
		return sinso.SwarmStatus{}, sinso.ErrNotFound
	}
	return c.cfg.Swarm(c.ctx())
}
