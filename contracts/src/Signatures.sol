// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @title Signatures
/// @notice Checks signatures of accounts and of contracts (ERC-1271).
/// @dev Invariant: the zero address has signed nothing. An account with delegated code (EIP-7702) still signs by its
/// key: the key is asked first, the code only if the key did not sign.
library Signatures {
    /// @dev Half of the order of secp256k1: of s and order - s, which sign the same, the lower one is the signature (EIP-2).
    uint256 private constant MOST_S = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;

    /// @notice Whether `signer` signed `digest`.
    /// @param signature 65 bytes r ‖ s ‖ v with low s (EIP-2), or whatever the contract `signer` understands.
    function signed(address signer, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        if (signer == address(0)) return false;
        if (signature.length == 65 && _recovered(digest, signature) == signer) return true;
        if (signer.code.length == 0) return false;
        // A contract that reverts, answers short or answers anything else has not signed.
        (bool ok, bytes memory answer) = signer.staticcall(abi.encodeCall(IERC1271.isValidSignature, (digest, signature)));
        return ok && answer.length >= 32 && bytes32(answer) == bytes32(IERC1271.isValidSignature.selector);
    }

    /// @dev Whose key made these 65 bytes, by the precompile at 1; zero if nobody's did.
    function _recovered(bytes32 digest, bytes calldata signature) private view returns (address recovered) {
        assembly ("memory-safe") {
            let at := mload(0x40) // digest, v, r, s, a word each
            mstore(at, digest)
            mstore(add(at, 32), byte(0, calldataload(add(signature.offset, 64))))
            calldatacopy(add(at, 64), signature.offset, 64)
            mstore(0, 0) // what stays if it answers nothing
            if iszero(gt(mload(add(at, 96)), MOST_S)) { pop(staticcall(gas(), 1, at, 128, 0, 32)) }
            recovered := mload(0)
        }
    }
}
