//go:build !nochain

package devchain_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/devchain"
)

// answer is what came over HTTP.
type answer struct {
	status int
	header http.Header
	text   string
}

// post calls a method over HTTP.
func post(t *testing.T, addr, host, method string, params ...any) answer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
	if err != nil {
		t.Fatal(err)
	}
	got, err := roundTrip(t, addr, host, string(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// roundTrip sends a body from a foreign page; a length of -1 is chunked.
func roundTrip(t *testing.T, addr, host, body string, length int64) (answer, error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+addr, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Origin", "https://evil.example")
	request.Host, request.ContentLength = host, length
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
	if err != nil {
		return answer{}, err
	}
	text, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(text)}, errors.Join(err, response.Body.Close())
}

// TestListen refuses what other machines could reach.
func TestListen(t *testing.T) {
	for _, listen := range []string{":0", "0.0.0.0:0", "[::]:0", "192.0.2.1:0", "example.org:80", "127.0.0.1"} {
		if _, err := devchain.Open(t.Context(), devchain.Config{Dir: t.TempDir(), Listen: listen}); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("listen %q: %v", listen, err)
		}
	}
	c, _ := open(t, devchain.Config{Dir: t.TempDir()})
	if addr := c.RPCAddr(); addr != "" {
		t.Errorf("listens on %s unasked", addr)
	}
}

// TestDoors: eth, net and web3 are served, to this machine's names and nobody
// else's; nothing that administers, debugs or signs.
func TestDoors(t *testing.T) {
	c, _ := open(t, devchain.Config{Dir: t.TempDir(), Listen: "127.0.0.1:0"})
	addr := c.RPCAddr()
	for method, params := range map[string][]any{
		"eth_chainId": nil, "eth_blockNumber": nil, "net_version": nil, "net_peerCount": nil, "web3_clientVersion": nil, "eth_gasPrice": nil,
		"eth_newFilter": {map[string]string{}}, "eth_getLogs": {map[string]string{"fromBlock": "0x0"}},
		"eth_feeHistory": {"0x1", "latest", []int{50}}, "eth_syncing": nil,
	} {
		got := post(t, addr, addr, method, params...)
		if got.status != http.StatusOK || !strings.Contains(got.text, `"result"`) {
			t.Errorf("%s: %d %s", method, got.status, got.text)
		}
		if got.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: a foreign page may read the answer", method)
		}
	}
	if got := post(t, addr, addr, "eth_accounts"); !strings.Contains(got.text, `"result":[]`) {
		t.Errorf("there are accounts: %s", got.text)
	}
	for _, method := range []string{"admin_nodeInfo", "admin_addPeer", "debug_setHead", "personal_newAccount", "miner_setExtra", "txpool_content", "engine_getPayloadV3", "dev_addWithdrawal"} {
		if got := post(t, addr, addr, method, "0x0"); !strings.Contains(got.text, "-32601") {
			t.Errorf("%s is served: %s", method, got.text)
		}
		if err := c.Client().CallContext(t.Context(), nil, method, "0x0"); err == nil || !strings.Contains(err.Error(), "not exist") {
			t.Errorf("%s is served in process: %v", method, err)
		}
	}
	for host, want := range map[string]int{
		"localhost": 200, "localhost:8545": 200, "127.0.0.1": 200, "[::1]:8545": 200, "evil.example": 403, "evil.example:8545": 403,
		"127.0.0.1.evil.example": 403, "192.0.2.1": 403, "localhost.evil.example:1": 403,
	} {
		if got := post(t, addr, host, "eth_chainId"); got.status != want {
			t.Errorf("Host %s: %d", host, got.status)
		}
	}
}

// TestLargeRequest: more than a megabyte is refused, by its length or unread.
func TestLargeRequest(t *testing.T) {
	c, _ := open(t, devchain.Config{Dir: t.TempDir(), Listen: "127.0.0.1:0"})
	body := `{"jsonrpc":"2.0","id":1,"method":"web3_sha3","params":["0x` + strings.Repeat("00", 1<<19) + `"]}`
	for _, length := range []int64{int64(len(body)), -1} {
		// The server may hang up instead of answering.
		if got, _ := roundTrip(t, c.RPCAddr(), "localhost", body, length); strings.Contains(got.text, "result") {
			t.Errorf("length %d: served", length)
		}
	}
	if got, err := roundTrip(t, c.RPCAddr(), "localhost", strings.Replace(body, "00", "", 10_000), -1); err != nil || !strings.Contains(got.text, "result") {
		t.Errorf("a smaller one: %v %.200s", err, got.text)
	}
}

// TestErrorsPass: what a contract says when it reverts reaches the caller.
func TestErrorsPass(t *testing.T) {
	c, _ := open(t, devchain.Config{Dir: t.TempDir()})
	state := map[string]any{payee.Hex(): map[string]string{"code": "0x63deadbeef5f526004601cfd"}} // revert 0xdeadbeef
	for _, method := range []string{"eth_call", "eth_estimateGas"} {
		err := c.Client().CallContext(t.Context(), new(string), method, map[string]any{"to": payee}, "latest", state)
		var data interface{ ErrorData() any }
		var code interface{ ErrorCode() int }
		if !errors.As(err, &data) || data.ErrorData() != "0xdeadbeef" || !errors.As(err, &code) || code.ErrorCode() != 3 {
			t.Errorf("%s: %#v", method, err)
		}
	}
}

// TestFilters: a log is found by search, by filter and by subscription.
func TestFilters(t *testing.T) {
	now, alice := newClock(), newAccount(0)
	c, client := open(t, devchain.Config{Dir: t.TempDir(), Alloc: rich(1), Clock: now})
	var filter string
	if err := c.Client().CallContext(t.Context(), &filter, "eth_newFilter", map[string]any{}); err != nil {
		t.Fatal(err)
	}
	logs := make(chan map[string]any, 1)
	subscription, err := c.Client().EthSubscribe(t.Context(), logs, "logs", map[string]any{})
	if err != nil {
		t.Fatal(err)
	}
	defer subscription.Unsubscribe()
	now.Advance(time.Second)
	// The constructor logs topic 7: PUSH1 7 PUSH0 DUP1 LOG1.
	send(t, client, alice.sign(&types.DynamicFeeTx{Data: hexutil.MustDecode("0x60075f80a1"), Gas: 100_000}))
	select {
	case <-logs:
	case <-time.After(5 * time.Second):
		t.Error("the subscription heard nothing")
	}
	var found []map[string]any
	search := map[string]any{"fromBlock": "0x0", "topics": []string{"0x" + strings.Repeat("0", 63) + "7"}}
	if err := c.Client().CallContext(t.Context(), &found, "eth_getLogs", search); err != nil || len(found) != 1 {
		t.Errorf("eth_getLogs: %v, %d logs", err, len(found))
	}
	found = nil
	for deadline := time.Now().Add(5 * time.Second); len(found) == 0 && time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		if err := c.Client().CallContext(t.Context(), &found, "eth_getFilterChanges", filter); err != nil {
			t.Fatal(err)
		}
	}
	if len(found) != 1 {
		t.Errorf("the filter has %d logs", len(found))
	}
}
