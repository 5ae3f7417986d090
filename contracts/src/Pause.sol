// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGuardian} from "./IGuardian.sol";
import {IPause} from "./IPause.sol";

/// @title Pause
/// @notice A switch that contracts ask before they take in something new. It goes back by itself.
/// @dev Invariants:
/// - a pause lasts at most 7 days, and is followed by a rest as long: never more than half of the time is paused;
/// - the guardian moves no money and no token, blocks no exit and no vote: nothing that ends a position asks here;
/// - the rest belongs to the switch: neither a new guardian nor an early end shortens it.
contract Pause is IGuardian {
    /// @notice Longest pause, seconds.
    uint256 public constant MAX_PAUSE = 7 days;

    address private immutable GOVERNANCE;

    // One slot, so that {check} reads one.
    address private _guardian;
    uint48 private _until;
    uint48 private _restUntil;

    /// @notice Not paused at the start.
    /// @param governance_ The timelock.
    /// @param guardian The first guardian.
    constructor(address governance_, address guardian) {
        GOVERNANCE = governance_;
        _guardian = guardian;
        emit GuardianSet(guardian);
    }

    /// @inheritdoc IGuardian
    function pause(uint256 forSeconds, bytes32 reasonHash) external {
        if (msg.sender != _guardian) revert NotGuardian(msg.sender);
        if (forSeconds == 0 || forSeconds > MAX_PAUSE) revert BadDuration(forSeconds);
        if (block.timestamp <= _restUntil) revert Resting(_restUntil);
        uint256 until = block.timestamp + forSeconds;
        _until = uint48(until);
        _restUntil = uint48(until + forSeconds);
        emit PauseStarted(msg.sender, uint64(until), uint64(until + forSeconds), reasonHash);
    }

    /// @inheritdoc IGuardian
    function end() external {
        if (msg.sender != GOVERNANCE && msg.sender != _guardian) revert NotGuardian(msg.sender);
        if (block.timestamp > _until) revert NotPaused();
        _until = 0;
        emit PauseEnded(msg.sender);
    }

    /// @inheritdoc IGuardian
    function appoint(address newGuardian) external {
        if (msg.sender != GOVERNANCE) revert NotGovernance(msg.sender);
        _guardian = newGuardian;
        emit GuardianSet(newGuardian);
    }

    /// @inheritdoc IPause
    function check() external view {
        if (block.timestamp <= _until) revert Paused(_until);
    }

    /// @inheritdoc IGuardian
    function status() external view returns (address guardian, uint64 until, uint64 restUntil) {
        return (_guardian, _until, _restUntil);
    }

    /// @inheritdoc IGuardian
    function governance() external view returns (address) {
        return GOVERNANCE;
    }
}
