// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {Domain} from "./Domain.sol";
import {IERC5192} from "./IERC5192.sol";
import {IIdentity} from "./IIdentity.sol";
import {Metadata} from "./Metadata.sol";
import {Signatures} from "./Signatures.sol";

/// @title Identity
/// @notice One token per person, which cannot move (ERC-721, ERC-5192). It says that an address entered, nothing else.
/// @dev Invariants:
/// - an owner has at most one token, and keeps it for ever;
/// - no token exists whose owner did not sign for it;
/// - nobody but its owner is ever approved for a token, because nobody can be.
/// A balance is 0 or 1 and follows from the token's existence, so it takes no storage.
contract Identity is IIdentity, IERC721Metadata, IERC5192, Domain {
    bytes32 private constant ENTRY_TYPEHASH = keccak256("Entry(address owner)");
    bytes32 private constant TOKEN_DOMAIN = keccak256("sinso/identity/v1");

    mapping(uint256 tokenId => address owner) private _owners;

    /// @inheritdoc IIdentity
    function enter(address owner, bytes calldata signature) external returns (uint256 tokenId) {
        tokenId = tokenOf(owner);
        if (_owners[tokenId] != address(0)) revert AlreadyEntered(owner);
        bytes32 digest = _digest(keccak256(abi.encode(ENTRY_TYPEHASH, owner)));
        if (!Signatures.signed(owner, digest, signature)) revert BadSignature(owner);
        _owners[tokenId] = owner;
        emit Transfer(address(0), owner, tokenId);
        emit Locked(tokenId);
    }

    /// @inheritdoc IERC5192
    function locked(uint256 tokenId) external view returns (bool) {
        _ownerOf(tokenId);
        return true;
    }

    /// @inheritdoc IERC721
    function ownerOf(uint256 tokenId) external view returns (address) {
        return _ownerOf(tokenId);
    }

    /// @inheritdoc IERC721
    function balanceOf(address owner) external view returns (uint256) {
        if (owner == address(0)) revert ZeroAddress();
        return _owners[tokenOf(owner)] == address(0) ? 0 : 1;
    }

    /// @inheritdoc IERC721
    function getApproved(uint256 tokenId) external view returns (address) {
        _ownerOf(tokenId);
        return address(0);
    }

    /// @inheritdoc IERC721Metadata
    function tokenURI(uint256 tokenId) external view returns (string memory) {
        _ownerOf(tokenId);
        return Metadata.uri("SINSO identity", "One person's identity token. It cannot move and says nothing about the person.", tokenId);
    }

    /// @inheritdoc IERC721
    function isApprovedForAll(address, address) external pure returns (bool) {
        return false;
    }

    /// @inheritdoc IERC721
    function approve(address, uint256) external pure {
        revert Soulbound();
    }

    /// @inheritdoc IERC721
    function setApprovalForAll(address, bool) external pure {
        revert Soulbound();
    }

    /// @inheritdoc IERC721
    function transferFrom(address, address, uint256) external pure {
        revert Soulbound();
    }

    /// @inheritdoc IERC721
    function safeTransferFrom(address, address, uint256) external pure {
        revert Soulbound();
    }

    /// @inheritdoc IERC721
    function safeTransferFrom(address, address, uint256, bytes calldata) external pure {
        revert Soulbound();
    }

    /// @inheritdoc IERC721Metadata
    function name() external pure returns (string memory) {
        return "SINSO identity";
    }

    /// @inheritdoc IERC721Metadata
    function symbol() external pure returns (string memory) {
        return "SINSO-ID";
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IERC165).interfaceId || interfaceId == type(IERC721).interfaceId
            || interfaceId == type(IERC721Metadata).interfaceId || interfaceId == type(IERC5192).interfaceId;
    }

    /// @inheritdoc IIdentity
    function tokenOf(address owner) public pure returns (uint256) {
        return uint256(keccak256(abi.encode(TOKEN_DOMAIN, owner)));
    }

    /// @dev The owner, or a revert: ERC-721 has no token of the zero address.
    function _ownerOf(uint256 tokenId) private view returns (address owner) {
        owner = _owners[tokenId];
        if (owner == address(0)) revert NoSuchToken(tokenId);
    }
}
