package node

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/serve"
	"sinso.dev/sinso/internal/upload/spool"
)

// uploadsFolder holds uploads that come in parts, sealed.
const uploadsFolder = "uploads"

// uploads reads Uploads: days and GiB; the spool's defaults where it is empty.
func (c Config) uploads() (keep time.Duration, quota int64, err error) {
	if c.Uploads == "" {
		return 0, 0, nil
	}
	const day, most = 24 * time.Hour, 10_000
	days, room, _ := strings.Cut(c.Uploads, ",")
	d, dayErr := strconv.ParseUint(strings.TrimSpace(days), 10, 32)
	r, roomErr := strconv.ParseUint(strings.TrimSpace(room), 10, 32)
	if dayErr != nil || roomErr != nil || d == 0 || r == 0 || d > most || r > most {
		return 0, 0, fmt.Errorf("config: uploads: want days and GiB, each 1 to %d, such as 7,32, not %q: %w", most, c.Uploads, sinso.ErrInvalid)
	}
	return time.Duration(d) * day, int64(r) << 30, nil
}

// quota parses Quota: 0 for none.
func (c Config) quota() (int64, error) {
	if c.Quota == none {
		return 0, nil
	}
	gib, err := strconv.ParseInt(c.Quota, 10, 64)
	if err != nil || gib < 1 || gib > 1<<20 {
		return 0, fmt.Errorf("config: quota: want none, or GiB, 1 to %d, not %q: %w", 1<<20, c.Quota, sinso.ErrInvalid)
	}
	return gib << 30, nil
}

// openUploads opens the folder of uploads that come in parts.
func (n *Node) openUploads(ctx context.Context) (*spool.Spool, error) {
	keep, quota, err := n.Config.uploads()
	if err != nil {
		return nil, err
	}
	uploads, err := spool.Open(ctx, spool.Config{
		Dir: filepath.Join(n.Config.Data, uploadsFolder), Keys: n.keys, Rand: n.Rand, Clock: n.Clock, Keep: keep, Quota: quota,
	})
	if err != nil {
		return nil, err
	}
	if damaged := uploads.Damaged(); damaged > 0 {
		n.log.WarnContext(ctx, "uploads are damaged: they cannot be gone on with, and their callers begin anew", slog.Int("uploads", damaged))
	}
	return uploads, nil
}

// takeUploads takes uploads in when they are whole, and forgets those that expire.
func (n *Node) takeUploads(ctx context.Context, group *errgroup.Group, server *serve.Server, uploads *spool.Spool) {
	group.Go(func() error { return server.TakeUploads(ctx) })
	group.Go(func() error {
		uploads.Tend(ctx, func(err error) {
			n.log.WarnContext(ctx, "an upload that has expired could not be removed; it is tried again", slog.String("error", err.Error()))
		})
		return nil
	})
}
