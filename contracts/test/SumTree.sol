// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Step} from "../src/ITill.sol";

/// @notice A leaf of a patients' tree.
struct Weight {
    address account;
    uint256 weight;
    bytes32 salt;
}

/// @notice Builds patients' trees as software would: a node that has no sibling goes up as it is.
library SumTree {
    function leafOf(Weight memory w) internal pure returns (bytes32) {
        return keccak256(abi.encode(w.account, w.weight, w.salt));
    }

    function join(Step memory a, Step memory b) internal pure returns (Step memory) {
        if (a.hash > b.hash) (a, b) = (b, a);
        return Step(keccak256(abi.encode(a.hash, a.sum, b.hash, b.sum)), a.sum + b.sum);
    }

    function root(Weight[] memory list) internal pure returns (Step memory) {
        Step[] memory level = leaves(list);
        while (level.length > 1) level = up(level);
        return level[0];
    }

    function proof(Weight[] memory list, uint256 i) internal pure returns (Step[] memory steps) {
        Step[] memory level = leaves(list);
        Step[] memory found = new Step[](64);
        uint256 n = 0;
        while (level.length > 1) {
            if (i ^ 1 < level.length) found[n++] = level[i ^ 1];
            (level, i) = (up(level), i / 2);
        }
        steps = new Step[](n);
        for (uint256 k = 0; k < n; ++k) {
            steps[k] = found[k];
        }
    }

    function leaves(Weight[] memory list) private pure returns (Step[] memory level) {
        level = new Step[](list.length);
        for (uint256 i = 0; i < list.length; ++i) {
            level[i] = Step(leafOf(list[i]), list[i].weight);
        }
    }

    function up(Step[] memory level) private pure returns (Step[] memory next) {
        next = new Step[]((level.length + 1) / 2);
        for (uint256 i = 0; i < level.length; i += 2) {
            next[i / 2] = i + 1 < level.length ? join(level[i], level[i + 1]) : level[i];
        }
    }
}
