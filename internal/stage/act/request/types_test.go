package request

import (
	"os"
	"strings"
	"testing"
)

// TestTypeIsTheContracts looks for the type that names a request in the contract's source.
func TestTypeIsTheContracts(t *testing.T) {
	source, err := os.ReadFile("../../../../contracts/src/Requests.sol")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(source), `"`+requestType+`"`) {
		t.Errorf("Requests does not hash %s", requestType)
	}
}
