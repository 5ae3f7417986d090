//go:build !nochain

package devchain

import (
	"context"
	"encoding/json"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
)

// calls runs eth_call and eth_estimateGas on the newest state as the next block
// would, at its time. go-ethereum runs them at the newest block's time; here
// that may be long ago, and what waited for a time lock would be refused.
type calls struct {
	inner    *rpc.Client
	nextTime func() uint64
}

// Call is eth_call.
func (s *calls) Call(ctx context.Context, args json.RawMessage, block *rpc.BlockNumberOrHash, state *json.RawMessage, overrides *map[string]json.RawMessage) (json.RawMessage, error) {
	return s.forward(ctx, "eth_call", args, block, state, overrides)
}

// EstimateGas is eth_estimateGas.
func (s *calls) EstimateGas(ctx context.Context, args json.RawMessage, block *rpc.BlockNumberOrHash, state *json.RawMessage, overrides *map[string]json.RawMessage) (json.RawMessage, error) {
	return s.forward(ctx, "eth_estimateGas", args, block, state, overrides)
}

func (s *calls) forward(ctx context.Context, method string, args json.RawMessage, block *rpc.BlockNumberOrHash, state *json.RawMessage, overrides *map[string]json.RawMessage) (json.RawMessage, error) {
	at := rpc.BlockNumberOrHashWithNumber(rpc.LatestBlockNumber)
	if block != nil {
		at = *block
	}
	if number, ok := at.Number(); ok && (number == rpc.LatestBlockNumber || number == rpc.PendingBlockNumber) {
		merged := map[string]json.RawMessage{}
		if overrides != nil {
			for name, value := range *overrides {
				merged[name] = value
			}
		}
		if _, given := merged["time"]; !given {
			merged["time"] = json.RawMessage(`"` + hexutil.EncodeUint64(s.nextTime()) + `"`)
		}
		overrides = &merged
	}
	var result json.RawMessage
	err := s.inner.CallContext(ctx, &result, method, args, at, state, overrides)
	return result, err
}
