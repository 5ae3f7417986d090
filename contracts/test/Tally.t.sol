// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Votes} from "@openzeppelin/contracts/governance/utils/Votes.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Base, Vm} from "./Base.sol";
import {PlainShares} from "./peers/PlainShares.sol";

/// @notice Voice's votes beside OpenZeppelin's, through the same changes.
contract TallyTest is Base {
    uint256 private constant NOW = 1_800_000_000;

    ERC20Votes private ours;
    PlainShares private theirs;
    uint256 private week = NOW / 7 days;

    function setUp() public {
        vm.warp(NOW);
        ours = ERC20Votes(deploy("Voice", abi.encode(address(this), type(uint160).max)));
        theirs = new PlainShares();
    }

    function who(uint256 seed) private pure returns (address) {
        return address(uint160(0xA000 + seed % 4));
    }

    function both(address caller, bytes memory data) private {
        (bool here, Vm.Log[] memory told) = done(address(ours), caller, data);
        (bool there, Vm.Log[] memory toldThere) = done(address(theirs), caller, data);
        isTrue(here == there, "both do it, or neither");
        eq(told.length, toldThere.length, "as many events");
        for (uint256 i = 0; i < told.length; ++i) {
            isTrue(keccak256(abi.encode(told[i].topics, told[i].data)) == keccak256(abi.encode(toldThere[i].topics, toldThere[i].data)), "the same is told");
        }
    }

    function done(address token, address caller, bytes memory data) private returns (bool ok, Vm.Log[] memory told) {
        vm.recordLogs();
        vm.prank(caller);
        (ok,) = token.call(data);
        told = vm.getRecordedLogs();
    }

    function made(address to, uint256 amount) private {
        (bool ok,) = address(ours).call(abi.encodeWithSignature("mint(uint256,uint256)", --week, amount));
        isTrue(ok, "minted");
        bool sent = ours.transfer(to, amount);
        isTrue(sent, "handed out");
        theirs.mint(address(this), amount);
        isTrue(theirs.transfer(to, amount), "handed out there");
    }

    function step(uint256 seed) private {
        address caller = who(seed >> 8);
        uint256 kind = seed % 8;
        if (kind < 3) vm.warp(block.timestamp + seed % 3);
        else if (kind == 3) both(caller, abi.encodeCall(Votes.delegate, (seed % 5 == 0 ? address(0) : who(seed >> 16))));
        else if (kind == 4) made(caller, seed >> 200);
        else both(caller, abi.encodeWithSignature("transfer(address,uint256)", who(seed >> 16), (seed >> 32) % (ours.balanceOf(caller) + 2)));
    }

    function testFuzz_VotesAreOpenZeppelinsAtEachMoment(uint256[40] memory seeds) public {
        for (uint256 i = 0; i < 4; ++i) {
            made(who(i), seeds[i] >> 200);
            if (i < 3) both(who(i), abi.encodeCall(Votes.delegate, (who(i + 1))));
        }
        for (uint256 i = 0; i < seeds.length; ++i) {
            step(seeds[i]);
        }
        for (uint256 i = 0; i < 4; ++i) {
            same(who(i));
        }
        for (uint256 t = NOW - 1; t < block.timestamp; ++t) {
            eq(ours.getPastTotalSupply(t), theirs.getPastTotalSupply(t), "supply then");
        }
    }

    function same(address account) private view {
        eq(ours.getVotes(account), theirs.getVotes(account), "votes");
        for (uint256 t = NOW - 1; t < block.timestamp; ++t) {
            eq(ours.getPastVotes(account, t), theirs.getPastVotes(account, t), "votes then");
        }
    }

    /// A long line, each moment of which is found.
    function test_EachOfManyMomentsIsFound() public {
        both(who(0), abi.encodeCall(Votes.delegate, (who(0))));
        for (uint256 i = 1; i <= 40; ++i) {
            vm.warp(NOW + 10 * i);
            made(who(0), i);
        }
        for (uint256 t = NOW; t < NOW + 400; ++t) {
            uint256 n = (t - NOW) / 10;
            eq(ours.getPastVotes(who(0), t), n * (n + 1) / 2, "then");
        }
    }

    function test_WhatIsNotPastIsRefused() public {
        made(who(0), 5);
        vm.expectRevert(abi.encodeWithSelector(Votes.ERC5805FutureLookup.selector, NOW, NOW));
        ours.getPastVotes(who(0), NOW);
        vm.expectRevert(abi.encodeWithSelector(Votes.ERC5805FutureLookup.selector, NOW + 1, NOW));
        ours.getPastTotalSupply(NOW + 1);
    }

    function test_VotesFitTheirSlot() public {
        both(who(0), abi.encodeCall(Votes.delegate, (who(0))));
        made(who(0), type(uint160).max);
        eq(ours.getVotes(who(0)), type(uint160).max, "all");
        (bool ok,) = address(ours).call(abi.encodeWithSignature("mint(uint256,uint256)", --week, 1));
        isTrue(!ok, "no more");
    }
}
