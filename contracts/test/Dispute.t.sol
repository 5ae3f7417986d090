// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Share} from "../src/IAssets.sol";
import {Deal, Delivery, IExchange, Offer, Purchase, Sale, TradeState} from "../src/IExchange.sol";
import {ILicences} from "../src/ILicences.sol";
import {Money} from "../src/Money.sol";
import {ExchangeFixture} from "./ExchangeFixture.sol";
import {Judge} from "./hostile/Judge.sol";

/// @notice What the Exchange does with a panel, whatever that is, and with prices above what is asked.
contract DisputeTest is ExchangeFixture {
    address private constant MONEY = address(0);
    bytes32 private constant EVIDENCE = keccak256("salted evidence");

    Judge private judge;
    Offer private o; // names the judge; its buyer is `other`
    Purchase private p;
    bytes32 private id; // of its trade
    uint256 private price;

    function setUp() public override {
        super.setUp();
        openExchange();
        enterUsual();
        judge = new Judge();
        Offer memory offer = usualOffer();
        (offer.panel, offer.term) = (address(judge), 30 days);
        (o, p) = (offer, purchaseOf(offer, other));
        (id, price) = (tradeOf(offer, p), offer.price);
    }

    function bought() private {
        fillAs(other, o, PATIENT_KEY);
        deliverHere(id, CEK);
    }

    function disputed() private {
        bought();
        vm.prank(other);
        exchange.dispute(o, p, EVIDENCE, "");
    }

    function disputeHash(bytes32 tradeId, bytes32 evidenceHash) private view returns (bytes32) {
        bytes32 typeHash = keccak256("Dispute(bytes32 tradeId,bytes32 evidenceHash)");
        return digest(address(exchange), keccak256(abi.encode(typeHash, tradeId, evidenceHash)));
    }

    function inState(TradeState state) private view returns (bytes memory) {
        return abi.encodeWithSelector(IExchange.WrongState.selector, id, state);
    }

    function decideData(bool forBuyer) private view returns (bytes memory) {
        return abi.encodeCall(IExchange.decide, (o, p, CONTENT, usualSplit(), forBuyer));
    }

    // Disputes.

    function test_ABuyerDisputesAndThePanelHasItsTime() public {
        bought();
        vm.warp(START + 1 hours);
        vm.deal(other, 5);
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Disputed(id, address(judge), EVIDENCE, uint64(START + 1 hours + 14 days));
        vm.prank(other);
        exchange.dispute{value: 5}(o, p, EVIDENCE, "");
        Deal memory deal = exchange.trade(id);
        eq(uint256(deal.state), 6, "state");
        eq(deal.dueAt, START + 1 hours + 14 days, "due");
        eq(deal.span, 1 hours + 14 days, "from the delivery");
        eq(judge.tradeId(), id, "the panel has it");
        eq(judge.payer(), other, "payer");
        eq(address(judge).balance, 5, "fee");
        eq(address(exchange).balance, price, "escrow");
        eq(exchange.DECIDE_WINDOW(), 14 days, "window");
    }

    function test_ADisputeIsCarriedWithTheBuyersSignature() public {
        bought();
        bytes memory signed = signature(OTHER_KEY, disputeHash(id, EVIDENCE));
        bytes memory why = abi.encodeWithSelector(IExchange.BadSignature.selector, other);
        vm.expectRevert(why);
        exchange.dispute(o, p, keccak256("other evidence"), signed);
        bytes memory forged = signature(PATIENT_KEY, disputeHash(id, EVIDENCE));
        vm.expectRevert(why);
        exchange.dispute(o, p, EVIDENCE, forged);
        // The panel itself is no buyer.
        vm.prank(address(judge));
        vm.expectRevert(why);
        exchange.dispute(o, p, EVIDENCE, "");
        vm.prank(relayer);
        exchange.dispute(o, p, EVIDENCE, signed);
        eq(judge.payer(), relayer, "payer");
        vm.expectRevert(inState(TradeState.Disputed));
        exchange.dispute(o, p, EVIDENCE, signed);
    }

    function test_ADisputeIsInTimeAndOfADelivery() public {
        vm.prank(other);
        vm.expectRevert(inState(TradeState.None));
        exchange.dispute(o, p, EVIDENCE, "");
        fillAs(other, o, PATIENT_KEY);
        vm.prank(other);
        vm.expectRevert(inState(TradeState.Filled));
        exchange.dispute(o, p, EVIDENCE, "");
        deliverHere(id, CEK);
        vm.warp(START + 2 hours + 1);
        vm.prank(other);
        wants(IExchange.TooLate.selector, START + 2 hours);
        exchange.dispute(o, p, EVIDENCE, "");
        vm.warp(START + 2 hours);
        vm.prank(other);
        exchange.dispute(o, p, EVIDENCE, "");
    }

    function test_WithoutAPanelThereIsNoDispute() public {
        o.panel = address(0);
        id = tradeOf(o, p);
        bought();
        vm.prank(other);
        vm.expectRevert(abi.encodeWithSelector(IExchange.NoPanel.selector, id));
        exchange.dispute(o, p, EVIDENCE, "");
    }

    function test_APanelThatRefusesChangesNothing() public {
        bought();
        judge.be(Judge.Mood.Refuses);
        vm.prank(other);
        vm.expectRevert("no");
        exchange.dispute(o, p, EVIDENCE, "");
        judge.be(Judge.Mood.BurnsGas);
        vm.prank(other);
        vm.expectRevert();
        exchange.dispute{gas: 1_000_000}(o, p, EVIDENCE, "");
        eq(uint256(exchange.trade(id).state), uint256(TradeState.Delivered), "state");
        vm.warp(START + 2 hours + 1);
        exchange.release(o, p, CONTENT, usualSplit());
        eq(licences.untilOf(uint256(id)), START + 30 days, "until");
    }

    function test_AnAccountIsNoPanel() public {
        o.panel = relayer;
        id = tradeOf(o, p);
        bought();
        vm.prank(other);
        vm.expectRevert();
        exchange.dispute(o, p, EVIDENCE, "");
        vm.prank(other);
        exchange.release(o, p, CONTENT, usualSplit());
    }

    function test_ALongAnswerOfAPanelIsNotRead() public {
        judge.be(Judge.Mood.AnswersLong);
        disputed();
    }

    // Verdicts.

    function test_AVerdictForTheBuyerGivesTheMoneyBack() public {
        disputed();
        vm.warp(START + 14 days);
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Decided(id, true);
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Credited(id, other, MONEY, price);
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Refunded(id, other);
        judge.run(address(exchange), decideData(true));
        eq(exchange.owed(MONEY, other), price, "owed");
        eq(uint256(exchange.trade(id).state), uint256(TradeState.Refunded), "state");
        eq(bytes32(exchange.trade(id).mark), 0, "mark");
        wants(ILicences.NoSuchLicence.selector, uint256(id));
        licences.ownerOf(uint256(id));
    }

    function test_AVerdictForTheSellerIsARelease() public {
        bought();
        vm.warp(START + 1 hours);
        vm.prank(other);
        exchange.dispute(o, p, EVIDENCE, "");
        vm.warp(START + 3 days);
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Decided(id, false);
        judge.run(address(exchange), decideData(false));
        uint256 toDoctor = price * 2999 / 10_000;
        eq(exchange.owed(MONEY, doctor), toDoctor, "doctor");
        eq(exchange.owed(MONEY, patient), price - toDoctor, "patient");
        eq(licences.ownerOf(uint256(id)), other, "licence");
        eq(licences.untilOf(uint256(id)), START + 30 days, "the term runs from the delivery");
        eq(uint256(exchange.trade(id).state), uint256(TradeState.Released), "state");
    }

    function test_OnlyThePanelDecidesOnlyOnceOnlyInTime() public {
        bought();
        bytes memory data = decideData(true);
        vm.expectRevert(inState(TradeState.Delivered));
        judge.run(address(exchange), data);
        vm.prank(other);
        exchange.dispute(o, p, EVIDENCE, "");
        wants(IExchange.NotPanel.selector, address(this));
        exchange.decide(o, p, CONTENT, usualSplit(), true);
        Judge stranger = new Judge();
        wants(IExchange.NotPanel.selector, address(stranger));
        stranger.run(address(exchange), data);
        vm.warp(START + 14 days + 1);
        wants(IExchange.TooLate.selector, START + 14 days);
        judge.run(address(exchange), data);
        vm.warp(START + 14 days);
        judge.run(address(exchange), data);
        vm.expectRevert(inState(TradeState.Refunded));
        judge.run(address(exchange), data);
    }

    function test_AVerdictCannotChooseThePayees() public {
        disputed();
        Share[] memory split = splitOf(patient, 9999, doctor, 1);
        bytes memory data = abi.encodeCall(IExchange.decide, (o, p, CONTENT, split, false));
        wants(IExchange.WrongAsset.selector);
        judge.run(address(exchange), data);
        data = abi.encodeCall(IExchange.decide, (o, p, CONTENT, new Share[](0), true));
        judge.run(address(exchange), data);
    }

    /// Nothing but verdict and silence ends a dispute.
    function test_ADisputedTradeIsThePanelsAlone() public {
        disputed();
        bytes memory why = inState(TradeState.Disputed);
        vm.prank(other);
        vm.expectRevert(why);
        exchange.release(o, p, CONTENT, usualSplit());
        vm.expectRevert(why);
        exchange.refund(o, p);
        Delivery memory d = deliveryOf(id, CEK);
        vm.prank(other);
        vm.expectRevert(why);
        exchange.proveWrongKey(o, p, d, CID, BUYER_SECRET);
        exchange.revoke(o, p, signature(PATIENT_KEY, revokeHash(id)));
        brake.pull(uint64(START + 30 days));
        judge.run(address(exchange), decideData(true));
    }

    /// A verdict in the call that opens the case is one verdict.
    function test_APanelThatDecidesAtOnceDecidesOnce() public {
        bought();
        judge.reenter(address(judge), abi.encodeCall(Judge.run, (address(exchange), decideData(true))));
        vm.prank(other);
        exchange.dispute(o, p, EVIDENCE, "");
        eq(judge.reentered(), 1, "decided");
        eq(exchange.owed(MONEY, other), price, "owed");
        bytes memory data = decideData(false);
        vm.expectRevert(inState(TradeState.Refunded));
        judge.run(address(exchange), data);
        eq(address(exchange).balance, price, "here");
    }

    // Silence.

    function test_ASilentPanelHalves() public {
        disputed();
        vm.warp(START + 14 days);
        wants(IExchange.TooEarly.selector, START + 14 days);
        exchange.halve(o, p, CONTENT, usualSplit());
        vm.warp(START + 14 days + 1);
        wants(IExchange.WrongAsset.selector);
        exchange.halve(o, p, CONTENT, splitOf(patient, 9999, doctor, 1));
        uint256 half = price / 2;
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Credited(id, other, MONEY, price - half);
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Halved(id, other);
        exchange.halve(o, p, CONTENT, usualSplit());
        eq(exchange.owed(MONEY, other), half + 1, "buyer, rounded up");
        eq(exchange.owed(MONEY, doctor), half * 2999 / 10_000, "doctor");
        eq(exchange.owed(MONEY, patient), half - half * 2999 / 10_000, "patient");
        eq(uint256(exchange.trade(id).state), 7, "state");
        wants(ILicences.NoSuchLicence.selector, uint256(id));
        licences.ownerOf(uint256(id));
        vm.expectRevert(inState(TradeState.Halved));
        exchange.halve(o, p, CONTENT, usualSplit());
        bytes memory data = decideData(true);
        vm.expectRevert(inState(TradeState.Halved));
        judge.run(address(exchange), data);
    }

    function test_OnlyADisputeIsHalved() public {
        bought();
        vm.warp(START + 30 days);
        vm.expectRevert(inState(TradeState.Delivered));
        exchange.halve(o, p, CONTENT, usualSplit());
    }

    function testFuzz_ADisputeEndsToTheWei(uint96 amount, uint8 way, bool bySplit, bool inCoin) public {
        (o.price, o.floor, p.price) = (amount, amount, amount);
        stock(coin, other);
        if (inCoin) o.currency = address(coin);
        uint256 key = PATIENT_KEY;
        if (!bySplit) {
            vm.prank(patient);
            assets.transferFrom(patient, doctor, o.tokenId);
            (o.seller, key) = (doctor, DOCTOR_KEY);
        }
        id = tradeOf(o, p);
        fillAs(other, o, key);
        deliverAs(id, CEK, key);
        vm.prank(other);
        exchange.dispute(o, p, EVIDENCE, "");
        uint256 back = way % 3 == 0 ? amount : way % 3 == 1 ? 0 : amount - amount / 2;
        if (way % 3 == 2) {
            vm.warp(START + 14 days + 1);
            exchange.halve(o, p, CONTENT, usualSplit());
        } else {
            judge.run(address(exchange), decideData(way % 3 == 0));
        }
        uint256 paid = amount - back;
        uint256 shared = bySplit ? paid : paid / 10;
        uint256 part = shared * 2999 / 10_000;
        eq(exchange.owed(o.currency, other), back, "buyer");
        eq(exchange.owed(o.currency, patient), shared - part, "patient");
        eq(exchange.owed(o.currency, doctor), part + paid - shared, "doctor");
    }

    function testFuzz_OnlyTheBuyerDisputes(uint256 key, bytes32 evidence) public {
        key = key % 2 ** 250 + 1;
        vm.assume(vm.addr(key) != other);
        bought();
        bytes memory signed = signature(key, disputeHash(id, evidence));
        vm.expectRevert(abi.encodeWithSelector(IExchange.BadSignature.selector, other));
        exchange.dispute(o, p, evidence, signed);
    }

    function testFuzz_TheTimesOfADisputeAreKeptToTheSecond(uint32 window, uint32 took) public {
        o.disputeWithin = 60 + window % (90 days - 59);
        took = took % (o.disputeWithin + 1);
        id = tradeOf(o, p);
        bought();
        vm.warp(START + took);
        vm.prank(other);
        exchange.dispute(o, p, EVIDENCE, "");
        eq(exchange.trade(id).dueAt, START + took + 14 days, "due");
        vm.warp(START + took + 14 days);
        judge.run(address(exchange), decideData(false));
        eq(licences.untilOf(uint256(id)), START + 30 days, "from the delivery");
    }

    // Prices above what is asked.

    function test_ATakerMayPayMoreAndNeverLess() public {
        bytes memory signed = signature(PATIENT_KEY, hashOf(o));
        vm.prank(other);
        vm.expectRevert(abi.encodeWithSelector(Money.WrongValue.selector, price - 1, price));
        exchange.fillAt{value: price - 1}(uint128(price - 1), o, signed, other, p.keyX, p.keyY, HPKE_HASH, "");
        vm.prank(other);
        vm.expectRevert(abi.encodeWithSelector(Money.WrongValue.selector, price, price + 9));
        exchange.fillAt{value: price}(uint128(price + 9), o, signed, other, p.keyX, p.keyY, HPKE_HASH, "");
        p.price = price + 9;
        vm.prank(other);
        id = exchange.fillAt{value: price + 9}(uint128(price + 9), o, signed, other, p.keyX, p.keyY, HPKE_HASH, "");
        eq(id, tradeOf(o, p), "the trade has the price that was paid");
        eq(exchange.owed(MONEY, other), 0, "no change");
        deliverHere(id, CEK);
        vm.prank(other);
        exchange.release(o, p, CONTENT, usualSplit());
        eq(exchange.owed(MONEY, patient) + exchange.owed(MONEY, doctor), price + 9, "the payees have it");
    }

    function testFuzz_NoPriceIsBelowWhatIsAsked(uint96 top, uint96 low, uint64 when, uint128 given) public {
        if (low > top) (top, low) = (low, top);
        (o.price, o.floor, o.startsAt, o.endsAt) = (top, low, uint64(START), uint64(START + 1 days));
        o.currency = address(coin);
        coin.mint(other, type(uint128).max);
        stock(coin, other);
        vm.warp(START + when % (1 days + 1));
        uint256 asked = exchange.priceOf(top, low, o.startsAt, o.endsAt, block.timestamp);
        p.price = given > asked ? given : asked;
        bytes memory signed = signature(PATIENT_KEY, hashOf(o));
        vm.prank(other);
        id = exchange.fillAt(given, o, signed, other, p.keyX, p.keyY, HPKE_HASH, "");
        eq(id, tradeOf(o, p), "trade");
        eq(coin.balanceOf(address(exchange)), p.price, "escrow");
    }

    function testFuzz_ATokenIsBoughtForNoLessThanIsAsked(uint96 asked, uint128 given) public {
        approveAll(patient);
        Sale memory s = usualSale();
        (s.price, s.floor, s.currency) = (asked, asked, address(coin));
        coin.mint(other, type(uint128).max);
        stock(coin, other);
        bytes memory signed = signature(PATIENT_KEY, hashOf(s));
        vm.prank(other);
        exchange.buyAt(given, s, signed, other, usualOrigin());
        eq(coin.balanceOf(address(exchange)), given > asked ? given : asked, "paid");
        eq(assets.ownerOf(s.tokenId), other, "owner");
    }

    /// Nor is a token bought by an order with dirty bits, though the seller signed it with them.
    function testFuzz_NoDirtySaleIsBought(uint8 word, bytes32 dirt) public {
        approveAll(patient);
        uint256[6] memory narrow = [uint256(0), 1, 2, 4, 7, 8];
        // Above what the widest of them, an address, uses.
        bytes32 bits = dirt & ~bytes32(uint256(type(uint160).max));
        vm.assume(bits != 0);
        isTrue(!buysWith(narrow[word % 6], bits), "refused");
        isTrue(buysWith(0, 0), "bought without");
    }

    function buysWith(uint256 word, bytes32 bits) private returns (bool ok) {
        bytes memory data = abi.encodeCall(IExchange.buy, (usualSale(), new bytes(65), other, usualOrigin()));
        bytes memory fields = new bytes(320);
        assembly {
            let at_ := add(add(data, 36), mul(word, 32))
            mstore(at_, or(mload(at_), bits))
            for { let i := 0 } lt(i, 320) { i := add(i, 32) } { mstore(add(add(fields, 32), i), mload(add(add(data, 36), i))) }
        }
        bytes32 typeHash = keccak256(
            "Sale(address seller,address taker,address collection,uint256 tokenId,address currency,uint256 price,uint256 floor,uint64 startsAt,uint64 endsAt,uint256 salt)"
        );
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(PATIENT_KEY, digest(address(exchange), keccak256(bytes.concat(typeHash, fields))));
        assembly {
            let at_ := add(add(data, 36), add(mload(add(data, 356)), 32)) // the signature, in place of zeros
            mstore(at_, r)
            mstore(add(at_, 32), s)
            mstore8(add(at_, 64), v)
        }
        vm.prank(other);
        (ok,) = address(exchange).call{value: price}(data);
    }

    /// A field with dirty bits is in no fill, so no trade is stuck by one.
    function testFuzz_NoDirtyOfferIsFilled(uint8 word, bytes32 dirt) public {
        bytes memory signed = signature(PATIENT_KEY, hashOf(o));
        bytes memory data = abi.encodeCall(IExchange.fill, (o, signed, other, p.keyX, p.keyY, HPKE_HASH, ""));
        uint256[11] memory narrow = [uint256(0), 1, 3, 4, 7, 8, 9, 10, 11, 12, 13];
        uint256 at_ = 4 + 32 * narrow[word % 11] + 32;
        // Above what the widest of them, an address, uses.
        bytes32 bits = dirt & ~bytes32(uint256(type(uint160).max));
        vm.assume(bits != 0);
        bytes32 was;
        assembly {
            was := mload(add(data, at_))
            mstore(add(data, at_), or(was, bits))
        }
        vm.prank(other);
        (bool ok,) = address(exchange).call{value: price}(data);
        isTrue(!ok, "refused");
    }
}
