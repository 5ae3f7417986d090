// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Domain} from "./Domain.sol";
import {IRegistry} from "./IRegistry.sol";
import {IReputation, Statement, Word} from "./IReputation.sol";
import {Signatures} from "./Signatures.sol";

/// @title Reputation
/// @notice How many promises a creator can be trusted with, by the word of attesters that the Registry lists.
/// @dev Invariants:
/// - what an attester gave to all creators together, and has not ended, is never above its capacity;
/// - a word is its attester's, newest by number, and counts only while the attester is listed;
/// - taking a word back makes it count for nothing, and frees no capacity before its end.
/// There is no money here. What is counted is what attesters say: no trade here earns any, so none can be bought in a loop.
contract Reputation is IReputation, Domain {
    /// @inheritdoc IReputation
    bytes32 public constant LIST = keccak256("sinso/attesters/v1");
    /// @inheritdoc IReputation
    uint256 public constant MAX_ATTESTERS = 16;
    /// @inheritdoc IReputation
    uint256 public constant MAX_TIME = 2192 days; // six years

    bytes32 private constant STATEMENT_TYPEHASH =
        keccak256("Statement(address attester,address creator,uint32 weight,uint64 endsAt,uint64 number)");

    /// @inheritdoc IReputation
    uint256 public immutable CAPACITY;

    IRegistry private immutable REGISTRY;

    mapping(address attester => mapping(address creator => Word)) private _words;
    mapping(address attester => uint256 amount) private _reserved;

    /// @notice There is nothing else to set, now or later.
    /// @param registry Whose list {LIST} has the attesters: the subject is the address, in the low 160 bits.
    /// @param capacity Promises that one attester can vouch for at a time.
    constructor(address registry, uint256 capacity) {
        REGISTRY = IRegistry(registry);
        CAPACITY = capacity;
    }

    /// @inheritdoc IReputation
    function attest(Statement calldata said, bytes calldata signature) external {
        Word memory word = _words[said.attester][said.creator];
        if (said.number <= word.number) revert Stale(word.number);
        bool over = block.timestamp > word.endsAt;
        if (
            said.endsAt < block.timestamp || said.endsAt > block.timestamp + MAX_TIME || (!over && said.endsAt < word.endsAt)
        ) revert BadEnd(said.endsAt);
        if (msg.sender != said.attester) {
            // Every field is static, so the struct is its own EIP-712 encoding.
            bytes32 digest = _digest(keccak256(abi.encode(STATEMENT_TYPEHASH, said)));
            if (!Signatures.signed(said.attester, digest, signature)) revert BadSignature(said.attester);
        }
        uint32 reserved = over || said.weight > word.reserved ? said.weight : word.reserved;
        uint256 all = _reserved[said.attester] - word.reserved + reserved;
        if (all > CAPACITY) revert OverCapacity(all, CAPACITY);
        _reserved[said.attester] = all;
        _words[said.attester][said.creator] = Word(said.weight, reserved, said.endsAt, said.number);
        emit Attested(said.attester, said.creator, said.weight, reserved, said.endsAt, said.number);
    }

    /// @inheritdoc IReputation
    function lapse(address attester, address creator) external {
        Word storage word = _words[attester][creator];
        uint256 reserved = word.reserved;
        if (reserved == 0 || block.timestamp <= word.endsAt) revert NothingLapsed(attester, creator);
        word.reserved = 0; // the number stays: a statement that was passed over is not good again
        _reserved[attester] -= reserved;
        emit Lapsed(attester, creator, reserved);
    }

    /// @inheritdoc IReputation
    function weightOf(address creator, uint64 until, address[] calldata attesters) external view returns (uint256 weight) {
        if (attesters.length > MAX_ATTESTERS) revert BadAttesters();
        address last = address(0);
        for (uint256 i = 0; i < attesters.length; ++i) {
            address attester = attesters[i];
            if (attester <= last) revert BadAttesters();
            last = attester;
            if (!REGISTRY.listed(LIST, bytes32(uint256(uint160(attester))))) revert NotListed(attester);
            Word memory word = _words[attester][creator];
            if (word.endsAt < until) revert TooShort(attester, word.endsAt);
            weight += word.weight;
        }
    }

    /// @inheritdoc IReputation
    function wordOf(address attester, address creator) external view returns (Word memory) {
        return _words[attester][creator];
    }

    /// @inheritdoc IReputation
    function reservedOf(address attester) external view returns (uint256) {
        return _reserved[attester];
    }
}
