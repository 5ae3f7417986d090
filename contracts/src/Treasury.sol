// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {ITreasury} from "./ITreasury.sol";

/// @title Treasury
/// @notice Holds what belongs to all, coin and tokens, and does what was voted, after a delay in which anyone can leave.
/// @dev Invariants:
/// - nothing leaves and nothing is called but by an operation that was scheduled and waited out its delay;
/// - it has no administrator but itself: roles change by a vote;
/// - no vote makes the delay shorter than a day or longer than 30.
contract Treasury is ITreasury, TimelockController {
    /// @notice Shortest delay, seconds.
    uint256 public constant MIN_DELAY = 1 days;
    /// @notice Longest delay, seconds.
    uint256 public constant MAX_DELAY = 30 days;

    /// @notice The proposer may schedule and cancel; anyone may execute what is due.
    constructor(uint256 delaySeconds, address[] memory proposers, address[] memory executors)
        TimelockController(_checked(delaySeconds), proposers, executors, address(0))
    {}

    /// @inheritdoc TimelockController
    function updateDelay(uint256 newDelay) public override {
        super.updateDelay(_checked(newDelay));
    }

    function _checked(uint256 delaySeconds) private pure returns (uint256) {
        if (delaySeconds < MIN_DELAY || delaySeconds > MAX_DELAY) revert BadDelay(delaySeconds);
        return delaySeconds;
    }
}
