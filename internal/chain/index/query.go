package index

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3"

	"sinso.dev/sinso"
)

var _ sinso.Catalogue = (*Index)(nil)

// maxLineage bounds how far back parents are followed: a line of versions has no
// circle on an honest chain.
const maxLineage = 256

// row reads the columns of one row, from left to right. The first is the newest
// final block.
type row struct {
	*sqlite3.Stmt

	at    int
	final int64
}

func (r *row) next() int { r.at++; return r.at - 1 }

func (r *row) hash() (h sinso.Hash)       { copy(h[:], r.ColumnRawBlob(r.next())); return h }
func (r *row) address() (a sinso.Address) { copy(a[:], r.ColumnRawBlob(r.next())); return a }
func (r *row) wei() sinso.Wei             { return sinso.NewWei(new(big.Int).SetBytes(r.ColumnRawBlob(r.next()))) }
func (r *row) int() int                   { return r.ColumnInt(r.next()) }
func (r *row) flag() bool                 { return r.ColumnBool(r.next()) }
func (r *row) text() string               { return r.ColumnText(r.next()) }
func (r *row) count() uint64              { return uint64(max(r.ColumnInt64(r.next()), 0)) }
func (r *row) bits() uint64               { return uint64(r.ColumnInt64(r.next())) } //nolint:gosec // the same bits
func (r *row) block() uint64              { return r.count() / maxIndex }            // of a place
func (r *row) confirmed() bool            { return r.ColumnInt64(r.next()) <= r.final }

// time is a moment in unix seconds; zero is none.
func (r *row) time() time.Time {
	const farAway = 1 << 40
	seconds := r.ColumnInt64(r.next())
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(min(seconds, farAway), 0).UTC()
}

// rows reads all rows of a query, which begins with "SELECT (SELECT final FROM state), ".
func rows[T any](c *conn, scan func(*row) T, sql string, args ...any) ([]T, error) {
	all := []T{}
	err := c.each("SELECT (SELECT final FROM state), "+sql, args, func(s *sqlite3.Stmt) error {
		r := &row{Stmt: s}
		r.final = s.ColumnInt64(r.next())
		all = append(all, scan(r))
		return nil
	})
	return all, err
}

// list reads rows on a snapshot of its own.
func list[T any](ctx context.Context, x *Index, scan func(*row) T, sql string, args ...any) (all []T, err error) {
	err = x.view(ctx, func(c *conn) error {
		all, err = rows(c, scan, sql, args...)
		return err
	})
	return all, err
}

const assetColumns = `token, creator, owner, parent, successor, commitment, split, receiver, vault, open, sold, licences, sale, entered, time, changed FROM asset `

func scanAsset(r *row) sinso.AssetRow {
	a := sinso.AssetRow{
		Token: r.hash(), Creator: r.address(), Owner: r.address(), Parent: r.hash(), Successor: r.hash(), Commitment: r.hash(),
	}
	for split := r.ColumnRawBlob(r.next()); len(split) >= 22; split = split[22:] {
		a.Split = append(a.Split, sinso.Share{Payee: sinso.Address(split[:20]), Bps: binary.BigEndian.Uint16(split[20:])})
	}
	a.Receiver, a.Vault, a.Open, a.Sold, a.Licences = r.address(), r.address(), r.int(), r.int(), r.int()
	a.Sale, a.Block, a.Time, a.Confirmed = sinso.SaleState(r.int()), r.block(), r.time(), r.confirmed() //nolint:gosec // 0 to 2
	return a
}

