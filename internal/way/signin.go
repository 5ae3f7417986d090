package way

import (
	"context"
	"errors"
	"fmt"

	"sinso.dev/sinso"
)

// Signing in is written down like the making of tokens. Sessions are in memory alone,
// and end with the process; the log says when they began, and which were ended early.
// Credentials are events, and rows of the index.

// MaxCredentials is how many an account may have.
const MaxCredentials = 32

// SignedIn writes down that a page signed in. A passkey whose signature counter did not
// grow is refused, and that is written down: there may be two of it (WebAuthn §6.1.1).
// ErrNotFound if the credential was removed meanwhile.
func (w *Way) SignedIn(ctx context.Context, what sinso.SignedIn, actor string, person sinso.PersonID) error {
	if what.Credential == "" {
		return w.recordOne(ctx, sinso.EventSignedIn, actor, person, what)
	}
	w.credentials.Lock()
	defer w.credentials.Unlock()
	row, err := view(ctx, w, func(tx sinso.MetaTx) (sinso.CredentialRow, error) { return tx.Credential(what.Credential) })
	if err != nil {
		return fmt.Errorf("way: credential %s: %w", what.Credential, err)
	}
	if (row.Count > 0 || what.Count > 0) && what.Count <= row.Count {
		err := w.recordOne(ctx, sinso.EventSignInSuspect, actor, person, sinso.SignInSuspect{Credential: row.ID})
		return errors.Join(fmt.Errorf("way: credential %s: its counter did not grow, so it may have been copied: sign in another way and remove it: %w", row.ID, sinso.ErrDenied), err)
	}
	return w.recordOne(ctx, sinso.EventSignedIn, actor, person, what)
}

// SessionsEnded writes down that a caller ended sessions before their time.
func (w *Way) SessionsEnded(ctx context.Context, ids []string, actor string, person sinso.PersonID) error {
	return w.recordOne(ctx, sinso.EventSessionsEnded, actor, person, sinso.SessionsEnded{Sessions: ids})
}

// Credential returns one credential.
//
// What the index has is good enough to go on with a session: who removes a credential
// is answered when the index knows, and so a request does not wait for what others
// brought.
func (w *Way) Credential(ctx context.Context, id sinso.CredentialID) (sinso.CredentialRow, error) {
	return w.readily(ctx, func(tx sinso.MetaTx) (sinso.CredentialRow, error) { return tx.Credential(id) })
}

// CredentialByKey returns the credential of a passkey, phrase or wallet.
func (w *Way) CredentialByKey(ctx context.Context, key string) (sinso.CredentialRow, error) {
	return w.readily(ctx, func(tx sinso.MetaTx) (sinso.CredentialRow, error) { return tx.CredentialByKey(key) })
}

// readily asks the index as it stands, and as of all that was acknowledged only if
// nothing is found.
func (w *Way) readily(ctx context.Context, find func(sinso.MetaTx) (sinso.CredentialRow, error)) (row sinso.CredentialRow, err error) {
	err = w.Meta.View(ctx, func(tx sinso.MetaTx) (err error) {
		row, err = find(tx)
		return err
	})
	if !errors.Is(err, sinso.ErrNotFound) {
		return row, err
	}
	return view(ctx, w, find)
}

// Credentials lists those of an account, oldest first; "" is everybody's.
func (w *Way) Credentials(ctx context.Context, account string) ([]sinso.CredentialRow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) ([]sinso.CredentialRow, error) {
		return gather(func(fn func(sinso.CredentialRow) error) error { return tx.Credentials(account, fn) })
	})
}

