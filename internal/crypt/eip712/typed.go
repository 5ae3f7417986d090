package eip712

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"sinso.dev/sinso"
)

// Struct returns the hash of a struct (EIP-712 hashStruct). encodeType is as in
// Solidity: "Stake(address owner,uint256 tokenId)", with the types that it names
// after it. Members are in its order: Address, Hash (of bytes32 or a uint256), Wei,
// unsigned integers, time.Time, time.Duration and bool are words; []byte and string
// are hashed; a struct is given as its own hash; a list as []sinso.Hash,
// []sinso.Address or [][]byte. ErrInvalid: a member does not fit its type.
func Struct(encodeType string, members ...any) (sinso.Hash, error) {
	name, list, ok := strings.Cut(encodeType, "(")
	list, _, ended := strings.Cut(list, ")")
	if !ok || !ended || name == "" {
		return sinso.Hash{}, fmt.Errorf("eip712: %q is no type: %w", encodeType, sinso.ErrInvalid)
	}
	var types []string
	if list != "" {
		types = strings.Split(list, ",")
	}
	if len(types) != len(members) {
		return sinso.Hash{}, fmt.Errorf("eip712: %s has %d members, not %d: %w", name, len(types), len(members), sinso.ErrInvalid)
	}
	w := typed(encodeType)
	for i, member := range types {
		kind, called, _ := strings.Cut(member, " ")
		word, err := wordOf(kind, members[i])
		if err != nil {
			return sinso.Hash{}, fmt.Errorf("eip712: %s: %s: %w", name, called, err)
		}
		w = w.hash(word)
	}
	return Keccak(w), nil
}

// Digest is what is signed of a struct, for the contract of a domain.
func Digest(domain, structure sinso.Hash) sinso.Hash {
	return Keccak([]byte{0x19, 0x01}, domain[:], structure[:])
}

// wordOf encodes a member (EIP-712 encodeData).
func wordOf(kind string, value any) (sinso.Hash, error) {
	if strings.HasSuffix(kind, "]") {
		return listOf(value)
	}
	switch v := value.(type) {
	case sinso.Address:
		if kind == "address" {
			return sinso.Hash(words{}.address(v)), nil
		}
	case sinso.Hash: // bytes32, uint256, or the hash of a struct
		if kind == "bytes32" || kind == "uint256" || kind[0] >= 'A' && kind[0] <= 'Z' {
			return v, nil
		}
	case []byte:
		if kind == "bytes" {
			return Keccak(v), nil
		}
	case string:
		if kind == "string" {
			return Keccak([]byte(v)), nil
		}
	case bool:
		if kind == "bool" {
			return numbered(kind, boolean(v))
		}
	default:
		if n := wholeOf(value); n != nil && strings.HasPrefix(kind, "uint") {
			return numbered(kind, n)
		}
	}
	return sinso.Hash{}, fmt.Errorf("a %T is no %s: %w", value, kind, sinso.ErrInvalid)
}

func wholeOf(value any) *big.Int {
	switch v := value.(type) {
	case sinso.Wei:
		return v.Int()
	case time.Time:
		if v.IsZero() {
			return new(big.Int)
		}
		return big.NewInt(v.Unix())
	case time.Duration:
		return big.NewInt(int64(v / time.Second))
	case uint8:
		return new(big.Int).SetUint64(uint64(v))
	case uint16:
		return new(big.Int).SetUint64(uint64(v))
	case uint32:
		return new(big.Int).SetUint64(uint64(v))
	case uint64:
		return new(big.Int).SetUint64(v)
	case int:
		return big.NewInt(int64(v))
	}
	return nil
}

func boolean(v bool) *big.Int {
	if v {
		return big.NewInt(1)
	}
	return new(big.Int)
}

// numbered writes a number as a word, if its type holds it.
func numbered(kind string, n *big.Int) (sinso.Hash, error) {
	bits := 1
	if digits, ok := strings.CutPrefix(kind, "uint"); ok {
		var err error
		if bits, err = strconv.Atoi(digits); err != nil || bits > 256 {
			return sinso.Hash{}, fmt.Errorf("%s is no type: %w", kind, sinso.ErrInvalid)
		}
	}
	if n.Sign() < 0 || n.BitLen() > bits {
		return sinso.Hash{}, fmt.Errorf("the number does not fit into a %s: %w", kind, sinso.ErrInvalid)
	}
	return sinso.Hash(n.FillBytes(make([]byte, 32))), nil
}

func listOf(value any) (sinso.Hash, error) {
	var w words
	switch list := value.(type) {
	case []sinso.Hash:
		for _, item := range list {
			w = w.hash(item)
		}
	case []sinso.Address:
		for _, item := range list {
			w = w.address(item)
		}
	case [][]byte:
		for _, item := range list {
			w = w.hash(Keccak(item))
		}
	default:
		return sinso.Hash{}, fmt.Errorf("a %T is no list that is known: %w", value, sinso.ErrInvalid)
	}
	return Keccak(w), nil
}
