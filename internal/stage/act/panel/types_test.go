package panel

import (
	"os"
	"strings"
	"testing"
)

// TestTypesAreTheContracts looks for what is signed in the contract's source.
func TestTypesAreTheContracts(t *testing.T) {
	source, err := os.ReadFile("../../../../contracts/src/Exchange.sol")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(source), `"`+disputeType+`"`) {
		t.Errorf("the contract does not hash %s", disputeType)
	}
}
