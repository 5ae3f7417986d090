// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// A statement is carried, not stored: its fields stand as they are read.
// solhint-disable gas-struct-packing

/// @notice What an attester says of a creator.
/// @param attester Who says it, and signs.
/// @param creator Of whom.
/// @param weight How many promises at a time the creator can be trusted with. Zero takes the word back.
/// @param endsAt Until when it holds, unix seconds.
/// @param number Counts up for each pair: a higher one takes the place of a lower.
struct Statement {
    address attester;
    address creator;
    uint32 weight;
    uint64 endsAt;
    uint64 number;
}

// solhint-enable gas-struct-packing

/// @notice What stands of an attester's word of a creator: one slot.
/// @param weight What counts now.
/// @param reserved What it takes of the attester's capacity until `endsAt`: the most that it was since that was free.
/// @param endsAt Unix seconds.
/// @param number Of the statement that stands.
struct Word {
    uint32 weight;
    uint32 reserved;
    uint64 endsAt;
    uint64 number;
}

/// @title IReputation
/// @notice How many promises a creator can be trusted with, by the word of listed attesters.
interface IReputation {
    /// @notice An attester's word of a creator stands.
    event Attested(
        address indexed attester, address indexed creator, uint256 weight, uint256 reserved, uint64 endsAt, uint64 number
    );
    /// @notice A word that had ended takes nothing of its attester's capacity any more.
    event Lapsed(address indexed attester, address indexed creator, uint256 reserved);

    /// @notice The attesters are too many, or not in ascending order.
    error BadAttesters();
    /// @notice `signer` neither calls nor signed this.
    error BadSignature(address signer);
    /// @notice It ended, or would last too long, or ends before the one that stands.
    error BadEnd(uint64 endsAt);
    /// @notice The attester would vouch for more than its capacity, in all that has not ended.
    error OverCapacity(uint256 reserved, uint256 capacity);
    /// @notice The attester is not on the Registry's list.
    error NotListed(address attester);
    /// @notice Nothing of it can be freed now.
    error NothingLapsed(address attester, address creator);
    /// @notice A statement with this number, or a higher one, stands.
    error Stale(uint64 number);
    /// @notice The attester's word does not last until then.
    error TooShort(address attester, uint64 endsAt);

    /// @notice Puts down an attester's word. Anyone may carry it and pay the gas.
    /// @dev The attester calls, or signed `Statement(address attester,address creator,uint32 weight,uint64 endsAt,uint64 number)`
    /// (EIP-712 or ERC-1271). What was reserved stays so until the end that was said, whatever is said later.
    function attest(Statement calldata said, bytes calldata signature) external;

    /// @notice Frees what a word that has ended took of its attester's capacity. Anyone may.
    function lapse(address attester, address creator) external;

    /// @notice What these attesters' words of a creator come to. Reverts if one of them is not listed or ends before.
    /// @param until Moment that each word must last to, unix seconds.
    /// @param attesters Ascending, at most {MAX_ATTESTERS}.
    function weightOf(address creator, uint64 until, address[] calldata attesters) external view returns (uint256 weight);

    /// @notice An attester's word of a creator.
    function wordOf(address attester, address creator) external view returns (Word memory);

    /// @notice How much of its capacity an attester has given.
    function reservedOf(address attester) external view returns (uint256);

    /// @notice Most that an attester can vouch for at a time, for all creators together.
    function CAPACITY() external view returns (uint256);

    /// @notice The Registry's list of attesters.
    function LIST() external view returns (bytes32);

    /// @notice Most attesters in one answer.
    function MAX_ATTESTERS() external view returns (uint256);

    /// @notice Longest time that a word can hold, in seconds.
    function MAX_TIME() external view returns (uint256);
}
