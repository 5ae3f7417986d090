package evm

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/signer/core/apitypes"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// maxTexts is how many signed texts are remembered: beyond it the oldest is forgotten.
const maxTexts = 256

// signedText is a text by its digest, and its signature.
type signedText struct {
	digest    sinso.Hash
	signature []byte
}

// SignText implements [sinso.TextSigner]. The program is given the text whole: clef by account_signTypedData, others by
// eth_signTypedData_v4, or eth_signTypedData if they do not know that. What it has signed it is not asked again, until the
// node is started anew: who waits for a seller's answer asks for the key many times, by one text.
func (s *Signer) SignText(ctx context.Context, chainID uint64, text sinso.Text) ([]byte, error) {
	digest, data, err := written(chainID, text)
	if err != nil {
		return nil, err
	}
	if signature := s.recalled(digest); signature != nil {
		return signature, nil
	}
	account := common.Address(s.account).Hex()
	asText := []any{account, string(data)} // as wallets take it
	what := matter{aboutText(digest), "sign a " + eip712.TypeName(text)}
	answer, err := s.ask(ctx, what, map[string][]ask{
		speaksClef: {{"account_signTypedData", []any{account, data}}},
		speaksEth:  {{"eth_signTypedData_v4", asText}, {"eth_signTypedData", asText}},
	})
	if err != nil {
		return nil, err
	}
	signature := signatureOf(answer)
	by, err := eip712.Recover(digest, signature)
	if err != nil || by != s.account {
		s.deny(what)
		return nil, errForgedText
	}
	s.agreed(what.name)
	s.recall(digest, signature)
	return slices.Clone(signature), nil
}

var _ sinso.TextSigner = (*Signer)(nil)

// errForgedText is said of an answer that is no signature of the text that was asked for.
var errForgedText = fmt.Errorf("the signer answered with no signature, or one of another text, or by another account; nothing was sent: look at what signs there before you try again: %w", sinso.ErrCorrupt)

// recalled is the signature of a text that was signed before; nil: it is not remembered.
func (s *Signer) recalled(digest sinso.Hash) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at := slices.IndexFunc(s.texts, func(t signedText) bool { return t.digest == digest }); at >= 0 {
		return slices.Clone(s.texts[at].signature)
	}
	return nil
}

func (s *Signer) recall(digest sinso.Hash, signature []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.texts = append(s.texts, signedText{digest, signature})
	s.texts = s.texts[max(len(s.texts)-maxTexts, 0):]
}

// aboutText names a text among what was asked for.
func aboutText(digest sinso.Hash) sinso.Hash {
	return sinso.Hash(crypto.Keccak256Hash([]byte("text"), digest[:]))
}

// written is a text as a program is given it, and its digest. That what is shown is what is signed is checked by
// go-ethereum's own reading of it.
func written(chainID uint64, text sinso.Text) (digest sinso.Hash, data json.RawMessage, err error) {
	if digest, err = eip712.TextDigest(eip712.Domain(text.At, chainID), text); err != nil {
		return digest, nil, err
	}
	if data, err = eip712.TypedData(text, chainID); err != nil {
		return digest, nil, err
	}
	var read apitypes.TypedData
	err = json.Unmarshal(data, &read)
	var again []byte
	if err == nil {
		again, _, err = apitypes.TypedDataAndHash(read)
	}
	if err != nil || sinso.Hash(again) != digest {
		return digest, nil, fmt.Errorf("chain: what is to be signed cannot be shown as it is signed; nothing was sent: %w", sinso.ErrInvalid)
	}
	return digest, data, nil
}

// signatureOf reads an answer: 65 bytes, of which the last may be 0 or 1 for 27 or 28. Nil: it is none.
func signatureOf(answer json.RawMessage) []byte {
	var signature hexutil.Bytes
	if json.Unmarshal(answer, &signature) != nil || len(signature) != eip712.SignatureBytes {
		return nil
	}
	if v := &signature[eip712.SignatureBytes-1]; *v < 2 {
		*v += 27
	}
	return signature
}
