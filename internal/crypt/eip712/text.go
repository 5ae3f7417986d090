package eip712

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"

	"github.com/ethereum/go-ethereum/common"

	"sinso.dev/sinso"
)

// TextDigest is what is signed of a text, for the contract of a domain, which should be text.At. ErrInvalid as [Struct].
func TextDigest(domain sinso.Hash, text sinso.Text) (sinso.Hash, error) {
	structure, err := Struct(text.Type, text.Members...)
	return Digest(domain, structure), err
}

// KeyRequestText is what [KeyRequestDigest] is the digest of.
func KeyRequestText(exchange sinso.Address, trade, hpkeHash sinso.Hash) sinso.Text {
	return sinso.Text{At: exchange, Type: keyRequestType, Members: []any{trade, hpkeHash}}
}

// TypeName is the name of a text's type: "Stake".
func TypeName(text sinso.Text) string {
	name, _ := fieldsOf(text.Type)
	return name
}

// field is a member's name and type (EIP-712, definition of eth_signTypedData).
type field struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// typedData is a text as other programs show it before they sign it.
type typedData struct {
	Types       map[string][]field `json:"types"`
	PrimaryType string             `json:"primaryType"`
	Domain      domain             `json:"domain"`
	Message     map[string]any     `json:"message"`
}

type domain struct {
	Name              string `json:"name"`
	Version           string `json:"version"`
	ChainID           uint64 `json:"chainId"`
	VerifyingContract string `json:"verifyingContract"`
}

// TypedData returns a text whole, as the JSON that eth_signTypedData takes: its types, its domain on a chain, and its
// members with their names. ErrInvalid: a member does not fit its type, or is a struct, of
// which only the hash is known here: nobody can be shown what that says.
func TypedData(text sinso.Text, chainID uint64) (json.RawMessage, error) {
	if _, err := Struct(text.Type, text.Members...); err != nil {
		return nil, err
	}
	name, fields := fieldsOf(text.Type)
	data := typedData{
		PrimaryType: name, Message: map[string]any{}, Types: map[string][]field{name: fields},
		Domain: domain{Name: Name, Version: Version, ChainID: chainID, VerifyingContract: checksummed(text.At)},
	}
	whole, domainFields := fieldsOf(domainType)
	data.Types[whole] = domainFields
	for i, f := range fields {
		value, err := shown(f.Type, text.Members[i])
		if err != nil {
			return nil, fmt.Errorf("eip712: %s: %s: %w", name, f.Name, err)
		}
		data.Message[f.Name] = value
	}
	return json.Marshal(data)
}

// fieldsOf reads a type that [Struct] takes.
func fieldsOf(encodeType string) (name string, fields []field) {
	name, list, _ := strings.Cut(encodeType, "(")
	list, _, _ = strings.Cut(list, ")")
	fields = []field{}
	for member := range strings.SplitSeq(list, ",") {
		if kind, called, ok := strings.Cut(member, " "); ok {
			fields = append(fields, field{called, kind})
		}
	}
	return name, fields
}

// shown is a member that fits its type, as JSON has it: numbers are decimal, for JSON's own are not whole above 2^53.
func shown(kind string, value any) (any, error) {
	switch v := value.(type) {
	case sinso.Address:
		return checksummed(v), nil
	case sinso.Hash:
		if kind == "uint256" {
			return new(big.Int).SetBytes(v[:]).String(), nil
		}
		if kind == "bytes32" {
			return hexOf(v[:]), nil
		}
	case []byte:
		return hexOf(v), nil
	case string, bool:
		return v, nil
	default:
		if n := wholeOf(value); n != nil {
			return n.String(), nil
		}
	}
	return nil, fmt.Errorf("a %s cannot be shown whole: %w", kind, sinso.ErrInvalid)
}

// checksummed writes an address as EIP-55 has it: programs warn of others.
func checksummed(a sinso.Address) string { return common.Address(a).Hex() }

func hexOf(b []byte) string { return "0x" + hex.EncodeToString(b) }
