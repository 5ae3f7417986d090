// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title IVerdict
/// @notice What a panel calls when it has decided a case of a contract that named it.
interface IVerdict {
    /// @notice Decides a case. Only the panel that the case names may, and in time.
    /// @param right Whether the one who was complained of is in the right.
    function decide(bytes32 caseId, bool right) external;
}
