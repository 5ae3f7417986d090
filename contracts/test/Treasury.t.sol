// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ITreasury} from "../src/ITreasury.sol";
import {Governor} from "./Faces.sol";
import {GovernFixture} from "./GovernFixture.sol";
import {Coin} from "./hostile/Coin.sol";

contract TreasuryTest is GovernFixture {
    function setUp() public {
        deployWithVoters();
    }

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
}
