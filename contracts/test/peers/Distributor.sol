// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";

/// @notice The plainest distributor of one list that OpenZeppelin's parts make: it trusts its root.
contract Distributor {
    using BitMaps for BitMaps.BitMap;
    using SafeERC20 for IERC20;

    event Claimed(uint256 index, address account, uint256 amount);

    IERC20 private immutable TOKEN;
    bytes32 private immutable ROOT;
    BitMaps.BitMap private _claimed;

    constructor(IERC20 token, bytes32 root) {
        TOKEN = token;
        ROOT = root;
    }

    function claim(uint256 index, address account, uint256 amount, bytes32[] calldata proof) external {
        require(!_claimed.get(index), "claimed");
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(index, account, amount))));
        require(MerkleProof.verifyCalldata(proof, ROOT, leaf), "proof");
        _claimed.set(index);
        emit Claimed(index, account, amount);
        TOKEN.safeTransfer(account, amount);
    }
}
