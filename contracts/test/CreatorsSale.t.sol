// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {ICreators, IssueState, Right, Terms} from "../src/ICreators.sol";
import {Money} from "../src/Money.sol";
import {CreatorsStand} from "./CreatorsStand.sol";
import {Coin} from "./hostile/Coin.sol";

/// @notice What an issue sells, how it closes and ends, and the stake behind it.
contract CreatorsSaleTest is CreatorsStand {
    function wantsState(uint256 id, IssueState s) private {
        vm.expectRevert(abi.encodeWithSelector(ICreators.WrongState.selector, id, s));
    }

    // Sale.

    function test_ASaleIsOwedToTheTill() public {
        vm.expectEmit(true, true, true, true, address(creators));
        emit IERC721.Transfer(address(0), other, issueId + 1);
        vm.expectEmit(true, true, true, true, address(creators));
        emit ICreators.Sold(issueId, issueId + 1, other, PRICE);
        uint256 id = buyFor(t, other);
        eq(id, issueId + 1, "ID");
        eq(creators.ownerOf(id), other, "owner");
        eq(creators.balanceOf(other), 1, "balance");
        eq(creators.owed(NATIVE, creators.tillOf(issueId)), PRICE, "owed");
        eq(creators.issue(issueId).sold, 1, "sold");
    }

    function test_TheBuyerPaysThePriceExactly() public {
        vm.expectRevert(abi.encodeWithSelector(Money.WrongValue.selector, PRICE - 1, PRICE));
        vm.prank(relayer);
        creators.buy{value: PRICE - 1}(t, other);
        vm.expectRevert(abi.encodeWithSelector(Money.WrongValue.selector, PRICE + 1, PRICE));
        vm.prank(relayer);
        creators.buy{value: PRICE + 1}(t, other);
        wants(ICreators.ZeroAddress.selector);
        buyFor(t, address(0));
    }

    function testFuzz_TheSaleEnds(uint32 late) public {
        vm.warp(uint256(t.saleEndsAt) + late);
        if (late != 0) wants(ICreators.TooLate.selector, t.saleEndsAt);
        buyFor(t, other);
    }

    function test_WhatIsNotOpenIsNotSold() public {
        Terms memory none = usualIssue();
        none.salt = 9;
        wantsState(idOf(none), IssueState.None);
        buyFor(none, other);
        vm.prank(doctor);
        creators.close(t, usualRights(), "");
        wantsState(issueId, IssueState.Closed);
        buyFor(t, other);
    }

    function test_AnyCurrencyIsTakenButOneThatTakesAFee() public {
        for (uint256 habit = 0; habit < 4; ++habit) {
            Coin money = new Coin(Coin.Habit(habit));
            money.mint(relayer, 1e30);
            vm.prank(relayer);
            money.approve(address(creators), type(uint256).max);
            t.currency = address(money);
            if (habit > 1) vm.expectRevert();
            stakeFor(doctor, t.currency, uint128(PLEDGE));
            if (habit > 1) continue;
            (t.supply, t.salt) = (1, 10 + habit);
            trustAgain(habit);
            openAs(t, DOCTOR_KEY);
            buyFor(t, other);
            eq(money.balanceOf(address(creators)), PLEDGE + PRICE, "here");
        }
    }

    function trustAgain(uint256 n) private {
        attestBy(SECOND_KEY, statement(SECOND_KEY, doctor, 800, uint64(n + 2)));
    }

    function test_ACurrencyThatCallsBackHarmsOnlyItself() public {
        Coin money = new Coin(Coin.Habit.CallsBack);
        money.mint(address(money), 1e30);
        money.mint(relayer, 1e30);
        vm.prank(relayer);
        money.approve(address(creators), type(uint256).max);
        vm.prank(address(money));
        money.approve(address(creators), type(uint256).max);
        (t.currency, t.supply, t.salt) = (address(money), 3, 3);
        trustMore(10);
        stakeFor(doctor, t.currency, uint128(3 * PLEDGE));
        openAs(t, DOCTOR_KEY);
        uint256 before = address(creators).balance;
        // In the middle of a payment: another purchase. What arrives of both is no price, so one of them is undone.
        money.reenter(address(creators), abi.encodeCall(ICreators.buy, (t, address(money))));
        vm.prank(relayer);
        (bool ok,) = address(creators).call(abi.encodeCall(ICreators.buy, (t, other)));
        uint256 sold = creators.issue(idOf(t)).sold;
        isTrue(!ok || creators.balanceOf(other) == 1, "sold if it was paid");
        eq(money.balanceOf(address(creators)), 3 * PLEDGE + sold * PRICE, "each was paid");
        eq(creators.owed(address(money), creators.tillOf(idOf(t))), sold * PRICE, "and is owed");
        eq(address(creators).balance, before, "and no other money moved");
    }

    // Close and end.

    function test_ClosingFreesWhatWasNotSold() public {
        buyFor(t, other);
        bytes memory signed = signature(DOCTOR_KEY, closeHash(t));
        wants(ICreators.BadSignature.selector, doctor);
        creators.close(t, usualRights(), "");
        vm.expectEmit(true, true, true, true, address(creators));
        emit ICreators.Closed(issueId, 99);
        creators.close(t, usualRights(), signed);
        eq(creators.freeStake(doctor, NATIVE), 99 * PLEDGE, "free");
        eq(creators.issue(issueId).bonded, PLEDGE, "bound");
        eq(creators.promisesOf(doctor), 2, "promises");
        wantsState(issueId, IssueState.Closed);
        creators.close(t, usualRights(), signed);
        vm.warp(uint256(t.until) + 1);
        creators.end(t);
        eq(creators.freeStake(doctor, NATIVE), 100 * PLEDGE, "all free");
        eq(creators.promisesOf(doctor), 0, "no promises");
        wantsState(issueId, IssueState.Ended);
        creators.close(t, usualRights(), signed);
        wantsState(issueId, IssueState.Ended);
        creators.end(t);
    }

    function testFuzz_AnyoneClosesAfterTheSale(uint32 late) public {
        vm.warp(uint256(t.saleEndsAt) + late);
        if (late == 0) wants(ICreators.BadSignature.selector, doctor);
        creators.close(t, usualRights(), "");
    }

    function test_ClosingWantsTheRights() public {
        vm.prank(doctor);
        wants(ICreators.BadRights.selector);
        creators.close(t, new Right[](0), "");
    }

    function test_WhatIsClosedBeforeItOpenedNeverOpens() public {
        t.salt = 2;
        wants(ICreators.BadSignature.selector, doctor);
        creators.close(t, usualRights(), "");
        vm.warp(uint256(t.saleEndsAt) + 1);
        wants(ICreators.BadSignature.selector, doctor);
        creators.close(t, usualRights(), "");
        vm.warp(START);
        vm.expectEmit(true, true, true, true, address(creators));
        emit ICreators.Closed(idOf(t), 100);
        creators.close(t, usualRights(), signature(DOCTOR_KEY, closeHash(t)));
        wants(ICreators.AlreadyOpened.selector, idOf(t));
        openAs(t, DOCTOR_KEY);
        wantsState(idOf(t), IssueState.Ended);
        creators.end(t);
        eq(creators.freeStake(doctor, NATIVE), 0, "nothing is freed");
    }

    function test_AnIssueEndsWhenItsTimeIsOverAndNoDemandIsOpen() public {
        uint256 id = buyFor(t, other);
        vm.warp(t.until);
        demandAs(t, id, 0);
        wants(ICreators.TooEarly.selector, t.until);
        creators.end(t);
        vm.warp(uint256(t.until) + 1);
        wants(ICreators.DemandsOpen.selector, 1);
        creators.end(t);
        wants(ICreators.TooLate.selector, t.until);
        demandAs(t, id, 1);
        vm.warp(uint256(t.until) + 7 days + 1);
        creators.settle(t, usualRights(), id);
        vm.expectEmit(true, true, true, true, address(creators));
        emit ICreators.Ended(issueId, 100 * PLEDGE - 0.3 ether);
        creators.end(t);
        eq(creators.promisesOf(doctor), 0, "promises");
        eq(creators.issue(issueId).bonded, 0, "nothing is bound");
        uint256 none = idOf(t);
        vm.prank(other);
        wantsState(none, IssueState.Ended);
        creators.honour(t, usualRights(), id, 0, "");
    }

    /// From the second after its time, with no demand open, anyone ends it, once: all that was bound is free or compensation.
    function testFuzz_AnIssueEndsOnceAndAllThatWasBoundIsFreeOrPaid(uint8 sold, uint8 demanded, bool closed, uint24 late, address by)
        public
    {
        uint256 took = around(10 days, late, 20 days);
        uint256 open = 0;
        uint256[] memory ids = new uint256[](3);
        for (uint256 i = 0; i < sold % 4; ++i) {
            uint256 id = buyFor(t, other);
            if (demanded >> i & 1 == 0) continue;
            demandAs(t, id, 0);
            ids[open++] = id;
        }
        vm.warp(uint256(t.until) - 10 days + took);
        if (closed) creators.close(t, usualRights(), "");
        endsIf(open == 0 && took > 10 days, by);
        if (open == 0) return;
        for (uint256 i = 0; i < open; ++i) {
            creators.settle(t, usualRights(), ids[i]);
        }
        endsIf(took > 10 days, by);
        eq(creators.owed(NATIVE, other), open * 0.3 ether, "compensation");
    }

    function endsIf(bool may, address by) private {
        uint256 before = creators.promisesOf(doctor);
        uint256 bound = creators.issue(issueId).bonded + creators.freeStake(doctor, NATIVE);
        vm.prank(by);
        (bool ok,) = address(creators).call(abi.encodeCall(ICreators.end, (t)));
        isTrue(ok == may, "ended");
        eq(creators.promisesOf(doctor), may ? 0 : before, "promises");
        eq(creators.issue(issueId).bonded + creators.freeStake(doctor, NATIVE), bound, "nothing is lost");
        if (!may) return;
        eq(creators.issue(issueId).bonded, 0, "nothing is bound");
        wantsState(issueId, IssueState.Ended);
        creators.end(t);
    }

    // Stake.

    function test_AnyoneStakesForACreatorWhoAloneTakesItBack() public {
        vm.expectEmit(true, true, true, true, address(creators));
        emit ICreators.Staked(other, NATIVE, relayer, 5);
        stakeFor(other, NATIVE, 5);
        stakeFor(other, NATIVE, 2);
        bytes memory signed = signature(OTHER_KEY, unstakeHash(NATIVE, 6, 0, START));
        wants(ICreators.BadSignature.selector, other);
        creators.unstake(other, NATIVE, 5, START, signed);
        wants(ICreators.BadSignature.selector, other);
        creators.unstake(other, NATIVE, 6, START + 1, signed);
        vm.warp(START + 1);
        wants(ICreators.TooLate.selector, START);
        creators.unstake(other, NATIVE, 6, START, signed);
        vm.warp(START);
        vm.expectEmit(true, true, true, true, address(creators));
        emit ICreators.Unstaked(other, NATIVE, 6);
        creators.unstake(other, NATIVE, 6, START, signed);
        eq(creators.owed(NATIVE, other), 6, "owed");
        eq(creators.freeStake(other, NATIVE), 1, "free");
        eq(creators.unstakes(other), 1, "nonce");
        wants(ICreators.BadSignature.selector, other);
        creators.unstake(other, NATIVE, 6, START, signed);
        vm.expectRevert(abi.encodeWithSelector(ICreators.OverStake.selector, 2, 1));
        vm.prank(other);
        creators.unstake(other, NATIVE, 2, 0, "");
        wants(ICreators.Nothing.selector);
        vm.prank(other);
        creators.unstake(other, NATIVE, 0, 0, "");
        wants(ICreators.Nothing.selector);
        stakeFor(other, NATIVE, 0);
        wants(ICreators.ZeroAddress.selector);
        stakeFor(address(0), NATIVE, 1);
    }

    function testFuzz_StakesOfTwoCurrenciesAreTwo(uint96 a, uint96 b) public {
        (a, b) = (a / 2 + 1, b / 2 + 1);
        stakeFor(other, NATIVE, a);
        stakeFor(other, address(cash), b);
        eq(creators.freeStake(other, NATIVE), a, "coin");
        eq(creators.freeStake(other, address(cash)), b, "token");
        vm.expectRevert(abi.encodeWithSelector(ICreators.OverStake.selector, uint256(a) + 1, a));
        vm.prank(other);
        creators.unstake(other, NATIVE, uint256(a) + 1, 0, "");
    }
}
