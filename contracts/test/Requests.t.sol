// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IExchange, Offer, TradeState} from "../src/IExchange.sol";
import {IPause} from "../src/IPause.sol";
import {Answer, Deposit, IRequests, Request} from "../src/IRequests.sol";
import {Money} from "../src/Money.sol";
import {Requests} from "./Faces.sol";
import {RequestsFixture} from "./RequestsFixture.sol";
import {Coin} from "./hostile/Coin.sol";

contract RequestsTest is RequestsFixture {
    uint256 private price;
    bytes32 private id; // of the usual request

    function setUp() public override {
        super.setUp();
        openExchange();
        openRequests();
        enterUsual();
        price = usualRequest().price;
        id = idOf(usualRequest());
    }

    function test_ARequestHoldsItsDeposit() public {
        Request memory r = usualRequest();
        vm.expectEmit(true, true, true, true, address(requests));
        emit IRequests.Opened(id, r);
        eq(openAs(other, r), id, "id");
        eq(requests.hashRequest(r), id, "hashRequest");
        eq(requests.exchange(), address(exchange), "exchange");
        isDeposit(2 * price, 2, START + 7 days);
        eq(address(requests).balance, 2 * price, "here");
        vm.prank(other);
        vm.expectRevert(abi.encodeWithSelector(IRequests.AlreadyOpened.selector, id));
        requests.open{value: 2 * price}(r);
    }

    function test_AnAcceptedAnswerIsATradeOfTheExchange() public {
        Request memory r = usualRequest();
        openAs(other, r);
        Offer memory o = answerOffer();
        Answer memory a = answerOf(o);
        bytes memory signed = signature(OTHER_KEY, acceptHash(id, a));
        bytes32 tradeId = tradeOf(o, purchaseOf(o, other));
        vm.expectEmit(true, true, true, true, address(requests));
        emit IRequests.Accepted(id, tradeId, price);
        vm.prank(relayer);
        eq(requests.accept(r, a, signed), tradeId, "trade");
        isDeposit(price, 1, START + 7 days);
        eq(address(exchange).balance, price, "escrow");
        deliverHere(tradeId, CEK);
        releaseAs(other, o, other);
        eq(licences.ownerOf(uint256(tradeId)), other, "licence");
        eq(exchange.owed(address(0), doctor), price * 2999 / 10_000, "doctor");
        // The same acceptance is no second trade.
        o.copies = 0;
        a = answerOf(o);
        signed = signature(OTHER_KEY, acceptHash(id, a));
        requests.accept(r, a, signed);
        bytes32 second = tradeOf(o, purchaseOf(o, other));
        none(r, a, signed);
        isTrue(second != tradeId, "another");
    }

    function none(Request memory r, Answer memory a, bytes memory signed) private {
        vm.expectRevert(abi.encodeWithSelector(IRequests.NoneLeft.selector, id));
        requests.accept(r, a, signed);
    }

    function test_AnAcceptanceIsGoodOnce() public {
        Request memory r = usualRequest();
        openAs(other, r);
        Offer memory o = answerOffer();
        o.copies = 0;
        bytes32 tradeId = acceptUsual(r, o);
        Answer memory a = answerOf(o);
        bytes memory signed = signature(OTHER_KEY, acceptHash(id, a));
        vm.expectRevert(abi.encodeWithSelector(IExchange.WrongState.selector, tradeId, TradeState.Filled));
        requests.accept(r, a, signed);
        isDeposit(price, 1, START + 7 days);
    }

    function test_ACheaperAnswerLeavesMore() public {
        Request memory r = usualRequest();
        openAs(other, r);
        Offer memory o = answerOffer();
        (o.price, o.floor) = (price - 10, price - 10);
        acceptUsual(r, o);
        isDeposit(price + 10, 1, START + 7 days);
    }

    function test_OnlyWhatWasAskedForIsAnAnswer() public {
        Request memory r = usualRequest();
        openAs(other, r);
        Offer memory o = answerOffer();
        (o.price, o.floor) = (price + 1, price + 1);
        notAnAnswer(r, o);
        o = answerOffer();
        o.currency = address(coin);
        notAnAnswer(r, o);
        o = answerOffer();
        o.floor = price - 1;
        notAnAnswer(r, o);
        o = answerOffer();
        o.taker = address(0);
        notAnAnswer(r, o);
        o.taker = other;
        notAnAnswer(r, o);
    }

    function notAnAnswer(Request memory r, Offer memory o) private {
        Answer memory a = answerOf(o);
        vm.prank(other);
        wants(IRequests.NotAnAnswer.selector);
        requests.accept(r, a, "");
    }

    function test_OnlyTheBuyerAccepts() public {
        Request memory r = usualRequest();
        openAs(other, r);
        Answer memory a = answerOf(answerOffer());
        bytes memory signed = signature(PATIENT_KEY, acceptHash(id, a));
        bytes memory why = abi.encodeWithSelector(IRequests.BadSignature.selector, other);
        vm.expectRevert(why);
        requests.accept(r, a, signed);
        // Every field of the answer is bound.
        signed = signature(OTHER_KEY, acceptHash(id, a));
        a.hpkeHash = 0;
        vm.expectRevert(why);
        requests.accept(r, a, signed);
        a.hpkeHash = HPKE_HASH;
        (a.keyX, a.keyY) = (1, 2);
        vm.expectRevert(why);
        requests.accept(r, a, signed);
        // It calls itself.
        a = answerOf(answerOffer());
        vm.prank(other);
        requests.accept(r, a, "");
    }

    function test_TheSellersSignatureIsWanted() public {
        Request memory r = usualRequest();
        openAs(other, r);
        Answer memory a = answerOf(answerOffer());
        a.signature = signature(DOCTOR_KEY, hashOf(a.offer));
        vm.prank(other);
        vm.expectRevert(abi.encodeWithSelector(IExchange.BadSignature.selector, patient));
        requests.accept(r, a, "");
    }

    function test_WhatIsLeftComesBackAfterTheEnd() public {
        Request memory r = usualRequest();
        openAs(other, r);
        acceptUsual(r, answerOffer());
        vm.warp(START + 7 days);
        wants(IRequests.TooEarly.selector, START + 7 days);
        requests.close(r);
        vm.warp(START + 7 days + 1);
        Answer memory a = answerOf(answerOffer());
        wants(IRequests.TooLate.selector, START + 7 days);
        requests.accept(r, a, "");
        vm.expectEmit(true, true, true, true, address(requests));
        emit IRequests.Closed(id, price);
        requests.close(r);
        eq(requests.owed(address(0), other), price, "owed");
        vm.expectRevert(abi.encodeWithSelector(IRequests.NoneLeft.selector, id));
        requests.close(r);
        uint256 before = other.balance;
        requests.withdraw(address(0), other);
        eq(other.balance, before + price, "back");
    }

    function test_AnAnswerAtTheLastMomentIsTaken() public {
        Request memory r = usualRequest();
        openAs(other, r);
        vm.warp(START + 7 days);
        Offer memory o = answerOffer();
        o.endsAt = uint64(START + 8 days);
        acceptUsual(r, o);
    }

    function test_ANoticeBringsTheEndNearer() public {
        Request memory r = usualRequest();
        openAs(other, r);
        bytes memory signed = signature(PATIENT_KEY, cancelRequestHash(id));
        vm.expectRevert(abi.encodeWithSelector(IRequests.BadSignature.selector, other));
        requests.cancel(r, signed);
        signed = signature(OTHER_KEY, cancelRequestHash(id));
        vm.expectEmit(true, true, true, true, address(requests));
        emit IRequests.Closing(id, START + 1 days);
        requests.cancel(r, signed);
        isDeposit(2 * price, 2, START + 1 days);
        acceptUsual(r, answerOffer());
        // Carried again it cannot put the end off.
        vm.warp(START + 10);
        wants(IRequests.EndsAnyway.selector, START + 1 days);
        requests.cancel(r, signed);
        vm.warp(START + 1 days);
        wants(IRequests.TooEarly.selector, START + 1 days);
        requests.close(r);
        vm.warp(START + 1 days + 1);
        requests.close(r);
        eq(requests.owed(address(0), other), price, "owed");
        // It is over for ever.
        vm.prank(other);
        vm.expectRevert(abi.encodeWithSelector(IRequests.AlreadyOpened.selector, id));
        requests.open{value: 2 * price}(r);
    }

    function test_ANoticeThatEndsNoSoonerIsNone() public {
        Request memory r = usualRequest();
        openAs(other, r);
        vm.warp(START + 6 days);
        vm.prank(other);
        wants(IRequests.EndsAnyway.selector, START + 7 days);
        requests.cancel(r, "");
        vm.warp(START + 6 days - 1);
        vm.prank(other);
        requests.cancel(r, "");
        isDeposit(2 * price, 2, START + 7 days - 1);
    }

    function test_ARequestIsWithinBounds() public {
        Request memory r = usualRequest();
        r.buyer = address(0);
        bad(r);
        r = usualRequest();
        r.answers = 0;
        bad(r);
        r = usualRequest();
        r.price = 2 ** 96;
        bad(r);
        r = usualRequest();
        r.notice = 90 days + 1;
        bad(r);
        r = usualRequest();
        r.endsAt = uint64(START - 1);
        bad(r);
        r.endsAt = uint64(START + 730 days + 1);
        bad(r);
        r.endsAt = uint64(START + 730 days);
        r.notice = 90 days;
        openAs(other, r);
        r.endsAt = uint64(START);
        openAs(other, r);
        (r.price, r.answers) = (2 ** 96 - 1, 2 ** 32 - 1);
        openAs(other, r);
        eq(requests.deposit(idOf(r)).left, (2 ** 96 - 1) * uint256(2 ** 32 - 1), "the largest");
        eq(requests.MAX_NOTICE(), 90 days, "notice");
        eq(requests.MAX_TIME(), 730 days, "time");
    }

    function bad(Request memory r) private {
        vm.prank(other);
        wants(IRequests.BadRequest.selector);
        requests.open(r);
    }

    function test_WhatWasNotOpenedSaysSo() public {
        Request memory r = usualRequest();
        bytes memory why = abi.encodeWithSelector(IRequests.NoSuchRequest.selector, id);
        vm.expectRevert(why);
        requests.close(r);
        vm.expectRevert(why);
        requests.cancel(r, "");
        Answer memory a = answerOf(answerOffer());
        vm.expectRevert(why);
        requests.accept(r, a, "");
    }

    function test_AWrongValueIsRefused() public {
        vm.prank(other);
        vm.expectRevert(abi.encodeWithSelector(Money.WrongValue.selector, 2 * price - 1, 2 * price));
        requests.open{value: 2 * price - 1}(usualRequest());
    }

    function test_ARequestMayBeInAToken() public {
        Request memory r = usualRequest();
        r.currency = address(coin);
        openAs(other, r);
        Offer memory o = answerOffer();
        o.currency = address(coin);
        acceptUsual(r, o);
        eq(coin.balanceOf(address(requests)), price, "left");
        eq(coin.balanceOf(address(exchange)), price, "escrow");
        eq(coin.allowance(address(requests), address(exchange)), 0, "no allowance is left");
        vm.warp(START + 7 days + 1);
        requests.close(r);
        requests.withdraw(address(coin), other);
        eq(coin.balanceOf(address(requests)), 0, "all is out");
    }

    function test_ATokenThatTakesAFeeIsRefusedByName() public {
        Coin fee = new Coin(Coin.Habit.TakesAFee);
        fee.mint(other, 1e30);
        vm.prank(other);
        fee.approve(address(requests), type(uint256).max);
        Request memory r = usualRequest();
        r.currency = address(fee);
        uint256 sum = 2 * price;
        vm.prank(other);
        vm.expectRevert(abi.encodeWithSelector(Money.NotWhole.selector, fee, sum - sum / 100, sum));
        requests.open(r);
    }

    function test_APauseStopsNewRequestsOnly() public {
        Request memory r = usualRequest();
        openAs(other, r);
        brake.pull(uint64(START + 30 days));
        r.salt = 2;
        vm.prank(other);
        wants(IPause.Paused.selector, START + 30 days);
        requests.open{value: 2 * price}(r);
        r.salt = 1;
        vm.prank(other);
        requests.cancel(r, "");
        vm.warp(START + 1 days + 1);
        requests.close(r);
        requests.withdraw(address(0), other);
        requests = Requests(deploy("Requests", abi.encode(exchange, address(0))));
        r.endsAt = uint64(START + 9 days);
        openAs(other, r);
    }

    function test_ARefundedTradeGoesToTheBuyer() public {
        Request memory r = usualRequest();
        openAs(relayer_(), r);
        Offer memory o = answerOffer();
        acceptUsual(r, o);
        vm.warp(START + 1 hours + 1);
        exchange.refund(o, purchaseOf(o, other));
        eq(exchange.owed(address(0), other), price, "owed in the exchange");
    }

    /// @dev A request may be paid by another than its buyer.
    function relayer_() private returns (address) {
        vm.deal(relayer, 10 ether);
        return relayer;
    }

    function testFuzz_TheDepositIsSpentOrComesBackToTheWei(uint96 most, uint96 asked, uint8 answers, bool inCoin) public {
        if (asked > most) (asked, most) = (most, asked);
        if (answers == 0) answers = 1;
        Request memory r = usualRequest();
        (r.price, r.answers) = (most, answers);
        Offer memory o = answerOffer();
        (o.price, o.floor, o.copies) = (asked, asked, 0);
        if (inCoin) (r.currency, o.currency) = (address(coin), address(coin));
        openAs(other, r);
        acceptUsual(r, o);
        uint256 left = uint256(most) * answers - asked;
        eq(requests.deposit(idOf(r)).left, left, "left");
        vm.warp(START + 7 days + 1);
        if (left == 0) return;
        requests.close(r);
        eq(requests.owed(r.currency, other), left, "owed");
        requests.withdraw(r.currency, other);
    }

    function testFuzz_NobodyElseAcceptsOrCancels(uint256 key) public {
        key = key % 2 ** 250 + 1;
        vm.assume(vm.addr(key) != other);
        Request memory r = usualRequest();
        openAs(other, r);
        Answer memory a = answerOf(answerOffer());
        bytes memory why = abi.encodeWithSelector(IRequests.BadSignature.selector, other);
        bytes memory signed = signature(key, acceptHash(id, a));
        vm.expectRevert(why);
        requests.accept(r, a, signed);
        signed = signature(key, cancelRequestHash(id));
        vm.expectRevert(why);
        requests.cancel(r, signed);
    }

    function isDeposit(uint256 left, uint256 answers, uint256 closesAt) private view {
        Deposit memory d = requests.deposit(id);
        eq(d.left, left, "left");
        eq(d.answers, answers, "answers");
        eq(d.closesAt, closesAt, "closes");
    }
}
