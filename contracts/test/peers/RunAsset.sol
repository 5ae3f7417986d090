// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC721A} from "erc721a/contracts/ERC721A.sol";

/// @notice ERC-721A as it is: tokens are numbered, and a run of them has one owner slot.
contract RunAsset is ERC721A {
    constructor() ERC721A("peer", "PEER") {}

    function mint(uint256 quantity) external {
        _mint(msg.sender, quantity);
    }
}
