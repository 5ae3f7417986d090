package attest

import (
	"crypto/sha256"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// SignWork makes the entry of a work, signed with its maker's account for the
// asset contract of one chain.
func SignWork(contracts sinso.Contracts, secret [32]byte, role string, file []byte) (Work, error) {
	signer, err := eip712.Address(secret)
	if err != nil {
		return Work{}, fmt.Errorf("attest: work: %w", err)
	}
	w := Work{Role: role, Signer: signer, SHA256: sha256.Sum256(file)}
	if w.Signature, err = eip712.Sign(secret, w.toSign(contracts)); err != nil {
		return Work{}, fmt.Errorf("attest: work: %w", err)
	}
	return w, nil
}

func (w Work) toSign(contracts sinso.Contracts) sinso.Hash {
	return eip712.WorkDigest(eip712.Domain(contracts.Assets, contracts.ChainID), w.SHA256)
}

// verify checks that the signer signed this work. The role is what the institution says.
func (w Work) verify(contracts sinso.Contracts) error {
	signer, err := eip712.Recover(w.toSign(contracts), w.Signature)
	if err != nil || signer != w.Signer {
		return fmt.Errorf("not by the signer that is named: %w", sinso.ErrCorrupt)
	}
	return nil
}
