// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Fixture} from "../Fixture.sol";

/// @notice Rows of gas.snapshot: what, and the gas of the whole transaction that was last.
abstract contract Rows is Fixture {
    string internal rows;

    function note(string memory what) internal {
        rows = string.concat(rows, what, " ", vm.toString(uint256(vm.lastCallGas().gasTotalUsed)), "\n");
    }
}
