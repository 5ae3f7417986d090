package company

import (
	"os"
	"strings"
	"testing"
)

// TestTypesAreTheContracts looks for each type that is signed in the contract's source.
func TestTypesAreTheContracts(t *testing.T) {
	source, err := os.ReadFile("../../../../contracts/src/Company.sol")
	if err != nil {
		t.Fatal(err)
	}
	for _, encodeType := range []string{entryType, contributionType, quittingType, supportType, movingType} {
		if !strings.Contains(string(source), `"`+encodeType+`"`) {
			t.Errorf("the contract does not hash %s", encodeType)
		}
	}
}
