package act

import (
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
	here := NewDesk(nil, 1, Hand{account, own}, account, time.Time{}, nil)
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
	if _, err := eip712.Sign(sinso.KeptElsewhere(), sinso.Hash{1}); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("what stands for a secret signs: %v", err)
	}
}
