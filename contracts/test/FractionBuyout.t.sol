// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IFraction} from "../src/IFraction.sol";
import {FractionTerms} from "../src/IFractions.sol";
import {Money} from "../src/Money.sol";
import {FractionStand} from "./FractionStand.sol";

/// @notice A vault's buy-out.
contract FractionBuyoutTest is FractionStand {
    function test_AnOfferThatStandsBuysTheAsset() public {
        shareOut(f);
        vm.expectEmit(true, true, true, true, address(f));
        emit IFraction.Offered(1, buyer, 7, START + 7 days);
        offered(buyer, 7);
        eq(address(f).balance, 7000, "put down");
        vm.warp(START + 7 days);
        wants(IFraction.TooEarly.selector, START + 7 days);
        f.close();
        vm.warp(START + 7 days + 1);
        vm.expectEmit(true, true, true, true, address(f));
        emit IFraction.Closed(buyer, 7);
        f.close();
        eq(assets.ownerOf(id), buyer, "asset");
        wants(IFraction.NoOffer.selector);
        f.close();
        vm.expectEmit(true, true, true, true, address(f));
        emit IERC20.Transfer(ann, address(0), 350);
        vm.expectEmit(true, true, true, true, address(f));
        emit IFraction.Redeemed(ann, 350);
        vm.expectEmit(true, true, true, true, address(f));
        emit IFraction.Withdrawn(ann, other, 2450);
        vm.prank(ann);
        f.redeem(other);
        eq(other.balance, 2450, "ann's price");
        eq(f.totalSupply(), 650, "given up");
        eq(f.balanceOf(ann), 0, "ann's fractions");
        wants(IFraction.NoFractions.selector, ann);
        vm.prank(ann);
        f.redeem(ann);
        give(f, ben, patient, 250);
        vm.prank(patient);
        f.redeem(patient);
        eq(patient.balance, 4550, "patient, with those of ben");
        eq(address(f).balance, 0, "all is paid");
    }

    function test_RedeemingPaysDividendsToo() public {
        shareOut(f);
        f.deposit{value: 2000}(2000);
        offered(buyer, 7);
        vm.warp(START + 8 days);
        f.close();
        vm.prank(patient);
        f.redeem(patient);
        eq(patient.balance, 400 * 9, "price and dividend");
    }

    function test_LockedFractionsAreRedeemed() public {
        shareOut(f);
        offered(buyer, 7);
        objects(ann);
        vm.warp(START + 31 days);
        f.close();
        vm.prank(ann);
        f.redeem(other);
        eq(other.balance, 2450, "ann");
        eq(f.lockedOf(ann), 0, "not locked");
        wants(IFraction.NothingLocked.selector, ann);
        unlocks(ann);
    }

    function test_NothingIsRedeemedBefore() public {
        wants(IFraction.NotClosed.selector);
        vm.prank(patient);
        f.redeem(patient);
        wants(IFraction.NoOffer.selector);
        f.close();
        wants(IFraction.NoOffer.selector);
        objects(patient);
        wants(IFraction.TooLow.selector, 1);
        offered(buyer, 0);
    }

    function test_AHigherOfferReplaces() public {
        give(f, patient, ann, 1);
        offered(buyer, 100);
        wants(IFraction.TooLow.selector, 105);
        offered(ann, 104);
        vm.warp(START + 6 days + 1);
        vm.expectEmit(true, true, true, true, address(f));
        emit IFraction.Offered(1, ann, 105, START + 7 days + 1);
        offered(ann, 105);
        eq(f.owed(buyer), 100_000, "owed back");
        f.withdraw(buyer);
        eq(buyer.balance, 1000 ether, "whole");
        vm.warp(START + 7 days + 1);
        wants(IFraction.TooLow.selector, 111); // 110.25
        offered(buyer, 110);
        offered(buyer, 111);
        eq(f.buyout().endsAt, START + 8 days + 1, "another day");
        vm.warp(START + 8 days + 2);
        wants(IFraction.TooLate.selector, START + 8 days + 1);
        offered(ann, 1000);
    }

    function test_AnEarlyHigherOfferShortensNothing() public {
        offered(buyer, 100);
        offered(ann, 200);
        eq(f.buyout().endsAt, START + 7 days, "end");
    }

    function test_OneWeiIsRaisedToTwo() public {
        offered(buyer, 1);
        wants(IFraction.TooLow.selector, 2);
        offered(ann, 1);
        offered(ann, 2);
        offered(buyer, 20);
        offered(ann, 21);
    }

    function test_MoreThanHalfMakeItFail() public {
        shareOut(f);
        offered(buyer, 100);
        vm.expectEmit(true, true, true, true, address(f));
        emit IFraction.Objected(1, ann, 350);
        objects(ann);
        vm.warp(START + 1 days);
        vm.expectEmit(true, true, true, true, address(f));
        emit IFraction.Failed(1);
        objects(ben);
        eq(f.owed(buyer), 100_000, "owed back");
        eq(f.buyout().bidder, address(0), "no offer");
        eq(f.buyout().pricePerFraction, 0, "no price");
        wants(IFraction.NoOffer.selector);
        objects(patient);
        offered(buyer, 1);
        eq(f.objected(), 0, "a new buy-out, objected to by nobody");
        eq(f.buyout().number, 2, "number");
        eq(f.buyout().endsAt, START + 8 days, "a whole window");
        isTrue(!f.buyout().delayed, "not put off");
        objects(ann);
        objects(ben);
        eq(f.buyout().bidder, address(0), "fractions that are locked still object to it");
        vm.warp(START + 3 days);
        unlocks(ann);
        give(f, ann, ben, 350);
    }

    function test_HalfDoesNotMakeItFail() public {
        give(f, patient, ann, 500);
        offered(buyer, 1);
        objects(ann);
        eq(f.buyout().bidder, buyer, "500 of 1000");
        give(f, patient, ann, 1);
        objects(ann);
        eq(f.buyout().bidder, address(0), "501 of 1000");
    }

    function test_ATenthPutsTheEndOffOnce() public {
        give(f, patient, ann, 100);
        give(f, patient, ben, 99);
        offered(buyer, 100);
        objects(ben);
        eq(f.buyout().endsAt, START + 7 days, "99 of 1000 are too few");
        vm.warp(START + 7 days);
        vm.expectEmit(true, true, true, true, address(f));
        emit IFraction.Delayed(1, START + 37 days);
        objects(ann);
        eq(f.buyout().endsAt, START + 37 days, "put off");
        isTrue(f.buyout().delayed, "is put off");
        vm.warp(START + 20 days);
        objects(ann);
        eq(f.buyout().endsAt, START + 37 days, "once");
        vm.warp(START + 37 days);
        offered(ann, 105);
        eq(f.buyout().endsAt, START + 38 days, "a higher offer still has its day");
        objects(ben);
        eq(f.buyout().endsAt, START + 38 days, "still once");
        vm.warp(START + 38 days + 1);
        wants(IFraction.TooLate.selector, START + 38 days);
        objects(patient);
        f.close();
        eq(assets.ownerOf(id), ann, "nobody is held for ever");
    }

    function test_ATenthAloneIsEnough() public {
        give(f, patient, ann, 100);
        offered(buyer, 100);
        objects(ann);
        eq(f.buyout().endsAt, START + 30 days, "100 of 1000");
    }

    function test_TheNextBuyoutCanBePutOffAgain() public {
        offered(buyer, 100);
        give(f, patient, ann, 100);
        objects(ann);
        objects(patient);
        offered(buyer, 100);
        objects(ann);
        eq(f.buyout().endsAt, START + 30 days, "put off");
        isTrue(f.buyout().delayed, "again");
    }

    function test_WhoHoldsAllTakesTheAsset() public {
        f.deposit{value: 1999}(1999);
        offered(buyer, 100);
        objects(patient); // fails; all is locked
        offered(buyer, 200);
        give(f, patient, patient, 0);
        vm.expectEmit(true, true, true, true, address(f));
        emit IFraction.Closed(patient, 0);
        vm.prank(patient);
        f.reunite();
        eq(assets.ownerOf(id), patient, "asset");
        eq(f.owed(buyer), 300_000, "both offers are owed back");
        eq(f.totalSupply(), 0, "no fractions");
        wants(IFraction.IsClosed.selector);
        vm.prank(patient);
        f.reunite();
        wants(IFraction.IsClosed.selector);
        offered(buyer, 1000);
        wants(IFraction.IsClosed.selector);
        chooses(patient, other);
        wants(IFraction.NoOffer.selector);
        objects(patient);
        wants(IFraction.NoFractions.selector, patient);
        vm.prank(patient);
        f.redeem(patient);
        eq(f.owed(patient), 1000, "the dividend");
        // What did not divide, and what comes later, is of who took the asset.
        f.collect();
        eq(f.owed(patient), 1999, "and the rest");
        f.withdraw(patient);
        f.withdraw(buyer);
        eq(address(f).balance, 0, "nothing stays");
    }

    /// Who holds all takes the asset until an offer has won; one fraction less, or a second later, and nobody does.
    function testFuzz_OnlyWhoHoldsAllTakesTheAsset(uint32 given, bool all, uint80 price, uint24 took) public {
        given = all ? 0 : given % (SUPPLY + 1);
        give(f, patient, ann, given);
        if (price != 0) {
            vm.deal(buyer, uint256(price) * SUPPLY);
            offered(buyer, price);
        }
        took = uint24(around(7 days, took, 14 days));
        vm.warp(START + took);
        vm.prank(patient);
        (bool ok,) = address(f).call(abi.encodeCall(IFraction.reunite, ()));
        isTrue(ok == (given == 0 && (price == 0 || took <= 7 days)), "taken");
        eq(assets.ownerOf(id), ok ? patient : address(f), "asset");
        eq(f.totalSupply(), ok ? 0 : SUPPLY, "supply");
        eq(f.owed(buyer), ok ? uint256(price) * SUPPLY : 0, "the offer is owed back");
        eq(f.buyout().bidder, ok ? patient : price == 0 ? address(0) : buyer, "who has it or bids");
    }

    function test_AllButOneIsNotAll() public {
        give(f, patient, ann, 1);
        vm.expectRevert(abi.encodeWithSelector(IFraction.NotAll.selector, 999, 1000));
        vm.prank(patient);
        f.reunite();
    }

    function test_WhoHoldsAllComesTooLateForAWonOffer() public {
        offered(buyer, 100);
        vm.warp(START + 7 days + 1);
        wants(IFraction.TooLate.selector, START + 7 days);
        vm.prank(patient);
        f.reunite();
        f.close();
        vm.prank(patient);
        f.redeem(patient);
        eq(patient.balance, 100_000, "has its price");
    }

    function test_WhoHoldsAllIsInTimeToTheLastSecond() public {
        offered(buyer, 100);
        vm.warp(START + 7 days);
        vm.prank(patient);
        f.reunite();
        eq(assets.ownerOf(id), patient, "asset");
    }

    function test_LateMoneyIsOfWhoHasNotRedeemed() public {
        shareOut(f);
        offered(buyer, 7);
        vm.warp(START + 8 days);
        f.close();
        vm.prank(ann);
        f.redeem(ann);
        f.deposit{value: 1300}(1300);
        eq(f.owed(ben), 500, "2 for each of 650 fractions");
        vm.prank(patient);
        f.redeem(patient);
        vm.prank(ben);
        f.redeem(ben);
        f.deposit{value: 99}(99);
        eq(f.owed(buyer), 99, "with no fractions left, of who has the asset");
        f.withdraw(buyer);
        eq(address(f).balance, 0, "nothing stays");
    }

    function test_AnOfferThatDoesNotFitIsRefused() public {
        uint96 price = type(uint96).max / SUPPLY + 1;
        vm.deal(ann, type(uint128).max);
        wants(IFraction.TooMuch.selector, uint256(price) * SUPPLY);
        offered(ann, price);
        offered(ann, price - 1);
        vm.warp(START + 8 days);
        f.close();
        vm.prank(patient);
        f.redeem(patient);
        eq(patient.balance, uint256(price - 1) * SUPPLY, "the most there can be is paid");
    }

    function test_TheLargestOfferThatFitsIsTaken() public {
        vm.prank(patient);
        f.reunite();
        FractionTerms memory t = terms(address(0));
        t.supply = 1;
        f = fractionalise(t);
        vm.deal(ann, type(uint96).max);
        vm.prank(ann);
        f.offer{value: type(uint96).max}(type(uint96).max);
        eq(f.buyout().pricePerFraction, type(uint96).max, "price");
    }

    function test_AnOfferIsPaidInFull() public {
        vm.expectRevert(abi.encodeWithSelector(Money.WrongValue.selector, 999, 1000));
        vm.prank(ann);
        f.offer{value: 999}(1);
    }

    /// Anyone can offer, whatever the price: who redeems gets it to the wei.
    function testFuzz_TheWinnerPaysEachFraction(uint80 price, uint32 a, uint32 b) public {
        vm.assume(price != 0);
        a %= SUPPLY + 1;
        b %= SUPPLY + 1 - a;
        give(f, patient, ann, a);
        give(f, patient, ben, b);
        vm.deal(buyer, uint256(price) * SUPPLY);
        offered(buyer, price);
        vm.warp(START + 8 days);
        f.close();
        address[3] memory who = [patient, ann, ben];
        for (uint256 i = 0; i < 3; ++i) {
            uint256 units = f.balanceOf(who[i]);
            if (units == 0) continue;
            address to = address(uint160(0x7000 + i));
            vm.prank(who[i]);
            f.redeem(to);
            eq(to.balance, units * price, "price");
        }
        eq(address(f).balance, 0, "all");
    }
}
