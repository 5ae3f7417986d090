// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title IPause
/// @notice What a contract asks before it takes in something new. Exits never ask.
interface IPause {
    /// @notice Nothing new is taken in until then, unix seconds.
    error Paused(uint64 until);

    /// @notice Reverts with Paused(until) while paused.
    function check() external view;
}
