package serve

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/wire/coding"
)

// pagePattern is what every path fits that no route does.
const pagePattern = "/*"

// pageFile is one file of the page, in memory: it is built into the program.
type pageFile struct {
	media, etag string
	data        []byte
	zipped      func() []byte // the same by gzip; nil where that is not smaller
}

// leastZipped is the size below which a file is sent as it is, in bytes.
const leastZipped = 1 << 10

// pageMedia are the types that the page is made of. A browser is told not to
// guess, and the machine's own table is not asked.
var pageMedia = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon",
	".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8",
	".webmanifest": "application/manifest+json",
}

// readPage reads the page's files. A file of another type is left out.
func readPage(from fs.FS) (map[string]pageFile, error) {
	files := map[string]pageFile{}
	if from == nil {
		return files, nil
	}
	err := fs.WalkDir(from, ".", func(name string, entry fs.DirEntry, err error) error {
		media := pageMedia[path.Ext(name)]
		if err != nil || entry.IsDir() || media == "" {
			return err
		}
		data, err := fs.ReadFile(from, name)
		sum := sha256.Sum256(data)
		files["/"+name] = pageFile{media: media, etag: hex.EncodeToString(sum[:16]), data: data, zipped: sync.OnceValue(func() []byte { return zipped(data) })}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("serve: read the page: %w: %w", err, sinso.ErrUnavailable)
	}
	return files, nil
}

// servePage answers with a file of the page, or that there is none.
func (s *Server) servePage(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Path
	if strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	file, ok := s.page[name]
	if !ok {
		s.problems.Write(w, r, fmt.Errorf("serve: page: %w", sinso.ErrNotFound))
		return
	}
	h := w.Header()
	h.Set("Content-Type", file.media)
	h.Set("Cache-Control", "no-cache") // kept, but asked for again: names do not change with content
	data, etag := file.data, file.etag
	if small := file.zipped(); small != nil {
		h.Set("Vary", "Accept-Encoding")
		if coding.Gzip(r.Header) {
			h.Set("Content-Encoding", "gzip")
			data, etag = small, etag+"-gzip" // other bytes under the same name
		}
	}
	h.Set("Etag", `"`+etag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}

// zipped returns data by gzip, nil if that is not much smaller.
func zipped(data []byte) []byte {
	if len(data) < leastZipped {
		return nil
	}
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil { // only another level
		return nil
	}
	_, _ = z.Write(data) // into memory
	_ = z.Close()
	if out.Len() > len(data)*9/10 {
		return nil
	}
	return out.Bytes()
}
