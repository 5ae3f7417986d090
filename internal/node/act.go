package node

import (
	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/way"
)

// ActPlan is what an act by the contracts would do.
type ActPlan = way.ActPlan

// ActDone is such an act that was done.
type ActDone = way.ActDone

// Acts returns all that can be done and asked by the contracts.
func Acts() []sinso.Act { return way.Acts() }

// Minted is a release on the chain, or why it is not there.
type Minted = way.Minted

// Lineage is what a token came after, and what came after it.
type Lineage = way.Lineage

// Added is what came of a release.
type Added = way.Added

// Traced is what a name in a derivative stands for.
type Traced = way.Traced
