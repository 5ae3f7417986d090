package node

import (
	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/way"
)

// ActPlan and ActDone are what acts by the contracts say.
type (
	ActPlan = way.ActPlan
	ActDone = way.ActDone
)

// Acts returns all that can be done and asked by the contracts.
func Acts() []sinso.Act { return way.Acts() }
