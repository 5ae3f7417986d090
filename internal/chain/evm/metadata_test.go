package evm_test

import (
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/evm"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// What a wallet shows of an asset is its ID and a picture of that: no server is asked,
// and nothing of the data, the person or the day is in it.
func TestATokenSaysNothingButItself(t *testing.T) {
	w := newWorld(t, "")
	c := w.open(t, evm.Config{Client: w.chain.Client()})
	secret := [32]byte{31: 9}
	creator, err := eip712.Address(secret)
	if err != nil {
		t.Fatal(err)
	}
	asset := sinso.Asset{Creator: creator, Commitment: sinso.Hash{1}, Split: []sinso.Share{{Payee: creator, Bps: 10_000}}}
	digest, err := eip712.AssetDigest(eip712.Domain(c.Contracts().Assets, c.Contracts().ChainID), asset)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := eip712.Sign(secret, digest)
	if err != nil {
		t.Fatal(err)
	}
	asset.Signatures = [][]byte{signature}
	token, _, err := c.EnterAsset(t.Context(), asset)
	if err != nil {
		t.Fatal(err)
	}
	var uri string
	if err := c.Ask(t.Context(), sinso.Call{Contract: "Assets", Method: "tokenURI", Args: []any{token}}, &uri); err != nil {
		t.Fatal(err)
	}
	var told struct {
		Name, Description, Image string
		Properties               map[string]string
	}
	decoder := json.NewDecoder(strings.NewReader(dataURI(t, uri, "application/json")))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&told); err != nil {
		t.Fatal(err)
	}
	if told.Name != "SINSO asset" || told.Description == "" || len(told.Properties) != 1 || told.Properties["commitment"] != token.String() {
		t.Errorf("metadata: got %+v", told)
	}
	svg := dataURI(t, told.Image, "image/svg+xml")
	if got, want := rings(t, svg), ringsOf(token); got != want {
		t.Errorf("the picture: got\n%s\nwant\n%s", got, want)
	}
}

func dataURI(t *testing.T, uri, media string) string {
	t.Helper()
	text, ok := strings.CutPrefix(uri, "data:"+media+";base64,")
	data, err := base64.StdEncoding.DecodeString(text)
	if !ok || err != nil {
		t.Fatalf("got %.80q and error %v, want a data URI of %s", uri, err, media)
	}
	return string(data)
}

// rings returns the hue, length and turn of each circle of a picture, which has nothing
// else but one background: no text, no script, no link.
func rings(t *testing.T, svg string) string {
	t.Helper()
	var out strings.Builder
	decoder := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return out.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			attr := map[string]string{}
			for _, a := range e.Attr {
				attr[a.Name.Local] = a.Value
			}
			switch e.Name.Local {
			case "svg", "path":
			case "circle":
				fmt.Fprintf(&out, "%s %s %s %s\n", attr["r"], attr["stroke"], attr["stroke-dasharray"], attr["stroke-dashoffset"])
			default:
				t.Fatalf("a %s is in the picture", e.Name.Local)
			}
		case xml.CharData:
			t.Fatalf("text is in the picture: %q", e)
		}
	}
}

func ringsOf(token sinso.TokenID) string {
	var out strings.Builder
	for i := range 8 {
		part := token[4*i : 4*i+4]
		hue := strconv.Itoa((int(part[0])<<8 | int(part[1])) % 360)
		fmt.Fprintf(&out, "%d hsl(%s,70%%,60%%) %d %d %d\n", 29-3*i, hue, part[2], 256-int(part[2]), part[3])
	}
	return out.String()
}
