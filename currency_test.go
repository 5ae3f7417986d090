package sinso_test

import (
	"math/big"
	"strings"
	"testing"

	"sinso.dev/sinso"
)

// TestAnAmountIsShownWhole checks the text of amounts, and that no digit is lost.
func TestAnAmountIsShownWhole(t *testing.T) {
	at := sinso.Address{0xab}
	for _, tt := range []struct {
		currency sinso.Currency
		amount   int64
		want     string
	}{
		{sinso.Currency{}, 5, "5 wei"},
		{sinso.NewCurrency(at, "TOK", 6), 1_500_000, "1.5 TOK"},
		{sinso.NewCurrency(at, "TOK", 6), 1, "0.000001 TOK"},
		{sinso.NewCurrency(at, "TOK", 6), 0, "0 TOK"},
		{sinso.NewCurrency(at, "TOK", 0), 70, "70 TOK"},
		{sinso.NewCurrency(at, "TOK", 2), 7000, "70 TOK"},
		{sinso.NewCurrency(at, "", 6), 7, "7 of the smallest unit of " + at.String()},
		{sinso.NewCurrency(at, "TOK", 78), 7, "7 of the smallest unit of " + at.String()},
	} {
		if got := tt.currency.Text(sinso.NewWei(big.NewInt(tt.amount))); got != tt.want {
			t.Errorf("%+v of %d: got %q, want %q", tt.currency, tt.amount, got, tt.want)
		}
	}
}

// TestASymbolThatCannotBeShownIsLeftOut: what a contract calls itself goes to terminals and pages.
func TestASymbolThatCannotBeShownIsLeftOut(t *testing.T) {
	for symbol, shown := range map[string]bool{
		"USDC": true, "USDC.e": true, "a-b_c$+": true, strings.Repeat("A", 16): true,
		strings.Repeat("A", 17): false, "US DC": false, "U\x1b[2JS": false, "\u0423SDC": false, "\u202eCDSU": false, "<b>": false, "wei\n": false,
	} {
		if got := sinso.NewCurrency(sinso.Address{1}, symbol, 6).Symbol; (got == symbol) != shown || !shown && got != "" {
			t.Errorf("%q: got %q, shown %t", symbol, got, shown)
		}
	}
}
