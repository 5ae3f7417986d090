package node

import (
	"bytes"
	"fmt"
	"regexp"

	"sinso.dev/sinso"
)

// blobsLine is the line of sinso.toml that says where blocks are.
var blobsLine = regexp.MustCompile(`(?m)^[ \t]*blobs[ \t]*=.*$`)

// setBlobs returns a configuration with another place for blocks, and all else as it was.
func setBlobs(config []byte, blobs string) ([]byte, error) {
	before, err := parseConfig(config)
	if err != nil {
		return nil, err
	}
	if before.Blobs == blobs || before.Blobs == "" && blobs == blobsInLog {
		return config, nil
	}
	line := fmt.Appendf(nil, "blobs = %q", blobs)
	out := blobsLine.ReplaceAllLiteral(config, line)
	if before.Blobs == "" {
		out = append(append(bytes.Clone(config), '\n'), append(line, '\n')...)
		if len(config) == 0 || bytes.HasSuffix(config, []byte("\n")) {
			out = append(append(bytes.Clone(config), line...), '\n')
		}
	}
	after, err := parseConfig(out)
	if before.Blobs = blobs; err != nil || after != before {
		return nil, fmt.Errorf("config: %s is written in a way that only a person can change: set blobs = %q in it: %w", configFile, blobs, sinso.ErrInvalid)
	}
	return out, nil
}
