// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {Demand, ICreators, Issue, IssueState, Right, Terms, Token} from "../src/ICreators.sol";
import {ILedger} from "../src/ILedger.sol";
import {IPause} from "../src/IPause.sol";
import {IReputation, Statement} from "../src/IReputation.sol";
import {ITill} from "../src/ITill.sol";
import {Money} from "../src/Money.sol";
import {CreatorsFixture} from "./CreatorsFixture.sol";
import {Creators} from "./Faces.sol";
import {Coin} from "./hostile/Coin.sol";
import {Receiver} from "./hostile/Receiver.sol";
import {Wallet} from "./hostile/Wallet.sol";

contract CreatorsTest is CreatorsFixture {
    Terms private t;
    uint256 private issueId;

    function setUp() public override {
        super.setUp();
        deployCreators();
        t = usualIssue();
        issueId = openIssue();
    }

    function stateOf(uint256 id) private view returns (uint256) {
        return uint256(creators.issue(id).state);
    }

    function demandOf(uint256 id) private view returns (uint256) {
        return uint256(creators.token(id).demand);
    }

    function wantsPaused() private {
        stop.pull(uint64(block.timestamp + 1));
        wants(IPause.Paused.selector, block.timestamp + 1);
    }

    function wantsDemand(uint256 id, Demand d) private {
        vm.expectRevert(abi.encodeWithSelector(ICreators.NotDemanded.selector, id, d));
    }

    function wantsState(uint256 id, IssueState s) private {
        vm.expectRevert(abi.encodeWithSelector(ICreators.WrongState.selector, id, s));
    }

    // The story.

    function test_TheDoctorsHundredTokens() public {
        eq(doctor.balance, 0, "the doctor has no coin, and never sends anything");
        uint256 first = buyFor(t, buyer);
        for (uint256 i = 1; i < 100; ++i) {
            buyFor(t, other);
        }
        wants(ICreators.SoldOut.selector, issueId);
        buyFor(t, other);
        eq(creators.balanceOf(other) + creators.balanceOf(buyer), 100, "a hundred, and no more");

        // One consultation happened: the holder's receipt.
        uint256 second = first + 1;
        creators.honour(t, usualRights(), second, 0, signature(OTHER_KEY, receiptHash(second, 0, 0)));
        eq(creators.freeStake(doctor, NATIVE), 0.3 ether, "its stake is free");
        isTrue(!creators.holds(t, second, 0, other) && creators.holds(t, second, 1, other), "used up, the model is not");

        // Another did not: out of the doctor's stake.
        uint256 third = first + 2;
        bytes memory demanded = signature(OTHER_KEY, demandHash(third, 0, 0, START));
        creators.demand(t, usualRights(), third, 0, START, demanded);
        vm.warp(START + 7 days + 1);
        creators.settle(t, usualRights(), third);
        eq(creators.owed(NATIVE, other), 0.3 ether, "compensated");
        eq(creators.issue(issueId).bonded, 100 * PLEDGE - 0.6 ether, "of this issue's stake");

        // What patients made possible is theirs by a quarter.
        ITill till = ITill(creators.tillOf(issueId));
        creators.withdraw(NATIVE, address(till));
        uint256 sales = 100 * uint256(PRICE);
        uint256 forPatients = sales - sales * 7500 / 10_000;
        claimFor(till, NATIVE, 0);
        eq(patient.balance, forPatients * 3 / 17, "by weight");
        till.pay(NATIVE);
        eq(doctor.balance, sales - forPatients, "the rest is the doctor's");

        // A resale: 10 % to the till, a quarter of it to patients.
        (address receiver, uint256 royalty) = creators.royaltyInfo(first, 10 ether);
        eq(receiver, address(till), "receiver");
        eq(royalty, 1 ether, "royalty");
        vm.deal(address(this), royalty);
        (bool ok,) = receiver.call{value: royalty}("");
        isTrue(ok, "paid");
        claimFor(till, NATIVE, 0);
        eq(patient.balance, (forPatients + 0.25 ether) * 3 / 17, "patients share in the growth");

        vm.warp(t.until + 1);
        creators.end(t);
        uint256 left = 100 * PLEDGE - 0.3 ether;
        eq(creators.freeStake(doctor, NATIVE), left, "all stake but what was forfeited");
        uint256 lastAt = block.timestamp;
        creators.unstake(doctor, NATIVE, left, lastAt, signature(DOCTOR_KEY, unstakeHash(NATIVE, left, 0, lastAt)));
        creators.withdraw(NATIVE, doctor);
        eq(doctor.balance, sales - forPatients + left, "and it is back");
        eq(creators.promisesOf(doctor), 0, "no promise is out");
        eq(vm.getNonce(doctor) + vm.getNonce(patient) + vm.getNonce(other), 0, "all was carried");
    }

    // Open.

    function test_AnIssueIsWhatItsTermsSay() public {
        t.salt = 2;
        t.supply = 1;
        uint256 id = idOf(t);
        stakeFor(doctor, NATIVE, uint128(PLEDGE));
        trustMore(2);
        vm.expectEmit(true, true, true, false, address(creators));
        emit ICreators.Opened(id, doctor, address(0), t, usualRights());
        eq(openAs(t, DOCTOR_KEY), id, "ID");
        eq(creators.issueOf(t), id, "issueOf");
        eq(creators.hashIssue(t), hashOf(t), "digest");
        Issue memory it = creators.issue(id);
        eq(uint256(it.state), uint256(IssueState.Open), "state");
        eq(it.rights, 2, "rights");
        eq(uint256(it.sold) + it.demands, 0, "nothing yet");
        eq(it.bonded, PLEDGE, "bonded");
        eq(creators.freeStake(doctor, NATIVE), 0, "bound");
        (address creator, uint256 bps, uint256 total, bytes32 root) = ITill(creators.tillOf(id)).shares();
        eq(creator, doctor, "creator");
        eq(bps, 2500, "bps");
        eq(total, 17, "total");
        eq(root, t.patientsRoot, "root");
    }

    function trustMore(uint32 promises) private {
        attestBy(SECOND_KEY, statement(SECOND_KEY, doctor, 50 + promises, 2));
    }

    function test_AnIssueOpensOnce() public {
        wants(ICreators.AlreadyOpened.selector, issueId);
        openAs(t, DOCTOR_KEY);
        vm.warp(t.until + 1);
        creators.end(t);
        wants(ICreators.AlreadyOpened.selector, issueId);
        openAs(t, DOCTOR_KEY);
    }

    function test_OnlyItsCreatorOpens() public {
        t.salt = 2;
        wants(ICreators.BadSignature.selector, doctor);
        openAs(t, OTHER_KEY);
        stakeFor(doctor, NATIVE, uint128(100 * PLEDGE));
        trustMore(200);
        vm.prank(doctor);
        creators.open(t, usualRights(), attesters, "");
    }

    function test_APauseStopsOpeningAndSellingOnly() public {
        uint256 id = buyFor(t, other);
        buyFor(t, other);
        wantsPaused();
        openAs(t, DOCTOR_KEY);
        wantsPaused();
        buyFor(t, other);
        stakeFor(doctor, NATIVE, 1);
        vm.prank(doctor);
        creators.unstake(doctor, NATIVE, 1, 0, "");
        demandAs(t, id, 0);
        contestAs(t, id);
        bytes32 caseId = creators.caseOf(id);
        vm.prank(JURY);
        creators.decide(caseId, false);
        creators.settle(t, usualRights(), id);
        vm.prank(other);
        creators.transferFrom(other, buyer, id);
        vm.prank(doctor);
        creators.close(t, usualRights(), "");
        creators.withdraw(NATIVE, other);
        vm.warp(t.until + 1);
        stop.pull(uint64(block.timestamp + 1));
        creators.end(t);
    }

    function test_WithoutAPauseNothingIsAsked() public {
        creators = Creators(deploy("Creators", abi.encode(reputation, address(0), 1000, 2000)));
        stakeFor(doctor, NATIVE, uint128(100 * PLEDGE));
        openAs(t, DOCTOR_KEY);
        buyFor(t, other);
    }

    function test_ThereIsAFloorForPatients() public {
        vm.expectRevert();
        this.deployWith(0);
        vm.expectRevert();
        this.deployWith(10_001);
        this.deployWith(1);
        this.deployWith(10_000);
    }

    function deployWith(uint256 floorBps) external {
        deploy("Creators", abi.encode(reputation, stop, floorBps, 2000));
    }

    function test_SupplyIsBoundByReputation() public {
        t.salt = 2;
        t.supply = 1;
        stakeFor(doctor, NATIVE, uint128(PLEDGE));
        vm.expectRevert(abi.encodeWithSelector(ICreators.OverReputation.selector, 202, 200));
        openAs(t, DOCTOR_KEY);
        trustMore(1);
        vm.expectRevert(abi.encodeWithSelector(ICreators.OverReputation.selector, 202, 201));
        openAs(t, DOCTOR_KEY);
        attestBy(SECOND_KEY, statement(SECOND_KEY, doctor, 52, 3));
        openAs(t, DOCTOR_KEY);
        eq(creators.promisesOf(doctor), 202, "promises");
    }

    function test_SupplyIsBoundByStake() public {
        t.salt = 2;
        t.supply = 2;
        trustMore(1000 - 200);
        stakeFor(doctor, NATIVE, uint128(2 * PLEDGE - 1));
        stakeFor(other, NATIVE, uint128(2 * PLEDGE));
        vm.expectRevert(abi.encodeWithSelector(ICreators.OverStake.selector, 2 * PLEDGE, 2 * PLEDGE - 1));
        openAs(t, DOCTOR_KEY);
        stakeFor(doctor, NATIVE, 1);
        openAs(t, DOCTOR_KEY);
    }

    function test_BoundsOfTermsAreIn() public {
        trustMore(900);
        stakeFor(doctor, NATIVE, uint128(600 * PLEDGE));
        t.supply = 1;
        t.patientsBps = 1000;
        t.honourWithin = 1 hours;
        t.saleEndsAt = uint64(block.timestamp);
        t.until = uint64(block.timestamp);
        t.price = 2.5 ether; // of which the bond is just 20 %
        openAs(t, DOCTOR_KEY);
        t.patientsBps = 10_000;
        t.honourWithin = 90 days;
        t.until = uint64(block.timestamp + 1827 days);
        openAs(t, DOCTOR_KEY);
        eq(creators.MIN_WINDOW(), 1 hours, "MIN_WINDOW");
        eq(creators.MAX_WINDOW(), 90 days, "MAX_WINDOW");
        eq(creators.MAX_TIME(), 1827 days, "MAX_TIME");
        eq(creators.MAX_RIGHTS(), 16, "MAX_RIGHTS");
        eq(creators.PANEL_SECONDS(), 30 days, "PANEL_SECONDS");
        eq(creators.PATIENTS_FLOOR_BPS(), 1000, "PATIENTS_FLOOR_BPS");
        eq(creators.BOND_FLOOR_BPS(), 2000, "BOND_FLOOR_BPS");
    }

    function test_EachTermHasItsBounds() public {
        Terms memory good = t;
        good.salt = 2;
        for (uint256 i = 0; i < 11; ++i) {
            Terms memory bad = abi.decode(abi.encode(good), (Terms));
            if (i == 0) bad.supply = 0;
            if (i == 1) bad.patientsBps = 999;
            if (i == 2) bad.patientsBps = 10_001;
            if (i == 3) bad.patientsTotal = 0;
            if (i == 4) bad.patientsRoot = 0;
            if (i == 5) bad.saleEndsAt = uint64(block.timestamp - 1);
            if (i == 6) bad.until = bad.saleEndsAt - 1;
            if (i == 7) bad.until = uint64(block.timestamp + 1827 days + 1);
            if (i == 8) bad.honourWithin = 1 hours - 1;
            if (i == 9) bad.honourWithin = 90 days + 1;
            if (i == 10) bad.price = 2.5 ether + 1;
            wants(ICreators.BadTerms.selector);
            openAs(bad, DOCTOR_KEY);
        }
    }

    function test_RightsAreOneToSixteen() public {
        stakeFor(doctor, NATIVE, uint128(1600 * PLEDGE));
        trustMore(900);
        for (uint256 n = 0; n <= 17; n += n == 1 ? 15 : 1) {
            Right[] memory rights = new Right[](n);
            for (uint256 i = 0; i < n; ++i) {
                rights[i] = Right(bytes32(i), 0.5 ether, false);
            }
            (t.salt, t.supply, t.rightsHash) = (n + 2, 1, keccak256(abi.encode(rights)));
            bytes memory signed = signature(DOCTOR_KEY, hashOf(t));
            if (n == 0 || n == 17) wants(ICreators.BadRights.selector);
            creators.open(t, rights, attesters, signed);
        }
        wants(ICreators.BadRights.selector);
        openAs(t, DOCTOR_KEY); // the usual rights are others
    }

    function test_TheLastOfSixteenRightsIsItsOwn() public {
        stakeFor(doctor, NATIVE, uint128(PLEDGE * 16));
        trustMore(100);
        Right[] memory rights = new Right[](16);
        for (uint256 i = 0; i < 16; ++i) {
            rights[i] = Right(bytes32(i), 0.5 ether, true);
        }
        (t.salt, t.supply, t.rightsHash) = (2, 1, keccak256(abi.encode(rights)));
        vm.prank(doctor);
        creators.open(t, rights, attesters, "");
        uint256 id = buyFor(t, other);
        vm.prank(other);
        creators.honour(t, rights, id, 15, "");
        eq(creators.token(id).spent, 1 << 15, "spent");
        wants(ICreators.Spent.selector, id, address(15));
        vm.prank(other);
        creators.honour(t, rights, id, 15, "");
        wants(ICreators.Spent.selector, id, address(16));
        vm.prank(other);
        creators.demand(t, rights, id, 16, 0, "");
        isTrue(!creators.holds(t, id, 16, other) && !creators.holds(t, id, 15, other), "no such right");
        isTrue(creators.holds(t, id, 14, other), "the rest");
    }

    function testFuzz_ASignatureForAnyOtherIssueIsWorthNothing(uint8 field, uint16 by) public {
        bytes memory signed = signature(DOCTOR_KEY, hashOf(t));
        uint16 x = by % 100 + 1;
        if (field % 7 == 0) t.price += x;
        if (field % 7 == 1) t.supply += x;
        if (field % 7 == 2) t.patientsBps -= x;
        if (field % 7 == 3) t.until += x;
        if (field % 7 == 4) t.panel = address(uint160(x));
        if (field % 7 == 5) t.salt += x;
        if (field % 7 == 6) t.contentCommitment = bytes32(uint256(x));
        wants(ICreators.BadSignature.selector, doctor);
        creators.open(t, usualRights(), attesters, signed);
    }

    function test_SignaturesBindContractAndChain() public {
        bytes memory signed = signature(DOCTOR_KEY, hashOf(t));
        Creators twin = Creators(deploy("Creators", abi.encode(reputation, stop, 1000, 2000)));
        wants(ICreators.BadSignature.selector, doctor);
        twin.open(t, usualRights(), attesters, signed);
        eq(creators.DOMAIN_SEPARATOR(), creators.domainSeparator(), "domain");
        vm.chainId(4242);
        wants(ICreators.BadSignature.selector, doctor);
        creators.open(t, usualRights(), attesters, signed);
    }

    function test_AFieldThatDoesNotFitIsNoIssue() public {
        bytes memory data = abi.encodeCall(ICreators.buy, (t, other));
        data[4 + 32 * 3] = 0x01; // above the supply's 16 bits
        vm.prank(relayer);
        (bool ok,) = address(creators).call{value: t.price}(data);
        isTrue(!ok, "refused");
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

    // Demands.

    function test_ADemandIsDueInItsTime() public {
        uint256 id = buyFor(t, other);
        bytes memory signed = signature(OTHER_KEY, demandHash(id, 1, 0, START + 5));
        vm.expectEmit(true, true, true, true, address(creators));
        emit ICreators.Demanded(id, other, 1, 1, uint64(START + 7 days));
        creators.demand(t, usualRights(), id, 1, START + 5, signed);
        Token memory k = creators.token(id);
        eq(k.owner, other, "owner");
        eq(uint256(k.nonce), 1, "nonce");
        eq(k.right, 1, "right");
        eq(k.dueAt, START + 7 days, "due");
        eq(k.spent, 0, "spent");
        eq(demandOf(id), uint256(Demand.Demanded), "state");
        eq(creators.issue(issueId).demands, 1, "demands");
        wants(ICreators.DemandOpen.selector, id);
        demandAs(t, id, 0);
        wants(ICreators.DemandOpen.selector, id);
        vm.prank(other);
        creators.transferFrom(other, buyer, id);
    }

    function test_OnlyTheHolderDemands() public {
        uint256 id = buyFor(t, other);
        wants(ICreators.BadSignature.selector, other);
        creators.demand(t, usualRights(), id, 1, START, signature(DOCTOR_KEY, demandHash(id, 1, 0, START)));
        bytes memory signed = signature(OTHER_KEY, demandHash(id, 1, 0, START));
        wants(ICreators.BadSignature.selector, other);
        creators.demand(t, usualRights(), id, 0, START, signed);
        vm.warp(START + 1);
        wants(ICreators.TooLate.selector, START);
        creators.demand(t, usualRights(), id, 1, START, signed);
        vm.prank(other);
        creators.transferFrom(other, buyer, id);
        vm.warp(START);
        wants(ICreators.BadSignature.selector, buyer);
        creators.demand(t, usualRights(), id, 1, START, signed);
    }

    function test_ATokenIsOfItsIssue() public {
        uint256 id = buyFor(t, other);
        Terms memory twin = usualIssue();
        (twin.salt, twin.supply) = (2, 1);
        trustMore(2);
        stakeFor(doctor, NATIVE, uint128(PLEDGE));
        openAs(twin, DOCTOR_KEY);
        wants(ICreators.NotInIssue.selector, id);
        demandAs(twin, id, 0);
        wants(ICreators.NotInIssue.selector, id + 1);
        creators.settle(t, usualRights(), id + 1);
        wants(ICreators.NotInIssue.selector, id);
        creators.settle(twin, usualRights(), id);
        wants(ICreators.NotInIssue.selector, id);
        creators.contest(twin, id, 0, "");
        wants(ICreators.NotInIssue.selector, id);
        creators.honour(twin, usualRights(), id, 0, "");
        isTrue(!creators.holds(twin, id, 0, other) && creators.holds(t, id, 0, other), "holds");
        isTrue(!creators.holds(t, id, 0, buyer) && !creators.holds(t, id + 1, 0, address(0)), "others do not");
        vm.warp(uint256(t.until) + 1);
        isTrue(!creators.holds(t, id, 0, other), "it is over");
        vm.warp(t.until);
        isTrue(creators.holds(t, id, 0, other), "it was not");
    }

    function test_ARightOfOtherTermsIsNone() public {
        uint256 id = buyFor(t, other);
        Right[] memory rich = usualRights();
        rich[0].compensation = 50 ether;
        vm.prank(other);
        wants(ICreators.BadRights.selector);
        creators.demand(t, rich, id, 0, 0, "");
        demandAs(t, id, 0);
        vm.warp(START + 8 days);
        wants(ICreators.BadRights.selector);
        creators.settle(t, rich, id);
    }

    function testFuzz_SilenceOfTheCreatorIsTheHoldersGain(uint32 late) public {
        uint256 id = buyFor(t, other);
        demandAs(t, id, 0);
        late %= 300 days;
        vm.warp(START + 7 days + late);
        if (late == 0) wants(ICreators.TooEarly.selector, START + 7 days);
        creators.settle(t, usualRights(), id);
        if (late == 0) return;
        eq(creators.owed(NATIVE, other), 0.3 ether, "owed");
        eq(creators.token(id).spent, 1, "spent");
        eq(creators.issue(issueId).demands, 0, "demands");
        wantsDemand(id, Demand.None);
        creators.settle(t, usualRights(), id);
        wants(ICreators.Spent.selector, id, address(0));
        demandAs(t, id, 0);
        demandAs(t, id, 1);
    }

    function test_ACompensationUsesUpAStandingRightToo() public {
        uint256 id = buyFor(t, other);
        demandAs(t, id, 1);
        vm.warp(START + 8 days);
        vm.expectEmit(true, true, true, true, address(creators));
        emit ICreators.Compensated(id, 1, other, 0.2 ether);
        creators.settle(t, usualRights(), id);
        wants(ICreators.Spent.selector, id, address(1));
        demandAs(t, id, 1);
    }

    function test_AReceiptEndsADemand() public {
        uint256 id = buyFor(t, other);
        demandAs(t, id, 0);
        bytes memory signed = signature(OTHER_KEY, receiptHash(id, 0, 1));
        wantsDemand(id, Demand.Demanded);
        creators.honour(t, usualRights(), id, 1, signed);
        wants(ICreators.BadSignature.selector, other);
        creators.honour(t, usualRights(), id, 0, signature(OTHER_KEY, receiptHash(id, 0, 0)));
        wants(ICreators.BadSignature.selector, other);
        creators.honour(t, usualRights(), id, 0, signature(DOCTOR_KEY, receiptHash(id, 0, 1)));
        vm.expectEmit(true, true, true, true, address(creators));
        emit ICreators.Honoured(id, 0);
        creators.honour(t, usualRights(), id, 0, signed);
        eq(creators.token(id).spent, 1, "spent");
        eq(demandOf(id), uint256(Demand.None), "none");
        eq(creators.freeStake(doctor, NATIVE), 0.3 ether, "free");
        eq(creators.issue(issueId).demands, 0, "demands");
        wants(ICreators.Spent.selector, id, address(0));
        creators.honour(t, usualRights(), id, 0, signed);
    }

    function test_AStandingRightIsHonouredAgainAndAgain() public {
        uint256 id = buyFor(t, other);
        wantsDemand(id, Demand.None);
        vm.prank(other);
        creators.honour(t, usualRights(), id, 1, "");
        for (uint256 i = 1; i < 4; ++i) {
            vm.warp(START + i * (7 days + 1));
            demandAs(t, id, 1);
            creators.honour(t, usualRights(), id, 1, signature(OTHER_KEY, receiptHash(id, 1, i)));
        }
        eq(creators.token(id).spent, 0, "not used up");
        eq(creators.issue(issueId).bonded, 100 * PLEDGE, "still bound");
        eq(creators.issue(issueId).demands, 0, "demands");
    }

    function test_ContractsHoldAndSign() public {
        Receiver wallet = new Receiver();
        uint256 id = buyFor(t, address(wallet));
        creators.demand(t, usualRights(), id, 0, START, "");
        creators.honour(t, usualRights(), id, 0, "");
        Wallet liar = new Wallet();
        id = buyFor(t, address(liar));
        wants(ICreators.BadSignature.selector, address(liar));
        creators.demand(t, usualRights(), id, 0, START, "");
    }

    // Contests.

    function test_ThePanelUpholdsTheCreator() public {
        uint256 id = buyFor(t, other);
        demandAs(t, id, 0);
        bytes32 caseId = keccak256(abi.encode(id, 1));
        eq(creators.caseOf(id), caseId, "case");
        wants(ICreators.BadSignature.selector, doctor);
        creators.contest(t, id, "evidence", signature(OTHER_KEY, contestHash(caseId, "evidence")));
        vm.warp(START + 7 days);
        vm.expectEmit(true, true, true, true, address(creators));
        emit ICreators.Contested(caseId, id, JURY, "evidence", uint64(START + 37 days));
        creators.contest(t, id, "evidence", signature(DOCTOR_KEY, contestHash(caseId, "evidence")));
        wantsDemand(id, Demand.Contested);
        contestAs(t, id);
        wants(ICreators.NotPanel.selector, address(this));
        creators.decide(caseId, true);
        vm.warp(START + 37 days);
        wants(ICreators.TooEarly.selector, START + 37 days);
        creators.settle(t, usualRights(), id);
        vm.expectEmit(true, true, true, true, address(creators));
        emit ICreators.Decided(caseId, true);
        vm.prank(JURY);
        creators.decide(caseId, true);
        wantsDemand(id, Demand.Upheld);
        vm.prank(JURY);
        creators.decide(caseId, false);
        vm.expectEmit(true, true, true, true, address(creators));
        emit ICreators.Honoured(id, 0);
        creators.settle(t, usualRights(), id);
        eq(creators.owed(NATIVE, other), 0, "nothing");
        eq(creators.token(id).spent, 1, "used up");
        eq(creators.freeStake(doctor, NATIVE), 0.3 ether, "free");
        eq(creators.issue(issueId).demands, 0, "demands");
    }

    function test_ThePanelUpholdsTheHolder() public {
        uint256 id = buyFor(t, other);
        demandAs(t, id, 1);
        bytes32 caseId = contestAs(t, id);
        vm.prank(JURY);
        creators.decide(caseId, false);
        eq(demandOf(id), uint256(Demand.Broken), "broken");
        creators.settle(t, usualRights(), id);
        eq(creators.owed(NATIVE, other), 0.2 ether, "owed");
        eq(creators.token(id).spent, 2, "used up");
    }

    function test_AnUpheldStandingRightStands() public {
        uint256 id = buyFor(t, other);
        demandAs(t, id, 1);
        bytes32 caseId = contestAs(t, id);
        vm.prank(JURY);
        creators.decide(caseId, true);
        creators.settle(t, usualRights(), id);
        eq(creators.token(id).spent, 0, "stands");
        vm.warp(START + 30 days + 1);
        demandAs(t, id, 1);
        // An old case decides nothing of the next.
        bytes32 next = contestAs(t, id);
        isTrue(next != caseId, "another case");
        wantsDemand(id, Demand.Contested);
        vm.prank(JURY);
        creators.decide(caseId, true);
    }

    function testFuzz_SilenceOfThePanelIsTheHoldersGain(uint32 late) public {
        uint256 id = buyFor(t, other);
        demandAs(t, id, 0);
        bytes32 caseId = contestAs(t, id);
        vm.warp(START + 30 days + late);
        if (late != 0) {
            wants(ICreators.TooLate.selector, START + 30 days);
            vm.prank(JURY);
            creators.decide(caseId, true);
            creators.settle(t, usualRights(), id);
            eq(creators.owed(NATIVE, other), 0.3 ether, "owed");
        } else {
            vm.prank(JURY);
            creators.decide(caseId, true);
        }
    }

    function test_AContestIsInTimeAndBeforeAPanel() public {
        uint256 id = buyFor(t, other);
        wantsDemand(id, Demand.None);
        contestAs(t, id);
        demandAs(t, id, 0);
        vm.warp(START + 7 days + 1);
        wants(ICreators.TooLate.selector, START + 7 days);
        contestAs(t, id);
        (t.panel, t.salt, t.supply) = (address(0), 2, 1);
        vm.warp(START);
        trustMore(2);
        stakeFor(doctor, NATIVE, uint128(PLEDGE));
        openAs(t, DOCTOR_KEY);
        id = buyFor(t, other);
        demandAs(t, id, 0);
        wants(ICreators.NoPanel.selector);
        contestAs(t, id);
        wants(ICreators.NotPanel.selector, JURY);
        vm.prank(JURY);
        creators.decide("no case", true);
        wantsDemand(0, Demand.None);
        vm.prank(address(0));
        creators.decide("no case", true);
    }

    function test_AReceiptEndsAContestToo() public {
        uint256 id = buyFor(t, other);
        demandAs(t, id, 0);
        bytes32 caseId = contestAs(t, id);
        vm.prank(other);
        creators.honour(t, usualRights(), id, 0, "");
        wantsDemand(id, Demand.None);
        vm.prank(JURY);
        creators.decide(caseId, false);
    }

    function testFuzz_SlashingIsNeverAboveTheStakeNorOfOthers(uint8 sold, uint256 broken) public {
        sold = sold % 8 + 1;
        stakeFor(other, NATIVE, 77 ether);
        uint256 paid = 0;
        for (uint256 i = 0; i < sold; ++i) {
            uint256 id = buyFor(t, buyer);
            for (uint256 r = 0; r < 2; ++r) {
                if ((broken >> (2 * i + r)) & 1 == 0) continue;
                demandAs(t, id, r);
                vm.warp(block.timestamp + 3 days); // of 7
                vm.warp(block.timestamp + 5 days);
                creators.settle(t, usualRights(), id);
                paid += r == 0 ? 0.3 ether : 0.2 ether;
                vm.warp(START);
            }
        }
        eq(creators.owed(NATIVE, buyer), paid, "owed");
        eq(creators.issue(issueId).bonded, 100 * PLEDGE - paid, "the creator's stake");
        eq(creators.freeStake(other, NATIVE), 77 ether, "others'");
        eq(creators.owed(NATIVE, creators.tillOf(issueId)), sold * uint256(PRICE), "the patients'");
    }

    // Tokens.

    function test_ATokenMovesAsERC721() public {
        uint256 id = buyFor(t, other);
        vm.prank(other);
        creators.approve(relayer, id);
        eq(creators.getApproved(id), relayer, "approved");
        vm.expectEmit(true, true, true, true, address(creators));
        emit IERC721.Transfer(other, buyer, id);
        vm.prank(relayer);
        creators.transferFrom(other, buyer, id);
        eq(creators.ownerOf(id), buyer, "owner");
        eq(creators.getApproved(id), address(0), "approval is over");
        eq(creators.balanceOf(other), 0, "from");
        eq(creators.balanceOf(buyer), 1, "to");
        eq(creators.nonces(id), 1, "nonce");
        vm.expectEmit(true, true, true, true, address(creators));
        emit IERC721.ApprovalForAll(buyer, relayer, true);
        vm.prank(buyer);
        creators.setApprovalForAll(relayer, true);
        isTrue(creators.isApprovedForAll(buyer, relayer), "operator");
        vm.expectEmit(true, true, true, true, address(creators));
        emit IERC721.Approval(buyer, doctor, id);
        vm.prank(relayer);
        creators.approve(doctor, id);
        vm.prank(relayer);
        creators.safeTransferFrom(buyer, other, id);
        vm.prank(other);
        creators.safeTransferFrom(other, buyer, id, "");
        eq(creators.ownerOf(id), buyer, "back");
    }

    /// A token moves by its owner, its operator and whom one of them approved; safely only to who answers; and an approval once.
    function testFuzz_OnlyItsOwnersWillMovesAToken(uint8 who, address stranger, uint8 way, bool deaf, bool demanded) public {
        vm.assume(stranger != address(0) && stranger != other && stranger != relayer && stranger != doctor);
        uint256 id = buyFor(t, other);
        address by = who % 4 == 0 ? other : who % 4 == 1 ? relayer : who % 4 == 2 ? doctor : stranger;
        vm.prank(other);
        creators.setApprovalForAll(relayer, true);
        vm.prank(who & 4 == 0 ? other : relayer);
        creators.approve(doctor, id);
        vm.prank(stranger);
        wants(ICreators.NotApproved.selector, id, stranger);
        creators.approve(stranger, id);
        if (demanded) demandAs(t, id, 0); // who buys a token gets what it saw
        address to = deaf ? address(new Receiver()) : address(uint160(uint256(keccak256(abi.encode(stranger)))));
        bool may = who % 4 != 3 && (way % 3 == 0 || !deaf) && !demanded;
        isTrue(moves(by, other, to, id, way % 3) == may, "moved");
        eq(creators.ownerOf(id), may ? to : other, "owner");
        eq(creators.balanceOf(to), may ? 1 : 0, "to");
        eq(creators.getApproved(id), may ? address(0) : doctor, "an approval ends with the transfer");
        if (may) isTrue(!moves(by, to, other, id, 0), "not back");
    }

    function moves(address by, address from, address to, uint256 id, uint256 way) private returns (bool ok) {
        vm.prank(by);
        if (way == 0) {
            try creators.transferFrom(from, to, id) {
                ok = true;
            } catch {}
        } else if (way == 1) {
            try creators.safeTransferFrom(from, to, id) {
                ok = true;
            } catch {}
        } else {
            try creators.safeTransferFrom(from, to, id, "data") {
                ok = true;
            } catch {}
        }
    }

    function test_ATokenMovesByItsOwnersWillOnly() public {
        uint256 id = buyFor(t, other);
        wants(ICreators.NotApproved.selector, id, relayer);
        vm.prank(relayer);
        creators.transferFrom(other, relayer, id);
        wants(ICreators.NotApproved.selector, id, relayer);
        vm.prank(relayer);
        creators.approve(relayer, id);
        wants(ICreators.NotOwner.selector, id, buyer);
        vm.prank(other);
        creators.transferFrom(buyer, buyer, id);
        wants(ICreators.ZeroAddress.selector);
        vm.prank(other);
        creators.transferFrom(other, address(0), id);
        wants(ICreators.ZeroAddress.selector);
        vm.prank(other);
        creators.setApprovalForAll(address(0), true);
        wants(ICreators.ZeroAddress.selector);
        creators.balanceOf(address(0));
        wants(ICreators.NoSuchToken.selector, id + 1);
        creators.transferFrom(other, buyer, id + 1);
        wants(ICreators.NoSuchToken.selector, id + 1);
        creators.getApproved(id + 1);
        wants(ICreators.NoSuchToken.selector, id + 1);
        creators.nonces(id + 1);
        wants(ICreators.NoSuchToken.selector, id + 1);
        creators.tokenURI(id + 1);
        vm.expectRevert();
        vm.prank(other);
        creators.safeTransferFrom(other, address(creators), id);
        vm.expectRevert();
        vm.prank(other);
        creators.safeTransferFrom(other, address(creators), id, "");
    }

    function test_APermitIsCarriedOnce() public {
        uint256 id = buyFor(t, other);
        bytes memory signed = signature(OTHER_KEY, permitHash(relayer, id, 0, START));
        wants(ICreators.BadSignature.selector, other);
        creators.permit(buyer, id, START, signed);
        vm.warp(START + 1);
        wants(ICreators.TooLate.selector, START);
        creators.permit(relayer, id, START, signed);
        vm.warp(START);
        vm.expectEmit(true, true, true, true, address(creators));
        emit IERC721.Approval(other, relayer, id);
        creators.permit(relayer, id, START, signed);
        eq(creators.getApproved(id), relayer, "approved");
        wants(ICreators.BadSignature.selector, other);
        creators.permit(relayer, id, START, signed);
        // A holder signs its own permit also when it calls: a signature is what a permit is.
        wants(ICreators.BadSignature.selector, other);
        vm.prank(other);
        creators.permit(relayer, id, START, "");
        // What was signed before a demand is void after it.
        signed = signature(OTHER_KEY, permitHash(relayer, id, 1, START));
        demandAs(t, id, 0);
        wants(ICreators.DemandOpen.selector, id);
        creators.permit(relayer, id, START, signed);
        vm.prank(other);
        creators.honour(t, usualRights(), id, 0, "");
        wants(ICreators.BadSignature.selector, other);
        creators.permit(relayer, id, START, signed);
    }

    /// A permit would else give the token another nonce, and the case that the panel decides no demand.
    function test_APermitVoidsNoCase() public {
        uint256 id = buyFor(t, other);
        demandAs(t, id, 0);
        bytes memory signed = signature(OTHER_KEY, permitHash(relayer, id, 1, START));
        wants(ICreators.DemandOpen.selector, id);
        creators.permit(relayer, id, START, signed);
        bytes32 caseId = contestAs(t, id);
        wants(ICreators.DemandOpen.selector, id);
        creators.permit(relayer, id, START, signed);
        eq(creators.caseOf(id), caseId, "the same case");
        vm.prank(JURY);
        creators.decide(caseId, true);
        wants(ICreators.DemandOpen.selector, id);
        creators.permit(relayer, id, START, signed);
        creators.settle(t, usualRights(), id);
        eq(creators.owed(NATIVE, other), 0, "the panel's word stands");
        // Then it is good: nothing else has used the nonce.
        creators.permit(relayer, id, START, signed);
        eq(creators.getApproved(id), relayer, "approved");
    }

    function testFuzz_NoPermitWhileADemandIsOpen(uint8 stage, uint256 nonce) public {
        uint256 id = buyFor(t, other);
        demandAs(t, id, 0);
        bytes32 caseId;
        if (stage % 3 != 0) caseId = contestAs(t, id);
        if (stage % 3 == 2) {
            vm.prank(JURY);
            creators.decide(caseId, stage % 2 == 0);
        }
        bytes memory signed = signature(OTHER_KEY, permitHash(relayer, id, nonce, START));
        wants(ICreators.DemandOpen.selector, id);
        creators.permit(relayer, id, START, signed);
        eq(creators.nonces(id), 1, "nonce");
    }

    function test_AStandingRightIsDemandedAsOftenAsItCanBeDue() public {
        uint256 id = buyFor(t, other);
        demandAs(t, id, 1);
        vm.prank(other);
        creators.honour(t, usualRights(), id, 1, "");
        wants(ICreators.TooEarly.selector, START + 7 days);
        demandAs(t, id, 1);
        // Another's, too: it is the token's. What is used up by honouring does not wait.
        vm.prank(other);
        creators.transferFrom(other, buyer, id);
        wants(ICreators.TooEarly.selector, START + 7 days);
        demandAs(t, id, 1);
        demandAs(t, id, 0);
        vm.prank(buyer);
        creators.honour(t, usualRights(), id, 0, "");
        vm.warp(START + 7 days);
        wants(ICreators.TooEarly.selector, START + 7 days);
        demandAs(t, id, 1);
        vm.warp(START + 7 days + 1);
        demandAs(t, id, 1);
    }

    function test_WhoWasNotServedNeedNotWait() public {
        uint256 id = buyFor(t, other);
        demandAs(t, id, 0);
        bytes32 caseId = contestAs(t, id);
        vm.prank(JURY);
        creators.decide(caseId, false);
        creators.settle(t, usualRights(), id);
        eq(creators.token(id).dueAt, 0, "due");
        demandAs(t, id, 1);
    }

    function testFuzz_AStandingRightWaitsUntilItWasDue(uint32 window, uint32 when) public {
        t.honourWithin = 1 hours + window % 89 days;
        (t.salt, t.supply) = (2, 1);
        attestBy(ATTESTER_KEY, statement(ATTESTER_KEY, doctor, 152, 2));
        stakeFor(doctor, NATIVE, uint128(PLEDGE));
        openAs(t, DOCTOR_KEY);
        uint256 id = buyFor(t, other);
        demandAs(t, id, 1);
        vm.prank(other);
        creators.honour(t, usualRights(), id, 1, "");
        vm.warp(START + when % 300 days);
        bool early = block.timestamp <= START + t.honourWithin;
        if (early) wants(ICreators.TooEarly.selector, START + t.honourWithin);
        demandAs(t, id, 1);
        eq(creators.nonces(id), early ? 1 : 2, "nonce");
    }

    /// A word lasts until the last demand can be settled.
    function test_AttestersVouchUntilTheLastDemandIsSettled() public {
        t.creator = other;
        stakeFor(other, NATIVE, uint128(100 * PLEDGE));
        uint64 lastAt = t.until + 7 days + 30 days;
        Statement memory s = statement(ATTESTER_KEY, other, 200, 1);
        s.endsAt = lastAt - 1;
        attestBy(ATTESTER_KEY, s);
        address[] memory one = new address[](1);
        one[0] = s.attester;
        bytes memory signed = signature(OTHER_KEY, hashOf(t));
        vm.expectRevert(abi.encodeWithSelector(IReputation.TooShort.selector, s.attester, lastAt - 1));
        creators.open(t, usualRights(), one, signed);
        (s.endsAt, s.number) = (lastAt, 2);
        attestBy(ATTESTER_KEY, s);
        creators.open(t, usualRights(), one, signed);
    }

    function test_ItSaysWhatItIs() public {
        uint256 id = buyFor(t, other);
        eq(keccak256(bytes(creators.name())), keccak256("SINSO creators"), "name");
        eq(keccak256(bytes(creators.symbol())), keccak256("SINSO-C"), "symbol");
        isTrue(bytes(creators.tokenURI(id)).length > 100, "URI");
        isTrue(creators.supportsInterface(0x01ffc9a7) && creators.supportsInterface(0x80ac58cd), "ERC-165, ERC-721");
        isTrue(creators.supportsInterface(0x5b5e139f) && creators.supportsInterface(0x2a55205a), "metadata, ERC-2981");
        isTrue(creators.supportsInterface(0x5604e225) && !creators.supportsInterface(0xffffffff), "ERC-4494");
    }

    function test_SlotsAreAsTheyWere() public {
        uint256 id = buyFor(t, other);
        demandAs(t, id, 1);
        uint256 slot = uint256(vm.load(address(creators), keccak256(abi.encode(issueId, 1))));
        eq(slot, 1 | 2 << 8 | 1 << 16 | 1 << 32 | 100 * PLEDGE << 48, "state, rights, sold, demands, bonded");
        slot = uint256(vm.load(address(creators), keccak256(abi.encode(id, 3))));
        uint256 want = uint256(uint160(other)) | 1 << 160 | 1 << 200 | 1 << 208 | (START + 7 days) << 216;
        eq(slot, want, "owner, nonce, spent, right, demand, dueAt");
    }

    function test_OnlyALedgersPayeeIsPaid() public {
        vm.expectRevert(abi.encodeWithSelector(ILedger.NothingOwed.selector, NATIVE, doctor));
        creators.withdraw(NATIVE, doctor);
        vm.prank(relayer);
        (bool ok,) = address(creators).call{value: 1}("");
        isTrue(!ok, "no coin but with a call");
    }
}
