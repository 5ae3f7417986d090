// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Curve} from "../src/Curve.sol";
import {Share} from "../src/IAssets.sol";
import {Delivery, ISettlement, Order, State} from "../src/ISettlement.sol";
import {Assets, Settlement} from "./Faces.sol";
import {Fixture} from "./Fixture.sol";
import {Receiver} from "./hostile/Receiver.sol";

/// @notice A market of random people over a few orders, and a model of who must have what.
/// @dev Each step tries one call on one order, whether it is allowed or not. The model says beforehand if it may
/// succeed; the contract must agree, both ways. The model shares no code with the contract: it adds up what the text of
/// the rules says.
contract Market is Fixture {
    struct Item {
        Order order;
        bytes32 hash;
        State state;
        address buyer;
        uint256 filledAt;
        uint256 deliveredAt;
        bool rightKey;
        Delivery delivery;
        uint256 credited; // how much was ever owed for it
        uint256 credits; // how often it was settled
    }

    uint256 internal constant ORDERS = 6;

    Item[] internal items;
    address[] public actors; // everybody who can be owed money
    mapping(address actor => uint256 amountWei) public modelOwed;
    uint256 public paidIn;
    uint256 public paidOut;
    uint256 public nowAt = START;
    mapping(string step => uint256 count) public done;

    Receiver private thief;
    Receiver private stubborn;
    address[3] private buyers;

    constructor() {
        setUp();
        thief = new Receiver();
        stubborn = new Receiver();
        buyers = [buyer, address(thief), address(stubborn)];
        vm.deal(address(thief), 1e30);
        vm.deal(address(stubborn), 1e30);
        vm.deal(buyer, 1e30);
        actors = [patient, doctor, other, buyer, address(thief), address(stubborn), relayer];
        enterUsual();
        for (uint256 i = 0; i < ORDERS; ++i) {
            _addOrder(uint256(keccak256(abi.encode(i))));
        }
    }

    function orders() external view returns (uint256) {
        return items.length;
    }

    function item(uint256 i) external view returns (Item memory) {
        return items[i];
    }

    function actorCount() external view returns (uint256) {
        return actors.length;
    }

    /// A new order, by the creator, a later owner or somebody who owns nothing.
    function order(uint256 seed) external {
        if (items.length < 4 * ORDERS) _addOrder(seed);
    }

    function transfer(uint256 seed) external {
        address from = assets.ownerOf(tokenOf(CONTENT, usualSplit()));
        address to = _seller(seed);
        vm.prank(from);
        assets.transferFrom(from, to, tokenOf(CONTENT, usualSplit()));
        ++done["transfer"];
    }

    function fill(uint256 seed, uint256 wrongBy) external {
        Item storage it = _pick(seed);
        Order memory o = it.order;
        address who = buyers[(seed >> 16) % 3];
        uint256 valueWei = wrongBy % 8 == 0 ? o.priceWei + 1 : o.priceWei;
        (uint256 x, uint256 y) = buyerKey();
        bool allowed = it.state == State.None && valueWei == o.priceWei && nowAt <= o.endsAt
            && assets.ownerOf(o.tokenId) == o.seller;
        bytes memory signed = signature(_keyOf(o.seller), it.hash);
        bool ok = _call(who, valueWei, abi.encodeCall(ISettlement.fill, (o, signed, x, y, HPKE_HASH)));
        _agree(ok, allowed, "fill");
        if (!ok) return;
        (it.state, it.buyer, it.filledAt) = (State.Filled, who, nowAt);
        paidIn += valueWei;
    }

    function deliver(uint256 seed) external {
        Item storage it = _pick(seed);
        bool right = (seed >> 16) % 2 == 0;
        Delivery memory d = boxFor(it.hash, right ? CEK : ~CEK, (seed >> 24) % (Curve.ORDER - 1) + 1);
        bool forged = (seed >> 20) % 8 == 0;
        uint256 key = forged ? 0xBAD : _keyOf(it.order.seller);
        bool allowed = it.state == State.Filled && nowAt <= it.filledAt + it.order.deliverWithin && !forged;
        bool ok = _call(relayer, 0, abi.encodeCall(ISettlement.deliver, (d, signature(key, deliveryDigest(d)))));
        _agree(ok, allowed, "deliver");
        if (!ok) return;
        it.state = State.Delivered;
        it.deliveredAt = nowAt;
        it.rightKey = right;
        it.delivery = d;
    }

    function release(uint256 seed) external {
        Item storage it = _pick(seed);
        address who = _actor(seed >> 16);
        bool late = nowAt > it.deliveredAt + it.order.disputeWithin;
        bool wrongSplit = (seed >> 32) % 8 == 0;
        bool allowed = it.state == State.Delivered && (who == it.buyer || late) && !wrongSplit;
        Share[] memory split = wrongSplit ? splitOf(patient, 9999, doctor, 1) : usualSplit();
        bool ok = _call(who, 0, abi.encodeCall(ISettlement.release, (it.hash, CONTENT, split)));
        _agree(ok, allowed, "release");
        if (!ok) return;
        it.state = State.Released;
        uint256 priceWei = it.order.priceWei;
        uint256 shared = it.order.seller == patient ? priceWei : priceWei / 10;
        _owe(it, it.order.seller, priceWei - shared);
        _owe(it, doctor, shared * 2999 / 10_000);
        _owe(it, patient, shared - shared * 2999 / 10_000);
        ++it.credits;
    }

    function refund(uint256 seed) external {
        Item storage it = _pick(seed);
        bool allowed = it.state == State.Filled && nowAt > it.filledAt + it.order.deliverWithin;
        bool ok = _call(_actor(seed >> 16), 0, abi.encodeCall(ISettlement.refund, (it.hash)));
        _agree(ok, allowed, "refund");
        if (ok) _refunded(it);
    }

    function proveWrongKey(uint256 seed) external {
        Item storage it = _pick(seed);
        address who = (seed >> 16) % 4 == 0 ? _actor(seed >> 24) : it.buyer;
        if (who == address(0)) who = relayer;
        bool inTime = nowAt <= it.deliveredAt + it.order.disputeWithin;
        bool allowed = it.state == State.Delivered && who == it.buyer && inTime && !it.rightKey;
        bytes memory data = abi.encodeCall(ISettlement.proveWrongKey, (it.order, it.delivery, CID, BUYER_SECRET));
        bool ok = _call(who, 0, data);
        _agree(ok, allowed, "proveWrongKey");
        if (ok) _refunded(it);
    }

    function cancel(uint256 seed) external {
        // Rare, or there would be nothing left to trade.
        Item storage it = _pick(seed);
        bool forged = (seed >> 16) % 8 != 0;
        uint256 key = forged ? 0xBAD : _keyOf(it.order.seller);
        bool allowed = it.state == State.None && !forged;
        bool ok = _call(
            relayer, 0, abi.encodeCall(ISettlement.cancel, (it.order, signature(key, cancelDigest(it.hash))))
        );
        _agree(ok, allowed, "cancel");
        if (ok) it.state = State.Cancelled;
    }

    function revoke(uint256 seed) external {
        Item storage it = _pick(seed);
        bool filled = it.state != State.None && it.state != State.Cancelled;
        bool allowed = filled && settlement.trade(it.hash).revokedAt == 0;
        bytes memory signed = signature(_keyOf(it.order.seller), revokeDigest(it.hash));
        _agree(_call(relayer, 0, abi.encodeCall(ISettlement.revoke, (it.hash, signed))), allowed, "revoke");
    }

    function withdraw(uint256 seed) external {
        address payee = _actor(seed);
        if (payee == address(stubborn)) stubborn.refuse((seed >> 16) % 2 == 0);
        // The thief calls back for more.
        bytes memory more = abi.encodeCall(ISettlement.withdraw, (payee));
        if ((seed >> 32) % 2 == 0) more = abi.encodeCall(ISettlement.withdrawTo, (payee));
        if (payee == address(thief)) thief.reenter(address(settlement), more);
        bool refuses = payee == address(stubborn) && stubborn.refuses();
        bool allowed = modelOwed[payee] != 0 && !refuses;
        bool ok = _call(relayer, 0, abi.encodeCall(ISettlement.withdraw, (payee)));
        _agree(ok, allowed, "withdraw");
        if (ok) _paid(payee);
    }

    function withdrawTo(uint256 seed) external {
        address payee = _actor(seed);
        bool allowed = modelOwed[payee] != 0;
        bool ok = _call(payee, 0, abi.encodeCall(ISettlement.withdrawTo, (address(0xFEED))));
        _agree(ok, allowed, "withdrawTo");
        if (ok) _paid(payee);
    }

    /// Silence: time passes.
    function wait_(uint256 seed) external {
        nowAt += seed % 3 == 0 ? seed % 30 : seed % 2 hours;
        vm.warp(nowAt);
        ++done["wait"];
    }

    function _addOrder(uint256 seed) private {
        Item storage it = items.push();
        Order memory o = usualOrder();
        o.seller = _seller(seed);
        o.priceWei = [uint256(0), 1, 9, 10_001, 1 ether + 7, 123_456_789_012_345_678_901][(seed >> 8) % 6];
        o.endsAt = uint64(nowAt + 5 days);
        o.deliverWithin = 1 hours;
        o.disputeWithin = 2 hours;
        o.salt = bytes32(items.length);
        it.order = o;
        it.hash = orderHashOf(o);
    }

    function _refunded(Item storage it) private {
        it.state = State.Refunded;
        _owe(it, it.buyer, it.order.priceWei);
        ++it.credits;
    }

    function _owe(Item storage it, address payee, uint256 amountWei) private {
        modelOwed[payee] += amountWei;
        it.credited += amountWei;
    }

    function _paid(address payee) private {
        paidOut += modelOwed[payee];
        modelOwed[payee] = 0;
    }

    function _agree(bool ok, bool allowed, string memory what) private {
        if (ok != allowed) revert NotTrue(string.concat(what, ok ? ": done, but not allowed" : ": refused, but allowed"));
        ++done[string.concat(what, ok ? "" : " refused")];
    }

    function _call(address who, uint256 valueWei, bytes memory data) private returns (bool ok) {
        vm.prank(who);
        (ok,) = address(settlement).call{value: valueWei}(data);
    }

    function _pick(uint256 seed) private view returns (Item storage) {
        return items[seed % items.length];
    }

    function _actor(uint256 seed) private view returns (address) {
        return actors[seed % actors.length];
    }

    /// @dev Mostly the creator.
    function _seller(uint256 seed) private view returns (address) {
        return [patient, patient, patient, other, doctor][seed % 5];
    }

    function _keyOf(address who) private view returns (uint256) {
        if (who == patient) return PATIENT_KEY;
        return who == doctor ? DOCTOR_KEY : OTHER_KEY;
    }

    function money() external view returns (uint256 balance, uint256 owedInAll, uint256 inEscrow) {
        balance = address(settlement).balance;
        for (uint256 i = 0; i < actors.length; ++i) {
            owedInAll += settlement.owed(actors[i]);
        }
        for (uint256 i = 0; i < items.length; ++i) {
            State state = settlement.trade(items[i].hash).state;
            if (state == State.Filled || state == State.Delivered) inEscrow += settlement.trade(items[i].hash).priceWei;
        }
    }

    function owedTo(address who) external view returns (uint256) {
        return settlement.owed(who);
    }

    function stateOf(bytes32 hash) external view returns (State) {
        return settlement.trade(hash).state;
    }

    function thiefReentered() external view returns (uint256) {
        return thief.reentered();
    }
}
