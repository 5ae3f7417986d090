// Package siwe reads, writes and checks messages of Sign-In with Ethereum (EIP-4361)
// that are signed by an account's own key (EIP-191, version 0x45, "personal_sign").
//
// Only messages in the one form that [Message.String] writes are read, so that what a
// wallet showed and what was checked are the same bytes. Resources, request ids and
// not-before are not in that form: this node asks for none.
package siwe

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"sinso.dev/sinso"
)

// Message is what an account signs.
type Message struct {
	Domain    string // host and port of the page, RFC 3986 §3.2
	Address   sinso.Address
	Statement string // one line that says what for
	URI       string // of the page
	ChainID   uint64 // EIP-155
	Nonce     string // 8 letters and digits, or more
	IssuedAt  time.Time
	Expires   time.Time
}

const (
	version  = "1"
	maxBytes = 2048 // of a message

	asks        = " wants you to sign in with your Ethereum account:"
	minNonce    = 8 // EIP-4361 "nonce"
	timeFormat  = "2006-01-02T15:04:05.000Z"
	lines       = 12
	signedBytes = 65
	offset      = 27 // of a signature's last byte above the recovery id
)

// String writes the message as EIP-4361 has it: line feeds, none at the end. Times are
// UTC to the millisecond, as JavaScript writes them.
func (m Message) String() string {
	return strings.Join([]string{
		m.Domain + asks,
		Checksum(m.Address),
		"",
		m.Statement,
		"",
		"URI: " + m.URI,
		"Version: " + version,
		"Chain ID: " + strconv.FormatUint(m.ChainID, 10),
		"Nonce: " + m.Nonce,
		"Issued At: " + m.IssuedAt.UTC().Format(timeFormat),
		"Expiration Time: " + m.Expires.UTC().Format(timeFormat),
	}, "\n")
}

// Checksum writes an address as it stands in a message (ERC-55).
func Checksum(a sinso.Address) string { return common.Address(a).Hex() }

// Parse reads a message. ErrInvalid for anything but what String writes of some
// message: another version, an address without its checksum (ERC-55), a field twice,
// too few or too many.
func Parse(text string) (Message, error) {
	if len(text) > maxBytes {
		return Message{}, invalid("it is too long")
	}
	for _, b := range []byte(text) {
		if b != '\n' && (b < ' ' || b > '~') {
			return Message{}, invalid("it has letters that no message of this node has")
		}
	}
	line := strings.SplitN(text, "\n", lines)
	if len(line) != lines-1 {
		return Message{}, invalid("it has more or fewer lines than a message of this node")
	}
	m := Message{Statement: line[3]}
	var ok bool
	if m.Domain, ok = strings.CutSuffix(line[0], asks); !ok || m.Domain == "" {
		return Message{}, invalid("its first line is not that of EIP-4361")
	}
	address := common.HexToAddress(line[1])
	m.Address = sinso.Address(address)
	if address.Hex() != line[1] {
		return Message{}, invalid("its second line is no address with its checksum")
	}
	if err := m.fields(line[5:]); err != nil {
		return Message{}, err
	}
	if m.String() != text {
		return Message{}, invalid("it is not written as EIP-4361 has it")
	}
	return m, nil
}

// fields reads the lines that have names, in their order.
func (m *Message) fields(line []string) (err error) {
	values := make([]string, 0, len(line))
	for i, name := range []string{"URI", "Version", "Chain ID", "Nonce", "Issued At", "Expiration Time"} {
		value, ok := strings.CutPrefix(line[i], name+": ")
		if !ok || value == "" {
			return invalid("field " + name + " is missing, or not in its place")
		}
		values = append(values, value)
	}
	m.URI, m.Nonce = values[0], values[3]
	if values[1] != version {
		return invalid("its version is not 1")
	}
	if m.ChainID, err = strconv.ParseUint(values[2], 10, 64); err != nil {
		return invalid("its chain id is no number")
	}
	if len(m.Nonce) < minNonce || strings.ContainsFunc(m.Nonce, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) {
		return invalid("its nonce has fewer than 8 letters and digits, or others")
	}
	if m.IssuedAt, err = time.Parse(timeFormat, values[4]); err != nil {
		return invalid("when it was issued is no time")
	}
	if m.Expires, err = time.Parse(timeFormat, values[5]); err != nil {
		return invalid("its end is no time")
	}
	return nil
}

// Digest is what the account signs: keccak256 of the message with the prefix of
// personal_sign (EIP-191, version 0x45).
func Digest(text string) sinso.Hash {
	return sinso.Hash(crypto.Keccak256Hash([]byte("\x19Ethereum Signed Message:\n"), []byte(strconv.Itoa(len(text))), []byte(text)))
}

// Recover returns the account whose key signed a message: r ‖ s ‖ v with s in the lower
// half (EIP-2) and v 27 or 28, or 0 or 1 as some hardware writes it. A message that was
// not signed gives some other account, and no error: compare. A signature of another
// length is ErrUnsupported: a contract's (EIP-1271) cannot be checked without its chain.
func Recover(text string, signature []byte) (sinso.Address, error) {
	if len(signature) != signedBytes {
		return sinso.Address{}, fmt.Errorf("siwe: this is not the signature of an account's own key: wallets that are contracts (EIP-1271) cannot sign in here yet: %w", sinso.ErrUnsupported)
	}
	plain := append(make([]byte, 0, signedBytes), signature...)
	if v := &plain[signedBytes-1]; *v >= offset {
		*v -= offset
	}
	r, s := new(big.Int).SetBytes(plain[:32]), new(big.Int).SetBytes(plain[32:64])
	const lowS = true
	if v := plain[signedBytes-1]; v > 1 || !crypto.ValidateSignatureValues(v, r, s, lowS) {
		return sinso.Address{}, invalid("a signature out of range")
	}
	digest := Digest(text)
	public, err := crypto.SigToPub(digest[:], plain)
	if err != nil {
		return sinso.Address{}, invalid("a signature of no key")
	}
	return sinso.Address(crypto.PubkeyToAddress(*public)), nil
}

func invalid(why string) error {
	return fmt.Errorf("siwe: %s: %w", why, sinso.ErrInvalid)
}
