package chaintest

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/rpc"
)

// AnvilKey is the secret of the first account that Anvil gives money to: its phrase is in
// its manual, and of no worth.
var AnvilKey = [32]byte(common.FromHex("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"))

// Anvil starts a foreign chain on this machine. The test is skipped where Anvil is not installed.
func Anvil(t *testing.T) *rpc.Client {
	t.Helper()
	client, _ := AnvilAt(t, anvilID)
	return client
}

// anvilID is the chain ID that Anvil has unless told otherwise.
const anvilID = 31337

// AnvilAt is Anvil with a chain ID, and its URL: asked by eth_signTransaction, it signs for the
// account of AnvilKey.
func AnvilAt(t *testing.T, chainID uint64) (*rpc.Client, string) {
	t.Helper()
	arch := map[string]string{"linux/amd64": "linux-amd64", "darwin/arm64": "darwin-arm64"}[runtime.GOOS+"/"+runtime.GOARCH]
	program, err := exec.LookPath(filepath.Join(contracts(t), "node_modules/@foundry-rs/anvil-"+arch+"/bin/anvil"))
	if err != nil {
		t.Skip("Anvil is not there; npm ci in contracts installs it")
	}
	var config net.ListenConfig
	free, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := free.Addr().(*net.TCPAddr).Port
	_ = free.Close()
	run := exec.CommandContext(t.Context(), program, "--port", strconv.Itoa(port), "--silent", "--chain-id", strconv.FormatUint(chainID, 10))
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = run.Process.Kill()
		_ = run.Wait() // it was killed
	})
	at := "http://127.0.0.1:" + strconv.Itoa(port)
	client, err := rpc.Dial(at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	for range 200 {
		var number string
		if client.Call(&number, "eth_blockNumber") == nil {
			return client, at
		}
		time.Sleep(100 * time.Millisecond) // it says in no other way that it is there
	}
	t.Fatal("Anvil does not answer")
	return nil, ""
}

// contracts is the folder of that name, of the module that the tested package is in.
func contracts(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
	}
	return filepath.Join(dir, "contracts")
}
