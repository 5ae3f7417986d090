// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What a carried grant is worth now. Only Open opens.
enum Standing {
    NotSigned, // the zero value: what is not known opens nothing
    NotYet,
    Over,
    Revoked,
    Open
}

/// @notice What a person allows another, signed and never on chain.
/// @param grantor Who allows.
/// @param grantee Who is allowed.
/// @param scope Salted hash of what may be read.
/// @param purpose Salted hash of what for.
/// @param from First moment, unix seconds.
/// @param until Last moment, unix seconds.
/// @param epoch The grantor's epoch when it was signed ({IConsent-epochOf}).
/// @param salt Random, so that nobody finds the grant from its hash by trying.
struct Grant {
    address grantor;
    address grantee;
    bytes32 scope;
    bytes32 purpose;
    uint64 from;
    uint64 until;
    uint64 epoch;
    bytes32 salt;
}

/// @title IConsent
/// @notice Tells what a signed grant is worth, and takes it back.
interface IConsent {
    /// @notice A grant is worth nothing any more. The hash is salted: it tells who holds the grant, and nobody else.
    event Revoked(address indexed grantor, bytes32 indexed grantHash);
    /// @notice No grant that `grantor` had signed before is worth anything any more.
    event AllRevoked(address indexed grantor, uint64 epoch);

    /// @notice `grantor` did not sign this.
    error BadSignature(address grantor);
    /// @notice The statement was signed for another epoch: it was carried already, or what it revokes is revoked.
    error WrongEpoch(uint64 epoch);

    /// @notice Takes back one grant of the caller, for ever. Twice is once.
    /// @param grantHash What {hashGrant} says.
    function revoke(bytes32 grantHash) external;

    /// @notice {revoke} for a grantor that signed `Revocation(bytes32 grantHash)` (EIP-712 or ERC-1271). Anyone may carry it.
    /// @dev The grant's hash is its nonce, and it has no end: it can only ever take back what it takes back.
    function revokeFor(address grantor, bytes32 grantHash, bytes calldata signature) external;

    /// @notice Takes back all grants of the caller, known or not: its epoch rises.
    function revokeAll() external;

    /// @notice {revokeAll} for a grantor that signed `RevokeAll(address grantor,uint64 epoch)` (EIP-712 or ERC-1271) with the
    /// epoch that ends. Anyone may carry it.
    function revokeAllFor(address grantor, uint64 epoch, bytes calldata signature) external;

    /// @notice What a carried grant is worth now.
    /// @param signature The grantor's, of the grant (EIP-712 or ERC-1271).
    function standing(Grant calldata grant, bytes calldata signature) external view returns (Standing);

    /// @notice The epoch that a grant has to name to be worth anything; zero until all were revoked once.
    function epochOf(address grantor) external view returns (uint64);

    /// @notice Whether one grant was taken back by {revoke}.
    function revoked(address grantor, bytes32 grantHash) external view returns (bool);

    /// @notice What is signed for a grant (EIP-712), and what it is called on chain.
    function hashGrant(Grant calldata grant) external view returns (bytes32 grantHash);
}
