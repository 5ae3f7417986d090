package serve

import (
	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/way"
)

func (s *Server) pruning() []route {
	return []route{
		{"POST", api + "/local/prunes", "prune", keeper, "delete the blocks that nothing names, and that nothing named a day ago either, and free their bytes", nil, work(maxBody, (*call).prune)},
	}
}

// pruneProgress is how much of the log was read for what it names, in entries.
type pruneProgress struct {
	Done  int64 `json:"done"`
	Total int64 `json:"total"`
}

func (c *call) prune(_ struct{}, progress func(pruneProgress)) (sinso.PruneResult, error) {
	return c.way.Prune(c.ctx(), way.PruneGrace, c.caller.ID, func(done, total int64) { progress(pruneProgress{done, total}) })
}
