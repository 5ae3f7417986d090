package node

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"testing"

	"sinso.dev/sinso"
)

// TestEventsHoldNoKey looks for every content key and secret of a trade in the
// events of both nodes, as bytes and in the texts that JSON has for bytes, and for
// what a person has in both halves of two releases that strangers see.
func TestEventsHoldNoKey(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	row := d.wantBought()
	ctx := t.Context()
	var manifest sinso.Manifest
	if err := json.Unmarshal(d.opened(d.row.Manifest, d.key), &manifest); err != nil {
		t.Fatal(err)
	}
	seed, err := d.buyer.keys.Unwrap(ctx, row.Secret, row.Order[:])
	if err != nil {
		t.Fatal(err)
	}
	secrets := map[string][]byte{"the manifest's key": d.key[:], "the seller's": d.seller[:], "the release's": d.secret[:], "the one-order seed": seed[:]}
	for i, object := range append(manifest.Objects, *manifest.Evidence) {
		secrets[fmt.Sprintf("the key of object %d", i)] = object.Key
	}
	events := 0
	for _, n := range []*Node{d.town.seller, d.buyer} {
		if err := n.audit.Events(ctx, 0, func(e sinso.Event) error {
			events++
			for name, secret := range secrets {
				for _, form := range [][]byte{secret, []byte(hex.EncodeToString(secret)), []byte(base64.StdEncoding.EncodeToString(secret))} {
					if bytes.Contains(e.Body, form) || bytes.Contains(e.Public, form) {
						t.Errorf("event %d (%s) holds %s", e.Seq, e.Type, name)
					}
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if events < 15 || len(secrets) < 9 {
		t.Errorf("%d events and %d secrets were looked at", events, len(secrets))
	}
}
