// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPause} from "./IPause.sol";

/// @title IGuardian
/// @notice The whole of what a guardian may do: stop the taking-in of what is new, for at most 7 days, and rest as long.
/// @dev Times are unix seconds.
interface IGuardian is IPause {
    /// @notice Nothing new is taken in until `until`. `reasonHash` is the hash of the reason, which is published elsewhere.
    event PauseStarted(address indexed guardian, uint64 until, uint64 restUntil, bytes32 indexed reasonHash);
    /// @notice The pause ended before its time.
    event PauseEnded(address indexed by);
    /// @notice Another guardian, or none if it is zero.
    event GuardianSet(address indexed guardian);

    /// @notice A pause is 1 second to 7 days long.
    error BadDuration(uint256 forSeconds);
    /// @notice The caller is not governance.
    error NotGovernance(address caller);
    /// @notice The caller is not the guardian.
    error NotGuardian(address caller);
    /// @notice There is no pause to end.
    error NotPaused();
    /// @notice A pause was; the next can start after this moment.
    error Resting(uint64 until);

    /// @notice Pauses from now. Only the guardian, and only when the last pause and a rest as long as it are over.
    /// @param forSeconds 1 second to 7 days.
    /// @param reasonHash Hash of the published reason.
    function pause(uint256 forSeconds, bytes32 reasonHash) external;

    /// @notice Ends the pause before its time. Governance, or the guardian who takes it back. The rest stays as it was.
    function end() external;

    /// @notice Sets another guardian, zero for none. Only governance. Neither pause nor rest is changed.
    function appoint(address newGuardian) external;

    /// @notice The guardian, the last moment of the pause and the last moment of the rest after it.
    function status() external view returns (address guardian, uint64 until, uint64 restUntil);

    /// @notice Who can end a pause and replace the guardian.
    function governance() external view returns (address);
}
