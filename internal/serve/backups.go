package serve

import (
	"context"

	"sinso.dev/sinso"
)

// Backups copies the node into a block store, while it runs.
type Backups interface {
	Backup(ctx context.Context, url string, progress func(done, total int64)) (sinso.BackupResult, error)
}

// noBackups is a server without them.
type noBackups struct{}

func (noBackups) Backup(context.Context, string, func(done, total int64)) (sinso.BackupResult, error) {
	return sinso.BackupResult{}, sinso.ErrUnsupported
}

func (s *Server) backing() []route {
	return []route{
		{"POST", api + "/local/backups", "backUp", keeper, "copy the node as it is now into a block store, in place of the backup that is there", nil, work(maxBody, (*call).backUp)},
	}
}

// newBackup says where a backup goes.
type newBackup struct {
	To string `json:"to"` // URL of the block store
}

func (c *call) backUp(in newBackup, progress func(sinso.BackupProgress)) (sinso.BackupResult, error) {
	return c.cfg.Backups.Backup(c.ctx(), in.To, func(done, total int64) { progress(sinso.BackupProgress{Done: done, Total: total}) })
}
