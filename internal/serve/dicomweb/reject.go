package dicomweb

import (
	"net/http"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
)

// reject withdraws what the path names (PS3.18 has no such transaction; archives
// agree on DELETE).
func (c *call) reject() error {
	t := c.target()
	level := t.level()
	found, err := c.find(auth.See, level, t)
	if err != nil {
		return err
	}
	if err := c.caller.May(auth.Operate, ""); err != nil {
		return err
	}
	for i := range found {
		f := &found[i]
		what := string(f.Study.ID)
		switch level {
		case sinso.LevelSeries:
			what = string(f.Series.ID)
		case sinso.LevelInstance:
			what = string(f.Instance.ID)
		case sinso.LevelPatient, sinso.LevelStudy:
		}
		if err := c.cfg.Archive.Reject(c.ctx(), c.caller.ID, f.Study.Person, what); err != nil {
			return err
		}
	}
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}
