// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPause} from "../../src/IPause.sol";

/// @notice A pause that anybody sets.
contract Pauser is IPause {
    uint64 private _until;

    function pause(uint64 until) external {
        _until = until;
    }

    function check() external view {
        if (block.timestamp < _until) revert Paused(_until);
    }
}