// AddCredential binds a credential to its account. ErrExists if its key is bound
// already, to this account or another; ErrInvalid if the account has as many as it may.
func (w *Way) AddCredential(ctx context.Context, row sinso.CredentialRow, actor string) error {
	w.credentials.Lock()
	defer w.credentials.Unlock()
	there, err := w.Credentials(ctx, row.Account)
	if err != nil {
		return err
	}
	if len(there) >= MaxCredentials {
		return fmt.Errorf("way: an account has at most %d ways to sign in: remove one first: %w", MaxCredentials, sinso.ErrInvalid)
	}
	switch _, err := w.CredentialByKey(ctx, row.Key); {
	case err == nil:
		return fmt.Errorf("way: this %s signs in here already: %w", row.Kind, sinso.ErrExists)
	case !errors.Is(err, sinso.ErrNotFound):
		return err
	}
	return w.recordOne(ctx, sinso.EventSignInAdded, actor, row.Person, sinso.SignInAdded{Credential: row})
}

// ChangeCredential gives a credential another label, and a wrapped key where one is
// given. ErrExists if it has one already: what keeps a key is not written over.
func (w *Way) ChangeCredential(ctx context.Context, change sinso.SignInChanged, actor string) (sinso.CredentialRow, error) {
	w.credentials.Lock()
	defer w.credentials.Unlock()
	row, err := w.Credential(ctx, change.Credential)
	if err != nil {
		return row, fmt.Errorf("way: credential %s: %w", change.Credential, err)
	}
	if len(row.Wrapped) > 0 && len(change.Wrapped) > 0 {
		return row, fmt.Errorf("way: credential %s keeps a key already: remove it and add it anew: %w", row.ID, sinso.ErrExists)
	}
	if err := w.recordOne(ctx, sinso.EventSignInChanged, actor, row.Person, change); err != nil {
		return row, err
	}
	return w.Credential(ctx, change.Credential)
}

// RemoveCredential ends a credential; ErrNotFound if there is none.
func (w *Way) RemoveCredential(ctx context.Context, id sinso.CredentialID, actor string) error {
	w.credentials.Lock()
	defer w.credentials.Unlock()
	row, err := w.Credential(ctx, id)
	if err != nil {
		return fmt.Errorf("way: credential %s: %w", id, err)
	}
	return w.recordOne(ctx, sinso.EventSignInRemoved, actor, row.Person, sinso.SignInRemoved{Credential: id})
}

func projectSignedIn(tx sinso.MetaTx, e sinso.Event, b sinso.SignedIn) ([]string, error) {
	if b.Credential == "" {
		return []string{b.Session}, nil
	}
	return changeCredential(tx, b.Credential, func(row *sinso.CredentialRow) { row.Count, row.Used = b.Count, e.At }, b.Session)
}

func projectSessionsEnded(_ sinso.MetaTx, _ sinso.Event, b sinso.SessionsEnded) ([]string, error) {
	return b.Sessions, nil
}

func projectSignInAdded(tx sinso.MetaTx, _ sinso.Event, b sinso.SignInAdded) ([]string, error) {
	return []string{string(b.Credential.ID)}, tx.SaveCredential(b.Credential)
}

func projectSignInChanged(tx sinso.MetaTx, _ sinso.Event, b sinso.SignInChanged) ([]string, error) {
	return changeCredential(tx, b.Credential, func(row *sinso.CredentialRow) {
		row.Label = b.Label
		if len(row.Wrapped) == 0 {
			row.Wrapped = b.Wrapped
		}
	})
}

func projectSignInRemoved(tx sinso.MetaTx, _ sinso.Event, b sinso.SignInRemoved) ([]string, error) {
	return []string{string(b.Credential)}, tx.RemoveCredential(b.Credential)
}

func projectSignInSuspect(_ sinso.MetaTx, _ sinso.Event, b sinso.SignInSuspect) ([]string, error) {
	return []string{string(b.Credential)}, nil
}

// changeCredential edits a row in place; one that was removed stays away.
func changeCredential(tx sinso.MetaTx, id sinso.CredentialID, edit func(*sinso.CredentialRow), also ...string) ([]string, error) {
	subjects := append([]string{string(id)}, also...)
	row, err := tx.Credential(id)
	if errors.Is(err, sinso.ErrNotFound) {
		return subjects, nil
	}
	if err != nil {
		return nil, err
	}
	edit(&row)
	return subjects, tx.SaveCredential(row)
}
