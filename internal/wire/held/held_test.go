package held

import (
	"bytes"
	"errors"
	"testing"

	"sinso.dev/sinso"
)

func block(codec sinso.Codec, data string) sinso.Block {
	return sinso.Block{CID: sinso.CIDOf(codec, []byte(data)), Data: []byte(data)}
}

// FuzzDecode: whatever comes is refused as invalid, or is what Encode writes of it.
func FuzzDecode(f *testing.F) {
	for _, blocks := range [][]sinso.Block{nil, {block(sinso.CodecRaw, "")}, {block(sinso.CodecRaw, "a"), block(sinso.CodecDagPB, "some more than a hundred bytes: "+string(bytes.Repeat([]byte("x"), 200)))}} {
		body, err := Encode(blocks)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
		f.Add(body[:len(body)-1])
		f.Add(append(bytes.Clone(body), 0xa4, 0x00))
	}
	f.Add(append(bytes.Clone(carHeader), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01))
	f.Fuzz(func(t *testing.T, body []byte) {
		blocks, err := Decode(bytes.NewReader(body))
		if err != nil {
			if !errors.Is(err, sinso.ErrInvalid) && !errors.Is(err, sinso.ErrUnsupported) {
				t.Errorf("got %v, want %v", err, sinso.ErrInvalid)
			}
			return
		}
		again, err := Encode(blocks)
		if err != nil || !bytes.Equal(again, body) {
			t.Errorf("%d bytes were read, %d are written again: %v", len(body), len(again), err)
		}
	})
}

// TestEncodeIsACARFile: the bytes of a small one, as CARv1 writes them.
func TestEncodeIsACARFile(t *testing.T) {
	t.Parallel()
	b := block(sinso.CodecRaw, "hello")
	got, err := Encode([]sinso.Block{b})
	if err != nil {
		t.Fatal(err)
	}
	cid, err := b.CID.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	want := append([]byte("\x11\xa2\x65roots\x80\x67version\x01\x29"), cid...)
	if want = append(want, "hello"...); !bytes.Equal(got, want) {
		t.Errorf("got %x, want %x", got, want)
	}
}
