package node

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/ocr/tesseract"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/grade"
	"sinso.dev/sinso/internal/way"
)

// Explain says in a sentence what a reason means.
func Explain(reason sinso.Reason) string {
	if sentence := deid.Explain(reason); sentence != "" {
		return sentence
	}
	if sentence := grade.Explain(reason); sentence != "" {
		return sentence
	}
	return way.Explain(reason)
}

// ExplainFile is Explain for a file that is de-identified without a node, "" for one
// that was not read: there the reason says it.
func ExplainFile(reason sinso.Reason) string { return deid.Explain(reason) }

// TextReader returns the second opinion on writing in pixels that a configuration
// names, nil for none. It is ErrNotFound if the program is not installed.
func TextReader(ctx context.Context, name string) (sinso.TextReader, error) {
	if name != readerTesseract {
		return nil, nil //nolint:nilnil // documented
	}
	reader, err := tesseract.Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("config: text-reader: %w; on Debian: apt-get install tesseract-ocr", err)
	}
	return reader, nil
}

// DeidKey returns the key of the pseudonyms of files that are de-identified without
// a node: from a file of 64 hex digits, or from a node; nil if neither is named.
func DeidKey(ctx context.Context, file, data string, ask Ask) (*[32]byte, error) {
	switch {
	case file != "":
		text, err := os.ReadFile(file) //nolint:gosec // the caller names the file
		if err != nil {
			return nil, fmt.Errorf("deid: the key file cannot be read: %w", sinso.ErrNotFound)
		}
		raw, err := hex.DecodeString(strings.TrimSpace(string(text)))
		if err != nil || len(raw) != 32 {
			return nil, fmt.Errorf("deid: the key file must hold 64 hex digits: %w", sinso.ErrInvalid)
		}
		return (*[32]byte)(raw), nil
	case data != "":
		cfg, err := Config{Data: data}.Load(os.Getenv)
		if err != nil {
			return nil, err
		}
		if err := hasNode(cfg.Data); err != nil {
			return nil, err
		}
		keys, err := openKeys(cfg, ask)
		if err != nil {
			return nil, err
		}
		key, err := keys.Secret(ctx, sinso.KeyNode, "deid")
		return &key, errors.Join(err, keys.Close())
	default:
		return nil, nil //nolint:nilnil // documented
	}
}
