// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPause} from "../src/IPause.sol";
import {Parameter} from "../src/IRegistry.sol";
import {IRewards, Posting, State} from "../src/IRewards.sol";
import {ILedger} from "../src/ILedger.sol";
import {Money} from "../src/Money.sol";
import {Rewards} from "./Faces.sol";
import {GovernFixture} from "./GovernFixture.sol";
import {Leaf, Leaves} from "./Leaves.sol";
import {Coin} from "./hostile/Coin.sol";
import {Receiver} from "./hostile/Receiver.sol";

contract RewardsTest is GovernFixture {
    using Leaves for Leaf[];

    event Funded(uint256 indexed week, address indexed currency, address indexed from, uint256 amount);
    event PostedRoot(
        uint256 indexed id,
        uint256 indexed week,
        address indexed currency,
        address poster,
        bytes32 root,
        uint256 total,
        bytes32 listHash
    );
    event DisputedRoot(uint256 indexed id, address indexed disputer, bytes32 indexed reasonHash);
    event Decided(uint256 indexed id, address indexed judge, bool right);
    event Expired(uint256 indexed id);
    event SettledRoot(uint256 indexed id, uint256 total, uint256 returned);
    event SupersededRoot(uint256 indexed id);
    event Claimed(uint256 indexed id, uint256 index, address indexed account, address indexed to, uint256 amount);
    event Returned(uint256 indexed id, uint256 amount);
    event Reclaimed(uint256 indexed week, address indexed currency, uint256 amount);
    event PanelSet(address indexed panel);

    uint32 private constant WEEK = uint32(GENESIS / 7 days - 1); // the last that is over
    uint256 private constant OVER = (uint256(WEEK) + 1) * 7 days; // its end
    bytes32 private constant LIST = keccak256("the published list");
    bytes32 private constant WHY = keccak256("why");
    address private constant COIN = address(0);
    address private constant POSTER = address(0xF0);
    address private constant DISPUTER = address(0xD1);

    function setUp() public {
        deployGovern();
        vm.deal(POSTER, 100 ether);
        vm.deal(DISPUTER, 100 ether);
        vm.deal(address(this), 100 ether);
    }

    function usual() private pure returns (Leaf[] memory list) {
        list = new Leaf[](5);
        for (uint256 i = 0; i < 5; ++i) {
            list[i] = Leaf(i, address(uint160(0xE0 + i)), uint96((i + 1) * 100e18));
        }
    }

    function post(address currency, Leaf[] memory list) private returns (uint256) {
        return postAs(currency, list.root(), list.total());
    }

    function postAs(address currency, bytes32 root, uint96 total) private returns (uint256) {
        vm.prank(POSTER);
        return rewards.post{value: BOND}(WEEK, currency, root, total, LIST);
    }

    function dispute(uint256 id) private {
        vm.prank(DISPUTER);
        rewards.dispute{value: BOND}(id, WHY);
    }

    function decide(uint256 id, bool right) private {
        vm.prank(PANEL);
        rewards.decide(id, right);
    }

    function settled(address currency, Leaf[] memory list) private returns (uint256 id) {
        id = post(currency, list);
        vm.warp(block.timestamp + 7 days + 1);
        rewards.settle(id);
    }

    function claim(uint256 id, Leaf[] memory list, uint256 i) private {
        rewards.claim(id, list[i].index, list[i].account, list[i].amount, list.proof(i));
    }

    function fundCoin(uint128 amountWei) private {
        rewards.fund{value: amountWei}(WEEK, COIN, amountWei);
    }

    function stateOf(uint256 id) private view returns (State) {
        return rewards.posting(id).state;
    }

    function inState(uint256 id, State state, string memory what) private view {
        eq(uint256(stateOf(id)), uint256(state), what);
    }

    function wantsTwo(bytes4 selector, uint256 a, uint256 b) private {
        vm.expectRevert(abi.encodeWithSelector(selector, a, b));
    }

    // A week of voice.

    function test_AWeekIsPostedSettledAndClaimed() public {
        Leaf[] memory list = usual();
        vm.expectEmit(true, true, true, true, address(rewards));
        emit PostedRoot(1, WEEK, address(voice), POSTER, list.root(), 1500e18, LIST);
        uint256 id = post(address(voice), list);
        Posting memory p = rewards.posting(id);
        eq(p.root, list.root(), "root");
        eq(p.poster, POSTER, "poster");
        eq(p.week, WEEK, "week");
        eq(p.turnAt, GENESIS, "turn");
        eq(p.total, 1500e18, "total");
        eq(p.currency, address(voice), "currency");
        eq(p.left, 0, "nothing to take yet");
        vm.expectRevert(abi.encodeWithSelector(IRewards.NotEnoughLeft.selector, id, 0));
        claim(id, list, 0);
        vm.warp(GENESIS + 7 days);
        wants(IRewards.TooEarly.selector, GENESIS + 7 days);
        rewards.settle(id);
        vm.warp(GENESIS + 7 days + 1);
        vm.expectEmit(true, true, true, true, address(rewards));
        emit SettledRoot(id, 1500e18, 0);
        rewards.settle(id);
        inState(id, State.Settled, "settled");
        eq(rewards.posting(id).turnAt, GENESIS + 7 days + 1, "settled at");
        eq(rewards.settledBy(WEEK, address(voice)), id, "settled by");
        eq(rewards.owed(COIN, POSTER), BOND, "the bond is owed");
        eq(voice.minted(WEEK), 1500e18, "made for this week");
        for (uint256 i = 0; i < list.length; ++i) {
            isTrue(!rewards.claimed(id, i), "not claimed");
            vm.expectEmit(true, true, true, true, address(rewards));
            emit Claimed(id, i, list[i].account, list[i].account, list[i].amount);
            claim(id, list, i);
            eq(voice.balanceOf(list[i].account), list[i].amount, "paid");
            isTrue(rewards.claimed(id, i), "claimed");
        }
        eq(rewards.posting(id).left, 0, "nothing is left");
        eq(voice.balanceOf(address(rewards)), 0, "nothing stays");
        rewards.withdraw(COIN, POSTER);
        eq(POSTER.balance, 100 ether, "the bond is back");
    }

    function test_ALeafIsPaidOnce() public {
        Leaf[] memory list = usual();
        uint256 id = settled(address(voice), list);
        claim(id, list, 3);
        wantsTwo(IRewards.AlreadyClaimed.selector, id, 3);
        claim(id, list, 3);
    }

    function test_OnlyWhatIsListedIsPaid() public {
        Leaf[] memory list = usual();
        uint256 id = settled(address(voice), list);
        bytes32[] memory proof = list.proof(2);
        wantsTwo(IRewards.NotListed.selector, id, 2);
        rewards.claim(id, 2, STRANGER, list[2].amount, proof);
        wantsTwo(IRewards.NotListed.selector, id, 2);
        rewards.claim(id, 2, list[2].account, list[2].amount + 1, proof);
        wantsTwo(IRewards.NotListed.selector, id, 7);
        rewards.claim(id, 7, list[2].account, list[2].amount, proof);
        wantsTwo(IRewards.NotListed.selector, id, 2);
        rewards.claimTo(id, 2, list[2].amount, proof, STRANGER);
        wants(IRewards.NothingToPay.selector);
        rewards.claim(id, 2, list[2].account, 0, proof);
    }

    function test_AnAccountSendsItsOwnElsewhere() public {
        Leaf[] memory list = usual();
        uint256 id = settled(address(voice), list);
        vm.expectEmit(true, true, true, true, address(rewards));
        emit Claimed(id, 1, list[1].account, STRANGER, list[1].amount);
        vm.prank(list[1].account);
        rewards.claimTo(id, 1, list[1].amount, list.proof(1), STRANGER);
        eq(voice.balanceOf(STRANGER), list[1].amount, "there");
    }

    function test_ALyingListTakesNoMoreThanItsTotal() public {
        Leaf[] memory list = usual();
        uint256 id = postAs(address(voice), list.root(), 1500e18 - 1);
        vm.warp(GENESIS + 7 days + 1);
        rewards.settle(id);
        for (uint256 i = 0; i < 4; ++i) {
            claim(id, list, i);
        }
        wantsTwo(IRewards.NotEnoughLeft.selector, id, 500e18 - 1);
        claim(id, list, 4);
    }

    function test_TwoLeavesOfOneIndexArePaidOnce() public {
        Leaf[] memory list = usual();
        list[1].index = 0;
        uint256 id = settled(address(voice), list);
        claim(id, list, 0);
        wantsTwo(IRewards.AlreadyClaimed.selector, id, 0);
        claim(id, list, 1);
    }

    function test_AListTakesAtMostTheEmission() public {
        uint96 most = uint96(EMISSION) * 1e18;
        eq(rewards.emission(WEEK, address(voice)), most, "emission");
        wantsTwo(IRewards.OverEmission.selector, most + 1, most);
        postAs(address(voice), WHY, most + 1);
        uint256 id = postAs(address(voice), WHY, most);
        // What was posted in order stays so, whatever is voted after.
        vm.prank(address(treasury));
        registry.set(Parameter.WeeklyEmission, EMISSION - 20_000);
        vm.warp(GENESIS + 7 days + 1);
        rewards.settle(id);
        eq(rewards.posting(id).left, most, "as posted");
    }

    function test_AListIsPostedAfterItsWeekAndWithinAYear() public {
        vm.warp(OVER - 1);
        wants(IRewards.TooEarly.selector, OVER);
        postAs(address(voice), WHY, 1);
        vm.warp(OVER);
        postAs(address(voice), WHY, 1);
        vm.warp(OVER + 365 days);
        postAs(address(voice), WHY, 1);
        vm.warp(OVER + 365 days + 1);
        wants(IRewards.TooLate.selector, OVER + 365 days);
        postAs(address(voice), WHY, 1);
    }

    function test_NoWeekBeforeTheDeploymentIsPaid() public {
        eq(rewards.FIRST_WEEK(), WEEK, "the week of the deployment");
        wants(IRewards.TooLate.selector, OVER - 7 days);
        vm.prank(POSTER);
        rewards.post{value: BOND}(WEEK - 1, address(voice), WHY, 1, LIST);
        wants(IRewards.TooLate.selector, OVER - 7 days);
        rewards.fund{value: 1}(WEEK - 1, COIN, 1);
    }

    function testFuzz_NoWeekBeforeTheDeploymentIsPaid(uint32 week, uint32 later) public {
        vm.warp(GENESIS + later);
        bool early = week < WEEK;
        bool over = (uint256(week) + 1) * 7 days <= block.timestamp;
        bool inTime = block.timestamp <= (uint256(week) + 1) * 7 days + 365 days;
        vm.prank(POSTER);
        (bool ok,) = address(rewards).call{value: BOND}(
            abi.encodeCall(IRewards.post, (week, address(voice), WHY, uint96(1), LIST))
        );
        isTrue(ok == (!early && over && inTime), "posted");
    }

    function testFuzz_APanelCannotHurryAList(uint32 took, bool right) public {
        uint256 id = post(address(voice), usual());
        dispute(id);
        took %= 60 days;
        vm.warp(GENESIS + took);
        bool early = right && took <= 7 days;
        if (early) wants(IRewards.TooEarly.selector, GENESIS + 7 days);
        decide(id, right);
        inState(id, early ? State.Disputed : right ? State.Settled : State.Rejected, "state");
    }

    function test_AnOddBondIsSharedToTheWei() public {
        Rewards odd = Rewards(deploy("Rewards", abi.encode(voice, registry, treasury, PANEL, address(0), 7)));
        vm.warp(GENESIS + 7 days);
        vm.prank(POSTER);
        uint256 id = odd.post{value: 7}(WEEK + 1, address(voice), WHY, 1, LIST);
        odd.dispute{value: 7}(id, WHY);
        vm.prank(PANEL);
        odd.decide(id, false);
        eq(odd.owed(COIN, address(this)), 10, "the winner's");
        eq(odd.owed(COIN, address(treasury)), 4, "the treasury's");
    }

    function test_AListNeedsItsBondAndATotal() public {
        vm.prank(POSTER);
        wantsTwo(Money.WrongValue.selector, BOND - 1, BOND);
        rewards.post{value: BOND - 1}(WEEK, address(voice), WHY, 1, LIST);
        wants(IRewards.NothingToPay.selector);
        postAs(address(voice), WHY, 0);
        eq(rewards.BOND(), BOND, "bond");
    }

    // Disputes.

    function test_ADisputeThatIsRightTakesBothBonds() public {
        uint256 id = post(address(voice), usual());
        vm.warp(GENESIS + 7 days);
        vm.expectEmit(true, true, true, true, address(rewards));
        emit DisputedRoot(id, DISPUTER, WHY);
        dispute(id);
        eq(rewards.posting(id).disputer, DISPUTER, "disputer");
        vm.warp(GENESIS + 67 days);
        vm.expectEmit(true, true, true, true, address(rewards));
        emit Decided(id, PANEL, false);
        decide(id, false);
        inState(id, State.Rejected, "rejected");
        eq(rewards.owed(COIN, DISPUTER), 3 * BOND / 2, "the winner's");
        eq(rewards.owed(COIN, POSTER), 0, "the loser's");
        eq(rewards.owed(COIN, address(treasury)), BOND / 2, "the treasury's");
        eq(rewards.settledBy(WEEK, address(voice)), 0, "the week is open");
        settled(address(voice), usual()); // a right one goes on
    }

    function test_ADisputeThatIsWrongLosesItsBond() public {
        uint256 id = post(address(voice), usual());
        dispute(id);
        vm.warp(GENESIS + 7 days + 1);
        vm.prank(address(treasury));
        rewards.decide(id, true);
        inState(id, State.Settled, "settled");
        eq(rewards.owed(COIN, POSTER), 3 * BOND / 2, "the winner's");
        eq(rewards.owed(COIN, address(treasury)), BOND / 2, "the treasury's");
        eq(rewards.owed(COIN, DISPUTER), 0, "the loser's");
        claim(id, usual(), 0);
    }

    function test_ADisputeNeedsItsBondInTime() public {
        uint256 id = post(address(voice), usual());
        vm.prank(DISPUTER);
        wantsTwo(Money.WrongValue.selector, 0, BOND);
        rewards.dispute(id, WHY);
        vm.warp(GENESIS + 7 days + 1);
        wants(IRewards.TooLate.selector, GENESIS + 7 days);
        dispute(id);
    }

    function test_OnlyJudgesDecideAndOnlyInTime() public {
        uint256 id = post(address(voice), usual());
        dispute(id);
        address[4] memory all = [POSTER, DISPUTER, GUARDIAN, VETOER];
        for (uint256 i = 0; i < all.length; ++i) {
            wants(IRewards.NotJudge.selector, all[i]);
            vm.prank(all[i]);
            rewards.decide(id, true);
        }
        vm.warp(GENESIS + 60 days + 1);
        wants(IRewards.TooLate.selector, GENESIS + 60 days);
        decide(id, true);
    }

    function test_ADisputeThatNobodyDecidesEndsByItself() public {
        uint256 id = post(address(voice), usual());
        dispute(id);
        vm.warp(GENESIS + 60 days);
        wants(IRewards.TooEarly.selector, GENESIS + 60 days);
        rewards.expire(id);
        vm.warp(GENESIS + 60 days + 1);
        vm.expectEmit(true, true, true, true, address(rewards));
        emit Expired(id);
        rewards.expire(id);
        inState(id, State.Rejected, "rejected");
        eq(rewards.owed(COIN, POSTER), BOND, "poster");
        eq(rewards.owed(COIN, DISPUTER), BOND, "disputer");
    }

    function test_AWrongListBlocksNoRightOne() public {
        uint256 wrong = postAs(address(voice), WHY, 100);
        dispute(wrong);
        uint256 right = post(address(voice), usual());
        vm.warp(GENESIS + 7 days + 1);
        rewards.settle(right);
        eq(rewards.settledBy(WEEK, address(voice)), right, "the right one");
        decide(wrong, false);
        eq(rewards.owed(COIN, DISPUTER), 3 * BOND / 2, "who disputed the wrong one");
    }

    function test_TheSecondThatStandsIsSuperseded() public {
        uint256 first = post(address(voice), usual());
        uint256 second = post(address(voice), usual());
        uint256 third = post(address(voice), usual());
        dispute(third);
        vm.warp(GENESIS + 7 days + 1);
        rewards.settle(first);
        vm.expectEmit(true, true, true, true, address(rewards));
        emit SupersededRoot(second);
        rewards.settle(second);
        inState(second, State.Superseded, "superseded");
        decide(third, true);
        inState(third, State.Superseded, "superseded too");
        eq(rewards.owed(COIN, POSTER), 7 * BOND / 2, "three bonds, and half of one won");
        eq(voice.totalSupply(), 1500e18, "made once");
        vm.expectRevert(abi.encodeWithSelector(IRewards.NotEnoughLeft.selector, second, 0));
        claim(second, usual(), 0);
        vm.expectRevert(abi.encodeWithSelector(IRewards.AlreadySettled.selector, WEEK, address(voice)));
        post(address(voice), usual());
    }

    function test_EachStepNeedsItsState() public {
        uint256 id = post(address(voice), usual());
        inTheWay(id, State.Posted, false, true, true);
        dispute(id);
        inTheWay(id, State.Disputed, true, false, true);
        vm.warp(GENESIS + 7 days + 1);
        decide(id, true);
        inTheWay(id, State.Settled, true, true, false);
        inTheWay(id + 1, State.None, true, true, true);
    }

    function inTheWay(uint256 id, State state, bool posted, bool disputed, bool settled_) private {
        bytes memory why = abi.encodeWithSelector(IRewards.WrongState.selector, id, state);
        if (posted) {
            vm.expectRevert(why);
            dispute(id);
            vm.expectRevert(why);
            rewards.settle(id);
        }
        if (disputed) {
            vm.expectRevert(why);
            decide(id, true);
            vm.expectRevert(why);
            rewards.expire(id);
        }
        if (settled_) {
            vm.expectRevert(why);
            rewards.close(id);
        }
    }

    // The end of claims.

    function test_WhatIsNotClaimedInAYearIsDestroyed() public {
        Leaf[] memory list = usual();
        uint256 id = settled(address(voice), list);
        claim(id, list, 0);
        uint256 endsAt = GENESIS + 7 days + 1 + 365 days;
        vm.warp(endsAt);
        wants(IRewards.TooEarly.selector, endsAt);
        rewards.close(id);
        claim(id, list, 1); // still
        vm.warp(endsAt + 1);
        vm.expectEmit(true, true, true, true, address(rewards));
        emit Returned(id, 1200e18);
        rewards.close(id);
        inState(id, State.Closed, "closed");
        eq(voice.totalSupply(), 300e18, "only what was claimed");
        wantsTwo(IRewards.NotEnoughLeft.selector, id, 0);
        claim(id, list, 2);
    }

    function test_OtherMoneyThatIsNotClaimedIsTheTreasurys() public {
        fundCoin(10 ether);
        Leaf[] memory list = coinList();
        uint256 id = settled(COIN, list);
        claim(id, list, 0);
        vm.warp(block.timestamp + 365 days + 1);
        rewards.close(id);
        eq(rewards.owed(COIN, address(treasury)), 10 ether - list[0].amount, "all that was not claimed");
        rewards.withdraw(COIN, address(treasury));
        eq(address(treasury).balance, 10 ether - list[0].amount, "there");
    }

    function coinList() private pure returns (Leaf[] memory list) {
        list = usual();
        for (uint256 i = 0; i < list.length; ++i) {
            list[i].amount = uint96((i + 1) * 0.5 ether);
        }
    }

    // Money that was put in.

    function test_ATreasurysCoinIsPaidByAList() public {
        vm.expectEmit(true, true, true, true, address(rewards));
        emit Funded(WEEK, COIN, address(this), 4 ether);
        fundCoin(4 ether);
        fundCoin(6 ether);
        eq(rewards.emission(WEEK, COIN), 10 ether, "put in");
        wantsTwo(IRewards.OverEmission.selector, 10 ether + 1, 10 ether);
        postAs(COIN, WHY, 10 ether + 1);
        Leaf[] memory list = coinList();
        uint256 id = post(COIN, list);
        vm.warp(GENESIS + 7 days + 1);
        vm.expectEmit(true, true, true, true, address(rewards));
        emit SettledRoot(id, 7.5 ether, 2.5 ether);
        rewards.settle(id);
        eq(rewards.owed(COIN, address(treasury)), 2.5 ether, "the rest");
        eq(rewards.emission(WEEK, COIN), 0, "given out");
        for (uint256 i = 0; i < list.length; ++i) {
            uint256 before = list[i].account.balance;
            claim(id, list, i);
            eq(list[i].account.balance - before, list[i].amount, "paid");
        }
        vm.expectRevert(abi.encodeWithSelector(IRewards.AlreadySettled.selector, WEEK, COIN));
        fundCoin(1);
    }

    function test_ATokenIsPaidByAList() public {
        Coin coin = new Coin(Coin.Habit.ReturnsNothing);
        coin.mint(address(this), 1500e18);
        coin.approve(address(rewards), 1500e18);
        rewards.fund(WEEK, address(coin), 1500e18);
        uint256 id = settled(address(coin), usual());
        claim(id, usual(), 4);
        eq(coin.balanceOf(address(0xE4)), 500e18, "paid");
        eq(voice.totalSupply(), 0, "no voice is made for it");
    }

    function test_WhatCannotBePutIn() public {
        wants(IRewards.NotFundable.selector);
        rewards.fund(WEEK, address(voice), 1);
        wants(IRewards.NothingToPay.selector);
        rewards.fund(WEEK, COIN, 0);
        wantsTwo(Money.WrongValue.selector, 1, 2);
        rewards.fund{value: 1}(WEEK, COIN, 2);
        uint32 far = WEEK + 1 + 53;
        wants(IRewards.TooFarAhead.selector, uint256(far));
        rewards.fund{value: 1}(far, COIN, 1);
        rewards.fund{value: 1}(far - 1, COIN, 1);
        Coin coin = new Coin(Coin.Habit.TakesAFee);
        coin.mint(address(this), 100);
        coin.approve(address(rewards), 100);
        vm.expectRevert(abi.encodeWithSelector(Money.NotWhole.selector, address(coin), 99, 100));
        rewards.fund(WEEK, address(coin), 100);
        vm.warp(OVER + 365 days + 1);
        wants(IRewards.TooLate.selector, OVER + 365 days);
        fundCoin(1);
    }

    function test_ATokenThatCallsBackIsNotCountedTwice() public {
        Coin coin = new Coin(Coin.Habit.CallsBack);
        coin.mint(address(this), 100);
        coin.mint(address(coin), 100);
        coin.approve(address(rewards), 100);
        vm.prank(address(coin));
        coin.approve(address(rewards), 100);
        coin.reenter(address(rewards), abi.encodeCall(IRewards.fund, (WEEK, address(coin), 100)));
        rewards.fund(WEEK, address(coin), 100);
        eq(coin.reentered(), 0, "calls back that worked");
        eq(rewards.emission(WEEK, address(coin)), 100, "once");
    }

    function test_AnAccountThatCallsBackIsPaidOnce() public {
        Receiver thief = new Receiver();
        fundCoin(10 ether);
        Leaf[] memory list = coinList();
        list[0].account = address(thief);
        uint256 id = settled(COIN, list);
        bytes32[] memory proof = list.proof(0);
        thief.reenter(
            address(rewards), abi.encodeCall(IRewards.claim, (id, 0, address(thief), list[0].amount, proof))
        );
        claim(id, list, 0);
        eq(address(thief).balance, 0.5 ether, "once");
        eq(thief.reentered(), 0, "calls back that worked");
    }

    function test_AnAccountThatRefusesHarmsItselfAlone() public {
        Receiver stubborn = new Receiver();
        stubborn.refuse(true);
        fundCoin(10 ether);
        Leaf[] memory list = coinList();
        list[0].account = address(stubborn);
        uint256 id = settled(COIN, list);
        bytes32[] memory proof = list.proof(0);
        wants(Money.PaymentRefused.selector, address(stubborn));
        rewards.claim(id, 0, address(stubborn), list[0].amount, proof);
        isTrue(!rewards.claimed(id, 0), "still to claim");
        claim(id, list, 1);
        stubborn.run(
            address(rewards), 0, abi.encodeCall(IRewards.claimTo, (id, 0, list[0].amount, proof, STRANGER))
        );
        eq(STRANGER.balance, 0.5 ether, "sent elsewhere by itself");
    }

    function test_MoneyWithoutAListGoesBack() public {
        fundCoin(3 ether);
        uint256 never = postAs(COIN, WHY, 1 ether); // and nobody settles it
        uint256 endsAt = OVER + 465 days;
        eq(rewards.RECLAIM_SECONDS(), 465 days, "reclaim");
        vm.warp(endsAt);
        wants(IRewards.TooEarly.selector, endsAt);
        rewards.reclaim(WEEK, COIN);
        vm.warp(endsAt + 1);
        vm.expectEmit(true, true, true, true, address(rewards));
        emit Reclaimed(WEEK, COIN, 3 ether);
        rewards.reclaim(WEEK, COIN);
        eq(rewards.owed(COIN, address(treasury)), 3 ether, "the treasury's");
        wants(IRewards.NothingToPay.selector);
        rewards.reclaim(WEEK, COIN);
        rewards.settle(never);
        inState(never, State.Superseded, "came too late, bond back");
        eq(rewards.owed(COIN, POSTER), BOND, "bond");
        eq(rewards.settledBy(WEEK, COIN), 0, "settled by none");
        rewards.withdraw(COIN, address(treasury));
        rewards.withdraw(COIN, POSTER);
        eq(address(rewards).balance, 0, "nothing is stuck");
    }

    // The panel.

    function test_TheFirstPanelIsSaid() public {
        vm.expectEmit(true, true, true, true, nextAddress());
        emit PanelSet(PANEL);
        deploy("Rewards", abi.encode(voice, registry, treasury, PANEL, pause, BOND));
    }

    function test_GovernanceReplacesThePanel() public {
        eq(rewards.panel(), PANEL, "panel");
        wants(IRewards.NotGovernance.selector, PANEL);
        vm.prank(PANEL);
        rewards.setPanel(STRANGER);
        vm.expectEmit(true, true, true, true, address(rewards));
        emit PanelSet(STRANGER);
        vm.prank(address(treasury));
        rewards.setPanel(STRANGER);
        eq(rewards.panel(), STRANGER, "another");
        uint256 id = post(address(voice), usual());
        dispute(id);
        wants(IRewards.NotJudge.selector, PANEL);
        decide(id, true);
    }

    // The story of the guardian.

    function test_TheGuardianPausesAndCannotSteal() public {
        Leaf[] memory list = usual();
        fundCoin(10 ether);
        uint256 id = settled(address(voice), list);
        uint256 open = post(COIN, coinList());
        uint256 here = address(rewards).balance;
        vm.prank(GUARDIAN);
        pause.pause(7 days, WHY);
        uint256 until = block.timestamp + 7 days;
        // Nothing new comes in.
        wants(IPause.Paused.selector, until);
        postAs(address(voice), WHY, 1);
        wants(IPause.Paused.selector, until);
        fundCoin(1);
        // All that ends goes on.
        claim(id, list, 0);
        dispute(open);
        vm.warp(block.timestamp + 7 days + 1);
        decide(open, true);
        claim(open, coinList(), 0);
        rewards.withdraw(COIN, POSTER);
        // And the guardian has nothing, and can do nothing else.
        bytes[8] memory calls = [
            abi.encodeCall(IRewards.decide, (open, true)),
            abi.encodeCall(IRewards.setPanel, (GUARDIAN)),
            abi.encodeCall(IRewards.close, (id)),
            abi.encodeCall(IRewards.reclaim, (WEEK, COIN)),
            abi.encodeCall(IRewards.claimTo, (id, 1, list[1].amount, list.proof(1), GUARDIAN)),
            abi.encodeCall(ILedger.withdrawTo, (COIN, GUARDIAN)),
            abi.encodeCall(ILedger.withdraw, (COIN, GUARDIAN)),
            abi.encodeCall(IRewards.expire, (open))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(GUARDIAN);
            (bool ok,) = address(rewards).call(calls[i]);
            isTrue(!ok, "the guardian did something");
        }
        eq(GUARDIAN.balance + voice.balanceOf(GUARDIAN), 0, "the guardian's");
        isTrue(here != 0, "there was something to steal");
        vm.warp(until + 1);
        fundCoin_(1);
    }

    function fundCoin_(uint128 amountWei) private {
        rewards.fund{value: amountWei}(WEEK + 2, COIN, amountWei);
    }

    function test_WithoutAPauseNothingPauses() public {
        Rewards free = Rewards(deploy("Rewards", abi.encode(voice, registry, treasury, PANEL, address(0), BOND)));
        uint32 week = uint32(free.FIRST_WEEK());
        free.fund{value: 1}(week, COIN, 1);
        eq(free.emission(week, COIN), 1, "in");
    }

    function test_TheVoicesCapHoldsAllThatTheRegistryMayLetAWeekEarn() public {
        uint32[8][4] memory p = usualParameters();
        p[2][7] = 1_000_001;
        address wide = deploy("Registry", abi.encode(treasury, p[0], p[1], p[2], p[3]));
        vm.expectRevert(abi.encodeWithSelector(IRewards.CapTooLow.selector, voice.WEEKLY_CAP(), 1_000_001 * 1e18));
        this.make(wide);
        this.make(address(registry));
    }

    function make(address registry_) external {
        deploy("Rewards", abi.encode(voice, registry_, treasury, PANEL, pause, BOND));
    }

    function test_TheTimesAreWhatTheyAreSaidToBe() public view {
        eq(rewards.CHALLENGE_SECONDS(), 7 days, "challenge");
        eq(rewards.DECIDE_SECONDS(), 60 days, "decide");
        eq(rewards.CLAIM_SECONDS(), 365 days, "claim");
        eq(rewards.POST_SECONDS(), 365 days, "post");
        eq(rewards.MAX_AHEAD(), 52, "ahead");
    }

    function testFuzz_AnyListIsPaidToTheLastLeaf(uint8 size, uint96[64] memory amounts, uint256 order) public {
        Leaf[] memory list = new Leaf[](1 + size % 64);
        for (uint256 i = 0; i < list.length; ++i) {
            list[i] = Leaf(i * 3, address(uint160(0xF000 + i)), 1 + amounts[i] % 1000e18);
        }
        uint256 id = settled(address(voice), list);
        for (uint256 k = 0; k < list.length; ++k) {
            uint256 i = (k + order % 64) % list.length;
            claim(id, list, i);
            eq(voice.balanceOf(list[i].account), list[i].amount, "paid");
        }
        eq(rewards.posting(id).left, 0, "nothing is left");
    }

    /// What is listed for an account is paid where that account says, once, by whichever way; nobody else's word moves it.
    function testFuzz_WhatIsListedGoesWhereItsAccountSays(uint8 i, uint96 amount, address by, bool itself, bytes32 seed) public {
        Leaf[] memory list = usual();
        Leaf memory l = list[i % 5];
        uint256 id = settled(address(voice), list);
        if (itself) by = l.account;
        if (i < 128) amount = l.amount;
        address to = address(uint160(uint256(keccak256(abi.encode(seed)))));
        bytes memory data = abi.encodeCall(IRewards.claimTo, (id, l.index, amount, list.proof(i % 5), to));
        vm.prank(by);
        (bool ok,) = address(rewards).call(data);
        isTrue(ok == (by == l.account && amount == l.amount), "its own");
        eq(voice.balanceOf(to), ok ? l.amount : 0, "elsewhere");
        eq(rewards.posting(id).left, list.total() - voice.balanceOf(to), "left");
        isTrue(rewards.claimed(id, l.index) == ok, "claimed");
        if (!ok) return;
        vm.prank(by);
        (ok,) = address(rewards).call(data);
        isTrue(!ok, "not twice");
        wantsTwo(IRewards.AlreadyClaimed.selector, id, l.index);
        claim(id, list, i % 5);
    }

    /// At each moment a dispute can be decided, or it can be ended by anyone with both bonds back: one of the two.
    function testFuzz_ADisputeIsDecidedInItsTimeOrEndsByItself(uint24 took, address by, bool first) public {
        uint256 id = post(address(voice), usual());
        dispute(id);
        uint256 later = around(60 days, took, 120 days);
        vm.warp(GENESIS + later);
        bool over = later > 60 days;
        for (uint256 i = 0; i < 2; ++i) {
            bool ends = (i == 0) == first;
            vm.prank(ends ? by : PANEL);
            bytes memory data = ends ? abi.encodeCall(IRewards.expire, (id)) : abi.encodeCall(IRewards.decide, (id, false));
            (bool ok,) = address(rewards).call(data);
            isTrue(ok == (ends == over), ends ? "ended" : "decided");
        }
        inState(id, State.Rejected, "rejected");
        eq(rewards.owed(COIN, POSTER), over ? BOND : 0, "poster");
        eq(rewards.owed(COIN, DISPUTER), over ? BOND : 2 * BOND - BOND / 2, "disputer");
        eq(rewards.owed(COIN, address(treasury)), over ? 0 : BOND / 2, "treasury");
    }

    /// What is put in for a week is what a list of it can give out, to the wei; for a week that is closed or far away, none is.
    function testFuzz_WhatIsPutInIsForItsWeek(uint32 week, uint128[2] memory amounts, uint128 sent, uint32 later) public {
        uint256 time = GENESIS + later % 100 weeks;
        vm.warp(time);
        week = uint32(WEEK - 3 + week % 160);
        bool inTime = week >= WEEK && week <= time / 7 days + 52 && time <= (uint256(week) + 1) * 7 days + 365 days;
        uint256 sum = 0;
        for (uint256 i = 0; i < 2; ++i) {
            uint128 amount = amounts[i] % 40 ether;
            if (sent % 4 != i) sent = amount;
            bytes memory data = abi.encodeCall(IRewards.fund, (week, COIN, amount));
            (bool ok,) = address(rewards).call{value: sent % 50 ether}(data);
            isTrue(ok == (inTime && amount != 0 && sent % 50 ether == amount), "put in");
            if (ok) sum += amount;
            eq(rewards.emission(week, COIN), sum, "of its week");
        }
        eq(rewards.emission(week + 1, COIN), 0, "of the next");
        eq(address(rewards).balance, sum, "it is here");
    }

    /// Governance alone says who decides beside it, and then nobody else does.
    function testFuzz_OnlyWhomGovernanceNamesDecides(address by, bool governs, address next, address judge, uint8 who) public {
        if (governs) by = address(treasury);
        vm.prank(by);
        (bool ok,) = address(rewards).call(abi.encodeCall(IRewards.setPanel, (next)));
        isTrue(ok == (by == address(treasury)), "named");
        eq(rewards.panel(), ok ? next : PANEL, "panel");
        uint256 id = post(address(voice), usual());
        dispute(id);
        if (who % 4 != 0) judge = who % 4 == 1 ? next : who % 4 == 2 ? PANEL : address(treasury);
        vm.prank(judge);
        (ok,) = address(rewards).call(abi.encodeCall(IRewards.decide, (id, false)));
        isTrue(ok == (judge == rewards.panel() || judge == address(treasury)), "decides");
    }

    /// Until its time is over a list is paid; after it, what was not claimed goes back, all of it, once, and nothing is paid.
    function testFuzz_WhatIsNotClaimedGoesBackAfterItsTime(uint8 claims, uint32 took, bool inCoin, address by) public {
        Leaf[] memory list = inCoin ? coinList() : usual();
        if (inCoin) fundCoin(uint128(list.total()));
        uint256 id = settled(inCoin ? COIN : address(voice), list);
        uint256 left = list.total();
        for (uint256 i = 0; i < 4; ++i) {
            if (claims >> i & 1 == 0) continue;
            claim(id, list, i);
            left -= list[i].amount;
        }
        took = uint32(around(365 days, took, 730 days));
        bool over = took > 365 days;
        vm.warp(block.timestamp + took);
        vm.prank(by);
        (bool ok,) = address(rewards).call(abi.encodeCall(IRewards.close, (id)));
        isTrue(ok == over, "closed");
        eq(rewards.posting(id).left, over ? 0 : left, "left");
        eq(rewards.owed(COIN, address(treasury)), over && inCoin ? left : 0, "the treasury's");
        eq(voice.totalSupply(), inCoin ? 0 : over ? list.total() - left : list.total(), "voices");
        bytes memory last = abi.encodeCall(IRewards.claim, (id, 4, list[4].account, list[4].amount, list.proof(4)));
        (ok,) = address(rewards).call(last);
        isTrue(ok == !over, "still claimed");
        if (!over) return;
        wantsState(id, State.Closed);
        rewards.close(id);
    }

    function wantsState(uint256 id, State state) private {
        vm.expectRevert(abi.encodeWithSelector(IRewards.WrongState.selector, id, state));
    }

    /// Money for which no list stood goes back after its time, once; what a list gave out never does.
    function testFuzz_MoneyWithoutAListGoesBackAfterItsTime(uint96 amount, uint32 took, bool given, address by) public {
        amount = uint96(given ? 7.5 ether + amount % 50 ether : amount % 50 ether);
        if (amount != 0) fundCoin(amount);
        if (given) settled(COIN, coinList());
        uint256 before = rewards.owed(COIN, address(treasury));
        eq(before, given ? amount - 7.5 ether : 0, "what no list gave out");
        took = 15 days + uint32(around(450 days, took, 500 days));
        bool back = took > 465 days && !given && amount != 0;
        vm.warp(OVER + took);
        vm.prank(by);
        (bool ok,) = address(rewards).call(abi.encodeCall(IRewards.reclaim, (WEEK, COIN)));
        isTrue(ok == back, "back");
        eq(rewards.owed(COIN, address(treasury)), back ? amount : before, "the treasury's");
        eq(rewards.emission(WEEK, COIN), back || given ? 0 : amount, "of its week");
        eq(rewards.emission(WEEK + 1, COIN), 0, "of the next");
        (ok,) = address(rewards).call(abi.encodeCall(IRewards.reclaim, (WEEK, COIN)));
        isTrue(!ok, "not twice");
    }
}
