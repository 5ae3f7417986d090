package sqlite

import (
	"errors"
	"fmt"

	"sinso.dev/sinso"
)

// SaveCredential implements [sinso.MetaTx].
func (t *tx) SaveCredential(row sinso.CredentialRow) error {
	if err := need("credential", string(row.ID), row.Key, row.Account); err != nil {
		return err
	}
	switch before, err := t.CredentialByKey(row.Key); {
	case err == nil && before.ID != row.ID:
		return fmt.Errorf("meta: save credential %s: another has its key: %w", row.ID, sinso.ErrExists)
	case err != nil && !errors.Is(err, sinso.ErrNotFound):
		return err
	}
	b, err := encode(row)
	if err != nil {
		return err
	}
	return t.save(`INSERT INTO credential (id, key, account, body) VALUES (?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET key = excluded.key, account = excluded.account, body = excluded.body`,
		string(row.ID), row.Key, row.Account, b)
}

// RemoveCredential implements [sinso.MetaTx].
func (t *tx) RemoveCredential(id sinso.CredentialID) error {
	return t.save("DELETE FROM credential WHERE id = ?", string(id))
}

// Credential implements [sinso.MetaTx].
func (t *tx) Credential(id sinso.CredentialID) (sinso.CredentialRow, error) {
	return one(t, "credential", "SELECT body FROM credential WHERE id = ?", []any{string(id)}, body[sinso.CredentialRow])
}

// CredentialByKey implements [sinso.MetaTx].
func (t *tx) CredentialByKey(key string) (sinso.CredentialRow, error) {
	return one(t, "credential by key", "SELECT body FROM credential WHERE key = ?", []any{key}, body[sinso.CredentialRow])
}

// Credentials implements [sinso.MetaTx].
func (t *tx) Credentials(account string, fn func(sinso.CredentialRow) error) error {
	if account == "" {
		return list(t, "SELECT body FROM credential ORDER BY n", nil, body[sinso.CredentialRow], fn)
	}
	return list(t, "SELECT body FROM credential WHERE account = ? ORDER BY n", []any{account}, body[sinso.CredentialRow], fn)
}
