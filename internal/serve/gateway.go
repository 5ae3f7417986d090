package serve

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"time"

	"sinso.dev/sinso"
)

// block serves one block of what was offered, by the IPFS trustless gateway's
// rules (specs.ipfs.tech/http-gateways/trustless-gateway): raw blocks only, which
// whoever asked checks against the CID.
func (c *call) block() error {
	format := c.r.URL.Query().Get("format")
	if format != "raw" && (format != "" || !strings.Contains(c.r.Header.Get("Accept"), c.media)) {
		return refused(http.StatusNotAcceptable, sinso.ErrUnsupported, "this gateway gives raw blocks only: ask with ?format=raw")
	}
	cid, err := sinso.ParseCID(c.r.PathValue("cid"))
	if err != nil {
		return fmt.Errorf("serve: cid: %w", sinso.ErrNotFound)
	}
	data, err := c.way.PublicBlock(c.ctx(), cid)
	if err != nil {
		return err
	}
	h := c.w.Header()
	h.Set("Content-Type", c.media)
	h.Set("Content-Disposition", `attachment; filename="`+string(cid)+`.bin"`)
	h.Set("Cache-Control", "public, max-age=29030400, immutable") // the name is the content's hash
	h.Set("Etag", `"`+string(cid)+`.raw"`)
	h.Set("X-Ipfs-Path", "/ipfs/"+string(cid))
	http.ServeContent(c.w, c.r, "", time.Time{}, bytes.NewReader(data))
	return nil
}

func (c *call) health() error { return c.plainText("ok") }

func (c *call) ready() error {
	if err := c.cfg.Ready(c.ctx()); err != nil {
		return fmt.Errorf("serve: not ready: %w: %w", err, sinso.ErrUnavailable)
	}
	return c.plainText("ok")
}

func (c *call) description() error {
	c.w.Header().Set("Content-Type", c.media)
	c.w.Header().Set("Cache-Control", "no-cache")
	_, _ = c.w.Write(c.spec) // the caller may have gone
	return nil
}
