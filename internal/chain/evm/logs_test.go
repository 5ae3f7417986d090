package evm

import (
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
)

// TestAMarkLeavesATopicFree: what may be anything is not asked for, and all else is looked at.
func TestAMarkLeavesATopicFree(t *testing.T) {
	t.Parallel()
	at, name, from, token := common.Address{1}, common.Hash{1}, common.Hash{}, common.Hash{3}
	m := mark{contract: at, topics: []common.Hash{name, from, {0xff}, token}, free: [maxTopics]bool{2: true}}
	asked := m.query(1, 2).Topics
	if len(asked) != 4 || len(asked[2]) != 0 || len(asked[1]) != 1 || len(asked[3]) != 1 || asked[3][0] != token {
		t.Errorf("asked for %v", asked)
	}
	for want, topics := range map[bool][][]common.Hash{
		true:  {{name, from, {7}, token}, {name, from, {}, token}},
		false: {{name, {1}, {7}, token}, {name, from, {7}, {4}}, {name, from, {7}}, nil},
	} {
		for _, given := range topics {
			if got := m.fits(&types.Log{Address: at, Topics: given}); got != want {
				t.Errorf("topics %v: got %v, want %v", given, got, want)
			}
		}
	}
}
