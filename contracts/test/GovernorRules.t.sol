// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IVeto, Rules} from "../src/IVeto.sol";
import {Vm} from "./Base.sol";
import {GovernFixture} from "./GovernFixture.sol";

/// @notice The rules of votes have bounds, and move within them by votes alone.
contract GovernorRulesTest is GovernFixture {
    function setUp() public {
        deployWithVoters();
    }

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
}
