package sharelink

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"

	"sinso.dev/sinso"
)

// Manifest says what a share shows. The node never reads it.
type Manifest struct {
	Label  string   `json:"label,omitempty"` // what the owner calls it
	Note   string   `json:"note,omitempty"`  // to whoever looks
	Series []Series `json:"series"`
	// Parts are the synthetic values of the parts from 1 on, base64url. [Seal] writes them.
	Parts []string `json:"parts"`
}

// Series is one series, with its files in the order in which they are shown.
type Series struct {
	Modality string `json:"modality,omitempty"`
	Label    string `json:"label,omitempty"`
	Files    []File `json:"files"`
}

// File is one file. The files lie in the parts one after the other.
type File struct {
	Size    int64  `json:"size"`           // bytes, at least 1
	Type    string `json:"type,omitempty"` // media type; "" is application/dicom
	Number  int    `json:"number,omitempty"`
	Frames  int    `json:"frames,omitempty"`
	Rows    int    `json:"rows,omitempty"`
	Columns int    `json:"columns,omitempty"`
}

// Size is the bytes of all files; ErrInvalid if there is none, one is empty, or they
// are more than a share holds.
func (m Manifest) Size() (int64, error) {
	total, files := int64(0), 0
	for _, series := range m.Series {
		for _, file := range series.Files {
			if file.Size < 1 || file.Size > math.MaxInt64/2-total {
				return 0, fmt.Errorf("sharelink: a file of %d bytes: %w", file.Size, sinso.ErrInvalid)
			}
			total, files = total+file.Size, files+1
		}
	}
	if files == 0 || Parts(total) > MaxParts {
		return 0, fmt.Errorf("sharelink: %d files of %d bytes: a share has 1 to %d parts: %w", files, total, MaxParts, sinso.ErrInvalid)
	}
	return total, nil
}

// sealManifest pads a manifest with spaces to one of few sizes, and seals it.
func (s Secret) sealManifest(m Manifest) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // as other languages write it
	if err := encoder.Encode(m); err != nil {
		return nil, fmt.Errorf("sharelink: manifest: %w", err)
	}
	plain := bytes.TrimRight(text.Bytes(), "\n")
	size := manifestLeast
	for size < len(plain) {
		size *= 2
	}
	if size > manifestMost {
		return nil, fmt.Errorf("sharelink: a manifest of %d bytes, at most %d: %w", len(plain), manifestMost, sinso.ErrInvalid)
	}
	plain = append(plain, bytes.Repeat([]byte{' '}, size-len(plain))...)
	sealed := append(make([]byte, 0, size+manifestOver), make([]byte, 1+sha256.Size)...)
	sealed, synthetic := s.seal(sealed, manifestPart, plain)
	sealed[0] = version
	copy(sealed[1:], synthetic[:])
	return sealed, nil
}

// openManifest opens and checks a manifest.
func (s Secret) openManifest(sealed []byte) (m Manifest, synthetic [][sha256.Size]byte, err error) {
	if !IsManifestSize(int64(len(sealed))) {
		return m, nil, fmt.Errorf("sharelink: a manifest of %d bytes: %w", len(sealed), sinso.ErrCorrupt)
	}
	if sealed[0] != version {
		return m, nil, fmt.Errorf("sharelink: version %d: %w", sealed[0], sinso.ErrUnsupported)
	}
	plain, err := s.open(manifestPart, [sha256.Size]byte(sealed[1:]), sealed[1+sha256.Size:])
	if err != nil {
		return m, nil, err
	}
	return parseManifest(plain)
}

// parseManifest reads a manifest, and checks all that is counted by it.
func parseManifest(plain []byte) (m Manifest, synthetic [][sha256.Size]byte, err error) {
	if err := json.Unmarshal(plain, &m); err != nil {
		return Manifest{}, nil, fmt.Errorf("sharelink: the manifest is no JSON of a manifest: %w", sinso.ErrCorrupt)
	}
	size, err := m.Size()
	if err != nil || int64(len(m.Parts)) != Parts(size) {
		return Manifest{}, nil, fmt.Errorf("sharelink: the manifest's files and its %d parts do not belong together: %w", len(m.Parts), sinso.ErrCorrupt)
	}
	synthetic = make([][sha256.Size]byte, 0, len(m.Parts))
	for _, text := range m.Parts {
		value, err := text64.DecodeString(text)
		if err != nil || len(value) != sha256.Size {
			return Manifest{}, nil, fmt.Errorf("sharelink: part %d has no synthetic value: %w", len(synthetic)+1, sinso.ErrCorrupt)
		}
		synthetic = append(synthetic, [sha256.Size]byte(value))
	}
	return m, synthetic, nil
}
