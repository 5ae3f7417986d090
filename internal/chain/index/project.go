package index

import (
	"math"
	"math/big"
	"slices"
	"sync"

	"github.com/ncruces/go-sqlite3"

	"sinso.dev/sinso"
)

// projection is the version of what is made from the logs. It grows with every
// change of the functions below, and the rows are made again.
const projection = 3

// projector makes rows from events, in the order of the chain.
type projector struct {
	*conn
	*event

	err error
}

// project makes rows from an event. A log that no function here knows changes none.
func (p *projector) project(e *event) error {
	if do, ok := projections()[e.name]; ok {
		p.event = e
		do(p)
	}
	return p.err
}

// do runs a statement, unless one before it failed.
func (p *projector) do(sql string, args ...any) {
	if p.err == nil {
		p.err = p.run(sql, args...)
	}
}

// whole returns a whole number, 0 without a row.
func (p *projector) whole(sql string, args ...any) (n int64) {
	if p.err == nil {
		n, p.err = p.conn.whole(0, sql, args...)
	}
	return n
}

// blobs returns the first columns of the first row, nil without a row.
func (p *projector) blobs(sql string, args ...any) [][]byte {
	var row [][]byte
	if p.err == nil {
		p.err = p.each(sql, args, func(s *sqlite3.Stmt) error {
			row = make([][]byte, s.ColumnCount())
			for i := range row {
				row[i] = slices.Clone(s.ColumnRawBlob(i))
			}
			return nil
		})
	}
	return row
}

func plus(a, b []byte) []byte {
	sum := new(big.Int).Add(new(big.Int).SetBytes(a), new(big.Int).SetBytes(b))
	if sum.BitLen() > 8*word { // no currency has so much; a token may say so
		sum.SetBit(new(big.Int), 8*word, 1).Sub(sum, big.NewInt(1))
	}
	return sum.FillBytes(make([]byte, word))
}

// or is nil for an address or hash of zeros.
func or(value []byte) any {
	if allZero(value) {
		return nil
	}
	return value
}

// projections are the functions that make rows, by the events they read.
var projections = sync.OnceValue(func() map[string]func(*projector) {
	all := map[string]func(*projector){}
	for _, some := range []map[string]func(*projector){ofAssets, ofTrades, ofShares, ofVotes} {
		for name, do := range some {
			all[name] = do
		}
	}
	return all
})

var ofAssets = map[string]func(*projector){
	"Assets.Transfer": func(p *projector) {
		p.transfer(0)
		if !allZero(p.address("from")) {
			p.do(`UPDATE asset SET owner = ?, changed = ? WHERE token = ?`, p.address("to"), p.block(), p.word("tokenId"))
			return
		}
		p.do(`INSERT INTO asset (token, creator, owner, entered, time, changed) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET creator = excluded.creator, owner = excluded.owner, changed = excluded.changed`,
			p.word("tokenId"), p.address("to"), p.address("to"), p.place, p.time, p.block())
	},
	"Assets.Entered": func(p *projector) {
		p.do(`INSERT INTO asset (token, parent, commitment, split, entered, time, changed) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET parent = excluded.parent, commitment = excluded.commitment, split = excluded.split, changed = excluded.changed`,
			p.word("tokenId"), or(p.word("parent")), p.word("contentCommitment"), p.split("split"), p.place, p.time, p.block())
	},
	// No parent, and the creator, who is in the Transfer, is the only payee.
	"Assets.EnteredSingle": func(p *projector) {
		p.do(`INSERT INTO asset (token, commitment, entered, time, changed) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET commitment = excluded.commitment, changed = excluded.changed`,
			p.word("tokenId"), p.word("contentCommitment"), p.place, p.time, p.block())
	},
	"Assets.Succeeded": func(p *projector) {
		p.do(`UPDATE asset SET successor = ?, changed = ? WHERE token = ?`, p.word("child"), p.block(), p.word("parent"))
	},
	"Assets.Witnessed": func(p *projector) {
		p.do(`INSERT INTO witness VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, p.word("root"), p.time, p.block())
	},
	"Royalties.Opened": func(p *projector) {
		p.do(`UPDATE asset SET receiver = ?, changed = ? WHERE token = ?`, p.address("receiver"), p.block(), p.word("tokenId"))
	},
	"Licences.Transfer": func(p *projector) {
		p.transfer(1)
		p.do(`INSERT INTO licence (id, owner, granted, time, changed) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET owner = excluded.owner, changed = excluded.changed`,
			p.word("tokenId"), p.address("to"), p.place, p.time, p.block())
		if allZero(p.address("from")) {
			p.granted(p.word("tokenId"))
		}
	},
	"Consent.Revoked": func(p *projector) {
		p.do(`INSERT INTO revoked VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, p.address("grantor"), p.word("grantHash"), p.block())
	},
	"Consent.AllRevoked": func(p *projector) {
		p.do(`INSERT INTO epoch VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET epoch = excluded.epoch, changed = excluded.changed`,
			p.address("grantor"), p.number("epoch"), p.block())
	},
}

