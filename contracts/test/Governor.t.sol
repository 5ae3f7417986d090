// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IRegistry, Parameter} from "../src/IRegistry.sol";
import {ITreasury} from "../src/ITreasury.sol";
import {IVeto, Rules} from "../src/IVeto.sol";
import {Vm} from "./Base.sol";
import {Governor} from "./Faces.sol";
import {GovernFixture} from "./GovernFixture.sol";
import {Coin} from "./hostile/Coin.sol";
import {LateGovernor} from "./peers/OpenGovernor.sol";

contract GovernorTest is GovernFixture {
    event Vetoed(uint256 indexed proposalId, bytes32 indexed reasonHash);
    event ProposalExtended(uint256 indexed proposalId, uint64 extendedDeadline);

    bytes32 private constant WHY = keccak256("why");
    uint256 private constant VOTER_KEY = 0xB0;

    function setUp() public {
        deployGovern();
        give(MAJORITY, 60_000e18);
        give(MINORITY, 40_000e18);
        vm.warp(GENESIS + 1);
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

    // The rules have bounds.

    function test_TheRulesAtDeploymentAreBounded() public {
        Rules[9] memory bad;
        for (uint256 i = 0; i < 9; ++i) {
            bad[i] = usualRules();
        }
        bad[0].votingDelay = 1 hours - 1;
        bad[1].votingDelay = 14 days + 1;
        bad[2].votingPeriod = 1 days - 1;
        bad[3].votingPeriod = 30 days + 1;
        bad[4].lateSeconds = 1 days + 1;
        bad[5].vetoEndsAt = uint48(block.timestamp + 730 days + 1);
        bad[6].quorumPercent = 41;
        bad[7].proposalThreshold = 1000e18 + 1;
        bad[8].timelockSeconds = 1 days - 1;
        for (uint256 i = 0; i < 9; ++i) {
            isTrue(!made(bad[i]), "a rule out of bounds");
        }
        Rules memory edge = usualRules();
        edge.votingDelay = 1 hours;
        edge.votingPeriod = 1 days;
        edge.lateSeconds = 1 days;
        edge.quorumPercent = 40;
        edge.proposalThreshold = 1000e18;
        edge.timelockSeconds = 1 days;
        edge.vetoEndsAt = uint48(block.timestamp + 730 days);
        isTrue(made(edge), "at the edge");
        edge.votingDelay = 14 days;
        edge.votingPeriod = 30 days;
        edge.lateSeconds = 1 hours;
        edge.quorumPercent = 1;
        edge.proposalThreshold = 1;
        edge.timelockSeconds = 30 days;
        edge.vetoEndsAt = 0; // no veto
        isTrue(made(edge), "at the other edge");
        edge.quorumPercent = 0;
        isTrue(!made(edge), "no quorum");
        edge = usualRules();
        edge.proposalThreshold = 0;
        isTrue(!made(edge), "no threshold");
        edge = usualRules();
        edge.lateSeconds = 1 hours - 1;
        isTrue(!made(edge), "hardly late");
        edge = usualRules();
        edge.timelockSeconds = 30 days + 1;
        isTrue(!made(edge), "timelock too long");
    }

    function made(Rules memory rules) private returns (bool ok) {
        (ok,) = address(this).call(abi.encodeCall(this.make, (rules)));
    }

    function make(Rules memory rules) external {
        deploy("Governor", abi.encode(voice, rules));
    }

    function test_NoVoteMakesVotesTooShortOrTooHard() public {
        bytes[8] memory calls = [
            abi.encodeCall(governor.setVotingDelay, (1 hours - 1)),
            abi.encodeCall(governor.setVotingDelay, (14 days + 1)),
            abi.encodeCall(governor.setVotingPeriod, (1 days - 1)),
            abi.encodeCall(governor.setVotingPeriod, (30 days + 1)),
            abi.encodeCall(governor.updateQuorumNumerator, (0)),
            abi.encodeCall(governor.updateQuorumNumerator, (41)),
            abi.encodeCall(governor.setProposalThreshold, (0)),
            abi.encodeCall(governor.setProposalThreshold, (1000e18 + 1))
        ];
        uint256[8] memory values =
            [uint256(1 hours - 1), 14 days + 1, 1 days - 1, 30 days + 1, 0, 41, 0, 1000e18 + 1];
        for (uint256 i = 0; i < calls.length; ++i) {
            Motion memory m = motion(address(governor), 0, calls[i], "Rules");
            carry(m);
            vm.warp(governor.proposalEta(m.id));
            wants(IVeto.BadRule.selector, values[i]);
            governor.execute(m.targets, m.values, m.calls, keccak256(bytes(m.text)));
        }
    }

    function test_AVoteChangesTheRulesWithinTheirBounds() public {
        bytes[4] memory calls = [
            abi.encodeCall(governor.setVotingDelay, (2 days)),
            abi.encodeCall(governor.setVotingPeriod, (6 days)),
            abi.encodeCall(governor.updateQuorumNumerator, (5)),
            abi.encodeCall(governor.setProposalThreshold, (200e18))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            Motion memory m = motion(address(governor), 0, calls[i], "Rules");
            carry(m);
            execute(m);
        }
        eq(governor.votingDelay(), 2 days, "delay");
        eq(governor.votingPeriod(), 6 days, "period");
        eq(governor.quorumNumerator(), 5, "quorum");
        eq(governor.proposalThreshold(), 200e18, "threshold");
        eq(governor.quorumFloor(), 1000e18, "floor");
        eq(governor.lateSeconds(), 1 days, "late");
    }

    function test_NobodyChangesTheRulesWithoutAVote() public {
        wants(IGovernor.GovernorOnlyExecutor.selector, VETOER);
        vm.prank(VETOER);
        governor.setVotingDelay(2 days);
        wants(IGovernor.GovernorOnlyExecutor.selector, MAJORITY);
        vm.prank(MAJORITY);
        governor.setProposalThreshold(1e18);
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

    // The treasury.

    function test_TheTreasuryPaysByVotesOnly() public {
        Coin coin = new Coin(Coin.Habit.Plain);
        coin.mint(address(treasury), 100);
        vm.deal(address(this), 5 ether);
        (bool took,) = address(treasury).call{value: 5 ether}("");
        isTrue(took, "anyone gives");
        Motion memory pay = motion(STRANGER, 2 ether, "", "Pay");
        carry(pay);
        execute(pay);
        eq(STRANGER.balance, 2 ether, "coin");
        bytes memory call_ = abi.encodeCall(IERC20.transfer, (STRANGER, 40));
        Motion memory payCoin = motion(address(coin), 0, call_, "Pay in coins");
        carry(payCoin);
        execute(payCoin);
        eq(coin.balanceOf(STRANGER), 40, "tokens");
        eq(address(treasury).balance, 3 ether, "left");
    }

    function test_NobodyElseMovesTheTreasury() public {
        address[5] memory all = [MAJORITY, GUARDIAN, VETOER, PANEL, address(this)];
        vm.deal(address(treasury), 1 ether);
        for (uint256 i = 0; i < all.length; ++i) {
            isTrue(!treasury.hasRole(treasury.PROPOSER_ROLE(), all[i]), "proposes");
            isTrue(!treasury.hasRole(treasury.CANCELLER_ROLE(), all[i]), "cancels");
            isTrue(!treasury.hasRole(treasury.DEFAULT_ADMIN_ROLE(), all[i]), "administers");
            vm.expectRevert();
            vm.prank(all[i]);
            treasury.schedule(all[i], 1 ether, "", 0, 0, 2 days);
            vm.expectRevert();
            vm.prank(all[i]);
            treasury.execute(all[i], 1 ether, "", 0, 0);
        }
        isTrue(treasury.hasRole(treasury.DEFAULT_ADMIN_ROLE(), address(treasury)), "it administers itself");
        isTrue(treasury.hasRole(treasury.PROPOSER_ROLE(), address(governor)), "the governor proposes");
        isTrue(treasury.hasRole(treasury.EXECUTOR_ROLE(), address(0)), "anyone executes");
        eq(treasury.getMinDelay(), 2 days, "delay");
    }

    function test_TheDelayOfTheTreasuryIsBounded() public {
        for (uint256 i = 0; i < 2; ++i) {
            uint256 delay = i == 0 ? treasury.MIN_DELAY() - 1 : treasury.MAX_DELAY() + 1;
            Motion memory m = motion(address(treasury), 0, abi.encodeCall(treasury.updateDelay, (delay)), "Delay");
            carry(m);
            vm.warp(governor.proposalEta(m.id));
            wants(ITreasury.BadDelay.selector, delay);
            governor.execute(m.targets, m.values, m.calls, keccak256(bytes(m.text)));
        }
        for (uint256 i = 0; i < 2; ++i) {
            uint256 delay = i == 0 ? 30 days : 1 days;
            Motion memory m = motion(address(treasury), 0, abi.encodeCall(treasury.updateDelay, (delay)), "Delay");
            carry(m);
            execute(m);
            eq(treasury.getMinDelay(), delay, "delay");
        }
        vm.expectRevert();
        treasury.updateDelay(3 days);
    }

    function test_AVoteHandsTheTreasuryToTheNextGovernor() public {
        Governor next = Governor(payable(deploy("Governor", abi.encode(voice, usualRules()))));
        bytes memory call_ =
            abi.encodeWithSignature("grantRole(bytes32,address)", treasury.PROPOSER_ROLE(), address(next));
        Motion memory m = motion(address(treasury), 0, call_, "The next governor");
        carry(m);
        execute(m);
        isTrue(treasury.hasRole(treasury.PROPOSER_ROLE(), address(next)), "it proposes");
    }

    // For whatever is sent.

    /// A vote changes a rule within its bounds and not beyond them, by a single second or voice.
    function testFuzz_AVoteMovesARuleWithinItsBounds(uint8 which, uint256 value, int8 beside) public {
        uint256[4] memory least = [uint256(1 hours), 1 days, 1, 1];
        uint256[4] memory most = [uint256(14 days), 30 days, 40, 1000e18];
        uint256 k = which % 4;
        // At an edge, or anywhere up to twice as far.
        if (beside % 3 == 0) value %= 2 * most[k];
        else value = (beside % 3 > 0 ? most[k] + 1 : least[k]) - value % 2;
        Motion memory m = motion(address(governor), 0, ruleCall(k, value), "Rules");
        carry(m);
        vm.warp(governor.proposalEta(m.id));
        bool may = value >= least[k] && value <= most[k];
        bytes memory data =
            abi.encodeCall(IGovernor.execute, (m.targets, m.values, m.calls, keccak256(bytes(m.text))));
        uint256[4] memory want = rulesNow();
        vm.recordLogs();
        (bool ok,) = address(governor).call(data);
        isTrue(ok == may, "within its bounds");
        isTrue(isTold(k, want[k], value) == ok, "what it was and is");
        if (ok) want[k] = value;
        uint256[4] memory got = rulesNow();
        for (uint256 i = 0; i < 4; ++i) {
            eq(got[i], want[i], "rule");
        }
        // And by nobody without one.
        (ok,) = address(governor).call(m.calls[0]);
        isTrue(!ok, "without a vote");
    }

    function ruleCall(uint256 k, uint256 value) private view returns (bytes memory) {
        if (k == 0) return abi.encodeCall(governor.setVotingDelay, (uint48(value)));
        if (k == 1) return abi.encodeCall(governor.setVotingPeriod, (uint32(value)));
        if (k == 2) return abi.encodeCall(governor.updateQuorumNumerator, (value));
        return abi.encodeCall(governor.setProposalThreshold, (value));
    }

    function isTold(uint256 k, uint256 was, uint256 value) private returns (bool found) {
        string[4] memory events = ["VotingDelaySet", "VotingPeriodSet", "QuorumNumeratorUpdated", "ProposalThresholdSet"];
        bytes32 topic = keccak256(abi.encodePacked(events[k], "(uint256,uint256)"));
        Vm.Log[] memory told = vm.getRecordedLogs();
        for (uint256 i = 0; i < told.length; ++i) {
            if (told[i].topics[0] != topic || told[i].emitter != address(governor)) continue;
            eq(keccak256(told[i].data), keccak256(abi.encode(was, value)), "from what to what");
            found = true;
        }
    }

    function rulesNow() private view returns (uint256[4] memory) {
        return [governor.votingDelay(), governor.votingPeriod(), governor.quorumNumerator(), governor.proposalThreshold()];
    }

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

    /// The treasury pays what the governor scheduled, after a delay that is no shorter than its own, once; nothing else.
    function testFuzz_TheTreasuryPaysWhatWasScheduledOnceAndNotBefore(
        address by,
        bool governs,
        uint24 delay,
        uint24 took,
        uint96 amount
    ) public {
        if (governs) by = address(governor);
        address to = address(uint160(uint256(keccak256(abi.encode(by, amount)))));
        vm.deal(address(treasury), type(uint96).max);
        vm.prank(by);
        (bool scheduled,) =
            address(treasury).call(abi.encodeCall(treasury.schedule, (to, amount, "", 0, 0, delay)));
        isTrue(scheduled == (by == address(governor) && delay >= 2 days), "scheduled");
        took = uint24(around(delay, took, 1 << 24) % (1 << 24));
        vm.warp(GENESIS + 1 + took);
        bytes memory data = abi.encodeCall(treasury.execute, (to, amount, "", 0, 0));
        (bool ok,) = address(treasury).call(data);
        isTrue(ok == (scheduled && took >= delay), "after its delay");
        eq(to.balance, ok ? amount : 0, "paid");
        (ok,) = address(treasury).call(data);
        isTrue(!ok, "not twice");
    }

    /// The treasury's delay is moved by itself, within a day and 30.
    function testFuzz_TheDelayIsMovedByTheTreasuryWithinItsBounds(uint256 delay, address by, bool itself, uint8 beside) public {
        if (itself) by = address(treasury);
        if (beside % 3 == 0) delay = 1 days - delay % 2;
        if (beside % 3 == 1) delay = 30 days + delay % 2;
        if (beside % 3 == 2) delay %= 40 days;
        vm.prank(by);
        (bool ok,) = address(treasury).call(abi.encodeCall(treasury.updateDelay, (delay)));
        isTrue(ok == (by == address(treasury) && delay >= 1 days && delay <= 30 days), "moved");
        eq(treasury.getMinDelay(), ok ? delay : 2 days, "delay");
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
