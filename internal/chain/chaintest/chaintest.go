// Package chaintest is the conformance suite of port [sinso.Chain]: every
// adapter runs it over every engine, and a new promise of the port is added
// here.
package chaintest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/rpc"
	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
)

// Rig is one chain to test. The node's own account must have 10^21 wei or more.
type Rig struct {
	Chain sinso.Chain
	// Advance moves the chain's clock: the next block is that much later. Less
	// than an hour may pass by itself while a test runs.
	Advance func(time.Duration)
	// Account makes an account that can pay gas and has 10^18 wei or more, and
	// returns its secret.
	Account func(t *testing.T) [32]byte
	// Client is a way to the same chain beside the adapter, by which tokens are deployed.
	Client *rpc.Client
}

// Run runs the suite over one rig.
func Run(t *testing.T, open func(t *testing.T) Rig) {
	t.Helper()
	rig := open(t)
	for _, test := range []struct {
		name string
		run  func(*testing.T, Rig)
	}{
		{"IdentityIsOnceForEver", testIdentity},
		{"AssetOfOnePayee", testOnePayee},
		{"AssetOfTwoPayees", testTwoPayees},
		{"AssetNeedsEverySignature", testSignatures},
		{"AssetHasOneParent", testParent},
		{"UnknownTokenIsNotFound", testUnknownToken},
		{"WhatWasSentSettles", testSettle},
		{"TradeFromOrderToWithdrawal", testTrade},
		{"SilentSellerIsRefundedAfterTheWindow", testSilentSeller},
		{"SilentBuyerIsReleasedAfterTheWindow", testSilentBuyer},
		{"WrongKeyGivesTheMoneyBack", testWrongKey},
		{"RightKeyIsNotProvenWrong", testRightKey},
		{"CancelEndsAnOrder", testCancel},
		{"FillIsRefused", testFillRefused},
		{"DeliveryIsRefused", testDeliveryRefused},
		{"ReleaseNeedsTheAssetSold", testReleaseRefused},
		{"RevokeIsShown", testRevoke},
		{"RevokeBeforeTheDeliveryGivesTheMoneyBack", testRevokeUndelivered},
		{"AnOrderIsFilledAsOftenAsItSays", testCopies},
		{"AFallingPriceIsPaidAsItWasAsked", testFalling},
		{"ATokenPaysFromApprovalToWithdrawal", testTokenTrade},
		{"ATokenComesBackAsItself", testTokenRefund},
		{"ATokenThatCannotBePaidIsRefused", testTokenRefused},
		{"NobodyIsOwedIsDenied", testNothingOwed},
		{"FundSendsExactly", testFund},
		{"WhatWasSentIsKnown", testSent},
		{"EventsTellTheSameStoryAgain", testEvents},
		{"EventsEndWhereTheCallerSays", testEventsStop},
		{"ConcurrentCallsOfOneAccount", testConcurrent},
		{"CancelledCallEnds", testContext},
		{"MoneyIsConserved", testConserved},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, rig) })
	}
}

// Clock is a clock for the chain under test: it runs a hundred times as fast as
// the wall's, so that a chain which seals a block a second is quick, and can be
// moved ahead. The zero value begins at the wall's time.
type Clock struct {
	once  sync.Once
	start time.Time
	mu    sync.Mutex
	ahead time.Duration
}

const clockRate = 100

// Now returns the clock's time.
func (c *Clock) Now() time.Time {
	c.once.Do(func() { c.start = time.Now() })
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.start.Add(c.ahead + clockRate*time.Since(c.start))
}

// Advance moves the clock ahead.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

func is(t *testing.T, what string, err, class error) {
	t.Helper()
	if !errors.Is(err, class) {
		t.Errorf("%s: got error %v, want %v", what, err, class)
	}
}

func ok(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// same checks that a repeated call found the transaction that did the work.
func same(t *testing.T, what string, first, again sinso.Tx, err error) {
	t.Helper()
	ok(t, what+" again", err)
	if first.Hash == (sinso.Hash{}) || first.Gas == 0 || first.Block == 0 {
		t.Errorf("%s: got %+v, want a hash, gas and a block", what, first)
	}
	if first != again {
		t.Errorf("%s again: got %+v, want %+v", what, again, first)
	}
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmp.Transformer("wei", sinso.Wei.String)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
