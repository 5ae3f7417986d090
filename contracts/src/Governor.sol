// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Governor as OpenGovernor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {GovernorVotesQuorumFraction} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IVeto, Rules} from "./IVeto.sol";
import {Treasury} from "./Treasury.sol";

/// @dev What a proposal needs, in one slot. OpenZeppelin's GovernorSettings, whose functions and events the Governor has, has
/// two. It stands outside, for Slither does not find it in a contract whose name an import has under another.
struct Settings {
    uint176 proposalThreshold;
    uint32 votingPeriod; // seconds
    uint48 votingDelay; // seconds
}

/// @title Governor
/// @notice Proposals and votes by voice; what is decided waits in the Treasury before it is done (OpenZeppelin Governor).
/// @dev Invariants:
/// - votes are those of a moment before the vote began, which nobody knew to borrow for at the time of the proposal;
/// - no proposal passes by fewer votes than the floor, and none within {lateSeconds} of reaching its quorum;
/// - the guardian can stop a queued proposal, and nothing else; after {vetoEndsAt} not that, and nothing moves this date;
/// - no vote makes votes so short that nobody sees them, or so hard that none can follow.
contract Governor is
    IVeto,
    GovernorCountingSimple,
    GovernorVotesQuorumFraction,
    GovernorTimelockControl
{
    /// @dev Shortest time from a proposal to its vote, seconds.
    uint256 private constant MIN_VOTING_DELAY = 1 hours;
    /// @dev Longest, seconds.
    uint256 private constant MAX_VOTING_DELAY = 14 days;
    /// @dev Shortest vote, seconds.
    uint256 private constant MIN_VOTING_PERIOD = 1 days;
    /// @dev Longest vote, seconds.
    uint256 private constant MAX_VOTING_PERIOD = 30 days;
    /// @dev Least quorum that can be set, percent of the supply.
    uint256 private constant MIN_QUORUM_PERCENT = 1;
    /// @dev Largest, percent.
    uint256 private constant MAX_QUORUM_PERCENT = 40;
    /// @dev Longest time of the veto from deployment, seconds.
    uint256 private constant MAX_VETO = 730 days;

    address private immutable VETO_GUARDIAN;
    uint48 private immutable VETO_ENDS_AT;
    uint48 private immutable LATE_SECONDS;
    uint256 private immutable QUORUM_FLOOR;

    Settings private _settings;
    mapping(uint256 proposalId => uint256 endsAt) private _extended;

    /// @notice The time from a proposal to its vote was set.
    event VotingDelaySet(uint256 oldVotingDelay, uint256 newVotingDelay);
    /// @notice The time of a vote was set.
    event VotingPeriodSet(uint256 oldVotingPeriod, uint256 newVotingPeriod);
    /// @notice The votes that a proposer needs were set.
    event ProposalThresholdSet(uint256 oldProposalThreshold, uint256 newProposalThreshold);

    /// @notice Makes the Treasury too, whose one proposer it is.
    constructor(IVotes voice, Rules memory rules)
        OpenGovernor("SINSO governor")
        GovernorVotes(voice)
        GovernorVotesQuorumFraction(rules.quorumPercent)
        GovernorTimelockControl(_treasury(rules.timelockSeconds))
    {
        _bounded(rules.vetoEndsAt, 0, block.timestamp + MAX_VETO);
        // An extension shorter than any period: a vote can be late only after its first part.
        _bounded(rules.lateSeconds, 1 hours, MIN_VOTING_PERIOD);
        VETO_GUARDIAN = rules.vetoGuardian;
        VETO_ENDS_AT = rules.vetoEndsAt;
        LATE_SECONDS = rules.lateSeconds;
        QUORUM_FLOOR = rules.quorumFloor;
        _setVotingDelay(rules.votingDelay);
        _setVotingPeriod(rules.votingPeriod);
        _setProposalThreshold(rules.proposalThreshold, rules.quorumFloor);
    }

    /// @inheritdoc IVeto
    function veto(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata calldatas,
        bytes32 descriptionHash,
        bytes32 reasonHash
    ) external returns (uint256 proposalId) {
        if (msg.sender != VETO_GUARDIAN) revert NotVetoGuardian(msg.sender);
        if (block.timestamp > VETO_ENDS_AT) revert VetoEnded(VETO_ENDS_AT);
        if (reasonHash == 0) revert NoReason();
        proposalId = hashProposal(targets, values, calldatas, descriptionHash);
        _validateStateBitmap(proposalId, _encodeStateBitmap(ProposalState.Queued));
        _cancel(targets, values, calldatas, descriptionHash);
        emit Vetoed(proposalId, reasonHash);
    }

    /// @notice Sets the time from a proposal to its vote, seconds. By a vote alone.
    function setVotingDelay(uint48 newVotingDelay) external onlyGovernance {
        _setVotingDelay(newVotingDelay);
    }

    /// @notice Sets the time of a vote, seconds. By a vote alone.
    function setVotingPeriod(uint32 newVotingPeriod) external onlyGovernance {
        _setVotingPeriod(newVotingPeriod);
    }

    /// @notice Sets the votes that a proposer needs: at most the floor. By a vote alone.
    function setProposalThreshold(uint256 newProposalThreshold) external onlyGovernance {
        _setProposalThreshold(newProposalThreshold, QUORUM_FLOOR);
    }

    /// @inheritdoc IVeto
    function vetoGuardian() external view returns (address) {
        return VETO_GUARDIAN;
    }

    /// @inheritdoc IVeto
    function vetoEndsAt() external view returns (uint48) {
        return VETO_ENDS_AT;
    }

    /// @inheritdoc IVeto
    function quorumFloor() external view returns (uint256) {
        return QUORUM_FLOOR;
    }

    /// @inheritdoc IVeto
    function lateSeconds() external view returns (uint48) {
        return LATE_SECONDS;
    }

    /// @inheritdoc OpenGovernor
    function state(uint256 proposalId)
        public
        view
        override(OpenGovernor, GovernorTimelockControl)
        returns (ProposalState)
    {
        return super.state(proposalId);
    }

    /// @inheritdoc OpenGovernor
    /// @dev Only a vote in the last {lateSeconds} can have moved the end: before them there is nothing to look up.
    function proposalDeadline(uint256 proposalId) public view override returns (uint256 endsAt) {
        endsAt = super.proposalDeadline(proposalId);
        if (_late(endsAt)) endsAt = Math.max(endsAt, _extended[proposalId]);
    }

    /// @inheritdoc OpenGovernor
    function proposalThreshold() public view override returns (uint256) {
        return _settings.proposalThreshold;
    }

    /// @inheritdoc IGovernor
    function votingDelay() public view override returns (uint256) {
        return _settings.votingDelay;
    }

    /// @inheritdoc IGovernor
    function votingPeriod() public view override returns (uint256) {
        return _settings.votingPeriod;
    }

    /// @inheritdoc OpenGovernor
    function proposalNeedsQueuing(uint256 proposalId)
        public
        view
        override(OpenGovernor, GovernorTimelockControl)
        returns (bool)
    {
        return super.proposalNeedsQueuing(proposalId);
    }

    /// @inheritdoc GovernorVotesQuorumFraction
    function quorum(uint256 timepoint) public view override(OpenGovernor, GovernorVotesQuorumFraction) returns (uint256) {
        return Math.max(super.quorum(timepoint), QUORUM_FLOOR);
    }

    /// @inheritdoc OpenGovernor
    /// @dev Votes are counted by no other parameters.
    function getVotes(address account, uint256 timepoint) public view override(OpenGovernor) returns (uint256) {
        return token().getPastVotes(account, timepoint);
    }

    /// @inheritdoc GovernorVotes
    /// @dev Voice has the same clock; not to ask for it is cheaper.
    function clock() public view override(OpenGovernor, GovernorVotes) returns (uint48) {
        return uint48(block.timestamp);
    }

    // solhint-disable func-name-mixedcase
    /// @inheritdoc GovernorVotes
    function CLOCK_MODE() public pure override(OpenGovernor, GovernorVotes) returns (string memory) {
        return "mode=timestamp";
    }

    /// @dev A quorum is reached once: the votes only grow, and it is that of a moment in the past.
    function _countVote(uint256 proposalId, address account, uint8 support, uint256 weight, bytes memory params)
        internal
        override(OpenGovernor, GovernorCountingSimple)
        returns (uint256 counted)
    {
        if (!_late(super.proposalDeadline(proposalId))) {
            return super._countVote(proposalId, account, support, weight, params);
        }
        bool before = _quorumReached(proposalId);
        counted = super._countVote(proposalId, account, support, weight, params);
        if (before || !_quorumReached(proposalId)) return counted;
        uint256 endsAt = block.timestamp + LATE_SECONDS;
        _extended[proposalId] = endsAt;
        emit ProposalExtended(proposalId, uint64(endsAt));
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(OpenGovernor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(OpenGovernor, GovernorTimelockControl) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(OpenGovernor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _updateQuorumNumerator(uint256 newQuorumNumerator) internal override {
        _bounded(newQuorumNumerator, MIN_QUORUM_PERCENT, MAX_QUORUM_PERCENT);
        super._updateQuorumNumerator(newQuorumNumerator);
    }

    function _executor() internal view override(OpenGovernor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }

    function _setVotingDelay(uint48 newVotingDelay) private {
        _bounded(newVotingDelay, MIN_VOTING_DELAY, MAX_VOTING_DELAY);
        emit VotingDelaySet(_settings.votingDelay, newVotingDelay);
        _settings.votingDelay = newVotingDelay;
    }

    function _setVotingPeriod(uint32 newVotingPeriod) private {
        _bounded(newVotingPeriod, MIN_VOTING_PERIOD, MAX_VOTING_PERIOD);
        emit VotingPeriodSet(_settings.votingPeriod, newVotingPeriod);
        _settings.votingPeriod = newVotingPeriod;
    }

    function _setProposalThreshold(uint256 newProposalThreshold, uint256 most) private {
        _bounded(newProposalThreshold, 1, most);
        emit ProposalThresholdSet(_settings.proposalThreshold, newProposalThreshold);
        _settings.proposalThreshold = SafeCast.toUint176(newProposalThreshold);
    }

    function _treasury(uint256 timelockSeconds) private returns (TimelockController) {
        address[] memory proposers = new address[](1);
        proposers[0] = address(this);
        return new Treasury(timelockSeconds, proposers, new address[](1)); // address zero: anyone executes
    }

    /// @dev Whether a vote that ends then is in its last {lateSeconds}, or over.
    function _late(uint256 endsAt) private view returns (bool) {
        return block.timestamp + LATE_SECONDS > endsAt;
    }

    function _bounded(uint256 value, uint256 least, uint256 most) private pure returns (uint256) {
        if (value < least || value > most) revert BadRule(value);
        return value;
    }
}