// granted gives a new licence what its trade was made with.
func (p *projector) granted(id []byte) {
	p.do(`UPDATE licence SET asset = trade.asset, until = iif(term = 0, 0, delivered + term), transferable = trade.transferable
		FROM trade WHERE trade.id = licence.id AND licence.id = ?`, id)
	p.do(`UPDATE asset SET licences = licences + 1, changed = ? WHERE token = (SELECT asset FROM trade WHERE id = ?)`, p.block(), id)
}

func (p *projector) transfer(licence int64) {
	p.do(`INSERT INTO transfer VALUES (?, ?, ?, ?, ?, ?, ?)`,
		p.place, licence, p.word("tokenId"), p.address("from"), p.address("to"), p.tx, p.time)
}

// document remembers what an event names by its hash.
func (p *projector) document(kind, hash string) {
	if !allZero(p.word(hash)) {
		p.do(`INSERT INTO document VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, p.word(hash), kind, p.block())
	}
}

var ofTrades = map[string]func(*projector){
	"Exchange.Filled": func(p *projector) {
		p.do(`INSERT INTO trade (id, venue, offer, asset, seller, buyer, currency, price, term, transferable, state, filled, time, changed)
			VALUES (?, 'Exchange', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			p.word("tradeId"), p.word("offerHash"), p.word("offer.tokenId"), p.address("offer.seller"), p.address("buyer"),
			p.address("offer.currency"), p.word("price"), min(p.number("offer.term"), math.MaxUint32), p.flag("offer.transferable"),
			int64(sinso.TradeFilled), p.place, p.time, p.block())
		p.do(`UPDATE asset SET open = open + 1, changed = ? WHERE token = ?`, p.block(), p.word("offer.tokenId"))
	},
	"Exchange.Delivered": func(p *projector) {
		p.do(`UPDATE trade SET state = ?, delivered = ?, changed = ? WHERE id = ?`,
			int64(sinso.TradeDelivered), p.time, p.block(), p.word("tradeId"))
	},
	"Exchange.Released": func(p *projector) { p.ended(sinso.TradeReleased) },
	"Exchange.Refunded": func(p *projector) { p.ended(sinso.TradeRefunded) },
	"Exchange.Halved":   func(p *projector) { p.ended(sinso.TradeHalved) },
	"Exchange.Disputed": func(p *projector) {
		p.do(`UPDATE trade SET state = ?, changed = ? WHERE id = ?`, int64(sinso.TradeDisputed), p.block(), p.word("tradeId"))
	},
	"Exchange.WrongKeyProven": func(p *projector) { p.mark("wrong") },
	"Exchange.Revoked": func(p *projector) {
		p.mark("revoked")
		p.do(`UPDATE licence SET revoked = 1, changed = ? WHERE id = ?`, p.block(), p.word("tradeId"))
	},
	"Exchange.Sold": func(p *projector) {
		p.do(`INSERT INTO sale VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, p.place, p.word("saleHash"), p.address("collection"),
			p.word("tokenId"), p.address("seller"), p.address("buyer"), p.address("currency"), p.word("price"), p.time)
		p.do(`UPDATE asset SET sold = sold + 1, changed = ? WHERE token = ?`, p.block(), p.word("tokenId"))
		p.traded(p.address("currency"), p.word("price"))
	},
	"Exchange.Cancelled": func(p *projector) {
		p.do(`INSERT INTO cancelled VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, p.word("orderHash"), p.address("seller"), p.block())
	},
	"Exchange.CancelledBelow": func(p *projector) {
		p.do(`INSERT INTO below VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET salt = excluded.salt, changed = excluded.changed`,
			p.address("seller"), p.word("salt"), p.block())
	},
	"Requests.Opened": func(p *projector) {
		p.do(`INSERT INTO request (id, buyer, currency, price, answers, criteria, ends, opened, time, changed)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			p.word("requestId"), p.address("request.buyer"), p.address("request.currency"), p.word("request.price"),
			p.number("request.answers"), p.word("request.criteriaHash"), p.number("request.endsAt"), p.place, p.time, p.block())
		p.document("criteria", "request.criteriaHash")
	},
	"Requests.Accepted": func(p *projector) {
		p.do(`UPDATE request SET taken = taken + 1, changed = ? WHERE id = ?`, p.block(), p.word("requestId"))
	},
	"Requests.Closing": func(p *projector) {
		p.do(`UPDATE request SET ends = ?, changed = ? WHERE id = ?`, p.number("closesAt"), p.block(), p.word("requestId"))
	},
	"Requests.Closed": func(p *projector) {
		p.do(`UPDATE request SET closed = 1, changed = ? WHERE id = ?`, p.block(), p.word("requestId"))
	},
}

func (p *projector) mark(column string) {
	p.do(`UPDATE trade SET `+column+` = 1, changed = ? WHERE id = ?`, p.block(), p.word("tradeId"))
}

// ended counts a trade whose money has left the escrow.
func (p *projector) ended(state sinso.TradeState) {
	row := p.blobs(`SELECT asset, currency, price FROM trade WHERE id = ?`, p.word("tradeId"))
	if row == nil {
		return
	}
	p.do(`UPDATE trade SET state = ?, ended = ?, changed = ? WHERE id = ?`, int64(state), p.time, p.block(), p.word("tradeId"))
	sold := int64(0)
	if state == sinso.TradeReleased {
		sold = 1
		p.traded(row[1], row[2])
	}
	p.do(`UPDATE asset SET open = open - 1, sold = sold + ?, changed = ? WHERE token = ?`, sold, p.block(), row[0])
}

// traded counts money that changed hands today.
func (p *projector) traded(currency, price []byte) {
	const day = 24 * 60 * 60 // seconds
	sum := price
	if row := p.blobs(`SELECT amount FROM volume WHERE currency = ? AND day = ?`, currency, p.time/day); row != nil {
		sum = plus(row[0], price)
	}
	p.do(`INSERT INTO volume VALUES (?, ?, 1, ?, ?)
		ON CONFLICT DO UPDATE SET trades = trades + 1, amount = excluded.amount, changed = excluded.changed`,
		currency, p.time/day, sum, p.block())
}

var ofShares = map[string]func(*projector){
	"Fractions.Fractionalised": func(p *projector) {
		p.do(`INSERT INTO vault (address, token, founder, supply, currency, steward, changed) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET token = excluded.token, founder = excluded.founder, supply = excluded.supply, currency = excluded.currency,
			steward = excluded.steward, changed = excluded.changed`,
			p.address("fraction"), p.word("tokenId"), p.address("owner"), p.number("terms.supply"), p.address("terms.currency"),
			p.address("terms.steward"), p.block())
		p.do(`UPDATE asset SET vault = ?, changed = ? WHERE token = ?`, p.address("fraction"), p.block(), p.word("tokenId"))
	},
	"Fraction.Transfer": func(p *projector) {
		p.hold(p.address("from"), -p.number("value"))
		p.hold(p.address("to"), p.number("value"))
	},
	"Fraction.Offered": func(p *projector) {
		p.do(`UPDATE vault SET bidder = ?, price = ?, ends = ?, changed = ? WHERE address = ?`,
			p.address("bidder"), p.word("pricePerFraction"), p.number("endsAt"), p.block(), p.at)
	},
	"Fraction.Delayed": func(p *projector) {
		p.do(`UPDATE vault SET ends = ?, changed = ? WHERE address = ?`, p.number("endsAt"), p.block(), p.at)
	},
	"Fraction.Failed": func(p *projector) {
		p.do(`UPDATE vault SET bidder = NULL, price = NULL, ends = 0, changed = ? WHERE address = ?`, p.block(), p.at)
	},
	"Fraction.Closed": func(p *projector) {
		p.do(`UPDATE vault SET taker = ?, price = ?, bidder = NULL, ends = 0, changed = ? WHERE address = ?`,
			p.address("taker"), p.word("pricePerFraction"), p.block(), p.at)
	},
	"Fraction.StewardChanged": func(p *projector) {
		p.do(`UPDATE vault SET steward = ?, changed = ? WHERE address = ?`, p.address("steward"), p.block(), p.at)
	},
	"Fraction.Collected": func(p *projector) { p.dividend(p.at, "collected", nil, "perFraction") },
	"Fraction.Withdrawn": func(p *projector) { p.dividend(p.at, "withdrawn", p.address("payee"), "amount") },
	"Staking.Opened": func(p *projector) {
		p.do(`INSERT INTO pool (id, company, currency, tokens, unbonding, stream, cap, terms, time, changed)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			p.word("pool"), p.address("company"), p.address("terms.currency"), p.address("terms.tokens"), p.number("terms.unbondingSeconds"),
			p.number("terms.streamSeconds"), p.number("terms.weightCap"), p.word("terms.termsHash"), p.time, p.block())
	},
	"Staking.Staked": func(p *projector) {
		p.do(`INSERT INTO stake (hash, pool, owner, token, weight, state, time, changed) VALUES (?, ?, ?, ?, ?, 1, ?, ?) ON CONFLICT DO NOTHING`,
			p.word("stakeHash"), p.word("pool"), p.address("stake.staker"), p.word("stake.tokenId"), p.bits("stake.weight"), p.time, p.block())
		p.weigh(p.bits("stake.weight"))
	},
	"Staking.Unbonding": func(p *projector) {
		p.weigh(-p.whole(`SELECT weight FROM stake WHERE hash = ?`, p.word("stakeHash")))
		p.do(`UPDATE stake SET state = 2, free = ?, changed = ? WHERE hash = ?`, p.number("freeAt"), p.block(), p.word("stakeHash"))
	},
	"Staking.Unstaked": func(p *projector) {
		p.do(`UPDATE stake SET state = 3, changed = ? WHERE hash = ?`, p.block(), p.word("stakeHash"))
	},
	"Staking.Deposited": func(p *projector) { p.dividend(p.word("pool"), "deposited", p.address("payer"), "amount") },
	"Staking.Claimed":   func(p *projector) { p.dividend(p.word("stakeHash"), "claimed", p.address("to"), "amount") },
	"Staking.Reclaimed": func(p *projector) { p.dividend(p.word("pool"), "reclaimed", p.address("to"), "amount") },
	"Staking.Pledged": func(p *projector) {
		p.do(`UPDATE pool SET bond = ?, pledged = ?, due = ?, changed = ? WHERE id = ?`,
			p.word("bond"), p.word("minimum"), p.number("dueAt"), p.block(), p.word("pool"))
	},
	"Staking.PledgeKept": func(p *projector) { p.unpledged() },
	"Staking.PledgeBroken": func(p *projector) {
		p.unpledged()
		p.dividend(p.word("pool"), "broken", nil, "bond")
	},
}

// weigh adds to the weight of a pool. It may have all 64 bits, which SQLite would not add up: they are
// kept as a signed number of the same bits, and wrap around as that does.
func (p *projector) weigh(more int64) {
	sum := p.whole(`SELECT weight FROM pool WHERE id = ?`, p.word("pool")) + more
	p.do(`UPDATE pool SET weight = ?, changed = ? WHERE id = ?`, sum, p.block(), p.word("pool"))
}

func (p *projector) unpledged() {
	p.do(`UPDATE pool SET bond = NULL, pledged = NULL, due = 0, changed = ? WHERE id = ?`, p.block(), p.word("pool"))
}

func (p *projector) dividend(source []byte, kind string, account any, amount string) {
	p.do(`INSERT INTO dividend VALUES (?, ?, ?, ?, ?, ?)`, p.place, source, kind, account, p.word(amount), p.time)
}

// hold adds to what an account has of a vault. Zero is nobody.
func (p *projector) hold(account []byte, more int64) {
	if allZero(account) || more == 0 {
		return
	}
	p.do(`INSERT INTO holder VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET amount = amount + excluded.amount, changed = excluded.changed`,
		p.at, account, more, p.block())
	p.do(`DELETE FROM holder WHERE vault = ? AND account = ? AND amount = 0`, p.at, account)
}

var ofVotes = map[string]func(*projector){
	"Governor.ProposalCreated": func(p *projector) {
		const most = 4096 // bytes of a description; all of it is in the log
		none := make([]byte, word)
		p.do(`INSERT INTO proposal (id, proposer, starts, ends, description, against, infavour, abstain, state, created, changed)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'proposed', ?, ?) ON CONFLICT DO NOTHING`,
			p.word("proposalId"), p.address("proposer"), p.number("voteStart"), p.number("voteEnd"), p.text("description", most),
			none, none, none, p.place, p.block())
	},
	"Governor.ProposalExtended": func(p *projector) {
		p.do(`UPDATE proposal SET ends = ?, changed = ? WHERE id = ?`, p.number("extendedDeadline"), p.block(), p.word("proposalId"))
	},
	"Governor.ProposalQueued": func(p *projector) {
		p.do(`UPDATE proposal SET state = 'queued', eta = ?, changed = ? WHERE id = ?`, p.number("etaSeconds"), p.block(), p.word("proposalId"))
	},
	"Governor.ProposalExecuted":   func(p *projector) { p.proposed("executed") },
	"Governor.ProposalCanceled":   func(p *projector) { p.proposed("cancelled") },
	"Governor.Vetoed":             func(p *projector) { p.proposed("vetoed") },
	"Governor.VoteCast":           func(p *projector) { p.vote() },
	"Governor.VoteCastWithParams": func(p *projector) { p.vote() },
	"Registry.ParameterSet": func(p *projector) {
		p.do(`INSERT INTO parameter VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value, changed = excluded.changed`,
			p.number("parameter"), p.word("to"), p.block())
	},
	"Registry.Named": func(p *projector) {
		p.do(`INSERT INTO name VALUES (?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET number = excluded.number, target = excluded.target, code = excluded.code, changed = excluded.changed`,
			p.word("name"), p.word("number"), p.address("target"), p.word("codeHash"), p.block())
	},
	"Registry.Listed": func(p *projector) {
		if p.flag("listed") {
			p.do(`INSERT INTO listed VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, p.word("list"), p.word("subject"), p.block())
			return
		}
		p.do(`DELETE FROM listed WHERE list = ? AND subject = ?`, p.word("list"), p.word("subject"))
	},
	"Registry.Published": func(p *projector) {
		p.do(`INSERT INTO template (hash, publisher, time, changed) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			p.word("contentHash"), p.address("publisher"), p.time, p.block())
		p.document("template", "contentHash")
	},
	"Registry.Endorsed": func(p *projector) {
		more := int64(-1)
		if p.flag("uses") {
			more = 1
		}
		p.do(`UPDATE template SET uses = uses + ?, changed = ? WHERE hash = ?`, more, p.block(), p.word("contentHash"))
	},
	"Rewards.Funded": func(p *projector) {
		sum := p.word("amount")
		if row := p.blobs(`SELECT amount FROM fund WHERE week = ? AND currency = ?`, p.number("week"), p.address("currency")); row != nil {
			sum = plus(row[0], sum)
		}
		p.do(`INSERT INTO fund VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET amount = excluded.amount, changed = excluded.changed`,
			p.number("week"), p.address("currency"), sum, p.block())
	},
	"Rewards.Reclaimed": func(p *projector) {
		p.do(`DELETE FROM fund WHERE week = ? AND currency = ?`, p.number("week"), p.address("currency"))
	},
	"Rewards.PostedRoot": func(p *projector) {
		p.do(`INSERT INTO reward VALUES (?, ?, ?, ?, ?, ?, ?, 'posted', ?, ?, ?) ON CONFLICT DO NOTHING`,
			p.word("id"), p.number("week"), p.address("currency"), p.address("poster"), p.word("root"), p.word("total"), p.word("listHash"),
			make([]byte, word), p.time, p.block())
		p.document("reward", "listHash")
	},
	"Rewards.DisputedRoot":   func(p *projector) { p.rewarded("disputed") },
	"Rewards.Expired":        func(p *projector) { p.rewarded("rejected") },
	"Rewards.SettledRoot":    func(p *projector) { p.rewarded("settled") },
	"Rewards.SupersededRoot": func(p *projector) { p.rewarded("superseded") },
	"Rewards.Returned":       func(p *projector) { p.rewarded("closed") },
	"Rewards.Decided": func(p *projector) {
		if !p.flag("right") {
			p.rewarded("rejected")
		}
	},
	"Rewards.Claimed": func(p *projector) {
		if row := p.blobs(`SELECT claimed FROM reward WHERE id = ?`, p.word("id")); row != nil {
			p.do(`UPDATE reward SET claimed = ?, changed = ? WHERE id = ?`, plus(row[0], p.word("amount")), p.block(), p.word("id"))
		}
	},
}

func (p *projector) proposed(state string) {
	p.do(`UPDATE proposal SET state = ?, changed = ? WHERE id = ? AND state <> 'vetoed'`, state, p.block(), p.word("proposalId"))
}

func (p *projector) rewarded(state string) {
	p.do(`UPDATE reward SET state = ?, changed = ? WHERE id = ?`, state, p.block(), p.word("id"))
}

func (p *projector) vote() {
	column := []string{"against", "infavour", "abstain"}
	support := p.number("support")
	if support >= int64(len(column)) {
		return
	}
	p.do(`INSERT INTO vote VALUES (?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET support = excluded.support, weight = excluded.weight, changed = excluded.changed`,
		p.word("proposalId"), p.address("voter"), support, p.word("weight"), p.block())
	if row := p.blobs(`SELECT `+column[support]+` FROM proposal WHERE id = ?`, p.word("proposalId")); row != nil {
		p.do(`UPDATE proposal SET `+column[support]+` = ?, changed = ? WHERE id = ?`,
			plus(row[0], p.word("weight")), p.block(), p.word("proposalId"))
	}
}
