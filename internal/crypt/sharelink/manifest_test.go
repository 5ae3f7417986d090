package sharelink

import (
	"crypto/sha256"
	"errors"
	"strings"
	"testing"

	"sinso.dev/sinso"
)

// FuzzManifest reads what somebody with the link may have sealed as a manifest.
func FuzzManifest(f *testing.F) {
	value := text64.EncodeToString(make([]byte, sha256.Size))
	for _, seed := range []string{
		`{"series":[{"files":[{"size":5}]}],"parts":["` + value + `"]}`, `{}`, `[]`, `null`, ``, `{"parts":[]}`,
		`{"series":[{"files":[{"size":9223372036854775807},{"size":9223372036854775807}]}],"parts":["` + value + `"]}`,
		`{"series":[{"files":[{"size":-1}]}],"parts":["` + value + `"]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, plain []byte) {
		m, synthetic, err := parseManifest(plain)
		if err != nil {
			if !errors.Is(err, sinso.ErrCorrupt) {
				t.Errorf("got %v, want corrupt", err)
			}
			return
		}
		size, err := m.Size()
		if err != nil || int64(len(synthetic)) != Parts(size) || len(synthetic) > MaxParts {
			t.Errorf("taken: %d bytes in %d parts, %v", size, len(synthetic), err)
		}
	})
}

// TestHostileManifestIsCorrupt seals what is no manifest, as somebody with the link can.
func TestHostileManifestIsCorrupt(t *testing.T) {
	t.Parallel()
	value := text64.EncodeToString(make([]byte, sha256.Size))
	for name, plain := range map[string]string{
		"no JSON":         "\x00\x01",
		"two values":      `{} {}`,
		"no file":         `{"series":[],"parts":[]}`,
		"parts missing":   `{"series":[{"files":[{"size":5}]}],"parts":[]}`,
		"parts too many":  `{"series":[{"files":[{"size":5}]}],"parts":["` + value + `","` + value + `"]}`,
		"no value":        `{"series":[{"files":[{"size":5}]}],"parts":["AAAA"]}`,
		"huge":            `{"series":[{"files":[{"size":9e15}]}],"parts":["` + value + `"]}`,
		"beyond":          `{"series":[{"files":[{"size":9223372036854775807},{"size":2}]}],"parts":["` + value + `"]}`,
		"not whole":       `{"series":[{"files":[{"size":1.5}]}],"parts":["` + value + `"]}`,
		"nested too deep": strings.Repeat("[", 20_000),
	} {
		plain += strings.Repeat(" ", max(0, 1<<15-len(plain)))
		secret := Secret{1}
		sealed, synthetic := secret.seal(make([]byte, 1+sha256.Size), manifestPart, []byte(plain))
		sealed[0] = version
		copy(sealed[1:], synthetic[:])
		if _, err := Open(secret, sealed); !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("%s: got %v, want corrupt", name, err)
		}
	}
}
