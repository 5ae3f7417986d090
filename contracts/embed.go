// Package contracts holds SINSO's contracts as they are shipped: interface,
// creation code and what their errors mean. Its files are written by build.mjs.
package contracts

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

//go:embed abi/*.json
var files embed.FS

// Contract is one compiled contract.
type Contract struct {
	Name     string            `json:"contract"`
	Compiler string            `json:"solc"`
	Errors   map[string]string `json:"errors"` // by signature, such as "BadPoint()": a sentence
	ABI      json.RawMessage   `json:"abi"`
	Code     string            `json:"bytecode"` // hex with 0x; constructor arguments follow it
}

// Names returns the names of all contracts, in the order of the alphabet.
func Names() []string {
	found, err := fs.Glob(files, "abi/*.json")
	if err != nil {
		panic(err) // the pattern is right
	}
	for i, name := range found {
		found[i] = strings.TrimSuffix(path.Base(name), ".json")
	}
	return found
}

// Load returns a contract by its name; an error says that there is none.
func Load(name string) (Contract, error) {
	data, err := files.ReadFile("abi/" + name + ".json")
	if err != nil {
		return Contract{}, fmt.Errorf("contracts: no contract is called %q", name)
	}
	var c Contract
	if err := json.Unmarshal(data, &c); err != nil {
		return Contract{}, fmt.Errorf("contracts: %s: %w", name, err)
	}
	return c, nil
}
