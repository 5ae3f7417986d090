package node

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/pack"
	"sinso.dev/sinso/internal/way"
)

// CheckResult is what a check of a node folder found.
type CheckResult struct {
	Objects int      `json:"objects"` // sealed objects, read whole or looked for
	Events  uint64   `json:"events"`  // of the log, decrypted and compared with their leaves
	Damage  []string `json:"damage"`  // places whose bytes are not what was written
}

// Check reads everything in a node folder: each byte of the journal, each event
// with its leaf, each sealed object block by block, the index, the chain's
// blocks. It changes nothing but an index that has to be made again. It returns
// ErrCorrupt if there is damage; the result names each place.
func Check(ctx context.Context, cfg Config, o Options, progress func(done, total int64)) (CheckResult, error) {
	return check(ctx, cfg, o, func(journal *pack.Pack, report func(pack.Damage)) error {
		return journal.Check(ctx, progress, report)
	}, func(ctx context.Context, w *way.Way, damaged func(error)) (int, error) {
		return w.CheckObjects(ctx, damaged)
	})
}

// Look is Check without what is sealed: it reads what the journal is made of, each event with
// its leaf, the index and the chain's blocks, and looks whether each block of each sealed
// object is there. It reads none of them but those that link to others.
func Look(ctx context.Context, cfg Config, o Options) (CheckResult, error) {
	return check(ctx, cfg, o, func(journal *pack.Pack, report func(pack.Damage)) error {
		damage := journal.Damage() // found when it was opened
		for _, d := range damage {
			report(d)
		}
		if len(damage) > 0 {
			return fmt.Errorf("journal: damage in %d places: %w", len(damage), sinso.ErrCorrupt)
		}
		return nil
	}, func(ctx context.Context, w *way.Way, damaged func(error)) (int, error) {
		return w.LookForObjects(ctx, damaged)
	})
}

// checksJournal and checksObjects are what Check and Look do otherwise.
type (
	checksJournal func(journal *pack.Pack, report func(pack.Damage)) error
	checksObjects func(ctx context.Context, w *way.Way, damaged func(error)) (int, error)
)

func check(ctx context.Context, cfg Config, o Options, journal checksJournal, objects checksObjects) (CheckResult, error) {
	result := CheckResult{Damage: []string{}}
	if err := hasNode(cfg.Data); err != nil {
		return result, err // before anything is made in a folder that is none of ours
	}
	err := checkJournal(cfg, journal, &result)
	if err != nil && !errors.Is(err, sinso.ErrCorrupt) {
		return result, err
	}
	if err == nil {
		err = checkNode(ctx, cfg, o, objects, &result)
	}
	if err != nil && !errors.Is(err, sinso.ErrCorrupt) {
		return result, err
	}
	if err != nil && len(result.Damage) == 0 {
		result.Damage = append(result.Damage, err.Error())
	}
	if errors.As(err, new(*KeyError)) {
		return result, err // without its keys nothing more can be said of the node
	}
	if n := len(result.Damage); n > 0 {
		return result, fmt.Errorf("check: damage in %d places; what is damaged is never served, the rest can be read: %w", n, sinso.ErrCorrupt)
	}
	return result, nil
}

// RebuildIndex throws the index away and makes it again from the vault alone: the
// journal and the keys. It returns how many events it was made of.
func RebuildIndex(ctx context.Context, cfg Config, o Options) (events uint64, err error) {
	n, err := Open(ctx, cfg, o)
	if err != nil {
		return 0, err
	}
	err = n.Rebuild(ctx)
	if err == nil {
		err = n.meta.View(ctx, func(tx sinso.MetaTx) (err error) {
			events, err = tx.Cursor()
			return err
		})
	}
	return events, errors.Join(err, n.Close())
}

// checkJournal reads the journal alone, so that it can be checked however
// damaged it is.
func checkJournal(cfg Config, checks checksJournal, result *CheckResult) error {
	journal, err := pack.Open(filepath.Join(cfg.Data, logFolder), pack.Options{})
	if err != nil {
		return err
	}
	err = checks(journal, func(d pack.Damage) { result.Damage = append(result.Damage, d.String()) })
	return errors.Join(err, journal.Close())
}

// checkNode opens the node on a sound journal and checks what stands on it.
func checkNode(ctx context.Context, cfg Config, o Options, objects checksObjects, result *CheckResult) error {
	o.unaided = true
	n, err := Open(ctx, cfg, o)
	if err != nil {
		return err
	}
	err = errors.Join(n.checkOpen(ctx, objects, result), n.Close())
	return err
}

func (n *Node) checkOpen(ctx context.Context, checks checksObjects, result *CheckResult) error {
	if err := n.audit.Verify(ctx); err != nil {
		result.Damage = append(result.Damage, err.Error())
	}
	err := n.audit.Events(ctx, 0, func(sinso.Event) error {
		result.Events++
		return nil
	})
	if err != nil && !errors.Is(err, sinso.ErrCorrupt) {
		return err
	}
	if err := n.meta.Check(ctx); err != nil {
		result.Damage = append(result.Damage, "index: "+err.Error())
	}
	objects, err := checks(ctx, n.Way, func(damaged error) { result.Damage = append(result.Damage, damaged.Error()) })
	result.Objects = objects
	return err
}
