// Package backup copies a node folder into a block store, and back. What it copies is what
// a thief of the folder would have: ciphertext and wrapped keys. The bytes are in
// docs/formats.md, "backup".
package backup

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dag"
)

// Name is the name that a store has the newest backup under. Under begunName it has what a
// backup has put that is not whole yet.
const (
	Name      = "sinso-backup"
	begunName = "sinso-backup-begun"
)

const (
	manifestVersion = 1
	blocksVersion   = 2         // has blocks besides the log
	maxManifest     = 256 << 20 // bytes
	maxFiles        = 1 << 20
	maxPath         = 256 // bytes
)

// manifest lists a backup.
type manifest struct {
	Version int       `json:"version"`
	Log     string    `json:"log"` // the journal's own id: backups of two nodes are not mixed
	At      time.Time `json:"at"`
	Files   []file    `json:"files"` // ascending by Path
	// Blocks are those that the node has in another store than its log; nil: none.
	Blocks *blockList `json:"blocks,omitempty"`
	// Config is sinso.toml, sealed to the node; nil if there is none.
	Config *sealed `json:"config,omitempty"`
	// Replaces is the list of the backup before, whose blocks go.
	Replaces sinso.CID `json:"replaces,omitempty"`

	raw, mac []byte // as they were read
}

// file is one file of the node folder.
type file struct {
	Path string    `json:"path"` // with /, below the node folder
	Size int64     `json:"size"`
	Tag  string    `json:"tag,omitempty"` // of a segment: as long as it is the same, so is the file
	CID  sinso.CID `json:"cid"`
}

// sealed is an object that the node's key opens.
type sealed struct {
	CID  sinso.CID          `json:"cid"`
	Keys []sinso.WrappedKey `json:"keys"`
}

// find returns the file of a path that has the same tag.
func (m *manifest) find(name, tag string) (file, bool) {
	if m == nil || tag == "" {
		return file{}, false
	}
	i, found := slices.BinarySearchFunc(m.Files, name, func(f file, name string) int { return strings.Compare(f.Path, name) })
	if !found || m.Files[i].Tag != tag {
		return file{}, false
	}
	return m.Files[i], true
}

// has reports whether a file is in the backup.
func (m *manifest) has(name string) bool {
	_, found := slices.BinarySearchFunc(m.Files, name, func(f file, name string) int { return strings.Compare(f.Path, name) })
	return found
}

// read returns the newest backup in a store and its root: nil if there is none.
func read(ctx context.Context, store sinso.NamedBlobs) (*manifest, sinso.CID, error) {
	root, err := store.Name(ctx, Name)
	if errors.Is(err, sinso.ErrNotFound) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("backup: look for a backup: %w", err)
	}
	m, err := load(ctx, store, root)
	return m, root, err
}

// Has reports whether a store has a backup, or what one that was cut off has put.
func Has(ctx context.Context, store sinso.NamedBlobs) (bool, error) {
	for _, name := range []string{Name, begunName} {
		_, err := store.Name(ctx, name)
		if err == nil || !errors.Is(err, sinso.ErrNotFound) {
			return err == nil, err
		}
	}
	return false, nil
}

// load reads the list of a backup.
func load(ctx context.Context, store sinso.Blobs, root sinso.CID) (*manifest, error) {
	raw, err := dag.Read(ctx, root, store.Get, maxManifest)
	if err != nil {
		return nil, fmt.Errorf("backup: its list of files: %w", err)
	}
	var m marked
	if json.Unmarshal(raw, &m) != nil || len(m.List) == 0 {
		return nil, bad("does not read")
	}
	list, err := parse(m.List)
	if err == nil {
		list.raw, list.mac = m.List, m.MAC
	}
	return list, err
}

// marked is a manifest with the proof that the node wrote it.
type marked struct {
	List json.RawMessage `json:"list"` // the exact bytes that the MAC is over
	MAC  []byte          `json:"mac"`
}

// Purpose is what the node's secret is derived for that proves its backups.
const Purpose = "backup"

// seal writes a manifest with its MAC under the node's key.
func (m *manifest) seal(key [32]byte) ([]byte, error) {
	list, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	raw, err := json.Marshal(marked{list, macOf(key, list)})
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	return raw, nil
}

// proven is ErrCorrupt if the list is not one that the node with this key wrote.
func (m *manifest) proven(key [32]byte) error {
	if !hmac.Equal(m.mac, macOf(key, m.raw)) {
		return bad("was not written by this node")
	}
	return nil
}

func macOf(key [32]byte, list []byte) []byte {
	h := hmac.New(sha256.New, key[:])
	h.Write([]byte("sinso/backup/v1\x00"))
	h.Write(list)
	return h.Sum(nil)
}

// parse reads a manifest, and believes no path in it that leads elsewhere.
func parse(raw []byte) (*manifest, error) {
	m := &manifest{}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(m); err != nil || decoder.Decode(&struct{}{}) != io.EOF {
		return nil, bad("does not read")
	}
	if m.Version != manifestVersion && m.Version != blocksVersion {
		return nil, fmt.Errorf("backup: version %d of a backup: %w", m.Version, sinso.ErrUnsupported)
	}
	if m.Log == "" || len(m.Files) == 0 || len(m.Files) > maxFiles {
		return nil, bad("names no log, or no files, or too many")
	}
	for i, f := range m.Files {
		if _, err := sinso.ParseCID(string(f.CID)); err != nil || f.Size < 0 || !isPlain(f.Path) || i > 0 && m.Files[i-1].Path >= f.Path {
			return nil, bad("names a file wrongly")
		}
	}
	if (m.Blocks != nil) != (m.Version == blocksVersion) || m.Blocks != nil && !m.Blocks.valid() {
		return nil, bad("names the blocks wrongly")
	}
	if m.Config != nil {
		if _, err := sinso.ParseCID(string(m.Config.CID)); err != nil {
			return nil, bad("names the configuration wrongly")
		}
	}
	return m, nil
}

func bad(why string) error {
	return fmt.Errorf("backup: the list of files %s: %w", why, sinso.ErrCorrupt)
}

// isPlain reports whether a path is one that a backup has: below one of the folders that
// are copied, of names without anything special.
func isPlain(name string) bool {
	folder, rest, nested := strings.Cut(name, "/")
	if !nested || !slices.Contains(folders, folder) || len(name) > maxPath || path.Clean(name) != name {
		return false
	}
	for part := range strings.SplitSeq(rest, "/") {
		if part == "" || part == "." || part == ".." || strings.Trim(part, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != "" {
			return false
		}
	}
	return true
}

// folders are what is copied of a node folder, in this order: each may be newer than those
// before it, never older. A log that names a key which is not there is damaged; a key that
// no log names harms nobody.
var folders = []string{logFolder, keysFolder, chainFolder, sharesFolder}

const (
	logFolder    = "log"
	keysFolder   = "keys"
	chainFolder  = "chain"
	sharesFolder = "shares"

	configFile = "sinso.toml"
)
