// Package keybox masks a content key for the buyer of one order, so that a
// contract can check it.
//
// The mask comes from a Diffie-Hellman secret on bn254 G1, the curve that the
// precompiles 6 and 7 of an EVM compute on (EIP-196). Buyer's key B = b·G,
// seller's ephemeral R = r·G, shared S = r·B = b·R, and
//
//	masked = CEK xor sha256("sinso/keybox/v1" ‖ S.x ‖ S.y ‖ order hash)
//
// A key box is not authenticated: it opens to something with any secret. What it
// opened to is compared with the key commitment, by the buyer and, if the buyer
// shows b, by the contract. So b and r serve one order and nothing else.
package keybox

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"math/big"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"sinso.dev/sinso"
)

const maskLabel = "sinso/keybox/v1"

// NewKey makes a buyer's key of a random seed: the secret is the seed reduced
// modulo the group order, which costs less than a bit of it, and pub is
// secret·G. A seed that reduces to zero is ErrInvalid.
func NewKey(seed [32]byte) (secret [32]byte, pub sinso.Point, err error) {
	k, err := reduce(seed)
	if err != nil {
		return [32]byte{}, sinso.Point{}, err
	}
	var p bn254.G1Affine
	p.ScalarMultiplicationBase(k)
	return [32]byte(k.FillBytes(secret[:])), encode(&p), nil
}

// Seal masks a content key for a buyer and an order. seed is random and makes r
// as in NewKey; the same arguments give the same box. A buyer's key that is no
// point of the curve, or infinity, is ErrInvalid.
func Seal(seed [32]byte, buyer sinso.Point, order sinso.Hash, cek sinso.CEK) (sinso.KeyBox, error) {
	r, err := reduce(seed)
	if err != nil {
		return sinso.KeyBox{}, err
	}
	b, err := decode(buyer)
	if err != nil {
		return sinso.KeyBox{}, fmt.Errorf("keybox: the buyer's key: %w", err)
	}
	var ephemeral, shared bn254.G1Affine
	ephemeral.ScalarMultiplicationBase(r)
	shared.ScalarMultiplication(b, r)
	return sinso.KeyBox{Ephemeral: encode(&ephemeral), Masked: sinso.Hash(mask(&shared, order, cek))}, nil
}

// Open takes the mask off a key box. It can't tell whether the key is the right
// one: compare it with its commitment. A secret that NewKey does not make, and an
// ephemeral key that is no point of the curve or infinity, are ErrInvalid.
func Open(secret [32]byte, box sinso.KeyBox, order sinso.Hash) (sinso.CEK, error) {
	b := new(big.Int).SetBytes(secret[:])
	if b.Sign() == 0 || b.Cmp(fr.Modulus()) >= 0 {
		return sinso.CEK{}, fmt.Errorf("keybox: the secret is not a scalar of bn254: %w", sinso.ErrInvalid)
	}
	ephemeral, err := decode(box.Ephemeral)
	if err != nil {
		return sinso.CEK{}, fmt.Errorf("keybox: the ephemeral key: %w", err)
	}
	var shared bn254.G1Affine
	shared.ScalarMultiplication(ephemeral, b)
	return sinso.CEK(mask(&shared, order, box.Masked)), nil
}

func reduce(seed [32]byte) (*big.Int, error) {
	k := new(big.Int).SetBytes(seed[:])
	if k.Mod(k, fr.Modulus()).Sign() == 0 {
		return nil, fmt.Errorf("keybox: the seed reduces to zero: %w", sinso.ErrInvalid)
	}
	return k, nil
}

// decode takes what the precompiles take, but for infinity: both coordinates
// below the field's order, and on the curve. G1 has prime order, so there is no
// small subgroup to check for.
func decode(p sinso.Point) (*bn254.G1Affine, error) {
	x, errX := fp.BigEndian.Element((*[fp.Bytes]byte)(&p.X))
	y, errY := fp.BigEndian.Element((*[fp.Bytes]byte)(&p.Y))
	if errX != nil || errY != nil {
		return nil, fmt.Errorf("a coordinate is not below the field's order: %w", sinso.ErrInvalid)
	}
	point := &bn254.G1Affine{X: x, Y: y}
	if point.IsInfinity() || !point.IsOnCurve() {
		return nil, fmt.Errorf("no point of bn254 G1, or infinity: %w", sinso.ErrInvalid)
	}
	return point, nil
}

func encode(p *bn254.G1Affine) sinso.Point {
	return sinso.Point{X: p.X.Bytes(), Y: p.Y.Bytes()}
}

// mask is its own inverse.
func mask(shared *bn254.G1Affine, order sinso.Hash, data [32]byte) [32]byte {
	point := encode(shared)
	h := sha256.New()
	h.Write([]byte(maskLabel))
	h.Write(point.X[:])
	h.Write(point.Y[:])
	h.Write(order[:])
	pad := [32]byte(h.Sum(nil))
	subtle.XORBytes(pad[:], pad[:], data[:])
	return pad
}
