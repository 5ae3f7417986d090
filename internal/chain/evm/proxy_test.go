package evm_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
)

// ask is one JSON-RPC request on its way to an honest chain.
type ask struct {
	ctx    context.Context
	method string
	params []json.RawMessage
	client *rpc.Client
}

// honest returns what the chain answers.
func (a ask) honest() answer {
	params := make([]any, len(a.params))
	for i := range params {
		params[i] = a.params[i]
	}
	var result json.RawMessage
	err := a.client.CallContext(a.ctx, &result, a.method, params...)
	if err == nil {
		return answer{result: string(result)}
	}
	failed := answer{code: -32000, message: err.Error()}
	var code rpc.Error
	if errors.As(err, &code) {
		failed.code = code.ErrorCode()
	}
	var data rpc.DataError
	if errors.As(err, &data) {
		failed.data = data.ErrorData()
	}
	return failed
}

// answer is a result (JSON), an error if it has a code, or raw bytes.
type answer struct {
	result  string
	code    int
	message string
	data    any
	raw     string
}

func refuse(message string) answer { return answer{code: -32000, message: message} }

// proxy stands between an adapter and a chain, and lies as it is told.
type proxy struct {
	*httptest.Server
	lie atomic.Pointer[func(ask) answer]
}

func newProxy(t *testing.T, w *world) *proxy {
	t.Helper()
	return newProxyOf(t, w.chain.Client())
}

func newProxyOf(t *testing.T, client *rpc.Client) *proxy {
	t.Helper()
	p := new(proxy)
	p.tell(nil)
	p.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		var request struct {
			ID     json.RawMessage
			Method string
			Params []json.RawMessage
		}
		if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
			t.Error(err)
			return
		}
		a := (*p.lie.Load())(ask{r.Context(), request.Method, request.Params, client})
		if a.raw != "" {
			_, _ = rw.Write([]byte(a.raw))
			return
		}
		reply := map[string]any{"jsonrpc": "2.0", "id": request.ID}
		if a.code != 0 {
			reply["error"] = map[string]any{"code": a.code, "message": a.message, "data": a.data}
		} else {
			reply["result"] = json.RawMessage(a.result)
		}
		_ = json.NewEncoder(rw).Encode(reply)
	}))
	t.Cleanup(p.Close)
	return p
}

// tell sets what the proxy answers; nil is the truth.
func (p *proxy) tell(lie func(ask) answer) {
	if lie == nil {
		lie = ask.honest
	}
	p.lie.Store(&lie)
}

// replace lies about one method only: in the honest answer old becomes with.
func (p *proxy) replace(method, old, with string) {
	p.tell(func(a ask) answer {
		honest := a.honest()
		if a.method == method {
			honest.result = strings.ReplaceAll(honest.result, old, with)
		}
		return honest
	})
}

// always answers one method with the same.
func (p *proxy) always(method string, with answer) {
	p.tell(func(a ask) answer {
		if a.method == method {
			return with
		}
		return a.honest()
	})
}

// narrow searches at most so many blocks.
func narrow(t *testing.T, a ask, most uint64) answer {
	t.Helper()
	var q struct{ FromBlock, ToBlock hexutil.Uint64 }
	if err := json.Unmarshal(a.params[0], &q); err != nil {
		t.Error(err)
	}
	if uint64(q.ToBlock-q.FromBlock) >= most {
		return refuse("query exceeds max block range")
	}
	return a.honest()
}
