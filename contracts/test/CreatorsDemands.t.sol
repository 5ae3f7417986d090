// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Demand, ICreators, Right, Terms, Token} from "../src/ICreators.sol";
import {IReputation, Statement} from "../src/IReputation.sol";
import {CreatorsStand} from "./CreatorsStand.sol";
import {Receiver} from "./hostile/Receiver.sol";
import {Wallet} from "./hostile/Wallet.sol";

/// @notice Demands of holders, and contests of them.
contract CreatorsDemandsTest is CreatorsStand {
    function demandOf(uint256 id) private view returns (uint256) {
        return uint256(creators.token(id).demand);
    }

    function wantsDemand(uint256 id, Demand d) private {
        vm.expectRevert(abi.encodeWithSelector(ICreators.NotDemanded.selector, id, d));
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

    // Rights that stand.

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
}
