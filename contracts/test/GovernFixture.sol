// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Parameter} from "../src/IRegistry.sol";
import {Rules} from "../src/IVeto.sol";
import {Base} from "./Base.sol";
import {Governor, Pause, Registry, Rewards, Treasury, Voice} from "./Faces.sol";

/// @notice The governance on a fresh chain, in the order in which it is deployed, and some who vote.
abstract contract GovernFixture is Base {
    uint256 internal constant GENESIS = 1_800_000_000; // unix seconds
    uint256 internal constant CAP = 1_000_000e18;
    uint256 internal constant BOND = 1 ether;
    uint32 internal constant EMISSION = 100_000; // whole voices a week

    address internal constant MAJORITY = address(0xA1);
    address internal constant MINORITY = address(0xA2);
    address internal constant STRANGER = address(0xBAD);
    address internal constant GUARDIAN = address(0x6A4D);
    address internal constant VETOER = address(0x7E70);
    address internal constant PANEL = address(0x9A4E1);

    Voice internal voice;
    Governor internal governor;
    Treasury internal treasury;
    Registry internal registry;
    Rewards internal rewards;
    Pause internal pause;

    function usualRules() internal pure returns (Rules memory) {
        return Rules({
            votingDelay: 1 days,
            votingPeriod: 5 days,
            lateSeconds: 1 days,
            timelockSeconds: 2 days,
            vetoEndsAt: uint48(GENESIS + 180 days),
            vetoGuardian: VETOER,
            quorumPercent: 4,
            quorumFloor: 1000e18,
            proposalThreshold: 100e18
        });
    }

    function usualParameters() internal pure returns (uint32[8][4] memory p) {
        p[0] = [uint32(250), 1000, 4000, 3000, 2000, 2000, 1000, EMISSION]; // values
        p[1] = [uint32(0), 0, 1000, 1000, 500, 0, 0, 1000]; // least
        p[2] = [uint32(500), 1500, 8000, 8000, 8000, 5000, 5000, 1_000_000]; // most
        p[3] = [uint32(50), 100, 500, 500, 500, 500, 500, 20_000]; // steps
    }

    /// @dev And two who vote, of whom the first has the most, a second after the genesis.
    function deployWithVoters() internal {
        deployGovern();
        give(MAJORITY, 60_000e18);
        give(MINORITY, 40_000e18);
        vm.warp(GENESIS + 1);
    }

    function deployGovern() internal {
        // A week before, so that the week before the genesis can be paid.
        vm.warp(GENESIS - 7 days);
        uint256 nonce = vm.getNonce(address(this));
        address rewardsWillBe = vm.computeCreateAddress(address(this), nonce + 4);
        voice = Voice(deploy("Voice", abi.encode(rewardsWillBe, CAP)));
        governor = Governor(payable(deploy("Governor", abi.encode(voice, usualRules()))));
        treasury = Treasury(governor.timelock());
        uint32[8][4] memory p = usualParameters();
        registry = Registry(deploy("Registry", abi.encode(treasury, p[0], p[1], p[2], p[3])));
        pause = Pause(deploy("Pause", abi.encode(treasury, GUARDIAN)));
        rewards = Rewards(deploy("Rewards", abi.encode(voice, registry, treasury, PANEL, pause, BOND)));
        eq(address(rewards), rewardsWillBe, "the rewards' address is known before");
        vm.warp(GENESIS);
    }

    /// @dev As if it had been earned in the week before the genesis.
    function give(address who, uint256 amount) internal {
        vm.prank(address(rewards));
        voice.mint(GENESIS / 7 days - 1, amount);
        vm.prank(address(rewards));
        voice.transfer(who, amount);
        vm.prank(who);
        voice.delegate(who);
    }

    /// @dev A proposal of one call.
    struct Motion {
        address[] targets;
        uint256[] values;
        bytes[] calls;
        string text;
        uint256 id;
    }

    function motion(address target, uint256 valueWei, bytes memory call_, string memory text)
        internal
        pure
        returns (Motion memory m)
    {
        m.targets = new address[](1);
        m.values = new uint256[](1);
        m.calls = new bytes[](1);
        (m.targets[0], m.values[0], m.calls[0], m.text) = (target, valueWei, call_, text);
        m.id = uint256(keccak256(abi.encode(m.targets, m.values, m.calls, keccak256(bytes(text)))));
    }

    function propose(Motion memory m) internal {
        vm.prank(MAJORITY);
        eq(governor.propose(m.targets, m.values, m.calls, m.text), m.id, "the proposal's ID");
    }

    /// @dev To the first second of the vote.
    function openVote(Motion memory m) internal {
        vm.warp(governor.proposalSnapshot(m.id) + 1);
    }

    function vote(Motion memory m, address who, uint8 support) internal {
        vm.prank(who);
        governor.castVote(m.id, support);
    }

    function queue(Motion memory m) internal {
        vm.warp(governor.proposalDeadline(m.id) + 1);
        governor.queue(m.targets, m.values, m.calls, keccak256(bytes(m.text)));
    }

    function execute(Motion memory m) internal {
        vm.warp(governor.proposalEta(m.id));
        governor.execute(m.targets, m.values, m.calls, keccak256(bytes(m.text)));
    }

    /// @dev From the proposal to the queue, by the majority.
    function carry(Motion memory m) internal {
        propose(m);
        openVote(m);
        vote(m, MAJORITY, 1);
        queue(m);
    }

    function stateOf(Motion memory m) internal view returns (uint256) {
        return uint256(governor.state(m.id));
    }

    function setFee(uint32 bps) internal view returns (Motion memory) {
        bytes memory call_ = abi.encodeCall(registry.set, (Parameter.FeeBps, bps));
        return motion(address(registry), 0, call_, "The fee of a sale");
    }
}
