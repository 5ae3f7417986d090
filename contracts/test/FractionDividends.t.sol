// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IFraction} from "../src/IFraction.sol";
import {FractionTerms} from "../src/IFractions.sol";
import {Money} from "../src/Money.sol";
import {FractionStand} from "./FractionStand.sol";
import {Coin} from "./hostile/Coin.sol";
import {Receiver} from "./hostile/Receiver.sol";

/// @notice A vault's dividends, in coin and in a token.
contract FractionDividendsTest is FractionStand {
    // Dividends.

    function test_ADividendIsForWhoHoldsAtTheTime() public {
        shareOut(f);
        vm.expectEmit(true, true, true, true, address(f));
        emit IFraction.Collected(3);
        f.deposit{value: 3999}(3999);
        eq(f.owed(patient), 1200, "patient: 400 x 3");
        give(f, patient, ann, 400);
        eq(f.owed(patient), 1200, "what was earned stays with who held");
        eq(f.owed(ann), 1050, "ann: 350 x 3");
        f.deposit{value: 1001}(1001);
        eq(f.owed(patient), 1200, "patient has none now");
        eq(f.owed(ann), 1050 + 1500, "999 were carried on: 2000 / 1000 for each of 750");
        eq(f.owed(ben), 750 + 500, "ben");
    }

    function test_AClaimPaysOnce() public {
        shareOut(f);
        f.deposit{value: 5000}(5000);
        vm.expectEmit(true, true, true, true, address(f));
        emit IFraction.Withdrawn(patient, patient, 2000);
        f.withdraw(patient);
        eq(patient.balance, 2000, "patient");
        wants(IFraction.NothingOwed.selector, patient);
        f.withdraw(patient);
        vm.prank(ann);
        f.withdrawTo(other);
        eq(other.balance, 1750, "ann, to another");
        wants(IFraction.NothingOwed.selector, address(0xDEAD));
        f.withdraw(address(0xDEAD));
        eq(address(f).balance, 1250, "ben's");
    }

    function test_PlainMoneyBecomesADividend() public {
        (bool ok,) = address(f).call{value: 2500}("");
        isTrue(ok, "taken");
        eq(f.owed(patient), 0, "not yet");
        f.collect();
        eq(f.owed(patient), 2000, "patient");
        wants(IFraction.NothingToCollect.selector);
        f.collect();
        vm.deal(address(f), address(f).balance + 499);
        wants(IFraction.NothingToCollect.selector);
        f.collect();
        vm.deal(address(f), address(f).balance + 1);
        f.collect();
        eq(f.owed(patient), 3000, "the carried 500 and 500");
    }

    /// Whatever comes is divided among who holds then, to the wei, and goes where its holder says, whole and once.
    function testFuzz_WhatComesIsDividedAndGoesWhereItsHolderSays(
        uint88[3] memory came,
        uint32[3] memory given,
        address by,
        bool itself
    ) public {
        uint256 perFraction = 0;
        uint256 anns = 0;
        uint256 all = 0;
        for (uint256 i = 0; i < 3; ++i) {
            give(f, patient, ann, given[i] % (f.balanceOf(patient) + 1));
            (bool ok,) = address(f).call{value: came[i] % 300 ether}("");
            isTrue(ok, "taken");
            all += came[i] % 300 ether;
            uint256 next = all / SUPPLY; // of all that came: what did not divide is carried on
            (ok,) = address(f).call(abi.encodeCall(IFraction.collect, ()));
            isTrue(ok == (next != perFraction), "divided");
            anns += (next - perFraction) * f.balanceOf(ann);
            perFraction = next;
            eq(f.owed(ann), anns, "by what she held then");
            eq(f.owed(ann) + f.owed(patient), perFraction * SUPPLY, "all that divides");
        }
        if (itself) by = ann;
        if (by == patient) return;
        address to = address(uint160(uint256(keccak256(abi.encode(by)))));
        vm.prank(by);
        (bool paid,) = address(f).call(abi.encodeCall(IFraction.withdrawTo, (to)));
        isTrue(paid == (by == ann && anns != 0), "her own word");
        eq(to.balance, paid ? anns : 0, "elsewhere");
        eq(f.owed(ann), anns - to.balance, "owed");
        eq(address(f).balance, all - to.balance, "the rest is here");
        vm.prank(by);
        (paid,) = address(f).call(abi.encodeCall(IFraction.withdrawTo, (to)));
        isTrue(!paid, "not twice");
    }

    /// A token of an absurd supply: what a fraction cannot have any more waits, and what came before is taken.
    function test_AFractionHasSoMuchAndNoMore() public {
        vm.prank(patient);
        f.reunite();
        FractionTerms memory t = terms(address(0));
        t.supply = 1;
        f = fractionalise(t);
        uint256 most = type(uint96).max;
        vm.deal(address(f), most - 5);
        f.collect();
        f.withdraw(patient);
        vm.deal(address(f), 700);
        f.collect();
        eq(f.owed(patient), 5, "what it can have still");
        f.withdraw(patient);
        eq(patient.balance, most, "paid");
        wants(IFraction.NothingToCollect.selector);
        f.collect();
        vm.prank(patient);
        f.reunite();
        f.collect();
        eq(f.owed(patient), 695, "with no fraction left it is who has the asset's");
    }

    function test_TooMuchIsTakenInByParts() public {
        vm.deal(address(f), uint256(1) << 97);
        f.collect();
        uint256 whole = uint256(type(uint96).max) / SUPPLY * SUPPLY;
        eq(f.owed(patient), whole, "the most there can be");
        wants(IFraction.NothingToCollect.selector);
        f.collect();
        f.withdraw(patient);
        eq(patient.balance, whole, "is paid");
    }

    function test_NothingIsMovedFromNobody() public {
        vm.expectRevert(abi.encodeWithSignature("ERC20InvalidSender(address)", address(0)));
        f.transferFrom(address(0), patient, 0);
    }

    function test_TheMoneySentIsTheMoneyOfTheCall() public {
        vm.expectRevert(abi.encodeWithSelector(Money.WrongValue.selector, 999, 1000));
        f.deposit{value: 999}(1000);
    }

    function testFuzz_DividendsAreExact(uint64[6] calldata amounts, uint32[6] calldata moves) public {
        address[3] memory who = [patient, ann, ben];
        uint256[3] memory has = [uint256(SUPPLY), 0, 0];
        uint256[3] memory earned;
        uint256 carry;
        for (uint256 i = 0; i < amounts.length; ++i) {
            uint256 all = carry + amounts[i];
            vm.deal(address(this), amounts[i]);
            if (all < SUPPLY) {
                (bool ok,) = address(f).call{value: amounts[i]}("");
                isTrue(ok, "sent");
                carry = all;
            } else {
                f.deposit{value: amounts[i]}(amounts[i]);
                carry = all % SUPPLY;
                for (uint256 j = 0; j < 3; ++j) {
                    earned[j] += has[j] * (all / SUPPLY);
                }
            }
            (uint256 from, uint256 to) = (moves[i] % 3, moves[i] / 3 % 3);
            uint256 units = moves[i] / 9 % (has[from] + 1);
            give(f, who[from], who[to], units);
            has[from] -= units;
            has[to] += units;
        }
        for (uint256 j = 0; j < 3; ++j) {
            eq(f.owed(who[j]), earned[j], "owed");
            uint256 before = who[j].balance;
            if (earned[j] != 0) f.withdraw(who[j]);
            eq(who[j].balance - before, earned[j], "paid");
        }
        eq(address(f).balance, carry, "what is left does not divide");
    }

    function test_APayeeThatRefusesHarmsItselfAlone() public {
        Receiver stubborn = new Receiver();
        give(f, patient, address(stubborn), 500);
        f.deposit{value: 1000}(1000);
        stubborn.refuse(true);
        wants(Money.PaymentRefused.selector, address(stubborn));
        f.withdraw(address(stubborn));
        f.withdraw(patient);
        eq(f.owed(address(stubborn)), 500, "still owed");
        stubborn.run(address(f), 0, abi.encodeCall(IFraction.withdrawTo, (other)));
        eq(other.balance, 500, "to another");
    }

    function test_APayeeThatCallsBackGetsNoMore() public {
        Receiver thief = new Receiver();
        give(f, patient, address(thief), 500);
        f.deposit{value: 1000}(1000);
        thief.reenter(address(f), abi.encodeCall(IFraction.withdraw, (address(thief))));
        f.withdraw(address(thief));
        eq(address(thief).balance, 500, "thief");
        eq(thief.reentered(), 0, "calls back that worked");
    }

    // Dividends in a token.

    function tokenVault(Coin.Habit habit) private {
        coin = new Coin(habit);
        vm.prank(patient);
        f.reunite();
        f = fractionalise(terms(address(coin)));
        coin.mint(address(this), 1e9);
        coin.approve(address(f), 1e9);
    }

    function test_TokensAreDividendsToo() public {
        tokenVault(Coin.Habit.Plain);
        f.deposit(1500);
        coin.transfer(address(f), 500);
        f.collect();
        f.withdraw(patient);
        eq(coin.balanceOf(patient), 2000, "patient");
        vm.expectRevert(abi.encodeWithSelector(Money.WrongValue.selector, 1, 0));
        f.deposit{value: 1}(1500);
        (bool ok, bytes memory why) = address(f).call{value: 1}("");
        isTrue(!ok && bytes4(why) == IFraction.WrongCurrency.selector, "the chain's money is refused");
    }

    function test_ATokenThatReturnsNothingIsTaken() public {
        tokenVault(Coin.Habit.ReturnsNothing);
        f.deposit(1000);
        f.withdraw(patient);
        eq(coin.balanceOf(patient), 1000, "patient");
    }

    function test_AnOfferOfATokenIsTakenAndComesBack() public {
        tokenVault(Coin.Habit.Plain);
        f.offer(5);
        eq(coin.balanceOf(address(f)), 5000, "put down");
        objects(patient);
        f.withdraw(address(this));
        eq(coin.balanceOf(address(this)), 1e9, "back");
    }

    function test_ATokenThatTakesAFeeIsRefusedByName() public {
        tokenVault(Coin.Habit.TakesAFee);
        vm.expectRevert(abi.encodeWithSelector(Money.NotWhole.selector, f.currency(), 9900, 10_000));
        f.deposit(10_000);
    }

    function test_ATokenThatShrinksMakesNoNewDividend() public {
        tokenVault(Coin.Habit.Plain);
        f.deposit(5000);
        coin.shrink(address(f), 1000);
        wants(IFraction.NothingToCollect.selector);
        f.collect();
        eq(f.owed(patient), 5000, "owed as before");
    }

    function test_ATokenThatCallsBackCannotMakeAnOfferADividend() public {
        tokenVault(Coin.Habit.CallsBack);
        give(f, patient, ann, 1);
        coin.mint(address(f), 700);
        coin.reenter(address(f), abi.encodeCall(IFraction.collect, ()));
        f.offer(5);
        eq(coin.reentered(), 0, "no collecting while the offer is not here");
        eq(f.owed(patient) + f.owed(ann), 0, "nothing divided");
        coin.mint(address(f), 300);
        f.collect();
        eq(f.owed(patient), 999, "but what came in");
    }
}
