package serve

import (
	"bytes"
	"cmp"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dag"
)

// The answers of the gateway for blocks.
const (
	rawType = "application/vnd.ipld.raw"
	carType = "application/vnd.ipld.car"
)

// block serves what was offered, by the rules of the IPFS trustless gateway
// (specs.ipfs.tech/http-gateways/trustless-gateway): one block, or all blocks of an object
// as a CAR. Whoever asked checks them against the CID.
func (c *call) block() error {
	media, accepted, err := c.blockType()
	if err != nil {
		return err
	}
	cid, err := sinso.ParseCID(c.r.PathValue("cid"))
	if err != nil {
		return fmt.Errorf("serve: cid: %w", sinso.ErrNotFound)
	}
	if media == carType {
		return c.car(cid, accepted)
	}
	data, err := c.way.PublicBlock(c.ctx(), cid)
	if err != nil {
		return err
	}
	c.blockHeaders(cid, "raw", ".bin", `"`+string(cid)+`.raw"`)
	c.w.Header().Set("Content-Type", rawType)
	http.ServeContent(c.w, c.r, "", time.Time{}, bytes.NewReader(data))
	return nil
}

// blockType returns the type that the caller wants, which format says before Accept, and
// what parameters Accept has for it.
func (c *call) blockType() (media string, params map[string]string, err error) {
	switch format := c.r.URL.Query().Get("format"); format {
	case "raw":
		media = rawType
	case "car":
		media = carType
	case "":
	default:
		return "", nil, refused(http.StatusNotAcceptable, sinso.ErrUnsupported, "this gateway gives raw blocks and CARs: ask with ?format=raw or ?format=car")
	}
	for accept := range strings.SplitSeq(strings.Join(c.r.Header.Values("Accept"), ","), ",") {
		accepts, with, err := mime.ParseMediaType(accept)
		if err == nil && (accepts == media || media == "" && (accepts == rawType || accepts == carType)) {
			return accepts, with, nil
		}
	}
	if media == "" {
		return "", nil, refused(http.StatusNotAcceptable, sinso.ErrUnsupported, "this gateway gives raw blocks and CARs: ask with ?format=raw or ?format=car")
	}
	return media, nil, nil
}

// blockHeaders sets what all answers of the gateway have.
func (c *call) blockHeaders(cid sinso.CID, format, ending, etag string) {
	h := c.w.Header()
	h.Set("Content-Disposition", `attachment; filename="`+string(cid)+ending+`"`)
	h.Set("Cache-Control", "public, max-age=29030400, immutable") // the name is the content's hash
	h.Set("Etag", etag)
	h.Set("X-Ipfs-Path", "/ipfs/"+string(cid))
	h.Add("Vary", "Accept")
	if c.r.URL.Query().Get("format") == "" {
		h.Set("Content-Location", "/ipfs/"+string(cid)+"?format="+format)
	}
}

// car serves an object as a CAR, or its root alone. Before the first byte all of its blocks
// are known to be here, and to be offered: else it is not found.
func (c *call) car(cid sinso.CID, accepted map[string]string) error {
	how, scope, err := c.carOptions(accepted)
	if err != nil {
		return err
	}
	if err := c.wholeHere(cid, how); err != nil {
		return err
	}
	dups := "n"
	if how.Duplicates {
		dups = "y"
	}
	// The bytes are the same each time, so this names them (RFC 9110 §8.8.1).
	etag := `"` + string(cid) + ".car." + scope + "." + dups + `"`
	c.blockHeaders(cid, "car", ".car", etag)
	h := c.w.Header()
	h.Set("Accept-Ranges", "none")
	if c.hasAlready(etag) {
		c.w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", carType+"; version=1; order=dfs; dups="+dups)
	c.w.WriteHeader(http.StatusOK)
	if c.r.Method == http.MethodHead {
		return nil
	}
	if err := dag.WriteCAR(c.ctx(), c.w, cid, c.way.PublicBlock, how); err != nil {
		// Part of it was sent: only a connection that breaks off says that it is not whole.
		c.cfg.Log.WarnContext(c.ctx(), "a CAR could not be sent whole")
		panic(http.ErrAbortHandler)
	}
	return nil
}

// wholeHere returns ErrNotFound unless every block that the CAR would have may be given, and
// is here. Of leaves nothing is read.
func (c *call) wholeHere(cid sinso.CID, how dag.CAROptions) error {
	check := func(cid sinso.CID) error {
		has, err := c.way.HasPublicBlock(c.ctx(), cid)
		if err == nil && !has {
			err = fmt.Errorf("serve: block %s: %w", cid, sinso.ErrNotFound)
		}
		return err
	}
	if how.RootOnly {
		return check(cid)
	}
	// Of a large object it takes a while, and anybody may ask.
	leave, err := c.enter(c.walks)
	if err != nil {
		return err
	}
	defer leave()
	return dag.Walk(c.ctx(), cid, c.way.PublicBlock, check)
}

// carOptions reads what CAR is wanted: of Accept, and of the query, which comes first.
func (c *call) carOptions(accepted map[string]string) (how dag.CAROptions, scope string, err error) {
	query := c.r.URL.Query()
	asked := func(name string) string {
		return cmp.Or(query.Get("car-"+name), accepted[name])
	}
	if query.Has("entity-bytes") {
		return how, "", invalid("this gateway gives no part of an object: leave entity-bytes out")
	}
	if v, order := asked("version"), asked("order"); v != "" && v != "1" || order != "" && order != "dfs" && order != "unk" {
		return how, "", refused(http.StatusNotAcceptable, sinso.ErrUnsupported, "this gateway gives CARs of version 1 in the order dfs")
	}
	switch asked("dups") {
	case "", "n":
	case "y":
		how.Duplicates = true
	default:
		return how, "", invalid("dups must be y or n")
	}
	switch scope = cmp.Or(query.Get("dag-scope"), "all"); scope {
	case "all", "entity": // an object is one file, and all of the DAG is that file
		return how, scope, nil
	case "block":
		how.RootOnly = true
		return how, scope, nil
	}
	return how, "", invalid("dag-scope must be all, entity or block")
}

// hasAlready reports whether the caller names the answer that it has (RFC 9110 §13.1.2).
func (c *call) hasAlready(etag string) bool {
	for has := range strings.SplitSeq(strings.Join(c.r.Header.Values("If-None-Match"), ","), ",") {
		if has = strings.TrimSpace(has); has == "*" || strings.TrimPrefix(has, "W/") == etag {
			return true
		}
	}
	return false
}

func (c *call) health() error { return c.plainText("ok") }

func (c *call) ready() error {
	if err := c.cfg.Ready(c.ctx()); err != nil {
		return fmt.Errorf("serve: not ready: %w: %w", err, sinso.ErrUnavailable)
	}
	return c.plainText("ok")
}

func (c *call) description() error {
	spec, err := c.spec()
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", c.media)
	c.w.Header().Set("Cache-Control", "no-cache")
	_, _ = c.w.Write(spec) // the caller may have gone
	return nil
}
