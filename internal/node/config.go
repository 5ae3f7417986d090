package node

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/pelletier/go-toml/v2"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/serve/dimse"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/quality"
)

// Config is everything that can be set of a node: flags win over SINSO_*
// variables, these over sinso.toml in the node folder, that over the defaults.
type Config struct {
	// Data is the node folder. Default ./sinso-data.
	Data string `toml:"-" env:"SINSO_DATA"`
	// KeyFile holds the root key, 0600, outside the node folder. Default: the
	// node folder's path with ".key" at its end.
	KeyFile string `toml:"key-file" env:"SINSO_KEY_FILE"`
	// PassphraseFile holds the passphrase of a node that has one in place of a key file, 0600,
	// outside the node folder. Default: none; it is asked for on a terminal.
	PassphraseFile string `toml:"passphrase-file" env:"SINSO_PASSPHRASE_FILE"`
	// Listen is where HTTP is served. Default 127.0.0.1:8480.
	Listen string `toml:"listen" env:"SINSO_LISTEN"`
	// URL is how other nodes reach this one. Default: http:// and Listen.
	URL string `toml:"url" env:"SINSO_URL"`
	// TrustedProxies are the addresses of reverse proxies whose X-Forwarded-For is taken for
	// who asks, or prefixes of them, with commas between. Default: none.
	TrustedProxies string `toml:"trusted-proxies" env:"SINSO_TRUSTED_PROXIES"`
	// Chain is "dev:" for the embedded chain, the URL of a JSON-RPC endpoint, or
	// "none". Default dev:.
	Chain string `toml:"chain" env:"SINSO_CHAIN"`
	// ChainListen is where the embedded chain serves JSON-RPC, "none" for
	// nowhere. Default 127.0.0.1:8545.
	ChainListen string `toml:"chain-listen" env:"SINSO_CHAIN_LISTEN"`
	// ChainStart is the first block that the index of the chain looks at: none of the
	// contracts is older. Default 0.
	ChainStart string `toml:"chain-start" env:"SINSO_CHAIN_START"`
	// DIMSEListen is where DICOM associations are taken, "none" for nowhere.
	// Default 127.0.0.1:11112.
	DIMSEListen string `toml:"dimse-listen" env:"SINSO_DIMSE_LISTEN"`
	// AETitle is the node's application entity title. Default SINSO.
	AETitle string `toml:"aet" env:"SINSO_AET"`
	// DIMSECert and DIMSEKey are PEM files: with them associations are over TLS.
	// DIMSEAuthorities holds the certificates of those who sign peers' ones; without
	// it peers show none, and are let in on this machine only.
	DIMSECert        string `toml:"dimse-cert" env:"SINSO_DIMSE_CERT"`
	DIMSEKey         string `toml:"dimse-key" env:"SINSO_DIMSE_KEY"`
	DIMSEAuthorities string `toml:"dimse-authorities" env:"SINSO_DIMSE_AUTHORITIES"`
	// Derive is "studies" to make a de-identified copy of each study that comes over
	// the network ahead, for its owner, or "none". Default studies. It needs a chain.
	Derive string `toml:"derive" env:"SINSO_DERIVE"`
	// Profile is the de-identification profile of what is released: the name of a preset
	// (sinso profile ls), or the path of a profile file. Default research-sale.
	Profile string `toml:"profile" env:"SINSO_PROFILE"`
	// ReviewPersons is how many different persons must approve, or redact, what the
	// pixel gate withholds in doubt before a copy has it: 1 or 2. Default 1.
	ReviewPersons string `toml:"review-persons" env:"SINSO_REVIEW_PERSONS"`
	// ReviewSample is which of what a copy has is looked at for quality, as N/M of each
	// kind of device: where writing was blanked, then all other, with a comma between.
	// Default 1/20,1/500.
	ReviewSample string `toml:"review-sample" env:"SINSO_REVIEW_SAMPLE"`
	// TextReader is "tesseract" to have what the detector left of writing in pixels looked
	// for by that program, which must be installed, or "none". Default none.
	TextReader string `toml:"text-reader" env:"SINSO_TEXT_READER"`
	// Blobs is where sealed bytes are kept: "log" for the node's own log, or the URL of a block
	// store. Default log. sinso move blobs takes what is there along.
	Blobs string `toml:"blobs" env:"SINSO_BLOBS"`
	// Backup is where sinso backup copies the node to: the URL of a block store. Default: none.
	Backup string `toml:"backup" env:"SINSO_BACKUP"`
	// Copies is how many of the peers that keep copies (sinso peer keep) have each block: a
	// number, or "all". Default all.
	Copies string `toml:"copies" env:"SINSO_COPIES"`
	// Scrub is in how many days a serving node reads all of its log once, to find bytes that
	// rot; "none" is never. Default: 30.
	Scrub string `toml:"scrub" env:"SINSO_SCRUB"`
	// Retention is how many years after it last grew a study must be kept: who wants it erased
	// before sees it no more, and it is erased then. "none": erased at once. Default none.
	Retention string `toml:"retention" env:"SINSO_RETENTION"`
	// RiskK is how many persons must look the same by what a copy shows before it is
	// sold: persons of the catalogue, and after a comma those of them with a copy for
	// sale. 3 to 10,000; 0 counts and shows it, and stops nothing. Default 0.
	RiskK string `toml:"risk-k" env:"SINSO_RISK_K"`
	// QualityLeast is the score of the quality gate, 0 to 100, below which a copy is not sold;
	// 0 judges and shows it, and stops nothing. Default 70.
	QualityLeast string `toml:"quality-least" env:"SINSO_QUALITY_LEAST"`
	// Compress is "originals" to have what is imported from files or discs compressed before
	// it is sealed, or "none". Default none: how long a sealed object is tells more then.
	Compress string `toml:"compress" env:"SINSO_COMPRESS"`
	// Uploads is how many days an upload that comes in parts is kept after its last byte,
	// and after a comma how many GiB those that were not taken in yet may have together:
	// half of it those of one owner. Default 7,32.
	Uploads string `toml:"uploads" env:"SINSO_UPLOADS"`
	// Quota is how many GiB a person may keep who sends by themselves, on the page or by their
	// own token; what a hospital sends of them is never refused for it. "none": no bound.
	// Default none.
	Quota string `toml:"quota" env:"SINSO_QUOTA"`
	// Swarm is where members of a private swarm of IPFS connect to this node, such as
	// /ip4/192.0.2.7/tcp/4001, or "none": then it connects to SwarmPeers alone, and is in no
	// swarm without them. Default none.
	Swarm string `toml:"swarm" env:"SINSO_SWARM"`
	// SwarmKey holds the swarm's key, which all members share, 0600, in the form of Kubo's
	// swarm.key. Default: the node folder's path with ".swarm.key" at its end, which is made
	// if it is not there and SwarmPeers names nobody who would have it.
	SwarmKey string `toml:"swarm-key" env:"SINSO_SWARM_KEY"`
	// SwarmPeers are members that this node stays connected to, with commas between: addresses
	// as sinso status shows them, /ip4/192.0.2.8/tcp/4001/p2p/12D3…. Default none.
	SwarmPeers string `toml:"swarm-peers" env:"SINSO_SWARM_PEERS"`
	// SwarmRouting is a server of Delegated Routing V1 that is asked who has a block that no
	// member who is connected gives: https:// and a host, or http:// and this machine. Nothing
	// is announced there. Default none.
	SwarmRouting string `toml:"swarm-routing" env:"SINSO_SWARM_ROUTING"`
	// CoinPrice is what one unit of the chain's coin costs, such as "0.052 USD": costs are shown
	// in that too. Nobody is asked for it. Default none.
	CoinPrice string `toml:"coin-price" env:"SINSO_COIN_PRICE"`
	// ChainKey is "derived" to have the node's account derived from the root key, or "keystore:"
	// and the path of an encrypted key (go-ethereum's keystore, version 3), whose passphrase is in
	// ChainPassphraseFile, 0600, outside the node folder, or "signer:" and the URL of a program that
	// signs for an account, # and the account. Default derived.
	ChainKey            string `toml:"chain-key" env:"SINSO_CHAIN_KEY"`
	ChainPassphraseFile string `toml:"chain-passphrase-file" env:"SINSO_CHAIN_PASSPHRASE_FILE"`
	// Confirmations is how many blocks must be on top of a transaction's own before it is taken
	// for final. Default profile: what is known of the chain.
	Confirmations string `toml:"confirmations" env:"SINSO_CONFIRMATIONS"`
	// RelayPerHour and RelayPerDay are how many transactions the node's account pays for people
	// of this node who have no money for gas. Defaults 20 and 100; 0 is none.
	RelayPerHour string `toml:"relay-per-hour" env:"SINSO_RELAY_PER_HOUR"`
	RelayPerDay  string `toml:"relay-per-day" env:"SINSO_RELAY_PER_DAY"`
	// RelayFeePerDay is what those of a day may cost in gas together, in wei. Default
	// 100000000000000000, a tenth of a coin.
	RelayFeePerDay string `toml:"relay-fee-per-day" env:"SINSO_RELAY_FEE_PER_DAY"`
	// Contracts are the addresses of identity, assets and exchange, with commas
	// between. Needed for a chain that is not embedded.
	Contracts string `toml:"contracts" env:"SINSO_CONTRACTS"`
}

