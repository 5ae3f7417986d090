// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC721URIStorage} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721URIStorage.sol";
import {ERC2981} from "@openzeppelin/contracts/token/common/ERC2981.sol";

/// @notice The usual way: OpenZeppelin's ERC-721 that stores a URI and, by ERC-2981, a royalty for each token.
contract StoredAsset is ERC721URIStorage, ERC2981 {
    constructor() ERC721("peer", "PEER") {}

    function mint(uint256 tokenId, string calldata uri, address receiver, uint96 bps) external {
        _mint(msg.sender, tokenId);
        _setTokenURI(tokenId, uri);
        _setTokenRoyalty(tokenId, receiver, bps);
    }

    function supportsInterface(bytes4 id) public view override(ERC721URIStorage, ERC2981) returns (bool) {
        return super.supportsInterface(id);
    }
}
