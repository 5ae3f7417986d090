package node

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/pack"
	"sinso.dev/sinso/internal/blob/peer"
	"sinso.dev/sinso/internal/durable"
	"sinso.dev/sinso/internal/node/backup"
)

// RepairResult is what a repair mended.
type RepairResult struct {
	Places int      `json:"places"` // that were damaged
	Mended int      `json:"mended"`
	Left   []string `json:"left"` // those that were not: why not
}

// maxRepair bounds the bytes of one place that are mended at once.
const maxRepair = 1 << 30

// Repair mends a stopped node by the backup in the store at url, or by the copies of blocks that
// a peer keeps: its journal, and its blocks in another store. ErrCorrupt if some of it is left.
func Repair(ctx context.Context, cfg Config, url string, progress func(done, total int64)) (result RepairResult, err error) {
	result.Left = []string{}
	if err := hasNode(cfg.Data); err != nil {
		return result, err
	}
	damage, err := damages(ctx, cfg, progress)
	if result.Places = len(damage); err != nil || len(damage) == 0 && !cfg.isApart() {
		return result, err
	}
	store, end, err := openFor(ctx, cfg, url)
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, end()) }()
	from, err := backup.OpenFiles(ctx, store)
	if err != nil && (!errors.Is(err, sinso.ErrNotFound) || !strings.HasPrefix(url, peer.Scheme)) { // with a peer there may be copies of blocks alone
		return result, err
	}
	if len(damage) > 0 {
		r := repair{log: filepath.Join(cfg.Data, logFolder), blocks: store, from: from, hurt: map[pack.Damage][]byte{}}
		err = r.mendLog(ctx, cfg, damage, progress, &result)
	} else {
		err = nil
	}
	switch {
	case !cfg.isApart() || err != nil && !errors.Is(err, sinso.ErrCorrupt):
	case from != nil:
		err = errors.Join(err, repairApart(ctx, cfg, from, &result))
	default:
		err = errors.Join(err, repairByPeers(ctx, cfg, &result))
	}
	return result, err
}

// mendLog mends the journal. A segment is never changed in place but by condensing, so what
// the backup has at the place of a damaged byte is that byte. Blocks are proven by their CIDs
// before they are written; what is none is put back as it was if it is not sound then.
func (r repair) mendLog(ctx context.Context, cfg Config, damage []pack.Damage, progress func(done, total int64), result *RepairResult) error {
	for _, d := range damage {
		switch err := r.mend(ctx, d); {
		case err == nil:
			result.Mended++
		case errors.Is(err, sinso.ErrUnavailable) || ctx.Err() != nil:
			return err
		default:
			result.Left = append(result.Left, fmt.Sprintf("%s: %v", d, err))
		}
	}
	left, err := damages(ctx, cfg, progress)
	if err != nil {
		return err
	}
	for _, still := range left {
		if err := r.putBack(still); err != nil {
			return err
		}
		result.Mended = min(result.Mended, len(damage)-len(left))
	}
	if len(left) > 0 {
		return fmt.Errorf("repair: %d places are damaged still: %w", len(left), sinso.ErrCorrupt)
	}
	return nil
}

// damages checks the journal of a stopped node.
func damages(ctx context.Context, cfg Config, progress func(done, total int64)) (all []pack.Damage, err error) {
	journal, err := pack.Open(filepath.Join(cfg.Data, logFolder), pack.Options{})
	if err != nil {
		return nil, err
	}
	err = journal.Check(ctx, progress, func(d pack.Damage) { all = append(all, d) })
	if errors.Is(err, sinso.ErrCorrupt) {
		err = nil
	}
	return all, errors.Join(err, journal.Close())
}

// repair is one Repair.
type repair struct {
	log    string // the folder
	blocks sinso.Blobs
	from   *backup.Files          // nil: there is no backup
	hurt   map[pack.Damage][]byte // what was there, of places that no CID proves
}

// mend writes the bytes of the backup over those of a damaged place. A block's are proven
// before; of others a check says afterwards whether they fit.
func (r repair) mend(ctx context.Context, d pack.Damage) error {
	if d.Length == 0 || d.Length > maxRepair {
		return errors.New("what is missing here is more than bytes that changed: restore the node from the backup")
	}
	sound, err := r.sound(ctx, d)
	if err != nil {
		return err
	}
	hurt, err := overwrite(filepath.Join(r.log, d.File), sound, d.Offset)
	if err == nil && d.CID == "" {
		r.hurt[d] = hurt
	}
	return err
}

// sound returns the bytes of a damaged place: a block's from its copy, if there is one.
func (r repair) sound(ctx context.Context, d pack.Damage) ([]byte, error) {
	if d.CID != "" {
		if block, err := r.blocks.Get(ctx, d.CID); err == nil && int64(len(block)) == d.Length {
			return block, nil
		}
	}
	if r.from == nil {
		return nil, errors.New("the peer has no copy of it, and no backup")
	}
	sound := make([]byte, d.Length)
	if err := r.from.ReadAt(ctx, logFolder+"/"+d.File, sound, d.Offset); err != nil {
		return nil, fmt.Errorf("the backup does not have it: %w", err)
	}
	if d.CID != "" && d.CID.Verify(sound) != nil {
		return nil, errors.New("the backup has other bytes there: the segment was condensed since")
	}
	return sound, nil
}

// openFor opens a store that keeps names, also that of a peer by its name, which the node
// knows: it must open for that.
func openFor(ctx context.Context, cfg Config, url string) (store sinso.NamedBlobs, end func() error, err error) {
	if name, is := strings.CutPrefix(url, peer.Scheme); !is || sinso.CheckName(name) != nil {
		return openThere(ctx, url)
	}
	n, err := Open(ctx, cfg, Options{unaided: true})
	if err != nil {
		return nil, nil, fmt.Errorf("repair: the peer's name is in the node, which does not open: give peer:https://HOST, and SINSO_PEER_TOKEN: %w", err)
	}
	store, end, err = n.openNamed(ctx, url)
	return store, end, errors.Join(err, n.Close())
}

// putBack undoes what did not help, for whoever looks at it next.
func (r repair) putBack(still pack.Damage) error {
	for d, hurt := range r.hurt {
		if d.File == still.File && d.Offset == still.Offset {
			_, err := overwrite(filepath.Join(r.log, d.File), hurt, d.Offset)
			return err
		}
	}
	return nil
}

// overwrite writes bytes into a file, durably, and returns what was there.
func overwrite(path string, data []byte, offset int64) (before []byte, err error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0) //nolint:gosec // a segment of the node's own log
	if err != nil {
		return nil, fmt.Errorf("repair: open the segment: %w: %w", err, sinso.ErrUnavailable)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	before = make([]byte, len(data))
	n, err := f.ReadAt(before, offset)
	if err != nil && n == 0 {
		return nil, fmt.Errorf("repair: read the segment: %w: %w", err, sinso.ErrUnavailable)
	}
	if _, err := f.WriteAt(data, offset); err != nil {
		return nil, fmt.Errorf("repair: write the segment: %w: %w", err, sinso.ErrUnavailable)
	}
	if err := durable.Datasync(f); err != nil {
		return nil, fmt.Errorf("repair: sync the segment: %w: %w", err, sinso.ErrUnavailable)
	}
	return before[:n], nil
}
