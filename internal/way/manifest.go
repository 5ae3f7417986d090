package way

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"sinso.dev/sinso"
)

// What a release is of, as its sealed list says.

// readManifest opens the manifest of a release.
func (w *Way) readManifest(ctx context.Context, root sinso.CID, key sinso.CEK) (sinso.Manifest, error) {
	plain, err := w.open(ctx, root, key)
	if err != nil {
		return sinso.Manifest{}, err
	}
	return parseManifest(plain)
}

// Bounds of a manifest of another node, and of what it names.
const (
	maxManifestObjects = 1 << 17
	maxManifestBytes   = 64 << 20
	maxObjectBytes     = 1 << 30 // plain; an import takes less
	maxReleaseBytes    = 1 << 40 // of all objects together
)

func parseManifest(plain []byte) (sinso.Manifest, error) {
	var manifest sinso.Manifest
	if err := json.Unmarshal(plain, &manifest); err != nil {
		return manifest, fmt.Errorf("way: the manifest cannot be read: %w", sinso.ErrCorrupt)
	}
	if manifest.Version != sinso.ManifestVersion {
		return manifest, fmt.Errorf("way: manifest version %d: %w", manifest.Version, sinso.ErrUnsupported)
	}
	objects := manifest.Objects
	if manifest.Evidence == nil || len(objects) > maxManifestObjects {
		return manifest, fmt.Errorf("way: the manifest holds no evidence, or too many objects: %w", sinso.ErrCorrupt)
	}
	total := int64(0)
	for _, object := range append(slices.Clone(objects), *manifest.Evidence) {
		if _, err := sinso.ParseCID(string(object.CID)); err != nil || len(object.Key) != len(sinso.CEK{}) {
			return manifest, fmt.Errorf("way: the manifest names an object wrongly: %w", sinso.ErrCorrupt)
		}
		if object.Size < 0 || object.Size > maxObjectBytes {
			return manifest, fmt.Errorf("way: the manifest names an object of %d bytes, %d are allowed: %w", object.Size, maxObjectBytes, sinso.ErrCorrupt)
		}
		total += object.Size
	}
	if total > maxReleaseBytes {
		return manifest, fmt.Errorf("way: the manifest names %d bytes, %d are allowed: %w", total, int64(maxReleaseBytes), sinso.ErrCorrupt)
	}
	return manifest, nil
}
