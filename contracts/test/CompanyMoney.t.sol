// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Entry, ICompany, Kind, Quitting} from "../src/ICompany.sol";
import {Money} from "../src/Money.sol";
import {CompanyFixture} from "./CompanyFixture.sol";
import {Company} from "./Faces.sol";
import {Coin} from "./hostile/Coin.sol";
import {Receiver} from "./hostile/Receiver.sol";

/// @notice A company's money: dividends, the reserve, and payees and currencies that cheat.
contract CompanyMoneyTest is CompanyFixture {
    function tokenCompany(Coin.Habit habit) private returns (Company t, Coin coin) {
        coin = new Coin(habit);
        t = started(address(coin));
        coin.mint(address(this), 1e30);
        coin.approve(address(t), type(uint256).max);
    }

    // Dividends.

    function testFuzz_ADividendIsDividedToTheUnit(uint96 first, uint96 second, uint32 given) public {
        first = uint96(first % 100 ether);
        second = uint96(second % 100 ether);
        given %= 401;
        uint256 each = first / 700;
        if (each == 0) {
            wants(ICompany.NothingToCollect.selector);
        } else {
            vm.expectEmit(true, true, true, true, address(c));
            emit ICompany.Collected(each);
        }
        c.deposit{value: first}(first);
        if (each == 0) return;
        gives(c, ann, ben, given);
        uint256 next = (first % 700 + second) / 700;
        if (next == 0) wants(ICompany.NothingToCollect.selector);
        c.deposit{value: second}(second);
        dividedAfter(each, next, given);
    }

    function dividedAfter(uint256 each, uint256 next, uint256 given) private view {
        eq(c.owed(ann), 400 * each + (400 - given) * next, "past dividends stay with who held the shares");
        eq(c.owed(ben), 250 * each + (250 + given) * next, "new ones go to who holds them");
        eq(c.owed(cat), 50 * (each + next), "cat");
    }

    function testFuzz_MoneyThatCameByItselfIsCollected(uint96 amount, address anyone) public {
        amount = uint96(amount % 100 ether);
        (bool ok,) = address(c).call{value: amount}("");
        isTrue(ok, "taken");
        if (amount < 700) wants(ICompany.NothingToCollect.selector);
        vm.prank(anyone);
        c.collect();
        eq(c.owed(ann), amount / 700 * 400, "ann");
        wants(ICompany.NothingToCollect.selector);
        c.collect();
    }

    function test_ThereIsNoDividendWithoutShares() public {
        Company empty = founded(companies, address(0), 5);
        wants(ICompany.NothingToCollect.selector);
        empty.deposit{value: 1 ether}(1 ether);
        quits(c, ANN_KEY);
        quits(c, BEN_KEY);
        quits(c, CAT_KEY);
        wants(ICompany.NothingToCollect.selector);
        c.deposit{value: 1 ether}(1 ether);
    }

    function testFuzz_APayeeIsPaidOnceByAnyone(uint96 amount, address anyone) public {
        amount = uint96(amount % 100 ether) + 700;
        c.deposit{value: amount}(amount);
        uint256 owed = amount / 700 * 250;
        vm.expectEmit(true, true, true, true, address(c));
        emit ICompany.Withdrawn(ben, ben, owed);
        vm.prank(anyone);
        c.withdraw(ben);
        eq(ben.balance, owed, "paid");
        eq(address(c).balance, amount - owed, "the rest stays");
        wants(ICompany.NothingOwed.selector, ben);
        c.withdraw(ben);
    }

    function testFuzz_APayeeSendsItElsewhere(address to) public {
        vm.assume(uint160(to) > 0xffff && to.code.length == 0 && to.balance == 0);
        vm.assume(to != ann && to != ben && to != cat); // they are owed
        c.deposit{value: 700}(700);
        vm.expectEmit(true, true, true, true, address(c));
        emit ICompany.Withdrawn(ben, to, 250);
        vm.prank(ben);
        c.withdrawTo(to);
        eq(to.balance, 250, "paid");
        eq(c.owed(ben), 0, "once");
        wants(ICompany.NothingOwed.selector, to);
        vm.prank(to);
        c.withdrawTo(to);
    }

    function test_ADepositIsWhatItSays() public {
        vm.expectRevert(abi.encodeWithSelector(Money.WrongValue.selector, 699, 700));
        c.deposit{value: 699}(700);
        vm.expectRevert(abi.encodeWithSelector(Money.WrongValue.selector, 699, 700));
        c.endow{value: 699}(700);
    }

    function test_NothingOverflowsByMuchMoney() public {
        vm.deal(address(this), type(uint128).max);
        wants(ICompany.TooMuch.selector, uint256(1) << 96);
        c.endow{value: 1 << 96}(1 << 96);
        c.endow{value: (1 << 96) - 1}((1 << 96) - 1);
        wants(ICompany.TooMuch.selector, uint256(1) << 96);
        c.endow{value: 1}(1);
        quits(c, ANN_KEY);
        c.withdraw(ann);
        c.deposit{value: 300}(300);
        Company rich = founded(companies, address(0), 7);
        joins(rich, ANN_KEY);
        contributes(rich, ANN_KEY, 1);
        rich.deposit{value: (1 << 96) - 1}((1 << 96) - 1);
        rich.withdraw(ann);
        // More than 2^96 for one share since the start: it waits, and keeps nobody from leaving.
        wants(ICompany.NothingToCollect.selector);
        rich.deposit{value: 1}(1);
        (bool ok,) = address(rich).call{value: 1}("");
        isTrue(ok, "sent");
        quits(rich, ANN_KEY);
    }

    function test_MuchMoneyIsTakenInByParts() public {
        vm.deal(address(this), type(uint128).max);
        (bool ok,) = address(c).call{value: 1 << 97}("");
        isTrue(ok, "sent");
        c.collect();
        uint256 first = ((uint256(1) << 96) - 1) / 700;
        eq(c.owed(ann), 400 * first, "what fits");
        c.withdraw(ann);
        quits(c, BEN_KEY);
        eq(ann.balance, 400 * first, "paid");
    }

    function testFuzz_WhoLeavesHasWhatCameBefore(uint96 amount) public {
        vm.deal(address(this), amount);
        (bool ok,) = address(c).call{value: amount}("");
        isTrue(ok, "sent");
        quits(c, BEN_KEY);
        eq(c.owed(ben), uint256(amount) / 700 * 250, "its part");
        eq(c.owed(ann), uint256(amount) / 700 * 400, "hers");
    }

    function test_MoneyForNobodyIsNotTaken() public {
        Company fresh = founded(companies, address(0), 7);
        wants(ICompany.Nothing.selector);
        fresh.endow{value: 1}(1);
        joins(fresh, ANN_KEY);
        contributes(fresh, ANN_KEY, 7);
        quits(fresh, ANN_KEY);
        (bool ok,) = address(fresh).call{value: 1}("");
        isTrue(!ok, "nobody holds a share, nor ever will");
    }

    function test_NothingIsMovedFromNobody() public {
        wants(ICompany.NotMember.selector, address(0));
        c.transferFrom(address(0), ann, 0);
    }

    // The reserve.

    function testFuzz_TheReserveIsNoDividend(uint96 amount, uint96 dividend) public {
        amount = uint96(amount % 100 ether);
        dividend = uint96(dividend % 100 ether) + 700;
        if (amount == 0) {
            wants(ICompany.Nothing.selector);
        } else {
            vm.expectEmit(true, true, true, true, address(c));
            emit ICompany.Endowed(address(this), amount);
        }
        c.endow{value: amount}(amount);
        eq(c.reserve(), amount, "reserve");
        c.deposit{value: dividend}(dividend);
        eq(c.owed(ann), dividend / 700 * 400, "of the dividend alone");
        eq(c.reserve(), amount, "reserve");
        if (amount == 0) return;
        c.endow{value: 1}(1);
        eq(c.reserve(), uint256(amount) + 1, "grows");
    }

    // Currencies.

    function testFuzz_ATokenIsACurrency(uint96 amount, bool returnsNothing) public {
        (Company t, Coin coin) = tokenCompany(returnsNothing ? Coin.Habit.ReturnsNothing : Coin.Habit.Plain);
        eq(t.currency(), address(coin), "currency");
        amount = uint96(amount % 1e24) + 700;
        t.deposit(amount);
        t.endow(1000);
        quits(t, BEN_KEY);
        t.withdraw(ben);
        eq(coin.balanceOf(ben), amount / 700 * 250 + 250, "paid");
        eq(coin.balanceOf(address(t)), uint256(amount) + 1000 - coin.balanceOf(ben), "the rest");
    }

    function test_ACompanyOfATokenTakesNoCoin() public {
        (Company t,) = tokenCompany(Coin.Habit.Plain);
        (bool ok, bytes memory why) = address(t).call{value: 1}("");
        isTrue(!ok && bytes4(why) == ICompany.WrongCurrency.selector, "refused");
        vm.expectRevert(abi.encodeWithSelector(Money.WrongValue.selector, 1, 0));
        t.deposit{value: 1}(700);
    }

    function test_TokensThatLieAreRefused() public {
        (Company t, Coin coin) = tokenCompany(Coin.Habit.TakesAFee);
        vm.expectRevert(abi.encodeWithSelector(Money.NotWhole.selector, coin, 6930, 7000));
        t.deposit(7000);
        vm.expectRevert(abi.encodeWithSelector(Money.NotWhole.selector, coin, 6930, 7000));
        t.endow(7000);
        (t, coin) = tokenCompany(Coin.Habit.ReturnsFalse);
        wants(SafeERC20.SafeERC20FailedOperation.selector, address(coin));
        t.deposit(7000);
    }

    /// A token that shrinks what its holders have harms who is last, and stops no call that takes no money.
    function test_ATokenThatShrinksHarmsTheLastAlone() public {
        (Company t, Coin coin) = tokenCompany(Coin.Habit.Plain);
        t.deposit(700);
        coin.shrink(address(t), 400);
        wants(ICompany.NothingToCollect.selector);
        t.collect();
        t.withdraw(ann);
        vm.expectRevert();
        t.withdraw(ben);
        quits(t, BEN_KEY);
        gives(t, ann, cat, 1);
    }

    function test_ATokenThatCallsBackGainsNothing() public {
        (Company t, Coin coin) = tokenCompany(Coin.Habit.CallsBack);
        coin.mint(address(t), 1400); // came by itself
        bytes[4] memory calls = [
            abi.encodeCall(t.collect, ()),
            abi.encodeCall(t.deposit, (0)),
            abi.encodeCall(t.withdraw, (ann)),
            abi.encodeCall(t.endow, (0))
        ];
        for (uint256 i = 0; i < 8; ++i) {
            coin.reenter(address(t), calls[i / 2]);
            t.endow(1000);
            t.deposit(1400); // what is paid out of it, booked twice, would be one more for each share
            vm.prank(ann);
            if (i % 2 == 0) t.withdraw(ann);
            else t.withdrawTo(ann);
            eq(coin.reentered(), 0, "no call within a call");
        }
        eq(t.reserve(), 8000, "reserve");
        eq(coin.balanceOf(ann), (1400 + 8 * 1400) / 700 * 400, "ann");
    }

    /// Nobody leaves while money moves: not by another's hand either, which would leave unbooked what came before.
    function test_NobodyLeavesWhileMoneyMoves() public {
        (Company t, Coin coin) = tokenCompany(Coin.Habit.CallsBack);
        coin.mint(address(t), 700); // came by itself
        Quitting memory q = Quitting(ann, 0, later());
        bytes memory signed = signature(ANN_KEY, quittingDigest(t, q));
        coin.reenter(address(t), abi.encodeCall(t.quit, (q, signed)));
        t.endow(1000);
        eq(coin.reentered(), 0, "stays");
        coin.reenter(address(0), "");
        t.quit(q, signed);
        t.withdraw(ann);
        eq(coin.balanceOf(ann), 400 + 400, "its part of the reserve, and of what came before");
        eq(t.reserve(), 600, "the others'");
        eq(coin.balanceOf(address(t)), 600 + 300, "is here");
    }

    /// Whatever the currency answers or does when it is asked what is here, members can leave.
    function test_NoTokenKeepsAMember() public {
        bytes[5] memory codes = [bytes(""), hex"fe", hex"5f5ffd", hex"5f5ff3", hex"5f195f5260205ff3"];
        for (uint256 i = 0; i < codes.length; ++i) {
            (Company t, Coin coin) = tokenCompany(Coin.Habit.Plain);
            t.endow(1000);
            vm.etch(address(coin), codes[i]);
            quits(t, ANN_KEY);
            isTrue(t.owed(ann) >= 400, "has its part");
            quits(t, BEN_KEY);
        }
    }

    function thiefOf(uint32 shares) private returns (Receiver thief) {
        thief = new Receiver();
        Entry memory e = entryFor(address(thief), keccak256("a thief"));
        bytes memory a = signature(REGISTRAR_KEY, entryDigest(c, e));
        c.join(e, a, "");
        gives(c, ann, address(thief), shares);
    }

    function test_APayeeThatCallsBackIsPaidOnce() public {
        Receiver thief = thiefOf(100);
        c.deposit{value: 7000}(7000);
        bytes[3] memory calls = [
            abi.encodeCall(c.withdraw, (address(thief))),
            abi.encodeCall(c.withdrawTo, (address(thief))),
            abi.encodeCall(c.collect, ())
        ];
        for (uint256 i = 0; i < 3; ++i) {
            thief.reenter(address(c), calls[i]);
            c.withdraw(address(thief));
            eq(address(thief).balance, 1000 * (i + 1), "once");
            eq(thief.reentered(), 0, "no call within a call");
            c.deposit{value: 7000}(7000);
        }
    }

    function test_APayeeThatRefusesHarmsItselfAlone() public {
        Receiver stubborn = thiefOf(100);
        stubborn.refuse(true);
        c.deposit{value: 7000}(7000);
        wants(Money.PaymentRefused.selector, address(stubborn));
        c.withdraw(address(stubborn));
        eq(c.owed(address(stubborn)), 1000, "still owed");
        c.withdraw(ann);
        eq(ann.balance, 3000, "paid");
        stubborn.run(address(c), 0, abi.encodeCall(c.withdrawTo, (cat)));
        eq(cat.balance, 1000, "elsewhere");
    }

    function testFuzz_WhatWasWoundUpIsDivided(uint96 amount) public {
        amount = uint96(amount % 100 ether) + 1;
        c.endow{value: amount}(amount);
        uint256 number = carried(Kind.WindUp, 0);
        vm.expectEmit(true, true, true, true, address(c));
        emit ICompany.WoundUp(amount / 700);
        c.execute(number);
        eq(c.owed(ann), amount / 700 * 400, "ann");
        eq(c.reserve(), 0, "reserve");
        eq(c.rules().cap, 700, "cap");
        isTrue(c.rules().woundUp, "wound up");
        // What did not divide is not lost: it comes with what comes next.
        c.deposit{value: 1399}(1399);
        uint256 all = uint256(amount) + 1399;
        eq(c.owed(ann), all / 700 * 400, "with the rest");
        wants(ICompany.IsWoundUp.selector);
        c.endow{value: 1}(1);
        quits(c, ANN_KEY);
        c.withdraw(ann);
        eq(ann.balance, all / 700 * 400, "paid");
    }
}
