package bind_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	gethbind "github.com/ethereum/go-ethereum/accounts/abi/bind/v2"
	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso/internal/chain/bind"
)

// TestBindingsAreOfTheCompiledContracts compares what a node deploys and calls
// with what the compiler wrote, so that a change of one alone is seen without Node.
func TestBindingsAreOfTheCompiledContracts(t *testing.T) {
	bindings := map[string]*gethbind.MetaData{
		"Assets":    &bind.AssetsMetaData,
		"Identity":  &bind.IdentityMetaData,
		"Royalties": &bind.RoyaltiesMetaData,
		"Royalty":   &bind.RoyaltyMetaData,
	}
	for name, binding := range bindings {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("../../../contracts/abi", name+".json"))
			if err != nil {
				t.Fatal(err)
			}
			var compiled struct {
				ABI      json.RawMessage
				Bytecode string
			}
			if err := json.Unmarshal(text, &compiled); err != nil {
				t.Fatal(err)
			}
			if got := binding.Bin; got != compiled.Bytecode {
				t.Errorf("creation code of %d digits differs from the compiled %d", len(got), len(compiled.Bytecode))
			}
			if diff := cmp.Diff(entries(t, compiled.ABI), entries(t, []byte(binding.ABI))); diff != "" {
				t.Errorf("ABI (-compiled +bound):\n%s", diff)
			}
		})
	}
}

// entries returns the entries of an ABI without spaces, as abigen leaves them,
// and without the one that build.mjs keeps from the bindings.
func entries(t *testing.T, abi []byte) []string {
	t.Helper()
	var all []map[string]any
	if err := json.Unmarshal(abi, &all); err != nil {
		t.Fatal(err)
	}
	var kept []string
	for _, entry := range all {
		if entry["name"] == "eip712Domain" {
			continue
		}
		text, err := json.Marshal(entry)
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, strings.ReplaceAll(string(text), " ", ""))
	}
	return kept
}
