// Package web holds the page that a node serves at its root: sources in src/, built
// by Vite to dist/, which is committed, so that a build of the program needs Go only.
package web

import (
	"embed"
	"io/fs"
)

//go:embed dist
var files embed.FS

// Files returns the page's files, index.html at the top. The server sends them
// with a Content-Security-Policy of default-src 'self'; img-src 'self' blob: data:.
func Files() fs.FS {
	dist, err := fs.Sub(files, "dist")
	if err != nil { // only a name that is no path is refused
		panic(err)
	}
	return dist
}
