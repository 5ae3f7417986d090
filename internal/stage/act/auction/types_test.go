package auction

import (
	"os"
	"strings"
	"testing"
)

// TestTypesAreTheContracts looks for each type that is signed in the contracts' source.
func TestTypesAreTheContracts(t *testing.T) {
	for encodeType, contract := range map[string]string{auctionType: "Auctions", cancelType: "Auctions", offerType: "IExchange"} {
		source, err := os.ReadFile("../../../../contracts/src/" + contract + ".sol")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(source), `"`+encodeType+`"`) {
			t.Errorf("%s does not hash %s", contract, encodeType)
		}
	}
}
