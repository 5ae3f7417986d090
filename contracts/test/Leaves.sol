// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Who earned what.
struct Leaf {
    uint256 index;
    address account;
    uint96 amount;
}

/// @notice The Merkle tree of a list, from the text of its rule: leaves hashed twice, pairs sorted, a lone node goes up.
library Leaves {
    function hash(Leaf memory l) internal pure returns (bytes32) {
        return keccak256(abi.encode(keccak256(abi.encode(l.index, l.account, uint256(l.amount)))));
    }

    function root(Leaf[] memory list) internal pure returns (bytes32) {
        bytes32[] memory row = _row(list);
        while (row.length > 1) row = _up(row);
        return row[0];
    }

    function proof(Leaf[] memory list, uint256 which) internal pure returns (bytes32[] memory path) {
        bytes32[] memory row = _row(list);
        bytes32[] memory found = new bytes32[](256);
        uint256 n;
        while (row.length > 1) {
            uint256 beside = which ^ 1;
            if (beside < row.length) found[n++] = row[beside];
            (row, which) = (_up(row), which / 2);
        }
        path = new bytes32[](n);
        for (uint256 i = 0; i < n; ++i) {
            path[i] = found[i];
        }
    }

    function total(Leaf[] memory list) internal pure returns (uint96 sum) {
        for (uint256 i = 0; i < list.length; ++i) {
            sum += list[i].amount;
        }
    }

    function _row(Leaf[] memory list) private pure returns (bytes32[] memory row) {
        row = new bytes32[](list.length);
        for (uint256 i = 0; i < list.length; ++i) {
            row[i] = hash(list[i]);
        }
    }

    function _up(bytes32[] memory row) private pure returns (bytes32[] memory next) {
        next = new bytes32[]((row.length + 1) / 2);
        for (uint256 i = 0; i < next.length; ++i) {
            bytes32 a = row[2 * i];
            if (2 * i + 1 == row.length) {
                next[i] = a;
                continue;
            }
            bytes32 b = row[2 * i + 1];
            next[i] = a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
        }
    }
}
