package eip712

import (
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/crypto"

	"sinso.dev/sinso"
)

// SignatureBytes is the length of a signature: r ‖ s ‖ v.
const SignatureBytes = 65

// vOffset is what an Ethereum signature's v has above the recovery id, which is
// 0 or 1 (Yellow Paper, appendix F).
const vOffset = 27

// Keccak returns keccak256 over the parts, one after the other.
func Keccak(parts ...[]byte) sinso.Hash { return sinso.Hash(crypto.Keccak256Hash(parts...)) }

// Address returns the account of a secp256k1 secret. A secret that is zero or
// not below the group order is ErrInvalid.
func Address(secret [32]byte) (sinso.Address, error) {
	key, err := crypto.ToECDSA(secret[:])
	if err != nil {
		return sinso.Address{}, fmt.Errorf("eip712: the secret is not a key of secp256k1: %w", sinso.ErrInvalid)
	}
	return sinso.Address(crypto.PubkeyToAddress(key.PublicKey)), nil
}

// Sign signs a digest: 65 bytes r ‖ s ‖ v with s in the lower half (EIP-2) and
// v 27 or 28. The nonce is that of RFC 6979, so the same secret and digest
// always give the same signature.
func Sign(secret [32]byte, digest sinso.Hash) ([]byte, error) {
	key, err := crypto.ToECDSA(secret[:])
	if err != nil {
		return nil, fmt.Errorf("eip712: the secret is not a key of secp256k1: %w", sinso.ErrInvalid)
	}
	signature, err := crypto.Sign(digest[:], key)
	if err != nil {
		return nil, fmt.Errorf("eip712: sign: %w", err)
	}
	signature[64] += vOffset
	return signature, nil
}

// Recover returns who signed a digest. Only the form that Sign writes is taken,
// anything else is ErrInvalid, so that nobody can make a second signature out of
// one that they saw. A digest that was not signed gives some other address and
// no error: compare.
func Recover(digest sinso.Hash, signature []byte) (sinso.Address, error) {
	if len(signature) != SignatureBytes {
		return sinso.Address{}, fmt.Errorf("eip712: a signature has %d bytes, not %d: %w", SignatureBytes, len(signature), sinso.ErrInvalid)
	}
	v := signature[64]
	if v != vOffset && v != vOffset+1 {
		return sinso.Address{}, fmt.Errorf("eip712: a signature ends in 27 or 28: %w", sinso.ErrInvalid)
	}
	r, s := new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:64])
	const lowS = true
	if !crypto.ValidateSignatureValues(v-vOffset, r, s, lowS) {
		return sinso.Address{}, fmt.Errorf("eip712: signature out of range: %w", sinso.ErrInvalid)
	}
	plain := append(append(make([]byte, 0, SignatureBytes), signature[:64]...), v-vOffset)
	public, err := crypto.SigToPub(digest[:], plain)
	if err != nil {
		return sinso.Address{}, fmt.Errorf("eip712: signature is of no key: %w", sinso.ErrInvalid)
	}
	return sinso.Address(crypto.PubkeyToAddress(*public)), nil
}
