package passkey_test

import (
	"bytes"
	"errors"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth/passkey"
	"sinso.dev/sinso/internal/edge/auth/passkey/passkeytest"
)

var here = passkey.Site{ID: "localhost", Origin: "http://localhost:8480"}

const challenge = "a fresh challenge"

// made registers a device's passkey.
func made(t *testing.T, d *passkeytest.Device) passkey.Key {
	t.Helper()
	client, attestation := d.Make(challenge, nil)
	key, err := passkey.Register(here, challenge, client, attestation)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestPasskeyIsMadeAndSignsIn(t *testing.T) {
	t.Parallel()
	d := passkeytest.New(t, here.ID, here.Origin)
	d.Flags |= passkeytest.Synced
	key := made(t, d)
	if !bytes.Equal(key.ID, d.ID) || key.Count != 1 || !key.Synced {
		t.Errorf("got %+v", key)
	}
	client, data, signature := d.Use("another challenge")
	if got, err := passkey.Challenge(client); err != nil || got != "another challenge" {
		t.Errorf("Challenge: got %q, %v", got, err)
	}
	count, err := passkey.SignIn(here, "another challenge", key, client, data, signature)
	if err != nil || count != 2 {
		t.Errorf("got count %d, %v, want 2", count, err)
	}
}

// wrongs are answers that do not hold, by what is wrong.
var wrongs = map[string]func(*passkeytest.Device){
	"another site's id":     func(d *passkeytest.Device) { d.Site = "evil.example" },
	"another page":          func(d *passkeytest.Device) { d.Origin = "https://evil.example" },
	"another port":          func(d *passkeytest.Device) { d.Origin = "http://localhost:3000" },
	"a longer origin":       func(d *passkeytest.Device) { d.Origin += ".evil.example" },
	"an origin in capitals": func(d *passkeytest.Device) { d.Origin = "HTTP://LOCALHOST:8480" },
	"a frame elsewhere":     func(d *passkeytest.Device) { d.Cross = true },
	"nobody verified":       func(d *passkeytest.Device) { d.Flags &^= passkeytest.Verified },
	"nobody present":        func(d *passkeytest.Device) { d.Flags &^= passkeytest.Present },
	"another ceremony":      func(d *passkeytest.Device) { d.Type = "payment.get" },
}

func TestWrongAnswersAreDenied(t *testing.T) {
	t.Parallel()
	for name, wrong := range wrongs {
		d := passkeytest.New(t, here.ID, here.Origin)
		key := made(t, d)
		wrong(d)
		client, attestation := d.Make(challenge, nil)
		if _, err := passkey.Register(here, challenge, client, attestation); !errors.Is(err, sinso.ErrDenied) {
			t.Errorf("%s, made: got %v, want %v", name, err, sinso.ErrDenied)
		}
		client, data, signature := d.Use(challenge)
		if _, err := passkey.SignIn(here, challenge, key, client, data, signature); !errors.Is(err, sinso.ErrDenied) {
			t.Errorf("%s, used: got %v, want %v", name, err, sinso.ErrDenied)
		}
	}
	d, other := passkeytest.New(t, here.ID, here.Origin), passkeytest.New(t, here.ID, here.Origin)
	key := made(t, d)
	client, data, signature := other.Use(challenge)
	if _, err := passkey.SignIn(here, challenge, key, client, data, signature); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("another passkey's signature: got %v, want %v", err, sinso.ErrDenied)
	}
	client, data, signature = d.Use("an older challenge")
	if _, err := passkey.SignIn(here, challenge, key, client, data, signature); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("another challenge: got %v, want %v", err, sinso.ErrDenied)
	}
	d.Flags |= passkeytest.Synced
	client, data, signature = d.Use(challenge)
	if _, err := passkey.SignIn(here, challenge, key, client, data, signature); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("a passkey that is synced now: got %v, want %v", err, sinso.ErrDenied)
	}
}

// TestEveryChangedByteIsRefused flips each byte of what an authenticator answers.
func TestEveryChangedByteIsRefused(t *testing.T) {
	t.Parallel()
	d := passkeytest.New(t, here.ID, here.Origin)
	key := made(t, d)
	client, data, signature := d.Use(challenge)
	if _, err := passkey.SignIn(here, challenge, key, client, data, signature); err != nil {
		t.Fatal(err)
	}
	for _, part := range [][]byte{client, data, signature} {
		for i := range part {
			part[i] ^= 1
			if _, err := passkey.SignIn(here, challenge, key, client, data, signature); err == nil {
				t.Errorf("byte %d of %d changed, and it signed in", i, len(part))
			}
			part[i] ^= 1
		}
	}
}

// FuzzRegister: whatever an authenticator answers, it is taken or refused with a class.
func FuzzRegister(f *testing.F) {
	d := passkeytest.New(f, here.ID, here.Origin)
	client, attestation := d.Make(challenge, nil)
	used, data, signature := d.Use(challenge)
	f.Add(attestation)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, attestation []byte) {
		key, err := passkey.Register(here, challenge, client, attestation)
		if err != nil && !errors.Is(err, sinso.ErrInvalid) && !errors.Is(err, sinso.ErrDenied) {
			t.Errorf("got %v", err)
		}
		if err == nil {
			_, _ = passkey.SignIn(here, challenge, key, used, data, signature) // whatever key was taken: no panic
		}
	})
}

// FuzzSignIn is the same for signing in.
func FuzzSignIn(f *testing.F) {
	d := passkeytest.New(f, here.ID, here.Origin)
	client, attestation := d.Make(challenge, nil)
	key, err := passkey.Register(here, challenge, client, attestation)
	if err != nil {
		f.Fatal(err)
	}
	client, data, signature := d.Use(challenge)
	f.Add(client, data, signature)
	f.Fuzz(func(t *testing.T, c, d, s []byte) {
		_, err := passkey.SignIn(here, challenge, key, c, d, s)
		if err == nil && (!bytes.Equal(c, client) || !bytes.Equal(d, data)) {
			t.Error("a forged answer signs in")
		}
		if err != nil && !errors.Is(err, sinso.ErrInvalid) && !errors.Is(err, sinso.ErrDenied) {
			t.Errorf("got %v", err)
		}
	})
}
