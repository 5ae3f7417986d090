package sinso

import (
	"context"
	"time"
)

// Catalogue is what SINSO's contracts told on a chain, to be searched. Each row says
// whether it is confirmed: its newest change is in a block that is final. What is
// not may be taken back by the chain. Pages are of at most [MaxCatalogue] rows.
type Catalogue interface {
	// Assets returns a page of assets, the newest first.
	Assets(ctx context.Context, query AssetQuery) (AssetPage, error)
	// Asset returns one asset, or ErrNotFound.
	Asset(ctx context.Context, token TokenID) (AssetRow, error)
	// Lineage returns an asset, the one that its creators named as its parent and so on,
	// and all that name one of these as their parent; the oldest first.
	Lineage(ctx context.Context, token TokenID) ([]AssetRow, error)
	// History returns who had an asset or a licence, the oldest first.
	History(ctx context.Context, token TokenID) ([]TransferRow, error)
	// Trades returns the licence sales of an asset, the newest first.
	Trades(ctx context.Context, token TokenID) ([]TradeRow, error)
	// Sales returns the sales of an asset or a licence itself, the newest first.
	Sales(ctx context.Context, token TokenID) ([]SaleRow, error)
	// Licences returns the licences of an asset, or, if token is zero, of an owner; the
	// newest first.
	Licences(ctx context.Context, token TokenID, owner Address) ([]LicenceRow, error)
	// Requests returns the requests for data that can still be answered at a time; the newest first.
	Requests(ctx context.Context, now time.Time) ([]RequestRow, error)
	// Vault returns the fractions of an asset and who holds them, the most first, or ErrNotFound.
	Vault(ctx context.Context, token TokenID) (VaultRow, error)
	// Stakes returns the stakes in a pool, or, if it is zero, of an owner.
	Stakes(ctx context.Context, pool Hash, owner Address) ([]StakeRow, error)
	// Proposals returns what was put to a vote, the newest first.
	Proposals(ctx context.Context) ([]ProposalRow, error)
	// Volumes returns what was traded on the days from one to another, both included.
	Volumes(ctx context.Context, from, to time.Time) ([]VolumeRow, error)
}

// MaxCatalogue is how many rows one answer of a [Catalogue] has at most.
const MaxCatalogue = 1000

// SaleState is where an asset is on the market, as far as the chain tells: an offer
// that nobody took is nowhere on it.
type SaleState uint8

// The states of sale.
const (
	SaleNone   SaleState = iota // it was never sold
	SaleEscrow                  // a trade of it holds money in escrow
	SaleSold                    // a licence of it, or itself, was sold
)

// AssetQuery asks for a page of assets. Zero values do not restrict.
type AssetQuery struct {
	Sale   *SaleState
	Owner  Address
	Parent TokenID
	Since  uint64 // the first block in which they were entered
	After  uint64 // the Next of the page before
	Limit  int    // at most [MaxCatalogue], which zero means as well
}

// AssetPage is a page of assets.
type AssetPage struct {
	Assets []AssetRow `json:"assets"`
	Total  int        `json:"total"` // on all pages
	Next   uint64     `json:"next"`  // 0: it is the last page
}

// AssetRow is one asset.
type AssetRow struct {
	Token      TokenID   `json:"token"`
	Creator    Address   `json:"creator"`
	Owner      Address   `json:"owner"`
	Parent     TokenID   `json:"parent"`    // by its creators' claim; zero: none
	Successor  TokenID   `json:"successor"` // by its owner's word; zero: none
	Commitment Hash      `json:"commitment"`
	Split      []Share   `json:"split"`    // none: all is the creator's
	Receiver   Address   `json:"receiver"` // of royalties; zero: it was not opened
	Vault      Address   `json:"vault"`    // of fractions; zero: there are none
	Open       int       `json:"open"`     // trades that hold money in escrow
	Sold       int       `json:"sold"`     // trades and sales that were paid out
	Licences   int       `json:"licences"`
	Sale       SaleState `json:"sale"`
	Block      uint64    `json:"block"` // in which it was entered
	Time       time.Time `json:"time"`
	Confirmed  bool      `json:"confirmed"`
}

// TransferRow is one change of owner.
type TransferRow struct {
	From      Address   `json:"from"` // zero: it was made
	To        Address   `json:"to"`
	Tx        Hash      `json:"tx"`
	Block     uint64    `json:"block"`
	Time      time.Time `json:"time"`
	Confirmed bool      `json:"confirmed"`
}

// TradeRow is one sale of a licence through escrow.
type TradeRow struct {
	ID        Hash       `json:"id"`
	Venue     string     `json:"venue"` // the contract: Exchange
	Asset     TokenID    `json:"asset"`
	Seller    Address    `json:"seller"`
	Buyer     Address    `json:"buyer"`
	Currency  Address    `json:"currency"` // zero: the chain's own money
	Price     Wei        `json:"price"`
	State     TradeState `json:"state"`
	WrongKey  bool       `json:"wrongKey"`
	Revoked   bool       `json:"revoked"`
	Block     uint64     `json:"block"` // in which it was filled
	Time      time.Time  `json:"time"`
	Ended     time.Time  `json:"ended"` // zero: it has not
	Confirmed bool       `json:"confirmed"`
}

