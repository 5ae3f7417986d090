// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IExchange, Offer, Purchase} from "../src/IExchange.sol";
import {ILedger} from "../src/ILedger.sol";
import {Money} from "../src/Money.sol";
import {ExchangeStand} from "./ExchangeStand.sol";
import {Coin} from "./hostile/Coin.sol";
import {Receiver} from "./hostile/Receiver.sol";

/// @notice What is asked and who has it: falling prices, tokens of all kinds, payees of all kinds.
contract ExchangeMoneyTest is ExchangeStand {
    // Prices of nothing.

    function test_ALicenceMayBeFree() public {
        Offer memory o = usualOffer();
        (o.price, o.floor) = (0, 0);
        bytes32 tradeId = trade(o);
        eq(licences.ownerOf(uint256(tradeId)), buyer, "licence");
        eq(exchange.owed(MONEY, patient), 0, "owed");
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
        vm.expectEmit(true, true, true, true, address(exchange));
        emit ILedger.Withdrawn(address(coin), doctor, doctor, toDoctor);
        exchange.withdraw(address(coin), doctor);
        eq(coin.balanceOf(doctor), toDoctor, "doctor's");
        vm.expectEmit(true, true, true, true, address(exchange));
        emit ILedger.Withdrawn(address(coin), patient, address(0xFEED), price - toDoctor);
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

    // Payees that refuse or call back.

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

    // Fuzz.

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