// Assets implements [sinso.Catalogue].
func (x *Index) Assets(ctx context.Context, q sinso.AssetQuery) (page sinso.AssetPage, err error) {
	limit := q.Limit
	if limit <= 0 || limit > sinso.MaxCatalogue {
		limit = sinso.MaxCatalogue
	}
	where, args := assetFilter(q)
	err = x.view(ctx, func(c *conn) error {
		if page.Total, err = total(c, q, where, args); err != nil {
			return err
		}
		if q.After > 0 {
			where, args = append(where, "entered < ?"), append(args, signed(q.After))
		}
		places := []uint64{}
		page.Assets, err = rows(c, func(r *row) sinso.AssetRow {
			places = append(places, uint64(r.ColumnInt64(r.ColumnCount()-1))) //nolint:gosec // not negative
			return scanAsset(r)
		}, strings.Replace(assetColumns, " FROM", ", entered FROM", 1)+clause(where)+` ORDER BY entered DESC LIMIT ?`,
			append(args, int64(limit+1))...)
		if len(page.Assets) > limit {
			page.Assets, page.Next = page.Assets[:limit], places[limit-1]
		}
		return err
	})
	return page, err
}

func assetFilter(q sinso.AssetQuery) (where []string, args []any) {
	if q.Owner != (sinso.Address{}) {
		where, args = append(where, "owner = ?"), append(args, q.Owner[:])
	}
	if q.Parent != (sinso.TokenID{}) {
		where, args = append(where, "parent = ?"), append(args, q.Parent[:])
	}
	if q.Sale != nil {
		where, args = append(where, "sale = ?"), append(args, int64(*q.Sale))
	}
	if q.Since > 0 {
		where, args = append(where, "entered >= ?"), append(args, signed(min(q.Since, maxBlock))*maxIndex)
	}
	return where, args
}

func clause(where []string) string {
	if len(where) == 0 {
		return ""
	}
	return "WHERE " + strings.Join(where, " AND ")
}

// total counts what a query finds. All of a state of sale are counted already.
func total(c *conn, q sinso.AssetQuery, where []string, args []any) (int, error) {
	sql := `SELECT count(*) FROM asset ` + clause(where)
	if q.Owner == (sinso.Address{}) && q.Parent == (sinso.TokenID{}) && q.Since == 0 {
		sql = `SELECT sum(n) FROM tally ` + clause(where)
	}
	n, err := c.whole(0, sql, args...)
	return int(n), err
}

// Asset implements [sinso.Catalogue].
func (x *Index) Asset(ctx context.Context, token sinso.TokenID) (sinso.AssetRow, error) {
	return one(list(ctx, x, scanAsset, assetColumns+`WHERE token = ?`, token[:]))
}

func one[T any](all []T, err error) (T, error) {
	var none T
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("index: the chain has told of none like this: %w", sinso.ErrNotFound)
	}
	if err != nil {
		return none, err
	}
	return all[0], nil
}

// Lineage implements [sinso.Catalogue].
func (x *Index) Lineage(ctx context.Context, token sinso.TokenID) (line []sinso.AssetRow, err error) {
	err = x.view(ctx, func(c *conn) error {
		for at := token; at != (sinso.TokenID{}) && len(line) < maxLineage; {
			asset, err := one(rows(c, scanAsset, assetColumns+`WHERE token = ?`, at[:]))
			if err != nil && at == token {
				return err
			}
			if err != nil {
				break // the parent is older than the index
			}
			line, at = append(line, asset), asset.Parent
		}
		slices.Reverse(line)
		for i := len(line) - 1; i < len(line) && len(line) < sinso.MaxCatalogue; i++ {
			children, err := rows(c, scanAsset, assetColumns+`WHERE parent = ? ORDER BY entered LIMIT ?`,
				line[i].Token[:], int64(sinso.MaxCatalogue-len(line)))
			if err != nil {
				return err
			}
			for _, child := range children {
				if !slices.ContainsFunc(line, func(a sinso.AssetRow) bool { return a.Token == child.Token }) {
					line = append(line, child)
				}
			}
		}
		return nil
	})
	return line, err
}

// History implements [sinso.Catalogue].
func (x *Index) History(ctx context.Context, token sinso.TokenID) ([]sinso.TransferRow, error) {
	return list(ctx, x, func(r *row) sinso.TransferRow {
		return sinso.TransferRow{From: r.address(), To: r.address(), Tx: r.hash(), Block: r.block(), Time: r.time(), Confirmed: r.confirmed()}
	}, `sender, receiver, tx, place, time, place / ? FROM transfer WHERE token = ? ORDER BY place LIMIT ?`,
		int64(maxIndex), token[:], int64(sinso.MaxCatalogue))
}

