package evm_test

import (
	"errors"
	"math/big"
	"net"
	"os/exec"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/rpc"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/chaintest"
	"sinso.dev/sinso/internal/chain/evm"
)

// carries is what the suite of deeds needs.
var carries = evm.RelayLimits{PerHour: 1000, PerDay: 1000, FeePerDay: sinso.NewWei(new(big.Int).Lsh(big.NewInt(1), 70))}

// TestDeedsEmbedded runs the suite of deeds over the embedded chain, in process.
func TestDeedsEmbedded(t *testing.T) {
	chaintest.RunDeeds(t, func(t *testing.T) chaintest.DeedRig {
		w := newWorld(t, "")
		return deedRig(w.rig(t, evm.Config{Client: w.chain.Client(), Relay: carries}))
	})
}

// TestDeedsAnvil runs it over a foreign chain on this machine.
func TestDeedsAnvil(t *testing.T) {
	chaintest.RunDeeds(t, func(t *testing.T) chaintest.DeedRig {
		// The first account that Anvil gives money to: its phrase is in its manual, and of no worth.
		w := &world{key: [32]byte(common.FromHex("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80")), clock: new(chaintest.Clock)}
		return deedRig(w.rig(t, evm.Config{Client: anvil(t), Relay: carries}))
	})
}

func deedRig(rig chaintest.Rig) chaintest.DeedRig {
	deeds, _ := rig.Chain.(sinso.Deeds)
	return chaintest.DeedRig{Rig: rig, Deeds: deeds}
}

// anvil starts a foreign chain on this machine.
func anvil(t *testing.T) *rpc.Client {
	t.Helper()
	arch := map[string]string{"linux/amd64": "linux-amd64", "darwin/arm64": "darwin-arm64"}[runtime.GOOS+"/"+runtime.GOARCH]
	program, err := exec.LookPath("../../../contracts/node_modules/@foundry-rs/anvil-" + arch + "/bin/anvil")
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
	run := exec.CommandContext(t.Context(), program, "--port", strconv.Itoa(port), "--silent", "--chain-id", "31337")
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = run.Process.Kill()
		_ = run.Wait() // it was killed
	})
	client, err := rpc.Dial("http://127.0.0.1:" + strconv.Itoa(port))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	for range 200 {
		var number string
		if client.Call(&number, "eth_blockNumber") == nil {
			return client
		}
		time.Sleep(100 * time.Millisecond) // it says in no other way that it is there
	}
	t.Fatal("Anvil does not answer")
	return nil
}

// A contract that stands on no chain yet is not made for a question.
func TestDeedOfWhatIsNotDeployed(t *testing.T) {
	w := newWorld(t, "")
	c := w.open(t, evm.Config{Client: w.chain.Client()})
	if _, err := c.Plan(t.Context(), sinso.Deed{Call: sinso.Call{Contract: "Staking", Method: "stake"}}, sinso.Address{1}); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("got error %v, want ErrUnsupported", err)
	}
}
