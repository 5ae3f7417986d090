package node

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"sinso.dev/sinso"
)

// Config is everything that can be set of a node: flags win over SINSO_*
// variables, these over sinso.toml in the node folder, that over the defaults.
type Config struct {
	// Data is the node folder. Default ./sinso-data.
	Data string `toml:"-" env:"SINSO_DATA"`
	// KeyFile holds the root key, 0600, outside the node folder. Default: the
	// node folder's path with ".key" at its end.
	KeyFile string `toml:"key-file" env:"SINSO_KEY_FILE"`
	// Listen is where HTTP is served. Default 127.0.0.1:8480.
	Listen string `toml:"listen" env:"SINSO_LISTEN"`
	// URL is how other nodes reach this one. Default: http:// and Listen.
	URL string `toml:"url" env:"SINSO_URL"`
	// Chain is "dev:" for the embedded chain, the URL of a JSON-RPC endpoint, or
	// "none". Default dev:.
	Chain string `toml:"chain" env:"SINSO_CHAIN"`
	// ChainListen is where the embedded chain serves JSON-RPC, "none" for
	// nowhere. Default 127.0.0.1:8545.
	ChainListen string `toml:"chain-listen" env:"SINSO_CHAIN_LISTEN"`
	// Contracts are the addresses of identity, assets and settlement, with commas
	// between. Needed for a chain that is not embedded.
	Contracts string `toml:"contracts" env:"SINSO_CONTRACTS"`
}

// configFile is the name of the configuration in the node folder.
const configFile = "sinso.toml"

// Load fills what is empty in c from the environment, then from the node
// folder's sinso.toml, then with the defaults. An unknown key is ErrInvalid.
func (c Config) Load(getenv func(string) string) (Config, error) {
	c = c.fill(func(f reflect.StructField) string { return getenv(f.Tag.Get("env")) })
	if c.Data == "" {
		c.Data = "sinso-data"
	}
	stored, err := readConfig(filepath.Join(c.Data, configFile))
	if err != nil {
		return c, err
	}
	values := reflect.ValueOf(stored)
	c = c.fill(func(f reflect.StructField) string { return values.FieldByName(f.Name).String() })
	defaults := reflect.ValueOf(Config{
		KeyFile: strings.TrimRight(c.Data, `/\`) + ".key", Listen: "127.0.0.1:8480",
		Chain: "dev:", ChainListen: "127.0.0.1:8545",
	})
	c = c.fill(func(f reflect.StructField) string { return defaults.FieldByName(f.Name).String() })
	return c, nil
}

// fill sets each empty field to what value says.
func (c Config) fill(value func(reflect.StructField) string) Config {
	fields := reflect.ValueOf(&c).Elem()
	for i := range fields.NumField() {
		if fields.Field(i).String() == "" {
			fields.Field(i).SetString(value(fields.Type().Field(i)))
		}
	}
	return c
}

func readConfig(path string) (Config, error) {
	var c Config
	data, err := os.ReadFile(path) //nolint:gosec // the node folder is the operator's choice
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, fmt.Errorf("config: read %s: %w", configFile, errors.Join(sinso.ErrUnavailable, err))
	}
	decoder := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		return c, fmt.Errorf("config: %s: %w: %w", configFile, err, sinso.ErrInvalid)
	}
	return c, nil
}

// Lines prints the configuration as TOML, a comment above each value; nothing
// in it is secret, and the key file is named, not shown.
func (c Config) Lines() string {
	var b strings.Builder
	fields := reflect.ValueOf(c)
	for i := range fields.NumField() {
		f := fields.Type().Field(i)
		name := f.Tag.Get("toml")
		if name == "-" {
			name = "# data"
		}
		fmt.Fprintf(&b, "%s = %q # %s\n", name, fields.Field(i).String(), f.Tag.Get("env"))
	}
	return b.String()
}

// contracts parses Contracts.
func (c Config) contracts() (sinso.Contracts, error) {
	var found sinso.Contracts
	if c.Contracts == "" {
		return found, nil
	}
	parts := strings.Split(c.Contracts, ",")
	into := []*sinso.Address{&found.Identity, &found.Assets, &found.Settlement}
	if len(parts) != len(into) {
		return found, fmt.Errorf("config: contracts: want three addresses with commas between: %w", sinso.ErrInvalid)
	}
	for i, part := range parts {
		if err := into[i].UnmarshalText([]byte(strings.TrimSpace(part))); err != nil {
			return found, fmt.Errorf("config: contracts: %w", err)
		}
	}
	return found, nil
}
