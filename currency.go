package sinso

import (
	"math/big"
	"strings"
)

// Currency is what a price is in: the chain's own money, or an ERC-20 token.
type Currency struct {
	At Address `json:"currency"` // zero: the chain's own money
	// Symbol is what the token calls itself (EIP-20): at most 16 ASCII letters, digits and ".-_$+". Any contract
	// may call itself anything, so it is never shown without At. "": it has none that can be shown.
	Symbol   string `json:"symbol,omitempty"`
	Decimals *uint8 `json:"decimals,omitempty"` // how many digits stand behind the point (EIP-20); nil: not known
}

// Bounds of what a token says of itself.
const (
	maxSymbol   = 16 // bytes
	maxDecimals = 77 // digits: a uint256 has 78
)

// NewCurrency is a token as it describes itself. What cannot be shown is left out.
func NewCurrency(at Address, symbol string, decimals uint64) Currency {
	c := Currency{At: at}
	const shown = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_$+"
	if len(symbol) <= maxSymbol && strings.Trim(symbol, shown) == "" {
		c.Symbol = symbol
	}
	if decimals <= maxDecimals {
		exact := uint8(decimals)
		c.Decimals = &exact
	}
	return c
}

// IsToken reports whether it is an ERC-20 token.
func (c Currency) IsToken() bool { return c.At != Address{} }

// Text is an amount for people: "12 wei", "1.5 TOK", or "1500000 of the smallest unit of 0x…" of a token that
// does not describe itself. No digit is left out.
func (c Currency) Text(amount Wei) string {
	switch {
	case !c.IsToken():
		return amount.String() + " wei"
	case c.Symbol == "" || c.Decimals == nil:
		return amount.String() + " of the smallest unit of " + c.At.String()
	}
	return shift(amount.Int(), int(*c.Decimals)) + " " + c.Symbol
}

// Name is the currency with its address.
func (c Currency) Name() string {
	switch {
	case !c.IsToken():
		return "the chain's own money"
	case c.Symbol == "":
		return "the token at " + c.At.String()
	}
	return c.Symbol + ", the token at " + c.At.String()
}

// shift writes a number with a point before its last digits, without zeros at the end.
func shift(n *big.Int, digits int) string {
	text := n.String()
	if missing := digits + 1 - len(text); missing > 0 {
		text = strings.Repeat("0", missing) + text
	}
	whole, rest := text[:len(text)-digits], strings.TrimRight(text[len(text)-digits:], "0")
	if rest == "" {
		return whole
	}
	return whole + "." + rest
}
