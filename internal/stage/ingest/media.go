package ingest

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

const (
	directoryFile     = "DICOMDIR" // PS3.10 §8.6
	maxDirectoryBytes = 64 << 20   // some 100,000 records
	maxComponents     = 8          // of a File ID (PS3.10 §8.2)
	maxComponent      = 8          // characters
)

// isDirectory reports whether a path that was given is the list of a medium.
func isDirectory(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Size() <= maxDirectoryBytes && strings.EqualFold(filepath.Base(path), directoryFile)
}

// walkDirectory calls fn with the DICOMDIR itself, and with each file that it lists
// (PS3.3 F.3), once. A file that it lists and that is not on the medium is refused by
// name: a disc that lost some must not look whole.
func walkDirectory(ctx context.Context, path string, fn visitor) error {
	if err := walkFile(ctx, path, sinso.NewPHI(path), fn); err != nil {
		return err
	}
	data, err := os.ReadFile(path) //nolint:gosec // the path is the caller's choice
	if err != nil {
		return nil //nolint:nilerr // walkFile has told
	}
	file, err := dicom.ReadTruncated(data)
	if err != nil {
		return nil //nolint:nilerr // walkFile has told
	}
	records, err := file.Directory()
	if err != nil {
		return nil //nolint:nilerr // walkFile has told
	}
	seen := map[string]bool{}
	for _, record := range records {
		if len(record.File) == 0 {
			continue
		}
		listed := filepath.Join(record.File...)
		if seen[listed] {
			continue
		}
		seen[listed] = true
		if err := walkListed(ctx, filepath.Dir(path), record.File, fn); err != nil {
			return err
		}
	}
	return nil
}

// walkListed finds a listed file below the medium's folder, whatever case its names
// were copied in.
func walkListed(ctx context.Context, root string, components []string, fn visitor) error {
	name := sinso.NewPHI(filepath.Join(append([]string{root}, components...)...))
	if !isFileID(components) {
		return fn.refuse(name, ReasonUnreadable, "the DICOMDIR lists a file by a name that is none (PS3.10 §8.2)")
	}
	for _, spell := range []func(string) string{func(s string) string { return s }, strings.ToLower, strings.ToUpper} {
		path := root
		for _, c := range components {
			path = filepath.Join(path, spell(c))
		}
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil || !info.Mode().IsRegular() {
			break
		}
		return walkFile(ctx, path, sinso.NewPHI(path), fn)
	}
	return fn.refuse(name, ReasonUnreadable, "the DICOMDIR lists this file, and it is not there")
}

// isFileID reports whether components are a File ID, which leads nowhere but below
// the medium's folder.
func isFileID(components []string) bool {
	if len(components) > maxComponents {
		return false
	}
	for _, c := range components {
		if c == "" || len(c) > maxComponent {
			return false
		}
		for _, b := range []byte(c) {
			if (b < 'A' || b > 'Z') && (b < 'a' || b > 'z') && (b < '0' || b > '9') && b != '_' {
				return false
			}
		}
	}
	return true
}
