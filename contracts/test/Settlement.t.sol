// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Curve} from "../src/Curve.sol";
import {IAssets, Share} from "../src/IAssets.sol";
import {Delivery, ISettlement, Order, State, Trade} from "../src/ISettlement.sol";
import {Fixture} from "./Fixture.sol";
import {Receiver} from "./hostile/Receiver.sol";
import {Wallet} from "./hostile/Wallet.sol";

contract SettlementTest is Fixture {
    uint256 private id;
    uint256 private price;
    bytes32 private hash; // of the usual order

    function setUp() public override {
        super.setUp();
        id = enterUsual();
        price = usualOrder().priceWei;
        hash = orderHashOf(usualOrder());
    }

    // The way that all hope for.

    function test_AFillHoldsTheMoneyAndSaysWhatTheSellerNeeds() public {
        Order memory order = usualOrder();
        (uint256 x, uint256 y) = buyerKey();
        bytes memory signed = signature(PATIENT_KEY, hash);
        vm.expectEmit(true, true, true, true, address(settlement));
        emit ISettlement.Filled(hash, id, buyer, price, x, y, HPKE_HASH);
        vm.prank(buyer);
        eq(settlement.fill{value: price}(order, signed, x, y, HPKE_HASH), hash, "order hash");
        eq(settlement.hashOrder(order), hash, "hashOrder");
        eq(address(settlement).balance, price, "escrow");
        isTrade(State.Filled, START, 0, START + 1 hours);
    }

    function test_ADeliveryShowsTheBoxAndStartsTheDispute() public {
        fillUsual(usualOrder());
        vm.warp(START + 10);
        Delivery memory d = boxFor(hash, CEK, 77);
        bytes memory signed = signature(PATIENT_KEY, deliveryDigest(d));
        vm.expectEmit(true, true, true, true, address(settlement));
        emit ISettlement.Delivered(hash, d.grantHash, d.ephemeralX, d.ephemeralY, d.masked);
        vm.prank(relayer);
        settlement.deliver(d, signed);
        isTrade(State.Delivered, START, START + 10, START + 10 + 2 hours);
    }

    function test_TheBuyerReleasesAtOnceAndTheSplitHasAll() public {
        fillUsual(usualOrder());
        deliverUsual(hash, CEK);
        uint256 toDoctor = price * 2999 / 10_000;
        vm.expectEmit(true, true, true, true, address(settlement));
        emit ISettlement.Credited(hash, patient, price - toDoctor);
        vm.expectEmit(true, true, true, true, address(settlement));
        emit ISettlement.Credited(hash, doctor, toDoctor);
        vm.expectEmit(true, true, true, true, address(settlement));
        emit ISettlement.Released(hash, id, price);
        vm.prank(buyer);
        settlement.release(hash, CONTENT, usualSplit());
        isTrade(State.Released, START, START, 0);
        vm.prank(relayer);
        settlement.withdraw(patient);
        settlement.withdraw(doctor);
        eq(patient.balance, price - toDoctor, "patient");
        eq(doctor.balance, toDoctor, "doctor");
        eq(address(settlement).balance, 0, "left");
    }

    function test_ALaterOwnerSharesTheRoyaltyOnly() public {
        vm.prank(patient);
        assets.transferFrom(patient, other, id);
        Order memory order = usualOrder();
        order.seller = other;
        bytes32 orderHash = orderHashOf(order);
        fillAs(order, signature(OTHER_KEY, orderHash));
        Delivery memory d = boxFor(orderHash, CEK, 5);
        settlement.deliver(d, signature(OTHER_KEY, deliveryDigest(d)));
        vm.prank(buyer);
        settlement.release(orderHash, CONTENT, usualSplit());
        uint256 royalty = price / 10;
        eq(settlement.owed(other), price - royalty, "seller");
        eq(settlement.owed(doctor), royalty * 2999 / 10_000, "doctor");
        eq(settlement.owed(patient), royalty - royalty * 2999 / 10_000, "patient");
    }

    function test_TheFirstSaleMintsTheAsset() public {
        bytes32 content = keccak256("not yet entered");
        Share[] memory split = usualSplit();
        bytes[] memory signatures = signaturesOf(content, 0, split, usualKeys());
        Order memory order = usualOrder();
        order.tokenId = tokenOf(content, split);
        (uint256 x, uint256 y) = buyerKey();
        bytes memory signed = signature(PATIENT_KEY, orderHashOf(order));
        vm.prank(buyer);
        settlement.enterAndFill{value: price}(content, 0, split, signatures, order, signed, x, y, HPKE_HASH);
        eq(assets.ownerOf(order.tokenId), patient, "owner");

        // Somebody else entered it first: it is a fill.
        order.salt = bytes32(uint256(2));
        signed = signature(PATIENT_KEY, orderHashOf(order));
        vm.prank(buyer);
        settlement.enterAndFill{value: price}(content, 0, split, signatures, order, signed, x, y, HPKE_HASH);
        eq(address(settlement).balance, 2 * price, "escrow");

        // What is entered is what is sold.
        bytes32 another = keccak256("another");
        signatures = signaturesOf(another, 0, split, usualKeys());
        order.tokenId = 1;
        signed = signature(PATIENT_KEY, orderHashOf(order));
        vm.prank(buyer);
        wants(ISettlement.WrongAsset.selector);
        settlement.enterAndFill{value: price}(another, 0, split, signatures, order, signed, x, y, HPKE_HASH);
    }

    function test_AnOrderMayBeFree() public {
        Order memory order = usualOrder();
        order.priceWei = 0;
        bytes32 orderHash = fillUsual(order);
        deliverUsual(orderHash, CEK);
        vm.prank(buyer);
        settlement.release(orderHash, CONTENT, usualSplit());
        eq(settlement.owed(patient), 0, "owed");
    }

    // What a fill refuses.

    function test_AFillWantsTheExactPrice() public {
        Order memory order = usualOrder();
        refusesFill(order, price - 1, abi.encodeWithSelector(ISettlement.WrongPrice.selector, price));
        refusesFill(order, price + 1, abi.encodeWithSelector(ISettlement.WrongPrice.selector, price));
        order.priceWei = uint256(type(uint96).max) + 1;
        vm.deal(buyer, order.priceWei);
        refusesFill(order, order.priceWei, abi.encodeWithSelector(ISettlement.WrongPrice.selector, order.priceWei));
    }

    function test_AnOrderEnds() public {
        Order memory order = usualOrder();
        vm.warp(order.endsAt + 1);
        refusesFill(order, price, abi.encodeWithSelector(ISettlement.Ended.selector, order.endsAt));
        vm.warp(order.endsAt);
        fillUsual(order);
    }

    function test_WindowsAreSane() public {
        uint32[4] memory bad = [uint32(0), 59, 90 days + 1, type(uint32).max];
        for (uint256 i = 0; i < bad.length; ++i) {
            Order memory order = usualOrder();
            order.deliverWithin = bad[i];
            refusesFill(order, price, abi.encodePacked(ISettlement.BadWindow.selector));
            order = usualOrder();
            order.disputeWithin = bad[i];
            refusesFill(order, price, abi.encodePacked(ISettlement.BadWindow.selector));
        }
        Order memory longest = usualOrder();
        (longest.deliverWithin, longest.disputeWithin) = (90 days, 90 days);
        bytes32 orderHash = fillUsual(longest);
        vm.warp(START + 90 days);
        deliverUsual(orderHash, CEK);
        eq(settlement.trade(orderHash).dueAt, START + 180 days, "due");
        Order memory shortest = usualOrder();
        (shortest.deliverWithin, shortest.disputeWithin) = (60, 60);
        shortest.endsAt = type(uint64).max;
        fillUsual(shortest);
    }

    function test_AStaleOrderDiesWithTheTransfer() public {
        vm.prank(patient);
        assets.transferFrom(patient, other, id);
        bytes memory stale = abi.encodeWithSelector(ISettlement.NotOwner.selector, id, patient);
        refusesFill(usualOrder(), price, stale);
        Order memory order = usualOrder();
        order.tokenId = 7;
        refusesFill(order, price, abi.encodeWithSelector(IAssets.NoSuchToken.selector, 7));
    }

    function test_OnlyTheSellerMakesOrders() public {
        Order memory order = usualOrder();
        (uint256 x, uint256 y) = buyerKey();
        bytes memory forged = signature(OTHER_KEY, hash);
        vm.prank(buyer);
        wants(ISettlement.BadSignature.selector, patient);
        settlement.fill{value: price}(order, forged, x, y, HPKE_HASH);
        // Each field is signed.
        bytes memory signed = signature(PATIENT_KEY, hash);
        order.salt = 0;
        vm.prank(buyer);
        wants(ISettlement.BadSignature.selector, patient);
        settlement.fill{value: price}(order, signed, x, y, HPKE_HASH);
    }

    function test_AFillIsFilledOnce() public {
        fillUsual(usualOrder());
        refusesFill(usualOrder(), price, abi.encodeWithSelector(ISettlement.WrongState.selector, hash, State.Filled));
    }

    function test_ABuyersKeyIsAPointOfTheCurve() public {
        bytes memory signed = signature(PATIENT_KEY, hash);
        (uint256 x, uint256 y) = buyerKey();
        uint256 p = 21888242871839275222246405745257275088696311157297823662689037894645226208583; // EIP-196
        uint256[2][5] memory bad = [[uint256(0), 0], [x, y + 1], [x + p, y], [uint256(1), 3], [type(uint256).max, 0]];
        for (uint256 i = 0; i < bad.length; ++i) {
            vm.prank(buyer);
            wants(ISettlement.BadPoint.selector);
            settlement.fill{value: price}(usualOrder(), signed, bad[i][0], bad[i][1], HPKE_HASH);
        }
    }

    function test_AContractSells() public {
        Wallet wallet = new Wallet();
        vm.prank(patient);
        assets.transferFrom(patient, address(wallet), id);
        Order memory order = usualOrder();
        order.seller = address(wallet);
        (uint256 x, uint256 y) = buyerKey();
        for (uint256 i = 0; i < uint256(Wallet.Mood.Honest); ++i) {
            wallet.be(Wallet.Mood(i));
            vm.prank(buyer);
            wants(ISettlement.BadSignature.selector, address(wallet));
            settlement.fill{value: price}(order, "", x, y, HPKE_HASH);
        }
        wallet.be(Wallet.Mood.Honest);
        fillAs(order, "");
        // It lies from now on: no delivery, and the buyer has the money back.
        wallet.be(Wallet.Mood.Refuses);
        Delivery memory d = boxFor(orderHashOf(order), CEK, 5);
        wants(ISettlement.BadSignature.selector, address(wallet));
        settlement.deliver(d, "");
        vm.warp(START + 1 hours + 1);
        settlement.refund(orderHashOf(order));
        eq(settlement.owed(buyer), price, "owed");
    }

    // Delivery.

    function test_OnlyTheSellerDelivers() public {
        fillUsual(usualOrder());
        Delivery memory d = boxFor(hash, CEK, 5);
        bytes memory forged = signature(OTHER_KEY, deliveryDigest(d));
        wants(ISettlement.BadSignature.selector, patient);
        settlement.deliver(d, forged);
        bytes memory signed = signature(PATIENT_KEY, deliveryDigest(d));
        d.masked = ~d.masked;
        wants(ISettlement.BadSignature.selector, patient);
        settlement.deliver(d, signed);
    }

    function test_ADeliveryIsInTime() public {
        fillUsual(usualOrder());
        Delivery memory d = boxFor(hash, CEK, 5);
        bytes memory signed = signature(PATIENT_KEY, deliveryDigest(d));
        vm.warp(START + 1 hours + 1);
        wants(ISettlement.TooLate.selector, START + 1 hours);
        settlement.deliver(d, signed);
        vm.warp(START + 1 hours);
        settlement.deliver(d, signed);
        vm.warp(START + 2 hours);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.WrongState.selector, hash, State.Delivered));
        settlement.deliver(d, signed);
    }

    function test_AnEphemeralKeyIsAPointOfTheCurve() public {
        fillUsual(usualOrder());
        Delivery memory d = boxFor(hash, CEK, 5);
        (uint256 x, uint256 y) = (d.ephemeralX, d.ephemeralY);
        uint256[2][3] memory bad = [[uint256(0), 0], [x, y ^ 1], [y, x]];
        for (uint256 i = 0; i < bad.length; ++i) {
            (d.ephemeralX, d.ephemeralY) = (bad[i][0], bad[i][1]);
            bytes memory signed = signature(PATIENT_KEY, deliveryDigest(d));
            wants(ISettlement.BadPoint.selector);
            settlement.deliver(d, signed);
        }
    }

    // Silence of either side.

    function test_ASilentSellerLosesTheSale() public {
        fillUsual(usualOrder());
        vm.warp(START + 1 hours);
        wants(ISettlement.TooEarly.selector, START + 1 hours);
        settlement.refund(hash);
        vm.warp(START + 1 hours + 1);
        vm.expectEmit(true, true, true, true, address(settlement));
        emit ISettlement.Credited(hash, buyer, price);
        vm.expectEmit(true, true, true, true, address(settlement));
        emit ISettlement.Refunded(hash, buyer, price);
        vm.prank(relayer);
        settlement.refund(hash);
        isTrade(State.Refunded, START, 0, 0);
        uint256 before = buyer.balance;
        settlement.withdraw(buyer);
        eq(buyer.balance, before + price, "buyer");
    }

    function test_ASilentBuyerPaysAfterTheDispute() public {
        fillUsual(usualOrder());
        vm.warp(START + 60);
        deliverUsual(hash, CEK);
        uint256 due = START + 60 + 2 hours;
        vm.warp(due);
        vm.prank(relayer);
        wants(ISettlement.TooEarly.selector, due);
        settlement.release(hash, CONTENT, usualSplit());
        vm.warp(due + 1);
        vm.prank(relayer);
        settlement.release(hash, CONTENT, usualSplit());
        eq(settlement.owed(patient) + settlement.owed(doctor), price, "owed");
    }

    function test_AReleaseNamesTheAssetThatWasSold() public {
        fillUsual(usualOrder());
        deliverUsual(hash, CEK);
        Share[] memory greedy = splitOf(patient, 9999, doctor, 1);
        vm.prank(buyer);
        wants(ISettlement.WrongAsset.selector);
        settlement.release(hash, CONTENT, greedy);
        vm.prank(buyer);
        wants(ISettlement.WrongAsset.selector);
        settlement.release(hash, keccak256("other"), usualSplit());
        vm.prank(buyer);
        wants(ISettlement.WrongAsset.selector);
        settlement.release(hash, CONTENT, new Share[](0));
    }

    // A wrong key.

    function test_AWrongKeyIsProvenAndTheMoneyGoesBack() public {
        fillUsual(usualOrder());
        Delivery memory d = deliverUsual(hash, keccak256("another key"));
        vm.expectEmit(true, true, true, true, address(settlement));
        emit ISettlement.WrongKeyProven(hash);
        vm.expectEmit(true, true, true, true, address(settlement));
        emit ISettlement.Credited(hash, buyer, price);
        vm.prank(buyer);
        settlement.proveWrongKey(usualOrder(), d, CID, BUYER_SECRET);
        isTrade(State.Refunded, START, START, 0);
        eq(settlement.owed(buyer), price, "owed");
        vm.warp(START + 1 days);
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.WrongState.selector, hash, State.Refunded));
        settlement.release(hash, CONTENT, usualSplit());
    }

    function test_TheRightKeyCannotBeDisputed() public {
        fillUsual(usualOrder());
        Delivery memory d = deliverUsual(hash, CEK);
        vm.prank(buyer);
        wants(ISettlement.KeyIsRight.selector);
        settlement.proveWrongKey(usualOrder(), d, CID, BUYER_SECRET);
    }

    function test_ADisputeShowsWhatWasFilledAndDelivered() public {
        fillUsual(usualOrder());
        Delivery memory d = deliverUsual(hash, CEK);
        Delivery memory altered = boxFor(hash, keccak256("another key"), 0x5EED);
        refusesProof(altered, CID, BUYER_SECRET, ISettlement.WrongOpening.selector);
        refusesProof(d, CID, BUYER_SECRET + 1, ISettlement.WrongOpening.selector);
        // −b has the same x: it must not pass for b.
        refusesProof(d, CID, Curve.ORDER - BUYER_SECRET, ISettlement.WrongOpening.selector);
        refusesProof(d, CID, 0, ISettlement.WrongSecret.selector);
        refusesProof(d, CID, Curve.ORDER, ISettlement.WrongSecret.selector);
        refusesProof(d, CID, Curve.ORDER + BUYER_SECRET, ISettlement.WrongSecret.selector);
        refusesProof(d, "another CID", BUYER_SECRET, ISettlement.WrongPayload.selector);
    }

    function refusesProof(Delivery memory d, bytes memory cid, uint256 secret, bytes4 why) private {
        vm.prank(buyer);
        wants(why);
        settlement.proveWrongKey(usualOrder(), d, cid, secret);
    }

    function test_ADisputeIsTheBuyersAndInTime() public {
        fillUsual(usualOrder());
        Delivery memory d = deliverUsual(hash, keccak256("another key"));
        vm.prank(relayer);
        wants(ISettlement.NotBuyer.selector, relayer);
        settlement.proveWrongKey(usualOrder(), d, CID, BUYER_SECRET);
        vm.warp(START + 2 hours + 1);
        vm.prank(buyer);
        wants(ISettlement.TooLate.selector, START + 2 hours);
        settlement.proveWrongKey(usualOrder(), d, CID, BUYER_SECRET);
        vm.warp(START + 2 hours);
        vm.prank(buyer);
        settlement.proveWrongKey(usualOrder(), d, CID, BUYER_SECRET);
    }

    function testFuzz_ABoxIsJudgedByItsKeyAlone(bytes32 cek, uint256 r, uint256 salt) public {
        r = r % (Curve.ORDER - 1) + 1;
        Order memory order = usualOrder();
        order.salt = bytes32(salt);
        order.keyCommitment = sha256(abi.encodePacked("sinso/key/v1", cek, CID));
        bytes32 orderHash = fillUsual(order);
        Delivery memory d = boxFor(orderHash, cek, r);
        settlement.deliver(d, signature(PATIENT_KEY, deliveryDigest(d)));
        vm.prank(buyer);
        wants(ISettlement.KeyIsRight.selector);
        settlement.proveWrongKey(order, d, CID, BUYER_SECRET);

        order.salt = bytes32(~salt);
        orderHash = fillUsual(order);
        d = boxFor(orderHash, cek ^ bytes32(uint256(1) << (salt % 256)), r); // one wrong bit
        settlement.deliver(d, signature(PATIENT_KEY, deliveryDigest(d)));
        vm.prank(buyer);
        settlement.proveWrongKey(order, d, CID, BUYER_SECRET);
        eq(settlement.owed(buyer), price, "owed");
    }

    // Cancel and revoke.

    function test_ACancelledOrderCannotBeFilled() public {
        bytes memory forged = signature(OTHER_KEY, cancelDigest(hash));
        wants(ISettlement.BadSignature.selector, patient);
        settlement.cancel(usualOrder(), forged);
        bytes memory signed = signature(PATIENT_KEY, cancelDigest(hash));
        vm.expectEmit(true, true, true, true, address(settlement));
        emit ISettlement.Cancelled(hash);
        vm.prank(relayer);
        settlement.cancel(usualOrder(), signed);
        bytes memory ended = abi.encodeWithSelector(ISettlement.WrongState.selector, hash, State.Cancelled);
        refusesFill(usualOrder(), price, ended);
        vm.expectRevert(ended);
        settlement.cancel(usualOrder(), signed);
        eq(uint256(settlement.trade(hash).state), uint256(State.Cancelled), "state");
    }

    function test_AFilledOrderCannotBeCancelled() public {
        fillUsual(usualOrder());
        bytes memory signed = signature(PATIENT_KEY, cancelDigest(hash));
        vm.expectRevert(abi.encodeWithSelector(ISettlement.WrongState.selector, hash, State.Filled));
        settlement.cancel(usualOrder(), signed);
    }

    function test_ARevocationStopsNoMoney() public {
        bytes memory signed = signature(PATIENT_KEY, revokeDigest(hash));
        vm.expectRevert(abi.encodeWithSelector(ISettlement.WrongState.selector, hash, State.None));
        settlement.revoke(hash, signed);
        fillUsual(usualOrder());
        bytes memory forged = signature(OTHER_KEY, revokeDigest(hash));
        wants(ISettlement.BadSignature.selector, patient);
        settlement.revoke(hash, forged);
        vm.warp(START + 5);
        vm.expectEmit(true, true, true, true, address(settlement));
        emit ISettlement.Revoked(hash);
        settlement.revoke(hash, signed);
        eq(settlement.trade(hash).revokedAt, START + 5, "revoked at");
        vm.expectRevert(abi.encodeWithSelector(ISettlement.AlreadyRevoked.selector, hash));
        settlement.revoke(hash, signed);
        deliverUsual(hash, CEK);
        vm.prank(buyer);
        settlement.release(hash, CONTENT, usualSplit());
        eq(settlement.owed(patient) + settlement.owed(doctor), price, "owed");
        eq(settlement.trade(hash).revokedAt, START + 5, "revoked at");
    }

    // Withdrawals.

    function test_ARefusedWithdrawalIsStillOwed() public {
        Receiver stubborn = filledBy(new Receiver());
        stubborn.refuse(true);
        wants(ISettlement.PaymentRefused.selector, address(stubborn));
        settlement.withdraw(address(stubborn));
        eq(settlement.owed(address(stubborn)), price, "still owed");
        stubborn.run(address(settlement), 0, abi.encodeCall(ISettlement.withdrawTo, (other)));
        eq(other.balance, price, "sent elsewhere by the payee itself");
        wants(ISettlement.NothingOwed.selector, address(this));
        settlement.withdrawTo(other);
    }

    function test_AReenteringPayeeIsPaidOnce() public {
        Receiver thief = filledBy(new Receiver());
        fillUsual(otherOrder()); // somebody else's money lies here too
        bytes[3] memory calls = [
            abi.encodeCall(ISettlement.withdraw, (address(thief))),
            abi.encodeCall(ISettlement.withdrawTo, (address(thief))),
            abi.encodeCall(ISettlement.refund, (hash))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            thief.reenter(address(settlement), calls[i]);
            if (settlement.owed(address(thief)) != 0) settlement.withdraw(address(thief));
        }
        eq(address(thief).balance, price, "thief");
        eq(thief.reentered(), 0, "calls back that worked");
        eq(address(settlement).balance, price, "the other's money");
    }

    function otherOrder() private view returns (Order memory order) {
        order = usualOrder();
        order.salt = bytes32(uint256(99));
    }

    /// @dev Fills the usual order by a contract and lets the seller be silent, so that the contract is owed the price.
    function filledBy(Receiver who) private returns (Receiver) {
        (uint256 x, uint256 y) = buyerKey();
        bytes memory signed = signature(PATIENT_KEY, hash);
        vm.deal(address(who), price);
        who.run(address(settlement), price, abi.encodeCall(ISettlement.fill, (usualOrder(), signed, x, y, HPKE_HASH)));
        vm.warp(START + 1 hours + 1);
        settlement.refund(hash);
        return who;
    }

    function test_MoneyComesInByAFillOnly() public {
        vm.prank(buyer);
        (bool ok,) = address(settlement).call{value: 1}("");
        isTrue(!ok, "plain money is refused");
    }

    /// The layout of storage: other versions, indexers and proofs read it.
    function test_TheStorageLayoutIsPinned() public {
        fillUsual(usualOrder());
        vm.warp(START + 9);
        deliverUsual(hash, CEK);
        settlement.revoke(hash, signature(PATIENT_KEY, revokeDigest(hash)));
        uint256 slot = uint256(keccak256(abi.encode(hash, uint256(0))));
        uint256 first = uint256(uint160(buyer)) | START << 160 | uint256(9) << 200 | uint256(2 hours) << 224
            | uint256(State.Delivered) << 248;
        eq(uint256(word(slot)), first, "buyer, filledAt, deliverSeconds, disputeSeconds, state");
        eq(uint256(word(slot + 1)), uint256(uint160(patient)) | price << 160, "seller, priceWei");
        eq(uint256(word(slot + 2)), id, "tokenId");
        (uint256 x, uint256 y) = buyerKey();
        bytes32 typeHash =
            keccak256("Delivery(bytes32 orderHash,bytes32 grantHash,uint256 ephemeralX,uint256 ephemeralY,bytes32 masked)");
        bytes32 delivery = keccak256(abi.encode(typeHash, boxFor(hash, CEK, 0x5EED)));
        eq(word(slot + 3), keccak256(abi.encode(keccak256(abi.encode(x, y)), delivery)), "opening");
        eq(uint256(word(slot + 4)), START + 9, "revokedAt");
        vm.prank(buyer);
        settlement.release(hash, CONTENT, usualSplit());
        bytes32 owedSlot = keccak256(abi.encode(doctor, uint256(1)));
        eq(uint256(word(uint256(owedSlot))), price * 2999 / 10_000, "owed");
        eq(word(slot + 3), 0, "opening is cleared");
    }

    function word(uint256 slot) private view returns (bytes32) {
        return vm.load(address(settlement), bytes32(slot));
    }

    function isTrade(State state, uint256 filledAt, uint256 deliveredAt, uint256 dueAt) private view {
        Trade memory t = settlement.trade(hash);
        eq(uint256(t.state), uint256(state), "state");
        eq(t.seller, patient, "seller");
        eq(t.buyer, buyer, "buyer");
        eq(t.priceWei, price, "price");
        eq(t.tokenId, id, "token");
        eq(t.filledAt, filledAt, "filledAt");
        eq(t.deliveredAt, deliveredAt, "deliveredAt");
        eq(t.dueAt, dueAt, "dueAt");
        eq(t.revokedAt, 0, "revokedAt");
    }

    function fillAs(Order memory order, bytes memory signed) private {
        (uint256 x, uint256 y) = buyerKey();
        vm.prank(buyer);
        settlement.fill{value: order.priceWei}(order, signed, x, y, HPKE_HASH);
    }

    function refusesFill(Order memory order, uint256 valueWei, bytes memory why) private {
        (uint256 x, uint256 y) = buyerKey();
        bytes memory signed = signature(PATIENT_KEY, orderHashOf(order));
        vm.prank(buyer);
        vm.expectRevert(why);
        settlement.fill{value: valueWei}(order, signed, x, y, HPKE_HASH);
    }
}
