// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Curve} from "../src/Curve.sol";
import {Share} from "../src/IAssets.sol";
import {Delivery, Entry, IExchange, Offer, Origin, Purchase, Sale, TradeState} from "../src/IExchange.sol";
import {ILedger} from "../src/ILedger.sol";
import {IRoyalties} from "../src/IRoyalties.sol";
import {ExchangeFixture} from "./ExchangeFixture.sol";
import {Receiver} from "./hostile/Receiver.sol";

/// @notice A market of random people over licences, tokens and two currencies, and a model of who must have what.
/// @dev As Market: each step tries one call, allowed or not; the model says beforehand if it may succeed, and the contract
/// must agree, both ways. The model shares no code with the contract.
contract ExchangeHandler is ExchangeFixture {
    struct Item {
        Offer offer;
        bytes32 hash;
        bool cancelled;
        uint256 fills;
    }

    struct Shelf {
        Sale sale;
        bytes32 hash;
        bool cancelled;
        bool sold;
    }

    struct Trade {
        uint256 item;
        Purchase purchase;
        bytes32 id;
        TradeState state;
        uint256 filledAt;
        uint256 deliveredAt;
        bool rightKey;
        bool revoked;
        Delivery delivery;
        uint256 credited; // how much was ever owed for it
        uint256 credits; // how often it was settled
        address holder; // of its licence
    }

    uint256 internal constant MOST = 16; // sales; twice as many offers

    Item[] internal items;
    Shelf[] internal shelves;
    Trade[] internal trades;
    address[] private actors; // everybody who can be owed money
    address[2] private currencies;
    mapping(address currency => mapping(address actor => uint256 amount)) private modelOwed;
    mapping(address currency => uint256 amount) private paidIn;
    mapping(address currency => uint256 amount) private paidOut;
    mapping(address currency => uint256 amount) private inEscrow;
    mapping(address seller => uint256 salt) private lowest;
    mapping(bytes32 id => bool taken) private taken;
    uint256 public nowAt = START;
    mapping(string step => uint256 count) public done;

    uint256 private constant LAZY = 64; // tokens that are minted by their sale, if they are

    mapping(uint256 tokenId => address owner) private lazyOwners;
    uint256 private asset;
    address private owner; // of the asset
    address private till; // its royalty receiver
    uint256 private pausedUntil;
    uint256 private salts;
    Receiver private thief;
    Receiver private stubborn;

    constructor() {
        setUp();
        openExchange();
        (thief, stubborn) = (new Receiver(), new Receiver());
        asset = enterUsual();
        owner = patient;
        till = IRoyalties(assets.royalties()).receiverOf(asset);
        currencies = [address(0), address(coin)];
        actors = [patient, doctor, other, buyer, address(thief), address(stubborn), relayer, till];
        for (uint256 i = 0; i < 7; ++i) {
            vm.deal(actors[i], 1e30);
            stock(coin, actors[i]);
            approveAll(actors[i]);
        }
        for (uint256 i = 0; i < 6; ++i) {
            _addOffer(uint256(keccak256(abi.encode(i))));
            shelves.push();
            _putSale(i, uint256(keccak256(abi.encode(i, i))));
        }
    }

    // Steps.

    function offer(uint256 seed) external {
        if (items.length < 2 * MOST) _addOffer(seed);
    }

    function sale(uint256 seed) external {
        if (shelves.length < MOST) shelves.push();
        _putSale(seed % shelves.length, seed);
    }

    function transfer(uint256 seed) external {
        address to = _seller(seed);
        vm.prank(owner);
        assets.transferFrom(owner, to, asset);
        owner = to;
        ++done["transfer"];
    }

    function pause(uint256 seed) external {
        pausedUntil = seed % 4 == 0 ? nowAt + seed % 30 minutes : 0;
        brake.pull(uint64(pausedUntil));
        ++done["pause"];
    }

    function fill(uint256 seed) external {
        Item storage it = items[seed % items.length];
        Offer memory o = it.offer;
        Purchase memory p = purchaseOf(o, _actor(seed >> 16));
        p.price = _priceOf(o.price, o.floor, o.startsAt, o.endsAt);
        address payer = (seed >> 56) % 2 == 0 ? p.buyer : _actor(seed >> 24);
        (uint256 valueWei, bool enough) = _value(seed >> 32, o.currency, p.price);
        bytes32 id = tradeOf(o, p);
        bool forged = (seed >> 48) % 8 == 0;
        bool allowed = enough && !taken[id] && o.seller == owner && (o.copies == 0 || it.fills < o.copies)
            && _open(it.cancelled, o.seller, o.salt, o.endsAt) && _mayFill(o, p.buyer, payer, forged);
        bool ok = _call(payer, valueWei, _fillData(it, p, forged));
        _agree(ok, allowed, "fill");
        if (ok && payer != p.buyer) ++done["fill for another"];
        if (!ok) return;
        ++it.fills;
        _paidIn(payer, o.currency, valueWei, p.price);
        _addTrade(seed % items.length, p, id);
    }

    function buy(uint256 seed) external {
        Shelf storage it = shelves[seed % shelves.length];
        Sale memory s = it.sale;
        address to = _actor(seed >> 16);
        address payer = _actor(seed >> 24);
        uint256 price = _priceOf(s.price, s.floor, s.startsAt, s.endsAt);
        (uint256 valueWei, bool enough) = _value(seed >> 32, s.currency, price);
        bool isAsset = s.collection == address(assets);
        bool allowed = enough && !it.sold && _open(it.cancelled, s.seller, s.salt, s.endsAt) && _signs(s.seller);
        if (isAsset) allowed = allowed && owner == s.seller;
        else allowed = allowed && _sellable(s.tokenId, s.seller);
        bytes memory signed = signature(_keyOf(s.seller), it.hash);
        bool ok = _call(payer, valueWei, abi.encodeCall(IExchange.buy, (s, signed, to, usualOrigin())));
        _agree(ok, allowed, isAsset ? "buy" : "resell");
        if (!ok) return;
        it.sold = true;
        if (isAsset) owner = to;
        else _tradeOf(s.tokenId).holder = to;
        uint256 shared = isAsset && s.seller == patient ? price : price / 10;
        modelOwed[s.currency][till] += shared;
        modelOwed[s.currency][s.seller] += price - shared;
        _paidIn(payer, s.currency, valueWei, price);
    }

    /// A token comes to be by its sale: one that is not there, or one that was sold so before.
    function enterAndBuy(uint256 seed) external {
        Entry memory e = entryOf(_lazy(seed % LAZY));
        Sale memory s = usualSale();
        (s.tokenId, s.currency) = (tokenOf(e.contentCommitment, e.split), currencies[(seed >> 12) % 2]);
        s.price = s.floor = [uint256(0), 1, 9, 10_001, 1 ether + 7, 123_456_789_012_345_678_901][(seed >> 8) % 6];
        (s.endsAt, s.salt) = (uint64(nowAt), ++salts);
        address payer = _actor(seed >> 24);
        if ((seed >> 20) % 8 == 0) s.taker = _actor(seed >> 48);
        bool forged = (seed >> 16) % 8 == 0;
        e.signatures[0] = signature(forged ? 0xBAD : PATIENT_KEY, voucherHash(e, s));
        (uint256 valueWei, bool enough) = _value(seed >> 32, s.currency, s.price);
        bool calledOff = (seed >> 56) % 8 == 0;
        if (calledOff) exchange.cancel(patient, hashOf(s), signature(PATIENT_KEY, cancelHash(hashOf(s))));
        bool allowed = enough && !forged && lazyOwners[s.tokenId] == address(0)
            && _open(calledOff, patient, s.salt, s.endsAt) && (s.taker == address(0) || s.taker == payer);
        address to = _actor(seed >> 40);
        bool ok = _call(payer, valueWei, abi.encodeCall(IExchange.enterAndBuy, (e, s, to)));
        _agree(ok, allowed, "enterAndBuy");
        if (!ok) return;
        lazyOwners[s.tokenId] = to;
        uint256 doctors = s.price * 2999 / 10_000;
        modelOwed[s.currency][doctor] += doctors;
        modelOwed[s.currency][patient] += s.price - doctors;
        _paidIn(payer, s.currency, valueWei, s.price);
    }

    function deliver(uint256 seed) external {
        if (trades.length == 0) return;
        Trade storage t = _trade(seed, TradeState.Filled);
        bool right = (seed >> 16) % 2 == 0;
        Delivery memory d = boxFor(t.id, right ? CEK : ~CEK, (seed >> 24) % (Curve.ORDER - 1) + 1);
        bool forged = (seed >> 20) % 8 == 0;
        Offer memory o = items[t.item].offer;
        uint256 key = forged ? 0xBAD : _keyOf(o.seller);
        bool allowed = t.state == TradeState.Filled && nowAt <= t.filledAt + o.deliverWithin && !forged;
        bool ok = _call(relayer, 0, abi.encodeCall(IExchange.deliver, (d, signature(key, deliveryDigestHere(d)))));
        _agree(ok, allowed, "deliver");
        if (!ok) return;
        (t.state, t.deliveredAt, t.rightKey) = (TradeState.Delivered, nowAt, right);
        t.delivery = d;
    }

    function release(uint256 seed) external {
        if (trades.length == 0) return;
        Trade storage t = trades[seed % trades.length];
        Offer memory o = items[t.item].offer;
        address who = _actor(seed >> 16);
        bool late = nowAt > t.deliveredAt + o.disputeWithin;
        bool wrongSplit = (seed >> 32) % 8 == 0;
        bool allowed = t.state == TradeState.Delivered && (who == t.purchase.buyer || late) && !wrongSplit;
        Share[] memory split = wrongSplit ? splitOf(patient, 9999, doctor, 1) : usualSplit();
        bool ok = _call(who, 0, abi.encodeCall(IExchange.release, (o, t.purchase, CONTENT, split)));
        _agree(ok, allowed, "release");
        if (!ok) return;
        t.state = TradeState.Released;
        t.holder = t.purchase.buyer;
        inEscrow[o.currency] -= t.purchase.price;
        uint256 price = t.purchase.price;
        uint256 shared = o.seller == patient ? price : price / 10;
        _owed(t, o.currency, o.seller, price - shared);
        _owed(t, o.currency, doctor, shared * 2999 / 10_000);
        _owed(t, o.currency, patient, shared - shared * 2999 / 10_000);
        ++t.credits;
    }

    function refund(uint256 seed) external {
        if (trades.length == 0) return;
        Trade storage t = trades[seed % trades.length];
        Offer memory o = items[t.item].offer;
        bool allowed = t.state == TradeState.Filled && nowAt > t.filledAt + o.deliverWithin;
        bool ok = _call(_actor(seed >> 16), 0, abi.encodeCall(IExchange.refund, (o, t.purchase)));
        _agree(ok, allowed, "refund");
        if (ok) _refunded(t);
    }

    function proveWrongKey(uint256 seed) external {
        if (trades.length == 0) return;
        Trade storage t = _trade(seed, TradeState.Delivered);
        Offer memory o = items[t.item].offer;
        address who = (seed >> 16) % 4 == 0 ? _actor(seed >> 24) : t.purchase.buyer;
        bool inTime = nowAt <= t.deliveredAt + o.disputeWithin;
        bool allowed = t.state == TradeState.Delivered && who == t.purchase.buyer && inTime && !t.rightKey;
        bytes memory data =
            abi.encodeCall(IExchange.proveWrongKey, (o, t.purchase, t.delivery, CID, BUYER_SECRET));
        bool ok = _call(who, 0, data);
        _agree(ok, allowed, "proveWrongKey");
        if (ok) _refunded(t);
    }

    function revoke(uint256 seed) external {
        if (trades.length == 0) return;
        Trade storage t = trades[seed % trades.length];
        Offer memory o = items[t.item].offer;
        // Rare, or there would be nothing to deliver and nothing to resell.
        bool forged = (seed >> 16) % 4 != 0;
        bytes memory signed = signature(forged ? 0xBAD : _keyOf(o.seller), revokeHash(t.id));
        bool ok = _call(relayer, 0, abi.encodeCall(IExchange.revoke, (o, t.purchase, signed)));
        _agree(ok, !t.revoked && !forged, "revoke");
        if (!ok) return;
        t.revoked = true;
        if (t.state == TradeState.Filled) _refunded(t);
    }

    function cancel(uint256 seed) external {
        // Rare, or there would be nothing left to trade.
        bool forged = (seed >> 16) % 8 != 0;
        bool ofOffer = (seed >> 8) % 2 == 0;
        Item storage it = items[seed % items.length];
        Shelf storage shelf = shelves[seed % shelves.length];
        address seller = ofOffer ? it.offer.seller : shelf.sale.seller;
        bytes32 hash = ofOffer ? it.hash : shelf.hash;
        bool cancelled = ofOffer ? it.cancelled : shelf.cancelled;
        bool signs = forged ? _isContract(seller) : _signs(seller);
        bytes memory signed = signature(forged ? 0xBAD : _keyOf(seller), cancelHash(hash));
        bool ok = _call(relayer, 0, abi.encodeCall(IExchange.cancel, (seller, hash, signed)));
        _agree(ok, !cancelled && signs, "cancel");
        if (!ok) return;
        if (ofOffer) it.cancelled = true;
        else shelf.cancelled = true;
    }

    function cancelBelow(uint256 seed) external {
        address seller = _seller(seed);
        bool forged = (seed >> 16) % 8 != 0;
        uint256 salt = lowest[seller] + (seed >> 24) % 4;
        bytes memory signed = signature(forged ? 0xBAD : _keyOf(seller), cancelBelowHash(salt));
        bool ok = _call(relayer, 0, abi.encodeCall(IExchange.cancelBelow, (seller, salt, signed)));
        _agree(ok, !forged && salt > lowest[seller], "cancelBelow");
        if (ok) lowest[seller] = salt;
    }

    /// A licence is given away.
    function pass(uint256 seed) external {
        if (trades.length == 0) return;
        Trade storage t = trades[seed % trades.length];
        address who = (seed >> 16) % 4 == 0 || t.holder == address(0) ? _actor(seed >> 24) : t.holder;
        address to = _actor(seed >> 32);
        bool allowed = t.holder == who && items[t.item].offer.transferable;
        vm.prank(who);
        (bool ok,) = address(licences).call(abi.encodeCall(licences.transferFrom, (who, to, uint256(t.id))));
        _agree(ok, allowed, "pass");
        if (ok) t.holder = to;
    }

    function withdraw(uint256 seed) external {
        address currency = currencies[(seed >> 40) % 2];
        address payee = _actor(seed);
        if (payee == address(stubborn)) stubborn.refuse((seed >> 16) % 2 == 0);
        // The thief calls back for more.
        bytes memory more = abi.encodeCall(ILedger.withdraw, (currency, payee));
        if ((seed >> 32) % 2 == 0) more = abi.encodeCall(ILedger.withdrawTo, (currency, payee));
        if (payee == address(thief)) thief.reenter(address(exchange), more);
        bool refuses = payee == address(stubborn) && stubborn.refuses() && currency == address(0);
        bool allowed = modelOwed[currency][payee] != 0 && !refuses;
        bool ok = _call(relayer, 0, abi.encodeCall(ILedger.withdraw, (currency, payee)));
        _agree(ok, allowed, "withdraw");
        if (ok) _paid(currency, payee);
    }

    function withdrawTo(uint256 seed) external {
        address currency = currencies[(seed >> 40) % 2];
        address payee = _actor(seed);
        bool allowed = modelOwed[currency][payee] != 0;
        bool ok = _call(payee, 0, abi.encodeCall(ILedger.withdrawTo, (currency, address(0xFEED))));
        _agree(ok, allowed, "withdrawTo");
        if (ok) _paid(currency, payee);
    }

    /// Silence: time passes.
    function wait_(uint256 seed) external {
        nowAt += seed % 3 == 0 ? seed % 30 : seed % 2 hours;
        vm.warp(nowAt);
        ++done["wait"];
    }

    // What is compared.

    function checkMoney() external view {
        eq(thief.reentered(), 0, "calls back that worked");
        for (uint256 c = 0; c < 2; ++c) {
            address currency = currencies[c];
            uint256 balance = currency == address(0) ? address(exchange).balance : coin.balanceOf(address(exchange));
            uint256 promised = inEscrow[currency];
            for (uint256 i = 0; i < actors.length; ++i) {
                uint256 owed = exchange.owed(currency, actors[i]);
                eq(owed, modelOwed[currency][actors[i]], "owed");
                promised += owed;
            }
            eq(balance, promised, "balance = owed + escrow");
            eq(paidIn[currency], paidOut[currency] + balance, "paid in = paid out + balance");
        }
    }

    function checkTrades() external view {
        for (uint256 i = 0; i < trades.length; ++i) {
            Trade memory t = trades[i];
            eq(uint256(exchange.trade(t.id).state), uint256(t.state), "state");
            isTrue(exchange.trade(t.id).revoked == t.revoked, "revoked");
            bool settled = t.state == TradeState.Released || t.state == TradeState.Refunded;
            eq(t.credits, settled ? 1 : 0, "times credited");
            eq(t.credited, settled ? t.purchase.price : 0, "credited = price, to the wei");
        }
    }

    function checkTokens() external view {
        eq(assets.ownerOf(asset), owner, "owner of the asset");
        for (uint256 i = 0; i < LAZY; ++i) {
            uint256 tokenId = tokenOf(_lazy(i), usualSplit());
            address has = assets.entered(tokenId) ? assets.ownerOf(tokenId) : address(0);
            eq(has, lazyOwners[tokenId], "owner of what its sale minted");
        }
        uint256[8] memory held;
        for (uint256 i = 0; i < trades.length; ++i) {
            Trade memory t = trades[i];
            (bool ok, bytes memory answer) =
                address(licences).staticcall(abi.encodeCall(licences.ownerOf, (uint256(t.id))));
            isTrue(ok == (t.state == TradeState.Released), "a licence if it was paid for");
            if (!ok) continue;
            eq(abi.decode(answer, (address)), t.holder, "holder");
            for (uint256 j = 0; j < 8; ++j) {
                if (actors[j] == t.holder) ++held[j];
            }
        }
        for (uint256 j = 0; j < 8; ++j) {
            eq(licences.balanceOf(actors[j]), held[j], "licences held");
        }
    }

    function checkOrders() external view {
        for (uint256 i = 0; i < items.length; ++i) {
            Item memory it = items[i];
            uint256 counted = it.cancelled ? type(uint256).max : it.offer.copies == 0 ? 0 : it.fills;
            eq(exchange.filled(it.offer.seller, it.hash), counted, "filled");
            isTrue(it.offer.copies == 0 || it.fills <= it.offer.copies, "not too often");
        }
    }

    // Parts.

    function _addOffer(uint256 seed) private {
        Item storage it = items.push();
        Offer memory o = usualOffer();
        o.seller = _seller(seed);
        o.currency = currencies[(seed >> 12) % 2];
        o.price = [uint256(0), 1, 9, 10_001, 1 ether + 7, 123_456_789_012_345_678_901][(seed >> 8) % 6];
        o.floor = (seed >> 16) % 2 == 0 ? o.price : o.price / 3;
        o.startsAt = uint64(nowAt + 1 hours);
        o.endsAt = uint64(nowAt + 5 days);
        o.copies = uint32((seed >> 20) % 3);
        o.transferable = (seed >> 24) % 2 == 0;
        o.term = [uint32(0), 0, 1, 1 days][(seed >> 28) % 4];
        o.taker = (seed >> 32) % 8 == 0 ? _actor(seed >> 40) : address(0);
        o.salt = ++salts;
        it.offer = o;
        it.hash = hashOf(o);
    }

    /// @dev Whether the keys of a fill are of somebody who may choose them.
    function _mayFill(Offer memory o, address who, address payer, bool forged) private view returns (bool) {
        if (payer == o.taker) return true;
        if (o.taker != address(0) && o.taker != who) return false;
        return payer == who || (forged ? _isContract(who) : _signs(who));
    }

    function _fillData(Item memory it, Purchase memory p, bool forged) private view returns (bytes memory) {
        bytes memory signed = signature(_keyOf(it.offer.seller), it.hash);
        bytes memory byBuyer = signature(forged ? 0xBAD : _keyOf(p.buyer), fillHash(it.offer));
        return abi.encodeCall(IExchange.fill, (it.offer, signed, p.buyer, p.keyX, p.keyY, HPKE_HASH, byBuyer));
    }

    function _addTrade(uint256 item, Purchase memory p, bytes32 id) private {
        taken[id] = true;
        Trade storage t = trades.push();
        (t.item, t.id, t.state, t.filledAt) = (item, id, TradeState.Filled, nowAt);
        t.purchase = p;
        inEscrow[items[item].offer.currency] += p.price;
    }

    /// @dev Mostly a trade in this state, if there is one.
    function _trade(uint256 seed, TradeState state) private view returns (Trade storage) {
        uint256 n = trades.length;
        for (uint256 i = 0; i < n && (seed >> 64) % 4 != 0; ++i) {
            Trade storage t = trades[(seed % n + i) % n];
            if (t.state == state) return t;
        }
        return trades[seed % n];
    }

    /// @dev Puts a sale in the place of another, whose signature is lost.
    function _putSale(uint256 at_, uint256 seed) private {
        Shelf storage it = shelves[at_];
        Sale memory s = usualSale();
        s.seller = _seller(seed);
        if (trades.length != 0 && (seed >> 4) % 4 != 0) {
            Trade memory t = _trade(seed >> 40, TradeState.Released);
            (s.collection, s.tokenId) = (address(licences), uint256(t.id));
            s.seller = t.holder == address(0) ? t.purchase.buyer : t.holder;
        }
        s.currency = currencies[(seed >> 12) % 2];
        s.price = [uint256(0), 1, 9, 10_001, 1 ether + 7, 123_456_789_012_345_678_901][(seed >> 8) % 6];
        s.floor = (seed >> 16) % 2 == 0 ? s.price : s.price / 3;
        s.startsAt = uint64(nowAt + 1 hours);
        s.endsAt = uint64(nowAt + 5 days);
        s.salt = ++salts;
        (it.sale, it.hash, it.cancelled, it.sold) = (s, hashOf(s), false, false);
    }

    /// @dev The price on its line, from the other end than the contract takes it.
    function _priceOf(uint256 top, uint256 low, uint256 from, uint256 to) private view returns (uint256) {
        if (nowAt <= from || top == low) return top;
        if (nowAt >= to) return low;
        return low + ((top - low) * (to - nowAt) + (to - from) - 1) / (to - from);
    }

    function _open(bool cancelled, address seller, uint256 salt, uint256 endsAt) private view returns (bool) {
        return !cancelled && salt >= lowest[seller] && nowAt <= endsAt && nowAt >= pausedUntil;
    }

    /// @dev What is sent with a call, and whether the price can be taken of it.
    function _value(uint256 seed, address currency, uint256 price) private pure returns (uint256, bool) {
        if (currency != address(0)) return seed % 8 == 0 ? (1, false) : (0, true);
        if (seed % 8 == 0 && price != 0) return (price - 1, false);
        return (seed % 8 == 1 ? price + 3 : price, true);
    }

    function _paidIn(address payer, address currency, uint256 valueWei, uint256 price) private {
        paidIn[currency] += currency == address(0) ? valueWei : price;
        if (currency == address(0)) modelOwed[currency][payer] += valueWei - price;
    }

    function _refunded(Trade storage t) private {
        t.state = TradeState.Refunded;
        inEscrow[items[t.item].offer.currency] -= t.purchase.price;
        _owed(t, items[t.item].offer.currency, t.purchase.buyer, t.purchase.price);
        ++t.credits;
    }

    function _owed(Trade storage t, address currency, address payee, uint256 amount) private {
        modelOwed[currency][payee] += amount;
        t.credited += amount;
    }

    function _paid(address currency, address payee) private {
        paidOut[currency] += modelOwed[currency][payee];
        modelOwed[currency][payee] = 0;
    }

    function _agree(bool ok, bool allowed, string memory what) private {
        if (ok != allowed) revert NotTrue(string.concat(what, ok ? ": done, but not allowed" : ": refused, but allowed"));
        ++done[string.concat(what, ok ? "" : " refused")];
    }

    function _call(address who, uint256 valueWei, bytes memory data) private returns (bool ok) {
        vm.prank(who);
        (ok,) = address(exchange).call{value: valueWei}(data);
    }

    function _tradeOf(uint256 licenceId) private view returns (Trade storage) {
        for (uint256 i = 0; i < trades.length; ++i) {
            if (uint256(trades[i].id) == licenceId) return trades[i];
        }
        revert NotTrue("a licence of a trade");
    }

    /// @dev Whether it is this seller's licence, can pass on and is not over.
    function _sellable(uint256 licenceId, address seller) private view returns (bool) {
        Trade storage t = _tradeOf(licenceId);
        Offer memory o = items[t.item].offer;
        bool over = t.revoked || (o.term != 0 && nowAt > t.deliveredAt + o.term);
        return t.holder == seller && o.transferable && !over;
    }

    /// @dev Anybody but the royalty receiver.
    function _actor(uint256 seed) private view returns (address) {
        return actors[seed % 8 == 7 ? 3 : seed % 8];
    }

    /// @dev Mostly the creator.
    function _seller(uint256 seed) private view returns (address) {
        return [patient, patient, patient, other, doctor][seed % 5];
    }

    function _isContract(address who) private view returns (bool) {
        return who == address(thief) || who == address(stubborn);
    }

    function _lazy(uint256 number) private pure returns (bytes32) {
        return keccak256(abi.encode("lazy", number));
    }

    /// @dev Whether there is a key for this account, or it signs all.
    function _signs(address who) private view returns (bool) {
        return who == patient || who == doctor || who == other || _isContract(who);
    }

    function _keyOf(address who) private view returns (uint256) {
        if (who == patient) return PATIENT_KEY;
        return who == doctor ? DOCTOR_KEY : OTHER_KEY;
    }
}
