// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAssets, Share} from "../src/IAssets.sol";
import {Deal, Delivery, IExchange, OFFER_TYPEHASH, Offer, Purchase, Sale, TradeState} from "../src/IExchange.sol";
import {IPause} from "../src/IPause.sol";
import {Money} from "../src/Money.sol";
import {ExchangeStand} from "./ExchangeStand.sol";
import {Exchange} from "./Faces.sol";
import {Wallet} from "./hostile/Wallet.sol";

/// @notice Licences: how they are sold, and what a fill wants.
contract ExchangeTest is ExchangeStand {
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
        emit IExchange.Released(tradeId);
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

    // The contract itself.

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

    /// Whatever is offered and whoever buys, an offer's hash and a trade's name are what the text says.
    function testFuzz_HashesAreTheTexts(Offer memory o, Purchase memory p) public view {
        eq(exchange.hashOffer(o), hashOf(o), "offer");
        eq(exchange.tradeOf(o, p), tradeOf(o, p), "trade");
    }
}
