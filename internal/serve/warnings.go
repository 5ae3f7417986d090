package serve

import "sinso.dev/sinso"

func (s *Server) warning() []route {
	return []route{
		{"GET", api + "/local/warnings", "warnings", keeper, "what of the node does not go on by itself, and what to do about it", nil, answer((*call).warnings)},
	}
}

func (c *call) warnings() (list[sinso.Warning], error) {
	if c.cfg.Warnings == nil {
		return list[sinso.Warning]{Items: []sinso.Warning{}}, nil
	}
	all, err := c.cfg.Warnings(c.ctx())
	return list[sinso.Warning]{Items: all}, err
}
