package node

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/pack"
	"sinso.dev/sinso/internal/node/backup"
)

// A serving node reads all of its log again and again, slowly, so that bytes that rot are
// found while there is still a copy of them. What is damaged is mended by the peers that keep
// copies, and by the backup, if the configuration names one: a block is stored again, from the
// bytes that the backup has in its place.

const (
	scrubFirst = time.Hour     // after the start: a node that starts has other things to do
	scrubLeast = 4 << 20       // bytes a second at least: a small log is through in minutes
	scrubRest  = 6 * time.Hour // between two passes at least
)

// scrubDays parses Scrub: 0 for never.
func (c Config) scrubDays() (int, error) {
	if c.Scrub == none {
		return 0, nil
	}
	days, err := strconv.Atoi(c.Scrub)
	if err != nil || days < 1 || days > 3650 {
		return 0, fmt.Errorf("config: scrub: want none, or the days in which all is read once, 1 to 3650, not %q: %w", c.Scrub, sinso.ErrInvalid)
	}
	return days, nil
}

// warnEvery is how often a node whose disk is nearly full says so.
const warnEvery = time.Hour

// watchRoom warns of a disk that is nearly full, before it is.
func (n *Node) watchRoom(ctx context.Context) {
	for {
		status := Status{}
		if status.DiskFree, status.DiskBytes = n.room(); status.Full() {
			n.log.WarnContext(ctx, "the disk is nearly full: when it is full, reads go on and what is sent is refused",
				slog.Int64("free", status.DiskFree), slog.Int64("bytes", status.DiskBytes))
		}
		if !sleep(ctx, warnEvery) {
			return
		}
	}
}

// scrubbing reads the log until ctx ends.
func (n *Node) scrubbing(ctx context.Context) {
	days, err := n.Config.scrubDays()
	if err != nil || days == 0 {
		return
	}
	for wait := scrubFirst; sleep(ctx, wait); wait = scrubRest {
		found, mended, err := n.Scrub(ctx, time.Duration(days)*24*time.Hour)
		switch {
		case ctx.Err() != nil:
		case err != nil && !errors.Is(err, sinso.ErrCorrupt):
			n.log.WarnContext(ctx, "the log could not be read through; it is begun again", slog.String("error", err.Error()))
		case found > 0:
			n.log.ErrorContext(ctx, "bytes of the log have changed: stop the node and run sinso check --repair", slog.Int("places", found), slog.Int("mended", mended))
		}
	}
}

// Scrub reads the whole log once, in about the time given, and mends what it can. It
// returns how many places were damaged, and how many of them are whole again.
func (n *Node) Scrub(ctx context.Context, within time.Duration) (found, mended int, err error) {
	begun := time.Now()
	var hurt []pack.Damage
	err = n.pack.Check(ctx, func(done, total int64) {
		rate := max(float64(total)/within.Seconds(), scrubLeast) // bytes a second
		due := begun.Add(time.Duration(float64(done) / rate * float64(time.Second)))
		if left := time.Until(due); left > 0 {
			sleep(ctx, left)
		}
	}, func(d pack.Damage) { hurt = append(hurt, d) })
	if len(hurt) == 0 || ctx.Err() != nil {
		return len(hurt), 0, err
	}
	mended, healErr := n.heal(ctx, hurt)
	if healErr != nil {
		n.log.WarnContext(ctx, "what is damaged could not be mended by peers or the backup", slog.String("error", healErr.Error()))
	}
	return len(hurt), mended, err
}

// heal stores damaged blocks again, from the peers that keep copies, or else from the backup.
func (n *Node) heal(ctx context.Context, hurt []pack.Damage) (mended int, err error) {
	defer func() {
		if mended == 0 {
			return
		}
		_, freeErr := n.pack.Reclaim(ctx) // the damaged bytes, which the next pass would find again
		err = errors.Join(err, freeErr)
	}()
	hurt = slices.DeleteFunc(hurt, func(d pack.Damage) bool {
		if d.CID != "" {
			if has, err := n.pack.Has(ctx, d.CID); err == nil && !has {
				return true // erased since it was found, which may be weeks ago
			}
		}
		byPeer := d.CID != "" && n.replicas.Mend(ctx, d.CID) == nil
		if byPeer {
			mended++
		}
		return byPeer
	})
	if n.Config.Backup == none || len(hurt) == 0 {
		return mended, nil
	}
	store, end, err := n.openThere(ctx, n.Config.Backup)
	if err != nil {
		return mended, err
	}
	defer func() { err = errors.Join(err, end()) }()
	from, err := backup.OpenFiles(ctx, store)
	if err != nil {
		return mended, err
	}
	for _, d := range hurt {
		if d.CID == "" || d.Length <= 0 || d.Length > maxRepair {
			continue // not a block: sinso check --repair
		}
		data := make([]byte, d.Length)
		readErr := from.ReadAt(ctx, logFolder+"/"+d.File, data, d.Offset)
		if readErr == nil {
			readErr = d.CID.Verify(data)
		}
		if readErr == nil {
			readErr = n.pack.Put(ctx, sinso.Block{CID: d.CID, Data: data})
		}
		if readErr != nil {
			err = errors.Join(err, readErr)
			continue
		}
		mended++
	}
	return mended, err
}

// sleep waits, and reports whether ctx goes on.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
