package slip39_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/crypt/slip39"
	"sinso.dev/sinso/internal/crypt/vectortest"
)

// pythonVersion is the standard's own implementation, which scripts/test-deps puts into the
// user's cache.
const pythonVersion = "0.3.0"

// python runs a script with the package shamir-mnemonic and reads the JSON that it prints.
func python(t *testing.T, script string, in, out any) {
	t.Helper()
	if testing.Short() {
		t.Skip("left out by -short: needs what scripts/test-deps installs")
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	library := filepath.Join(cache, "sinso", "shamir-mnemonic-"+pythonVersion)
	if _, err := os.Stat(library); err != nil {
		t.Fatalf("shamir-mnemonic is missing: scripts/test-deps installs it: %v", err)
	}
	input, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "/usr/bin/python3", "-c", "import json, sys, shamir_mnemonic as s\nd = json.load(sys.stdin)\n"+script)
	cmd.Env = append(os.Environ(), "PYTHONPATH="+library)
	cmd.Stdin = bytes.NewReader(input)
	var errOut strings.Builder
	cmd.Stderr = &errOut
	printed, err := cmd.Output()
	if err != nil {
		t.Fatalf("python: %v\n%s", err, errOut.String())
	}
	if err := json.Unmarshal(printed, out); err != nil {
		t.Fatalf("%v: %s", err, printed)
	}
}

// TestPythonReadsOurShares hands the shares of every good vector, and of a fresh set, to
// the standard's own implementation, as many as are needed.
func TestPythonReadsOurShares(t *testing.T) {
	t.Parallel()
	type set struct {
		Shares     []string `json:"shares"`
		Passphrase string   `json:"passphrase"`
	}
	var sets []set
	var want []string
	for _, v := range vectortest.Read(t, "slip39") {
		if v.Expect == vectortest.Success {
			shares := v.All("share")
			if strings.Contains(v.Name, "all five") {
				shares = shares[:3] // it takes no more than are needed
			}
			sets, want = append(sets, set{shares, v.Text(t, "passphrase")}), append(want, v.Text(t, "secret"))
		}
	}
	secret := bytes.Repeat([]byte{0xab, 0xcd}, 16)
	fresh := split(t, secret, "fresh", 1, slip39.Group{Threshold: 4, Count: 7})[0]
	sets = append(sets, set{[]string{fresh[6].Words(), fresh[1].Words(), fresh[4].Words(), fresh[0].Words()}, "fresh"})
	want = append(want, hex.EncodeToString(secret))
	var got []string
	python(t, `print(json.dumps([s.combine_mnemonics(x["shares"], x["passphrase"].encode()).hex() for x in d]))`, sets, &got)
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestWeReadPythonsShares has the standard's own implementation make sets, of both kinds,
// and refuse what we refuse.
func TestWeReadPythonsShares(t *testing.T) {
	t.Parallel()
	type plan struct {
		Secret     string   `json:"secret"`
		Passphrase string   `json:"passphrase"`
		Extendable bool     `json:"extendable"`
		Exponent   int      `json:"exponent"`
		Needed     int      `json:"needed"` // groups
		Groups     [][2]int `json:"groups"`
	}
	plans := []plan{
		{strings.Repeat("00ff", 8), "", false, 0, 1, [][2]int{{2, 3}}},
		{strings.Repeat("c0de", 16), "TREZOR", false, 2, 1, [][2]int{{3, 5}}},
		{strings.Repeat("0123", 16), "", true, 1, 1, [][2]int{{1, 1}}},
		{strings.Repeat("fedc", 16), "p", true, 0, 2, [][2]int{{2, 2}, {3, 4}, {1, 1}}},
	}
	var sets [][][]string
	python(t, `print(json.dumps([s.generate_mnemonics(p["needed"], [tuple(g) for g in p["groups"]], bytes.fromhex(p["secret"]),
		p["passphrase"].encode(), p["extendable"], p["exponent"]) for p in d]))`, plans, &sets)
	for i, p := range plans {
		var shares []slip39.Share
		for _, group := range sets[i] {
			shares = append(shares, parse(t, group...)...)
		}
		got, err := slip39.Combine(shares, []byte(p.Passphrase))
		if err != nil || hex.EncodeToString(got) != p.Secret {
			t.Errorf("set %d: got another secret or %v", i, err)
		}
		for at, words := range strings.Split(strings.Join(sets[i][0], "\n"), "\n") {
			if shares[at].Words() != words {
				t.Errorf("set %d: share %d is written in other words", i, at+1)
			}
		}
	}
}
