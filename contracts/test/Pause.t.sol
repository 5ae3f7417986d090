// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGuardian} from "../src/IGuardian.sol";
import {IPause} from "../src/IPause.sol";
import {Base} from "./Base.sol";
import {Pause} from "./Faces.sol";

contract PauseTest is Base {
    event PauseStarted(address indexed guardian, uint64 until, uint64 restUntil, bytes32 indexed reasonHash);
    event PauseEnded(address indexed by);
    event GuardianSet(address indexed guardian);

    uint256 private constant NOW = 1_800_000_000;
    bytes32 private constant WHY = keccak256("why");
    address private constant GOVERNANCE = address(0x60);
    address private constant GUARDIAN = address(0x6A4D);
    address private constant STRANGER = address(0xBAD);

    Pause private pause;

    function setUp() public {
        vm.warp(NOW);
        pause = Pause(deploy("Pause", abi.encode(GOVERNANCE, GUARDIAN)));
    }

    function start(uint256 forSeconds) private {
        vm.prank(GUARDIAN);
        pause.pause(forSeconds, WHY);
    }

    function isPaused() private returns (bool paused) {
        (bool ok,) = address(pause).call(abi.encodeCall(IPause.check, ()));
        return !ok;
    }

    function test_NotPausedAtTheStart() public {
        isTrue(!isPaused(), "runs");
        (address guardian, uint64 until, uint64 restUntil) = pause.status();
        eq(guardian, GUARDIAN, "guardian");
        eq(until + restUntil, 0, "never paused");
        eq(pause.governance(), GOVERNANCE, "governance");
        eq(pause.MAX_PAUSE(), 7 days, "longest");
    }

    function test_TheFirstGuardianIsSaid() public {
        vm.expectEmit(true, true, true, true, nextAddress());
        emit GuardianSet(GUARDIAN);
        deploy("Pause", abi.encode(GOVERNANCE, GUARDIAN));
    }

    function test_AGuardianPausesForSevenDaysAndThenItRuns() public {
        vm.expectEmit(true, true, true, true, address(pause));
        emit PauseStarted(GUARDIAN, uint64(NOW + 7 days), uint64(NOW + 14 days), WHY);
        start(7 days);
        (, uint64 until, uint64 restUntil) = pause.status();
        eq(until, NOW + 7 days, "until");
        eq(restUntil, NOW + 14 days, "rest until");
        vm.warp(NOW + 7 days);
        wants(IPause.Paused.selector, NOW + 7 days);
        pause.check();
        vm.warp(NOW + 7 days + 1);
        pause.check();
    }

    function test_APauseCannotBeKeptUp() public {
        start(7 days);
        vm.warp(NOW + 14 days);
        wants(IGuardian.Resting.selector, NOW + 14 days);
        start(1);
        vm.warp(NOW + 14 days + 1);
        start(1);
        isTrue(isPaused(), "the next");
    }

    function test_NoPauseOfNothingOrOfMoreThanSevenDays() public {
        wants(IGuardian.BadDuration.selector, 0);
        start(0);
        wants(IGuardian.BadDuration.selector, 7 days + 1);
        start(7 days + 1);
        wants(IGuardian.BadDuration.selector, type(uint256).max);
        start(type(uint256).max);
    }

    function test_OnlyTheGuardianPauses() public {
        wants(IGuardian.NotGuardian.selector, STRANGER);
        vm.prank(STRANGER);
        pause.pause(1, WHY);
        wants(IGuardian.NotGuardian.selector, GOVERNANCE);
        vm.prank(GOVERNANCE);
        pause.pause(1, WHY);
    }

    function test_GovernanceAndTheGuardianEndAPauseButNotTheRest() public {
        for (uint256 i = 0; i < 2; ++i) {
            start(7 days);
            address by = i == 0 ? GOVERNANCE : GUARDIAN;
            vm.expectEmit(true, true, true, true, address(pause));
            emit PauseEnded(by);
            vm.prank(by);
            pause.end();
            isTrue(!isPaused(), "runs again");
            (,, uint64 restUntil) = pause.status();
            wants(IGuardian.Resting.selector, restUntil);
            start(1);
            vm.warp(restUntil + 1);
        }
    }

    function test_OnlyAPauseIsEndedAndByNoStranger() public {
        wants(IGuardian.NotPaused.selector);
        vm.prank(GOVERNANCE);
        pause.end();
        start(10);
        wants(IGuardian.NotGuardian.selector, STRANGER);
        vm.prank(STRANGER);
        pause.end();
        vm.warp(NOW + 10);
        vm.prank(GUARDIAN);
        pause.end();
        start_(NOW + 21, 10);
        vm.warp(NOW + 32);
        wants(IGuardian.NotPaused.selector);
        vm.prank(GUARDIAN);
        pause.end();
    }

    function start_(uint256 moment, uint256 forSeconds) private {
        vm.warp(moment);
        start(forSeconds);
    }

    function test_GovernanceReplacesTheGuardianAndTheRestStays() public {
        start(1 days);
        vm.expectEmit(true, true, true, true, address(pause));
        emit GuardianSet(STRANGER);
        vm.prank(GOVERNANCE);
        pause.appoint(STRANGER);
        isTrue(isPaused(), "still paused");
        wants(IGuardian.NotGuardian.selector, GUARDIAN);
        start(1);
        wants(IGuardian.Resting.selector, NOW + 2 days);
        vm.prank(STRANGER);
        pause.pause(1, WHY);
        vm.warp(NOW + 2 days + 1);
        vm.prank(STRANGER);
        pause.pause(1, WHY);
        vm.prank(GOVERNANCE);
        pause.appoint(address(0));
        (address guardian,,) = pause.status();
        eq(guardian, address(0), "none");
    }

    function test_OnlyGovernanceReplacesTheGuardian() public {
        wants(IGuardian.NotGovernance.selector, GUARDIAN);
        vm.prank(GUARDIAN);
        pause.appoint(STRANGER);
    }

    function test_CheckReadsOneSlot() public {
        start(7 days);
        eq(vm.load(address(pause), bytes32(uint256(1))), 0, "nothing in the second slot");
        isTrue(vm.load(address(pause), 0) != 0, "all in the first");
    }

    function testFuzz_NeverMoreThanHalfOfTheTimeIsPaused(uint256[16] memory waits, uint256[16] memory lengths) public {
        uint256 clock = NOW;
        uint256 paused;
        uint256 restUntil;
        for (uint256 i = 0; i < waits.length; ++i) {
            clock += waits[i] % 20 days;
            uint256 forSeconds = lengths[i] % 8 days;
            bool may = forSeconds != 0 && forSeconds <= 7 days && clock > restUntil;
            vm.warp(clock);
            vm.prank(GUARDIAN);
            (bool ok,) = address(pause).call(abi.encodeCall(IGuardian.pause, (forSeconds, WHY)));
            isTrue(ok == may, "may pause");
            if (!ok) continue;
            paused += forSeconds;
            restUntil = clock + 2 * forSeconds;
        }
        if (restUntil > clock) clock = restUntil;
        isTrue(2 * paused <= clock - NOW, "at most half");
    }

    /// Two can end a pause, while it lasts; and the rest after it is as long as if nobody had.
    function testFuzz_APauseIsEndedByTwoAndTheRestStays(uint8 who, address stranger, uint24 forSeconds, uint24 wait) public {
        vm.assume(stranger != GOVERNANCE && stranger != GUARDIAN);
        uint256 length = forSeconds % 7 days + 1;
        uint256 later = around(wait & 16 == 0 ? length : 2 * length, wait, 3 * length);
        start(length);
        vm.warp(NOW + later);
        vm.prank(who % 3 == 0 ? GOVERNANCE : who % 3 == 1 ? GUARDIAN : stranger);
        (bool ended,) = address(pause).call(abi.encodeCall(IGuardian.end, ()));
        isTrue(ended == (who % 3 < 2 && later <= length), "ended");
        isTrue(isPaused() == (later <= length && !ended), "paused");
        (,, uint64 restUntil) = pause.status();
        eq(restUntil, NOW + 2 * length, "rest until");
        vm.prank(GUARDIAN);
        (bool again,) = address(pause).call(abi.encodeCall(IGuardian.pause, (1, WHY)));
        isTrue(again == (later > 2 * length), "paused again only after the rest");
    }

    /// Governance alone says who the guardian is, and then nobody else pauses; what is paused stays so.
    function testFuzz_OnlyWhomGovernanceAppointsPauses(bool governs, address by, address next, bool paused) public {
        if (governs) by = GOVERNANCE;
        vm.assume(next != GUARDIAN);
        if (paused) start(7 days);
        vm.prank(by);
        (bool ok,) = address(pause).call(abi.encodeCall(IGuardian.appoint, (next)));
        isTrue(ok == (by == GOVERNANCE), "appointed");
        (address guardian, uint64 until, uint64 restUntil) = pause.status();
        eq(guardian, ok ? next : GUARDIAN, "guardian");
        eq(until, paused ? NOW + 7 days : 0, "until");
        eq(restUntil, paused ? NOW + 14 days : 0, "rest until");
        vm.warp(NOW + 14 days + 1);
        vm.prank(ok ? GUARDIAN : next);
        wants(IGuardian.NotGuardian.selector, ok ? GUARDIAN : next);
        pause.pause(1, WHY);
        vm.prank(guardian);
        pause.pause(1, WHY);
    }
}
