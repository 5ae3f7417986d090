// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Curve} from "../src/Curve.sol";
import {IAssets, Share} from "../src/IAssets.sol";
import {Deal, Delivery, Entry, IExchange, OFFER_TYPEHASH, Offer, Origin, Purchase, Sale, TradeState} from "../src/IExchange.sol";
import {ILedger} from "../src/ILedger.sol";
import {ILicences} from "../src/ILicences.sol";
import {IPause} from "../src/IPause.sol";
import {IRoyalties} from "../src/IRoyalties.sol";
import {IRoyalty} from "../src/IRoyalty.sol";
import {Money} from "../src/Money.sol";
import {ExchangeFixture} from "./ExchangeFixture.sol";
import {Exchange} from "./Faces.sol";
import {Coin} from "./hostile/Coin.sol";
import {Receiver} from "./hostile/Receiver.sol";
import {Wallet} from "./hostile/Wallet.sol";

contract ExchangeTest is ExchangeFixture {
    address private constant MONEY = address(0);

    uint256 private id; // of the asset
    uint256 private price;

    function setUp() public override {
        super.setUp();
        openExchange();
        id = enterUsual();
        price = usualOffer().price;
    }

    // Licences: the way that all hope for.

    function test_AFillHoldsTheMoneyAndSaysAllThatIsNeededLater() public {
        Offer memory o = usualOffer();
        Purchase memory p = purchaseOf(o, buyer);
        bytes32 tradeId = tradeOf(o, p);
        bytes memory signed = signature(PATIENT_KEY, hashOf(o));
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Filled(tradeId, hashOf(o), buyer, o, price, p.keyX, p.keyY, HPKE_HASH);
        vm.prank(buyer);
        eq(exchange.fill{value: price}(o, signed, buyer, p.keyX, p.keyY, HPKE_HASH, ""), tradeId, "trade");
        eq(exchange.tradeOf(o, p), tradeId, "tradeOf");
        eq(exchange.hashOffer(o), hashOf(o), "hashOffer");
        eq(address(exchange).balance, price, "escrow");
        isDeal(tradeId, TradeState.Filled, START + 1 hours, bytes20(patient));
        eq(exchange.filled(patient, hashOf(o)), 1, "filled");
    }

    function test_ADeliveryShowsTheBoxAndStartsTheDispute() public {
        bytes32 tradeId = fillUsual(usualOffer());
        vm.warp(START + 10);
        Delivery memory d = deliveryOf(tradeId, CEK);
        bytes memory signed = signature(PATIENT_KEY, deliveryDigestHere(d));
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Delivered(tradeId, d.grantHash, d.ephemeralX, d.ephemeralY, d.masked);
        vm.prank(relayer);
        exchange.deliver(d, signed);
        Deal memory deal = exchange.trade(tradeId);
        eq(uint256(deal.state), uint256(TradeState.Delivered), "state");
        eq(deal.dueAt, START + 10 + 2 hours, "due");
        isTrue(deal.mark != bytes20(patient), "mark is the delivery's");
    }

    function test_TheBuyerReleasesAtOnceAndTheSplitHasAll() public {
        Offer memory o = usualOffer();
        bytes32 tradeId = fillUsual(o);
        deliverHere(tradeId, CEK);
        uint256 toDoctor = price * 2999 / 10_000;
        Purchase memory p = purchaseOf(o, buyer);
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Credited(tradeId, patient, MONEY, price - toDoctor);
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Credited(tradeId, doctor, MONEY, toDoctor);
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Released(tradeId, id);
        vm.prank(buyer);
        exchange.release(o, p, CONTENT, usualSplit());
        Deal memory deal = exchange.trade(tradeId);
        eq(uint256(deal.state), uint256(TradeState.Released), "state");
        eq(deal.dueAt, START, "the delivery");
        eq(deal.span, 0, "for ever");
        eq(bytes32(deal.mark), bytes32(bytes20(buyer)), "mark is the buyer");
        isTrue(!deal.revoked && !deal.transferable, "revoked or transferable");
        eq(licences.ownerOf(uint256(tradeId)), buyer, "licence");
        eq(licences.untilOf(uint256(tradeId)), 0, "for ever");
        exchange.withdraw(MONEY, patient);
        exchange.withdraw(MONEY, doctor);
        eq(patient.balance, price - toDoctor, "patient");
        eq(doctor.balance, toDoctor, "doctor");
        eq(address(exchange).balance, 0, "left");
    }

    function test_ALaterOwnerSharesTheRoyaltyOnly() public {
        vm.prank(patient);
        assets.transferFrom(patient, other, id);
        Offer memory o = usualOffer();
        o.seller = other;
        bytes32 tradeId = fillAs(buyer, o, OTHER_KEY);
        deliverAs(tradeId, CEK, OTHER_KEY);
        releaseAs(buyer, o, buyer);
        uint256 royalty = price / 10;
        eq(exchange.owed(MONEY, other), price - royalty, "seller");
        eq(exchange.owed(MONEY, doctor), royalty * 2999 / 10_000, "doctor");
        eq(exchange.owed(MONEY, patient), royalty - royalty * 2999 / 10_000, "patient");
    }

    function test_AnybodyReleasesAfterTheDispute() public {
        Offer memory o = usualOffer();
        Purchase memory p = purchaseOf(o, buyer);
        bytes32 tradeId = fillUsual(o);
        deliverHere(tradeId, CEK);
        vm.warp(START + 2 hours);
        wants(IExchange.TooEarly.selector, START + 2 hours);
        exchange.release(o, p, CONTENT, usualSplit());
        vm.warp(START + 2 hours + 1);
        exchange.release(o, p, CONTENT, usualSplit());
        eq(licences.ownerOf(uint256(tradeId)), buyer, "licence");
    }

    function test_AReleaseNamesTheRightAsset() public {
        Offer memory o = usualOffer();
        Purchase memory p = purchaseOf(o, buyer);
        deliverHere(fillUsual(o), CEK);
        wrongAsset(o, p, CONTENT, splitOf(patient, 9999, doctor, 1));
        wrongAsset(o, p, keccak256("another"), usualSplit());
        wrongAsset(o, p, CONTENT, new Share[](0));
    }

    function wrongAsset(Offer memory o, Purchase memory p, bytes32 content, Share[] memory split) private {
        vm.prank(buyer);
        wants(IExchange.WrongAsset.selector);
        exchange.release(o, p, content, split);
    }

    function test_OnlyTheTradeItselfIsGoneOnWith() public {
        Offer memory o = usualOffer();
        Purchase memory p = purchaseOf(o, buyer);
        deliverHere(fillUsual(o), CEK);
        p.price += 1;
        noSuchTrade(o, p);
        p.price -= 1;
        p.buyer = other;
        noSuchTrade(o, p);
        p.buyer = buyer;
        o.currency = address(coin);
        noSuchTrade(o, p);
    }

    function noSuchTrade(Offer memory o, Purchase memory p) private {
        bytes memory none = abi.encodeWithSelector(IExchange.WrongState.selector, tradeOf(o, p), TradeState.None);
        vm.expectRevert(none);
        exchange.release(o, p, CONTENT, usualSplit());
        vm.expectRevert(none);
        exchange.refund(o, p);
        vm.expectRevert(none);
        exchange.revoke(o, p, "");
        Delivery memory d = deliveryOf(tradeOf(o, p), CEK);
        vm.expectRevert(none);
        exchange.proveWrongKey(o, p, d, CID, BUYER_SECRET);
        vm.expectRevert(none);
        exchange.deliver(d, "");
    }

    function test_EveryStateRefusesWhatIsNotItsOwn() public {
        Offer memory o = usualOffer();
        Purchase memory p = purchaseOf(o, buyer);
        bytes32 tradeId = fillUsual(o);
        Delivery memory d = deliveryOf(tradeId, CEK);
        bytes memory filledState = abi.encodeWithSelector(IExchange.WrongState.selector, tradeId, TradeState.Filled);
        vm.expectRevert(filledState);
        exchange.release(o, p, CONTENT, usualSplit());
        vm.prank(buyer);
        vm.expectRevert(filledState);
        exchange.proveWrongKey(o, p, d, CID, BUYER_SECRET);
        deliverHere(tradeId, CEK);
        bytes memory deliveredState = abi.encodeWithSelector(IExchange.WrongState.selector, tradeId, TradeState.Delivered);
        vm.expectRevert(deliveredState);
        exchange.deliver(d, "");
        vm.warp(START + 9 days);
        vm.expectRevert(deliveredState);
        exchange.refund(o, p);
        exchange.release(o, p, CONTENT, usualSplit());
        bytes memory releasedState = abi.encodeWithSelector(IExchange.WrongState.selector, tradeId, TradeState.Released);
        vm.expectRevert(releasedState);
        exchange.release(o, p, CONTENT, usualSplit());
        vm.expectRevert(releasedState);
        exchange.refund(o, p);
    }

    // Licences: what a fill wants.

    function test_AFillWantsThePriceOfTheMoment() public {
        Offer memory o = usualOffer();
        bytes memory signed = signature(PATIENT_KEY, hashOf(o));
        refuses(o, signed, price - 1, abi.encodeWithSelector(Money.WrongValue.selector, price - 1, price));
        // What is over is owed back, and nothing is lost.
        (uint256 x, uint256 y) = buyerKey();
        bytes memory byBuyer = signature(OTHER_KEY, fillHash(o));
        vm.prank(buyer);
        exchange.fill{value: price + 5}(o, signed, other, x, y, HPKE_HASH, byBuyer);
        eq(exchange.owed(MONEY, buyer), 5, "the caller's change");
        eq(exchange.owed(MONEY, other), 0, "none of the buyer's");
    }

    function test_AFillWantsTheSellersSignature() public {
        Offer memory o = usualOffer();
        refuses(o, signature(OTHER_KEY, hashOf(o)), price, bySigner());
        o.purposeHash = 0;
        refuses(o, signature(PATIENT_KEY, hashOf(usualOffer())), price, bySigner());
        // Of this contract: another's domain is another.
        bytes32 elsewhere = digest(address(assets), keccak256("any struct"));
        refuses(usualOffer(), signature(PATIENT_KEY, elsewhere), price, bySigner());
    }

    function bySigner() private view returns (bytes memory) {
        return abi.encodeWithSelector(IExchange.BadSignature.selector, patient);
    }

    function refuses(Offer memory o, bytes memory signed, uint256 valueWei, bytes memory why) private {
        (uint256 x, uint256 y) = buyerKey();
        vm.prank(buyer);
        vm.expectRevert(why);
        exchange.fill{value: valueWei}(o, signed, buyer, x, y, HPKE_HASH, "");
    }

    function refusesSigned(Offer memory o, bytes memory why) private {
        refuses(o, signature(PATIENT_KEY, hashOf(o)), o.price, why);
    }

    function test_AFillWantsWindowsWithinBounds() public {
        bytes memory why = abi.encodeWithSelector(IExchange.BadWindow.selector);
        Offer memory o = usualOffer();
        o.deliverWithin = 59;
        refusesSigned(o, why);
        o.deliverWithin = 90 days + 1;
        refusesSigned(o, why);
        (o.deliverWithin, o.disputeWithin) = (60, 59);
        refusesSigned(o, why);
        o.disputeWithin = 90 days + 1;
        refusesSigned(o, why);
        o.disputeWithin = 60;
        fillUsual(o);
        (o.deliverWithin, o.disputeWithin) = (90 days, 90 days);
        fillUsual(o);
        eq(exchange.MIN_WINDOW(), 60, "shortest");
        eq(exchange.MAX_WINDOW(), 90 days, "longest");
    }

    function test_AFillIsInTime() public {
        Offer memory o = usualOffer();
        vm.warp(o.endsAt + 1);
        refusesSigned(o, abi.encodeWithSelector(IExchange.Ended.selector, o.endsAt));
        vm.warp(o.endsAt);
        fillUsual(o);
    }

    function test_AnOfferDiesWithTheToken() public {
        Offer memory o = usualOffer();
        vm.prank(patient);
        assets.transferFrom(patient, other, id);
        refusesSigned(o, abi.encodeWithSelector(IExchange.NotOwner.selector, id, patient));
        o.tokenId = 1;
        refusesSigned(o, abi.encodeWithSelector(IAssets.NoSuchToken.selector, 1));
    }

    function test_AnOfferMayBeForOneTaker() public {
        Offer memory o = usualOffer();
        o.taker = relayer;
        refusesSigned(o, abi.encodeWithSelector(IExchange.NotTaker.selector, relayer));
        o.taker = buyer;
        fillUsual(o);
    }

    /// Whoever pays for another would else choose the key that opens the data.
    function test_AnotherFillsForABuyerWithTheKeysThatItSigned() public {
        Offer memory o = usualOffer();
        bytes memory why = abi.encodeWithSelector(IExchange.BadSignature.selector, other);
        refusesFor(o, "", why);
        refusesFor(o, signature(DOCTOR_KEY, fillHash(o)), why);
        (uint256 x, uint256 y) = buyerKey();
        refusesFor(o, signature(OTHER_KEY, fillHash(o, 1, 2, HPKE_HASH)), why);
        refusesFor(o, signature(OTHER_KEY, fillHash(o, x, y, 0)), why);
        // Of another offer, and of another contract.
        o.salt = 2;
        bytes memory signed = signature(OTHER_KEY, fillHash(o));
        o.salt = 1;
        refusesFor(o, signed, why);
        bytes32 typeHash = keccak256("Fill(bytes32 offerHash,uint256 keyX,uint256 keyY,bytes32 hpkeHash)");
        bytes32 structHash = keccak256(abi.encode(typeHash, hashOf(o), x, y, HPKE_HASH));
        refusesFor(o, signature(OTHER_KEY, digest(address(assets), structHash)), why);
        // Nor does the seller choose them.
        (bytes memory bySeller, bytes memory byOther) = (signature(PATIENT_KEY, hashOf(o)), "");
        vm.deal(patient, price);
        vm.prank(patient);
        vm.expectRevert(why);
        exchange.fill{value: price}(o, bySeller, other, x, y, HPKE_HASH, byOther);
        byOther = signature(OTHER_KEY, fillHash(o));
        vm.prank(buyer);
        bytes32 tradeId = exchange.fill{value: price}(o, bySeller, other, x, y, HPKE_HASH, byOther);
        eq(tradeId, tradeOf(o, purchaseOf(o, other)), "trade");
        // The same again is the same trade.
        refusesFor(o, byOther, abi.encodeWithSelector(IExchange.WrongState.selector, tradeId, TradeState.Filled));
    }

    function refusesFor(Offer memory o, bytes memory byBuyer, bytes memory why) private {
        bytes memory signed = signature(PATIENT_KEY, hashOf(o));
        (uint256 x, uint256 y) = buyerKey();
        vm.prank(buyer);
        vm.expectRevert(why);
        exchange.fill{value: o.price}(o, signed, other, x, y, HPKE_HASH, byBuyer);
    }

    function test_ANamedTakerMayBeTheBuyerOrTheCaller() public {
        Offer memory o = usualOffer();
        o.taker = other;
        bytes memory why = abi.encodeWithSelector(IExchange.BadSignature.selector, other);
        refusesFor(o, "", why);
        (uint256 x, uint256 y) = buyerKey();
        (bytes memory signed, bytes memory byOther) =
            (signature(PATIENT_KEY, hashOf(o)), signature(OTHER_KEY, fillHash(o)));
        vm.prank(buyer);
        exchange.fill{value: price}(o, signed, other, x, y, HPKE_HASH, byOther);
        // The taker speaks for whom it names, as Auctions and Requests do: they ask the buyer themselves.
        (o.taker, o.salt) = (buyer, 2);
        signed = signature(PATIENT_KEY, hashOf(o));
        vm.prank(buyer);
        exchange.fill{value: price}(o, signed, relayer, x, y, HPKE_HASH, "");
        // A third, with the signature of a third, is neither.
        o.salt = 3;
        refusesForThird(o);
    }

    function refusesForThird(Offer memory o) private {
        (bytes memory signed, bytes memory byOther) =
            (signature(PATIENT_KEY, hashOf(o)), signature(OTHER_KEY, fillHash(o)));
        (uint256 x, uint256 y) = buyerKey();
        vm.deal(relayer, price);
        vm.prank(relayer);
        wants(IExchange.NotTaker.selector, buyer);
        exchange.fill{value: price}(o, signed, other, x, y, HPKE_HASH, byOther);
    }

    /// A signature that is used again, where that makes another trade, costs the caller and gives the buyer.
    function test_ABuyersSignatureIsGoodAgainForABuyersGainAlone() public {
        Offer memory o = usualOffer();
        o.copies = 2;
        (bytes memory signed, bytes memory byOther) =
            (signature(PATIENT_KEY, hashOf(o)), signature(OTHER_KEY, fillHash(o)));
        Purchase memory p = purchaseOf(o, other);
        vm.deal(buyer, 10 ether);
        uint256 before = other.balance;
        for (uint256 i = 0; i < 2; ++i) {
            p.price = price + i;
            vm.prank(buyer);
            bytes32 tradeId = exchange.fillAt{value: p.price}(
                uint128(p.price), o, signed, other, p.keyX, p.keyY, HPKE_HASH, byOther
            );
            eq(tradeId, tradeOf(o, p), "trade");
            vm.warp(START + 2 hours * (i + 1));
            exchange.refund(o, p);
        }
        eq(exchange.owed(MONEY, other), 2 * price + 1, "it is the buyer's");
        eq(other.balance, before, "who paid nothing");
        eq(buyer.balance, 10 ether - 2 * price - 1, "the caller paid");
    }

    function test_AContractBuysByItsOwnSignature() public {
        Wallet wallet = new Wallet();
        Offer memory o = usualOffer();
        bytes memory signed = signature(PATIENT_KEY, hashOf(o));
        (uint256 x, uint256 y) = buyerKey();
        vm.prank(buyer);
        wants(IExchange.BadSignature.selector, address(wallet));
        exchange.fill{value: price}(o, signed, address(wallet), x, y, HPKE_HASH, "any");
        wallet.be(Wallet.Mood.Honest);
        vm.prank(buyer);
        exchange.fill{value: price}(o, signed, address(wallet), x, y, HPKE_HASH, "any");
    }

    function test_AFillNamesABuyerWithAKey() public {
        Offer memory o = usualOffer();
        bytes memory signed = signature(PATIENT_KEY, hashOf(o));
        (uint256 x, uint256 y) = buyerKey();
        wants(IExchange.ZeroAddress.selector);
        exchange.fill(o, signed, address(0), x, y, HPKE_HASH, "");
        uint256 p = 21888242871839275222246405745257275088696311157297823662689037894645226208583; // EIP-196
        uint256[2][5] memory bad = [[uint256(0), 0], [x, y + 1], [x + p, y], [uint256(1), 3], [type(uint256).max, 0]];
        for (uint256 i = 0; i < bad.length; ++i) {
            wants(IExchange.BadPoint.selector);
            exchange.fill(o, signed, buyer, bad[i][0], bad[i][1], HPKE_HASH, "");
        }
    }

    function test_AnOfferIsFilledAsOftenAsItSays() public {
        Offer memory o = usualOffer();
        o.copies = 2;
        fillAs(buyer, o, PATIENT_KEY);
        vm.deal(relayer, 10 ether);
        fillAs(relayer, o, PATIENT_KEY);
        eq(exchange.filled(patient, hashOf(o)), 2, "filled");
        bytes memory closed = abi.encodeWithSelector(IExchange.Closed.selector, hashOf(o));
        vm.deal(doctor, 10 ether);
        bytes memory signed = signature(PATIENT_KEY, hashOf(o));
        (uint256 x, uint256 y) = buyerKey();
        vm.prank(doctor);
        vm.expectRevert(closed);
        exchange.fill{value: o.price}(o, signed, doctor, x, y, HPKE_HASH, "");

        o.copies = 0;
        bytes32 tradeId = fillAs(buyer, o, PATIENT_KEY);
        fillAs(relayer, o, PATIENT_KEY);
        fillAs(doctor, o, PATIENT_KEY);
        eq(exchange.filled(patient, hashOf(o)), 0, "not counted");
        // The same buyer with the same key at the same price would be the same trade.
        refusesSigned(o, abi.encodeWithSelector(IExchange.WrongState.selector, tradeId, TradeState.Filled));
    }

    function test_ALicenceMayBeFree() public {
        Offer memory o = usualOffer();
        (o.price, o.floor) = (0, 0);
        bytes32 tradeId = trade(o);
        eq(licences.ownerOf(uint256(tradeId)), buyer, "licence");
        eq(exchange.owed(MONEY, patient), 0, "owed");
    }

    function test_APauseStopsNewFillsOnly() public {
        Offer memory o = usualOffer();
        o.copies = 0;
        Purchase memory p = purchaseOf(o, buyer);
        bytes32 tradeId = fillUsual(o);
        brake.pull(uint64(START + 7 days));
        bytes memory paused = abi.encodeWithSelector(IPause.Paused.selector, START + 7 days);
        o.salt = 2;
        refusesSigned(o, paused);
        o.salt = 1;
        approveAll(patient);
        Sale memory s = usualSale();
        bytes memory signed = signature(PATIENT_KEY, hashOf(s));
        vm.prank(buyer);
        vm.expectRevert(paused);
        exchange.buy{value: price}(s, signed, buyer, usualOrigin());

        deliverHere(tradeId, CEK);
        exchange.revoke(o, p, signature(PATIENT_KEY, revokeHash(tradeId)));
        releaseAs(buyer, o, buyer);
        exchange.withdraw(MONEY, patient);
        exchange.cancel(patient, hashOf(o), signature(PATIENT_KEY, cancelHash(hashOf(o))));
        exchange.cancelBelow(patient, 9, signature(PATIENT_KEY, cancelBelowHash(9)));
    }

    function test_AnExchangeMayHaveNoPause() public {
        exchange = Exchange(deploy("Exchange", abi.encode(assets, address(0))));
        fillUsual(usualOffer());
        eq(exchange.assets(), address(assets), "assets");
    }

    function test_TheFirstSaleMintsTheAsset() public {
        Entry memory e;
        e.contentCommitment = keccak256("not yet entered");
        e.split = usualSplit();
        e.signatures = signaturesOf(e.contentCommitment, 0, e.split, usualKeys());
        Offer memory o = usualOffer();
        o.tokenId = tokenOf(e.contentCommitment, e.split);
        enterAndFill(e, o);
        eq(assets.ownerOf(o.tokenId), patient, "owner");
        // Somebody else entered it first: it is a fill.
        o.salt = 2;
        enterAndFill(e, o);
        eq(address(exchange).balance, 2 * price, "escrow");
        // What is entered is what is sold.
        e.contentCommitment = keccak256("another");
        e.signatures = signaturesOf(e.contentCommitment, 0, e.split, usualKeys());
        o.tokenId = 1;
        bytes memory signed = signature(PATIENT_KEY, hashOf(o));
        (uint256 x, uint256 y) = buyerKey();
        wants(IExchange.WrongAsset.selector);
        exchange.enterAndFill(e, o, signed, buyer, x, y, HPKE_HASH, "");
    }

    function enterAndFill(Entry memory e, Offer memory o) private {
        bytes memory signed = signature(PATIENT_KEY, hashOf(o));
        (uint256 x, uint256 y) = buyerKey();
        wants(IExchange.BadSignature.selector, buyer);
        exchange.enterAndFill(e, o, signed, buyer, x, y, HPKE_HASH, "");
        vm.prank(buyer);
        exchange.enterAndFill{value: o.price}(e, o, signed, buyer, x, y, HPKE_HASH, "");
    }

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

    // Falling prices.

    function test_ThePriceFallsEvenly() public {
        Offer memory o = usualOffer();
        (o.price, o.floor, o.startsAt, o.endsAt) = (100, 40, uint64(START + 10), uint64(START + 70));
        eq(asked(o, START), 100, "before");
        eq(asked(o, START + 10), 100, "at the start");
        eq(asked(o, START + 11), 99, "after a second");
        eq(asked(o, START + 40), 70, "half way");
        eq(asked(o, START + 70), 40, "at the end");
        eq(asked(o, START + 71), 40, "after");
        o.floor = 99;
        eq(asked(o, START + 69), 100, "rounded for the seller");
        vm.warp(START + 40);
        o.floor = 40;
        bytes memory signed = signature(PATIENT_KEY, hashOf(o));
        (uint256 x, uint256 y) = buyerKey();
        vm.prank(buyer);
        bytes32 tradeId = exchange.fill{value: 100}(o, signed, buyer, x, y, HPKE_HASH, "");
        eq(tradeId, tradeOf(o, Purchase(buyer, 70, x, y)), "the trade has the price of the moment");
        eq(exchange.owed(MONEY, buyer), 30, "change");
    }

    function asked(Offer memory o, uint256 when) private view returns (uint256) {
        return exchange.priceOf(o.price, o.floor, o.startsAt, o.endsAt, when);
    }

    function test_APriceDoesNotRise() public {
        Offer memory o = usualOffer();
        bytes memory why = abi.encodeWithSelector(IExchange.BadPrice.selector);
        o.floor = o.price + 1;
        refusesSigned(o, why);
        (o.floor, o.startsAt) = (o.price - 1, o.endsAt);
        refusesSigned(o, why);
        o.startsAt = o.endsAt - 1;
        fillUsual(o);
        (o.price, o.floor) = (2 ** 128, 2 ** 128);
        vm.deal(buyer, 2 ** 130);
        refusesSigned(o, why);
        (o.price, o.floor) = (2 ** 128 - 1, 2 ** 128 - 1);
        fillUsual(o);
    }

    function testFuzz_APriceStaysBetweenItsEnds(uint128 top, uint128 low, uint64 from, uint64 to, uint256 when, uint64 later)
        public
        view
    {
        if (low > top) (top, low) = (low, top);
        if (from > to) (from, to) = (to, from);
        if (from == to) return;
        when = when % 2 ** 64;
        uint256 now_ = exchange.priceOf(top, low, from, to, when);
        isTrue(now_ <= top && now_ >= low, "between");
        isTrue(exchange.priceOf(top, low, from, to, when + later) <= now_, "falls");
        if (when > from && when < to) {
            // Never below the line, and less than one above it.
            uint256 fall = uint256(top - low) * (when - from);
            uint256 span = to - from;
            isTrue((top - now_) * span <= fall && fall < (top - now_ + 1) * span, "on the line");
        }
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

    // ERC-20.

    function test_ALicenceIsPaidInATokenToo() public {
        Offer memory o = usualOffer();
        o.currency = address(coin);
        bytes32 tradeId = fillUsual(o);
        eq(coin.balanceOf(address(exchange)), price, "escrow");
        deliverHere(tradeId, CEK);
        releaseAs(buyer, o, buyer);
        uint256 toDoctor = price * 2999 / 10_000;
        eq(exchange.owed(address(coin), doctor), toDoctor, "doctor");
        eq(exchange.owed(MONEY, doctor), 0, "no money");
        exchange.withdraw(address(coin), doctor);
        eq(coin.balanceOf(doctor), toDoctor, "doctor's");
        vm.prank(patient);
        exchange.withdrawTo(address(coin), address(0xFEED));
        eq(coin.balanceOf(address(0xFEED)), price - toDoctor, "sent on");
        wants(ILedger.NothingOwed.selector, uint160(address(coin)), patient);
        exchange.withdraw(address(coin), patient);
    }

    function test_MoneySentWithATokensFillIsRefused() public {
        Offer memory o = usualOffer();
        o.currency = address(coin);
        refuses(o, signature(PATIENT_KEY, hashOf(o)), 1, abi.encodeWithSelector(Money.WrongValue.selector, 1, 0));
    }

    function test_ATokenThatTakesAFeeIsRefusedByName() public {
        Coin fee = new Coin(Coin.Habit.TakesAFee);
        stock(fee, buyer);
        Offer memory o = usualOffer();
        o.currency = address(fee);
        bytes memory signed = signature(PATIENT_KEY, hashOf(o));
        bytes memory why = abi.encodeWithSelector(Money.NotWhole.selector, fee, price - price / 100, price);
        refuses(o, signed, 0, why);
    }

    function test_ATokenThatCallsBackGetsNothing() public {
        Coin thief = new Coin(Coin.Habit.CallsBack);
        stock(thief, buyer);
        stock(thief, other);
        Offer memory o = usualOffer();
        (o.currency, o.copies) = (address(thief), 0);
        Purchase memory p = purchaseOf(o, buyer);
        // While a buyer pays, the token asks for the money of that trade, and of another's.
        thief.reenter(address(exchange), abi.encodeCall(IExchange.refund, (o, p)));
        bytes32 tradeId = fillAs(other, o, PATIENT_KEY);
        fillUsual(o);
        thief.reenter(address(exchange), abi.encodeCall(IExchange.release, (o, p, CONTENT, usualSplit())));
        o.salt = 2;
        fillUsual(o);
        eq(thief.reentered(), 0, "calls back that worked");
        eq(thief.balanceOf(address(exchange)), 3 * price, "escrow");
        // What is owed is paid meanwhile: then the price has not arrived, and nothing of it stands.
        deliverHere(tradeId, CEK);
        o.salt = 1;
        releaseAs(other, o, other);
        thief.reenter(address(exchange), abi.encodeCall(ILedger.withdraw, (address(thief), doctor)));
        o.salt = 3;
        bytes memory signed = signature(PATIENT_KEY, hashOf(o));
        uint256 arrived = price - price * 2999 / 10_000;
        refuses(o, signed, 0, abi.encodeWithSelector(Money.NotWhole.selector, thief, arrived, price));
        eq(thief.balanceOf(address(exchange)), 3 * price, "here still");
    }

    function test_ATokenThatShrinksHarmsNoOtherCurrency() public {
        Offer memory o = usualOffer();
        o.copies = 0;
        trade(o);
        o.currency = address(coin);
        trade(o);
        coin.shrink(address(exchange), price / 2);
        exchange.withdraw(address(coin), doctor);
        vm.expectRevert();
        exchange.withdraw(address(coin), patient);
        exchange.withdraw(MONEY, patient);
        exchange.withdraw(MONEY, doctor);
        eq(address(exchange).balance, 0, "all money is out");
    }

    // Tokens themselves.

    function test_ACreatorsAssetPaysTheSplitAll() public {
        approveAll(patient);
        Sale memory s = usualSale();
        address till = IRoyalties(assets.royalties()).receiverOf(id);
        bytes memory signed = signature(PATIENT_KEY, hashOf(s));
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Credited(hashOf(s), till, MONEY, price);
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Sold(hashOf(s), address(assets), id, patient, other, MONEY, price);
        vm.prank(buyer);
        exchange.buy{value: price + 3}(s, signed, other, usualOrigin());
        eq(assets.ownerOf(id), other, "owner");
        eq(exchange.hashSale(s), hashOf(s), "hashSale");
        eq(exchange.owed(MONEY, buyer), 3, "change");
        exchange.withdraw(MONEY, till);
        IRoyalties(assets.royalties()).open(id);
        IRoyalty(till).distribute(MONEY, CONTENT, usualSplit());
        IRoyalty(till).withdraw(MONEY, doctor);
        eq(doctor.balance, price * 2999 / 10_000, "doctor");
    }

    function test_ALaterOwnersAssetPaysTheRoyalty() public {
        vm.prank(patient);
        assets.transferFrom(patient, other, id);
        approveAll(other);
        Sale memory s = usualSale();
        (s.seller, s.currency) = (other, address(coin));
        buyAs(buyer, s, OTHER_KEY);
        eq(assets.ownerOf(id), buyer, "owner");
        eq(exchange.owed(address(coin), IRoyalties(assets.royalties()).receiverOf(id)), price / 10, "royalty");
        eq(exchange.owed(address(coin), other), price - price / 10, "seller");
        eq(coin.balanceOf(address(exchange)), price, "here");
    }

    function refusesSale(Sale memory s, uint256 key, Origin memory origin, bytes memory why) private {
        bytes memory signed = signature(key, hashOf(s));
        vm.prank(buyer);
        vm.expectRevert(why);
        exchange.buy{value: s.price}(s, signed, buyer, origin);
    }

    function test_ASaleWantsWhatAnOfferWants() public {
        approveAll(patient);
        Sale memory s = usualSale();
        Origin memory o = usualOrigin();
        refusesSale(s, OTHER_KEY, o, bySigner());
        s.endsAt = uint64(START - 1);
        refusesSale(s, PATIENT_KEY, o, abi.encodeWithSelector(IExchange.Ended.selector, s.endsAt));
        s = usualSale();
        s.taker = relayer;
        refusesSale(s, PATIENT_KEY, o, abi.encodeWithSelector(IExchange.NotTaker.selector, relayer));
        s = usualSale();
        s.collection = address(identity);
        refusesSale(s, PATIENT_KEY, o, abi.encodeWithSelector(IExchange.NotSoldHere.selector, identity));
        s = usualSale();
        s.seller = other;
        refusesSale(s, OTHER_KEY, o, abi.encodeWithSelector(IExchange.NotOwner.selector, id, other));
        s = usualSale();
        s.floor = s.price + 1;
        refusesSale(s, PATIENT_KEY, o, abi.encodeWithSelector(IExchange.BadPrice.selector));
        exchange.cancelBelow(patient, 2, signature(PATIENT_KEY, cancelBelowHash(2)));
        refusesSale(usualSale(), PATIENT_KEY, o, abi.encodeWithSelector(IExchange.Stale.selector, 2));
        s = usualSale();
        s.salt = 2;
        exchange.cancel(patient, hashOf(s), signature(PATIENT_KEY, cancelHash(hashOf(s))));
        refusesSale(s, PATIENT_KEY, o, abi.encodeWithSelector(IExchange.Closed.selector, hashOf(s)));
        s.salt = 3;
        bytes memory signed = signature(PATIENT_KEY, hashOf(s));
        wants(IExchange.ZeroAddress.selector);
        exchange.buy(s, signed, address(0), o);
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(Money.WrongValue.selector, price - 1, price));
        exchange.buy{value: price - 1}(s, signed, buyer, o);
    }

    /// A creator and its buyer may not leave the others of the split out by naming another origin.
    function test_ASaleNamesTheRightCreator() public {
        approveAll(patient);
        bytes memory why = abi.encodeWithSelector(IExchange.WrongAsset.selector);
        Origin memory o = usualOrigin();
        o.creator = doctor;
        refusesSale(usualSale(), PATIENT_KEY, o, why);
        o = usualOrigin();
        o.splitHash = 0;
        refusesSale(usualSale(), PATIENT_KEY, o, why);
        o = usualOrigin();
        o.contentCommitment = 0;
        refusesSale(usualSale(), PATIENT_KEY, o, why);
    }

    function test_ASaleWantsTheSellersApproval() public {
        bytes memory why = abi.encodeWithSelector(IAssets.NotApproved.selector, id, exchange);
        refusesSale(usualSale(), PATIENT_KEY, usualOrigin(), why);
        vm.prank(patient);
        assets.approve(address(exchange), id);
        buyAs(buyer, usualSale(), PATIENT_KEY);
    }

    function test_ASoldTokenThatComesBackIsNotSoldAgain() public {
        approveAll(patient);
        Sale memory s = usualSale();
        buyAs(buyer, s, PATIENT_KEY);
        vm.prank(buyer);
        assets.transferFrom(buyer, patient, id);
        refusesSale(s, PATIENT_KEY, usualOrigin(), abi.encodeWithSelector(IExchange.Closed.selector, hashOf(s)));
    }

    function test_ATokenSellsAtAFallingPrice() public {
        approveAll(patient);
        Sale memory s = usualSale();
        (s.price, s.floor, s.startsAt, s.endsAt) = (100, 40, uint64(START), uint64(START + 60));
        vm.warp(START + 30);
        buyAs(buyer, s, PATIENT_KEY);
        eq(exchange.owed(MONEY, buyer), 30, "change");
        eq(exchange.owed(MONEY, IRoyalties(assets.royalties()).receiverOf(id)), 70, "split");
    }

    function test_ATransferableLicenceIsResoldByASignature() public {
        Offer memory o = usualOffer();
        o.transferable = true;
        stock(coin, other);
        bytes32 tradeId = fillAs(other, o, PATIENT_KEY);
        deliverHere(tradeId, CEK);
        releaseAs(other, o, other);
        Sale memory s = usualSale();
        (s.seller, s.collection, s.tokenId, s.currency) = (other, address(licences), uint256(tradeId), address(coin));
        buyAs(buyer, s, OTHER_KEY);
        eq(licences.ownerOf(uint256(tradeId)), buyer, "owner");
        eq(exchange.owed(address(coin), IRoyalties(assets.royalties()).receiverOf(id)), price / 10, "royalty");
        eq(exchange.owed(address(coin), other), price - price / 10, "seller");
        isTrue(licences.allows(uint256(tradeId), buyer) && !licences.allows(uint256(tradeId), other), "allowed");
    }

    function test_ALicenceThatIsOverIsNotResold() public {
        Offer memory o = usualOffer();
        (o.transferable, o.term) = (true, 30 days);
        stock(coin, other);
        bytes32 tradeId = fillAs(other, o, PATIENT_KEY);
        deliverHere(tradeId, CEK);
        releaseAs(other, o, other);
        Sale memory s = usualSale();
        (s.seller, s.collection, s.tokenId) = (other, address(licences), uint256(tradeId));
        s.endsAt = uint64(START + 60 days);
        bytes memory why = abi.encodeWithSelector(ILicences.LicenceOver.selector, tradeId);
        vm.warp(START + 30 days + 1);
        refusesSale(s, OTHER_KEY, usualOrigin(), why);
        vm.warp(START + 30 days);
        exchange.revoke(o, purchaseOf(o, other), signature(PATIENT_KEY, revokeHash(tradeId)));
        refusesSale(s, OTHER_KEY, usualOrigin(), why);
        // To give it away is free, to whoever wants it.
        vm.prank(other);
        licences.transferFrom(other, buyer, uint256(tradeId));
    }

    function testFuzz_ALicenceIsResoldWhileItIsValid(uint32 term, uint32 when, bool revoked) public {
        Offer memory o = usualOffer();
        (o.transferable, o.term) = (true, term);
        bytes32 tradeId = fillAs(other, o, PATIENT_KEY);
        deliverHere(tradeId, CEK);
        releaseAs(other, o, other);
        if (revoked) exchange.revoke(o, purchaseOf(o, other), signature(PATIENT_KEY, revokeHash(tradeId)));
        Sale memory s = usualSale();
        (s.seller, s.collection, s.tokenId) = (other, address(licences), uint256(tradeId));
        s.endsAt = type(uint64).max;
        vm.warp(START + when);
        if (revoked || (term != 0 && when > term)) {
            bytes memory why = abi.encodeWithSelector(ILicences.LicenceOver.selector, tradeId);
            refusesSale(s, OTHER_KEY, usualOrigin(), why);
            return;
        }
        buyAs(buyer, s, OTHER_KEY);
        eq(licences.ownerOf(uint256(tradeId)), buyer, "owner");
    }

    function test_AnotherLicenceIsNotResold() public {
        bytes32 tradeId = trade(usualOffer());
        Sale memory s = usualSale();
        (s.collection, s.tokenId, s.seller) = (address(licences), uint256(tradeId), other);
        vm.deal(buyer, 10 ether);
        refusesSale(s, OTHER_KEY, usualOrigin(), abi.encodeWithSelector(IExchange.NotOwner.selector, tradeId, other));
        // Its owner is a contract that signs all.
        Receiver owner = new Receiver();
        Offer memory o = usualOffer();
        o.copies = 0;
        (uint256 x, uint256 y) = buyerKey();
        bytes memory signed = signature(PATIENT_KEY, hashOf(o));
        vm.prank(buyer);
        tradeId = exchange.fill{value: price}(o, signed, address(owner), x, y, HPKE_HASH, "any");
        deliverHere(tradeId, CEK);
        vm.warp(START + 3 hours);
        releaseAs(relayer, o, address(owner));
        (s.tokenId, s.seller) = (uint256(tradeId), address(owner));
        bytes memory why = abi.encodeWithSelector(ILicences.NotTransferable.selector, tradeId);
        refusesSale(s, OTHER_KEY, usualOrigin(), why);
    }

    // Contracts that sign or refuse.

    function test_AContractSellsByItsOwnSignature() public {
        Wallet wallet = new Wallet();
        vm.prank(patient);
        assets.transferFrom(patient, address(wallet), id);
        Offer memory o = usualOffer();
        o.seller = address(wallet);
        bytes memory why = abi.encodeWithSelector(IExchange.BadSignature.selector, wallet);
        for (uint256 i = 0; i < uint256(Wallet.Mood.Honest); ++i) {
            wallet.be(Wallet.Mood(i));
            refuses(o, "", price, why);
        }
        wallet.be(Wallet.Mood.Honest);
        (uint256 x, uint256 y) = buyerKey();
        vm.prank(buyer);
        bytes32 tradeId = exchange.fill{value: price}(o, "", buyer, x, y, HPKE_HASH, "");
        // It lies from now on: no delivery, and the buyer has the money back.
        wallet.be(Wallet.Mood.Refuses);
        Delivery memory d = deliveryOf(tradeId, CEK);
        vm.expectRevert(why);
        exchange.deliver(d, "");
        vm.warp(START + 1 hours + 1);
        exchange.refund(o, purchaseOf(o, buyer));
        eq(exchange.owed(MONEY, buyer), price, "owed");
    }

    function test_APayeeThatRefusesHarmsItselfAlone() public {
        Receiver stubborn = new Receiver();
        stubborn.refuse(true);
        Offer memory o = usualOffer();
        (uint256 x, uint256 y) = buyerKey();
        bytes memory signed = signature(PATIENT_KEY, hashOf(o));
        vm.prank(buyer);
        exchange.fill{value: price}(o, signed, address(stubborn), x, y, HPKE_HASH, "any");
        vm.warp(START + 2 hours);
        exchange.refund(o, purchaseOf(o, address(stubborn)));
        wants(Money.PaymentRefused.selector, address(stubborn));
        exchange.withdraw(MONEY, address(stubborn));
        eq(exchange.owed(MONEY, address(stubborn)), price, "still owed");
        uint256 before = other.balance;
        stubborn.run(address(exchange), 0, abi.encodeCall(ILedger.withdrawTo, (MONEY, other)));
        eq(other.balance, before + price, "sent elsewhere by the payee itself");
    }

    function test_APayeeThatCallsBackIsPaidOnce() public {
        Receiver thief = new Receiver();
        Offer memory o = usualOffer();
        (uint256 x, uint256 y) = buyerKey();
        bytes memory signed = signature(PATIENT_KEY, hashOf(o));
        vm.prank(buyer);
        exchange.fill{value: price}(o, signed, address(thief), x, y, HPKE_HASH, "any");
        vm.warp(START + 2 hours);
        Purchase memory p = purchaseOf(o, address(thief));
        exchange.refund(o, p);
        o.salt = 2;
        fillUsual(o); // somebody else's money lies here too
        o.salt = 1;
        bytes[3] memory calls = [
            abi.encodeCall(ILedger.withdraw, (MONEY, address(thief))),
            abi.encodeCall(ILedger.withdrawTo, (MONEY, address(thief))),
            abi.encodeCall(IExchange.refund, (o, p))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            thief.reenter(address(exchange), calls[i]);
            if (exchange.owed(MONEY, address(thief)) != 0) exchange.withdraw(MONEY, address(thief));
        }
        eq(address(thief).balance, price, "thief");
        eq(thief.reentered(), 0, "calls back that worked");
        eq(address(exchange).balance, price, "the other's money");
    }

    function test_MoneyComesInByAFillOnly() public {
        vm.prank(buyer);
        (bool ok,) = address(exchange).call{value: 1}("");
        isTrue(!ok, "plain money is refused");
    }

    /// The layout of storage: other versions, indexers and proofs read it.
    function test_TheStorageLayoutIsPinned() public {
        Offer memory o = usualOffer();
        (o.term, o.transferable) = (type(uint32).max, true);
        bytes32 tradeId = fillUsual(o);
        vm.warp(START + 9);
        Delivery memory d = deliverHere(tradeId, CEK);
        exchange.revoke(o, purchaseOf(o, buyer), signature(PATIENT_KEY, revokeHash(tradeId)));
        bytes32 typeHash =
            keccak256("Delivery(bytes32 orderHash,bytes32 grantHash,uint256 ephemeralX,uint256 ephemeralY,bytes32 masked)");
        uint256 mark = uint256(keccak256(abi.encode(typeHash, d))) >> 96;
        uint256 first = uint256(TradeState.Delivered) | uint256(1) << 8 | uint256(2 hours) << 16
            | (START + 9 + 2 hours) << 48 | mark << 88;
        eq(uint256(slotOf(tradeId, 1)), first, "state, revoked, span, dueAt, mark");
        bytes32 inner = keccak256(abi.encode(patient, uint256(2)));
        eq(uint256(vm.load(address(exchange), keccak256(abi.encode(hashOf(o), inner)))), 1, "filled");
        exchange.cancelBelow(patient, 7, signature(PATIENT_KEY, cancelBelowHash(7)));
        eq(uint256(vm.load(address(exchange), keccak256(abi.encode(patient, uint256(3))))), 7, "lowest salt");
        releaseAs(buyer, o, buyer);
        first = uint256(TradeState.Released) | uint256(1) << 8 | uint256(o.term) << 16 | (START + 9 + o.term) << 48
            | uint256(uint160(buyer)) << 88 | uint256(1) << 248;
        eq(uint256(slotOf(tradeId, 1)), first, "state, revoked, term, its end, buyer, transferable");
        inner = keccak256(abi.encode(MONEY, uint256(0)));
        eq(uint256(vm.load(address(exchange), keccak256(abi.encode(doctor, inner)))), price * 2999 / 10_000, "owed");
    }

    function slotOf(bytes32 key, uint256 mapped) private view returns (bytes32) {
        return vm.load(address(exchange), keccak256(abi.encode(key, mapped)));
    }

    // Fuzz.

    function testFuzz_NobodyElseChoosesABuyersKeys(uint256 key, address caller, address taker, bytes32 hpkeHash) public {
        key = key % 2 ** 250 + 1;
        vm.assume(vm.addr(key) != other && caller != other && caller != taker && caller != address(0) && caller.code.length == 0);
        Offer memory o = usualOffer();
        o.taker = taker == address(0) ? taker : other;
        vm.deal(caller, 2 * price);
        (uint256 x, uint256 y) = buyerKey();
        bytes memory signed = signature(PATIENT_KEY, hashOf(o));
        bytes memory byOther = signature(key, fillHash(o, x, y, hpkeHash));
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(IExchange.BadSignature.selector, other));
        exchange.fill{value: price}(o, signed, other, x, y, hpkeHash, byOther);
        byOther = signature(OTHER_KEY, fillHash(o, x, y, hpkeHash));
        vm.prank(caller);
        eq(exchange.fill{value: price}(o, signed, other, x, y, hpkeHash, byOther), tradeOf(o, purchaseOf(o, other)), "id");
    }

    function testFuzz_TheSplitIsExactToTheWei(uint96 amount, bool bySplit, bool inCoin) public {
        Offer memory o = usualOffer();
        (o.price, o.floor) = (amount, amount);
        if (inCoin) o.currency = address(coin);
        uint256 key = PATIENT_KEY;
        if (!bySplit) {
            vm.prank(patient);
            assets.transferFrom(patient, other, id);
            (o.seller, key) = (other, OTHER_KEY);
        }
        vm.deal(buyer, amount);
        bytes32 tradeId = fillAs(buyer, o, key);
        deliverAs(tradeId, CEK, key);
        releaseAs(buyer, o, buyer);
        uint256 shared = bySplit ? amount : amount / 10;
        eq(exchange.owed(o.currency, doctor), shared * 2999 / 10_000, "doctor");
        eq(exchange.owed(o.currency, patient), shared - shared * 2999 / 10_000, "patient");
        eq(exchange.owed(o.currency, other), amount - shared, "seller");
    }

    function testFuzz_NoForgedOrderIsFilled(uint256 key, uint8 field, uint256 dirt) public {
        key = key % (2 ** 250) + 1;
        vm.assume(vm.addr(key) != patient);
        Offer memory o = usualOffer();
        bytes memory signed = signature(key, hashOf(o));
        refuses(o, signed, price, bySigner());
        // A field changed after it was signed.
        signed = signature(PATIENT_KEY, hashOf(o));
        vm.assume(dirt != 0);
        if (field % 6 == 0) o.keyCommitment ^= bytes32(dirt);
        if (field % 6 == 1) o.payloadHash ^= bytes32(dirt);
        if (field % 6 == 2) o.termsHash ^= bytes32(dirt);
        if (field % 6 == 3) o.purposeHash ^= bytes32(dirt);
        if (field % 6 == 4) o.salt ^= dirt;
        if (field % 6 == 5) o.transferable = !o.transferable;
        refuses(o, signed, price, bySigner());
    }

    /// What is told and hashed as it came has no bits above its type, whoever signed it: a later call could not read it.
    function testFuzz_AFieldWithDirtyBitsIsNotFilled(uint8 field, uint8 bit, bool inBool) public {
        uint8[11] memory typed = [0, 1, 3, 4, 7, 8, 9, 10, 11, 12, 13]; // address, uint64, uint32, bool
        uint256 word = inBool ? 13 : typed[field % 11];
        uint256 width = word < 5 ? 160 : word < 9 ? 64 : word < 13 ? 32 : 1;
        uint256 dirt = 1 << (width + bit % (256 - width));
        Offer memory o = usualOffer();
        bytes memory words = abi.encode(o);
        (uint256 x, uint256 y) = buyerKey();
        isTrue(sends(o, dirtied(words, word * 32, 0), x, y, 4 + word * 32, 0), "without dirt");
        o.salt = 2;
        words = abi.encode(o);
        isTrue(!sends(o, dirtied(words, word * 32, dirt), x, y, 4 + word * 32, dirt), "with dirt");
    }

    function sends(Offer memory o, bytes memory words, uint256 x, uint256 y, uint256 at, uint256 dirt)
        private
        returns (bool ok)
    {
        bytes32 structHash = keccak256(bytes.concat(OFFER_TYPEHASH, words));
        bytes memory signed = signature(PATIENT_KEY, digest(address(exchange), structHash));
        bytes memory data = abi.encodeCall(IExchange.fill, (o, signed, buyer, x, y, HPKE_HASH, ""));
        data = dirtied(data, at, dirt);
        vm.prank(buyer);
        (ok,) = address(exchange).call{value: o.price}(data);
    }

    /// @dev The bytes with these bits set in the word at an offset.
    function dirtied(bytes memory data, uint256 at, uint256 dirt) private pure returns (bytes memory) {
        assembly ("memory-safe") {
            let place := add(add(data, 32), at)
            mstore(place, or(mload(place), dirt))
        }
        return data;
    }

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

    function testFuzz_ASaleIsExactToTheWei(uint96 amount, bool bySplit, bool inCoin) public {
        Sale memory s = usualSale();
        (s.price, s.floor) = (amount, amount);
        if (inCoin) s.currency = address(coin);
        uint256 key = PATIENT_KEY;
        if (!bySplit) {
            vm.prank(patient);
            assets.transferFrom(patient, other, id);
            (s.seller, key) = (other, OTHER_KEY);
        }
        approveAll(s.seller);
        vm.deal(buyer, amount);
        buyAs(buyer, s, key);
        uint256 shared = bySplit ? amount : amount / 10;
        eq(exchange.owed(s.currency, IRoyalties(assets.royalties()).receiverOf(id)), shared, "split");
        eq(exchange.owed(s.currency, s.seller), amount - shared, "seller");
        eq(assets.ownerOf(id), buyer, "owner");
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

    function isDeal(bytes32 tradeId, TradeState state, uint256 dueAt, bytes20 mark) private view {
        Deal memory deal = exchange.trade(tradeId);
        eq(uint256(deal.state), uint256(state), "state");
        eq(deal.dueAt, dueAt, "due");
        eq(bytes32(deal.mark), bytes32(mark), "mark");
        eq(deal.span, 2 hours, "span");
        isTrue(!deal.revoked && !deal.transferable, "revoked or transferable");
    }

    /// A buyer may bid more than is asked, so that the price of a falling one is known when its signature is asked for.
    function test_ATokenIsBoughtForWhatWasBid() public {
        approveAll(patient);
        Sale memory s = usualSale();
        (s.floor, s.startsAt) = (1 ether, uint64(START));
        bytes memory signed = signature(PATIENT_KEY, hashOf(s));
        vm.warp(START + 1 days);
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(Money.WrongValue.selector, 1 ether, 1 ether + 3));
        exchange.buyAt{value: 1 ether}(1 ether + 3, s, signed, buyer, usualOrigin());
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Sold(hashOf(s), address(assets), s.tokenId, patient, buyer, MONEY, 1 ether + 3);
        vm.prank(buyer);
        exchange.buyAt{value: 1 ether + 3}(1 ether + 3, s, signed, buyer, usualOrigin());
        eq(assets.ownerOf(s.tokenId), buyer, "owner");
        eq(address(exchange).balance, 1 ether + 3, "paid");
    }

    /// Whatever is offered and whoever buys, an offer's hash and a trade's name are what the text says.
    function testFuzz_HashesAreTheTexts(Offer memory o, Purchase memory p) public view {
        eq(exchange.hashOffer(o), hashOf(o), "offer");
        eq(exchange.tradeOf(o, p), tradeOf(o, p), "trade");
    }

    /// With a fill, what its payees signed is entered and what its seller signed is sold: both or neither.
    function testFuzz_AFirstSaleEntersWhatWasSignedOrNothing(bytes32 content, uint8 fault, uint96 wrong, uint64 salt) public {
        vm.assume(content != CONTENT);
        Entry memory e = entryOf(content);
        Offer memory o = usualOffer();
        (o.tokenId, o.salt) = (tokenOf(content, e.split), salt);
        fault %= 6;
        if (fault == 1) e.signatures[1] = signature(OTHER_KEY, assetDigest(content, 0, e.split));
        if (fault == 2) e = entryOf(~content);
        if (fault == 3) assets.enter(content, 0, e.split, e.signatures); // by somebody else, before
        if (fault == 3) e.signatures = new bytes[](0);
        uint256 paid = fault == 4 ? wrong : price;
        bool ok = enters(e, o, fault == 5 ? OTHER_KEY : PATIENT_KEY, paid);
        isTrue(ok == (fault == 0 || fault == 3 || (fault == 4 && wrong >= price)), "both were signed and it is paid");
        isTrue(assets.entered(o.tokenId) == (ok || fault == 3), "entered");
        isTrue(!assets.entered(tokenOf(~content, e.split)), "and nothing else");
        eq(uint256(exchange.trade(tradeOf(o, purchaseOf(o, buyer))).state), uint256(ok ? TradeState.Filled : TradeState.None), "trade");
        eq(address(exchange).balance, ok ? paid : 0, "escrow");
        eq(exchange.owed(MONEY, buyer), ok ? paid - price : 0, "what is over is owed back");
    }

    function entryOf(bytes32 content) private view returns (Entry memory e) {
        (e.contentCommitment, e.split) = (content, usualSplit());
        e.signatures = signaturesOf(content, 0, e.split, usualKeys());
    }

    function enters(Entry memory e, Offer memory o, uint256 key, uint256 paid) private returns (bool ok) {
        bytes memory signed = signature(key, hashOf(o));
        (uint256 x, uint256 y) = buyerKey();
        vm.deal(buyer, paid);
        vm.prank(buyer);
        try exchange.enterAndFill{value: paid}(e, o, signed, buyer, x, y, HPKE_HASH, "") {
            return true;
        } catch {
            return false;
        }
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

    /// What is owed is sent where its payee says, whole and once; nobody else moves it by a single wei.
    function testFuzz_WhatIsOwedGoesWhereItsPayeeSays(uint96 amount, bool inCoin, address by, bool itself, bytes32 seed) public {
        if (itself) by = doctor;
        vm.assume(by != patient);
        address to = address(uint160(uint256(keccak256(abi.encode(seed)))));
        Offer memory o = usualOffer();
        (o.price, o.floor) = (amount, amount);
        if (inCoin) o.currency = address(coin);
        vm.deal(buyer, amount);
        trade(o);
        uint256 due = uint256(amount) * 2999 / 10_000;
        eq(exchange.owed(o.currency, doctor), due, "due");
        bytes memory data = abi.encodeCall(ILedger.withdrawTo, (o.currency, to));
        vm.prank(by);
        (bool ok,) = address(exchange).call(data);
        isTrue(ok == (by == doctor && due != 0), "its own word");
        eq(inCoin ? coin.balanceOf(to) : to.balance, ok ? due : 0, "elsewhere");
        eq(exchange.owed(o.currency, doctor), ok ? 0 : due, "owed");
        eq(exchange.owed(o.currency, patient), amount - due, "the other's");
        vm.prank(by);
        (ok,) = address(exchange).call(data);
        isTrue(!ok, "not twice");
    }
}
