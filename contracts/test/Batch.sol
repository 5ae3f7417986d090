// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Merkle trees over leaves, built from the text of the rule and not with the code under test: a leaf is what it
/// is told, a node the keccak256 of its two children, the smaller first, and one left over goes up as it is.
library Batch {
    /// @dev A leaf: keccak256(keccak256(token ID ‖ parent)).
    function leaf(uint256 tokenId, bytes32 parent) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(bytes.concat(bytes32(tokenId), parent))));
    }

    function root(bytes32[] memory level) internal pure returns (bytes32) {
        while (level.length > 1) {
            level = above(level);
        }
        return level[0];
    }

    function proof(bytes32[] memory level, uint256 index) internal pure returns (bytes32[] memory siblings) {
        while (level.length > 1) {
            if ((index ^ 1) < level.length) siblings = longer(siblings, level[index ^ 1]);
            level = above(level);
            index /= 2;
        }
    }

    function node(bytes32 a, bytes32 b) internal pure returns (bytes32) {
        return a < b ? keccak256(bytes.concat(a, b)) : keccak256(bytes.concat(b, a));
    }

    function above(bytes32[] memory level) private pure returns (bytes32[] memory up) {
        up = new bytes32[]((level.length + 1) / 2);
        for (uint256 i = 0; i < up.length; ++i) {
            up[i] = 2 * i + 1 < level.length ? node(level[2 * i], level[2 * i + 1]) : level[2 * i];
        }
    }

    function longer(bytes32[] memory list, bytes32 last) private pure returns (bytes32[] memory more) {
        more = new bytes32[](list.length + 1);
        for (uint256 i = 0; i < list.length; ++i) {
            more[i] = list[i];
        }
        more[list.length] = last;
    }
}
