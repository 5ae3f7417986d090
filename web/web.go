// Package web holds the page that a node serves at its root. It is read as it
// stands: no build step, no framework, nothing fetched from elsewhere.
package web

import (
	"embed"
	"io/fs"
)

//go:embed index.html style.css icon.svg *.js i18n/*.json
var files embed.FS

// Files returns the page's files, index.html at the top. The server sends them
// with a Content-Security-Policy of default-src 'self'; img-src 'self' blob: data:.
func Files() fs.FS { return files }
