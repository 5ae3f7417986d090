// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRegistry, Parameter, Template, Terms, Version} from "./IRegistry.sol";

/// @title Registry
/// @notice Which contracts are current, which templates there are, what is listed, and the parameters that votes set.
/// @dev Invariants:
/// - a parameter is within the bounds it was deployed with, and moves by at most its step in {MIN_INTERVAL};
/// - a name means a contract whose code was what the vote named;
/// - there is no money here and none can be reached from here: contracts read a parameter when something new begins;
/// - anyone can publish and endorse, nobody can for another.
/// A parameter takes 32 bits of a word, so all eight are one read.
contract Registry is IRegistry {
    /// @inheritdoc IRegistry
    uint256 public constant MIN_INTERVAL = 7 days;

    uint256 private constant PARAMETERS = 8;

    address private immutable GOVERNANCE;
    uint256 private immutable LEAST;
    uint256 private immutable MOST;
    uint256 private immutable STEPS;

    uint256 private _values;
    uint256 private _changedAt; // unix seconds, which fit in 32 bits until 2106
    mapping(bytes32 name => Version) private _versions;
    mapping(bytes32 contentHash => Template) private _templates;
    mapping(bytes32 contentHash => mapping(address user => bool)) private _endorsed;
    mapping(bytes32 list => mapping(bytes32 subject => bool)) private _listed;

    modifier onlyGovernance() {
        if (msg.sender != GOVERNANCE) revert NotGovernance(msg.sender);
        _;
    }

    /// @notice Fixes the bounds for ever.
    /// @param governance_ The timelock.
    /// @param values First values, in the order of {Parameter}, as are the next.
    /// @param least Least values for ever.
    /// @param most Most for ever.
    /// @param steps Most that one change may go.
    constructor(
        address governance_,
        uint32[PARAMETERS] memory values,
        uint32[PARAMETERS] memory least,
        uint32[PARAMETERS] memory most,
        uint32[PARAMETERS] memory steps
    ) {
        for (uint256 i = 0; i < PARAMETERS; ++i) {
            if (values[i] < least[i] || values[i] > most[i] || steps[i] == 0) revert BadBounds(Parameter(i));
            emit ParameterSet(Parameter(i), 0, values[i]);
        }
        GOVERNANCE = governance_;
        LEAST = _pack(least);
        MOST = _pack(most);
        STEPS = _pack(steps);
        _values = _pack(values);
    }

    /// @inheritdoc IRegistry
    function set(Parameter parameter, uint32 value) external onlyGovernance {
        if (value < _at(LEAST, parameter) || value > _at(MOST, parameter)) revert OutOfBounds(parameter, value);
        uint256 from = _at(_values, parameter);
        if ((value > from ? value - from : from - value) > _at(STEPS, parameter)) {
            revert StepTooLarge(parameter, from, value);
        }
        uint256 changedAt = _at(_changedAt, parameter);
        // Never changed: nothing to wait for.
        if (block.timestamp < changedAt + MIN_INTERVAL) revert TooSoon(parameter, changedAt + MIN_INTERVAL);
        _values = _with(_values, parameter, value);
        _changedAt = _with(_changedAt, parameter, uint32(block.timestamp));
        emit ParameterSet(parameter, from, value);
    }

    /// @inheritdoc IRegistry
    function setVersion(bytes32 name, address target, bytes32 codeHash) external onlyGovernance {
        if (target == address(0) ? codeHash != 0 : target.code.length == 0 || target.codehash != codeHash) {
            revert WrongCode(target, codeHash);
        }
        uint48 number = _versions[name].number + 1;
        _versions[name] = Version(target, uint48(block.timestamp), number, codeHash);
        emit Named(name, number, target, codeHash);
    }

    /// @inheritdoc IRegistry
    function setListed(bytes32 list, bytes32 subject, bool on) external onlyGovernance {
        if (_listed[list][subject] == on) revert NothingChanges();
        _listed[list][subject] = on;
        emit Listed(list, subject, on);
    }

    /// @inheritdoc IRegistry
    function publish(bytes32 contentHash) external {
        if (contentHash == 0) revert ZeroHash();
        if (_templates[contentHash].publisher != address(0)) revert AlreadyPublished(contentHash);
        _templates[contentHash] = Template(msg.sender, uint48(block.timestamp), 0);
        emit Published(contentHash, msg.sender);
    }

    /// @inheritdoc IRegistry
    function endorse(bytes32 contentHash, bool uses) external {
        Template storage t = _templates[contentHash];
        if (t.publisher == address(0)) revert NotPublished(contentHash);
        if (_endorsed[contentHash][msg.sender] == uses) revert NothingChanges();
        _endorsed[contentHash][msg.sender] = uses;
        t.uses = uses ? t.uses + 1 : t.uses - 1;
        emit Endorsed(contentHash, msg.sender, uses);
    }

    /// @inheritdoc IRegistry
    function terms() external view returns (Terms memory) {
        uint256 v = _values;
        return Terms({
            feeBps: uint32(v),
            royaltyCeilingBps: uint32(v >> 32),
            contributorWeight: uint32(v >> 64),
            providerWeight: uint32(v >> 96),
            curatorWeight: uint32(v >> 128),
            orderWeight: uint32(v >> 160),
            freshnessWeight: uint32(v >> 192),
            weeklyEmission: uint32(v >> 224)
        });
    }

    /// @inheritdoc IRegistry
    function valueOf(Parameter parameter) external view returns (uint256) {
        return _at(_values, parameter);
    }

    /// @inheritdoc IRegistry
    function boundsOf(Parameter parameter)
        external
        view
        returns (uint256 least, uint256 most, uint256 step, uint256 changedAt)
    {
        return (_at(LEAST, parameter), _at(MOST, parameter), _at(STEPS, parameter), _at(_changedAt, parameter));
    }

    /// @inheritdoc IRegistry
    function version(bytes32 name) external view returns (Version memory) {
        return _versions[name];
    }

    /// @inheritdoc IRegistry
    function intact(bytes32 name) external view returns (bool) {
        Version storage v = _versions[name];
        return v.target != address(0) && v.target.codehash == v.codeHash;
    }

    /// @inheritdoc IRegistry
    function template(bytes32 contentHash) external view returns (Template memory) {
        return _templates[contentHash];
    }

    /// @inheritdoc IRegistry
    function endorsed(bytes32 contentHash, address user) external view returns (bool) {
        return _endorsed[contentHash][user];
    }

    /// @inheritdoc IRegistry
    function listed(bytes32 list, bytes32 subject) external view returns (bool) {
        return _listed[list][subject];
    }

    /// @inheritdoc IRegistry
    function governance() external view returns (address) {
        return GOVERNANCE;
    }

    function _at(uint256 word, Parameter parameter) private pure returns (uint256) {
        return uint32(word >> (32 * uint256(parameter)));
    }

    function _with(uint256 word, Parameter parameter, uint32 value) private pure returns (uint256) {
        uint256 shift = 32 * uint256(parameter);
        return (word & ~(uint256(type(uint32).max) << shift)) | (uint256(value) << shift);
    }

    function _pack(uint32[PARAMETERS] memory parts) private pure returns (uint256 word) {
        for (uint256 i = 0; i < PARAMETERS; ++i) {
            word |= uint256(parts[i]) << (32 * i);
        }
    }
}
