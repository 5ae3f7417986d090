// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Auction, AuctionState, Bid, IAuctions, Lot} from "../src/IAuctions.sol";
import {IExchange, Offer, Purchase, Sale, TradeState} from "../src/IExchange.sol";
import {ILedger} from "../src/ILedger.sol";
import {IPanel, Seat} from "../src/IPanel.sol";
import {IRoyalties} from "../src/IRoyalties.sol";
import {AuctionsFixture} from "./AuctionsFixture.sol";
import {PanelFixture} from "./PanelFixture.sol";

/// @notice Auctions of licences and tokens in two currencies, whose trades are disputed before a panel, and a model of who
/// must have what in each of the three contracts.
/// @dev Each step tries one call, allowed or not; the model says beforehand if it may succeed, and the contract must agree,
/// both ways. The model shares no code with the contracts.
contract AuctionsHandler is AuctionsFixture, PanelFixture {
    struct Item {
        bool ofToken;
        bool ended; // its order, in the Exchange
        Offer offer;
        Sale sale;
        Auction auction;
        bytes32 id;
        bytes32 order;
        AuctionState state;
        address bidder;
        uint256 amount;
        uint256 endsAt;
    }

    struct Trade {
        uint256 item;
        Purchase purchase;
        bytes32 id;
        TradeState state;
        uint256 since; // the fill, then the delivery, then the dispute
        uint256 disputedAt;
        uint256 able;
        uint256 yes;
        uint256 no;
        bool closed;
    }

    struct Person {
        uint256 bond;
        uint256 freeAt;
        uint256 open;
    }

    uint256 private constant MOST = 24;

    Item[] private items;
    Trade[] private trades;
    Person[3] private people; // of the panel
    address[9] private actors; // everybody who can be owed money
    address[2] private currencies;
    mapping(address where => mapping(address currency => mapping(address actor => uint256 amount))) private modelOwed;
    mapping(address where => mapping(address currency => uint256 amount)) private held; // escrow, bids, bonds and fees
    mapping(address currency => uint256 amount) private paidIn;
    mapping(address currency => uint256 amount) private paidOut;
    uint256 private nowAt = START;
    uint256 private salts;
    uint256 private asset;
    address private owner; // of the asset
    address private till; // its royalty receiver
    mapping(string step => uint256 count) public done;

    constructor() {
        setUp();
        openExchange();
        openAuctions();
        asset = enterUsual();
        openPanel(address(0));
        for (uint256 i = 0; i < 3; ++i) {
            people[i].bond = WHOLE_BOND;
        }
        paidIn[address(0)] = held[address(panel)][address(0)] = 3 * WHOLE_BOND;
        owner = patient;
        approveAll(patient);
        till = IRoyalties(assets.royalties()).receiverOf(asset);
        currencies = [address(0), address(coin)];
        actors = [patient, doctor, other, buyer, relayer, member(0), member(1), member(2), till];
        for (uint256 i = 2; i < 8; ++i) {
            fund(actors[i]);
        }
        for (uint256 i = 0; i < 4; ++i) {
            _open(uint256(keccak256(abi.encode(i))) | 7);
        }
    }

    // Auctions.

    function open(uint256 seed) external {
        if (items.length < MOST) _open(seed);
    }

    function bid(uint256 seed) external {
        Item storage it = items[seed % items.length];
        address who = [other, buyer, relayer][(seed >> 16) % 3];
        (uint256 amount, bool low) = _amount(it, seed >> 24);
        bool allowed = it.state == AuctionState.Open && nowAt >= it.auction.startsAt && nowAt <= it.endsAt && !low;
        Bid memory b = bidOf(who, amount);
        address currency = it.auction.currency;
        // Another pays, with the bidder's signature, which `other` alone can give.
        address payer = (seed >> 40) % 4 == 0 ? relayer : who;
        bool forged = (seed >> 48) % 2 == 0;
        allowed = allowed && (payer == who || (who == other && !forged));
        bytes memory signed = signature(forged ? PATIENT_KEY : OTHER_KEY, bidHash(it.id, b));
        bytes memory data = abi.encodeCall(IAuctions.bid, (it.auction, b, signed));
        bool ok = _call(payer, address(auctions), currency == address(0) ? amount : 0, data);
        _agree(ok, allowed, "bid");
        if (ok) _raised(it, who, amount);
    }

    /// @dev What is bid, and whether it is too little.
    function _amount(Item storage it, uint256 seed) private view returns (uint256, bool) {
        uint256 least = it.auction.reserve;
        if (it.bidder != address(0)) {
            uint256 more = it.amount * it.auction.stepBps;
            more = more / 10_000 + (more % 10_000 == 0 ? 0 : 1);
            least = it.amount + (more == 0 ? 1 : more);
        }
        if ((seed >> 8) % 8 == 0 && least != 0) return (least - 1, true);
        return (least + [uint256(0), 1, 12_345][seed % 3], false);
    }

    function _raised(Item storage it, address who, uint256 amount) private {
        address currency = it.auction.currency;
        paidIn[currency] += amount;
        held[address(auctions)][currency] += amount;
        if (it.bidder != address(0)) _owed(address(auctions), currency, it.bidder, it.amount);
        (it.bidder, it.amount) = (who, amount);
        uint256 later = nowAt + it.auction.extension;
        if (later > it.auction.endsAt + 1 days) later = it.auction.endsAt + 1 days;
        if (later > it.endsAt) it.endsAt = later;
    }

    function settle(uint256 seed) external {
        uint256 at_ = _due(seed);
        Item storage it = items[at_];
        bool inTime = nowAt > it.endsAt && nowAt <= it.endsAt + 8 days;
        bool allowed =
            it.state == AuctionState.Open && it.bidder != address(0) && inTime && !it.ended && owner == patient;
        bool ok = _call(relayer, address(auctions), 0, _settleData(it));
        _agree(ok, allowed, it.ofToken ? "settleSale" : "settle");
        if (!ok) return;
        it.state = AuctionState.Settled;
        address currency = it.auction.currency;
        held[address(auctions)][currency] -= it.amount;
        held[address(exchange)][currency] += it.amount;
        if (!it.ofToken) return _addTrade(at_, it.bidder, it.amount);
        _owed(address(exchange), currency, till, it.amount);
        eq(assets.ownerOf(asset), it.bidder, "owner");
        vm.prank(it.bidder);
        assets.transferFrom(it.bidder, patient, asset);
    }

    /// @dev Mostly an auction that waits to be settled, if there is one.
    function _due(uint256 seed) private view returns (uint256 at_) {
        uint256 n = items.length;
        for (uint256 i = 0; i < n && (seed >> 64) % 4 != 0; ++i) {
            at_ = (seed % n + i) % n;
            Item storage it = items[at_];
            if (it.state == AuctionState.Open && it.bidder != address(0) && nowAt > it.endsAt) return at_;
        }
        return seed % n;
    }

    function _settleData(Item memory it) private view returns (bytes memory) {
        bytes memory signed = signature(PATIENT_KEY, it.order);
        if (it.ofToken) return abi.encodeCall(IAuctions.settleSale, (it.auction, it.sale, signed, usualOrigin()));
        (uint256 x, uint256 y) = buyerKey();
        return abi.encodeCall(IAuctions.settle, (it.auction, it.offer, signed, x, y, HPKE_HASH));
    }

    function refund(uint256 seed) external {
        Item storage it = items[seed % items.length];
        bool allowed = it.state == AuctionState.Open && it.bidder != address(0) && nowAt > it.endsAt + 8 days;
        bool ok = _call(relayer, address(auctions), 0, abi.encodeCall(IAuctions.refund, (it.auction)));
        _agree(ok, allowed, "refund");
        if (!ok) return;
        it.state = AuctionState.Refunded;
        _owed(address(auctions), it.auction.currency, it.bidder, it.amount);
    }

    function cancel(uint256 seed) external {
        Item storage it = items[seed % items.length];
        bool forged = (seed >> 16) % 4 != 0;
        bytes memory signed = signature(forged ? OTHER_KEY : PATIENT_KEY, cancelAuctionHash(it.id));
        bool allowed = !forged && it.bidder == address(0) && it.state != AuctionState.Cancelled;
        bool ok = _call(relayer, address(auctions), 0, abi.encodeCall(IAuctions.cancel, (it.auction, signed)));
        _agree(ok, allowed, "cancel");
        if (ok) it.state = AuctionState.Cancelled;
    }

    /// The seller reneges: by its order, or by its token.
    function renege(uint256 seed) external {
        if (seed % 4 == 0 || owner != patient) {
            address to = owner == patient ? doctor : patient;
            vm.prank(owner);
            assets.transferFrom(owner, to, asset);
            owner = to;
            return;
        }
        Item storage it = items[(seed >> 8) % items.length];
        bytes memory signed = signature(PATIENT_KEY, cancelHash(it.order));
        bool ok = _call(relayer, address(exchange), 0, abi.encodeCall(IExchange.cancel, (patient, it.order, signed)));
        _agree(ok, !it.ended, "renege");
        it.ended = true;
    }

    // Trades.

    function deliver(uint256 seed) external {
        if (trades.length == 0) return;
        Trade storage t = _trade(seed, TradeState.Filled);
        bool allowed = t.state == TradeState.Filled && nowAt <= t.since + 1 days;
        bytes32 id = t.id;
        bytes memory signed = signature(PATIENT_KEY, deliveryDigestHere(deliveryOf(id, CEK)));
        bool ok = _call(relayer, address(exchange), 0, abi.encodeCall(IExchange.deliver, (deliveryOf(id, CEK), signed)));
        _agree(ok, allowed, "deliver");
        if (ok) (t.state, t.since) = (TradeState.Delivered, nowAt);
    }

    function release(uint256 seed) external {
        if (trades.length == 0) return;
        Trade storage t = _trade(seed, TradeState.Delivered);
        address who = (seed >> 24) % 2 == 0 ? t.purchase.buyer : _actor(seed >> 16);
        bool allowed = t.state == TradeState.Delivered && (who == t.purchase.buyer || nowAt > t.since + 1 days);
        Offer memory o = items[t.item].offer;
        bytes memory data = abi.encodeCall(IExchange.release, (o, t.purchase, CONTENT, usualSplit()));
        bool ok = _call(who, address(exchange), 0, data);
        _agree(ok, allowed, "release");
        if (ok) _end(t, TradeState.Released, 0);
    }

    function undelivered(uint256 seed) external {
        if (trades.length == 0) return;
        Trade storage t = _trade(seed, TradeState.Filled);
        bool allowed = t.state == TradeState.Filled && nowAt > t.since + 1 days;
        bytes memory data = abi.encodeCall(IExchange.refund, (items[t.item].offer, t.purchase));
        bool ok = _call(relayer, address(exchange), 0, data);
        _agree(ok, allowed, "undelivered");
        if (ok) _end(t, TradeState.Refunded, t.purchase.price);
    }

    function dispute(uint256 seed) external {
        if (trades.length == 0) return;
        Trade storage t = _trade(seed, TradeState.Delivered);
        address who = (seed >> 16) % 8 == 0 ? _actor(seed >> 24) : t.purchase.buyer;
        uint256 sent = (seed >> 40) % 8 == 0 ? CASE_FEE - 1 : CASE_FEE;
        (uint256 able, uint256 n) = _able();
        bool allowed = t.state == TradeState.Delivered && nowAt <= t.since + 1 days && who == t.purchase.buyer
            && sent == CASE_FEE && n >= 2;
        bytes memory data = abi.encodeCall(IExchange.dispute, (items[t.item].offer, t.purchase, EVIDENCE, ""));
        bool ok = _call(who, address(exchange), sent, data);
        _agree(ok, allowed, "dispute");
        if (ok) _disputed(t, able);
    }

    function _disputed(Trade storage t, uint256 able) private {
        (t.state, t.since, t.able) = (TradeState.Disputed, nowAt, able);
        t.disputedAt = nowAt;
        for (uint256 i = 0; i < 3; ++i) {
            if (able >> i & 1 == 1) ++people[i].open;
        }
        paidIn[address(0)] += CASE_FEE;
        held[address(panel)][address(0)] += CASE_FEE;
    }

    // The panel.

    function vote(uint256 seed) external {
        if (trades.length == 0) return;
        Trade storage t = _trade(seed, TradeState.Disputed);
        uint256 i = (seed >> 16) % 3;
        bool forBuyer = (seed >> 24) % 2 == 0;
        bool forged = (seed >> 32) % 8 == 0;
        bool may = t.able >> i & 1 == 1 && (t.yes | t.no) >> i & 1 == 0;
        bool allowed = t.disputedAt != 0 && nowAt <= t.disputedAt + 12 days && may && !forged;
        bytes memory signed = signature(forged ? OTHER_KEY : memberKey(i), voteHash(t.id, forBuyer));
        bytes memory data = abi.encodeCall(IPanel.vote, (t.id, member(i), forBuyer, signed));
        bool ok = _call(relayer, address(panel), 0, data);
        _agree(ok, allowed, "vote");
        if (!ok) return;
        if (forBuyer) t.yes |= 1 << i;
        else t.no |= 1 << i;
    }

    function carry(uint256 seed) external {
        if (trades.length == 0) return;
        Trade storage t = _trade(seed, TradeState.Disputed);
        bool decided = _two(t.yes) || _two(t.no);
        bool allowed = t.state == TradeState.Disputed && decided && nowAt <= t.disputedAt + 14 days;
        Offer memory o = items[t.item].offer;
        bytes memory data = abi.encodeCall(IPanel.carry, (o, t.purchase, CONTENT, usualSplit()));
        bool ok = _call(relayer, address(panel), 0, data);
        _agree(ok, allowed, "carry");
        if (!ok) return;
        if (_two(t.yes)) _end(t, TradeState.Refunded, t.purchase.price);
        else _end(t, TradeState.Released, 0);
    }

    function halve(uint256 seed) external {
        if (trades.length == 0) return;
        Trade storage t = _trade(seed, TradeState.Disputed);
        bool allowed = t.state == TradeState.Disputed && nowAt > t.disputedAt + 14 days;
        Offer memory o = items[t.item].offer;
        bytes memory data = abi.encodeCall(IExchange.halve, (o, t.purchase, CONTENT, usualSplit()));
        bool ok = _call(relayer, address(exchange), 0, data);
        _agree(ok, allowed, "halve");
        if (ok) _end(t, TradeState.Halved, t.purchase.price - t.purchase.price / 2);
    }

    function close(uint256 seed) external {
        if (trades.length == 0) return;
        Trade storage t = trades[seed % trades.length];
        bool allowed = t.disputedAt != 0 && !t.closed && nowAt > t.disputedAt + 12 days;
        bool ok = _call(relayer, address(panel), 0, abi.encodeCall(IPanel.close, (t.id)));
        _agree(ok, allowed, "close");
        if (!ok) return;
        t.closed = true;
        uint256 part = _two(t.able) && t.able != 7 ? CASE_FEE / 2 : CASE_FEE / 3;
        (uint256 left, uint256 fines) = (CASE_FEE, 0);
        for (uint256 i = 0; i < 3; ++i) {
            if (t.able >> i & 1 == 0) continue;
            --people[i].open;
            if ((t.yes | t.no) >> i & 1 == 1) {
                left -= part;
                _owed(address(panel), address(0), member(i), part);
                continue;
            }
            uint256 fine = people[i].bond < PENALTY ? people[i].bond : PENALTY;
            people[i].bond -= fine;
            fines += fine;
        }
        _owed(address(panel), address(0), t.purchase.buyer, left);
        // Two or three voted with the verdict; nobody, if there is none.
        uint256 winners = _two(t.yes) ? t.yes : _two(t.no) ? t.no : 0;
        for (uint256 i = 0; i < 3; ++i) {
            if (winners >> i & 1 == 0) continue;
            uint256 each = fines / (winners == 7 ? 3 : 2);
            _owed(address(panel), address(0), member(i), each);
        }
    }

    function bond(uint256 seed) external {
        uint256 i = seed % 3;
        uint256 missing = WHOLE_BOND - people[i].bond;
        bool ok = _call(member(i), address(panel), missing, abi.encodeCall(IPanel.bond, (member(i), "")));
        _agree(ok, people[i].freeAt == 0 && missing != 0, "bond");
        if (!ok) return;
        people[i].bond = WHOLE_BOND;
        paidIn[address(0)] += missing;
        held[address(panel)][address(0)] += missing;
    }

    function resign(uint256 seed) external {
        uint256 i = seed % 3;
        bool forged = (seed >> 8) % 4 != 0; // or there would be no panel
        address who = forged ? other : member(i);
        bool ok = _call(who, address(panel), 0, abi.encodeCall(IPanel.resign, (member(i), "")));
        _agree(ok, people[i].freeAt == 0 && !forged, "resign");
        if (ok) people[i].freeAt = nowAt + 30 days;
    }

    function free(uint256 seed) external {
        uint256 i = seed % 3;
        bool allowed = people[i].freeAt != 0 && nowAt > people[i].freeAt && people[i].open == 0;
        bool ok = _call(relayer, address(panel), 0, abi.encodeCall(IPanel.free, (member(i))));
        _agree(ok, allowed, "free");
        if (!ok) return;
        _owed(address(panel), address(0), member(i), people[i].bond);
        (people[i].bond, people[i].freeAt) = (0, 0);
    }

    // All.

    function withdraw(uint256 seed) external {
        address where = [address(exchange), address(auctions), address(panel)][seed % 3];
        address currency = currencies[(seed >> 8) % 2];
        address payee = actors[(seed >> 16) % 9];
        uint256 due = modelOwed[where][currency][payee];
        bool ok = _call(relayer, where, 0, abi.encodeCall(ILedger.withdraw, (currency, payee)));
        _agree(ok, due != 0, "withdraw");
        paidOut[currency] += due;
        modelOwed[where][currency][payee] = 0;
    }

    /// Silence: time passes.
    function wait_(uint256 seed) external {
        uint256 most = [20 minutes, 3 hours, 30 hours][seed % 3];
        nowAt += (seed >> 8) % ((seed >> 64) % 8 == 0 ? 20 days : most);
        vm.warp(nowAt);
        ++done["wait"];
    }

    // What is compared.

    function checkMoney() external view {
        address[3] memory places = [address(exchange), address(auctions), address(panel)];
        for (uint256 c = 0; c < 2; ++c) {
            uint256 sum = 0;
            for (uint256 p = 0; p < 3; ++p) {
                sum += _checkPlace(places[p], currencies[c]);
            }
            eq(paidIn[currencies[c]], paidOut[currencies[c]] + sum, "paid in = paid out + what is here");
        }
    }

    function _checkPlace(address where, address currency) private view returns (uint256 balance) {
        balance = currency == address(0) ? where.balance : coin.balanceOf(where);
        uint256 promised = held[where][currency];
        for (uint256 i = 0; i < 9; ++i) {
            uint256 owed = ILedger(where).owed(currency, actors[i]);
            eq(owed, modelOwed[where][currency][actors[i]], "owed");
            promised += owed;
        }
        eq(balance, promised, "balance = owed + held");
    }

    function checkStates() external view {
        for (uint256 i = 0; i < items.length; ++i) {
            Item memory it = items[i];
            Lot memory l = auctions.lot(it.id);
            eq(uint256(l.state), uint256(it.state), "auction");
            eq(l.bidder, it.bidder, "bidder");
            eq(l.amount, it.amount, "amount");
            eq(l.endsAt, it.endsAt, "ends");
            isTrue(it.endsAt <= it.auction.endsAt + 1 days, "put off by a day at most");
        }
        for (uint256 i = 0; i < trades.length; ++i) {
            Trade memory t = trades[i];
            eq(uint256(exchange.trade(t.id).state), uint256(t.state), "trade");
            (bool minted,) = address(licences).staticcall(abi.encodeCall(licences.ownerOf, (uint256(t.id))));
            isTrue(minted == (t.state == TradeState.Released), "a licence if it was paid for whole");
        }
        for (uint256 i = 0; i < 3; ++i) {
            Seat memory s = panel.seat(member(i));
            eq(s.bond, people[i].bond, "bond");
            eq(s.freeAt, people[i].freeAt, "free at");
            eq(s.open, people[i].open, "open cases");
        }
    }

    // Parts.

    function _open(uint256 seed) private {
        Item storage it = items.push();
        it.ofToken = seed % 3 == 0 && owner == patient;
        address currency = currencies[(seed >> 8) % 2];
        uint256 reserve = [uint256(0), 1, 10_001, 1 ether + 7][(seed >> 16) % 4];
        uint64 until = uint64(nowAt + 12 days);
        if (it.ofToken) {
            Sale memory s = auctionSale(++salts);
            (s.currency, s.price, s.floor, s.endsAt) = (currency, reserve, reserve, until);
            (it.sale, it.auction) = (s, auctionOf(s));
        } else {
            Offer memory o = auctionOffer(++salts);
            (o.currency, o.price, o.floor, o.endsAt) = (currency, reserve, reserve, until);
            (o.panel, o.deliverWithin, o.disputeWithin) = (address(panel), 1 days, 1 days);
            (it.offer, it.auction) = (o, auctionOf(o));
        }
        it.auction.startsAt = uint64(nowAt + (seed >> 24) % 10 minutes);
        it.auction.endsAt = uint64(nowAt + 1 days);
        it.endsAt = it.auction.endsAt;
        it.order = it.auction.orderHash;
        Auction memory a = it.auction;
        it.id = idOf(a);
        it.state = AuctionState.Open;
        if (it.ofToken) openFor(a, it.sale);
        else openFor(a, it.offer);
        ++done["open"];
    }

    function _addTrade(uint256 item, address who, uint256 price) private {
        Trade storage t = trades.push();
        Purchase memory p = purchaseOf(items[item].offer, who);
        p.price = price;
        (t.item, t.id, t.state, t.since) = (item, tradeOf(items[item].offer, p), TradeState.Filled, nowAt);
        t.purchase = p;
    }

    /// @dev Mostly a trade in this state, if there is one.
    function _trade(uint256 seed, TradeState state) private view returns (Trade storage) {
        uint256 n = trades.length;
        for (uint256 i = 0; i < n && (seed >> 64) % 4 != 0; ++i) {
            if (trades[(seed % n + i) % n].state == state) return trades[(seed % n + i) % n];
        }
        return trades[seed % n];
    }

    /// @dev A trade ends: so much goes back to the buyer, the rest to the payees.
    function _end(Trade storage t, TradeState state, uint256 back) private {
        t.state = state;
        address currency = items[t.item].offer.currency;
        uint256 rest = t.purchase.price - back;
        _owed(address(exchange), currency, t.purchase.buyer, back);
        _owed(address(exchange), currency, doctor, rest * 2999 / 10_000);
        _owed(address(exchange), currency, patient, rest - rest * 2999 / 10_000);
    }

    function _owed(address where, address currency, address payee, uint256 amount) private {
        held[where][currency] -= amount;
        modelOwed[where][currency][payee] += amount;
    }

    /// @dev Which members a new case has, and how many.
    function _able() private view returns (uint256 set, uint256 n) {
        for (uint256 i = 0; i < 3; ++i) {
            if (people[i].bond < PENALTY || (people[i].freeAt != 0 && nowAt > people[i].freeAt)) continue;
            set |= 1 << i;
            ++n;
        }
    }

    /// @dev Whether two or three of three are in a set.
    function _two(uint256 set) private pure returns (bool) {
        return set == 3 || set == 5 || set == 6 || set == 7;
    }

    function _agree(bool ok, bool allowed, string memory what) private {
        if (ok != allowed) revert NotTrue(string.concat(what, ok ? ": done, but not allowed" : ": refused, but allowed"));
        ++done[string.concat(what, ok ? "" : " refused")];
    }

    function _call(address who, address to, uint256 valueWei, bytes memory data) private returns (bool ok) {
        vm.prank(who);
        (ok,) = to.call{value: valueWei}(data);
    }

    /// @dev Anybody but the royalty receiver.
    function _actor(uint256 seed) private view returns (address) {
        return actors[seed % 8];
    }
}
