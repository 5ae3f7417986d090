// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title ITreasury
/// @notice What the treasury says beside OpenZeppelin's TimelockController.
interface ITreasury {
    /// @notice The delay between a decision and its execution is 1 to 30 days.
    error BadDelay(uint256 delaySeconds);
}
