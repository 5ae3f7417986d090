// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Curve} from "../src/Curve.sol";
import {Delivery, IExchange, Offer, Purchase, TradeState} from "../src/IExchange.sol";
import {ILicences} from "../src/ILicences.sol";
import {ExchangeStand} from "./ExchangeStand.sol";

/// @notice How a trade ends, and what a seller takes back: silence, disputes, revocations, cancellations, terms.
contract ExchangeEndsTest is ExchangeStand {
    // Licences: silence and disputes.

    function test_WithoutADeliveryTheBuyerHasItsMoneyBack() public {
        Offer memory o = usualOffer();
        Purchase memory p = purchaseOf(o, buyer);
        bytes32 tradeId = fillUsual(o);
        vm.warp(START + 1 hours);
        wants(IExchange.TooEarly.selector, START + 1 hours);
        exchange.refund(o, p);
        vm.warp(START + 1 hours + 1);
        Delivery memory d = deliveryOf(tradeId, CEK);
        bytes memory signed = signature(PATIENT_KEY, deliveryDigestHere(d));
        wants(IExchange.TooLate.selector, START + 1 hours);
        exchange.deliver(d, signed);
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Credited(tradeId, buyer, MONEY, price);
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Refunded(tradeId, buyer);
        exchange.refund(o, p);
        isDeal(tradeId, TradeState.Refunded, START + 1 hours, 0);
        uint256 before = buyer.balance;
        exchange.withdraw(MONEY, buyer);
        eq(buyer.balance, before + price, "money back");
        wants(ILicences.NoSuchLicence.selector, uint256(tradeId));
        licences.ownerOf(uint256(tradeId));
    }

    function test_ADeliveryAtTheLastMomentIsInTime() public {
        bytes32 tradeId = fillUsual(usualOffer());
        vm.warp(START + 1 hours);
        deliverHere(tradeId, CEK);
    }

    function test_ADeliveryIsSignedAndOnTheCurve() public {
        bytes32 tradeId = fillUsual(usualOffer());
        Delivery memory d = deliveryOf(tradeId, CEK);
        bytes memory forged = signature(OTHER_KEY, deliveryDigestHere(d));
        vm.expectRevert(bySigner());
        exchange.deliver(d, forged);
        (uint256 x, uint256 y) = (d.ephemeralX, d.ephemeralY);
        uint256[2][4] memory bad = [[uint256(0), 0], [x, y + 1], [x, y ^ 1], [y, x]];
        for (uint256 i = 0; i < bad.length; ++i) {
            (d.ephemeralX, d.ephemeralY) = (bad[i][0], bad[i][1]);
            bytes memory signed = signature(PATIENT_KEY, deliveryDigestHere(d));
            wants(IExchange.BadPoint.selector);
            exchange.deliver(d, signed);
        }
    }

    function test_AWrongKeyIsProvenAndPaidBack() public {
        Offer memory o = usualOffer();
        Purchase memory p = purchaseOf(o, buyer);
        bytes32 tradeId = fillUsual(o);
        Delivery memory d = deliverHere(tradeId, keccak256("another key"));
        wants(IExchange.NotBuyer.selector, address(this));
        exchange.proveWrongKey(o, p, d, CID, BUYER_SECRET);
        disputes(o, p, d, "another CID", BUYER_SECRET, IExchange.WrongPayload.selector);
        disputes(o, p, d, CID, 0, IExchange.WrongSecret.selector);
        disputes(o, p, d, CID, Curve.ORDER, IExchange.WrongSecret.selector);
        disputes(o, p, d, CID, 1, IExchange.WrongOpening.selector);
        d.masked = ~d.masked;
        disputes(o, p, d, CID, BUYER_SECRET, IExchange.WrongOpening.selector);
        d.masked = ~d.masked;
        vm.warp(START + 2 hours);
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.WrongKeyProven(tradeId);
        vm.prank(buyer);
        exchange.proveWrongKey(o, p, d, CID, BUYER_SECRET);
        isDeal(tradeId, TradeState.Refunded, START + 2 hours, 0);
        eq(exchange.owed(MONEY, buyer), price, "owed");
    }

    function disputes(Offer memory o, Purchase memory p, Delivery memory d, bytes memory cid, uint256 b, bytes4 why)
        private
    {
        vm.prank(buyer);
        wants(why);
        exchange.proveWrongKey(o, p, d, cid, b);
    }

    function test_ARightKeyCannotBeDisputed() public {
        Offer memory o = usualOffer();
        Delivery memory d = deliverHere(fillUsual(o), CEK);
        disputes(o, purchaseOf(o, buyer), d, CID, BUYER_SECRET, IExchange.KeyIsRight.selector);
    }

    function test_ADisputeIsInTime() public {
        Offer memory o = usualOffer();
        Purchase memory p = purchaseOf(o, buyer);
        Delivery memory d = deliverHere(fillUsual(o), keccak256("another key"));
        vm.warp(START + 2 hours + 1);
        vm.prank(buyer);
        wants(IExchange.TooLate.selector, START + 2 hours);
        exchange.proveWrongKey(o, p, d, CID, BUYER_SECRET);
    }

    /// A secret that is the negative of the buyer's has a key with the same x.
    function test_TheWholeKeyIsCompared() public {
        Offer memory o = usualOffer();
        Delivery memory d = deliverHere(fillUsual(o), CEK);
        disputes(o, purchaseOf(o, buyer), d, CID, Curve.ORDER - BUYER_SECRET, IExchange.WrongOpening.selector);
    }

    // What a seller takes back.

    function test_ARevocationIsNotedOnce() public {
        Offer memory o = usualOffer();
        o.transferable = true;
        Purchase memory p = purchaseOf(o, buyer);
        bytes32 tradeId = trade(o);
        isTrue(licences.allows(uint256(tradeId), buyer), "allowed");
        vm.expectRevert(bySigner());
        exchange.revoke(o, p, signature(OTHER_KEY, revokeHash(tradeId)));
        bytes memory signed = signature(PATIENT_KEY, revokeHash(tradeId));
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Revoked(tradeId);
        exchange.revoke(o, p, signed);
        isTrue(exchange.trade(tradeId).revoked, "revoked");
        isTrue(!licences.allows(uint256(tradeId), buyer), "allowed no more");
        vm.expectRevert(abi.encodeWithSelector(IExchange.AlreadyRevoked.selector, tradeId));
        exchange.revoke(o, p, signed);
    }

    function test_ARevocationBeforeTheDeliveryGivesTheMoneyBackAtOnce() public {
        Offer memory o = usualOffer();
        Purchase memory p = purchaseOf(o, buyer);
        bytes32 tradeId = fillUsual(o);
        Delivery memory d = deliveryOf(tradeId, CEK);
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Revoked(tradeId);
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Credited(tradeId, buyer, MONEY, price);
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Refunded(tradeId, buyer);
        exchange.revoke(o, p, signature(PATIENT_KEY, revokeHash(tradeId)));
        isTrue(exchange.trade(tradeId).revoked, "revoked");
        eq(exchange.owed(MONEY, buyer), price, "owed");
        bytes memory refunded = abi.encodeWithSelector(IExchange.WrongState.selector, tradeId, TradeState.Refunded);
        bytes memory signed = signature(PATIENT_KEY, deliveryDigestHere(d));
        vm.expectRevert(refunded);
        exchange.deliver(d, signed);
        vm.warp(START + 2 hours);
        vm.expectRevert(refunded);
        exchange.refund(o, p);
    }

    function test_ATradeRevokedAfterTheDeliveryGoesOn() public {
        Offer memory o = usualOffer();
        bytes32 tradeId = fillUsual(o);
        deliverHere(tradeId, CEK);
        exchange.revoke(o, purchaseOf(o, buyer), signature(PATIENT_KEY, revokeHash(tradeId)));
        eq(exchange.owed(MONEY, buyer), 0, "no refund");
        releaseAs(buyer, o, buyer);
        eq(exchange.owed(MONEY, patient) + exchange.owed(MONEY, doctor), price, "owed");
        isTrue(exchange.trade(tradeId).revoked, "still revoked");
    }

    function test_ACancelledOrderIsNeverFilled() public {
        Offer memory o = usualOffer();
        bytes32 h = hashOf(o);
        vm.expectRevert(bySigner());
        exchange.cancel(patient, h, signature(OTHER_KEY, cancelHash(h)));
        bytes memory signed = signature(PATIENT_KEY, cancelHash(h));
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Cancelled(patient, h);
        exchange.cancel(patient, h, signed);
        eq(exchange.filled(patient, h), type(uint256).max, "filled");
        bytes memory closed = abi.encodeWithSelector(IExchange.Closed.selector, h);
        vm.expectRevert(closed);
        exchange.cancel(patient, h, signed);
        refusesSigned(o, closed);
        // One without a limit too.
        o.copies = 0;
        fillUsual(o);
        h = hashOf(o);
        exchange.cancel(patient, h, signature(PATIENT_KEY, cancelHash(h)));
        vm.deal(relayer, 10 ether);
        signed = signature(PATIENT_KEY, h);
        (uint256 x, uint256 y) = buyerKey();
        vm.prank(relayer);
        vm.expectRevert(abi.encodeWithSelector(IExchange.Closed.selector, h));
        exchange.fill{value: price}(o, signed, relayer, x, y, HPKE_HASH, "");
    }

    function test_AnotherCannotCancelASellersOrder() public {
        Offer memory o = usualOffer();
        bytes32 h = hashOf(o);
        exchange.cancel(other, h, signature(OTHER_KEY, cancelHash(h)));
        fillUsual(o);
    }

    function test_AllOrdersBelowASaltAreCancelled() public {
        Offer memory o = usualOffer();
        bytes memory signed = signature(PATIENT_KEY, cancelBelowHash(2));
        vm.expectRevert(bySigner());
        exchange.cancelBelow(patient, 3, signed);
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.CancelledBelow(patient, 2);
        exchange.cancelBelow(patient, 2, signed);
        eq(exchange.lowestSalt(patient), 2, "lowest");
        refusesSigned(o, abi.encodeWithSelector(IExchange.Stale.selector, 2));
        wants(IExchange.Stale.selector, 2);
        exchange.cancelBelow(patient, 2, signed);
        o.salt = 2;
        fillUsual(o);
    }

    // Time-limited access.

    function test_ATermRunsFromTheDelivery() public {
        Offer memory o = usualOffer();
        o.term = 30 days;
        bytes32 tradeId = fillUsual(o);
        vm.warp(START + 100);
        deliverHere(tradeId, CEK);
        vm.warp(START + 1000);
        releaseAs(buyer, o, buyer);
        uint256 until = START + 100 + 30 days;
        eq(licences.untilOf(uint256(tradeId)), until, "until");
        vm.warp(until);
        isTrue(licences.allows(uint256(tradeId), buyer), "the last moment");
        vm.warp(until + 1);
        isTrue(!licences.allows(uint256(tradeId), buyer), "over");
    }

    // Fuzz.

    function testFuzz_TimesAreKeptToTheSecond(uint32 deliverWithin, uint32 disputeWithin, uint32 took, uint32 term) public {
        Offer memory o = usualOffer();
        o.deliverWithin = 60 + deliverWithin % (90 days - 59);
        o.disputeWithin = 60 + disputeWithin % (90 days - 59);
        o.term = term;
        took = took % (o.deliverWithin + 1);
        bytes32 tradeId = fillUsual(o);
        eq(exchange.trade(tradeId).dueAt, START + o.deliverWithin, "deliver until");
        vm.warp(START + took);
        deliverHere(tradeId, CEK);
        eq(exchange.trade(tradeId).dueAt, START + took + o.disputeWithin, "dispute until");
        vm.warp(START + took + o.disputeWithin + 1);
        releaseAs(relayer, o, buyer);
        eq(licences.untilOf(uint256(tradeId)), term == 0 ? 0 : START + took + term, "licence until");
    }

    function testFuzz_OnlyTheSellerSpeaksForItself(uint256 key) public {
        key = key % 2 ** 250 + 1;
        vm.assume(vm.addr(key) != patient);
        Offer memory o = usualOffer();
        Purchase memory p = purchaseOf(o, buyer);
        bytes32 tradeId = fillUsual(o);
        Delivery memory d = deliveryOf(tradeId, CEK);
        bytes memory signed = signature(key, deliveryDigestHere(d));
        vm.expectRevert(bySigner());
        exchange.deliver(d, signed);
        vm.expectRevert(bySigner());
        exchange.revoke(o, p, signature(key, revokeHash(tradeId)));
        bytes32 h = hashOf(o);
        vm.expectRevert(bySigner());
        exchange.cancel(patient, h, signature(key, cancelHash(h)));
        vm.expectRevert(bySigner());
        exchange.cancelBelow(patient, key, signature(key, cancelBelowHash(key)));
    }

    /// No key but the buyer's opens a dispute, and no other box than the delivered.
    function testFuzz_ADisputeIsOfTheDeliveredBox(uint256 secret, bytes32 dirt) public {
        secret = secret % (Curve.ORDER - 1) + 1;
        vm.assume(secret != BUYER_SECRET && dirt != 0);
        Offer memory o = usualOffer();
        Delivery memory d = deliverHere(fillUsual(o), keccak256("another key"));
        disputes(o, purchaseOf(o, buyer), d, CID, secret, IExchange.WrongOpening.selector);
        d.grantHash ^= dirt;
        disputes(o, purchaseOf(o, buyer), d, CID, BUYER_SECRET, IExchange.WrongOpening.selector);
    }

    function testFuzz_CancelBelowOnlyRises(uint256 a, uint256 b) public {
        if (a == 0) a = 1;
        exchange.cancelBelow(patient, a, signature(PATIENT_KEY, cancelBelowHash(a)));
        bytes memory signed = signature(PATIENT_KEY, cancelBelowHash(b));
        if (b <= a) wants(IExchange.Stale.selector, a);
        exchange.cancelBelow(patient, b, signed);
        eq(exchange.lowestSalt(patient), b > a ? b : a, "the highest");
    }

    /// Without a delivery the money is back after its time, by whomever, once; with one it never is by this way.
    function testFuzz_WithoutADeliveryTheMoneyIsBackAfterItsTime(uint32 within, uint32 took, bool delivered, address by) public {
        Offer memory o = usualOffer();
        o.deliverWithin = 60 + within % (90 days - 59);
        took = uint32(around(o.deliverWithin, took, 2 * o.deliverWithin));
        bytes32 tradeId = fillUsual(o);
        if (delivered) deliverHere(tradeId, CEK);
        vm.warp(START + took);
        bytes memory data = abi.encodeCall(IExchange.refund, (o, purchaseOf(o, buyer)));
        vm.prank(by);
        (bool ok,) = address(exchange).call(data);
        isTrue(ok == (!delivered && took > o.deliverWithin), "back");
        eq(exchange.owed(MONEY, buyer), ok ? price : 0, "owed");
        eq(licences.balanceOf(buyer), 0, "no licence by this");
        vm.prank(by);
        (bool again,) = address(exchange).call(data);
        isTrue(!again, "not twice");
        if (ok || delivered) return;
        deliverHere(tradeId, CEK); // to the last second
    }
}
