// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IRegistry, Parameter} from "../src/IRegistry.sol";
import {IVeto} from "../src/IVeto.sol";
import {Governor} from "./Faces.sol";
import {GovernFixture} from "./GovernFixture.sol";
import {LateGovernor} from "./peers/OpenGovernor.sol";

contract GovernorTest is GovernFixture {
    event Vetoed(uint256 indexed proposalId, bytes32 indexed reasonHash);
    event ProposalExtended(uint256 indexed proposalId, uint64 extendedDeadline);

    bytes32 private constant WHY = keccak256("why");
    uint256 private constant VOTER_KEY = 0xB0;

    function setUp() public {
        deployWithVoters();
    }

    // The story of a vote.

    function test_AVoteChangesAFee() public {
        Motion memory m = setFee(300);
        propose(m);
        openVote(m);
        vote(m, MAJORITY, 1);
        vote(m, MINORITY, 0);
        eq(registry.terms().feeBps, 250, "not yet");
        queue(m);
        vm.warp(governor.proposalEta(m.id) - 1);
        vm.expectRevert();
        governor.execute(m.targets, m.values, m.calls, keccak256(bytes(m.text)));
        execute(m);
        eq(registry.terms().feeBps, 300, "the new fee");
        eq(stateOf(m), uint256(IGovernor.ProposalState.Executed), "executed");
    }

    function test_AVoteBeyondTheBoundsIsRefusedWhenItIsExecuted() public {
        refused(501, abi.encodeWithSelector(IRegistry.OutOfBounds.selector, Parameter.FeeBps, 501));
        refused(301, abi.encodeWithSelector(IRegistry.StepTooLarge.selector, Parameter.FeeBps, 250, 301));
    }

    function refused(uint32 fee, bytes memory why) private {
        Motion memory m = setFee(fee);
        carry(m);
        vm.warp(governor.proposalEta(m.id));
        vm.expectRevert(why);
        governor.execute(m.targets, m.values, m.calls, keccak256(bytes(m.text)));
        eq(registry.terms().feeBps, 250, "as it was");
    }

    function test_AMinorityDoesNotPass() public {
        Motion memory m = setFee(300);
        propose(m);
        openVote(m);
        vote(m, MAJORITY, 0);
        vote(m, MINORITY, 1);
        vm.warp(governor.proposalDeadline(m.id) + 1);
        eq(stateOf(m), uint256(IGovernor.ProposalState.Defeated), "defeated");
    }

    // What votes are.

    function test_VotesThatCameAfterTheSnapshotDoNotCount() public {
        Motion memory m = setFee(300);
        propose(m);
        openVote(m);
        give(STRANGER, 500_000e18); // borrowed, for the time of a block or longer
        vm.prank(STRANGER);
        eq(governor.castVote(m.id, 0), 0, "weight");
        wants(IGovernor.GovernorAlreadyCastVote.selector, STRANGER);
        vm.prank(STRANGER);
        governor.castVote(m.id, 1);
    }

    function test_WhatIsBorrowedWithinABlockHasNoVoteAtItsMoment() public {
        Motion memory m = setFee(300);
        propose(m);
        vm.warp(governor.proposalSnapshot(m.id));
        vm.prank(MAJORITY);
        voice.transfer(STRANGER, 60_000e18);
        vm.prank(STRANGER);
        voice.delegate(STRANGER);
        vm.expectRevert(); // pending: the vote begins after the moment whose votes count
        vm.prank(STRANGER);
        governor.castVote(m.id, 1);
        vm.prank(STRANGER);
        voice.transfer(MAJORITY, 60_000e18);
        vm.warp(governor.proposalSnapshot(m.id) + 1);
        vm.prank(STRANGER);
        eq(governor.castVote(m.id, 1), 0, "weight");
    }

    function test_AProposerNeedsVotes() public {
        Motion memory m = setFee(300);
        give(STRANGER, 100e18 - 1);
        vm.warp(GENESIS + 2);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorInsufficientProposerVotes.selector, STRANGER, 100e18 - 1, 100e18
            )
        );
        vm.prank(STRANGER);
        governor.propose(m.targets, m.values, m.calls, m.text);
        give(STRANGER, 1);
        vm.warp(GENESIS + 3);
        vm.prank(STRANGER);
        governor.propose(m.targets, m.values, m.calls, m.text);
    }

    function test_TheFirstHoldersDecideNothingBelowTheFloor() public {
        deployGovern(); // afresh: no supply
        give(MAJORITY, 1000e18 - 1);
        vm.warp(GENESIS + 1);
        eq(governor.quorum(GENESIS), 1000e18, "the floor");
        Motion memory m = setFee(300);
        propose(m);
        openVote(m);
        vote(m, MAJORITY, 1);
        vm.warp(governor.proposalDeadline(m.id) + 1);
        eq(stateOf(m), uint256(IGovernor.ProposalState.Defeated), "below");
    }

    function test_TheQuorumIsAPartOfTheSupplyAboveTheFloor() public view {
        eq(governor.quorum(GENESIS), 4000e18, "4 % of 100,000");
    }

    /// Passes if there is more for it than against it, and enough for it or abstaining: no more, no less.
    function testFuzz_VotesAreCountedAsTheyAreCast(uint256[4] memory parts, uint8[4] memory support) public {
        address[4] memory voters = [address(0xC1), address(0xC2), address(0xC3), address(0xC4)];
        for (uint256 i = 0; i < 4; ++i) {
            give(voters[i], 1 + parts[i] % 3000e18);
        }
        vm.warp(GENESIS + 2);
        Motion memory m = setFee(300);
        propose(m);
        openVote(m);
        uint256[3] memory sums;
        for (uint256 i = 0; i < 4; ++i) {
            vote(m, voters[i], support[i] % 3);
            sums[support[i] % 3] += 1 + parts[i] % 3000e18;
        }
        (uint256 against, uint256 inFavour, uint256 abstain) = governor.proposalVotes(m.id);
        eq(against, sums[0], "against");
        eq(inFavour, sums[1], "for");
        eq(abstain, sums[2], "abstain");
        uint256 supply = 100_000e18;
        for (uint256 i = 0; i < 4; ++i) {
            supply += 1 + parts[i] % 3000e18;
        }
        bool passes = sums[1] > sums[0] && sums[1] + sums[2] >= supply * 4 / 100;
        vm.warp(governor.proposalDeadline(m.id) + 1);
        IGovernor.ProposalState want = passes ? IGovernor.ProposalState.Succeeded : IGovernor.ProposalState.Defeated;
        eq(stateOf(m), uint256(want), "state");
    }

    // Late quorums.

    function test_AQuorumThatIsReachedLateMovesTheEnd() public {
        Motion memory m = setFee(300);
        propose(m);
        uint256 endsAt = governor.proposalDeadline(m.id);
        vm.warp(endsAt);
        vm.expectEmit(true, true, true, true, address(governor));
        emit ProposalExtended(m.id, uint64(endsAt + 1 days));
        vote(m, MAJORITY, 1);
        eq(governor.proposalDeadline(m.id), endsAt + 1 days, "moved");
        vm.warp(endsAt + 1 days);
        vote(m, MINORITY, 0);
        eq(governor.proposalDeadline(m.id), endsAt + 1 days, "once");
        vm.warp(endsAt + 1 days + 1);
        eq(stateOf(m), uint256(IGovernor.ProposalState.Succeeded), "over");
    }

    function test_AQuorumWithJustTimeLeftMovesNothing() public {
        Motion memory m = setFee(300);
        propose(m);
        uint256 endsAt = governor.proposalDeadline(m.id);
        vm.warp(endsAt - 1 days);
        vm.recordLogs();
        vote(m, MAJORITY, 1);
        eq(vm.getRecordedLogs().length, 1, "the vote alone is told");
        eq(governor.proposalDeadline(m.id), endsAt, "the end");
    }

    /// OpenZeppelin's protection by storing at every quorum, and ours by looking only late, end at the same time.
    function testFuzz_TheEndIsOpenZeppelins(uint256[4] memory waits, uint8[4] memory support, uint256[4] memory parts) public {
        address[4] memory voters = [address(0xC1), address(0xC2), address(0xC3), address(0xC4)];
        for (uint256 i = 0; i < 4; ++i) {
            give(voters[i], 1 + parts[i] % 8000e18);
        }
        LateGovernor peer = new LateGovernor(IVotes(address(voice)));
        vm.warp(GENESIS + 2);
        Motion memory m = setFee(300);
        propose(m);
        vm.prank(MAJORITY);
        peer.propose(m.targets, m.values, m.calls, m.text);
        uint256 time = governor.proposalSnapshot(m.id) + 1;
        for (uint256 i = 0; i < 4; ++i) {
            time += waits[i] % 2 days;
            vm.warp(time);
            bytes memory data = abi.encodeCall(IGovernor.castVote, (m.id, support[i] % 3));
            vm.prank(voters[i]);
            (bool ours,) = address(governor).call(data);
            vm.prank(voters[i]);
            (bool theirs,) = address(peer).call(data);
            isTrue(ours == theirs, "both take the vote, or neither");
            eq(governor.proposalDeadline(m.id), peer.proposalDeadline(m.id), "the end");
        }
    }

    // The veto.

    function veto(Motion memory m, address by, bytes32 reasonHash) private {
        vm.prank(by);
        governor.veto(m.targets, m.values, m.calls, keccak256(bytes(m.text)), reasonHash);
    }

    function test_TheGuardianVetoesWhatIsQueuedWithItsReason() public {
        Motion memory m = setFee(300);
        carry(m);
        vm.expectEmit(true, true, true, true, address(governor));
        emit Vetoed(m.id, WHY);
        veto(m, VETOER, WHY);
        eq(stateOf(m), uint256(IGovernor.ProposalState.Canceled), "cancelled");
        vm.warp(block.timestamp + 30 days);
        vm.expectRevert();
        governor.execute(m.targets, m.values, m.calls, keccak256(bytes(m.text)));
    }

    function test_AVetoSaysWhyAndIsTheGuardians() public {
        Motion memory m = setFee(300);
        carry(m);
        wants(IVeto.NoReason.selector);
        veto(m, VETOER, 0);
        wants(IVeto.NotVetoGuardian.selector, GUARDIAN); // who pauses does not veto
        veto(m, GUARDIAN, WHY);
        wants(IVeto.NotVetoGuardian.selector, MAJORITY);
        veto(m, MAJORITY, WHY);
    }

    function test_OnlyWhatIsQueuedIsVetoed() public {
        Motion memory m = setFee(300);
        wants(IGovernor.GovernorNonexistentProposal.selector, m.id);
        veto(m, VETOER, WHY);
        propose(m);
        vetoFails(m);
        openVote(m);
        vote(m, MAJORITY, 1);
        vetoFails(m);
        vm.warp(governor.proposalDeadline(m.id) + 1);
        vetoFails(m); // succeeded, not queued
        queue(m);
        execute(m);
        vetoFails(m);
    }

    function vetoFails(Motion memory m) private {
        bytes32 queued = bytes32(uint256(1) << uint256(IGovernor.ProposalState.Queued));
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorUnexpectedProposalState.selector, m.id, governor.state(m.id), queued
            )
        );
        veto(m, VETOER, WHY);
    }

    function test_TheVetoEndsForEver() public {
        eq(governor.vetoEndsAt(), GENESIS + 180 days, "fixed");
        eq(governor.vetoGuardian(), VETOER, "guardian");
        vm.warp(GENESIS + 180 days - 6 days - 2);
        Motion memory m = setFee(300);
        carry(m);
        vm.warp(GENESIS + 180 days + 1);
        isTrue(governor.proposalEta(m.id) - 2 days <= GENESIS + 180 days, "it was queued in time");
        wants(IVeto.VetoEnded.selector, GENESIS + 180 days);
        veto(m, VETOER, WHY);
        execute(m);
        eq(registry.terms().feeBps, 300, "done");
        eq(governor.vetoEndsAt(), GENESIS + 180 days, "no vote moved it");
    }

    function test_TheLastSecondOfTheVetoIsStillOne() public {
        vm.warp(GENESIS + 180 days - 6 days - 2);
        Motion memory m = setFee(300);
        carry(m);
        vm.warp(GENESIS + 180 days);
        veto(m, VETOER, WHY);
    }

    function test_TheClockIsTheVoices() public view {
        eq(uint256(governor.clock()), voice.clock(), "clock");
        eq(keccak256(bytes(governor.CLOCK_MODE())), keccak256(bytes(voice.CLOCK_MODE())), "mode");
        eq(governor.token(), address(voice), "token");
    }

    /// And on a chain (EIP-170, EIP-3860); not as coverage compiles it.
    function test_ItsCodesFitInATransaction() public view {
        isTrue(address(governor).code.length <= 24_576, "governor");
        isTrue(address(voice).code.length <= 24_576, "voice");
        isTrue(address(rewards).code.length <= 24_576, "rewards");
    }

    // For whatever is sent.

    /// What is queued is stopped by one, with a reason, until the veto ends; whatever else is tried, it is done.
    function testFuzz_OnlyTheGuardianStopsAndOnlyInItsTime(address by, bool itself, bytes32 reasonHash, int24 beside) public {
        if (itself) by = VETOER;
        if (reasonHash[0] < 0x40) reasonHash = 0;
        uint256 time = uint256(int256(GENESIS + 180 days) + beside % 1 days);
        vm.warp(GENESIS + 180 days - 8 days);
        Motion memory m = setFee(300);
        carry(m);
        vm.warp(time);
        bytes memory data =
            abi.encodeCall(IVeto.veto, (m.targets, m.values, m.calls, keccak256(bytes(m.text)), reasonHash));
        vm.prank(by);
        (bool ok,) = address(governor).call(data);
        isTrue(ok == (by == VETOER && reasonHash != 0 && time <= GENESIS + 180 days), "vetoed");
        vm.warp(GENESIS + 190 days);
        data = abi.encodeCall(IGovernor.execute, (m.targets, m.values, m.calls, keccak256(bytes(m.text))));
        (bool done,) = address(governor).call(data);
        isTrue(done == !ok, "done if it was not");
        eq(registry.terms().feeBps, ok ? 250 : 300, "fee");
    }

    /// A carried vote is that of who signed it, for what it signed, once.
    function testFuzz_ACarriedVoteIsWhatItsVoterSigned(uint256 parts, uint8 support, uint8 sent, uint8 fault, address by)
        public
    {
        address voter = vm.addr(VOTER_KEY);
        parts = 1 + parts % 800_000e18; // what the week has left
        give(voter, parts);
        vm.warp(GENESIS + 2);
        Motion memory m = setFee(300);
        propose(m);
        openVote(m);
        (support, sent) = (support % 3, fault % 4 == 1 ? sent % 3 : support % 3);
        bytes32 toSign = ballot(m.id, support, voter, fault % 4 == 3 ? 1 : 0);
        bytes memory signed = signature(fault % 4 == 2 ? VOTER_KEY + 1 : VOTER_KEY, toSign);
        bytes memory data = abi.encodeCall(IGovernor.castVoteBySig, (m.id, sent, voter, signed));
        vm.prank(by);
        (bool ok,) = address(governor).call(data);
        isTrue(ok == (fault % 4 < 2 && sent == support), "signed for it");
        (uint256 against, uint256 inFavour, uint256 abstain) = governor.proposalVotes(m.id);
        eq([against, inFavour, abstain][support], ok ? parts : 0, "counted for it");
        eq(against + inFavour + abstain, ok ? parts : 0, "and for nothing else");
        vm.prank(by);
        (ok,) = address(governor).call(data);
        isTrue(!ok, "not twice");
    }

    /// @dev EIP-712, from the text of its types.
    function ballot(uint256 id, uint8 support, address voter, uint256 nonce) private view returns (bytes32) {
        bytes32 domain = keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        domain = keccak256(abi.encode(domain, keccak256("SINSO governor"), keccak256("1"), block.chainid, governor));
        bytes32 typeHash = keccak256("Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)");
        bytes32 structHash = keccak256(abi.encode(typeHash, id, support, voter, nonce));
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function test_AnyoneCarriesAVote() public {
        address voter = vm.addr(VOTER_KEY);
        give(voter, 7e18);
        vm.warp(GENESIS + 2);
        Motion memory m = setFee(300);
        propose(m);
        openVote(m);
        bytes memory signed = signature(VOTER_KEY, ballot(m.id, 1, voter, 0));
        vm.prank(STRANGER);
        eq(governor.castVoteBySig(m.id, 1, voter, signed), 7e18, "weight");
        isTrue(governor.hasVoted(m.id, voter), "voted");
        wants(IGovernor.GovernorInvalidSignature.selector, voter);
        governor.castVoteBySig(m.id, 1, voter, signed);
    }

    /// What a vote does is done whole or not at all, whatever there is to pay it from.
    function testFuzz_AVoteIsDoneWholeOrNotAtAll(uint96 first, uint96 second, uint96 has, bool enough) public {
        Motion memory m = paysTwo(first, second);
        uint256 here = enough ? uint256(first) + second : has;
        vm.deal(address(treasury), here);
        carry(m);
        vm.warp(governor.proposalEta(m.id));
        bool ok = isDone(m);
        isTrue(ok == (uint256(first) + second <= here), "there is enough");
        eq(address(0xFEE1).balance, ok ? first : 0, "the first");
        eq(address(0xFEE2).balance, ok ? second : 0, "the second");
        isTrue(!isDone(m), "not twice");
    }

    function paysTwo(uint256 first, uint256 second) private pure returns (Motion memory m) {
        m.targets = new address[](2);
        (m.targets[0], m.targets[1]) = (address(0xFEE1), address(0xFEE2));
        m.values = new uint256[](2);
        (m.values[0], m.values[1]) = (first, second);
        (m.calls, m.text) = (new bytes[](2), "Pay two");
        m.id = uint256(keccak256(abi.encode(m.targets, m.values, m.calls, keccak256(bytes(m.text)))));
    }

    function isDone(Motion memory m) private returns (bool ok) {
        (ok,) = address(governor)
            .call(abi.encodeCall(IGovernor.execute, (m.targets, m.values, m.calls, keccak256(bytes(m.text)))));
    }

    /// What came to the governor itself moves by a vote, and by nobody without one.
    function testFuzz_WhatTheGovernorHoldsMovesByAVoteAlone(uint96 amount, address by) public {
        amount = uint96(1 + amount % 10_000e18);
        vm.prank(MINORITY);
        voice.transfer(address(governor), amount);
        bytes memory pays = abi.encodeCall(IERC20.transfer, (STRANGER, amount));
        bytes memory call_ = abi.encodeWithSignature("relay(address,uint256,bytes)", address(voice), 0, pays);
        vm.prank(by);
        (bool ok,) = address(governor).call(call_);
        isTrue(!ok, "without a vote");
        eq(voice.balanceOf(address(governor)), amount, "as it was");
        Motion memory m = motion(address(governor), 0, call_, "Relay");
        carry(m);
        execute(m);
        eq(voice.balanceOf(STRANGER), amount, "by a vote");
    }
}
