package serve

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dag"
)

// public puts an object of several blocks into the node, as offered.
func (g *rig) public(t *testing.T) (root sinso.CID, blocks []sinso.Block) {
	t.Helper()
	root, blocks = dag.Build(bytes.Repeat([]byte("sealed bytes, as far as the gateway knows; "), 60_000))
	if err := g.way.Blobs.Put(t.Context(), blocks...); err != nil {
		t.Fatal(err)
	}
	for _, b := range blocks {
		g.setPublic(t, b.CID, true)
	}
	return root, blocks
}

func (g *rig) setPublic(t *testing.T, cid sinso.CID, yes bool) {
	t.Helper()
	err := g.way.Meta.Tx(t.Context(), func(tx sinso.MetaTx) error {
		if yes {
			return tx.SavePublic(cid)
		}
		return tx.RemovePublic(cid)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// carOf is the CAR that the format's own writer makes of an object.
func (g *rig) carOf(t *testing.T, root sinso.CID, o dag.CAROptions) []byte {
	t.Helper()
	var car bytes.Buffer
	if err := dag.WriteCAR(t.Context(), &car, root, g.way.Blobs.Get, o); err != nil {
		t.Fatal(err)
	}
	return car.Bytes()
}

// TestGatewayGivesAnObjectAsACAR asks in each way that the specification has, and gets all
// blocks or the root alone, under headers that say what came.
func TestGatewayGivesAnObjectAsACAR(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	root, _ := g.public(t)
	path := "/ipfs/" + string(root)
	all, alone := dag.CAROptions{}, dag.CAROptions{RootOnly: true}
	for _, tt := range []struct {
		query, accept string
		o             dag.CAROptions
		dups, scope   string
	}{
		{"?format=car", "", all, "n", "all"},
		{"?format=car&car-version=1&car-order=dfs&car-dups=n&dag-scope=all", "*/*", all, "n", "all"},
		{"", carType, all, "n", "all"},
		{"", "text/html, " + carType + "; version=1; order=dfs; dups=y", dag.CAROptions{Duplicates: true}, "y", "all"},
		{"?format=car&car-dups=n", carType + ";order=unk;dups=y", all, "n", "all"},
		{"?format=car", rawType + ", " + carType + ";dups=y", dag.CAROptions{Duplicates: true}, "y", "all"},
		{"?format=car&dag-scope=entity", "", all, "n", "entity"},
		{"?format=car&dag-scope=block", "", alone, "n", "block"},
	} {
		got := g.want(t, 200, "", "GET", path+tt.query, "", "Accept", tt.accept)
		if !bytes.Equal(got.body, g.carOf(t, root, tt.o)) {
			t.Errorf("%s, %s: got %d bytes, which are not the CAR", tt.query, tt.accept, len(got.body))
		}
		wantHeaders(t, got.Header, map[string]string{
			"Content-Type":           carType + "; version=1; order=dfs; dups=" + tt.dups,
			"Content-Disposition":    `attachment; filename="` + string(root) + `.car"`,
			"Etag":                   `"` + string(root) + ".car." + tt.scope + "." + tt.dups + `"`,
			"Cache-Control":          "public, max-age=29030400, immutable",
			"X-Content-Type-Options": "nosniff", "Accept-Ranges": "none", "X-Ipfs-Path": path,
		})
		if location := got.Header.Get("Content-Location"); (location == path+"?format=car") != !strings.Contains(tt.query, "format=") || !slices.Contains(got.Header.Values("Vary"), "Accept") {
			t.Errorf("%s: got location %q, vary %q", tt.query, location, got.Header.Values("Vary"))
		}
		if head := g.want(t, 200, "", "HEAD", path+tt.query, "", "Accept", tt.accept); head.Header.Get("Etag") != got.Header.Get("Etag") {
			t.Errorf("%s: HEAD says %v", tt.query, head.Header)
		}
		if again := g.want(t, 304, "", "GET", path+tt.query, "", "Accept", tt.accept, "If-None-Match", `"other", W/`+got.Header.Get("Etag")); len(again.body) > 0 {
			t.Errorf("%s: 304 with %d bytes", tt.query, len(again.body))
		}
	}
}

func wantHeaders(t *testing.T, got http.Header, want map[string]string) {
	t.Helper()
	for name, value := range want {
		if got.Get(name) != value {
			t.Errorf("%s: got %q, want %q", name, got.Get(name), value)
		}
	}
}

// TestGatewayRefusesCARsThatItDoesNotMake, in words, before anything is sent.
func TestGatewayRefusesCARsThatItDoesNotMake(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	root, _ := g.public(t)
	for query, status := range map[string]int{
		"&car-version=2": 406, "&car-order=bfs": 406, "&car-dups=maybe": 400, "&dag-scope=some": 400, "&entity-bytes=0:5": 400,
	} {
		got := g.want(t, status, "", "GET", "/ipfs/"+string(root)+"?format=car"+query, "")
		if got.Header.Get("Content-Type") != "application/problem+json" || got.field(t, "detail") == "" {
			t.Errorf("%s: got %s %s", query, got.Header.Get("Content-Type"), got.body)
		}
	}
	g.want(t, 406, "", "GET", "/ipfs/"+string(root), "", "Accept", carType+";version=2")
}

// TestGatewayGivesNoCARWithAHiddenBlock: if one block of an object may not be given, or is
// not here, the object is not found, whichever it is, and nothing of it is given.
func TestGatewayGivesNoCARWithAHiddenBlock(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	root, blocks := g.public(t)
	path := "/ipfs/" + string(root) + "?format=car"
	for i, b := range blocks {
		g.setPublic(t, b.CID, false)
		hidden := g.want(t, 404, "", "GET", path, "", "If-None-Match", "*")
		g.setPublic(t, b.CID, true)
		if err := g.way.Blobs.Delete(t.Context(), b.CID); err != nil {
			t.Fatal(err)
		}
		missing := g.want(t, 404, "", "GET", path, "")
		if strings.Contains(string(hidden.body)+string(missing.body), string(blocks[0].CID)) && b.CID != blocks[0].CID {
			t.Errorf("block %d: the answer names another block", i)
		}
		if err := g.way.Blobs.Put(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		g.want(t, 200, "", "GET", path, "")
	}
	original := must[[]sinso.InstanceRow](t)(g.way.Instances(t.Context(), g.study))[0].CID
	for _, scope := range []string{"all", "block"} {
		g.want(t, 404, "", "GET", "/ipfs/"+string(original)+"?format=car&dag-scope="+scope, "")
	}
}

// damaged are blobs of which one is damaged.
type damaged struct {
	sinso.Blobs
	bad sinso.CID
}

// TestGatewayBreaksOffACARThatCannotBeWhole: a block that cannot be read ends the connection,
// so that nobody takes what came for all of it.
func TestGatewayBreaksOffACARThatCannotBeWhole(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	root, blocks := g.public(t)
	last := blocks[len(blocks)-2]
	g.way.Blobs = &damaged{Blobs: g.way.Blobs, bad: last.CID}
	r := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), "GET", g.url+"/ipfs/"+string(root)+"?format=car", nil))
	response, err := g.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if body, err := io.ReadAll(response.Body); err == nil || len(body) == 0 {
		t.Errorf("got %d bytes, %v, want a connection that breaks off", len(body), err)
	}
}

func (d *damaged) Get(ctx context.Context, cid sinso.CID) ([]byte, error) {
	data, err := d.Blobs.Get(ctx, cid)
	if err == nil && cid == d.bad {
		data[0] ^= 1
	}
	return data, err
}
