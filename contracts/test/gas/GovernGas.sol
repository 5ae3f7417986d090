// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Parameter} from "../../src/IRegistry.sol";
import {Governor} from "../Faces.sol";
import {GovernFixture} from "../GovernFixture.sol";
import {Leaf, Leaves} from "../Leaves.sol";
import {Distributor} from "../peers/Distributor.sol";
import {OpenGovernor} from "../peers/OpenGovernor.sol";
import {PlainShares} from "../peers/PlainShares.sol";
import {Rows} from "./Rows.sol";

/// @notice What a vote, a parameter, a pause and a reward cost, beside OpenZeppelin's plain parts for the same.
abstract contract GovernGas is Rows, GovernFixture {
    using Leaves for Leaf[];

    function governs() internal {
        deployGovern();
        address[4] memory voters = [MAJORITY, MINORITY, STRANGER, PANEL];
        for (uint256 i = 0; i < 4; ++i) {
            give(voters[i], 3000e18);
        }
        note("voice: delegate, first");
        IVotes theirs = peerVoice(voters);
        vm.warp(GENESIS + 1);
        Governor ours = governor;
        votes("");
        governor = peer(theirs, 100e18);
        votes("peer: OpenZeppelin ");
        governor = peer(theirs, 0);
        propose(motion(address(treasury), 0, "", "x"));
        note("peer: OpenZeppelin governor: propose, one call without data, by anyone");
        governor = ours;
        decides();
        sets();
        earns();
    }

    /// @dev The same voters' votes, in OpenZeppelin's token.
    function peerVoice(address[4] memory voters) private returns (IVotes) {
        PlainShares shares = new PlainShares();
        for (uint256 i = 0; i < 4; ++i) {
            shares.mint(voters[i], 3000e18);
            vm.prank(voters[i]);
            shares.delegate(voters[i]);
        }
        return IVotes(address(shares));
    }

    function peer(IVotes theirs, uint256 threshold) private returns (Governor) {
        address[] memory none = new address[](1);
        TimelockController timelock = new TimelockController(2 days, none, none, address(this));
        return Governor(payable(address(new OpenGovernor(theirs, timelock, threshold))));
    }

    function votes(string memory who) private {
        propose(motion(address(treasury), 0, "", "x"));
        note(string.concat(who, "governor: propose, one call without data"));
        Motion memory m = setFee(300);
        propose(m);
        note(string.concat(who, "governor: propose, a parameter"));
        uint256 before = block.timestamp;
        openVote(m);
        vote(m, STRANGER, 1);
        note(string.concat(who, "governor: castVote, the first for it"));
        vote(m, PANEL, 1);
        note(string.concat(who, "governor: castVote, the next, reaches no quorum"));
        vm.warp(before);
    }

    /// @dev A second proposal, whose quorum is reached late.
    function decides() private {
        Motion memory m = motion(address(registry), 0, abi.encodeCall(registry.set, (Parameter.FeeBps, 260)), "Late");
        propose(m);
        vm.warp(governor.proposalDeadline(m.id));
        vote(m, MAJORITY, 1);
        note("governor: castVote, the first, late and reaches the quorum");
        queue(m);
        note("governor: queue, one call");
        execute(m);
        note("governor: execute, a parameter");
    }

    function sets() private {
        vm.prank(GUARDIAN);
        pause.pause(1, 0);
        note("pause: pause");
        vm.warp(block.timestamp + 3);
        pause.check();
        note("pause: check, as a call");
        registry.terms();
        note("registry: terms, as a call");
        registry.publish(keccak256("t"));
        note("registry: publish a template");
        registry.endorse(keccak256("t"), true);
        note("registry: endorse a template");
    }

    function earns() private {
        Leaf[] memory list = new Leaf[](1024);
        for (uint256 i = 0; i < list.length; ++i) {
            list[i] = Leaf(i, address(uint160(0xF0000 + i)), 10e18);
        }
        uint32 week = uint32(block.timestamp / 7 days - 1);
        vm.deal(address(this), 10 ether);
        bytes32 root = list.root();
        uint256 id = rewards.post{value: BOND}(week, address(voice), root, list.total(), keccak256("l"));
        note("rewards: post");
        rewards.dispute{value: BOND}(id, 0);
        note("rewards: dispute");
        id = rewards.post{value: BOND}(week, address(voice), root, list.total(), keccak256("l"));
        vm.warp(block.timestamp + 8 days);
        rewards.settle(id);
        note("rewards: settle, voice");
        Distributor plain = new Distributor(IERC20(address(voice)), root);
        vm.prank(address(rewards)); // as many as it can lack
        voice.transfer(address(plain), 100e18);
        for (uint256 i = 0; i < 2; ++i) {
            string memory which = i == 0 ? "of 1,024, the first of 256" : "of 1,024, the next";
            Leaf memory l = list[i];
            bytes32[] memory proof = list.proof(i);
            rewards.claim(id, l.index, l.account, l.amount, proof);
            note(string.concat("rewards: claim ", which));
            l = list[i + 8];
            proof = list.proof(i + 8);
            plain.claim(l.index, l.account, l.amount, proof);
            note(string.concat("peer: OpenZeppelin distributor: claim ", which));
        }
    }
}
