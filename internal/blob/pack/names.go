package pack

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sinso.dev/sinso"
)

const (
	namesName = "names"
	namesHead = "sinso names 1\n"
	namesSum  = "sha256 "
	// maxNames bounds the file, which is read and written whole.
	maxNames      = 4096
	maxNamesBytes = 1 << 20 // more than maxNames of the longest names have
)

// SetName implements [sinso.NamedBlobs]: docs/formats.md, "names". At most 4,096 names.
// It waits for the batch that is being written.
func (p *Pack) SetName(ctx context.Context, name string, cid sinso.CID) error {
	if err := sinso.CheckName(name); err != nil {
		return err
	}
	if cid != "" {
		if _, err := cid.Bytes(); err != nil {
			return err
		}
	}
	select {
	case p.leader <- struct{}{}:
		defer func() { <-p.leader }()
	case <-ctx.Done():
		return fmt.Errorf("names: %w", ctx.Err())
	}
	names, err := p.names(ctx)
	if err != nil {
		return err
	}
	if names[name] == cid {
		return nil
	}
	names[name] = cid
	if cid == "" {
		delete(names, name)
	}
	if len(names) > maxNames {
		return fmt.Errorf("names: more than %d: %w", maxNames, sinso.ErrInvalid)
	}
	if err := p.disk.write(namesName, formatNames(names)); err != nil {
		return fmt.Errorf("names: write: %w: %w", sinso.ErrUnavailable, err)
	}
	return nil
}

// Name implements [sinso.NamedBlobs].
func (p *Pack) Name(ctx context.Context, name string) (sinso.CID, error) {
	if err := sinso.CheckName(name); err != nil {
		return "", err
	}
	names, err := p.names(ctx)
	if err != nil {
		return "", err
	}
	cid, ok := names[name]
	if !ok {
		return "", fmt.Errorf("name %s: %w", name, sinso.ErrNotFound)
	}
	return cid, nil
}

// names reads the file, which is not there before the first name.
func (p *Pack) names(ctx context.Context) (map[string]sinso.CID, error) {
	p.mu.RLock()
	defer p.mu.RUnlock() // Close waits until the file was read
	if err := p.usable(ctx); err != nil {
		return nil, err
	}
	files, err := p.disk.list()
	if err != nil {
		return nil, fmt.Errorf("names: list the folder: %w: %w", sinso.ErrUnavailable, err)
	}
	if !slices.Contains(files, namesName) {
		return map[string]sinso.CID{}, nil
	}
	raw, err := p.readNames()
	if err != nil {
		return nil, fmt.Errorf("names: read: %w: %w", sinso.ErrUnavailable, err)
	}
	return parseNames(raw)
}

// readNames returns the file's bytes, at most one more than it may have.
func (p *Pack) readNames() (raw []byte, err error) {
	f, err := p.disk.open(namesName)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	size, err := f.size()
	if err != nil {
		return nil, err
	}
	raw = make([]byte, min(size, maxNamesBytes+1))
	return raw, readFull(f, raw, 0)
}

// formatNames returns the file's bytes.
func formatNames(names map[string]sinso.CID) []byte {
	b := []byte(namesHead)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		b = fmt.Appendf(b, "%s %s\n", name, names[name])
	}
	return fmt.Appendf(b, "%s%x\n", namesSum, sha256.Sum256(b))
}

// parseNames reads what formatNames wrote; anything else is ErrCorrupt.
func parseNames(raw []byte) (map[string]sinso.CID, error) {
	damaged := fmt.Errorf("names: the file is damaged: %w", sinso.ErrCorrupt)
	if len(raw) > maxNamesBytes {
		return nil, damaged
	}
	names := map[string]sinso.CID{}
	text, _ := strings.CutPrefix(string(raw), namesHead)
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		cid, err := sinso.ParseCID(value)
		if sinso.CheckName(name) != nil || err != nil {
			break // at the last line if the file is whole: a sum is no CID
		}
		names[name] = cid
	}
	if !bytes.Equal(formatNames(names), raw) {
		return nil, damaged
	}
	return names, nil
}
