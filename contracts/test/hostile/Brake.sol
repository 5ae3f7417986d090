// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPause} from "../../src/IPause.sol";

/// @notice A pause that anybody pulls.
contract Brake is IPause {
    uint64 public until;

    function pull(uint64 until_) external {
        until = until_;
    }

    function check() external view {
        if (block.timestamp < until) revert Paused(until);
    }
}
