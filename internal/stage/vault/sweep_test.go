package vault_test

import (
	"encoding/binary"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/vault"
)

// TestNamesForgetNone adds as many CIDs as there is room for, finds each of them, and few
// others.
func TestNamesForgetNone(t *testing.T) {
	t.Parallel()
	const room = 20_000
	cid := func(i int) sinso.CID {
		return sinso.CIDOf(sinso.CodecRaw, binary.LittleEndian.AppendUint64(nil, uint64(i)))
	}
	names := vault.NewNames(room)
	for i := range room {
		names.Add(cid(i))
	}
	for i := range room {
		if !names.Has(cid(i)) {
			t.Fatalf("number %d is forgotten", i)
		}
	}
	others := 0
	for i := room; i < 2*room; i++ {
		if names.Has(cid(i)) {
			others++
		}
	}
	if others > room/500 {
		t.Errorf("%d of %d others look as if they were there", others, room)
	}
	if vault.NewNames(0).Has(cid(1)) {
		t.Error("an empty set has something")
	}
}