// SaleRow is one sale of a token.
type SaleRow struct {
	Token     TokenID   `json:"token"`
	Seller    Address   `json:"seller"`
	Buyer     Address   `json:"buyer"`
	Currency  Address   `json:"currency"`
	Price     Wei       `json:"price"`
	Block     uint64    `json:"block"`
	Time      time.Time `json:"time"`
	Confirmed bool      `json:"confirmed"`
}

// LicenceRow is one licence.
type LicenceRow struct {
	ID           Hash      `json:"id"`
	Asset        TokenID   `json:"asset"`
	Owner        Address   `json:"owner"`
	Until        time.Time `json:"until"` // last moment; zero: for ever
	Transferable bool      `json:"transferable"`
	Revoked      bool      `json:"revoked"`
	Block        uint64    `json:"block"`
	Time         time.Time `json:"time"`
	Confirmed    bool      `json:"confirmed"`
}

// RequestRow is one request for data.
type RequestRow struct {
	ID        Hash      `json:"id"`
	Buyer     Address   `json:"buyer"`
	Currency  Address   `json:"currency"`
	Price     Wei       `json:"price"` // the most that one answer may cost
	Answers   int       `json:"answers"`
	Taken     int       `json:"taken"`
	Criteria  Hash      `json:"criteria"`
	EndsAt    time.Time `json:"endsAt"`
	Block     uint64    `json:"block"`
	Time      time.Time `json:"time"`
	Confirmed bool      `json:"confirmed"`
}

// VaultRow is the fractions of one asset.
type VaultRow struct {
	Address   Address     `json:"address"`
	Token     TokenID     `json:"token"`
	Supply    uint64      `json:"supply"`
	Currency  Address     `json:"currency"`
	Steward   Address     `json:"steward"`
	Bidder    Address     `json:"bidder"` // of a buy-out that is on; zero: none
	Price     Wei         `json:"price"`  // that is offered, or was paid, for a fraction
	EndsAt    time.Time   `json:"endsAt"` // of the buy-out
	Taker     Address     `json:"taker"`  // who has the asset since it left; zero: it has not
	Holders   []HolderRow `json:"holders"`
	Confirmed bool        `json:"confirmed"`
}

// HolderRow is who holds fractions.
type HolderRow struct {
	Holder    Address `json:"holder"`
	Fractions uint64  `json:"fractions"`
	Confirmed bool    `json:"confirmed"`
}

// StakeRow is one token that was staked.
type StakeRow struct {
	Hash      Hash      `json:"hash"`
	Pool      Hash      `json:"pool"`
	Owner     Address   `json:"owner"`
	Token     TokenID   `json:"token"`
	Weight    uint64    `json:"weight"`
	State     uint8     `json:"state"`  // 1 stands, 2 was asked back, 3 is back
	FreeAt    time.Time `json:"freeAt"` // zero: it was not asked back
	Time      time.Time `json:"time"`
	Confirmed bool      `json:"confirmed"`
}

// ProposalRow is what was put to a vote. Votes are in units of 10^-18 voice.
type ProposalRow struct {
	ID          Hash      `json:"id"`
	Proposer    Address   `json:"proposer"`
	StartsAt    time.Time `json:"startsAt"`
	EndsAt      time.Time `json:"endsAt"`
	Description string    `json:"description"` // its first 4,096 bytes
	Against     Wei       `json:"against"`
	For         Wei       `json:"for"`
	Abstain     Wei       `json:"abstain"`
	State       string    `json:"state"` // proposed, queued, executed, cancelled or vetoed: what events tell
	Block       uint64    `json:"block"`
	Confirmed   bool      `json:"confirmed"`
}

// VolumeRow is what was traded on one day in one currency.
type VolumeRow struct {
	Day       time.Time `json:"day"` // its beginning, UTC
	Currency  Address   `json:"currency"`
	Trades    int       `json:"trades"` // that were paid out
	Amount    Wei       `json:"amount"`
	Confirmed bool      `json:"confirmed"`
}

// IndexState is how far the index of a chain is, of which a [Catalogue] is. Block and
// Final are zero if no block is in, or final.
type IndexState struct {
	Block  uint64 `json:"block"`  // the newest that is in
	Final  uint64 `json:"final"`  // up to which nothing is taken back
	Newest uint64 `json:"newest"` // of the chain, when it was last asked
	Lag    uint64 `json:"lag"`    // blocks that are not in yet
	Events int64  `json:"events"` // logs that are in
	Assets int64  `json:"assets"`
	// Waiting are things that events name by a hash and that were not got yet.
	Waiting int64 `json:"waiting"`
	// Problem is why the index did not go on when it last tried, "" if it did.
	Problem string `json:"problem,omitempty"`
}
