// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title Signatures
/// @notice Checks signatures of accounts and of contracts (ERC-1271).
/// @dev Invariant: the zero address has signed nothing. An account with delegated code (EIP-7702) still signs by its
/// key: the key is asked first, the code only if the key did not sign.
library Signatures {
    /// @notice Whether `signer` signed `digest`.
    /// @param signature 65 bytes r ‖ s ‖ v with low s (EIP-2), or whatever the contract `signer` understands.
    function signed(address signer, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        (address recovered, ECDSA.RecoverError failure,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (failure == ECDSA.RecoverError.NoError && recovered == signer) return true;
        if (signer.code.length == 0) return false;
        // A contract that reverts, answers short or answers anything else has not signed.
        (bool ok, bytes memory answer) = signer.staticcall(abi.encodeCall(IERC1271.isValidSignature, (digest, signature)));
        return ok && answer.length >= 32 && bytes32(answer) == bytes32(IERC1271.isValidSignature.selector);
    }
}