// Trades implements [sinso.Catalogue].
func (x *Index) Trades(ctx context.Context, token sinso.TokenID) ([]sinso.TradeRow, error) {
	return list(ctx, x, func(r *row) sinso.TradeRow {
		return sinso.TradeRow{
			ID: r.hash(), Venue: r.text(), Asset: r.hash(), Seller: r.address(), Buyer: r.address(), Currency: r.address(), Price: r.wei(),
			State: sinso.TradeState(r.int()), WrongKey: r.flag(), Revoked: r.flag(), //nolint:gosec // as it was written
			Block: r.block(), Time: r.time(), Ended: r.time(), Confirmed: r.confirmed(),
		}
	}, `id, venue, asset, seller, buyer, currency, price, state, wrong, revoked, filled, time, ended, changed
		FROM trade WHERE asset = ? ORDER BY filled DESC LIMIT ?`, token[:], int64(sinso.MaxCatalogue))
}

// Sales implements [sinso.Catalogue].
func (x *Index) Sales(ctx context.Context, token sinso.TokenID) ([]sinso.SaleRow, error) {
	return list(ctx, x, func(r *row) sinso.SaleRow {
		return sinso.SaleRow{
			Token: r.hash(), Seller: r.address(), Buyer: r.address(), Currency: r.address(), Price: r.wei(),
			Block: r.block(), Time: r.time(), Confirmed: r.confirmed(),
		}
	}, `token, seller, buyer, currency, price, place, time, place / ? FROM sale WHERE token = ? ORDER BY place DESC LIMIT ?`,
		int64(maxIndex), token[:], int64(sinso.MaxCatalogue))
}

// Licences implements [sinso.Catalogue].
func (x *Index) Licences(ctx context.Context, token sinso.TokenID, owner sinso.Address) ([]sinso.LicenceRow, error) {
	where, arg := `asset = ?`, token[:]
	if token == (sinso.TokenID{}) {
		where, arg = `owner = ?`, owner[:]
	}
	return list(ctx, x, func(r *row) sinso.LicenceRow {
		return sinso.LicenceRow{
			ID: r.hash(), Asset: r.hash(), Owner: r.address(), Until: r.time(), Transferable: r.flag(), Revoked: r.flag(),
			Block: r.block(), Time: r.time(), Confirmed: r.confirmed(),
		}
	}, `id, asset, owner, until, transferable, revoked, granted, time, changed FROM licence WHERE `+where+` ORDER BY granted DESC LIMIT ?`,
		arg, int64(sinso.MaxCatalogue))
}

// Requests implements [sinso.Catalogue].
func (x *Index) Requests(ctx context.Context, now time.Time) ([]sinso.RequestRow, error) {
	return list(ctx, x, func(r *row) sinso.RequestRow {
		return sinso.RequestRow{
			ID: r.hash(), Buyer: r.address(), Currency: r.address(), Price: r.wei(), Answers: r.int(), Taken: r.int(), Criteria: r.hash(),
			EndsAt: r.time(), Block: r.block(), Time: r.time(), Confirmed: r.confirmed(),
		}
	}, `id, buyer, currency, price, answers, taken, criteria, ends, opened, time, changed
		FROM request WHERE closed = 0 AND ends >= ? AND taken < answers ORDER BY opened DESC LIMIT ?`, now.Unix(), int64(sinso.MaxCatalogue))
}

// Vault implements [sinso.Catalogue].
func (x *Index) Vault(ctx context.Context, token sinso.TokenID) (vault sinso.VaultRow, err error) {
	err = x.view(ctx, func(c *conn) error {
		vault, err = one(rows(c, func(r *row) sinso.VaultRow {
			return sinso.VaultRow{
				Address: r.address(), Token: r.hash(), Supply: r.count(), Currency: r.address(), Steward: r.address(), Bidder: r.address(),
				Price: r.wei(), EndsAt: r.time(), Taker: r.address(), Confirmed: r.confirmed(),
			}
		}, `address, token, supply, currency, steward, bidder, price, ends, taker, changed
			FROM vault WHERE address = (SELECT vault FROM asset WHERE token = ?)`, token[:]))
		if err != nil {
			return err
		}
		vault.Holders, err = rows(c, func(r *row) sinso.HolderRow {
			return sinso.HolderRow{Holder: r.address(), Fractions: r.count(), Confirmed: r.confirmed()}
		}, `account, amount, changed FROM holder WHERE vault = ? ORDER BY amount DESC, account LIMIT ?`, vault.Address[:], int64(sinso.MaxCatalogue))
		return err
	})
	return vault, err
}

