// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice The rules of the votes at deployment. Times are seconds.
/// @param votingDelay From the proposal to the moment whose votes count: 1 hour to 14 days.
/// @param votingPeriod From then to the end of the vote: 1 to 30 days.
/// @param lateSeconds The vote goes on at least so long after the quorum is reached: 1 hour to 1 day.
/// @param timelockSeconds From the queue to the execution.
/// @param vetoEndsAt Last moment of the veto, unix seconds: at most 730 days from the deployment.
/// @param vetoGuardian Who may veto until then.
/// @param quorumPercent Part of the supply that must vote for or abstain: 1 to 40.
/// @param quorumFloor Least quorum, in voice: the few first holders decide nothing.
/// @param proposalThreshold Votes that a proposer needs: 1 to the floor.
struct Rules {
    uint48 votingDelay;
    uint32 votingPeriod;
    uint48 lateSeconds;
    uint256 timelockSeconds;
    uint48 vetoEndsAt;
    address vetoGuardian;
    uint256 quorumPercent;
    uint256 quorumFloor;
    uint256 proposalThreshold;
}

/// @title IVeto
/// @notice What the governor has beside OpenZeppelin's: a veto that ends by itself, late quorums, bounds of its rules.
interface IVeto {
    /// @notice The guardian cancelled a queued proposal. `reasonHash` is the hash of the published reason.
    event Vetoed(uint256 indexed proposalId, bytes32 indexed reasonHash);
    /// @notice The quorum was reached late: the vote goes on until then. As in OpenZeppelin's GovernorPreventLateQuorum.
    event ProposalExtended(uint256 indexed proposalId, uint64 extendedDeadline);

    /// @notice A rule is outside the bounds that this contract has for it.
    error BadRule(uint256 value);
    /// @notice The caller is not the guardian of the veto.
    error NotVetoGuardian(address caller);
    /// @notice A veto must say why.
    error NoReason();
    /// @notice The veto ended for ever.
    error VetoEnded(uint48 endedAt);

    /// @notice Cancels a queued proposal. Only the guardian, only until {vetoEndsAt}.
    /// @param targets As proposed.
    /// @param values As proposed.
    /// @param calldatas As proposed.
    /// @param descriptionHash As proposed.
    /// @param reasonHash Hash of the published reason.
    function veto(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata calldatas,
        bytes32 descriptionHash,
        bytes32 reasonHash
    ) external returns (uint256 proposalId);

    /// @notice Who may veto.
    function vetoGuardian() external view returns (address);

    /// @notice Last moment of the veto, unix seconds. Fixed at deployment.
    function vetoEndsAt() external view returns (uint48);

    /// @notice Least quorum, in voice. Fixed at deployment.
    function quorumFloor() external view returns (uint256);

    /// @notice The vote goes on at least so long after the quorum is reached, seconds. Fixed at deployment.
    function lateSeconds() external view returns (uint48);
}