// The values of Chain that are no URL; the second also of ChainListen and
// DIMSEListen.
const (
	devChain = "dev:"
	none     = "none"

	deriveStudies = "studies"

	readerTesseract = "tesseract"

	compressOriginals = "originals"

	noChain = none
)

// configFile is the name of the configuration in the node folder.
const configFile = "sinso.toml"

// Load fills what is empty in c from the environment, then from the node
// folder's sinso.toml, then with the defaults. An unknown key is ErrInvalid.
func (c Config) Load(getenv func(string) string) (Config, error) {
	c = c.fill(func(f reflect.StructField) string { return getenv(f.Tag.Get("env")) })
	if c.Data == "" {
		c.Data = "sinso-data"
	}
	if info, err := os.Stat(c.Data); err == nil && !info.IsDir() || errors.Is(err, syscall.ENOTDIR) {
		return c, fmt.Errorf("config: the node folder %s is a file, or lies below one: %w", c.Data, sinso.ErrInvalid)
	}
	stored, err := readConfig(filepath.Join(c.Data, configFile))
	if err != nil {
		return c, err
	}
	values := reflect.ValueOf(stored)
	c = c.fill(func(f reflect.StructField) string { return values.FieldByName(f.Name).String() })
	defaults := reflect.ValueOf(Config{
		KeyFile: strings.TrimRight(c.Data, `/\`) + ".key", Listen: "127.0.0.1:8480",
		Chain: devChain, ChainListen: "127.0.0.1:8545", ChainStart: "0",
		DIMSEListen: "127.0.0.1:11112", AETitle: dimse.DefaultAETitle, Derive: deriveStudies,
		Profile: deid.DefaultPreset, ReviewPersons: "1", ReviewSample: "1/20,1/500", TextReader: none, RiskK: "0", QualityLeast: strconv.Itoa(quality.Least), Blobs: blobsInLog, Backup: none, Copies: allPeers, Scrub: "30", Retention: none, Compress: none, Uploads: "7,32", Quota: none,
		Swarm: none, SwarmKey: defaultSwarmKey(c.Data), SwarmPeers: none, SwarmRouting: none, CoinPrice: none,
		ChainKey: derivedKey, Confirmations: byProfile, RelayPerHour: "20", RelayPerDay: "100", RelayFeePerDay: "100000000000000000",
	})
	c = c.fill(func(f reflect.StructField) string { return defaults.FieldByName(f.Name).String() })
	return c, c.check()
}

// check finds what cannot be meant before anything is opened.
func (c Config) check() error {
	for name, at := range map[string]string{"listen": c.Listen, "chain-listen": c.ChainListen, "dimse-listen": c.DIMSEListen} {
		_, port, err := net.SplitHostPort(at)
		if _, portErr := strconv.ParseUint(port, 10, 16); (err != nil || portErr != nil) && (name == "listen" || at != none) {
			return fmt.Errorf("config: %s: want host:port, such as 127.0.0.1:8480, not %q: %w", name, at, sinso.ErrInvalid)
		}
	}
	if _, err := c.chainStart(); err != nil {
		return err
	}
	if _, err := c.scrubDays(); err != nil {
		return err
	}
	if _, err := c.copies(); err != nil {
		return err
	}
	if _, err := c.retainYears(); err != nil {
		return err
	}
	if err := c.checkBlobs(); err != nil {
		return err
	}
	if _, err := c.quota(); err != nil {
		return err
	}
	if _, err := c.coinPrice(); err != nil {
		return err
	}
	if c.URL != "" && !isHTTP(c.URL) {
		return fmt.Errorf("config: url: want http:// or https:// and a host, not %q: %w", c.URL, sinso.ErrInvalid)
	}
	if c.Chain != noChain && c.Chain != devChain && !isRPC(c.Chain) {
		return fmt.Errorf("config: chain: want dev:, none, or a URL of http, https, ws or wss, not %q: %w", c.Chain, sinso.ErrInvalid)
	}
	if c.Derive != deriveStudies && c.Derive != none {
		return fmt.Errorf("config: derive: want studies or none, not %q: %w", c.Derive, sinso.ErrInvalid)
	}
	if c.TextReader != none && c.TextReader != readerTesseract {
		return fmt.Errorf("config: text-reader: want none or tesseract, not %q: %w", c.TextReader, sinso.ErrInvalid)
	}
	if c.Compress != none && c.Compress != compressOriginals {
		return fmt.Errorf("config: compress: want none or originals, not %q: %w", c.Compress, sinso.ErrInvalid)
	}
	if _, err := c.review(); err != nil {
		return err
	}
	if _, err := c.risk(); err != nil {
		return err
	}
	if _, err := c.qualityLeast(); err != nil {
		return err
	}
	if _, err := c.proxies(); err != nil {
		return err
	}
	if _, _, err := c.uploads(); err != nil {
		return err
	}
	if _, _, err := c.swarm(); err != nil {
		return err
	}
	if err := c.checkChainKey(); err != nil {
		return err
	}
	if _, err := c.confirmations(); err != nil {
		return err
	}
	if _, err := c.relay(); err != nil {
		return err
	}
	_, err := c.contracts()
	return err
}

func isHTTP(text string) bool { return isURL(text, "http", "https") }
func isRPC(text string) bool  { return isURL(text, "http", "https", "ws", "wss") }

func isURL(text string, schemes ...string) bool {
	at, err := url.Parse(text)
	return err == nil && at.Host != "" && slices.Contains(schemes, at.Scheme)
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
		return c, fmt.Errorf("config: read the configuration: %w: %w", err, sinso.ErrUnavailable)
	}
	return parseConfig(data)
}

func parseConfig(data []byte) (Config, error) {
	var c Config
	decoder := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		return c, fmt.Errorf("config: %s: %s: %w", configFile, explainTOML(err), sinso.ErrInvalid)
	}
	return c, nil
}

// explainTOML names the line and what is wrong with it.
func explainTOML(err error) string {
	var unknown *toml.StrictMissingError
	var wrong *toml.DecodeError
	switch {
	case errors.As(err, &unknown) && len(unknown.Errors) > 0:
		line, _ := unknown.Errors[0].Position()
		return fmt.Sprintf("line %d: there is no setting %q; sinso config prints those there are", line, strings.Join(unknown.Errors[0].Key(), "."))
	case errors.As(err, &wrong):
		line, _ := wrong.Position()
		return fmt.Sprintf("line %d: want a name, =, and a text in quotes", line)
	}
	return "this is not TOML"
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
	into := []*sinso.Address{&found.Identity, &found.Assets, &found.Exchange}
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

func (c Config) coinPrice() (sinso.Price, error) {
	if c.CoinPrice == "" || c.CoinPrice == none {
		return sinso.Price{}, nil
	}
	price, err := sinso.ReadPrice(c.CoinPrice)
	if err != nil {
		return price, fmt.Errorf("config: coin-price: %w", err)
	}
	return price, nil
}
