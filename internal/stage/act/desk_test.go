package act

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// TestADeskSignsOnlyWithItsSecret: for an account that another program keeps it signs no text, and a dry
// run says so too; nor does what stands for that secret sign anything.
func TestADeskSignsOnlyWithItsSecret(t *testing.T) {
	own := [32]byte{31: 7}
	account, err := eip712.Address(own)
	if err != nil {
		t.Fatal(err)
	}
	here := NewDesk(nil, 1, Hand{Account: account, Secret: own}, account, time.Time{}, nil)
	signature, err := here.Sign(sinso.Hash{1})
	if err != nil {
		t.Fatal(err)
	}
	if by, err := eip712.Recover(sinso.Hash{1}, signature); err != nil || by != here.Actor() {
		t.Errorf("signed by %s, %v", by, err)
	}
	elsewhere := NewDesk(nil, 1, Hand{Account: account}, account, time.Time{}, nil)
	for _, how := range []string{"in earnest", "dry"} {
		if _, err := elsewhere.Sign(sinso.Hash{1}); !errors.Is(err, sinso.ErrUnsupported) || !strings.Contains(err.Error(), "nothing was sent") {
			t.Errorf("%s: got error %v, want ErrUnsupported", how, err)
		}
		elsewhere.Dry()
	}
	text := sinso.Text{At: sinso.Address{2}, Type: "Unbond(bytes32 stakeHash)", Members: []any{sinso.Hash{1}}}
	if _, err := elsewhere.SignText(t.Context(), text); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("a text that nobody is there to sign: got error %v, want ErrUnsupported", err)
	}
	if _, err := eip712.Sign(sinso.KeptElsewhere(), sinso.Hash{1}); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("what stands for a secret signs: %v", err)
	}
}

// keeper keeps an account elsewhere.
type keeper struct {
	secret [32]byte
	asked  int
}

func (k *keeper) SignText(_ context.Context, chainID uint64, text sinso.Text) ([]byte, error) {
	k.asked++
	digest, err := eip712.TextDigest(eip712.Domain(text.At, chainID), text)
	if err != nil {
		return nil, err
	}
	return eip712.Sign(k.secret, digest)
}

// TestADeskHasTextsSigned by whoever keeps the key, and by nobody in a dry run.
func TestADeskHasTextsSigned(t *testing.T) {
	k := &keeper{secret: [32]byte{31: 7}}
	account, err := eip712.Address(k.secret)
	if err != nil {
		t.Fatal(err)
	}
	text := sinso.Text{At: sinso.Address{2}, Type: "Unbond(bytes32 stakeHash)", Members: []any{sinso.Hash{1}}}
	here := NewDesk(nil, 5, Hand{Account: account, Secret: k.secret}, account, time.Time{}, nil)
	elsewhere := NewDesk(nil, 5, Hand{Account: account, Texts: k}, account, time.Time{}, nil)
	want, err := here.SignText(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := elsewhere.SignText(t.Context(), text); err != nil || !bytes.Equal(got, want) || k.asked != 1 {
		t.Errorf("got %x and error %v of %d questions, want %x", got, err, k.asked, want)
	}
	digest, err := here.Digest(text)
	if err != nil {
		t.Fatal(err)
	}
	if by, err := eip712.Recover(digest, want); err != nil || by != account {
		t.Errorf("signed by %s, %v", by, err)
	}
	elsewhere.Dry()
	if got, err := elsewhere.SignText(t.Context(), text); err != nil || len(got) != signatureSize || !bytes.Equal(got, make([]byte, signatureSize)) || k.asked != 1 {
		t.Errorf("dry: got %x and error %v of %d questions", got, err, k.asked)
	}
	text.Members = nil
	if _, err := here.SignText(t.Context(), text); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("a member too few: got error %v, want ErrInvalid", err)
	}
}