// Stakes implements [sinso.Catalogue].
func (x *Index) Stakes(ctx context.Context, pool sinso.Hash, owner sinso.Address) ([]sinso.StakeRow, error) {
	where, arg := `pool = ?`, pool[:]
	if pool == (sinso.Hash{}) {
		where, arg = `owner = ?`, owner[:]
	}
	return list(ctx, x, func(r *row) sinso.StakeRow {
		return sinso.StakeRow{
			Hash: r.hash(), Pool: r.hash(), Owner: r.address(), Token: r.hash(), Weight: r.bits(), State: uint8(r.int()), //nolint:gosec // 1 to 3
			FreeAt: r.time(), Time: r.time(), Confirmed: r.confirmed(),
		}
	}, `hash, pool, owner, token, weight, state, free, time, changed FROM stake WHERE `+where+` ORDER BY time DESC, hash LIMIT ?`,
		arg, int64(sinso.MaxCatalogue))
}

// Proposals implements [sinso.Catalogue].
func (x *Index) Proposals(ctx context.Context) ([]sinso.ProposalRow, error) {
	return list(ctx, x, func(r *row) sinso.ProposalRow {
		return sinso.ProposalRow{
			ID: r.hash(), Proposer: r.address(), StartsAt: r.time(), EndsAt: r.time(), Description: r.text(), Against: r.wei(), For: r.wei(),
			Abstain: r.wei(), State: r.text(), Block: r.block(), Confirmed: r.confirmed(),
		}
	}, `id, proposer, starts, ends, description, against, infavour, abstain, state, created, changed
		FROM proposal ORDER BY created DESC LIMIT ?`, int64(sinso.MaxCatalogue))
}

// Volumes implements [sinso.Catalogue].
func (x *Index) Volumes(ctx context.Context, from, to time.Time) ([]sinso.VolumeRow, error) {
	const day = 24 * 60 * 60 // seconds
	return list(ctx, x, func(r *row) sinso.VolumeRow {
		return sinso.VolumeRow{
			Currency: r.address(), Day: time.Unix(r.ColumnInt64(r.next())*day, 0).UTC(), Trades: r.int(), Amount: r.wei(), Confirmed: r.confirmed(),
		}
	}, `currency, day, trades, amount, changed FROM volume WHERE day BETWEEN ? AND ? ORDER BY day, currency LIMIT ?`,
		from.Unix()/day, to.Unix()/day, int64(sinso.MaxCatalogue))
}

// State says how far the index is.
func (x *Index) State(ctx context.Context) (sinso.IndexState, error) {
	var s sinso.IndexState
	err := x.view(ctx, func(c *conn) error {
		at, err := readCursor(c)
		if err != nil {
			return err
		}
		if !at.none {
			s.Block = at.at
		}
		if at.firm {
			s.Final = at.final
		}
		if s.Events, err = c.whole(0, `SELECT events FROM state`); err != nil {
			return err
		}
		if s.Assets, err = c.whole(0, `SELECT sum(n) FROM tally`); err != nil {
			return err
		}
		s.Waiting, err = c.whole(0, `SELECT count(*) FROM document d WHERE NOT EXISTS (SELECT 1 FROM fetched f WHERE f.hash = d.hash AND body IS NOT NULL)`)
		return err
	})
	x.mu.Lock()
	defer x.mu.Unlock()
	s.Newest = max(x.seen.newest, s.Block)
	s.Lag = s.Newest - s.Block
	if x.seen.failed != nil {
		s.Problem = x.seen.failed.Error()
	}
	return s, err
}
