// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Domain} from "./Domain.sol";
import {Grant, IConsent, Standing} from "./IConsent.sol";
import {Signatures} from "./Signatures.sol";

/// @title Consent
/// @notice Tells what a signed grant is worth, and takes it back. Grants are carried by whom they allow something; only what
/// is taken back is on the chain.
/// @dev Invariants:
/// - a grant that was revoked is never Open again, by nobody's doing;
/// - only the grantor revokes, itself or by its signature, and nobody can hinder, delay or pause it;
/// - an epoch never falls, and cannot be told before it begins: no grant can be signed to outlive a revocation to come;
/// - there is no owner, no upgrade and no pause.
contract Consent is IConsent, Domain {
    bytes32 private constant GRANT_TYPEHASH = keccak256(
        "Grant(address grantor,address grantee,bytes32 scope,bytes32 purpose,uint64 from,uint64 until,uint64 epoch,bytes32 salt)"
    );
    bytes32 private constant REVOCATION_TYPEHASH = keccak256("Revocation(bytes32 grantHash)");
    bytes32 private constant REVOKE_ALL_TYPEHASH = keccak256("RevokeAll(address grantor,uint64 epoch)");

    mapping(address grantor => uint64 epoch) private _epochs;
    mapping(address grantor => mapping(bytes32 grantHash => bool revoked)) private _revoked;

    /// @inheritdoc IConsent
    function revoke(bytes32 grantHash) external {
        _revoke(msg.sender, grantHash);
    }

    /// @inheritdoc IConsent
    function revokeFor(address grantor, bytes32 grantHash, bytes calldata signature) external {
        _checkSigned(grantor, keccak256(abi.encode(REVOCATION_TYPEHASH, grantHash)), signature);
        _revoke(grantor, grantHash);
    }

    /// @inheritdoc IConsent
    function revokeAll() external {
        _revokeAll(msg.sender, _epochs[msg.sender]);
    }

    /// @inheritdoc IConsent
    function revokeAllFor(address grantor, uint64 epoch, bytes calldata signature) external {
        if (epoch != _epochs[grantor]) revert WrongEpoch(epoch);
        _checkSigned(grantor, keccak256(abi.encode(REVOKE_ALL_TYPEHASH, grantor, epoch)), signature);
        _revokeAll(grantor, epoch);
    }

    /// @inheritdoc IConsent
    function standing(Grant calldata grant, bytes calldata signature) external view returns (Standing) {
        bytes32 grantHash = hashGrant(grant);
        if (!Signatures.signed(grant.grantor, grantHash, signature)) return Standing.NotSigned;
        if (grant.epoch != _epochs[grant.grantor] || _revoked[grant.grantor][grantHash]) return Standing.Revoked;
        if (block.timestamp < grant.from) return Standing.NotYet;
        return block.timestamp > grant.until ? Standing.Over : Standing.Open;
    }

    /// @inheritdoc IConsent
    function epochOf(address grantor) external view returns (uint64) {
        return _epochs[grantor];
    }

    /// @inheritdoc IConsent
    function revoked(address grantor, bytes32 grantHash) external view returns (bool) {
        return _revoked[grantor][grantHash];
    }

    /// @inheritdoc IConsent
    function hashGrant(Grant calldata grant) public view returns (bytes32) {
        // Every field is static, so the struct is its own EIP-712 encoding.
        return _digest(keccak256(abi.encode(GRANT_TYPEHASH, grant)));
    }

    function _revoke(address grantor, bytes32 grantHash) private {
        _revoked[grantor][grantHash] = true;
        emit Revoked(grantor, grantHash);
    }

    /// @dev The next epoch is the time with 24 random bits behind it, and always more than the last.
    function _revokeAll(address grantor, uint64 last) private {
        uint64 next = uint64(block.timestamp << 24 | block.prevrandao & 0xffffff);
        if (next <= last) next = last + 1;
        _epochs[grantor] = next;
        emit AllRevoked(grantor, next);
    }

    function _checkSigned(address grantor, bytes32 structHash, bytes calldata signature) private view {
        if (!Signatures.signed(grantor, _digest(structHash), signature)) revert BadSignature(grantor);
    }
}
