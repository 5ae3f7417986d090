// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAssets, Share} from "./IAssets.sol";

/// @title Splits
/// @notice What a split is, what it hashes to, and how an amount is cut by it.
/// @dev Invariant: the parts of any amount add up to that amount, to the wei.
library Splits {
    /// @dev The whole in basis points.
    uint256 internal constant WHOLE_BPS = 10_000;
    /// @dev Part of a resale, or of a sale by a later owner, that goes to the split (ERC-2981): 10 %.
    uint256 internal constant ROYALTY_BPS = 1_000;
    /// @dev Bounds the gas of a payout: a split that cannot be paid would lock money.
    uint256 internal constant MAX_SHARES = 64;

    bytes32 private constant TOKEN_DOMAIN = keccak256("sinso/asset/v1");

    /// @notice Reverts unless the split has 1 to 64 payees, none zero, none twice, each with a share, 10,000 bps in all.
    /// @dev The first payee is the creator and the rest have their own order (roles), so payees are not sorted: each is
    /// compared with all before it. That is at most 2,016 comparisons, less than the signatures that come with them.
    function check(Share[] calldata split) internal pure {
        uint256 n = split.length;
        if (n == 0 || n > MAX_SHARES) revert IAssets.BadSplit();
        uint256 sum = 0;
        for (uint256 i = 0; i < n; ++i) {
            address payee = split[i].payee;
            uint256 bps = split[i].bps;
            if (payee == address(0) || bps == 0) revert IAssets.BadSplit();
            for (uint256 j = 0; j < i; ++j) {
                if (split[j].payee == payee) revert IAssets.BadSplit();
            }
            sum += bps;
        }
        if (sum != WHOLE_BPS) revert IAssets.BadSplit();
    }

    /// @notice keccak256(abi.encode(split)). A share with dirty bits is another's: no token has a split with one, for {check}
    /// reads every share as its type.
    function hash(Share[] calldata split) internal pure returns (bytes32 hashed) {
        // Where the list begins, its length, and its shares as they came; above what is in use of the memory.
        assembly ("memory-safe") {
            let at := mload(0x40)
            let size := shl(6, split.length)
            mstore(at, 32)
            mstore(add(at, 32), split.length)
            calldatacopy(add(at, 64), split.offset, size)
            hashed := keccak256(at, add(size, 64))
        }
    }

    /// @notice The token ID of an asset. The split must not be empty.
    function tokenOf(bytes32 contentCommitment, Share[] calldata split) internal pure returns (uint256) {
        return tokenOf(contentCommitment, split[0].payee, hash(split));
    }

    /// @notice The token ID of an asset whose split hash is known.
    function tokenOf(bytes32 contentCommitment, address creator, bytes32 splitHash)
        internal
        pure
        returns (uint256 tokenId)
    {
        bytes32 domain = TOKEN_DOMAIN;
        // What abi.encode writes, above what is in use of the memory: each mint comes by here.
        assembly ("memory-safe") {
            let at := mload(0x40)
            mstore(at, domain)
            mstore(add(at, 32), creator)
            mstore(add(at, 64), contentCommitment)
            mstore(add(at, 96), splitHash)
            tokenId := keccak256(at, 128)
        }
    }

    /// @notice The token ID of an asset whose creator is the only payee.
    function tokenOfSingle(bytes32 contentCommitment, address creator) internal pure returns (uint256 tokenId) {
        uint256 whole = WHOLE_BPS;
        bytes32 domain = TOKEN_DOMAIN;
        // What abi.encode writes of the split: where the list begins, its length, its only share; then as {tokenOf}. All in the
        // lowest four words, of which the last two are put back.
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(0, 32)
            mstore(32, 1)
            mstore(64, creator)
            mstore(96, whole)
            mstore(96, keccak256(0, 128))
            mstore(0, domain)
            mstore(32, creator)
            mstore(64, contentCommitment)
            tokenId := keccak256(0, 128)
            mstore(0x40, free)
            mstore(0x60, 0)
        }
    }

    /// @notice floor(amount · bps / 10,000), for any amount: the product is never formed. `bps` is at most 10,000.
    function portion(uint256 amount, uint256 bps) internal pure returns (uint256) {
        // No more than the amount.
        unchecked {
            return amount / WHOLE_BPS * bps + amount % WHOLE_BPS * bps / WHOLE_BPS;
        }
    }

    /// @notice What each payee gets of `amount`: the floor of its share, and the first payee the rest. The split is whole.
    function cut(uint256 amount, Share[] calldata split) internal pure returns (uint256[] memory parts) {
        uint256 n = split.length;
        parts = new uint256[](n);
        parts[0] = rest(amount, split);
        for (uint256 i = 1; i < n; ++i) {
            parts[i] = portion(amount, split[i].bps);
        }
    }

    /// @notice What the first payee gets of `amount`: all but the portions of the others. The split is whole.
    function rest(uint256 amount, Share[] calldata split) internal pure returns (uint256 left) {
        left = amount;
        // The portions are no more than the amount, for their bps are no more than 10,000 together.
        unchecked {
            for (uint256 i = 1; i < split.length; ++i) {
                left -= portion(amount, split[i].bps);
            }
        }
    }
}
